package simulator

import (
	"fmt"
	"strings"
	"time"
)

// States of a call (3GPP TS 27.007 7.18; 6 is SIMCom's own).
const (
	callActive       = 0
	callDialling     = 2
	callAlerting     = 3
	callIncoming     = 4
	callDisconnected = 6
)

const (
	ringEvery      = 5 * time.Second
	ringLongest    = 60 * time.Second // then the network gives up
	rejectAfter    = 3 * time.Second
	voicemailAfter = 20 * time.Second
	voicemailTime  = 2 * time.Minute
	keyAfter       = 2 * time.Second
	keyAfterTone   = time.Second
	keyGap         = 400 * time.Millisecond
)

// Causes of a call's end (3GPP TS 24.008 10.5.4.11) and their words for +CEER.
var causes = map[int]string{
	16: "Normal call clearing", 17: "User busy", 18: "No user responding",
	19: "User alerting, no answer", 21: "Call rejected", 27: "Destination out of order", 41: "Temporary failure",
}

// call is the one call there can be.
type call struct {
	phone  *phone
	out    bool // the panel rang
	state  int
	record *CallRecord // nil where the phone never knew of it
	tasks  []*task
	keys   *task
	dialer *running // ATD that waits for the answer (+COLP=1)
	muted  bool     // AT+CMUT=1
}

func (c *call) plan(t *task) { c.tasks = append(c.tasks, t) }

func (c *call) cancel() {
	for _, t := range c.tasks {
		t.stop()
	}
	c.tasks = nil
	c.keys.stop()
}

// enter puts a call into a state and says so where +CLCC=1 asks for it.
func (m *Modem) enter(c *call, state int) {
	c.state = state
	m.tellState(c)
}

func (c *call) line(f *family) string {
	direction := 1
	if c.out {
		direction = 0
	}
	index, name := 1, `,""`
	if f.data {
		index = 2
	}
	if f.zone != "" {
		name = "" // an LTE module has no name of the number there
	}
	return fmt.Sprintf(`+CLCC: %d,%d,%d,0,0,"%s",%d%s`, index, direction, c.state, c.phone.number, addressType(c.phone.number), name)
}

func (m *Modem) listCallsCommand(c command) answer {
	switch c.op {
	case opTest:
		return info("+CLCC: (0,1)")
	case opRead:
		return infof("+CLCC: %d", m.flash.clcc)
	case opSet:
		n, valid := c.args().number(0, 0, 0, 1)
		if !valid {
			return m.badValue()
		}
		m.flash.clcc = n
		return ok
	}
	if m.call == nil {
		return ok
	}
	return info(m.call.line(m.family))
}

// dialCommand is ATD<number>;. Without the semicolon it would be a data call.
func (m *Modem) dialCommand(c command) answer {
	number, voice := strings.CutSuffix(c.arg, ";")
	number = canonical(strings.TrimRight(strings.Trim(number, `"`), "IiGg"))
	switch {
	case !voice || !dialable(number):
		return answer{final: "NO CARRIER"}
	case m.flash.cfun != 1:
		return m.equipmentError(797)
	case m.call != nil:
		return m.equipmentError(771)
	case !m.registered():
		m.cause = 41
		return answer{final: "NO CARRIER"}
	}
	m.call = &call{phone: m.phone(number), out: true}
	m.emit("dialled", number, "")
	m.enter(m.call, callDialling)
	cl := m.call
	cl.plan(m.after(m.opt.SetupTime, func() { m.reach(cl) }))
	if m.ses.colp == 1 {
		cl.dialer = m.start(&answer{final: "NO CARRIER"}, func() { m.release(cl, "no answer", 16, "") })
		return later
	}
	return ok
}

// muteCommand is +CMUT, which is taken in a call only and forgotten with it.
func (m *Modem) muteCommand(c command) answer {
	if c.op == opTest {
		return info("+CMUT: (0,1)")
	}
	cl := m.call
	talking := cl != nil && cl.state == callActive
	if c.op == opRead {
		if talking && cl.muted {
			return info("+CMUT: 1")
		}
		return info("+CMUT: 0")
	}
	n, valid := c.args().number(0, 0, 0, 1)
	switch {
	case !valid || c.op != opSet:
		return m.badValue()
	case !talking:
		return m.equipmentError(3)
	case cl.muted != (n == 1):
		cl.muted = n == 1
		m.microphone(cl, n == 0)
	}
	return ok
}

// microphone notes whether the far end can hear the place.
func (m *Modem) microphone(c *call, open bool) {
	c.record.Mic = append(c.record.Mic, MicChange{m.opt.Now(), open})
	word := "closed"
	if open {
		word = "open"
	}
	m.emit("microphone", c.phone.number, word)
}

