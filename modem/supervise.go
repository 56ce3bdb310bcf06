package modem

import (
	"context"
	"errors"
	"time"
)

// backoff are the pauses before the line is opened anew.
var backoff = []time.Duration{time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second}

// steady is how long a modem must have been up for the pauses to begin anew.
const steady = time.Minute

func (m *Modem) supervise(ctx context.Context) {
	for n := 0; ctx.Err() == nil; n++ {
		lasted, err := m.attend(ctx)
		if ctx.Err() != nil {
			m.jobs.refuse()
			return
		}
		m.down(err)
		if lasted >= steady {
			n = 0
		}
		wait := backoff[min(n, len(backoff)-1)]
		m.log.Info("the modem's port is opened again", "in", wait)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
	m.jobs.refuse()
}

// attend opens the line and serves it until it is lost. lasted is how long the
// modem was up.
func (m *Modem) attend(ctx context.Context) (lasted time.Duration, err error) {
	s, err := m.connect(ctx)
	if err != nil {
		return 0, err
	}
	defer s.close()
	defer context.AfterFunc(ctx, func() { s.guard.Close() })()
	for {
		up, err := s.initialise()
		if err != nil {
			return lasted, err
		}
		since := time.Now()
		m.rise(s, up)
		err = s.serve()
		lasted += time.Since(since)
		if !errors.Is(err, errReset) {
			return lasted, err
		}
		m.down(err)
		if err := s.awaitStart(); err != nil {
			return lasted, err
		}
	}
}

// rise lets requests in and tells that the modem is up.
func (m *Modem) rise(s *session, up Up) {
	s.mu.Lock()
	s.boot.phase = running
	s.mu.Unlock()
	s.due = due{}
	m.mu.Lock()
	m.epoch++
	up.Epoch = m.epoch
	m.up, m.reason = true, ""
	m.network, m.networkTold = Network{}, false
	m.mu.Unlock()
	m.jobs.admit() // before anybody knows: whoever hears of it may ask at once
	m.emit(up)
}

// down answers all who wait, ends a call whose fate nobody knows now, and
// tells the reason where it is a new one.
func (m *Modem) down(err error) {
	m.jobs.refuse()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.call != nil {
		m.finish(CauseLost)
	}
	if m.up || err.Error() != m.reason {
		m.emit(Down{Epoch: m.epoch, Err: err})
		m.log.Warn("the modem is down", "reason", err)
	}
	m.up, m.reason = false, err.Error()
}
