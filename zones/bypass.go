package zones

import (
	"fmt"
	"slices"
)

func (p *step) bypass(e Bypass) {
	numbers := unique(e.Numbers)
	if reasons := p.bypassRefusals(numbers, e.On); len(reasons) > 0 {
		p.tell(Effect{Kind: BypassRefused, Reasons: reasons, Zones: numbers})
		return
	}
	for _, n := range numbers {
		if e.On {
			p.zone(n).leaveOut(false)
		} else {
			p.zone(n).takeIn()
		}
	}
	kind := Unbypassed
	if e.On {
		kind = Bypassed
	}
	p.tell(Effect{Kind: kind, Zones: numbers})
}

// leaveOut takes back a trip that waits for its partner's too.
func (zs *ZoneState) leaveOut(auto bool) {
	zs.Bypassed, zs.AutoBypassed, zs.SingleAt = true, auto, 0
}

// takeIn counts the trips anew: who takes a zone in again wants to hear of it.
func (zs *ZoneState) takeIn() {
	zs.Bypassed, zs.AutoBypassed, zs.Trips = false, false, 0
}

func (p *step) bypassRefusals(numbers []int, on bool) []string {
	if len(numbers) == 0 {
		return []string{"no zone named, give its number"}
	}
	var reasons []string
	for _, n := range numbers {
		z, known := p.c.zone(n)
		switch {
		case !known:
			reasons = append(reasons, fmt.Sprintf("no zone %d", n))
		case on && (z.Type == Fire || z.Type == Medical || z.Type == Panic):
			reasons = append(reasons, fmt.Sprintf("%s can't be bypassed", z.Name))
		}
	}
	return reasons
}

func unique(numbers []int) []int {
	var once []int
	for _, n := range numbers {
		if !slices.Contains(once, n) {
			once = append(once, n)
		}
	}
	return once
}
