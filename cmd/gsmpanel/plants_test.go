package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// plant is one change of a source file.
type plant struct{ file, old, new string }

// plants are leaks in the source, as somebody might write them. The reports are
// kept before the duress texts by two rules: only without both is there a leak.
var plants = []struct {
	name, seen string
	changes    []plant
}{
	{"late reply", "phone", []plant{{"panel/told.go", "alert.Job{Rank: alert.RankReply, To: e.From,",
		"alert.Job{NotBefore: func() int64 { _, forced := t.p.Record.Open(); return map[bool]int64{true: t.now.Tick + 10}[forced] }(), Rank: alert.RankReply, To: e.From,"}}},
	{"extra log line", "log", []plant{{"panel/run.go", "	p.seen.Store(f.face)\n",
		"	p.seen.Store(f.face)\n	if f.face.state.Sealed.Line.Sealed {\n		p.shell.Log.Info(\"line busy\")\n	}\n"}}},
	{"report behind duress texts", "phone", []plant{
		{"panel/report.go", "alert.Job{Rank: alert.RankPlace, To: number,", "alert.Job{Rank: alert.RankReport, To: number,"},
		{"alert/turn.go", "func (k Books) placeWaits(sealed *Job, tick int64) bool {\n", "func (k Books) placeWaits(sealed *Job, tick int64) bool {\n	if sealed != nil {\n		return false\n	}\n"}}},
	{"a number that skips", "followed", []plant{{"panel/journal.go", "	j.Entries++\n", "	j.Entries++\n	t.s.Entries++\n"}}},
	{"a metric of the line", "scraped", []plant{busy(""), {"cmd/gsmpanel/metrics.go", "		return o\n", "		if p.Busy() {\n			o.Radio.Up++\n		}\n		return o\n"}}},
	{"metrics that come late", "scraped", []plant{busy("time.Sleep(101 * time.Millisecond)"), {"cmd/gsmpanel/metrics.go", "		return o\n", "		p.Busy()\n		return o\n"}}},
	{"STATUS waits during a duress call", "phone", []plant{{"alert/line.go", "func (l *Line) mustYield(k Books, call *Job, tick int64) bool {\n",
		"func (l *Line) mustYield(k Books, call *Job, tick int64) bool {\n	if l.Sealed {\n		return false\n	}\n"}}},
}

// busy plants a method that tells whether something sealed is being sent, and does
// something then.
func busy(then string) plant {
	const place = "// Public is the configuration without codes.\n"
	return plant{"panel/daemon.go", place, "func (p *Panel) Busy() bool {\n	if p.seen.Load().state.Sealed.Line.Sealed {\n		" + then + "\n		return true\n	}\n	return false\n}\n\n" + place}
}

// TestTwiceSeesPlantedSource builds the panel with each plant in place of the
// files, and wants TestTwice red.
func TestTwiceSeesPlantedSource(t *testing.T) {
	t.Parallel()
	for _, p := range plants {
		t.Run(p.name, func(t *testing.T) {
			out, err := exec.Command("go", "test", "-count=1", "-overlay", planted(t, p.changes), "-run", "^TestTwice$", ".").CombinedOutput()
			if err == nil || !strings.Contains(string(out), "the two runs differ in their "+p.seen) {
				t.Errorf("it was not seen in the %s (%v):\n%s", p.seen, err, out)
			}
			t.Logf("%.2500s", out)
		})
	}
}

// planted is the overlay of changes, and skips where they are not asked for. That each
// has its place is always seen to.
func planted(t *testing.T, changes []plant) string {
	t.Helper()
	path := overlay(t, changes)
	if os.Getenv("GSMPANEL_PLANTS") == "" {
		t.Skip("without GSMPANEL_PLANTS=1 none is tried: each is built anew")
	}
	return path
}

