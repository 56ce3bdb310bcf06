package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// A burglary, told by text and call, and taken by the digit 1, with each kind of
// modem but the usual one.
func TestKindsTellABurglary(t *testing.T) {
	for _, kind := range simulator.Kinds()[1:] {
		t.Run(kind, func(t *testing.T) {
			s := inBubble(t, stackOptions{kind: kind}, func(s *stack) {
				for _, number := range []string{annaPhone, tomPhone} {
					s.sim.SetPhone(number, simulator.Behaviour{Rejects: true})
				}
				s.sim.SetPhone(benPhone, simulator.Behaviour{AnswerAfter: 3 * time.Second, Digits: "1"})
				intrusion(s)
				s.until(odd(1200))
			})
			c := s.lastCall(benPhone)
			if c.Result != "ended" || c.Digits != "1" || !strings.HasSuffix(c.Tones, patterns["taken"]) || len(c.Mic) != 2 || c.Mic[1].Open {
				t.Errorf("Ben's call: %+v", c)
			}
			for _, phone := range []string{annaPhone, tomPhone, doraPhone} {
				if _, told := firstText(s.record.all(), phone, "BURGLARY Hall", odd(600)); !told {
					t.Errorf("%s was told nothing:\n%v", phone, got(s.record.all(), phone))
				}
			}
			if _, told := firstText(s.record.all(), annaPhone, "Ben has taken", odd(600)); !told {
				t.Errorf("Anna does not know that Ben has taken it:\n%v", got(s.record.all(), annaPhone))
			}
		})
	}
}

// What the place sees of a duress is with no modem other than without one. Bytes
// take their time: else a stored report would be listed at the very instant at which
// the text after it has gone, and their order be a matter of chance. So do the polls,
// behind which a text may wait for some milliseconds.
func TestKindsTwice(t *testing.T) {
	t.Parallel()
	for n, kind := range simulator.Kinds()[1:] { // the first is in TestTwice
		some := twiceStories[3*n : 3*n+1] // in the entry delay, while the burglary is called
		if stories(0) > 0 {
			some = twiceStories
		}
		for _, y := range some {
			t.Run(kind+" "+y.name, func(t *testing.T) {
				o := stackOptions{kind: kind, baud: 115200}
				plain := play(t, y, o)
				o.swapped = true
				forced := play(t, y, o)
				settled := firstSealed(forced.record.all())
				for _, kind := range []string{"phone", "siren", "chirps", "shown", "followed", "log", "trace"} {
					a, b := atPlace(plain.record.all(), kind, y, settled), atPlace(forced.record.all(), kind, y, settled)
					for n := range min(len(a), len(b)) {
						if late := b[n].at - a[n].at; late.Abs() < 100*time.Millisecond {
							b[n].at = a[n].at
						}
					}
					if d := firstDifference(a, b); d != "" {
						t.Errorf("the two runs differ in their %s:\n%s", kind, d)
					}
				}
				checkPlace(t, y, plain, settled)
				checkTold(t, y, forced.record.all(), settled)
			})
		}
	}
}

// doctor finds nothing else wrong than with a SIM800, and does not call good what it
// has not read.
func TestDoctorOfOtherModems(t *testing.T) {
	dir := dataDirectory(t)
	var sound []string
	for _, kind := range simulator.Kinds() {
		inBubble(t, stackOptions{kind: kind}, func(s *stack) {
			well(s)
			time.Sleep(3 * time.Minute)
			told := s.diagnosis(dir, sound)
			if kind == "sim800" {
				sound = told
			} else if want := []string{"ok supply the modem's is not read: only that of a SIM800 is"}; !slices.Equal(told, want) {
				t.Errorf("of a %s: %q", kind, told)
			}
		})
	}
}
