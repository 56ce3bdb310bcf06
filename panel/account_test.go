package panel

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
)

// account is the prepaid one of the pretended network, in hundredths. What goes
// out is charged, whatever it is.
type account struct {
	credit, text, minute int64
	says                 string // its answer, with {balance}; "" is silence
	asked                uint64 // the last question
}

// pay charges a call that is over.
func (h *house) pay(talked int64) {
	if talked != 0 && h.s.Sealed.Line.TalkedAt != talked {
		h.account.credit -= h.account.minute * ((h.now.Tick-talked)/60_000 + 1)
	}
}

// inquire lets the network answer, once.
func (h *house) inquire() {
	q := h.s.inquiry(h.c)
	if q.Serial == 0 || q.Serial == h.account.asked {
		return
	}
	h.account.asked = q.Serial
	if h.account.says == "" {
		h.later(30*time.Second, Balance{Serial: q.Serial})
		return
	}
	amount := alert.Amount{Milli: 10 * h.account.credit, Decimals: 2}.String()
	h.later(2*time.Second, Balance{q.Serial, strings.ReplaceAll(h.account.says, "{balance}", amount)})
}

// deposit lets an account be known, and what is charged.
func (h *house) deposit(credit int64) {
	h.account = account{credit: credit, text: 10, minute: 20, says: "Your balance is {balance} GBP"}
	amount := alert.Amount{Milli: 10 * credit, Decimals: 2}
	h.s.Credit = Credit{Day: "2026-11-22", Known: true, Amount: amount, Text: 100}
	h.s.Sealed.Account = Account{Known: true, Real: amount, Price: alert.Price{Text: 100, Minute: 200}}
}

// firstNight is when no more evening is, anywhere.
const firstNight = 9 * hour

func evenings(e happening) bool { return e.at < firstNight }

// spends tells whether the two runs of an evening cost what anybody may see not
// the same: calls of an alarm give the line over to what is sealed, who was not
// told of one yet needs no end of it, and where the line is lost nobody knows what
// was charged. Then the next days' amounts differ by that.
func (w *watched) spends(forced *watched) bool {
	mine := w.s.Sealed.Line.Tally.All()
	if w.s.Sealed.Line.Tally.Hidden != (alert.Spent{}) { // of a silent panic, in both
		mine = w.s.Sealed.Line.Tally.Ordinary()
	}
	return w.disturbed || mine != forced.s.Sealed.Line.Tally.Ordinary()
}

func (w *watched) spendsOtherwise(forced *watched) string {
	alarm := slices.ContainsFunc(w.seen, func(e happening) bool {
		return e.kind == "journal" && (strings.Contains(e.what, "burglary") || strings.Contains(e.what, "panic"))
	})
	if w.account.text != 0 && w.spends(forced) && !w.disturbed && !alarm {
		return fmt.Sprintf("what is spent differs: %+v and %+v", w.s.Sealed.Line.Tally, forced.s.Sealed.Line.Tally)
	}
	return ""
}

// nightly is of how many evenings one is looked at in the two mornings after it.
const nightly = 8

// twoNights goes on with an evening until what is sealed is over, and a day.
func (p *plot) twoNights(n int) {
	p.credit = []int64{5000, 620, 420}[n%3]
	p.edit(Set{"balance-code", "*100#"})
	for _, after := range []time.Duration{16 * time.Hour, 40 * time.Hour} {
		p.acts = append(p.acts, act{says: "in the morning Anna asks for the balance", do: func(h *house, _ string) {
			h.until(1 + after.Milliseconds())
			h.text(anna, annaCode+" BALANCE")
			h.wait(time.Minute)
		}})
	}
}