// overlay is a file for the option of that name of go test.
func overlay(t *testing.T, changes []plant) string {
	t.Helper()
	dir, replace := t.TempDir(), map[string]string{}
	for n, c := range changes {
		file, err := filepath.Abs(filepath.Join("../..", c.file))
		if err != nil {
			t.Fatal(err)
		}
		source, err := os.ReadFile(file)
		if err != nil || strings.Count(string(source), c.old) != 1 {
			t.Fatalf("%s has not one place for the plant (%v)", c.file, err)
		}
		replace[file] = filepath.Join(dir, fmt.Sprintf("planted%d.go", n))
		if err := os.WriteFile(replace[file], []byte(strings.Replace(string(source), c.old, c.new, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(path, []byte(asJSON(t, map[string]any{"Replace": replace})), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// corePlants are ways to tell a duress by, as somebody might write them into the core,
// each against one rule that keeps the place from noticing.
var corePlants = []struct {
	name    string
	changes []plant
}{
	{"the reply is late", []plant{{"panel/told.go", "alert.Job{Rank: alert.RankReply, To: e.From,",
		"alert.Job{NotBefore: func() int64 { _, forced := t.p.Record.Open(); return map[bool]int64{true: t.now.Tick + 1}[forced] }(), Rank: alert.RankReply, To: e.From,"}}},
	{"the reply has one sign more", []plant{{"panel/told.go", "	for _, body := range texts {\n",
		"	for _, body := range texts {\n		if _, forced := t.p.Record.Open(); forced {\n			body += \".\"\n		}\n"}}},
	{"the opening is journalled", []plant{{"panel/sealed.go", "	i.Entry, i.Known = t.s.Sealed.Entries, p.Known\n",
		"	i.Entry, i.Known = t.s.Sealed.Entries, p.Known\n	t.journal(\"notification\", \"6121\", \"notification begins\", 0, Who{})\n"}}},
	{"a number of the journal is skipped", []plant{{"panel/journal.go", "	j.Entries++\n", "	j.Entries++\n	t.s.Entries++\n"}}},
	{"what is sealed has its token from the open book", []plant{{"panel/sealed.go", "	return b.Open(t.now.Tick, i)\n",
		"	b.Seed, t.s.Book.Seed = t.s.Book.Seed, b.Seed\n	return b.Open(t.now.Tick, i)\n"}}},
	{"what is sealed counts in the day's budget", []plant{{"panel/sealed.go", "	return b.Open(t.now.Tick, i)\n",
		"	t.budget()\n	return b.Open(t.now.Tick, i)\n"}}},
	{"duress texts do not wait for the place's", []plant{{"alert/turn.go", "func (k Books) placeWaits(sealed *Job, tick int64) bool {\n",
		"func (k Books) placeWaits(sealed *Job, tick int64) bool {\n	if sealed != nil {\n		return false\n	}\n"},
		{"panel/sealed.go", "		waits := t.s.Book.Waiting() || ", "		waits := false && t.s.Book.Waiting() || "}}},
	{"a duress call is not broken off for a reply", []plant{{"alert/line.go", "func (l *Line) mustYield(k Books, call *Job, tick int64) bool {\n",
		"func (l *Line) mustYield(k Books, call *Job, tick int64) bool {\n	if l.Sealed {\n		return false\n	}\n"}}},
	{"a phone in the house is told", []plant{{"alert/incident.go", "if k.InHouse() || from != \"\"", "if from != \"\""}}},
	{"the phone that was used is told", []plant{{"alert/incident.go", "from != \"\" && k.Number == from || mine", "mine"}}},
	{"the person's own phones are told", []plant{{"alert/incident.go", "k.Number == from || mine", "k.Number == from && !mine"}}},
	{"a lock does not hold for it", []plant{{"panel/told.go", "	case t.locked(e):\n",
		"	case t.locked(e) && func() bool { _, forced := t.p.Record.Open(); return !forced }():\n"}}},
	{"it is obeyed however old", []plant{{"panel/told.go", "	case t.stale(e) != \"\":\n",
		"	case t.stale(e) != \"\" && func() bool { _, forced := t.p.Record.Open(); return !forced }():\n"}}},
	{"it does not count as a right code", []plant{{"panel/locks.go", "	n := t.s.Locks.of(lockKey(e), t.now.Tick)\n	n.Length, n.ValidDay = 0, t.today()\n",
		"	if _, forced := t.p.Record.Open(); forced {\n		return\n	}\n	n := t.s.Locks.of(lockKey(e), t.now.Tick)\n	n.Length, n.ValidDay = 0, t.today()\n"}}},
	{"what moves afterwards is journalled", []plant{{"panel/sense.go", "			b.Further(i, t.now.Tick, \"\", t.clock()+\" \"+z.Name)\n",
		"			b.Further(i, t.now.Tick, \"\", t.clock()+\" \"+z.Name)\n			t.journal(\"moved\", \"6606\", z.Name, 0, Who{})\n"}}},
	{"a taker is journalled", []plant{{"panel/journal.go", "	if sealed {\n		t.sealedNotes(notes)\n		return\n	}\n", ""}}},
	{"a sealed text that fails is a trouble", []plant{{"panel/step.go", "		t.noted(notes, sealed)\n	case Reported:\n",
		"		t.noted(notes, sealed)\n		if sealed && e.Outcome.Result != alert.SentOK && e.Outcome.Result != alert.Broken {\n			t.fault(Fault{Name: NetworkTrouble, On: true})\n		}\n	case Reported:\n"}}},
	{"the keypad's chirp differs", []plant{{"panel/keypad.go", "		t.chirp(chirpDisarmed)\n",
		"		if _, forced := t.p.Record.Open(); !forced {\n			t.chirp(chirpDisarmed)\n		}\n"}}},
	{"a blocked keypad obeys it", []plant{{"panel/keypad.go", "	case t.locked(e):\n",
		"	case t.locked(e) && func() bool { _, forced := t.p.Record.Open(); return !forced }():\n"}}},
	{"the fob's chirp differs", []plant{{"panel/button.go", "		t.chirp(chirpDisarmed)\n",
		"		if _, hidden := t.p.Record.Open(); !hidden {\n			t.chirp(chirpDisarmed)\n		}\n"}}},
	{"fob-disarm never lets it through", []plant{{"panel/button.go", "	case lowers && t.c.Access.FobDisarm == FobNever:\n",
		"	case lowers && t.c.Access.FobDisarm == FobNever && !forced:\n"}}},
	{"a silent press is answered", []plant{{"panel/gesture.go", "	t.p = t.remember(e, verdict{Person: t.c.person(b.Remote)})\n	t.hold()\n}\n",
		"	t.p = t.remember(e, verdict{Person: t.c.person(b.Remote)})\n	t.hold()\n	t.chirp(1)\n}\n"}}},
	{"the balance shows what a duress costs", []plant{{"panel/balance.go", "	case a.Closed && spent.Hidden == (alert.Spent{}):\n", "	case a.Closed || !a.Closed:\n"}}},
	{"the balance shows what a duress has cost, once it is over", []plant{{"panel/balance.go", "	k.Amount = alert.Amount{Milli: a.Real.Milli + a.Extra,",
		"	if a.Closed {\n		a.Extra = 0\n	}\n	k.Amount = alert.Amount{Milli: a.Real.Milli + a.Extra,"}}},
	{"the limit counts what a duress has cost", []plant{{"panel/balance.go", "	low := t.c.low(k.Amount, k.Text)\n", "	low := t.c.low(a.Real, k.Text)\n"}}},
	{"what friends do not hear is not reckoned", []plant{{"panel/report.go", "		t.s.Sealed.Line.Tally.Meant++\n", ""}}},
	{"the balance shows when it was read", []plant{{"panel/balance.go", "		a.Got, a.Amount = true, amount\n", "		a.Got, a.Amount = true, amount\n		t.journal(\"balance\", \"6602\", \"balance read\", 0, Who{})\n"}}},
	{"a silent press is journalled", []plant{{"panel/gesture.go", "	t.p = t.remember(e, verdict{Person: t.c.person(b.Remote)})\n	t.hold()\n}\n",
		"	t.p = t.remember(e, verdict{Person: t.c.person(b.Remote)})\n	t.hold()\n	t.journal(\"pressed\", \"6122\", b.Name, 0, Who{})\n}\n"}}},
}

// TestObserverSeesPlantedSource wants the observer of the core to see each leak.
func TestObserverSeesPlantedSource(t *testing.T) {
	t.Parallel()
	for _, l := range corePlants {
		t.Run(l.name, func(t *testing.T) {
			test := exec.Command("go", "test", "-count=1", "-overlay", planted(t, l.changes), "-run", "^TestObserverTellsNothing$", "../../panel")
			test.Env = append(os.Environ(), "GSMPANEL_STORIES=1000")
			out, err := test.CombinedOutput()
			if err == nil || !strings.Contains(string(out), "story ") {
				t.Errorf("the observer sees nothing (%v):\n%s", err, out)
			}
			t.Logf("%.600s", out)
		})
	}
}
