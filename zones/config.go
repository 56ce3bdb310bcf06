package zones

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Ranges of the delays, in milliseconds.
const (
	MaxExitDelay  int64 = 255_000
	MaxEntryDelay int64 = 240_000
	MinSirenTime  int64 = 30_000
	MaxSirenTime  int64 = 900_000

	// CP-01 panels pair zones from 30 s on; BS 8243 confirms within the hour.
	MinCrossWindow int64 = 30_000
	MaxCrossWindow int64 = 3600_000
)

// MaxSwingerTrips is the most trips of a zone in one set (CP-01 4.3.2).
const MaxSwingerTrips = 6

// Range of [Zone.Supervise], where it is not 0.
const (
	MinSupervise = 10 * time.Minute
	MaxSupervise = 90 * 24 * time.Hour
)

// Config is what the owner has set. The delays are in milliseconds.
type Config struct {
	Zones      []Zone `json:"zones,omitempty"`
	ExitDelay  int64  `json:"exit_delay"`  // 0 to MaxExitDelay
	EntryDelay int64  `json:"entry_delay"` // 0 to MaxEntryDelay
	SirenTime  int64  `json:"siren_time"`  // MinSirenTime to MaxSirenTime

	SwingerTrips int   `json:"swinger_trips"` // 1 to MaxSwingerTrips: after so many a zone is left out until the disarm
	CrossWindow  int64 `json:"cross_window"`  // MinCrossWindow to MaxCrossWindow: within it both zones of a pair must trip
}

// DefaultConfig has no zones and the numbers that CP-01 panels are shipped with.
// The window of a pair, for which they have none, is longer than a motion sensor
// may be silent after a trip.
func DefaultConfig() Config {
	return Config{ExitDelay: 60_000, EntryDelay: 30_000, SirenTime: 240_000, SwingerTrips: 2, CrossWindow: 300_000}
}

// Add returns the configuration with one more zone under the lowest free
// number and without a partner; z.Number and z.Cross are not looked at. Where Add, Edit or Remove refuse, they
// return the configuration as it was.
func (c Config) Add(z Zone) (Config, error) {
	z.Number, z.Cross = c.freeNumber(), 0
	return c.put(z)
}

// Replace returns the configuration with a list of zones in place of its own, each
// under the number that it has, or the lowest free one where that is 0. Where one is
// refused, at is its place in the list and the configuration is as it was.
func (c Config) Replace(list []Zone) (next Config, at int, err error) {
	next, c.Zones = c, nil
	list = slices.Clone(list)
	for i := range list {
		if list[i].Number != 0 {
			if c, err = c.put(list[i]); err != nil {
				return next, i, err
			}
		}
	}
	for i := range list {
		if list[i].Number == 0 {
			list[i].Number = c.freeNumber()
			if c, err = c.put(list[i]); err != nil {
				return next, i, err
			}
		}
	}
	for i, z := range list {
		if err := c.checkPair(z); err != nil {
			return next, i, err
		}
	}
	return c, 0, nil
}

// put adds a zone under its own number.
func (c Config) put(z Zone) (Config, error) {
	other, taken := c.zone(z.Number)
	switch {
	case z.Number < 1:
		return c, fmt.Errorf("zone %q cannot have the number %d: zones are numbered upwards from 1, such as %d", z.Name, z.Number, c.freeNumber())
	case taken:
		return c, fmt.Errorf("zone %q cannot have the number %d, which is that of %s: each number stands once; free is %d", z.Name, z.Number, other.Name, c.freeNumber())
	}
	z, err := c.check(z)
	if err != nil {
		return c, err
	}
	c.Zones = slices.Insert(slices.Clone(c.Zones), c.place(z.Number), z)
	return c, nil
}

// Edit returns the configuration with one zone, given by name or number,
// changed. The number and the partner stay as they were.
func (c Config) Edit(nameOrNumber string, change func(*Zone)) (Config, error) {
	i, err := c.index(nameOrNumber)
	if err != nil {
		return c, err
	}
	z := c.Zones[i]
	change(&z)
	z.Number, z.Cross = c.Zones[i].Number, c.Zones[i].Cross
	if z, err = c.check(z); err != nil {
		return c, err
	}
	c.Zones = slices.Clone(c.Zones)
	c.Zones[i] = z
	return c, nil
}

