package panel

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// TestRestoreKeepsWhatGoesOn restores an older configuration in the middle of a
// burglary and a duress: of the state nothing changes but what was known of zones
// that are others now.
func TestRestoreKeepsWhatGoesOn(t *testing.T) {
	h := newHouse()
	h.text(anna, annaCode+" ARM")
	h.wait(5 * time.Minute)
	h.trip(kitchen)
	h.wait(40 * time.Second)
	h.text(tom, "111111 DISARM")
	h.text(anna, annaDuress+" STATUS")
	h.wait(25 * time.Second)
	before := copied(h.s)
	if len(before.Sealed.Book.Incidents) != 1 || len(before.Book.Incidents) != 1 {
		t.Fatal("nothing is open")
	}
	if err := h.edit(Restore{oldTemplate, true}); err != nil {
		t.Fatal(err)
	}
	after := copied(h.s)
	told := func(j alert.Job) bool { return j.Reason == "codes" }
	if !slices.ContainsFunc(after.Book.Jobs, told) {
		t.Error("nobody is told that there are other codes now")
	}
	after.Book.Jobs = slices.DeleteFunc(after.Book.Jobs, told)
	after.Book.NextJob, after.Book.PlaceUntil = before.Book.NextJob, before.Book.PlaceUntil
	for what, pair := range map[string][2]any{
		"what is sealed": {before.Sealed, after.Sealed}, "the open book": {before.Book, after.Book}, "locks": {before.Locks, after.Locks},
		"budget": {before.Budget, after.Budget}, "mode": {before.Zones.Mode, after.Zones.Mode}, "siren": {before.Zones.SirenUntil, after.Zones.SirenUntil},
		"memory": {before.Zones.Alarmed, after.Zones.Alarmed}, "the kitchen": {before.Zones.Zone(2), after.Zones.Zone(2)},
	} {
		if a, b := string(must(json.Marshal(pair[0]))), string(must(json.Marshal(pair[1]))); a != b {
			t.Errorf("%s was\n%s, is\n%s", what, a, b)
		}
	}
	if len(h.c.Zones.Zones) != 3 || len(h.c.Alert.Contacts) != 5 {
		t.Errorf("%d zones, %d contacts", len(h.c.Zones.Zones), len(h.c.Alert.Contacts))
	}
}

// What was known of a zone is not taken for what is known of another that has its
// number now.
func TestRestoreForgetsOtherZones(t *testing.T) {
	old := must(must(template.Apply(RemoveZone{"Hall"})).Apply(AddZone{Zone: zones.Zone{Name: "Shed", Type: zones.Entry, Sensor: "ev1527:0000AA", Close: "ev1527:0000AB"}}))
	h := newHouse()
	h.trip(hall)
	if !h.s.Zones.Zone(1).Open {
		t.Fatal("the hall is not open")
	}
	if err := h.edit(Restore{old, true}); err != nil {
		t.Fatal(err)
	}
	if z := h.s.Zones.Zone(1); z.Open || z.HeardAt != 0 {
		t.Errorf("the shed is what the hall was: %+v", z)
	}
}

// Where the codes of a backup cannot be read those of the panel stay, and who has
// one keeps their phones under whatever name the backup lists them.
func TestRestoreWithoutItsCodes(t *testing.T) {
	foreign := DefaultConfig(must(duress.NewConfig(seeded(9), cheap)))
	for _, e := range []Edit{
		AddContact{Contact: alert.Contact{Name: "Mum", Number: anna, OffSite: true}},
		AddContact{Contact: alert.Contact{Name: "Ben", Number: ben, OffSite: true}},
		AddZone{Zone: zones.Zone{Name: "Hall", Type: zones.Entry, Sensor: hall}},
	} {
		foreign = must(foreign.Apply(e))
	}
	h := houseOf(must(template.Apply(Restore{foreign, false})))
	if got := h.c.Duress.Persons; len(got) != len(template.Duress.Persons) {
		t.Fatalf("persons %+v", got)
	}
	h.atBoard(annaDuress, VerbDisarm)
	h.wait(time.Minute)
	if h.board != "Disarmed." || len(h.texts[anna]) != 0 || len(h.texts[ben]) == 0 {
		t.Errorf("answer %q; her own phone got %q, Ben %q", h.board, h.texts[anna], h.texts[ben])
	}
}

