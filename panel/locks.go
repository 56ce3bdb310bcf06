package panel

import (
	"fmt"
	"slices"

	"github.com/gsmpanel/gsmpanel/alert"
)

const (
	hour          = 3600_000
	longestLock   = 24 * hour
	wrongADay     = 20 // over all numbers; then numbers without a valid code that day are locked
	localWrong    = 10 // wrong codes at the board or the keypad before it is blocked
	localBlock    = 90_000
	lockTellsMost = 3 // off-site contacts that are told of a lock, once in a flood

	// A flood must not spend the credit: so many answers a day to wrong codes and
	// to texts that meet a lock, whoever sent them; the last are for locks alone.
	answersMost, answersKept = 12, 2
)

// Locks remembers wrong codes.
type Locks struct {
	Numbers []NumberLock `json:"numbers"`
	Wrong   DayCount     `json:"wrong"`   // wrong codes by text today
	AllDay  int64        `json:"all_day"` // the day on which numbers without a valid code are locked, +1

	LockedAt int64   `json:"locked_at,omitempty"` // tick of the last lock, or text that met one
	Answers  []int64 `json:"answers,omitempty"`   // ticks of answers to wrong codes and about locks
}

// NumberLock is what is known of one number, of the board ("") or of the keypad.
type NumberLock struct {
	Number   string   `json:"number"`
	Wrong    []int64  `json:"wrong,omitempty"` // ticks within the hour
	Until    int64    `json:"until,omitempty"`
	Length   int64    `json:"length,omitempty"`    // of the last lock, ms
	Answered bool     `json:"answered,omitempty"`  // the lock has been told to the number
	ValidDay int64    `json:"valid_day,omitempty"` // the day of the last valid code, +1
	Tokens   DayCount `json:"tokens"`              // wrong tokens today
	Seen     int64    `json:"seen"`
}

func (l Locks) clone() Locks {
	l.Numbers, l.Answers = slices.Clone(l.Numbers), slices.Clone(l.Answers)
	for n := range l.Numbers {
		l.Numbers[n].Wrong = slices.Clone(l.Numbers[n].Wrong)
	}
	return l
}

// look is what is known of a number. It makes no record: a flood from many numbers
// must push out none.
func (l Locks) look(number string) NumberLock {
	for _, n := range l.Numbers {
		if n.Number == number {
			return n
		}
	}
	return NumberLock{}
}

// of finds or makes the record of a number; the one longest unused gives way.
func (l *Locks) of(number string, tick int64) *NumberLock {
	for n := range l.Numbers {
		if l.Numbers[n].Number == number {
			l.Numbers[n].Seen = tick
			return &l.Numbers[n]
		}
	}
	const most = 64
	if len(l.Numbers) >= most {
		oldest := 0
		for n := range l.Numbers {
			if l.Numbers[n].Seen < l.Numbers[oldest].Seen {
				oldest = n
			}
		}
		l.Numbers = slices.Delete(l.Numbers, oldest, oldest+1)
	}
	l.Numbers = append(l.Numbers, NumberLock{Number: number, Seen: tick})
	return &l.Numbers[len(l.Numbers)-1]
}

// lockKey is the number an attempt counts for; "" is the board, and what is no
// number the keypad.
func lockKey(e Told) string {
	switch e.Channel {
	case ByLocal:
		return ""
	case ByKeypad:
		return ByKeypad
	}
	return e.From
}

func (t *turn) today() int64 { return t.now.Tick/day + 1 }

// locked tells whether an attempt comes from a number that is locked. A valid
// code changes nothing about that.
func (t *turn) locked(e Told) bool {
	n := t.s.Locks.look(lockKey(e))
	if n.Until > t.now.Tick || e.Channel == ByCall && t.s.Sealed.Line.Spent(e.Call) {
		return true
	}
	return byPhone(e.Channel) && t.s.Locks.AllDay == t.today() && n.ValidDay != t.today()
}

// answerLocked says once until when, to a number that would be answered. Any
// other must not learn by it that its code is a right one.
func (t *turn) answerLocked(e Told) {
	t.answer.Done = false
	if byPhone(e.Channel) {
		t.s.Locks.LockedAt = t.now.Tick
		if e.Channel == ByCall || !t.isControl(e.From) {
			return
		}
	}
	n := t.s.Locks.of(lockKey(e), t.now.Tick)
	if e.Channel == ByText && (n.Answered || !t.mayAnswer(answersMost)) {
		return
	}
	n.Answered = true
	until := n.Until
	if until <= t.now.Tick {
		until = t.today() * day
	}
	t.reply(e, "Locked until "+t.clockAt(until))
}

// flooded tells whether there was a lock within a day.
func (t *turn) flooded() bool {
	at := t.s.Locks.LockedAt
	return at != 0 && t.now.Tick < at+day
}

