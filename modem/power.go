package modem

import (
	"context"
	"time"
)

// Power is a way to switch a modem that answers no more.
type Power struct {
	// Set switches its supply, or with Key presses and releases its power key.
	Set func(ctx context.Context, on bool) error
	Key bool
}

const (
	supplyOff = 10 * time.Second // until it has forgotten all (HW800C 4.2)
	// A press of the key toggles: it switches a modem that is off on, and one that is
	// on off, also where it hangs (1.5 s to 33 s, HW800 PWRKEY).
	keyPress   = 1500 * time.Millisecond
	supplyWait = 5 * time.Second // until a modem that starts answers (HW800C 4.2)
)

// cutSupply cuts the supply and gives it back.
func (m *Modem) cutSupply(ctx context.Context) {
	m.step("its supply is cut for 10 s")
	m.pulse(ctx, false, supplyOff)
	sleep(ctx, supplyWait)
}

// press presses the power key once.
func (m *Modem) press(ctx context.Context) {
	m.step("its power key is pressed")
	m.pulse(ctx, true, keyPress)
}

// pulse switches the power one way for a while and back, the latter also where the
// panel is about to end.
func (m *Modem) pulse(ctx context.Context, on bool, d time.Duration) {
	if err := m.options.Power.Set(ctx, on); err != nil {
		m.step("its power can not be switched: " + err.Error())
	}
	sleep(ctx, d)
	if err := m.options.Power.Set(context.WithoutCancel(ctx), !on); err != nil {
		m.step("its power can not be switched back: " + err.Error())
	}
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// pressKey presses the power key until the modem answers, twice at most: the first
// press may have switched off one that hung.
func (s *session) pressKey() error {
	for range 2 {
		if answers, err := s.answers(); answers || err != nil {
			return err
		}
		s.expectStart()
		s.m.press(s.ctx)
		if err := s.awaitStart(); err != nil { // or it is off, and says nothing
			return err
		}
	}
	return nil
}

// answers probes the line twice.
func (s *session) answers() (bool, error) {
	for n := range 2 {
		if clean, err := s.glance(n); clean || err != nil {
			return clean, err
		}
	}
	return false, nil
}

// climb takes a step that needs the line.
func (s *session) climb(r rung) error {
	switch {
	case r == restart:
		return s.restart()
	case r == power && s.m.options.Power.Key:
		return s.pressKey()
	}
	return nil
}

// restart has the modem start anew. It may be silent and still obey.
func (s *session) restart() error {
	reset := "AT" + s.profile.reset
	s.m.step("it is restarted (" + reset + ")")
	s.split.turn(toNobody, "")
	if err := s.raw("\x1b", "ESC"); err != nil {
		return err
	}
	if err := s.pause(escapeTime); err != nil {
		return err
	}
	if err := s.raw("\r"+reset+"\r", reset); err != nil {
		return err
	}
	s.unsynced = true
	return s.awaitStart()
}
