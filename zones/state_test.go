package zones

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestZeroStateIsADisarmedPanel(t *testing.T) {
	var s State
	if s.Shown() != "disarmed" || s.Next() != 0 || s.SirenOn(1) {
		t.Errorf("shown %s, next %d", s.Shown(), s.Next())
	}
	if got := s.Zone(5); got != (ZoneState{Number: 5}) {
		t.Errorf("%+v", got)
	}
	s, effects := Step(DefaultConfig(), s, 0, Knock{})
	if s.Mode != Disarmed || len(effects) != 0 {
		t.Errorf("%+v, %+v", s, effects)
	}
}

func TestShown(t *testing.T) {
	for _, c := range []struct {
		s    State
		want string
	}{
		{State{Mode: Disarmed}, "disarmed"},
		{State{Mode: Away, ArmingUntil: 9}, "arming"},
		{State{Mode: Home}, "armed_home"},
		{State{Mode: Away}, "armed_away"},
		{State{Mode: Night}, "armed_night"},
		{State{Mode: Away, PendingUntil: 9, ArmingUntil: 9}, "pending"},
		{State{Mode: Away, PendingUntil: 9, ArmingUntil: 9, Alarmed: true}, "triggered"},
		{State{Mode: Disarmed, Alarmed: true}, "triggered"},
	} {
		if got := c.s.Shown(); got != c.want {
			t.Errorf("%+v is shown as %s, not %s", c.s, got, c.want)
		}
	}
}

func TestNextIsTheEarliest(t *testing.T) {
	s := State{ArmingUntil: 40, PendingUntil: 30, SirenUntil: 20, BlindUntil: 10}
	for _, want := range []int64{10, 20, 30, 40} {
		if got := s.Next(); got != want {
			t.Errorf("next %d, not %d", got, want)
		}
		for _, d := range []*int64{&s.ArmingUntil, &s.PendingUntil, &s.SirenUntil, &s.BlindUntil} {
			if *d == want {
				*d = 0
			}
		}
	}
	if s.Next() != 0 {
		t.Errorf("next %d", s.Next())
	}
}

func TestFactsOfARemovedZoneAreForgotten(t *testing.T) {
	c := added(t, window, hall)
	s, _ := Step(c, State{}, 1, Bypass{Numbers: []int{1}, On: true})
	s, _ = Step(c, s, 2, Sensed{Zone: 1, What: Tripped})
	if !s.Zone(1).Open || !s.Zone(1).Bypassed {
		t.Fatalf("%+v", s)
	}
	c, _ = c.Remove("1")
	fitted := s.Fit(c)
	if fitted.Zone(1) != (ZoneState{Number: 1}) {
		t.Errorf("after Fit: %+v", fitted)
	}
	if stepped, _ := Step(c, s, 3, Knock{}); !reflect.DeepEqual(stepped, fitted) {
		t.Errorf("after Step: %+v", stepped)
	}
	if !s.Zone(1).Open {
		t.Error("Fit changed the state that it was given")
	}
}

func TestAZoneThatLosesItsCloseCodeIsNoLongerOpen(t *testing.T) {
	c := added(t, window)
	s, _ := Step(c, State{}, 1, Sensed{Zone: 1, What: Tripped})
	c, err := c.Edit("1", func(z *Zone) { z.Close = "" })
	if err != nil {
		t.Fatal(err)
	}
	s, effects := Step(c, s, 2, Arm{Mode: Home})
	if s.Shown() != "arming" || s.Zone(1).Open {
		t.Errorf("%+v, %+v", s, effects)
	}
}

func TestAnEntryDelayOutlivesItsZone(t *testing.T) {
	c := added(t, door, hall)
	c.ExitDelay = 0
	s, _ := Step(c, State{}, 1, Arm{Mode: Away})
	s, _ = Step(c, s, 2, Sensed{Zone: 1, What: Tripped})
	c, _ = c.Remove("1")
	s, effects := Step(c, s, 2+c.EntryDelay, Knock{})
	if len(effects) != 1 || effects[0].Kind != Alarm || effects[0].Zone != 1 || effects[0].Type != Entry {
		t.Errorf("%+v", effects)
	}
	if s.Shown() != "triggered" {
		t.Errorf("shown %s", s.Shown())
	}
}

func TestHeardAtIsKeptForAllButPanic(t *testing.T) {
	c := house()
	for _, z := range c.Zones {
		for _, what := range []What{Tripped, Closed, Tampered, TamperCleared, BatteryLow, BatteryOK, CheckIn} {
			s, _ := Step(c, State{}, 77, Sensed{Zone: z.Number, What: what})
			want := int64(77)
			if z.Type == Panic {
				want = 0
			}
			if got := s.Zone(z.Number).HeardAt; got != want {
				t.Errorf("%s %s: heard at %d, not %d", z.Name, what, got, want)
			}
		}
	}
}

// A press must not be read off what is kept, of a button with a low battery either.
func TestAPressOfAPanicZoneLeavesNoTrace(t *testing.T) {
	c := house()
	for _, before := range []Event{Knock{}, Sensed{Zone: 7, What: BatteryLow}} {
		s, _ := Step(c, State{}, 1, before)
		for _, what := range []What{Tripped, Closed, CheckIn} {
			if next, _ := Step(c, s, 100_000_000, Sensed{Zone: 7, What: what}); asText(t, next) != asText(t, s) {
				t.Errorf("%s after %+v: %+v became %+v", what, before, s, next)
			}
		}
	}
}

func asText(t *testing.T, s State) string {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTwoFuturesOfOneStateAreIndependent(t *testing.T) {
	c := house()
	c.ExitDelay = 0
	s, _ := Step(c, State{}, 1, Arm{Mode: Away})
	s, _ = Step(c, s, 2, Sensed{Zone: 1, What: Tripped})
	s.Followers = make([]int, 0, 8) // room to write into
	s.Zones = append(s.Zones, make([]ZoneState, 8)...)[:len(s.Zones)]
	one, _ := Step(c, s, 3, Sensed{Zone: 3, What: Tripped})
	other, _ := Step(c, s, 3, Sensed{Zone: 10, What: Tripped})
	if !reflect.DeepEqual(one.Followers, []int{3}) || !reflect.DeepEqual(other.Followers, []int{10}) {
		t.Errorf("followers %v and %v", one.Followers, other.Followers)
	}
}
