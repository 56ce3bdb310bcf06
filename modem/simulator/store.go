package simulator

import (
	"fmt"
	"strings"

	"github.com/warthog618/sms"
	"github.com/warthog618/sms/encoding/pdumode"
)

// simSlots is how many messages the SIM holds, numbered from 1.
const simSlots = 20

// status of a stored message (3GPP TS 27.005 3.1).
type status int

const (
	unread status = iota
	read
	unsent
	sent
	allStatus
)

var statusNames = [...]string{"REC UNREAD", "REC READ", "STO UNSENT", "STO SENT", "ALL"}

// stored is one message on the SIM.
type stored struct {
	status status
	raw    []byte // TPDU without the service centre's address
}

func (s *stored) direction() sms.DirectionOption {
	if s.status == unsent || s.status == sent {
		return sms.AsMO
	}
	return sms.AsMT
}

func (m *Modem) used() int {
	n := 0
	for _, s := range m.sim {
		if s != nil {
			n++
		}
	}
	return n
}

// keep stores a message in the first free slot and returns its number, 0 when
// the SIM is full.
func (m *Modem) keep(s *stored) int {
	for i := range m.sim {
		if m.sim[i] == nil {
			m.sim[i] = s
			return i + 1
		}
	}
	return 0
}

// fill leaves no room on the SIM, as a program does that keeps what it has sent.
func (m *Modem) fill() {
	raw := []byte{0x01, 0x00, 0x0c, 0x91, 0x44, 0x77, 0x00, 0x09, 0x10, 0x32, 0x00, 0x00, 0x02, 0xc8, 0x34} // SMS-SUBMIT, "Hi"
	for m.keep(&stored{status: sent, raw: raw}) != 0 {
	}
}

// slot is the message under a number that the host gave.
func (m *Modem) slot(as arguments, i int) (n int, valid bool) {
	n, valid = as.number(i, 0, 1, simSlots)
	return n, valid && n > 0
}

// pduHex is a message with the service centre's address, as PDU mode has it.
func (m *Modem) pduHex(raw []byte) string {
	p := pdumode.PDU{TPDU: raw}
	p.SMSC.Address = address(m.flash.centre)
	s, err := p.MarshalHexString()
	if err != nil { // a centre's address that the host set and that has no digits
		return "00" + strings.ToUpper(fmt.Sprintf("%x", raw))
	}
	return strings.ToUpper(s)
}

func (m *Modem) storageCommand(c command) answer {
	switch c.op {
	case opTest:
		return info(`+CPMS: ("SM"),("SM"),("SM")`)
	case opRead:
		one := fmt.Sprintf(`"SM",%d,%d`, m.used(), simSlots)
		return infof("+CPMS: %s,%s,%s", one, one, one)
	case opSet:
		as := c.args()
		for i := range as {
			if s := strings.ToUpper(as.text(i)); s != "SM" && s != "MT" || i > 2 {
				return messageError(302)
			}
		}
		one := fmt.Sprintf("%d,%d", m.used(), simSlots)
		return infof("+CPMS: %s,%s,%s", one, one, one)
	}
	return plainErr
}

// listStatus reads the status that +CMGL is asked for.
func (m *Modem) listStatus(as arguments, def status) (status, bool) {
	if m.set.pduMode {
		n, valid := as.number(0, int(def), 0, 4)
		return status(n), valid
	}
	s := strings.ToUpper(as.text(0))
	if s == "" {
		return def, true
	}
	for i, name := range statusNames {
		if s == name {
			return status(i), true
		}
	}
	return 0, false
}

