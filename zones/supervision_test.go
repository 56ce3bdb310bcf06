package zones

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// sensor is what a model that counts every silence by itself knows of one zone.
type sensor struct {
	time   int64 // supervised, ms
	silent int64 // since when
	lost   bool
	lowAt  int64
}

// supervise changes, now and then, how long a zone may be silent.
func (m *model) supervise(t *rapid.T) {
	if rapid.IntRange(0, 15).Draw(t, "supervise") != 0 {
		return
	}
	m.c.Zones = slices.Clone(m.c.Zones)
	i := rapid.IntRange(0, len(m.c.Zones)-1).Draw(t, "which")
	m.c.Zones[i].Supervise = rapid.SampledFrom([]time.Duration{0, MinSupervise, time.Hour, MaxSupervise}).Draw(t, "for")
	m.step(t, Knock{})
}

// checkSensors: a sensor is called lost once, when it was silent for its time
// and the panel could have heard it, and back when it is heard or let go.
func (m *model) checkSensors(t *rapid.T, next State, effects []Effect, e Event) {
	for _, z := range m.c.Zones {
		was := m.sensors[z.Number]
		now, lost, back := was.after(z, m.tick, e)
		if told := count(effects, SensorLost, z.Number); told != lost {
			t.Fatalf("zone %d told %d times to be lost, not %d: %+v", z.Number, told, lost, was)
		}
		if told := count(effects, SensorBack, z.Number); told != back {
			t.Fatalf("zone %d told %d times to be back, not %d: %+v", z.Number, told, back, was)
		}
		if next.Zone(z.Number).Lost != now.lost {
			t.Fatalf("lost is %v: %+v", !now.lost, next.Zone(z.Number))
		}
		now.lowAt = m.checkBattery(t, z, was.lowAt, count(effects, BatteryRestored, z.Number), e)
		m.sensors[z.Number] = now
	}
}

// after is what an event at a tick makes of a sensor, and how often it is told
// to be lost and back.
func (s sensor) after(z Zone, tick int64, e Event) (now sensor, lost, back int) {
	set := z.Supervise.Milliseconds()
	if z.Type == Panic {
		set = 0
	}
	begun := s.time != set
	if s.time = set; begun {
		s.silent = tick
	}
	if set == 0 && s.lost {
		s.lost, back = false, 1
	}
	if by := unheard(e, tick-s.silent); !s.lost {
		s.silent += by
	}
	if set > 0 && !s.lost && tick-s.silent >= set {
		s.lost, lost = true, 1
	}
	if e, ok := e.(Sensed); ok && e.Zone == z.Number {
		if s.silent = tick; s.lost {
			s.lost = false
			back++
		}
	}
	return s, lost, back
}

// unheard is how much of a silence was the panel's own deafness.
func unheard(e Event, silence int64) int64 {
	switch e := e.(type) {
	case Deaf:
		return min(max(e.For, 0), silence)
	case Restarted:
		if !e.OffKnown {
			return silence
		}
		return min(max(e.Off, 0), silence)
	}
	return 0
}

// checkBattery: a battery is good again when the sensor says so, or works a day
// after it last said low where it can't. It returns when that was.
func (m *model) checkBattery(t *rapid.T, z Zone, lowAt int64, restored int, e Event) int64 {
	s, mine := e.(Sensed)
	mine = mine && s.Zone == z.Number
	works := mine && (s.What == Tripped || s.What == Closed || s.What == StandsOpen)
	want := 0
	switch {
	case lowAt == 0:
	case mine && s.What == BatteryOK:
		want = 1
	case works && z.Type != Panic && !z.restoresBattery() && m.tick-lowAt >= 24*3600_000:
		want = 1
	}
	if restored != want {
		t.Fatalf("zone %d: battery restored %d times, not %d, %d ms after it was low", z.Number, restored, want, m.tick-lowAt)
	}
	switch {
	case mine && s.What == BatteryLow:
		return m.tick
	case want == 1:
		return 0
	}
	return lowAt
}

func count(effects []Effect, kind EffectKind, zone int) int {
	n := 0
	for _, f := range effects {
		if f.Kind == kind && f.Zone == zone {
			n++
		}
	}
	return n
}

func supervised(t *testing.T, d time.Duration) Config {
	t.Helper()
	z := hall
	z.Supervise = d
	return added(t, z)
}

// Between an edit and the next step a state that was fitted asks for that step.
func TestFitAsksForAStepWhereSupervisionChanges(t *testing.T) {
	c := supervised(t, time.Hour)
	never := supervised(t, 0)
	s := State{}.Fit(c)
	if s.Next() != 1 {
		t.Errorf("begun: next %d", s.Next())
	}
	s, effects := Step(c, s, 1000, Knock{})
	if len(effects) != 0 || s.Next() != 1000+3_600_000 {
		t.Errorf("begun: next %d, %+v", s.Next(), effects)
	}
	if s.Fit(never).Next() != 0 {
		t.Error("ended while the sensor was there: a deadline is left")
	}
	s, effects = Step(c, s, s.Next(), Knock{})
	if len(effects) != 1 || effects[0].Kind != SensorLost || s.Next() != 0 {
		t.Fatalf("lost: next %d, %+v", s.Next(), effects)
	}
	s = s.Fit(never)
	if s.Next() != 1 || !s.Zone(1).Lost {
		t.Errorf("ended: %+v", s.Zone(1))
	}
	s, effects = Step(never, s, 5_000_000, Knock{})
	if len(effects) != 1 || effects[0].Kind != SensorBack || s.Next() != 0 || s.Zone(1).Lost {
		t.Errorf("ended: %+v, %+v", s.Zone(1), effects)
	}
}

