package simulator

import "time"

// USSD sets the network's answer to a code such as *100#. A code without one is
// answered as not supported.
func (m *Modem) USSD(code, reply string) {
	m.do(func() { m.ussd[code] = reply })
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
	if n == 2 || len(as) < 2 {
		return ok
	}
	if !m.registered() {
		return m.equipmentError(30)
	}
	m.after(2*time.Second, func() { m.ussdReply(code) })
	return ok
}

func (m *Modem) ussdReply(code string) {
	reply, known := m.ussd[code]
	switch {
	case m.ses.cusd != 1 || !m.registered():
	case !known:
		m.urc("+CUSD: 4")
	default:
		m.urc(`+CUSD: 0,"%s",15`, m.toCharset(reply))
	}
}
