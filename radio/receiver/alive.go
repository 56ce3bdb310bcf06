package receiver

import "time"

// proof waits for the sign that a program works, so that its receiver is up.
type proof struct {
	probation bool          // frames do not count
	alive     time.Duration // the program must have printed at this age or later
	again     time.Duration // how long to wait where it has not
	out       *output
	timer     *time.Timer
}

// proof of a program with a heartbeat is what it prints once it has settled: a
// greeting, and even the complaint that there is no dongle, come before.
func (s *supervisor) proof(out *output) *proof {
	p := &proof{probation: s.credit == 0, again: s.pace.settle / 5, out: out}
	needed := s.pace.settle
	if p.probation {
		needed = s.pace.healthy
	}
	if s.Silence > 0 {
		p.alive = s.pace.settle
	}
	p.timer = time.NewTimer(needed)
	return p
}

// given is for when the timer fires; where it is not given, the timer is set again.
func (p *proof) given() bool {
	if p.out.lastAt() >= p.alive {
		return true
	}
	p.timer.Reset(p.again)
	return false
}

func (p *proof) stop() { p.timer.Stop() }

// silence watches that a program keeps printing; a limit of 0 never ends.
type silence struct {
	limit time.Duration
	out   *output
	timer *time.Timer
}

func newSilence(limit time.Duration, out *output) *silence {
	s := &silence{limit: limit, out: out}
	if limit > 0 {
		s.timer = time.NewTimer(limit)
	}
	return s
}

func (s *silence) check() <-chan time.Time {
	if s.timer == nil {
		return nil
	}
	return s.timer.C
}

// over says whether the limit has passed, and sets the next check if not.
func (s *silence) over() bool {
	left := s.limit - s.out.quietFor()
	if left <= 0 {
		return true
	}
	s.timer.Reset(left)
	return false
}

func (s *silence) stop() {
	if s.timer != nil {
		s.timer.Stop()
	}
}
