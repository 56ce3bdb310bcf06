package main

import (
	"fmt"
	"testing"
	"time"
)

// The panel ends in the evening of a duress and starts again: in the middle of a text, of
// a call or between them, a moment later or when much is overdue. What anybody there sees
// from then on is what it is in an ordinary evening.
func TestTwiceAcrossARestart(t *testing.T) {
	t.Parallel()
	place := twiceStory{eligible: []string{benPhone, cleoPhone, doraPhone}}
	for _, at := range []struct{ cut, off time.Duration }{
		{odd(709), time.Second}, {712345 * time.Millisecond, 7 * time.Minute}, {odd(730), 3 * time.Second}, {odd(760), 7 * time.Minute}, {odd(905), time.Minute},
	} {
		t.Run(fmt.Sprintf("after %s, for %s", at.cut, at.off), func(t *testing.T) {
			evening := func(swapped bool) *stack {
				first := inBubble(t, stackOptions{swapped: swapped}, func(s *stack) {
					intrusion(s)
					s.until(odd(690))
					s.text(annaPhone, annas("DISARM"))
					s.until(at.cut)
				})
				return inBubble(t, stackOptions{swapped: swapped, house: first.store, up: at.cut + at.off}, func(s *stack) {
					for n, word := range []string{"STATUS", "LOG 3", "ARM", "DISARM"} {
						s.until(odd(600 + 60*n)) // between what is repeated
						s.text(annaPhone, annas(word))
					}
					s.until(odd(1200))
				})
			}
			plain, forced := evening(false), evening(true)
			a, b := plain.record.all(), forced.record.all()
			if len(only(b, "sealed")) < 3 {
				t.Error("nothing sealed was done")
			}
			for _, kind := range []string{"phone", "siren", "chirps", "shown", "polled", "examined", "scraped", "followed", "log", "trace"} {
				if d := firstDifference(atPlace(a, kind, place, 0), atPlace(b, kind, place, 0)); d != "" {
					t.Errorf("%s:\n%s", kind, d)
				}
			}
		})
	}
}
