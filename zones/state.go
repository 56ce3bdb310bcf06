package zones

import "slices"

// State holds facts. Ticks are int64 milliseconds of the panel's own time, 1 or
// later; 0 means none. The zero State is a disarmed panel.
type State struct {
	Mode         Mode  `json:"mode,omitempty"`
	ArmingUntil  int64 `json:"arming_until,omitempty"`
	Restarted    bool  `json:"restarted,omitempty"` // the exit delay has had its one restart
	ArmedAt      int64 `json:"armed_at,omitempty"`  // the tick when the exit delay ended
	PendingUntil int64 `json:"pending_until,omitempty"`
	PendingZone  int   `json:"pending_zone,omitempty"` // that started the entry delay
	PendingExit  bool  `json:"pending_exit,omitempty"` // an exit error started it
	Followers    []int `json:"followers,omitempty"`    // that tripped during it
	SirenUntil   int64 `json:"siren_until,omitempty"`
	Alarmed      bool  `json:"alarmed,omitempty"`     // an alarm is in memory
	BlindUntil   int64 `json:"blind_until,omitempty"` // door and motion sensors are ignored
	HearsBadly   bool  `json:"hears_badly,omitempty"` // a receiver is gone or jammed
	AttackedAt   int64 `json:"attacked_at,omitempty"` // the last attack on the panel in this set

	Zones []ZoneState `json:"zones,omitempty"` // by number
}

// ZoneState holds the facts of one zone. Trips, Alarmed, TamperAlarmed and the
// bypasses last until the next disarm.
type ZoneState struct {
	Number        int    `json:"number"`
	Open          bool   `json:"open,omitempty"`
	Closes        string `json:"closes,omitempty"` // the sensor, if it reports by itself and has reported closing
	Tampered      bool   `json:"tampered,omitempty"`
	LowBattery    bool   `json:"low_battery,omitempty"`
	LowBatteryAt  int64  `json:"low_battery_at,omitempty"` // when it was last said to be low; never kept for a panic zone
	Bypassed      bool   `json:"bypassed,omitempty"`       // left out, for whatever reason
	AutoBypassed  bool   `json:"auto_bypassed,omitempty"`  // by force, at the end of the exit delay or after too many trips, not by hand
	ExitOpened    bool   `json:"exit_opened,omitempty"`    // has been open in this exit delay
	Trips         int    `json:"trips,omitempty"`          // that were an alarm
	Alarmed       bool   `json:"alarmed,omitempty"`        // has given an alarm
	TamperAlarmed bool   `json:"tamper_alarmed,omitempty"` // has given a tamper alarm
	TrippedAt     int64  `json:"tripped_at,omitempty"`     // the last trip that counted
	SingleAt      int64  `json:"single_at,omitempty"`      // the last trip that waits for the partner's
	HeardAt       int64  `json:"heard_at,omitempty"`       // never kept for a panic zone

	// Supervise is what the configuration says, in ms (0 is never). The time
	// counts from HeardAt or QuietFrom, whichever is later. QuietFrom changes
	// rarely: when supervision began, or the panel itself was deaf.
	Supervise int64 `json:"supervise,omitempty"`
	QuietFrom int64 `json:"quiet_from,omitempty"`
	Lost      bool  `json:"lost,omitempty"`
}

// Shown is the state's name as it is shown: disarmed, arming, armed_home,
// armed_away, armed_night, pending or triggered.
func (s State) Shown() string {
	switch {
	case s.Alarmed:
		return "triggered"
	case s.PendingUntil != 0:
		return "pending"
	case s.ArmingUntil != 0:
		return "arming"
	case s.Mode == Home, s.Mode == Away, s.Mode == Night:
		return "armed_" + string(s.Mode)
	}
	return "disarmed"
}

// Next is the tick of the next deadline, 0 if there is none. It is in the past
// only for a state that [State.Fit] has brought to another configuration, of
// which a Step must be taken.
func (s State) Next() int64 {
	next := s.nextLost()
	for _, d := range []int64{s.ArmingUntil, s.PendingUntil, s.SirenUntil, s.BlindUntil} {
		next = earlier(next, d)
	}
	return next
}

// earlier is the earlier of two deadlines, of which 0 is none.
func earlier(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// SirenOn says whether the siren sounds.
func (s State) SirenOn(tick int64) bool {
	return tick < s.SirenUntil
}

// Zone returns the facts of a zone; only its number if it was never heard of.
func (s State) Zone(number int) ZoneState {
	if i, ok := s.find(number); ok {
		return s.Zones[i]
	}
	return ZoneState{Number: number}
}

// Fit returns the state without facts that the configuration has no zone for.
// Step does it by itself; it is for a configuration that changes twice between
// two steps, where a freed number may be given out again. Of a zone that is
// gone no effect says that its troubles have ended; of a lost sensor that is no
// longer supervised the next Step does.
func (s State) Fit(c Config) State {
	s = s.clone()
	s.Zones = slices.DeleteFunc(s.Zones, func(zs ZoneState) bool {
		_, known := c.zone(zs.Number)
		return !known
	})
	for _, z := range c.Zones {
		i, ok := s.find(z.Number)
		if !ok && z.superviseMillis() > 0 {
			s.Zones, ok = slices.Insert(s.Zones, i, ZoneState{Number: z.Number}), true
		}
		if ok {
			s.Zones[i] = s.Zones[i].fit(z)
		}
	}
	return s
}

func (zs ZoneState) fit(z Zone) ZoneState {
	zs.Open = zs.Open && z.canOpen(zs)
	if z.Type == Panic {
		zs.HeardAt, zs.TrippedAt, zs.LowBatteryAt = 0, 0, 0
	}
	if z.Cross == 0 {
		zs.SingleAt = 0
	}
	if t := z.superviseMillis(); zs.Supervise != t {
		zs.Supervise, zs.QuietFrom = t, 0
	}
	return zs
}

func (s State) clone() State {
	s.Zones = slices.Clone(s.Zones)
	s.Followers = slices.Clone(s.Followers)
	if s.Mode == "" {
		s.Mode = Disarmed
	}
	return s
}

func (s State) find(number int) (int, bool) {
	return slices.BinarySearchFunc(s.Zones, number, func(zs ZoneState, n int) int { return zs.Number - n })
}
