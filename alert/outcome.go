package alert

import (
	"slices"
	"strings"
)

// Result is what became of a job.
type Result string

// The outcomes of a text or a call.
const (
	SentOK       Result = "sent"      // the network took the text
	Transient    Result = "transient" // refused for now
	Permanent    Result = "permanent" // refused for good
	Busy         Result = "busy"
	Rejected     Result = "rejected"
	NoAnswer     Result = "no answer"
	Answered     Result = "answered" // by somebody or something that pressed no 1
	Acknowledged Result = "acknowledged"
	Broken       Result = "broken off" // by the panel, for something that goes first
	Unknown      Result = "unknown"    // the line was lost before the answer came
)

// Outcome is a result with the reference that a delivery report will carry.
type Outcome struct {
	Result Result `json:"result"`
	Ref    int    `json:"ref,omitempty"` // TP-MR, 0..255
	// Refused: Transient, and the network was there to say no.
	Refused bool `json:"refused,omitempty"`
}

// Done records what became of a job that was handed over.
func (b *Book) Done(id uint64, o Outcome, tick int64) []Note {
	j := b.job(id)
	if j == nil || !j.Handed {
		return nil
	}
	j.Handed = false
	if j.Call {
		return b.callDone(*j, o, tick)
	}
	return b.textDone(j, o, tick)
}

func (b *Book) textDone(j *Job, o Outcome, tick int64) []Note {
	i := b.Incident(j.Incident)
	if o.Result != SentOK && j.Failed == 0 {
		j.Failed = tick
	}
	j.Refused = o.Refused
	switch o.Result {
	case SentOK:
		i.markTold(j.To)
		if j.First {
			i.score(j.To, func(s *Score) { s.Texted = tick })
		}
		if j.First && j.Tries+j.Unknowns > 0 && i != nil && i.Open() && i.Ended && i.TakenAt == 0 {
			i.startCalls(1) // the plan was over before it could be carried out
		}
		b.remove(j.ID)
	case Transient:
		if !i.wants(*j) {
			b.remove(j.ID) // it is over; nobody hears of it now
			break
		}
		wait := j.backsOff(tick)
		if j.Rank <= RankPlace && !j.First { // what Cancel let stay may have failed before it
			b.PlaceUntil += wait + placeTakes
		}
	case Permanent:
		return b.giveUp(*j, i, tick)
	default:
		j.Unknowns++
		i.mark(j.To, func(r *Recipient) { r.Maybe = true }) // it hears of the end too
		if j.First && i != nil && i.wants(*j) {             // nobody is left untold because the line breaks at each try
			j.NotBefore = tick + unknownBackOff[min(j.Unknowns, len(unknownBackOff))-1]
			return nil
		}
		i.markTold(j.To)
		if !j.repeats() || j.Unknowns >= maxUnknown || !i.wants(*j) {
			b.remove(j.ID)
		}
	}
	return nil
}

// wants tells whether a text that failed is tried again: while its incident is open,
// or it has none; where it tells of the closing; and where Cancel has let it stay,
// whether it failed before the disarm or was on its way then.
func (i *Incident) wants(j Job) bool {
	return i == nil || i.Open() || j.Reason == reasonClosed || j.First && j.Rank == RankPlace
}

// mark notes something of the recipient with that number. Neither need be there:
// a text may belong to no incident.
func (i *Incident) mark(number string, note func(*Recipient)) {
	if i == nil {
		return
	}
	if n := i.recipient(number); n >= 0 {
		note(&i.Recipients[n])
	}
}

func (i *Incident) markTold(number string) { i.mark(number, func(r *Recipient) { r.Told = true }) }

// giveUp ends the texts to a number that the network refuses for good, and lets
// the others know. Calls are still tried: a barred text says nothing of them.
func (b *Book) giveUp(j Job, i *Incident, tick int64) []Note {
	b.remove(j.ID)
	if i == nil || !i.Open() {
		return nil
	}
	n := i.recipient(j.To)
	if n < 0 || i.Recipients[n].GivenUp {
		return nil
	}
	i.Recipients[n].GivenUp = true
	b.drop(func(k Job) bool { return !k.Call && k.Incident == i.ID && k.To == j.To })
	if !b.unreached(i, n, tick) {
		return nil
	}
	return i.note(j.Name + " could not be reached by text")
}

// stillRefused is how long the network may refuse an alarm to one number, in ms,
// until the others are told. It is tried on: that may pass.
const stillRefused = 120_000

