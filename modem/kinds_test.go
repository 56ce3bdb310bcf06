package modem_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// kinds runs a story on each kind of modem, that is up and has a network.
func kinds(t *testing.T, f func(*bench)) {
	t.Helper()
	for _, kind := range simulator.Kinds() {
		t.Run(kind, func(t *testing.T) {
			storyWith(t, simulator.Options{Kind: kind}, func(*simulator.Modem) {}, func(b *bench) {
				b.until("network registered=true")
				b.forget()
				f(b)
			})
		})
	}
}

func TestEveryKindOfTheSimulatorIsKnown(t *testing.T) {
	if got, want := strings.Join(modem.Kinds(), " "), strings.Join(simulator.Kinds(), " "); got != want {
		t.Errorf("the modems are %s, the simulated ones %s", got, want)
	}
}

func TestKindsReceive(t *testing.T) {
	kinds(t, func(b *bench) {
		began := time.Now()
		_ = b.sim.Text(anna, "hello")
		b.until("text from " + anna + ` "hello"`)
		if d := time.Since(began); d > 5*time.Second {
			b.t.Errorf("told after %v: it was not announced", d)
		}
		_ = b.sim.Text(anna, strings.Repeat("long ", 60))
		b.until("text from " + anna + ` "long`)
		time.Sleep(time.Minute)
		b.want(idle, "text from "+anna+` "hello" parts=1 found=false`, "text from "+anna+` "`+strings.Repeat("long ", 60)+`" parts=2 found=false`)
	})
}

func TestKindsSendAndHearOfDelivery(t *testing.T) {
	kinds(t, func(b *bench) {
		b.sim.SetPhone(anna, simulator.Behaviour{Off: true})
		for _, to := range []string{anna, bob} {
			if _, err := b.m.Send(b.ctx, modem.Text{To: to, Body: "Alarm", Report: true, Validity: time.Hour}); err != nil {
				b.t.Error(err)
			}
		}
		b.until("report to " + bob)
		b.sim.SetPhone(anna, simulator.Behaviour{})
		b.until("report to " + anna)
		time.Sleep(time.Minute)
		b.want(idle, "report to "+bob+" delivered", "report to "+anna+" delivered")
		if got := b.texts(anna); len(got) != 1 || got[0] != "Alarm" {
			b.t.Errorf("the phone got %q", got)
		}
	})
}

// A report that came while nobody listened is found where the modem stores them.
func TestKindsThatStoreReportsLoseNone(t *testing.T) {
	kinds(t, func(b *bench) {
		b.sim.SetPhone(anna, simulator.Behaviour{Off: true})
		if _, err := b.m.Send(b.ctx, modem.Text{To: anna, Body: "Alarm", Report: true, Validity: time.Hour}); err != nil {
			b.t.Error(err)
		}
		_ = b.sim.Fault(simulator.Fault{Name: "unplug", For: 30 * time.Second})
		b.sim.SetPhone(anna, simulator.Behaviour{})
		b.until("up 2")
		time.Sleep(time.Minute)
		want := []string{"report to " + anna + " delivered"}
		if b.kind == "sim800" {
			want = nil // it hands them out, and forgets them
		}
		b.want(append([]string{"Down"}, idle...), want...)
	})
}

func TestKindsCall(t *testing.T) {
	cases := []struct {
		name  string
		phone simulator.Behaviour
		do    func(*bench)
		want  []string
	}{
		{"answered, keyed, hung up", simulator.Behaviour{AnswerAfter: 4 * time.Second, Digits: "1#"}, func(b *bench) {
			b.until("answered")
			if err := b.m.Tones(b.ctx, "159"); err != nil {
				b.t.Error(err)
			}
			b.until("digit #")
			time.Sleep(20 * time.Second) // the listings see it go on
			if err := b.m.HangUp(b.ctx); err != nil {
				b.t.Error(err)
			}
		}, []string{"ringing", "answered", "digit 1", "digit #", "ended hung up"}},
		{"the other end hangs up", simulator.Behaviour{AnswerAfter: time.Second}, func(b *bench) {
			b.until("answered")
			_ = b.sim.Hangup(bob)
		}, []string{"ringing", "answered", "ended remote hung up"}},
		{"busy", simulator.Behaviour{Busy: true}, func(*bench) {}, []string{"ended busy"}},
		{"rejected", simulator.Behaviour{Rejects: true}, func(*bench) {}, []string{"ringing", "ended rejected"}},
		{"not answered", simulator.Behaviour{}, func(*bench) {}, []string{"ringing", "ended no answer"}},
		{"hung up while it rings", simulator.Behaviour{}, func(b *bench) {
			b.until("ringing")
			_ = b.m.HangUp(b.ctx)
		}, []string{"ringing", "ended hung up"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			kinds(t, func(b *bench) {
				b.sim.SetPhone(bob, c.phone)
				for range 2 { // nothing is left of the first
					b.forget()
					if _, err := b.m.Dial(b.ctx, bob, false); err != nil {
						b.t.Fatal(err)
					}
					c.do(b)
					b.until("ended")
					time.Sleep(10 * time.Second)
					b.want(idle, c.want...)
				}
				call := b.lastCall(bob)
				if strings.HasPrefix(c.name, "answered") && call.Tones != "159" {
					b.t.Errorf("the phone heard %q", call.Tones)
				}
				if len(call.Mic) > 1 && (call.Mic[1].Open || call.Mic[1].Time.Sub(call.Mic[0].Time) > 100*time.Millisecond) {
					b.t.Errorf("the microphone was %+v", call.Mic)
				}
			})
		})
	}
}

