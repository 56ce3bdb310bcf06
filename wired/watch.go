package wired

import (
	"context"
	"time"
)

const (
	// lookEvery is how often a line is asked for its level though nothing has come
	// of it: that finds a chip that has gone, and mends an edge that was lost.
	lookEvery = time.Second
	edgesHeld = 64
)

// edge is a change of a line's level.
type edge struct {
	on bool
	at time.Time
}

// watch reads a line until ctx ends: changed is told how it stands at first, and of
// each change that has lasted for settle. A line that can't be had is tried again;
// report gets each failure, and nil when it is there.
func watch(ctx context.Context, k kernel, p pin, settle time.Duration, changed func(on, first bool, at time.Time), report func(error)) {
	again(ctx, func() error {
		return watchOnce(ctx, k, p, settle, changed, func() { report(nil) })
	}, func(err error) { report(p.whyNot(err)) })
}

// watchOnce reads a line until it fails or ctx ends.
func watchOnce(ctx context.Context, k kernel, p pin, settle time.Duration, changed func(on, first bool, at time.Time), ready func()) error {
	edges := make(chan edge, edgesHeld)
	l, steady, err := k.input(p, settle, func(on bool, at time.Time) {
		select {
		case edges <- edge{on, at}:
		default: // a line that chatters; the next look says how it stands
		}
	})
	if err != nil {
		return err
	}
	defer l.close()
	on, err := l.value()
	if err != nil {
		return err
	}
	ready()
	if steady {
		settle = 0
	}
	d := debounce{settle: settle, told: on, seen: edge{on, time.Now()}, changed: changed}
	changed(on, true, d.seen.at)
	return d.run(ctx, l, edges)
}

// debounce tells only of levels that have lasted. Where the kernel does that, settle
// is 0.
type debounce struct {
	settle  time.Duration
	told    bool // the level last told of
	seen    edge // the last that came
	changed func(on, first bool, at time.Time)
}

func (d *debounce) run(ctx context.Context, l line, edges <-chan edge) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	still := time.NewTimer(0)
	defer still.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-edges:
			d.take(e, still)
		case <-still.C:
			d.tell()
		case <-look.C:
			on, err := l.value()
			if err != nil {
				return err
			}
			if on != d.seen.on {
				d.take(edge{on, time.Now()}, still)
			}
		}
	}
}

// take takes an edge, and what lasted long enough before it though nobody was awake
// to see that.
func (d *debounce) take(e edge, still *time.Timer) {
	if e.at.Sub(d.seen.at) >= d.settle {
		d.tell()
	}
	d.seen = e
	if d.settle == 0 {
		d.tell()
		return
	}
	still.Reset(d.settle)
}

// tell tells of the level, if it is news.
func (d *debounce) tell() {
	if d.seen.on != d.told {
		d.told = d.seen.on
		d.changed(d.told, false, d.seen.at)
	}
}
