package panel

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// at puts something into line n of a file.
func at[T any](n int, item T) Placed[T] { return Placed[T]{Place{n, 3}, item} }

// wholeImport is the household of the template as a file says it.
func wholeImport() Import {
	e := Import{Site: at(2, SetSite{Name: ptr(template.Site.Name), Address: ptr(template.Site.Address), Country: ptr(template.Site.Country), Zone: ptr(template.Site.Zone), Police: ptr(template.Site.Police)}),
		Contacts: &[]Placed[alert.Contact]{}, Persons: &[]Placed[duress.Person]{}, Zones: &[]Placed[zones.Zone]{}, Remotes: &[]Placed[radio.Remote]{}, Words: &[]Placed[ReplacedWording]{}}
	line := 10
	next := func() int { line++; return line }
	for _, k := range template.Alert.Contacts {
		*e.Contacts = append(*e.Contacts, at(next(), k))
	}
	for _, p := range template.Duress.Persons {
		*e.Persons = append(*e.Persons, at(next(), p))
	}
	for _, z := range template.Zones.Zones {
		*e.Zones = append(*e.Zones, at(next(), z))
	}
	for _, r := range template.Radio.Remotes {
		r.Buttons = slices.Clone(r.Buttons)
		*e.Remotes = append(*e.Remotes, at(next(), r))
	}
	for _, s := range template.Settings() {
		e.Settings = append(e.Settings, at(next(), Set{s.Name, s.Value}))
	}
	for name, text := range template.Alert.Words {
		*e.Words = append(*e.Words, at(next(), ReplacedWording{name, text}))
	}
	return e
}

// all is a configuration with what is stored apart, but for what counts changes.
func (c Config) all() string {
	c.Version, c.Duress.Generation = 0, 0
	return string(must(json.Marshal(c))) + fmt.Sprint(c.Hidden, c.Keys)
}

// What a panel says of itself changes nothing of it, and nothing that goes on: neither
// the burglary nor the duress that is open, nor locks nor what buttons hide.
func TestImportKeepsWhatGoesOn(t *testing.T) {
	h := newHouse()
	h.c.Hidden = Hidden{fobDisarm: duress.HidesHold}.of(h.c.Radio.Remotes)
	h.text(anna, annaCode+" ARM")
	h.wait(5 * time.Minute)
	h.trip(kitchen)
	h.wait(40 * time.Second)
	h.text(tom, "111111 DISARM")
	h.text(anna, annaDuress+" STATUS")
	h.wait(25 * time.Second)
	before, config := copied(h.s), h.c.all()
	if len(before.Sealed.Book.Incidents) != 1 || len(before.Book.Incidents) != 1 {
		t.Fatal("nothing is open")
	}
	if err := h.edit(wholeImport()); err != nil {
		t.Fatal(err)
	}
	if now := h.c.all(); now != config {
		t.Errorf("the configuration was\n%s, is\n%s", config, now)
	}
	for what, pair := range map[string][2]any{
		"what is sealed": {before.Sealed, h.s.Sealed}, "the open book": {before.Book, h.s.Book}, "locks": {before.Locks, h.s.Locks}, "zones": {before.Zones, h.s.Zones},
	} {
		if a, b := string(must(json.Marshal(pair[0]))), string(must(json.Marshal(pair[1]))); a != b {
			t.Errorf("%s was\n%s, is\n%s", what, a, b)
		}
	}
	// Nor does a file of a list without those who were told.
	before = copied(h.s)
	short := Import{Contacts: &[]Placed[alert.Contact]{at(3, template.Alert.Contacts[0])}}
	if err := h.edit(short); err != nil || len(h.c.Alert.Contacts) != 1 {
		t.Fatal(err)
	}
	if a, b := string(must(json.Marshal(before.Sealed))), string(must(json.Marshal(h.s.Sealed))); a != b {
		t.Errorf("what is sealed was\n%s, is\n%s", a, b)
	}
}

