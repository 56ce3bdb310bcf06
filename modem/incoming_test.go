package modem_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// takes has a modem that is up let callers in.
func takes(t *testing.T, f func(*bench)) {
	t.Helper()
	story(t, func(b *bench) {
		b.until("network")
		b.m.TakeCalls(true)
		time.Sleep(time.Second)
		b.forget()
		f(b)
	})
}

// caller is the call that Incoming has told of last.
func (b *bench) caller() uint64 {
	for _, e := range slices.Backward(b.told()) {
		if in, ok := e.(modem.Incoming); ok {
			return in.Call
		}
	}
	return 0
}

func (b *bench) lastCall(number string) simulator.CallRecord {
	calls := b.phone(number).Calls
	if len(calls) == 0 {
		return simulator.CallRecord{}
	}
	return calls[len(calls)-1]
}

func TestACallFromOutside(t *testing.T) {
	cases := []struct {
		name string
		do   func(b *bench)
		want []string
		end  string // as the phone has it
	}{
		{"answered, keyed, and hung up on", func(b *bench) {
			_ = b.m.Answer(b.ctx, b.caller())
			_ = b.sim.Digits(bob, "48#3")
			time.Sleep(5 * time.Second)
			_ = b.m.HangUp(b.ctx)
		}, []string{"incoming " + bob, "answered", "digit 4", "digit 8", "digit #", "digit 3", "ended hung up"}, "ended"},
		{"the caller hangs up", func(b *bench) {
			_ = b.m.Answer(b.ctx, b.caller())
			time.Sleep(time.Second)
			_ = b.sim.Hangup(bob)
		}, []string{"incoming " + bob, "answered", "ended remote hung up"}, "ended"},
		{"rejected", func(b *bench) { _ = b.m.Reject(b.ctx, b.caller()) }, []string{"incoming " + bob, "ended hung up"}, "rejected"},
		{"given up before the answer", func(b *bench) {
			_ = b.sim.Hangup(bob)
			if err := b.m.Answer(b.ctx, b.caller()); !errors.Is(err, modem.ErrNoCall) {
				b.t.Errorf("Answer returned %v", err)
			}
		}, []string{"incoming " + bob, "ended remote hung up"}, "no answer"},
		{"nobody decides", func(b *bench) { time.Sleep(15 * time.Second) }, []string{"incoming " + bob, "ended hung up"}, "rejected"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			takes(t, func(b *bench) {
				for range 2 { // nothing is left of the first
					b.forget()
					_ = b.sim.Call(bob)
					b.until("incoming " + bob)
					c.do(b)
					b.until("ended")
					time.Sleep(20 * time.Second)
					b.want(idle, c.want...)
					if got := b.lastCall(bob).Result; got != c.end {
						t.Errorf("for the phone it is %q, want %q", got, c.end)
					}
				}
				works(b)
			})
		})
	}
}

// Whoever has answered calls can be heard in none of them.
func TestACallFromOutsideHearsNothing(t *testing.T) {
	takes(t, func(b *bench) {
		_ = b.sim.Call(bob)
		b.until("incoming")
		if err := b.m.Answer(b.ctx, b.caller()); err != nil {
			t.Fatal(err)
		}
		mic := b.lastCall(bob).Mic
		if len(mic) != 2 || mic[1].Open || mic[1].Time.Sub(mic[0].Time) > 100*time.Millisecond {
			t.Errorf("the microphone was %+v", mic)
		}
	})
}

func TestWhoIsNotLetIn(t *testing.T) {
	cases := []struct {
		name string
		do   func(b *bench)
		from string
		want []string
		end  string
	}{
		{"calls are not taken any more", func(b *bench) { b.m.TakeCalls(false); time.Sleep(time.Second) }, bob, nil, "busy"},
		{"a withheld number", func(*bench) {}, "", []string{"rejected "}, "rejected"},
		{"while the panel dials", func(b *bench) { _, _ = b.m.Dial(b.ctx, anna, true) }, bob, nil, "busy"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			takes(t, func(b *bench) {
				c.do(b)
				b.forget()
				_ = b.sim.Call(c.from)
				time.Sleep(2 * time.Second)
				b.want(append([]string{"Ringing"}, idle...), c.want...)
				if got := b.lastCall(c.from).Result; got != c.end {
					t.Errorf("for the phone it is %q, want %q", got, c.end)
				}
			})
		})
	}
}

// Who rings while another is being rejected is another.
func TestTheNextCallerIsTold(t *testing.T) {
	takes(t, func(b *bench) {
		for _, number := range []string{bob, anna, bob} {
			began := time.Now()
			_ = b.sim.Call(number)
			b.until("incoming " + number)
			if d := time.Since(began); d > time.Second/2 {
				t.Errorf("%s is told after %s", number, d)
			}
			call := b.caller()
			b.forget()
			b.beside.Go(func() { _ = b.m.Reject(b.ctx, call) })
			for b.lastCall(number).Result == "ringing" {
				time.Sleep(time.Millisecond)
			}
			if got := b.lastCall(number).Result; got != "rejected" {
				t.Errorf("%s: %s", number, got)
			}
		}
	})
}

