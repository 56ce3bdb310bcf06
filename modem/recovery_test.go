package modem_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// steps are those of recovery so far.
func (b *bench) steps() (out []string) {
	for _, s := range b.seen() {
		if what, is := strings.CutPrefix(s, "step: "); is {
			out = append(out, what)
		}
	}
	return out
}

const (
	opened    = "its port is opened again, until it works"
	restarted = "it is restarted (AT+CFUN=1,1)"
	cut       = "its supply is cut for 10 s"
	pressed   = "its power key is pressed"
	chosen    = "any network is searched (AT+COPS=0)"
	cycled    = "its radio is switched off and on (AT+CFUN=4, AT+CFUN=1)"
)

// supply is the power of a simulated modem.
func supply(b *bench) modem.Power {
	return modem.Power{Set: func(_ context.Context, on bool) error { b.sim.Supply(on); return nil }}
}

func key(b *bench) modem.Power {
	return modem.Power{Key: true, Set: func(_ context.Context, on bool) error {
		if !on { // released
			b.sim.PressKey()
		}
		return nil
	}}
}

// Each fault is mended by the lowest step that mends it.
func TestEachRungOfTheLadder(t *testing.T) {
	cases := []struct {
		name   string
		fault  simulator.Fault
		power  func(*bench) modem.Power
		within time.Duration
		until  string
		want   []string
	}{
		{"the line is unplugged", simulator.Fault{Name: "unplug", For: 20 * time.Second}, nil, 25 * time.Second, "up 2", []string{opened}},
		{"another program has changed the speed", simulator.Fault{Name: "baud", Code: 9600}, nil, 2 * time.Minute, "step: it spoke",
			[]string{"it spoke at 9600 baud; it is told to speak at 115200"}},
		{"it hangs for three minutes", simulator.Fault{Name: "silence", For: 3 * time.Minute}, nil, 5 * time.Minute, "up 2", []string{restarted, opened}},
		{"it hangs but obeys", simulator.Fault{Name: "silence", Code: 1}, nil, 2 * time.Minute, "up 2", []string{restarted}},
		{"it hangs until its supply was cut", simulator.Fault{Name: "silence"}, supply, 4 * time.Minute, "up 2", []string{restarted, cut}},
		{"it hangs until its key was pressed", simulator.Fault{Name: "silence"}, key, 4 * time.Minute, "up 2", []string{restarted, pressed, pressed}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			storyWith(t, simulator.Options{}, func(*simulator.Modem) {}, func(b *bench) {
				b.until("network")
				time.Sleep(2 * time.Minute)
				b.forget()
				if err := b.sim.Fault(c.fault); err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				b.until(c.until)
				if d := time.Since(began); d > c.within+30*time.Second { // until the next poll it is not noticed
					t.Errorf("it took %v, want %v", d, c.within)
				}
				if got := b.steps(); !slices.Equal(got, c.want) {
					t.Errorf("steps %q, want %q", got, c.want)
				}
				works(b)
			}, func(b *bench, o *modem.Options) {
				o.Baud = 115200
				if c.power != nil {
					o.Power = c.power(b)
				}
			})
		})
	}
}

// Wherever in a dialogue the line is lost, what is said of it is why, and not what came
// of that.
func TestALostLineSaysWhy(t *testing.T) {
	for n := range 90 {
		fault := simulator.Fault{Name: "unplug", For: time.Hour, Command: []string{"", "+C", "+C"}[n%3], After: n%3 == 2}
		storyWith(t, simulator.Options{}, func(s *simulator.Modem) {
			if err := s.Fault(fault); err != nil {
				t.Fatal(err)
			}
		}, func(b *bench) {
			b.until("down 0: ")
			if got := b.seen(); !slices.Contains(got, "down 0: the line to the modem is lost; check its cable and supply: EOF") {
				t.Fatalf("%q", got)
			}
		})
	}
}

// A modem that is off is switched on by one press.
func TestTheKeyIsPressedUntilItAnswers(t *testing.T) {
	storyWith(t, simulator.Options{}, func(s *simulator.Modem) { s.PressKey() }, func(b *bench) {
		b.until("up 1")
		if got := b.steps(); !slices.Equal(got, []string{restarted, pressed}) {
			t.Errorf("steps %q", got)
		}
	}, func(b *bench, o *modem.Options) { o.Power = key(b) })
}

