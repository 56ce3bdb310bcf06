package alert

// A call from outside owns the line as a job does, but there is no job: nothing
// of it is in the books. It ranks as a reply: it is broken off for nothing, and
// all that is queued waits for its end.

// Tone is a pattern of tones for the other end of a call.
type Tone string

// What tones say.
const (
	ToneDone    Tone = "done"    // the command keyed in was obeyed
	ToneRefused Tone = "refused" // it was not
	ToneTaken   Tone = "taken"   // the digit 1 was understood
)

// Times of a call from outside, in ms.
const (
	callerTime = 45_000
	toneLasts  = 1_000 // any of the tones, with what they wait for
	afterTone  = 3_000
	callerTry  = 3 // wrong codes in one call
)

// Answer gives the line to a call from outside, by the number that the modem
// gives it; false where the line is not free.
func (l *Line) Answer(caller uint64, from string, tick int64) bool {
	if l.Busy || !l.Up {
		return false
	}
	l.Serial++
	l.Busy, l.Call, l.In, l.Caller, l.From = true, true, true, caller, from
	l.Phase, l.Since, l.Began = Ringing, tick, tick
	return true
}

// Beep answers what was keyed in the call from outside with that serial. After a
// wrong code there is another try, twice; after all else the call ends.
func (l *Line) Beep(serial uint64, tone Tone, wrong bool, tick int64) {
	if !l.Busy || !l.In || serial != l.Serial || l.HangUp != "" {
		return
	}
	l.say(tone)
	spent := l.Wrong >= callerTry
	if wrong {
		l.Wrong++
	}
	if !spent && (!wrong || l.Wrong >= callerTry) {
		l.EndsAt = tick + toneLasts + afterTone
	}
}

// Spent tells whether three wrong codes were keyed in the call with that serial:
// no other is obeyed in it.
func (l Line) Spent(serial uint64) bool {
	return l.In && l.Serial == serial && l.Wrong >= callerTry
}

// say has the other end hear a pattern, once.
func (l *Line) say(tone Tone) { l.Tone, l.Tones = tone, l.Tones+1 }

// callerDeadline is when a call from outside is hung up.
func (l Line) callerDeadline() int64 { return earlier(l.EndsAt, l.Began+callerTime) }
