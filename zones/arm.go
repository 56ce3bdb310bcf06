package zones

import "fmt"

func (p *step) arm(e Arm) {
	already := p.s.Mode == e.Mode
	switch {
	case e.Mode != Home && e.Mode != Away && e.Mode != Night:
		p.refuse(e.Mode, []string{fmt.Sprintf("%q is no mode to arm, use home, away or night", string(e.Mode))}, nil)
	case p.s.Alarmed:
		p.refuse(e.Mode, []string{"alarm in memory, disarm first"}, nil)
	case p.s.PendingUntil != 0:
		p.refuse(e.Mode, []string{"entry delay running, disarm first"}, nil)
	case already && p.s.ArmingUntil != 0 && p.forces(e):
		p.armAnew(e)
	case already && p.s.ArmingUntil != 0:
		p.tell(Effect{Kind: ArmingStarted, Mode: e.Mode, ForDelay: p.s.ArmingUntil - p.tick, Already: true})
	case already:
		p.tell(Effect{Kind: Armed, Mode: e.Mode, Already: true})
	default:
		p.armAnew(e)
	}
}

// forces says whether the same mode again bypasses what is still open: the door
// that would not shut behind the one who leaves.
func (p *step) forces(e Arm) bool {
	_, _, open := p.preventions(e.Mode, false)
	return e.Force && len(open) > 0
}

func (p *step) refuse(m Mode, reasons []string, zones []int) {
	p.tell(Effect{Kind: ArmRefused, Mode: m, Reasons: reasons, Zones: zones})
}

// armAnew arms from disarmed, or goes from one mode to another.
func (p *step) armAnew(e Arm) {
	delayed := p.s.ArmingUntil != 0 || p.s.Mode == Disarmed && p.c.ExitDelay > 0
	reasons, refusing, open := p.preventions(e.Mode, delayed && !e.Force)
	reasons = append(reasons, e.Prevent...)
	if len(reasons) > 0 && !e.Force {
		p.refuse(e.Mode, reasons, refusing)
		return
	}
	p.autoBypass(open, false)
	if !delayed {
		p.setArmed(e.Mode, p.tick)
		p.tell(Effect{Kind: Armed, Mode: e.Mode, Reasons: reasons, Zones: refusing})
		return
	}
	if p.s.ArmingUntil == 0 {
		p.startExit()
	}
	p.s.Mode = e.Mode
	p.tell(Effect{Kind: ArmingStarted, Mode: e.Mode, ForDelay: p.s.ArmingUntil - p.tick, Reasons: reasons, Zones: refusing})
}

// preventions lists what refuses arming: in words, as the zones concerned, and
// those of them that are open. A bypassed zone refuses nothing.
func (p *step) preventions(m Mode, delayed bool) (reasons []string, refusing, open []int) {
	for _, z := range p.c.Zones {
		zs := p.s.Zone(z.Number)
		isOpen := zs.Open && m.openRefuses(z.Type, delayed)
		if zs.Bypassed || !isOpen && !zs.Tampered {
			continue
		}
		refusing = append(refusing, z.Number)
		if isOpen {
			reasons = append(reasons, z.Name+" open")
			open = append(open, z.Number)
		}
		if zs.Tampered {
			reasons = append(reasons, z.Name+" tamper")
		}
	}
	return reasons, refusing, open
}

// openRefuses says whether an open zone of the type refuses arming. With an
// exit delay there is time to shut the door that one leaves by. Fire and
// medical zones are no reason to leave the doors unwatched.
func (m Mode) openRefuses(t Type, delayed bool) bool {
	switch t {
	case Perimeter, Always, Tamper:
		return true
	case Entry, Interior:
		return !delayed && m.watches(t)
	}
	return false
}

func (p *step) autoBypass(zones []int, forExit bool) {
	if len(zones) == 0 {
		return
	}
	for _, n := range zones {
		p.zone(n).leaveOut(true)
	}
	p.tell(Effect{Kind: AutoBypassed, Zones: zones, ForExit: forExit})
}

