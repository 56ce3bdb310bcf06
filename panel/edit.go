package panel

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// Edit is one change of the configuration. Config.Apply is the one validator,
// for the loop, for the command line without a daemon, and for import.
type Edit interface {
	apply(Config) (Config, error)
	says() string // for the journal; never a code, a kind or a count
}

// Apply returns the configuration with the edit done, or the old one and a
// sentence that says what is wrong; nothing is half-stored.
func (c Config) Apply(e Edit) (Config, error) {
	next, err := e.apply(c)
	if err != nil {
		return c, err
	}
	if err := next.fits(); err != nil && c.fits() == nil {
		return c, err // what did not fit before must not keep anybody from mending it
	}
	next.Version = c.Version + 1
	return next, nil
}

// SetSite changes what texts say; nil leaves a field as it is.
type SetSite struct {
	Name    *string `json:"name,omitempty"`
	Address *string `json:"address,omitempty"`
	Country *string `json:"country,omitempty"`
	Zone    *string `json:"zone,omitempty"`
	Police  *string `json:"police,omitempty"`
}

func (e SetSite) apply(c Config) (Config, error) {
	for _, f := range []struct{ to, from *string }{
		{&c.Site.Name, e.Name}, {&c.Site.Address, e.Address}, {&c.Site.Country, e.Country}, {&c.Site.Zone, e.Zone}, {&c.Site.Police, e.Police},
	} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	var err error
	c.Site, err = c.Site.check()
	return c, err
}
func (SetSite) says() string { return "site changed" }

// AddContact puts a person at the end of the notification list and, unless
// Quiet, texts them what to expect.
type AddContact struct {
	alert.Contact
	Quiet bool `json:"quiet,omitempty"`
}

func (e AddContact) apply(c Config) (Config, error) {
	var err error
	c.Alert, err = c.Alert.Add(e.Contact, c.Site.Country)
	return c, err
}
func (e AddContact) says() string { return "contact " + e.Name + " added" }

// EditContact changes a contact; nil leaves a field as it is.
type EditContact struct {
	Contact string         `json:"contact"` // the name as it is
	Name    *string        `json:"name,omitempty"`
	Number  *string        `json:"number,omitempty"`
	Classes *[]alert.Class `json:"classes,omitempty"`
	Control *bool          `json:"control,omitempty"`
	AtSite  *bool          `json:"at_site,omitempty"`
	OffSite *bool          `json:"off_site,omitempty"`
	NoCall  *bool          `json:"no_call,omitempty"`
	NoText  *bool          `json:"no_text,omitempty"`
	Place   *int           `json:"place,omitempty"` // 1 is told first
}

func (e EditContact) apply(c Config) (Config, error) {
	next, err := c.Alert.Edit(e.Contact, c.Site.Country, func(k *alert.Contact) {
		assign(&k.Name, e.Name)
		assign(&k.Number, e.Number)
		assign(&k.Classes, e.Classes)
		assign(&k.Control, e.Control)
		assign(&k.NoCall, e.NoCall)
		assign(&k.NoText, e.NoText)
		if e.AtSite != nil {
			k.AtSite, k.OffSite = *e.AtSite, k.OffSite && !*e.AtSite
		}
		if e.OffSite != nil {
			k.OffSite, k.AtSite = *e.OffSite, k.AtSite && !*e.OffSite
		}
	})
	if err != nil {
		return c, err
	}
	before, _ := c.Alert.Find(e.Contact)
	name := before.Name // both as they are stored, not as they were typed
	if e.Name != nil {
		if name, err = alert.Name(*e.Name); err != nil {
			return c, err
		}
	}
	if e.Place != nil {
		if next, err = next.Move(name, *e.Place); err != nil {
			return c, err
		}
	}
	c.Alert = next
	c.Duress.Persons, c.Awaited = renamed(c.Duress.Persons, before.Name, name), renamed(c.Awaited, before.Name, name)
	c.Radio = c.Radio.Rename(before.Name, name)
	return c, nil
}

// renamed keeps a person's phones theirs when a contact gets another name.
func renamed(persons []duress.Person, from, to string) []duress.Person {
	persons = slices.Clone(persons)
	for n := range persons {
		persons[n].Contacts = slices.Clone(persons[n].Contacts)
		for k, name := range persons[n].Contacts {
			if strings.EqualFold(name, from) {
				persons[n].Contacts[k] = to
			}
		}
	}
	return persons
}

func (e EditContact) says() string { return "contact " + e.Contact + " changed" }