func (m *Modem) listCommand(c command) answer {
	if c.op == opTest {
		if m.set.pduMode {
			return info("+CMGL: (0-4)")
		}
		return info(`+CMGL: ("` + strings.Join(statusNames[:], `","`) + `")`)
	}
	var as arguments
	if c.op == opSet {
		as = c.args()
	}
	want, valid := m.listStatus(as, unread)
	peek, fine := as.number(1, 0, 0, 1)
	if !valid || !fine || c.op == opRead {
		return messageError(302)
	}
	var lines []string
	for i, s := range m.sim {
		if s == nil || want != allStatus && s.status != want {
			continue
		}
		lines = append(lines, m.listed(i+1, s))
		if s.status == unread && peek == 0 {
			s.status = read
		}
	}
	if len(lines) == 0 {
		return ok
	}
	return info(strings.Join(lines, "\r\n"))
}

func (m *Modem) listed(n int, s *stored) string {
	if m.set.pduMode {
		return fmt.Sprintf("+CMGL: %d,%d,\"\",%d\r\n%s", n, s.status, len(s.raw), m.pduHex(s.raw))
	}
	return m.listedText(n, s)
}

func (m *Modem) readCommand(c command) answer {
	if c.op == opTest {
		return ok
	}
	as := c.args()
	n, valid := m.slot(as, 0)
	peek, fine := as.number(1, 0, 0, 1)
	if c.op != opSet || !valid || !fine {
		return messageError(321)
	}
	s := m.sim[n-1]
	if s == nil {
		return ok
	}
	var line string
	if m.set.pduMode {
		line = fmt.Sprintf("+CMGR: %d,\"\",%d\r\n%s", s.status, len(s.raw), m.pduHex(s.raw))
	} else {
		line = m.readText(s)
	}
	if s.status == unread && peek == 0 {
		s.status = read
	}
	return info(line)
}

func (m *Modem) deleteCommand(c command) answer {
	if c.op == opTest {
		return infof("+CMGD: (1-%d),(0-4)", simSlots)
	}
	as := c.args()
	flag, fine := as.number(1, 0, 0, 4)
	n, valid := m.slot(as, 0)
	if c.op != opSet || !fine || !valid && flag == 0 {
		return messageError(321)
	}
	doomed := [5]func(status) bool{
		1: func(s status) bool { return s == read },
		2: func(s status) bool { return s == read || s == sent },
		3: func(s status) bool { return s != unread },
		4: func(status) bool { return true },
	}[flag]
	if flag == 0 {
		m.erase(n)
	} else {
		m.eraseIf(doomed)
	}
	m.room()
	return ok
}

func (m *Modem) erase(n int) {
	if m.sim[n-1] != nil {
		m.sim[n-1] = nil
		m.emit("cmgd", "", fmt.Sprint(n))
	}
}

func (m *Modem) eraseIf(doomed func(status) bool) {
	for i, s := range m.sim {
		if s != nil && doomed(s.status) {
			m.erase(i + 1)
		}
	}
}

// room lets texts in that wait at the service centre, a moment after the result
// of what made room for them.
func (m *Modem) room() { m.after(0, m.deliverWaiting) }

func (m *Modem) deleteAllCommand(c command) answer {
	names := [...]string{"", "DEL READ", "DEL UNREAD", "DEL SENT", "DEL UNSENT", "DEL INBOX", "DEL ALL"}
	if c.op == opTest {
		if m.set.pduMode {
			return info("+CMGDA: (1-6)")
		}
		return info(`+CMGDA: ("` + strings.Join(names[1:], `","`) + `")`)
	}
	if c.op != opSet {
		return messageError(302)
	}
	kind := 0
	as := c.args()
	for i, name := range names {
		if i > 0 && (as.text(0) == fmt.Sprint(i) || strings.EqualFold(as.text(0), name)) {
			kind = i
		}
	}
	if kind == 0 {
		return messageError(302)
	}
	one := [...]status{1: read, 2: unread, 3: sent, 4: unsent, 5: 0, 6: 0}[kind]
	m.eraseIf(func(s status) bool {
		switch kind {
		case 5:
			return s == read || s == unread
		case 6:
			return true
		}
		return s == one
	})
	m.room()
	return ok
}
