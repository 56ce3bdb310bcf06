package wired

import (
	"context"
	"time"
)

const (
	chirpPattern = "chirp"
	mostChirps   = 4
	pulseTime    = 100 * time.Millisecond
	pulseGap     = 250 * time.Millisecond
	// chirpPause sets a chirp off from what sounded before, so that it can be counted.
	chirpPause = time.Second
	// chirpGrace is how long after Close pulses may begin, which leaves time to be
	// silent after the last.
	chirpGrace = 3 * time.Second
)

func (s *setter) Chirp(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n < 1 || n > mostChirps || s.closed || s.failing || s.want.on {
		return
	}
	s.chirps, s.first = n, true
	s.changed()
}

// dropChirps ends a pulse that is under way and drops what is left. mu is held.
func (s *setter) dropChirps() {
	s.chirps = 0
	if s.interrupt != nil {
		s.interrupt()
	}
}

func (a asked) closedLong() bool { return a.closed && time.Since(a.closedAt) > chirpGrace }

// chirp gives the next pulse but for its end, or waits for its time.
func (s *setter) chirp(first bool) {
	gap := pulseGap
	if first {
		gap = chirpPause
	}
	if wait := time.Until(s.quietAt.Add(gap)); wait > 0 {
		s.sleep(wait)
		return
	}
	if !s.takePulse() {
		return
	}
	s.pulsing = true // until it is known to be silent again
	if s.bring(level{true, chirpPattern}, true) && s.at {
		s.hold()
	}
}

// takePulse says whether a pulse is still wanted, and counts it.
func (s *setter) takePulse() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.chirps == 0 {
		return false
	}
	s.chirps--
	s.first = false
	return true
}

// hold lets the pulse sound. Only an alarm cuts it short.
func (s *setter) hold() {
	end := time.Now().Add(pulseTime)
	for left := pulseTime; left > 0 && s.ended.Err() == nil && !s.newest().want.on; left = time.Until(end) {
		s.sleep(left)
	}
}

// interruptible is the context of a pulse's attempt, which an alarm ends, and
// what to call after it: it says whether that has happened.
func (s *setter) interruptible() (ctx context.Context, done func() bool) {
	ctx, cancel := context.WithCancel(s.ended)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.interrupt = cancel; s.want.on {
		cancel()
	}
	return ctx, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		defer cancel()
		s.interrupt = nil
		return ctx.Err() != nil && s.ended.Err() == nil
	}
}
