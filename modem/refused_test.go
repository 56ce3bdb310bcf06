package modem_test

import (
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// A modem that refuses to tell keys while it starts is asked again: else nobody
// could acknowledge an alarm by pressing one.
func TestARefusedSettingIsSaidAgain(t *testing.T) {
	refuses := func(m *simulator.Modem) {
		_ = m.Fault(simulator.Fault{Name: "error-sim", Command: "+DDET", Times: 3})
	}
	storyWith(t, simulator.Options{}, refuses, func(b *bench) {
		b.until("up 1")
		b.sim.SetPhone(bob, simulator.Behaviour{AnswerAfter: time.Second, Digits: "1"})
		time.Sleep(2 * time.Minute)
		if _, err := b.m.Dial(b.ctx, bob, false); err != nil {
			t.Fatal(err)
		}
		b.until("digit 1")
	})
}
