package alert

import (
	"slices"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"
)

func TestNumber(t *testing.T) {
	for _, test := range []struct{ written, country, want string }{
		{"+447700900123", "", "+447700900123"},
		{" +44 7700 900-123 ", "", "+447700900123"},
		{"0044 (7700) 900123", "", "+447700900123"},
		{"07700 900123", "GB", "+447700900123"},
		{"0171/2345678", "DE", "+491712345678"},
		{"(415) 555-2671", "US", "+14155552671"},
		{"+1.415.555.2671", "GB", "+14155552671"},
		{"+4477009001234567", "", ""}, // 16 digits
		{"+0447700900123", "", ""},
		{"07700 900123", "", ""}, // which country?
		{"07700 900123", "XX", ""},
		{"Vodafone", "GB", ""},
		{"", "GB", ""},
		{"+", "GB", ""},
		{"112", "GB", ""},
		{"999", "GB", ""},
		{"911", "US", ""},
		{"110", "DE", ""},
		{"+112", "", ""},
		{"60070", "GB", ""},
		{"++447700900123", "", ""},
	} {
		got, err := Number(test.written, test.country)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q in %q is %q, %v; want %q", test.written, test.country, got, err, test.want)
		}
		if err != nil && !strings.Contains(err.Error(), "+447700900123") && !strings.Contains(err.Error(), "let them call for help") {
			t.Errorf("%q: no example in %q", test.written, err)
		}
	}
}

// Emergency and short numbers are refused whatever the site's country is, and
// however they are dressed up.
func TestEmergencyNumbersOfEveryCountry(t *testing.T) {
	numbers := []string{"112", "911", "999", "110", "000", "111", "100", "101", "102", "108", "113", "115", "117", "118", "119", "120", "122", "190", "991", "995",
		"116117", "116000", "+112", "00112", "1 1 2", "(911)", "+44112", "+44 999", "0044 112", "+49110", "+1911", "+61000", "+353 999", "+49 116117", "+44 116123", "+33 116000", "60070"}
	countries := []string{"", "GB", "DE", "US", "FR", "AU", "IN", "BR", "JP", "IE", "CH", "ZA", "XX"}
	for _, number := range numbers {
		for _, country := range countries {
			if got, err := Number(number, country); err == nil || !strings.Contains(err.Error(), "let them call for help") {
				t.Errorf("%q in %q is %q, %v", number, country, got, err)
			}
		}
	}
}

// No country's mobile numbers are taken for short ones.
func TestMobileNumbersOfEveryCountry(t *testing.T) {
	for region := range phonenumbers.GetSupportedRegions() {
		example := phonenumbers.GetExampleNumberForType(region, phonenumbers.MOBILE)
		if example == nil {
			continue
		}
		want := phonenumbers.Format(example, phonenumbers.E164)
		if got, err := Number(want, "GB"); len(want) > 7 && got != want {
			t.Errorf("%s: %s is %q, %v", region, want, got, err)
		}
	}
}

func TestSameNumber(t *testing.T) {
	for _, sender := range []string{"+447700900123", "07700900123", "00447700900123"} {
		if got := SameNumber(sender, "GB"); got != "+447700900123" {
			t.Errorf("%q is compared as %q", sender, got)
		}
	}
	for _, sender := range []string{"Vodafone", "", "ANNA 7700900123", "999"} {
		if got := SameNumber(sender, "GB"); got != "" {
			t.Errorf("%q is compared as %q", sender, got)
		}
	}
}

func TestName(t *testing.T) {
	for written, want := range map[string]string{
		"Anna": "Anna", "  Uncle   Ben ": "Uncle Ben", "Jürgen": "Jürgen", "": "", "\t": "",
		strings.Repeat("a", 20): strings.Repeat("a", 20), strings.Repeat("a", 21): "",
		strings.Repeat("€", 10): strings.Repeat("€", 10), // two septets each
		strings.Repeat("€", 11): "", "Анна": "", "Anna 🙂": "",
	} {
		got, err := Name(written)
		if want != "" && (got != want || err != nil) || want == "" && err == nil {
			t.Errorf("%q gives %q, %v", written, got, err)
		}
		if err != nil && !strings.Contains(err.Error(), "for example Anna") {
			t.Errorf("%q: no example in %q", written, err)
		}
	}
}

