package simulator

import (
	"encoding/binary"
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/warthog618/sms/encoding/tpdu"
)

// Behaviour is what a phone does by itself. The zero value is a phone that is
// on, rings, and is not picked up.
type Behaviour struct {
	Off         bool          // out of reach; texts wait at the service centre
	Busy        bool          // in a call
	Rejects     bool          // rings for 3 s, then somebody presses "reject"
	AnswerAfter time.Duration // more than 0: picked up after ringing so long
	Digits      string        // keys pressed 2 s after picking up, or 1 s after the first tone is heard
	Voicemail   bool          // picked up by a machine after 20 s of ringing, at once when off
	NoReport    bool          // its network sends no delivery reports
}

// Phone is what one phone has seen.
type Phone struct {
	Number string
	Texts  []Message
	Calls  []CallRecord
}

// Message is a text as a phone has it, put together from its parts.
type Message struct {
	Time     time.Time
	Body     string
	Outgoing bool // from the phone to the panel
	Parts    int
}

// CallRecord is a call as a phone has it.
type CallRecord struct {
	Time     time.Time
	Incoming bool   // the panel rang the phone
	Result   string // ringing, answered, busy, rejected, no answer, ended
	Answered time.Time
	Ended    time.Time
	Digits   string // keys pressed on the phone
	Tones    string // tones that the phone heard
	Heard    []ToneRun
	Mic      []MicChange
}

// ToneRun is what a phone heard by one AT+VTS.
type ToneRun struct {
	Time  time.Time
	Tones string
}

// MicChange is when a phone began to hear the place where the panel is, or ceased
// to.
type MicChange struct {
	Time time.Time
	Open bool
}

// phone is a number in the network.
type phone struct {
	number    string
	behaviour Behaviour
	texts     []Message
	calls     []*CallRecord
	waiting   []*delivery
	parts     map[partKey][]*tpdu.TPDU
}

// partKey joins the parts of a long text.
type partKey struct{ reference, total int }

// delivery is a text on its way from the service centre to a phone.
type delivery struct {
	tpdu     *tpdu.TPDU
	mr       byte
	report   bool
	accepted time.Time // network time
	expires  time.Time // timer time
}

// phone finds a number, which exists from its first mention.
func (m *Modem) phone(number string) *phone {
	p := m.phones[number]
	if p == nil {
		p = &phone{number: number, parts: map[partKey][]*tpdu.TPDU{}}
		m.phones[number] = p
	}
	return p
}

// Phones is what every phone has seen so far, sorted by number.
func (m *Modem) Phones() []Phone {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ps []Phone
	for _, p := range m.phones {
		s := Phone{Number: p.number, Texts: append([]Message(nil), p.texts...)}
		for _, c := range p.calls {
			s.Calls = append(s.Calls, *c)
		}
		ps = append(ps, s)
	}
	sort.Slice(ps, func(i, j int) bool { return ps[i].Number < ps[j].Number })
	return ps
}

// SetPhone says what a phone does by itself from now on. Texts that wait for a
// phone come in when it is switched on.
func (m *Modem) SetPhone(number string, b Behaviour) {
	m.do(func() {
		p := m.phone(canonical(number))
		p.behaviour = b
		if b.Off {
			return
		}
		waiting := p.waiting
		p.waiting = nil
		for _, d := range waiting {
			m.hand(p, d)
		}
	})
}

// hand brings a text to a phone that is on.
func (m *Modem) hand(p *phone, d *delivery) {
	if parts := p.join(d.tpdu); parts != nil {
		msg := Message{Time: m.opt.Now(), Body: textOf(parts), Parts: len(parts)}
		p.texts = append(p.texts, msg)
		m.emit("delivered", p.number, msg.Body)
	}
	m.reportLater(p, d, 0)
}

// join returns the parts of a text once it is whole.
func (p *phone) join(t *tpdu.TPDU) []*tpdu.TPDU {
	total, seq, ref, is := t.ConcatInfo()
	if !is || total < 2 || seq < 1 || seq > total {
		return []*tpdu.TPDU{t}
	}
	k := partKey{ref, total}
	if p.parts[k] == nil {
		p.parts[k] = make([]*tpdu.TPDU, total)
	}
	p.parts[k][seq-1] = t
	for _, part := range p.parts[k] {
		if part == nil {
			return nil
		}
	}
	whole := p.parts[k]
	delete(p.parts, k)
	return whole
}

// expire gives a text up whose validity has run out.
func (m *Modem) expire(p *phone, d *delivery) {
	for i, w := range p.waiting {
		if w == d {
			p.waiting = append(p.waiting[:i:i], p.waiting[i+1:]...)
			m.emit("expired", p.number, textOf([]*tpdu.TPDU{d.tpdu}))
			m.reportLater(p, d, 0x46) // 3GPP TS 23.040 9.2.3.15: validity period expired
			return
		}
	}
}

// reportLater sends the status report that a text asked for, at the earliest a
// second after its sending is over.
func (m *Modem) reportLater(p *phone, d *delivery, st byte) {
	if !d.report || p.behaviour.NoReport {
		return
	}
	done := m.opt.Now()
	m.after(m.opt.SendTime/2+time.Second, func() {
		raw, err := statusReport(d, done, st)
		if err != nil {
			m.emit("report-failed", p.number, err.Error())
			return
		}
		m.centre = append(m.centre, waiting{raw: raw, from: p.number, report: true})
		m.deliverWaiting()
	})
}

// canonical is the form under which a number is known: digits, with + for the
// international form, which a leading 00 means too. Other names stay as they are.
func canonical(number string) string {
	s := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -().", r) {
			return -1
		}
		return r
	}, strings.TrimSpace(number))
	if !dialable(s) {
		return strings.TrimSpace(number)
	}
	if strings.HasPrefix(s, "00") && len(s) > 4 {
		return "+" + s[2:]
	}
	return s
}

// dialable tells whether s can be dialled: digits, * and #, after at most one +.
func dialable(s string) bool {
	s = strings.TrimPrefix(s, "+")
	for _, r := range s {
		if !strings.ContainsRune("0123456789*#", r) {
			return false
		}
	}
	return s != "" && len(s) <= 20
}

// address is a number as a TPDU has it: + means the international form, of
// anything else the kind is not known.
func address(number string) tpdu.Address {
	if strings.HasPrefix(number, "+") {
		return tpdu.Address{TOA: 0x91, Addr: number[1:]}
	}
	return tpdu.Address{TOA: 0x81, Addr: number}
}

func addressType(number string) int { return int(address(number).TOA) }

// serial derives a stable number of n digits from the panel's own.
func (m *Modem) serial(prefix string, n int) string {
	var h [8]byte
	for i, c := range []byte(m.opt.Number) {
		h[i%8] = h[i%8]*31 + c
	}
	digits := fmt.Sprintf("%020d", binary.BigEndian.Uint64(h[:]))
	return prefix + digits[20-(n-len(prefix)):]
}
