package duress

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestAddIsRefused(t *testing.T) {
	const free = "605172" // far from all codes of the household
	for _, row := range []struct {
		name string
		ask  AddRequest
		near bool
		says string
	}{
		{"a second ordinary code", AddRequest{Name: "Anna", Kind: User, Present: annaCode, New: free}, false, "code change"},
		{"a second ordinary code, other kind, other case", AddRequest{Name: "ANNA", Kind: Guest, New: free}, false, "code change"},
		{"a duress code first", AddRequest{Name: "Dora", Kind: Duress, New: free}, false, "ordinary one first"},
		{"a duress code with rights", AddRequest{Name: "Anna", Kind: Duress, Rights: Rights{ArmOnly: true}, Present: annaCode, New: free}, false, "takes no dates"},
		{"no kind", AddRequest{Name: "Dora", New: free}, false, `kind ""`},
		{"a kind that is none", AddRequest{Name: "Dora", Kind: "admin", New: free}, false, `kind "admin"`},
		{"dates for a user", AddRequest{Name: "Dora", Kind: User, Rights: Rights{From: "2026-07-01"}, New: free}, false, "for guests"},
		{"arm-only for a master", AddRequest{Name: "Dora", Kind: Master, Rights: Rights{ArmOnly: true}, New: free}, false, "for guests"},
		{"days that are none", AddRequest{Name: "Dora", Kind: Guest, Rights: Rights{Days: "mo"}, New: free}, false, `days "mo"`},
		{"hours that are none", AddRequest{Name: "Dora", Kind: Guest, Rights: Rights{Hours: "8"}, New: free}, false, `hours "8"`},
		{"a first day that is none", AddRequest{Name: "Dora", Kind: Guest, Rights: Rights{From: "1.7."}, New: free}, false, `date "1.7."`},
		{"a last day that is none", AddRequest{Name: "Dora", Kind: Guest, Rights: Rights{Until: "1.7."}, New: free}, false, `date "1.7."`},
		{"days in the wrong order", AddRequest{Name: "Dora", Kind: Guest, Rights: Rights{From: "2026-07-02", Until: "2026-07-01"}, New: free}, false, "before the first"},
		{"too short", AddRequest{Name: "Dora", Kind: User, New: "60517"}, false, "exactly 6 digits"},
		{"too long", AddRequest{Name: "Dora", Kind: User, New: "6051720"}, false, "exactly 6 digits"},
		{"empty", AddRequest{Name: "Dora", Kind: User}, false, "exactly 6 digits"},
		{"letters", AddRequest{Name: "Dora", Kind: User, New: "60517a"}, false, "exactly 6 digits"},
		{"trivial", AddRequest{Name: "Dora", Kind: User, New: "123123"}, false, "too easy to guess"},
		{"the end of a listed number", AddRequest{Name: "Dora", Kind: User, New: "900147", Tails: []string{"+447700900147"}}, false, "too easy to guess"},
		{"equal to another", AddRequest{Name: "Dora", Kind: User, New: annaCode}, true, "too close"},
		{"equal to a duress code", AddRequest{Name: "Dora", Kind: User, New: annaForced}, true, "too close"},
		{"one digit wrong", AddRequest{Name: "Dora", Kind: User, New: "482013"}, true, "too close"},
		{"neighbours exchanged", AddRequest{Name: "Dora", Kind: User, New: "428913"}, true, "too close"},
		{"value within 2", AddRequest{Name: "Dora", Kind: User, New: "916848"}, true, "too close"},
		{"backwards", AddRequest{Name: "Dora", Kind: User, New: "319284"}, true, "too close"},
		{"beginning elsewhere", AddRequest{Name: "Dora", Kind: User, New: "913482"}, true, "too close"},
		{"two digits from the present", AddRequest{Name: "Anna", Kind: Duress, Present: annaCode, New: "481713"}, true, "too close"},
		{"near another, for duress", AddRequest{Name: "Anna", Kind: Duress, Present: annaCode, New: "916851"}, true, "too close"},
		{"no name", AddRequest{Kind: User, New: free}, false, `name ""`},
		{"a name of marks", AddRequest{Name: "-.-", Kind: User, New: free}, false, `name "-.-"`},
		{"a name too long", AddRequest{Name: strings.Repeat("a", 21), Kind: User, New: free}, false, "1 to 20"},
		{"a name no phone shows", AddRequest{Name: "Zoë", Kind: User, New: free}, false, "any phone shows"},
		{"a name of two units", AddRequest{Name: "A[1]", Kind: User, New: free}, false, "any phone shows"},
		{"a name with a new line", AddRequest{Name: "An\nna", Kind: User, New: free}, false, "any phone shows"},
		{"a name with spaces around", AddRequest{Name: " Dora", Kind: User, New: free}, false, "single spaces"},
		{"a name with two spaces", AddRequest{Name: "Do  ra", Kind: User, New: free}, false, "single spaces"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := household(t)
			before, _ := json.Marshal(c)
			got, err := c.Add(deviceKey, chance(9), row.ask, nil)
			r := why(t, err)
			if r.Near != row.near || !strings.Contains(r.Why, row.says) {
				t.Errorf("near %v: %s", r.Near, r.Why)
			}
			for _, secret := range []string{row.ask.New, annaCode, annaForced, benCode, caraCode} {
				if secret != "" && strings.Contains(err.Error(), secret) {
					t.Errorf("tells a code: %v", err)
				}
			}
			if after, _ := json.Marshal(c); !bytes.Equal(before, after) || !reflect.DeepEqual(got, c) {
				t.Error("something is stored")
			}
		})
	}
}

