package panel

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// bound is a house with a button of Anna's.
func bound(t *testing.T, action string) *house {
	t.Helper()
	h := newHouse()
	if err := h.edit(AddRemote{Remote: radio.Remote{Name: "Red fob", Contact: "Anna", Buttons: []radio.Button{{ID: redDisarm, Action: action}}}}); err != nil {
		t.Fatal(err)
	}
	h.seen = nil
	return h
}

// did names what came of it: entries of the open journal, "sealed" for an incident
// that nobody sees.
func (h *house) did() string {
	var out []string
	for _, e := range h.seen {
		if words := strings.Fields(e.what); e.kind == "journal" && words[1] != "restart" {
			out = append(out, words[1])
		}
	}
	for _, i := range h.s.Sealed.Book.Incidents {
		out = append(out, "sealed "+string(i.Kind))
	}
	return strings.Join(out, ", ")
}

// A power cut in a press makes of it the most helpful that it can have been; what
// helps nobody is too old after ten minutes, or where nobody knows how old it is.
func TestAPressThatIsCutOff(t *testing.T) {
	for _, c := range []struct {
		name, action string
		off          time.Duration
		known        bool
		want         string
	}{
		{"silent before all", "single=fire,double=silent,hold=audible", time.Minute, true, "sealed panic"},
		{"audible before fire", "single=arm,double=fire,hold=audible", time.Minute, true, "panic"},
		{"fire before medical", "single=none,double=medical,hold=fire", time.Minute, true, "alarm"},
		{"a disarm under threat that may have been one", "single=disarm,hold=duress-disarm", time.Minute, true, "sealed duress"},
		{"days later too", "panic", 72 * time.Hour, true, "sealed panic"},
		{"whenever that was", "panic", time.Minute, false, "sealed panic"},
		{"arming soon", "single=arm,double=status", time.Minute, true, "arming"},
		{"arming days later", "single=arm,double=status", 72 * time.Hour, true, ""},
		{"arming, who knows when", "single=arm,double=status", time.Minute, false, ""},
		{"nothing", "single=none,double=none,hold=none", time.Minute, true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := bound(t, c.action)
			h.presses(redDisarm, 300*time.Millisecond)
			h.s = stored(h.s)
			h.seen = nil
			h.move(h.now.Tick + c.off.Milliseconds())
			h.do(Booted{OffKnown: c.known})
			if got := h.did(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if len(h.s.Sealed.Presses) != 0 {
				t.Error("a press is kept")
			}
		})
	}
}