// reach is the network finding the phone, or not.
func (m *Modem) reach(c *call) {
	b := c.phone.behaviour
	switch {
	case m.account.Credit < m.account.Minute:
		m.release(c, "", noCredit, "NO CARRIER")
	case b.Off && b.Voicemail:
		m.alert(c)
		m.connect(c)
	case b.Off:
		m.release(c, "", 27, "NO CARRIER")
	case b.Busy:
		c.ring(m)
		m.release(c, "busy", 17, "BUSY")
	default:
		m.alert(c)
		c.plan(m.after(ringLongest, func() { m.release(c, "no answer", 19, "NO ANSWER") }))
		if b.Rejects {
			c.plan(m.after(rejectAfter, func() { m.release(c, "rejected", 21, "BUSY") }))
		}
		if b.AnswerAfter > 0 {
			c.plan(m.after(b.AnswerAfter, func() { m.connect(c) }))
		}
		if b.Voicemail {
			c.plan(m.after(voicemailAfter, func() { m.connect(c) }))
		}
	}
}

// ring notes the call at the phone.
func (c *call) ring(m *Modem) {
	c.record = &CallRecord{Time: m.opt.Now(), Incoming: c.out, Result: "ringing"}
	c.phone.calls = append(c.phone.calls, c.record)
}

func (m *Modem) alert(c *call) {
	c.ring(m)
	m.emit("ringing", c.phone.number, "")
	if m.set.moring == 1 {
		m.urc("MO RING")
	}
	m.enter(c, callAlerting)
}

// connect is one end picking up.
func (m *Modem) connect(c *call) {
	if m.call != c || c.state == callActive {
		return
	}
	c.cancel()
	c.record.Result, c.record.Answered = "answered", m.opt.Now()
	m.emit("answered", c.phone.number, "")
	m.microphone(c, true)
	if c.out && m.set.moring == 1 {
		m.urc("MO CONNECTED")
	}
	if m.family.begins {
		m.urc("VOICE CALL: BEGIN")
	}
	m.enter(c, callActive)
	if c.dialer != nil {
		m.complete(c.dialer, ok)
	}
	if !c.out {
		return
	}
	b := c.phone.behaviour
	machine := b.Voicemail && (b.Off || b.AnswerAfter == 0)
	if machine {
		c.plan(m.after(voicemailTime, func() { m.release(c, "ended", 16, "NO CARRIER") }))
	} else if b.Digits != "" {
		c.keys = m.after(keyAfter, func() { m.press(c, b.Digits) })
	}
}

// press has the keys of a connected phone pressed one after another.
func (m *Modem) press(c *call, digits string) {
	if m.call != c || c.state != callActive || digits == "" {
		return
	}
	key := strings.ToUpper(digits[:1])
	c.record.Digits += key
	m.emit("digits", c.phone.number, key)
	m.reportKey(key)
	c.plan(m.after(keyGap, func() { m.press(c, digits[1:]) }))
}

func (m *Modem) reportKey(key string) {
	switch {
	case m.ses.ddet[0] == 0:
	case m.ses.ddet[2] == 1:
		m.urc("%s,160", m.family.key(key))
	default:
		m.urc("%s", m.family.key(key))
	}
}

// release ends a call. word is the unsolicited result, "" where the panel ended
// it by itself.
func (m *Modem) release(c *call, result string, cause int, word string) {
	if m.call != c {
		return
	}
	c.cancel()
	m.call, m.cause = nil, cause
	if c.record != nil {
		c.record.Result, c.record.Ended = result, m.opt.Now()
	}
	m.charge(c)
	m.emit("ended", c.phone.number, result)
	talked := c.state == callActive
	m.enter(c, callDisconnected)
	m.tellEnd(c, talked)
	switch {
	case c.dialer != nil && !c.dialer.done:
		if word != "" {
			m.complete(c.dialer, answer{final: word})
		}
	case word != "":
		m.urc("%s", word)
	}
}

// hangCommand is ATH or +CHUP.
func (m *Modem) hangCommand(command) answer {
	c := m.call
	if c == nil {
		return ok
	}
	m.release(c, c.resultOfPanel(), 16, "")
	return ok
}

// resultOfPanel is what a phone sees when the panel ends the call now.
func (c *call) resultOfPanel() string {
	switch {
	case c.state == callActive:
		return "ended"
	case c.out:
		return "no answer"
	}
	return "rejected"
}

func (m *Modem) answerCommand(command) answer {
	c := m.call
	if c == nil || c.state != callIncoming {
		return answer{final: "NO CARRIER"}
	}
	m.connect(c)
	return ok
}

