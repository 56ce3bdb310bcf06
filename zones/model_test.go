package zones

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestModel plays random households and holds each step to the laws of
// laws_test.go, which say what must be true of all of them.
func TestModel(t *testing.T) {
	const least = 100_000
	rounds, length := 4, 250 // with as many households as -rapid.checks says in each round
	if raceEnabled {
		rounds, length = 1, 50
	}
	steps, reached := 0, map[string]int{}
	for range rounds {
		rapid.Check(t, func(t *rapid.T) {
			m := newModel(t)
			m.reached = reached
			for range length {
				m.supervise(t)
				m.advance(t)
				m.step(t, m.drawEvent(t))
			}
			checkStored(t, m.s)
			steps += length
		})
	}
	t.Logf("%d steps", steps)
	if all := flag.Lookup("rapid.checks"); raceEnabled || all.Value.String() != all.DefValue {
		return
	}
	if steps < least {
		t.Errorf("only %d steps, not %d", steps, least)
	}
	for _, what := range []string{isButton, isOut, isHeldOff, isBlind, isLeaving, isIgnored, follows, delays, waits, alarms,
		verified, attackConfirms, silentPartner, atExit, ranOut, shutOut} {
		t.Logf("%6d times: %s", reached[what], what)
		if reached[what] < 50 {
			t.Errorf("the households come too seldom to this: %s", what)
		}
	}
}

// model is a random household, and what it knows by itself of what has happened.
type model struct {
	c          Config
	s          State
	tick       int64
	favourites []int // zones that most happens at
	steps      int
	told       []happened
	reached    map[string]int // how often the households came to what, of all laws
	known
}

// happened is for the story of a run that breaks a law.
type happened struct {
	tick    int64
	event   Event
	effects []Effect
}