func TestNames(t *testing.T) {
	for _, name := range []string{"A", "Anna", "Uncle Ben", "O'Hara", "Jean-Luc", "Mrs. Å", "Jürgen 2", strings.Repeat("ß", 20)} {
		c := add(t, emptyPanel(t, 3), AddRequest{Name: name, Kind: User, New: annaCode})
		if v := c.Judge(deviceKey, annaCode); v.Person != name {
			t.Errorf("%q became %q", name, v.Person)
		}
	}
}

func TestThePresentCodeIsAskedFor(t *testing.T) {
	c := household(t)
	for name, present := range map[string]string{"none": "", "wrong": "605179", "another person's": benCode, "too short": "4829"} {
		t.Run(name, func(t *testing.T) {
			if _, err := c.Add(deviceKey, chance(9), AddRequest{Name: "Anna", Kind: Duress, Present: present, New: "605172"}, nil); err != ErrPresent {
				t.Errorf("add: %v", err)
			}
			// nor does a wrong present code tell anything about the new one
			if _, err := c.Add(deviceKey, chance(9), AddRequest{Name: "Anna", Kind: Duress, Present: present, New: benCode}, nil); err != ErrPresent {
				t.Errorf("add of a code in use: %v", err)
			}
			if _, err := c.Change(deviceKey, chance(9), "Anna", present, "605172", nil, nil); err != ErrPresent {
				t.Errorf("change: %v", err)
			}
			if _, err := c.Change(deviceKey, chance(9), "Anna", present, "111111", nil, nil); err != ErrPresent {
				t.Errorf("change to a trivial one: %v", err)
			}
		})
	}
}

func TestChangeReplacesTheCodeThatWasGiven(t *testing.T) {
	const next = "605172"
	for _, row := range []struct{ name, present, stays string }{
		{"the ordinary one", annaCode, annaForced},
		{"the duress one", annaForced, annaCode},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := household(t)
			was, stayed := c.Judge(deviceKey, row.present), c.Judge(deviceKey, row.stays)
			c, err := c.Change(deviceKey, chance(9), "anna", row.present, next, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			is := c.Judge(deviceKey, next)
			if !is.Valid || is.Person != "Anna" || is.Rights != was.Rights || is.isForced() != was.isForced() {
				t.Error("the new one is of another kind")
			}
			if c.Judge(deviceKey, row.present).Valid {
				t.Error("the old one still works")
			}
			if v := c.Judge(deviceKey, row.stays); !v.Valid || v.isForced() != stayed.isForced() {
				t.Error("the other one of this person changed")
			}
			if is.Generation != was.Generation+1 || !c.Judge(deviceKey, benCode).Valid || len(c.entries(deviceKey)) != 4 {
				t.Error("more changed than the code")
			}
		})
	}
}

