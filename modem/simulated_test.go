package modem_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

// The dialogues as Trace has them. Rewrite with: go test ./modem -run Transcripts -update
func TestTranscripts(t *testing.T) {
	cases := []struct {
		name string
		do   func(b *bench)
	}{
		{"initialise", func(b *bench) {}},
		{"send", func(b *bench) {
			if _, err := b.m.Send(b.ctx, modem.Text{To: anna, Body: "Code 4711 taken", Report: true, Validity: 15 * time.Minute}); err != nil {
				b.t.Error(err)
			}
		}},
		{"refused", func(b *bench) {
			_ = b.sim.Fault(simulator.Fault{Name: "error", Command: "+CMGS", Code: 21})
			_, err := b.m.Send(b.ctx, modem.Text{To: anna, Body: "No credit"})
			if cms := (*modem.CMSError)(nil); !errors.As(err, &cms) || cms.Code != 21 {
				b.t.Errorf("got %v", err)
			}
		}},
		{"receive", func(b *bench) {
			_ = b.sim.Text(anna, "482913 disarm")
			b.until("text from")
			time.Sleep(time.Second)
		}},
		{"call", func(b *bench) {
			b.sim.SetPhone(bob, simulator.Behaviour{AnswerAfter: 4 * time.Second, Digits: "1"})
			if _, err := b.m.Dial(b.ctx, bob, false); err != nil {
				b.t.Error(err)
			}
			b.until("answered")
			if err := b.m.Tones(b.ctx, "159"); err != nil {
				b.t.Error(err)
			}
			b.until("digit 1")
			if err := b.m.HangUp(b.ctx); err != nil {
				b.t.Error(err)
			}
		}},
		{"busy", func(b *bench) {
			b.sim.SetPhone(bob, simulator.Behaviour{Busy: true})
			_, _ = b.m.Dial(b.ctx, bob, false)
			b.until("ended busy")
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			// not on the second, so that nothing of it meets the poll; and two lines that
			// the modem says at once do not come at once
			storyWith(t, simulator.Options{SetupTime: 2300 * time.Millisecond, Baud: 115200}, func(*simulator.Modem) {}, func(b *bench) {
				b.until("network")
				if c.name != "initialise" {
					b.forget()
				}
				c.do(b)
				golden(t, c.name, b.dialogue()+"\n")
			})
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the dialogue was\n%s\nwant %s:\n%s", got, path, want)
	}
}

func TestCallsEndOnceWithTheirCause(t *testing.T) {
	cases := []struct {
		name  string
		phone simulator.Behaviour
		do    func(b *bench)
		want  []string
	}{
		{"not answered", simulator.Behaviour{}, nil, []string{"ringing", "ended no answer"}},
		{"busy", simulator.Behaviour{Busy: true}, nil, []string{"ended busy"}},
		{"rejected", simulator.Behaviour{Rejects: true}, nil, []string{"ringing", "ended rejected"}},
		{"voicemail is an answer", simulator.Behaviour{Voicemail: true}, func(b *bench) {
			b.until("answered")
			_ = b.m.HangUp(b.ctx)
		}, []string{"ringing", "answered", "ended hung up"}},
		{"the other end hangs up", simulator.Behaviour{AnswerAfter: time.Second}, func(b *bench) {
			b.until("answered")
			time.Sleep(5 * time.Second)
			_ = b.sim.Hangup(bob)
		}, []string{"ringing", "answered", "ended remote hung up"}},
		{"hung up while it rings", simulator.Behaviour{}, func(b *bench) {
			b.until("ringing")
			_ = b.m.HangUp(b.ctx)
		}, []string{"ringing", "ended hung up"}},
		{"the network goes while it rings", simulator.Behaviour{}, func(b *bench) {
			b.until("ringing")
			_ = b.sim.Fault(simulator.Fault{Name: "network-lost"})
			time.Sleep(40 * time.Second)
		}, []string{"ringing", "ended no network"}},
		{"hung up at once, twice", simulator.Behaviour{}, func(b *bench) {
			_ = b.m.HangUp(b.ctx)
			_ = b.m.HangUp(b.ctx)
		}, []string{"ended hung up"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			story(t, func(b *bench) {
				b.until("up 1")
				b.sim.SetPhone(bob, c.phone)
				for range 2 { // a second call is as the first: nothing of it is left
					b.forget()
					if _, err := b.m.Dial(b.ctx, bob, false); err != nil {
						t.Fatal(err)
					}
					if c.do != nil {
						c.do(b)
					}
					b.until("ended")
					time.Sleep(10 * time.Second)
					b.want(idle, c.want...)
				}
			})
		})
	}
}

func TestDialDuringACallIsRefused(t *testing.T) {
	story(t, func(b *bench) {
		b.until("up 1")
		if _, err := b.m.Dial(b.ctx, bob, false); err != nil {
			t.Fatal(err)
		}
		if _, err := b.m.Dial(b.ctx, anna, false); !errors.Is(err, modem.ErrCall) {
			t.Errorf("got %v", err)
		}
		if err := b.m.Tones(b.ctx, "1"); !errors.Is(err, modem.ErrNoCall) {
			t.Errorf("tones before the answer: %v", err)
		}
	})
}

func TestACallFromOutsideIsRejected(t *testing.T) {
	story(t, func(b *bench) {
		b.until("network")
		_ = b.sim.Call(anna) // GSMBUSY=1: the modem does it alone
		time.Sleep(10 * time.Second)
		b.want(idle)
	})
}

func TestWhatASendTells(t *testing.T) {
	cases := []struct {
		name    string
		fault   simulator.Fault
		want    error
		arrives bool
		within  time.Duration
	}{
		{"no prompt: nothing was sent", simulator.Fault{Name: "no-answer", Command: "+CMGS"}, modem.ErrDown, false, 11 * time.Second},
		{"answer lost after the network took it", simulator.Fault{Name: "lost-after-accept"}, modem.ErrUnknown, true, 61 * time.Second},
		{"answer late", simulator.Fault{Name: "late"}, modem.ErrUnknown, true, 61 * time.Second},
		{"reset before the network took it", simulator.Fault{Name: "reboot", Command: "+CMGS"}, modem.ErrUnknown, false, 10 * time.Second},
		{"reset after", simulator.Fault{Name: "reboot", Command: "+CMGS", After: true}, modem.ErrUnknown, true, 10 * time.Second},
		{"unplugged", simulator.Fault{Name: "unplug", Command: "+CMGS"}, modem.ErrUnknown, false, 10 * time.Second},
		{"congestion", simulator.Fault{Name: "error", Command: "+CMGS", Code: 42}, &modem.CMSError{Code: 42}, false, 10 * time.Second},
		{"the network has it already", simulator.Fault{Name: "error-sent", Command: "+CMGS"}, nil, true, 10 * time.Second},
		{"garbage beside it", simulator.Fault{Name: "garbage", Command: "+CMGS"}, nil, true, 10 * time.Second},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			story(t, func(b *bench) {
				b.until("network")
				if err := b.sim.Fault(c.fault); err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				_, err := b.m.Send(b.ctx, modem.Text{To: anna, Body: "first"})
				if !same(err, c.want) {
					t.Errorf("Send returned %v, want %v", err, c.want)
				}
				if d := time.Since(began); d > c.within {
					t.Errorf("after %v, want within %v", d, c.within)
				}
				time.Sleep(2 * time.Minute)
				if got := len(b.texts(anna)) == 1; got != c.arrives {
					t.Errorf("it arrived: %v", got)
				}
				if _, err := b.m.Send(b.ctx, modem.Text{To: bob, Body: "second"}); err != nil {
					t.Errorf("the next text: %v\n%s", err, b.dialogue())
				}
				time.Sleep(10 * time.Second)
				if got := b.texts(bob); len(got) != 1 || got[0] != "second" {
					t.Errorf("of the next text arrived %q", got)
				}
			})
		})
	}
}