// A button that is the same and still disarms keeps what it hides, under another
// remote's name too; one that does something else hides nothing, and never again.
func TestImportKeepsWhatButtonsHide(t *testing.T) {
	c := template
	c.Hidden = Hidden{fobDisarm: duress.HidesHold, spareDisarm: duress.HidesPress}.of(c.Radio.Remotes)
	remotes := func(change func(*radio.Button)) Import {
		list := []Placed[radio.Remote]{}
		for _, r := range c.Radio.Remotes {
			r.Name, r.Buttons = r.Name+" 2", slices.Clone(r.Buttons)
			for n := range r.Buttons {
				change(&r.Buttons[n])
			}
			list = append(list, at(5, r))
		}
		return Import{Remotes: &list}
	}
	same := must(c.Apply(remotes(func(*radio.Button) {})))
	if same.Hidden[fobDisarm] != duress.HidesHold || same.Hidden[spareDisarm] != duress.HidesPress || len(same.Hidden) != len(c.Hidden) {
		t.Errorf("of the same buttons %v are kept of %v", same.Hidden, c.Hidden)
	}
	other := must(c.Apply(remotes(func(b *radio.Button) {
		if b.ID == fobDisarm {
			b.Action = "arm"
		}
	})))
	back := must(other.Apply(remotes(func(*radio.Button) {})))
	if other.Hidden[fobDisarm] != duress.HidesNothing || back.Hidden[fobDisarm] != duress.HidesNothing || back.Hidden[spareDisarm] != duress.HidesPress {
		t.Errorf("of another button %v, and then %v", other.Hidden, back.Hidden)
	}
}

// Who has no code yet is known with their phones, so that none of those is told of
// what they are forced to; who has one keeps their phones, by the numbers.
func TestImportOfPersons(t *testing.T) {
	file := Import{
		Contacts: &[]Placed[alert.Contact]{at(2, alert.Contact{Name: "Mum", Number: anna, OffSite: true, Classes: alert.Classes}), at(3, alert.Contact{Name: "Ben", Number: ben, OffSite: true}), at(4, alert.Contact{Name: "Ben work", Number: cleo, OffSite: true})},
		Persons:  &[]Placed[duress.Person]{at(6, duress.Person{Name: "Anna", Contacts: []string{"ben"}}), at(7, duress.Person{Name: "Ben", Contacts: []string{"Ben", "ben work"}})},
	}
	c := must(template.Apply(file))
	if got := c.own("Anna"); !slices.Contains(got, "Mum") || slices.Contains(got, "Ben") {
		t.Errorf("Anna's phones are %q", got)
	}
	if len(c.Awaited) != 1 || !slices.Equal(c.own("Ben"), []string{"Ben", "Ben work", "Ben"}) || c.person(radio.Remote{Name: "Fob", Contact: "Ben work"}) != "Ben" {
		t.Errorf("awaited %v, Ben's phones %q", c.Awaited, c.own("Ben"))
	}
	put := must(changeCodes(c, testKey, seeded(1), CodeRequest{Do: "add", Name: "Ben", Kind: duress.User, New: "604917"}, nil))
	c = must(c.Apply(put))
	if p, _ := c.Duress.Person("Ben"); len(c.Awaited) != 0 || !slices.Equal(p.Contacts, []string{"Ben", "Ben work"}) {
		t.Errorf("awaited %v, Ben %v", c.Awaited, p)
	}
}

// A part that a file does not name stays.
func TestImportOfAPart(t *testing.T) {
	c := must(template.Apply(Import{Site: at(2, SetSite{Name: ptr("Elsewhere")}), Settings: []Placed[Set]{at(4, Set{"exit-delay", "45s"})}}))
	want := template
	want.Site.Name, want.Zones.ExitDelay = "Elsewhere", 45_000
	if c.all() != want.all() {
		t.Errorf("got\n%s, want\n%s", c.all(), want.all())
	}
}

