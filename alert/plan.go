package alert

import (
	"slices"
)

// Note is what a book's step has to say to its journal.
type Note struct {
	Incident uint64
	Kind     Kind
	Text     string
}

const minute = 60_000

// reasonAgain names a text that a newer one of its kind makes needless.
const reasonAgain = "what came after"

// repeat is one step of an incident's schedule.
type repeat struct {
	after int64 // ms from the first texts
	calls bool
}

// The schedules of section 7: texts again at 5 and 15 minutes; for life also
// texts and calls at 30 and 60 minutes, then hourly to 4 h.
var (
	alarmRepeats = []repeat{{5 * minute, false}, {15 * minute, false}}
	lifeRepeats  = []repeat{{5 * minute, false}, {15 * minute, false}, {30 * minute, true}, {60 * minute, true},
		{120 * minute, true}, {180 * minute, true}, {240 * minute, true}}
)

const (
	endAfter     = 5 * minute  // from the last repeat to “nobody answered”
	askAfter     = 15 * minute // from a life acknowledgement to “police called?”
	answerWithin = 10 * minute // from the question to calling again
	againEvery   = 5 * minute  // news between the repeats
	againTimes   = 8
	hour         = 3600_000
	openFor      = 24 * hour
	neverLater   = 2 * openFor // an incident that nobody can be told of
	renewAfter   = 60 * minute // a further command or alarm then begins the plan anew
	revealAfter  = 12 * 3600_000
	keepClosed   = 24 * 3600_000
)

func (i Incident) schedule() []repeat {
	if i.Kind.Class() == Life {
		return lifeRepeats
	}
	return alarmRepeats
}

func (i Incident) rank() Rank {
	switch {
	case i.Kind == Test, i.Kind.Class() == Life:
		return RankLife // a drill goes the way of what matters most
	case i.Kind.Class() == Trouble:
		return RankTrouble
	}
	return RankAlarm
}

// Open adds an incident. Its texts start at once, or when the abort window that
// HoldUntil names is over.
func (b *Book) Open(tick int64, i Incident) *Incident {
	b.NextIncident++
	i.ID, i.Opened, i.ClosesAt = b.NextIncident, tick, tick+openFor
	i.Token = b.token()
	i.CloseToken = b.token()
	for i.CloseToken == i.Token {
		i.CloseToken = b.token()
	}
	b.Incidents = append(b.Incidents, i)
	in := &b.Incidents[len(b.Incidents)-1]
	if in.HoldUntil <= tick {
		b.begin(in, tick)
	}
	return in
}

func (b *Book) begin(i *Incident, tick int64) {
	i.Begun = tick
	for n := range i.Recipients {
		for k, body := range i.AlarmTexts() {
			b.textTo(i, n, tick, body, "first notification", k == 0)
		}
	}
	i.startCalls(i.CallRounds)
}

// textTo queues one text of an incident to its n-th recipient.
func (b *Book) textTo(i *Incident, n int, tick int64, body, reason string, first bool) {
	r := i.Recipients[n]
	if r.NoText || r.GivenUp {
		return
	}
	b.Queue(tick, Job{Rank: i.rank(), To: r.Number, Name: r.Name, Body: i.Marked(body), Incident: i.ID, Reason: reason, First: first})
}

// textAll queues the same for all but one number, each recipient's texts together.
func (b *Book) textAll(i *Incident, tick int64, bodies []string, reason string, except string) {
	for n, r := range i.Recipients {
		for _, body := range bodies {
			if r.Number != except {
				b.textTo(i, n, tick, body, reason, false)
			}
		}
	}
}

func (i *Incident) startCalls(rounds int) {
	if i.Kind.Class() == Trouble {
		return
	}
	i.Calling, i.CallRound, i.CallAt, i.CallEnd = true, 0, 0, rounds
}

// call returns the recipient to ring now, -1 when the rounds are over.
func (i *Incident) call() int {
	for i.CallRound < i.CallEnd {
		for ; i.CallAt < len(i.Recipients); i.CallAt++ {
			if !i.Recipients[i.CallAt].NoCall {
				return i.CallAt
			}
		}
		i.CallRound, i.CallAt = i.CallRound+1, 0
	}
	return -1
}

// planCalls keeps one call queued for each incident that is calling.
func (b *Book) planCalls(tick int64) {
	for n := range b.Incidents {
		i := &b.Incidents[n]
		if !i.Calling || b.calling(i.ID) {
			continue
		}
		at := i.call()
		if at < 0 {
			b.stopCalls(i)
			continue
		}
		r := i.Recipients[at]
		b.Queue(tick, Job{Call: true, Rank: i.rank(), To: r.Number, Name: r.Name, Incident: i.ID, Reason: "call until somebody acknowledges"})
	}
}

func (b *Book) calling(id uint64) bool {
	return slices.ContainsFunc(b.Jobs, func(j Job) bool { return j.Call && j.Incident == id })
}

func (b *Book) stopCalls(i *Incident) {
	i.Calling, i.CallRound, i.CallAt, i.CallEnd = false, 0, 0, 0
	b.drop(func(j Job) bool { return j.Call && j.Incident == i.ID })
}

