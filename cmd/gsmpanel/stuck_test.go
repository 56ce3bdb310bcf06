package main

import (
	"testing"
	"time"
)

// A call that rings must not keep the daemon from ending.
func TestStopInACall(t *testing.T) {
	s := inBubble(t, stackOptions{}, func(s *stack) {
		intrusion(s)
		s.until(odd(690) + 3*time.Second)
	})
	calls := only(s.record.all(), "phone")
	if last := calls[len(calls)-1]; last.what != "ringing" {
		t.Errorf("the last thing before the end was %s, not a call", last)
	}
}

// A loop that is stuck shows by the time of the status; one that has nothing to
// do does not.
func TestStuckLoopIsSeen(t *testing.T) {
	inBubble(t, stackOptions{siren: 5 * time.Minute}, func(s *stack) {
		s.until(odd(60))
		s.text(tomPhone, tomDigits+" ARM")
		s.until(odd(600))
		old := func() time.Duration {
			o, err := s.panel.Outward(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return s.clock.network().Sub(o.Time)
		}
		if d := old(); d != 0 {
			t.Errorf("after minutes of nothing the status is %s old", d)
		}
		s.trip(kitchenWindow)
		time.Sleep(3 * time.Minute)
		if d := old(); d < 179*time.Second || d > 3*time.Minute {
			t.Errorf("3 minutes after it was stuck the status is %s old", d)
		}
		time.Sleep(12 * time.Minute)
	})
}