func assign[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// RemoveContact takes a person off the list.
type RemoveContact struct {
	Name string `json:"name"`
}

func (e RemoveContact) apply(c Config) (Config, error) {
	before, _ := c.Alert.Find(e.Name)
	var err error
	if c.Alert, err = c.Alert.Remove(e.Name); err != nil {
		return c, err
	}
	c.Radio = c.Radio.Rename(before.Name, "")
	return c, nil
}
func (e RemoveContact) says() string { return "contact " + e.Name + " removed" }

// AddZone adds a zone with the lowest free number.
type AddZone struct {
	zones.Zone
	Cross string `json:"cross,omitempty"` // its partner, by name or number
}

func (e AddZone) apply(c Config) (Config, error) {
	var err error
	if c.Zones, err = c.Zones.Add(e.Zone); err == nil && e.Cross != "" {
		c.Zones, err = c.Zones.Pair(e.Name, e.Cross)
	}
	return c, c.checkZones(err)
}
func (e AddZone) says() string { return "zone " + e.Name + " added" }

// EditZone changes a zone; nil leaves a field as it is.
type EditZone struct {
	Zone       string         `json:"zone"` // name or number as it is
	Name       *string        `json:"name,omitempty"`
	Type       *zones.Type    `json:"type,omitempty"`
	Sensor     *string        `json:"sensor,omitempty"`
	Close      *string        `json:"close,omitempty"`
	Tamper     *string        `json:"tamper,omitempty"`
	LowBattery *string        `json:"low_battery,omitempty"`
	Supervise  *time.Duration `json:"supervise,omitempty"`
	Cross      *string        `json:"cross,omitempty"` // its partner, or zones.Unpaired
}

func (e EditZone) apply(c Config) (Config, error) {
	var err error
	c.Zones, err = e.change(c.Zones)
	return c, c.checkZones(err)
}

// change frees the zone first where it gets another partner, since the type may
// change besides.
func (e EditZone) change(c zones.Config) (zones.Config, error) {
	before, _ := c.Find(e.Zone)
	var err error
	if e.Cross != nil {
		if c, err = c.Pair(e.Zone, zones.Unpaired); err != nil {
			return c, err
		}
	}
	c, err = c.Edit(e.Zone, func(z *zones.Zone) {
		assign(&z.Name, e.Name)
		assign(&z.Type, e.Type)
		assign(&z.Sensor, e.Sensor)
		assign(&z.Close, e.Close)
		assign(&z.Tamper, e.Tamper)
		assign(&z.LowBattery, e.LowBattery)
		assign(&z.Supervise, e.Supervise)
	})
	if err != nil || e.Cross == nil {
		return c, err
	}
	return c.Pair(strconv.Itoa(before.Number), *e.Cross)
}

// checkZones adds to what the zones themselves refuse.
func (c Config) checkZones(err error) error {
	if err != nil {
		return err
	}
	for _, z := range c.Zones.Zones {
		if z.Type != zones.Panic {
			continue
		}
		if err := noBattery(z); err != nil {
			return err
		}
		if err := c.reaches(radio.Remote{Name: z.Name}); err != nil {
			return err
		}
	}
	return c.oneMeaning()
}

// noBattery refuses what would show that a panic button was pressed.
func noBattery(z zones.Zone) error {
	if z.Type != zones.Panic || z.LowBattery == "" {
		return nil
	}
	return fmt.Errorf("zone %q cannot have --low-battery: a panic button says that its battery is low when it is pressed, and that would show the press; press it now and then in a test", z.Name)
}

func (e EditZone) says() string { return "zone " + e.Zone + " changed" }

// RemoveZone takes a zone out, by name or number.
type RemoveZone struct {
	Zone string `json:"zone"`
}

func (e RemoveZone) apply(c Config) (Config, error) {
	var err error
	c.Zones, err = c.Zones.Remove(e.Zone)
	return c, err
}
func (e RemoveZone) says() string { return "zone " + e.Zone + " removed" }

// Set gives a setting a value as a person writes it.
type Set struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func (e Set) apply(c Config) (Config, error) { return c.set(e.Name, e.Value) }
func (e Set) says() string                   { return "setting " + e.Name + " is " + e.Value }

// PutCodes replaces the codes by what the door made of the present ones. It
// never crosses a socket: it holds slots, not digits.
type PutCodes struct {
	Codes duress.Config
	Says  string
}

func (e PutCodes) apply(c Config) (Config, error) {
	if e.Codes.Generation != c.Duress.Generation+1 {
		return c, fmt.Errorf("the codes were changed by somebody else meanwhile; try once more")
	}
	c.Duress = e.Codes
	c.Awaited = c.awaited(c.Awaited)
	return c, nil
}
func (e PutCodes) says() string { return e.Says }

// edits names the edits that may come as JSON.
var edits = map[string]Edit{
	"site.set": SetSite{}, "contact.add": AddContact{}, "contact.edit": EditContact{}, "contact.remove": RemoveContact{},
	"zone.add": AddZone{}, "zone.edit": EditZone{}, "zone.remove": RemoveZone{}, "settings.set": Set{},
	"remote.add": AddRemote{}, "remote.remove": RemoveRemote{}, "site.words": SetWords{},
	"import": Import{},
}

// EncodeEdit names an edit and writes it as JSON.
func EncodeEdit(e Edit) (op string, args json.RawMessage, err error) {
	for name, kind := range edits {
		if reflect.TypeOf(kind) == reflect.TypeOf(e) {
			args, err = json.Marshal(e)
			return name, args, err
		}
	}
	return "", nil, fmt.Errorf("an edit of type %T cannot be sent", e)
}

// DecodeEdit reads what EncodeEdit wrote.
func DecodeEdit(op string, args json.RawMessage) (Edit, error) {
	kind, ok := edits[op]
	if !ok {
		names := make([]string, 0, len(edits))
		for name := range edits {
			names = append(names, name)
		}
		slices.Sort(names)
		return nil, fmt.Errorf("there is no edit %q; there are %v", op, names)
	}
	p := reflect.New(reflect.TypeOf(kind))
	if err := json.Unmarshal(args, p.Interface()); err != nil {
		return nil, fmt.Errorf("cannot read the edit %s: %w", op, err)
	}
	return p.Elem().Interface().(Edit), nil
}
