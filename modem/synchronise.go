package modem

import (
	"errors"
	"regexp"
	"time"
)

// After a time-out nobody knows what the modem is doing: working, at its
// prompt, starting anew, gone. Whatever is asked next could get the answer to
// what was asked before. So nothing is sent but a probe:
//
//	ESC      takes it out of a prompt, without sending the text (AT p.116)
//	AT       ends whatever stood half written in its command line
//	AT+GSN   and other queries in turn, whose answers no other command of ours
//	         has, and which differ among themselves
//
// The line is in step again when the answer to the very query that was sent
// last has come, with its OK and with nothing beside it: the modem answers in
// order, so nothing older can follow. A late answer beside it only costs a
// further probe. Not chosen: plain AT (its OK looks like any other), echo (it
// is returned when the modem reads, not when it answers).
var probes = []struct {
	command string
	answer  *regexp.Regexp
}{
	{"+GSN", regexp.MustCompile(`^[0-9]{14,17}$`)}, // the IMEI
	{"+CSCS?", regexp.MustCompile(`^\+CSCS: ?"`)},
	{"+IPR?", regexp.MustCompile(`^\+IPR: ?[0-9]+$`)},
	{"+CMEE?", regexp.MustCompile(`^\+CMEE: ?[0-9]$`)},
}

const (
	escapeTime = 500 * time.Millisecond // for the answer that some modems give to ESC
	helloLimit = time.Second
	quietTime  = 300 * time.Millisecond
	// attempts of probing before the line is opened anew, 6.5 s each: a modem
	// that was just switched on is silent for 5 s.
	attempts = 5
)

var errUnsynced = errors.New("the modem does not answer; check its supply, its cable, the baud rate, and the port: a modem on USB has several, and takes commands at one of them, such as /dev/ttyUSB2")

// synchronise brings the line into step, at whatever speed the modem speaks. What
// its errors say has already been tried attempts times.
func (s *session) synchronise() error {
	if !s.m.trace.hides() { // which command was not answered may tell that there was one
		s.m.log.Info("the modem's line is out of step; probing it")
	}
	for n := range attempts {
		p := probes[n%len(probes)]
		clean, err := s.probe(p.command, p.answer, n > 0, quick)
		if err != nil {
			return err
		}
		if clean {
			s.inStep()
			return nil
		}
	}
	found, err := s.findRate()
	if err != nil {
		return err
	}
	if found {
		s.inStep()
		return nil
	}
	s.lose(errUnsynced)
	return errUnsynced
}

func (s *session) inStep() {
	s.mu.Lock()
	s.stray = false
	s.mu.Unlock()
	s.unsynced = false
	s.split.turn(toLibrary, "")
}

// glance asks once, and waits no longer than a modem that has nothing else to do.
func (s *session) glance(n int) (clean bool, err error) {
	return s.probe(probes[n].command, probes[n].answer, false, helloLimit)
}

// probe asks once. again: after an attempt that failed, whose answer may be
// on its way, the line must be silent for a while as well.
func (s *session) probe(command string, answer *regexp.Regexp, again bool, limit time.Duration) (clean bool, err error) {
	s.split.turn(toProbe, "")
	if err := s.raw("\x1b", "ESC"); err != nil {
		return false, err
	}
	if err := s.pause(escapeTime); err != nil {
		return false, err
	}
	s.split.turn(toProbe, "")
	hello := "AT"
	if again {
		hello = "ATQ0V1" // another program may have switched the results off, or words into numbers
	}
	if err := s.raw(hello+"\r", hello); err != nil {
		return false, err
	}
	if _, err := s.reply(func(line string) bool { return line == "OK" }, helloLimit); err != nil {
		return false, err
	}
	s.split.turn(toProbe, command)
	if err := s.raw("AT"+command+"\r", "AT"+command); err != nil {
		return false, err
	}
	asked, beside := false, false
	got, err := s.reply(func(line string) bool {
		switch {
		case line == "OK" && asked:
			return true
		case !asked && answer.MatchString(line):
			asked = true
		default:
			beside = true
		}
		return false
	}, limit)
	if err != nil || !got || beside {
		return false, err
	}
	if again {
		more, err := s.reply(func(string) bool { return true }, quietTime)
		return !more, err
	}
	return true, nil
}

// raw writes past the library.
func (s *session) raw(bytes, name string) error {
	s.m.lives()
	s.m.trace.raw(name)
	if _, err := s.split.line.Write([]byte(bytes)); err != nil {
		s.lose(err)
		return s.fault()
	}
	return nil
}

// reply shows lines to until, until it is content or the limit is over.
func (s *session) reply(until func(string) bool, limit time.Duration) (bool, error) {
	over := time.NewTimer(limit)
	defer over.Stop()
	for {
		for {
			line, ok := s.split.replies.get()
			if !ok {
				break
			}
			if until(line) {
				return true, nil
			}
		}
		select {
		case <-s.split.replies.ready:
		case <-over.C:
			return false, s.fault()
		case <-s.dead:
			return false, s.fault()
		case <-s.ctx.Done():
			return false, s.ctx.Err()
		}
	}
}
