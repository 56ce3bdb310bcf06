package panel

import (
	"errors"
	"strings"
	"testing"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// TestNamesMustFitTheWords: with words that leave little room every name that
// comes into a text is refused where one would not fit, whichever edit brings it;
// where something did not fit before, nobody is kept from mending it.
func TestNamesMustFitTheWords(t *testing.T) {
	tight := func(entry string, room int) Config { // as many letters are left as that
		for n := 158; ; n-- {
			if _, err := template.Apply(SetWords{entry + " " + strings.Repeat("x", n)}); err == nil {
				return must(template.Apply(SetWords{entry + " " + strings.Repeat("x", n-room)}))
			}
		}
	}
	long := strings.Repeat("W", 16)
	for name, tc := range map[string]struct {
		c Config
		e Edit
	}{
		"an address":   {tight("burglary.act =", 2), SetSite{Address: ptr("12 Mill Lane, Hexton")}},
		"a site":       {tight("wrong-codes = {site}:", 2), SetSite{Name: ptr(long)}},
		"police":       {tight("burglary.dont =", 2), SetSite{Police: ptr("+441438757000")}},
		"a contact":    {tight("closed.two = {by} {second} {title}", 2), AddContact{Contact: alert.Contact{Name: long, Number: "+447700900008"}, Quiet: true}},
		"a new name":   {tight("closed.two = {by} {second} {title}", 2), EditContact{Contact: "Ben", Name: &long}},
		"a zone":       {tight("also = {what} {clock} {title} {where} OK {token}", 2), AddZone{Zone: zones.Zone{Name: long, Type: zones.Perimeter, Sensor: "ev1527:0000AA"}}},
		"a zone's new": {tight("also = {what} {clock} {title} {where} OK {token}", 2), EditZone{Zone: "Hall", Name: &long}},
		"a remote":     {tight("cancel = {by} {clock} {title}", 2), AddRemote{Remote: radio.Remote{Name: "Anna's bedside fob", Contact: "Anna", Buttons: []radio.Button{{ID: "ev1527:0000D1", Action: "arm"}}}}},
		"a person": {tight("yours.sealed = {who} CLOSE {token}", 2),
			must(changeCodes(template, testKey, seeded(3), CodeRequest{Do: "add", Name: long, Kind: "user", New: "604183"}, nil))},
	} {
		before := tc.c.Version
		after, err := tc.c.Apply(tc.e)
		var tooLong *alert.TooLong
		if !errors.As(err, &tooLong) || after.Version != before {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := template.Apply(tc.e); err != nil {
			t.Errorf("%s is refused in English too: %v", name, err)
		}
	}
	c := template
	c.Alert.Words = alert.Words{"reply": strings.Repeat("OK {token} ", 20)}
	if _, err := c.Apply(RemoveContact{"Ben"}); err != nil {
		t.Errorf("where nothing fits a contact cannot be removed: %v", err)
	}
}
