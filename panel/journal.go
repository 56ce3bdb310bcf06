package panel

import (
	"fmt"

	"github.com/gsmpanel/gsmpanel/alert"
)

const (
	recentEntries = 50  // kept in the state, for LOG
	sealedEntries = 150 // kept in the sealed journal; its box has one size
)

// journal writes an entry. contactID is qualifier and event of SIA DC-05
// (Ademco Contact ID): 1 new or opening, 3 restore or closing, 6 status.
func (t *turn) journal(event, contactID, text string, zone int, who Who) {
	t.s.Entries++
	e := Entry{Number: t.s.Entries, Time: t.now.Wall.UTC(), Event: event, ContactID: contactID, Text: text,
		Zone: zone, Person: who.Person, Channel: who.Channel}
	t.entries = append(t.entries, e)
	t.s.Recent = lastEntries(append(t.s.Recent, e), recentEntries)
}

func (t *turn) sealedJournal(event, contactID, text, person string) {
	j := &t.s.Sealed
	j.Entries++
	j.Journal = lastEntries(append(j.Journal, Entry{Number: j.Entries, Time: t.now.Wall.UTC(), Event: event,
		ContactID: contactID, Text: text, Person: person}), sealedEntries)
}

func lastEntries(list []Entry, n int) []Entry { return list[max(0, len(list)-n):] }

func (t *turn) noted(notes []alert.Note, sealed bool) {
	if sealed {
		t.sealedNotes(notes)
		return
	}
	t.noteAll(notes)
}

func (t *turn) noteAll(notes []alert.Note) {
	for _, n := range notes {
		t.journal("notification", "6"+eventOf(n.Kind), fmt.Sprintf("%s: %s", n.Kind, n.Text), 0, Who{})
	}
}

func (t *turn) sealedNotes(notes []alert.Note) {
	for _, n := range notes {
		t.sealedJournal("notification", "6"+eventOf(n.Kind), fmt.Sprintf("%s: %s", n.Kind, n.Text), "")
	}
}

// eventOf is the Contact ID event of a kind of incident.
func eventOf(k alert.Kind) string {
	switch k {
	case alert.Duress:
		return "121"
	case alert.Panic:
		return "123"
	case alert.Fire:
		return "110"
	case alert.Medical:
		return "100"
	case alert.TamperKind:
		return "144"
	case alert.TroubleAlarm:
		return "300"
	case alert.Test:
		return "601"
	}
	return "130"
}
