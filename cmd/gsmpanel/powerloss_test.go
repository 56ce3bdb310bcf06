package main

import (
	"errors"
	"fmt"
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

// hear notes the line that the keeper begins to print.
func (p keeperPromise) hear(m traceMoment) bool {
	if m.ends || m.call.name != "write" {
		return false
	}
	word, number, _ := strings.Cut(keeperLine.FindString(m.call.word(1)), " ")
	n, err := strconv.Atoi(number)
	if err == nil {
		p[word] = n + 1
	}
	return err == nil
}

var keeperLine = regexp.MustCompile(`^(commit|pin|backup) \d+\b`)

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
	run := recordKeeper(t, kind)
	if anew := countRenames(run.moments, store.DatabaseFile); anew != map[string]int{"short": 1, "long": 2}[kind] {
		t.Fatalf("the test is blind: the file was made %d times", anew)
	}
	run.loseOften(t, cuts)
}

// recordKeeper is what the keeper does to the disk below root.
func recordKeeper(t *testing.T, kind string) tracedRun {
	t.Helper()
	root := t.TempDir()
	trace := filepath.Join(t.TempDir(), "trace")
	command := traced(trace, keeperName, filepath.Join(root, "data"), kind)
	if said, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	moments, err := readTrace(trace)
	if err != nil {
		t.Fatal(err)
	}
	return tracedRun{moments, func() *forgetfulDisk { return newForgetfulDisk(root) }, func() promise { return keeperPromise{} }}
}

func countRenames(moments []traceMoment, to string) (n int) {
	for _, m := range moments {
		if !m.ends && m.call.name == "renameat" && filepath.Base(m.call.path(2)) == to {
			n++
		}
	}
	return n
}

// TestPowerLossSeesPlantedSource builds the store without its syncs.
func TestPowerLossSeesPlantedSource(t *testing.T) {
	t.Parallel()
	change := []plant{{"store/open.go", "OpenFile: s.keepFile, InitialMmapSize: mapped})", "OpenFile: s.keepFile, InitialMmapSize: mapped, NoSync: true})"}}
	test := exec.Command("go", "test", "-count=1", "-overlay", planted(t, change), "-run", "^TestPowerLoss$", ".")
	test.Env = append(os.Environ(), "GSMPANEL_POWER=20")
	out, err := test.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "power lost after") {
		t.Errorf("it was not seen (%v):\n%s", err, out)
	}
	t.Logf("%.600s", out)
}
