package duress

import (
	"strings"
	"testing"
)

func TestParseAction(t *testing.T) {
	for _, c := range []struct {
		typed, word string
		want        Binding
		hides       Hiding
	}{
		{"arm", "arm", Binding{DoArm, DoNone, DoNone}, HidesNothing},
		{" Disarm ", "disarm", Binding{DoDisarm, DoNone, DoNone}, HidesNothing},
		{"panic", "panic", PanicButton, HidesNothing},
		{"single=none,double=silent,hold=audible", "single=none,double=silent,hold=audible", PanicButton, HidesNothing},
		{"Hold=fire, Double = silent", "single=none,double=silent,hold=fire", Binding{DoNone, DoSilent, DoFire}, HidesNothing},
		{"single=arm", "arm", Binding{DoArm, DoNone, DoNone}, HidesNothing},
		{"single=none", "none", Binding{DoNone, DoNone, DoNone}, HidesNothing},
		{"single=silent,hold=silent", "silent", Binding{DoSilent, DoNone, DoNone}, HidesNothing},
		{"single=silent,double=none,hold=medical", "single=silent,double=none,hold=medical", Binding{DoSilent, DoNone, DoMedical}, HidesNothing},
		// Three that are one to whoever looks on.
		{"duress-disarm", "disarm", Binding{DuressDisarm, DoNone, DoNone}, HidesPress},
		{"single=disarm,hold=duress-disarm", "disarm", Binding{DoDisarm, DoNone, DuressDisarm}, HidesHold},
		{"single=disarm,hold=disarm", "disarm", Binding{DoDisarm, DoNone, DoNone}, HidesNothing},
	} {
		b, word, err := ParseAction(c.typed)
		if err != nil || b != c.want || word != c.word || b.Hides() != c.hides {
			t.Errorf("%q: %+v, %q, hides %d, %v", c.typed, b, word, b.Hides(), err)
		}
	}
}

func TestParseActionRefuses(t *testing.T) {
	for typed, why := range map[string]string{
		"":                                   `there is no action ""`,
		"open":                               `there is no action "open"; allowed are arm`,
		"arm,home":                           `there is no action "arm,home"`,
		"single=open":                        `there is no action "open"`,
		"single=arm,single=home":             "one action at most",
		"twice=silent":                       "give each of single, double and hold",
		"hold=panic":                         `there is no action "panic"`,
		"double=":                            `there is no action ""`,
		"single=arm,":                        "give each of",
		"=arm":                               "give each of",
		"single=arm=home":                    `there is no action "arm=home"`,
		"double=duress-disarm":               "duress-disarm stands alone, or as single=disarm,hold=duress-disarm",
		"hold=duress-disarm":                 "duress-disarm stands alone",
		"single=arm,hold=duress-disarm":      "duress-disarm stands alone",
		"single=duress-disarm,double=silent": "duress-disarm stands alone",
	} {
		if b, word, err := ParseAction(typed); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q is taken as %+v, %q: %v", typed, b, word, err)
		}
	}
}

// What is listed can be typed again, does what it says, and never names what a
// button hides.
func FuzzParseAction(f *testing.F) {
	for _, seed := range []string{"arm", "panic", "duress-disarm", "single=disarm,hold=duress-disarm", "hold=fire,double=silent", "=,=", "single=none,double=none,hold=none"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		b, word, err := ParseAction(typed)
		if err != nil {
			return
		}
		again, same, err := ParseAction(word)
		if err != nil || same != word || again != b.shown() || strings.Contains(word, "duress") {
			t.Fatalf("%q is listed as %q, which is %+v, %q, %v", typed, word, again, same, err)
		}
	})
}

func TestTheMostHelpful(t *testing.T) {
	for _, c := range []struct {
		Binding
		want Gesture
	}{
		{PanicButton, Double},
		{Binding{DoDisarm, DoNone, DuressDisarm}, Hold},
		{Binding{DoSilent, DoAudible, DoFire}, Single},
		{Binding{DoFire, DoAudible, DoMedical}, Double},
		{Binding{DoNone, DoMedical, DoFire}, Hold},
		{Binding{DoArm, DoNone, DoMedical}, Hold},
		{Binding{DoArm, DoDisarm, DoNone}, Single},
		{Binding{DoNone, DoNone, DoNone}, Single},
	} {
		if got := c.MostHelpful(); got != c.want {
			t.Errorf("%s: %s", c.Binding, got)
		}
	}
}

func TestPressVerdict(t *testing.T) {
	for _, forced := range []bool{false, true} {
		fact, real := Note(PressVerdict(forced), false, Fact{Person: "Anna", Command: "DISARM"}).Open()
		if real != forced || forced && fact.Why != "duress" {
			t.Errorf("a press under threat %v: %+v, %v", forced, fact, real)
		}
		if v := PressVerdict(forced); v.Valid || v.Person != "" {
			t.Error("a press is no code")
		}
	}
}
