package store

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gsmpanel/gsmpanel/panel"
)

// swollen is a household whose journal once had long texts, all overwritten since.
func swollen(t *testing.T, text string) (dir string, last panel.Snapshot) {
	t.Helper()
	dir, last = household(t, 1)
	s := open(t, dir)
	for _, long := range []string{text, ""} {
		last.Entries = nil
		for n := range uint64(500) {
			e := entry(n + 1)
			e.Text += long
			last.Entries = append(last.Entries, e)
		}
		commit(t, s, last)
	}
	closeNow(t, s)
	return dir, last
}

func TestLargeFileThatIsMostlyFreeIsWrittenAnew(t *testing.T) {
	t.Parallel()
	dir, last := swollen(t, strings.Repeat(" long ago", 1200))
	before := read(t, dir, DatabaseFile)
	if len(before) < compactFrom || !bytes.Contains(before, []byte("long ago")) {
		t.Fatalf("the test is blind: the file has %d bytes", len(before))
	}
	write(t, dir, DatabaseFile+unfinished, []byte("a power cut has left this"))
	for range 2 { // the second time there is nothing to do
		s := open(t, dir)
		_, st := load(t, s)
		entries, err := s.Entries(0)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "state", st, last.State)
		equal(t, "entries", entries, last.Entries)
		commit(t, s, panel.Snapshot{Config: last.Config, State: last.State}) // it is a database like any other
		closeNow(t, s)
		if after := read(t, dir, DatabaseFile); len(after) > compactFrom/2 || bytes.Contains(after, []byte("long ago")) {
			t.Errorf("it has %d bytes", len(after))
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*"+unfinished)); err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
}

// Where it cannot be written anew the panel starts all the same.
func TestFileThatCannotBeWrittenAnewStaysAsItIs(t *testing.T) {
	t.Parallel()
	dir, last := swollen(t, strings.Repeat(" long ago", 1200))
	before := read(t, dir, DatabaseFile)
	key, err := readKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	o := newOpening(dir, Options{})
	o.checkLimit = 1 // ns: no copy is found sound
	s := &Store{dir: dir, key: key, random: o.Rand}
	if err := o.openDatabase(s); err != nil {
		t.Fatal(err)
	}
	if s, err = o.compacted(s); err != nil {
		t.Fatal(err)
	}
	_, st := load(t, s)
	equal(t, "state", st, last.State)
	if err := s.closeDatabase(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(read(t, dir, DatabaseFile), before) {
		t.Error("the file was changed")
	}
	if _, err := os.Stat(filepath.Join(dir, DatabaseFile+unfinished)); err == nil {
		t.Error("half a copy is left")
	}
}