func newModel(t *rapid.T) *model {
	m := &model{c: house(), s: State{Mode: Disarmed}, tick: storyStart, known: nothingKnown()}
	m.c.ExitDelay = rapid.SampledFrom([]int64{60_000, 0, MaxExitDelay, 1}).Draw(t, "exit")
	m.c.EntryDelay = rapid.SampledFrom([]int64{30_000, MaxEntryDelay, 0, 1}).Draw(t, "entry")
	m.c.SirenTime = rapid.SampledFrom([]int64{MinSirenTime, 240_000, MaxSirenTime}).Draw(t, "siren")
	m.c.SwingerTrips = rapid.SampledFrom([]int{2, 3, MaxSwingerTrips, 1}).Draw(t, "swinger")
	m.c.CrossWindow = rapid.SampledFrom([]int64{300_000, MinCrossWindow, MaxCrossWindow}).Draw(t, "window")
	m.favourites = rapid.SampledFrom([][]int{{1, 3, 12}, {3, 12}, {1, 9, 3, 10}, {1, 2, 11, 12}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}}).Draw(t, "favourites")
	for _, pair := range rapid.SampledFrom([][][2]string{
		{{"3", "12"}}, {{"3", "10"}, {"2", "12"}}, {{"1", "12"}, {"2", "11"}}, {{"1", "9"}, {"2", "11"}, {"3", "10"}}, {{"1", "3"}}, {},
	}).Draw(t, "pairs") {
		var err error
		if m.c, err = m.c.Pair(pair[0], pair[1]); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// advance goes to just before, at or after the next deadline or the end of a
// window, or any time on; seldom far while an entry delay runs or a trip waits.
func (m *model) advance(t *rapid.T) {
	how := rapid.IntRange(0, 15).Draw(t, "how")
	by := rapid.SampledFrom([]int64{0, 1, 999, 5000, 9_999, 10_000, 29_999, 30_000, 60_000, 120_000, 179_999, 180_000, 300_000, 600_000, 3_600_000, 86_400_000}).Draw(t, "by")
	switch next := m.s.Next(); {
	case how > 12 && next != 0:
		by = next - m.tick + int64(how) - 14
	case how == 12 && m.last != 0:
		by = m.last + m.c.CrossWindow - m.tick + rapid.Int64Range(0, 1).Draw(t, "beside")
	case how > 2 && (m.entry != 0 || m.waiting):
		by = min(by, 5000)
	}
	m.tick += max(by, 0)
}

// drawEvent favours what keeps a household going: a disarmed one is armed, an
// alarmed one disarmed.
func (m *model) drawEvent(t *rapid.T) Event {
	switch one := rapid.IntRange(0, 7).Draw(t, "one"); {
	case m.s.Alarmed && one == 0:
		return Disarm{}
	case !m.s.Alarmed && m.s.Mode == Disarmed && one < 4:
		return Arm{Mode: rapid.SampledFrom([]Mode{Away, Away, Home, Night}).Draw(t, "mode"), Force: true}
	}
	zone := rapid.SampledFrom(m.favourites).Draw(t, "zone")
	switch rapid.IntRange(0, 23).Draw(t, "event") {
	case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10:
		return Sensed{Zone: zone, What: Tripped}
	case 11, 12:
		return Sensed{Zone: zone, What: Closed}
	case 13:
		return Sensed{Zone: zone, What: StandsOpen}
	case 14:
		return Sensed{Zone: rapid.IntRange(1, 14).Draw(t, "any"), What: rapid.SampledFrom([]What{Tripped, StandsOpen, Closed}).Draw(t, "what")}
	case 15:
		return Sensed{Zone: zone, What: rapid.SampledFrom([]What{Tampered, TamperCleared, TamperCleared, BatteryLow, BatteryOK, CheckIn}).Draw(t, "what")}
	case 16, 17:
		return Smashed{}
	case 18:
		return Bypass{Numbers: []int{zone}, On: rapid.Bool().Draw(t, "on")}
	case 19:
		return Restarted{OffKnown: rapid.Bool().Draw(t, "known"), NewBoot: rapid.Bool().Draw(t, "boot"), Off: drawMillis(t)}
	case 20:
		return rapid.SampledFrom([]Event{Silence{}, Sound{}, Knock{}, Hearing{}, Hearing{Well: true}, Hearing{Well: true}}).Draw(t, "other")
	case 21:
		return Deaf{For: drawMillis(t)}
	case 22:
		return Arm{Mode: rapid.SampledFrom([]Mode{Away, Home, Night, Disarmed, ""}).Draw(t, "mode"),
			Force: rapid.Bool().Draw(t, "force"), Prevent: rapid.SampledFrom([][]string{nil, nil, {"panel battery flat"}}).Draw(t, "prevent")}
	}
	return Disarm{}
}

func drawMillis(t *rapid.T) int64 {
	return rapid.SampledFrom([]int64{math.MinInt64, -1, 0, 1, 59_999, 600_000, 3_600_000, math.MaxInt64}).Draw(t, "ms")
}

// step takes an event. But for those that change the deadlines that have passed,
// these are dealt with first, so that each law sees one thing at a time.
func (m *model) step(t *rapid.T, e Event) {
	before := m.s
	m.steps++
	switch e.(type) {
	case Restarted, Deaf:
		m.take(t, e)
	default:
		if next := m.s.Next(); next != 0 && next <= m.tick {
			m.take(t, Knock{})
		}
		m.take(t, e)
		if late, _ := Step(m.c, before, m.tick, e); !same(late, m.s) {
			m.broken(t, "an event deals with what is due as a knock before it does", late)
		}
	}
	if m.steps%8 == 0 { // what costs much and hangs on little
		m.checkOnce(t)
		m.checkAnyKnocks(t, before, e)
		m.checkOwnSlices(t, before, e)
	}
}

func (m *model) take(t *rapid.T, e Event) {
	next, effects := Step(m.c, m.s, m.tick, e)
	m.told = append(m.told, happened{m.tick, e, effects})
	m.checkFacts(t, next)
	m.checkLaws(t, moment{m.s, next, effects, e})
	m.checkSensors(t, next, effects, e)
	m.s = next
}

// broken ends a run with its story, as it would stand in testdata.
func (m *model) broken(t *rapid.T, law string, facts any) {
	t.Helper()
	var story strings.Builder
	fmt.Fprintf(&story, "exit %d entry %d siren %d swinger %d window %d\n", m.c.ExitDelay, m.c.EntryDelay, m.c.SirenTime, m.c.SwingerTrips, m.c.CrossWindow)
	for _, z := range m.c.Zones {
		if z.Cross > z.Number {
			fmt.Fprintf(&story, "set pair %d %d\n", z.Number, z.Cross)
		}
	}
	for _, h := range m.told[max(0, len(m.told)-30):] {
		fmt.Fprintf(&story, "%gs %T%+v\n", float64(h.tick-storyStart)/1000, h.event, h.event)
		for _, e := range h.effects {
			fmt.Fprintf(&story, "    %s\n", e.describe())
		}
	}
	t.Fatalf("broken: %s\n%+v\n%s", law, facts, story.String())
}

// checkFacts holds the facts of one state to each other.
func (m *model) checkFacts(t *rapid.T, s State) {
	armed := s.Mode == Home || s.Mode == Away || s.Mode == Night
	pending := s.PendingUntil != 0
	next := s.Next()
	for _, rule := range []struct {
		holds bool
		says  string
	}{
		{armed || s.Mode == Disarmed, "a mode is one of four"},
		{next == 0 || next > m.tick, "no deadline is left in the past"},
		{armed || s.ArmingUntil == 0 && !pending && s.ArmedAt == 0, "no delay runs while disarmed"},
		{s.ArmingUntil == 0 || !pending, "exit and entry delay never run together"},
		{s.ArmingUntil == 0 || s.ArmedAt == 0, "what is arming is not armed"},
		{pending == (s.PendingZone != 0), "an entry delay has its zone"},
		{pending || len(s.Followers) == 0 && !s.PendingExit, "nothing follows what does not run"},
		{!slices.Contains(s.Followers, s.PendingZone) || !pending, "a zone does not follow itself"},
		{s.ArmingUntil <= m.tick+m.c.ExitDelay, "the exit delay has its length"},
		{s.PendingUntil <= m.tick+m.c.EntryDelay, "the entry delay has its length"},
		{s.BlindUntil <= m.tick+blindAfterBoot, "blind for 60 s at most"},
		{s.Mode == Away || s.AttackedAt == 0 || armed, "an attack is forgotten by a disarm"},
		{slices.IsSortedFunc(s.Zones, func(a, b ZoneState) int { return a.Number - b.Number }), "zones stand by number"},
	} {
		if !rule.holds {
			m.broken(t, rule.says, s)
		}
	}
	m.checkShown(t, s)
	for _, zs := range s.Zones {
		z, known := m.c.zone(zs.Number)
		if !known || zs.AutoBypassed && !zs.Bypassed || zs.Open && !z.canOpen(zs) || zs.LowBatteryAt != 0 && !zs.LowBattery ||
			zs.SingleAt != 0 && (z.Cross == 0 || zs.Bypassed) ||
			z.Type == Panic && (zs.HeardAt+zs.TrippedAt+zs.LowBatteryAt+zs.Supervise+zs.QuietFrom != 0 || zs.Lost) {
			m.broken(t, "a zone has the facts of its kind", zs)
		}
	}
}

// checkShown reads the word off the other way round: what each may not hide.
func (m *model) checkShown(t *rapid.T, s State) {
	plain := !s.Alarmed && s.PendingUntil == 0 && s.ArmingUntil == 0
	allowed := false
	switch s.Shown() {
	case "triggered":
		allowed = s.Alarmed
	case "pending":
		allowed = !s.Alarmed && s.PendingUntil != 0
	case "arming":
		allowed = !s.Alarmed && s.PendingUntil == 0 && s.ArmingUntil != 0
	case "armed_home", "armed_away", "armed_night":
		allowed = plain && s.Shown() == "armed_"+string(s.Mode)
	case "disarmed":
		allowed = plain && s.Mode == Disarmed
	}
	if !allowed {
		m.broken(t, "the word that is shown is true", s.Shown())
	}
}

// checkOnce: a deadline does nothing 1 ms before, something at its tick, and
// nothing again.
func (m *model) checkOnce(t *rapid.T) {
	due := m.s.Next()
	if due == 0 {
		due = m.tick + 1_000_000
	}
	early, effects := Step(m.c, m.s, due-1, Knock{})
	if len(effects) > 0 || !same(early, m.s) {
		m.broken(t, "nothing happens 1 ms before a deadline", effects)
	}
	then, effects := Step(m.c, m.s, due, Knock{})
	if m.s.Next() != 0 && len(effects) == 0 && m.s.BlindUntil != due {
		m.broken(t, "something comes of a deadline", m.s)
	}
	again, effects := Step(m.c, then, due, Knock{})
	if len(effects) > 0 || !same(again, then) {
		m.broken(t, "nothing happens twice", effects)
	}
}

// checkAnyKnocks: it makes no difference to the facts, but for when the siren
// could sound, how many knocks came in time.
func (m *model) checkAnyKnocks(t *rapid.T, before State, e Event) {
	switch e.(type) {
	case Restarted, Deaf: // which change the deadlines that have passed
		return
	}
	s := before
	for due := s.Next(); due != 0 && due <= m.tick; due = s.Next() {
		s, _ = Step(m.c, s, due, Knock{})
	}
	s, _ = Step(m.c, s, m.tick, e)
	s.SirenUntil = m.s.SirenUntil
	if !same(s, m.s) {
		m.broken(t, "knocks in time lead where one late does", s)
	}
}

// checkOwnSlices: a step changes nothing that it was given, and who changes an
// effect changes no state.
func (m *model) checkOwnSlices(t *rapid.T, before State, e Event) {
	given := before.clone()
	next, effects := Step(m.c, before, m.tick, e)
	if !same(given, before) {
		m.broken(t, "a step changes nothing that it was given", before)
	}
	kept := next.clone()
	for _, f := range effects {
		for i := range f.Zones {
			f.Zones[i] = -1
		}
	}
	if !same(next, kept) {
		m.broken(t, "an effect shares no memory with the state", effects)
	}
}

// same compares facts; a list without anything in it is none.
func same(a, b State) bool {
	if !slices.Equal(a.Zones, b.Zones) || !slices.Equal(a.Followers, b.Followers) {
		return false
	}
	a.Zones, a.Followers, b.Zones, b.Followers = nil, nil, nil, nil
	return reflect.DeepEqual(a, b)
}

func checkStored(t *rapid.T, s State) {
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back State
	if err := json.Unmarshal(b, &back); err != nil || !same(back, s) {
		t.Fatalf("stored %s, read back %+v, %v", b, back, err)
	}
}
