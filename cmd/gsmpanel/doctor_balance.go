package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
)

const (
	// fewRounds of texts and calls to all is little.
	fewRounds = 3
	// staleCard is after how long without a text somebody should think of it: prepaid
	// cards end after 3 to 12 months in which nothing was paid for.
	staleCard = 60 * 24 * time.Hour
)

// checkBalance says what the card pays, and whether it is kept alive.
func checkBalance(o panel.Outward, public panel.Public, now time.Time) []check {
	return append(keptAlive(o, public, now), checkCredit(o))
}

func checkCredit(o panel.Outward) check {
	const name = "balance"
	b := o.Balance
	switch {
	case b == nil:
		return good(name, "it is not read; with a prepaid card set its code, for example gsmpanel settings set balance-code *100#")
	case b.Amount == "":
		return good(name, "it has not been read yet; that is done at night and shown at seven")
	}
	text := fmt.Sprintf("%s, read %s", b.Amount, b.Day)
	if b.Rounds == nil {
		return good(name, "%s; what a text costs is learnt from readings and not known yet", text)
	}
	text += fmt.Sprintf("; it pays %d rounds of texts and calls to all", *b.Rounds)
	if *b.Rounds < fewRounds {
		return bad(name, worry, "top it up", "%s", text)
	}
	return good(name, "%s", text)
}

// keptAlive warns of a card that may expire because nothing is sent: the sign of
// life does that where somebody gets it.
func keptAlive(o panel.Outward, public panel.Public, now time.Time) []check {
	every, _ := public.Setting("test-every")
	if every.Value != "0" && slices.ContainsFunc(public.Contacts, alert.Contact.GetsReports) {
		return nil
	}
	last, err := time.Parse(time.DateOnly, o.LastText)
	if err != nil || now.Sub(last) <= staleCard {
		return nil
	}
	return []check{bad("card", worry, "turn on the text that all is well, with gsmpanel settings set test-every 7d, and give somebody the class report",
		"nothing was sent since %s; prepaid cards expire when nothing is paid for, often after some months", o.LastText)}
}