func same(got, want error) bool {
	var g, w *modem.CMSError
	if errors.As(want, &w) {
		return errors.As(got, &g) && g.Code == w.Code
	}
	return errors.Is(got, want)
}

// In the library a late answer is taken for that of the next command. Here
// each is late once by more than its deadline, and all that is told is right.
func TestALateAnswerIsNeverTakenForAnother(t *testing.T) {
	for _, command := range []string{"+CSQ", "+CREG", "+GSMBUSY", "+CMGL", "+CCLK", "+CMGD", "+CLCC", "D", "H", "+VTS", "+CEER", "+CMGS", "A", "+CMUT"} {
		for _, late := range []time.Duration{5100 * time.Millisecond, 6 * time.Second, 13 * time.Second, 25 * time.Second, 61 * time.Second} {
			t.Run(command+" by "+late.String(), func(t *testing.T) {
				story(t, func(b *bench) {
					b.until("network")
					b.sim.SetPhone(bob, simulator.Behaviour{AnswerAfter: time.Second})
					_ = b.sim.Fault(simulator.Fault{Name: "late", Command: command, For: late})
					use(b)
					time.Sleep(3 * time.Minute)
					works(b)
					for _, e := range b.seen() {
						if strings.HasPrefix(e, "network") && e != `network registered=true "Simnet UK" -72 dBm` {
							t.Errorf("told was %s", e)
						}
					}
				})
			})
		}
	}
}

