package main

import (
	"bufio"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio/signal"
)

const (
	latencyFrames = 4        // of a short press; it counts at the second
	latencyZones  = 30       // one may be tripped again after 10 s
	latencyCode   = 0x300001 // of the first zone
	disarmButtons = 6        // one may be pressed again after 1.5 s
	disarmCode    = 0x2F0001 // of the first
	// frameTime is how long a frame of 24 bits of 4 TE and a sync of 32 TE takes.
	frameTime = (24*4 + 32) * signal.DefaultTE
)

// instants notes when things happened first after they were asked for.
type instants struct {
	mu   sync.Mutex
	seen map[string]time.Time
}

func (i *instants) note(what string, at time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if _, before := i.seen[what]; !before && i.seen != nil {
		i.seen[what] = at
	}
}

func (i *instants) forget() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.seen = map[string]time.Time{}
}

func (i *instants) of(what string) (time.Time, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	at, ok := i.seen[what]
	return at, ok
}

// latencyHouse is a household with a stopwatch.
type latencyHouse struct {
	*liveHouse
	instants
	tail   []byte // of what the panel said to the modem last
	random *mathrand.Rand
}

func newLatencyHouse(t *testing.T, like, more string) *latencyHouse {
	h := &latencyHouse{liveHouse: newLiveHouse(t, like, more), random: mathrand.New(mathrand.NewPCG(1, 433))}
	siren := h.fifo("siren")
	go func() { // until the pipe is closed
		for lines := bufio.NewScanner(siren); lines.Scan(); {
			h.note("siren "+lines.Text(), time.Now())
		}
	}()
	h.wire = func(at time.Time, b []byte) {
		h.tail = append(h.tail, b...)
		if strings.Contains(string(h.tail), "AT+CMGS") {
			h.note("text", at)
		}
		h.tail = h.tail[max(0, len(h.tail)-len("AT+CMG")):]
	}
	h.start("--radio", "rtl_433", "--siren", "exec:sounds() { echo \"$1\" >'"+siren.Name()+"'; }; sounds")
	h.listening()
	return h
}

// sample is what came of one press, since the last sample of its last frame was
// handed to rtl_433.
type sample struct{ line, siren, text, off time.Duration }

// measure has a zone tripped and the alarm disarmed by a fob, on the air both.
func (h *latencyHouse) measure(n int) (s sample) {
	h.Helper()
	from, cancelled := h.entriesSoFar(), len(h.texts("CANCEL"))
	h.forget()
	over := h.transmit(signal.Press{Code: latencyCode + uint32(n%latencyZones), Frames: latencyFrames})
	h.until("the siren sounds and a text goes out", func() bool {
		siren, ok := h.of("siren on")
		text, ok2 := h.of("text")
		s.siren, s.text = siren.Sub(over), text.Sub(over)
		return ok && ok2
	})
	s.line = h.secondLine(latencyCode + uint32(n%latencyZones)).Sub(over)
	h.untilAlarm(from, latencyZone(n))
	h.until("the text has come", func() bool { return len(h.texts("BURGLARY")) > n })
	h.pause()
	h.forget()
	over = h.transmit(signal.Press{Code: disarmCode + uint32(n%disarmButtons), Frames: latencyFrames})
	h.until("the siren is silent", func() bool {
		siren, ok := h.of("siren off")
		s.off = siren.Sub(over)
		return ok
	})
	h.untilEntry(from, "the disarm", func(e panel.Entry) bool { return e.Event == "disarmed" })
	h.until("Anna has been told", func() bool { return len(h.texts("CANCEL")) > cancelled })
	return s
}

// pause lets the next press begin anywhere in a block of samples.
func (h *latencyHouse) pause() {
	time.Sleep(time.Duration(h.random.Int64N(int64(600 * time.Millisecond))))
}

func latencyZone(n int) string { return fmt.Sprintf("Door %d", n%latencyZones) }

// secondLine is when rtl_433 printed the second frame of a code: the one that
// makes it a press.
func (h *latencyHouse) secondLine(code uint32) time.Time {
	h.Helper()
	for frames := 0; ; {
		select {
		case line := <-h.printed:
			if strings.Contains(line.text, fmt.Sprintf("%06x0", code)) {
				frames++
			}
			if frames == 2 {
				return line.at
			}
		case <-time.After(mostWait):
			h.Fatal("rtl_433 has not printed two frames")
		}
	}
}

// latencyRun is how rtl_433 takes its samples.
type latencyRun struct{ name, more string }

// TestRadioLatency measures how long it takes from the end of a press on the air
// until the siren's command runs and the first text goes to the modem.
// GSMPANEL_LATENCY=1 measures 50 presses, also with rtl_433's own size of blocks.
func TestRadioLatency(t *testing.T) {
	t.Parallel()
	needRTL433(t)
	fob := []string{"remote", "add", "Fob", "--contact", "Anna"}
	for n := range disarmButtons {
		fob = append(fob, "--button", id(disarmCode+uint32(n))+"=disarm")
	}
	commands := [][]string{{"settings", "set", "chirp", "false"}, fob}
	samples, runs := 5, []latencyRun{{"the daemon's decoder list", ""}}
	if os.Getenv("GSMPANEL_LATENCY") != "" {
		samples, runs = 50, append(runs, latencyRun{"blocks of 262144 bytes", "-b 262144"}, latencyRun{"blocks of 32768 bytes", "-b 32768"})
	}
	for n := range min(samples, latencyZones) {
		commands = append(commands, []string{"zone", "add", latencyZone(n), "--type", "24h", "--sensor", id(latencyCode + uint32(n))})
	}
	like := furnishAir(t, commands...)
	for _, run := range runs {
		t.Run(run.name, func(t *testing.T) {
			h := newLatencyHouse(t, like, run.more)
			var all []sample
			for n := range samples {
				h.pause()
				all = append(all, h.measure(n))
			}
			h.stop()
			t.Logf("%d presses of %d frames of %s%s", samples, latencyFrames, frameTime, latencyTable(all))
		})
	}
}

// latencyTable also has the times from the second frame on, of which a press is.
func latencyTable(all []sample) string {
	const second = (latencyFrames - 2) * frameTime
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-44s %7s %7s %7s %7s", "ms", "min", "median", "p90", "max")
	for _, row := range []struct {
		name string
		of   func(sample) time.Duration
	}{
		{"last frame's end to siren command", func(s sample) time.Duration { return s.siren }},
		{"last frame's end to AT+CMGS", func(s sample) time.Duration { return s.text }},
		{"last frame's end to siren off, by fob", func(s sample) time.Duration { return s.off }},
		{"second frame's end to its line of rtl_433", func(s sample) time.Duration { return s.line + second }},
		{"second frame's end to siren command", func(s sample) time.Duration { return s.siren + second }},
		{"that line to siren command", func(s sample) time.Duration { return s.siren - s.line }},
		{"that line to AT+CMGS", func(s sample) time.Duration { return s.text - s.line }},
	} {
		var d []time.Duration
		for _, s := range all {
			d = append(d, row.of(s))
		}
		slices.Sort(d)
		fmt.Fprintf(&b, "\n%-44s", row.name)
		for _, at := range []int{0, len(d) / 2, len(d) * 9 / 10, len(d) - 1} {
			fmt.Fprintf(&b, " %7.1f", float64(d[at].Microseconds())/1000)
		}
	}
	return b.String()
}