// Where a modem can not have callers hear busy, each is rung off at once, also
// while a text is on its way.
func TestKindsRejectCallers(t *testing.T) {
	kinds(t, func(b *bench) {
		busy := b.kind == "sim800"
		_ = b.sim.Call(bob)
		time.Sleep(2 * time.Second)
		want, end := []string{"rejected " + bob}, "rejected"
		if busy {
			want, end = nil, "busy"
		}
		b.want(idle, want...)
		if got := b.lastCall(bob).Result; got != end {
			b.t.Errorf("for the caller it is %q, want %q", got, end)
		}
		b.beside.Go(func() {
			if _, err := b.m.Send(b.ctx, modem.Text{To: anna, Body: "Alarm"}); err != nil {
				b.t.Error(err)
			}
		})
		time.Sleep(time.Second)
		_ = b.sim.Call(bob)
		time.Sleep(10 * time.Second)
		if got := b.lastCall(bob).Result; got != end {
			b.t.Errorf("during a text it is %q, want %q", got, end)
		}
		works(b)
	})
}

func TestKindsTakeCalls(t *testing.T) {
	kinds(t, func(b *bench) {
		b.m.TakeCalls(true)
		time.Sleep(time.Second)
		if sent := b.sent(); (sent == "AT+GSMBUSY=0\r\n") != (b.kind == "sim800") || b.kind != "sim800" && sent != "" {
			b.t.Errorf("to let callers in it was told %q", sent)
		}
		for range 2 {
			b.forget()
			_ = b.sim.Call(bob)
			b.until("incoming " + bob)
			if err := b.m.Answer(b.ctx, b.caller()); err != nil {
				b.t.Fatal(err)
			}
			_ = b.sim.Digits(bob, "48#A")
			time.Sleep(20 * time.Second)
			if err := b.m.HangUp(b.ctx); err != nil {
				b.t.Error(err)
			}
			b.until("ended")
			time.Sleep(10 * time.Second)
			b.want(idle, "incoming "+bob, "answered", "digit 4", "digit 8", "digit #", "digit A", "ended hung up")
		}
		b.forget()
		_ = b.sim.Call(bob)
		b.until("incoming " + bob)
		if err := b.m.Reject(b.ctx, b.caller()); err != nil {
			b.t.Error(err)
		}
		if got := b.lastCall(bob).Result; got != "rejected" {
			b.t.Errorf("for the caller it is %q", got)
		}
		works(b)
	})
}

// A modem that starts anew is set up anew; one on USB takes its line with it.
func TestKindsStartAnew(t *testing.T) {
	kinds(t, func(b *bench) {
		b.m.TakeCalls(true)
		if _, err := b.m.Dial(b.ctx, bob, false); err != nil {
			b.t.Fatal(err)
		}
		b.until("ringing")
		_ = b.sim.Fault(simulator.Fault{Name: "reboot"})
		b.until("up 2")
		b.until("ended lost")
		b.forget()
		_ = b.sim.Call(bob)
		b.until("incoming " + bob)
		_ = b.m.HangUp(b.ctx)
		b.until("ended")
		works(b)
		b.forget()
		time.Sleep(5 * time.Minute)
		b.want(idle) // PB DONE and the like are no start
	})
}

// Each tells in its own way which card it has, and how many tries are left.
func TestKindsAreUnlocked(t *testing.T) {
	for _, kind := range simulator.Kinds() {
		for wrong, want := range []string{"up 1", "up 1", "down 0: the SIM card allows one more try"} {
			t.Run(fmt.Sprint(kind, " after ", wrong, " wrong ones"), func(t *testing.T) {
				storyWith(t, simulator.Options{Kind: kind}, locked(wrong), func(b *bench) { b.until(want) }, func(_ *bench, o *modem.Options) {
					o.Unlock = func(card string, left int, enter func(string) error) error {
						if len(card) != 20 || left != 3-wrong {
							t.Errorf("card %q, %d tries left", card, left)
						}
						return enter("4711")
					}
				})
			})
		}
	}
}

