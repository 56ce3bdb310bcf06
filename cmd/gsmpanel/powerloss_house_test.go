package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/store"
)

// TestPowerLossOfAHouse lets the power of a real panel fail, GSMPANEL_POWER times, in
// an evening with a burglary, and one with a disarm under duress. All that anybody was
// told by then is on the disk, with the alarm that it is about.
func TestPowerLossOfAHouse(t *testing.T) {
	cuts, err := strconv.Atoi(os.Getenv("GSMPANEL_POWER"))
	if err != nil {
		t.Skip("without GSMPANEL_POWER only TestPowerLoss is tried")
	}
	needsStrace(t)
	k, err := newKilled(t, "house", furnishKilled(t), rand.New(rand.NewPCG(0, 0)))
	if err != nil {
		t.Fatal(err)
	}
	defer k.close()
	before := filesIn(t, k.path("data"))
	run := tracedRun{k.recordEvening(t), func() *forgetfulDisk { return diskWith(k.dir, before) }, func() promise { return &panelPromise{} }}
	told, events := &panelPromise{}, map[string]int{}
	for _, m := range run.moments {
		told.hear(m)
	}
	for _, e := range told.entries {
		events[e.Event]++
	}
	if events["alarm"] != 2 || events["disarmed"] != 2 {
		t.Fatalf("the test is blind: told were %v", events)
	}
	run.loseOften(t, cuts)
}

func filesIn(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, name := range []string{store.DatabaseFile, store.KeyFile, store.MarkerFile} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Join(dir, name)] = data
	}
	return out
}

// diskWith is a disk that has files in root/data.
func diskWith(root string, files map[string][]byte) *forgetfulDisk {
	d := newForgetfulDisk(root)
	d.names[filepath.Join(root, "data")] = []*forgetfulFile{{directory: true}}
	for path, data := range files {
		d.names[path] = []*forgetfulFile{{stable: append([]byte(nil), data...)}}
	}
	return d
}

// recordEvening is what the panel does in it.
func (k *killed) recordEvening(t *testing.T) []traceMoment {
	t.Helper()
	trace := filepath.Join(t.TempDir(), "trace")
	k.log = k.path("panel.log")
	command := traced(trace, "gsmpanel", "run", "--data", k.path("data"), "--modem", k.path("modem"), "--radio", "exec:exec cat '"+k.path("air")+"'")
	p := startFor(t, k.log, nil, command[0], command[1:]...)
	if err := untilReady(k.log); err != nil {
		t.Fatal(err)
	}
	startFor(t, k.path("followed"), nil, "gsmpanel", "--data", k.path("data"), "log", "--follow", "--json", "-n", "1")
	anna, friends := killNumbers[0], killNumbers[1:]
	for n, digits := range []string{houseCode, houseOther} {
		s := &story{killed: k, door: n + 1, had: map[string]int{}}
		for _, number := range killNumbers {
			s.had[number] = len(k.texts(number))
		}
		told := []string{"CANCEL: disarmed by Anna", "DURESS Anna forced to disarm"}[n]
		err := steps(s.says(anna, houseCode+" ARM"), s.sees("Armed away.", anna), s.breaksIn, s.sees("BURGLARY Door", killNumbers...),
			s.sees("Ben has taken it: BURGLARY", anna), s.says(anna, digits+" DISARM"), s.sees("Disarmed.", anna), s.sees(told, friends...))
		if err != nil {
			t.Fatalf("%v\n%s", err, s.show())
		}
	}
	panels := family(p.pid())
	if len(panels) < 2 {
		t.Fatal("strace runs no panel")
	}
	if err := syscall.Kill(panels[1], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.gone:
	case <-time.After(mostWait):
		t.Fatal("strace does not end")
	}
	moments, err := readTrace(trace)
	if err != nil {
		t.Fatal(err)
	}
	return moments
}

// panelPromise are the entries that a panel has begun to tell those who follow its
// journal, as it does once they are committed.
type panelPromise struct{ entries []panel.Entry }

func (p *panelPromise) hear(m traceMoment) bool {
	if m.ends || m.call.name != "write" || !strings.HasPrefix(m.call.target(), "socket:") {
		return false
	}
	var said struct{ Entry *panel.Entry }
	if err := json.Unmarshal([]byte(m.call.word(1)), &said); err != nil || said.Entry == nil {
		return false
	}
	p.entries = append(p.entries, *said.Entry)
	return true
}

func (p *panelPromise) kept(dir string) error {
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	_, st, err := s.Load()
	entries, reading := s.Entries(0)
	err = errors.Join(err, reading, s.Close())
	if err == nil && uint64(len(entries)) != st.Open.Entries {
		err = fmt.Errorf("%d entries, and the state counts %d", len(entries), st.Open.Entries)
	}
	for _, e := range p.entries {
		if e.Number > uint64(len(entries)) || entries[e.Number-1] != e {
			err = errors.Join(err, fmt.Errorf("entry %d was told, and is not there: %s", e.Number, e.Event))
		}
	}
	return errors.Join(err, hasItsAlarm(st, entries))
}

// hasItsAlarm looks whether the state has what the journal tells of.
func hasItsAlarm(st panel.State, entries []panel.Entry) error {
	alarm, disarms := false, 0
	for _, e := range entries {
		switch e.Event {
		case "alarm":
			alarm = true
		case "disarmed":
			alarm = false
			disarms++
		}
	}
	open := 0
	for _, i := range st.Open.Book.Incidents {
		if i.Kind == alert.Burglary && i.Closed == 0 && len(i.Recipients) == len(killNumbers) {
			open++
		}
	}
	if alarm && open == 0 {
		return fmt.Errorf("the journal has an alarm and the book no burglary: %+v", st.Open.Book.Incidents)
	}
	if disarms == 2 && len(st.Sealed.Pending)+len(st.Sealed.Book.Incidents) == 0 {
		return errors.New("of the disarm under duress nothing is there")
	}
	return nil
}