// Call has somebody ring the panel; from "" withholds the number. The call is
// over at once, as busy, while the panel sends a text, is in a call or has
// +GSMBUSY=1, and as not answered while it is out of reach.
func (m *Modem) Call(from string) error {
	number := canonical(from)
	if from != "" && !dialable(number) {
		return fmt.Errorf("%q can't make a call; give a number such as +447700900123", from)
	}
	return m.try(func() error {
		c := &call{phone: m.phone(number)}
		c.ring(m)
		switch {
		case !m.registered() || m.barred(number, 1):
			c.record.Result, c.record.Ended = "no answer", m.opt.Now()
			m.emit("ended", number, c.record.Result)
		case m.ses.gsmbusy == 1 || m.call != nil || m.sending != nil && m.family.busy:
			c.record.Result, c.record.Ended = "busy", m.opt.Now()
			m.emit("ended", number, c.record.Result)
		default:
			m.call = c
			m.emit("ringing", number, "in")
			m.enter(c, callIncoming)
			m.ringPanel(c)
			c.plan(m.after(ringLongest, func() { m.release(c, "no answer", 19, "NO CARRIER") }))
		}
		return nil
	})
}

func (m *Modem) ringPanel(c *call) {
	m.urc("RING")
	if m.ses.clip == 1 {
		validity := 0
		if c.phone.number == "" {
			validity = 1
		}
		m.urc(`+CLIP: "%s",%d,"",0,"",%d`, c.phone.number, addressType(c.phone.number), validity)
	}
	c.plan(m.after(ringEvery, func() { m.ringPanel(c) }))
}

// with runs f on the call with a number.
func (m *Modem) with(number string, f func(*call) error) error {
	number = canonical(number)
	return m.try(func() error {
		if m.call == nil || m.call.phone.number != number {
			return fmt.Errorf("there is no call with %s now", number)
		}
		return f(m.call)
	})
}

// Answer picks up the phone that the panel rings.
func (m *Modem) Answer(number string) error {
	return m.with(number, func(c *call) error {
		if !c.out || c.state != callAlerting {
			return fmt.Errorf("%s is not being rung now", c.phone.number)
		}
		m.connect(c)
		return nil
	})
}

// Digits presses keys (0 to 9, *, #, A to D) on the phone in the connected call,
// the first at once.
func (m *Modem) Digits(number, digits string) error {
	if digits == "" || strings.Trim(strings.ToUpper(digits), "0123456789*#ABCD") != "" {
		return fmt.Errorf("%q are not keys; use 0 to 9, *, # and A to D, such as 1", digits)
	}
	return m.with(number, func(c *call) error {
		if c.state != callActive {
			return fmt.Errorf("the call with %s is not answered yet", c.phone.number)
		}
		m.press(c, digits)
		return nil
	})
}

// Hangup ends the call from the phone's side, or rejects it while it rings.
func (m *Modem) Hangup(number string) error {
	return m.with(number, func(c *call) error {
		switch {
		case c.state == callActive:
			m.release(c, "ended", 16, "NO CARRIER")
		case c.out && c.state == callAlerting:
			m.release(c, "rejected", 21, "BUSY")
		case c.out:
			return fmt.Errorf("%s is not being rung yet", c.phone.number)
		default:
			m.release(c, "no answer", 16, "NO CARRIER")
		}
		return nil
	})
}

// tonesCommand is +VTS: tones for the far end.
func (m *Modem) tonesCommand(c command) answer {
	if c.op == opTest {
		return info("+VTS: (0-9,*,#,A-D)")
	}
	tones := strings.ToUpper(strings.NewReplacer(",", "", `"`, "").Replace(c.arg))
	if c.op != opSet || tones == "" || len(tones) > 20 || strings.Trim(tones, "0123456789*#ABCD") != "" {
		return m.badValue()
	}
	cl := m.call
	if cl == nil || cl.state != callActive {
		return m.equipmentError(3)
	}
	cl.record.Tones += tones
	cl.record.Heard = append(cl.record.Heard, ToneRun{m.opt.Now(), tones})
	m.emit("tones", cl.phone.number, tones)
	if digits := cl.phone.behaviour.Digits; cl.keys != nil && !cl.keys.stopped && time.Until(cl.keys.at) > keyAfterTone {
		cl.keys.stop()
		cl.keys = m.after(keyAfterTone, func() { m.press(cl, digits) })
	}
	each := time.Duration(max(m.set.vtd, 1)) * 100 * time.Millisecond
	return m.completeAfter(time.Duration(len(tones))*each, func() answer { return ok })
}
