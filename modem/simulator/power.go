package simulator

import (
	"strings"
	"time"
)

// What is done about a network that was lost, by how much it does.
const (
	searched  = iota + 1 // AT+COPS=0
	cycled               // AT+CFUN=4 and AT+CFUN=1
	restarted            // the module starts anew
)

// strand takes the network away until something is done about it: by Code 0 a search,
// 1 the radio off and on, 2 a restart.
func (m *Modem) strand(code int) {
	m.stuck = min(code, restarted-searched) + searched
	m.emit("network-lost", "", "")
	m.moved()
}

// rescue brings back a network that so much brings back.
func (m *Modem) rescue(done int) {
	if m.stuck == 0 || done < m.stuck {
		return
	}
	m.stuck = 0
	m.emit("network-back", "", "")
	m.after(time.Second, m.moved)
}

// hang is a module that says and does nothing.
type hang struct {
	on    bool
	dark  bool   // it has no supply, or was switched off by its key
	hears bool   // AT+CFUN=1,1
	heard string // what could be the beginning of it
	times int    // a timer of an earlier one does nothing
}

// hang stops the module until it was without power, or for d where that is not 0.
// hears says that it still obeys AT+CFUN=1,1.
func (m *Modem) hang(d time.Duration, hears bool) {
	m.hung = hang{on: true, hears: hears, times: m.hung.times + 1}
	if d <= 0 {
		return
	}
	times := m.hung.times
	m.after(d, func() {
		if m.hung.times == times && !m.hung.dark {
			m.hung.on = false
		}
	})
}

// hearReset waits in the dark for AT+CFUN=1,1.
func (m *Modem) hearReset(b byte) {
	if !m.hung.hears || !m.atRate() {
		return
	}
	const reset = "AT+CFUN=1,1\r"
	m.hung.heard += string(b)
	if strings.HasSuffix(m.hung.heard, reset) {
		m.startFresh()
	}
	m.hung.heard = m.hung.heard[max(0, len(m.hung.heard)-len(reset)):]
}

// startFresh begins a life in which nothing hangs.
func (m *Modem) startFresh() {
	m.hung = hang{times: m.hung.times + 1}
	m.reboot()
}

// Supply cuts the module's supply, or gives it back, on which it starts.
func (m *Modem) Supply(on bool) {
	m.do(func() {
		switch {
		case !on:
			m.goDark()
		case m.hung.dark:
			m.startFresh()
		}
	})
}

// PressKey is a press of the power key (1 s or more): it switches the module off, also
// one that hangs, and one that is off on.
func (m *Modem) PressKey() {
	m.do(func() {
		if m.hung.dark {
			m.startFresh()
			return
		}
		m.urc("%s", m.family.gone)
		m.goDark()
	})
}

// brownOut is a supply that breaks down under the burst of a sending.
func (m *Modem) brownOut() {
	m.urc("UNDER-VOLTAGE POWER DOWN")
	m.flush()
	m.reboot()
}

func (m *Modem) goDark() {
	m.flush()
	m.reboot()
	m.power.boots++ // it does not start by itself
	m.hung = hang{on: true, dark: true, times: m.hung.times + 1}
}

// atRate tells whether host and module talk at one rate.
func (m *Modem) atRate() bool {
	if m.rate == 0 || m.port == nil {
		return true
	}
	host := m.port.baud()
	return host == 0 || host == m.rate
}
