package panel

import (
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
)

// asking is a house with a card in the night, while the network is being asked and
// does not answer.
func asking(t *testing.T) *house {
	t.Helper()
	h := newHouse()
	h.deposit(1500)
	mustDo(h.edit(Set{"balance-code", "*100#"}))
	says := h.account.says
	h.account.says = ""
	for h.wait(5 * time.Hour); !h.s.Sealed.Account.Asking; h.wait(time.Second) {
		if h.now.Tick > 10*hour {
			t.Fatal("nobody asks")
		}
	}
	h.account.says = says
	return h
}

func TestBalanceIsAskedForAgain(t *testing.T) {
	for name, spoil := range map[string]func(h *house){
		"after silence":                     func(h *house) {},
		"after a start in the middle of it": func(h *house) { h.restart() },
		"after an answer without an amount": func(h *house) { h.do(Balance{h.s.Sealed.Account.Serial, "Welcome"}) },
		"and an answer to nobody is not taken": func(h *house) {
			h.restart()
			h.do(Balance{h.s.Sealed.Account.Serial, "Balance 99.00"})
		},
		"and one to an earlier question": func(h *house) { h.do(Balance{h.s.Sealed.Account.Serial - 1, "Balance 99.00"}) },
	} {
		t.Run(name, func(t *testing.T) {
			h := asking(t)
			serial := h.s.Sealed.Account.Serial
			spoil(h)
			h.until(11 * hour)
			h.text(anna, annaCode+" BALANCE")
			h.wait(time.Minute)
			if got := h.texts[anna][0]; !strings.HasPrefix(got, "Balance 15.00, read 23.11.2026.") || h.s.Sealed.Account.Serial == serial {
				t.Errorf("after %d questions: %q", h.s.Sealed.Account.Serial, got)
			}
		})
	}
}

// What is shown goes on as if nothing sealed had cost anything; what is really
// there is known.
func TestShownBalanceGoesOnByWhatIsOpen(t *testing.T) {
	price := alert.Price{Text: 100, Minute: 200}
	texts := func(n int64) alert.Spent { return alert.Spent{Texts: n} }
	for _, row := range []struct {
		name         string
		price        alert.Price
		closed       bool
		spent        alert.Tally
		read, shown  int64
		extra, after int64 // and with a reading of as much less, when all is over
	}{
		{"nothing sealed", price, true, alert.Tally{Open: texts(3)}, 9700, 9700, 0, 9600},
		{"a duress is open", price, false, alert.Tally{Open: texts(3), Hidden: texts(20)}, 7700, 9700, 2000, 9600},
		{"it was over before the reading", price, true, alert.Tally{Open: texts(3), Hidden: texts(20)}, 7700, 9700, 2000, 9600},
		{"friends were not told in the ordinary way", price, false, alert.Tally{Open: texts(1), Meant: 2, Hidden: texts(20)}, 7900, 9700, 1800, 9600},
		{"the price is not known", alert.Price{}, false, alert.Tally{Open: texts(3), Hidden: texts(20)}, 7700, 10000, 2300, 9900},
		{"it is topped up meanwhile", price, false, alert.Tally{Open: texts(3), Hidden: texts(20)}, 17700, 19700, 2000, 19600},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := Account{Known: true, Real: alert.Amount{Milli: 10000, Decimals: 2}, Price: row.price, Got: true,
				Amount: alert.Amount{Milli: row.read, Decimals: 2}, Closed: row.closed, Asked: row.spent, Free: row.spent}
			a.settle()
			if got := a.Real.Milli + a.Extra; got != row.shown || a.Extra != row.extra || a.Real.Milli != row.read {
				t.Errorf("%d is shown, %d more than there is", got, a.Extra)
			}
			a.Amount.Milli, a.Closed = row.read-100, true
			a.settle()
			if got := a.Real.Milli + a.Extra; got != row.after {
				t.Errorf("then %d is shown", got)
			}
		})
	}
}
