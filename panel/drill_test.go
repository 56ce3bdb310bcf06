package panel

import (
	"slices"
	"testing"
	"time"
)

// Who has a code and begins drills and ends them, one after the other, does not
// keep what is sealed from calling.
func TestDrillsInARowKeepNobodyUntold(t *testing.T) {
	h := newHouse()
	h.text(anna, annaDuress+" STATUS")
	for range 10 {
		h.wait(2 * time.Second)
		h.text(anna, annaCode+" TEST")
		h.wait(15 * time.Second)
		h.text(anna, annaCode+" DISARM")
	}
	for _, want := range []struct{ kind, number string }{{"text", ben}, {"text", cleo}, {"call", ben}} {
		if !slices.ContainsFunc(h.seen, func(e happening) bool {
			return e.sealed && e.kind == want.kind && e.number == want.number && e.at < 120_000
		}) {
			t.Errorf("no %s to %s within two minutes", want.kind, names[want.number])
		}
	}
}
