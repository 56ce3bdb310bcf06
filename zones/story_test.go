package zones

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the stories in testdata as they run now")

// storyStart is the tick at which every story begins; its times are relative.
const storyStart = 1_000_000

// house is the one that all stories live in.
func house() Config {
	c := DefaultConfig()
	c.Zones = []Zone{
		{Number: 1, Name: "Front door", Type: Entry, Sensor: "ev1527:000101", Close: "ev1527:000102", Tamper: "ev1527:000103"},
		{Number: 2, Name: "Kitchen window", Type: Perimeter, Sensor: "ev1527:000201", Close: "ev1527:000202", Tamper: "ev1527:000203"},
		{Number: 3, Name: "Hall motion", Type: Interior, Sensor: "ev1527:000301"},
		{Number: 4, Name: "Cellar water", Type: Always, Sensor: "ev1527:000401", Close: "ev1527:000402"},
		{Number: 5, Name: "Smoke", Type: Fire, Sensor: "ev1527:000501"},
		{Number: 6, Name: "Pendant", Type: Medical, Sensor: "ev1527:000601"},
		{Number: 7, Name: "Bed button", Type: Panic, Sensor: "ev1527:000701"},
		{Number: 8, Name: "Siren box", Type: Tamper, Sensor: "ev1527:000801"},
		{Number: 9, Name: "Garage door", Type: Entry, Sensor: "ev1527:000901"},
		{Number: 10, Name: "Study door", Type: Interior, Sensor: "ev1527:001001", Close: "ev1527:001002"},
		{Number: 11, Name: "Attic window", Type: Perimeter, Sensor: "simplisafe:1M38R"},
		{Number: 12, Name: "Loft hatch", Type: Perimeter, Sensor: "ev1527:001201"},
		{Number: 13, Name: "Heat alarm", Type: Fire, Sensor: "ev1527:001301", Close: "ev1527:001302"},
	}
	return c
}

// TestStories plays the stories in testdata. A line without indent is a time and
// an event, the indented lines below it what comes of it.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.story")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".story"), func(t *testing.T) { playFile(t, file) })
	}
}

