package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio"
)

// airRecording is a recording and what must come of it.
type airRecording struct {
	name string // folder and file, without frequency and rate
	code uint32 // of its one press; 0 where nothing may count
	want string // what the journal has of it in a household of zones and a fob, "event zone or person"
	look func(h *airHouse)
}

// airRecordings are all recordings, in the order of a story: armed by the fob, a
// door, disarmed by the fob, then alarms that need no arming.
var airRecordings = []airRecording{
	{name: "sc2260/gfile001_arm", code: 0x13CDC0, want: "armed Anna", look: func(h *airHouse) { h.shows("armed_away") }},
	{name: "chuango/gfile003", code: 0xBB87C7, want: "entry Front door", look: func(h *airHouse) { h.shows("pending") }},
	{name: "sc2260/gfile002_disarm", code: 0x13CD0C, want: "disarmed Anna", look: func(h *airHouse) { h.shows("disarmed") }},
	{name: "pt2262/gfile002", code: 0x755555, want: "alarm Motion"},
	{name: "made/ev1527_te400", code: 0x5A3C91, want: "alarm Slow"},
	{name: "made/kerui_open", code: 0x5A3C9E, want: "alarm Window", look: func(h *airHouse) { h.opens("Window", true) }},
	{name: "made/kerui_close", code: 0x5A3C97, look: func(h *airHouse) { h.opens("Window", false) }}, // a state and no event
	{name: "made/kerui_tamper", code: 0x5A3C9B, want: "alarm Window", look: func(h *airHouse) { h.tampered("Window") }},
	{name: "made/ev1527_cpvan_sos", code: 0x44DD08, want: "alarm SOS"},
	{name: "chuango/gfile001", code: 0x8F69AB, want: "alarm Smoke"},
	{name: "dsc/gfile001", want: "alarm DSC door"},
	{name: "dsc/gfile005"},             // of which some decoder lists make one frame of 800000
	{name: "made/hcs301_b2_ctr0x0010"}, // the first only says where its counter is
	{name: "made/hcs301_b2_ctr0x0011", want: "status Rolling"},
	{name: "made/hcs301_b2_ctr0x0012", want: "status Rolling"},
	{name: "made/ss_entry_open", want: "alarm SimpliSafe"},
	{name: "made/ss_entry_closed", look: func(h *airHouse) { h.opens("SimpliSafe", false) }},
	{name: "made/ss_keychain_off", want: "status Chain"},
	{name: "made/skylink_motion", want: "alarm Skylink"}, {name: "made/skylink_alive"},
	{name: "made/il_contact_open"},
}

const strayCode = 0x800000

// makerKey is that of the recorded KeeLoq fob: AN642's sample.
const makerKey = "0123456789ABCDEF"

// firstMarker is the code of the first button that says that something is over.
const firstMarker = 0xA00001

// markerRemotes are fobs of 16 such buttons.
func markerRemotes(buttons int) (commands [][]string) {
	for n := range buttons {
		if n%16 == 0 {
			commands = append(commands, []string{"remote", "add", fmt.Sprintf("Marker %d", n/16)})
		}
		last := len(commands) - 1
		commands[last] = append(commands[last], "--button", id(firstMarker+uint32(n))+"=status")
	}
	return commands
}

// airCaptures is the folder of recordings named by GSMPANEL_CAPTURES, whose files
// are returned by their names without frequency and rate.
func airCaptures(t *testing.T) map[string]string {
	t.Helper()
	dir := os.Getenv("GSMPANEL_CAPTURES")
	if dir == "" {
		t.Skip("GSMPANEL_CAPTURES does not name a folder of recordings")
	}
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".cu8") {
			rel := strings.TrimPrefix(strings.TrimPrefix(path, dir), "/")
			parts := strings.Split(strings.TrimSuffix(rel, ".cu8"), "_")
			found[strings.Join(parts[:len(parts)-2], "_")] = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range airRecordings {
		if found[r.name] == "" {
			t.Errorf("there is no recording %s in %s", r.name, dir)
		}
		if r.code != 0 && !strings.HasPrefix(r.name, "made/") && !strings.Contains(string(readme), fmt.Sprintf("0x%06X", r.code)) {
			t.Errorf("the README of the recordings has no %06X for %s", r.code, r.name)
		}
	}
	if len(found) != len(airRecordings) {
		t.Errorf("%d recordings in %s, %d are known here", len(found), dir, len(airRecordings))
	}
	return found
}

// recordedHousehold is one that hears the recordings.
type recordedHousehold struct {
	name    string
	furnish [][]string
	speed   string // of the recordings of the family, as a flag of rtl_433's
	want    func(airRecording) string
	look    bool
}

