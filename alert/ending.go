package alert

import "slices"

// SendNow ends an abort window before its time (crash and smash).
func (b *Book) SendNow(i *Incident, tick int64) {
	if i.Begun == 0 && i.Open() {
		i.HoldUntil = 0
		b.begin(i, tick)
	}
}

func (b *Book) close(i *Incident, tick int64) {
	i.Closed, i.RevealAt = tick, tick+revealAfter
	b.stopCalls(i)
	b.drop(func(j Job) bool {
		return j.Incident == i.ID && j.Reason != reasonClosed
	})
}

// Cancel ends an incident by a disarm: nothing more of it goes out, but for the
// first texts to phones in the house once they had begun. Whether those went out
// in the seconds before hangs on a line that what is sealed shares, and nobody
// there may see which. It returns the numbers that were, may have been, or so
// will be told, in order.
func (b *Book) Cancel(i *Incident, tick int64) []string {
	told := b.told(i)
	inHouse := func(r Recipient) bool { return i.Begun != 0 && r.InHouse }
	stays := func(j Job) bool {
		n := i.recipient(j.To)
		return j.First && n >= 0 && inHouse(i.Recipients[n])
	}
	b.stopCalls(i)
	b.drop(func(j Job) bool { return j.Incident == i.ID && !stays(j) })
	for n := range b.Jobs {
		if j := &b.Jobs[n]; j.Incident == i.ID && stays(*j) {
			j.Rank = RankPlace
		}
	}
	i.Closed, i.RevealAt = tick, tick
	var out []string
	for _, r := range i.Recipients {
		if inHouse(r) || slices.Contains(told, r.Number) {
			out = append(out, r.Number)
		}
	}
	return out
}

// Settle ends an incident's repeats and calls; what was not told yet still is.
func (b *Book) Settle(i *Incident) []string {
	told := b.told(i)
	b.stopCalls(i)
	b.drop(func(j Job) bool { return j.Incident == i.ID && !j.First })
	i.Ended = true
	return told
}

// told counts a text that is on its way as told.
func (b *Book) told(i *Incident) []string {
	var out []string
	for _, r := range i.Recipients {
		onItsWay := slices.ContainsFunc(b.Jobs, func(j Job) bool { return j.Handed && j.Incident == i.ID && j.To == r.Number })
		if r.Told || r.Maybe || onItsWay {
			out = append(out, r.Number)
		}
	}
	return out
}

// ToldOfBurglary lists the numbers told of a burglary that is running now.
func (b *Book) ToldOfBurglary() []string {
	var out []string
	for n := range b.Incidents {
		if i := &b.Incidents[n]; i.Kind == Burglary && i.Open() {
			out = append(out, b.told(i)...)
		}
	}
	return out
}
