package simulator

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/warthog618/sms"
	"github.com/warthog618/sms/encoding/gsm7"
	"github.com/warthog618/sms/encoding/tpdu"
)

// waiting is a TPDU at the service centre, for this SIM.
type waiting struct {
	raw    []byte
	from   string
	report bool // a status report
	flash  bool // class 0: for the host's eyes, never stored
}

// Text has somebody text the panel: in GSM-7 where that will do, else in UCS-2,
// in several parts where it is long. from may be a number (with + for the
// international form) or up to 11 letters. The text waits at the service centre
// while the SIM is full or the panel out of reach.
func (m *Modem) Text(from, body string) error {
	return m.TextAt(from, body, m.opt.Now())
}

// TextAt is Text with a service-centre stamp of one's own, to the second and the
// quarter hour of its zone.
func (m *Modem) TextAt(from, body string, stamp time.Time) error {
	oa, err := sender(from)
	if err != nil {
		return err
	}
	return m.try(func() error {
		parts, err := m.deliverParts(oa, body, stamp)
		if err != nil {
			return err
		}
		p := m.phone(canonical(from))
		p.texts = append(p.texts, Message{Time: m.opt.Now(), Body: body, Outgoing: true, Parts: len(parts)})
		m.emit("text", p.number, body)
		for _, raw := range parts {
			m.centre = append(m.centre, waiting{raw: raw, from: p.number})
		}
		m.deliverWaiting()
		return nil
	})
}

// deliverParts encodes a text as SMS-DELIVER TPDUs.
func (m *Modem) deliverParts(oa tpdu.Address, body string, stamp time.Time) ([][]byte, error) {
	m.ref++
	pdus, err := sms.Encode([]byte(body), sms.AsDeliver, template{oa: oa, stamp: stamp}, counter(m.ref))
	if err != nil {
		return nil, fmt.Errorf("the text can't be encoded: %w", err)
	}
	if len(pdus) == 0 { // the encoder has nothing to say for an empty text
		t := tpdu.TPDU{}
		_ = template{oa: oa, stamp: stamp}.ApplyTPDUOption(&t)
		pdus = []tpdu.TPDU{t}
	}
	var raws [][]byte
	for i := range pdus {
		raw, err := pdus[i].MarshalBinary()
		if err != nil {
			return nil, fmt.Errorf("the text can't be encoded: %w", err)
		}
		raws = append(raws, raw)
	}
	return raws, nil
}

// template fills in what an SMS-DELIVER has besides its text.
type template struct {
	oa    tpdu.Address
	stamp time.Time
}

// ApplyTPDUOption implements tpdu.Option.
func (o template) ApplyTPDUOption(t *tpdu.TPDU) error {
	t.FirstOctet |= tpdu.FoMMS // no more messages wait
	t.OA = o.oa
	t.SCTS = tpdu.Timestamp{Time: o.stamp}
	return nil
}

// ApplyEncoderOption implements sms.EncoderOption.
func (o template) ApplyEncoderOption(e *sms.Encoder) {
	sms.WithTemplateOption(o).ApplyEncoderOption(e)
}

// counter gives every text a concatenation reference of its own.
type counter int

func (c counter) Count() int { return int(c) }

// ApplyEncoderOption implements sms.EncoderOption.
func (c counter) ApplyEncoderOption(e *sms.Encoder) { e.ConcatRef = c }

// sender is the originating address of a text.
func sender(from string) (tpdu.Address, error) {
	from = strings.TrimSpace(from)
	if number := canonical(from); dialable(number) {
		return address(number), nil
	}
	a := tpdu.Address{TOA: 0xd0, Addr: from}
	e := gsm7.NewEncoder().WithExtCharset(nil)
	septets, err := e.Encode([]byte(from))
	if err != nil || len(septets) == 0 || len(septets) > 11 {
		return a, fmt.Errorf("%q can't send a text; give a number such as +447700900123 or up to 11 letters such as ACME", from)
	}
	return a, nil
}

// PDU has the network deliver a TPDU of any content to the panel.
func (m *Modem) PDU(raw []byte) error {
	if len(raw) == 0 || len(raw) > 176 {
		return fmt.Errorf("a TPDU has 1 to 176 octets, not %d", len(raw))
	}
	raw = append([]byte(nil), raw...)
	return m.try(func() error {
		w := waiting{raw: raw}
		if t, err := sms.Unmarshal(raw); err == nil {
			w.report = t.SmsType() == tpdu.SmsStatusReport
			w.from = canonical(t.OA.Number())
			class, err := t.DCS.Class()
			w.flash = err == nil && class == tpdu.MClass0
		}
		m.centre = append(m.centre, w)
		m.deliverWaiting()
		return nil
	})
}

