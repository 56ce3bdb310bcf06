package zones

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

func added(t *testing.T, zones ...Zone) Config {
	t.Helper()
	c := DefaultConfig()
	for _, z := range zones {
		var err error
		if c, err = c.Add(z); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

var (
	hall   = Zone{Name: "Hall", Type: Interior, Sensor: "ev1527:000001"}
	window = Zone{Name: "Window", Type: Perimeter, Sensor: "ev1527:000002", Close: "ev1527:000003"}
	door   = Zone{Name: "Door", Type: Entry, Sensor: "ev1527:000004"}
)

func TestAddRefuses(t *testing.T) {
	with := func(change func(*Zone)) Zone { z := door; change(&z); return z }
	for _, c := range []struct {
		name string
		zone Zone
		says string
	}{
		{"no name", with(func(z *Zone) { z.Name = " " }), "0 characters"},
		{"long name", with(func(z *Zone) { z.Name = strings.Repeat("ä", 17) }), "17 characters"},
		{"name outside of GSM", with(func(z *Zone) { z.Name = "Tür ✓" }), "plain text message"},
		{"name of two septets each", with(func(z *Zone) { z.Name = "Door {1}" }), "plain text message"},
		{"name with a line break", with(func(z *Zone) { z.Name = "Do\nor" }), "plain text message"},
		{"name that is no UTF-8", with(func(z *Zone) { z.Name = "Do\xffor" }), "plain text message"},
		{"bare number", with(func(z *Zone) { z.Name = "12" }), "bare number"},
		{"name taken", with(func(z *Zone) { z.Name = "hALL" }), "zone 1's already"},
		{"no type", with(func(z *Zone) { z.Type = "" }), "must be one of entry, perimeter, interior, 24h, fire, medical, panic, tamper"},
		{"unknown type", with(func(z *Zone) { z.Type = "garage" }), `"garage"`},
		{"no sensor", with(func(z *Zone) { z.Sensor = "" }), "has no sensor"},
		{"unknown sensor", with(func(z *Zone) { z.Tamper = "x10:1" }), `"x10:1"`},
		{"sensor taken", with(func(z *Zone) { z.Sensor = "ev1527:000003" }), "zone 2 (Window) already"},
		{"sensor taken, in small letters", with(func(z *Zone) { z.LowBattery = "EV1527:00000b"; z.Close = "ev1527:00000B" }), "given twice"},
		{"one sensor for two things", with(func(z *Zone) { z.Close = z.Sensor }), "given twice"},
		{"line taken, the other way round", with(func(z *Zone) { z.Sensor = "gpio:gpiochip0:4:no" }), "zone 3 (Loop) already"},
		{"line given twice", with(func(z *Zone) { z.Sensor, z.Tamper = "gpio:gpiochip0:5", "gpio:gpiochip0:5:no" }), "given twice"},
		{"loop that closes", with(func(z *Zone) { z.Close = "gpio:gpiochip0:5" }), "as sensor or as tamper"},
		{"loop that is a battery", with(func(z *Zone) { z.LowBattery = "gpio:gpiochip0:5:no" }), "as sensor or as tamper"},
		{"loop with a code for closing", with(func(z *Zone) { z.Sensor, z.Close = "gpio:gpiochip0:5", "ev1527:00000C" }), "says itself when it is closed"},
		{"loop that is supervised", with(func(z *Zone) { z.Sensor, z.Supervise = "gpio:gpiochip0:5", time.Hour }), "is watched all the time"},
		{"negative time", with(func(z *Zone) { z.Supervise = -time.Hour }), "-1h0m0s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := added(t, hall, window, Zone{Name: "Loop", Type: Perimeter, Sensor: "gpio:gpiochip0:4"})
			after, err := before.Add(c.zone)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("said %v, not %q", err, c.says)
			}
			if !strings.Contains(err.Error(), "such as") && !strings.Contains(err.Error(), "already") && !strings.Contains(err.Error(), "only one") {
				t.Errorf("no example in %q", err)
			}
			if !reflect.DeepEqual(after, before) {
				t.Error("a refusal changed something")
			}
		})
	}
}

