package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
)

// The disk hangs for 20 minutes, from somewhere in the entry delay or the abort
// window on. Nothing of the alarm waits for it, and nothing is lost by it.
func TestDiskHangs(t *testing.T) {
	t.Parallel()
	opened := odd(600)
	texts := opened + 60*time.Second // entry delay and abort window
	for _, after := range []time.Duration{-time.Millisecond, 5 * time.Second, 29 * time.Second, 31 * time.Second, 55 * time.Second, 59500 * time.Millisecond} {
		t.Run(fmt.Sprintf("%s after the door", after), func(t *testing.T) {
			hangs := opened + after
			back := hangs + 20*time.Minute
			var onSIM, discarded []int
			s := inBubble(t, stackOptions{disk: 2345678 * time.Nanosecond}, func(s *stack) {
				s.until(odd(60))
				s.text(tomPhone, tomDigits+" ARM")
				time.AfterFunc(hangs-s.passed(), func() { s.store.hang(20 * time.Minute) })
				s.until(opened)
				s.trip(hallDoor)
				for n, from := range []string{strangerPhone, evePhone, annaPhone} {
					s.until(odd(900 + 60*n))
					s.text(from, annas("STATUS"))
				}
				s.until(back - time.Second)
				onSIM, discarded = s.stored(0)
				s.until(back + 10*time.Minute)
			})
			list := s.record.all()
			if left := len(onSIM) - len(discarded); left != 3 {
				t.Errorf("%d texts were on the SIM before they were committed, want 3", left)
			}
			if stored, gone := s.stored(0); len(stored) != len(gone) {
				t.Errorf("%d texts came and %d were deleted after the commit", len(stored), len(gone))
			}
			for _, phone := range []string{annaPhone, tomPhone, benPhone} {
				if _, ok := firstText(list, phone, "BURGLARY", opened); !ok {
					t.Errorf("%s was not told of the burglary", phone)
				}
			}
			if first, ok := firstText(list, annaPhone, "BURGLARY", opened); !ok || first.at < texts || first.at > texts+5*time.Second {
				t.Errorf("the first text was due at %s, it came at %v", texts, first)
			}
			if reply, ok := firstText(list, annaPhone, "ALARM", opened); !ok || reply.at > odd(1020)+time.Minute {
				t.Errorf("Anna's STATUS was not answered while the disk hung: %v", reply)
			}
			checkTrouble(t, list, back)
			checkJournal(t, s)
		})
	}
}

// stored counts the texts that were put on the SIM and those that the panel has
// deleted there, from an instant on.
func (s *stack) stored(from time.Duration) (stored, deleted []int) {
	for n, r := range only(s.record.all(), "sim") {
		switch {
		case r.at < from:
		case r.what == "text-stored":
			stored = append(stored, n)
		case r.what == "cmgd":
			deleted = append(deleted, n)
		}
	}
	return stored, deleted
}

// checkTrouble wants the disk's trouble told once, and its end once.
func checkTrouble(t *testing.T, list []recorded, back time.Duration) {
	t.Helper()
	began, over := 0, 0
	for _, r := range got(list, evePhone) { // who gets troubles, and is not in the house
		switch {
		case strings.Contains(r.what, "Over: disk"):
			over++
			if r.at < back {
				t.Errorf("its end was told before it: %v", r)
			}
		case strings.Contains(r.what, "Trouble: disk"):
			began++
		}
	}
	if began != 1 || over != 1 {
		t.Errorf("the trouble was told %d times and its end %d times, want both once", began, over)
	}
}

// checkJournal wants everything in the store, in order, without a gap, and the
// alarm in it.
func checkJournal(t *testing.T, s *stack) {
	t.Helper()
	entries, err := s.store.Entries(0)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for n, e := range entries {
		seen[e.Event]++
		if n > 0 && e.Number != entries[n-1].Number+1 {
			t.Errorf("entry %d follows entry %d", e.Number, entries[n-1].Number)
		}
	}
	for event, times := range map[string]int{"entry": 1, "alarm": 1, "status": 1, "trouble": 1, "trouble_end": 1} {
		if seen[event] != times {
			t.Errorf("the journal has %d times %q, want %d: %v", seen[event], event, times, seen)
		}
	}
	last, err := s.panel.Log(t.Context(), 1)
	if err != nil || len(last) != 1 || last[0] != entries[len(entries)-1] {
		t.Errorf("the last entry is %v (%v)", last, err)
	}
	var shown panel.Outward
	if shown, err = s.panel.Outward(t.Context()); err != nil || len(shown.Troubles) != 0 {
		t.Errorf("there are troubles left: %v (%v)", shown.Troubles, err)
	}
}
