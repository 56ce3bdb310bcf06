package receiver

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gsmpanel/gsmpanel/radio"
)

// recorded is what must come out of the recordings of the family; of every other
// recording nothing may.
var recorded = map[string]string{
	"chuango/gfile001":       "ev1527:8F69AB", // smoke or water sensor, 13 frames
	"chuango/gfile003":       "ev1527:BB87C7", // door contact, 17 frames
	"sc2260/gfile001_arm":    "ev1527:13CDC0",
	"sc2260/gfile002_disarm": "ev1527:13CD0C",
	"pt2262/gfile002":        "ev1527:755555", // motion sensor
	"made/ev1527_te400":      "ev1527:5A3C91", // 400 µs: the stock decoders hear nothing
	"made/ev1527_cpvan_sos":  "ev1527:44DD08",
	"made/kerui_close":       "ev1527:5A3C97", // 12 frames of one package, all at one time
	"made/kerui_open":        "ev1527:5A3C9E",
	"made/kerui_tamper":      "ev1527:5A3C9B",

	"made/hcs301_b2_ctr0x0010": "hcs:0ABCDE1:2",
	"made/hcs301_b2_ctr0x0011": "hcs:0ABCDE1:2",
	"made/hcs301_b2_ctr0x0012": "hcs:0ABCDE1:2",
	"made/ss_keychain_off":     "simplisafe:1M38R:off",
}

// captures is the folder of recordings named by GSMPANEL_CAPTURES, which also
// makes rtl_433 a must.
func captures(t *testing.T) string {
	dir := os.Getenv("GSMPANEL_CAPTURES")
	if dir == "" {
		t.Skip("GSMPANEL_CAPTURES does not name a folder of recordings")
	}
	if _, err := exec.LookPath("rtl_433"); err != nil {
		t.Fatal("GSMPANEL_CAPTURES is set, but rtl_433 is not installed: ", err)
	}
	return dir
}