func TestAddTakes(t *testing.T) {
	for _, name := range []string{"A", "Küche 2. Stock", "Door 1", "1st floor", "ΔΩ £$", strings.Repeat("é", 16)} {
		z := door
		z.Name = name
		if _, err := DefaultConfig().Add(z); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, typ := range Types() {
		z := door
		z.Type = typ
		if _, err := DefaultConfig().Add(z); err != nil {
			t.Errorf("%s: %v", typ, err)
		}
	}
	c := added(t, Zone{Number: 7, Name: "  Door ", Type: Entry, Sensor: " EV1527:00abcd ", Supervise: time.Hour})
	want := Zone{Number: 1, Name: "Door", Type: Entry, Sensor: "ev1527:00ABCD", Supervise: time.Hour}
	if c.Zones[0] != want {
		t.Errorf("took %+v", c.Zones[0])
	}
}

func TestNumbersAreTheLowestFree(t *testing.T) {
	c := added(t, hall, window)
	c, err := c.Remove("hall")
	if err != nil {
		t.Fatal(err)
	}
	if _, there := c.Find("1"); there {
		t.Error("zone 1 is still there")
	}
	if c, err = c.Add(door); err != nil {
		t.Fatal(err)
	}
	if z, _ := c.Find("1"); z.Name != "Door" {
		t.Errorf("zone 1 is %q", z.Name)
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
}

func TestFindEditRemoveByNameOrNumber(t *testing.T) {
	before := added(t, hall, window)
	for _, name := range []string{"Window", "wINDOW", " window ", "2"} {
		if z, ok := before.Find(name); !ok || z.Number != 2 {
			t.Errorf("Find(%q) = %+v, %v", name, z, ok)
		}
		edited, err := before.Edit(name, func(z *Zone) { z.Name = "Big window"; z.Number = 9 })
		if z, ok := edited.Find("big window"); err != nil || !ok || z.Number != 2 {
			t.Errorf("Edit(%q) = %+v, %v", name, edited, err)
		}
		removed, err := before.Remove(name)
		if err != nil || len(removed.Zones) != 1 {
			t.Errorf("Remove(%q) = %+v, %v", name, removed, err)
		}
	}
	for _, name := range []string{"", "3", "+1", "01", "Door"} {
		_, there := before.Find(name)
		_, edit := before.Edit(name, func(*Zone) {})
		_, remove := before.Remove(name)
		if there || edit == nil || remove == nil {
			t.Errorf("%q: found %v, edit %v, remove %v", name, there, edit, remove)
		}
	}
	if !reflect.DeepEqual(before, added(t, hall, window)) {
		t.Error("the old configuration has changed")
	}
}

func TestEditIsCheckedAsAdd(t *testing.T) {
	before := added(t, hall, window)
	for _, change := range []func(*Zone){
		func(z *Zone) { z.Name = "Hall" },
		func(z *Zone) { z.Sensor = hall.Sensor },
		func(z *Zone) { z.Type = "door" },
	} {
		after, err := before.Edit("2", change)
		if err == nil || !reflect.DeepEqual(after, before) {
			t.Errorf("%v, %+v", err, after)
		}
	}
	if _, err := before.Edit("2", func(z *Zone) { z.Name = "WINDOW" }); err != nil {
		t.Errorf("its own name in capitals: %v", err)
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Config)
		says   string // "" for none
	}{
		{"as added", func(*Config) {}, ""},
		{"lowest", func(c *Config) { c.ExitDelay, c.EntryDelay, c.SirenTime = 0, 0, 30_000 }, ""},
		{"highest", func(c *Config) { c.ExitDelay, c.EntryDelay, c.SirenTime = 255_000, 240_000, 900_000 }, ""},
		{"exit delay below", func(c *Config) { c.ExitDelay = -1 }, "exit-delay -0.001s"},
		{"exit delay above", func(c *Config) { c.ExitDelay = 255_001 }, "exit-delay 255.001s is not allowed: it must be from 0s to 255s, such as 60s"},
		{"entry delay above", func(c *Config) { c.EntryDelay = 241_000 }, "entry-delay 241s"},
		{"siren below", func(c *Config) { c.SirenTime = 29_999 }, "siren-time 29.999s"},
		{"siren above", func(c *Config) { c.SirenTime = 900_001 }, "siren-time"},
		{"swinger trips below", func(c *Config) { c.SwingerTrips = 0 }, "swinger-trips 0 is not allowed: it must be from 1 to 6, such as 2"},
		{"swinger trips above", func(c *Config) { c.SwingerTrips = 7 }, "swinger-trips 7"},
		{"window below", func(c *Config) { c.CrossWindow = 29_999 }, "cross-zone-window 29.999s"},
		{"window above", func(c *Config) { c.CrossWindow = 3600_001 }, "cross-zone-window"},
		{"a pair", func(c *Config) { c.Zones[0].Cross, c.Zones[1].Cross = 2, 1 }, ""},
		{"a pair that only one knows of", func(c *Config) { c.Zones[0].Cross = 2 }, "a pair is mutual"},
		{"a partner that is none", func(c *Config) { c.Zones[0].Cross = 3 }, "a pair is mutual"},
		{"itself as partner", func(c *Config) { c.Zones[0].Cross = 1 }, "a pair is mutual"},
		{"a pair of other types", func(c *Config) { c.Zones[0].Cross, c.Zones[1].Cross, c.Zones[1].Type = 2, 1, Always }, "can have no --cross"},
		{"number 0", func(c *Config) { c.Zones[0].Number = 0 }, "number 0"},
		{"number twice", func(c *Config) { c.Zones[1].Number = 1 }, "number 1"},
		{"name twice", func(c *Config) { c.Zones[1].Name = "Hall" }, "already"},
		{"unknown type", func(c *Config) { c.Zones[1].Type = "x" }, "zone type"},
		{"small hexadecimal", func(c *Config) { c.Zones[1].Sensor = "ev1527:00000a" }, "as zone list shows it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := added(t, hall, window)
			c.change(&config)
			err := config.Validate()
			if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("said %v, not %q", err, c.says)
			}
		})
	}
}

