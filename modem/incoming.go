package modem

import (
	"context"
	"errors"
	"strings"
	"time"
)

// caller is one who rings us and is not let in.
type caller struct {
	from string
	last time.Time // RING or +CLIP was heard
	told bool
}

const (
	// ringPause is more than the time between two RINGs of one call (5 s).
	ringPause = 10 * time.Second
	// clipWait is how long after RING the number may come.
	clipWait = 200 * time.Millisecond
	// decideWait is how long the panel may take to say what becomes of a caller.
	decideWait = 10 * time.Second
)

// TakeCalls says whether who rings is told as Incoming with a call to Answer, or
// hears busy, which is so at first. While the panel itself calls they hear busy
// either way.
func (m *Modem) TakeCalls(yes bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.open != yes {
		m.open = yes
		signal(m.jobs.ready)
	}
}

// Answer picks up a call that Incoming has told of. The microphone is muted at
// once: who has rung may be anybody with that number. ErrNoCall: the caller has
// given up.
func (m *Modem) Answer(ctx context.Context, call uint64) error {
	return m.run(ctx, true, func(s *session) error { return s.answer(call) })
}

// Reject ends a call that Incoming has told of and that was not answered; where
// it is over nothing happens.
func (m *Modem) Reject(ctx context.Context, call uint64) error {
	return m.run(ctx, true, func(s *session) error {
		if c := s.m.current(); c == nil || c.id != call || !c.in {
			return nil
		}
		return s.hangUp()
	})
}

// incoming notes a call from outside, and tells of it where calls are taken and
// its number is known; m.mu is held.
func (m *Modem) incoming(s *session, from string) {
	if c := m.call; c != nil && c.in && !c.answered {
		return // it rings on
	}
	if m.open && m.call == nil && from != "" {
		m.calls++
		m.call = &call{id: m.calls, in: true, sealed: !m.trace.shows(from), started: true, told: true, since: time.Now(), over: make(chan struct{})}
		m.lastSealed = m.call.sealed
		m.emit(Incoming{m.call.id, from})
		signal(m.jobs.ready)
		return
	}
	now := time.Now()
	if now.Sub(m.caller.last) > ringPause {
		m.caller = caller{}
	}
	m.caller.last = now
	if from != "" {
		m.caller.from = from
	}
	s.note(func(w *wishes) { w.reject = true })
}

// numberOf is the nth field as a number, with the + that its type says it has
// (145 is international, 24.008 10.5.4.7).
func numberOf(rest string, n int) string {
	from := field(rest, n)
	if number(rest, n+1) == 145 && from != "" && !strings.HasPrefix(from, "+") {
		return "+" + from
	}
	return from
}

// answer picks up.
func (s *session) answer(id uint64) error {
	m := s.m
	c := m.current()
	if c == nil || c.id != id || !c.in {
		return ErrNoCall
	}
	switch _, err := s.quietly(c.sealed, "A", callLimit); {
	case errors.Is(err, errRefused): // NO CARRIER too
		m.end(c, CauseRemote)
		return ErrNoCall
	case broke(err):
		return ErrUnknown
	case err != nil:
		return errors.Join(err, s.hangUp())
	}
	m.mu.Lock()
	if m.call == c {
		m.connects()
	}
	m.mu.Unlock()
	s.mute(c)
	return nil
}

// reject hangs up on a caller. A modem that can let no calls in (GSMBUSY=1) does
// so by itself, so it has forgotten, and is told again. The trace shows nothing of
// it: friends ring back when they have been told of something.
func (s *session) reject() {
	m := s.m
	if s.pause(clipWait) != nil {
		return
	}
	s.mu.Lock()
	s.wishes.reject = false // by +CLIP after RING
	s.mu.Unlock()
	if c := m.current(); c != nil && c.in && !c.answered {
		return // its number came, and it was let in
	}
	hang := s.profile.hang
	if m.calling() {
		hang = "+CHLD=0" // only the call that waits (27.007 7.13)
	}
	if _, err := s.quietly(true, hang, callLimit); broke(err) {
		return
	}
	m.mu.Lock()
	if !m.caller.told {
		m.caller.told = true
		m.emit(Incoming{0, m.caller.from})
	}
	m.mu.Unlock()
	if busy := s.profile.busy; busy != "" && !s.letsIn {
		_, _ = s.quietly(true, busy+"=1", quick) // asked for at each poll
	}
}

// callers has the modem let calls in, or not, where it knows how and that has
// changed; false where there is nothing to do. It waits for the end of a call from outside: what that
// does to one in progress nobody has tried.
func (s *session) callers() bool {
	m := s.m
	m.mu.Lock()
	let := m.open && m.call == nil
	wait := m.call != nil && m.call.in
	m.mu.Unlock()
	busy := s.profile.busy
	if wait || let == s.letsIn || busy == "" {
		return false
	}
	command := busy + "=1"
	if let {
		command = busy + "=0"
	}
	if _, err := s.quietly(true, command, quick); !broke(err) { // or it is said again
		s.letsIn = let
	}
	return true
}
