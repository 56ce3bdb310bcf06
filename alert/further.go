package alert

import (
	"slices"
	"strings"
)

// Further adds a command under duress, or something that moved, to an incident.
func (b *Book) Further(i *Incident, tick int64, command, move string) {
	if command != "" {
		i.Again = last(append(i.Again, command), 12)
	}
	if command != "" && i.Begun != 0 && (i.Ended || tick-i.Begun >= renewAfter) {
		b.Renew(i, tick)
		return
	}
	if move != "" {
		i.Moves = last(append(i.Moves, move), 12)
	}
	if i.AgainAt == 0 {
		i.AgainAt = i.Opened
	}
	i.Unsaid, i.Ordered = true, i.Ordered || command != ""
	if i.Begun != 0 && i.news() && tick >= i.AgainAt+againEvery {
		b.tellAgain(i, tick)
	}
}

// news tells whether there is something to tell between the repeats: a command
// always, what moved eight times in all.
func (i Incident) news() bool { return i.Unsaid && (i.Ordered || i.ToldAgain < againTimes) }

func (b *Book) tellAgain(i *Incident, tick int64) {
	if i.Unsaid && !i.Ordered {
		i.ToldAgain++
	}
	i.Unsaid, i.Ordered, i.AgainAt = false, false, tick
	b.textAll(i, tick, []string{i.againText()}, reasonAgain, "")
}

// Renew begins an incident's plan anew: texts and calls to all, whoever had it.
func (b *Book) Renew(i *Incident, tick int64) {
	b.stopCalls(i)
	b.drop(func(j Job) bool { return j.Incident == i.ID && !j.First })
	i.Named = nil
	i.TakenBy, i.TakenAt, i.Asked, i.Yes, i.Noted = "", 0, 0, false, nil
	i.Silenced = false
	i.Closers, i.CloseToken = nil, b.token() // who thought that it was over spoke of what was
	i.Ended, i.Repeats, i.ClosesAt = false, 0, tick+openFor
	for n := range i.Recipients {
		i.Recipients[n].GivenUp, i.Recipients[n].Unreached = false, false
	}
	b.begin(i, tick)
	if len(i.Again)+len(i.Moves) > 0 {
		b.tellAgain(i, tick)
	}
}

// Stale tells whether a new alarm should begin the plan anew rather than add to
// it: nobody is being told any more.
func (i Incident) Stale(tick int64) bool {
	return i.Begun != 0 && (i.Ended || tick-i.Begun >= renewAfter)
}

// Include tells those who have become eligible since the opening: who was told
// of a burglary meanwhile must not take its end for an all-clear.
func (b *Book) Include(i *Incident, tick int64, list []Recipient) {
	for _, r := range list {
		if i.Includes(r.Number) || !slices.Contains(i.Known, r.Number) {
			continue
		}
		i.Recipients = append(i.Recipients, r)
		for k, body := range i.AlarmTexts() {
			if i.Begun != 0 {
				b.textTo(i, len(i.Recipients)-1, tick, body, "first notification", k == 0)
			}
		}
		if i.TakenAt != 0 {
			b.textTo(i, len(i.Recipients)-1, tick, i.one("taken", "by", i.TakenBy), "somebody has taken it", false)
		}
	}
}

// Names tells whether an incident has told of those zones.
func (i Incident) Names(what string) bool {
	var told []string
	for _, names := range append([]string{i.What}, i.Named...) {
		told = append(told, strings.Split(names, ", ")...)
	}
	return !slices.ContainsFunc(strings.Split(what, ", "), func(name string) bool { return !slices.Contains(told, name) })
}

// Extend adds a zone to an open incident: a second text to those who get it.
func (b *Book) Extend(i *Incident, tick int64, what, clock string) {
	if i.Begun == 0 {
		i.What = Clip(i.What+", "+what, 80)
		return
	}
	i.Named = last(append(i.Named, what), 64)
	b.textAll(i, tick, []string{i.alsoText(what, clock)}, "a further zone", "")
}

// Pause moves an incident's plan, and its texts, by the time that the panel was
// off: what stopped the panel must not shorten it.
func (b *Book) Pause(off int64) {
	for n := range b.Incidents {
		i := &b.Incidents[n]
		if !i.Open() {
			continue
		}
		for _, at := range []*int64{&i.Begun, &i.TakenAt, &i.Asked, &i.AgainAt, &i.ClosesAt} {
			if *at != 0 {
				*at += off
			}
		}
	}
	for n := range b.Jobs {
		if j := &b.Jobs[n]; j.Incident != 0 {
			j.Queued, j.NotBefore, j.Expires = j.Queued+off, j.NotBefore+off, j.Expires+off
		}
	}
}
