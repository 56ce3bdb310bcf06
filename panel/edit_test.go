package panel

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

func ptr[T any](v T) *T { return &v }

// someEdits has one edit or more of each kind that may come as JSON.
var someEdits = []Edit{
	SetSite{Name: ptr("Mill Lane"), Country: ptr("gb"), Zone: ptr("Europe/Berlin"), Police: ptr("+44 1438 757000")},
	AddContact{Contact: alert.Contact{Name: "Fay", Number: "+447700900007", Classes: []alert.Class{alert.Life}, OffSite: true}, Quiet: true},
	EditContact{Contact: "Ben", Name: ptr("Benjamin"), Place: ptr(1), AtSite: ptr(true)},
	EditContact{Contact: "Cleo", Classes: &[]alert.Class{}},
	RemoveContact{Name: "Eve"},
	AddZone{Zone: zones.Zone{Name: "Shed", Type: zones.Perimeter, Sensor: "ev1527:0000AA"}},
	EditZone{Zone: "Kitchen", Type: ptr(zones.Interior)},
	RemoveZone{Zone: "3"},
	Set{Name: "exit-delay", Value: "45s"},
	AddRemote{Remote: radio.Remote{Name: "Red fob", Contact: "Tom", Buttons: []radio.Button{{ID: "ev1527:0000d1", Action: "arm"}}}},
	RemoveRemote{Name: "spare"},
	SetWords{File: "burglary.act = Polizei rufen."},
	wholeImport(),
}

func TestEditsGoThroughJSON(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range someEdits {
		op, args, err := EncodeEdit(e)
		if err != nil {
			t.Fatal(err)
		}
		seen[op] = true
		back, err := DecodeEdit(op, args)
		if err != nil || !reflect.DeepEqual(back, e) {
			t.Errorf("%s %s comes back as %+v, %v", op, args, back, err)
		}
		if _, err := template.Apply(e); err != nil {
			t.Errorf("%s %s: %v", op, args, err)
		}
	}
	for op := range edits {
		if !seen[op] {
			t.Errorf("%s is not tried", op)
		}
	}
	if _, _, err := EncodeEdit(PutCodes{}); err == nil {
		t.Error("codes cross the socket")
	}
	if _, err := DecodeEdit("codes.put", nil); err == nil || !strings.Contains(err.Error(), "contact.add") {
		t.Errorf("an unknown edit: %v", err)
	}
}

// Whatever blanks and capitals a name is typed with, a person's phones stay theirs:
// a phone that does not is told of a duress, perhaps in the burglar's hand.
func TestARenamedPhoneStaysItsOwners(t *testing.T) {
	c := must(template.Apply(AddContact{Contact: alert.Contact{Name: "Anna work", Number: "+447700900008"}, Quiet: true}))
	c.Duress.Persons = slices.Clone(c.Duress.Persons)
	for n := range c.Duress.Persons {
		if p := &c.Duress.Persons[n]; p.Name == "Anna" {
			p.Contacts = []string{"Anna", "Anna work"}
		}
	}
	c = must(c.Apply(AddRemote{Remote: radio.Remote{Name: "Work fob", Contact: "Anna work", Buttons: []radio.Button{{ID: "ev1527:0000D1", Action: "disarm"}}}}))
	for from, to := range map[string]string{"Anna work": "Anna  phone", "anna work ": "Anna phone", " ANNA WORK": " Anna phone "} {
		h := houseOf(must(c.Apply(EditContact{Contact: from, Name: &to})))
		if got := h.c.Radio.Remotes[2].Contact; got != "Anna phone" {
			t.Errorf("%q to %q: the fob is %q's", from, to, got)
		}
		h.text(anna, annaDuress+" DISARM")
		h.wait(2 * time.Minute)
		if got := h.texts["+447700900008"]; len(got) != 0 {
			t.Errorf("%q to %q: her own phone got %q", from, to, got)
		}
		if len(h.texts[ben]) == 0 {
			t.Error("Ben was told nothing")
		}
	}
	c = must(c.Apply(RemoveContact{" anna  work"}))
	if got := c.Radio.Remotes[2].Contact; got != "" {
		t.Errorf("the fob of somebody removed is %q's", got)
	}
}

