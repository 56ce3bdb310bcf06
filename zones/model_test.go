package zones

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestModel plays random households and holds each step to what must be true
// of all of them.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := house()
		c.ExitDelay = rapid.SampledFrom([]int64{0, 1, 60_000, MaxExitDelay}).Draw(t, "exit")
		c.EntryDelay = rapid.SampledFrom([]int64{0, 1, 30_000, MaxEntryDelay}).Draw(t, "entry")
		c.SirenTime = rapid.SampledFrom([]int64{MinSirenTime, 240_000, MaxSirenTime}).Draw(t, "siren")
		m := model{c: c, tick: storyStart, sensors: map[int]sensor{}}
		for range rapid.IntRange(1, 40).Draw(t, "length") {
			m.supervise(t)
			m.advance(t)
			m.step(t, drawEvent(t))
		}
	})
}

type model struct {
	c          Config
	s          State
	tick       int64
	sirenSince int64 // 0 while silent
	sensors    map[int]sensor
}

// advance goes to just before, at or after the next deadline, or any time on.
func (m *model) advance(t *rapid.T) {
	by := rapid.SampledFrom([]int64{0, 1, 999, 10_000, 29_999, 60_000, 180_000, 600_000, 1_000_000, 3_600_000, 86_399_999, 86_400_000}).Draw(t, "by")
	to := m.tick + by
	if next := m.s.Next(); next != 0 && rapid.Bool().Draw(t, "to deadline") {
		to = max(m.tick, next+rapid.Int64Range(-1, 1).Draw(t, "beside"))
	}
	m.tick = to
}

func drawEvent(t *rapid.T) Event {
	zone := rapid.IntRange(1, 14).Draw(t, "zone")
	switch rapid.IntRange(0, 12).Draw(t, "event") {
	case 0, 1:
		return Arm{Mode: rapid.SampledFrom([]Mode{Home, Away, Night, Disarmed, ""}).Draw(t, "mode"),
			Force: rapid.Bool().Draw(t, "force"), Prevent: rapid.SampledFrom([][]string{nil, nil, {"panel battery flat"}}).Draw(t, "prevent")}
	case 2:
		return Disarm{}
	case 3:
		return Bypass{Numbers: []int{zone}, On: rapid.Bool().Draw(t, "on")}
	case 4:
		return Restarted{OffKnown: rapid.Bool().Draw(t, "known"), NewBoot: rapid.Bool().Draw(t, "boot"), Off: drawMillis(t)}
	case 5:
		return rapid.SampledFrom([]Event{Silence{}, Sound{}, Smashed{}}).Draw(t, "other")
	case 6:
		return Knock{}
	case 7:
		return Sensed{Zone: zone, What: rapid.SampledFrom([]What{Tampered, TamperCleared, BatteryLow, BatteryOK, CheckIn}).Draw(t, "what")}
	case 8:
		return Deaf{For: drawMillis(t)}
	}
	return Sensed{Zone: zone, What: rapid.SampledFrom([]What{Tripped, Tripped, Closed, StandsOpen}).Draw(t, "what")}
}

func drawMillis(t *rapid.T) int64 {
	return rapid.SampledFrom([]int64{math.MinInt64, -1, 0, 1, 59_999, 600_000, 3_600_000, math.MaxInt64}).Draw(t, "ms")
}

func (m *model) step(t *rapid.T, e Event) {
	before := asJSON(t, m.s)
	next, effects := Step(m.c, m.s, m.tick, e)
	if asJSON(t, m.s) != before {
		t.Fatalf("%T changed the state that it was given", e)
	}
	checkFacts(t, m.c, next, m.tick)
	checkEffects(t, next, effects, e)
	m.checkMemory(t, next, effects, e)
	m.checkSiren(t, next, effects, e)
	m.checkOnce(t, next)
	m.checkSensors(t, next, effects, e)
	m.checkAnyKnocks(t, next, e)
	checkOwnSlices(t, next, effects)
	m.s = next
}