func playFile(t *testing.T, file string) {
	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var played strings.Builder
	for _, story := range strings.SplitAfter(string(written), "\n\n") {
		title, _, _ := strings.Cut(story, "\n")
		t.Run(title, func(t *testing.T) {
			got := play(t, story)
			played.WriteString(got)
			if !*update && got != story {
				t.Errorf("written:\n%s\nplayed:\n%s", story, got)
			}
		})
	}
	if *update {
		if err := os.WriteFile(file, []byte(played.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func play(t *testing.T, story string) string {
	t.Helper()
	var out strings.Builder
	c, s := house(), State{}
	for line := range strings.Lines(story) {
		if strings.HasPrefix(line, " ") {
			continue
		}
		out.WriteString(line)
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		if words[0] == "set" {
			c = set(t, c, words[1:])
			continue
		}
		tick := storyStart + millis(t, words[0])
		var effects []Effect
		s, effects = Step(c, s, tick, parseEvent(t, words[1:]))
		for _, e := range effects {
			fmt.Fprintf(&out, "    %s\n", e.describe())
		}
		fmt.Fprintf(&out, "  = %s\n", s.describe(tick))
	}
	return out.String()
}

// set changes the house: "entry-delay 0s", "supervise 3 24h", "pair 3 10".
func set(t *testing.T, c Config, words []string) Config {
	t.Helper()
	value := words[len(words)-1]
	var err error
	switch words[0] {
	case "pair":
		if c, err = c.Pair(words[1], value); err != nil {
			t.Fatal(err)
		}
	case "swinger-trips":
		c.SwingerTrips = numbers(t, words[1:])[0]
	case "cross-zone-window":
		c.CrossWindow = millis(t, value)
	case "supervise":
		d, err := time.ParseDuration(value)
		if err == nil {
			c.Zones = slices.Clone(c.Zones)
			c.Zones[numbers(t, words[1:2])[0]-1].Supervise = d
		}
		if err != nil {
			t.Fatal(err)
		}
	case "exit-delay":
		c.ExitDelay = millis(t, value)
	case "entry-delay":
		c.EntryDelay = millis(t, value)
	case "siren-time":
		c.SirenTime = millis(t, value)
	default:
		t.Fatalf("no setting %q", words)
	}
	return c
}

func millis(t *testing.T, word string) int64 {
	t.Helper()
	d, err := time.ParseDuration(word)
	if err != nil {
		t.Fatal(err)
	}
	return d.Milliseconds()
}

func parseEvent(t *testing.T, words []string) Event {
	t.Helper()
	says := map[string]What{"trip": Tripped, "close": Closed, "stands-open": StandsOpen, "tamper": Tampered, "tamper-cleared": TamperCleared,
		"battery-low": BatteryLow, "battery-ok": BatteryOK, "check-in": CheckIn}
	if what, ok := says[words[0]]; ok {
		return Sensed{Zone: numbers(t, words[1:])[0], What: what}
	}
	switch words[0] {
	case "arm":
		return parseArm(words[1:])
	case "disarm":
		return Disarm{}
	case "bypass", "unbypass":
		return Bypass{Numbers: numbers(t, words[1:]), On: words[0] == "bypass"}
	case "knock":
		return Knock{}
	case "restart":
		return parseRestart(t, words[1:])
	case "deaf":
		return Deaf{For: millis(t, words[1])}
	case "silence":
		return Silence{}
	case "sound":
		return Sound{}
	case "hears":
		return Hearing{Well: words[1] == "well"}
	case "smashed":
		return Smashed{}
	}
	t.Fatalf("no event %q", words)
	return nil
}

// parseRestart reads "[unknown] [boot] [off 2h]".
func parseRestart(t *testing.T, words []string) Event {
	e := Restarted{OffKnown: !slices.Contains(words, "unknown"), NewBoot: slices.Contains(words, "boot")}
	if i := slices.Index(words, "off"); i >= 0 {
		e.Off = millis(t, words[i+1])
	}
	return e
}

// parseArm reads "away [force] [because words]".
func parseArm(words []string) Event {
	e := Arm{Mode: Mode(words[0])}
	for i, w := range words {
		if w == "force" {
			e.Force = true
		}
		if w == "because" {
			e.Prevent = []string{strings.Join(words[i+1:], " ")}
			break
		}
	}
	return e
}

func numbers(t *testing.T, words []string) []int {
	t.Helper()
	var ns []int
	for _, w := range words {
		n, err := strconv.Atoi(w)
		if err != nil {
			t.Fatal(err)
		}
		ns = append(ns, n)
	}
	return ns
}

func (e Effect) describe() string {
	parts := []string{strings.ReplaceAll(string(e.Kind), "_", " ")}
	say := func(when bool, format string, args ...any) {
		if when {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	say(e.Mode != "", "%s", e.Mode)
	say(e.Zone != 0, "zone %d", e.Zone)
	say(len(e.Zones) > 0 && !slices.Equal(e.Zones, []int{e.Zone}), "zones %v", e.Zones)
	say(e.Type != "", "(%s)", e.Type)
	say(e.Trips != 0, "after %d trips", e.Trips)
	say(e.ForDelay != 0, "for %v", time.Duration(e.ForDelay)*time.Millisecond)
	for _, flag := range []struct {
		on   bool
		word string
	}{{e.First, "FIRST"}, {e.AtOnce, "AT ONCE"}, {e.JustArmed, "just armed"}, {e.ExitError, "after exit error"}, {e.Verified, "VERIFIED"},
		{e.ForExit, "at exit"}, {e.Already, "already"}, {e.WasAlarmed, "was alarmed"}, {e.WasPending, "was pending"},
		{e.WasArming, "was arming"}} {
		say(flag.on, "%s", flag.word)
	}
	say(len(e.Reasons) > 0, "because %s", strings.Join(e.Reasons, "; "))
	return strings.Join(parts, " ")
}

// describe says what is shown, what sounds, and of each zone what is remarkable.
func (s State) describe(tick int64) string {
	out := s.Shown()
	if s.SirenOn(tick) {
		out += ", siren"
	}
	for _, zs := range s.Zones {
		var words []string
		for _, f := range []struct {
			on   bool
			word string
		}{{zs.Open, "open"}, {zs.Tampered, "tampered"}, {zs.LowBattery, "battery low"}, {zs.Lost, "lost"}, {zs.Bypassed && !zs.AutoBypassed, "bypassed"}, {zs.AutoBypassed, "auto-bypassed"}} {
			if f.on {
				words = append(words, f.word)
			}
		}
		if len(words) > 0 {
			out += fmt.Sprintf(", %d %s", zs.Number, strings.Join(words, "+"))
		}
	}
	if next := s.Next(); next != 0 {
		out += fmt.Sprintf(", next %v", time.Duration(next-storyStart)*time.Millisecond)
	}
	return out
}
