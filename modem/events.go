package modem

import "time"

// Event is what the modem tells of its own accord: one of Up, Down, Step, Received,
// Report, Ringing, Answered, Digit, Ended, Incoming, Network, Condition
// and NetworkTime.
type Event interface{ event() }

// Up says that the modem has been initialised and takes requests. Each time
// it is so anew (after the line was opened, after a reset of the modem, after
// a resynchronisation that failed) the epoch is one higher; the first is 1.
type Up struct {
	Epoch uint64
	// Model and Firmware are what AT+CGMM and AT+GMR answered; may be empty.
	Model, Firmware string
	// Card is the number of the SIM card (ICCID); empty where the modem does not tell it.
	Card string
	// Unlocked: the card asked for its PIN, which was entered.
	Unlocked bool
}

// Down says that the line is lost or out of step, or that the modem can not
// be brought up. The fate of everything that was in flight in this epoch is
// unknown. It is told again when the reason changes. Epoch is that of the
// last Up, 0 before the first.
type Down struct {
	Epoch uint64
	Err   error // one sentence for the owner; a *SIMError where it is the card
}

// Step is a step that is now taken to bring back a modem, or a network, that does not
// answer: in a few words of which the modem is the subject.
type Step struct{ What string }

// Received is one complete text on the SIM. It is told again, with the same
// ID while this process lives, until Discard is called with the ID.
type Received struct {
	ID uint64
	// From is "+" and digits only where the network says that the number is
	// international (23.040 9.1.2.5); else what was sent, as it is. Any sender
	// can be forged.
	From string
	// Alphanumeric: From is a name, not a number.
	Alphanumeric bool
	Body         string
	// Stamp is the service centre's, with its zone (23.040 9.2.3.11).
	Stamp time.Time
	// Parts is 1, or the number of parts of a long text, at most 255.
	Parts int
	// Found: it lay on the SIM (or a part of it did) at the first listing of
	// this process, which had not been told of its coming.
	Found bool
}

// Delivery is the state that a status report tells, by the ranges of TP-Status
// (23.040 9.2.3.15).
type Delivery int

const (
	Delivered Delivery = iota + 1 // reached the phone: 0x00 to 0x1F
	Pending                       // not yet, the service centre goes on trying: 0x20 to 0x3F
	Failed                        // given up: 0x40 and above
)

// String returns the state in a word.
func (d Delivery) String() string {
	switch d {
	case Delivered:
		return "delivered"
	case Pending:
		return "pending"
	case Failed:
		return "failed"
	}
	return "unknown"
}

// Announced is told as soon as the modem says that it has stored a text (+CMTI), however
// long it takes until that can be read.
type Announced struct{}

// Report is a status report of a text sent with Report set. Ref, 0 to 255, is
// the one that Send returned; it wraps, so compare To as well.
type Report struct {
	Ref    int
	To     string // as Received.From
	State  Delivery
	Status byte // TP-Status
	// Stamp is when the service centre took the text, Discharge when what
	// Status says happened; both by its clock.
	Stamp, Discharge time.Time
}

// Ringing says that the phone at the other end rings. At most once a call.
type Ringing struct{ Call uint64 }

// Answered says that the call is connected, which a voicemail also does; of a call
// from outside, that Answer has picked up. At most once a call.
type Answered struct{ Call uint64 }

// Digit is a key pressed at the other end: '0' to '9', '*', '#', 'A' to 'D'.
type Digit struct {
	Call uint64
	Key  byte
}

// Ended is told exactly once for every call that Dial returned without an
// error, and that Incoming has told of. As Ringing, it may be told before Dial returns.
type Ended struct {
	Call  uint64
	Cause Cause
}

// Cause is why a call ended.
type Cause int

const (
	CauseLost      Cause = iota + 1 // the line to the modem was lost: fate unknown
	CauseBusy                       // the phone was engaged
	CauseRejected                   // its owner pressed reject (AT+CEER 21)
	CauseNoAnswer                   // it rang until the network gave up
	CauseNoCarrier                  // never connected: off, out of reach
	CauseRemote                     // the other end hung up an answered call
	CauseLocal                      // HangUp
	CauseNetwork                    // there was no network, or it failed: it may go a little later
)

// String returns the cause in words.
func (c Cause) String() string {
	switch c {
	case CauseLost:
		return "lost"
	case CauseBusy:
		return "busy"
	case CauseRejected:
		return "rejected"
	case CauseNoAnswer:
		return "no answer"
	case CauseNoCarrier:
		return "no carrier"
	case CauseRemote:
		return "remote hung up"
	case CauseLocal:
		return "hung up"
	case CauseNetwork:
		return "no network"
	}
	return "unknown"
}

// Incoming says that somebody rings. Where calls are taken, Call is to be answered
// or rejected, soon; else it is 0 and the caller was rejected, which is rare: a
// modem that takes no calls does so by itself. From is as Received.From, and empty
// where withheld; a withheld number is never let in. Any number can be forged.
type Incoming struct {
	Call uint64
	From string
}

// Network is told when any of it has changed, and once in each epoch.
type Network struct {
	Registered bool // at home or roaming
	Roaming    bool
	Denied     bool   // the network refuses this SIM or this modem
	Operator   string // as AT+COPS? names it; empty while unknown
	// DBm is the signal, -115 to -52 (AT+CSQ); 0 while unknown.
	DBm int
	// Usual is the mean of about a day where the signal has fallen by 10 dB and more
	// below it, else 0.
	Usual int
}

// NetworkTime is the modem's clock (AT+CCLK?), told only when it is plausible:
// the network may set it, wrongly too, and before that it starts in 2004.
type NetworkTime struct{ Time time.Time }

func (Up) event()          {}
func (Down) event()        {}
func (Step) event()        {}
func (Announced) event()   {}
func (Received) event()    {}
func (Report) event()      {}
func (Ringing) event()     {}
func (Answered) event()    {}
func (Digit) event()       {}
func (Ended) event()       {}
func (Incoming) event()    {}
func (Network) event()     {}
func (NetworkTime) event() {}
