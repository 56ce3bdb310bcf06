package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// wokeIn1970 is how far off a wall clock is that nobody has set.
const wokeIn1970 = 56 * 365 * 24 * time.Hour

// jumpy sets the wall clock at random instants from one to another: 56 years
// ahead, back, or right, believed or not.
func jumpy(s *stack, random *rand.Rand, from, to time.Duration) {
	for at := from; ; {
		at += time.Duration(random.Int64N(int64(8 * time.Second)))
		if at >= to {
			break
		}
		s.until(at)
		jumps := []time.Duration{-wokeIn1970, 0, wokeIn1970}
		s.clock.set(jumps[random.IntN(3)], random.IntN(2) == 0)
	}
	s.until(to)
}

// delay is something that must come when it is due, whatever the wall clock says.
type delay struct {
	name string
	due  time.Duration // since the stack's start
	seen func(*stack) (time.Duration, bool)
}

// shows is when the status first has a text, from an instant on.
func shows(text string, from time.Duration) func(*stack) (time.Duration, bool) {
	return first(from, "shown", "", text)
}

func first(from time.Duration, kind, who, text string) func(*stack) (time.Duration, bool) {
	return func(s *stack) (time.Duration, bool) {
		for _, r := range only(s.record.all(), kind) {
			if r.at >= from && (who == "" || r.who == who) && strings.Contains(r.what, text) {
				return r.at, true
			}
		}
		return 0, false
	}
}

// sirenIs is when the siren first gives a pattern.
func sirenIs(pattern string, from time.Duration) func(*stack) (time.Duration, bool) {
	return func(s *stack) (time.Duration, bool) {
		for _, r := range only(s.record.all(), "siren") {
			if r.at >= from && r.what == pattern {
				return r.at, true
			}
		}
		return 0, false
	}
}

// The delays of section 3 and the first repeat of section 7, on the ticks at
// which the story sets them off. A text takes 1.5 s of the network's time until
// the phone has it.
func delays() []delay {
	armed, opened := odd(60), odd(600)
	alarm := opened + 30*time.Second
	texts := alarm + 30*time.Second
	const network = 1500 * time.Millisecond
	return []delay{
		{"exit delay", armed + 60*time.Second, shows(`"state":"armed_away"`, armed)},
		{"entry delay", alarm, shows(`"state":"triggered"`, opened)},
		{"siren starts", alarm, sirenIs("steady", opened)},
		{"abort window", texts + network, first(opened, "phone", annaPhone, "delivered BURGLARY")},
		{"siren time", alarm + 240*time.Second, sirenIs("", alarm)},
		{"repeat at 5 minutes", texts + 5*time.Minute + network, first(texts+time.Minute, "phone", annaPhone, "delivered BURGLARY")},
	}
}

func TestClockJumps(t *testing.T) {
	t.Parallel()
	for seed := range stories(12) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(uint64(seed), 6))
			s := inBubble(t, stackOptions{disk: 2345678 * time.Nanosecond}, func(s *stack) {
				jumpy(s, random, 0, odd(60))
				s.clock.set(0, true) // or the text would be stale
				s.text(tomPhone, tomDigits+" ARM")
				jumpy(s, random, odd(60), odd(600))
				s.trip(hallDoor)
				jumpy(s, random, odd(600), odd(1300))
			})
			for _, d := range delays() {
				at, ok := d.seen(s)
				switch late := at - d.due; {
				case !ok:
					t.Errorf("%s: it never came", d.name)
				case late < 0 || late > time.Second:
					t.Errorf("%s: due at %s, came at %s", d.name, d.due, at)
				}
			}
		})
	}
}

// A number that is locked for 15 minutes is locked for just that time.
func TestClockJumpsDuringALock(t *testing.T) {
	t.Parallel()
	for seed := range 6 {
		random := rand.New(rand.NewPCG(uint64(seed), 7))
		wrong, free := odd(60), odd(60)+80*time.Second+15*time.Minute
		s := inBubble(t, stackOptions{}, func(s *stack) {
			for n := range 5 {
				s.until(wrong + time.Duration(n)*20*time.Second)
				s.text(annaPhone, "111222 STATUS")
			}
			jumpy(s, random, wrong+90*time.Second, free-time.Second) // still locked
			s.text(annaPhone, annaFirst+" ARM")
			jumpy(s, random, free-time.Second, free+time.Second)
			s.clock.set(0, false) // or the text would be stale
			s.text(annaPhone, annaFirst+" HOME")
			s.until(free + 20*time.Second)
		})
		var answers []string
		for _, r := range got(s.record.all(), annaPhone) {
			if r.at > free-5*time.Second {
				answers = append(answers, r.what)
			}
		}
		if len(answers) != 2 || !strings.HasPrefix(answers[0], "Locked until") || !strings.HasPrefix(answers[1], "Arming home") {
			t.Errorf("seed %d: around the lock's end Anna got %q", seed, answers)
		}
	}
}