func decoderList(t *testing.T, decoders string) string {
	file := filepath.Join(t.TempDir(), "rtl_433.conf")
	if err := os.WriteFile(file, []byte(decoders), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// recordings are the files by their names without frequency and rate.
func recordings(t *testing.T, dir string) map[string]string {
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".cu8") {
			rel, _ := filepath.Rel(dir, path)
			name := strings.TrimSuffix(rel, ".cu8")
			name = name[:strings.LastIndex(name[:strings.LastIndex(name, "_")], "_")]
			found[name] = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestRecordings(t *testing.T) {
	dir := captures(t)
	conf, files := decoderList(t, Conf), recordings(t, dir)
	readme, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for name, id := range recorded {
		if files[name] == "" {
			t.Errorf("there is no recording %s", name)
		}
		code := "0x" + strings.TrimPrefix(id, "ev1527:")
		if !strings.HasPrefix(name, "made/") && !bytes.Contains(readme, []byte(code)) {
			t.Errorf("the README lists no %s for %s", code, name)
		}
	}
	for name, path := range files {
		t.Run(name, func(t *testing.T) {
			var want []string
			if id := recorded[name]; id != "" {
				want = []string{id}
			}
			if got := pressesIn(t, conf, path); !slices.Equal(got, want) {
				t.Errorf("presses %v, want %v", got, want)
			}
		})
	}
}

// reported are what devices that report by themselves say in recordings of them.
var reported = map[string]string{
	"dsc/gfile001":         "dsc:24BDC8 tripped, cover shut, battery good",
	"dsc/gfile005":         "dsc:22CD86 closed, cover shut, battery good",
	"made/il_contact_open": "interlogix:A7106D tripped, cover shut, battery good",
	"made/skylink_alive":   "skylink:1A5A alive",
	"made/skylink_motion":  "skylink:1A5A tripped",
	"made/ss_entry_closed": "simplisafe:1JV7T closed",
	"made/ss_entry_open":   "simplisafe:1JV7T tripped",
}

// Each recording of such a device is one event.
func TestReportsFromRecordings(t *testing.T) {
	dir := captures(t)
	conf := decoderList(t, Conf)
	for name, path := range recordings(t, dir) {
		t.Run(name, func(t *testing.T) {
			var s radio.Statements
			var got []string
			for _, line := range played(t, conf, path) {
				f, _ := radio.Parse(line)
				var news bool
				if s, news = s.Step(tickOf(t, line), 0, f); news {
					got = append(got, f.ID+" "+strings.Join(f.Says.Words(), ", "))
				}
			}
			if all := strings.Join(got, "; "); all != reported[name] {
				t.Errorf("%q, want %q", all, reported[name])
			}
		})
	}
}

// Learning finds in each recording its device, and no other: nothing in them is a
// frame of Honeywell, and but in its own nothing one of Interlogix.
func TestLearningFromRecordings(t *testing.T) {
	dir := captures(t)
	conf := decoderList(t, Conf)
	for name, path := range recordings(t, dir) {
		t.Run(name, func(t *testing.T) {
			want := recorded[name]
			if says := reported[name]; says != "" {
				want, _, _ = strings.Cut(says, " ")
			}
			got := learntFrom(t, conf, path)
			if len(got) != 1 || got[0] != want {
				t.Errorf("found %v, want %s", got, want)
			}
		})
	}
}

// learntFrom says which codes, or families of devices without one, are found.
func learntFrom(t *testing.T, conf, recording string) (found []string) {
	var l radio.Learning
	for _, line := range played(t, conf, recording) {
		if f, ok := radio.Parse(line); ok {
			l, _, _ = l.Step(tickOf(t, line), 0, f)
		}
	}
	for _, f := range l.Findings() {
		found = append(found, cmp.Or(f.ID, f.Family))
		if f.ID != "" && f.Strength() == "" {
			t.Errorf("%s: strength not known", f.ID)
		}
	}
	return found
}

// played are the lines that rtl_433 makes of a recording.
func played(t *testing.T, conf, recording string) [][]byte {
	out, err := exec.Command("rtl_433", "-c", conf, "-M", "time:rel", "-r", recording).Output()
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Split(bytes.TrimSpace(out), []byte("\n"))
}

// pressesIn plays a recording and returns the codes that were pressed, by the
// recording's own time.
func pressesIn(t *testing.T, conf, recording string) (pressed []string) {
	var s radio.State
	for _, line := range played(t, conf, recording) {
		f, ok := radio.Parse(line)
		if !ok {
			continue
		}
		var press bool
		if s, press = radio.Step(s, tickOf(t, line), 0, f); press {
			pressed = append(pressed, f.ID)
		}
	}
	return pressed
}

// tickOf reads "time" of a replay: seconds from the start of the file, "@0.305092s".
func tickOf(t *testing.T, line []byte) int64 {
	var l struct{ Time string }
	if err := json.Unmarshal(line, &l); err != nil {
		t.Fatal(err)
	}
	seconds, err := strconv.ParseFloat(strings.Trim(l.Time, "@s"), 64)
	if err != nil {
		t.Fatal(err)
	}
	return int64(seconds * 1000)
}

// The same by the way that a panel runs it.
func TestRecordingThroughTheReceiver(t *testing.T) {
	dir := captures(t)
	r := play(t, quick, Options{
		Command: `rtl_433 -c "$RTL_433_CONF" -r "$FILE"; exec sleep 60`,
		Env:     []string{"RTL_433_CONF=" + decoderList(t, Conf), "FILE=" + recordings(t, dir)["sc2260/gfile001_arm"]},
	})
	r.until("4 frames", func(frames []radio.Frame, s Status) bool { return s.Up && len(frames) == 4 })
	frames, _ := r.seen()
	var s radio.State
	var pressed []string
	for _, f := range frames {
		var press bool
		if s, press = radio.Step(s, 0, 0, f); press {
			pressed = append(pressed, f.ID)
		}
	}
	if !slices.Equal(pressed, []string{"ev1527:13CDC0"}) {
		t.Errorf("presses %v", pressed)
	}
}