// use goes through all dialogues, and does not care what comes of them.
func use(b *bench) {
	_, _ = b.m.Send(b.ctx, modem.Text{To: anna, Body: "used"})
	_ = b.sim.Text(anna, "hello")
	if _, err := b.m.Dial(b.ctx, bob, false); err == nil {
		time.Sleep(8 * time.Second)
		_ = b.m.Tones(b.ctx, "1")
	}
	hangUp(b)
	b.m.TakeCalls(true)
	time.Sleep(time.Second)
	_ = b.sim.Call(anna)
	time.Sleep(time.Second)
	_ = b.m.Answer(b.ctx, b.caller())
	_ = b.m.Tones(b.ctx, "A")
	hangUp(b)
	b.m.TakeCalls(false)
	time.Sleep(time.Minute)
}

func hangUp(b *bench) {
	for range 10 {
		if b.m.HangUp(b.ctx) == nil {
			break
		}
		time.Sleep(5 * time.Second)
	}
}

// works proves that texts go and come and that calls connect.
func works(b *bench) {
	b.t.Helper()
	b.forget()
	if _, err := b.m.Send(b.ctx, modem.Text{To: bob, Body: "works"}); err != nil {
		b.t.Errorf("Send: %v\n%s", err, b.dialogue())
	}
	b.sim.SetPhone(bob, simulator.Behaviour{AnswerAfter: time.Second})
	_ = b.sim.Text(bob, "works too")
	if _, err := b.m.Dial(b.ctx, bob, false); err != nil {
		b.t.Fatalf("Dial: %v", err)
	}
	b.until("answered")
	if err := b.m.HangUp(b.ctx); err != nil {
		b.t.Errorf("HangUp: %v", err)
	}
	b.until(`text from ` + bob + ` "works too"`)
	b.until("ended hung up")
	if got := b.texts(bob); len(got) == 0 || got[len(got)-1] != "works" {
		b.t.Errorf("the phone got %q", got)
	}
}

func TestFaultsInEveryDialogue(t *testing.T) {
	commands := []string{"+CMGS", "+CMGL", "+CMGD", "D", "H", "+CLCC", "+VTS", "+CSQ", "+CREG", "+GSMBUSY", "+CCLK", "+CEER",
		"E", "+CMEE", "+CFUN", "+CPIN", "+CPMS", "+CNMI", "+DDET", "+GSN", "A", "+CMUT", "+CALM"}
	faults := []simulator.Fault{{Name: "reboot"}, {Name: "no-answer"}, {Name: "garbage"}, {Name: "unplug"},
		{Name: "unplug", For: 20 * time.Second}, {Name: "error"}, {Name: "lost-after-accept"}}
	for _, f := range faults {
		for _, command := range commands {
			f.Command = command
			t.Run(f.Name+" in "+command, func(t *testing.T) { outlives(t, "sim800", f) })
		}
	}
}

// outlives goes through all dialogues with a fault in one of them, and wants all to
// work after.
func outlives(t *testing.T, kind string, f simulator.Fault) {
	t.Helper()
	storyWith(t, simulator.Options{Kind: kind}, func(s *simulator.Modem) { _ = s.Fault(f) }, func(b *bench) {
		b.until("up 1")
		b.sim.SetPhone(bob, simulator.Behaviour{AnswerAfter: time.Second})
		use(b)
		time.Sleep(2 * time.Minute)
		works(b)
	})
}

func TestAResetIsToldAndUndone(t *testing.T) {
	story(t, func(b *bench) {
		b.until("network")
		if _, err := b.m.Dial(b.ctx, bob, false); err != nil {
			t.Fatal(err)
		}
		b.until("ringing")
		_ = b.sim.Fault(simulator.Fault{Name: "reboot"})
		b.until("down")
		if _, err := b.m.Send(b.ctx, modem.Text{To: anna, Body: "x"}); !errors.Is(err, modem.ErrDown) {
			t.Errorf("meanwhile: %v", err)
		}
		b.until("up 2")
		b.want([]string{"Network", "NetworkTime"}, "up 1 SIMCOM_SIM800L", "ringing", "ended lost",
			"down 1: the modem has reset itself; a weak supply is the usual cause", "up 2 SIMCOM_SIM800L")
	})
}

