package zones

import "slices"

func (m *model) sensed(s State, e Sensed) []Effect {
	z, there := m.c.zone(e.Zone)
	m.closes = m.closes || e.Zone == byItself && (e.What == Closed || e.What == StandsOpen)
	switch {
	case !there:
	case e.What == Tripped, e.What == StandsOpen && !s.Zone(z.Number).Open: // it opened unheard
		return m.trip(s, z)
	case e.What == Tampered:
		out := m.attack()
		if !s.Zone(z.Number).Tampered {
			first := !m.memory[Tamper]
			m.memory[Tamper] = true
			out = append(out, Effect{Kind: TamperAlarm, Mode: m.mode, Zone: z.Number, Zones: []int{z.Number}, Type: Tamper, AtOnce: true, First: first})
		}
		return out
	}
	return nil
}

// attack ends, in away, an entry delay, and makes an alarm of each trip that waits.
func (m *model) attack() []Effect {
	if m.mode != Away {
		return nil
	}
	m.attacked = m.tick
	var out []Effect
	if m.entry != 0 {
		out = append(out, m.entryAlarm(true))
	}
	for _, z := range m.c.Zones {
		if m.waited(z.Number) {
			out = append(out, m.alarm(Effect{Zone: z.Number, Zones: []int{z.Number}, Type: z.Type, AtOnce: true}))
			m.reached[attackConfirms]++
		}
	}
	return out
}

// waited takes a trip that waits for a partner's, if one does still.
func (m *model) waited(zone int) bool {
	at := m.single[zone]
	if !m.within(at) {
		return false
	}
	m.tripped[zone], m.single[zone] = at, 0
	return true
}

func (m *model) within(at int64) bool { return at != 0 && m.tick <= at+m.c.CrossWindow }

// What a trip comes to.
const (
	isButton  = "a button's press is told, whatever the mode"
	isOut     = "bypassed or shut out by its swinger"
	isHeldOff = "too soon after the last, and not closed between"
	isBlind   = "in the first minute after a boot"
	isLeaving = "an entry zone in the exit delay"
	isIgnored = "not watched in this mode"
	follows   = "follows the entry delay that runs"
	delays    = "begins the entry delay"
	waits     = "waits for its partner"
	alarms    = "is an alarm"
)

// What else the households must come to.
const (
	verified       = "both of a pair trip"
	attackConfirms = "an attack confirms a trip that waits"
	silentPartner  = "one of a pair alone, as the other can't trip"
	atExit         = "a door open at the end of the exit delay"
	ranOut         = "an entry delay ends in an alarm"
	shutOut        = "a zone is shut out"
)

// isBurglary are the types that only an armed panel watches.
func isBurglary(t Type) bool { return t == Entry || t == Perimeter || t == Interior }

// meaning is what a trip must come to. An armed zone that trips is an alarm for
// all but the reasons named here.
func (m *model) meaning(s State, z Zone) string {
	door := z.Type == Entry
	running := m.entry != 0
	switch {
	case z.Type == Panic:
		return isButton
	case m.out[z.Number]:
		return isOut
	case m.heldOff(s, z):
		return isHeldOff
	case isBurglary(z.Type) && m.tick < m.blind:
		return isBlind
	case door && m.exitEnds != 0:
		return isLeaving
	case !m.watches(z):
		return isIgnored
	case running && z.Type == Interior, running && door && (m.mode != Night || z.Number == m.entry):
		return follows
	case door && m.mode != Night && len(m.memory) == 0:
		return delays
	case m.mustWait(s, z):
		return waits
	}
	return alarms
}

func (m *model) heldOff(s State, z Zone) bool {
	canClose := z.Close != "" || m.closes && z.Number == byItself
	off := int64(10_000)
	if z.Type == Interior && !canClose {
		off = 180_000
	}
	opens := canClose && !s.Zone(z.Number).Open
	return !opens && m.tripped[z.Number] != 0 && m.tick < m.tripped[z.Number]+off
}

// watches goes by the table of the README.
func (m *model) watches(z Zone) bool {
	watched := map[Mode][]Type{Home: {Entry, Perimeter}, Night: {Entry, Perimeter}, Away: {Entry, Perimeter, Interior}}[m.mode]
	if m.exitEnds != 0 {
		watched = []Type{Perimeter}
	}
	always := []Type{Always, Fire, Medical, Tamper}
	return slices.Contains(append(always, watched...), z.Type)
}

// mustWait: a trip of one zone of a pair alone, while the other could trip as
// well, has not within the window, and nothing else confirms it.
func (m *model) mustWait(s State, z Zone) bool {
	other, paired := m.c.zone(z.Cross)
	if !paired || m.memory[""] || m.within(m.attacked) || m.confirmed(other) {
		return false
	}
	zs := s.Zone(other.Number)
	if m.hearsBadly || !m.watches(other) || m.out[other.Number] || zs.Open || zs.Tampered || zs.Lost || zs.LowBattery {
		m.reached[silentPartner]++
		return false
	}
	return true
}

func (m *model) confirmed(other Zone) bool {
	return m.within(m.single[other.Number]) || m.within(m.tripped[other.Number])
}

// trip keeps what a trip came to, and returns its alarms.
func (m *model) trip(s State, z Zone) []Effect {
	meaning := m.meaning(s, z)
	m.reached[meaning]++
	switch meaning {
	case isButton:
		return []Effect{{Kind: Alarm, Mode: m.mode, Zone: z.Number, Zones: []int{z.Number}, Type: Panic, AtOnce: true}}
	case isOut, isHeldOff, isBlind, isIgnored:
		return nil
	case waits:
		m.single[z.Number], m.last, m.waiting = m.tick, m.tick, true
		return nil
	}
	m.tripped[z.Number], m.single[z.Number], m.last, m.waiting = m.tick, 0, m.tick, false
	switch meaning {
	case isLeaving:
		m.left[z.Number] = true
	case follows:
		if z.Number != m.entry && !slices.Contains(m.followers, z.Number) {
			m.followers = append(m.followers, z.Number)
		}
	case delays:
		m.entry, m.entryEnds = z.Number, m.tick+m.c.EntryDelay
		if m.c.EntryDelay == 0 {
			return []Effect{m.entryAlarm(false)}
		}
	case alarms:
		return m.instant(z)
	}
	return nil
}

func (m *model) instant(z Zone) []Effect {
	var out []Effect
	if z.Type == Tamper {
		out = m.attack()
	}
	e := Effect{Zone: z.Number, Zones: []int{z.Number}, Type: z.Type, AtOnce: !isBurglary(z.Type)}
	if other, paired := m.c.zone(z.Cross); paired && m.confirmed(other) {
		e.Verified = true
		m.reached[verified]++
		if m.waited(other.Number) {
			e.Zones = append(e.Zones, other.Number)
		}
	}
	return append(out, m.alarm(e))
}