// What every fault in every dialogue does to a SIM800 is TestFaultsInEveryDialogue;
// here are the dialogues that differ.
func TestKindsFail(t *testing.T) {
	for _, f := range []simulator.Fault{{Name: "reboot"}, {Name: "no-answer"}, {Name: "unplug"}, {Name: "error"}} {
		for _, command := range []string{"+CGMM", "+CMGS", "D", "+CHUP", "+CLCC", "+VTS", "+CEREG", "+CNMI", "A"} {
			f.Command = command
			for _, kind := range simulator.Kinds()[1:] {
				t.Run(f.Name+" in "+command+" of a "+kind, func(t *testing.T) { outlives(t, kind, f) })
			}
		}
	}
}

func TestKindsTellTheNetwork(t *testing.T) {
	kinds(t, func(b *bench) {
		_ = b.sim.Fault(simulator.Fault{Name: "network-lost", For: time.Minute})
		b.until("network registered=false")
		b.forget()
		b.until("network registered=true")
		time.Sleep(time.Second)
		b.want([]string{"NetworkTime"}, `network registered=true "" -115 dBm`, `network registered=true "Simnet UK" -72 dBm`)
	})
}

// A modem's clock is told with the zone that it is in.
func TestKindsTellTheTime(t *testing.T) {
	east := time.FixedZone("", 2*60*60)
	for _, kind := range simulator.Kinds() {
		t.Run(kind, func(t *testing.T) {
			offset := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC).Sub(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
			now := func() time.Time { return time.Now().Add(offset).In(east) }
			storyWith(t, simulator.Options{Kind: kind, Now: now}, func(*simulator.Modem) {}, func(b *bench) {
				b.until("network registered=true")
				_ = b.sim.Fault(simulator.Fault{Name: "network-lost", For: time.Minute})
				b.until("modem.NetworkTime")
				for _, e := range b.told() {
					if n, ok := e.(modem.NetworkTime); ok && now().Sub(n.Time).Abs() > 10*time.Minute {
						t.Errorf("told was %v at %v", n.Time, now())
					}
				}
			})
		})
	}
}

// Who rings during a call, and gives up or is rejected, does not end it: neither one
// that the panel has made nor one that it has taken.
func TestWhoWaitsEndsNoCall(t *testing.T) {
	for _, in := range []bool{false, true} {
		var line *tap
		says := func(lines ...string) {
			for _, l := range lines {
				line.inject("\r\n" + l + "\r\n")
			}
		}
		tapped(t, &line, func(b *bench) {
			b.until("network")
			b.sim.SetPhone(bob, simulator.Behaviour{AnswerAfter: time.Second})
			if in {
				b.m.TakeCalls(true)
				time.Sleep(time.Second)
				_ = b.sim.Call(bob)
				b.until("incoming")
				_ = b.m.Answer(b.ctx, b.caller())
			} else if _, err := b.m.Dial(b.ctx, bob, false); err != nil {
				t.Fatal(err)
			}
			b.until("answered")
			time.Sleep(2 * time.Second)
			b.forget()
			says(`+CLCC: 2,1,5,0,0,"` + anna + `",145`)
			time.Sleep(time.Second)
			if !strings.Contains(b.sent(), "AT+CHLD=0") {
				t.Errorf("nobody has rejected it: %q", b.sent())
			}
			says(`+CLCC: 2,1,6,0,0,"`+anna+`",145`, "VOICE CALL: END: 000000", "NO CARRIER")
			time.Sleep(20 * time.Second)
			b.want(idle, "rejected "+anna)
			says(`+CLCC: 2,1,5,0,0,"` + anna + `",145`)
			_ = b.sim.Hangup(bob)
			time.Sleep(5 * time.Second) // that one is seen too
			b.want(append([]string{"Incoming"}, idle...), "ended remote hung up")
		})
	}
}

// Where a SIM7600 can not be told that ATH is to end calls, they end all the same.
func TestAModemWhoseATHEndsNothing(t *testing.T) {
	before := func(s *simulator.Modem) {
		_ = s.Fault(simulator.Fault{Name: "error", Command: "+CVHU", Times: 1000})
	}
	storyWith(t, simulator.Options{Kind: "sim7600"}, before, func(b *bench) {
		b.until("network registered=true")
		if _, err := b.m.Dial(b.ctx, bob, false); err != nil {
			t.Fatal(err)
		}
		b.until("ringing")
		began := time.Now()
		if err := b.m.HangUp(b.ctx); err != nil || time.Since(began) > time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		_ = b.sim.Call(anna)
		time.Sleep(time.Second)
		if got := b.lastCall(anna).Result; got != "rejected" {
			t.Errorf("for a caller it is %q", got)
		}
	})
}

