package zones

import "slices"

const (
	retripAfter         = 10_000
	retripInteriorAfter = 180_000
	justArmedFor        = 120_000
)

func (p *step) sensed(e Sensed) {
	z, known := p.c.zone(e.Zone)
	if !known {
		return
	}
	if z.Type != Panic {
		p.zone(z.Number).HeardAt = p.tick
	}
	// That a trouble has ended can wait until an alarm is told.
	defer p.found(z.Number)
	switch e.What {
	case Tripped:
		p.tripped(z)
		p.batteryLasts(z)
	case StandsOpen:
		p.standsOpen(z)
		p.batteryLasts(z)
	case Closed:
		p.closed(z)
		p.batteryLasts(z)
	case Tampered:
		p.tampered(z)
	case TamperCleared:
		p.tamperCleared(z)
	case BatteryLow, BatteryOK:
		p.battery(z, e.What == BatteryLow)
	}
}

func (p *step) tripped(z Zone) {
	if z.Type == Panic {
		p.tell(Effect{Kind: Alarm, Mode: p.s.Mode, Zone: z.Number, Zones: []int{z.Number}, Type: Panic, AtOnce: true})
		return
	}
	zs := p.zone(z.Number)
	opens := z.canOpen(*zs) && !zs.Open
	if opens {
		zs.Open = true
		p.tell(Effect{Kind: ZoneOpened, Zone: z.Number})
	}
	if zs.Bypassed || !opens && p.heldOff(z, zs.TrippedAt) {
		return
	}
	switch {
	case z.Type.byMode() && p.s.BlindUntil != 0:
	case z.Type == Entry && p.s.ArmingUntil != 0:
		p.exitOpening(z)
	case p.watched(z.Type):
		p.counts(z)
	}
}

// heldOff says whether a trip without a closing before it comes too soon after
// the last one. A zone that reports closing is held off too while it is open,
// since the frame that said closed may have been lost.
func (p *step) heldOff(z Zone, last int64) bool {
	after := int64(retripAfter)
	if z.Type == Interior && !z.canOpen(p.s.Zone(z.Number)) {
		after = retripInteriorAfter
	}
	return last != 0 && p.tick-last < after
}

func (p *step) watched(t Type) bool {
	if p.s.ArmingUntil != 0 && (t == Entry || t == Interior) {
		return false
	}
	return p.s.Mode.watches(t)
}

// counts decides what a trip leads to: the entry delay, following it, waiting
// for the zone's partner, or an alarm.
func (p *step) counts(z Zone) {
	follows := p.s.PendingUntil != 0 && (z.Type == Interior || z.Type == Entry && (p.s.Mode != Night || z.Number == p.s.PendingZone))
	delays := z.Type == Entry && p.s.Mode != Night && !p.s.Alarmed
	if !follows && !delays && p.awaits(z) {
		p.single(z)
		return
	}
	zs := p.zone(z.Number)
	zs.TrippedAt, zs.SingleAt = p.tick, 0
	switch {
	case follows:
		p.follow(z.Number)
	case delays:
		p.startEntry(z.Number, p.tick, false)
	case z.Type == Tamper:
		p.smashed()
		p.instant(z)
	default:
		p.instant(z)
	}
}

func (p *step) follow(number int) {
	if number != p.s.PendingZone && !slices.Contains(p.s.Followers, number) {
		p.s.Followers = append(p.s.Followers, number)
	}
}

// startEntry runs the entry delay from at; where there is none, it is an alarm.
func (p *step) startEntry(zone int, at int64, exitError bool) {
	p.s.PendingUntil = at + p.c.EntryDelay
	p.s.PendingZone, p.s.PendingExit, p.s.Followers = zone, exitError, nil
	if p.c.EntryDelay == 0 {
		p.entryEnds(p.late)
		return
	}
	p.tell(Effect{Kind: EntryStarted, Mode: p.s.Mode, Zone: zone, ForDelay: p.c.EntryDelay, ExitError: exitError})
}

