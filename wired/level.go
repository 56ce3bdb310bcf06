package wired

import (
	"context"
	"errors"
	"sync"
	"time"
)

// level is what a siren does.
type level struct {
	on      bool
	pattern string
}

func (l level) same(m level) bool { return l.on == m.on && (!l.on || l.pattern == m.pattern) }

// closeWait is how long the last level may take once we want to end.
const closeWait = 10 * time.Second

// backoff is the wait after each failure in a row; the last one stays.
var backoff = []time.Duration{1 * time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second}

// sounder is a device that a setter brings to levels.
type sounder struct {
	// apply brings it to a level.
	apply func(context.Context, level) error
	// keep holds it at a level that it was brought to some time ago, as the pattern
	// goes, and says when to do so next; nil where it keeps a level by itself.
	keep func(l level, elapsed time.Duration) (next time.Duration, err error)
	// leave leaves it at a level for good; nil where nothing is to be done for that.
	leave func(level)
}

// setter brings a device to the newest level asked for, one attempt at a time.
// While it should be silent, it chirps.
type setter struct {
	sounder
	report func(error)
	ended  context.Context
	end    context.CancelFunc
	wake   chan struct{} // has an element after a change of what stands under mu
	done   chan struct{}

	mu sync.Mutex
	asked
	failing   bool               // the last attempt failed
	interrupt context.CancelFunc // ends the attempt of a pulse; nil when there is none

	// Of the goroutine that runs:
	reached level
	at      bool      // the device is at reached
	atSince time.Time // and has been since then
	pulsing bool      // the device is not yet silent after a pulse
	failed  int       // attempts in a row
	quietAt time.Time // when it last became silent
}

// asked is all that the callers have asked for.
type asked struct {
	want     level
	known    bool // a level has been asked for
	chirps   int  // pulses that are left
	first    bool // the next pulse is the first of its chirp
	closed   bool
	closedAt time.Time
}

func startSetter(d *sounder, report func(error)) *setter {
	s := &setter{sounder: *d, report: report, wake: make(chan struct{}, 1), done: make(chan struct{})}
	s.want.pattern = "steady"
	s.ended, s.end = context.WithCancel(context.Background())
	go s.run()
	return s
}

func (s *setter) Set(on bool, pattern string) error {
	if err := checkPattern(on, pattern); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errors.New("the siren is closed")
	}
	want := level{on, pattern}
	if pattern == "" {
		want.pattern = s.want.pattern
	}
	if s.known && want.same(s.want) {
		return nil // an attempt that waits for its back-off goes on waiting
	}
	s.want, s.known = want, true
	if on {
		s.dropChirps()
	}
	s.changed()
	return nil
}

func (s *setter) Close() error {
	s.mu.Lock()
	if !s.closed {
		s.closed, s.closedAt = true, time.Now()
	}
	s.changed()
	s.mu.Unlock()
	defer s.end()
	select {
	case <-s.done:
		return nil
	case <-time.After(closeWait):
	}
	s.end()
	select {
	case <-s.done:
		return errors.New("the siren command did not end in 10 s and was killed: the siren may sound on; make the command return at once")
	case <-time.After(killWait):
		return errors.New("the siren command did not even end when it was killed: the siren may sound on")
	}
}

func (s *setter) changed() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// newest also takes back the wake of what it returns.
func (s *setter) newest() asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.wake:
	default:
	}
	return s.asked
}

// run is the only one that applies levels.
func (s *setter) run() {
	defer close(s.done)
	if s.leave != nil {
		defer func() { s.leave(s.reached) }()
	}
	for s.ended.Err() == nil {
		a := s.newest()
		goal, known, pulse := s.goal(a)
		switch {
		case known && !(s.at && goal.same(s.reached)):
			if s.bring(goal, pulse) {
				continue
			}
			if a.closed && !pulse {
				return
			}
			s.backOff()
		case a.chirps > 0 && !a.closedLong():
			s.chirp(a.first)
		case a.closed:
			return
		default:
			s.rest()
		}
	}
}

// rest waits for a change, and keeps the device at its level until then.
func (s *setter) rest() {
	if s.keep == nil || !s.at {
		<-s.wake
		return
	}
	next, err := s.keep(s.reached, time.Since(s.atSince))
	if err == nil {
		s.sleep(next)
		return
	}
	s.at = false
	s.tell(err)
	s.backOff()
}

// goal is the level to be at now, if any is known, and whether it is the end of
// a pulse.
func (s *setter) goal(a asked) (goal level, known, pulse bool) {
	if s.pulsing && !a.want.on {
		return level{false, chirpPattern}, true, true
	}
	return a.want, a.known, false
}

// bring tries once to bring the device to a level. An attempt for a pulse that
// an alarm has interrupted is no failure: the alarm's own comes next.
func (s *setter) bring(goal level, pulse bool) bool {
	ctx, done := s.ended, func() bool { return false }
	if pulse {
		ctx, done = s.interruptible()
	}
	err := ctx.Err()
	if err == nil {
		err = s.apply(ctx, goal)
	}
	// What a failed attempt has left behind nobody knows.
	s.reached, s.at, s.atSince = goal, err == nil, time.Now()
	if done() && err != nil {
		return true
	}
	s.tell(err)
	if err != nil {
		return false
	}
	if s.pulsing = pulse && goal.on; !goal.on {
		s.quietAt = time.Now()
	}
	return true
}

// tell reports a failure, and the first success after one.
func (s *setter) tell(err error) {
	s.mu.Lock()
	before := s.failing
	s.failing = err != nil
	if s.failing {
		s.chirps = 0 // what comes late answers nobody
	}
	s.mu.Unlock()
	if before || err != nil {
		s.report(err)
	}
	if s.failed++; err == nil {
		s.failed = 0
	}
}

// backOff waits after a failure. A change ends it and begins anew.
func (s *setter) backOff() {
	if s.sleep(backoff[min(s.failed, len(backoff))-1]) {
		s.failed = 0
	}
}

// sleep returns at the end of the time, or at the next change (true).
func (s *setter) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-s.wake:
		return true
	case <-timer.C:
		return false
	case <-s.ended.Done():
		return false
	}
}
