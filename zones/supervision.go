package zones

// lostAt is the tick at which the sensor has been silent too long, 0 for never.
// A change of supervision is due at once, which is tick 1.
func (zs ZoneState) lostAt() int64 {
	switch {
	case zs.Supervise == 0 && zs.Lost, zs.Supervise != 0 && zs.QuietFrom == 0:
		return 1
	case zs.Supervise == 0, zs.Lost:
		return 0
	}
	return zs.lastSign() + zs.Supervise
}

// lastSign is the tick from which the silence counts.
func (zs ZoneState) lastSign() int64 { return max(zs.HeardAt, zs.QuietFrom) }

func (s State) nextLost() int64 {
	var next int64
	for _, zs := range s.Zones {
		next = earlier(next, zs.lostAt())
	}
	return next
}

// silence deals with the zones whose silence has come to an end at due: they
// are lost, or their supervision has begun or ended.
func (p *step) silence(due int64) {
	for i := range p.s.Zones {
		zs := &p.s.Zones[i]
		switch {
		case zs.lostAt() != due:
		case zs.Supervise == 0:
			zs.Lost = false
			p.tell(Effect{Kind: SensorBack, Zone: zs.Number})
		case zs.QuietFrom == 0:
			zs.QuietFrom = p.tick
		default:
			zs.Lost = true
			p.tell(Effect{Kind: SensorLost, Zone: zs.Number})
		}
	}
}

// found is a zone's sensor heard.
func (p *step) found(number int) {
	if p.s.Zone(number).Lost {
		p.zone(number).Lost = false
		p.tell(Effect{Kind: SensorBack, Zone: number})
	}
}

// deaf takes the last so many ms off the silence of all sensors. None is owed
// time beyond now. A lost one stays so: it was silent long enough.
func (p *step) deaf(ms int64) {
	for i := range p.s.Zones {
		zs := &p.s.Zones[i]
		last := zs.lastSign()
		if by := min(ms, p.tick-last); by > 0 && zs.QuietFrom != 0 && !zs.Lost {
			zs.QuietFrom = last + by
		}
	}
}
