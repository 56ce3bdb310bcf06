package modem

import (
	"context"
	"time"
)

// due is when the owner of the line does what nobody asks for; the zero time
// is at once.
type due struct {
	sweep, poll, clock, clcc, look time.Time
}

// serve runs requests and the panel's own tasks, one at a time, until the line
// is lost or the modem resets itself. Neither requests nor tasks can starve
// the other: they take turns; what a call needs goes first. The first signal, and
// whose network it is, are read before any request: when they are known must not tell
// that there were some.
func (s *session) serve() error {
	for tasked := false; ; {
		s.m.lives()
		if err := s.ready(); err != nil {
			return err
		}
		if s.ctx.Err() != nil {
			return context.Cause(s.ctx)
		}
		s.noted()
		if s.attendCall() {
			continue
		}
		task := s.nextTask()
		if task != nil && (s.unread() || !tasked && !s.m.jobs.urgent()) {
			s.chore(task)
			tasked = true
			continue
		}
		tasked = false
		if j := s.m.jobs.take(); j != nil {
			j.done <- j.do(s)
			continue
		}
		if task == nil {
			s.wait()
		}
	}
}

// chore does a task.
func (s *session) chore(task func()) {
	s.m.trace.chore(true)
	task()
	s.m.trace.chore(false)
}

// unread tells whether the first signal, or whose network it is, can be read now.
func (s *session) unread() bool {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	return s.due.poll.IsZero() && (!s.gauged || s.m.network.Registered && s.m.network.Operator == "")
}

// nextTask is a task that is due, nil for none.
func (s *session) nextTask() func() {
	now := time.Now()
	switch {
	case s.due.clock.IsZero(): // before the first listing: how old a text is must be known by then
		return s.clock
	case s.unread():
		return s.poll
	case s.m.calling() && !now.Before(s.due.clcc):
		return s.watchCall
	case !now.Before(s.due.sweep):
		return s.sweep
	case !now.Before(s.due.poll):
		return s.poll
	case !now.Before(s.due.clock):
		return s.clock
	case !now.Before(s.due.look):
		return s.look
	}
	return nil
}

// wait sleeps until there is something to do.
func (s *session) wait() {
	next := s.due.sweep
	for _, t := range []time.Time{s.due.poll, s.due.clock, s.due.look} {
		if t.Before(next) {
			next = t
		}
	}
	if s.m.calling() && s.due.clcc.Before(next) {
		next = s.due.clcc
	}
	t := time.NewTimer(time.Until(next))
	defer t.Stop()
	select {
	case <-s.m.jobs.ready:
	case <-s.wake:
	case <-s.dead:
	case <-s.ctx.Done():
	case <-t.C:
	}
}

// unsolicited takes a line that came of itself, on the reading goroutine: it
// notes things and tells events, and never waits.
func (s *session) unsolicited(u urc) {
	m := s.m
	m.trace.unsolicited(u, m.callSealed(u))
	switch u.name {
	case "RDY", "Call Ready", "SMS Ready", "SMS DONE":
		s.started(u.name)
	case "+CPIN":
		if u.rest == "NOT INSERTED" || u.rest == "NOT READY" {
			s.noCard()
			return
		}
		s.started("+CPIN: " + u.rest)
	case "+CSMINS":
		if number(u.rest, 1) == 0 {
			s.noCard()
		}
	case "NORMAL POWER", "POWERED DOWN":
		s.off()
	case "UNDER-VOLTAGE", "OVER-VOLTAGE":
		s.warned(u)
	case "+SJDR":
		s.jammed(u)
	case "+CMTI":
		s.announced(number(u.rest, 1))
	case "+CDSI", "+SMS FULL":
		s.note(func(w *wishes) { w.sweep = true })
	case "+CMT":
		s.direct(u)
	case "+CDS":
		s.report(u)
	case "+CREG", "+CEREG":
		s.registration(u)
	case "+CUSD":
		s.reacted(u)
	case "*PSUTTZ", "+CTZV", "+CTZE":
		s.note(func(w *wishes) { w.clock = true })
	default:
		s.callLine(u)
	}
}

// wishes are what the reading goroutine wants the owner to do soon.
type wishes struct{ sweep, poll, clock, calls, reject, look bool }

func (s *session) note(f func(*wishes)) {
	s.mu.Lock()
	f(&s.wishes)
	s.mu.Unlock()
	signal(s.wake)
}

// noted turns wishes into what is due.
func (s *session) noted() {
	s.mu.Lock()
	w := s.wishes
	s.wishes = wishes{reject: w.reject}
	s.mu.Unlock()
	if w.sweep {
		s.due.sweep = time.Time{}
	}
	if w.poll {
		s.due.poll = time.Time{}
	}
	if w.look {
		s.due.look = time.Time{}
	}
	if w.clock {
		s.due.clock = time.Time{}
	}
	if w.calls {
		s.due.clcc = time.Time{}
	}
}
