package panel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/zones"
)

// moved tells open sealed incidents what moved after their opening.
func (t *turn) moved(z zones.Zone) {
	b := &t.s.Sealed.Book
	for n := range b.Incidents {
		if i := &b.Incidents[n]; i.Open() {
			b.Further(i, t.now.Tick, "", t.clock()+" "+z.Name)
		}
	}
}

// pressed is a code that counts: which button it is, or which zone says what by
// it.
func (t *turn) pressed(id string) {
	if b, ok := t.c.button(id); ok {
		if b.binding.Plain() {
			t.hush()
			t.act(b, b.binding.Single, b.hides == duress.HidesPress)
		}
		return
	}
	for _, z := range t.c.Zones.Zones {
		var what zones.What
		switch id {
		case z.Sensor:
			what = zones.Tripped
		case z.Close:
			what = zones.Closed
		case z.Tamper:
			what = zones.Tampered
		case z.LowBattery:
			what = zones.BatteryLow
		default:
			continue
		}
		t.says(z, what)
	}
}

// sensed is a device that says itself how it stands.
func (t *turn) sensed(e Sensed) {
	for _, z := range t.c.Zones.Zones {
		for _, what := range e.What {
			switch e.ID {
			case z.Sensor:
				t.says(z, what)
			case z.Tamper:
				t.says(z, t.asTamper(z, what))
			}
		}
	}
}

// asTamper is what a wired loop says that is a zone's tamper contact.
func (t *turn) asTamper(z zones.Zone, what zones.What) zones.What {
	switch {
	case what == zones.Closed:
		return zones.TamperCleared
	case what == zones.StandsOpen && t.s.Zones.Zone(z.Number).Tampered:
		return zones.CheckIn // that it is still so is no attack
	}
	return zones.Tampered
}

// says is one thing that a zone's sensor says.
func (t *turn) says(z zones.Zone, what zones.What) {
	if what == zones.Tripped || what == zones.StandsOpen && !t.s.Zones.Zone(z.Number).Open {
		t.moved(z)
	}
	t.zones(zones.Sensed{Zone: z.Number, What: what}, Who{})
}

// zones steps the zones and tells of what came of it.
func (t *turn) zones(e zones.Event, who Who) []zones.Effect {
	t.s.Fire = t.s.Fire && t.s.Zones.SirenOn(t.now.Tick)
	next, effects := zones.Step(t.c.Zones, t.s.Zones, t.now.Tick, e)
	t.s.Zones = next
	for _, f := range effects {
		t.effect(f, who)
	}
	t.takenIn()
	return effects
}

func (t *turn) effect(f zones.Effect, who Who) {
	name := t.zoneName(f.Zone)
	switch f.Kind {
	case zones.Alarm, zones.TamperAlarm:
		t.alarm(f)
	case zones.Attacked:
		t.sendHeld()
	case zones.ArmingStarted:
		t.journal("arming", armCode("6", f.Mode, who), fmt.Sprintf("arming %s%s", f.Mode, by(who)), 0, who)
	case zones.Armed:
		if who.Person == "" {
			who = t.s.ArmedBy
		}
		if !f.Already {
			t.journal("armed", armCode("3", f.Mode, who), fmt.Sprintf("armed %s%s", f.Mode, by(who)), 0, who)
		}
	case zones.DisarmDone:
		t.journal("disarmed", disarmCode(who), "disarmed"+by(who), 0, who)
	case zones.ArmRefused:
		t.journal("arm_refused", "1454", "arming refused: "+strings.Join(f.Reasons, ", "), 0, who)
	case zones.EntryStarted:
		if !f.ExitError { // which was journalled as such
			t.journal("entry", "6134", name+" opened, entry delay runs", f.Zone, who)
		}
	case zones.ExitRestarted:
		t.journal("exit_restarted", "6134", name+" opened again, exit delay starts anew", f.Zone, who)
	case zones.ExitError:
		t.journal("exit_error", "1374", name+" was open at the end of the exit delay", f.Zone, who)
	case zones.SingleTrip:
		t.journal("single_trip", "1378", fmt.Sprintf("%s tripped alone, no alarm unless its partner does within %d s", name, f.ForDelay/1000), f.Zone, who)
	case zones.ShutOut:
		t.shutOut(f)
	case zones.AutoBypassed, zones.Bypassed, zones.Unbypassed:
		t.bypassed(f, who)
	case zones.TamperRestored:
		t.journal("tamper_restored", "3144", name+" cover closed", f.Zone, who)
	case zones.BatteryFlat, zones.BatteryRestored:
		t.battery(f)
	case zones.SensorLost, zones.SensorBack:
		t.zoneFault(SensorTrouble, f.Zone, f.Kind == zones.SensorLost)
	case zones.SirenEnded:
		text := "siren time is over"
		if who.Person != "" {
			text = "siren silenced" + by(who)
		}
		t.journal("siren_ended", "6130", text, 0, who)
	}
}

