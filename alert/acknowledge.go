package alert

import (
	"slices"
)

const reasonClosed = "closed"

// Acknowledge records that somebody has taken an incident: by the digit 1 in a
// call or by the token. An acknowledgement from a phone that may be in the
// house is noted and told to the others but stops nothing.
func (b *Book) Acknowledge(i *Incident, number string, tick int64) []Note {
	n := i.recipient(number)
	if n < 0 || !i.Open() {
		return nil
	}
	r := i.Recipients[n]
	i.Recipients[n].Told = true
	switch {
	case r.InHouse, i.TakenAt != 0:
		return b.noteTaken(i, r, tick)
	}
	i.TakenBy, i.TakenAt, i.Asked = r.Name, tick, 0
	b.stopCalls(i)
	b.drop(func(j Job) bool { return !j.Call && j.Incident == i.ID && !j.First })
	for _, body := range i.youHaveIt() {
		b.textTo(i, n, tick, body, "acknowledged", false)
	}
	b.textAll(i, tick, i.takenText(r.Name), "somebody has taken it", number)
	return i.note("acknowledged by " + r.Name)
}

func (b *Book) noteTaken(i *Incident, r Recipient, tick int64) []Note {
	if slices.Contains(i.Noted, r.Name) || i.TakenBy == r.Name {
		return nil
	}
	i.Noted = append(i.Noted, r.Name)
	for n, o := range i.Recipients {
		if o.Number == r.Number {
			continue
		}
		text := i.takenText(r.Name)[0]
		if r.InHouse {
			text = i.one("seen", "by", r.Name, "token", i.Token)
		}
		b.textTo(i, n, tick, text, "noted", false)
	}
	return i.note("seen by " + r.Name)
}

// note is for the journal. Of a drill that has its beginning and its score.
func (i Incident) note(text string) []Note {
	if i.Kind == Test {
		return nil
	}
	return []Note{{i.ID, i.Kind, text}}
}

// ByToken finds the open incident that number may answer with token t: its OK
// and YES token.
func (b *Book) ByToken(t, number string) *Incident {
	return b.find(number, func(i *Incident) bool { return i.Token == t })
}

// ByCloseToken finds the open incident that number may close with token t.
func (b *Book) ByCloseToken(t, number string) *Incident {
	return b.find(number, func(i *Incident) bool { return i.CloseToken == t && i.Kind != Test })
}

// Newest finds the newest open incident that number was told of, unacknowledged
// ones first, for a bare OK.
func (b *Book) Newest(number string) *Incident {
	if i := b.find(number, func(i *Incident) bool { return i.Begun != 0 && i.TakenAt == 0 }); i != nil {
		return i
	}
	return b.find(number, func(i *Incident) bool { return i.Begun != 0 })
}

func (b *Book) find(number string, want func(*Incident) bool) *Incident {
	for n := len(b.Incidents) - 1; n >= 0; n-- {
		if i := &b.Incidents[n]; i.Open() && i.Includes(number) && want(i) {
			return i
		}
	}
	return nil
}

// AskToken is the answer to a bare OK. It carries the incident's words to the
// number that was told, so a forged sender never sees the token.
func (i Incident) AskToken() string {
	if i.TakenBy != "" {
		return i.one("ask.taken", "by", i.TakenBy, "token", i.Token)
	}
	return i.one("ask.take", "token", i.Token)
}

// AskClose is the answer to a bare CLOSE: the token, to somebody who has it.
func (i Incident) AskClose(number string) string {
	name := i.NameOf(number)
	if !i.mayEnd(number) || name != i.TakenBy && !slices.Contains(i.Noted, name) && len(i.Closers) == 0 {
		return i.AskToken()
	}
	return i.one("ask.close", "token", i.CloseToken)
}

// mayEnd tells whether what a phone says may end something. One that may be in
// the house of a danger to life may be in the wrong hand, and what it says stops
// nothing, unless there is nobody else.
func (i Incident) mayEnd(number string) bool {
	n := i.recipient(number)
	outside := slices.ContainsFunc(i.Recipients, func(r Recipient) bool { return !r.InHouse })
	return n >= 0 && (!i.Recipients[n].InHouse || i.Kind.Class() != Life || !outside)
}

// AnswerYes records that police were called.
func (b *Book) AnswerYes(i *Incident, number string) (string, []Note) {
	if !i.mayEnd(number) {
		return i.AskToken(), nil // somebody elsewhere is asked all the same
	}
	i.Yes = true
	return i.one("noted.police"), []Note{{i.ID, i.Kind, "police called"}}
}

// Close records one contact's CLOSE. A sealed incident needs two where two are
// eligible; the first hands the words and the token to the others.
func (b *Book) Close(i *Incident, number string, tick int64) []Note {
	n := i.recipient(number)
	name := i.Recipients[n].Name
	if slices.Contains(i.Closers, name) {
		return nil
	}
	i.Closers = append(i.Closers, name)
	if i.Silent && len(i.Closers) < 2 && len(i.Recipients) > 1 {
		b.textAll(i, tick, i.say("half.others", "by", name, "token", i.CloseToken), "the first CLOSE", number)
		b.textTo(i, n, tick, i.one("half.noted", "token", i.CloseToken), "the first CLOSE", false)
		return []Note{{i.ID, i.Kind, "CLOSE by " + name}}
	}
	by := name
	if len(i.Closers) > 1 {
		by = i.Closers[0] + " and " + name
	}
	b.textAll(i, tick, []string{i.closedText()}, reasonClosed, "")
	b.close(i, tick)
	return []Note{{i.ID, i.Kind, "closed by " + by}}
}
