package panel

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/gsmpanel/gsmpanel/alert"
)

var (
	contactID = regexp.MustCompile(`^[136][0-9A-F]{3}$`)
	secrets   = []string{annaCode, annaDuress, tomCode, masterCode, guestCode}
)

// TestEveryStep holds what is true of every step of every evening.
func TestEveryStep(t *testing.T) {
	t.Parallel()
	evenings := 60
	if raceEnabled {
		evenings = 12
	}
	steps := 0
	for n := range evenings {
		for _, code := range []string{annaCode, annaDuress} {
			last := uint64(0)
			p := imagine(rand.New(rand.NewPCG(uint64(n), 5)))
			h := houseOf(p.config)
			h.phones = p.phones.clone()
			h.after = func(e Event, r Result) {
				steps++
				checkStep(t, h, e, r, &last)
			}
			last = h.s.Entries
			for _, a := range p.acts {
				h.wait(a.wait)
				a.play(h, code)
			}
			h.wait(plotRest)
			if t.Failed() {
				t.Fatalf("in evening %d\n%s", n, p)
			}
		}
	}
	t.Logf("%d steps", steps)
}

func checkStep(t *testing.T, h *house, e Event, r Result, last *uint64) {
	t.Helper()
	if next := h.s.Next(h.c); next != 0 && next <= h.s.Tick {
		t.Errorf("after %T at %d the next deadline is %d, in the past", e, h.s.Tick, next)
	}
	for _, entry := range r.Entries {
		if *last++; entry.Number != *last {
			t.Errorf("entry %d follows %d", entry.Number, *last-1)
		}
		if !contactID.MatchString(entry.ContactID) || entry.Event == "" || entry.Text == "" {
			t.Errorf("entry without a Contact ID, an event or words: %+v", entry)
		}
	}
	for _, j := range append(h.s.Book.Jobs, h.s.Sealed.Book.Jobs...) {
		if !j.Call && (j.Body == "" || !alert.Fits(j.Body)) || j.Reason == "" {
			t.Errorf("not one text, or without a reason: %+v", j)
		}
	}
	open := h.s.Open
	open.Tick = 0 // at some tick it is those very digits
	kept := string(must(json.Marshal(open))) + string(must(json.Marshal(h.s.Sealed))) + string(must(json.Marshal(r.Entries)))
	for _, digits := range secrets {
		if strings.Contains(kept, digits) {
			t.Errorf("digits of a code are kept after %T", e)
		}
	}
	if back := copied(h.s); !sameJSON(back, h.s) {
		t.Errorf("the state does not come back from JSON as it was, after %T", e)
	}
}

func sameJSON(a, b State) bool {
	return string(must(json.Marshal(a.Open))) == string(must(json.Marshal(b.Open))) &&
		string(must(json.Marshal(a.Sealed))) == string(must(json.Marshal(b.Sealed)))
}

// TestStepChangesNothingItIsGiven takes each step of some evenings twice from the
// same state, and looks whether that is still what it was.
func TestStepChangesNothingItIsGiven(t *testing.T) {
	t.Parallel()
	evenings := 40
	if raceEnabled {
		evenings = 10
	}
	for n := range evenings {
		p := imagine(rand.New(rand.NewPCG(uint64(n), 6)))
		h := houseOf(p.config)
		h.phones = p.phones.clone()
		held := copied(h.s)
		given := h.s
		h.after = func(e Event, r Result) {
			if !sameJSON(given, held) {
				t.Fatalf("evening %d: %T changed the state it was given", n, e)
			}
			if again := Step(h.c, h.s, h.now, Knock{}); !reflect.DeepEqual(again.State.Book.Seed, h.s.Book.Seed) {
				t.Fatalf("evening %d: a knock draws chance", n)
			}
			given, held = h.s, copied(h.s)
		}
		for _, a := range p.acts {
			h.wait(a.wait)
			given, held = h.s, copied(h.s)
			a.play(h, annaDuress)
		}
		h.wait(plotRest)
	}
	if string(must(json.Marshal(template))) != string(must(json.Marshal(household(annaWord)))) {
		t.Fatal("the configuration was changed in place")
	}
}
