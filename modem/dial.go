package modem

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/warthog618/modem/at"
)

// Dial calls a number, E.164. It returns when the modem has begun; what comes
// of it is told by events with the number that is returned, the first of which
// may come before Dial returns. sealed keeps all of it out of Trace.
//
// ErrNumber, ErrCall, ErrDown, *CMEError: there is no call. ErrUnknown: there
// may be one, whose number is returned if it is known; HangUp makes sure.
func (m *Modem) Dial(ctx context.Context, number string, sealed bool) (call uint64, err error) {
	if err := checkNumber(number); err != nil {
		return 0, err
	}
	result := make(chan uint64, 1)
	err = m.run(ctx, false, func(s *session) error {
		id, err := s.dial(number, sealed)
		result <- id
		return err
	})
	select {
	case call = <-result:
	default: // the owner has not got so far
	}
	return call, err
}

func (s *session) dial(number string, sealed bool) (uint64, error) {
	if err := s.ready(); err != nil {
		return 0, ErrDown
	}
	if c := s.m.current(); c != nil && c.in && !c.answered {
		_ = s.hangUp() // what the panel has to say goes first
	}
	c, err := s.m.begin(sealed)
	if err != nil {
		return 0, err
	}
	s.callers() // hear busy from now on
	_, err = s.quietly(sealed, "D"+number+";", callLimit)
	m := s.m
	m.mu.Lock()
	defer m.mu.Unlock()
	var connect at.ConnectError
	switch {
	case err == nil:
		c.started = true
		s.due.clcc = time.Now().Add(clccEvery)
	case errors.As(err, &connect): // over before it began
		c.started = true
		m.result(s, strings.TrimSpace(string(connect)))
	case errors.Is(err, errRefused):
		m.forget(c)
		return 0, &CMEError{cmeUnknown}
	case broke(err): // it may go on: it stays, to be hung up or to end
		c.started = true
		return c.id, ErrUnknown
	default:
		m.forget(c)
		return 0, err
	}
	return c.id, nil
}

// HangUp ends the call, if there is one, and waits until it is gone. It goes
// before texts that wait, but after one that is being sent (60 s at most).
// ErrUnknown: it may still be there.
func (m *Modem) HangUp(ctx context.Context) error {
	return m.run(ctx, true, func(s *session) error { return s.hangUp() })
}

func (s *session) hangUp() error {
	m := s.m
	m.mu.Lock()
	c := m.call
	if c == nil {
		m.mu.Unlock()
		return nil
	}
	c.local = true
	m.mu.Unlock()
	if _, err := s.quietly(c.sealed, s.profile.hang, callLimit); broke(err) {
		return ErrUnknown
	} else if err == nil && c.in { // the next who rings would be taken for this one
		m.end(c, CauseLocal)
		return nil
	}
	deaf := time.Now().Add(hangUpWait / 4)
	for end := time.Now().Add(hangUpWait); time.Now().Before(end); {
		select {
		case <-c.over:
			return nil
		case <-s.dead:
			return ErrUnknown
		case <-s.ctx.Done():
			return ErrUnknown
		case <-time.After(hangUpPoll):
		}
		info, err := s.quietly(c.sealed, "+CLCC", quick)
		if err != nil {
			return ErrUnknown
		}
		m.mu.Lock()
		gone := !s.alive(info)
		m.mu.Unlock()
		if gone {
			m.end(c, CauseLocal)
			return nil
		}
		if time.Now().After(deaf) { // some have an ATH that ends no call (27.007 6.20)
			deaf = time.Now().Add(hangUpWait)
			if _, err := s.quietly(c.sealed, "+CHUP", callLimit); broke(err) {
				return ErrUnknown
			}
		}
	}
	return fmt.Errorf("the call does not end: %w", ErrUnknown)
}

// Tones plays keys (0 to 9, *, #, A to D), each a tenth of a second, to the
// other end of the connected call. ErrNoCall, ErrTones, ErrDown, ErrUnknown.
func (m *Modem) Tones(ctx context.Context, tones string) error {
	for _, k := range tones {
		if !strings.ContainsRune(keys, k) {
			return fmt.Errorf("%q: %w", tones, ErrTones)
		}
	}
	return m.run(ctx, true, func(s *session) error { return s.tones(tones) })
}

func (s *session) tones(tones string) error {
	s.m.mu.Lock()
	c := s.m.call
	connected := c != nil && c.answered
	s.m.mu.Unlock()
	if !connected {
		return ErrNoCall
	}
	for tones != "" {
		n := min(len(tones), s.profile.tones)
		chunk := strings.Join(strings.Split(tones[:n], ""), ",")
		_, err := s.quietly(c.sealed, `+VTS="`+chunk+`"`, quick+time.Duration(n)*time.Second)
		if err := requested(err); err != nil {
			return err
		}
		tones = tones[n:]
	}
	return nil
}

// requested turns the outcome of a command into what a request returns.
func requested(err error) error {
	switch {
	case errors.Is(err, errRefused):
		return &CMEError{cmeUnknown}
	case broke(err):
		return ErrUnknown
	}
	return err
}
