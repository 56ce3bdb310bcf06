package main

import (
	"context"
	"math"
	"sync/atomic"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio"
)

// airState is what one receiver makes of the air; but for framed with the ether's
// health held.
type airState struct {
	framed atomic.Int64 // tick of its last frame
	noise  radio.Noise
	jammed bool    // as told
	usual  float64 // dB, as told; 0 is never
	toldAt int64   // tick
}

// usualEvery is how often it is told at most what noise is usual, in ms, and
// usualBy by how many dB it must have moved. It moves by half of one an hour.
const usualEvery, usualBy = 3600_000, 0.5

// remember takes up what noise was usual before the panel was off. It is for
// before the receivers run. Where there are others than there were, all learn anew.
func (e *ether) remember(usual []float64) {
	if len(usual) != len(e.air) {
		return
	}
	for n := range e.air {
		e.air[n].noise.Usual = usual[n]
	}
}

// reads takes what a receiver says of the air itself.
func (e *ether) reads(source int, r radio.Reading, at time.Time) {
	e.health.Lock()
	defer e.health.Unlock()
	tick, a := at.Sub(e.began).Milliseconds(), &e.air[source]
	a.noise = a.noise.Step(tick, a.framed.Load(), r)
	if why, jammed := a.noise.Jammed(); jammed != a.jammed {
		a.jammed = jammed
		if jammed {
			why = e.named(source, why)
		}
		e.post(panel.Fault{Name: panel.JamTrouble, Unit: source + 1, Of: len(e.air), On: jammed, Why: why})
	}
	if usual := a.noise.Usual; a.noise.Known(tick) && (a.usual == 0 || tick-a.toldAt >= usualEvery && math.Abs(usual-a.usual) >= usualBy) {
		a.usual, a.toldAt = usual, tick
		e.post(panel.Noise{Unit: source + 1, Of: len(e.air), Usual: math.Round(10*usual) / 10})
	}
}

// strange takes a frame of a code that nobody enrolled.
func (e *ether) strange(tick int64, f radio.Frame) {
	e.health.Lock()
	defer e.health.Unlock()
	e.scanned(e.scan.Step(tick, f, func(id string) bool {
		like, _ := radio.Related(id, e.known())
		return like != ""
	}))
}

// scanned tells when a scan of codes begins and ends; with health held.
func (e *ether) scanned(on bool) {
	if on != e.scanning {
		e.scanning = on
		e.post(panel.Fault{Name: panel.ScanTrouble, On: on})
	}
}

// watchScan ends a scan after which nothing is heard, until ctx ends.
func (e *ether) watchScan(ctx context.Context) error {
	for look := time.NewTicker(10 * time.Second); ; {
		select {
		case <-ctx.Done():
			look.Stop()
			return nil
		case now := <-look.C:
			e.health.Lock()
			e.scanned(e.scan.Now(now.Sub(e.began).Milliseconds()))
			e.health.Unlock()
		}
	}
}