// The number of a zone that is gone starts with nothing.
func TestALostZoneThatIsRemoved(t *testing.T) {
	c := supervised(t, time.Hour)
	s, _ := Step(c, State{}, 1, Knock{})
	s, _ = Step(c, s, s.Next(), Knock{})
	if !s.Zone(1).Lost {
		t.Fatal("not lost")
	}
	empty, err := c.Remove("1")
	if err != nil {
		t.Fatal(err)
	}
	s, effects := Step(c, s.Fit(empty), 5_000_000, Knock{})
	if want := (ZoneState{Number: 1, Supervise: 3_600_000, QuietFrom: 5_000_000}); s.Zone(1) != want || len(effects) != 0 {
		t.Errorf("%+v, %+v", s.Zone(1), effects)
	}
}

func TestAZoneThatBecomesAPanicZoneForgetsWhenItWasHeard(t *testing.T) {
	c := supervised(t, time.Hour)
	c.ExitDelay = 0
	s, _ := Step(c, State{}, 1, Arm{Mode: Away})
	for tick, what := range map[int64]What{5: BatteryLow, 6: Tripped} {
		s, _ = Step(c, s, tick, Sensed{Zone: 1, What: what})
	}
	c, err := c.Edit("1", func(z *Zone) { z.Type, z.Supervise = Panic, 0 })
	if err != nil {
		t.Fatal(err)
	}
	zs := s.Fit(c).Zone(1)
	if zs.HeardAt+zs.TrippedAt+zs.LowBatteryAt+zs.Supervise+zs.QuietFrom != 0 || !zs.LowBattery {
		t.Errorf("%+v", zs)
	}
}

// A sensor that is often heard must not change what is kept but for when: it
// would have to be stored each time.
func TestHearingChangesNothingElse(t *testing.T) {
	c := supervised(t, time.Hour)
	s, _ := Step(c, State{}, 1, Knock{})
	for tick := int64(2); tick < 100; tick++ {
		next, _ := Step(c, s, tick, Sensed{Zone: 1, What: CheckIn})
		next.Zones[0].HeardAt = s.Zones[0].HeardAt
		if !reflect.DeepEqual(next, s) {
			t.Fatalf("%+v became %+v", s, next)
		}
		next.Zones[0].HeardAt = tick
		s = next
	}
}

// A state of before supervision was kept, with a zone that is supervised and a
// battery that is low.
func TestAnOldStateLoads(t *testing.T) {
	const old = `{"mode":"away","armed_at":500,"zones":[{"number":1,"open":true,"low_battery":true,"bypassed":true,"heard_at":400}]}`
	var s State
	if err := json.Unmarshal([]byte(old), &s); err != nil {
		t.Fatal(err)
	}
	if b, err := json.Marshal(s); err != nil || string(b) != old {
		t.Errorf("%s, %v", b, err)
	}
	const day = 24 * 3600_000
	c := added(t, Zone{Name: "Window", Type: Perimeter, Sensor: "ev1527:000002", Close: "ev1527:000003", Supervise: 48 * time.Hour})
	s, effects := Step(c, s, day, Restarted{OffKnown: true})
	if len(effects) != 0 || s.Next() != 3*day {
		t.Errorf("next %d, %+v", s.Next(), effects)
	}
	s, effects = Step(c, s, day+1, Sensed{Zone: 1, What: Tripped})
	if len(effects) != 0 || !s.Zone(1).LowBattery {
		t.Errorf("%+v, %+v", s.Zone(1), effects)
	}
	_, effects = Step(c, s, 2*day+1, Sensed{Zone: 1, What: Closed})
	if count(effects, BatteryRestored, 1) != 1 {
		t.Errorf("%+v", effects)
	}
}

func TestSuperviseRange(t *testing.T) {
	for _, c := range []struct {
		of   Type
		d    time.Duration
		says string // "" for none
	}{
		{Perimeter, 0, ""}, {Perimeter, 10 * time.Minute, ""}, {Fire, 12 * time.Hour, ""}, {Interior, 90 * 24 * time.Hour, ""}, {Panic, 0, ""},
		{Perimeter, 10*time.Minute - 1, "9m59.999999999s is not allowed: it must be 0 (never) or from 10m to 90d, such as 12h"},
		{Perimeter, 90*24*time.Hour + 1, "from 10m to 90d"},
		{Perimeter, -time.Hour, "-1h0m0s"},
		{Panic, 12 * time.Hour, "type panic"},
		{Panic, time.Second, "type panic"},
	} {
		z := window
		z.Type, z.Supervise = c.of, c.d
		_, add := DefaultConfig().Add(z)
		_, edit := added(t, window).Edit("Window", func(w *Zone) { w.Type, w.Supervise = c.of, c.d })
		for _, err := range []error{add, edit} {
			if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s for %v: %v, want %q", c.of, c.d, err, c.says)
			}
		}
	}
	c := supervised(t, time.Hour)
	if after, err := c.Edit("1", func(z *Zone) { z.Type = Panic }); err == nil || !reflect.DeepEqual(after, c) {
		t.Errorf("a supervised zone became a panic zone: %v", err)
	}
}

// What changes nothing must not look like a change, which would be stored.
func TestDeafnessLeavesALostSensorAlone(t *testing.T) {
	c := supervised(t, time.Hour)
	s, _ := Step(c, State{}, 1, Knock{})
	s, _ = Step(c, s, s.Next(), Knock{})
	for _, e := range []Event{Deaf{For: 60_000}, Restarted{OffKnown: true, Off: 60_000}, Restarted{}} {
		if next, _ := Step(c, s, 9_000_000, e); !reflect.DeepEqual(next, s) {
			t.Errorf("%+v: %+v became %+v", e, s, next)
		}
	}
}
