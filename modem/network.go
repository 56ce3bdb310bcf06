package modem

import (
	"time"
)

// registered says whether a <stat> of +CREG means that texts and calls can go:
// 1 at home, 5 roaming, 6 and 7 the same for texts only (27.007 7.2).
func registered(stat int) bool { return stat == 1 || stat == 5 || stat == 6 || stat == 7 }

// decibels turns the <rssi> of +CSQ into dBm; 0 where it is not known (99).
func decibels(rssi int) int {
	switch {
	case rssi == 0:
		return -115
	case rssi == 1:
		return -111
	case rssi >= 2 && rssi <= 30:
		return -114 + 2*rssi
	case rssi == 31:
		return -52
	}
	return 0
}

// setRegistration puts a <stat> into a Network.
func (n *Network) setRegistration(stat int) {
	n.Registered = registered(stat)
	n.Roaming = stat == 5 || stat == 7
	n.Denied = stat == 3
	if !n.Registered {
		n.Operator = ""
	}
}

// registration takes the URC.
func (s *session) registration(u urc) {
	stat := number(u.rest, 0)
	if stat < 0 {
		return
	}
	s.mu.Lock()
	another := len(s.profile.networks) > 1 // it may be in that
	s.mu.Unlock()
	m := s.m
	m.mu.Lock()
	n := m.network
	n.setRegistration(stat)
	if m.networkTold && (n.Registered || !another) {
		m.tell(n)
	}
	m.mu.Unlock()
	s.note(func(w *wishes) { w.poll = true })
}

// tell emits the network where it has changed. m.mu is held.
func (m *Modem) tell(n Network) {
	if m.networkTold && n == m.network {
		return
	}
	m.network, m.networkTold = n, true
	m.emit(n)
}

// poll reads signal and registration, and finds a reset that the modem did
// not announce.
func (s *session) poll() {
	s.due.poll = time.Now().Add(s.m.options.Poll)
	if s.forgot() {
		return
	}
	s.insist()
	s.m.mu.Lock()
	n := s.m.network
	s.m.mu.Unlock()
	stat, err := s.standing()
	if broke(err) {
		return
	}
	if stat >= 0 {
		n.setRegistration(stat)
	}
	info, err := s.command("+CSQ", quick)
	if broke(err) {
		return
	}
	n.DBm = decibels(number(one(info, "+CSQ"), 0))
	s.gauged = s.gauged || n.DBm != 0
	n.Usual = 0
	if n.Registered && n.DBm != 0 {
		n.Usual = s.m.signal.add(n.DBm)
	}
	if !n.Registered && s.lookForCard() != nil {
		return
	}
	if n.Registered && n.Operator == "" {
		if info, err = s.command("+COPS?", quick); broke(err) {
			return
		}
		n.Operator = field(one(info, "+COPS"), 2)
	}
	s.m.mu.Lock()
	s.m.tell(n)
	s.m.mu.Unlock()
	s.find(n.Registered)
}

// standing asks for the registration, -1 where nobody tells. An LTE modem has one
// for calls and texts (+CREG) and one for packets (+CEREG), over which texts can
// go as well: one of them is enough.
func (s *session) standing() (stat int, err error) {
	stat = -1
	for _, name := range s.profile.networks {
		info, err := s.command(name+"?", quick)
		if broke(err) {
			return -1, err
		}
		n := number(one(info, name), 1)
		if registered(n) {
			return n, nil
		}
		stat = max(stat, n)
	}
	return stat, nil
}

// forgot asks for a setting that a reset undoes (GSMBUSY and DDET are NO_SAVE):
// with automatic baud rate a modem does not say that it has started anew.
func (s *session) forgot() bool {
	name := s.profile.busy
	if s.letsIn || name == "" {
		name = s.profile.keys // that one has its value of after a reset, or there is none
	}
	if s.deaf[name] {
		return false
	}
	info, err := s.command(name+"?", quick)
	if err != nil {
		s.deaf[name] = !broke(err)
		return broke(err)
	}
	if number(one(info, name), 0) != 0 {
		s.undone = 0
		return false
	}
	if s.undone++; s.undone > 1 { // set up anew, it has it not either: this modem does not tell
		s.deaf[name] = true
		return false
	}
	s.mu.Lock()
	s.reset = true
	s.mu.Unlock()
	return true
}

// oldest is the first year that a modem's clock may show: without network
// time it starts in 2004 or 1980.
const oldest = 2026

// clock reads the modem's clock: hourly, and when the network has set it.
func (s *session) clock() {
	s.due.clock = time.Now().Add(time.Hour)
	info, err := s.command("+CCLK?", quick)
	if err != nil {
		return
	}
	if t, ok := clockTime(field(one(info, "+CCLK"), 0)); ok {
		s.m.emit(NetworkTime{t})
	} else {
		s.due.clock = time.Now().Add(s.m.options.Poll)
	}
}

// clockTime reads "yy/MM/dd,hh:mm:ss±zz", local time and the zone in quarter
// hours (27.007 8.15).
func clockTime(s string) (time.Time, bool) {
	const layout = "06/01/02,15:04:05"
	if len(s) < len(layout) {
		return time.Time{}, false
	}
	t, err := time.Parse(layout, s[:len(layout)])
	if err != nil || t.Year() < oldest || t.Year() >= 2069 {
		return time.Time{}, false
	}
	zone := s[len(layout):]
	if zone == "" {
		return t, true
	}
	quarters := number(zone[1:], 0)
	if quarters < 0 || quarters > 56 || zone[0] != '+' && zone[0] != '-' {
		return time.Time{}, false
	}
	if zone[0] == '-' {
		quarters = -quarters
	}
	local := time.FixedZone("", quarters*15*60)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, local), true
}
