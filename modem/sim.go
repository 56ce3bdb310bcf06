package modem

import (
	"errors"
	"fmt"
	"time"
)

// sim waits for the SIM card.
func (s *session) sim() error {
	for end := time.Now().Add(startLimit); ; {
		info, err := s.command("+CPIN?", quick)
		if broke(err) {
			return err
		}
		state := one(info, "+CPIN")
		if state == "READY" {
			return nil
		}
		if err := simTrouble(state, err); err != nil {
			return err
		}
		if !time.Now().Before(end) {
			return errors.New("the SIM card does not become ready; take it out, clean it, put it in again")
		}
		if err := s.pause(2 * time.Second); err != nil {
			return err
		}
	}
}

// simTrouble is what only a person can mend; nil where waiting may help.
func simTrouble(state string, err error) error {
	var cme *CMEError
	switch {
	case state == "SIM PIN":
		return errors.New("the SIM card asks for its PIN; switch the PIN off in a phone")
	case state == "SIM PUK":
		return errors.New("the SIM card is locked and asks for its PUK; unlock it in a phone")
	case state != "" && state != "NOT READY":
		return fmt.Errorf("the SIM card can not be used: it says %q", state)
	case errors.As(err, &cme) && cme.Code == cmeNoSIM:
		return errors.New("no SIM card in the modem; switch it off and put one in")
	case errors.As(err, &cme) && (cme.Code == 13 || cme.Code == 15):
		return errors.New("the SIM card does not work in this modem; try another")
	}
	return nil
}

// centre warns where the SIM has no service centre: no text could be sent.
func (s *session) centre() error {
	info, err := s.command("+CSCA?", quick)
	if err == nil && field(one(info, "+CSCA"), 0) == "" {
		s.m.log.Warn("the SIM card has no number of a service centre; texts can not be sent until it is set with AT+CSCA")
	}
	return brokeOnly(err)
}
