package panel

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
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

// No trace shows what stands in for a drill's text, wherever an edit says that its
// reader lives; and so it shows no text of a drill at all.
func TestNoDrillIsTraced(t *testing.T) {
	yes := true
	for _, code := range []string{annaCode, annaDuress} {
		h, texts := newHouse(), 0
		h.text(anna, code+" STATUS")
		h.wait(30 * time.Second)
		if err := h.edit(EditContact{Contact: "Ben", AtSite: &yes}); err != nil {
			t.Fatal(err)
		}
		h.after = func(Event, Result) {
			o := h.s.Sealed.Line.Order(h.s.books())
			if strings.Contains(o.Body, "TEST") && o.Report {
				texts++
				if !o.Untraced {
					t.Errorf("%s: traced: %q", code, o.Body)
				}
			}
		}
		h.text(tom, masterCode+" TEST")
		h.wait(2 * time.Minute)
		if texts < 5 {
			t.Errorf("%d texts", texts)
		}
	}
	h := newHouse()
	h.text(anna, annaCode+" PANIC")
	h.wait(10 * time.Second)
	if o := h.s.Sealed.Line.Order(h.s.books()); o == (alert.Order{}) || o.Untraced {
		t.Errorf("an alarm is not traced: %+v", o)
	}
}

// Whoever listens after the 1 in a drill may be cut short for what is sealed. When
// the drill goes on and is over does not hang on how long a call takes to end.
func TestWhoListensInADrillMovesNothing(t *testing.T) {
	score := func(code string) (out []string) {
		h := newHouse()
		h.answer[ben], h.press[ben] = 3*time.Second, "17"
		h.text(tom, masterCode+" TEST")
		h.wait(3 * time.Minute)
		if !h.last.Listen {
			t.Fatal("Ben does not listen")
		}
		h.types(code + "*")
		h.wait(40 * time.Second)
		h.text(anna, "OK "+h.token(anna, "OK"))
		h.wait(5 * time.Minute)
		for _, e := range h.seen {
			if e.kind == "journal" || e.kind == "text" && (e.number == anna || e.number == tom) {
				out = append(out, e.String())
			}
		}
		return out
	}
	plain, forced := score(annaCode), score(annaDuress)
	if !slices.Equal(plain, forced) || !strings.Contains(strings.Join(plain, ""), "drill over") {
		t.Errorf("ordinary:\n%s\nduress:\n%s", strings.Join(plain, "\n"), strings.Join(forced, "\n"))
	}
}