// entryEnds makes the alarm that the entry delay held back.
func (p *step) entryEnds(atOnce bool) {
	zones := append([]int{p.s.PendingZone}, p.s.Followers...)
	e := Effect{Zone: zones[0], Zones: zones, Type: Entry, AtOnce: atOnce, ExitError: p.s.PendingExit}
	p.clearPending()
	p.alarm(e)
}

func (p *step) clearPending() {
	p.s.PendingUntil, p.s.PendingZone, p.s.PendingExit, p.s.Followers = 0, 0, false, nil
}

// smashed ends an entry delay in away, and says that no alarm may be held back
// any more: whoever attacks the panel or a sensor is not the owner looking for
// the key.
func (p *step) smashed() {
	if p.s.Mode != Away {
		return
	}
	p.s.AttackedAt = p.tick
	if p.s.PendingUntil != 0 {
		p.entryEnds(true)
	}
	p.singlesNow()
	p.tell(Effect{Kind: Attacked})
}

// alarm puts an alarm into memory, sounds the siren and tells of it.
func (p *step) alarm(e Effect) {
	e.Kind, e.Mode = Alarm, p.s.Mode
	e.First = !p.inMemory(e.Type.kind())
	e.JustArmed = e.Type.byMode() && (p.s.ArmingUntil != 0 || p.tick-p.s.ArmedAt <= justArmedFor)
	for _, n := range e.Zones {
		if _, known := p.c.zone(n); known {
			zs := p.zone(n)
			zs.Alarmed = true
			zs.Trips++
		}
	}
	p.remember(e)
	p.swingers(e.Zones)
}

// swingers leaves out the zones that have now tripped so often in this set that
// they say nothing new (swinger shutdown, CP-01 4.3.2).
func (p *step) swingers(numbers []int) {
	for _, n := range numbers {
		z, _ := p.c.zone(n)
		zs := p.s.Zone(n)
		if z.Type.byMode() && !zs.Bypassed && zs.Trips >= p.c.SwingerTrips {
			p.zone(n).leaveOut(true)
			p.tell(Effect{Kind: ShutOut, Zone: n, Trips: zs.Trips})
		}
	}
}

func (p *step) remember(e Effect) {
	p.s.Alarmed = true
	if e.Type != Medical && (e.First || !p.s.SirenOn(p.tick)) {
		p.s.SirenUntil = p.tick + p.c.SirenTime
	}
	p.tell(e)
}

// inMemory says whether an alarm of the kind is in memory.
func (p *step) inMemory(kind Type) bool {
	return slices.ContainsFunc(p.s.Zones, func(zs ZoneState) bool {
		z, _ := p.c.zone(zs.Number)
		return zs.Alarmed && z.Type.kind() == kind || zs.TamperAlarmed && kind == Tamper
	})
}

// standsOpen is a sensor that reports from time to time how it stands.
func (p *step) standsOpen(z Zone) {
	p.closes(z)
	if !p.s.Zone(z.Number).Open {
		p.tripped(z)
	}
}

// closes notes that the sensor reports closing.
func (p *step) closes(z Zone) {
	if z.Type != Panic && reportsByItself(z.Sensor) {
		p.zone(z.Number).Closes = z.Sensor
	}
}

func (p *step) closed(z Zone) {
	p.closes(z)
	if p.s.Zone(z.Number).Open {
		p.zone(z.Number).Open = false
		p.tell(Effect{Kind: ZoneClosed, Zone: z.Number})
	}
}

// tampered is an alarm in every mode, once until the cover is shut again.
func (p *step) tampered(z Zone) {
	p.smashed()
	zs := p.zone(z.Number)
	if zs.Tampered {
		return
	}
	first := !p.inMemory(Tamper)
	zs.Tampered, zs.TamperAlarmed = true, true
	p.remember(Effect{Kind: TamperAlarm, Mode: p.s.Mode, Zone: z.Number, Zones: []int{z.Number}, Type: Tamper, AtOnce: true, First: first})
}

func (p *step) tamperCleared(z Zone) {
	if zs := p.zone(z.Number); zs.Tampered {
		zs.Tampered = false
		p.tell(Effect{Kind: TamperRestored, Zone: z.Number})
	}
}