// What the buttons of remotes hide comes with a backup, or stays where it cannot be
// read, for the remotes that there are then.
func TestRestoreOfWhatButtonsHide(t *testing.T) {
	old, now := template, template
	old.Hidden = Hidden{fobDisarm: duress.HidesHold}
	now.Hidden = Hidden{fobDisarm: duress.HidesPress, "ev1527:0000D9": duress.HidesPress}
	for whole, want := range map[bool]duress.Hiding{true: duress.HidesHold, false: duress.HidesPress} {
		c := must(now.Apply(Restore{old, whole}))
		if _, kept := c.Hidden["ev1527:0000D9"]; kept || c.Hidden[fobDisarm] != want {
			t.Errorf("whole %v: %v", whole, c.Hidden)
		}
	}
}

// Who makes a code while a backup is restored begins anew.
func TestRestoreEndsAChangeOfCodes(t *testing.T) {
	put := must(changeCodes(template, testKey, seeded(1), CodeRequest{Do: "remove", Name: "Carer"}, nil))
	c := must(template.Apply(Restore{oldTemplate, true}))
	if _, err := c.Apply(put); err == nil || !strings.Contains(err.Error(), "meanwhile") {
		t.Errorf("codes of before are put into what was restored: %v", err)
	}
}

// What no command could have set is not taken over either.
func TestRestoreRefuses(t *testing.T) {
	spoilt := func(change func(c *Config)) Config {
		var c Config
		mustDo(json.Unmarshal(must(json.Marshal(template)), &c))
		change(&c)
		return c
	}
	for name, c := range map[string]Config{
		"no country":       spoilt(func(c *Config) { c.Site.Country = "ZZ" }),
		"an address":       spoilt(func(c *Config) { c.Site.Address = strings.Repeat("w", 61) }),
		"an emergency":     spoilt(func(c *Config) { c.Alert.Contacts[2].Number = "112" }),
		"a number twice":   spoilt(func(c *Config) { c.Alert.Contacts[2].Number = anna }),
		"no such class":    spoilt(func(c *Config) { c.Alert.Contacts[2].Classes = []alert.Class{"fire"} }),
		"no classes":       spoilt(func(c *Config) { c.Alert.Contacts[2].Classes = nil }),
		"a zone twice":     spoilt(func(c *Config) { c.Zones.Zones[1].Number = 1 }),
		"a delay":          spoilt(func(c *Config) { c.Zones.ExitDelay = 999_000 }),
		"a setting":        spoilt(func(c *Config) { c.Alert.RingTime = 1 }),
		"a choice":         spoilt(func(c *Config) { c.Access.FobDisarm = "perhaps" }),
		"damaged slots":    spoilt(func(c *Config) { c.Duress.Slots = c.Duress.Slots[:7] }),
		"a button twice":   spoilt(func(c *Config) { c.Radio.Remotes[1].Buttons[0].ID = fobArm }),
		"an action":        spoilt(func(c *Config) { c.Radio.Remotes[1].Buttons[0].Action = "open" }),
		"zone and button":  spoilt(func(c *Config) { c.Radio.Remotes[1].Buttons[0].ID = kitchen }),
		"words too long":   spoilt(func(c *Config) { c.Alert.Words = alert.Words{"reply": strings.Repeat("OK {token} ", 20)} }),
		"too many remotes": spoilt(func(c *Config) { c.Radio.Remotes = slices.Repeat([]radio.Remote{c.Radio.Remotes[0]}, 65) }),
	} {
		got, err := template.Apply(Restore{c, true})
		if err == nil || !strings.Contains(err.Error(), "nothing was changed") || got.Version != template.Version {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := template.Apply(Restore{template, true}); err != nil {
		t.Errorf("a good one: %v", err)
	}
	if _, _, err := EncodeEdit(Restore{}); err == nil {
		t.Error("a restore can be sent as an edit, past the store")
	}
}
