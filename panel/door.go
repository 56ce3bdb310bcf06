package panel

import (
	"context"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
)

// Text is a received text on its way to the door.
type Text struct {
	ID           uint64 // to discard it by, once it is committed
	From         string
	Alphanumeric bool
	Body         string
	Stamp        time.Time // service-centre time, zero when unknown
	Parts        int
	Found        bool // lay on the SIM when the panel started
}

// judge takes a text apart at the door. What leaves it has no digits of a code:
// the verdict is one hash, whatever stood there and whoever sent it.
func judge(c Config, key duress.Key, in Text) Told {
	p := Parse(in.Body)
	told := Told{
		Channel: ByText, Stamp: in.Stamp, Found: in.Found, Parts: in.Parts,
		Command: p.Command, Attempt: p.Attempt, Understood: p.Understood,
		Verdict: c.Duress.Judge(key, p.code, p.words...),
		Key:     textKey(key, in),
	}
	if !in.Alphanumeric {
		told.From = alert.SameNumber(in.From, c.Site.Country)
	}
	return told
}

// textKey names a text without telling what it said: a plain digest of
// “482913 DISARM” would be reversed in a moment.
func textKey(key duress.Key, in Text) [16]byte {
	return key.MAC("received text", []byte(in.From), []byte(in.Stamp.UTC().Format(time.RFC3339)), []byte(in.Body))
}

// judgeTyped takes the digits off what was typed at the keypad.
func judgeTyped(c Config, key duress.Key, digits Secret, verb Verb) Told {
	return Told{
		Channel: ByKeypad, Parts: 1, Attempt: true, Understood: true,
		Command: Command{Verb: verb},
		Verdict: c.Duress.Judge(key, string(digits)),
	}
}

// Typed hands a key of the keypad to the door: a digit, *, /, a line feed for
// Enter, a backspace or an escape; others mean nothing.
func (p *Panel) Typed(key byte) {
	select {
	case p.keys <- key:
	case <-p.ended:
	}
}

// typist gathers what is typed, and judges it by itself: a flood of texts must not
// make anybody wait at the keypad.
func (p *Panel) typist(ctx context.Context) {
	var typed typing
	defer typed.drop()
	rest := time.NewTimer(typingRests)
	defer rest.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-rest.C:
			typed.drop()
		case k := <-p.keys:
			rest.Reset(typingRests)
			if digits, verb, done := typed.key(k); done {
				p.Post(judgeTyped(p.seen.Load().config, p.shell.Key, digits, verb))
			}
		}
	}
}

// judgeRequest takes the digits off a command typed at the board.
func judgeRequest(c Config, key duress.Key, r CommandRequest) Told {
	return Told{
		Channel: ByLocal, Parts: 1, Attempt: r.Digits != "", Understood: true,
		Command: Command{Verb: r.Verb, Force: r.Force, Zones: r.Zones},
		Verdict: c.Duress.Judge(key, string(r.Digits)),
	}
}