// checkFacts holds the facts of one state to each other.
func checkFacts(t *rapid.T, c Config, s State, tick int64) {
	armed := s.Mode == Home || s.Mode == Away || s.Mode == Night
	pending := s.PendingUntil != 0
	next := s.Next()
	for _, rule := range []struct {
		holds bool
		says  string
	}{
		{armed || s.Mode == Disarmed, "a mode is one of four"},
		{next == 0 || next > tick, "no deadline is left in the past"},
		{armed || s.ArmingUntil == 0 && !pending && s.ArmedAt == 0, "no delay runs while disarmed"},
		{s.ArmingUntil == 0 || !pending, "exit and entry delay never run together"},
		{s.ArmingUntil == 0 || s.ArmedAt == 0, "what is arming is not armed"},
		{pending == (s.PendingZone != 0), "an entry delay has its zone"},
		{pending || len(s.Followers) == 0 && !s.PendingExit, "nothing follows what does not run"},
		{!slices.Contains(s.Followers, s.PendingZone) || !pending, "a zone does not follow itself"},
		{s.ArmingUntil <= tick+c.ExitDelay, "the exit delay has its length"},
		{s.PendingUntil <= tick+c.EntryDelay, "the entry delay has its length"},
		{s.BlindUntil <= tick+blindAfterBoot, "blind for 60 s at most"},
		{slices.IsSortedFunc(s.Zones, func(a, b ZoneState) int { return a.Number - b.Number }), "zones stand by number"},
	} {
		if !rule.holds {
			t.Fatalf("broken: %s: %+v", rule.says, s)
		}
	}
	checkShown(t, s)
	for _, zs := range s.Zones {
		z, known := c.zone(zs.Number)
		if !known || zs.AutoBypassed && !zs.Bypassed || zs.Open && !z.canOpen(zs) || zs.LowBatteryAt != 0 && !zs.LowBattery ||
			z.Type == Panic && (zs.HeardAt+zs.TrippedAt+zs.LowBatteryAt+zs.Supervise+zs.QuietFrom != 0 || zs.Lost) {
			t.Fatalf("zone %+v has facts %+v", z, zs)
		}
	}
}

// checkShown reads the word off the other way round: what each may not hide.
func checkShown(t *rapid.T, s State) {
	plain := !s.Alarmed && s.PendingUntil == 0 && s.ArmingUntil == 0
	allowed := map[string]bool{
		"triggered":   s.Alarmed,
		"pending":     !s.Alarmed && s.PendingUntil != 0,
		"arming":      !s.Alarmed && s.PendingUntil == 0 && s.ArmingUntil != 0,
		"armed_home":  plain && s.Mode == Home,
		"armed_away":  plain && s.Mode == Away,
		"armed_night": plain && s.Mode == Night,
		"disarmed":    plain && s.Mode == Disarmed,
	}
	if !allowed[s.Shown()] {
		t.Fatalf("%s is shown for %+v", s.Shown(), s)
	}
}

func checkEffects(t *rapid.T, next State, effects []Effect, e Event) {
	_, disarm := e.(Disarm)
	for _, f := range effects {
		alarm := f.Kind == Alarm && f.Type != Panic || f.Kind == TamperAlarm
		switch {
		case alarm && !next.Alarmed && !disarm:
			t.Fatalf("%+v is not in memory", f)
		case alarm && f.Type.byMode() && f.Mode == Disarmed:
			t.Fatalf("a disarmed panel gave %+v", f)
		case alarm && f.Type == Interior && f.Mode != Away:
			t.Fatalf("interior is watched in away only: %+v", f)
		case f.Kind == Alarm && !f.Type.byMode() && !f.AtOnce:
			t.Fatalf("only burglary has an abort window: %+v", f)
		case f.Kind == ArmRefused && len(f.Reasons) == 0:
			t.Fatalf("refused without a reason: %+v", f)
		}
	}
}

