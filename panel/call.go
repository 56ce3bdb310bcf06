package panel

import "github.com/gsmpanel/gsmpanel/alert"

// hushFor is how long callers hear busy after a code or a button, in ms: who
// stands beside whoever gave it must not learn by ringing the panel that it is
// just then telling somebody.
const hushFor = 20 * 60_000

// hush keeps callers from being answered for a while. It is done after any code
// that was accepted, on any channel, and after any press of a remote's button;
// where it is kept nobody sees it, since a silent press must not show.
func (t *turn) hush() { t.s.Sealed.HushUntil = t.now.Tick + hushFor }

// byPhone tells whether a channel is one that reaches the panel from anywhere,
// with the locks of texts.
func byPhone(channel string) bool { return channel == ByText || channel == ByCall }

func (w Who) byPhone() bool { return byPhone(w.Channel) }

// callsTaken tells whether callers are let in, or hear busy.
func (s State) callsTaken(c Config) bool {
	return c.Access.CallKeypad && s.Tick >= s.Sealed.HushUntil
}

// rang answers a call from a number that may command. All others are rejected,
// and those who are on the list are nobody's business.
func (t *turn) rang(e Rang) {
	number := alert.SameNumber(e.From, t.c.Site.Country)
	if t.s.callsTaken(t.c) && t.isControl(number) && t.s.Sealed.Line.Answer(e.Caller, number, t.now.Tick) {
		return
	}
	t.reject = e.Caller
	t.rejected(Rejected{From: e.From})
}

// beep tells whoever keyed it in what became of a command. It comes after the
// commit, like all that is done, and does not hang on the kind of a code.
func (t *turn) beep(e Told) {
	tone := alert.ToneRefused
	if t.answer.Done {
		tone = alert.ToneDone
	}
	t.s.Sealed.Line.Beep(e.Call, tone, t.wrong, t.now.Tick)
}
