package main

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio"
)

// says gives what a receiver says of the level, once a second for so long.
func (p *posted) says(from, seconds, source int, level float64) {
	for n := range seconds {
		p.reads(source, radio.Reading{Level: level}, p.began.Add(time.Duration(from+n)*time.Second))
	}
}

// Each receiver has its own air: the one is jammed, and the other is not.
func TestJammingOfOneOfTwo(t *testing.T) {
	p := newPosted("rtl_433", "exec:receive --password 1234")
	for source := range 2 {
		p.says(0, 100, source, -31)
	}
	p.says(100, 30, 0, -30)
	p.says(100, 30, 1, -3)
	p.says(130, 30, 1, -31)
	p.expect(t,
		panel.Noise{Unit: 1, Of: 2, Usual: -31}, panel.Noise{Unit: 2, Of: 2, Usual: -31},
		panel.Fault{Name: panel.JamTrouble, Unit: 2, Of: 2, On: true, Why: "receiver 2 of 2, exec: 28 dB louder than usual"},
		panel.Fault{Name: panel.JamTrouble, Unit: 2, Of: 2})
}

// A button that is held is heard all the time, and no jam; unless nothing else was
// heard for a minute.
func TestAHeldButtonIsNoJam(t *testing.T) {
	p := newPosted("rtl_433")
	p.says(0, 70, 0, -31)
	p.events = nil
	for n := range 40 {
		p.at((70+n)*1000-30, 0, "ev1527:200001")
		p.says(70+n, 1, 0, -5)
	}
	p.says(110, 60, 0, -31)
	p.expect(t)
}

// What was usual before the panel was off is so at once, and is told on from time
// to time; where there are other receivers now, they learn anew.
func TestUsualNoiseIsRemembered(t *testing.T) {
	p := newPosted("rtl_433")
	p.remember([]float64{-31})
	p.says(0, 20, 0, -18)
	p.expect(t, panel.Noise{Unit: 1, Of: 1, Usual: -31}, panel.Fault{Name: panel.JamTrouble, Unit: 1, Of: 1, On: true, Why: "13 dB louder than usual"})
	p.events = nil
	p.says(20, 3*3600, 0, -30)
	if len(p.events) < 2 || len(p.events) > 4 { // the end of the jam, and the level as it follows
		t.Errorf("told %+v", p.events)
	}
	p = newPosted("rtl_433", "exec:b")
	p.remember([]float64{-31})
	p.says(0, 62, 0, -26)
	p.expect(t, panel.Noise{Unit: 1, Of: 2, Usual: -26})
}

// A scan is told once when it begins and once when it has ended, though nothing
// is heard any more.
func TestScanBeginsAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPosted("rtl_433", "exec:b")
		p.known = func() []string { return []string{etherFob} }
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- p.watchScan(ctx) }()
		for n := range 100 {
			for range 3 {
				time.Sleep(60 * time.Millisecond)
				p.at(int(time.Since(p.began).Milliseconds()), n%2, fmt.Sprintf("ev1527:%06X", 0x200000+n))
			}
		}
		p.expect(t, panel.Fault{Name: panel.ScanTrouble, On: true})
		time.Sleep(80 * time.Second)
		synctest.Wait()
		p.expect(t, panel.Fault{Name: panel.ScanTrouble, On: true}, panel.Fault{Name: panel.ScanTrouble})
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// Codes beside those of the house make a scan of a few.
func TestScanBesideAFob(t *testing.T) {
	p := newPosted("rtl_433")
	p.known = func() []string { return []string{etherFob} }
	for n := range 10 {
		p.at(1+n*500, 0, fmt.Sprintf("ev1527:%06X", 0x13CDC1+n))
		p.at(61+n*500, 0, fmt.Sprintf("ev1527:%06X", 0x13CDC1+n))
	}
	p.expect(t, panel.Fault{Name: panel.ScanTrouble, On: true})
}