// Where no receiver tells how a button is pressed, one is refused that goes by it,
// whatever else it hides; what was there before stays.
func TestGesturesThatNobodyHears(t *testing.T) {
	fob := func(action string) Edit {
		return AddRemote{Remote: radio.Remote{Name: "Fob", Buttons: []radio.Button{{ID: "ev1527:33CD0C", Action: action}}}}
	}
	button, panicType, name := AddZone{Zone: zones.Zone{Name: "Bed", Type: zones.Panic, Sensor: "ev1527:43CD0C"}}, zones.Panic, "New"
	const refused = "of %s it can't be told how long or how often it is pressed: RFLink, the only receiver, says no more than that it was; give it one action, for example `gsmpanel remote add %q --button %s=audible`, or start the panel with --radio rtl_433 besides"
	say := func(id, name string) string { return fmt.Sprintf(refused, id, name, id) }
	alone, mixed := Receivers{Up: 1, Of: 1, PressOnly: []int{1}}, Receivers{Up: 1, Of: 2, PressOnly: []int{2}}
	for _, c := range []struct {
		name  string
		heard Receivers
		edit  Edit
		want  string
	}{
		{"by gestures", alone, fob("single=arm,hold=home"), say("ev1527:33CD0C", "Fob")},
		{"the default ones", alone, fob("panic"), say("ev1527:33CD0C", "Fob")},
		{"under threat when held", alone, fob("single=disarm,hold=duress-disarm"), say("ev1527:33CD0C", "Fob")},
		{"under threat when pressed", alone, fob("duress-disarm"), ""},
		{"a disarm", alone, fob("disarm"), ""},
		{"one action", alone, fob("silent"), ""},
		{"a button as a zone", alone, button, say("ev1527:43CD0C", "Bed")},
		{"a zone that becomes one", alone, EditZone{Zone: "Kitchen", Type: &panicType}, say(kitchen, "Kitchen")},
		{"another name for a button", alone, EditZone{Zone: "Old", Name: &name}, ""},
		{"two of that kind", Receivers{Up: 0, Of: 2, PressOnly: []int{1, 2}}, fob("panic"), say("ev1527:33CD0C", "Fob")},
		{"rtl_433 beside", mixed, fob("panic"), ""},
		{"the button as a zone, rtl_433 beside", mixed, button, ""},
		{"no receiver", Receivers{}, fob("panic"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse()
			before := AddZone{Zone: zones.Zone{Name: "Old", Type: zones.Panic, Sensor: "ev1527:53CD0C"}}
			for _, e := range []Edit{fob("panic"), RemoveRemote{Name: "Fob"}, before} { // while nothing is known
				if err := h.edit(e); err != nil {
					t.Fatal(err)
				}
			}
			h.do(c.heard)
			if err := h.edit(c.edit); err == nil && c.want != "" || err != nil && err.Error() != c.want {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// What is stored, listed and journalled of a fob's button is the same whether it is
// a plain disarm or hides one under threat.
func TestHiddenButtonsLookPlain(t *testing.T) {
	plain := bound(t, "disarm")
	for _, action := range []string{"duress-disarm", "single=disarm,hold=duress-disarm", "Single=Disarm, hold=Duress-Disarm"} {
		h := bound(t, action)
		for name, show := range map[string]func(*house) any{
			"configuration": func(h *house) any { return h.c },
			"listings":      func(h *house) any { return h.c.Public() },
			"state":         func(h *house) any { return h.s.Open },
			"entries":       func(h *house) any { return len(h.c.Hidden) },
		} {
			if a, b := must(json.Marshal(show(h))), must(json.Marshal(show(plain))); string(a) != string(b) {
				t.Errorf("%s: the %s shows it:\n%s\n%s", action, name, a, b)
			}
		}
		if h.c.Hidden[redDisarm] == duress.HidesNothing {
			t.Errorf("%s hides nothing", action)
		}
		if err := h.edit(RemoveRemote{"Red fob"}); err != nil || len(h.c.Hidden) != len(template.Hidden) {
			t.Errorf("after the remote is gone %d are kept, %v", len(h.c.Hidden), err)
		}
	}
}

// An edit leaves the configuration before it as it was, what it hides too.
func TestHiddenIsNotShared(t *testing.T) {
	before := maps.Clone(template.Hidden)
	must(template.Apply(AddRemote{Remote: radio.Remote{Name: "Red fob", Contact: "Anna", Buttons: []radio.Button{{ID: redDisarm, Action: "duress-disarm"}}}}))
	must(template.Apply(RemoveRemote{"Spare"}))
	if !maps.Equal(before, template.Hidden) {
		t.Errorf("%v was %v", template.Hidden, before)
	}
}

// A backup that the key opens brings back what its buttons hid; of one that it does
// not open, the buttons that are in use go on hiding what they hid.
func TestRestoreKeepsWhatButtonsHide(t *testing.T) {
	for _, c := range []struct {
		name         string
		whole        bool
		saved, panel duress.Hiding
		want         duress.Hiding
	}{
		{"of this key", true, duress.HidesHold, duress.HidesPress, duress.HidesHold},
		{"of another key", false, duress.HidesNothing, duress.HidesPress, duress.HidesPress},
		{"of this key, with another button", true, duress.HidesPress, duress.HidesNothing, duress.HidesPress},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := bound(t, "disarm")
			saved := h.c
			saved.Hidden = Hidden{redDisarm: c.saved, "ev1527:0000FF": duress.HidesPress}
			h.c.Hidden = Hidden{redDisarm: c.panel}
			if err := h.edit(Restore{saved, c.whole}); err != nil {
				t.Fatal(err)
			}
			if got := h.c.Hidden[redDisarm]; got != c.want || len(h.c.Hidden) != len(template.Hidden)+1 {
				t.Errorf("it hides %d, want %d; %d entries", got, c.want, len(h.c.Hidden))
			}
		})
	}
	h := bound(t, "disarm")
	saved := h.c
	saved.Radio = must(saved.Radio.Remove("Red fob"))
	saved.Radio = must(saved.Radio.Add(radio.Remote{Name: "Red fob", Buttons: []radio.Button{{ID: redDisarm, Action: "duress-disarm"}}}))
	if err := h.edit(Restore{saved, true}); err == nil {
		t.Error("a backup that says in the open what a button hides is taken")
	}
}

// commits counts the steps of a press that must be on the disk before anything else
// is done.
func commits(h *house, id string, long time.Duration) (n int) {
	last := h.s
	h.after = func(_ Event, r Result) {
		if len(r.Entries) > 0 || !same(last, r.State) {
			n++
		}
		last = r.State
	}
	h.presses(id, long)
	h.wait(10 * time.Second)
	h.after = nil
	return n
}

// However long a button is held, few steps are committed; and as many of a plain
// disarm as of one that hides what a hold means.
func TestAPressIsFewCommits(t *testing.T) {
	panicked := bound(t, "panic")
	if n := commits(panicked, redDisarm, 300*time.Millisecond); n != 2 { // when it counts, and when it was nothing
		t.Errorf("an accident is %d commits", n)
	}
	if n := commits(bound(t, "single=none,hold=status"), redDisarm, time.Minute); n != 2 { // and when it is a hold
		t.Errorf("a minute's hold is %d commits", n)
	}
	plain, hides := bound(t, "disarm"), bound(t, "single=disarm,hold=duress-disarm")
	for _, h := range []*house{plain, hides} {
		h.text(anna, annaCode+" ARM")
		h.wait(2 * time.Minute)
	}
	if a, b := commits(plain, redDisarm, 700*time.Millisecond), commits(hides, redDisarm, 700*time.Millisecond); a != b {
		t.Errorf("a plain disarm is %d commits, the other %d", a, b)
	}
}

// A panic button as a zone is never open, and when it was heard is not kept.
func TestAPanicZoneShowsNothing(t *testing.T) {
	h := newHouse()
	if err := h.edit(AddZone{Zone: zones.Zone{Name: "Bedroom", Type: zones.Panic, Sensor: bedside, Close: "ev1527:0000D9"}}); err != nil {
		t.Fatal(err)
	}
	before := must(json.Marshal(outward(h.c, h.s.Open, h.now).Zones))
	pressTwice := func() { h.presses(bedside, moment); h.wait(400 * time.Millisecond); h.presses(bedside, moment) }
	pressTwice()
	h.trip("ev1527:0000D9")
	h.trip(bedside)
	h.wait(time.Minute)
	if after := must(json.Marshal(outward(h.c, h.s.Open, h.now).Zones)); string(after) != string(before) {
		t.Errorf("%s\nwas %s", after, before)
	}
	if got := h.did(); got != "configuration, sealed panic" {
		t.Errorf("%s", got)
	}
	if i := h.s.Sealed.Book.Incidents[0]; i.Who != "Bedroom" {
		t.Errorf("it is %s's", i.Who)
	}
	if j := h.s.Sealed.Journal; len(j) == 0 || j[0].ContactID != "1122" {
		t.Errorf("the sealed journal has %+v", j)
	}
}

// A person is one, by a code and by a button that is a second phone's.
func TestAPersonIsOne(t *testing.T) {
	h := newHouse()
	h.c.Duress.Persons = slices.Clone(h.c.Duress.Persons)
	h.c.Duress.Persons[0].Contacts = []string{"Anna", "Cleo"} // a phone of hers that is kept elsewhere
	if err := h.edit(AddRemote{Remote: radio.Remote{Name: "Bed", Contact: "Cleo", Buttons: []radio.Button{{ID: bedside, Action: "silent"}}}}); err != nil {
		t.Fatal(err)
	}
	h.presses(bedside, moment)
	h.wait(30 * time.Second)
	h.text(anna, annaDuress+" DISARM")
	h.wait(30 * time.Second)
	if n := len(h.s.Sealed.Book.Incidents); n != 1 || h.s.Sealed.Book.Incidents[0].Who != "Anna" {
		t.Errorf("%d incidents, %+v", n, h.s.Sealed.Book.Incidents)
	}
	if h.s.Sealed.Book.Incidents[0].Includes(cleo) {
		t.Error("a phone of the person's own is told")
	}
}

// A button that another panel's backup lists as an order of another kind hides
// nothing any more: whoever arms by it is under no threat.
func TestAnotherButtonHidesNothing(t *testing.T) {
	saved := must(template.Apply(AddRemote{Remote: radio.Remote{Name: "Red fob", Contact: "Anna", Buttons: []radio.Button{{ID: redDisarm, Action: "arm"}}}}))
	h := bound(t, "duress-disarm")
	if err := h.edit(Restore{saved, false}); err != nil {
		t.Fatal(err)
	}
	h.presses(redDisarm, 300*time.Millisecond)
	h.wait(time.Minute)
	if n := len(h.s.Sealed.Book.Incidents); n != 0 || h.s.Zones.Mode != zones.Away {
		t.Errorf("arming opens %d incidents, mode %s", n, h.s.Zones.Mode)
	}
}
