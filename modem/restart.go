package modem

import "time"

// What a SIM800 says when it starts, of itself: RDY (not with automatic baud
// rate), +CFUN: 1, +CPIN: READY, Call Ready, SMS Ready (AT p.52, p.337). Heard
// in mid-run it has reset itself: the settings are gone, echo is back, and
// what was in flight may or may not have happened.

// phase is what the words of a start mean at the moment.
type phase int

const (
	settingUp phase = iota // Call Ready and the like are welcome, RDY begins it anew
	running                // any of them is a reset
	starting               // after a reset: all are waited for
)

// boot remembers which words of one start were heard.
type boot struct {
	phase phase
	words map[string]bool
	since time.Time
}

const (
	// bootTime is how long the words of one start may take.
	bootTime = time.Minute
	// bootWait is how long the last of them is waited for.
	bootWait = 10 * time.Second
)

// heard notes a word of a start and says whether it is a reset.
func (b *boot) heard(word string, now time.Time) bool {
	fresh := word == "RDY" || b.words[word] || now.Sub(b.since) > bootTime
	if fresh {
		b.words, b.since = map[string]bool{}, now
	}
	b.words[word] = true
	switch b.phase {
	case running:
		return fresh
	case settingUp:
		return word == "RDY"
	}
	return false
}

// started takes a word of a start.
func (s *session) started(word string) {
	s.mu.Lock()
	reset := s.boot.heard(word, time.Now())
	s.reset = s.reset || reset
	s.mu.Unlock()
	if reset {
		s.split.abort(false)
	}
	signal(s.wake)
}

// expectStart says that the modem will go off, or start.
func (s *session) expectStart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.boot.phase, s.reset, s.asked = starting, false, false
}

// awaitStart waits for the last word of a start, or long enough.
func (s *session) awaitStart() error {
	s.expectStart()
	s.split.turn(toNobody, "")
	over := time.NewTimer(bootWait)
	defer over.Stop()
	for {
		s.mu.Lock()
		last := s.boot.words[s.profile.lastWord]
		s.mu.Unlock()
		if last {
			return s.fault()
		}
		select {
		case <-s.wake:
		case <-over.C:
			return s.fault()
		case <-s.dead:
			return s.fault()
		case <-s.ctx.Done():
			return s.ctx.Err()
		}
	}
}

// off takes that the modem has switched itself off, where nobody told it to.
func (s *session) off() {
	s.mu.Lock()
	told := s.boot.phase == starting
	s.mu.Unlock()
	if !told {
		s.lose(errOff)
	}
}
