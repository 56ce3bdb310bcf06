package modem

import (
	"errors"
	"time"
)

var (
	errRestarted = errors.New("the modem was restarted, since it found no network")
	errAstray    = errors.New("the modem finds no network, and its power is switched off and on")
)

// wideness is how much is done about a network that is not found.
type wideness int

const (
	wait    wideness = iota // nothing yet
	choose                  // AT+COPS=0: take any network
	radioUp                 // AT+CFUN=4, AT+CFUN=1: the radio off and on
	anew                    // AT+CFUN=1,1
	cold                    // its power
)

const (
	lostFor    = 5 * time.Minute // without a network, before anything is done
	searchTime = 2 * time.Minute // for what was done to help; a full scan takes 45 s and more
)

// search is what is done about a network that is not found, again and again with the
// pauses of the ladder.
type search struct {
	searching bool
	last      wideness
	rounds    int
	at        time.Time // of the next step
}

// next is what is to be done now.
func (s *search) next(registered, power bool, now time.Time) wideness {
	switch {
	case registered:
		*s = search{}
		return wait
	case !s.searching:
		*s = search{searching: true, at: now.Add(lostFor)}
		return wait
	case now.Before(s.at):
		return wait
	}
	s.last++
	s.at = now.Add(searchTime)
	if s.last == cold || s.last == anew && !power {
		last := s.last
		s.last, s.at = wait, now.Add(searchTime+pauses[min(s.rounds, len(pauses)-1)])
		s.rounds++
		return last
	}
	return s.last
}

// find does something about a network that is not found. During a call there is one.
func (s *session) find(registered bool) {
	if s.m.calling() {
		return
	}
	switch s.m.search.next(registered, s.m.ladder.power, time.Now()) {
	case choose:
		s.m.step("any network is searched (AT+COPS=0)")
		if s.stopJamming() == nil {
			_, _ = s.command("+COPS=0", copsLimit) // the next poll tells what came of it
		}
	case radioUp:
		s.m.step("its radio is switched off and on (AT+CFUN=4, AT+CFUN=1)")
		if s.stopJamming() == nil {
			_ = s.cycleRadio()
		}
	case anew:
		s.m.step("it is restarted (AT" + s.profile.reset + ")")
		_, _ = s.command(s.profile.reset, cfunLimit) // however it answers
		s.mu.Lock()
		s.reset, s.asked = true, true
		s.mu.Unlock()
	case cold:
		s.lose(errAstray)
	}
}

// cycleRadio switches the radio off and surely on again: CFUN=4 outlives a restart
// (AT p.96). Where the line breaks off in between, the next set-up switches it on.
func (s *session) cycleRadio() error {
	_, err := s.command("+CFUN=4", cfunLimit)
	if broke(err) && !errors.Is(err, errLate) {
		return err
	}
	return s.must("+CFUN=1")
}
