package main

import (
	"strings"
	"testing"
	"time"
)

// A command that comes while what is sealed is sent, one text behind the other, is
// answered later by one of them at most: the next waits until it was read. This is the
// first repeat of a duress, when an ordinary evening has nothing more to send.
func TestAReplyWaitsForOneSealedTextAtMost(t *testing.T) {
	t.Parallel()
	repeat := odd(690) + 5*time.Minute + 8*time.Second
	step := 2700 * time.Millisecond
	if n := stories(0); n > 0 {
		step = 20 * time.Second / time.Duration(n)
	}
	waited := time.Duration(0)
	for at := repeat; at < repeat+20*time.Second; at += step {
		answered := func(swapped bool) time.Duration {
			s := inBubble(t, stackOptions{swapped: swapped, baud: 115200}, func(s *stack) {
				intrusion(s)
				s.until(odd(690))
				s.text(annaPhone, annas("DISARM"))
				s.until(at)
				s.text(annaPhone, annas("LOG 1"))
				s.until(at + time.Minute)
			})
			for _, r := range got(s.record.all(), annaPhone) {
				if r.at > at && strings.HasPrefix(r.what, "22.11 ") {
					return r.at
				}
			}
			t.Fatalf("asked at %s it is never answered", at)
			return 0
		}
		late := answered(true) - answered(false)
		if late < 0 || late > oneText+500*time.Millisecond { // with the reading
			t.Errorf("asked at %s it is answered %s later", at, late)
		}
		waited = max(waited, late)
	}
	if waited < time.Second {
		t.Errorf("it never came while something sealed was sent: %s", waited)
	}
}