func TestConfigJSON(t *testing.T) {
	c := added(t, Zone{Name: "Door", Type: Entry, Sensor: "ev1527:000004", LowBattery: "ev1527:000005"})
	b, err := json.Marshal(c)
	want := `{"zones":[{"number":1,"name":"Door","type":"entry","sensor":"ev1527:000004","low_battery":"ev1527:000005"}],"exit_delay":60000,"entry_delay":30000,"siren_time":240000,"swinger_trips":2,"cross_window":300000}`
	if err != nil || string(b) != want {
		t.Errorf("%s, %v", b, err)
	}
}

func TestParseSensor(t *testing.T) {
	for _, c := range []struct{ id, want, says string }{
		{"ev1527:13CDC0", "ev1527:13CDC0", ""},
		{"EV1527:13cdc0", "ev1527:13CDC0", ""},
		{" ev1527:000001 ", "ev1527:000001", ""},
		{"ev1527:000000", "", "idle line"},
		{"ev1527:ffffff", "", "carrier"},
		{"ev1527:13CDC", "", "six hexadecimal digits"},
		{"ev1527:13CDC00", "", "six hexadecimal digits"},
		{"ev1527:13CDCG", "", "six hexadecimal digits"},
		{"ev1527:ééé", "", "six hexadecimal digits"},
		{"ev1527", "", "not an ID"},
		{"13CDC0", "", "not an ID"},
		{"", "", "not an ID"},
		{"HCS:0abcde1:2", "hcs:0ABCDE1:2", ""},
		{"hcs:0ABCDE1", "", "a colon and one for the button"},
		{"hcs:0ABCDE1:0", "", "a colon and one for the button"},
		{"SimpliSafe:1m38r", "simplisafe:1M38R", ""},
		{"simplisafe:1M38", "", "5 digits"},
		{"simplisafe:1M38R:panic", "", "is a button"},
		{"dsc:24bdc8", "dsc:24BDC8", ""},
		{"dsc:24BDC", "", "6 digits"},
		{"dsc:000000", "", "6 digits"},
		{"interlogix:a7106d", "interlogix:A7106D", ""},
		{"interlogix:F7106D", "", "is a fob"},
		{"interlogix:F7106D:1", "", "is a button"},
		{"interlogix:37106D", "", "a panic button"},
		{"visonic:6400bd", "visonic:6400BD", ""},
		{"honeywell:ef6a1", "honeywell:EF6A1", ""},
		{"honeywell:123456", "", "5 digits"},
		{"skylink:1A5A", "skylink:1A5A", ""},
		{"yale:21D8A0", "", "not an ID"},
		{"gpio:gpiochip0:17", "gpio:gpiochip0:17", ""},
		{"GPIO:gpiochip00:017:NC", "gpio:gpiochip0:17", ""},
		{"gpio:gpiochip1:0:no", "gpio:gpiochip1:0:no", ""},
		{"gpio:gpiochip0:1023", "gpio:gpiochip0:1023", ""},
		{"gpio:gpiochip0:1024", "", "a number from 0 to 1023, such as gpio:gpiochip0:17"},
		{"gpio:gpiochip0:-1", "", "is no line of a chip"},
		{"gpio:gpiochip0", "", "after gpio: there must be a chip"},
		{"gpio:17", "", "after gpio: there must be a chip"},
		{"gpio:gpiochip:17", "", "after gpio: there must be a chip"},
		{"gpio:chip0:17", "", "after gpio: there must be a chip"},
		{"gpio:gpiochip0:17:low", "", ":no behind it where the loop is open at rest"},
		{"gpio:gpiochip0:17:no:no", "", "after gpio: there must be a chip"},
	} {
		got, err := ParseSensor(c.id)
		if got != c.want || c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("ParseSensor(%q) = %q, %v", c.id, got, err)
		}
	}
}

