package modem

import (
	"slices"
	"strings"
	"time"
)

// Condition is how the modem stands with its supply, the card's memory and the
// air. It is told when any of it has changed, and once at the beginning.
type Condition struct {
	Supply Supply
	// Filling: most of the card's places for texts are taken. Nothing is told when
	// it is full (AT p.337), and then no text comes in.
	Filling bool
	// NoCentre: the card has no number of a service centre, so no text can be sent.
	NoCentre bool
	// Jammed: the modem sees a jammer of its network.
	Jammed bool
}

func (Condition) event() {}

// Supply is the voltage at the modem, in a word. It is read while nothing is sent,
// when it sags: so it says nothing of what was sent either.
type Supply string

// The words for a supply; the zero value is a good one.
const (
	SupplyLow    Supply = "low"
	SupplyHigh   Supply = "high"
	SupplyUnread Supply = "unread" // nobody knows what is good for this modem
)

// The module warns from 3.5 V on downward and from 4.3 V on upward, and is off
// beyond 3.4 and 4.4 (SIM800C hardware design 4.1). It is good again only well
// within.
const (
	lowMV, lowOverMV   = 3500, 3600
	highMV, highOverMV = 4300, 4250
	// readings of which the middle one counts
	readings = 3
	// calm is how long nothing must have been sent before a reading.
	calm = 3 * time.Second
	// warnedEvery is how often a warning of the module has the supply read.
	warnedEvery = 10 * time.Second
)

// next is the supply by the middle of the last readings, in mV.
func (s Supply) next(mV []int) Supply {
	sorted := slices.Sorted(slices.Values(mV))
	middle := sorted[len(sorted)/2]
	switch {
	case middle <= lowMV, s == SupplyLow && middle < lowOverMV:
		return SupplyLow
	case middle >= highMV, s == SupplyHigh && middle > highOverMV:
		return SupplyHigh
	}
	return ""
}

// Of the card's places for texts, in percent: filling from there on, and no longer
// below.
const (
	fillingFrom, fillingTo = 70, 50
)

func filling(was bool, used, places int) bool {
	if places <= 0 || used < 0 {
		return false
	}
	percent := used * 100 / places
	return percent >= fillingFrom || was && percent >= fillingTo
}

// change tells the condition where it is another.
func (m *Modem) change(f func(*Condition)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.condition
	f(&c)
	if c != m.condition || !m.conditionTold && m.up {
		m.condition, m.conditionTold = c, true
		m.emit(c)
	}
}

// look reads what nothing tells of itself.
func (s *session) look() {
	s.due.look = time.Now().Add(2 * s.m.options.Poll)
	s.m.mu.Lock()
	c := s.m.condition
	s.m.mu.Unlock()
	c.Supply = s.supply(c.Supply)
	if info, err := s.command("+CPMS?", quick); err == nil {
		c.Filling = filling(c.Filling, number(one(info, "+CPMS"), 1), number(one(info, "+CPMS"), 2))
	}
	s.watchJamming()
	s.m.change(func(now *Condition) { now.Supply, now.Filling = c.Supply, c.Filling })
	if c.NoCentre {
		_ = s.centre() // somebody may have set it
	}
}

// supply reads the voltage, if nothing was sent just now.
func (s *session) supply(was Supply) Supply {
	ask := s.profile.supply
	switch {
	case ask == "":
		return SupplyUnread
	case s.m.transmits():
		return was
	}
	info, err := s.command(ask, quick)
	mV := number(one(info, ask), 2)
	if err != nil || mV <= 0 {
		return was
	}
	s.millivolts = append(s.millivolts, mV)
	s.millivolts = s.millivolts[max(0, len(s.millivolts)-readings):]
	return was.next(s.millivolts)
}

// transmits tells whether the modem sends, or did a moment ago.
func (m *Modem) transmits() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sending || m.call != nil || time.Since(m.sentAt) < calm
}

// sends brackets a text.
func (m *Modem) sends(now bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sending, m.sentAt = now, time.Now()
}

// warned takes what the module says of its supply, in one of several spellings:
// that it switches off, or a warning, which is repeated at short intervals and then
// has the supply read, once nothing is sent: what it says of a transmission would tell
// of it.
func (s *session) warned(u urc) {
	if strings.Contains(u.line, "POWER DOWN") || strings.Contains(u.line, "POWER OFF") {
		s.lose(map[string]error{"UNDER-VOLTAGE": errLow, "OVER-VOLTAGE": errHigh}[u.name])
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.warnedAt) >= warnedEvery {
		s.warnedAt, s.wishes.look = time.Now(), true
		signal(s.wake)
	}
}

// centre reads whether the card has a number of a service centre.
func (s *session) centre() error {
	info, err := s.command("+CSCA?", quick)
	if err == nil {
		s.m.change(func(c *Condition) { c.NoCentre = field(one(info, "+CSCA"), 0) == "" })
	}
	return brokeOnly(err)
}

// watchJamming has the modem look for a jammer: once it has a network, since
// before that it "cannot register" with it (AT p.181). Lost at each reset.
func (s *session) watchJamming() {
	s.m.mu.Lock()
	registered := s.m.network.Registered
	s.m.mu.Unlock()
	if s.jamming || !registered || s.profile.jamming == "" {
		return
	}
	s.jamming = true
	_ = s.may(s.profile.jamming + "=1,1,255,1") // 1: told on change
}

// stopJamming has the modem look for jammers no more, before it is to register
// anew (AT p.181).
func (s *session) stopJamming() error {
	if !s.jamming {
		return nil
	}
	s.jamming = false
	s.m.change(func(c *Condition) { c.Jammed = false })
	return s.may(s.profile.jamming + "=0")
}

// jammed takes +SJDR: NO JAMMING, JAMMING DETECTED, INTERFERENCE DETECTED.
func (s *session) jammed(u urc) {
	s.m.change(func(c *Condition) { c.Jammed = strings.HasPrefix(u.rest, "JAMMING") })
}
