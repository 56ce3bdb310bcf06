package panel

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// Config is everything that an owner sets. Step owns it; it changes only by an
// Edit, and only as a whole.
type Config struct {
	Version uint64        `json:"version"` // +1 with each edit
	Site    Site          `json:"site"`
	Access  Access        `json:"access"`
	Zones   zones.Config  `json:"zones"`
	Duress  duress.Config `json:"duress"`
	Alert   alert.Config  `json:"alert"`
	Radio   radio.Config  `json:"radio"`
	// Awaited are persons whom an imported file names and who have no code here yet:
	// whose phones are theirs is to be known before.
	Awaited []duress.Person `json:"awaited,omitempty"`
	Hidden  Hidden          `json:"-"` // stored where what is sealed is
	Keys    Keys            `json:"-"` // the same
}

// Site is what texts say of the place.
type Site struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	Country string `json:"country"` // ISO 3166 alpha-2; completes national numbers
	Zone    string `json:"zone"`    // IANA time zone
	Police  string `json:"police"`  // the number people dial, for texts only
}

// Access holds the settings of who may command.
type Access struct {
	AnyNumber  bool  `json:"any_number"`
	WrongCodes int   `json:"wrong_codes"` // wrong codes an hour before a lock
	LockTime   int64 `json:"lock_time"`   // ms
	CallKeypad bool  `json:"call_keypad"` // digits keyed in a call to the panel are commands
	// What buttons of remotes may do, and whether the siren answers them.
	FobDisarm string `json:"fob_disarm"` // FobReport, FobAlways or FobNever
	Chirp     bool   `json:"chirp"`
}

// DefaultConfig is a new panel's configuration: no site, no contact, no zone,
// and the codes that the caller made.
func DefaultConfig(codes duress.Config) Config {
	return Config{
		Site:   Site{Zone: "UTC"},
		Access: Access{WrongCodes: 5, LockTime: 15 * 60_000, FobDisarm: FobReport, Chirp: true},
		Zones:  zones.DefaultConfig(),
		Duress: codes,
		Alert:  alert.DefaultConfig(),
	}
}

// Place is how texts name the site: its address, or its name where none is set.
func (s Site) Place() string {
	if s.Address != "" {
		return s.Address
	}
	return s.Name
}

var policeNumber = regexp.MustCompile(`^\+?[0-9]{2,15}$`)

func (s Site) check() (Site, error) {
	s.Name = strings.Join(strings.Fields(s.Name), " ")
	s.Address = strings.Join(strings.Fields(s.Address), " ")
	s.Country = strings.ToUpper(strings.TrimSpace(s.Country))
	s.Police = strings.NewReplacer(" ", "", "-", "").Replace(s.Police)
	if s.Name != "" {
		if _, err := alert.Name(s.Name); err != nil {
			return s, err
		}
	}
	if n, ok := alert.Septets(s.Address); !ok || n > alert.MaxAddress {
		return s, fmt.Errorf("the address %q does not fit a text: up to %d letters of the GSM alphabet, for example \"12 Mill Lane, Hexton\"", s.Address, alert.MaxAddress)
	}
	if s.Country != "" && phonenumbers.GetCountryCodeForRegion(s.Country) == 0 {
		return s, fmt.Errorf("country %q is unknown; give its two letters of ISO 3166, for example GB", s.Country)
	}
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "Local" {
		return s, fmt.Errorf("time zone %q is unknown; give a name of the IANA list, for example Europe/London", s.Zone)
	}
	if s.Police != "" && !policeNumber.MatchString(s.Police) {
		return s, fmt.Errorf("police number %q is not a number that people can dial; for example +441438757000 or 101", s.Police)
	}
	return s, nil
}

// Public is the part of the configuration that listings show: no code, no hash,
// no kind, no count.
type Public struct {
	Version  uint64          `json:"version"`
	Site     Site            `json:"site"`
	Contacts []alert.Contact `json:"contacts"`
	Zones    []zones.Zone    `json:"zones"`
	Remotes  []radio.Remote  `json:"remotes"`
	// Proven are the serial numbers of rolling-code remotes whose codes are checked
	// by their maker's key.
	Proven  []string `json:"proven,omitempty"`
	Persons []string `json:"persons"`
	Awaited []string `json:"awaited,omitempty"` // named by an imported file, and without a code
	// Phones are the contacts that are a person's own, by the person's name.
	Phones   map[string][]string `json:"phones"`
	Settings []SettingValue      `json:"settings"`
	Words    alert.Words         `json:"words,omitempty"`
}

// Public shows what listings may show.
func (c Config) Public() Public {
	p := Public{Version: c.Version, Site: c.Site, Contacts: c.Alert.Contacts, Zones: c.Zones.Zones, Remotes: c.Radio.Remotes, Settings: c.Settings(), Words: c.Alert.Words, Phones: map[string][]string{}}
	p.Proven = slices.Sorted(maps.Keys(c.Keys))
	for _, person := range c.Duress.Persons {
		p.Persons = append(p.Persons, person.Name)
	}
	for _, person := range c.Awaited {
		p.Awaited = append(p.Awaited, person.Name)
	}
	for _, person := range c.persons() {
		p.Phones[person.Name] = append(slices.Clone(person.Contacts), person.Name)
	}
	return p
}

// persons are all whose phones are known as theirs.
func (c Config) persons() []duress.Person { return slices.Concat(c.Duress.Persons, c.Awaited) }

// personNamed finds one of them by name, in any case.
func (c Config) personNamed(name string) (duress.Person, bool) {
	list := c.persons()
	n := slices.IndexFunc(list, func(p duress.Person) bool { return strings.EqualFold(p.Name, name) })
	if n < 0 {
		return duress.Person{}, false
	}
	return list[n], true
}

// awaited are the persons of a list who have no code.
func (c Config) awaited(list []duress.Person) []duress.Person {
	return slices.DeleteFunc(slices.Clone(list), func(p duress.Person) bool { return c.Duress.Named(p.Name) })
}
