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

// setter brings a device to the newest level asked for, one attempt at a time.
type setter struct {
	apply  func(context.Context, level) error
	report func(error)
	ended  context.Context
	end    context.CancelFunc
	wake   chan struct{} // has an element after a change of what stands under mu
	done   chan struct{}

	mu     sync.Mutex
	want   level
	known  bool // a level has been asked for
	closed bool
}

func newSetter(command string, report func(error)) *setter {
	return startSetter(func(ctx context.Context, l level) error { return runCommand(ctx, runLimit, command, l) }, report)
}

func startSetter(apply func(context.Context, level) error, report func(error)) *setter {
	s := &setter{apply: apply, report: report, wake: make(chan struct{}, 1), done: make(chan struct{})}
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
	s.changed()
	return nil
}

func (s *setter) Close() error {
	s.mu.Lock()
	s.closed = true
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

// wanted also takes back the wake of what it returns.
func (s *setter) wanted() (want level, known, closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.wake:
	default:
	}
	return s.want, s.known, s.closed
}

// run is the only one that applies levels.
func (s *setter) run() {
	defer close(s.done)
	var reached level
	at, failed := false, 0 // at: the device is at reached; failed: attempts in a row
	troubled := false      // the last report was of a failure
	for {
		want, known, closed := s.wanted()
		if known && !(at && want.same(reached)) {
			err := s.apply(s.ended, want)
			// What a failed attempt has left behind nobody knows.
			reached, at = want, err == nil
			if troubled || !at {
				s.report(err)
			}
			troubled = !at
			if at {
				continue
			}
			failed++
		}
		if closed {
			return
		}
		if s.wait(known && !at, failed) {
			failed = 0
		}
	}
}

// wait returns at the next change (true) or, with an attempt to repeat, at the
// end of its back-off.
func (s *setter) wait(again bool, failed int) bool {
	if !again {
		<-s.wake
		return true
	}
	timer := time.NewTimer(backoff[min(failed, len(backoff))-1])
	defer timer.Stop()
	select {
	case <-s.wake:
		return true
	case <-timer.C:
		return false
	}
}
