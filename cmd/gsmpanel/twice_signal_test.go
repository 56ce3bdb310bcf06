package main

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
)

// A signal that is never the same for two minutes moves at the same moments, whether
// or not the modem has sealed things to do between which it is read: in the evening of
// a duress, and after a power cut in it.
func TestTheSignalMovesAtTheSameMoments(t *testing.T) {
	t.Parallel()
	evening := func(swapped bool) (runs [2]*stack) {
		runs[0] = inBubble(t, stackOptions{swapped: swapped}, func(s *stack) {
			defer s.flickers()()
			intrusion(s)
			s.until(odd(708))
			s.text(annaPhone, annas("DISARM"))
			s.until(odd(760))
		})
		runs[1] = inBubble(t, stackOptions{swapped: swapped, house: runs[0].store, up: 20 * time.Minute}, func(s *stack) {
			defer s.flickers()()
			s.until(odd(1800))
		})
		return runs
	}
	plain, forced := evening(false), evening(true)
	if a, b := only(plain[1].record.all(), "sealed"), only(forced[1].record.all(), "sealed"); len(a) != 0 || len(b) < 3 {
		t.Errorf("%d and %d sealed things were done after the power cut", len(a), len(b))
	}
	for n := range plain {
		a, b := plain[n].moves(), forced[n].moves()
		if !slices.Equal(a, b) || len(a) < 4 {
			t.Errorf("run %d: it moves at\n%v\nand under duress at\n%v", n, a, b)
		}
	}
}

// flickers changes the signal until it is told to stop.
func (s *stack) flickers() (stop func()) {
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(100 * time.Second)
		defer tick.Stop()
		for n := range 100 {
			_ = s.sim.SetCell(simulator.Cell{RSSI: 8 + n%20})
			select {
			case <-over:
				return
			case <-tick.C:
			}
		}
	}()
	return func() { close(over); <-ended }
}

// moves are when somebody who looks every second sees another signal, or network.
func (s *stack) moves() (at []time.Duration) {
	var before string
	for _, r := range only(s.record.all(), "polled") {
		var o panel.Outward
		if err := json.Unmarshal([]byte(r.what), &o); err != nil {
			s.t.Fatal(err)
		}
		if now := asJSON(s.t, []any{o.Network, o.SignalDBm, o.Usual}); now != before {
			at, before = append(at, r.at), now
		}
	}
	return at
}
