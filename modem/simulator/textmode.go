package simulator

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/warthog618/sms"
	"github.com/warthog618/sms/encoding/gsm7"
	"github.com/warthog618/sms/encoding/tpdu"
	"github.com/warthog618/sms/encoding/ucs2"
	"golang.org/x/text/encoding/charmap"
)

var charsets = [...]string{"IRA", "GSM", "UCS2", "HEX", "PCCP", "PCDN", "8859-1"}

func (m *Modem) charsetCommand(c command) answer {
	switch c.op {
	case opTest:
		return info(`+CSCS: ("` + strings.Join(charsets[:], `","`) + `")`)
	case opRead:
		return infof(`+CSCS: "%s"`, m.set.charset)
	case opSet:
		for _, s := range charsets {
			if strings.EqualFold(c.args().text(0), s) {
				m.set.charset = s
				return ok
			}
		}
	}
	return m.badValue()
}

// fromCharset reads a string of the host's in the character set of +CSCS.
func (m *Modem) fromCharset(s string) (string, error) {
	switch m.set.charset {
	case "UCS2":
		b, err := hex.DecodeString(s)
		if err != nil {
			return "", fmt.Errorf("%q is not UCS-2 in hexadecimal: %w", s, err)
		}
		r, err := ucs2.Decode(b)
		if err != nil {
			return "", fmt.Errorf("%q is not UCS-2: %w", s, err)
		}
		return string(r), nil
	case "HEX":
		b, err := hex.DecodeString(s)
		if err != nil {
			return "", fmt.Errorf("%q is not hexadecimal: %w", s, err)
		}
		return decodeSeptets(b)
	case "GSM":
		return decodeSeptets([]byte(s))
	case "8859-1", "PCCP", "PCDN":
		b, err := charmap.ISO8859_1.NewDecoder().String(s)
		if err != nil {
			return "", fmt.Errorf("%q is not ISO 8859-1: %w", s, err)
		}
		return b, nil
	}
	return strings.ToValidUTF8(s, "?"), nil
}

func decodeSeptets(b []byte) (string, error) {
	s, err := gsm7.Decode(b)
	if err != nil {
		return "", fmt.Errorf("not in the GSM alphabet: %w", err)
	}
	return string(s), nil
}

// toCharset writes a string for the host in the character set of +CSCS.
func (m *Modem) toCharset(s string) string {
	switch m.set.charset {
	case "UCS2":
		return strings.ToUpper(hex.EncodeToString(ucs2.Encode([]rune(s))))
	case "HEX":
		b, _ := gsm7.Encode([]byte(s)) // what has no septet is left out
		return strings.ToUpper(hex.EncodeToString(b))
	case "GSM":
		if b, err := gsm7.Encode([]byte(s)); err == nil {
			return string(b)
		}
	case "8859-1", "PCCP", "PCDN":
		if b, err := charmap.ISO8859_1.NewEncoder().String(s); err == nil {
			return b
		}
	}
	return s
}

// bodyText is a message's text as text mode shows it: one with characters that
// the set lacks comes as UCS-2 in hexadecimal.
func (m *Modem) bodyText(t *tpdu.TPDU) string {
	s := textOf([]*tpdu.TPDU{t})
	if alpha, _ := t.Alphabet(); alpha == tpdu.AlphaUCS2 {
		return strings.ToUpper(hex.EncodeToString(ucs2.Encode([]rune(s))))
	}
	return m.toCharset(s)
}

// stampText is a time as text mode writes it.
func stampText(t time.Time) string {
	_, offset := t.Zone()
	quarters := offset / (15 * 60)
	sign := '+'
	if quarters < 0 {
		sign, quarters = '-', -quarters
	}
	return t.Format("06/01/02,15:04:05") + fmt.Sprintf("%c%02d", sign, quarters)
}

// listedText is a +CMGL entry in text mode.
func (m *Modem) listedText(n int, s *stored) string {
	t, err := sms.Unmarshal(s.raw, s.direction())
	if err != nil {
		return fmt.Sprintf("+CMGL: %d,\"%s\",\"\",\"\",\"\"\r\n", n, statusNames[s.status])
	}
	head := fmt.Sprintf(`+CMGL: %d,"%s",%s`, n, statusNames[s.status], m.party(t))
	if m.ses.csdh == 1 {
		head += fmt.Sprintf(",%d,%d", partyType(t), len(t.UD))
	}
	return head + "\r\n" + m.bodyText(t)
}

// party is the other end of a message, an empty name, and the stamp.
func (m *Modem) party(t *tpdu.TPDU) string {
	if t.SmsType() == tpdu.SmsDeliver {
		return fmt.Sprintf(`"%s","","%s"`, m.toCharset(t.OA.Number()), stampText(t.SCTS.Time))
	}
	return fmt.Sprintf(`"%s","",""`, m.toCharset(t.DA.Number()))
}

