package alert

// Spent counts what an operator charges: texts that the network took, or may have
// taken, and minutes that were begun of answered calls.
type Spent struct {
	Texts   int64 `json:"texts,omitempty"`
	Minutes int64 `json:"minutes,omitempty"`
}

func (s Spent) plus(o Spent) Spent  { return Spent{s.Texts + o.Texts, s.Minutes + o.Minutes} }
func (s Spent) minus(o Spent) Spent { return Spent{s.Texts - o.Texts, s.Minutes - o.Minutes} }

// Tally is all that was ever spent, by what caused it. How much the open book
// spends on calls hangs on the line, which what is sealed shares: no part of it
// may be seen.
type Tally struct {
	Open   Spent `json:"open,omitzero"`   // of the open book
	Away   Spent `json:"away,omitzero"`   // what commands have to say to those who are away
	Hidden Spent `json:"hidden,omitzero"` // of sealed incidents
	// Meant are the texts that commands had for those who are away, whether they
	// went or not: they did in a run in which nothing is sealed.
	Meant int64 `json:"meant,omitempty"`
}

// Minus is what was spent since.
func (t Tally) Minus(o Tally) Tally {
	return Tally{t.Open.minus(o.Open), t.Away.minus(o.Away), t.Hidden.minus(o.Hidden), t.Meant - o.Meant}
}

// All is what the account was charged for.
func (t Tally) All() Spent { return t.Open.plus(t.Away).plus(t.Hidden) }

// Ordinary is what it would have been charged for if nothing were sealed.
func (t Tally) Ordinary() Spent { return t.Open.plus(Spent{Texts: t.Meant}) }

// minutes counts those of a call that have begun.
func minutes(since, until int64) int64 { return (until-since)/minute + 1 }

// spend notes what a job costs that is over now. A call of the open book that what
// is sealed has ended is noted when it would have ended.
func (l *Line) spend(k Books, r Result, tick int64) {
	cost := Spent{}
	switch {
	case l.Cut:
	case l.TalkedAt != 0:
		cost.Minutes = minutes(l.TalkedAt, tick)
	case l.Busy && !l.Call && r != Transient && r != Permanent:
		cost.Texts = 1
	}
	to := &l.Tally.Open
	if l.Sealed {
		to = &l.Tally.Away
		if j := k.Sealed.job(l.Job); j != nil && j.Incident != 0 {
			to = &l.Tally.Hidden
		}
	}
	*to = to.plus(cost)
}

// Price is what an operator takes, in thousandths; 0 is not known.
type Price struct {
	Text   int64 `json:"text,omitempty"`
	Minute int64 `json:"minute,omitempty"`
}

// Of is what was spent costs, as far as that is known.
func (p Price) Of(s Spent) int64 { return p.Text*s.Texts + p.Minute*s.Minutes }

// Learn takes in that so much money has gone for so much, and what the last time
// made one think of a text: its price counts once two times in a row agree, so
// that a fee is not taken for it.
func (p Price) Learn(gone int64, s Spent, last int64) (price Price, guess int64) {
	switch {
	case gone <= 0:
	case s.Minutes == 0 && s.Texts > 0 && gone%s.Texts == 0:
		if guess = gone / s.Texts; guess == last {
			p.Text = guess
		}
		return p, guess
	case s.Minutes > 0 && p.Text != 0:
		if rest := gone - p.Text*s.Texts; rest >= 0 && rest%s.Minutes == 0 {
			p.Minute = rest / s.Minutes
		}
	}
	return p, last
}

// Round is what a round of texts and calls to all costs who are told of danger to
// life. A call that somebody takes is reckoned at a text's price for want of a
// better one.
func (c Config) Round() Spent {
	s := Spent{}
	for _, k := range c.Contacts {
		if !k.Gets(Life) {
			continue
		}
		if !k.NoText {
			s.Texts++
		}
		if !k.NoCall {
			s.Minutes++
		}
	}
	return s
}

// TellCredit tells those of the newest incident how little credit is left.
func (b *Book) TellCredit(left string, tick int64) {
	if n := len(b.Incidents); n > 0 {
		i := &b.Incidents[n-1]
		b.textAll(i, tick, i.say("credit", "what", left), "credit", "")
	}
}
