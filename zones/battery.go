package zones

// batteryGoodAfter is how long a sensor that can't say that its battery is good
// must have been without the code for a low one: such sensors repeat it at every
// trip, or several times a day.
const batteryGoodAfter = 24 * 3600_000

func (p *step) battery(z Zone, low bool) {
	zs := p.zone(z.Number)
	if low && z.Type != Panic {
		zs.LowBatteryAt = p.tick
	}
	if zs.LowBattery == low {
		return
	}
	zs.LowBattery = low
	kind := BatteryFlat
	if !low {
		zs.LowBatteryAt = 0
		kind = BatteryRestored
	}
	p.tell(Effect{Kind: kind, Zone: z.Number})
}

// batteryLasts is a sensor at work of which the battery was low.
func (p *step) batteryLasts(z Zone) {
	zs := p.s.Zone(z.Number)
	switch {
	case !zs.LowBattery || z.restoresBattery() || z.Type == Panic:
	case zs.LowBatteryAt == 0: // from a state of before it was kept
		p.zone(z.Number).LowBatteryAt = p.tick
	case p.tick-zs.LowBatteryAt >= batteryGoodAfter:
		p.battery(z, false)
	}
}
