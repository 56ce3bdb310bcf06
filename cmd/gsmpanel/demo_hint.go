package main

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/zones"
)

// hintLines say what goes on and what to try, at most two lines.
func (m demoScreen) hintLines() []string {
	lines := strings.Split(ansi.Wrap(m.hint(), m.width-2, ""), "\n")
	for n := range lines {
		lines[n] = " " + lines[n]
	}
	return lines
}

func (m demoScreen) hint() string {
	switch {
	case m.ended != "":
		return "The panel has ended: " + m.ended + ". Press q to leave."
	case m.sight.things.noModem:
		return "The modem is out. The panel still arms, sounds and logs, but can tell nobody. g plugs it in; what waits goes out then."
	case m.sight.things.deaf:
		return "The receiver is out: no fob and no sensor is heard, and Anna is told of the trouble. r plugs it in again."
	case m.sight.things.jammed:
		return "The air is jammed: no fob and no sensor is heard. Anna is told within half a minute; armed, in an entry delay, it is an alarm. j ends it."
	case m.sight.things.dark:
		return "The mains is cut: Anna is told of the trouble. In an entry delay somebody may be smashing the panel: an alarm at once. e ends it."
	}
	if h := m.callHint(); h != "" {
		return h
	}
	if h := m.duressHint(); h != "" {
		return h
	}
	return m.stateHint()
}

func (m demoScreen) callHint() string {
	for n, p := range m.people {
		phone := m.phone(n)
		c, _ := callOf(phone)
		switch {
		case talking(phone) && byMachine(p.phone, c):
			return p.name + "'s voicemail has picked up. It presses nothing, so the panel will go on calling others."
		case calling(phone):
			return p.name + " rings the panel."
		case keying(phone):
			return p.name + " has the panel on the phone: type 482913 # and a digit. 1 arms, 2 arms at home, 3 disarms, 0 asks. Beeps answer."
		case m.justBusy(c):
			return "Busy: the panel takes calls of Anna's only, and for 20 minutes after a code or a button none, so that ringing it tells nothing."
		case talking(phone) && listens(c):
			return p.name + " hears the house by the panel's microphone, for 5 minutes at most. In the house nothing tells of it. x ends it."
		case talking(phone) && c.Digits == "1":
			return "Taken, and the others are told. 7 keeps the call, with the panel's microphone open. Or let it end by itself."
		case talking(phone) && c.Digits == "":
			return p.name + " hears tones, for the modem cannot speak. The key 1 says: I have understood, I see to it."
		case ringing(phone) && n == 0:
			return "Anna's phone rings as well: all are called in turn until one presses 1. p picks up, x rejects, or let it ring."
		case ringing(phone) && m.hidden():
			return "Look right: the friends know what the house does not show. " + p.name + "'s phone rings: p picks it up, and then 1 says: I see to it."
		case ringing(phone):
			return p.name + "'s phone rings: p picks it up, and then 1 says: I see to it. Or let it ring and see whom the panel calls next."
		}
	}
	return ""
}

// justBusy tells whether a phone has rung the panel in vain a moment ago.
func (m demoScreen) justBusy(c simulator.CallRecord) bool {
	return !c.Incoming && c.Result == "busy" && m.sight.at.Sub(c.Time) < chirpShown
}

// hidden tells whether a friend knows of something that the house does not show.
func (m demoScreen) hidden() bool {
	return slices.ContainsFunc(m.friends(), func(p simulator.Phone) bool { w, _ := knowledge(p); return w == "DURESS" || w == "PANIC" })
}

func (m demoScreen) friends() []simulator.Phone {
	var out []simulator.Phone
	for n := 1; n < len(m.people); n++ {
		out = append(out, m.phone(n))
	}
	return out
}

func (m demoScreen) duressHint() string {
	taken := slices.ContainsFunc(m.friends(), func(p simulator.Phone) bool { _, took := knowledge(p); return took })
	half := slices.ContainsFunc(m.friends(), halfClosed)
	switch {
	case !m.hidden():
		return ""
	case half:
		return "Two friends must say that it is over: the other one texts CLOSE and the number too (Tab, then type CLOSE ...)."
	case taken:
		return "It is taken. Is there a trace? Tab to Anna, type 482913 LOG. To end it the taker texts CLOSE and the number, then the other one."
	}
	return "Look right: the friends know what the house does not show, not even in 482913 LOG. Now they are called, until one presses 1."
}

// halfClosed tells whether somebody else has closed what this phone knows of.
func halfClosed(p simulator.Phone) bool {
	half := false
	for _, t := range p.Texts {
		if !t.Outgoing {
			half = strings.Contains(t.Body, "says it is over") || half && !strings.HasPrefix(t.Body, "DURESS ") && !strings.HasPrefix(t.Body, "PANIC ")
		}
	}
	return half
}

func (m demoScreen) stateHint() string {
	burgled := slices.ContainsFunc(m.sight.public.Incidents, func(i panel.OutwardIncident) bool { return i.Closed == nil && len(i.Told) > 0 })
	switch state := m.sight.public.State; {
	case state == "disarmed" && len(m.sight.public.Incidents) > 0:
		return "Try again, or: b twice (a silent alarm), D (disarm, held), k (the keypad), 482913 TEST (a drill), g (the modem is cut)."
	case state == "disarmed":
		return "Try: type 482913 ARM and press Enter, as Anna does on her phone. 482913 is her code. Or press a, a button of her fob."
	case state == "arming" && m.sight.public.Mode != zones.Away:
		return "The exit delay runs. Then the house is armed with people in it: windows and doors are watched, the lounge is not."
	case state == "arming":
		return "Everybody leaves now. When the time is over, be the burglar: open the front door with o."
	case state == "pending":
		return "The entry delay: Anna would disarm now (press d, or type 482913 DISARM). You are the burglar: wait for the siren."
	case state == "triggered" && !burgled:
		return "Siren! The panel waits a few seconds for a disarm, as most alarms are false. Then it tells everybody. Wait for it."
	case state == "triggered":
		return "Now the burglar makes Anna disarm. Tab to Anna, type her duress code: 730586 DISARM, press Enter, and look right."
	case state == "armed_away":
		return "Armed. Now be the burglar: o opens the front door (a delay runs first), w breaks the kitchen window (none does)."
	}
	return "Armed at home: m (motion in the lounge) does nothing, w (the kitchen window) is an alarm at once. d disarms."
}