func listed(t *testing.T, contacts ...Contact) Config {
	t.Helper()
	c := DefaultConfig()
	for _, k := range contacts {
		var err error
		if c, err = c.Add(k, "GB"); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func TestDefaultClasses(t *testing.T) {
	c := listed(t, Contact{Name: "Anna", Number: "07700900001", Control: true}, Contact{Name: "Ben", Number: "07700900002"},
		Contact{Name: "Cleo", Number: "07700900003", Classes: []Class{}}, Contact{Name: "Dora", Number: "07700900004", Classes: []Class{Report}})
	for n, want := range [][]Class{{Life, Alarm, Trouble, Report}, {Life, Alarm}, {}, {Report}} {
		if got := c.Contacts[n].Classes; !slices.Equal(got, want) {
			t.Errorf("%s gets %v, want %v", c.Contacts[n].Name, got, want)
		}
	}
}

func TestInHouse(t *testing.T) {
	for _, test := range []struct {
		control, at, off, want bool
	}{
		{false, false, false, false}, {true, false, false, true}, {true, false, true, false}, {false, true, false, true}, {false, false, true, false},
	} {
		if got := (Contact{Control: test.control, AtSite: test.at, OffSite: test.off}).InHouse(); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
}

func TestAddRefuses(t *testing.T) {
	c := listed(t, Contact{Name: "Anna", Number: "07700900001"})
	for name, k := range map[string]Contact{
		"name taken":       {Name: "anna", Number: "07700900002"},
		"number taken":     {Name: "Ben", Number: "+447700900001"},
		"two sites":        {Name: "Ben", Number: "07700900002", AtSite: true, OffSite: true},
		"unknown class":    {Name: "Ben", Number: "07700900002", Classes: []Class{"fire"}},
		"emergency number": {Name: "Police", Number: "999"},
	} {
		after, err := c.Add(k, "GB")
		if err == nil || len(after.Contacts) != 1 {
			t.Errorf("%s: %v, %d contacts", name, err, len(after.Contacts))
		}
	}
	for n := 2; n <= MaxContacts; n++ {
		c = must(c.Add(Contact{Name: "c" + strings.Repeat("x", n%10) + string(rune('A'+n/10)), Number: "+44770090" + string(rune('0'+n/10)) + string(rune('0'+n%10)) + "99"}, ""))
	}
	if _, err := c.Add(Contact{Name: "late", Number: "+447700999999"}, ""); err == nil || !strings.Contains(err.Error(), "32") {
		t.Errorf("contact %d: %v", MaxContacts+1, err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestEditMoveRemove(t *testing.T) {
	c := listed(t, Contact{Name: "Anna", Number: "07700900001"}, Contact{Name: "Ben", Number: "07700900002"}, Contact{Name: "Cleo", Number: "07700900003"})
	moved := must(c.Move("cleo", 1))
	if moved.Contacts[0].Name != "Cleo" || c.Contacts[0].Name != "Anna" {
		t.Errorf("moved %v, was %v", moved.Contacts, c.Contacts)
	}
	edited := must(c.Edit(" BEN ", "GB", func(k *Contact) { k.Number = "07700900009"; k.Classes[0] = Report }))
	if edited.Contacts[1].Number != "+447700900009" || c.Contacts[1].Classes[0] != Life {
		t.Errorf("edited %v, was %v", edited.Contacts[1], c.Contacts[1])
	}
	if removed := must(c.Remove("anna")); len(removed.Contacts) != 2 || c.Contacts[0].Name != "Anna" {
		t.Errorf("removed %v, was %v", removed.Contacts, c.Contacts)
	}
	for name, err := range map[string]error{
		"place 0":       second(c.Move("Anna", 0)),
		"place 4":       second(c.Move("Anna", 4)),
		"nobody moved":  second(c.Move("Eve", 1)),
		"nobody left":   second(c.Remove("Eve")),
		"nobody edited": second(c.Edit("Eve", "", func(*Contact) {})),
		"another's":     second(c.Edit("Anna", "GB", func(k *Contact) { k.Number = "07700900002" })),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func second(_ Config, err error) error { return err }

func TestEligible(t *testing.T) {
	c := listed(t,
		Contact{Name: "Anna", Number: "+447700900001", Control: true},
		Contact{Name: "Ben", Number: "+447700900002"},
		Contact{Name: "Cleo", Number: "+447700900003", Classes: []Class{Alarm}},
		Contact{Name: "Dora", Number: "+447700900004", AtSite: true},
		Contact{Name: "Eve", Number: "+447700900005", NoCall: true, NoText: true},
		Contact{Name: "Finn", Number: "+447700900006", Control: true, OffSite: true})
	for _, test := range []struct {
		name string
		from string
		own  []string
		told []string
		want string
	}{
		{"by Anna", "+447700900001", []string{"Anna"}, nil, "Ben Finn"},
		{"Ben's phone was used", "+447700900002", []string{"Anna"}, nil, "Finn"},
		{"Finn's own code", "", []string{"finn"}, nil, "Ben"},
		{"Cleo was told of a burglary", "+447700900001", []string{"Anna"}, []string{"+447700900003"}, "Ben Cleo Finn"},
		{"so was Dora, who lives there", "+447700900001", []string{"Anna"}, []string{"+447700900004"}, "Ben Finn"},
	} {
		var got []string
		for _, r := range Eligible(c, test.from, test.own, test.told) {
			got = append(got, r.Name)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v, want %s", test.name, got, test.want)
		}
	}
}

// FuzzNumber: whatever is written, a number is E.164 or there is an error, and
// what is taken is taken again.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"+447700900123", "07700 900123", "112", "0044", "+", "\x00", "٠٧٧٠٠"} {
		f.Add(s, "GB")
	}
	f.Fuzz(func(t *testing.T, s, country string) {
		n, err := Number(s, country)
		if err != nil {
			return
		}
		if len(n) < 8 || len(n) > 16 || n[0] != '+' || strings.Trim(n[1:], "0123456789") != "" {
			t.Errorf("%q in %q is %q", s, country, n)
		}
		if again, err := Number(n, ""); again != n || err != nil {
			t.Errorf("%q is not taken again: %q, %v", n, again, err)
		}
	})
}

var gsmLetters = []rune("abcXYZ 019.,-'äöüßÅ£€[]{}~\\")

// gsmText draws a text of up to n septets.
func gsmText(t *rapid.T, n int, label string) string {
	s := string(rapid.SliceOfN(rapid.SampledFrom(gsmLetters), 1, n).Draw(t, label))
	return Clip(strings.Repeat(s, n), n)
}
