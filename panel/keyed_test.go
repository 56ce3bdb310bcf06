package panel

import (
	"fmt"
	"strings"
	"testing"
)

// keyedAll is what comes of keys and of the end of the call behind them; code and
// key of each attempt, "." for a key that is none.
func keyedAll(keys string) string {
	var k keyed
	var out []string
	note := func(a attempt, whole bool) {
		if !whole {
			return
		}
		key := "."
		if a.key != 0 {
			key = string(a.key)
		}
		out = append(out, string([]byte(a.code))+"/"+key)
	}
	for _, key := range []byte(keys) {
		note(k.press(key))
	}
	note(k.over())
	return strings.Join(out, " ")
}

func TestKeyed(t *testing.T) {
	for keys, want := range map[string]string{
		"":                            "",
		"482913#1":                    "482913/1",
		"482913#9":                    "482913/9",
		"482913##":                    "482913/#",
		"482913#*":                    "482913/*",
		"482913#":                     "482913/.",
		"482913":                      "",
		"48":                          "",
		"#1":                          "",
		"##482913#3":                  "482913/3",
		"4829*482913#3":               "482913/3",
		"482913*#3":                   "",
		"482913#1730586#3":            "482913/1 730586/3",
		"111#1222#2#3":                "111/1 222/2",
		"4A8D2913#B1":                 "482913/1", // the panel's own tones, come back
		"1234567890123456789012345#1": "12345678901/1",
	} {
		if got := keyedAll(keys); got != want {
			t.Errorf("%q is read as %q, want %q", keys, got, want)
		}
	}
}

// What was gathered is forgotten, and nothing prints it.
func TestKeyedIsForgotten(t *testing.T) {
	var k keyed
	for _, key := range []byte("482913") {
		k.press(key)
	}
	digits := k.digits
	if s := fmt.Sprintf("%v %+v %#v %s", k, k, k, k); strings.ContainsAny(s, "0123456789") {
		t.Errorf("printed as %q", s)
	}
	k.press('#')
	a, _ := k.press('3')
	if string([]byte(a.code)) != "482913" || strings.Trim(string(digits), "\x00") != "" || len(k.digits) != 0 {
		t.Errorf("left are %d digits", len(k.digits))
	}
	if s := fmt.Sprintf("%v %+v", a, keyedIn{attempt: a}); strings.Contains(s, "482913") {
		t.Errorf("printed as %q", s)
	}
}

func FuzzKeyed(f *testing.F) {
	for _, keys := range []string{"482913#1", "4829*482913#3", "##", "482913#", "A1#D"} {
		f.Add(keys)
	}
	f.Fuzz(func(t *testing.T, keys string) {
		var k keyed
		attempts := 0
		check := func(a attempt, whole bool) {
			if whole {
				attempts++
			}
			if n := len(a.code); whole && (n == 0 || n > keyedMost) || strings.Trim(string([]byte(a.code)), "0123456789") != "" {
				t.Errorf("%d digits", n)
			}
		}
		for _, key := range []byte(keys) {
			check(k.press(key))
			if len(k.digits) > keyedMost || k.coded && len(k.digits) == 0 {
				t.Fatalf("%d digits are gathered", len(k.digits))
			}
		}
		check(k.over())
		if len(k.digits) != 0 || k.coded {
			t.Error("something outlives the call")
		}
		if most := strings.Count(keys, "#"); attempts > most {
			t.Errorf("%d attempts of %d #", attempts, most)
		}
	})
}
