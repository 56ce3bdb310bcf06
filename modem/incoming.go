package modem

import "time"

// caller is one who rings us.
type caller struct {
	from string
	last time.Time // RING or +CLIP was heard
	told bool
}

// ringPause is more than the time between two RINGs of one call (5 s).
const ringPause = 10 * time.Second

// incoming notes a call from outside and has it rejected; m.mu is held.
func (m *Modem) incoming(s *session, from string) {
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

// clipWait is how long after RING the number may come.
const clipWait = 200 * time.Millisecond

// reject hangs up on a caller. The modem does so by itself (GSMBUSY=1), so it
// has forgotten, and is told again.
func (s *session) reject() {
	m := s.m
	if s.pause(clipWait) != nil {
		return
	}
	s.mu.Lock()
	s.wishes.reject = false // by +CLIP after RING
	s.mu.Unlock()
	hang := "H"
	if m.calling() {
		hang = "+CHLD=0" // only the call that waits (27.007 7.13)
	}
	if _, err := s.command(hang, callLimit); broke(err) {
		return
	}
	m.mu.Lock()
	if !m.caller.told {
		m.caller.told = true
		m.emit(Incoming{m.caller.from})
	}
	m.mu.Unlock()
	_, _ = s.command("+GSMBUSY=1", quick) // asked for at each poll
}