// edited is a line whose modem says something else.
type edited struct {
	io.ReadWriteCloser
	words *strings.Replacer
}

func (e edited) Read(p []byte) (int, error) {
	n, err := e.ReadWriteCloser.Read(p)
	return copy(p, e.words.Replace(string(p[:n]))), err
}

// A modem that tells nothing of a setting it was given is set up twice, not for ever.
func TestASettingThatIsNeverTold(t *testing.T) {
	wrap = func(l io.ReadWriteCloser) io.ReadWriteCloser {
		return edited{l, strings.NewReplacer("+DDET: 1", "+DDET: 0")}
	}
	defer func() { wrap = nil }()
	storyWith(t, simulator.Options{Kind: "sim7600"}, func(*simulator.Modem) {}, func(b *bench) {
		b.until("up 2")
		b.forget()
		time.Sleep(10 * time.Minute)
		b.want(idle)
	})
}

// The phone book is ready long after all else, and that is no restart.
func TestAPhoneBookIsNoRestart(t *testing.T) {
	var line *tap
	tapped(t, &line, func(b *bench) {
		b.until("network")
		line.inject("\r\n+QIND: PB DONE\r\n\r\nPB DONE\r\n")
		time.Sleep(time.Minute)
		b.want(idle)
	})
}

func TestAFullSIMIsListedAtOnce(t *testing.T) {
	var line *tap
	tapped(t, &line, func(b *bench) {
		b.until("network")
		time.Sleep(45 * time.Second) // between two listings
		b.forget()
		line.inject("\r\n+SMS FULL\r\n")
		time.Sleep(time.Second)
		if !strings.Contains(b.sent(), "AT+CMGL=4") {
			t.Errorf("it was not listed: %q", b.sent())
		}
	})
}

// A modem that nobody knows is driven as a SIM800: what it does not know of that
// does no harm. Where it is said what it is like, all of it works.
func TestAModelThatIsNotKnown(t *testing.T) {
	for _, kind := range simulator.Kinds() {
		for _, given := range []string{"", kind} {
			t.Run(kind+" as "+given, func(t *testing.T) {
				as = given
				defer func() { as = "" }()
				before := func(s *simulator.Modem) {
					for _, command := range []string{"+CGMM", "I"} {
						_ = s.Fault(simulator.Fault{Name: "error", Command: command, Times: 1000})
					}
				}
				storyWith(t, simulator.Options{Kind: kind}, before, func(b *bench) {
					b.until("network registered=true")
					time.Sleep(5 * time.Minute)
					works(b)
					b.forget()
					b.sim.SetPhone(bob, simulator.Behaviour{AnswerAfter: time.Second, Digits: "1"})
					if _, err := b.m.Dial(b.ctx, bob, false); err != nil {
						b.t.Fatal(err)
					}
					time.Sleep(10 * time.Second)
					keyed := slices.Contains(b.seen(), "digit 1")
					if want := given != "" || kind != "ec25"; keyed != want {
						b.t.Errorf("the key was told: %v", keyed)
					}
					b.want([]string{"Ringing", "Answered", "Digit"})
				})
			})
		}
	}
}

// A modem on USB has several ports, and most of them answer nothing.
func TestAPortThatAnswersNothing(t *testing.T) {
	before := func(s *simulator.Modem) { s.Supply(false) }
	storyWith(t, simulator.Options{}, before, func(b *bench) {
		b.until("down 0: the modem does not answer; check its supply, its cable, the baud rate, and the port")
	})
}

// That a model is not known is logged, with its name and the flag that helps, once in
// the life of the panel.
func TestAModelThatIsNotKnownIsLoggedOnce(t *testing.T) {
	var log bytes.Buffer
	wrap = func(l io.ReadWriteCloser) io.ReadWriteCloser {
		return edited{l, strings.NewReplacer("SIMCOM_SIM800L", "QUITE_ANOTHER", "SIM800 R14.18", "R14.18")}
	}
	defer func() { wrap = nil }()
	storyWith(t, simulator.Options{}, func(*simulator.Modem) {}, func(b *bench) {
		b.until("up 1 QUITE_ANOTHER")
		_ = b.sim.Fault(simulator.Fault{Name: "reboot"})
		b.until("up 2")
	}, func(_ *bench, o *modem.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	if n := strings.Count(log.String(), "is not known"); n != 1 || !strings.Contains(log.String(), "--modem-kind says what it is like\" model=QUITE_ANOTHER") {
		t.Errorf("it was logged %d times:\n%s", n, &log)
	}
}
