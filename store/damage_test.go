package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
)

// damaged opens a copy of a household whose database is data. A test process
// that dies is a failure by itself; a check that hangs is cut short.
func damaged(t *testing.T, from string, data []byte) (panel.Config, panel.State, error) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{KeyFile, MarkerFile} {
		write(t, dir, name, read(t, from, name))
	}
	write(t, dir, DatabaseFile, data)
	o := newOpening(dir, Options{})
	o.checkLimit = 3 * time.Second
	s, err := o.run()
	if err == nil {
		var c panel.Config
		var st panel.State
		c, st, err = s.Load()
		closeNow(t, s)
		if err == nil {
			return c, st, nil
		}
	}
	if !bytes.Equal(data, read(t, dir, DatabaseFile)) {
		t.Errorf("the damaged file was changed")
	}
	return panel.Config{}, panel.State{}, err
}

// sentence is what a homeowner gets to read of a damaged file.
func sentence(t *testing.T, err error) {
	t.Helper()
	text := err.Error()
	if !strings.Contains(text, "damaged") && !strings.Contains(text, "nothing was changed") || strings.Contains(text, "\n") || strings.Contains(text, "goroutine") {
		t.Errorf("no sentence to act on: %s", text)
	}
}

// whole checks what a damaged file still gave: the last commit or, where one of
// the two heads of the file was hit, the one before.
func whole(t *testing.T, c panel.Config, st panel.State, last panel.Snapshot) {
	t.Helper()
	equal(t, "configuration", c, last.Config)
	n := last.State.Open.Entries
	if st.Open.Entries != n && st.Open.Entries != n-1 {
		t.Errorf("state of commit %d, want %d or %d", st.Open.Entries, n, n-1)
	}
	want := step(last.Config, last.State, st.Open.Entries).State
	equal(t, "state", st, want)
}

func TestTruncatedDatabase(t *testing.T) {
	t.Parallel()
	dir, last := household(t, 30)
	data := read(t, dir, DatabaseFile)
	var refused atomic.Int32
	t.Run("all", func(t *testing.T) { // returns when those inside have ended
		for size := 0; size <= used(data); size += 4096 {
			t.Run(fmt.Sprintf("to %d", size), func(t *testing.T) {
				t.Parallel()
				c, st, err := damaged(t, dir, data[:size])
				if err != nil {
					refused.Add(1)
					sentence(t, err)
					return
				}
				whole(t, c, st, last)
			})
		}
	})
	if refused.Load() < 10 {
		t.Errorf("%d of %d were noticed", refused.Load(), used(data)/4096)
	}
}

// head is where the newest of the file's two heads begins.
func head(data []byte) int {
	second := os.Getpagesize()
	if word(data, second+64) > word(data, 64) { // transaction
		return second
	}
	return 0
}

func word(data []byte, offset int) uint64 { return binary.LittleEndian.Uint64(data[offset:]) }

// used is up to where the file has pages, in bytes; the rest was made in advance.
func used(data []byte) int { return int(word(data, head(data)+56)) * os.Getpagesize() }

func TestRandomDamage(t *testing.T) {
	t.Parallel()
	dir, last := household(t, 30)
	data := read(t, dir, DatabaseFile)
	var refused atomic.Int32
	t.Run("all", func(t *testing.T) { // returns when those inside have ended
		for seed := range uint64(50) {
			t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
				t.Parallel()
				random := rand.New(rand.NewPCG(seed, 0))
				hit := bytes.Clone(data)
				page := random.IntN(used(hit)/4096) * 4096
				for range 64 {
					hit[page+random.IntN(4096)] = byte(random.Uint32())
				}
				c, st, err := damaged(t, dir, hit)
				if err != nil {
					refused.Add(1)
					sentence(t, err)
					return
				}
				whole(t, c, st, last)
			})
		}
	})
	if refused.Load() < 10 {
		t.Errorf("%d of 50 damages were noticed", refused.Load())
	}
}

// A page in use is listed as free: everything still reads well, and the next
// commit would write over it.
func TestPageBothUsedAndFree(t *testing.T) {
	dir, _ := household(t, 30)
	data := read(t, dir, DatabaseFile)
	root, freelist := word(data, head(data)+32), word(data, head(data)+48)
	binary.LittleEndian.PutUint64(data[int(freelist)*os.Getpagesize()+16:], root)
	_, _, err := damaged(t, dir, data)
	if err == nil || !strings.Contains(err.Error(), "its check says") {
		t.Fatalf("got %v", err)
	}
	sentence(t, err)
}

// One digit of a telephone number turns in the file, and no structure with it.
func TestTurnedDigitIsNoticed(t *testing.T) {
	dir, _ := household(t, 1)
	data := read(t, dir, DatabaseFile)
	hit := bytes.ReplaceAll(data, []byte("+447700900001"), []byte("+447700900009"))
	if bytes.Equal(hit, data) {
		t.Fatal("the number is not in the file")
	}
	_, _, err := damaged(t, dir, hit)
	if err == nil || !strings.Contains(err.Error(), "the configuration has a wrong checksum") {
		t.Fatalf("got %v", err)
	}
	sentence(t, err)
}

// The card loses pages of the file while the panel runs: an error, not the end
// of the alarm.
func TestFileShrinksWhileOpen(t *testing.T) {
	dir, last := household(t, 30)
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, DatabaseFile), 8192); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Load(); err == nil {
		t.Error("Load read what is not there")
	}
	err = s.Commit(last)
	if err == nil {
		t.Fatal("Commit acknowledged on a file without its pages")
	}
	sentence(t, err)
	if again := s.Commit(last); again == nil || again.Error() != err.Error() {
		t.Errorf("after a fault the store must stay unusable: %v", again)
	}
	closeNow(t, s)
	if _, err := Open(dir, Options{}); err == nil {
		t.Error("the truncated file was opened")
	} else {
		sentence(t, err)
	}
}
