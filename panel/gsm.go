package panel

// Quality is how the line to the mobile network stands, besides Network.
type Quality struct {
	Condition
	// JamFrom is since when the network seems to be jammed, 0: it does not.
	JamFrom int64 `json:"jam_from,omitempty"`
	// Strong: the network was lost while its signal was strong and the supply good.
	Strong bool `json:"strong,omitempty"`
}

// Condition is what the modem says of its supply, of the SIM card and of the air.
// Nothing of it hangs on what was sent.
type Condition struct {
	Supply   Supply `json:"supply,omitempty"`
	Filling  bool   `json:"filling,omitempty"`   // the card's memory for texts
	NoCentre bool   `json:"no_centre,omitempty"` // the card has no number of a service centre
	Jammed   bool   `json:"jammed,omitempty"`    // the modem sees a jammer of its network
}

func (Condition) event() {}

// Supply is the voltage at the modem; the zero value is a good one.
type Supply string

// The words for a supply.
const (
	SupplyLow    Supply = "low"
	SupplyHigh   Supply = "high"
	SupplyUnread Supply = "unread" // nobody knows what is good for this modem
)

const (
	// strong is the weakest signal whose sudden loss is suspicious, in dBm; CSQ 12.
	strong = -90
	// jamsAfter is how long the network must seem jammed, in ms: a change of cell
	// takes less.
	jamsAfter = 10_000
)

// heard takes what the modem says of the network.
func (t *turn) heard(e Heard) {
	n, before := &t.s.Network, t.s.Network
	n.Registered, n.Roaming, n.Denied, n.DBm = e.Registered, e.Roaming, e.Denied, e.DBm
	n.Usual = e.Usual
	if e.Operator != "" {
		n.Operator = e.Operator
	}
	if e.Registered != (n.LostAt == 0) {
		n.LostAt = 0
		if !e.Registered {
			n.LostAt = t.now.Tick
		} else {
			t.s.Book.Retry(t.now.Tick)
			t.s.Sealed.Book.Retry(t.now.Tick)
		}
	}
	t.s.Quality.Strong = t.lostStrong(before, e)
	t.suspectJam()
	t.fault(Fault{Name: NetworkTrouble, On: !e.Registered, Why: n.String()})
}

// lineGone forgets what only a modem that answers knows.
func (t *turn) lineGone() {
	t.s.Network = Network{LostAt: t.now.Tick}
	t.s.Quality.Strong, t.s.Quality.JamFrom = false, 0
}

// conditioned takes what the modem says of itself.
func (t *turn) conditioned(e Condition) {
	t.s.Quality.Condition = e
	t.fault(Fault{Name: SupplyTrouble, On: e.Supply == SupplyLow})
	t.fault(Fault{Name: OverTrouble, On: e.Supply == SupplyHigh})
	t.fault(Fault{Name: StorageTrouble, On: e.Filling})
	t.fault(Fault{Name: CentreTrouble, On: e.NoCentre})
	t.suspectJam()
}

// suspectJam notes that the network seems jammed, or no more. A jam that was told is
// over once there is a network without one.
func (t *turn) suspectJam() {
	q := &t.s.Quality
	switch seems := q.Jammed || q.Strong; {
	case seems && q.JamFrom == 0:
		q.JamFrom = t.now.Tick
	case seems:
	case t.s.Network.Registered:
		q.JamFrom = 0
		if t.noteFault(Fault{Name: GSMJamTrouble}) {
			t.journal("network_jam_over", "3353", "mobile network is no longer jammed", 0, Who{})
		}
	case !t.fails(GSMJamTrouble):
		q.JamFrom = 0
	}
}

// jamDue finds that it has seemed so for long enough. While somebody comes in that
// may be an attack on the panel.
func (t *turn) jamDue() {
	if at := t.s.nextJam(); at == 0 || at > t.now.Tick {
		return
	}
	why := "lost while its signal was strong"
	if t.s.Quality.Jammed {
		why = "the modem sees a jammer"
	}
	t.noteFault(Fault{Name: GSMJamTrouble, On: true, Why: why})
	t.journal("network_jammed", "1353", "mobile network seems jammed: "+why, 0, Who{})
	t.attacked()
}

// nextJam is when the network will have seemed jammed for long enough, 0 for never.
func (s Open) nextJam() int64 {
	if s.Quality.JamFrom == 0 {
		return 0
	}
	for _, k := range s.Troubles {
		if k.Name == GSMJamTrouble && k.On {
			return 0
		}
	}
	return s.Quality.JamFrom + jamsAfter
}

// lostStrong tells whether the network was lost as by a jammer.
func (t *turn) lostStrong(before Network, e Heard) bool {
	if e.Registered || e.Denied {
		return false
	}
	return t.s.Quality.Strong || before.Registered && before.DBm != 0 && before.DBm >= strong && t.s.Quality.Supply != SupplyLow
}

const flatBattery = "panel battery flat"

// batteryFlat tells whether the panel's own battery is flat: its modem, which sends
// the alarm, has too low a voltage, and the mains do not charge it.
func (s Open) batteryFlat() bool { return s.Quality.Supply == SupplyLow && s.Power != OnMains }

// prevents is what besides the zones refuses arming.
func (t *turn) prevents() []string {
	if t.s.batteryFlat() {
		return []string{flatBattery}
	}
	return nil
}
