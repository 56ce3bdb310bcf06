package panel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/zones"
)

// armModes are the commands that arm, and the mode of each.
var armModes = map[Verb]zones.Mode{VerbArm: zones.Away, VerbHome: zones.Home, VerbNight: zones.Night}

// obey does what a command says and returns the reply: one text, but for LOG.
func (t *turn) obey(e Told, who Who) string {
	t.answer.Done = true
	switch e.Command.Verb {
	case VerbArm, VerbHome, VerbNight:
		return t.arm(e, armModes[e.Command.Verb], who)
	case VerbDisarm:
		return t.disarm(e, who)
	case VerbStatus, VerbSilent:
		t.journal("status", "6606", "status asked"+by(who), 0, who)
		return t.statusText()
	case VerbBypass, VerbUnbypass:
		return t.bypass(e, who)
	case VerbLog:
		return t.logTexts(e)
	case VerbPanic:
		return t.panic(who)
	case VerbContacts:
		return t.contactsText()
	case VerbBalance:
		return t.balanceText()
	case VerbTest:
		return t.startDrill(e, who)
	}
	return helpText
}

// known tells whether the panel has such a command.
func known(v Verb) bool {
	switch v {
	case VerbArm, VerbHome, VerbNight, VerbDisarm, VerbStatus, VerbSilent, VerbBypass, VerbUnbypass, VerbLog, VerbPanic, VerbContacts, VerbBalance, VerbTest, VerbHelp:
		return true
	}
	return false
}

func (t *turn) arm(e Told, mode zones.Mode, who Who) string {
	if missing := t.c.missing(); len(missing) > 0 {
		t.answer.Done = false
		return clip("NOT armed: " + missing[0] + ".")
	}
	t.s.ArmedBy = who
	effects := t.zones(zones.Arm{Mode: mode, Force: e.Command.Force, Prevent: t.prevents()}, who)
	reply, already := "", false
	for _, f := range effects {
		already = already || f.Already
		switch f.Kind {
		case zones.ArmRefused:
			t.answer.Done = false
			t.refusing = f.Zones
			t.hint = t.forceHint(f)
			return clipTo("NOT armed: "+strings.Join(f.Reasons, ", ")+".", t.hint) + t.hint
		case zones.ArmingStarted:
			reply = fmt.Sprintf("Arming %s: %d s to leave.%s", mode, f.ForDelay/1000, forced(f))
		case zones.Armed:
			reply = fmt.Sprintf("Armed %s.%s", mode, forced(f))
		}
	}
	if !already || who.Channel != ByRemote && who.Channel != ByKeypad { // these are pressed again to be sure
		t.report(fmt.Sprintf("%s: armed %s by %s %s.", t.siteName(), mode, who.name(), t.clock()), who, alert.ReportAll)
	}
	return clip(reply + t.troubleHint())
}

// forceHint is empty where force would not help: only a disarm does.
func (t *turn) forceHint(f zones.Effect) string {
	switch {
	case t.s.Zones.Alarmed, t.s.Zones.PendingUntil != 0:
		return ""
	case len(f.Zones) == 0:
		return " Add FORCE to arm all the same."
	}
	return " Close it or add FORCE."
}

func forced(f zones.Effect) string {
	open := slices.DeleteFunc(slices.Clone(f.Reasons), func(reason string) bool { return reason == flatBattery })
	if len(open) == 0 {
		return ""
	}
	return " Left out: " + strings.Join(open, ", ") + "."
}

// name is who did something, as replies and reports say it.
func (w Who) name() string { return w.nameIn(nil) }

func (w Who) nameIn(words alert.Words) string {
	switch {
	case w.Remote != "":
		return w.fobIn(words)
	case w.Person == "":
		return words.Say("by.board")
	}
	return w.Person
}

