package modem

import (
	"errors"
	"fmt"
	"slices"
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
	21: "rejected, often for want of credit", 28: "the number is unknown", 38: "the network is out of order",
	42: "the network is congested", 310: "no SIM card", 311: "the SIM card asks for its PIN",
	313: "the SIM card has failed", 322: "the memory is full", 330: "the service centre's number is not set",
	331: "no network", 332: "the network did not answer", cmsUnknown: "no reason given",
}

var cmeWords = map[int]string{
	cmeNoSIM: "no SIM card", 11: "the SIM card asks for its PIN", 12: "the SIM card asks for its PUK",
	13: "the SIM card has failed", cmeBusySIM: "the SIM card is busy", 30: "no network",
	cmeUnknown: "no reason given", 771: "another call is being set up", 797: "the radio is switched off",
}

// transientCMS are the refusals after which trying again helps: the network
// or the service centre is busy, out of reach or not ready yet.
var transientCMS = []int{
	27, 38, 41, 42, 47, 192, 194, 224, 225, 226, 314, 331, 332, cmsUnknown, 520, 521, 525, 528, 530, 532,
	208, 209, 211, 322, 515, 531, // storage: the listing makes room
}

// transientCME likewise, for calls: SIM busy, no network, unknown, another
// call is being set up, radio off.
var transientCME = []int{cmeBusySIM, 30, 31, cmeUnknown, 771, 797}

// permanentCMS are the refusals that concern the number and no other: it is not
// assigned (3GPP TS 24.011 annex E). All else may be the panel's own subscription,
// card or network, and may be mended.
var permanentCMS = []int{1}

// refusedWith says whether an error is the refusal of a text with that code.
func refusedWith(err error, code int) bool {
	var cms *CMSError
	return errors.As(err, &cms) && cms.Code == code
}

// Permanent says whether the same text to the same number will never go.
func Permanent(err error) bool {
	var cms *CMSError
	return errors.As(err, &cms) && slices.Contains(permanentCMS, cms.Code) ||
		errors.Is(err, ErrTooLong) || errors.Is(err, ErrNumber) || errors.Is(err, ErrEmpty)
}

// Transient says whether the same request may succeed a little later.
// ErrUnknown is not transient: whether to repeat then is the caller's choice.
func Transient(err error) bool {
	var cms *CMSError
	var cme *CMEError
	switch {
	case errors.As(err, &cms):
		return slices.Contains(transientCMS, cms.Code)
	case errors.As(err, &cme):
		return slices.Contains(transientCME, cme.Code)
	}
	return errors.Is(err, ErrDown) || errors.Is(err, ErrCall)
}
