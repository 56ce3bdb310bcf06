package panel

import (
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/alert"
)

// notice queues a text that a command causes. Phones that would not be eligible
// if the command were under duress come first, in ordinary runs too; the others
// wait until the command's record is unfolded.
func (t *turn) notice(number, body, reason string, rank alert.Rank) {
	c, _ := t.c.Alert.ByNumber(number)
	if c.NoText {
		return
	}
	j := alert.Job{Rank: alert.RankPlace, To: number, Name: c.Name, Body: clip(body), Reason: reason}
	if t.p.eligible(number) {
		j.Rank, j.Behind = rank, t.p.Number
		t.s.Sealed.Line.Tally.Meant++
		t.s.Sealed.Book.Queue(t.now.Tick, j) // so that nothing stored in the open tells whether it goes out
		return
	}
	t.s.Book.Queue(t.now.Tick, j)
}

// report tells contacts of class report what somebody did: with `all` whatever
// was done, by default a disarm by somebody else than the contact. Numbers that
// hear it otherwise are left out.
func (t *turn) report(body string, who Who, least string, told ...string) {
	if t.c.Alert.ReportDefault == alert.ReportNone || least == alert.ReportAll && t.c.Alert.ReportDefault != alert.ReportAll {
		return
	}
	own := t.ownNumbers(who.Person)
	for _, c := range t.c.Alert.Contacts {
		if !c.GetsReports() || t.c.Alert.ReportDefault == alert.ReportOthers && isOne(own, who.Person, c.Name) {
			continue
		}
		if !t.budget() {
			return
		}
		if slices.Contains(told, c.Number) {
			continue // counted too: who was told already hangs on a text on its way
		}
		t.notice(c.Number, body, "report", alert.RankReport)
	}
}

func isOne(own []string, person, contact string) bool {
	if strings.EqualFold(person, contact) {
		return true
	}
	for _, name := range own {
		if strings.EqualFold(name, contact) {
			return true
		}
	}
	return false
}

// reportAll tells every contact of class report something the panel did itself, which
// may be long after the command that it follows from. It goes to all as to the
// place, so that nothing sealed puts it off.
func (t *turn) reportAll(body string) {
	for _, c := range t.reporters() {
		if t.budget() {
			t.tellPlace(c, t.siteName()+": "+body+".", "report")
		}
	}
}

// tellPlace queues a text that comes when it would come if nothing were sealed.
func (t *turn) tellPlace(c alert.Contact, body, reason string) {
	t.s.Book.Queue(t.now.Tick, alert.Job{Rank: alert.RankPlace, To: c.Number, Name: c.Name, Body: clip(body), Reason: reason})
}

// reporters are the contacts of class report, those for the place first.
func (t *turn) reporters() []alert.Contact {
	place, others := placeFirst(t.c.Alert.Contacts)
	return slices.DeleteFunc(append(place, others...), func(c alert.Contact) bool { return !c.GetsReports() })
}

// placeFirst parts those who would not be told of anything sealed from the others:
// they are told first, so that nobody's absence moves another's text.
func placeFirst(list []alert.Contact) (place, others []alert.Contact) {
	for _, c := range list {
		if c.InHouse() || !c.Gets(alert.Life) {
			place = append(place, c)
		} else {
			others = append(others, c)
		}
	}
	return place, others
}

// budget counts one text of the day's reports and troubles; the day's last says
// nothing more. Alarms never ask.
func (t *turn) budget() bool { return t.inBudget() && !t.short() }

// inBudget is budget whatever the credit is.
func (t *turn) inBudget() bool {
	t.s.Budget.roll(t.now.Tick)
	if t.s.Budget.Count >= t.c.Alert.TextBudget {
		return false
	}
	t.s.Budget.Count++
	return true
}

// introKept is how long the first words to a contact wait for a panel that does
// not run yet.
const introKept = 30 * day

// introduce tells a new contact what to expect. It is not capped: who sets up a
// house with a long list has each of them told.
func (t *turn) introduce(c alert.Contact) {
	for _, body := range t.c.Alert.Words.Intro(c, t.siteName()) {
		t.s.Book.Queue(t.now.Tick, alert.Job{Rank: alert.RankReport, To: c.Number, Name: c.Name, Body: body, Reason: "introduction", Expires: t.now.Tick + introKept})
	}
}
