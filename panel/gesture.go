package panel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// pressing is what a receiver says of a press while it lasts.
func (t *turn) pressing(e Pressing) {
	b, ok := t.c.button(e.ID)
	if !ok {
		return
	}
	if e.New {
		t.hush()
	}
	heard := duress.Hearing{Source: e.Source, New: e.New, Began: t.now.Tick - e.Ago, Lasted: e.Lasted, Whole: e.Whole}
	n := slices.IndexFunc(t.s.Sealed.Presses, func(p duress.Press) bool { return p.ID == e.ID })
	if n < 0 {
		n = len(t.s.Sealed.Presses)
		t.s.Sealed.Presses = append(t.s.Sealed.Presses, duress.Begin(e.ID, t.now.Tick, heard))
	}
	p, g := t.s.Sealed.Presses[n].Hear(t.now.Tick, heard, b.gestures())
	t.s.Sealed.Presses[n] = p
	if e.Counts {
		t.pressed(e.ID)
	}
	t.gesture(b, g)
}

// pressesDue takes presses that are over for what they were.
func (t *turn) pressesDue() {
	for n := 0; n < len(t.s.Sealed.Presses); n++ {
		p := t.s.Sealed.Presses[n]
		b, enrolled := t.c.button(p.ID)
		next, g, gone := p.Due(t.now.Tick, b.gestures())
		t.s.Sealed.Presses[n] = next
		if gone || !enrolled {
			t.s.Sealed.Presses = slices.Delete(t.s.Sealed.Presses, n, n+1)
			n--
		}
		if enrolled {
			t.gesture(b, g)
		}
	}
}

// pressesAtStart takes presses that a power cut broke off for the most helpful that
// they can have been. What helps nobody is not done any more after a while, as an
// old text is not obeyed.
func (t *turn) pressesAtStart(e Booted) {
	list := t.s.Sealed.Presses
	t.s.Sealed.Presses = nil
	for _, p := range list {
		b, enrolled := t.c.button(p.ID)
		if !enrolled || p.Done != "" {
			continue
		}
		may := b.gestures()
		g := may.MostHelpful()
		if may.Of(g).Helps() || e.OffKnown && t.off <= staleAfter.Milliseconds() {
			t.gesture(b, g)
		}
	}
}

// gesture does what a gesture means.
func (t *turn) gesture(b button, g duress.Gesture) {
	if g == "" {
		return
	}
	if a := b.gestures().Of(g); a == duress.DuressDisarm {
		t.forcedHold(b)
	} else {
		t.act(b, a, false)
	}
}

// undecided tells whether a button is still pressed, so that more may come of it.
func (t *turn) undecided(id string) bool {
	return id != "" && slices.ContainsFunc(t.s.Sealed.Presses, func(p duress.Press) bool { return p.ID == id && p.Done == "" })
}

// nextOf is a press's next deadline; one of a button that is no more is due.
func nextOf(c Config, p duress.Press) int64 {
	b, _ := c.button(p.ID)
	return p.Next(b.gestures())
}

// lastingPresses are those that a power cut would break off. What is added to them
// while they last rides along: 20 frames a second must not be 20 commits.
func lastingPresses(list []duress.Press) []duress.Press {
	var out []duress.Press
	for _, p := range list {
		if p.Done == "" {
			out = append(out, p.Lasting())
		}
	}
	return out
}

// silent calls for help so that nobody at the place can perceive it.
func (t *turn) silent(b button) {
	e := Told{Channel: ByRemote, Understood: true, Parts: 1, Command: Command{Verb: VerbSilent}}
	t.p = t.remember(e, verdict{Person: t.c.person(b.Remote)})
	t.hold()
}

// forcedHold makes of a disarm by a button that was held one under threat. The
// disarm itself was done at its first frames, and its record waits for this.
func (t *turn) forcedHold(b button) {
	e := Told{Channel: ByRemote, Understood: true, Parts: 1, Verdict: duress.PressVerdict(true), Command: Command{Verb: VerbDisarm}}
	t.p = t.remember(e, verdict{Person: t.c.person(b.Remote)})
	waiting := -1
	for n, p := range t.s.Sealed.Pending {
		if p.Button == b.id {
			waiting = n
		}
	}
	if waiting >= 0 {
		t.s.Sealed.Pending[waiting].Record = t.p.Record
	} else {
		t.hold()
	}
	t.p = Pending{}
}

// callFor calls for help against fire, with the siren of an evacuation, or for
// somebody who is ill, without.
func (t *turn) callFor(b button, a duress.Action) {
	kind, who := alert.Medical, b.who()
	if a == duress.DoFire {
		kind = alert.Fire
		t.zones(zones.Sound{}, who)
		t.s.Fire = true
	}
	t.journal("alarm", "1"+eventOf(kind), string(kind)+": "+who.caller(), b.zone, who)
	if !t.addTo(kind, who.caller()) {
		t.openIncident(alert.Incident{Kind: kind, What: who.caller(), Recipients: alert.Recipients(t.c.Alert, kind.Class())})
	}
}

// untold refuses a button that an edit adds and that is told apart by how it is
// pressed, where no receiver tells that. A configuration that is taken over whole is
// not refused: it may be for other receivers.
func (t *turn) untold(e Edit, next Config) error {
	if _, whole := e.(Restore); whole || !t.s.Radio.PressesAlone() {
		return nil
	}
	for _, id := range next.buttonIDs() {
		b, _ := next.button(id)
		if _, before := t.c.button(id); !before && radio.TellsHolds(id) && b.byGesture() {
			return fmt.Errorf("of %s it can't be told how long or how often it is pressed: RFLink, the only receiver, says no more than that it was; give it one action, for example `gsmpanel remote add %q --button %s=audible`, or start the panel with --radio rtl_433 besides", id, b.Name, id)
		}
	}
	return nil
}

// caller is whoever calls for help, as texts name them.
func (w Who) caller() string { return w.callerIn(nil) }

func (w Who) callerIn(words alert.Words) string {
	switch {
	case w.Remote == "":
		return w.nameIn(words)
	case w.Person == "" || strings.EqualFold(w.Person, w.Remote):
		return w.Remote
	}
	return w.Person + ", " + w.Remote
}
