package panel

import "time"

// signalStands is how long the signal that is shown stands still.
const signalStands = 5 * time.Minute

// steadySignal is the signal as anybody may see it. It is read between what the modem
// sends, so when it moves would tell who had the line: what is shown is the last one
// that was read before a five minutes began, counted from the machine's start. The
// first of a modem that has come up is shown at once; it is read before anything goes.
type steadySignal struct {
	five        int64 // number of the five minutes
	last, shown reading
}

type reading struct{ dBm, usual int } // as in Network

// heard takes what the modem said last, at a time since the machine's start.
func (s *steadySignal) heard(n Network, up time.Duration) {
	s.turn(up)
	r := reading{n.DBm, n.Usual}
	switch {
	case !n.Up:
		s.last, s.shown = reading{}, reading{}
	case n.DBm == 0: // not known just now; when it is again would tell too
	case s.shown.dBm == 0:
		s.last, s.shown = r, r
	default:
		s.last = r
	}
}

// at is what is shown at a time since the machine's start.
func (s *steadySignal) at(up time.Duration) (dBm, usual int) {
	s.turn(up)
	return s.shown.dBm, s.shown.usual
}

func (s *steadySignal) turn(up time.Duration) {
	if five := int64(up / signalStands); five != s.five {
		s.five, s.shown = five, s.last
	}
}