// next is the tick of an incident's next step, 0 for none.
func (i Incident) next() int64 {
	if !i.Open() {
		return i.Closed + keepClosed
	}
	if i.Kind == Test {
		return i.nextOfDrill()
	}
	at := i.ClosesAt
	if i.Begun == 0 {
		return min(at, i.HoldUntil)
	}
	if i.TakenAt == 0 && !i.Ended {
		at = min(at, i.nextRepeat())
	}
	if i.TakenAt != 0 && !i.Yes && i.Kind.Class() == Life {
		if i.Asked == 0 {
			at = min(at, i.TakenAt+askAfter)
		} else {
			at = min(at, i.Asked+answerWithin)
		}
	}
	if i.news() {
		at = min(at, i.AgainAt+againEvery)
	}
	return at
}

func (i Incident) nextRepeat() int64 {
	s := i.schedule()
	if i.Repeats < len(s) {
		return i.Begun + s[i.Repeats].after
	}
	return i.Begun + s[len(s)-1].after + endAfter
}

// Advance does what is due by tick, and keeps the calls coming.
func (b *Book) Advance(tick int64) []Note {
	var notes []Note
	for n := range b.Incidents {
		for i := &b.Incidents[n]; i.next() <= tick && i.Open(); {
			notes = append(notes, b.due(i, tick)...)
		}
	}
	b.Incidents = slices.DeleteFunc(b.Incidents, func(i Incident) bool { return !i.Open() && i.Closed+keepClosed <= tick })
	b.expire(tick)
	b.tellRefused(tick)
	b.planCalls(tick)
	b.drillOver(tick)
	return notes
}

// due takes the one step of an incident that is due.
func (b *Book) due(i *Incident, tick int64) []Note {
	switch {
	case i.Kind == Test:
		b.drillDue(i, tick)
		return nil
	case tick >= i.ClosesAt && i.untold() && tick < i.Opened+neverLater:
		i.ClosesAt = tick + hour // who has had no text must not learn of it by its end
	case tick >= i.ClosesAt:
		b.textAll(i, tick, i.say("closed.day"), reasonClosed, "")
		b.close(i, tick)
		return []Note{{i.ID, i.Kind, "closed after 24 hours"}}
	case i.Begun == 0:
		b.begin(i, tick)
		return []Note{{i.ID, i.Kind, "notification begins"}}
	case i.TakenAt != 0 && !i.Yes && i.Asked == 0 && i.Kind.Class() == Life && tick >= i.TakenAt+askAfter:
		return b.ask(i, tick)
	case i.TakenAt != 0 && !i.Yes && i.Asked != 0 && tick >= i.Asked+answerWithin:
		return b.resume(i, tick)
	case i.news() && tick >= i.AgainAt+againEvery:
		b.tellAgain(i, tick)
		return nil
	}
	return b.repeat(i, tick)
}

func (b *Book) repeat(i *Incident, tick int64) []Note {
	s := i.schedule()
	if i.Repeats >= len(s) {
		i.Ended = true
		b.textAll(i, tick, i.say("nobody"), "end of the plan", "")
		return []Note{{i.ID, i.Kind, "nobody answered"}}
	}
	step := s[i.Repeats]
	i.Repeats++
	for i.Repeats < len(s) && i.Begun+s[i.Repeats].after <= tick { // the panel was off: what was missed is not made up for in a heap
		step, i.Repeats = s[i.Repeats], i.Repeats+1
	}
	b.drop(func(j Job) bool { return !j.Call && j.Incident == i.ID && j.Reason == reasonAgain })
	for n, r := range i.Recipients {
		i.Recipients[n].GivenUp = false
		for _, body := range i.AlarmTexts() {
			if b.waits(i.ID, r.Number, body) {
				b.NextJob++ // what waits hangs on the line; numbers do not
				continue
			}
			b.textTo(i, n, tick, body, "unacknowledged", false)
		}
	}
	if len(i.Again)+len(i.Moves) > 0 {
		b.tellAgain(i, tick)
	}
	if step.calls {
		i.startCalls(1)
	}
	return []Note{{i.ID, i.Kind, "told again, nobody has acknowledged"}}
}

// waits tells whether the same text waits already; it is not sent twice.
func (b *Book) waits(incident uint64, number, body string) bool {
	return slices.ContainsFunc(b.Jobs, func(j Job) bool {
		return !j.Call && j.Incident == incident && j.To == number && j.Body == body
	})
}

func (b *Book) ask(i *Incident, tick int64) []Note {
	i.Asked = tick
	n := slices.IndexFunc(i.Recipients, func(r Recipient) bool { return r.Name == i.TakenBy })
	if n >= 0 {
		b.textTo(i, n, tick, i.one("ask.police", "token", i.Token), "police called?", false)
	}
	return nil
}

func (b *Book) resume(i *Incident, tick int64) []Note {
	by := i.TakenBy
	i.TakenBy, i.TakenAt, i.Asked = "", 0, 0
	for s := i.schedule(); i.Repeats < len(s) && i.Begun+s[i.Repeats].after <= tick; {
		i.Repeats++
	}
	i.startCalls(i.CallRounds)
	return []Note{{i.ID, i.Kind, by + " did not answer whether police were called; calling again"}}
}

// Next is the tick of the book's next deadline after tick, 0 for none.
func (b *Book) Next(tick int64) int64 {
	next := int64(0)
	for _, i := range b.Incidents {
		next = earlier(next, i.next())
	}
	for _, j := range b.Jobs {
		if !j.Handed {
			next = earlier(next, b.expiry(j))
			if j.NotBefore > tick {
				next = earlier(next, j.NotBefore)
			}
			if at := j.refusedOn(); at > tick {
				next = earlier(next, at)
			}
		}
	}
	return next
}

// earlier is the smaller of two deadlines where 0 means none.
func earlier(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}
