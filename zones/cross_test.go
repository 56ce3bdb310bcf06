package zones

import (
	"reflect"
	"strings"
	"testing"
)

// partners are the pairs of a configuration: the partner of each zone by place.
func partners(c Config) []int {
	var out []int
	for _, z := range c.Zones {
		out = append(out, z.Cross)
	}
	return out
}

func TestPair(t *testing.T) {
	smoke := Zone{Name: "Smoke", Type: Fire, Sensor: "ev1527:000009"}
	for _, c := range []struct {
		name  string
		pairs [][2]string
		want  []int  // of Hall, Window, Door and Smoke
		says  string // of the last, "" for taken
	}{
		{"by name and number", [][2]string{{"hall", "2"}}, []int{2, 1, 0, 0}, ""},
		{"again", [][2]string{{"1", "2"}, {"2", "1"}}, []int{2, 1, 0, 0}, ""},
		{"another partner frees the first", [][2]string{{"1", "2"}, {"1", "Door"}}, []int{3, 0, 1, 0}, ""},
		{"freed", [][2]string{{"1", "2"}, {"2", " None "}}, []int{0, 0, 0, 0}, ""},
		{"freed by nothing", [][2]string{{"1", "2"}, {"1", ""}}, []int{0, 0, 0, 0}, ""},
		{"freed that has none", [][2]string{{"1", "none"}}, []int{0, 0, 0, 0}, ""},
		{"taken already", [][2]string{{"1", "2"}, {"3", "2"}}, []int{2, 1, 0, 0}, "zone \"Window\" has the partner Hall already: free it first with zone edit 2 --cross none"},
		{"itself", [][2]string{{"1", "hall"}}, []int{0, 0, 0, 0}, "its own partner"},
		{"nobody", [][2]string{{"1", "9"}}, []int{0, 0, 0, 0}, "no zone \"9\""},
		{"of nobody", [][2]string{{"9", "1"}}, []int{0, 0, 0, 0}, "no zone \"9\""},
		{"a type that never waits", [][2]string{{"1", "4"}}, []int{0, 0, 0, 0}, "zone \"Smoke\" is of type fire"},
		{"of such a type", [][2]string{{"4", "1"}}, []int{0, 0, 0, 0}, "zone \"Smoke\" is of type fire"},
		{"a refusal frees nobody", [][2]string{{"1", "2"}, {"1", "4"}}, []int{2, 1, 0, 0}, "can have no --cross"},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := added(t, hall, window, door, smoke)
			var err error
			for _, p := range c.pairs {
				before, was := config, partners(config)
				config, err = config.Pair(p[0], p[1])
				if !reflect.DeepEqual(partners(before), was) {
					t.Fatal("the old configuration has changed")
				}
			}
			if got := partners(config); !reflect.DeepEqual(got, c.want) {
				t.Errorf("paired %v, not %v", got, c.want)
			}
			if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("said %v, not %q", err, c.says)
			}
			if err := config.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

// A pair ends with either zone, and neither changes by another edit.
func TestAPairEndsWithAZone(t *testing.T) {
	c, err := added(t, hall, window, door).Pair("1", "2")
	if err != nil {
		t.Fatal(err)
	}
	edited, err := c.Edit("1", func(z *Zone) { z.Name, z.Cross = "Lobby", 3 })
	if got := partners(edited); err != nil || !reflect.DeepEqual(got, []int{2, 1, 0}) {
		t.Errorf("after an edit %v, %v", got, err)
	}
	if _, err := c.Edit("2", func(z *Zone) { z.Type = Always }); err == nil {
		t.Error("a 24h zone waits for another")
	}
	for _, gone := range []string{"1", "2"} {
		left, err := c.Remove(gone)
		if got := partners(left); err != nil || !reflect.DeepEqual(got, []int{0, 0}) {
			t.Errorf("without zone %s %v, %v", gone, got, err)
		}
	}
	if z := added(t, Zone{Name: "Attic", Type: Perimeter, Sensor: "ev1527:00000C", Cross: 1}).Zones[0]; z.Cross != 0 {
		t.Errorf("added with the partner %d", z.Cross)
	}
}

// What waited for a partner that is gone is no alarm when the panel is attacked.
func TestASingleTripEndsWithThePair(t *testing.T) {
	c, _ := added(t, hall, window).Pair("1", "2")
	c.ExitDelay = 0
	s, _ := Step(c, State{}, 1, Arm{Mode: Away})
	s, _ = Step(c, s, 2, Sensed{Zone: 1, What: Tripped})
	c, _ = c.Remove("2")
	if s, effects := Step(c, s, 3, Smashed{}); s.Alarmed || len(effects) != 1 {
		t.Errorf("%+v", effects)
	}
}