// TestATextBeforeTheFirstListing comes while the modem is being set up: it was
// announced, so it did not lie there when the panel started.
func TestATextBeforeTheFirstListing(t *testing.T) {
	before := func(s *simulator.Modem) {
		_ = s.Text(anna, "early")
		_ = s.Fault(simulator.Fault{Name: "late", Command: "+CSCA", For: 2 * time.Second}) // the last of the set-up
	}
	storyWith(t, simulator.Options{}, before, func(b *bench) {
		for !strings.Contains(b.dialogue(), "+CSCA?") {
			time.Sleep(time.Millisecond)
		}
		_ = b.sim.Text(bob, "late")
		b.until("text from " + anna + ` "early" parts=1 found=true`)
		b.until("text from " + bob + ` "late" parts=1 found=false`)
	})
}

func TestTextsStayUntilTheyAreDiscarded(t *testing.T) {
	storyWith(t, simulator.Options{}, func(s *simulator.Modem) { _ = s.Text(anna, "early") }, func(b *bench) {
		b.keeps()
		b.until("text from " + anna)
		_ = b.sim.Text(bob, "late")
		b.until("text from " + bob)
		time.Sleep(time.Minute)
		ids := map[string]uint64{}
		times := map[string]int{}
		for _, e := range b.told() {
			if r, ok := e.(modem.Received); ok {
				if id, again := ids[r.Body]; again && id != r.ID {
					t.Errorf("%q had ID %d, now %d", r.Body, id, r.ID)
				}
				ids[r.Body] = r.ID
				times[r.Body]++
				if r.Found != (r.Body == "early") {
					t.Errorf("%q: found %v", r.Body, r.Found)
				}
			}
		}
		if times["early"] < 2 || times["late"] < 2 || ids["early"] == ids["late"] {
			t.Errorf("told %v, with IDs %v", times, ids)
		}
		for _, id := range ids {
			if err := b.m.Discard(b.ctx, id); err != nil {
				t.Error(err)
			}
		}
		if err := b.m.Discard(b.ctx, 999); err != nil {
			t.Errorf("an ID that is not known: %v", err)
		}
		b.forget()
		time.Sleep(2 * time.Minute)
		b.want(idle)
	})
}

func TestACrashBetweenReadingAndDiscardingLosesNothing(t *testing.T) {
	story(t, func(b *bench) {
		b.keeps()
		b.until("up 1")
		_ = b.sim.Text(anna, strings.Repeat("long ", 60))
		b.until("text from")
		second := modem.New(modem.Options{Open: b.open})
		ctx, cancel := context.WithCancel(b.ctx)
		told := make(chan modem.Received, 10)
		done := make(chan error)
		go func() {
			done <- second.Run(ctx, func(e modem.Event) {
				if r, ok := e.(modem.Received); ok {
					told <- r
				}
			})
		}()
		select {
		case r := <-told:
			if !r.Found || r.Parts != 2 || r.Body != strings.Repeat("long ", 60) {
				t.Errorf("told again was %+v", r)
			}
		case <-time.After(time.Minute):
			t.Error("not told again")
		}
		cancel()
		<-done
	})
}

func TestWaitingRequestsHonourTheirContext(t *testing.T) {
	story(t, func(b *bench) {
		b.until("network")
		_ = b.sim.Fault(simulator.Fault{Name: "lost-after-accept"})
		sent := make(chan error, 1)
		go func() {
			_, err := b.m.Send(b.ctx, modem.Text{To: anna, Body: "slow"})
			sent <- err
		}()
		time.Sleep(time.Second)
		ctx, cancel := context.WithTimeout(b.ctx, 2*time.Second)
		defer cancel()
		began := time.Now()
		if err := b.m.HangUp(ctx); !errors.Is(err, modem.ErrDown) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("HangUp: %v", err)
		}
		if time.Since(began) != 2*time.Second {
			t.Errorf("after %v", time.Since(began))
		}
		short, stop := context.WithTimeout(b.ctx, time.Second)
		defer stop()
		if err := b.m.Discard(short, 1); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Discard: %v", err)
		}
		if err := <-sent; !errors.Is(err, modem.ErrUnknown) {
			t.Errorf("Send: %v", err)
		}
	})
}
