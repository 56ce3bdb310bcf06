package duress

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestTrivialCodes(t *testing.T) {
	for name, codes := range map[string][]string{
		"one digit":             {"0000", "111111", "9999999999"},
		"two digits":            {"1122", "1211", "121212", "707007", "4444449"},
		"a block again":         {"123123", "1231231", "48134813", "4824824", "1234512345"},
		"digits in groups":      {"112233", "111222", "223388", "11223344", "1122333"},
		"up":                    {"1234", "345678", "123456", "890123", "0123456789"},
		"down":                  {"4321", "987654", "321098", "9876543210"},
		"steps":                 {"13579", "246802", "147036", "8642"},
		"lines on the keypad":   {"2580", "0852", "147258", "258025", "159357", "123654", "789456", "147852", "741963", "1472583", "14725"},
		"a year":                {"1900", "1984", "2026", "2099"},
		"a year and a day":      {"198712", "121987", "051995", "201931", "19877", "71987"},
		"a year and a date":     {"14071989", "19890714", "19872015", "1471989", "1989071412"},
		"well known, 4":         {"1004", "5683", "1397", "1230"},
		"well known, 5":         {"90210", "12321", "38317"},
		"well known, 6":         {"123321", "292513", "142536", "314159", "007007", "135790", "246810", "102030", "696969"},
		"well known, 7 to 10":   {"8675309", "12345679", "314159265", "1029384756"},
		"end of a listed phone": {"900123", "0900123", "0123", "447700900", "00900123"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, c := range codes {
				if !trivial(c, []string{"+447700900123", "+4915447700900"}) {
					t.Errorf("%s is taken", c)
				}
			}
		})
	}
}

func TestCodesThatAreNotTrivial(t *testing.T) {
	for _, c := range []string{
		"482913", "730564", "916850", "258471", "147302", "123459", "198764", "351987", "209943", "441230",
		"4829", "73056", "4829136", "48291367", "482913675", "4829136750", "1475", "112234", "121213",
		"900124", "901239", "770090", "477009", // near the phone's end, or in its middle
	} {
		if trivial(c, []string{"+447700900123"}) {
			t.Errorf("%s is refused", c)
		}
	}
}

func TestTheListNamesNothingTwice(t *testing.T) {
	for i, c := range wellKnown {
		if len(c) < MinLength || len(c) > MaxLength || !onlyDigits(c) {
			t.Errorf("%q is no code", c)
		}
		if repeats(c) || sequence(c) || keypadLines(c, 0) || dated(c) || slices.Contains(wellKnown[:i], c) {
			t.Errorf("%s is refused without the list or stands in it twice", c)
		}
	}
}

func TestFewCodesAreTrivial(t *testing.T) {
	for digits, most := range map[int]int{4: 1000, 5: 7000, 6: 20000} {
		refused, all := 0, 1
		for range digits {
			all *= 10
		}
		step := all/20_000 | 1 // odd, so that all last digits come
		for v := 0; v < all; v += step {
			if trivial(fmt.Sprintf("%0*d", digits, v), nil) {
				refused += step
			}
		}
		if refused > most || refused < most/2 {
			t.Errorf("%d of the codes of %d digits are refused", refused, digits)
		}
	}
}

func TestNeighbours(t *testing.T) {
	for _, c := range []struct {
		name, code string
		near, far  []string
	}{
		{"itself", "482913", []string{"482913"}, nil},
		{"one digit wrong", "482913", []string{"082913", "482993", "482919", "492913"}, []string{"012913", "483914", "582914"}},
		{"neighbours exchanged", "482913", []string{"842913", "428913", "482931"}, []string{"284913", "482319"}},
		{"value within 2", "482999", []string{"483000", "483001", "482998", "482997"}, []string{"483002"}},
		{"value, down over a ten", "483001", []string{"482999", "483000", "483003"}, []string{"482998"}},
		{"value, leading zeros", "000999", []string{"001000", "001001"}, []string{"1000", "001002"}},
		{"value, no way round below", "000001", []string{"000000", "000003"}, []string{"999999", "-00001"}},
		{"value, no way round above", "999999", []string{"999997", "999998"}, []string{"000000", "1000000"}},
		{"backwards", "482913", []string{"319284"}, []string{"319283"}},
		{"beginning elsewhere", "482913", []string{"829134", "291348", "913482", "134829", "348291"}, []string{"829143"}},
		{"never a digit more or less", "482913", nil, []string{"48291", "4829130", "82913"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := neighbours(c.code)
			for _, n := range c.near {
				if !slices.Contains(all, n) {
					t.Errorf("%s is not near", n)
				}
			}
			for _, n := range c.far {
				if slices.Contains(all, n) {
					t.Errorf("%s is near", n)
				}
			}
		})
	}
}

func drawCode(t *rapid.T, label string, digits int) string {
	return rapid.StringOfN(rapid.RuneFrom([]rune("0123456789")), digits, digits, digits).Draw(t, label)
}

// near is what the rule says, told another way than neighbours does.
func near(a, b string) bool {
	if differing(a, b) <= 1 {
		return true
	}
	for i := 1; i < len(a); i++ {
		if a[:i-1]+string(a[i])+string(a[i-1])+a[i+1:] == b || a[i:]+a[:i] == b {
			return true
		}
	}
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	back := []byte(a)
	slices.Reverse(back)
	return max(x-y, y-x) <= 2 || string(back) == b
}

func TestNeighboursAreWhatTheRuleSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.IntRange(MinLength, MaxLength).Draw(t, "digits")
		a, b := drawCode(t, "a", digits), drawCode(t, "b", digits)
		if slices.Contains(neighbours(a), b) != near(a, b) {
			t.Fatalf("%s and %s", a, b)
		}
		all := neighbours(a)
		for i, n := range all {
			if !near(a, n) || len(n) != digits || !slices.Contains(neighbours(n), a) {
				t.Fatalf("%s has the neighbour %s, but not the other way round", a, n)
			}
			if slices.Contains(all[:i], n) {
				t.Fatalf("%s is hashed twice", n)
			}
		}
	})
}

// Random pairs are seldom near; here each code is held against all there are.
func TestNeighboursOfShortCodes(t *testing.T) {
	for v := 0; v < 10000; v += 311 {
		a := fmt.Sprintf("%04d", v)
		all := neighbours(a)
		for w := range 10000 {
			b := fmt.Sprintf("%04d", w)
			if slices.Contains(all, b) != near(a, b) {
				t.Fatalf("%s and %s", a, b)
			}
		}
	}
}