// One that answers is not switched off, whenever it begins to, but where it does so
// while the key is being pressed: then it is switched on again at once.
func TestTheKeyIsNotPressedWhereItAnswers(t *testing.T) {
	presses := map[int]bool{}
	for hangs := 120; hangs < 144; hangs++ {
		play := func(b *bench) {
			b.until("network")
			began := time.Now()
			_ = b.sim.Fault(simulator.Fault{Name: "silence", For: time.Duration(hangs) * time.Second})
			b.until("up 2")
			if took := time.Since(began); took > time.Duration(hangs)*time.Second+time.Minute {
				t.Errorf("it hangs for %d s, and is up after %v", hangs, took)
			}
			presses[strings.Count(strings.Join(b.steps(), ","), pressed)] = true
		}
		storyWith(t, simulator.Options{}, func(*simulator.Modem) {}, play, func(b *bench, o *modem.Options) { o.Power = key(b) })
	}
	if !presses[0] || !presses[1] && !presses[2] {
		t.Errorf("pressed %v times: hang it for another time", presses)
	}
}

// One that never answers is tried for ever, and is up soon after it could be.
func TestTheLadderNeverEnds(t *testing.T) {
	storyWith(t, simulator.Options{}, func(*simulator.Modem) {}, func(b *bench) {
		b.until("network")
		_ = b.sim.Fault(simulator.Fault{Name: "silence", For: 5 * time.Hour})
		time.Sleep(5 * time.Hour)
		if n := len(b.steps()); n < 15 || n > 50 {
			t.Errorf("%d steps in 5 hours", n)
		}
		b.forget()
		time.Sleep(2 * time.Minute)
		b.want([]string{"Network", "NetworkTime", "Step"}, "up 2 SIMCOM_SIM800L")
	})
}

// A text whose answer is awaited is not disturbed: after it every step has its time.
func TestNoHardStepWhileATextIsAwaited(t *testing.T) {
	story(t, func(b *bench) {
		b.until("network")
		time.Sleep(2 * time.Minute)
		_ = b.sim.Fault(simulator.Fault{Name: "late", For: 50 * time.Second})
		b.forget()
		if _, err := b.m.Send(b.ctx, modem.Text{To: anna, Body: "slow"}); err != nil {
			t.Error(err)
		}
		if got := b.steps(); len(got) != 0 {
			t.Errorf("steps %q", got)
		}
	})
}

// A network that is lost for long is searched by the lowest step that finds it.
func TestANetworkThatIsLostIsSearched(t *testing.T) {
	for code, want := range [][]string{{chosen}, {chosen, cycled}, {chosen, cycled, restarted}} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			story(t, func(b *bench) {
				b.until("network registered=true")
				_ = b.sim.Fault(simulator.Fault{Name: "network-stuck", Code: code})
				b.until("network registered=false")
				b.forget()
				time.Sleep(4 * time.Minute)
				if got := b.steps(); len(got) != 0 {
					t.Errorf("after 4 minutes: %q", got)
				}
				b.until("network registered=true")
				if got := b.steps(); !slices.Equal(got, want) {
					t.Errorf("steps %q, want %q", got, want)
				}
				if sent := b.sent(); strings.Index(sent, "AT+SJDR=0") > strings.Index(sent, "AT+COPS=0") {
					t.Error("the jamming detection is on, beside which no modem registers")
				}
				time.Sleep(30 * time.Second) // a restart is still going on
				works(b)
			})
		})
	}
}

// The radio is on again whatever happens between off and on.
func TestTheRadioIsNeverLeftOff(t *testing.T) {
	for _, f := range []simulator.Fault{{Name: "reboot"}, {Name: "unplug"}, {Name: "lost-after-accept"}, {Name: "error", Times: 2}} {
		t.Run(f.Name, func(t *testing.T) {
			story(t, func(b *bench) {
				b.until("network registered=true")
				_ = b.sim.Fault(simulator.Fault{Name: "network-stuck", Code: 1})
				time.Sleep(6 * time.Minute)
				f.Command = "+CFUN"
				_ = b.sim.Fault(f) // strikes CFUN=4
				_ = b.sim.Fault(f) // and what follows
				b.forget()
				b.until("network registered=true")
				time.Sleep(time.Minute)
				works(b)
			})
		})
	}
}

