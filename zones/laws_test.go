package zones

import (
	"reflect"
	"slices"

	"pgregory.net/rapid"
)

// moment is one event, with the states around it. Deadlines that have passed come
// with a knock of their own, with a restart or with deafness, and with nothing else.
type moment struct {
	before, after State
	effects       []Effect
	event         Event
}

// known is what the model keeps of what has happened, in its own way.
type known struct {
	sensors    map[int]sensor
	sirenSince int64 // 0 while silent

	tripped, single [15]int64 // by zone: the last trip that counted, and that waits for its partner's
	closes          bool      // the zone byItself has said that it was closed
	last            int64     // of all of them
	waiting         bool      // the last one waits
	alarms          [15]int   // that named the zone, since the disarm or since it was taken in again
	out             [15]bool  // left out
	left            [15]bool  // an entry zone that moved in the exit delay
	memory          map[Type]bool
	attacked        int64
	hearsBadly      bool

	mode      Mode
	exitEnds  int64
	again     bool // the exit delay has begun anew
	armedAt   int64
	entry     int // the zone whose entry delay runs, 0 for none
	entryEnds int64
	exitError bool
	followers []int
	blind     int64
}

// byItself is the zone of the sensor that reports by itself: a contact, as soon as
// it has said that it closed.
const byItself = 11

func nothingKnown() known {
	return known{sensors: map[int]sensor{}, memory: map[Type]bool{}, mode: Disarmed}
}

// checkLaws holds a moment to what must be true of any.
func (m *model) checkLaws(t *rapid.T, h moment) {
	m.lawOfModes(t, h)
	m.lawOfAlarms(t, h)
	m.lawOfSwingers(t, h)
	m.lawOfBypasses(t, h)
	m.lawOfDelays(t, h)
	m.lawOfMemory(t, h)
	m.lawOfSiren(t, h)
	m.lawOfRestarts(t, h)
}

// lawOfAlarms: these alarms and no others. What a trip comes to, and by what name
// it comes to none, says meaning.
func (m *model) lawOfAlarms(t *rapid.T, h moment) {
	want := m.alarmsOf(h)
	var got []Effect
	for _, f := range h.effects {
		if f.Kind == Alarm || f.Kind == TamperAlarm {
			got = append(got, f)
		}
	}
	if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
		m.broken(t, "an alarm is given where one must be, and nowhere else", want)
	}
}

func (m *model) alarmsOf(h moment) []Effect {
	switch e := h.event.(type) {
	case Disarm:
		m.forget()
	case Smashed:
		return m.attack()
	case Hearing:
		m.hearsBadly = !e.Well
	case Sensed:
		return m.sensed(h.before, e)
	case Restarted:
		out := m.due(h.before, !e.OffKnown, true)
		if e.NewBoot {
			m.blind = m.tick + 60_000
		}
		return out
	case Knock, Deaf:
		return m.due(h.before, false, false)
	}
	return nil
}

// due are the alarms of delays that have run out: of an entry delay, or of that
// which follows a door left open at the end of the exit delay.
func (m *model) due(s State, all, late bool) []Effect {
	var out []Effect
	over := func(end int64) bool { return end != 0 && (all || end <= m.tick) }
	if m.exitEnds != 0 && over(m.exitEnds) {
		end := min(m.exitEnds, m.tick)
		m.exitEnds, m.again, m.armedAt = 0, false, end
		for n := range m.left {
			if m.left[n] {
				m.left[n], m.tripped[n] = false, 0
			}
		}
		if door := m.openDoor(s); door != 0 && !s.Alarmed {
			m.entry, m.entryEnds, m.exitError, all = door, end+m.c.EntryDelay, true, false
			m.reached[atExit]++
		}
	}
	if m.entry != 0 && over(m.entryEnds) {
		out = append(out, m.entryAlarm(late))
	}
	return out
}

// openDoor is the first entry zone that is open and not left out, 0 for none.
func (m *model) openDoor(s State) int {
	for _, z := range m.c.Zones {
		if z.Type == Entry && s.Zone(z.Number).Open && !m.out[z.Number] {
			return z.Number
		}
	}
	return 0
}

// entryAlarm is the one alarm of an entry delay, of its door and all that followed.
func (m *model) entryAlarm(atOnce bool) Effect {
	e := m.alarm(Effect{Zone: m.entry, Zones: append([]int{m.entry}, m.followers...), Type: Entry, AtOnce: atOnce, ExitError: m.exitError})
	m.entry, m.entryEnds, m.exitError, m.followers = 0, 0, false, nil
	m.reached[ranOut]++
	return e
}

