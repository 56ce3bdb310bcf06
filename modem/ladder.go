package modem

import (
	"errors"
	"time"
)

// failure is how a modem fails.
type failure int

const (
	gone     failure = iota // there is no line to it
	unheard                 // it answers at no speed, or can not be set up
	off                     // it has switched itself off, or only its power is left to try
	cardless                // its SIM card is not ready
)

// noLine is of a line that can not be opened, or has ended.
type noLine struct{ error }

func (n noLine) Unwrap() error { return n.error }

func failureOf(err error) failure {
	switch {
	case errors.As(err, new(*SIMError)):
		return cardless
	case errors.Is(err, errOff), errors.Is(err, errLow), errors.Is(err, errHigh), errors.Is(err, errAstray):
		return off
	case errors.Is(err, errUnsynced):
		return unheard
	case errors.As(err, new(noLine)):
		return gone
	}
	return unheard
}

// rung is what is done about it, besides opening the line anew and looking for the
// modem at all speeds.
type rung int

const (
	reopen  rung = iota // nothing
	restart             // AT+CFUN=1,1
	power               // its key or its supply
)

var (
	// pauses are between two rounds of hard steps: the modem's registration, and its
	// SIM, have to settle.
	pauses = []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute}

	// patience is how long a failure lasts before the first of them.
	patience = map[failure]time.Duration{gone: time.Minute, cardless: time.Minute}

	// waits are before the line is opened anew: a port that was unplugged is taken up
	// as soon as it is there again.
	waits = map[failure]time.Duration{gone: time.Second, unheard: 10 * time.Second, off: time.Second, cardless: 10 * time.Second}
)

// cardPause is the longest pause of a modem without its card, which sees a card only
// when it starts.
const cardPause = 5 * time.Minute

// ladder decides how a modem that fails is brought back, until it has been up for a
// while. It never gives up.
type ladder struct {
	power   bool // can be switched
	failing bool
	next    int       // of the hard steps of this round
	rounds  int       // so many are over
	hard    time.Time // no hard step before
}

// climb says what is done about a failure, and after what wait.
func (l *ladder) climb(f failure, now time.Time) (rung, time.Duration) {
	if !l.failing {
		l.failing, l.hard = true, now.Add(patience[f])
	}
	steps := l.steps(f)
	if l.next >= len(steps) && l.next > 0 {
		l.next, l.hard = 0, now.Add(l.pause(f))
		l.rounds++
	}
	if len(steps) == 0 || now.Before(l.hard) {
		return reopen, waits[f]
	}
	l.next++
	return steps[l.next-1], time.Second
}

// steps are the hard steps of a round.
func (l *ladder) steps(f failure) []rung {
	var steps []rung
	if f == unheard || f == cardless {
		steps = append(steps, restart)
	}
	if l.power && f != cardless {
		steps = append(steps, power)
	}
	return steps
}

func (l *ladder) pause(f failure) time.Duration {
	pause := pauses[min(l.rounds, len(pauses)-1)]
	if f == cardless {
		pause = min(pause, cardPause)
	}
	return pause
}

// works forgets what failed.
func (l *ladder) works() { *l = ladder{power: l.power} }
