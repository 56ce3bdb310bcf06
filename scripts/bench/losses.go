package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// losses are of bursts of ten texts that were broken, and of a text that came in
// meanwhile.
type losses struct {
	bursts, lost, repeated, unanswered int
}

// patience is how long a program may take until it has caught up.
const patience = 75 * time.Second

// kills and reboots are the measure (e).
func (r *result) kills(ctx context.Context, p plan) error { return r.breaks(ctx, p, true, &r.killed) }

func (r *result) reboots(ctx context.Context, p plan) error {
	return r.breaks(ctx, p, false, &r.rebooted)
}

func (r *result) breaks(ctx context.Context, p plan, kill bool, into *losses) error {
	var all sync.WaitGroup
	failed := make([]error, p.breaks)
	each := make([]losses, p.breaks)
	for n := range p.breaks {
		all.Go(func() { failed[n] = r.broken(ctx, p, n, kill, &each[n]) })
	}
	all.Wait()
	for _, l := range each {
		into.add(l)
	}
	return errors.Join(failed...)
}

func (l *losses) add(o losses) {
	l.bursts, l.lost, l.repeated, l.unanswered = l.bursts+o.bursts, l.lost+o.lost, l.repeated+o.repeated, l.unanswered+o.unanswered
}

// broken sends ten texts of which one is broken off: by kill -9 or by a reboot of
// the modem, before or after the network has taken it.
func (r *result) broken(ctx context.Context, p plan, n int, kill bool, into *losses) error {
	return inHouse(ctx, r.contestant, p, 10, func(h *house) error {
		struck := h.strikeAt([]string{"cmgs-prompt", "cmgs-accepted"}[n%2], 2+3*n%7, kill)
		at := time.Now()
		if err := h.alarm(h, n, h.numbers); err != nil {
			return err
		}
		select {
		case <-struck:
		case <-time.After(patience):
			return errors.New("the burst did not come so far")
		}
		if err := h.sim.Text(h.numbers[0], houseCode+" STATUS meanwhile"); err != nil {
			return err
		}
		if kill {
			if err := h.launch(); err != nil {
				return err
			}
		}
		return h.count(ctx, at, into)
	})
}

// strikeAt kills the program, or reboots the modem, at the nth event of a kind.
func (h *house) strikeAt(kind string, nth int, kill bool) <-chan struct{} {
	struck, count := make(chan struct{}), 0
	h.mu.Lock()
	defer h.mu.Unlock()
	h.on = func(e simulator.Event) { // called one at a time
		if e.Kind != kind {
			return
		}
		if count++; count != nth {
			return
		}
		if kill {
			h.kill()
		} else {
			_ = h.sim.Fault(simulator.Fault{Name: "reboot"}) // known, so without an error
		}
		close(struck)
	}
	return struck
}

// count waits until all were told, or until nothing more comes.
func (h *house) count(ctx context.Context, at time.Time, into *losses) error {
	texts := func() map[string]int {
		got := map[string]int{}
		for _, a := range h.sent(at, "BURGLARY") {
			got[a.to]++
		}
		return got
	}
	answered := func() bool { return len(h.sent(at, "Network:")) > 0 }
	err := until(ctx, patience, func() bool { return len(texts()) == len(h.numbers) && answered() })
	if err != nil && !errors.Is(err, errLate) {
		return err
	}
	if err := h.rests(ctx, 5*time.Second); err != nil { // a repeat comes late
		return err
	}
	into.bursts++
	for _, number := range h.numbers {
		switch n := texts()[number]; {
		case n == 0:
			into.lost++
		case n > 1:
			into.repeated += n - 1
		}
	}
	if !answered() {
		into.unanswered++
	}
	return nil
}