// TestRecordingsThroughDaemon plays every recording through the real rtl_433 to
// the daemon, by the daemon's own decoder list: to a household of zones and a fob,
// and, as fast as they were recorded, to one where each code is a button whose
// every press is journalled, so that none can hide in the 10 s after a trip.
// Somebody learns meanwhile.
func TestRecordingsThroughDaemon(t *testing.T) {
	t.Parallel()
	files := airCaptures(t)
	needRTL433(t)
	sideBySide(t, []recordedHousehold{
		{"zones and a fob", airZones, "", func(r airRecording) string { return r.want }, true},
		{"every press", pressCounters(), "-M replay", func(r airRecording) string {
			if r.code == 0 {
				return ""
			}
			return "status " + counterName(r.code)
		}, false},
	}, func(c recordedHousehold) string { return c.name }, func(t *testing.T, c recordedHousehold) { c.play(t, files) })
}

func (c recordedHousehold) play(t *testing.T, files map[string]string) {
	h := newAirHouse(t, furnishAir(t, append(markerRemotes(len(airRecordings)), c.furnish...)...))
	source, pipe := h.obedient()
	h.start("--radio", source)
	learnt := h.learns(pipe)
	h.send(pipe, frame(strayCode)) // the one that other decoder lists make of dsc/gfile005
	var table strings.Builder
	for n, r := range airRecordings {
		speed := c.speed
		if r.code == 0 {
			speed = ""
		}
		got := h.heardOf(pipe, n, "rtl_433 -c \"$RTL_433_CONF\" "+speed+" -r '"+files[r.name]+"'")
		fmt.Fprintf(&table, "%-28s %06X  %s\n", r.name, r.code, got)
		if want := c.want(r); got != want {
			t.Errorf("%s gave %q, must give %q", r.name, got, want)
		}
		if c.look && r.look != nil {
			r.look(h)
		}
	}
	t.Logf("recording, code, what the journal has of it\n%s", table.String())
	h.sameJournal()
	wantLearnt(t, learnt())
	if seen := h.strayZone(); seen != nil {
		t.Errorf("a single frame of %06X counted: zone Stray was heard at %s", strayCode, seen)
	}
	h.stop()
}

// airZones is the household: each code of the family is enrolled, and 800000,
// the stray code of dsc/gfile005.
var airZones = [][]string{
	{"settings", "set", "entry-delay", "240"}, // the fob disarms before
	{"remote", "add", "Fob", "--contact", "Anna", "--button", "ev1527:13CDC0=arm", "--button", "ev1527:13CD0C=disarm"},
	{"zone", "add", "Front door", "--type", "entry", "--sensor", "ev1527:BB87C7"},
	{"zone", "add", "Motion", "--type", "24h", "--sensor", "ev1527:755555"},
	{"zone", "add", "Slow", "--type", "24h", "--sensor", "ev1527:5A3C91"},
	{"zone", "add", "Window", "--type", "24h", "--sensor", "ev1527:5A3C9E", "--close", "ev1527:5A3C97", "--tamper", "ev1527:5A3C9B"},
	{"zone", "add", "SOS", "--type", "medical", "--sensor", "ev1527:44DD08"},
	{"zone", "add", "Smoke", "--type", "fire", "--sensor", "ev1527:8F69AB"},
	{"zone", "add", "DSC door", "--type", "24h", "--sensor", "dsc:24BDC8"},
	{"zone", "add", "SimpliSafe", "--type", "24h", "--sensor", "simplisafe:1JV7T"},
	{"zone", "add", "Skylink", "--type", "24h", "--sensor", "skylink:1A5A"},
	{"remote", "add", "Rolling", "--button", "hcs:0ABCDE1:2=status", "--maker-key"},
	{"remote", "add", "Chain", "--button", "simplisafe:1M38R:off=status"},
	{"zone", "add", "Stray", "--type", "24h", "--sensor", "ev1527:800000"},
}

// pressCounters are fobs that have every code as a button.
func pressCounters() (commands [][]string) {
	for _, r := range append(airRecordings, airRecording{code: strayCode}) {
		if r.code != 0 {
			commands = append(commands, []string{"remote", "add", counterName(r.code), "--button", id(r.code) + "=status"})
		}
	}
	return commands
}

func counterName(code uint32) string { return fmt.Sprintf("%06X", code) }

const knockCode = 0x5A5A5A // nobody's; that it is found says that somebody learns

