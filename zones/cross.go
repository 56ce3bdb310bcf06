package zones

import (
	"cmp"
	"fmt"
	"strings"
)

// Unpaired is what frees a zone from its partner in [Config.Pair].
const Unpaired = "none"

// Pair makes two zones, given by name or number, a cross-zone pair: a trip of
// one alone is no alarm. Unpaired, or nothing, as the partner frees the zone.
func (c Config) Pair(nameOrNumber, partner string) (Config, error) {
	i, err := c.index(nameOrNumber)
	if err != nil {
		return c, err
	}
	free := c.unpaired(c.Zones[i].Number)
	if partner = strings.TrimSpace(partner); strings.EqualFold(cmp.Or(partner, Unpaired), Unpaired) {
		return free, nil
	}
	j, err := c.index(partner)
	if err != nil {
		return c, err
	}
	if err := free.mayPair(free.Zones[i], free.Zones[j]); err != nil {
		return c, err
	}
	free.Zones[i].Cross, free.Zones[j].Cross = c.Zones[j].Number, c.Zones[i].Number
	return free, nil
}

// unpaired is a copy in which the zone and its partner have none.
func (c Config) unpaired(number int) Config {
	zones := make([]Zone, len(c.Zones))
	for i, z := range c.Zones {
		if z.Number == number || z.Cross == number {
			z.Cross = 0
		}
		zones[i] = z
	}
	c.Zones = zones
	return c
}

func (c Config) mayPair(z, other Zone) error {
	if z.Number == other.Number {
		return fmt.Errorf("zone %q can't be its own partner: --cross names another zone by name or number, such as 2", z.Name)
	}
	for _, one := range []Zone{z, other} {
		if err := one.mayCross(); err != nil {
			return err
		}
	}
	if other.Cross != 0 {
		third, _ := c.zone(other.Cross)
		return fmt.Errorf("zone %q has the partner %s already: free it first with zone edit %d --cross %s", other.Name, third.Name, other.Number, Unpaired)
	}
	return nil
}

// mayCross refuses types that must never wait for a second zone.
func (z Zone) mayCross() error {
	if z.Type.byMode() {
		return nil
	}
	return fmt.Errorf("zone %q is of type %s and can have no --cross: only zones of the types %s, %s and %s may wait for a second one, such as two motion sensors", z.Name, z.Type, Entry, Perimeter, Interior)
}

// checkPairs looks at the pairs of a configuration that was read as a whole.
func (c Config) checkPairs() error {
	for _, z := range c.Zones {
		if err := c.checkPair(z); err != nil {
			return err
		}
	}
	return nil
}

func (c Config) checkPair(z Zone) error {
	if z.Cross == 0 {
		return nil
	}
	if other, known := c.zone(z.Cross); !known || other.Cross != z.Number || other.Number == z.Number {
		return fmt.Errorf("zone %q names zone %d as its partner, which does not name it: a pair is mutual, such as 1 with 2 and 2 with 1", z.Name, z.Cross)
	}
	return z.mayCross()
}

// awaits says that a trip of the zone is no alarm by itself, as its partner
// could say the same and has not yet. Where that is in doubt it is an alarm.
func (p *step) awaits(z Zone) bool {
	other, paired := p.c.zone(z.Cross)
	return paired && !p.inMemory(Perimeter) && !p.lately(p.s.AttackedAt) && !p.confirms(other) && p.canConfirm(other)
}

// confirms says that the zone itself tripped within the window.
func (p *step) confirms(z Zone) bool {
	zs := p.s.Zone(z.Number)
	return p.lately(max(zs.SingleAt, zs.TrippedAt))
}

func (p *step) lately(at int64) bool { return at != 0 && p.tick-at <= p.c.CrossWindow }

// canConfirm says whether a trip of the zone can still be expected: it is
// watched, and nothing is known that would keep it silent or unheard.
func (p *step) canConfirm(z Zone) bool {
	zs := p.s.Zone(z.Number)
	return p.watched(z.Type) && !p.s.HearsBadly && !zs.Bypassed && !zs.Open && !zs.Tampered && !zs.Lost && !zs.LowBattery
}

// single is a trip that waits for the partner's. One that repeats itself is told
// once, and waits from its last trip on.
func (p *step) single(z Zone) {
	zs := p.zone(z.Number)
	waits := p.lately(zs.SingleAt)
	zs.SingleAt = p.tick
	if !waits {
		p.tell(Effect{Kind: SingleTrip, Mode: p.s.Mode, Zone: z.Number, ForDelay: p.c.CrossWindow})
	}
}

// instant is the alarm of a trip without a delay, together with the trip of its
// partner that waited for it.
func (p *step) instant(z Zone) {
	e := Effect{Zone: z.Number, Zones: []int{z.Number}, Type: z.Type, AtOnce: !z.Type.byMode()}
	if other, paired := p.c.zone(z.Cross); paired && p.confirms(other) {
		e.Verified = true
		if p.takeSingle(other.Number) {
			e.Zones = append(e.Zones, other.Number)
		}
	}
	p.alarm(e)
}

// takeSingle makes a trip that waits one that counts.
func (p *step) takeSingle(number int) bool {
	zs := p.zone(number)
	if !p.lately(zs.SingleAt) {
		return false
	}
	zs.TrippedAt, zs.SingleAt = zs.SingleAt, 0
	return true
}

// singlesNow makes alarms of the trips that wait: who attacks the panel confirms
// them.
func (p *step) singlesNow() {
	for _, z := range p.c.Zones {
		if p.takeSingle(z.Number) {
			p.alarm(Effect{Zone: z.Number, Zones: []int{z.Number}, Type: z.Type, AtOnce: true})
		}
	}
}
