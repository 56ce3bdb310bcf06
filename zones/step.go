package zones

import "slices"

const blindAfterBoot = 60_000

// Step returns the state after an event at a tick, and what has come of it.
// Deadlines that have passed are dealt with first, in their order, each once.
// It never changes s.
func Step(c Config, s State, tick int64, e Event) (State, []Effect) {
	p := &step{c: c, s: s.Fit(c), tick: max(tick, 1)}
	switch e := e.(type) {
	case Restarted:
		p.restarted(e)
	case Deaf:
		p.deaf(e.For)
	}
	p.deadlines()
	switch e := e.(type) {
	case Arm:
		p.arm(e)
	case Disarm:
		p.disarm()
	case Bypass:
		p.bypass(e)
	case Sensed:
		p.sensed(e)
	case Silence:
		p.endSiren()
	case Sound:
		p.s.SirenUntil = p.tick + c.SirenTime
	case Hearing:
		p.s.HearsBadly = !e.Well
	case Smashed:
		p.smashed()
	}
	return p.s, p.out
}

// step is one call of Step under way. Its state is a copy of its own.
type step struct {
	c    Config
	s    State
	tick int64
	late bool // deadlines that have passed did so while the panel was off
	out  []Effect
}

func (p *step) tell(e Effect) {
	p.out = append(p.out, e)
}

// zone returns the facts of a zone to be changed. The pointer holds until the
// next call.
func (p *step) zone(number int) *ZoneState {
	i, ok := p.s.find(number)
	if !ok {
		p.s.Zones = slices.Insert(p.s.Zones, i, ZoneState{Number: number})
	}
	return &p.s.Zones[i]
}

// deadlines deals with what is due. A delay that follows from another runs from
// when that one was due, however late the knock.
func (p *step) deadlines() {
	for {
		due := p.s.Next()
		if due == 0 || due > p.tick {
			return
		}
		switch due {
		case p.s.ArmingUntil:
			p.exitEnds(due)
		case p.s.PendingUntil:
			p.entryEnds(p.late)
		case p.s.SirenUntil:
			p.endSiren()
		case p.s.BlindUntil:
			p.s.BlindUntil = 0
		default:
			p.silence(due)
		}
	}
}

// restarted makes the delays that may have run out due: all of them when nobody
// knows how long the panel was off. The siren keeps its remaining time.
func (p *step) restarted(r Restarted) {
	p.late = true
	if !r.OffKnown {
		p.s.ArmingUntil = min(p.s.ArmingUntil, p.tick)
		p.s.PendingUntil = min(p.s.PendingUntil, p.tick)
		r.Off = p.tick
	}
	p.deaf(r.Off)
	if r.NewBoot {
		p.s.BlindUntil = p.tick + blindAfterBoot
	}
}

func (p *step) endSiren() {
	if p.s.SirenUntil != 0 {
		p.s.SirenUntil = 0
		p.tell(Effect{Kind: SirenEnded})
	}
}
