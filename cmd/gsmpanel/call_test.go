package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
)

// letsIn turns the call keypad on.
func (s *stack) letsIn() {
	s.t.Helper()
	if err := s.panel.Edit(s.t.Context(), panel.Set{Name: "call-keypad", Value: "true"}); err != nil {
		s.t.Fatal(err)
	}
	time.Sleep(time.Second)
}

// keys rings from a phone and, two seconds later, presses keys.
func (s *stack) keys(number, digits string) {
	s.t.Helper()
	if err := s.sim.Call(number); err != nil {
		s.t.Fatal(err)
	}
	time.Sleep(2313700 * time.Microsecond) // with no poll at the same instant
	if digits != "" {
		if err := s.sim.Digits(number, digits); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *stack) lastCall(number string) simulator.CallRecord {
	calls := phoneOf(s.sim, number).Calls
	if len(calls) == 0 {
		return simulator.CallRecord{}
	}
	return calls[len(calls)-1]
}

func (s *stack) state() string {
	s.t.Helper()
	o, err := s.panel.Outward(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return o.State
}

// TestCallTwice gives a command by a call, once with the ordinary code and once
// with the duress code.
func TestCallTwice(t *testing.T) {
	t.Parallel()
	armed := func(s *stack) {
		s.until(odd(30))
		s.letsIn()
		s.until(odd(60))
		if _, err := s.panel.Command(s.t.Context(), panel.CommandRequest{Verb: panel.VerbArm}); err != nil {
			s.t.Fatal(err)
		}
	}
	for name, tail := range map[string]string{"disarmed": "#3", "asked": "#0", "no command": "#9", "armed another way": "#2"} {
		t.Run(name, func(t *testing.T) {
			y := twiceStory{more: func(s *stack) {
				armed(s)
				s.until(odd(690))
				s.keys(annaPhone, annaFirst+tail)
				s.until(odd(720))
				s.keys(annaPhone, "") // hears busy
			}, forced: odd(730), body: "STATUS", eligible: []string{benPhone, cleoPhone}, calm: true}
			plain, forced := play(t, y, stackOptions{}), play(t, y, stackOptions{swapped: true})
			if d := difference(y, plain, forced); d != "" {
				t.Errorf("the two runs differ in their %s", d)
			}
			for _, s := range []*stack{plain, forced} {
				calls := phoneOf(s.sim, annaPhone).Calls
				if len(calls) < 2 || calls[0].Result != "ended" || calls[0].Tones == "" || calls[1].Result != "busy" {
					t.Errorf("Anna's calls are %+v", calls)
				}
			}
			list := forced.record.all()
			if first := firstSealed(list); first < odd(690)+8*time.Second {
				t.Errorf("something sealed was sent at %s, during the call", first)
			}
			if _, told := firstText(list, benPhone, "DURESS Anna", odd(690)); !told {
				t.Error("Ben was not told")
			}
		})
	}
}

func TestKeyedCall(t *testing.T) {
	inBubble(t, stackOptions{}, func(s *stack) {
		s.letsIn()
		for number, want := range map[string]string{strangerPhone: "rejected", benPhone: "rejected", "": "rejected"} {
			_ = s.sim.Call(number)
			time.Sleep(2 * time.Second)
			if got := s.lastCall(number).Result; got != want {
				t.Errorf("for %q it is %s", number, got)
			}
		}
		t.Log("nothing is keyed")
		s.keys(annaPhone, "")
		time.Sleep(time.Minute)
		c := s.lastCall(annaPhone)
		if d := c.Ended.Sub(c.Time); c.Result != "ended" || d < 45*time.Second || d > 47*time.Second {
			t.Errorf("the call lasted %s: %+v", d, c)
		}
		t.Log("three wrong codes")
		s.keys(annaPhone, "111222#1444555#1666777#1")
		time.Sleep(time.Minute)
		if c := s.lastCall(annaPhone); c.Result != "ended" || c.Tones != strings.Repeat(patterns["refused"], 3) || s.state() != "disarmed" {
			t.Errorf("after three wrong codes: %s, %+v", s.state(), c)
		}
		t.Log("armed, and hung up on 3 s after the beep")
		s.keys(annaPhone, annaFirst+"#1")
		time.Sleep(15 * time.Second)
		c = s.lastCall(annaPhone)
		if s.state() != "arming" || len(c.Heard) != 1 || c.Tones != patterns["done"] {
			t.Fatalf("%s, %+v", s.state(), c)
		}
		if d := c.Ended.Sub(c.Heard[0].Time); d < 3*time.Second || d > 5*time.Second {
			t.Errorf("hung up on %s after the beep", d)
		}
		for _, m := range c.Mic[1:] {
			if m.Open {
				t.Error("a caller hears the house")
			}
		}
		t.Log("busy for 20 minutes")
		heard := c.Heard[0].Time
		time.Sleep(heard.Add(20*time.Minute - 2*time.Second).Sub(s.clock.network()))
		_ = s.sim.Call(annaPhone)
		if got := s.lastCall(annaPhone).Result; got != "busy" {
			t.Errorf("before the time is over: %s", got)
		}
		time.Sleep(5 * time.Second)
		s.keys(annaPhone, annaFirst+"#3")
		time.Sleep(15 * time.Second)
		if s.state() != "disarmed" {
			t.Errorf("after 20 minutes it is %s", s.state())
		}
	})
}

// A modem that starts anew in the middle of a call ends it, and callers are let in
// again after.
func TestAModemThatFailsInACall(t *testing.T) {
	for _, f := range []simulator.Fault{{Name: "reboot"}, {Name: "unplug", For: 5 * time.Second}, {Name: "no-answer", Command: "+VTS"}, {Name: "error", Command: "+VTS"}, {Name: "error", Command: "A"}} {
		t.Run(f.Name+f.Command, func(t *testing.T) {
			inBubble(t, stackOptions{}, func(s *stack) {
				s.letsIn()
				_ = s.sim.Call(annaPhone)
				if f.Command != "A" {
					time.Sleep(2 * time.Second)
				}
				_ = s.sim.Fault(f)
				if f.Command == "+VTS" {
					_ = s.sim.Digits(annaPhone, "111222#3")
				}
				time.Sleep(2 * time.Minute)
				if got := s.lastCall(annaPhone).Result; got != "ended" && got != "rejected" {
					t.Errorf("the call is %s", got)
				}
				s.keys(annaPhone, annaFirst+"#1")
				time.Sleep(15 * time.Second)
				if got := s.state(); got != "arming" {
					t.Errorf("the next call: %s", got)
				}
			})
		})
	}
}

// Ben takes a burglary and listens; the microphone is open for those minutes only,
// and what the phones in the house hear of it comes after.
func TestListeningIn(t *testing.T) {
	inBubble(t, stackOptions{}, func(s *stack) {
		for _, number := range []string{annaPhone, tomPhone} {
			s.sim.SetPhone(number, simulator.Behaviour{Rejects: true})
		}
		s.sim.SetPhone(benPhone, simulator.Behaviour{AnswerAfter: 3 * time.Second, Digits: "17"})
		intrusion(s)
		s.until(odd(1200))
		c := s.lastCall(benPhone)
		if c.Result != "ended" || !strings.HasSuffix(c.Tones, patterns["taken"]) || len(c.Mic) != 3 {
			t.Fatalf("Ben's call: %+v", c)
		}
		connected, shut, opened := c.Mic[0], c.Mic[1], c.Mic[2]
		if shut.Open || shut.Time.Sub(connected.Time) > 200*time.Millisecond || !opened.Open {
			t.Errorf("the microphone: %+v", c.Mic)
		}
		if d := c.Ended.Sub(opened.Time); d < 299*time.Second || d > 303*time.Second {
			t.Errorf("he listens for %s", d)
		}
		for _, r := range got(s.record.all(), annaPhone) {
			if strings.Contains(r.what, "Ben has taken it") && firstEvening.Add(r.at).Before(c.Ended) {
				t.Errorf("a text during the call: %s", r)
			}
		}
	})
}

// A flood of digits does not hide the end of the call.
func TestAFloodOfDigits(t *testing.T) {
	g := newLine(modem.New(modem.Options{}), &wallClock{})
	events := make(chan modem.Event, 64)
	g.follow(events)
	for range 1000 {
		g.on(modem.Digit{Call: 1, Key: '5'})
	}
	g.on(modem.Ended{Call: 1, Cause: modem.CauseRemote})
	c := &liveCall{line: g, id: 1, events: events, quiet: func() {}, on: panel.CallEvents{Key: func(byte) {}}}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if out := c.run(ctx, nil); out.Result != "answered" {
		t.Errorf("the call came to %q", out.Result)
	}
}