// try runs f under the lock and returns its error, ErrClosed after Close.
func (m *Modem) try(f func() error) error {
	err := ErrClosed
	m.do(func() { err = f() })
	return err
}

// deliverWaiting brings in what waits at the service centre, as far as the panel
// is in reach and there is room for it.
func (m *Modem) deliverWaiting() {
	if !m.registered() || !m.power.smsReady {
		return
	}
	var left []waiting
	for _, w := range m.centre {
		if !m.deliverOne(w) {
			left = append(left, w)
		}
	}
	m.centre = left
}

func (m *Modem) deliverOne(w waiting) bool {
	switch {
	case w.report:
		m.deliverReport(w.raw)
		return true
	case m.barred(w.from, 2):
		return true
	case w.flash || m.set.cnmi[1] == 2 || m.set.cnmi[1] == 3:
		if m.set.cnmi[0] != 0 && m.set.cnmi[1] != 0 {
			m.urc("%s", m.directText(w.raw))
		}
		m.emit("text-shown", w.from, "")
		return true
	}
	n := m.keep(&stored{status: unread, raw: w.raw})
	if n == 0 {
		m.tellFull()
		return false
	}
	m.emit("text-stored", w.from, fmt.Sprint(n))
	if m.set.cnmi[0] != 0 && m.set.cnmi[1] == 1 {
		m.urc(`+CMTI: "SM",%d`, n)
	}
	return true
}

func (m *Modem) deliverReport(raw []byte) {
	switch {
	case m.set.cnmi[3] == 0 || m.set.cnmi[0] == 0:
		return
	case m.set.cnmi[3] == 2:
		if n := m.keep(&stored{status: unread, raw: raw}); n > 0 {
			m.urc(`+CDSI: "SM",%d`, n)
			m.emit("report", "", "")
		}
		return
	}
	if m.set.pduMode {
		m.urc("+CDS: %d\r\n%s", len(raw), m.pduHex(raw))
	} else if t, err := sms.Unmarshal(raw); err == nil {
		m.urc(`+CDS: %d,%d,"%s",%d,"%s","%s",%d`, t.FirstOctet, t.MR, t.RA.Number(), t.RA.TOA,
			stampText(t.SCTS.Time), stampText(t.DT.Time), t.ST)
	}
	m.emit("report", "", "")
}

// statusReport encodes an SMS-STATUS-REPORT (3GPP TS 23.040 9.2.2.3).
func statusReport(d *delivery, done time.Time, st byte) ([]byte, error) {
	t := tpdu.TPDU{
		Direction: tpdu.MT, FirstOctet: tpdu.FirstOctet(tpdu.MtCommand) | tpdu.FoMMS,
		MR: d.mr, RA: d.tpdu.DA, ST: st,
		SCTS: tpdu.Timestamp{Time: d.accepted}, DT: tpdu.Timestamp{Time: done},
	}
	raw, err := t.MarshalBinary()
	if err != nil {
		return nil, fmt.Errorf("the status report can't be encoded: %w", err)
	}
	return raw, nil
}

// notifyCommand is +CNMI. The SIM800 knows no <ds> of 2, which stores reports.
func (m *Modem) notifyCommand(c command) answer {
	switch c.op {
	case opTest:
		return infof("+CNMI: (0-3),(0-3),(0,2),(0,%d),(0,1)", m.family.reports)
	case opRead:
		v := m.set.cnmi
		return infof("+CNMI: %d,%d,%d,%d,%d", v[0], v[1], v[2], v[3], v[4])
	case opSet:
		v, err := notifyValues(m.set.cnmi, m.family.reports, c.args())
		if err != nil {
			return messageError(302)
		}
		m.set.cnmi = v
		return ok
	}
	m.set.cnmi = factoryProfile().cnmi
	return ok
}

var errRange = errors.New("a value is out of range")

func notifyValues(v [5]int, reports int, as arguments) ([5]int, error) {
	highest := [5]int{3, 3, 2, reports, 1}
	if len(as) > len(v) {
		return v, errRange
	}
	for i := range as {
		n, valid := as.number(i, v[i], 0, highest[i])
		if !valid || i == 2 && n == 1 {
			return v, errRange
		}
		v[i] = n
	}
	return v, nil
}
