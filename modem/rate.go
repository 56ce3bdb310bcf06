package modem

import "fmt"

// rates are the speeds that a modem may have been left at, those first that are
// most usual (baud). One with automatic rate (AT+IPR=0) answers at any.
var rates = []int{115200, 9600, 57600, 38400, 19200}

// rated is a line whose speed can be changed, such as a tty.
type rated interface{ SetBaud(baud int) error }

// findRate looks for the modem at other speeds, and has it take the right one.
func (s *session) findRate() (found bool, err error) {
	line, ok := s.guard.line.(rated)
	want := s.m.options.Baud
	if !ok || want == 0 {
		return false, nil
	}
	for _, baud := range rates {
		if baud == want {
			continue
		}
		if found, err := s.answersAt(line, baud); err != nil {
			return false, err
		} else if found {
			s.m.step(fmt.Sprintf("it spoke at %d baud; it is told to speak at %d", baud, want))
			return s.changeRate(line, baud, want)
		}
	}
	if err := line.SetBaud(want); err != nil {
		s.lose(err)
	}
	return false, s.fault()
}

// answersAt says whether the modem answers at a speed.
func (s *session) answersAt(line rated, baud int) (bool, error) {
	if err := line.SetBaud(baud); err != nil {
		return false, nil // the port does not know that speed
	}
	return s.glance(0)
}

// changeRate brings modem and line from one speed to another. Where the modem does
// not follow they stay at the first.
func (s *session) changeRate(line rated, from, to int) (bool, error) {
	command := fmt.Sprintf("AT+IPR=%d", to)
	s.split.turn(toProbe, "")
	if err := s.raw(command+"\r", command); err != nil {
		return false, err
	}
	if _, err := s.reply(func(line string) bool { return final(line, "") }, quick); err != nil {
		return false, err
	}
	for range 2 {
		for _, baud := range []int{to, from} {
			if found, err := s.answersAt(line, baud); found || err != nil {
				s.changed = s.changed || baud == to // for AT&W
				return found, err
			}
		}
	}
	return false, nil
}
