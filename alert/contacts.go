package alert

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
	"github.com/warthog618/sms/encoding/gsm7"
)

// Class is what a contact wants to be told of.
type Class string

// The classes of section 7: life is duress, panic, fire and medical; alarm is
// burglary and tamper; report is arming, disarming and tests.
const (
	Life    Class = "life"
	Alarm   Class = "alarm"
	Trouble Class = "trouble"
	Report  Class = "report"
)

// Classes lists every class in the order they are written.
var Classes = []Class{Life, Alarm, Trouble, Report}

// Limits of the notification list.
const (
	MaxContacts = 32 // entries
	MaxName     = 20 // septets of a person's name
	MaxAddress  = 60 // septets of the address, so that the short form of every alarm text fits one SMS
)

// Contact is a person on the notification list.
type Contact struct {
	Name    string  `json:"name"`
	Number  string  `json:"number"` // E.164
	Classes []Class `json:"classes"`
	Control bool    `json:"control"`
	AtSite  bool    `json:"at_site"`  // said to live there
	OffSite bool    `json:"off_site"` // said to live elsewhere
	NoCall  bool    `json:"no_call"`
	NoText  bool    `json:"no_text"`
}

// InHouse tells whether the phone may be in the house.
func (c Contact) InHouse() bool { return c.AtSite || c.Control && !c.OffSite }

// Gets tells whether the contact wants class k.
func (c Contact) Gets(k Class) bool { return slices.Contains(c.Classes, k) }

// GetsReports tells whether the contact is texted reports.
func (c Contact) GetsReports() bool { return c.Gets(Report) && !c.NoText }

// Config is the notification list and how it is used.
type Config struct {
	Contacts      []Contact `json:"contacts"`
	Words         Words     `json:"words,omitempty"`
	AbortWindow   int64     `json:"abort_window"`  // ms
	CancelWindow  int64     `json:"cancel_window"` // ms
	RingTime      int64     `json:"ring_time"`     // ms
	CallRounds    int       `json:"call_rounds"`
	TextBudget    int       `json:"text_budget"` // reports and troubles a day
	TestEvery     int       `json:"test_every"`  // days between signs of life; 0 is never
	TroubleDelay  int64     `json:"trouble_delay"`
	NetworkDelay  int64     `json:"network_delay"`
	MainsDelay    int64     `json:"mains_delay"`
	ReportDefault string    `json:"report_default"` // ReportNone, ReportOthers or ReportAll

	BalanceCode    string `json:"balance_code"`    // such as *100#; "" is not read
	BalancePattern string `json:"balance_pattern"` // PatternAuto or a regular expression
	BalanceLimit   Amount `json:"balance_limit"`   // below it is a trouble
	CreditReserve  int    `json:"credit_reserve"`  // texts that are kept for alarms
}

// Values of report-default.
const (
	ReportNone   = "none"
	ReportOthers = "disarm-by-others"
	ReportAll    = "all"
)

// DefaultConfig is an empty list with the defaults of sections 3 and 7.
func DefaultConfig() Config {
	return Config{
		AbortWindow: 30_000, CancelWindow: 300_000,
		RingTime: 25_000, CallRounds: 3, TextBudget: 20, TestEvery: 7,
		TroubleDelay: 60_000, NetworkDelay: 180_000, MainsDelay: 300_000, ReportDefault: ReportOthers,
		BalancePattern: PatternAuto, BalanceLimit: Amount{Milli: 5000}, CreditReserve: 30,
	}
}

// Find returns the contact of that name, in any case.
func (c Config) Find(name string) (Contact, bool) {
	i := c.index(name)
	if i < 0 {
		return Contact{}, false
	}
	return c.Contacts[i], true
}

// Watcher is who hears of disarms that a copied fob could have made: the first of
// class report who lives elsewhere, or else the first of that class.
func (c Config) Watcher() (Contact, bool) {
	i := slices.IndexFunc(c.Contacts, func(k Contact) bool { return k.GetsReports() && !k.InHouse() })
	if i < 0 {
		i = slices.IndexFunc(c.Contacts, Contact.GetsReports)
	}
	if i < 0 {
		return Contact{}, false
	}
	return c.Contacts[i], true
}

// ByNumber returns the contact with that E.164 number.
func (c Config) ByNumber(number string) (Contact, bool) {
	i := slices.IndexFunc(c.Contacts, func(k Contact) bool { return k.Number == number })
	if i < 0 {
		return Contact{}, false
	}
	return c.Contacts[i], true
}

func (c Config) index(name string) int {
	name = strings.Join(strings.Fields(name), " ")
	return slices.IndexFunc(c.Contacts, func(k Contact) bool { return strings.EqualFold(k.Name, name) })
}

// Add puts a contact at the end of the list. Without classes a control contact
// gets all four and others life and alarm.
func (c Config) Add(k Contact, country string) (Config, error) {
	if len(c.Contacts) >= MaxContacts {
		return c, fmt.Errorf("the list is full: it holds %d contacts; remove one first", MaxContacts)
	}
	if k.Classes == nil {
		k.Classes = defaultClasses(k.Control)
	}
	k, err := c.check(k, country, -1)
	if err != nil {
		return c, err
	}
	c.Contacts = append(slices.Clone(c.Contacts), k)
	return c, nil
}

func defaultClasses(control bool) []Class {
	if control {
		return slices.Clone(Classes)
	}
	return []Class{Life, Alarm}
}

