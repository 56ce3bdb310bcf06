package panel

import (
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/zones"
)

// Event is one thing that happened. The loop stamps Now when it takes it.
type Event interface{ event() }

// Channels that a command comes by.
const (
	ByText   = "text"
	ByLocal  = "local"  // the command line of the board
	ByRemote = "remote" // a key fob
	ByKeypad = "keypad" // on the wall
	ByCall   = "call"   // digits keyed in a call to the panel
)

type (
	// Booted is the panel's own start. OffKnown says that Tick was advanced by
	// the time the panel was off; NewBoot that the board itself started anew.
	Booted struct{ OffKnown, NewBoot bool }

	// Knock says that a deadline may have come.
	Knock struct{}

	// Told is a command with the door's verdict on its code: no digits.
	Told struct {
		From       string // E.164, or as the network gave it
		Channel    string
		Stamp      time.Time // service-centre time, zero when unknown
		Found      bool      // lay on the SIM when the panel started
		Parts      int
		Command    Command
		Attempt    bool // begins or ends with 4–10 digits
		Understood bool
		Verdict    duress.Verdict
		Key        [16]byte // of (number, stamp, words), for texts
		Call       uint64   // serial of the call that it was keyed in
	}

	// Edited is a change of the configuration.
	Edited struct{ Edit Edit }

	// NearCode says that a new code was refused for being too near another.
	NearCode struct{}

	// Pressed is a sensor's or a button's code that counts as one event.
	Pressed struct {
		ID     string
		Source int    // the receiver that heard it
		Hop    uint32 // of a rolling code
	}

	// Sensed is a device that says itself how it stands, all at once: a wireless one
	// that is more than a code, or a wired loop.
	Sensed struct {
		ID   string
		What []zones.What
	}

	// Pressing is a frame of a press that counts, of a button of which it matters how
	// long and how often it is pressed.
	Pressing struct {
		ID     string
		Source int    // the receiver that heard it
		Hop    uint32 // of a rolling code
		New    bool   // the first that is told of this press
		Ago    int64  // ms since the press began
		Lasted int64  // ms that it has lasted so far
		Whole  bool   // its frames came as a whole package, and more may follow late
		Counts bool   // with it the press counts as Pressed does: the first since the button was still
	}

	// Announced is that a text has come, before it is read.
	Announced struct{}
	// LineUp and LineDown begin and end an epoch of the modem's line.
	LineUp struct {
		Epoch uint64
		SIM   SIM
	}
	LineDown struct {
		Epoch uint64
		Why   string
		SIM   bool // the modem answers, and its card is not ready
		PIN   bool // for want of its PIN
	}

	// Recovery is a step by which a modem or a network is brought back.
	Recovery struct{ What string }

	// Progress, Key and Done tell of the job with that serial.
	Progress struct {
		Serial uint64
		Phase  alert.Phase
	}
	Key struct {
		Serial uint64
		Key    byte
	}
	Done struct {
		Serial  uint64
		Outcome alert.Outcome
	}

	// Reported is a delivery report.
	Reported struct{ alert.Delivery }

	// Heard is what the modem says of the network.
	Heard struct {
		Registered, Roaming, Denied bool
		Operator                    string
		DBm                         int
		Usual                       int // dBm, where DBm is well below it, else 0
	}

	// Receivers says how many radio receivers there are, how many of them run, and the
	// numbers of those that do not tell how a button is pressed.
	Receivers struct {
		Up, Of    int
		PressOnly []int
	}

	// Noise is how loud the air usually is at a receiver, in dB of its full scale.
	Noise struct {
		Unit, Of int // the receiver's number, and how many there are
		Usual    float64
	}

	// Balance is what came of asking the network for it. The text is kept nowhere:
	// it may hold anything.
	Balance struct {
		Serial uint64
		Text   string // "" where there was no answer
	}

	// Powered says by what the panel lives.
	Powered struct{ Power Power }

	// Rang is a call from outside that waits to be answered, by the number that the
	// modem gives it.
	Rang struct {
		Caller uint64
		From   string
	}

	// Rejected is a call from outside that heard busy.
	Rejected struct{ From string }

	// Fault says that a part of the panel fails or works again.
	Fault struct {
		Name TroubleName
		Zone int // of a sensor's trouble
		Unit int // of a receiver's: its number
		Of   int // and how many receivers there are; 0 is one
		On   bool
		Why  string
	}
)

func (Booted) event()    {}
func (Knock) event()     {}
func (Told) event()      {}
func (Edited) event()    {}
func (NearCode) event()  {}
func (Pressed) event()   {}
func (Sensed) event()    {}
func (Pressing) event()  {}
func (Announced) event() {}
func (LineUp) event()    {}
func (LineDown) event()  {}
func (Recovery) event()  {}
func (Progress) event()  {}
func (Key) event()       {}
func (Done) event()      {}
func (Reported) event()  {}
func (Heard) event()     {}
func (Receivers) event() {}
func (Noise) event()     {}
func (Balance) event()   {}
func (Powered) event()   {}
func (Rang) event()      {}
func (Rejected) event()  {}
func (Fault) event()     {}