func (t *turn) bypassed(f zones.Effect, who Who) {
	code, word := "1570", " bypassed"
	if f.Kind == zones.Unbypassed {
		code, word = "3570", " no longer bypassed"
	}
	text := t.zoneNames(f.Zones) + word
	if f.ForExit {
		text += ", open at the end of the exit delay"
		t.reportAll(text)
	}
	for _, n := range f.Zones[:min(1, len(f.Zones))] {
		t.journal(string(f.Kind), code, text+by(who), n, who)
	}
}

// shutOut is a zone that says nothing from now on. That is told as a trouble: it
// may neither go out in an abort window nor break off a call about the alarm.
func (t *turn) shutOut(f zones.Effect) {
	t.journal("shut_out", "1575", fmt.Sprintf("%s is left out until a disarm, after %s", t.zoneName(f.Zone), count(f.Trips, "alarm", "alarms")), f.Zone, Who{})
	t.zoneFault(SwingerTrouble, f.Zone, true)
}

// takenIn ends the trouble of zones that were shut out and are watched again.
func (t *turn) takenIn() {
	for _, k := range slices.Clone(t.s.Troubles) {
		if k.Name == SwingerTrouble && k.On && !t.s.Zones.Zone(k.Zone).Bypassed {
			t.zoneFault(SwingerTrouble, k.Zone, false)
		}
	}
}

func (t *turn) battery(f zones.Effect) {
	name := t.zoneName(f.Zone)
	if f.Kind == zones.BatteryFlat {
		t.journal("battery_low", "1384", name+" battery low", f.Zone, Who{})
	} else {
		t.journal("battery_restored", "3384", name+" battery good", f.Zone, Who{})
	}
	t.zoneFault(BatteryTrouble, f.Zone, f.Kind == zones.BatteryFlat)
}

// kinds of incident by zone type.
func incidentKind(f zones.Effect) alert.Kind {
	switch {
	case f.Kind == zones.TamperAlarm || f.Type == zones.Tamper:
		return alert.TamperKind
	case f.Type == zones.Fire:
		return alert.Fire
	case f.Type == zones.Medical:
		return alert.Medical
	}
	return alert.Burglary
}

func alarmCode(f zones.Effect) string {
	switch {
	case f.Kind == zones.TamperAlarm:
		return "1144"
	case f.Verified:
		return "1139"
	}
	switch f.Type {
	case zones.Entry:
		return "1134"
	case zones.Interior:
		return "1132"
	case zones.Always:
		return "1133"
	case zones.Fire:
		return "1110"
	case zones.Medical:
		return "1100"
	case zones.Tamper:
		return "1137"
	}
	return "1131"
}

// alarm opens an incident, or adds to the one of its kind that is open.
func (t *turn) alarm(f zones.Effect) {
	kind := incidentKind(f)
	what := t.zoneNames(f.Zones)
	if what == "" {
		what = t.zoneName(f.Zone)
	}
	said := what
	if f.Kind == zones.TamperAlarm {
		said += " cover opened"
		what = t.c.Alert.Words.Say("tamper.cover", "zone", what)
	}
	t.s.Fire = t.s.Fire || kind == alert.Fire
	t.journal("alarm", alarmCode(f), fmt.Sprintf("%s: %s", kind, said), f.Zone, Who{})
	if f.JustArmed && f.First {
		t.journal("recent_closing", "1459", "just armed"+by(t.s.ArmedBy), 0, t.s.ArmedBy)
	}
	if t.addTo(kind, what) {
		return
	}
	i := alert.Incident{Kind: kind, What: what, Note: alarmNote(t.c.Alert.Words, f), Recipients: alert.Recipients(t.c.Alert, kind.Class())}
	if kind == alert.Burglary && f.Type != zones.Always && !f.AtOnce {
		i.HoldUntil = t.now.Tick + t.c.Alert.AbortWindow
	}
	t.openIncident(i)
}

