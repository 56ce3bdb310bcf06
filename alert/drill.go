package alert

import (
	"slices"
	"strings"
)

// A drill is an open incident of kind test. It goes the true way, plan, outbox
// and line, but that all it says begins with TEST, that nothing is said again
// after minutes, and that nobody closes it.
//
// While one runs the line is its own, so that it takes the same time whatever
// else goes on: what is not a reply or for the place waits until there is room
// between two of its calls. Whoever has been told of something sealed gets words
// of that in the drill's place, at the hand-over: the outbox that anybody may see
// says TEST.

const (
	// DrillWaits is from the command to the first text: longer than a text that
	// is on its way, and than what is sealed waits for the place.
	DrillWaits = 20_000
	drillPause = 20_000      // before each of its calls
	drillRoom  = 17_000      // a text that begins so long before a call is over by then, and a reply after it too
	drillMost  = 15 * minute // then it ends, whatever is missing
	drillLater = 60_000      // it is put off so long at most for texts to the place
	drillQuiet = 10_000      // from the last text to the place to its first
	placeTakes = 8_000       // a text to the place
)

// Score is how far a drill came with somebody, in ticks; 0 is not.
type Score struct {
	Reports   bool   `json:"reports,omitempty"`   // the number was known to give delivery reports
	Texted    int64  `json:"texted,omitempty"`    // the network took the text
	Delivered int64  `json:"delivered,omitempty"` // a report said that the phone has it
	Rang      int64  `json:"rang,omitempty"`
	Answered  int64  `json:"answered,omitempty"`
	Call      Result `json:"call,omitempty"` // what became of the last call
	Acked     int64  `json:"acked,omitempty"`
	By        string `json:"by,omitempty"` // "text" or "call"
}

// Drilled copies those contacts who would be told of any alarm: whoever may be
// told of something sealed is among them.
func Drilled(c Config) []Recipient {
	return recipients(c, func(k Contact) bool { return k.Gets(Life) || k.Gets(Alarm) })
}

// OpenDrill opens a drill.
func (b *Book) OpenDrill(tick int64, i Incident) {
	i.Kind, i.HoldUntil, i.Recipients = Test, tick+DrillWaits, slices.Clone(i.Recipients)
	for n := range i.Recipients {
		i.Recipients[n].Score.Reports = b.isReporter(i.Recipients[n].Number, tick)
	}
	b.Open(tick, i)
}

// Drill returns the drill that runs, nil for none.
func (b *Book) Drill() *Incident {
	for n := range b.Incidents {
		if i := &b.Incidents[n]; i.Kind == Test && i.Open() {
			return i
		}
	}
	return nil
}

// DrillByToken finds a drill by its token, also when it is over: people answer
// late, and what they answer may have been no test.
func (b *Book) DrillByToken(t, number string) *Incident {
	for n := range b.Incidents {
		if i := &b.Incidents[n]; i.Kind == Test && i.Token == t && i.Includes(number) {
			return i
		}
	}
	return nil
}

// nextOfDrill is the tick of a drill's next step that nothing else brings about.
func (i Incident) nextOfDrill() int64 {
	if i.Begun == 0 {
		return min(i.HoldUntil, i.Opened+drillMost)
	}
	return i.Opened + drillMost
}

// drillDue takes that step. A drill begins when the place has had its texts, by
// when these were queued: when they went hangs on what was on its way before them.
func (b *Book) drillDue(i *Incident, tick int64) {
	quiet := b.PlaceUntil + drillQuiet
	switch {
	case tick >= i.Opened+drillMost:
		b.EndDrill(i, tick, "")
	case quiet > tick && quiet <= i.Opened+DrillWaits+drillLater:
		i.HoldUntil = quiet
	default:
		b.begin(i, tick)
	}
}

// drillOver ends a drill of which nothing is left to do: somebody has it, or the
// rounds are over, and every text has its outcome.
func (b *Book) drillOver(tick int64) {
	i := b.Drill()
	if i == nil || i.Begun == 0 || i.Calling {
		return
	}
	if !slices.ContainsFunc(b.Jobs, func(j Job) bool { return j.Incident == i.ID }) {
		b.EndDrill(i, tick, "")
	}
}

