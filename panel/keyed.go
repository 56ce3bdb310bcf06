package panel

import (
	"context"
	"fmt"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
)

// keyedVerbs are the digits that follow `<code>#` in a call.
var keyedVerbs = map[byte]Verb{'1': VerbArm, '2': VerbHome, '3': VerbDisarm, '4': VerbNight, '0': VerbStatus}

// keyed gathers what is keyed in one call: digits, #, and one digit more. It
// lives in the memory of the door only, and nothing prints it.
type keyed struct {
	digits []byte
	coded  bool // # was pressed behind them
}

// keyedMost is more digits than a code has; of those behind it only their being
// there counts.
const keyedMost = longestCode + 1

// Format prints nothing, whatever the verb: fmt takes apart what lies in fields
// that are not exported.
func (keyed) Format(fmt.State, rune)   {}
func (attempt) Format(fmt.State, rune) {}
func (keyedIn) Format(fmt.State, rune) {}

// attempt is a code with the key that followed it, 0 for none: then the call was
// over.
type attempt struct {
	code Secret
	key  byte
}

// press takes one key and says whether it ends an attempt. A * before the # begins
// anew, for who has mistyped. A to D are on no phone: they are the panel's own
// tones come back.
func (k *keyed) press(key byte) (attempt, bool) {
	digit := key >= '0' && key <= '9'
	switch {
	case key >= 'A':
	case k.coded:
		return k.take(key), true
	case key == '#':
		k.coded = len(k.digits) > 0
	case key == '*':
		k.take(0)
	case digit && len(k.digits) < keyedMost:
		k.digits = append(k.digits, key)
	}
	return attempt{}, false
}

// over ends the call: a code that was finished is an attempt, half a one is not.
func (k *keyed) over() (attempt, bool) {
	coded := k.coded
	return k.take(0), coded
}

// take hands over what was gathered and forgets it.
func (k *keyed) take(key byte) attempt {
	a := attempt{Secret(k.digits), key}
	clear(k.digits)
	*k = keyed{}
	return a
}

// keyedIn is an attempt on its way to the door.
type keyedIn struct {
	attempt
	from string
	call uint64
}

// judgeKeys judges what was keyed in a call, as judge does a text.
func judgeKeys(c Config, key duress.Key, in keyedIn) Told {
	verb, understood := keyedVerbs[in.key]
	return Told{
		From: in.from, Channel: ByCall, Call: in.call, Parts: 1, Attempt: true, Understood: understood,
		Command: Command{Verb: verb},
		Verdict: c.Duress.Judge(key, string(in.code)),
	}
}

// listener judges what is keyed in calls, by itself: a flood of texts must not make
// anybody wait for a beep.
func (p *Panel) listener(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case in := <-p.calls:
			p.Post(judgeKeys(p.seen.Load().config, p.shell.Key, in))
		}
	}
}

// answerCall answers a call from outside and gathers what is keyed in it, until
// it is over.
func (p *Panel) answerCall(ctx context.Context, o alert.Order, more <-chan alert.Order) alert.Outcome {
	var k keyed
	hand := func(a attempt, whole bool) {
		if whole {
			select {
			case p.calls <- keyedIn{a, o.To, o.Serial}:
			case <-p.ended:
			}
		}
	}
	out := p.shell.Line.Call(ctx, o, more, CallEvents{
		Ringing:  func() {},
		Answered: func() { p.Post(Progress{o.Serial, alert.Talking}) },
		Key:      func(key byte) { hand(k.press(key)) },
	})
	hand(k.over())
	return out
}
