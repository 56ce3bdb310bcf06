package alert

import "testing"

// Answers as operators give them, by form; names and sums are made up.
func TestBalanceIsFoundInUsualAnswers(t *testing.T) {
	for _, row := range []struct{ answer, want string }{
		{"Your balance is £12.34, valid until 03.11.2027", "12.34"},
		{"Your balance is 12.34 GBP", "12.34"},
		{"As of 03.11.2026 your balance is EUR 12,34. Dial *111# for offers", "12.34"},
		{"Your balance on 03.11.2026 is 7.05 EUR", "7.05"},
		{"Ihr Guthaben beträgt 8,05 EUR und ist gültig bis 12.01.2028.", "8.05"},
		{"Guthaben: 1.234,56 €", "1234.56"},
		{"Aktuelles Guthaben\n8,15 EUR\n1 Aufladen\n2 Optionen", "8.15"},
		{"Votre crédit est de 5,00€ valable jusqu'au 31/12/2026", "5.00"},
		{"Tu saldo es de $ 150.75. Vence el 01/02/2027", "150.75"},
		{"Баланс: 250,5 р. Подключите 10 ГБ за 300 р.", "250.5"},
		{"Get 10GB for £5! Balance: £3.10", "3.10"},
		{"Credit 0", "0"},
		{"Saldo -1,20 EUR", "-1.20"},
		{"Main balance Rs.1,250.00, expires 31-12-2026", "1250.00"},
		{"Egyenleg: 12 345 Ft", "12345"},
		{"12.34", "12.34"},
		{"You have 3.45 left.", "3.45"},
		{"Thank you for calling", ""},
		{"Offer valid until 03.11.2026", ""},
		{"", ""},
	} {
		got, ok := DefaultConfig().Balance(row.answer)
		if ok != (row.want != "") || ok && got.String() != row.want {
			t.Errorf("%q: %v %v, want %q", row.answer, got, ok, row.want)
		}
	}
}

func TestBalancePattern(t *testing.T) {
	for pattern, fine := range map[string]bool{
		"auto": true, `Main: ([0-9.]+)`: true, `(?i)left ([0-9]+[.,][0-9]{2})`: true,
		"": false, "balance": false, "(a)(b)": false, "([0-9": false, string(make([]byte, 201)): false,
	} {
		if _, err := BalancePattern(pattern); (err == nil) != fine {
			t.Errorf("%.20q: %v", pattern, err)
		}
	}
	c := DefaultConfig()
	c.BalancePattern = `Bonus ([0-9.]+)`
	if got, ok := c.Balance("Balance 12.34 Bonus 3.5"); !ok || got.String() != "3.5" {
		t.Errorf("got %v %v", got, ok)
	}
}

func TestAmounts(t *testing.T) {
	for written, want := range map[string]string{
		"12.34": "12.34", "12,34": "12.34", "1.234,56": "1234.56", "1,234.56": "1234.56", "1 250": "1250", "1.250": "1250",
		"0.125": "0.125", "1.234.567": "1234567", "-3.10": "-3.10", "7": "7", "0.5": "0.5",
		"447700900001": "", "": "", ".": "", "1.2.3,4567": "",
	} {
		got, ok := ParseAmount(written)
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("%q: %v %v, want %q", written, got, ok, want)
		}
	}
}

func FuzzParseAmount(f *testing.F) {
	for _, s := range []string{"12.34", "1 250,5", "-,", "'.'", "00000000000000000000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, ok := ParseAmount(s)
		if b, again := ParseAmount(a.String()); ok && (!again || b.Milli != a.Milli && a.Milli%1000 == 0) {
			t.Errorf("%q is read as %v, and that as %v", s, a, b)
		}
	})
}

func TestPriceIsLearntFromTwoThatAgree(t *testing.T) {
	p, guess := Price{}, int64(0)
	for _, step := range []struct {
		gone  int64
		spent Spent
		want  Price
	}{
		{5100, Spent{Texts: 1}, Price{}},                                 // with a fee
		{100, Spent{Texts: 1}, Price{}},                                  // one is not enough
		{0, Spent{Texts: 2}, Price{}},                                    // free ones say nothing
		{300, Spent{Texts: 3}, Price{Text: 100}},                         // the second
		{-9000, Spent{Texts: 3}, Price{Text: 100}},                       // a top-up
		{350, Spent{Texts: 3, Minutes: 1}, Price{Text: 100, Minute: 50}}, // what is left is the call's
		{4300, Spent{Texts: 3}, Price{Text: 100, Minute: 50}},            // another fee
		{120, Spent{Texts: 1}, Price{Text: 100, Minute: 50}},             // dearer now?
		{240, Spent{Texts: 2}, Price{Text: 120, Minute: 50}},             // yes
	} {
		if p, guess = p.Learn(step.gone, step.spent, guess); p != step.want {
			t.Fatalf("after %+v: %+v", step, p)
		}
	}
}