// What the panel has to say goes before a caller of whom nobody knows yet, and
// after its call the next is let in again.
func TestDialBeforeACaller(t *testing.T) {
	takes(t, func(b *bench) {
		_ = b.sim.Call(bob)
		b.until("incoming " + bob)
		if _, err := b.m.Dial(b.ctx, anna, false); err != nil {
			t.Fatal(err)
		}
		if err := b.m.Reject(b.ctx, b.caller()); err != nil { // it comes late, and must not end the other
			t.Error(err)
		}
		b.until("ringing")
		if sent := b.sent(); strings.LastIndex(sent, "GSMBUSY=1") < 0 || strings.LastIndex(sent, "GSMBUSY=1") > strings.Index(sent, "ATD") {
			t.Errorf("callers do not hear busy from the dialling on: %q", sent)
		}
		if err := b.m.HangUp(b.ctx); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Second)
		b.forget()
		_ = b.sim.Call(bob)
		b.until("incoming " + bob)
	})
}

// A modem that restarts lets nobody in until it is told to again, and that is
// done; a call that outlived the line is hung up.
func TestCallsAreTakenAfterARestart(t *testing.T) {
	for _, f := range []simulator.Fault{{Name: "reboot"}, {Name: "unplug"}, {Name: "no-answer", Command: "+CLCC"}, {Name: "no-answer", Command: "+VTS"}} {
		t.Run(f.Name+f.Command, func(t *testing.T) {
			takes(t, func(b *bench) {
				_ = b.sim.Call(bob)
				b.until("incoming")
				_ = b.m.Answer(b.ctx, b.caller())
				_ = b.sim.Fault(f)
				_ = b.m.Tones(b.ctx, "AD")
				time.Sleep(2 * time.Minute)
				_ = b.m.HangUp(b.ctx)
				if got := b.lastCall(bob).Result; got != "ended" {
					t.Errorf("the call is %q", got)
				}
				b.forget()
				_ = b.sim.Call(bob)
				b.until("incoming " + bob)
			})
		})
	}
}

// With calls taken, GSMBUSY has after a reset the value that is wanted, and tells
// nothing.
func TestAResetIsFoundWhileCallsAreTaken(t *testing.T) {
	takes(t, func(b *bench) {
		_ = b.sim.Fault(simulator.Fault{Name: "reboot"})
		b.until("up 2")
	})
}

// The trace has calls of phones whose texts it shows, without the digits, and
// nothing of any other.
func TestTheTraceOfCallers(t *testing.T) {
	for number, shown := range map[string]bool{anna: true, bob: false} {
		takes(t, func(b *bench) {
			_ = b.sim.Call(number)
			b.until("incoming")
			_ = b.m.Answer(b.ctx, b.caller())
			_ = b.sim.Digits(number, "4829#")
			time.Sleep(3 * time.Second)
			_ = b.m.Tones(b.ctx, "AD")
			_ = b.m.HangUp(b.ctx)
			b.m.TakeCalls(false)
			time.Sleep(time.Second)
			trace := b.dialogue()
			if got := strings.Contains(trace, "ATA") && strings.Contains(trace, "+CLIP"); got != shown {
				t.Errorf("%s shown: %v\n%s", number, got, trace)
			}
			if !shown && trace != "" {
				t.Errorf("the trace has\n%s", trace)
			}
			for _, secret := range []string{"DTMF", "GSMBUSY"} {
				if strings.Contains(trace, secret) {
					t.Errorf("%s is in the trace\n%s", secret, trace)
				}
			}
		})
	}
}

// The far end of a call of the panel's hears the place from Listen on.
func TestTheMicrophone(t *testing.T) {
	story(t, func(b *bench) {
		b.until("network")
		b.sim.SetPhone(bob, simulator.Behaviour{AnswerAfter: time.Second})
		call, err := b.m.Dial(b.ctx, bob, false)
		if err != nil {
			t.Fatal(err)
		}
		b.until("answered")
		time.Sleep(10 * time.Second)
		if err := b.m.Listen(b.ctx, call+1); !errors.Is(err, modem.ErrNoCall) {
			t.Errorf("of another call: %v", err)
		}
		if err := b.m.Listen(b.ctx, call); err != nil {
			t.Error(err)
		}
		mic := b.lastCall(bob).Mic
		if len(mic) != 3 || mic[1].Open || mic[1].Time.Sub(mic[0].Time) > 100*time.Millisecond || !mic[2].Open || mic[2].Time.Sub(mic[1].Time) < 10*time.Second {
			t.Errorf("the microphone was %+v", mic)
		}
	})
}

// A modem that knows nothing of sounds works as any other.
func TestAModemThatCanNotBeSilenced(t *testing.T) {
	for _, command := range []string{"+CMUT", "+CALM", "+CRSL", "+CLVL", "+DDET", "+GSMBUSY"} {
		t.Run(command, func(t *testing.T) {
			before := func(s *simulator.Modem) {
				_ = s.Fault(simulator.Fault{Name: "error", Command: command, Times: 1000})
			}
			storyWith(t, simulator.Options{}, before, func(b *bench) {
				b.until("network")
				b.m.TakeCalls(true)
				time.Sleep(5 * time.Minute)
				works(b)
				b.want([]string{"Network", "NetworkTime", "Ringing", "Answered", "Ended", "Received"})
			})
		})
	}
}