// disarm ends delays, siren and the alarm memory, and the texts and calls of a
// burglary; everyone who was told of one is told of its end.
func (t *turn) disarm(e Told, who Who) string {
	sounding := t.s.Zones.SirenOn(t.now.Tick)
	effects := t.zones(zones.Disarm{}, who)
	reply, told := "Disarmed.", []string{e.From}
	if t.endDrill("a disarm") {
		reply = "Disarmed. The drill is over."
	}
	for n := range t.s.Book.Incidents {
		i := &t.s.Book.Incidents[n]
		switch {
		case !i.Open():
		case i.Kind == alert.Burglary && i.Begun == 0:
			t.s.Book.Cancel(i, t.now.Tick)
			reply = fmt.Sprintf("Disarmed. Alarm %s (%s) cancelled: no alarm text went out.", i.Clock, i.What)
		case i.Ended && i.Kind == alert.TamperKind:
		case i.Kind == alert.Burglary || i.Kind == alert.TamperKind:
			var numbers []string
			reply, numbers = t.cancel(i, e, who)
			told = append(told, numbers...)
		case sounding && !i.Silenced:
			t.silence(i, who)
		}
	}
	done := slices.IndexFunc(effects, func(f zones.Effect) bool { return f.Kind == zones.DisarmDone })
	if done < 0 {
		return clip(reply) // it was disarmed; nobody needs to hear that it still is
	}
	least := alert.ReportOthers
	if t.copyable && who.Channel == ByRemote && effects[done].Mode == zones.Away && !effects[done].WasArming && t.c.Access.FobDisarm == FobReport {
		least = alert.ReportAll
		told = append(told, t.fobReport(who, "disarmed from away", told))
	}
	t.report(fmt.Sprintf("%s: disarmed by %s %s.", t.siteName(), who.name(), t.clock()), who, least, told...)
	return clip(reply)
}

// cancel tells everyone who was told, but the one whose reply says it.
func (t *turn) cancel(i *alert.Incident, e Told, who Who) (reply string, told []string) {
	code := "1406"
	if t.now.Tick-i.Begun > t.c.Alert.CancelWindow {
		code = "1401"
	}
	text := i.CancelText(who.nameIn(i.Words), t.clock())
	if i.Kind == alert.TamperKind {
		told = t.s.Book.Settle(i) // somebody was at a sensor; that stays worth telling
	} else {
		told = t.s.Book.Cancel(i, t.now.Tick)
	}
	for _, number := range told {
		if number == e.From {
			continue
		}
		t.notice(number, text, "it was disarmed", alert.RankAlarm)
	}
	t.journal("cancelled", code, fmt.Sprintf("%s cancelled%s", i.Kind, by(who)), 0, who)
	return fmt.Sprintf("Disarmed. Alarm %s (%s): those who were told hear that it is over.", i.Clock, i.What), told
}

// silence tells of a siren that a code has silenced: panic and fire go on until
// somebody acknowledges.
func (t *turn) silence(i *alert.Incident, who Who) {
	i.Silenced = true
	text := i.SilencedText(who.nameIn(i.Words), t.clock())
	for _, r := range i.Recipients {
		if !r.NoText {
			t.notice(r.Number, text, "silenced", alert.RankLife)
		}
	}
}

// panic is the audible one: siren, and all contacts with life, those at site too.
func (t *turn) panic(who Who) string {
	t.zones(zones.Sound{}, who)
	words := t.c.Alert.Words
	t.journal("panic", "1123", "audible panic by "+who.caller(), 0, who)
	if !t.addTo(alert.Panic, words.Say("panic.again", "who", who.callerIn(words))) {
		t.openIncident(alert.Incident{Kind: alert.Panic, Who: who.callerIn(words), Recipients: alert.Recipients(t.c.Alert, alert.Life)})
	}
	return "PANIC: siren on, your contacts are being told. DISARM silences it."
}

func (t *turn) bypass(e Told, who Who) string {
	names := map[int]string{}
	for _, z := range t.c.Zones.Zones {
		names[z.Number] = z.Name
	}
	numbers, missing := e.Command.SelectZones(names)
	if len(missing) > 0 || len(numbers) == 0 {
		t.answer.Done = false
		return clip("No such zone. Zones: " + t.zoneList())
	}
	on := e.Command.Verb == VerbBypass
	for _, f := range t.zones(zones.Bypass{Numbers: numbers, On: on}, who) {
		if f.Kind == zones.BypassRefused {
			t.answer.Done = false
			return clip("NOT bypassed: " + strings.Join(f.Reasons, ", ") + ".")
		}
	}
	if on {
		return clip("Bypassed until the next disarm: " + t.zoneNames(numbers) + ".")
	}
	return clip("No longer bypassed: " + t.zoneNames(numbers) + ".")
}

// logTexts answers LOG in as few texts as the events fit.
func (t *turn) logTexts(e Told) string {
	n := e.Command.Count
	if n <= 0 {
		n = 5
	}
	entries := lastEntries(t.s.Recent, min(n, 20))
	text, all := "", []string{}
	for k := len(entries) - 1; k >= 0; k-- {
		line := clip(entries[k].Time.In(t.c.Location()).Format("02.01 15:04") + " " + entries[k].Text)
		if next := joinLines(text, line); alert.Fits(next) {
			text = next
			continue
		}
		all = append(all, text)
		text = line
	}
	all = append(all, text)
	if text == "" {
		return "Nothing in the log yet."
	}
	t.reply(e, all[:len(all)-1]...)
	return all[len(all)-1]
}