// FuzzParseSensor: what is taken is in normal form, stays so, and stands for
// the same digits, but for the zeros before a line's number.
func FuzzParseSensor(f *testing.F) {
	for _, id := range []string{"ev1527:13CDC0", "EV1527:13cdc0 ", "hcs:0ABCDE1:2", "gpio:gpiochip0:17", "ev1527:", ":", "ev1527:ſſſ"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		got, err := ParseSensor(id)
		if err != nil {
			if got != "" {
				t.Fatalf("%q with %v", got, err)
			}
			return
		}
		again, err := ParseSensor(got)
		same := Wired(got) || strings.EqualFold(got, strings.TrimSpace(id))
		if err != nil || again != got || !same {
			t.Fatalf("%q became %q, then %q, %v", id, got, again, err)
		}
	})
}

// TestKindsOfSensor: what reports by itself has one ID, and a button is none.
func TestKindsOfSensor(t *testing.T) {
	for _, c := range []struct {
		zone Zone
		says string
	}{
		{Zone{Type: Entry, Sensor: "dsc:24BDC8"}, ""},
		{Zone{Type: Panic, Sensor: "hcs:0ABCDE1:2"}, ""},
		{Zone{Type: Entry, Sensor: "dsc:24BDC8", Close: "ev1527:000102"}, "by itself"},
		{Zone{Type: Entry, Sensor: "ev1527:000101", Tamper: "dsc:24BDC8"}, "by itself"},
		{Zone{Type: Entry, Sensor: "hcs:0ABCDE1:2"}, "only a zone of type panic"},
		{Zone{Type: Panic, Sensor: "honeywell:EF6A1"}, "how it is pressed"},
	} {
		c.zone.Name = "Hall"
		_, err := Config{}.Add(c.zone)
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%+v: %v, want %q", c.zone, err, c.says)
		}
	}
}
