package modem

import (
	"errors"
	"fmt"
	"regexp"
	"time"
)

// SIMError says why the SIM card is not ready. The modem itself works.
type SIMError struct {
	Why string
	PIN bool // that is because of its PIN
}

func (e *SIMError) Error() string { return e.Why }

// ErrPIN: the SIM card says that the PIN is wrong.
var ErrPIN = errors.New("the PIN is wrong")

// Unlock gives the PIN of a SIM card that asks for it: card is its number (ICCID),
// empty where the modem does not tell it, left how many tries it allows, 2 at least.
// It calls enter once, where it knows a PIN that may be tried, and must have it on
// disk before that it did: wrong ones lock the card, and whoever crashes after a try
// and tries again at each start has soon used all. enter returns nil, ErrPIN or that
// nobody knows what came of it. What Unlock returns is told to the owner.
type Unlock func(card string, left int, enter func(pin string) error) error

var (
	errNoCard   = &SIMError{Why: "no SIM card in the modem; switch it off and put one in"}
	errCardGone = &SIMError{Why: "the SIM card was taken out of the modem, or has lost its contact; put it in again"}
	errNoPIN    = &SIMError{Why: "the SIM card asks for its PIN; switch the PIN off in a phone, or give it with --pin-file", PIN: true}
	errPUK      = &SIMError{Why: "the SIM card is locked and asks for its PUK; unlock it in a phone"}
	errTries    = &SIMError{Why: "the SIM card allows one more try of its PIN, which is left to you; enter the PIN in a phone and switch it off there", PIN: true}
	errUncount  = &SIMError{Why: "the SIM card asks for its PIN, and the modem does not say how many tries are left; switch the PIN off in a phone", PIN: true}
)

// fewestTries must be left for a try of the PIN, so that a person has one.
const fewestTries = 2

// sim waits for the SIM card, and unlocks it.
func (s *session) sim() error {
	tried := false
	for end := time.Now().Add(startLimit); ; {
		state, err := s.cardState()
		switch {
		case broke(err):
			return err
		case state == "READY":
			return nil
		case state == "SIM PIN" && !tried:
			if err := s.unlock(); err != nil {
				return err
			}
			tried, end = true, time.Now().Add(startLimit) // it is busy for a while (AT+CPIN?: CME 14)
			continue
		}
		if err := simTrouble(state, err); err != nil {
			return err
		}
		if !time.Now().Before(end) {
			return &SIMError{Why: "the SIM card does not become ready; take it out, clean it, put it in again"}
		}
		if err := s.pause(2 * time.Second); err != nil {
			return err
		}
	}
}

func (s *session) cardState() (string, error) {
	info, err := s.command("+CPIN?", quick)
	return one(info, "+CPIN"), err
}

// simTrouble is what only a person can mend; nil where waiting may help.
func simTrouble(state string, err error) error {
	var cme *CMEError
	switch {
	case state == "SIM PIN":
		return nil // it was accepted a moment ago
	case state == "SIM PUK":
		return errPUK
	case state == "NOT INSERTED":
		return errNoCard
	case state != "" && state != "NOT READY":
		return &SIMError{Why: fmt.Sprintf("the SIM card can not be used: it says %q", state)}
	case errors.As(err, &cme) && cme.Code == cmeNoSIM:
		return errNoCard
	case errors.As(err, &cme) && cme.Code == 12:
		return errPUK
	case errors.As(err, &cme) && (cme.Code == 13 || cme.Code == 15):
		return &SIMError{Why: "the SIM card does not work in this modem; try another"}
	}
	return nil
}

// unlock enters the PIN where there is one that may be tried.
func (s *session) unlock() error {
	if s.m.options.Unlock == nil {
		return errNoPIN
	}
	card, err := s.cardNumber()
	if err != nil {
		return err
	}
	left, err := s.triesLeft()
	switch {
	case err != nil:
		return err
	case left < 0:
		return errUncount
	case left == 0:
		return errPUK
	case left < fewestTries:
		return errTries
	}
	s.m.unlocks(true)
	defer s.m.unlocks(false)
	var told error
	err = s.m.options.Unlock(card, left, func(pin string) error {
		told = s.enter(pin)
		s.unlocked = told == nil
		return told
	})
	switch {
	case broke(told) && !errors.Is(told, ErrPIN):
		return told
	case err != nil:
		return &SIMError{Why: err.Error(), PIN: true}
	}
	return nil
}

// pinLimit is for a card that counts the try before it answers.
const pinLimit = 20 * time.Second

// enter gives the card its PIN.
func (s *session) enter(pin string) error {
	_, err := s.command(`+CPIN="`+pin+`"`, pinLimit)
	if cme := (*CMEError)(nil); errors.As(err, &cme) && cme.Code == cmePassword {
		return ErrPIN
	}
	return err
}

// triesLeft is how many tries of its PIN the card allows, -1 where that is not told.
func (s *session) triesLeft() (int, error) {
	q := s.profile.pinTries
	info, err := s.command(q.command, quick)
	if err != nil {
		return -1, brokeOnly(err)
	}
	return number(one(info, q.prefix), q.field), nil
}

var iccid = regexp.MustCompile(`[0-9]{18,20}`)

// cardNumber is the number of the SIM card, empty where that is not told.
func (s *session) cardNumber() (string, error) {
	info, err := s.command(s.profile.iccid.command, quick)
	if err != nil || len(info) == 0 {
		return "", brokeOnly(err)
	}
	return iccid.FindString(info[0]), nil
}

// noCard notes that the card was taken out in mid-run.
func (s *session) noCard() {
	s.mu.Lock()
	s.cardGone = s.cardGone || s.boot.phase == running
	s.mu.Unlock()
	signal(s.wake)
}

// lookForCard finds out whether it was, where the modem has not said so.
func (s *session) lookForCard() error {
	state, err := s.cardState()
	if broke(err) {
		return err
	}
	if state != "READY" && (simTrouble(state, err) != nil || state == "SIM PIN") {
		s.noCard()
	}
	return s.fault()
}
