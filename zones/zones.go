// Package zones decides when an open door or a movement is an alarm: zone
// types, modes, exit and entry delay, bypass, swinger shutdown, cross zones, siren
// time and the memory of an alarm (terms of ANSI/SIA CP-01).
//
// It is a pure function of configuration, state, time and event. It reads no
// clock, does no I/O, sends no text and knows neither codes nor persons: who
// may arm or disarm is decided before an event gets here, who is told and
// after which abort window is decided from the effects that it returns. It
// holds back nothing itself; it only says of an alarm that it must go AtOnce.
//
// What the behaviour leaves open is decided here so:
//   - While an alarm is in memory or an entry delay runs, arming is refused,
//     forced or not: it is no prevention that a person may override but a
//     question that only a disarm answers.
//   - Another mode chosen during the exit delay takes its place; the delay
//     runs on and is never lengthened by it.
//   - Force bypasses every open zone of the mode, the door that one leaves by
//     too: who forces does not want to hear of open zones.
//   - Force during the exit delay bypasses what is open by then, and leaves the
//     delay as it is.
//   - During an exit error's delay in night the other entry zones are instant.
//   - A bypass leaves out a zone's trips, not its tamper. Fire, medical and
//     panic zones can't be bypassed.
//   - A further alarm of the same kind does not lengthen a siren that sounds;
//     after it has ended it starts it again.
//   - A medical alarm sounds no siren. A panic zone only yields its effect:
//     whether anything is heard or shown is for its gesture to say.
//   - A door opened in the first 60 s after a boot is shown open, but is an
//     alarm only when it opens again.
//   - A tamper contact that can't report its restoral counts as restored at
//     the next disarm, as nothing else would ever clear it.
//   - Swinger shutdown counts alarms: an entry delay is one trip of its door and of
//     each follower, however often they move, and only if it ends in an alarm. It
//     lasts until the disarm. CP-01 4.3.2 would allow to end it after 8 quiet hours;
//     the behaviour says per set, and a bypass by hand and back ends it too.
//   - Zones of a pair (cross zones) wait for each other only while nothing is known
//     that keeps the other silent: not watched, bypassed, open, cover open, lost,
//     battery low, a receiver gone or jammed. Nor while a burglary is in memory, nor within the window after an
//     attack on the panel in away, which makes an alarm of a trip that waits. A trip
//     that waits holds off nothing and lasts from its last repetition on.
//   - An entry zone of a pair has its delay: that asks for a code, not for a second
//     sensor. Where it has none (night, an alarm in memory) it waits as others do.
//   - A low battery that is a code of its own (EV1527) has none for good again:
//     it counts as restored when the sensor opens, closes or moves 24 h or more
//     after the last such code. Of a panic zone it stays until the zone is
//     removed, as its end would tell that the button was pressed.
//   - A sensor that reports by itself can be open once it has said that it is
//     closed, or stands open: motion sensors of the same kinds never do.
//   - A sensor that anew says that it stands open, as some do every hour, trips
//     nothing; if it was thought closed, it has opened.
//   - A sensor that says anything at all is heard. Panic zones can't be
//     supervised: when they were last heard is never kept. What the panel itself
//     could not hear, being off or deaf, is no silence of a sensor. Another
//     supervise time counts from when it was set; a lost sensor stays lost until
//     it is heard or no longer supervised.
package zones

import (
	"cmp"
	"time"
)

// Type is what a zone is for; it decides in which modes and after which delay
// a trip is an alarm.
type Type string

// The zone types. Always is the 24-hour zone; Always, Fire, Medical, Panic and
// Tamper work in every mode.
const (
	Entry     Type = "entry"
	Perimeter Type = "perimeter"
	Interior  Type = "interior"
	Always    Type = "24h"
	Fire      Type = "fire"
	Medical   Type = "medical"
	Panic     Type = "panic"
	Tamper    Type = "tamper"
)

// Types lists the zone types in the order in which they are explained.
func Types() []Type {
	return []Type{Entry, Perimeter, Interior, Always, Fire, Medical, Panic, Tamper}
}

// byMode says that the type is watched only in some modes (a door or motion
// sensor); the others work always.
func (t Type) byMode() bool {
	return t == Entry || t == Perimeter || t == Interior
}

// kind names the incident that an alarm of this type belongs to by the type
// that stands for it, so that a further zone of the same kind is told from the
// first.
func (t Type) kind() Type {
	if t.byMode() || t == Always {
		return Perimeter
	}
	return t
}

// Mode is what is armed. During the exit delay it is the mode to come.
type Mode string

// The modes. An empty Mode counts as Disarmed.
const (
	Disarmed Mode = "disarmed"
	Home     Mode = "home"
	Away     Mode = "away"
	Night    Mode = "night"
)

// watches says whether the mode, once armed, looks at zones of the type.
func (m Mode) watches(t Type) bool {
	switch {
	case !t.byMode():
		return true
	case m == Away:
		return true
	case m == Home || m == Night:
		return t != Interior
	}
	return false
}

// Zone is one supervised input. The sensor IDs have the forms of [ParseSensor];
// an empty one is absent. Only a zone that hears of closing can be open.
type Zone struct {
	Number     int           `json:"number"`
	Name       string        `json:"name"`
	Type       Type          `json:"type"`
	Sensor     string        `json:"sensor"`
	Close      string        `json:"close,omitempty"`
	Tamper     string        `json:"tamper,omitempty"`
	LowBattery string        `json:"low_battery,omitempty"`
	Supervise  time.Duration `json:"supervise,omitempty"` // not heard for so long is a trouble: MinSupervise to MaxSupervise; 0 is never
	Cross      int           `json:"cross,omitempty"`     // its partner in a cross-zone pair, which names it too; 0 is none
}

// canOpen says whether the zone has a state rather than only events: its sensor
// reports closing, by a code of its own, on a wire, or has done so. A panic button
// is never shown as open.
func (z Zone) canOpen(zs ZoneState) bool {
	return z.Type != Panic && (z.Close != "" || Wired(z.Sensor) || zs.Closes == z.Sensor)
}

// restoresTamper says whether the sensor will tell when its cover is shut again.
func (z Zone) restoresTamper() bool {
	return Wired(z.Tamper) || reportsByItself(cmp.Or(z.Tamper, z.Sensor))
}

// restoresBattery says whether the sensor will tell that its battery is good again.
func (z Zone) restoresBattery() bool {
	return reportsByItself(cmp.Or(z.LowBattery, z.Sensor))
}

// superviseMillis is the supervise time in ms, 0 for never.
func (z Zone) superviseMillis() int64 {
	if z.Type == Panic {
		return 0
	}
	return max(z.Supervise.Milliseconds(), 0)
}

// IDs lists the sensor IDs that the zone claims.
func (z Zone) IDs() []string {
	var ids []string
	for _, id := range []string{z.Sensor, z.Close, z.Tamper, z.LowBattery} {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}