// EndDrill ends a drill; why is what ended it before its time.
func (b *Book) EndDrill(i *Incident, tick int64, why string) {
	i.Closed, i.RevealAt, i.Note = tick, tick, why
	b.stopCalls(i)
	b.drop(func(j Job) bool { return j.Incident == i.ID && j.Rank != RankReply })
}

// settleDrill lets what a drill has to say in its course wait until a text that is
// on its way is over, and a reply after it, so that it takes the same time if none
// is.
func (b *Book) settleDrill(j *Job, tick int64) {
	if i := b.Drill(); i != nil && j.Incident == i.ID && !j.First {
		j.NotBefore = tick + drillRoom
		if j.Call {
			j.NotBefore = tick + drillPause
		}
	}
}

// resettleDrill has a drill's texts wait anew where one of them, or anything else,
// ends a call in which somebody listens. How long a call takes to end they must not
// show: one that was cut short for what is sealed was over long before.
func (b *Book) resettleDrill(tick int64) {
	for n := range b.Jobs {
		if j := &b.Jobs[n]; !j.Handed && !j.Call && j.NotBefore <= tick {
			b.settleDrill(j, tick)
		}
	}
}

// score notes something of a drill's recipient.
func (i *Incident) score(number string, note func(*Score)) {
	if i != nil && i.Kind == Test {
		i.mark(number, func(r *Recipient) { note(&r.Score) })
	}
}

// Phase notes how far a call of a drill has come.
func (i *Incident) Phase(number string, p Phase, tick int64) {
	i.score(number, func(s *Score) {
		switch {
		case p == Ringing && s.Rang == 0:
			s.Rang = tick
		case p == Talking && s.Answered == 0:
			s.Answered = tick
		}
	})
}

// delivered notes a report; not one of what is said once the drill is over.
func (i *Incident) delivered(number string, tick int64) {
	if i != nil && i.Open() {
		i.score(number, func(s *Score) { s.Delivered = earlier(s.Delivered, tick) })
	}
}

// AckedBy notes by what way somebody has taken a drill.
func (i *Incident) AckedBy(number, way string, tick int64) {
	i.score(number, func(s *Score) {
		if s.Acked == 0 {
			s.Acked, s.By = tick, way
		}
	})
}

// Marked begins what a drill says with TEST.
func (i Incident) Marked(body string) string {
	kind := i.own("kind")
	if i.Kind != Test || strings.HasPrefix(body, kind) {
		return body
	}
	return Clip(kind+". "+body, OneText)
}

// OverText answers who takes a drill that is over.
func (i Incident) OverText() string { return i.one("test.over") }

// Got tells whether a drill's text has reached somebody, as far as one knows: a
// number that was known to give reports must have given one.
func (s Score) Got() bool { return s.Delivered != 0 || s.Texted != 0 && !s.Reports }

// ofDrill tells whether a job that anybody may see belongs to a drill, or may be
// taken by those who are told of something sealed for a sign that all is well.
func (k Books) ofDrill(j *Job) bool {
	i := k.Open.Incident(j.Incident)
	return j.Calms || i != nil && i.Kind == Test
}

// instead finds the sealed incident that speaks to a number in the place of a
// drill: one it has not been told of, or else one that nobody has.
func (k Books) instead(number string) *Incident {
	var found *Incident
	for n := range k.Sealed.Incidents {
		i := &k.Sealed.Incidents[n]
		if !i.Open() || !i.Includes(number) {
			continue
		}
		if found == nil || i.urgency(number) >= found.urgency(number) {
			found = i
		}
	}
	return found
}

func (i Incident) urgency(number string) int {
	switch {
	case !i.Knows(number):
		return 2
	case i.TakenAt == 0:
		return 1
	}
	return 0
}