// Remove returns the configuration without one zone, given by name or number;
// its partner is free.
// Its number is free for the next zone, so bring the state in line by
// [State.Fit] before another is added.
func (c Config) Remove(nameOrNumber string) (Config, error) {
	i, err := c.index(nameOrNumber)
	if err != nil {
		return c, err
	}
	c = c.unpaired(c.Zones[i].Number)
	c.Zones = slices.Delete(c.Zones, i, i+1)
	return c, nil
}

// Find returns the zone of a name, in any case, or of a number.
func (c Config) Find(nameOrNumber string) (Zone, bool) {
	i, err := c.index(nameOrNumber)
	if err != nil {
		return Zone{}, false
	}
	return c.Zones[i], true
}

// Validate checks a configuration that was read as a whole: each delay in its
// range, each zone as Add would take it, no number twice, each pair mutual.
func (c Config) Validate() error {
	if err := c.checkDelays(); err != nil {
		return err
	}
	if c.SwingerTrips < 1 || c.SwingerTrips > MaxSwingerTrips {
		return fmt.Errorf("swinger-trips %d is not allowed: it must be from 1 to %d, such as 2", c.SwingerTrips, MaxSwingerTrips)
	}
	for i, z := range c.Zones {
		if z.Number < 1 || i > 0 && z.Number <= c.Zones[i-1].Number {
			return fmt.Errorf("zone %q has the number %d: zones are numbered upwards from 1, each number once", z.Name, z.Number)
		}
		if normal, err := c.check(z); err != nil {
			return err
		} else if normal != z {
			return fmt.Errorf("zone %q is not written as zone list shows it: no blanks around the name, sensor IDs such as %s", z.Name, exampleSensor)
		}
	}
	return c.checkPairs()
}

func (c Config) checkDelays() error {
	for _, d := range []struct {
		name            string
		value, min, max int64
		example         string
	}{
		{"exit-delay", c.ExitDelay, 0, MaxExitDelay, "60s"},
		{"entry-delay", c.EntryDelay, 0, MaxEntryDelay, "30s"},
		{"siren-time", c.SirenTime, MinSirenTime, MaxSirenTime, "240s"},
		{"cross-zone-window", c.CrossWindow, MinCrossWindow, MaxCrossWindow, "300s"},
	} {
		if d.value < d.min || d.value > d.max {
			return fmt.Errorf("%s %gs is not allowed: it must be from %ds to %ds, such as %s",
				d.name, float64(d.value)/1000, d.min/1000, d.max/1000, d.example)
		}
	}
	return nil
}

func (c Config) freeNumber() int {
	for n := 1; ; n++ {
		if _, taken := c.zone(n); !taken {
			return n
		}
	}
}

func (c Config) place(number int) int {
	i, _ := slices.BinarySearchFunc(c.Zones, number, func(z Zone, n int) int { return z.Number - n })
	return i
}

func (c Config) zone(number int) (Zone, bool) {
	for _, z := range c.Zones {
		if z.Number == number {
			return z, true
		}
	}
	return Zone{}, false
}

func (c Config) index(nameOrNumber string) (int, error) {
	want := strings.TrimSpace(nameOrNumber)
	for i, z := range c.Zones {
		if strings.EqualFold(z.Name, want) || strconv.Itoa(z.Number) == want {
			return i, nil
		}
	}
	return 0, fmt.Errorf("there is no zone %q: give its name or number as zone list shows it, such as 1", nameOrNumber)
}

// check returns z in its normal form if it may stand among the other zones.
func (c Config) check(z Zone) (Zone, error) {
	z.Name = strings.TrimSpace(z.Name)
	if err := checkName(z.Name); err != nil {
		return z, err
	}
	if !slices.Contains(Types(), z.Type) {
		return z, fmt.Errorf("zone type %q is not allowed: it must be one of %s, such as entry for the front door", z.Type, joinTypes())
	}
	if err := checkSupervise(z); err != nil {
		return z, err
	}
	if z.Cross != 0 {
		if err := z.mayCross(); err != nil {
			return z, err
		}
	}
	z, err := normalSensors(z)
	if err != nil {
		return z, err
	}
	if err := checkWires(z); err != nil {
		return z, err
	}
	return z, c.checkUnique(z)
}