// Edit replaces a contact by what change makes of it.
func (c Config) Edit(name, country string, change func(*Contact)) (Config, error) {
	i := c.index(name)
	if i < 0 {
		return c, unknownContact(name)
	}
	k := c.Contacts[i]
	k.Classes = slices.Clone(k.Classes)
	change(&k)
	k, err := c.check(k, country, i)
	if err != nil {
		return c, err
	}
	c.Contacts = slices.Clone(c.Contacts)
	c.Contacts[i] = k
	return c, nil
}

// Move puts a contact at place (1 is first).
func (c Config) Move(name string, place int) (Config, error) {
	i := c.index(name)
	if i < 0 {
		return c, unknownContact(name)
	}
	if place < 1 || place > len(c.Contacts) {
		return c, fmt.Errorf("there is no place %d on a list of %d contacts; 1 is told first", place, len(c.Contacts))
	}
	k := c.Contacts[i]
	c.Contacts = slices.Insert(slices.Delete(slices.Clone(c.Contacts), i, i+1), place-1, k)
	return c, nil
}

// Remove takes a contact off the list.
func (c Config) Remove(name string) (Config, error) {
	i := c.index(name)
	if i < 0 {
		return c, unknownContact(name)
	}
	c.Contacts = slices.Delete(slices.Clone(c.Contacts), i, i+1)
	return c, nil
}

func unknownContact(name string) error {
	return fmt.Errorf("no contact is called %q; `gsmpanel contact list` shows the names", name)
}

// check validates k as entry at (-1 when new).
func (c Config) check(k Contact, country string, at int) (Contact, error) {
	var err error
	if k.Name, err = Name(k.Name); err != nil {
		return k, err
	}
	if k.Number, err = Number(k.Number, country); err != nil {
		return k, err
	}
	if k.AtSite && k.OffSite {
		return k, fmt.Errorf("%s cannot be both --at-site and --off-site; give one of them", k.Name)
	}
	for _, class := range k.Classes {
		if !slices.Contains(Classes, class) {
			return k, fmt.Errorf("class %q is unknown; allowed are life, alarm, trouble, report and none, for example --class life,alarm", class)
		}
	}
	for i, o := range c.Contacts {
		if i == at {
			continue
		}
		if strings.EqualFold(o.Name, k.Name) {
			return k, fmt.Errorf("a contact called %s is on the list already; choose another name, for example %q", o.Name, o.Name+" work")
		}
		if o.Number == k.Number {
			return k, fmt.Errorf("%s is %s's number already; a contact has a number of their own", k.Number, o.Name)
		}
	}
	return k, nil
}

// Name checks a person's or a place's name for use in texts.
func Name(s string) (string, error) {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return s, fmt.Errorf("a name is needed, for example Anna")
	}
	if n, ok := Septets(s); !ok || n > MaxName {
		return s, fmt.Errorf("the name %q does not fit a text: up to %d letters of the GSM alphabet, for example Anna", s, MaxName)
	}
	return s, nil
}

// Septets counts the length of s in a GSM-7 text (3GPP TS 23.038 6.2.1); ok is
// false when a character is not in that alphabet.
func Septets(s string) (n int, ok bool) {
	b, err := gsm7.Encode([]byte(s))
	return len(b), err == nil
}

// Number turns what a person writes into E.164, completing a national number by
// the country (ISO 3166). Emergency and short numbers are refused: calls by
// machines to them are illegal in many places.
func Number(s, country string) (string, error) {
	digits := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "", "/", "", "\u00a0", "").Replace(strings.TrimSpace(s))
	if strings.HasPrefix(digits, "00") {
		digits = "+" + digits[2:]
	}
	bare := strings.TrimPrefix(digits, "+")
	if bare == "" || strings.Trim(bare, "0123456789") != "" {
		return "", fmt.Errorf("%q is not a phone number; write it as +447700900123", s)
	}
	if len(bare) < 7 || emergency(bare, country) {
		return "", errShort(s)
	}
	var number string
	var err error
	if digits[0] == '+' {
		number, err = international(s, bare)
	} else {
		number, err = national(s, digits, country)
	}
	if err == nil && short(number) {
		return "", errShort(s)
	}
	return number, err
}

func errShort(s string) error {
	return fmt.Errorf("%s is an emergency or short number, and a machine may not call those; list people, and let them call for help", s)
}

// short tells whether a number with its country code is a short one of that
// country, such as +49 116117.
func short(number string) bool {
	n, err := phonenumbers.Parse(number, "")
	if err != nil {
		return false // of a country that is not known; it has 7 digits or more
	}
	return phonenumbers.IsValidShortNumber(n) && !phonenumbers.IsValidNumber(n)
}

func international(s, bare string) (string, error) {
	if len(bare) > 15 || bare[0] == '0' {
		return "", fmt.Errorf("%q is not an international number; write + and 7 to 15 digits, for example +447700900123", s)
	}
	return "+" + bare, nil
}

func national(s, digits, country string) (string, error) {
	if country == "" {
		return "", fmt.Errorf("%q has no country code; write it as +447700900123, or set the country with `gsmpanel site set --country GB`", s)
	}
	n, err := phonenumbers.Parse(digits, country)
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return "", fmt.Errorf("%q is not a phone number in %s; write it as +447700900123", s, country)
	}
	return phonenumbers.Format(n, phonenumbers.E164), nil
}

func emergency(bare, country string) bool {
	return country != "" && phonenumbers.IsEmergencyNumber(bare, country)
}

// SameNumber brings a sender's number to E.164 for comparison, or "" when it is
// none: an alphanumeric sender never matches anybody.
func SameNumber(s, country string) string {
	n, err := Number(s, country)
	if err != nil {
		return ""
	}
	return n
}
