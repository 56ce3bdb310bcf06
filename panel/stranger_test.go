package panel

import (
	"encoding/json"
	"slices"
	"testing"
	"time"
)

// Who has a contact taken off the list and texts from that number learns nothing
// of whether something is sealed.
func TestARemovedContactIsAStranger(t *testing.T) {
	visible := func(code string, bodies ...string) []string {
		h := newHouse()
		h.text(anna, code+" DISARM")
		h.wait(time.Minute)
		if err := h.edit(RemoveContact{Name: "Ben"}); err != nil {
			t.Fatal(err)
		}
		for _, body := range bodies {
			h.text(ben, body)
			h.wait(10 * time.Second)
		}
		var out []string
		for _, e := range h.s.Recent {
			out = append(out, e.Event+" "+e.Text)
		}
		return append(out, string(must(json.Marshal(h.s.Locks))))
	}
	for _, bodies := range [][]string{{"hello", "OK 1234", "OK"}, {"OK"}, {"close"}, {"YES 1234"}} {
		plain, forced := visible(annaCode, bodies...), visible(annaDuress, bodies...)
		if !slices.Equal(plain, forced) {
			t.Errorf("%q\nordinary:\n%q\nduress:\n%q", bodies, plain, forced)
		}
	}
}
