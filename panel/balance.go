package panel

import (
	"fmt"
	"slices"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
)

// The balance is read in the night, when nothing else needs the line, and shown
// in the morning: at what time of the night it was read hangs on what else the
// line had to do, which nobody is to see.
const (
	readFrom   = 2           // o'clock, and up to an hour later, each panel at its own minute
	readUntil  = 7           // o'clock; then it is shown
	readAgain  = 15 * minute // after a try that failed
	failNights = 3           // in a row before it is a trouble
)

const minute = 60_000

// Credit is what anybody may see of the prepaid account. Of a reading made while
// something sealed was open, or after money was spent on it, the amount is what
// it would be without: see Account.
type Credit struct {
	Day    string       `json:"day,omitempty"` // of the last reading, as 2026-11-23
	Known  bool         `json:"known,omitempty"`
	Amount alert.Amount `json:"amount,omitzero"`
	Text   int64        `json:"text,omitempty"`   // the price of one, in thousandths; 0 is not known
	Failed int          `json:"failed,omitempty"` // nights in a row without a reading
}

// OutwardBalance is the last reading of the prepaid balance that is shown.
type OutwardBalance struct {
	Amount string `json:"amount"` // "" before the first
	Day    string `json:"day"`    // as 2026-11-23
	Rounds *int   `json:"rounds"` // of texts and calls to all that it pays; null where prices are not known
	Failed int    `json:"failed"` // nights since then without a reading, 3 at most
}

func outwardBalance(c Config, k Credit) *OutwardBalance {
	if c.Alert.BalanceCode == "" {
		return nil
	}
	o := &OutwardBalance{Day: k.Day, Failed: k.Failed}
	if k.Known {
		o.Amount = k.Amount.String()
	}
	if n := k.rounds(c.Alert); n >= 0 {
		o.Rounds = &n
	}
	return o
}

// Account is the account as it really stands, and how far this night's reading is.
type Account struct {
	Known  bool         `json:"known,omitempty"`
	Real   alert.Amount `json:"real,omitzero"`
	Extra  int64        `json:"extra,omitempty"` // that is shown above Real, in thousandths
	Price  alert.Price  `json:"price,omitzero"`
	Guess  int64        `json:"guess,omitempty"`
	Warned bool         `json:"warned,omitempty"` // those outside, that it is low
	// What was spent up to the last reading; the second up to when it would have
	// been made if nothing were sealed.
	Spent, SpentOpen alert.Tally

	Night     string       `json:"night,omitempty"` // the day that it leads to, as 2026-11-23
	Shown     bool         `json:"shown,omitempty"`
	Begun     bool         `json:"begun,omitempty"`
	Serial    uint64       `json:"serial,omitempty"` // +1 with each question
	Asking    bool         `json:"asking,omitempty"`
	NotBefore int64        `json:"not_before,omitempty"`
	Got       bool         `json:"got,omitempty"`
	Amount    alert.Amount `json:"amount,omitzero"`
	Closed    bool         `json:"closed,omitempty"` // nothing sealed was open when it was asked
	Asked     alert.Tally  `json:"asked,omitzero"`
	Free      alert.Tally  `json:"free,omitzero"`
}

// Inquiry is what the network is to be asked; the zero one is nothing.
type Inquiry struct {
	Serial uint64
	Code   string
}

func (s State) inquiry(c Config) Inquiry {
	if !s.Sealed.Account.Asking {
		return Inquiry{}
	}
	return Inquiry{s.Sealed.Account.Serial, c.Alert.BalanceCode}
}

// hours are when this day's reading begins and ends.
func (s Open) hours(now time.Time) (from, until time.Time) {
	from = time.Date(now.Year(), now.Month(), now.Day(), readFrom, int(s.Book.Seed%60), 0, 0, now.Location())
	return from, time.Date(now.Year(), now.Month(), now.Day(), readUntil, 0, 0, 0, now.Location())
}

// nextReading is the tick of its next step that nothing else brings about.
func (s State) nextReading(c Config) int64 {
	if c.Alert.BalanceCode == "" || !s.Sure {
		return 0
	}
	now := time.UnixMilli(s.Wall).In(c.Location())
	at := func(t time.Time) int64 { return s.Tick + t.UnixMilli() - s.Wall }
	a := s.Sealed.Account
	from, until := s.hours(now)
	switch {
	case now.Before(from):
		return at(from)
	case !now.Before(until):
		from, _ = s.hours(now.AddDate(0, 0, 1))
		return at(from)
	case !a.Got && a.NotBefore > s.Tick:
		return min(a.NotBefore, at(until))
	}
	return at(until) // or whatever frees the line
}

// nightly reads the balance in the night and shows it in the morning.
func (t *turn) nightly() {
	if t.c.Alert.BalanceCode == "" {
		t.s.Credit = Credit{}
		t.noteFault(Fault{Name: CreditTrouble})
		t.noteFault(Fault{Name: ReadingTrouble})
		return
	}
	if !t.now.Sure {
		return
	}
	a, now := &t.s.Sealed.Account, t.atPlace()
	from, until := t.s.hours(now)
	today := now.Format(time.DateOnly)
	switch {
	case now.Before(from):
	case now.Before(until):
		if a.Night != today {
			a.Night, a.Shown, a.Begun, a.Got, a.NotBefore = today, false, false, false, 0
		}
		t.readBalance(a)
	case a.Night == today && !a.Shown:
		a.Shown = true
		t.showBalance(a)
	}
}

