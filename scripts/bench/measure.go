package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"time"
)

// result is all that was measured of one program.
type result struct {
	*contestant
	asked        []time.Duration // text in to the reply's first byte
	alarmed      []time.Duration // event to the first alarm text's first byte
	ten          []time.Duration // event to the tenth text taken by the network
	unhashed     []time.Duration // as asked, of a gsmpanel whose hash costs nothing
	hash, commit []time.Duration // of gsmpanel alone
	idle         usage
	killed       losses
	rebooted     losses
}

// measure takes the times of programs that answer at once alone, one after another.
// All else runs side by side: programs that look every second or more seldom, and
// what is counted and not timed.
func measure(ctx context.Context, p plan, runs []*contestant) (results []*result, err error) {
	for _, c := range runs {
		r := &result{contestant: c}
		results = append(results, r)
		if c.pace == atOnce {
			fmt.Fprintf(os.Stderr, "%s %s alone\n", time.Now().Format(time.TimeOnly), c.name)
			err = errors.Join(err, r.named(r.latencies(ctx, p)))
		}
	}
	fmt.Fprintf(os.Stderr, "%s all the rest side by side\n", time.Now().Format(time.TimeOnly))
	var all sync.WaitGroup
	failed := make(chan error, 4*len(results))
	for _, r := range results {
		do := func(wanted bool, f func(context.Context, plan) error) {
			if wanted {
				all.Go(func() { failed <- r.named(f(ctx, p)) })
			}
		}
		do(r.pace != atOnce, r.latencies)
		do(!r.kept, r.idles)
		do(!r.kept, r.kills)
		do(!r.kept, r.reboots)
	}
	all.Wait()
	close(failed)
	for e := range failed {
		err = errors.Join(err, e)
	}
	return results, err
}

// named says which program an error is of.
func (r *result) named(err error) error {
	if err != nil {
		return fmt.Errorf("%s, %s: %w", r.name, r.tuning, err)
	}
	return nil
}

// latencies are the measures (a), (b) and (c).
func (r *result) latencies(ctx context.Context, p plan) (err error) {
	count := map[pace]int{atOnce: p.quick, everySecond: p.polled, seldom: p.slow}[r.pace]
	err = inHouse(ctx, r.contestant, p, 2, func(h *house) error {
		if r.asked, err = h.askedOften(ctx, count); err != nil {
			return err
		}
		if r.alarmed, err = h.alarmedOften(ctx, count); err != nil || r.name != "gsmpanel" {
			return err
		}
		h.kill()
		r.hash, r.commit, err = parts(h.path("data"), count)
		return err
	})
	if err == nil && r.name == "gsmpanel" {
		err = inHouse(ctx, unhashed(r.contestant), p, 2, func(h *house) error {
			r.unhashed, err = h.askedOften(ctx, count)
			return err
		})
	}
	if err != nil || r.pace == seldom {
		return err
	}
	return inHouse(ctx, r.contestant, p, 10, func(h *house) error {
		for n := range p.tens {
			_, last, err := h.alarmed(ctx, n, h.numbers)
			if err != nil {
				return fmt.Errorf("burst %d: %w", n, err)
			}
			r.ten = append(r.ten, last)
			if err := h.wait(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// inHouse starts a program in a house with so many phones, and does something there.
func inHouse(ctx context.Context, c *contestant, p plan, phones int, do func(*house) error) error {
	h, err := newHouse(c, p, phones)
	if err != nil {
		return err
	}
	defer h.close()
	if err := h.start(ctx); err != nil {
		return err
	}
	if err := do(h); err != nil {
		return fmt.Errorf("%w\n%s", err, h.output())
	}
	return nil
}

// restBetween is the least time between two texts in, or events.
const restBetween = 300 * time.Millisecond

// wait ends at any moment between two looks of a program that looks.
func (h *house) wait(ctx context.Context) error {
	most := map[pace]time.Duration{atOnce: 50 * time.Millisecond, everySecond: time.Second, seldom: 10 * time.Second}[h.pace]
	return pause(ctx, restBetween+rand.N(most))
}

func (h *house) askedOften(ctx context.Context, count int) ([]time.Duration, error) {
	return h.often(ctx, count, "text", func(n int) (time.Duration, error) {
		return h.asked(ctx, fmt.Sprintf("x%c%c", 'a'+n/26%26, 'a'+n%26)) // the same text twice is one
	})
}

func (h *house) alarmedOften(ctx context.Context, count int) ([]time.Duration, error) {
	return h.often(ctx, count, "event", func(n int) (time.Duration, error) {
		first, _, err := h.alarmed(ctx, n, h.numbers)
		return first, err
	})
}

// often measures so many times, with rests between.
func (h *house) often(ctx context.Context, count int, what string, once func(n int) (time.Duration, error)) (all []time.Duration, err error) {
	for n := range count {
		took, err := once(n)
		if err != nil {
			return nil, fmt.Errorf("%s %d: %w", what, n, err)
		}
		all = append(all, took)
		if err := h.wait(ctx); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// alarmed makes an event, waits until everyone was told and the program is calm
// again, and returns the time to the first byte and to the last text.
func (h *house) alarmed(ctx context.Context, n int, to []string) (first, last time.Duration, err error) {
	at := time.Now()
	if err := h.alarm(h, n, to); err != nil {
		return 0, 0, err
	}
	if err := until(ctx, 5*time.Minute, func() bool { return len(h.sent(at, "BURGLARY")) >= len(to) }); err != nil {
		return 0, 0, fmt.Errorf("%d of %d were told: %w", len(h.sent(at, "BURGLARY")), len(to), err)
	}
	began, ok := h.firstSend(at)
	if !ok {
		return 0, 0, fmt.Errorf("texts were sent without AT+CMGS")
	}
	texts := h.sent(at, "BURGLARY")
	first, last = began.Sub(at), texts[len(to)-1].at.Sub(at)
	return first, last, h.calms(ctx)
}

// calms ends the alarm where it must be ended.
func (h *house) calms(ctx context.Context) error {
	if h.calm != nil {
		at := time.Now()
		if err := h.calm(h); err != nil {
			return err
		}
		if err := until(ctx, time.Minute, func() bool { return len(h.sent(at, "CANCEL")) >= len(h.numbers)-1 }); err != nil {
			return fmt.Errorf("the alarm does not end: %w", err)
		}
	}
	return h.rests(ctx, 300*time.Millisecond)
}