func TestChangeIsRefused(t *testing.T) {
	c := household(t)
	for name, row := range map[string]struct {
		next string
		near bool
	}{
		"trivial":                   {"123456", false},
		"two digits away":           {"480923", true},
		"two digits, but no others": {"572913", true},
		"the same":                  {annaCode, true},
		"its own rotation":          {"829134", true},
		"near Ben's":                {"916859", true},
		"near the duress code":      {"730565", true},
		"too short":                 {"60517", false},
	} {
		got, err := c.Change(deviceKey, chance(9), "Anna", annaCode, row.next, nil, nil)
		if r := why(t, err); r.Near != row.near || !reflect.DeepEqual(got, c) {
			t.Errorf("%s: near %v, %v", name, r.Near, err)
		}
	}
	_, err := c.Change(deviceKey, chance(9), "Dora", annaCode, "605172", nil, nil)
	if r := why(t, err); r.Near || !strings.Contains(r.Why, `"Dora"`) {
		t.Errorf("nobody: %v", err)
	}
	_, err = c.Change(deviceKey, chance(9), "Anna", annaCode, "900147", []string{"+447700900147"}, nil)
	if r := why(t, err); r.Near || !strings.Contains(r.Why, "too easy") {
		t.Errorf("the end of a listed number: %v", err)
	}
}

func TestRemoveTakesAllOfAPerson(t *testing.T) {
	c := household(t)
	if c.KeyFits(Key{7}) {
		t.Error("another key fits")
	}
	next, err := c.Remove(deviceKey, chance(9), "ANNA")
	if err != nil {
		t.Fatal(err)
	}
	if next.Named("Anna") || next.Judge(deviceKey, annaCode).Valid || next.Judge(deviceKey, annaForced).Valid {
		t.Error("Anna still has a code")
	}
	if !next.Judge(deviceKey, benCode).Valid || next.Generation != c.Generation+1 || len(next.entries(deviceKey)) != 2 {
		t.Error("others lost theirs")
	}
	if !c.Judge(deviceKey, annaForced).Valid || !c.Named("Anna") {
		t.Error("the configuration it was made from changed")
	}
	_, err = next.Remove(deviceKey, chance(9), "Anna")
	if r := why(t, err); !strings.Contains(r.Why, `"Anna"`) {
		t.Errorf("twice: %v", err)
	}
	// what was hers is free again
	next = add(t, next, AddRequest{Name: "Dora", Kind: User, New: annaForced})
	if v := next.Judge(deviceKey, annaForced); v.Person != "Dora" || v.isForced() {
		t.Errorf("%q", v.Person)
	}
}

func TestContacts(t *testing.T) {
	before := household(t)
	before.Persons = slices.Grow(before.Persons, 8)
	c := add(t, before, AddRequest{Name: "anna", Kind: Duress, Present: annaCode, New: "605172", Contacts: []string{"anna", "Anna work"}})
	if was, _ := before.Person("Anna"); !slices.Equal(was.Contacts, []string{"Anna"}) {
		t.Errorf("the configuration it was made from has %+v", was)
	}
	p, found := c.Person("ANNA")
	if !found || p.Name != "Anna" || !slices.Equal(p.Contacts, []string{"Anna", "Anna work"}) {
		t.Errorf("%+v", p)
	}
	p.Contacts[0] = "changed"
	if again, _ := c.Person("Anna"); again.Contacts[0] != "Anna" {
		t.Error("the contacts are shared with whoever asked")
	}
	if v := c.Judge(deviceKey, "605172"); v.Person != "Anna" || !v.isForced() {
		t.Errorf("%q", v.Person)
	}
}

func TestCodeLength(t *testing.T) {
	c := emptyPanel(t, 3)
	for _, n := range []int{4, 6, 10} {
		longer, err := c.WithLength(n)
		if err != nil || longer.Length != n {
			t.Errorf("%d: %v", n, err)
		}
		code := "4829136750"[:n]
		longer = add(t, longer, AddRequest{Name: "Anna", Kind: User, New: code})
		if !longer.Judge(deviceKey, code).Valid || longer.Judge(deviceKey, code[1:]).Valid || longer.Judge(deviceKey, code+"0").Valid {
			t.Errorf("%d digits", n)
		}
		if _, err := longer.WithLength(n); err != nil {
			t.Errorf("the same length: %v", err)
		}
		if _, err := longer.WithLength(7); err == nil || !strings.Contains(err.Error(), "remove everybody's codes") {
			t.Errorf("with codes in use: %v", err)
		}
	}
	for _, n := range []int{-1, 0, 3, 11} {
		if _, err := c.WithLength(n); err == nil || !strings.Contains(err.Error(), "4 to 10") {
			t.Errorf("%d: %v", n, err)
		}
	}
}

// spread are codes of ten digits that are far from each other.
func spread(n int) []string {
	var codes []string
	for v := 1; len(codes) < n; v++ {
		code := fmt.Sprintf("%010d", int64(v)*7_919_104_729%10_000_000_000)
		fits := !trivial(code, nil)
		for _, other := range codes {
			fits = fits && differing(code, other) >= 3 && !near(code, other)
		}
		if fits {
			codes = append(codes, code)
		}
	}
	return codes
}

