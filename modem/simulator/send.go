package simulator

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/warthog618/sms"
	"github.com/warthog618/sms/encoding/pdumode"
	"github.com/warthog618/sms/encoding/tpdu"
)

// submitCommand is +CMGS: a text to be sent.
func (m *Modem) submitCommand(c command) answer {
	return m.messageEntry(c, func(t *tpdu.TPDU, _ status) answer { return m.submit(t, "+CMGS") })
}

// writeCommand is +CMGW: a text to be kept on the SIM.
func (m *Modem) writeCommand(c command) answer {
	return m.messageEntry(c, func(t *tpdu.TPDU, s status) answer {
		raw, err := t.MarshalBinary()
		if err != nil {
			return messageError(304)
		}
		n := m.keep(&stored{status: s, raw: raw})
		if n == 0 {
			return messageError(322)
		}
		return infof("+CMGW: %d", n)
	})
}

// messageEntry asks for a message in either mode and hands it on decoded.
func (m *Modem) messageEntry(c command, then func(*tpdu.TPDU, status) answer) answer {
	if c.op == opTest {
		return ok
	}
	if c.op != opSet {
		return messageError(304)
	}
	as := c.args()
	if m.set.pduMode {
		return m.pduEntry(as, then)
	}
	return m.textEntry(as, then)
}

func (m *Modem) pduEntry(as arguments, then func(*tpdu.TPDU, status) answer) answer {
	length, valid := as.number(0, 0, 1, 176)
	stat, fine := as.number(1, int(unsent), 0, 3)
	if !valid || !fine || length == 0 {
		return messageError(304)
	}
	m.emit("cmgs-prompt", "", "")
	return m.prompt(false, func(body []byte) answer {
		t, err := decodePDU(body, length, tpduDirection(status(stat)))
		if err != nil {
			return messageError(304)
		}
		return then(t, status(stat))
	})
}

func tpduDirection(s status) sms.DirectionOption { return (&stored{status: s}).direction() }

// decodePDU reads what PDU mode hands over: the service centre's address, then a
// TPDU of length octets.
func decodePDU(body []byte, length int, d sms.DirectionOption) (*tpdu.TPDU, error) {
	p, err := pdumode.UnmarshalHexString(string(bytes.TrimSpace(body)))
	if err != nil {
		return nil, fmt.Errorf("the PDU is not in hexadecimal or lacks its service centre: %w", err)
	}
	if len(p.TPDU) != length {
		return nil, fmt.Errorf("the PDU has %d octets, not %d", len(p.TPDU), length)
	}
	t, err := sms.Unmarshal(p.TPDU, d)
	if err != nil {
		return nil, fmt.Errorf("the PDU does not decode: %w", err)
	}
	if kind := t.SmsType(); kind != tpdu.SmsSubmit && kind != tpdu.SmsDeliver {
		return nil, fmt.Errorf("the PDU is a %s", kind)
	}
	return t, nil
}

func (m *Modem) textEntry(as arguments, then func(*tpdu.TPDU, status) answer) answer {
	to, err := m.fromCharset(as.text(0))
	if err != nil || to != "" && !dialable(to) {
		return messageError(305)
	}
	m.emit("cmgs-prompt", to, "")
	return m.prompt(true, func(body []byte) answer {
		t, err := m.textSubmit(to, body)
		if err != nil {
			return messageError(305)
		}
		return then(t, unsent)
	})
}

// sendStoredCommand is +CMSS: send a message from the SIM.
func (m *Modem) sendStoredCommand(c command) answer {
	if c.op == opTest {
		return ok
	}
	as := c.args()
	n, valid := m.slot(as, 0)
	if c.op != opSet || !valid || m.sim[n-1] == nil {
		return messageError(321)
	}
	s := m.sim[n-1]
	t, err := sms.Unmarshal(s.raw, s.direction())
	if err != nil || t.Direction != tpdu.MO {
		return messageError(304)
	}
	if to := as.text(1); to != "" {
		t.DA = address(to)
	}
	s.status = sent
	return m.submit(t, "+CMSS")
}

