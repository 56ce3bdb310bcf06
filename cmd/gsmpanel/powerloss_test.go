package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/store"
)

// keeperName is a program that uses the store as a panel does in years, in a second.
const keeperName = "gsmpanel-keeper"

const (
	keeperYears   = 3   // opened so often
	keeperCommits = 8   // each time
	keeperLong    = 500 // entries that make the file large in the second year
)

// keeper says on standard output what it has been promised.
func keeper() {
	if err := keep(os.Args[1], os.Args[2] == "long"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func keep(dir string, swells bool) error {
	for year := range keeperYears {
		s, err := store.Open(dir, store.Options{Cost: fastCost})
		if err != nil {
			return err
		}
		fmt.Println("open", year)
		c, st, err := s.Load()
		for n := max(keeperLong, st.Open.Entries) + 1; err == nil && n <= uint64(keeperLong+(year+1)*keeperCommits); n++ {
			snap := keptSnapshot(c, st, n)
			if swells && year == 1 && n%keeperCommits == 1 {
				snap.Entries = longEntries(n, 10<<10)
			} else if swells && year == 1 && n%keeperCommits == 2 {
				snap.Entries = longEntries(n, 1)
			}
			if err = s.Commit(snap); err == nil {
				fmt.Println("commit", n)
			}
		}
		if err == nil {
			err = s.SavePINMarks([]store.PINMark{{Key: "00", Left: year}})
		}
		if err == nil {
			fmt.Println("pin", year)
			err = s.BackupOfDay(fmt.Sprintf("2026-11-%02d", year+1))
		}
		if err = errors.Join(err, s.Close()); err != nil {
			return err
		}
		fmt.Println("backup", year)
	}
	return nil
}

// keptSnapshot is what the keeper commits as number n: an open alarm, a sealed one,
// an entry.
func keptSnapshot(c panel.Config, st panel.State, n uint64) panel.Snapshot {
	c.Version, c.Site.Name = n, fmt.Sprintf("Home %d", n)
	st.Open.Entries, st.Open.Tick, st.Sealed.Entries = n, int64(n), n
	st.Open.Book.Incidents = []alert.Incident{{ID: n, Kind: alert.Burglary}}
	st.Sealed.Book.Incidents = []alert.Incident{{ID: n, Kind: alert.Duress}}
	return panel.Snapshot{Config: c, State: st, Entries: []panel.Entry{{Number: n, Event: "alarm", Time: time.Unix(int64(n), 0).UTC()}}}
}

func longEntries(last uint64, size int) (out []panel.Entry) {
	for n := last - keeperLong + 1; n <= last; n++ {
		out = append(out, panel.Entry{Number: n, Event: "alarm", Time: time.Unix(int64(n), 0).UTC(), Text: strings.Repeat("x", size)})
	}
	return out
}

// keeperPromise is the last that the keeper said of each kind.
type keeperPromise map[string]int

func (p keeperPromise) hear(m traceMoment) {
	word, number, _ := strings.Cut(keeperSays(m), " ")
	if n, err := strconv.Atoi(number); err == nil {
		p[word] = n + 1
	}
}

// keeperSays is the line that the keeper begins to print, if it does.
func keeperSays(m traceMoment) string {
	if m.ends || m.call.name != "write" {
		return ""
	}
	return keeperLine.FindString(m.call.word(1))
}

var keeperLine = regexp.MustCompile(`^(open|commit|pin|backup) \d+\b`)

// kept looks whether a directory holds all that was promised, and opens at all.
func (p keeperPromise) kept(dir string) error {
	s, err := store.Open(dir, store.Options{Cost: fastCost})
	if err != nil {
		return err
	}
	c, st, err := s.Load()
	n := st.Open.Entries
	if promised := max(0, p["commit"]-1); err == nil && (int(n) < promised || int(n) > promised+1 && promised > 0) {
		err = fmt.Errorf("commit %d was acknowledged, and %d is stored", promised, n)
	}
	if err == nil && n > 0 {
		want := keptSnapshot(c, st, n)
		if c.Version != n || c.Site != want.Config.Site || st.Sealed.Entries != n || len(st.Open.Book.Incidents) != 1 || st.Open.Book.Incidents[0].ID != n || st.Sealed.Book.Incidents[0].ID != n {
			err = fmt.Errorf("commit %d is torn", n)
		}
	}
	entries, reading := s.Entries(0)
	if len(entries) > 0 && entries[len(entries)-1].Number != n || len(entries) == 0 && n > 0 {
		reading = errors.Join(reading, fmt.Errorf("of commit %d there are %d entries", n, len(entries)))
	}
	marks, pins := s.PINMarks()
	if promised := p["pin"]; promised > 0 && (len(marks) != 1 || marks[0].Left < promised-1) {
		pins = errors.Join(pins, fmt.Errorf("the PIN's try %d is not there: %v", promised-1, marks))
	}
	var backups error
	if path, _, ok := store.LastBackup(dir); p["backup"] > 0 && (!ok || filepath.Base(path) < fmt.Sprintf("%04d-", p["backup"])) {
		backups = fmt.Errorf("backup %d was made, and %q is the last", p["backup"], path)
	}
	return errors.Join(err, reading, pins, backups, s.Close())
}

// TestPowerLoss lets the power fail at random moments of a recorded run, on a disk
// that forgets what was not synced. Whatever was acknowledged before is there. Then
// it leaves out one kind of sync after the other, and wants to see what that costs.
func TestPowerLoss(t *testing.T) {
	needsStrace(t)
	t.Parallel()
	cuts, kind := 6, "short"
	if n, err := strconv.Atoi(os.Getenv("GSMPANEL_POWER")); err == nil {
		cuts, kind = n, "long"
	}
	root, moments := recordKeeper(t, kind)
	if anew := countRenames(moments, store.DatabaseFile); anew != map[string]int{"short": 1, "long": 2}[kind] {
		t.Fatalf("the test is blind: the file was made %d times", anew)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("%d power failures in a run of %d calls and their ends, seed %d", cuts, len(moments), seed)
	for range cuts {
		if err := loseOnce(t, root, moments, rand.New(rand.NewPCG(seed, 0))); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		seed++
	}
	for _, p := range unsynced {
		t.Run(p.name, func(t *testing.T) {
			forgotten := unheard(moments, p.is)
			for n := range uint64(300) {
				if err := loseOnce(t, root, forgotten, rand.New(rand.NewPCG(seed, n))); err != nil {
					t.Logf("seen in failure %d: %v", n+1, err)
					return
				}
			}
			t.Error("nobody would notice")
		})
	}
}

// unsynced are the syncs of which none must be missing.
var unsynced = []struct {
	name string
	is   func(c *call, head bool) bool
}{
	{"nothing is synced", func(*call, bool) bool { return true }},
	{"a commit's pages are not synced before its head", func(c *call, head bool) bool { return c.name == "fdatasync" && !head }},
	{"a commit's head is not synced before it is acknowledged", func(c *call, head bool) bool { return c.name == "fdatasync" && head }},
	{"a file is not synced before it has its name", func(c *call, _ bool) bool {
		return c.name == "fsync" && strings.HasSuffix(c.word(0), ".new")
	}},
	{"a name is not synced", func(c *call, _ bool) bool { return c.name == "fsync" && filepath.Ext(c.word(0)) == "" }},
}

// unheard leaves out syncs; head says that one follows the writing of a head.
func unheard(moments []traceMoment, is func(c *call, head bool) bool) (out []traceMoment) {
	head, gone := false, map[*call]bool{}
	for _, m := range moments {
		switch {
		case m.ends:
		case m.call.name == "pwrite64":
			head = m.call.writesHead()
		case m.call.name == "fsync" || m.call.name == "fdatasync":
			gone[m.call] = is(m.call, head)
		}
		if !gone[m.call] {
			out = append(out, m)
		}
	}
	return out
}

// recordKeeper is what the keeper does to the disk below root.
func recordKeeper(t *testing.T, kind string) (root string, moments []traceMoment) {
	t.Helper()
	root = t.TempDir()
	trace := filepath.Join(t.TempDir(), "trace")
	command := traced(trace, keeperName, filepath.Join(root, "data"), kind)
	if said, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	moments, err := readTrace(trace)
	if err != nil {
		t.Fatal(err)
	}
	return root, moments
}

func countRenames(moments []traceMoment, to string) (n int) {
	for _, m := range moments {
		if !m.ends && m.call.name == "renameat" && filepath.Base(m.call.path(2)) == to {
			n++
		}
	}
	return n
}

// worthLosing draws a moment that concerns the disk or promises something; every
// other one is at the writing of a head, where most hangs on the order.
func worthLosing(disk *forgetfulDisk, moments []traceMoment, r *rand.Rand) int {
	var some, heads []int
	for n, m := range moments {
		if disk.concerns(m) || keeperSays(m) != "" {
			some = append(some, n)
		}
		if disk.concerns(m) && m.call.writesHead() {
			heads = append(heads, n)
		}
	}
	if r.IntN(2) == 0 {
		some = heads
	}
	return some[r.IntN(len(some))]
}

// writesHead tells whether a call writes one of the first two pages of a file, which
// are bbolt's heads.
func (c *call) writesHead() bool {
	return c.name == "pwrite64" && (c.word(3) == "0" || c.word(3) == strconv.Itoa(os.Getpagesize()))
}

// loseOnce plays a run up to a moment that concerns the disk or promises something,
// and looks what a power failure there leaves.
func loseOnce(t *testing.T, root string, moments []traceMoment, r *rand.Rand) error {
	t.Helper()
	disk, begun, promise := newForgetfulDisk(root), map[*call]int{}, keeperPromise{}
	last := worthLosing(disk, moments, r)
	for _, m := range moments[:last+1] {
		if err := disk.apply(m, begun); err != nil {
			t.Fatal(err)
		}
		promise.hear(m)
	}
	how, left := loss(r.IntN(int(losses))), t.TempDir()
	err := disk.fail(r, how, left)
	if err != nil {
		t.Fatal(err)
	}
	if err = promise.kept(filepath.Join(left, "data")); err != nil {
		err = fmt.Errorf("power lost after moment %d of %d (%s), loss %d: %w", last, len(moments), moments[last].call.name, how, err)
	}
	if err := os.RemoveAll(left); err != nil {
		t.Fatal(err)
	}
	return err
}

// TestPowerLossSeesPlantedSource builds the store without its syncs.
func TestPowerLossSeesPlantedSource(t *testing.T) {
	t.Parallel()
	change := []plant{{"store/open.go", "OpenFile: s.keepFile})", "OpenFile: s.keepFile, NoSync: true})"}}
	test := exec.Command("go", "test", "-count=1", "-overlay", planted(t, change), "-run", "^TestPowerLoss$", ".")
	test.Env = append(os.Environ(), "GSMPANEL_POWER=20")
	out, err := test.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "power lost after") {
		t.Errorf("it was not seen (%v):\n%s", err, out)
	}
	t.Logf("%.600s", out)
}