// alarm fills in what every alarm says, and remembers it.
func (m *model) alarm(e Effect) Effect {
	kind := map[Type]Type{Fire: Fire, Medical: Medical, Tamper: Tamper}[e.Type]
	e.Kind, e.Mode, e.First = Alarm, m.mode, !m.memory[kind]
	e.JustArmed = isBurglary(e.Type) && (m.exitEnds != 0 || m.tick <= m.armedAt+120_000)
	m.memory[kind] = true
	return e
}

func (m *model) forget() {
	for _, z := range m.c.Zones {
		n := z.Number
		m.alarms[n], m.single[n], m.left[n] = 0, 0, false
		if isBurglary(z.Type) {
			m.tripped[n] = 0
		}
	}
	m.memory, m.attacked = map[Type]bool{}, 0
	m.mode, m.exitEnds, m.again, m.armedAt = Disarmed, 0, false, 0
	m.entry, m.entryEnds, m.exitError, m.followers = 0, 0, false, nil
}

// lawOfModes: the mode is what was last armed, or disarmed by a disarm. Nothing
// else changes it, nor does a door more than once give time anew to leave.
func (m *model) lawOfModes(t *rapid.T, h moment) {
	for _, f := range h.effects {
		_, arms := h.event.(Arm)
		switch {
		case f.Kind == ArmingStarted && arms && !f.Already:
			if m.mode = f.Mode; m.exitEnds == 0 {
				m.exitEnds = m.tick + m.c.ExitDelay
			}
		case f.Kind == Armed && arms && !f.Already:
			m.mode, m.armedAt = f.Mode, m.tick
		case f.Kind == ExitRestarted:
			if m.again || m.exitEnds == 0 {
				m.broken(t, "the exit delay begins anew once", f)
			}
			m.again, m.exitEnds = true, m.tick+m.c.ExitDelay
		}
	}
	if _, disarm := h.event.(Disarm); !disarm && h.after.Mode != m.mode {
		m.broken(t, "only who arms or disarms changes the mode", h.after)
	}
}

// lawOfDelays: a delay that runs ends at its time, by a disarm, or in an alarm at
// once, and is neither lengthened nor shortened.
func (m *model) lawOfDelays(t *rapid.T, h moment) {
	s := h.after
	if s.ArmingUntil != m.exitEnds || s.ArmedAt != m.armedAt {
		m.broken(t, "the exit delay ends when it must", s)
	}
	if s.PendingZone != m.entry || s.PendingUntil != m.entryEnds || s.PendingExit != m.exitError || !slices.Equal(s.Followers, m.followers) {
		m.broken(t, "the entry delay ends when it must, with all that followed", s)
	}
	started := slices.ContainsFunc(h.effects, func(f Effect) bool { return f.Kind == EntryStarted })
	if m.entry != 0 && h.before.PendingZone != m.entry && !started {
		m.broken(t, "an entry delay is told", s)
	}
}

// lawOfSwingers: a door, window or motion sensor is shut out with exactly as many
// alarms as the setting says, told once, and no other zone ever.
func (m *model) lawOfSwingers(t *rapid.T, h moment) {
	var want, got []int
	for _, f := range h.effects {
		switch {
		case f.Kind == ShutOut:
			got = append(got, f.Zone)
			if f.Trips != m.c.SwingerTrips {
				m.broken(t, "swinger shutdown comes at its number", f)
			}
		case f.Kind == Alarm && f.Type != Panic:
			want = append(want, m.counted(f.Zones)...)
		}
	}
	if !slices.Equal(got, want) {
		m.broken(t, "swinger shutdown shuts out these zones and no others", want)
	}
}

// counted counts an alarm for each of its zones, and returns those that are shut
// out by it.
func (m *model) counted(zones []int) []int {
	var shut []int
	for _, n := range zones {
		m.alarms[n]++
		z, _ := m.c.zone(n)
		if isBurglary(z.Type) && m.alarms[n] == m.c.SwingerTrips && !m.out[n] {
			m.out[n], m.single[n] = true, 0
			shut = append(shut, n)
			m.reached[shutOut]++
		}
	}
	return shut
}

