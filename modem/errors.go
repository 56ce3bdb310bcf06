package modem

import (
	"errors"
	"fmt"
)

var (
	// ErrUnknown: the request was handed to the modem, which may or may not
	// have carried it out (time-out, line lost, reset).
	ErrUnknown = errors.New("the modem did not say whether it was done")
	// ErrDown: the request was never handed to the modem; it may be repeated.
	ErrDown = errors.New("the modem is not ready")
	// ErrTooLong: the text does not fit one SMS; nothing was sent.
	ErrTooLong = errors.New("the text does not fit one SMS (160 characters of the GSM alphabet, 70 of any other)")
	// ErrEmpty: the text has no characters; nothing was sent.
	ErrEmpty = errors.New("the text is empty")
	// ErrNumber: the number is not E.164; nothing was sent.
	ErrNumber = errors.New("a number begins with + and the country's code and has 7 to 15 digits, for example +447700900123")
	// ErrCall: Dial was called during a call. Hang up first.
	ErrCall = errors.New("a call is going on; hang up first")
	// ErrNoCall: Tones was called without an answered call.
	ErrNoCall = errors.New("no call is connected")
	// ErrTones: Tones was given something that is no key of a telephone.
	ErrTones = errors.New("tones are the keys 0 to 9, *, # and A to D, for example 159#")
)

// CMSError is the modem's refusal of a text (27.005 3.2.5, AT p.332-335). A
// bare ERROR is given as 500, unknown error.
type CMSError struct{ Code int }

func (e *CMSError) Error() string {
	if s, ok := cmsWords[e.Code]; ok {
		return fmt.Sprintf("the text was refused: %s (CMS error %d)", s, e.Code)
	}
	return fmt.Sprintf("the text was refused (CMS error %d)", e.Code)
}

// CMEError is the modem's refusal of anything else (27.007 9.2, AT p.330). A
// bare ERROR is given as 100, unknown.
type CMEError struct{ Code int }

func (e *CMEError) Error() string {
	if s, ok := cmeWords[e.Code]; ok {
		return fmt.Sprintf("the modem refused: %s (CME error %d)", s, e.Code)
	}
	return fmt.Sprintf("the modem refused (CME error %d)", e.Code)
}

const (
	cmsUnknown = 500
	// cmsDuplicate: the service centre has the text already (24.011 annex E), which
	// is what whoever sent it wants.
	cmsDuplicate = 197
	cmeUnknown   = 100
	cmeNoSIM     = 10
	cmeBusySIM   = 14
	cmePassword  = 16
)

var cmsWords = map[int]string{
	1: "the number is not assigned", 8: "barred by the operator", 10: "the call is barred",
	21: "rejected, often for want of credit", 28: "this SIM is unknown to the network, often for want of credit", 30: "the number is unknown", 38: "the network is out of order",
	42: "the network is congested", 310: "no SIM card", 311: "the SIM card asks for its PIN",
	313: "the SIM card has failed", 322: "the memory is full", 330: "the service centre's number is not set",
	331: "no network", 332: "the network did not answer", cmsUnknown: "no reason given",
}

var cmeWords = map[int]string{
	cmeNoSIM: "no SIM card", 11: "the SIM card asks for its PIN", 12: "the SIM card asks for its PUK",
	13: "the SIM card has failed", cmeBusySIM: "the SIM card is busy", 30: "no network",
	cmeUnknown: "no reason given", 771: "another call is being set up", 797: "the radio is switched off",
}

// refusedWith says whether an error is the refusal of a text with that code.
func refusedWith(err error, code int) bool {
	var cms *CMSError
	return errors.As(err, &cms) && cms.Code == code
}

// Class says what a refusal is about, and so what helps.
type Class int

const (
	// Passing: the network, the service centre or the modem is busy, out of order or
	// not ready yet; later it may go. So is what is not known.
	Passing Class = iota
	// Absent: there is no network or no modem to refuse anything; it may come back.
	Absent
	// OfNumber: this number will never get a text.
	OfNumber
	// OfService: of this number or of one's own subscription, which nobody can tell:
	// barred, not subscribed, not allowed.
	OfService
	// OfAccount: often want of credit, of a plan, or a sender who is barred.
	OfAccount
	// OfSetup: a person has to see to the SIM card or the settings.
	OfSetup
	// OfStorage: a memory is full; the listing makes room.
	OfStorage
)

// cmsClasses are those of 3GPP TS 24.011 annex E (up to 127), 23.040 9.2.3.22 (128
// to 255), 27.005 3.2.5 (300 on) and SIM800 (500 on, AT p.332-335). Only 1 is surely of
// the number alone: all else may be one's own subscription, card or network, and may
// be mended. 500 is also a bare ERROR. 520 is too many texts on their way at once.
var cmsClasses = map[int]Class{
	1: OfNumber,
	8: OfService, 10: OfService, 29: OfService, 30: OfService, 50: OfService, 69: OfService, 81: OfService,
	95: OfService, 96: OfService, 97: OfService, 98: OfService, 99: OfService, 111: OfService, 195: OfService, 196: OfService,
	21: OfAccount, 28: OfAccount,
	302: OfSetup, 303: OfSetup, 304: OfSetup, 305: OfSetup, 310: OfSetup, 311: OfSetup, 312: OfSetup, 313: OfSetup,
	315: OfSetup, 316: OfSetup, 317: OfSetup, 318: OfSetup, 330: OfSetup,
	27: Passing, 38: Passing, 41: Passing, 42: Passing, 47: Passing, 192: Passing, 194: Passing, 224: Passing, 225: Passing, 226: Passing,
	314: Passing, cmsUnknown: Passing, 520: Passing, 521: Passing, 525: Passing, 528: Passing, 530: Passing, 532: Passing,
	331: Absent, 332: Absent,
	208: OfStorage, 209: OfStorage, 211: OfStorage, 322: OfStorage, 515: OfStorage, 531: OfStorage,
}

var cmeClasses = map[int]Class{
	cmeNoSIM: OfSetup, 11: OfSetup, 12: OfSetup, 13: OfSetup, 15: OfSetup, cmePassword: OfSetup,
	30: Absent, 31: Absent, 797: Absent, cmeBusySIM: Passing, cmeUnknown: Passing, 771: Passing,
}

// Classify says what an error of a request is about.
func Classify(err error) Class {
	var cms *CMSError
	var cme *CMEError
	switch {
	case errors.As(err, &cms):
		return cmsClasses[cms.Code]
	case errors.As(err, &cme):
		return cmeClasses[cme.Code]
	case errors.Is(err, ErrTooLong), errors.Is(err, ErrNumber), errors.Is(err, ErrEmpty):
		return OfNumber
	case errors.Is(err, ErrDown):
		return Absent
	}
	return Passing
}

// Transient says whether the same call may succeed a little later. Of a refusal that
// nobody knows it is not said: then it is somebody else's turn.
func Transient(err error) bool {
	var cme *CMEError
	if errors.As(err, &cme) {
		class, known := cmeClasses[cme.Code]
		return known && (class == Passing || class == Absent)
	}
	return errors.Is(err, ErrDown) || errors.Is(err, ErrCall)
}
