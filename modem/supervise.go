package modem

import (
	"context"
	"errors"
	"time"
)

// steady is how long a modem must have been up for the ladder to begin anew.
const steady = time.Minute

// supervise brings the modem up and serves it, again and again.
func (m *Modem) supervise(ctx context.Context) {
	defer m.jobs.refuse()
	for step, told := reopen, false; ctx.Err() == nil; {
		m.lives()
		lasted, err := m.attend(ctx, step)
		if ctx.Err() != nil {
			return
		}
		m.down(err)
		if lasted >= steady {
			m.ladder.works()
			told = false
		}
		var wait time.Duration
		step, wait = m.ladder.climb(failureOf(err), time.Now())
		if step == reopen && !told {
			m.step("its port is opened again, until it works")
			told = true
		}
		sleep(ctx, wait)
	}
}

// step tells of a step of recovery.
func (m *Modem) step(what string) {
	m.log.Info("the modem is brought back", "step", what)
	m.emit(Step{what})
}

// attend opens the line, takes a step of the ladder and serves the line until it is
// lost. lasted is how long the modem was up.
func (m *Modem) attend(ctx context.Context, step rung) (lasted time.Duration, err error) {
	if step == power && !m.options.Power.Key {
		m.cutSupply(ctx)
	}
	s, err := m.connect(ctx)
	if err != nil {
		if step == power && m.options.Power.Key {
			m.press(ctx) // the port of a modem that is off may be missing
		}
		return 0, err
	}
	defer s.close()
	defer context.AfterFunc(ctx, func() { s.guard.Close() })()
	if err := s.climb(step); err != nil {
		return 0, err
	}
	for {
		up, err := s.initialise()
		if err != nil {
			return lasted, err
		}
		since := time.Now()
		m.rise(s, up)
		err = s.serve()
		lasted += time.Since(since)
		if !errors.Is(err, errReset) && !errors.Is(err, errRestarted) {
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