// What is wrong is said with its place, and nothing is changed.
func TestImportRefuses(t *testing.T) {
	spoilt := func(change func(e *Import)) Import {
		e := wholeImport()
		change(&e)
		return e
	}
	for name, test := range map[string]struct {
		e    Import
		says string
	}{
		"a country":      {spoilt(func(e *Import) { e.Site.Item.Country = ptr("ZZ") }), `line 2, column 3: country "ZZ" is unknown`},
		"a contact":      {spoilt(func(e *Import) { (*e.Contacts)[1].Item.Number = "112" }), "line 12, column 3: 112 is an emergency"},
		"a number twice": {spoilt(func(e *Import) { (*e.Contacts)[1].Item.Number = anna }), "line 12, column 3: " + anna + " is Anna's number already"},
		"a phone":        {spoilt(func(e *Import) { (*e.Persons)[0].Item.Contacts = []string{"Gus"} }), `cannot have the phone of "Gus"`},
		"a person twice": {spoilt(func(e *Import) { (*e.Persons)[1].Item.Name = "ANNA" }), `a person called "ANNA" stands in the list already`},
		"a person":       {spoilt(func(e *Import) { (*e.Persons)[1].Item.Name = "~" }), `name "~"`},
		"many persons": {Import{Persons: ptr(slices.Collect(func(yield func(Placed[duress.Person]) bool) {
			for n := range 17 {
				yield(at(n, duress.Person{Name: fmt.Sprint("P", n)}))
			}
		}))}, "a panel holds 16"},
		"a zone's number":   {spoilt(func(e *Import) { (*e.Zones)[1].Item.Number = 1 }), `cannot have the number 1, which is that of Hall`},
		"no zone's number":  {spoilt(func(e *Import) { (*e.Zones)[1].Item.Number = -1 }), "cannot have the number -1"},
		"a zone's type":     {spoilt(func(e *Import) { (*e.Zones)[0].Item.Type = "door" }), `zone type "door" is not allowed`},
		"half a pair":       {spoilt(func(e *Import) { (*e.Zones)[0].Item.Cross = 2 }), "names zone 2 as its partner, which does not name it"},
		"a button's zone":   {spoilt(func(e *Import) { (*e.Zones)[0].Item.Sensor = fobArm }), "a code can mean one thing only"},
		"a panic battery":   {Import{Zones: &[]Placed[zones.Zone]{at(9, zones.Zone{Name: "Bed", Type: zones.Panic, Sensor: hall, LowBattery: hallBattery})}}, "line 9, column 3: zone \"Bed\" cannot have --low-battery"},
		"what buttons hide": {spoilt(func(e *Import) { (*e.Remotes)[0].Item.Buttons[0].Action = "duress-disarm" }), "cannot have duress-disarm in a file"},
		"held":              {spoilt(func(e *Import) { (*e.Remotes)[0].Item.Buttons[0].Action = "hold=duress-disarm,single=disarm" }), "cannot have duress-disarm in a file"},
		"an action":         {spoilt(func(e *Import) { (*e.Remotes)[0].Item.Buttons[0].Action = "open" }), `there is no action "open"`},
		"a remote's owner":  {spoilt(func(e *Import) { (*e.Remotes)[0].Item.Contact = "Gus" }), `no contact is called "Gus"`},
		"a setting":         {spoilt(func(e *Import) { e.Settings[0].Item.Value = "999" }), `exit-delay cannot be "999"; 0 to 255 seconds are allowed`},
		"the codes' length": {Import{Settings: []Placed[Set]{at(8, Set{"code-length", "8"})}}, "line 8, column 3: code-length 8 cannot be set while codes of 6 digits exist"},
		"words":             {Import{Words: &[]Placed[ReplacedWording]{at(7, ReplacedWording{"fire.acct", "Feuerwehr"})}}, `line 7, column 3: nothing is called "fire.acct"`},
		"words too long":    {Import{Words: &[]Placed[ReplacedWording]{at(7, ReplacedWording{"burglary.act", "Polizei" + strings.Repeat(" bitte", 30)})}}, "line 7, column 3: the text burglary.act"},
	} {
		before := template.all()
		c, err := template.Apply(test.e)
		if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
		if c.all() != before || c.Version != template.Version || template.all() != before {
			t.Errorf("%s: something is half-stored", name)
		}
	}
}

// What was known of a zone is not taken for what is known of another that a file puts
// under its number.
func TestImportForgetsOtherZones(t *testing.T) {
	h := newHouse()
	h.trip(hall)
	if !h.s.Zones.Zone(1).Open {
		t.Fatal("the hall is not open")
	}
	shed := zones.Zone{Number: 1, Name: "Shed", Type: zones.Entry, Sensor: "ev1527:0000AA", Close: "ev1527:0000AB"}
	if err := h.edit(Import{Zones: &[]Placed[zones.Zone]{at(2, shed)}}); err != nil {
		t.Fatal(err)
	}
	if z := h.s.Zones.Zone(1); z.Open || z.HeardAt != 0 {
		t.Errorf("the shed is what the hall was: %+v", z)
	}
}