// lawOfBypasses: a zone is left out by hand, by force, at the end of the exit
// delay or by its swinger, and until it is taken in again or disarmed.
func (m *model) lawOfBypasses(t *rapid.T, h moment) {
	_, disarm := h.event.(Disarm)
	for _, f := range h.effects {
		for _, n := range f.Zones {
			z, _ := m.c.zone(n)
			switch f.Kind {
			case AutoBypassed:
				arm, _ := h.event.(Arm)
				forExit := f.ForExit && z.Type == Interior && m.mode == Away && h.before.ArmingUntil != 0
				if !arm.Force && !forExit || !h.before.Zone(n).Open {
					m.broken(t, "nothing is left out unasked but an open room at the end of the exit delay", f)
				}
				m.out[n], m.single[n] = true, 0
			case Bypassed:
				m.out[n], m.single[n] = true, 0
			case Unbypassed:
				m.out[n], m.alarms[n] = false, 0
			}
		}
	}
	if disarm {
		m.out = [15]bool{}
	}
	for _, z := range m.c.Zones {
		if h.after.Zone(z.Number).Bypassed != m.out[z.Number] {
			m.broken(t, "what is left out stays so until it is taken in again or disarmed", h.after.Zone(z.Number))
		}
	}
}

// lawOfMemory: nothing but a disarm forgets an alarm, and it forgets all of it.
// What is refused changes nothing.
func (m *model) lawOfMemory(t *rapid.T, h moment) {
	_, disarm := h.event.(Disarm)
	refused := slices.ContainsFunc(h.effects, func(f Effect) bool { return f.Kind == ArmRefused || f.Kind == BypassRefused })
	switch {
	case h.after.Alarmed != (len(m.memory) > 0):
		m.broken(t, "an alarm stays in memory until a disarm", h.after)
	case refused && !same(h.before, h.after):
		m.broken(t, "a refusal changes nothing", h.after)
	case slices.ContainsFunc(h.effects, func(f Effect) bool { return f.Kind == ArmRefused && len(f.Reasons) == 0 }):
		m.broken(t, "a refusal has a reason", h.effects)
	case disarm && (h.after.Shown() != "disarmed" || h.after.SirenUntil != 0):
		m.broken(t, "disarmed is disarmed and silent", h.after)
	}
	for _, zs := range h.after.Zones {
		if disarm && (zs.Alarmed || zs.TamperAlarmed || zs.Trips != 0 || zs.SingleAt != 0) {
			m.broken(t, "a disarm forgets all alarms", zs)
		}
		if _, moved := h.event.(Sensed); !moved && zs.Open != h.before.Zone(zs.Number).Open {
			m.broken(t, "only its sensor opens and closes a door", zs)
		}
	}
}

// lawOfSiren: every alarm that is heard sounds it, for its time at most, counted
// from when it began or from an alarm of another kind; and only its time, a
// disarm or who silences it ends it.
func (m *model) lawOfSiren(t *rapid.T, h moment) {
	begins := false
	for _, f := range h.effects {
		heard := f.Kind == TamperAlarm || f.Kind == Alarm && f.Type != Medical && f.Type != Panic
		begins = begins || heard && f.First
		if heard && !h.after.SirenOn(m.tick) {
			m.broken(t, "an alarm is heard", f)
		}
	}
	_, sound := h.event.(Sound)
	_, silence := h.event.(Silence)
	_, disarm := h.event.(Disarm)
	switch on := h.after.SirenOn(m.tick); {
	case !on && h.before.SirenOn(m.tick) && !silence && !disarm:
		m.broken(t, "the siren sounds for its time", h.after)
	case !on:
		m.sirenSince = 0
	case sound || begins || !h.before.SirenOn(m.tick):
		m.sirenSince = m.tick
	}
	if m.sirenSince != 0 && h.after.SirenUntil > m.sirenSince+m.c.SirenTime {
		m.broken(t, "the siren sounds for its time at most", h.after)
	}
}

// lawOfRestarts: a restart leaves mode, bypasses, doors and memory as they were,
// which the other laws say too, and no delay that has run out.
func (m *model) lawOfRestarts(t *rapid.T, h moment) {
	r, restart := h.event.(Restarted)
	if !restart {
		return
	}
	a, b := h.before, h.after
	unknown := !r.OffKnown
	if a.Mode != b.Mode || a.Alarmed && !b.Alarmed {
		m.broken(t, "a restart changes no mode and forgets no alarm", b)
	}
	if unknown && (b.ArmingUntil != 0 || a.PendingUntil != 0 && b.PendingUntil != 0) {
		m.broken(t, "who knows not how long the panel was off waits no longer", b)
	}
	for _, zs := range a.Zones {
		now := b.Zone(zs.Number)
		if zs.Bypassed && !now.Bypassed || zs.Tampered != now.Tampered || zs.LowBattery != now.LowBattery || zs.SingleAt != now.SingleAt && !now.Bypassed {
			m.broken(t, "a restart leaves the zones as they were", now)
		}
	}
	if until := m.tick + 60_000; r.NewBoot && b.BlindUntil != until {
		m.broken(t, "the board's start blinds for 60 s", b)
	}
}