func checkSupervise(z Zone) error {
	switch {
	case z.Supervise == 0:
		return nil
	case z.Type == Panic:
		return fmt.Errorf("zone %q can't be supervised, since it is never kept when a zone of type panic was last heard: leave --supervise %v away or give 0", z.Name, z.Supervise)
	case z.Supervise < MinSupervise || z.Supervise > MaxSupervise:
		return fmt.Errorf("supervise %v is not allowed: it must be 0 (never) or from 10m to 90d, such as 12h", z.Supervise)
	}
	return nil
}

func (c Config) checkUnique(z Zone) error {
	used := z.IDs()
	for i, id := range used {
		if listens(used[:i], id) {
			return fmt.Errorf("sensor %s is given twice for zone %q: each ID can mean only one thing", id, z.Name)
		}
	}
	for _, other := range c.Zones {
		if other.Number == z.Number {
			continue
		}
		if strings.EqualFold(other.Name, z.Name) {
			return fmt.Errorf("the name %q is zone %d's already: choose another, such as %q", z.Name, other.Number, "Back door")
		}
		for _, id := range used {
			if listens(other.IDs(), id) {
				return fmt.Errorf("sensor %s belongs to zone %d (%s) already: an ID can be used once only", id, other.Number, other.Name)
			}
		}
	}
	return nil
}

// listens says whether one of the IDs listens to what id does.
func listens(ids []string, id string) bool {
	return slices.ContainsFunc(ids, func(other string) bool { return Input(other) == Input(id) })
}

func normalSensors(z Zone) (Zone, error) {
	if z.Sensor == "" {
		return z, fmt.Errorf("zone %q has no sensor: give the ID that learn shows, such as %s", z.Name, exampleSensor)
	}
	for _, id := range []*string{&z.Sensor, &z.Close, &z.Tamper, &z.LowBattery} {
		if *id == "" {
			continue
		}
		normal, err := ParseSensor(*id)
		if err != nil {
			return z, err
		}
		*id = normal
	}
	return z, checkKinds(z)
}

// checkKinds holds which kinds of ID may stand where.
func checkKinds(z Zone) error {
	for _, id := range []string{z.Close, z.Tamper, z.LowBattery} {
		if id != "" && (reportsByItself(id) || reportsByItself(z.Sensor)) {
			return fmt.Errorf("zone %q: a sensor such as %s reports closing, tamper and battery by itself; give only --sensor, and no %s beside it", z.Name, cmp.Or(z.Sensor, id), id)
		}
	}
	for _, id := range z.IDs() {
		if strings.HasPrefix(id, "hcs:") && z.Type != Panic {
			return fmt.Errorf("zone %q: %s is a button of a remote: only a zone of type panic can have one; enrol it by `gsmpanel remote add`", z.Name, id)
		}
	}
	if z.Type == Panic && reportsByItself(z.Sensor) {
		return fmt.Errorf("zone %q: of %s it can't be told how it is pressed, and a zone of type panic is silent at two presses and audible when held; enrol a button by `gsmpanel remote add` with one action, for example --button simplisafe:1M38R:panic=audible", z.Name, z.Sensor)
	}
	return nil
}

// nameLetters are the printable characters of the GSM 7-bit default alphabet
// (3GPP TS 23.038, 6.2.1), each one septet: a zone's name stands in texts.
const nameLetters = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
	"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

func checkName(name string) error {
	for _, r := range name {
		if r == utf8.RuneError || !strings.ContainsRune(nameLetters, r) {
			return fmt.Errorf("zone name %q: %q can't stand in a plain text message; use letters, digits and simple signs, such as Kitchen window", name, r)
		}
	}
	if n := utf8.RuneCountInString(name); n < 1 || n > 16 {
		return fmt.Errorf("zone name %q has %d characters: it must have 1 to 16, such as Kitchen window", name, n)
	}
	if strings.Trim(name, "0123456789") == "" {
		return fmt.Errorf("zone name %q is a bare number, which would be taken for a zone's number: add a word, such as Door %s", name, name)
	}
	return nil
}

func joinTypes() string {
	var words []string
	for _, t := range Types() {
		words = append(words, string(t))
	}
	return strings.Join(words, ", ")
}