func partyType(t *tpdu.TPDU) byte {
	if t.SmsType() == tpdu.SmsDeliver {
		return t.OA.TOA
	}
	return t.DA.TOA
}

// readText is a +CMGR entry in text mode.
func (m *Modem) readText(s *stored) string {
	t, err := sms.Unmarshal(s.raw, s.direction())
	if err != nil {
		return fmt.Sprintf("+CMGR: \"%s\",\"\",\"\",\"\"\r\n", statusNames[s.status])
	}
	head := fmt.Sprintf(`+CMGR: "%s",%s`, statusNames[s.status], m.party(t))
	if m.ses.csdh == 1 {
		head += fmt.Sprintf(",%d,%d,%d,%d", partyType(t), t.FirstOctet, t.PID, byte(t.DCS))
		if t.SmsType() == tpdu.SmsSubmit {
			head += ",167"
		}
		head += fmt.Sprintf(`,"%s",145,%d`, m.toCharset(m.flash.centre), len(t.UD))
	}
	return head + "\r\n" + m.bodyText(t)
}

// directText is a +CMT for a text that is not stored.
func (m *Modem) directText(raw []byte) string {
	if m.set.pduMode {
		return fmt.Sprintf("+CMT: \"\",%d\r\n%s", len(raw), m.pduHex(raw))
	}
	t, err := sms.Unmarshal(raw)
	if err != nil {
		return "+CMT: \"\",\"\",\"\"\r\n"
	}
	head := "+CMT: " + m.party(t)
	if m.ses.csdh == 1 {
		head += fmt.Sprintf(",%d,%d,%d,%d,\"%s\",145,%d", t.OA.TOA, t.FirstOctet, t.PID, byte(t.DCS), m.flash.centre, len(t.UD))
	}
	return head + "\r\n" + m.bodyText(t)
}

var errLong = errors.New("the text does not fit in one message")

// textSubmit makes the TPDU of a text that was typed in text mode, with the
// values of +CSMP.
func (m *Modem) textSubmit(to string, body []byte) (*tpdu.TPDU, error) {
	s, err := m.typedBody(string(body))
	if err != nil {
		return nil, err
	}
	if tpdu.DCS(m.ses.dcs)&0x0c == tpdu.DcsUCS2Data {
		s = string(ucs2.Encode([]rune(s)))
	}
	pdus, err := sms.Encode([]byte(s), submitTemplate{m: m, da: address(to)})
	if err != nil {
		return nil, fmt.Errorf("the text can't be encoded: %w", err)
	}
	switch len(pdus) {
	case 0:
		t := &tpdu.TPDU{Direction: tpdu.MO, FirstOctet: tpdu.FirstOctet(tpdu.MtSubmit)}
		return t, submitTemplate{m: m, da: address(to)}.ApplyTPDUOption(t)
	case 1:
		return &pdus[0], nil
	}
	return nil, errLong
}

// typedBody reads the characters after a text-mode prompt. With a UCS-2 coding
// scheme and another character set many hosts type the hexadecimal all the same.
func (m *Modem) typedBody(s string) (string, error) {
	if tpdu.DCS(m.ses.dcs)&0x0c == tpdu.DcsUCS2Data && m.set.charset != "UCS2" {
		if b, err := hex.DecodeString(s); err == nil && len(b)%2 == 0 {
			if r, err := ucs2.Decode(b); err == nil {
				return string(r), nil
			}
		}
	}
	return m.fromCharset(s)
}

// submitTemplate fills in what an SMS-SUBMIT has besides its text.
type submitTemplate struct {
	m  *Modem
	da tpdu.Address
}

// ApplyTPDUOption implements tpdu.Option.
func (o submitTemplate) ApplyTPDUOption(t *tpdu.TPDU) error {
	t.DA = o.da
	t.FirstOctet |= tpdu.FirstOctet(o.m.ses.fo) & (tpdu.FoSRR | tpdu.FoRD | tpdu.FoRP)
	t.SetPID(byte(o.m.ses.pid))
	t.SetDCS(byte(o.m.ses.dcs))
	var vp tpdu.ValidityPeriod
	vp.SetRelative(relativeValidity(o.m.ses.vp))
	t.SetVP(vp)
	return nil
}

// ApplyEncoderOption implements sms.EncoderOption.
func (o submitTemplate) ApplyEncoderOption(e *sms.Encoder) {
	sms.WithTemplateOption(o).ApplyEncoderOption(e)
}

// relativeValidity reads TP-VP (3GPP TS 23.040 9.2.3.12.1).
func relativeValidity(v int) time.Duration {
	switch {
	case v <= 143:
		return time.Duration(v+1) * 5 * time.Minute
	case v <= 167:
		return 12*time.Hour + time.Duration(v-143)*30*time.Minute
	case v <= 196:
		return time.Duration(v-166) * 24 * time.Hour
	}
	return time.Duration(v-192) * 7 * 24 * time.Hour
}