// mayAnswer counts one more answer that a flood could ask for, up to most a day,
// and in all for as long as a flood goes on.
func (t *turn) mayAnswer(most int) bool {
	l := &t.s.Locks
	if !t.flooded() {
		l.Answers = slices.DeleteFunc(l.Answers, func(at int64) bool { return at+day <= t.now.Tick })
	}
	if len(l.Answers) >= most {
		return false
	}
	l.Answers = append(l.Answers, t.now.Tick)
	return true
}

// wrongCode counts a wrong code, and answers one who may command.
func (t *turn) wrongCode(e Told) {
	t.wrong = true
	n := t.s.Locks.of(lockKey(e), t.now.Tick)
	n.Wrong = append(slices.DeleteFunc(n.Wrong, func(at int64) bool { return at+hour <= t.now.Tick }), t.now.Tick)
	if e.Channel == ByLocal || e.Channel == ByText && t.isControl(e.From) && t.mayAnswer(answersMost-answersKept) {
		t.reply(e, "Code not accepted")
	}
	t.journal("wrong_code", "1461", "wrong code", 0, Who{Channel: e.Channel})
	t.lockIfTooMany(e, n)
}

func (t *turn) isControl(number string) bool {
	c, ok := t.c.Alert.ByNumber(number)
	return ok && c.Control
}

func (t *turn) lockIfTooMany(e Told, n *NumberLock) {
	if at, here := map[string]string{ByLocal: "board", ByKeypad: "keypad"}[e.Channel]; here {
		if len(n.Wrong) >= localWrong {
			n.Until, n.Answered, n.Wrong = t.now.Tick+localBlock, false, nil
			t.journal("locked", "1461", "the "+at+" is blocked for 90 s for wrong codes", 0, Who{Channel: e.Channel})
		}
		return
	}
	if t.s.Locks.Wrong.add(t.now.Tick) >= wrongADay && t.s.Locks.AllDay != t.today() {
		t.s.Locks.AllDay = t.today()
		for i := range t.s.Locks.Numbers {
			t.s.Locks.Numbers[i].Answered = false
		}
		t.lockTold()
	}
	if len(n.Wrong) < t.c.Access.WrongCodes {
		return
	}
	n.Length = min(max(n.Length*2, t.c.Access.LockTime), longestLock)
	n.Until, n.Answered, n.Wrong = t.now.Tick+n.Length, false, nil
	t.journal("locked", "1461", "a number is locked until "+t.clockAt(n.Until)+" for wrong codes", 0, Who{Channel: e.Channel})
	t.lockTold()
}

// rightCode ends the doubling of a number's locks and frees it for the day.
func (t *turn) rightCode(e Told) {
	n := t.s.Locks.of(lockKey(e), t.now.Tick)
	n.Length, n.ValidDay = 0, t.today()
}

// lockTold tells off-site contacts of the first lock of a flood: after that only
// when a day has passed without one.
func (t *turn) lockTold() {
	before := t.flooded()
	t.s.Locks.LockedAt = t.now.Tick
	if before {
		return
	}
	left := lockTellsMost
	for _, c := range t.c.Alert.Contacts {
		if c.InHouse() || c.NoText || !c.Gets(alert.Alarm) && !c.Gets(alert.Trouble) || left == 0 {
			continue
		}
		left--
		t.s.Book.Queue(t.now.Tick, alert.Job{Rank: alert.RankTrouble, To: c.Number, Name: c.Name, Reason: "a lock",
			Body: t.c.Alert.Words.LockText(t.siteName())})
	}
}

func (t *turn) tokensSpent(number string) bool {
	// It leaves no trace: a right token may be of what is sealed.
	return slices.ContainsFunc(t.s.Locks.Numbers, func(n NumberLock) bool {
		return n.Number == number && n.Tokens.Day == t.now.Tick/day && n.Tokens.Count >= wrongTokens
	})
}

func (t *turn) tokenWrong(number string) {
	t.s.Locks.of(number, t.now.Tick).Tokens.add(t.now.Tick)
}

// rejected is a call from outside that heard busy. A friend who rings back is no
// stranger.
func (t *turn) rejected(e Rejected) {
	if _, listed := t.c.Alert.ByNumber(alert.SameNumber(e.From, t.c.Site.Country)); !listed {
		t.unwanted("call")
	}
}

// unwanted counts what comes from numbers that may not command; the journal
// hears of the first, the tenth, the hundredth …
func (t *turn) unwanted(what string) {
	if n := t.s.Unwanted.add(t.now.Tick); powerOfTen(n) {
		t.journal("unwanted", "1461", fmt.Sprintf("texts and calls from numbers that may not command: %d today, the last a %s", n, what), 0, Who{})
	}
}