// checkMemory: but for a disarm nothing leaves an alarm, nor a bypass by force;
// after one neither is left, while doors are as open as before.
func (m *model) checkMemory(t *rapid.T, next State, effects []Effect, e Event) {
	if _, disarm := e.(Disarm); !disarm {
		if m.s.Alarmed && !next.Alarmed {
			t.Fatalf("%T forgot the alarm", e)
		}
		if refused(effects) && asJSON(t, next) != asJSON(t, m.knocked(m.s)) {
			t.Fatalf("a refusal changed something")
		}
		return
	}
	if next.Shown() != "disarmed" || next.SirenUntil != 0 {
		t.Fatalf("disarmed, but %+v", next)
	}
	for _, zs := range next.Zones {
		if zs.Bypassed || zs.Alarmed || zs.TamperAlarmed || zs.Trips != 0 {
			t.Fatalf("a disarm left %+v", zs)
		}
		if zs.Open != m.s.Zone(zs.Number).Open {
			t.Fatalf("a disarm moved a door: %+v", zs)
		}
	}
}

func refused(effects []Effect) bool {
	return slices.ContainsFunc(effects, func(f Effect) bool { return f.Kind == ArmRefused || f.Kind == BypassRefused })
}

// knocked is the state with its deadlines dealt with.
func (m *model) knocked(s State) State {
	s, _ = Step(m.c, s, m.tick, Knock{})
	return s
}

// checkSiren: it sounds for its time at most, counted from when it began or
// from an alarm of another kind.
func (m *model) checkSiren(t *rapid.T, next State, effects []Effect, e Event) {
	_, sound := e.(Sound)
	first := slices.ContainsFunc(effects, func(f Effect) bool { return f.First })
	switch {
	case !next.SirenOn(m.tick):
		m.sirenSince = 0
	case sound || first || !m.s.SirenOn(m.tick):
		m.sirenSince = m.tick
	}
	if m.sirenSince != 0 && next.SirenUntil > m.sirenSince+m.c.SirenTime {
		t.Fatalf("siren since %d until %d", m.sirenSince, next.SirenUntil)
	}
}

// checkOnce: a deadline does nothing 1 ms before, something at its tick, and
// nothing again.
func (m *model) checkOnce(t *rapid.T, s State) {
	due := s.Next()
	if due == 0 {
		due = m.tick + 1_000_000
	}
	early, effects := Step(m.c, s, due-1, Knock{})
	if len(effects) > 0 || asJSON(t, early) != asJSON(t, s) {
		t.Fatalf("1 ms before: %+v", effects)
	}
	then, effects := Step(m.c, s, due, Knock{})
	if s.Next() != 0 && len(effects) == 0 && s.BlindUntil != due {
		t.Fatalf("nothing came of the deadline %d of %+v", due, s)
	}
	again, effects := Step(m.c, then, due, Knock{})
	if len(effects) > 0 || asJSON(t, again) != asJSON(t, then) {
		t.Fatalf("twice: %+v", effects)
	}
}

// checkAnyKnocks: it makes no difference to the facts, but for when the siren
// could sound, how many knocks came in time.
func (m *model) checkAnyKnocks(t *rapid.T, next State, e Event) {
	switch e.(type) {
	case Restarted, Deaf: // which change the deadlines that have passed
		return
	}
	s := m.s
	for due := s.Next(); due != 0 && due <= m.tick; due = s.Next() {
		s, _ = Step(m.c, s, due, Knock{})
	}
	s, _ = Step(m.c, s, m.tick, e)
	s.SirenUntil = next.SirenUntil
	if asJSON(t, s) != asJSON(t, next) {
		t.Fatalf("knocks in time: %+v\none late: %+v", s, next)
	}
}

// checkOwnSlices: who changes an effect changes no state.
func checkOwnSlices(t *rapid.T, s State, effects []Effect) {
	before := asJSON(t, s)
	for _, f := range effects {
		for i := range f.Zones {
			f.Zones[i] = -1
		}
	}
	if asJSON(t, s) != before {
		t.Fatal("an effect shares memory with the state")
	}
}

func asJSON(t *rapid.T, s State) string {
	s = s.clone()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back State
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if again, _ := json.Marshal(back); string(again) != string(b) {
		t.Fatalf("stored %s, read back %s", b, again)
	}
	return string(b)
}
