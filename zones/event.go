package zones

// Event is what may happen to the zones.
type Event interface{ event() }

// Arm asks for a mode. Prevent holds reasons outside of the zones that refuse
// arming, in words ("panel battery flat"); Force overrides them and open zones.
type Arm struct {
	Mode    Mode
	Force   bool
	Prevent []string
}

// Disarm ends everything that a set has: delays, siren, alarm memory, bypasses.
// Of a panel that is disarmed already it ends siren and bypasses too.
type Disarm struct{}

// Bypass leaves zones out until the next disarm (On), or takes them in again.
// All of the numbers are taken, or none.
type Bypass struct {
	Numbers []int
	On      bool
}

// What is the thing that a zone's sensor says.
type What string

// What a sensor can say.
const (
	Tripped       What = "tripped" // opened, moved, pressed
	Closed        What = "closed"
	StandsOpen    What = "stands_open" // as it reports from time to time
	Tampered      What = "tampered"
	TamperCleared What = "tamper_cleared"
	BatteryLow    What = "battery_low"
	BatteryOK     What = "battery_ok"
	CheckIn       What = "check_in" // nothing but that it is there
)

// Sensed is a zone's sensor speaking. A zone that isn't configured is ignored.
type Sensed struct {
	Zone int
	What What
}

// Knock says that a deadline may have come.
type Knock struct{}

// Restarted is the first event after the panel's own start. OffKnown: the tick
// was advanced by the real time off. NewBoot: the board started, not only the
// daemon. Off is that time in ms, counted from when the state was last stored,
// since what was heard after that is forgotten; 0 where it is unknown. It is no
// silence of the sensors: where OffKnown is false all supervision starts anew.
type Restarted struct {
	OffKnown bool
	NewBoot  bool
	Off      int64
}

// Deaf says that nothing could be heard for so many ms up to now (the radio
// receiver is gone), which is no silence of the sensors. It counts before the
// deadlines that have passed; so while deafness lasts, each knock should be
// preceded by one for the time since the last.
type Deaf struct {
	For int64
}

// Hearing says whether every sensor could be heard, were it to speak: no receiver
// is gone or jammed. It does not count as silence, see [Deaf].
type Hearing struct {
	Well bool
}

// Silence stops the siren and changes nothing else.
type Silence struct{}

// Sound starts the siren for the siren time and changes nothing else.
type Sound struct{}

// Smashed says that the panel itself is attacked or loses what it lives on
// (mains, radio receiver, clear air): in away a running entry delay ends at once.
type Smashed struct{}

func (Arm) event()       {}
func (Disarm) event()    {}
func (Bypass) event()    {}
func (Sensed) event()    {}
func (Knock) event()     {}
func (Restarted) event() {}
func (Silence) event()   {}
func (Sound) event()     {}
func (Smashed) event()   {}
func (Deaf) event()      {}
func (Hearing) event()   {}