// addTo adds to the open incident of a kind; one that nobody is told of any more
// begins anew.
func (t *turn) addTo(kind alert.Kind, what string) bool {
	t.endDrill("an alarm")
	i := t.open(kind)
	switch {
	case i == nil, i.Ended && kind == alert.TamperKind: // that one was dealt with, and keeps its words
		return false
	case i.Stale(t.now.Tick):
		i.Clock, i.What = t.clock(), what
		t.s.Book.Renew(i, t.now.Tick)
	case i.Names(what): // a sensor that repeats itself is nothing new, and would end every call
	default:
		t.s.Book.Extend(i, t.now.Tick, what, t.clock())
	}
	return true
}

func alarmNote(w alert.Words, f zones.Effect) string {
	switch {
	case f.ExitError:
		return w.Say("note.exit-error")
	case f.JustArmed:
		return w.Say("note.just-armed")
	}
	return ""
}

// attacked is for what may be an attack on the panel, or takes from it what it
// lives on: mains or a radio receiver lost, jamming (crash and smash). In away it
// ends an entry delay and an abort window. A tamper does by itself.
func (t *turn) attacked() { t.zones(zones.Smashed{}, Who{}) }

// sendHeld sends a burglary in its abort window at once.
func (t *turn) sendHeld() {
	if i := t.open(alert.Burglary); i != nil {
		t.s.Book.SendNow(i, t.now.Tick)
	}
}

func (t *turn) openIncident(i alert.Incident) { t.s.Book.Open(t.now.Tick, t.atSite(i)) }

// atSite gives an incident its own copy of words and settings.
func (t *turn) atSite(i alert.Incident) alert.Incident {
	i.Wall = t.now.Wall.UnixMilli()
	i.Clock, i.Where, i.Police = t.clock(), t.c.Site.Place(), t.c.Site.Police
	i.RingTime, i.CallRounds, i.Words = t.c.Alert.RingTime, t.c.Alert.CallRounds, t.c.Alert.Words
	return i
}

// open returns the open incident of a kind that anybody may see.
func (t *turn) open(kind alert.Kind) *alert.Incident {
	for n := len(t.s.Book.Incidents) - 1; n >= 0; n-- {
		if i := &t.s.Book.Incidents[n]; i.Kind == kind && i.Open() {
			return i
		}
	}
	return nil
}

func (t *turn) zoneName(n int) string {
	for _, z := range t.c.Zones.Zones {
		if z.Number == n {
			return z.Name
		}
	}
	return ""
}

func (t *turn) zoneNames(numbers []int) string { return strings.Join(t.zoneNameList(numbers), ", ") }

func (t *turn) zoneNameList(numbers []int) (names []string) {
	for _, n := range numbers {
		if name := t.zoneName(n); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func by(w Who) string {
	switch {
	case w.Remote != "":
		return " by " + w.fob()
	case w.Person != "":
		return " by " + w.Person
	}
	return ""
}

// armCode and disarmCode are opening and closing in Contact ID: 441 for home and
// night, 407 by phone, 409 by fob, 408 without a code, 401 by a code.
func armCode(q string, m zones.Mode, w Who) string {
	switch {
	case m == zones.Home || m == zones.Night:
		return q + "441"
	case w.Person == "" && w.Channel == ByLocal:
		return q + "408"
	}
	return q + wayCode(w)
}

func disarmCode(w Who) string { return "1" + wayCode(w) }

func wayCode(w Who) string {
	switch {
	case w.byPhone():
		return "407"
	case w.Channel == ByRemote:
		return "409"
	}
	return "401"
}

// siren is the pattern that the siren should give now, "" for none.
func siren(s Open, tick int64) string {
	if !s.Zones.SirenOn(tick) {
		return ""
	}
	if s.Fire {
		return "temporal-3"
	}
	return "steady"
}
