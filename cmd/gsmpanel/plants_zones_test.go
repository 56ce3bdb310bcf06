package main

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// zonePlants are mistakes in the rules of zones, each against one of them.
var zonePlants = []struct {
	name    string
	changes []plant
}{
	{"delay: an entry door has its delay in night too", []plant{{"zones/alarm.go", "delays := z.Type == Entry && p.s.Mode != Night && ", "delays := z.Type == Entry && "}}},
	{"delay: with an alarm in memory too", []plant{{"zones/alarm.go", "p.s.Mode != Night && !p.s.Alarmed\n", "p.s.Mode != Night\n"}}},
	{"delay: a second too long", []plant{{"zones/alarm.go", "p.s.PendingUntil = at + p.c.EntryDelay", "p.s.PendingUntil = at + p.c.EntryDelay + 1000"}}},
	{"delay: of an exit error from the knock on", []plant{{"zones/arm.go", "p.startEntry(open[0], at, true)", "p.startEntry(open[0], p.tick, true)"}}},
	{"delay: the exit delay begins anew each time", []plant{{"zones/arm.go", "if again && !p.s.Restarted {", "if again {"}}},
	{"delay: a disarm leaves the entry delay", []plant{{"zones/arm.go", "	p.clearPending()\n", ""}}},
	{"siren: each alarm lengthens it", []plant{{"zones/alarm.go", "e.Type != Medical && (e.First || !p.s.SirenOn(p.tick))", "e.Type != Medical"}}},
	{"hold-off: a motion sensor's as a door's", []plant{{"zones/alarm.go", "after = retripInteriorAfter", "after = retripAfter"}}},
	{"follower: is instant", []plant{{"zones/alarm.go", "(z.Type == Interior || z.Type == Entry &&", "(z.Type == Entry &&"}}},
	{"follower: without an entry delay too", []plant{{"zones/alarm.go", "follows := p.s.PendingUntil != 0 && ", "follows := p.s.PendingUntil != 0 && true || z.Type == Interior || false && "}}},
	{"follower: is not named", []plant{{"zones/alarm.go", "append([]int{p.s.PendingZone}, p.s.Followers...)", "[]int{p.s.PendingZone}"}}},
	{"swinger: one trip later", []plant{{"zones/alarm.go", "zs.Trips >= p.c.SwingerTrips", "zs.Trips > p.c.SwingerTrips"}}},
	{"swinger: of every type", []plant{{"zones/alarm.go", "z.Type.byMode() && !zs.Bypassed && zs.Trips", "(z.Type.byMode() || true) && !zs.Bypassed && zs.Trips"}}},
	{"swinger: trips that only follow count", []plant{{"zones/alarm.go", "	zs.TrippedAt, zs.SingleAt = p.tick, 0\n", "	zs.TrippedAt, zs.SingleAt = p.tick, 0\n	zs.Trips++\n"}}},
	{"swinger: a disarm does not end the count", []plant{{"zones/arm.go", "kept := ZoneState{Number: zs.Number,", "kept := ZoneState{Trips: zs.Trips, Number: zs.Number,"}}},
	{"swinger: nor who takes the zone in again", []plant{{"zones/bypass.go", "zs.Bypassed, zs.AutoBypassed, zs.Trips = false, false, 0", "zs.Bypassed, zs.AutoBypassed = false, false"}}},
	{"cross: the window never ends", []plant{{"zones/cross.go", "return at != 0 && p.tick-at <= p.c.CrossWindow", "return at != 0"}}},
	{"cross: the window ends 1 ms early", []plant{{"zones/cross.go", "p.tick-at <= p.c.CrossWindow", "p.tick-at < p.c.CrossWindow"}}},
	{"cross: one alone is an alarm", []plant{{"zones/cross.go", "return paired && !p.inMemory", "return false && paired && !p.inMemory"}}},
	{"cross: a bypassed partner is waited for", []plant{{"zones/cross.go", " && !zs.Bypassed && !zs.Open", " && !zs.Open"}}},
	{"cross: a lost partner is waited for", []plant{{"zones/cross.go", " && !zs.Lost && ", " && "}}},
	{"cross: a partner that is not watched is waited for", []plant{{"zones/cross.go", "return p.watched(z.Type) && !p.s", "return !p.s"}}},
	{"cross: an unheard partner is waited for", []plant{{"zones/cross.go", " && !p.s.HearsBadly && ", " && "}}},
	{"cross: an attack leaves a trip waiting", []plant{{"zones/alarm.go", "	p.singlesNow()\n", ""}}},
	{"cross: a disarm leaves a trip waiting", []plant{{"zones/arm.go", "kept := ZoneState{Number: zs.Number,", "kept := ZoneState{SingleAt: zs.SingleAt, Number: zs.Number,"}}},
	{"restart: takes bypassed zones in", []plant{{"zones/step.go", "	p.late = true\n", "	p.late = true\n	for i := range p.s.Zones {\n		p.s.Zones[i].takeIn()\n	}\n"}}},
	{"restart: forgets a trip that waits", []plant{{"zones/step.go", "	p.late = true\n", "	p.late = true\n	for i := range p.s.Zones {\n		p.s.Zones[i].SingleAt = 0\n	}\n"}}},
	{"restart: an entry delay runs on, however long it was", []plant{{"zones/step.go", "		p.s.PendingUntil = min(p.s.PendingUntil, p.tick)\n", ""}}},
	{"restart: a delay that ran out has an abort window", []plant{{"zones/step.go", "	p.late = true\n", ""}}},
	{"restart: sees the doors at once after a boot", []plant{{"zones/step.go", "	if r.NewBoot {", "	if false {"}}},
	{"restart: disarms", []plant{{"zones/step.go", "	p.late = true\n", "	p.late, p.s.Mode = true, Disarmed\n"}}},
}

var brokenLaw = regexp.MustCompile("broken: .*")

// TestZonesSeePlantedSource wants the model or the stories of zones to see each
// mistake.
func TestZonesSeePlantedSource(t *testing.T) {
	for _, l := range zonePlants {
		t.Run(l.name, func(t *testing.T) {
			overlay := planted(t, l.changes)
			bytes, err := exec.Command("go", "test", "-count=1", "-overlay", overlay, "-run", "^(TestModel|TestStories)$",
				"../../zones", "-rapid.nofailfile", "-rapid.shrinktime=1s").CombinedOutput()
			out := string(bytes)
			law, stories := brokenLaw.FindString(out), strings.Contains(out, "--- FAIL: TestStories")
			if err == nil || law == "" && !stories {
				t.Fatalf("nobody saw it (%v):\n%.2500s", err, out)
			}
			t.Logf("the model: %q, the stories: %v", law, stories)
		})
	}
}
