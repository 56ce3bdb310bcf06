package main

import (
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
)

// deposit makes a card prepaid, at a place where it is two at night.
func deposit(s *panel.Snapshot) {
	amount := alert.Amount{Milli: 50_000, Decimals: 2}
	s.Config.Site.Zone = "Asia/Karachi"
	s.Config.Alert.BalanceCode = "*100#"
	s.State.Credit = panel.Credit{Day: "2026-11-22", Known: true, Amount: amount, Text: 100}
	s.State.Sealed.Account = panel.Account{Known: true, Real: amount, Price: alert.Price{Text: 100, Minute: 200}}
}

// A night in which the real modem reads the balance of an account that texts and
// calls are charged to: in the one run those outside are texted and rung because
// of a duress, and in the morning nothing shows it.
func TestTwiceBalance(t *testing.T) {
	t.Parallel()
	night := func(swapped bool) *stack {
		return inBubble(t, stackOptions{swapped: swapped, prepaid: true}, func(s *stack) {
			s.sim.SetAccount(simulator.Account{Credit: 5000, Text: 10, Minute: 20})
			if err := s.sim.Serve("*100#", simulator.Service{Reply: "Balance {balance} GBP\n1 Top up", Code: 1, Form: "packed"}); err != nil {
				t.Fatal(err)
			}
			s.sim.SetPhone(cleoPhone, simulator.Behaviour{AnswerAfter: 4 * time.Second})
			s.until(odd(600))
			s.text(annaPhone, annas("STATUS"))
			s.until(odd(5*3600 + 600)) // ten past seven
			s.text(annaPhone, annas("BALANCE"))
			s.until(odd(5*3600 + 660))
		})
	}
	plain, forced := night(false), night(true)
	y := twiceStory{eligible: []string{benPhone, cleoPhone}}
	if d := difference(y, plain, forced); d != "" {
		t.Errorf("the two runs differ in their %s", d)
	}
	const answer = "Balance 49.90, read 23.11.2026. It pays"
	if said := asJSON(t, forced.sim.Phones()); !strings.Contains(said, answer) || !strings.Contains(said, "DURESS Anna") {
		t.Errorf("the phones have no %q, or no duress: %s", answer, said)
	}
	if a, b := plain.sim.Account().Credit, forced.sim.Account().Credit; b > a-200 {
		t.Errorf("the duress has cost nothing: %d and %d are left", a, b)
	}
}