func (p *step) startExit() {
	p.s.ArmingUntil = p.tick + p.c.ExitDelay
	p.s.Restarted = false
	for i := range p.s.Zones {
		p.s.Zones[i].ExitOpened = p.s.Zones[i].Open
	}
}

// exitOpening is an entry zone that opens during the exit delay: somebody
// leaves; the second time they have come back for something.
func (p *step) exitOpening(z Zone) {
	zs := p.zone(z.Number)
	again := zs.ExitOpened
	zs.ExitOpened = true
	zs.TrippedAt = p.tick
	if again && !p.s.Restarted {
		p.s.Restarted = true
		p.s.ArmingUntil = p.tick + p.c.ExitDelay
		p.tell(Effect{Kind: ExitRestarted, Mode: p.s.Mode, Zone: z.Number, ForDelay: p.c.ExitDelay})
	}
}

// exitEnds arms at the end of the exit delay, whatever is open.
func (p *step) exitEnds(at int64) {
	mode := p.s.Mode
	p.setArmed(mode, at)
	p.tell(Effect{Kind: Armed, Mode: mode})
	if mode.watches(Interior) {
		p.autoBypass(p.openZones(Interior), true)
	}
	if open := p.openZones(Entry); len(open) > 0 {
		p.exitError(open, at)
	}
}

func (p *step) setArmed(m Mode, at int64) {
	p.s.Mode = m
	p.s.ArmedAt = at
	p.s.ArmingUntil, p.s.Restarted = 0, false
	for i := range p.s.Zones {
		zs := &p.s.Zones[i]
		if z, _ := p.c.zone(zs.Number); zs.ExitOpened && z.Type == Entry {
			// The owner's way out must not hold off the first trip of the set.
			zs.TrippedAt = 0
		}
		zs.ExitOpened = false
	}
}

func (p *step) openZones(t Type) []int {
	var open []int
	for _, z := range p.c.Zones {
		if zs := p.s.Zone(z.Number); z.Type == t && zs.Open && !zs.Bypassed {
			open = append(open, z.Number)
		}
	}
	return open
}

// exitError starts the entry delay for a door that was left open. Where an
// alarm is in memory there is nothing left to delay.
func (p *step) exitError(open []int, at int64) {
	e := Effect{Kind: ExitError, Mode: p.s.Mode, Zone: open[0], Zones: open}
	if p.s.Alarmed {
		p.tell(e)
		return
	}
	e.ForDelay = p.c.EntryDelay
	p.tell(e)
	p.startEntry(open[0], at, true)
}

func (p *step) disarm() {
	was := p.s
	p.s.Mode = Disarmed
	p.s.ArmingUntil, p.s.Restarted, p.s.ArmedAt = 0, false, 0
	p.clearPending()
	p.s.Alarmed, p.s.AttackedAt = false, 0
	for i := range p.s.Zones {
		z, _ := p.c.zone(p.s.Zones[i].Number)
		p.s.Zones[i] = p.s.Zones[i].disarmed(z)
	}
	if was.Mode == Disarmed && !was.Alarmed {
		p.endSiren()
		p.tell(Effect{Kind: AlreadyDisarmed})
		return
	}
	p.s.SirenUntil = 0
	p.tell(Effect{Kind: DisarmDone, Mode: was.Mode, WasAlarmed: was.Alarmed,
		WasPending: was.PendingUntil != 0, WasArming: was.ArmingUntil != 0})
}

// disarmed is what a disarm leaves of a zone's facts.
func (zs ZoneState) disarmed(z Zone) ZoneState {
	kept := ZoneState{Number: zs.Number, Open: zs.Open, Closes: zs.Closes, LowBattery: zs.LowBattery, LowBatteryAt: zs.LowBatteryAt, HeardAt: zs.HeardAt,
		Supervise: zs.Supervise, QuietFrom: zs.QuietFrom, Lost: zs.Lost, Tampered: zs.Tampered && z.restoresTamper()}
	if !z.Type.byMode() {
		// These work on; the same trip must not count again.
		kept.TrippedAt = zs.TrippedAt
	}
	return kept
}
