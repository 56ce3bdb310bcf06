package simulator

import (
	"fmt"
	"time"
)

const (
	pinTries   = 3
	pukTries   = 10
	unlockTime = 2 * time.Second // from the right PIN to SMS Ready
)

// lock is the SIM's PIN; the zero value asks for none.
type lock struct {
	pin   string
	tries int
	open  bool // given since the last boot
}

func (l lock) locked() bool { return l.pin != "" && !l.open }

// card is the SIM itself; the zero value is the first one, put in.
type card struct {
	number  int  // of which one
	out     bool // of the holder
	noticed bool // that it is out, or was: a module sees a card only when it starts
}

// state is what +CPIN? says.
func (l lock) state() string {
	switch {
	case !l.locked():
		return "READY"
	case l.tries == 0:
		return "SIM PUK"
	}
	return "SIM PIN"
}

// equipmentError is the +CME ERROR of a command that needs the SIM.
func (l lock) equipmentError() int {
	switch l.state() {
	case "SIM PIN":
		return 11
	case "SIM PUK":
		return 12
	}
	return 14
}

// messageError is the +CMS ERROR of a command for texts before they are ready.
func (l lock) messageError() int {
	switch l.state() {
	case "SIM PIN":
		return 311
	case "SIM PUK":
		return 316
	}
	return 521
}

// triesLeft is +SPIC: tries left for PIN, PIN2, PUK and PUK2.
func (m *Modem) triesLeft() string {
	return fmt.Sprintf("+SPIC: %d,%d,%d,%d", m.pinLeft(), pinTries, pukTries, pukTries)
}

func (m *Modem) pinLeft() int {
	if m.lock.pin == "" {
		return pinTries
	}
	return m.lock.tries
}

// iccid is the number that a SIM has printed on it.
func (m *Modem) iccid() string {
	issuer := "8944"
	if m.card.number > 0 {
		issuer += fmt.Sprint(m.card.number)
	}
	return m.serial(issuer, 20)
}

// blockSIM has the SIM ask for its PUK, the first time now.
func (m *Modem) blockSIM() {
	m.lock = lock{pin: "0000"}
	m.reboot()
}

// swapSIM puts another card in while the modem is off for a moment.
func (m *Modem) swapSIM(number int) {
	m.card, m.lock = card{number: max(number, 1)}, lock{}
	clear(m.sim[:])
	m.reboot()
}

// removeSIM takes the card out, and puts it back after d where that is not 0.
func (m *Modem) removeSIM(d time.Duration) {
	m.card.out, m.card.noticed = true, true
	m.power.simReady, m.power.smsReady, m.lock.open = false, false, false
	m.urc("+CPIN: NOT INSERTED")
	if m.set.csmins == 1 {
		m.urc("+CSMINS: 1,0")
	}
	m.moved()
	if d > 0 {
		m.after(d, func() { m.card.out = false })
	}
}

// lockSIM has the SIM ask for a PIN of four digits at each boot, the first now.
func (m *Modem) lockSIM(code int) {
	m.lock = lock{pin: fmt.Sprintf("%04d", code%10000), tries: pinTries}
	m.reboot()
}

// pinCommand is +CPIN. There is no way back from SIM PUK here.
func (m *Modem) pinCommand(c command) answer {
	switch {
	case c.op == opTest:
		return ok
	case m.card.noticed:
		return m.equipmentError(10)
	case c.op == opRead && (m.power.simReady || m.lock.locked()):
		return info("+CPIN: " + m.lock.state())
	case !m.lock.locked() && !m.power.simReady:
		return m.equipmentError(14)
	case c.op != opSet || !m.lock.locked():
		return m.equipmentError(3)
	case m.lock.tries == 0:
		return m.equipmentError(12)
	case c.args().text(0) != m.lock.pin:
		m.lock.tries--
		return m.equipmentError(16)
	}
	m.unlock()
	return ok
}

func (m *Modem) unlock() {
	m.lock.tries, m.lock.open = pinTries, true
	boots := m.power.boots
	m.after(100*time.Millisecond, func() { m.simUp(boots) })
	m.after(unlockTime, func() { m.ready(boots) })
}

// simUp says what the SIM wants, and makes it usable where that is nothing.
func (m *Modem) simUp(boots int) {
	if m.power.boots != boots || !m.power.on {
		return
	}
	m.card.noticed = m.card.out
	if m.card.out {
		m.urc("+CPIN: NOT INSERTED")
		return
	}
	m.power.simReady = !m.lock.locked()
	m.urc("+CPIN: %s", m.lock.state())
}