// submit sends a text to the network. It is accepted half-way through the time
// that sending takes.
func (m *Modem) submit(t *tpdu.TPDU, name string) answer {
	f := m.sendFault
	m.sendFault = nil
	if t.SmsType() != tpdu.SmsSubmit || t.DA.Addr == "" {
		return messageError(304)
	}
	r := m.start(nil, nil)
	m.sending = r
	r.spoil(f)
	half := m.opt.SendTime / 2
	m.after(half, func() {
		if m.term.running != r {
			return
		}
		m.halfSent(r, t, f, name, m.opt.SendTime-half)
	})
	return later
}

func (m *Modem) halfSent(r *running, t *tpdu.TPDU, f *Fault, name string, rest time.Duration) {
	if f != nil && !f.After {
		m.now(f)
	}
	refused := m.refusal(f)
	switch {
	case f != nil && f.cuts() && !f.After:
		refused = messageError(500) // nobody hears it
	case refused.final == "" || f != nil && f.Name == "error-sent":
		m.accept(t)
	}
	if f != nil && f.After {
		m.now(f)
	}
	a := infof("%s: %d", name, m.mr)
	a.tell = func() { m.emit("cmgs-ok", canonical(t.DA.Number()), "") }
	if code, bad := strings.CutPrefix(refused.final, "+CMS ERROR: "); bad || code != "" {
		a = refused
		a.tell = func() { m.emit("cmgs-error", canonical(t.DA.Number()), code) }
	}
	m.after(rest, func() { m.complete(r, a) })
}

// refusal is the error that a text gets, OK when the network takes it.
func (m *Modem) refusal(f *Fault) answer {
	switch code := f.messageCode(); {
	case code != 0:
		return messageError(code)
	case f != nil && f.Name == "bare-error":
		return plainErr
	case m.card.noticed:
		return messageError(310)
	case !m.registered():
		return messageError(331)
	case m.flash.centre == "":
		return messageError(330)
	case m.account.Credit < m.account.Text:
		return messageError(noCredit)
	}
	return ok
}

// accept is the service centre taking a text for a phone.
func (m *Modem) accept(t *tpdu.TPDU) {
	m.mr++
	m.account.Credit -= m.account.Text
	number := canonical(t.DA.Number())
	body := textOf([]*tpdu.TPDU{t})
	m.emit("cmgs-accepted", number, body)
	d := &delivery{
		tpdu: t, mr: m.mr, accepted: m.opt.Now(),
		report:  t.FirstOctet.SRR(),
		expires: time.Now().Add(m.validity(t.VP)),
	}
	p := m.phone(number)
	if !p.behaviour.Off {
		m.hand(p, d)
		return
	}
	p.waiting = append(p.waiting, d)
	m.after(time.Until(d.expires), func() { m.expire(p, d) })
}

// validity is how long the service centre tries (3GPP TS 23.040 9.2.3.12).
func (m *Modem) validity(vp tpdu.ValidityPeriod) time.Duration {
	const most = 63 * 7 * 24 * time.Hour
	switch vp.Format {
	case tpdu.VpfRelative, tpdu.VpfEnhanced:
		if vp.Duration > 0 {
			return min(vp.Duration, most)
		}
	case tpdu.VpfAbsolute:
		return max(0, min(vp.Time.Sub(m.opt.Now()), most))
	}
	return 7 * 24 * time.Hour
}

// textOf decodes the parts of a text for people to read.
func textOf(parts []*tpdu.TPDU) string {
	b, err := sms.Decode(parts)
	if err == nil {
		return string(b)
	}
	var s strings.Builder
	for _, p := range parts {
		s.WriteString(hex.EncodeToString(p.UD))
	}
	return "undecodable: " + s.String()
}