// What another program has left is put right.
func TestWhatAnotherProgramLeft(t *testing.T) {
	for _, c := range []struct{ name, left, mends string }{
		{"flight mode", "AT+CFUN=4", "+CFUN=1"}, {"texts of some numbers only", `AT+CWHITELIST=3,1,"+447700900999"`, "+CWHITELIST=0"},
		{"echo", "ATE1&W", "E0"}, {"text mode", "AT+CMGF=1;&W", "+CMGF=0"}, {"another character set", `AT+CSCS="UCS2";&W`, `+CSCS="IRA"`},
		{"words for errors", "AT+CMEE=2;&W", "+CMEE=1"}, {"no network wanted", "AT+COPS=2", "+COPS=0"},
		{"sleep", "AT+CSCLK=1;&W", "+CSCLK=0"}, {"result codes as numbers", "ATV0&W", "Q0V1"}, {"no result codes", "ATQ1&W", "Q0V1"},
		{"headers of texts", "AT+CSDH=1", ""}, {"a prompt", "AT+CMGS=20", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := func(s *simulator.Modem) {
				l := s.Line()
				_, _ = io.WriteString(l, c.left+"\r")
				time.Sleep(10 * time.Second)
				_ = l.Close()
			}
			storyWith(t, simulator.Options{}, before, func(b *bench) {
				b.until("up 1")
				if n := strings.Count(b.sent(), "AT"+c.mends+"\r"); c.mends != "" && n == 0 {
					t.Errorf("AT%s was not sent", c.mends)
				}
				b.until("network registered=true")
				works(b)
			})
		})
	}
}

// A card that is taken out is missed, and found again once it is back.
func TestACardThatIsTakenOut(t *testing.T) {
	story(t, func(b *bench) {
		b.until("network registered=true")
		time.Sleep(2 * time.Minute)
		b.forget()
		_ = b.sim.Fault(simulator.Fault{Name: "sim-out", For: 20 * time.Minute})
		time.Sleep(15 * time.Minute)
		var down []string
		for _, e := range b.told() {
			if d, is := e.(modem.Down); is {
				if !errors.As(d.Err, new(*modem.SIMError)) {
					t.Errorf("it is taken for another trouble: %v", d.Err)
				}
				down = append(down, d.Err.Error())
			}
		}
		if len(down) != 2 || !strings.Contains(down[0], "taken out") || !strings.Contains(down[1], "no SIM card") {
			t.Errorf("told was %q", down)
		}
		b.until("up 2")
		works(b)
	})
}

// Another card has another number.
func TestACardThatIsSwapped(t *testing.T) {
	story(t, func(b *bench) {
		b.until("up 1")
		_ = b.sim.Fault(simulator.Fault{Name: "sim-swap"})
		b.until("up 2")
		cards := map[string]bool{}
		for _, e := range b.told() {
			if u, is := e.(modem.Up); is {
				cards[u.Card] = true
			}
		}
		if len(cards) != 2 || cards[""] {
			t.Errorf("the cards are %v", cards)
		}
	})
}

// unhurried is a line on which each command takes a moment.
type unhurried struct{ io.ReadWriteCloser }

func (u unhurried) Write(p []byte) (int, error) {
	time.Sleep(time.Millisecond)
	return u.ReadWriteCloser.Write(p)
}

// When the first signal and the network are known does not tell that a text waited for
// the modem, or for its network.
func TestTheFirstSignalIsReadBeforeATextGoes(t *testing.T) {
	for name, gone := range map[string]bool{"there is a network": false, "there is none at first": true} {
		t.Run(name, func(t *testing.T) {
			storyWith(t, simulator.Options{}, func(s *simulator.Modem) {
				if err := s.SetCell(simulator.Cell{Gone: gone}); err != nil {
					t.Fatal(err)
				}
			}, func(b *bench) {
				from := 0
				if gone {
					b.until("up 1")
					time.Sleep(time.Minute)
					from = len(b.sent())
					b.must(b.sim.SetCell(simulator.Cell{}))
					for !slices.ContainsFunc(b.seen(), func(s string) bool { return strings.HasPrefix(s, "network registered=true") }) {
						time.Sleep(100 * time.Microsecond)
					}
				}
				for err := modem.ErrDown; errors.Is(err, modem.ErrDown); time.Sleep(100 * time.Microsecond) {
					_, err = b.m.Send(b.ctx, modem.Text{To: bob, Body: "hello", Sealed: true})
				}
				if signal, text := strings.Index(b.sent()[from:], "AT+CSQ"), strings.Index(b.sent()[from:], "AT+CMGS"); signal < 0 || text < 0 || signal > text {
					t.Errorf("the text went before:\n%q", b.sent()[from:])
				}
				time.Sleep(5 * time.Second) // until nothing is being written
			}, func(b *bench, o *modem.Options) {
				o.Open = func() (io.ReadWriteCloser, error) { line, err := b.open(); return unhurried{line}, err }
			})
		})
	}
}
