package zones

// EffectKind names what has come of an event.
type EffectKind string

// The kinds of effect, with the fields that each fills besides Kind.
const (
	ArmingStarted   EffectKind = "arming_started"   // Mode, ForDelay; Already; Reasons and Zones that were overridden by force
	ExitRestarted   EffectKind = "exit_restarted"   // Mode, Zone, ForDelay
	Armed           EffectKind = "armed"            // Mode; Already; Reasons and Zones that were overridden by force
	ArmRefused      EffectKind = "arm_refused"      // Mode (asked for), Reasons, Zones (those that refuse)
	DisarmDone      EffectKind = "disarm_done"      // Mode (that was left), WasAlarmed, WasPending, WasArming
	AlreadyDisarmed EffectKind = "already_disarmed" // -
	EntryStarted    EffectKind = "entry_started"    // Mode, Zone, ForDelay, ExitError
	Alarm           EffectKind = "alarm"            // Mode, Zone, Zones (Zone first, then those that tripped in the entry delay), Type, AtOnce, JustArmed, First, ExitError, Verified
	SingleTrip      EffectKind = "single_trip"      // Mode, Zone, ForDelay (within which its partner must trip to make it an alarm)
	ShutOut         EffectKind = "shut_out"         // Zone, Trips: it is left out until the disarm, by swinger shutdown
	ExitError       EffectKind = "exit_error"       // Mode, Zone, Zones, ForDelay (the entry delay that runs; 0: none)
	AutoBypassed    EffectKind = "auto_bypassed"    // Zones; ForExit when open at the end of the exit delay, else by force
	Bypassed        EffectKind = "bypassed"         // Zones
	Unbypassed      EffectKind = "unbypassed"       // Zones
	BypassRefused   EffectKind = "bypass_refused"   // Reasons, Zones (asked for)
	TamperAlarm     EffectKind = "tamper_alarm"     // Mode, Zone, Zones, Type (Tamper), AtOnce, First
	Attacked        EffectKind = "attacked"         // in away, by a tamper or Smashed: an alarm that is held back must go now
	TamperRestored  EffectKind = "tamper_restored"  // Zone
	BatteryFlat     EffectKind = "battery_flat"     // Zone
	BatteryRestored EffectKind = "battery_restored" // Zone
	SensorLost      EffectKind = "sensor_lost"      // Zone: not heard for its supervise time
	SensorBack      EffectKind = "sensor_back"      // Zone: heard again, or no longer supervised
	ZoneOpened      EffectKind = "zone_opened"      // Zone
	ZoneClosed      EffectKind = "zone_closed"      // Zone
	SirenEnded      EffectKind = "siren_ended"      // -
)

// Effect is one thing that has come of an event. ForDelay is in milliseconds.
type Effect struct {
	Kind  EffectKind
	Mode  Mode
	Zone  int
	Zones []int
	Type  Type // of an alarm: the type of Zone
	// Reasons are words that name zones ("Kitchen window open").
	Reasons  []string
	ForDelay int64
	Trips    int

	AtOnce    bool // the alarm has no abort window
	JustArmed bool // a burglary alarm during the exit delay or within 2 minutes after it
	First     bool // opens a new alarm of its kind; otherwise it adds to the one in memory. Never set for a panic zone
	ExitError bool // the entry delay was started by an exit error
	ForExit   bool
	Verified  bool // two zones of a pair tripped
	Already   bool // it was so before; nothing has changed

	WasAlarmed bool // an alarm was in memory
	WasPending bool // an entry delay was running
	WasArming  bool // the exit delay was running
}
