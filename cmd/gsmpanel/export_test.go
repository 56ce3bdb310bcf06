package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// A household is made of edits as anybody could give them; those that are refused are
// left out.
type imagined struct {
	t *rapid.T
	c panel.Config
}

func (h *imagined) edit(e panel.Edit) {
	if next, err := h.c.Apply(e); err == nil {
		h.c = next
	}
}

func drawn[T any](h *imagined, from ...T) T { return rapid.SampledFrom(from).Draw(h.t, "of") }

// name is one that a text can carry, with signs that mean something in YAML.
func (h *imagined) name(most int) string {
	if rapid.Bool().Draw(h.t, "word") {
		return drawn(h, "Anna", "anna", "yes", "off", "null", "~", "12", "0x1F", "1e3", "- a", "# a", "a: b", "a #b", "'a", `"a"`, "{a}", "[a]", "&a", "*a", "!a", "|", ">", "%a", "@a", `\n`, "=", "<<", "2026-11-28", "a:", "?", "? a")
	}
	return rapid.StringOfN(rapid.SampledFrom([]rune(`abcZ019 :-#"'[]{},&*!|>%@\=?~äÑéØΩ€£`)), 1, most, -1).Draw(h.t, "name")
}

// id is one of a zone or a button, mostly.
func (h *imagined) id(others ...string) string {
	return fmt.Sprintf(drawn(h, append(others, "ev1527:%06X", "ev1527:%06x")...), rapid.IntRange(1, 90).Draw(h.t, "id"))
}

func (h *imagined) people() {
	if rapid.Bool().Draw(h.t, "eligible") {
		h.edit(panel.AddContact{Quiet: true, Contact: alert.Contact{Name: "Ben", Number: "+447700900456", OffSite: true}})
	}
	for n := range rapid.IntRange(0, 5).Draw(h.t, "contacts") {
		classes := rapid.SliceOfDistinct(rapid.SampledFrom(alert.Classes), func(k alert.Class) alert.Class { return k }).Draw(h.t, "classes")
		h.edit(panel.AddContact{Quiet: true, Contact: alert.Contact{Name: h.name(20), Number: fmt.Sprintf("+4477009%05d", n), Classes: classes, Control: rapid.Bool().Draw(h.t, "control"),
			AtSite: rapid.Bool().Draw(h.t, "at"), OffSite: rapid.Bool().Draw(h.t, "off"), NoCall: rapid.Bool().Draw(h.t, "call"), NoText: rapid.Bool().Draw(h.t, "text")}})
	}
	for range rapid.IntRange(0, 3).Draw(h.t, "persons") {
		p := duress.Person{Name: h.name(20)}
		for _, k := range h.c.Alert.Contacts {
			if rapid.Bool().Draw(h.t, "own") {
				p.Contacts = append(p.Contacts, k.Name)
			}
		}
		if duress.CheckName(p.Name) == nil && !h.c.Duress.Named(p.Name) { // as if they had made a code
			h.c.Duress.Persons = append(h.c.Duress.Persons, p)
		}
	}
}

func (h *imagined) devices() {
	for range rapid.IntRange(0, 6).Draw(h.t, "zones") {
		z := zones.Zone{Name: h.name(16), Type: rapid.SampledFrom(zones.Types()).Draw(h.t, "type"), Sensor: h.id("gpio:gpiochip0:%d:no", "dsc:2%05X"), Supervise: drawn(h, 0, 0, 12*time.Hour, 36*time.Hour, 48*time.Hour, 90*time.Minute)}
		if rapid.Bool().Draw(h.t, "more") {
			z.Close, z.Tamper, z.LowBattery = h.id(), drawn(h, "", h.id()), drawn(h, "", h.id())
		}
		h.edit(panel.AddZone{Zone: z, Cross: drawn(h, "", "", "1", "2")})
		if rapid.IntRange(0, 5).Draw(h.t, "gone") == 0 {
			h.edit(panel.RemoveZone{Zone: "1"})
		}
	}
	for range rapid.IntRange(0, 3).Draw(h.t, "remotes") {
		r := radio.Remote{Name: h.name(20)}
		if len(h.c.Alert.Contacts) > 0 {
			r.Contact = drawn(h, "", rapid.SampledFrom(h.c.Alert.Contacts).Draw(h.t, "owner").Name)
		}
		for range rapid.IntRange(1, 4).Draw(h.t, "buttons") {
			r.Buttons = append(r.Buttons, radio.Button{ID: h.id("hcs:0%06X:2"), Action: drawn(h, "arm", "disarm", "duress-disarm", "single=disarm,hold=duress-disarm", "panic", "single=home,double=silent", "fire", "none", "hold=test,single=none")})
		}
		h.edit(panel.AddRemote{Remote: r, MakerKey: drawn(h, 0, 0, radio.MakerKey(77))})
	}
	if n := len(h.c.Alert.Contacts); n > 0 && rapid.Bool().Draw(h.t, "leaves") {
		h.edit(panel.RemoveContact{Name: h.c.Alert.Contacts[n-1].Name})
	}
}

