package panel

import (
	"slices"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
)

const (
	pendingWaits = 20_000 // the place's texts hold up what is sealed so long at most
	pendingMost  = 8
)

// remember leaves the sealed record of a command: of one size, with the same
// people and words copied beside it, whether or not it holds anything.
func (t *turn) remember(e Told, v verdict) Pending {
	t.hush()
	silent := e.Understood && e.Command.Verb == VerbSilent
	judged := e.Verdict
	if age, known := t.age(e); known && (age > forgotten || age < -forgotten) {
		judged, silent = duress.Verdict{}, false
	}
	own := t.ownNumbers(v.Person)
	t.s.Sealed.Told++
	p := Pending{
		Number: t.s.Sealed.Told, At: t.now.Tick,
		Record: duress.Note(judged, silent, duress.Fact{Person: v.Person, From: e.From, Command: commandName(e),
			Channel: e.Channel, Clock: t.clock(), Tick: t.now.Tick, Wall: t.now.Wall.UnixMilli()}),
		Recipients: alert.Eligible(t.c.Alert, e.From, own, t.s.Book.ToldOfBurglary()),
		Known:      alert.OffSite(t.c.Alert),
		Where:      t.c.Site.Place(), Police: t.c.Site.Police,
		RingTime: t.c.Alert.RingTime, CallRounds: t.c.Alert.CallRounds,
		Command: commandName(e), Clock: t.clock(), Words: t.c.Alert.Words,
	}
	return p
}

// commandName is how contacts are told of a command; a text or a call that was
// not understood is one too.
func commandName(e Told) string {
	switch {
	case e.Command.Verb != "":
		return string(e.Command.Verb)
	case e.Channel == ByCall:
		return "CALL"
	}
	return "TEXT"
}

// ownNumbers are the contacts that are a person's own phones.
func (t *turn) ownNumbers(person string) []string { return t.c.own(person) }

func (c Config) own(person string) []string {
	p, _ := c.personNamed(person)
	return append(slices.Clone(p.Contacts), person)
}

// hold keeps a record until the place has got what it gets. What this command
// sends to phones that would be eligible waits behind it.
func (t *turn) hold() {
	list := t.s.Sealed.Pending
	if len(list) >= pendingMost {
		t.unfoldOne(list[0])
		list = t.s.Sealed.Pending
	}
	t.s.Sealed.Pending = append(list, t.p)
}

// eligible tells whether the command being taken could concern number if it
// were under duress: worked out from person and sender, never from the verdict.
func (p Pending) eligible(number string) bool {
	return slices.ContainsFunc(p.Recipients, func(r alert.Recipient) bool { return r.Number == number })
}

// unfold turns records into what they hold, once the place has got its texts or
// 20 s after.
func (t *turn) unfold() {
	for _, p := range slices.Clone(t.s.Sealed.Pending) {
		waits := t.s.Book.Waiting() || t.s.Sealed.Line.In || t.undecided(p.Button)
		if !waits || t.now.Tick >= p.At+pendingWaits {
			t.unfoldOne(p)
		}
	}
}

// flushPending unfolds all at once: after a restart the place has what it got.
func (t *turn) flushPending() {
	for _, p := range slices.Clone(t.s.Sealed.Pending) {
		t.unfoldOne(p)
	}
}

func (t *turn) unfoldOne(p Pending) {
	t.s.Sealed.Pending = slices.DeleteFunc(t.s.Sealed.Pending, func(q Pending) bool { return q.Number == p.Number })
	fact, real := p.Record.Open()
	b := &t.s.Sealed.Book
	if !real {
		t.withhold(p)
		b.Release(p.Number)
		return
	}
	t.sealedJournal("command", sealedCode(fact), fact.Why+": "+fact.Person+" "+fact.Command, fact.Person)
	i := t.openSealed(p, fact)
	b.Replace(p.Number, i.ID)
	b.Withdraw(i)
}

// withhold keeps what an ordinary command has to say from those who were told of
// something sealed that is open: they would take it for an all-clear. They hear
// that it happened as of anything that moves.
func (t *turn) withhold(p Pending) {
	b := &t.s.Sealed.Book
	for n := range b.Incidents {
		if i := &b.Incidents[n]; i.Open() && b.Withhold(p.Number, i) {
			b.Further(i, t.now.Tick, "", p.Clock+" "+p.Command)
		}
	}
}

// openSealed opens a person's sealed incident, or adds to the one that is open.
func (t *turn) openSealed(p Pending, fact duress.Fact) *alert.Incident {
	b := &t.s.Sealed.Book
	if i := openFor(b, fact.Person); i != nil {
		b.Further(i, t.now.Tick, fact.Clock+" "+fact.Command, "")
		b.Include(i, t.now.Tick, p.Recipients)
		return i
	}
	i := alert.Incident{Kind: alert.Duress, Silent: true, Who: fact.Person, What: forcedTo(p.Words, fact), Clock: fact.Clock,
		Where: p.Where, Police: p.Police, Recipients: p.Recipients, RingTime: p.RingTime, CallRounds: p.CallRounds, Words: p.Words}
	if fact.Why == "silent" {
		i.Kind, i.What = alert.Panic, ""
	}
	i.Entry, i.Known = t.s.Sealed.Entries, p.Known
	return b.Open(t.now.Tick, i)
}

func sealedCode(f duress.Fact) string {
	if f.Why == "silent" {
		return "1122"
	}
	return "1121"
}

// openFor finds a person's open sealed incident.
func openFor(b *alert.Book, person string) *alert.Incident {
	for n := range b.Incidents {
		if i := &b.Incidents[n]; i.Open() && i.Who == person {
			return i
		}
	}
	return nil
}

func forcedTo(w alert.Words, f duress.Fact) string {
	switch Verb(f.Command) {
	case VerbDisarm:
		return w.Say("duress.disarm")
	case VerbArm, VerbHome, VerbNight:
		return w.Say("duress.arm")
	}
	return w.Say("duress.other")
}