// readBalance asks when the line has nothing else to do.
func (t *turn) readBalance(a *Account) {
	l := t.s.Sealed.Line
	waits := slices.ContainsFunc(t.s.Book.Jobs, func(j alert.Job) bool { return j.Handed || j.NotBefore <= t.now.Tick })
	if up := l.Up && t.s.Network.Registered; !up || waits || l.In {
		return
	}
	if !a.Begun { // with nothing sealed it would be asked now
		a.Begun, a.Free = true, l.Tally
	}
	if a.Got || a.Asking || l.Busy || t.now.Tick < a.NotBefore {
		return
	}
	a.Serial++
	a.Asking, a.Asked = true, l.Tally
	a.Closed = !slices.ContainsFunc(t.s.Sealed.Book.Incidents, alert.Incident.Open)
}

// balanceRead takes the answer.
func (t *turn) balanceRead(e Balance) {
	a := &t.s.Sealed.Account
	if !a.Asking || e.Serial != a.Serial {
		return
	}
	a.Asking, a.NotBefore = false, t.now.Tick+readAgain
	if amount, ok := t.c.Alert.Balance(e.Text); ok {
		a.Got, a.Amount = true, amount
	}
}

// forget gives up a question whose answer nobody waits for any more.
func (a *Account) forget(tick int64) {
	if a.Asking {
		a.Asking, a.NotBefore = false, tick+readAgain
	}
}

// showBalance lets the night's reading be seen.
func (t *turn) showBalance(a *Account) {
	k := &t.s.Credit
	switch {
	case !a.Begun:
		return // the network was not there, which is a trouble of its own
	case !a.Got:
		k.Failed = min(k.Failed+1, failNights)
		if k.Failed >= failNights {
			t.fault(Fault{Name: ReadingTrouble, On: true, Why: fmt.Sprintf("in %d nights", failNights)})
		}
		return
	}
	a.settle()
	k.Day, k.Known, k.Failed, k.Text = a.Night, true, 0, a.Price.Text
	k.Amount = alert.Amount{Milli: a.Real.Milli + a.Extra, Decimals: a.Real.Decimals}
	t.fault(Fault{Name: ReadingTrouble})
	low := t.c.low(k.Amount, k.Text)
	t.fault(Fault{Name: CreditTrouble, On: low, Why: k.Amount.String()})
	t.warnAway(a, low)
}

// warnAway tells those who know of something sealed that little credit is left
// where it has eaten so much that others can't see it: somebody must top it up.
func (t *turn) warnAway(a *Account, seen bool) {
	low := !seen && t.c.low(a.Real, a.Price.Text)
	if low && !a.Warned {
		t.sealedJournal("trouble", "1350", "prepaid balance is really "+a.Real.String(), "")
		t.s.Sealed.Book.TellCredit(a.Real.String(), t.now.Tick)
	}
	a.Warned = low
}

// settle takes the night's reading in. One that nothing sealed had a part in is
// shown as it is, and teaches the prices. Of any other the amount before it is
// shown, less what was spent besides as far as prices are known, so that it is
// what it would be; but a top-up shows. What is missing then is shown for good:
// the money that is gone must not show later either.
func (a *Account) settle() {
	spent, rise := a.Asked.Minus(a.Spent), a.Amount.Milli-a.Real.Milli
	switch {
	case !a.Known:
	case a.Closed && spent.Hidden == (alert.Spent{}):
		a.Price, a.Guess = a.Price.Learn(-rise, spent.All(), a.Guess)
	default:
		shown := a.Real.Milli + a.Extra - a.Price.Of(a.Free.Minus(a.SpentOpen).Ordinary())
		if rise > 0 {
			shown += rise + a.Price.Of(spent.All())
		}
		a.Extra = shown - a.Amount.Milli
	}
	a.Known, a.Real, a.Spent, a.SpentOpen = true, a.Amount, a.Asked, a.Free
}

// low tells whether a balance is below the limit, or has only the reserve left.
func (c Config) low(a alert.Amount, text int64) bool {
	return a.Milli < c.Alert.BalanceLimit.Milli || c.reserved(a, text)
}

func (c Config) reserved(a alert.Amount, text int64) bool {
	return text > 0 && a.Milli <= int64(c.Alert.CreditReserve)*text
}

// short tells whether only the reserve is left, as far as that is known.
func (t *turn) short() bool {
	return t.s.Credit.Known && t.c.reserved(t.s.Credit.Amount, t.s.Credit.Text)
}

// rounds is how many rounds of texts and calls to everybody the balance pays; -1
// where prices are not known.
func (k Credit) rounds(c alert.Config) int {
	round := c.Round()
	cost := k.Text * (round.Texts + round.Minutes)
	if !k.Known || cost == 0 {
		return -1
	}
	return int(max(0, k.Amount.Milli) / cost)
}

// balanceText answers BALANCE: always the last nightly reading.
func (t *turn) balanceText() string {
	k := t.s.Credit
	switch {
	case t.c.Alert.BalanceCode == "":
		return "The balance is not read. Set the code for it, such as *100#, at the panel: settings set balance-code."
	case !k.Known:
		return "The balance has not been read yet. That is done every night."
	}
	day, _ := time.Parse(time.DateOnly, k.Day)
	text := fmt.Sprintf("Balance %s, read %s.", k.Amount, day.Format("02.01.2006"))
	if n := k.rounds(t.c.Alert); n >= 0 {
		text += fmt.Sprintf(" It pays %d rounds of texts and calls to all.", n)
	}
	return text
}
