package modem

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/warthog618/sms"
	"github.com/warthog618/sms/encoding/tpdu"
)

// errNoText is of PDUs that are sound but hold no text for a person: binary
// ones, for the SIM or for the phone's settings, and those that another program
// has left to be sent.
var errNoText = errors.New("not a text")

// readPDU reads what a modem gives in PDU mode: hexadecimal, the service
// centre's address, an SMS-DELIVER or an SMS-STATUS-REPORT.
func readPDU(line string) (*tpdu.TPDU, error) {
	b, err := hex.DecodeString(line)
	if err != nil {
		return nil, fmt.Errorf("a PDU is not hexadecimal: %w", err)
	}
	if len(b) == 0 || len(b) <= 1+int(b[0]) {
		return nil, errors.New("a PDU is too short")
	}
	t, err := sms.Unmarshal(b[1+int(b[0]):], sms.AsMT)
	if err != nil {
		return nil, fmt.Errorf("a PDU can not be read: %w", err)
	}
	return t, nil
}

// sender reads an address (23.040 9.1.2.5).
func sender(a tpdu.Address) (from string, alphanumeric bool) {
	return a.Number(), a.TypeOfNumber() == tpdu.TonAlphanumeric
}

// body reads the text of a message whose parts are in order.
func body(parts []*tpdu.TPDU) (string, error) {
	var text strings.Builder
	var units []uint16 // an UTF-16 pair may lie across two parts
	for _, p := range parts {
		alphabet, err := p.Alphabet()
		if err != nil {
			return "", err
		}
		switch alphabet {
		case tpdu.Alpha8Bit:
			return "", errNoText
		case tpdu.AlphaUCS2:
			if len(p.UD)%2 != 0 {
				return "", errors.New("a UCS-2 text has half a character")
			}
			for i := 0; i < len(p.UD); i += 2 {
				units = append(units, binary.BigEndian.Uint16(p.UD[i:]))
			}
		default:
			text.WriteString(string(utf16.Decode(units)))
			units = nil
			b, err := tpdu.DecodeUserData(p.UD, p.UDH, alphabet, tpdu.WithAllCharsets)
			if err != nil {
				return "", err
			}
			text.Write(b)
		}
	}
	text.WriteString(string(utf16.Decode(units)))
	return text.String(), nil
}

// concatenation is what a part says of the whole (23.040 9.2.3.24.1); ok is
// false for a text of one part. A part that contradicts itself is one alone.
func concatenation(t *tpdu.TPDU) (total, number, ref int, ok bool) {
	total, number, ref, ok = t.ConcatInfo()
	if !ok || total <= 1 || number < 1 || number > total {
		return 1, 1, 0, false
	}
	return total, number, ref, true
}

// statusReport makes the event of an SMS-STATUS-REPORT (23.040 9.2.2.3).
func statusReport(t *tpdu.TPDU) Report {
	to, _ := sender(t.RA)
	state := Failed
	switch {
	case t.ST < 0x20:
		state = Delivered
	case t.ST < 0x40:
		state = Pending
	}
	return Report{Ref: int(t.MR), To: to, State: state, Status: t.ST, Stamp: t.SCTS.Time, Discharge: t.DT.Time}
}

// report takes a status report that came straight to us.
func (s *session) report(u urc) {
	t, err := readPDU(u.pdu)
	if err != nil || t.SmsType() != tpdu.SmsStatusReport {
		s.m.log.Warn("a delivery report could not be read")
		return
	}
	s.m.emit(statusReport(t))
}

// direct takes a text that the modem gives without storing it, as some do
// with texts of class 0. There is nothing to delete, so it is told once.
func (s *session) direct(u urc) {
	t, err := readPDU(u.pdu)
	if err == nil && t.SmsType() != tpdu.SmsDeliver {
		err = errNoText
	}
	var text string
	if err == nil {
		text, err = body([]*tpdu.TPDU{t})
	}
	if err != nil {
		s.m.log.Warn("a text could not be read", "error", unread(err))
		return
	}
	r := Received{ID: s.m.nextText(), Body: text, Stamp: t.SCTS.Time, Parts: 1}
	r.From, r.Alphanumeric = sender(t.OA)
	s.m.trace.received(r)
	s.m.emit(r)
}

// unread says why a PDU was not told, without anything that stood in it.
func unread(err error) string {
	if errors.Is(err, errNoText) {
		return "it is no received text"
	}
	return "it is damaged"
}
