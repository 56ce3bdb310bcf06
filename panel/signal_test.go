package panel

import (
	"testing"
	"time"
)

// The signal that is shown is that of the last five minutes but for the first.
func TestTheSignalStandsStill(t *testing.T) {
	var s steadySignal
	up := func(dBm, usual int) Network { return Network{Up: true, DBm: dBm, Usual: usual} }
	for _, step := range []struct {
		at         time.Duration
		said       *Network // nothing new if nil
		dBm, usual int
	}{
		{at: 61 * time.Minute},
		{61*time.Minute + 1, &Network{Up: true}, 0, 0},
		{62 * time.Minute, new(up(-72, 0)), -72, 0}, // the first is shown at once
		{63 * time.Minute, new(up(-95, -72)), -72, 0},
		{65*time.Minute - 1, nil, -72, 0},
		{65 * time.Minute, nil, -95, -72},
		{66 * time.Minute, new(up(0, 0)), -95, -72}, // not known just now
		{70 * time.Minute, nil, -95, -72},
		{71 * time.Minute, new(up(-80, 0)), -95, -72},
		{75 * time.Minute, new(up(-81, 0)), -80, 0}, // the one before they began
		{100 * time.Minute, nil, -81, 0},
		{101 * time.Minute, &Network{}, 0, 0}, // the modem is gone, which is shown anyway
		{102 * time.Minute, new(up(-60, 0)), -60, 0},
	} {
		if step.said != nil {
			s.heard(*step.said, step.at)
		}
		if dBm, usual := s.at(step.at); dBm != step.dBm || usual != step.usual {
			t.Errorf("at %s: %d dBm, usually %d; want %d and %d", step.at, dBm, usual, step.dBm, step.usual)
		}
	}
}