// refusedOn is when the others are told of a text that is refused all the time, 0 for
// never. That counts from when it was due: when it was tried hangs on the line, which
// what is sealed shares.
func (j Job) refusedOn() int64 {
	if j.Call || !j.Refused || !j.repeats() {
		return 0
	}
	return j.Queued + stillRefused
}

// tellRefused tells the others who is refused all the time, where somebody gets texts:
// what nobody gets says nothing of a number.
func (b *Book) tellRefused(tick int64) {
	for _, j := range slices.Clone(b.Jobs) {
		at := j.refusedOn()
		i := b.Incident(j.Incident)
		if at == 0 || at > tick || i == nil || i.Kind == Test || !i.Open() || i.TakenAt != 0 {
			continue
		}
		n := i.recipient(j.To)
		others := slices.ContainsFunc(i.Recipients, func(r Recipient) bool { return r.Told && r.Number != j.To })
		if n >= 0 && others && !i.Recipients[n].Told {
			b.unreached(i, n, tick)
		}
	}
}

// unreached tells the others, once, who gets no text. It returns false where they
// know.
func (b *Book) unreached(i *Incident, n int, tick int64) bool {
	r := i.Recipients[n]
	if r.Unreached {
		return false
	}
	i.Recipients[n].Unreached = true
	b.textAll(i, tick, i.say("unreached", "by", r.Name), "a contact could not be reached", r.Number)
	return true
}

func (b *Book) callDone(j Job, o Outcome, tick int64) []Note {
	i := b.Incident(j.Incident)
	if i == nil {
		b.remove(j.ID)
		return nil
	}
	again := o.Result == Broken || o.Result == Unknown || o.Result == Transient
	if again && i.Calling && b.redial(j.ID, o.Result, tick) {
		return nil
	}
	b.remove(j.ID)
	if o.Result == Answered {
		i.markTold(j.To)
	}
	i.score(j.To, func(s *Score) { s.Call = o.Result })
	if i.Calling {
		i.CallAt++
		if again && i.CallEnd < 4*max(1, i.CallRounds) {
			i.CallEnd++
		}
	}
	b.planCalls(tick)
	if again || !b.Sealed {
		// When a call came and went hangs on the line, which what is sealed shares:
		// in the open journal it would show.
		return nil
	}
	return []Note{{i.ID, i.Kind, "call to " + j.Name + ": " + string(o.Result)}}
}

// redial tells whether a call that was broken off, or never began, is dialled
// again at once. After a few times the others have their turn, and the round is
// made up for.
func (b *Book) redial(id uint64, r Result, tick int64) bool {
	j := b.job(id)
	if r == Transient {
		j.backsOff(tick)
	}
	j.Unknowns++
	return j.Unknowns < maxBroken
}

// maxBroken keeps a modem that dies at each call of one number from holding up
// the calls to the others.
const maxBroken = 4

// Retry lets what waits after a refusal go at once: the network is back. What a drill
// has to say waits its pause anew, so that it takes the same time if something else
// is sent again before it.
func (b *Book) Retry(tick int64) {
	for n := range b.Jobs {
		b.Jobs[n].NotBefore = min(b.Jobs[n].NotBefore, tick)
		b.settleDrill(&b.Jobs[n], tick)
	}
}

// LineLost turns the job that was handed over into one of unknown outcome, once.
func (b *Book) LineLost(tick int64) {
	for _, id := range b.handed() {
		b.Done(id, Outcome{Result: Unknown}, tick)
	}
}

func (b *Book) handed() []uint64 {
	var out []uint64
	for _, j := range b.Jobs {
		if j.Handed {
			out = append(out, j.ID)
		}
	}
	return out
}

// Delivery is a status report (3GPP TS 23.040 9.2.2.3).
type Delivery struct {
	Ref       int
	To        string // E.164
	Delivered bool
	Failed    bool  // for good; neither: still trying
	Stamp     int64 // service-centre time stamp, unix ms as if its offset were right; 0 unknown
}

