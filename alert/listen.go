package alert

import "slices"

// After the digit 1 the call goes on for a moment: the digit 7 keeps it, with the
// microphone open. What the acknowledgement itself has to say waits until the
// call is over, for 5 minutes at most. A text during a call may end it, and who
// hears what goes on helps more than the news that somebody has taken it: the
// others know of the alarm, and without that news they do too much rather than
// too little. Whatever else must be said ends the call at once: a reply, a text
// to the place, life, the text of an alarm, and the first text to somebody who has
// had none.

// Times of an acknowledged call, in ms.
const (
	keepTime = toneLasts + 8_000 // for the digit 7 after the tone
	hearTime = 5 * minute
)

// Taken goes on with an acknowledged call. Where others are still to be called,
// and for a phone that may be in the house, there is nothing to keep it for.
func (l *Line) Taken(k Books, tick int64) {
	j := k.of(l.Sealed).job(l.Job)
	if !l.Busy || j == nil || l.HangUp != "" {
		return
	}
	i := k.of(l.Sealed).Incident(j.Incident)
	i.score(j.To, func(s *Score) { s.Call = Acknowledged })
	if i == nil || i.Calling || i.inHouse(j.To) {
		l.EndCall(Acknowledged, tick)
		return
	}
	l.Phase, l.Since = Taken, tick
	k.of(l.Sealed).keep(tick, tick+keepTime, i.ID)
	if i.Kind == Test { // and so counts for what is sealed
		k.Sealed.keep(tick, tick+keepTime, 0)
	}
	l.say(ToneTaken)
}

func (i Incident) inHouse(number string) bool {
	n := i.recipient(number)
	return n >= 0 && i.Recipients[n].InHouse
}

// Listen opens the microphone to the phone that has just acknowledged.
func (l *Line) Listen(k Books, tick int64) {
	if !l.Busy || l.Phase != Taken || l.HangUp != "" {
		return
	}
	l.Phase, l.Since, l.EndsAt = Hearing, tick, tick+hearTime
	k.Sealed.keepOn(tick + hearTime)
	if !l.Sealed && l.Left == 0 {
		k.Open.keepOn(tick + hearTime)
	}
}

func (b *Book) keepOn(until int64) {
	for n := range b.Jobs {
		if b.Jobs[n].Kept {
			b.Jobs[n].NotBefore = until
		}
	}
}

// letGo sends what waited for the end of a call of one book. What waits in the open
// one for a call that was cut short waits on, whoever listens meanwhile to what is
// sealed.
func (l *Line) letGo(k Books, sealed bool, tick int64) {
	k.Sealed.letGo(tick)
	if !sealed && l.Left == 0 {
		k.Open.letGo(tick)
	}
}

// taken tells whether the call in progress was acknowledged.
func (l Line) taken() bool { return l.Phase == Taken || l.Phase == Hearing }

// keep has the texts of an acknowledgement wait for the end of its call; incident 0
// is any.
func (b *Book) keep(tick, until int64, incident uint64) {
	for n := range b.Jobs {
		if j := &b.Jobs[n]; (j.Incident == incident || incident == 0) && !j.Call && !j.First && j.Queued == tick {
			j.Kept, j.NotBefore = true, until
		}
	}
}

// endedAt is when a call that is over now was ended: by the panel, which takes a
// moment, or at the other end.
func (l Line) endedAt(tick int64) int64 {
	if l.HangUp != "" {
		return l.Since
	}
	return tick
}

// letGo sends what waited for the end of a call, as if it were queued then: it has
// not been held up by others.
func (b *Book) letGo(tick int64) {
	for n := range b.Jobs {
		if j := &b.Jobs[n]; j.Kept {
			j.Kept, j.NotBefore, j.Queued = false, 0, tick
			b.settleDrill(j, tick)
		}
	}
}

// waitsForCall tells whether a text waits for the end of a call.
func (j Job) waitsForCall(tick int64) bool { return j.Kept && j.NotBefore > tick }

// takenYields tells whether an acknowledged call ends for a job. What is sealed
// ends one that anybody may know of only once it is known how long that would go
// on.
func (l *Line) takenYields(k Books, best candidate, call *Job, tick int64) bool {
	if best.sealed && !l.Sealed {
		l.Cut = l.Phase == Hearing && best.job.Rank <= RankLife && !k.callIsPlace(best.job, call, tick)
		return l.Cut
	}
	return best.endsTaken()
}

// endsTaken tells whether a job ends an acknowledged call.
func (c candidate) endsTaken() bool {
	return c.job.Rank <= RankLife || !c.job.Call && c.job.Rank == RankAlarm
}

// leave keeps up appearances of a call that was cut short for what is sealed: it
// stands in the open book, and its texts wait, until it would have ended.
func (l *Line) leave() { l.Left, l.LeftUntil, l.LeftSince = l.Job, l.EndsAt, l.TalkedAt }

// leftEnds ends that, by the time, or where something else would have ended the
// call by now.
func (l *Line) leftEnds(k Books, tick int64) {
	if l.Left == 0 {
		return
	}
	ends := tick >= l.LeftUntil || slices.ContainsFunc(k.Open.Jobs, func(j Job) bool {
		return j.ready(tick) && candidate{&j, false}.endsTaken()
	})
	if j := k.Open.job(l.Left); j != nil && !ends {
		i := k.Open.Incident(j.Incident)
		ends = i == nil || !i.Open()
	}
	if ends {
		l.Tally.Open.Minutes += minutes(l.LeftSince, tick)
		k.Open.Done(l.Left, Outcome{Result: Acknowledged}, tick)
		k.Open.letGo(tick)
		k.Open.resettleDrill(tick)
		l.Left, l.LeftUntil, l.LeftSince = 0, 0, 0
	}
}

// besideDrill tells whether what is sealed may go during a drill, because the other
// end of its call listens, or would.
func (l *Line) besideDrill(c candidate, tick int64) bool {
	listens := l.Busy && !l.Sealed && l.Phase == Hearing || l.Left != 0 && l.LeftUntil-tick >= drillRoom
	return listens && c.sealed && !c.job.Call && c.job.Rank == RankLife
}
