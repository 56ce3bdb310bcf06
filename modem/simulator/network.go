package simulator

import (
	"fmt"
	"strings"
	"time"
)

const (
	operatorName = "Simnet UK"
	operatorCode = "00101" // the test network of ITU-T E.212
	batteryMV    = 4012
	lowMV        = 3440
	warnMV       = 3500 // and below it the module warns (SIM800C hardware design 4.1)
	bootTime     = 2 * time.Second
	readyTime    = 3 * time.Second // from RDY to SMS Ready
	defaultLoss  = 30 * time.Second
)

// registered tells whether the module has a network.
func (m *Modem) registered() bool { return m.registration() == 1 }

// registration is <stat> of +CREG: 0 not searching, 1 home, 2 searching, 3 denied.
func (m *Modem) registration() int {
	switch {
	case !m.power.on || !m.power.simReady || m.flash.cfun != 1 || m.flash.copsMode == 2:
		return 0
	case m.lost || m.stuck > 0 || m.cell.Gone || m.deafened || !m.power.smsReady:
		return 2
	case m.cell.Denied:
		return 3
	}
	return 1
}

// place is the cell as +CREG=2 shows it.
func (m *Modem) place(n int) string {
	if n == 2 && m.registered() {
		return "," + m.cell.place()
	}
	return ""
}

func (m *Modem) registrationCommand(c command) answer {
	n := map[string]*int{"+CREG": &m.set.creg, "+CGREG": &m.set.cgreg, "+CEREG": &m.set.cereg}[c.name]
	switch c.op {
	case opTest:
		return infof("%s: (0-2)", c.name)
	case opRead:
		return infof("%s: %d,%d%s", c.name, *n, m.registration(), m.place(*n))
	}
	v, valid := c.args().number(0, 0, 0, 2)
	if !valid {
		return m.badValue()
	}
	*n = v
	return ok
}

// moved tells the host that the registration has changed.
func (m *Modem) moved() {
	if m.set.creg > 0 {
		m.urc("+CREG: %d%s", m.registration(), m.place(m.set.creg))
	}
	if m.set.cgreg > 0 {
		m.urc("+CGREG: %d%s", m.registration(), m.place(m.set.cgreg))
	}
	if m.set.cereg > 0 {
		m.urc("+CEREG: %d%s", m.registration(), m.place(m.set.cereg))
	}
	if m.registered() {
		m.networkTime()
		m.deliverWaiting()
	}
}

// loseNetwork takes the network away for d (30 s where d is 0).
func (m *Modem) loseNetwork(d time.Duration) {
	if d <= 0 {
		d = defaultLoss
	}
	if m.lost {
		return
	}
	m.lost = true
	m.emit("network-lost", "", "")
	if c := m.call; c != nil {
		m.release(c, lossResult(c), 41, "NO CARRIER")
	}
	m.moved()
	m.after(d, func() {
		m.lost = false
		m.emit("network-back", "", "")
		m.moved()
	})
}

func lossResult(c *call) string {
	if c.state == callActive {
		return "ended"
	}
	return "no answer"
}

func (m *Modem) operatorCommand(c command) answer {
	switch c.op {
	case opTest:
		entry := fmt.Sprintf(`(2,"%s","SIMNET","%s")`, operatorName, operatorCode)
		return m.completeAfter(3*time.Second, func() answer {
			return info("+COPS: " + entry + ",,(0-4),(0-2)")
		})
	case opRead:
		if !m.registered() {
			return infof("+COPS: %d", m.flash.copsMode)
		}
		name := [3]string{operatorName, "SIMNET", operatorCode}[m.flash.copsFormat]
		return infof(`+COPS: %d,%d,"%s"`, m.flash.copsMode, m.flash.copsFormat, name)
	case opSet:
		return m.selectOperator(c.args())
	}
	return ok
}

func (m *Modem) selectOperator(as arguments) answer {
	mode, valid := as.number(0, 0, 0, 4)
	format, fine := as.number(1, m.flash.copsFormat, 0, 2)
	if !valid || !fine {
		return m.badValue()
	}
	m.flash.copsFormat = format
	if mode == 3 {
		return ok
	}
	if mode == 1 && !knownOperator(as.text(2)) {
		return m.completeAfter(5*time.Second, func() answer { return m.equipmentError(32) })
	}
	before := m.registration()
	m.flash.copsMode = mode
	if mode == 0 {
		m.rescue(searched)
	}
	if m.registration() != before {
		m.moved()
	}
	return ok
}

func knownOperator(s string) bool {
	return strings.EqualFold(s, operatorName) || strings.EqualFold(s, "SIMNET") || s == operatorCode
}

func (m *Modem) functionCommand(c command) answer {
	switch c.op {
	case opTest:
		return info("+CFUN: (0,1,4),(0,1)")
	case opRead:
		return infof("+CFUN: %d", m.flash.cfun)
	}
	as := c.args()
	n, valid := as.number(0, 1, 0, 4)
	reset, fine := as.number(1, 0, 0, 1)
	if c.op != opSet || !valid || !fine || n == 2 || n == 3 {
		return m.badValue()
	}
	before := m.registration()
	if n == 1 && m.flash.cfun == 4 {
		m.rescue(cycled)
	}
	m.flash.cfun = n
	if reset == 1 {
		return m.resetCommand(c)
	}
	if c := m.call; n != 1 && c != nil {
		m.release(c, lossResult(c), 16, "NO CARRIER")
	}
	if m.registration() != before {
		m.after(time.Second, m.moved)
	}
	return ok
}

