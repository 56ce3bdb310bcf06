package modem_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// conditions are those that were told.
func (b *bench) conditions() (all []modem.Condition) {
	for _, e := range b.told() {
		if c, ok := e.(modem.Condition); ok {
			all = append(all, c)
		}
	}
	return all
}

func (b *bench) wantConditions(want ...modem.Condition) {
	b.t.Helper()
	if got := b.conditions(); !slices.Equal(got, want) {
		b.t.Errorf("told was %+v, want %+v", got, want)
	}
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func TestALowSupplyIsToldWhenTheMiddleReadingIs(t *testing.T) {
	story(t, func(b *bench) {
		b.until("up")
		time.Sleep(5 * time.Minute)
		b.must(b.sim.SetSupply(3510)) // no warning yet, and nothing to tell
		time.Sleep(5 * time.Minute)
		b.must(b.sim.SetSupply(3460))
		time.Sleep(5 * time.Minute)
		b.must(b.sim.SetSupply(3580)) // better, and not yet good
		time.Sleep(5 * time.Minute)
		b.wantConditions(modem.Condition{}, modem.Condition{Supply: modem.SupplyLow})
		b.must(b.sim.SetSupply(0))
		time.Sleep(5 * time.Minute)
		b.must(b.sim.SetSupply(4350))
		time.Sleep(5 * time.Minute)
		b.wantConditions(modem.Condition{}, modem.Condition{Supply: modem.SupplyLow}, modem.Condition{}, modem.Condition{Supply: modem.SupplyHigh})
	})
}

// What sags while a text is sent, or while one calls, would tell of both.
func TestASupplyThatSagsWhileItSendsIsNotTold(t *testing.T) {
	story(t, func(b *bench) {
		b.until("up")
		time.Sleep(5 * time.Minute)
		b.beside.Go(func() { _, _ = b.m.Send(b.ctx, modem.Text{To: bob, Body: "hello", Sealed: true}) })
		time.Sleep(time.Second)
		b.must(b.sim.SetSupply(3300))
		time.Sleep(time.Second)
		b.must(b.sim.SetSupply(0))
		time.Sleep(time.Minute)
		b.sim.SetPhone(bob, simulator.Behaviour{AnswerAfter: time.Second})
		_, err := b.m.Dial(b.ctx, bob, true)
		b.must(err)
		time.Sleep(10 * time.Second)
		for range 20 {
			b.must(b.sim.SetSupply(3300))
			time.Sleep(10 * time.Second)
		}
		b.must(b.sim.SetSupply(0))
		b.must(b.m.HangUp(b.ctx))
		time.Sleep(5 * time.Minute)
		b.wantConditions(modem.Condition{})
		if d := b.dialogue(); strings.Contains(d, "VOLTAGE") {
			t.Errorf("the trace has a warning:\n%s", d)
		}
	})
}

func TestAJammerIsLookedForOnceThereIsANetwork(t *testing.T) {
	gone := simulator.Cell{Gone: true}
	storyWith(t, simulator.Options{}, func(s *simulator.Modem) { _ = s.SetCell(gone) }, func(b *bench) {
		b.until("up")
		time.Sleep(10 * time.Minute)
		if strings.Contains(b.sent(), "+SJDR=1") {
			t.Error("it is looked for without a network, which would keep the modem from it")
		}
		b.must(b.sim.SetCell(simulator.Cell{}))
		time.Sleep(3 * time.Minute)
		b.must(b.sim.SetCell(simulator.Cell{Jammed: true}))
		time.Sleep(time.Minute)
		b.must(b.sim.SetCell(simulator.Cell{}))
		time.Sleep(time.Minute)
		b.must(b.sim.Fault(simulator.Fault{Name: "reboot"}))
		time.Sleep(3 * time.Minute) // that undoes it
		b.must(b.sim.SetCell(simulator.Cell{Jammed: true}))
		time.Sleep(time.Minute)
		b.wantConditions(modem.Condition{}, modem.Condition{Jammed: true}, modem.Condition{}, modem.Condition{Jammed: true})
	})
}

func TestACardWithoutAServiceCentre(t *testing.T) {
	none := func(s *simulator.Modem) { _ = s.SetCentre("") }
	storyWith(t, simulator.Options{}, none, func(b *bench) {
		b.until("up")
		time.Sleep(time.Minute)
		b.must(b.sim.SetCentre("+447785016005"))
		time.Sleep(3 * time.Minute)
		b.wantConditions(modem.Condition{NoCentre: true}, modem.Condition{})
	})
}

// Parts of long texts whose others never come are kept for a day.
func TestACardThatFills(t *testing.T) {
	story(t, func(b *bench) {
		b.until("up")
		for n := range 13 {
			b.must(b.sim.PDU(deliver(t, bob, fmt.Sprintf("%03d %s", n, strings.Repeat("a", 200)))[0]))
		}
		time.Sleep(5 * time.Minute)
		b.wantConditions(modem.Condition{})
		b.must(b.sim.PDU(deliver(t, bob, strings.Repeat("z", 200))[0]))
		time.Sleep(5 * time.Minute)
		b.wantConditions(modem.Condition{}, modem.Condition{Filling: true})
		time.Sleep(25 * time.Hour)
		b.wantConditions(modem.Condition{}, modem.Condition{Filling: true}, modem.Condition{})
	})
}

func TestAModemThatSwitchesItselfOffSaysWhy(t *testing.T) {
	for _, c := range [][2]string{
		{"UNDER-VOLTAGE POWER DOWN", "its supply was too low"}, {"UNDER-VOLTAGE POWER OFF", "its supply was too low"},
		{"OVER-VOLTAGE POWER DOWN", "its supply was too high"}, {"NORMAL POWER OFF", "check its supply"},
	} {
		t.Run(c[0], func(t *testing.T) {
			var line *tap
			tapped(t, &line, func(b *bench) {
				b.until("network")
				line.inject("\r\n" + c[0] + "\r\n")
				b.until("down 1: ")
				if !slices.ContainsFunc(b.seen(), func(s string) bool { return strings.HasPrefix(s, "down 1: ") && strings.Contains(s, c[1]) }) {
					t.Errorf("told was %q", b.seen())
				}
			})
		})
	}
}