// learns has somebody learn devices until the function returned is called, which
// gives what was found.
func (h *airHouse) learns(pipe *os.File) (end func() []radio.Finding) {
	h.Helper()
	learner := startFor(h.T, h.path("learnt"), nil, shipped, "--data", h.path("data"), "learn", "--seconds", "600", "--json")
	lines := func() []string { return regexp.MustCompile(`(?m)^\{.*$`).FindAllString(h.read("learnt"), -1) }
	h.until("somebody learns", func() bool {
		h.send(pipe, pressLine(knockCode))
		return len(lines()) > 0
	})
	return func() (found []radio.Finding) {
		h.Helper()
		if err := learner.stop(); err != nil {
			h.Errorf("learn ended with %v\n%s", err, h.read("learnt"))
		}
		for _, line := range lines() {
			var f radio.Finding
			if err := json.Unmarshal([]byte(line), &f); err != nil {
				h.Errorf("learn printed %q: %v", line, err)
			}
			found = append(found, f)
		}
		return found
	}
}

// wantLearnt: each device and button was found once.
func wantLearnt(t *testing.T, found []radio.Finding) {
	t.Helper()
	want := []string{id(knockCode), "dsc:24BDC8", "dsc:22CD86", "hcs:0ABCDE1:2", "interlogix:A7106D", "simplisafe:1JV7T", "simplisafe:1M38R:off", "skylink:1A5A"}
	for n, r := range airRecordings {
		if want = append(want, id(firstMarker+uint32(n))); r.code != 0 {
			want = append(want, id(r.code))
		}
	}
	var got []string
	for _, f := range found {
		got = append(got, cmp.Or(f.ID, f.Family))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("learnt  %q\nwant    %q", got, want)
	}
}

// heardOf runs a command that prints lines, and presses marker n when it is over.
// It returns what the journal has got in between.
func (h *airHouse) heardOf(pipe *os.File, n int, command string) string {
	h.Helper()
	marker, from := firstMarker+uint32(n), h.entriesSoFar()
	h.send(pipe, "!"+command+" </dev/null", pressLine(marker))
	h.untilEntry(from, "the end of "+command, func(e panel.Entry) bool {
		return e.Event == "status" && strings.HasSuffix(e.Text, fmt.Sprintf(" Marker %d, key fob", n/16))
	})
	entries, _ := h.journal(from)
	var got []string
	for _, e := range entries {
		if what := h.happened(e); what != "" {
			got = append(got, what)
		}
	}
	return strings.Join(got, ", ")
}

// happened is an entry that something on the air has led to at once; others are
// of what follows from it.
func (h *airHouse) happened(e panel.Entry) string {
	switch {
	case strings.Contains(e.Text, "Marker"):
		return ""
	case e.Event == "status":
		return "status " + strings.TrimSuffix(strings.TrimPrefix(e.Text, "status asked by "), ", key fob")
	case slices.Contains([]string{"armed", "disarmed", "arm_refused", "disarm_refused"}, e.Event):
		return e.Event + " " + e.Person
	case e.Zone != 0:
		status := h.status()
		i := slices.IndexFunc(status.Zones, func(z panel.OutwardZone) bool { return z.Number == e.Zone })
		return e.Event + " " + status.Zones[i].Name
	}
	return ""
}

func (h *airHouse) shows(state string) {
	h.Helper()
	if got := h.status().State; got != state {
		h.Errorf("the panel shows %s, must show %s", got, state)
	}
}

func (h *airHouse) opens(zone string, open bool) {
	h.Helper()
	if got := h.zone(zone).Open; got != open {
		h.Errorf("%s open: %v, must be %v", zone, got, open)
	}
}

func (h *airHouse) tampered(zone string) {
	h.Helper()
	if !h.zone(zone).Tampered {
		h.Errorf("%s is not tampered", zone)
	}
}

// strayZone is when the zone of the stray code was heard, nil for never.
func (h *airHouse) strayZone() any {
	for _, z := range h.status().Zones {
		if z.Name == "Stray" && z.LastSeen != nil {
			return z.LastSeen
		}
	}
	return nil
}

// sameJournal makes sure that `log --json` lists what was followed.
func (h *airHouse) sameJournal() {
	h.Helper()
	listed := h.listedJournal()
	h.untilEntry(0, "the last entry", func(e panel.Entry) bool { return e.Number == listed[len(listed)-1].Number })
	followed, _ := h.journal(0)
	if got, want := journalText(followed[:min(len(listed), len(followed))]), journalText(listed); got != want {
		h.Errorf("followed:\n%slisted:\n%s", got, want)
	}
}
