package panel

import (
	"slices"

	"github.com/gsmpanel/gsmpanel/alert"
)

// Who may administer the panel needs no code to take somebody's codes away, or to
// give somebody one: that helps an owner who has forgotten theirs, and a burglar at the
// board, or somebody in the house who wants to have the panel. So everybody on the list
// is told. What they are told goes by names alone: nobody may learn from it how
// many codes a person had, or of which kind.

const (
	leftMost      = 32      // people who were taken off the list
	codesToldMost = 6       // texts a day to each; the last says that there is more
	leftFor       = 7 * day // who was taken off the list is told for so long, or they would be taken off it first
	firstDays     = 7 * day // a panel that was never armed is set up for so long, and nobody is told
)

// CodeNews is what was told of codes, and who is told though they left the list.
type CodeNews struct {
	Told DayCount `json:"told"`
	Left []Left   `json:"left,omitempty"`
}

// Left is somebody who was on the list and lives elsewhere.
type Left struct {
	Who alert.Contact `json:"who"`
	At  int64         `json:"at"`
}

// hearsOfCodes tells whether a contact is told: whoever gets anything at all.
func hearsOfCodes(c alert.Contact) bool { return len(c.Classes) > 0 && !c.NoText }

// leave remembers who an edit has taken off the list. Who lives there may be
// whom the codes are taken from for good.
func (t *turn) leave(before Config) {
	news := &t.s.CodeNews
	news.Left = slices.DeleteFunc(news.Left, func(l Left) bool {
		return l.At+leftFor <= t.now.Tick || t.onList(l.Who.Number)
	})
	for _, c := range before.Alert.Contacts {
		if hearsOfCodes(c) && !c.InHouse() && !t.onList(c.Number) && len(news.Left) < leftMost {
			news.Left = append(news.Left, Left{c, t.now.Tick})
		}
	}
}

func (t *turn) onList(number string) bool {
	c, ok := t.c.Alert.ByNumber(number)
	return ok && hearsOfCodes(c)
}

// tellCodes tells of codes that an edit took away, gave to somebody who had none, or
// brought back from a backup. Who gives the present code is not told of.
func (t *turn) tellCodes(e Edit, before Config) {
	t.leave(before)
	if t.s.ArmedBy == (Who{}) && t.now.Tick < firstDays {
		return
	}
	if r, ok := e.(Restore); ok {
		if r.Whole && before.Duress.HasCodes() {
			t.tellOfCodes("codes.restored", "", nil)
		}
		return
	}
	for _, p := range before.Duress.Persons {
		if !t.c.Duress.Named(p.Name) {
			t.tellOfCodes("codes.removed", p.Name, p.Contacts)
		}
	}
	for _, p := range t.c.Duress.Persons {
		if !before.Duress.Named(p.Name) {
			t.tellOfCodes("codes.new", p.Name, p.Contacts)
		}
	}
}

// tellOfCodes asks no budget: that could be used up before.
func (t *turn) tellOfCodes(what, who string, phones []string) {
	switch n := t.s.CodeNews.Told.add(t.now.Tick); {
	case n > codesToldMost:
		return
	case n == codesToldMost:
		what = "codes.more"
	}
	list := slices.Clone(t.c.Alert.Contacts)
	for _, l := range t.s.CodeNews.Left {
		if !isOne(phones, who, l.Who.Name) {
			list = append(list, l.Who)
		}
	}
	body := t.c.Alert.Words.CodesText(what, t.siteName(), who, t.clock())
	place, others := placeFirst(list)
	t.queueOfCodes(place, alert.RankPlace, body)
	t.queueOfCodes(others, alert.RankTrouble, body)
}

// queueOfCodes keeps the text, as a new contact's first words, for a panel that
// does not run yet.
func (t *turn) queueOfCodes(list []alert.Contact, rank alert.Rank, body string) {
	for _, c := range list {
		if hearsOfCodes(c) {
			t.s.Book.Queue(t.now.Tick, alert.Job{Rank: rank, To: c.Number, Name: c.Name, Reason: "codes", Body: body, Expires: t.now.Tick + introKept})
		}
	}
}