// resetCommand answers, and then restarts the module.
func (m *Modem) resetCommand(command) answer {
	r := m.start(nil, nil)
	m.after(500*time.Millisecond, func() {
		m.complete(r, ok)
		m.reboot()
	})
	return later
}

// reboot restarts the module: what is not saved is lost, also a command that was
// running and a message that was being typed.
func (m *Modem) reboot() {
	if c := m.call; c != nil {
		m.release(c, lossResult(c), 41, "")
	}
	m.emit("reboot", "", "")
	m.rescue(restarted)
	boots := m.power.boots + 1
	m.power = power{boots: boots}
	m.lock.open, m.losing = false, 0
	m.term = terminal{}
	m.sending, m.sendFault, m.inquiry = nil, nil, nil
	m.set, m.ses = m.saved.clone(), freshSession()
	m.deafened = false
	m.clock = m.startedClock()
	if m.flash.cfun == 0 { // only this value is not kept
		m.flash.cfun = 1
	}
	m.after(bootTime, func() { m.booted(boots) })
	if m.family.usb {
		m.unplug(bootTime)
	}
}

func (m *Modem) booted(boots int) {
	if m.power.boots != boots || m.hung.dark {
		return
	}
	m.power.on = true
	if m.set.ipr != 0 {
		for _, line := range m.family.boot {
			m.urc("%s", strings.Replace(line, "+CFUN: 1", fmt.Sprintf("+CFUN: %d", m.flash.cfun), 1))
		}
	}
	m.after(500*time.Millisecond, func() { m.simUp(boots) })
	m.after(readyTime, func() { m.ready(boots) })
}

func (m *Modem) ready(boots int) {
	if m.power.boots != boots || m.lock.locked() || m.card.noticed || m.power.smsReady {
		return
	}
	m.power.smsReady = true
	m.tellReady(boots)
	m.emit("ready", "", "")
	m.moved()
}

// powerOff ends the module's life: it starts again only by the power key, which
// here is a new reboot after five seconds.
func (m *Modem) powerOff() {
	m.urc("%s", m.family.gone)
	m.flush()
	m.reboot()
	boots := m.power.boots + 1
	m.power.boots = boots
	m.after(5*time.Second, func() { m.booted(boots) })
}

// barred tells whether +CWHITELIST keeps a number's calls (kind 1) or texts (2)
// out.
func (m *Modem) barred(number string, kind int) bool {
	if m.flash.whitelistMode&kind == 0 {
		return false
	}
	for _, w := range m.flash.whitelist {
		if w != "" && canonical(w) == number {
			return false
		}
	}
	return true
}

func (m *Modem) whitelistCommand(c command) answer {
	switch c.op {
	case opTest:
		return info("+CWHITELIST: (0-3),(1-30),(phone number)")
	case opRead:
		line := fmt.Sprintf("+CWHITELIST: %d", m.flash.whitelistMode)
		for _, w := range m.flash.whitelist {
			line += fmt.Sprintf(`,"%s"`, w)
		}
		return info(line)
	case opExecute:
		return m.badValue()
	}
	as := c.args()
	mode, valid := as.number(0, 0, 0, 3)
	first, fine := as.number(1, 1, 1, len(m.flash.whitelist))
	if !valid || !fine || first+len(as)-3 > len(m.flash.whitelist) {
		return m.badValue()
	}
	m.flash.whitelistMode = mode
	for i := 2; i < len(as); i++ {
		m.flash.whitelist[first+i-3] = as.text(i)
	}
	return ok
}

// jammingCommand is +SJDR.
func (m *Modem) jammingCommand(c command) answer {
	switch c.op {
	case opTest:
		return info("+SJDR: (0,1),(0-3),(1-255),(0,1)")
	case opRead:
		v := m.ses.sjdr
		result := 0
		if m.sees() {
			result = 1
		}
		return infof("+SJDR: %d,%d,%d,%d,%d", v[0], v[1], v[2], v[3], result)
	case opExecute:
		return m.badValue()
	}
	as := c.args()
	v := m.ses.sjdr
	for i, limit := range [4][2]int{{0, 1}, {0, 3}, {1, 255}, {0, 1}} {
		n, valid := as.number(i, v[i], limit[0], limit[1])
		if !valid {
			return m.badValue()
		}
		v[i] = n
	}
	m.ses.sjdr = v
	// "only can be enabled after network has registered, otherwise network cannot
	// register" (AT p.181)
	was := m.registration()
	m.deafened = v[0] == 1 && (m.deafened || was != 1 && was != 5)
	if m.registration() != was {
		m.after(time.Second, m.moved)
	}
	if v[0] == 1 {
		m.after(time.Second, m.tellJamming)
	}
	return ok
}

func (m *Modem) tellJamming() {
	if m.ses.sjdr[0] != 1 {
		return
	}
	if m.sees() {
		m.urc("+SJDR: JAMMING DETECTED")
		return
	}
	m.urc("+SJDR: NO JAMMING")
}

// sees tells whether the module sees a jammer.
func (m *Modem) sees() bool { return m.jammed || m.cell.Jammed }

func (m *Modem) jam(d time.Duration) {
	if d <= 0 {
		d = defaultLoss
	}
	m.jammed = true
	m.tellJamming()
	m.loseNetwork(d)
	m.after(d, func() {
		m.jammed = false
		m.tellJamming()
	})
}