func (h *imagined) habits() {
	h.edit(panel.SetSite{Name: ptr(h.name(20)), Address: ptr(h.name(60)), Country: ptr(drawn(h, "", "GB", "NO")), Zone: ptr(drawn(h, "UTC", "Europe/Oslo", "America/Argentina/Buenos_Aires")), Police: ptr(drawn(h, "", "101", "+441438757000"))})
	for range rapid.IntRange(0, 8).Draw(h.t, "settings") {
		s := rapid.SampledFrom(h.c.Settings()).Draw(h.t, "setting")
		h.edit(panel.Set{Name: s.Name, Value: drawn(h, "0", "1", "3", "7", "30", "45s", "5m", "2h", "3661", "true", "false", "auto", "off", "never", "none", "all", "2d", "*100#", "12.50", "1.234,56", `^Saldo: "([0-9,.]+)" \[x\]`)})
	}
	if rapid.Bool().Draw(h.t, "words") {
		h.edit(panel.SetWords{File: drawn(h, "burglary.act = Polizei rufen.", "fire.kind = FEUER: !", "police = Polizei {police} # \"112\"", "yours.sealed = Du hast es {who} CLOSE {token}.|Danach: {who}")})
	}
}

func ptr[T any](v T) *T { return &v }

func newConfig(t require) panel.Config {
	codes, err := duress.NewConfig(seeded(3), fastCost)
	if err != nil {
		t.Fatal(err)
	}
	return panel.DefaultConfig(codes)
}

type require interface{ Fatal(...any) }

// whole is all of a configuration, but for what counts changes and what no import
// knows of.
func whole(c panel.Config) string {
	c.Version, c.Duress.Generation, c.Duress.Slots = 0, 0, nil
	if len(c.Alert.Contacts) == 0 {
		c.Alert.Contacts = nil
	}
	b, err := json.Marshal(c)
	return fmt.Sprint(string(b), err, c.Hidden, len(c.Keys))
}

// takenOver is a configuration after an import.
func takenOver(t require, c panel.Config, file []byte) panel.Config {
	e, err := readExported(file)
	if err == nil { // as it crosses the socket
		var name string
		var args json.RawMessage
		if name, args, err = panel.EncodeEdit(e); err == nil {
			var back panel.Edit
			back, err = panel.DecodeEdit(name, args)
			if err == nil {
				c, err = c.Apply(back)
			}
		}
	}
	if err != nil {
		t.Fatal(err, "\n", string(file))
	}
	return c
}

// TestExportComesBack: what a panel exports makes an empty panel like it, and changes
// nothing of itself; nor does the file say more than listings do.
func TestExportComesBack(t *testing.T) {
	t.Parallel()
	empty := newConfig(t)
	seen := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		h := &imagined{t, newConfig(t)}
		h.people()
		h.habits()
		h.devices()
		file := exported(h.c.Public())
		if again := exported(takenOver(t, empty, file).Public()); string(again) != string(file) {
			t.Fatalf("exported:\n%s\nexported by the other panel:\n%s", file, again)
		}
		if was, is := whole(h.c), whole(takenOver(t, h.c, file)); is != was {
			t.Fatalf("the panel was\n%s\nand is\n%s\nby\n%s", was, is, file)
		}
		plain := h.c
		plain.Hidden = panel.Hidden{}
		if string(exported(plain.Public())) != string(file) || strings.Contains(string(file), "duress") || strings.Contains(string(file), "Buttons must be checked") != (len(h.c.Radio.Remotes) > 0) {
			t.Fatalf("it tells of what buttons hide:\n%s", file)
		}
		for what, n := range map[string]int{"contacts": len(h.c.Alert.Contacts), "persons": len(h.c.Duress.Persons), "zones": len(h.c.Zones.Zones), "remotes": len(h.c.Radio.Remotes), "words": len(h.c.Alert.Words)} {
			seen[what] += n
		}
		seen["hidden"] += len(slices.DeleteFunc(slices.Collect(maps.Values(h.c.Hidden)), func(h duress.Hiding) bool { return h == duress.HidesNothing }))
	})
	t.Log(seen)
	for _, what := range []string{"contacts", "persons", "zones", "remotes", "words", "hidden"} {
		if seen[what] == 0 {
			t.Errorf("no household had any %s", what)
		}
	}
}

// ours are the long numbers that an error may say.
var ours = regexp.MustCompile(`for example .*|line [0-9]+, column [0-9]+|longer than 4000 bytes|more than 5000 keys|in line [0-9]+`)

// FuzzImport (with -fuzzminimizetime 10x, since the library is slow where it is
// watched): no file makes the reader panic or quote what may be a code; one that is
// read and taken over is exported, and comes back as it was exported.
func FuzzImport(f *testing.F) {
	empty := newConfig(f)
	f.Add(exported(empty.Public()))
	for _, file := range wrongFiles {
		if len(file.text) < 1000 {
			f.Add([]byte(file.text))
		}
	}
	f.Add([]byte("version: 1\ncontacts:\n- {name: Anna, number: 07700900123, control: yes}\nzones:\n- name: Hall\n  type: ENTRY\n  sensor: ev1527:13cdc0\n- {name: B, type: interior, sensor: 'ev1527:13cdc1', number: 7}\nsite: {country: gb}\n"))
	f.Add([]byte("version: 1\nremotes:\n- name: Fob\n  buttons: {ev1527:13CDC0: arm, \"ev1527:13CDC1\": 'single=none,double=silent'}\npersons: [{name: Anna}]\nwords: {fire.kind: |-\n  FEUER}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := readExported(data)
		if err != nil {
			if said := err.Error(); strings.Contains(said, "\n") || digitRun.MatchString(ours.ReplaceAllString(said, "")) || len(said) > 500 {
				t.Errorf("it says %q", said)
			}
			return
		}
		c, err := empty.Apply(e)
		if err != nil {
			if c.Version != empty.Version || strings.Contains(err.Error(), "\n") {
				t.Errorf("it says %q", err)
			}
			return
		}
		file := exported(c.Public())
		if again := exported(takenOver(t, c, file).Public()); string(again) != string(file) {
			t.Errorf("exported:\n%s\nand then:\n%s", file, again)
		}
	})
}