func TestEditsRefuse(t *testing.T) {
	for name, e := range map[string]Edit{
		"address too long":  SetSite{Address: ptr(strings.Repeat("a", 61))},
		"no such country":   SetSite{Country: ptr("ZZ")},
		"no such time zone": SetSite{Zone: ptr("Europe/Nowhere")},
		"the machine's":     SetSite{Zone: ptr("Local")},
		"police in words":   SetSite{Police: ptr("the police")},
		"nobody":            EditContact{Contact: "Gus"},
		"no such place":     EditContact{Contact: "Ben", Place: ptr(9)},
		"a name twice":      EditContact{Contact: "Ben", Name: ptr("CLEO")},
		"nobody to remove":  RemoveContact{"Gus"},
		"no such zone":      RemoveZone{"9"},
		"no such words":     SetWords{"burglary.act = Polizei rufen.\nfire.acct = Feuerwehr"},
		"words too long":    SetWords{"burglary.act = Polizei rufen.\nreply = OK {token}" + strings.Repeat(" bitte", 20)},
	} {
		before := string(must(json.Marshal(template)))
		c, err := template.Apply(e)
		if err == nil || c.Version != template.Version {
			t.Errorf("%s: %v", name, err)
		}
		if string(must(json.Marshal(template))) != before || string(must(json.Marshal(c))) != before {
			t.Errorf("%s: something is half-stored", name)
		}
	}
}

// TestANewNameKeepsThePhone: a person's phone stays theirs, or a duress text
// would go to the person under duress.
func TestANewNameKeepsThePhone(t *testing.T) {
	c := must(template.Apply(EditContact{Contact: "Anna", Name: ptr("Annabel"), OffSite: ptr(true)}))
	h := houseOf(c)
	h.text(tom, annaDuress+" STATUS")
	h.wait(2 * time.Minute)
	if h.heard(ben, "DURESS") == 0 || h.heard(anna, "DURESS") != 0 {
		t.Errorf("Ben was told %d times, Anna %d", h.heard(ben, "DURESS"), h.heard(anna, "DURESS"))
	}
}

// FuzzEdits: no edit panics; it is refused with a sentence, or leaves a
// configuration that goes through JSON and that the next edit may be applied to.
func FuzzEdits(f *testing.F) {
	for _, e := range someEdits {
		op, args, err := EncodeEdit(e)
		mustDo(err)
		f.Add(op, string(args))
	}
	f.Add("contact.add", `{"name":"x","number":"0","classes":null,"control":true,"at_site":true,"off_site":true}`)
	f.Add("zone.add", `{"name":"\u0000","type":"","sensor":"ev1527:","number":-1,"supervise":-1}`)
	f.Add("settings.set", `{"name":"exit-delay","value":"99999999999999999999h"}`)
	f.Add("site.set", `{"zone":"../../etc/passwd","address":"\ud800"}`)
	f.Fuzz(func(t *testing.T, op, args string) {
		e, err := DecodeEdit(op, json.RawMessage(args))
		if err != nil {
			return
		}
		c, err := template.Apply(e)
		if err != nil {
			if c.Version != template.Version || err.Error() == "" {
				t.Errorf("%s %s: refused with %q, version %d", op, args, err, c.Version)
			}
			return
		}
		var back Config
		mustDo(json.Unmarshal(must(json.Marshal(c)), &back))
		if string(must(json.Marshal(back))) != string(must(json.Marshal(c))) {
			t.Errorf("%s %s: the configuration does not come back from JSON", op, args)
		}
		if err := c.Zones.Validate(); err != nil {
			t.Errorf("%s %s: %v", op, args, err)
		}
		if strings.Contains(e.says(), "\n") || len(e.says()) > 400 {
			t.Errorf("%s %s: the journal says %q", op, args, e.says())
		}
		h := houseOf(c)
		h.text(anna, annaDuress+" ARM FORCE")
		h.wait(40 * time.Second)
		for _, j := range append(h.s.Book.Jobs, h.s.Sealed.Book.Jobs...) {
			if !j.Call && !alert.Fits(j.Body) {
				t.Errorf("%s %s: not one text: %q", op, args, j.Body)
			}
		}
	})
}
