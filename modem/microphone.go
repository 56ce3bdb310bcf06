package modem

import "context"

// muteTries is how often a modem is asked to mute its microphone in a call; one
// that will not works without.
const muteTries = 3

// Listen opens the microphone of the connected call, which was muted when it
// began. ErrNoCall, ErrDown, ErrUnknown, *CMEError: the modem does not know how.
func (m *Modem) Listen(ctx context.Context, call uint64) error {
	return m.run(ctx, true, func(s *session) error { return s.listen(call) })
}

func (s *session) listen(id uint64) error {
	m := s.m
	m.mu.Lock()
	c := m.call
	connected := c != nil && c.id == id && c.answered
	if connected {
		c.mute = 0
	}
	m.mu.Unlock()
	if !connected {
		return ErrNoCall
	}
	_, err := s.quietly(c.sealed, "+CMUT=0", quick)
	return requested(err)
}

// mute closes the microphone of a call that has just begun; AT+CMUT is taken only
// in a call and forgotten with it (AT CMUT).
func (s *session) mute(c *call) {
	s.m.mu.Lock()
	due := s.m.call == c && c.mute > 0
	if due {
		c.mute--
	}
	s.m.mu.Unlock()
	if !due {
		return
	}
	if _, err := s.quietly(c.sealed, "+CMUT=1", quick); err == nil {
		s.m.mu.Lock()
		c.mute = 0
		s.m.mu.Unlock()
	}
}
