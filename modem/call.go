package modem

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// call is the one call that the modem can have, ours or one from outside. OK to ATD only says that
// dialling has begun (AT p.29); three witnesses say how it goes on: MO RING and
// MO CONNECTED, the +CLCC URC, and AT+CLCC each second (AT p.70, p.161). The
// first of them counts. Guarded by Modem.mu.
type call struct {
	id       uint64
	in       bool // from outside
	since    time.Time
	mute     int // how often AT+CMUT=1 is still to be tried
	sealed   bool
	started  bool // ATD was answered with OK
	seen     bool // some +CLCC has shown it alive
	index    int  // its number there
	ringing  bool
	answered bool
	local    bool  // HangUp
	ending   bool  // a witness said that it is gone; its reason is awaited
	explain  bool  // AT+CEER is to be asked
	fallback Cause // where it has no answer
	told     bool  // an event of it was told
	misses   int   // listings in a row that did not have it
	over     chan struct{}
}

const (
	clccEvery = time.Second
	// reasonWait is how long BUSY and the like may come after the first sign
	// of the end; explainWait how long AT+CEER may take behind a text.
	reasonWait  = time.Second
	explainWait = 3 * time.Second
	hangUpWait  = 10 * time.Second
	hangUpPoll  = 250 * time.Millisecond
)

// States of +CLCC (27.007 7.18); 6 is SIMCom's own.
const (
	clccActive       = 0
	clccAlerting     = 3
	clccIncoming     = 4
	clccWaiting      = 5
	clccDisconnected = 6
)

func (m *Modem) calling() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.call != nil
}

func (m *Modem) current() *call {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.call
}

// callSealed says whether an unsolicited line is of a call that is sealed.
// What is said after its end is so too, until the next call.
func (m *Modem) callSealed(u urc) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case u.name == "RING", u.name == "+CRING", u.name == "MISSED_CALL": // nobody knows yet whose it is
		return true
	case u.name == "+CLIP":
		return !m.trace.shows(numberOf(u.rest, 0))
	case u.name == "+CLCC" && number(u.rest, 1) == 1:
		return !m.trace.shows(numberOf(u.rest, 5))
	case !m.lastSealed:
		return false
	case callResults[u.name], strings.HasPrefix(u.name, "MO "), u.name == "VOICE CALL":
		return true
	}
	return u.name == "+CLCC" && number(u.rest, 1) == 0
}

// begin makes a new call, whose number is known before its first event.
func (m *Modem) begin(sealed bool) (*call, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.call != nil {
		return nil, ErrCall
	}
	m.calls++
	m.call = &call{id: m.calls, sealed: sealed, over: make(chan struct{})}
	m.lastSealed = sealed
	return m.call, nil
}

// forget drops a call that never was; m.mu is held.
func (m *Modem) forget(c *call) {
	if m.call != c {
		return
	}
	if c.told {
		m.finish(CauseNoCarrier)
		return
	}
	m.call = nil
	close(c.over)
}

// finish tells the end of the call; m.mu is held and there is a call.
func (m *Modem) finish(cause Cause) {
	c := m.call
	m.call, m.sentAt = nil, time.Now()
	if cause == CauseNoCarrier && m.networkTold && !m.network.Registered {
		cause = CauseNetwork
	}
	m.emit(Ended{c.id, cause})
	close(c.over)
	signal(m.jobs.ready) // callers may be let in again
}

// end is finish for whoever held c without the lock.
func (m *Modem) end(c *call, cause Cause) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.call == c {
		m.finish(cause)
	}
}

// callLine takes an unsolicited line about calls.
func (s *session) callLine(u urc) {
	m := s.m
	m.mu.Lock()
	defer m.mu.Unlock()
	switch u.name {
	case "MO RING":
		m.rings()
	case "MO CONNECTED":
		m.connects()
	case "+CLCC":
		if voice(u.rest) {
			m.listed(s, u.rest)
		}
	case "NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "NO DIAL TONE":
		m.result(s, u.name)
	case "VOICE CALL": // a SIM7600 says so of any call: a listing tells of which, and whether it rings or talks
		s.note(func(w *wishes) { w.calls = true })
	case "+DTMF":
		m.key(field(u.rest, 0))
	case "RING", "+CRING":
		m.incoming(s, "")
	case "+CLIP":
		m.incoming(s, numberOf(u.rest, 0))
	}
}

// rings, connects, key, listed and result are held under m.mu.
func (m *Modem) rings() {
	if c := m.call; c != nil && !c.ringing && !c.answered {
		c.ringing, c.told = true, true
		m.emit(Ringing{c.id})
	}
}

func (m *Modem) connects() {
	if c := m.call; c != nil && !c.answered && !c.ending {
		c.answered, c.told, c.mute = true, true, muteTries
		m.emit(Answered{c.id})
		signal(m.jobs.ready)
	}
}

const keys = "0123456789*#ABCD"

func (m *Modem) key(k string) {
	if c := m.call; c != nil && len(k) == 1 && strings.Contains(keys, strings.ToUpper(k)) {
		m.emit(Digit{c.id, strings.ToUpper(k)[0]})
	}
}

// voice says whether +CLCC is of a call that talks: a Quectel lists its packet data
// too, for ever (EC25 AT manual, +CLCC).
func voice(rest string) bool { return number(rest, 3) == 0 }