func TestEachLimitRefusesAlone(t *testing.T) {
	codes := spread(60)
	c, _ := emptyPanel(t, 3).WithLength(10)
	c = add(t, c, AddRequest{Name: "P0", Kind: User, New: codes[0]})
	for i := range MaxDuress { // 33 of 48 slots
		c = add(t, c, AddRequest{Name: "P0", Kind: Duress, Present: codes[0], New: codes[20+i]})
	}
	_, err := c.Add(deviceKey, chance(9), AddRequest{Name: "P0", Kind: Duress, Present: codes[0], New: codes[55]}, nil)
	if r := why(t, err); r.Near || !strings.Contains(r.Why, "32") {
		t.Errorf("33rd duress code: %v", err)
	}
	for i := 1; i < MaxPersons; i++ {
		c = add(t, c, AddRequest{Name: fmt.Sprintf("P%d", i), Kind: Guest, New: codes[i]})
	}
	_, err = c.Add(deviceKey, chance(9), AddRequest{Name: "One more", Kind: User, New: codes[55]}, nil)
	if r := why(t, err); r.Near || !strings.Contains(r.Why, "16") {
		t.Errorf("17th person: %v", err)
	}
	if err := c.Check(); err != nil || len(c.entries(deviceKey)) != Slots || !c.KeyFits(deviceKey) {
		t.Errorf("full: %v", err)
	}
	for i, code := range codes[:52] {
		v := c.Judge(deviceKey, code)
		if v.Valid != (i < 16 || i >= 20) || v.isForced() != (i >= 20) {
			t.Errorf("code %d: valid %v", i, v.Valid)
		}
	}
}

func TestPersonsAreRefusedWhileDuressCodesFit(t *testing.T) {
	codes := spread(30)
	c, _ := emptyPanel(t, 3).WithLength(10)
	for i := range MaxPersons {
		c = add(t, c, AddRequest{Name: fmt.Sprintf("P%d", i), Kind: User, New: codes[i]})
	}
	_, err := c.Add(deviceKey, chance(9), AddRequest{Name: "One more", Kind: User, New: codes[20]}, nil)
	if r := why(t, err); r.Near {
		t.Errorf("%v", err)
	}
	add(t, c, AddRequest{Name: "P3", Kind: Duress, Present: codes[3], New: codes[20]})
}

func TestAnotherKeyChangesNothing(t *testing.T) {
	c, other := household(t), Key{7}
	_, added := c.Add(other, chance(9), AddRequest{Name: "Dora", Kind: User, New: "605172"}, nil)
	_, changed := c.Change(other, chance(9), "Anna", annaCode, "605172", nil, nil)
	_, removed := c.Remove(other, chance(9), "Anna")
	for _, err := range []error{added, changed, removed} {
		if !errors.Is(err, ErrKey) {
			t.Errorf("%v", err)
		}
	}
}

func TestWithoutRandomnessNothingChanges(t *testing.T) {
	c := household(t)
	if _, err := NewConfig(empty{}, cheap); err == nil {
		t.Error("new codes without randomness")
	}
	if _, err := NewConfig(chance(1), Cost{}); err == nil {
		t.Error("codes that cost nothing")
	}
	_, added := c.Add(deviceKey, empty{}, AddRequest{Name: "Dora", Kind: User, New: "605172"}, nil)
	_, changed := c.Change(deviceKey, empty{}, "Anna", annaCode, "605172", nil, nil)
	_, removed := c.Remove(deviceKey, empty{}, "Anna")
	for _, err := range []error{added, changed, removed} {
		if err == nil || !strings.Contains(err.Error(), "the well is dry") {
			t.Errorf("%v", err)
		}
	}
	if !c.Judge(deviceKey, annaCode).Valid || !c.Judge(deviceKey, annaForced).Valid {
		t.Error("a code was lost")
	}
}

func TestStoredAndReadBack(t *testing.T) {
	c := household(t)
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{annaCode, annaForced, benCode, caraCode, "duress", "guest", "master", "mon-fri"} {
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("%q is stored in clear", secret)
		}
	}
	var back Config
	if err := json.Unmarshal(data, &back); err != nil || !reflect.DeepEqual(back, c) || back.Check() != nil {
		t.Fatalf("came back otherwise: %v", err)
	}
	if v := back.Judge(deviceKey, annaForced); !v.isForced() {
		t.Error("the duress code was lost")
	}
}
