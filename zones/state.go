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

	Zones []ZoneState `json:"zones,omitempty"` // by number
}

// ZoneState holds the facts of one zone. Trips, Alarmed, TamperAlarmed and the
// bypasses last until the next disarm.
type ZoneState struct {
	Number        int   `json:"number"`
	Open          bool  `json:"open,omitempty"`
	Tampered      bool  `json:"tampered,omitempty"`
	LowBattery    bool  `json:"low_battery,omitempty"`
	Bypassed      bool  `json:"bypassed,omitempty"`       // left out, for whatever reason
	AutoBypassed  bool  `json:"auto_bypassed,omitempty"`  // by force or at the end of the exit delay, not by hand
	ExitOpened    bool  `json:"exit_opened,omitempty"`    // has been open in this exit delay
	Trips         int   `json:"trips,omitempty"`          // trips that counted, in this set
	Alarmed       bool  `json:"alarmed,omitempty"`        // has given an alarm
	TamperAlarmed bool  `json:"tamper_alarmed,omitempty"` // has given a tamper alarm
	TrippedAt     int64 `json:"tripped_at,omitempty"`     // the last trip that counted
	HeardAt       int64 `json:"heard_at,omitempty"`       // never kept for a panic zone
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

// Next is the tick of the next deadline, 0 if there is none.
func (s State) Next() int64 {
	var next int64
	for _, d := range []int64{s.ArmingUntil, s.PendingUntil, s.SirenUntil, s.BlindUntil} {
		if d != 0 && (next == 0 || d < next) {
			next = d
		}
	}
	return next
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
// two steps, where a freed number may be given out again.
func (s State) Fit(c Config) State {
	s = s.clone()
	s.Zones = slices.DeleteFunc(s.Zones, func(zs ZoneState) bool {
		_, known := c.zone(zs.Number)
		return !known
	})
	for i := range s.Zones {
		z, _ := c.zone(s.Zones[i].Number)
		s.Zones[i].Open = s.Zones[i].Open && z.canOpen()
		if z.Type == Panic {
			s.Zones[i].HeardAt = 0
		}
	}
	return s
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