// Delivered joins a status report to its text. It returns the time of sending
// that the report belongs to (unix ms, 0 when none), so that the operator's
// constant offset can be learnt.
func (l *Line) Delivered(k Books, d Delivery, tick int64) (sentWall int64, found bool) {
	n := l.sent(d)
	if n < 0 {
		l.keepEarly(k, d)
		return 0, false
	}
	s := l.Sent[n]
	if d.Delivered || d.Failed {
		l.Sent = slices.Delete(l.Sent, n, n+1)
	}
	if d.Delivered {
		k.of(s.Sealed).reports(d.To, tick)
		k.of(s.Sealed).Incident(s.Incident).mark(d.To, func(r *Recipient) { r.Reached = true })
		k.of(s.Sealed).Incident(s.Incident).delivered(d.To, tick)
	}
	if d.Failed {
		k.of(s.Sealed).undelivered(s, tick)
	}
	if s.Sealed {
		return 0, true // what is learnt from it would show
	}
	return s.Wall, true
}

// keepEarly keeps a report that comes while a text to its number is being sent: it may
// be of that, and the modem's answer still on its way.
func (l *Line) keepEarly(k Books, d Delivery) {
	j := k.of(l.Sealed).job(l.Job)
	if l.Busy && !l.Call && j != nil && j.To == d.To && len(l.Early) < maxEarly {
		l.Early = append(slices.Clone(l.Early), d)
	}
}

// maxEarly is more than one text's reports.
const maxEarly = 8

// sent finds the text that a report is of: the last one, since references begin
// again after 256.
func (l *Line) sent(d Delivery) int {
	for n := len(l.Sent) - 1; n >= 0; n-- {
		if s := l.Sent[n]; s.Ref == d.Ref && s.To == d.To {
			return n
		}
	}
	return -1
}

// reports notes that a number gives delivery reports, and only on what day: the
// time of one hangs on when its text went, and so on what went before it.
func (b *Book) reports(number string, tick int64) {
	b.Reporters = slices.DeleteFunc(b.Reporters, func(r Reporter) bool { return r.Number == number || r.At+reporterFor <= tick })
	b.Reporters = append(b.Reporters, Reporter{number, tick - tick%(24*hour)})
	slices.SortFunc(b.Reporters, func(a, c Reporter) int { return strings.Compare(a.Number, c.Number) })
}

func (b *Book) isReporter(number string, tick int64) bool {
	return slices.ContainsFunc(b.Reporters, func(r Reporter) bool { return r.Number == number && r.At+reporterFor > tick })
}

// undelivered sends an alarm once more; the second time, or when the service
// centre gives up much later, the others are told.
func (b *Book) undelivered(s Sent, tick int64) {
	i := b.Incident(s.Incident)
	if i == nil || !i.Open() || i.TakenAt != 0 {
		return
	}
	n := i.recipient(s.To)
	if n < 0 || i.Recipients[n].Unreached {
		return
	}
	if !s.Again && s.Body != "" {
		b.Queue(tick, Job{Rank: i.rank(), To: s.To, Name: i.Recipients[n].Name, Body: s.Body, Incident: i.ID, Reason: "no delivery report", Again: true})
		return
	}
	if !i.Recipients[n].Reached { // who has had one text knows
		b.unreached(i, n, tick)
	}
}

// expire forgets jobs past their validity.
func (b *Book) expire(tick int64) {
	b.drop(func(j Job) bool { return b.expiry(j) != 0 && b.expiry(j) <= tick })
}

// expiry is when a job is given up, 0 for never: the first text of an incident
// waits for the network as long as the incident is open.
func (b *Book) expiry(j Job) int64 {
	if i := b.Incident(j.Incident); j.First && i != nil && i.Open() {
		return 0
	}
	return j.Expires
}

// next is when a text that waits for its report is looked at.
func (s Sent) next() int64 {
	if s.Late {
		return s.At + failsUntil
	}
	return s.At + noReportFor
}

// unreported looks at texts that got no report in time; where the number is known
// to give reports, that says something. They wait on for a report of failure,
// which comes when their validity ends.
func (l *Line) unreported(k Books, tick int64) {
	l.Sent = slices.DeleteFunc(l.Sent, func(s Sent) bool { return s.At+failsUntil <= tick })
	for n, s := range l.Sent {
		if s.Late || s.next() > tick {
			continue
		}
		l.Sent[n].Late, l.Sent[n].Body, l.Sent[n].Wall = true, "", 0
		if k.gives(s, tick) {
			k.of(s.Sealed).undelivered(s, tick)
		}
	}
}

// gives tells whether a number is known to give delivery reports. What is sealed
// knows what everybody may know, and not the other way round.
func (k Books) gives(s Sent, tick int64) bool {
	return k.of(s.Sealed).isReporter(s.To, tick) || s.Sealed && k.Open.isReporter(s.To, tick)
}
