package simulator

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/warthog618/sms/encoding/gsm7"
	"github.com/warthog618/sms/encoding/ucs2"
)

// Service is what the network does when it is asked a code such as *100#.
type Service struct {
	// Reply is the text; "{balance}" in it is the credit of the panel's account.
	Reply string
	// Code is <n> of +CUSD: 0 done, 1 a menu, 2 ended, 4 not supported, 5 time-out.
	Code int
	// Form is how the modem writes the text: "" in its character set, "packed" as
	// septets in hexadecimal (7-bit), "ucs2" as UCS-2 in hexadecimal.
	Form   string
	After  time.Duration // until it answers; 0 is 2 s
	Silent bool          // it never does
}

var forms = []string{"", "packed", "ucs2"}

// USSD sets the network's answer to a code such as *100#. A code without one is
// answered as not supported.
func (m *Modem) USSD(code, reply string) {
	m.do(func() { m.ussd[code] = Service{Reply: reply} })
}

// Serve is USSD for all that a network may do.
func (m *Modem) Serve(code string, s Service) error {
	if !slices.Contains(forms, s.Form) {
		return fmt.Errorf("there is no form %q of a service's answer; it is packed, ucs2 or left out", s.Form)
	}
	m.do(func() { m.ussd[code] = s })
	return nil
}

// inquiry is a service code that the network is busy with, or a menu that waits.
type inquiry struct {
	answer *task
	menu   bool
}

func (m *Modem) ussdCommand(c command) answer {
	switch c.op {
	case opTest:
		return info("+CUSD: (0-2)")
	case opRead:
		return infof("+CUSD: %d", m.ses.cusd)
	case opExecute:
		return ok
	}
	as := c.args()
	n, valid := as.number(0, 0, 0, 2)
	code, err := m.fromCharset(as.text(1))
	if !valid || err != nil {
		return m.badValue()
	}
	if n != 2 {
		m.ses.cusd = n
	}
	if n == 2 {
		m.ussdEnds()
	}
	if n == 2 || len(as) < 2 {
		return ok
	}
	if !m.registered() {
		return m.equipmentError(30)
	}
	m.ussdBegins(code)
	return ok
}

func (m *Modem) ussdBegins(code string) {
	m.ussdEnds()
	m.emit("ussd", code, "")
	s, known := m.ussd[code]
	if !known {
		s = Service{Code: 4}
	}
	if s.After <= 0 {
		s.After = 2 * time.Second
	}
	i := &inquiry{}
	m.inquiry = i
	if !s.Silent {
		i.answer = m.after(s.After, func() { m.ussdReply(i, s) })
	}
}

// ussdEnds gives an inquiry up; what the network has sent does not come any more.
func (m *Modem) ussdEnds() {
	if m.inquiry == nil {
		return
	}
	m.inquiry.answer.stop()
	m.inquiry = nil
	m.emit("ussd-ended", "", "")
}

func (m *Modem) ussdReply(i *inquiry, s Service) {
	if m.inquiry != i {
		return
	}
	i.menu = s.Code == 1
	if !i.menu {
		m.inquiry = nil
	}
	if m.ses.cusd != 1 || !m.registered() {
		return
	}
	if s.Reply == "" {
		m.urc("+CUSD: %d", s.Code)
		return
	}
	text, dcs := m.ussdText(s)
	m.urc(`+CUSD: %d,"%s",%d`, s.Code, text, dcs)
}

// ussdText is an answer's text as the modem prints it, and its data coding scheme
// (3GPP TS 23.038 clause 5).
func (m *Modem) ussdText(s Service) (text string, dcs int) {
	text = strings.ReplaceAll(s.Reply, "{balance}", m.account.String())
	switch s.Form {
	case "packed":
		septets, _ := gsm7.Encode([]byte(text))
		return strings.ToUpper(hex.EncodeToString(gsm7.Pack7BitUSSD(septets, 0))), 15
	case "ucs2":
		return strings.ToUpper(hex.EncodeToString(ucs2.Encode([]rune(text)))), 72
	}
	return m.toCharset(text), 15
}