// listed takes <id>,<dir>,<stat>,... of +CLCC, from a URC or an answer.
func (m *Modem) listed(s *session, rest string) {
	index, dir, stat := number(rest, 0), number(rest, 1), number(rest, 2)
	c := m.call
	switch {
	case dir == 1 && (stat == clccIncoming || stat == clccWaiting):
		if c != nil && c.in && stat == clccIncoming {
			c.seen, c.index = true, index
		}
		m.incoming(s, numberOf(rest, 5))
	case c == nil || dir != c.direction():
	case stat == clccDisconnected:
		if c.seen && c.index == index { // else it is what came late of the call before, or one that waited
			m.ends(s)
		}
	default:
		c.seen, c.index = true, index
		if stat == clccAlerting {
			m.rings()
		}
		if stat == clccActive {
			m.connects()
		}
	}
}

// direction is what +CLCC has for it (27.007 7.18).
func (c *call) direction() int {
	if c.in {
		return 1
	}
	return 0
}

// result takes the word that a call ended with.
func (m *Modem) result(s *session, word string) {
	c := m.call
	switch {
	case c == nil || !c.started: // of the call before
	case word == "NO CARRIER" && c.answered && !c.local && !c.ending && time.Since(m.caller.last) < ringPause:
		s.note(func(w *wishes) { w.calls = true }) // it may be of one who waited: the listings tell
	case c.in && !c.local:
		m.finish(CauseRemote)
	case word == "BUSY":
		m.inquire(s, CauseBusy) // some say so of a phone that rejects
	case word == "NO ANSWER":
		m.finish(CauseNoAnswer)
	case c.local:
		m.finish(CauseLocal)
	case c.answered:
		m.finish(CauseRemote)
	case word == "NO CARRIER":
		m.inquire(s, CauseNoCarrier)
	default:
		m.finish(CauseNoCarrier)
	}
}

// ends takes the sign of an end without its reason, which may still come.
func (m *Modem) ends(s *session) {
	c := m.call
	if c.ending {
		return
	}
	c.ending = true
	time.AfterFunc(reasonWait, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.call == c {
			m.result(s, "NO CARRIER")
		}
	})
}

// inquire has the owner ask for the reason of a call that was not answered;
// where it has no time for that, the call ends without.
func (m *Modem) inquire(s *session, fallback Cause) {
	c := m.call
	if c.fallback != 0 {
		return
	}
	c.ending, c.explain, c.fallback = true, true, fallback
	time.AfterFunc(explainWait, func() { m.end(c, fallback) })
	signal(s.wake)
}

// attendCall does at once what a call needs; false where it needs nothing.
func (s *session) attendCall() bool {
	m := s.m
	m.mu.Lock()
	c := m.call
	explain := c != nil && c.explain
	if explain {
		c.explain = false
	}
	mute := c != nil && c.mute == muteTries // again at the next listing
	m.mu.Unlock()
	if explain {
		s.explain(c)
		return true
	}
	if mute {
		s.mute(c)
		return true
	}
	s.mu.Lock()
	reject := s.wishes.reject
	s.wishes.reject = false
	s.mu.Unlock()
	if reject {
		s.reject()
		return true
	}
	return s.callers()
}

// explain asks for the cause of the last release (AT p.63: 24.008 10.5.4.11)
// and ends the call with it.
func (s *session) explain(c *call) {
	info, err := s.quietly(c.sealed, "+CEER", quick)
	if err != nil && s.fault() != nil {
		return // the end of the epoch ends the call too
	}
	s.m.end(c, release(one(info, "+CEER"), c.fallback))
}

var numbers = regexp.MustCompile(`[0-9]+`)

// release reads "<location>,<cause>" or "<cause>,<words>": the last number.
func release(answer string, fallback Cause) Cause {
	all := numbers.FindAllString(answer, -1)
	if len(all) == 0 {
		return fallback
	}
	n, _ := strconv.Atoi(all[len(all)-1])
	switch n {
	case 17:
		return CauseBusy
	case 18, 19:
		return CauseNoAnswer
	case 21:
		return CauseRejected
	case 34, 38, 41, 42, 44, 47: // no circuit, out of order, temporary failure, congestion
		return CauseNetwork
	}
	return fallback
}

// watchCall lists the calls: the third witness. It also ends a call from outside
// of which nobody says what to do with it.
func (s *session) watchCall() {
	s.due.clcc = time.Now().Add(clccEvery)
	c := s.m.current()
	if c == nil {
		return
	}
	s.m.mu.Lock()
	undecided := c.in && !c.answered && time.Since(c.since) > decideWait
	s.m.mu.Unlock()
	if undecided {
		_ = s.hangUp() // its outcome is the call's end
		return
	}
	s.mute(c)
	info, err := s.quietly(c.sealed, "+CLCC", quick)
	if err != nil {
		return
	}
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	if s.m.call != c {
		return
	}
	if s.alive(info) {
		c.misses = 0
	} else if c.misses++; c.misses >= 2 { // the first may be too early
		s.m.ends(s)
	}
}

// alive takes the lines of an answer to AT+CLCC and says whether our call is
// among them; m.mu is held.
func (s *session) alive(info []string) bool {
	alive := false
	for _, line := range info {
		rest, ok := strings.CutPrefix(line, "+CLCC:")
		if !ok || !voice(rest) {
			continue
		}
		s.m.listed(s, rest)
		c := s.m.call
		alive = alive || c != nil && number(rest, 1) == c.direction() && number(rest, 2) != clccDisconnected
	}
	return alive
}
