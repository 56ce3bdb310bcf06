package alert

import "slices"

// candidate is a job that could have the line now.
type candidate struct {
	job    *Job
	sealed bool
}

// turn is a job's place in the order of section 7: by rank, but all texts of a
// danger or an alarm go before all calls. A burglary's that waited for three rounds
// of a panic's would come minutes late, and when would hang on whom a sealed plan
// has rung between them.
func (j Job) turn() int {
	switch {
	case j.Call:
		return int(RankAlarm + 1 + j.Rank)
	case j.Rank <= RankAlarm:
		return int(j.Rank)
	}
	return int(2*RankReport + j.Rank)
}

// before says which of two jobs goes first: by turn, in the order they were
// queued; what is open before what is sealed.
func (a candidate) before(b candidate) bool {
	switch {
	case a.job.turn() != b.job.turn():
		return a.job.turn() < b.job.turn()
	case a.sealed != b.sealed:
		return !a.sealed
	}
	return a.job.ID < b.job.ID
}

func (l *Line) best(k Books, tick int64) (candidate, bool) {
	var best candidate
	hold := k.hold(tick)
	consider := func(c candidate) {
		if (hold.lets(k, c) || l.besideDrill(c, tick)) && (best.job == nil || l.precedes(c, best)) {
			best = c
		}
	}
	for n := range k.Open.Jobs {
		if j := &k.Open.Jobs[n]; j.ready(tick) {
			consider(candidate{j, false})
		}
	}
	for n := range k.Sealed.Jobs {
		if j := &k.Sealed.Jobs[n]; j.ready(tick) && (!k.placeWaits(j, tick) || !j.Call && l.starved(j)) {
			consider(candidate{j, true})
		}
	}
	return best, best.job != nil
}

// eligible tells whether number is told of a sealed incident that is open; true
// while none is.
func (k Books) eligible(number string) bool {
	none := true
	for _, i := range k.Sealed.Incidents {
		if i.Open() && i.Includes(number) {
			return true
		}
		none = none && !i.Open()
	}
	return none
}

// ofPlace tells whether a sealed job is what a later command sends to a phone that
// would be told of its duress, but is not told of the one that is open. It goes as
// it would if nothing were sealed, and what is sealed waits for it.
func (k Books) ofPlace(j *Job) bool { return j.Incident == 0 && !k.eligible(j.To) }

// precedes is before, but for one life text that goes after each reply.
func (l *Line) precedes(a, b candidate) bool {
	if l.PlacedAt != 0 {
		la, lb := l.waited(a.job), l.waited(b.job)
		if la != lb {
			return la
		}
	}
	return a.before(b)
}

// waited tells whether a life text waited when the last reply was handed over.
func (l *Line) waited(j *Job) bool {
	return j.Rank == RankLife && !j.Call && (j.Queued <= l.RepliedAt || l.starved(j))
}

// starved tells whether a life text has waited so long that it goes between any
// two texts to the place.
func (l *Line) starved(j *Job) bool {
	return l.PlacedAt != 0 && l.PlacedAt-j.Queued >= starvedAfter
}

func (j Job) ready(tick int64) bool {
	return !j.Handed && j.Behind == 0 && j.NotBefore <= tick && (j.Expires > tick || j.First)
}

// placeWaits tells whether a sealed job must still wait for a text to a phone
// that is not eligible, so that the place gets what it would get anyway, when it
// would. A failed send holds it up 20 s at most, and a reply to a later command
// has its own order: one life text goes between two.
func (k Books) placeWaits(sealed *Job, tick int64) bool {
	if !sealed.Call && tick-sealed.Queued >= starvedAfter {
		return false // what the place waits for may itself wait, behind the calls of a fire
	}
	i := k.Sealed.Incident(sealed.Incident)
	for _, j := range k.Open.Jobs {
		place := !j.Call && !j.waitsForCall(tick) && (j.Rank <= RankPlace || i != nil && !i.Includes(j.To))
		if place && j.holdsUp(sealed, tick) {
			return true
		}
	}
	return i != nil && slices.ContainsFunc(k.Sealed.Jobs, func(j Job) bool {
		return j.Behind == 0 && k.ofPlace(&j) && j.holdsUp(sealed, tick)
	})
}

func (j Job) holdsUp(sealed *Job, tick int64) bool {
	switch {
	case j.Failed != 0:
		return tick-max(j.Failed, sealed.Queued) < sealedWaits || sealed.Call && j.Tries <= len(backOff) && j.ready(tick) // a call then ends for the next try
	case j.Rank == RankReply:
		return j.Queued <= sealed.Queued
	case sealed.Stands != 0:
		return j.Rank <= sealed.Stands
	}
	return true
}
