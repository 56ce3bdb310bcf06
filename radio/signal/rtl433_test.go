package signal_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/radio/receiver"
	"github.com/gsmpanel/gsmpanel/radio/signal"
)

// everything says whether to try all combinations and more draws.
func everything() bool { return os.Getenv("GSMPANEL_SIGNALS") != "" }

// needRTL433 skips a test where rtl_433 is not installed; in CI it must be.
func needRTL433(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("rtl_433"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("rtl_433 is not installed: ", err)
		}
		t.Skip("rtl_433 is not installed: ", err)
	}
}

// decoderList writes the configuration that a panel gives rtl_433.
func decoderList(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rtl_433.conf")
	if err := os.WriteFile(file, []byte(receiver.Conf), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// heard is what came out of one signal.
type heard struct {
	lines    int            // frames that radio.Parse took
	packages int            // times at which they came
	codes    map[string]int // frames of each
	pressed  []string       // by radio.Step, in this order
	garbage  []string       // lines that radio.Parse did not take
	printed  []printed      // all lines
	state    radio.State
	last     int64 // tick of the last frame, ms from the start of the scene
}

// tape is many scenes one after the other, as one receiver hears them in one
// evening: with a file for each, rtl_433 would take the silence that it puts
// after every file for the noise.
type tape struct {
	whole  signal.Scene
	names  []string
	starts []time.Duration
}

const (
	lead  = 3 * time.Second        // before the first scene: rtl_433 measures the noise
	pause = 500 * time.Millisecond // after each scene
	most  = 2 * time.Minute        // of one tape
)

// tapes puts the scenes on tapes, each of one level of noise.
func tapes(scenes map[string]signal.Scene) (all []*tape) {
	last := map[float64]*tape{}
	for _, name := range slices.Sorted(maps.Keys(scenes)) {
		s := scenes[name]
		on := last[s.Noise]
		if on == nil || on.whole.Length > most {
			on = &tape{whole: signal.Scene{Noise: s.Noise, Seed: seed, Length: lead}}
			last[s.Noise], all = on, append(all, on)
		}
		on.add(name, s)
	}
	return all
}

func (on *tape) add(name string, s signal.Scene) {
	start := on.whole.Length
	on.names, on.starts = append(on.names, name), append(on.starts, start)
	end := s.Length
	for _, b := range s.Bursts {
		end = max(end, b.Length())
		b.Delay += start
		on.whole.Bursts = append(on.whole.Bursts, b)
	}
	on.whole.Length += end + pause
}

// play gives what rtl_433 prints of the tape.
func (on *tape) play(t *testing.T) []byte {
	t.Helper()
	samples, err := on.whole.Samples()
	if err != nil {
		t.Fatalf("%v in one of %q", err, on.names)
	}
	path, err := signal.WriteFile(t.TempDir(), "tape", samples)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("rtl_433", "-c", decoderList(t), "-M", "time:rel", "-r", path)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	if err := os.Remove(path); err != nil {
		t.Error(err)
	}
	return out
}

// printed is a line of rtl_433 with a model.
type printed struct {
	text []byte
	tick int64 // ms from the start of its scene
}

// lines plays the scenes to rtl_433 and gives what it printed of each by its name.
func lines(t *testing.T, scenes map[string]signal.Scene) map[string][]printed {
	t.Helper()
	all := map[string][]printed{}
	for _, on := range tapes(scenes) {
		for line := range bytes.Lines(on.play(t)) {
			var l struct{ Time, Model string }
			if err := json.Unmarshal(line, &l); err != nil {
				t.Fatalf("%v in %s", err, line)
			}
			if l.Model == "" {
				continue // statistics
			}
			at := timeOf(t, l.Time)
			i := sort.Search(len(on.starts), func(i int) bool { return on.starts[i] > at }) - 1
			if i < 0 {
				t.Fatalf("before the first signal: %s", line)
			}
			all[on.names[i]] = append(all[on.names[i]], printed{bytes.TrimSpace(line), (at - on.starts[i]).Milliseconds()})
		}
	}
	return all
}

// through plays the scenes to rtl_433 and gives what was heard of each by its name.
func through(t *testing.T, scenes map[string]signal.Scene) map[string]*heard {
	t.Helper()
	all := map[string]*heard{}
	said := lines(t, scenes)
	for name := range scenes {
		all[name] = &heard{codes: map[string]int{}, printed: said[name]}
		for _, p := range said[name] {
			all[name].take(p.text, p.tick)
		}
	}
	return all
}

func (h *heard) take(line []byte, tick int64) {
	f, ok := radio.Parse(line)
	if !ok {
		h.garbage = append(h.garbage, string(line))
		return
	}
	if h.lines++; h.lines == 1 || h.last != tick {
		h.packages++
	}
	h.last = tick
	h.codes[f.ID]++
	var press bool
	if h.state, press = radio.Step(h.state, tick, 0, f); press {
		h.pressed = append(h.pressed, f.ID)
	}
}

// timeOf reads "time" of a replay: seconds from the start of the file, "@0.305092s".
func timeOf(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(strings.TrimPrefix(text, "@"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// scene is a scene of presses that must be possible.
func scene(t *testing.T, presses ...signal.Press) signal.Scene {
	t.Helper()
	s, err := signal.Presses(seed, presses...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