// Knows tells whether somebody has, or may have, been told what it is about: only
// then is an acknowledgement of a drill one of it too. Who gets no texts knows
// nothing of a test either.
func (i Incident) Knows(number string) bool {
	n := i.recipient(number)
	return n >= 0 && (i.Recipients[n].Told || i.Recipients[n].Maybe || i.Recipients[n].NoText)
}

// insteadText is what somebody is told in the place of a drill's text: what it is
// about, or if they know how it stands.
func (i Incident) insteadText(j *Job, token string) string {
	if token != "" {
		i.Token = token
	}
	switch {
	case j.First || !i.Knows(j.To) || i.TakenBy == "":
		return i.notATest()
	case i.TakenBy == i.NameOf(j.To):
		return i.one("test.not.yours")
	}
	return Clip(join(i.Words.Say("test.not"), i.AskToken()), OneText)
}

// notATest is the first text of a sealed incident in one SMS that says that it is
// none of a drill.
func (i Incident) notATest() string {
	not := i.Words.Say("test.not")
	full := i.AlarmTexts()
	text := join(not, full[0])
	for name := i.name(); (len(full) > 1 || !Fits(text)) && name != ""; name = shorter(name) {
		full = full[:1]
		text = join(not, i.firstText(name))
	}
	return Clip(text, OneText)
}

// ofDrill notes that a drill has the line: when its first text is handed over,
// and who is told of something else in its place.
func (l *Line) ofDrill(k Books, c candidate, tick int64) {
	if c.sealed || !k.ofDrill(c.job) {
		return
	}
	if i := k.Open.Incident(c.job.Incident); i != nil && i.First == 0 && i.Begun != 0 {
		i.First = tick
	}
	if i := k.instead(c.job.To); i != nil && !c.job.Call {
		l.Instead = i.ID
	}
}

// tokenOf is the token of a job's incident, "" for none.
func (b *Book) tokenOf(j *Job) string {
	if i := b.Incident(j.Incident); i != nil {
		return i.Token
	}
	return ""
}

// insteadDone notes what became of the text that stood in for a drill's: what was
// told so is not told once more.
func (l *Line) insteadDone(k Books, r Result) {
	i := k.Sealed.Incident(l.Instead)
	j := k.Open.job(l.Job)
	if l.Instead == 0 || i == nil || j == nil || !i.Open() {
		return
	}
	switch r {
	case SentOK:
		i.markTold(j.To)
		body := i.AlarmTexts()[0]
		k.Sealed.drop(func(s Job) bool { return s.Incident == i.ID && !s.Call && s.To == j.To && s.Body == body })
	case Transient, Permanent:
	default:
		i.mark(j.To, func(r *Recipient) { r.Maybe = true })
	}
}

// hold is what a drill leaves of the line to others.
type hold struct {
	drill *Incident // nil while none runs
	room  bool      // a text of something else is over before the drill's next step
}

func (k Books) hold(tick int64) hold {
	i := k.Open.Drill()
	if i == nil {
		return hold{}
	}
	if i.Begun == 0 {
		return hold{i, i.HoldUntil-tick >= drillRoom}
	}
	soon := func(j Job) bool { return j.Incident == i.ID && (j.Handed || j.NotBefore-tick < drillRoom) }
	return hold{i, !slices.ContainsFunc(k.Open.Jobs, soon)}
}

// lets tells whether a job may have the line besides a drill. Replies and the
// place's texts go before the drill as before anything. A text to somebody whom
// the drill has yet to text is left to it.
func (h hold) lets(k Books, c candidate) bool {
	switch {
	case h.drill == nil, !c.sealed && (c.job.Rank <= RankPlace || c.job.Incident == h.drill.ID):
		return true
	case c.job.Call || !h.room:
		return false
	}
	if h.drill.Begun == 0 {
		return !h.drill.Includes(c.job.To)
	}
	return !slices.ContainsFunc(k.Open.Jobs, func(j Job) bool { return !j.Call && j.Incident == h.drill.ID && j.To == c.job.To })
}
