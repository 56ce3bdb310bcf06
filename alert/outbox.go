package alert

import "slices"

// Rank orders the line. Lower goes first.
type Rank int

// The order of section 7: replies, then what an ordinary run sends to phones
// that may be at the place, then life, alarm, trouble, report.
const (
	RankReply Rank = iota
	RankPlace
	RankLife
	RankAlarm
	RankTrouble
	RankReport
)

// Validities and limits, in ms.
const (
	ReplyValidity = 15 * 60_000
	AlarmValidity = 4 * 3600_000
	noReportFor   = 120_000                   // “undelivered after 2 minutes”
	failsUntil    = AlarmValidity + 15*60_000 // the service centre says that it has given up
	maxSent       = 200                       // texts that wait for a report
	reporterFor   = 30 * 86400_000            // a number that gave a report within 30 days
	maxUnknown    = 3                         // sends of one text whose fate stayed unknown
	maxQueued     = 400                       // jobs in one outbox; beyond it the lowest rank is dropped
)

// backOff is the wait after the n-th transient refusal; the last one repeats.
var backOff = []int64{2_000, 5_000, 10_000, 30_000}

// placeBackOff follows where a reply or a text to the place was refused more often
// than that. Each of its tries ends a call, which must be heard out between two.
const placeBackOff = 60_000

// backsOff puts a job that was refused at tick off to its next try, and returns the wait.
func (j *Job) backsOff(tick int64) (wait int64) {
	wait = backOff[min(j.Tries, len(backOff)-1)]
	if !j.Call && j.Rank <= RankPlace && j.Tries >= len(backOff) {
		wait = placeBackOff
	}
	j.Tries++
	j.NotBefore = tick + wait
	return wait
}

// unknownBackOff is the wait after the n-th unknown fate of an incident's first
// text; the last one repeats.
var unknownBackOff = []int64{0, 0, 30_000, 5 * 60_000, 15 * 60_000}

// Job is one text or one call, from its decision to its outcome.
type Job struct {
	ID       uint64 `json:"id"`
	Call     bool   `json:"call,omitempty"`
	Rank     Rank   `json:"rank"`
	To       string `json:"to"`
	Name     string `json:"name,omitempty"`
	Body     string `json:"body,omitempty"`
	Incident uint64 `json:"incident,omitempty"`
	Reason   string `json:"reason"`           // why it is sent, in words
	First    bool   `json:"first,omitempty"`  // an incident's first text to this recipient
	Behind   uint64 `json:"behind,omitempty"` // waits until the command of that number is dealt with
	Stands   Rank   `json:"stands,omitempty"` // it stands in for a text of that rank that was dropped
	Calms    bool   `json:"calms,omitempty"`  // no drill's, but who is told of something sealed gets words of that in its place too

	Queued    int64 `json:"queued"`
	NotBefore int64 `json:"not_before,omitempty"`
	Expires   int64 `json:"expires"`
	Tries     int   `json:"tries,omitempty"`    // transient refusals
	Failed    int64 `json:"failed,omitempty"`   // the first time that it did not go
	Refused   bool  `json:"refused,omitempty"`  // the last time, by a network that was there
	Unknowns  int   `json:"unknowns,omitempty"` // sends whose fate is unknown
	Handed    bool  `json:"handed,omitempty"`
	Again     bool  `json:"again,omitempty"` // the second send after no delivery report
	Kept      bool  `json:"kept,omitempty"`  // NotBefore is the end of a call
}

// repeats tells whether the text may be sent twice rather than not at all.
func (j Job) repeats() bool {
	return j.Rank == RankLife || j.Rank == RankAlarm
}

// Sent remembers a text that the network took, until its delivery report.
type Sent struct {
	Ref      int    `json:"ref"`
	To       string `json:"to"`
	At       int64  `json:"at"`
	Wall     int64  `json:"wall,omitempty"` // unix ms at the sending, 0 while the clock is not sure
	Incident uint64 `json:"incident,omitempty"`
	Body     string `json:"body,omitempty"` // kept for one repeat, as long as that makes sense
	Again    bool   `json:"again,omitempty"`
	Late     bool   `json:"late,omitempty"`   // no report came in time; one of failure still may
	Sealed   bool   `json:"sealed,omitempty"` // of which book
}

// Reporter is a number that is known to give delivery reports.
type Reporter struct {
	Number string `json:"number"`
	At     int64  `json:"at"`
}

// Book is all that is open: incidents and the outbox.
type Book struct {
	Incidents    []Incident `json:"incidents"`
	Jobs         []Job      `json:"jobs"`
	Reporters    []Reporter `json:"reporters"`
	NextIncident uint64     `json:"next_incident"`
	NextJob      uint64     `json:"next_job"`
	Seed         uint64     `json:"seed"`
	Sealed       bool       `json:"sealed,omitempty"`
	PlaceUntil   int64      `json:"place_until,omitempty"` // when the replies and the place's texts queued so far should have gone
}

// Clone copies the book so that it shares nothing with the old one.
func (b Book) Clone() Book {
	incidents := make([]Incident, len(b.Incidents))
	for n, i := range b.Incidents {
		incidents[n] = i.clone()
	}
	b.Incidents = incidents
	b.Jobs = slices.Clone(b.Jobs)
	b.Reporters = slices.Clone(b.Reporters)
	return b
}

// Queue puts a job at the end of the outbox and returns its number.
func (b *Book) Queue(tick int64, j Job) uint64 {
	j.ID, j.Queued = b.number(j), tick
	b.settleDrill(&j, tick)
	if j.Rank <= RankPlace {
		b.PlaceUntil = max(b.PlaceUntil, tick) + placeTakes
	}
	if j.Expires == 0 {
		j.Expires = tick + AlarmValidity
	}
	if len(b.Jobs) >= maxQueued {
		b.dropLowest()
	}
	b.Jobs = append(b.Jobs, j)
	return j.ID
}

const callJobs = 1 << 40

// number is the next for a text. An incident has one call queued at a time, and
// that takes none: how many calls there were hangs on the line, which what is
// sealed shares.
func (b *Book) number(j Job) uint64 {
	if j.Call {
		return callJobs + j.Incident
	}
	b.NextJob++
	return b.NextJob
}

// dropLowest keeps a flood from growing the outbox without end. Life and alarm
// stay; of replies the oldest go, since who floods reads none of them.
func (b *Book) dropLowest() {
	worst := -1
	for n, j := range b.Jobs {
		if !j.Handed && (worst < 0 || dispensable(j) > dispensable(b.Jobs[worst])) {
			worst = n
		}
	}
	if worst >= 0 {
		b.Jobs = slices.Delete(b.Jobs, worst, worst+1)
	}
}

func dispensable(j Job) int {
	return map[Rank]int{RankLife: 0, RankAlarm: 1, RankPlace: 2, RankReply: 3, RankTrouble: 4, RankReport: 5}[j.Rank]
}

// Release lets go what waited behind a command.
func (b *Book) Release(behind uint64) {
	for n := range b.Jobs {
		if b.Jobs[n].Behind == behind {
			b.Jobs[n].Behind = 0
		}
	}
}

// Replace takes back what waited behind a command. What an incident has to say
// to the same phones stands in for it, so that all else keeps its turn.
func (b *Book) Replace(behind, incident uint64) {
	for _, old := range slices.Clone(b.Jobs) {
		if old.Behind != behind {
			continue
		}
		n := slices.IndexFunc(b.Jobs, func(j Job) bool { return !j.Call && j.Incident == incident && j.To == old.To && j.Stands == 0 })
		if n >= 0 {
			b.Jobs[n].Stands = old.Rank
		}
	}
	b.drop(func(j Job) bool { return j.Behind == behind })
}

// Withdraw takes back what an earlier command had to say to an incident's
// recipients: after a DURESS a CANCEL would be taken for an all-clear.
func (b *Book) Withdraw(i *Incident) {
	b.drop(func(j Job) bool { return j.Incident == 0 && j.Rank != RankReply && i.Includes(j.To) })
}

// Withhold takes back what waits behind a command for an incident's recipients,
// and says whether there was any.
func (b *Book) Withhold(behind uint64, i *Incident) bool {
	n := len(b.Jobs)
	b.drop(func(j Job) bool { return j.Behind == behind && i.Includes(j.To) })
	return len(b.Jobs) < n
}

// Waiting tells whether a reply or a text to the place is queued or on its way.
func (b *Book) Waiting() bool {
	return slices.ContainsFunc(b.Jobs, func(j Job) bool { return j.Rank <= RankPlace })
}

// Incident returns the incident of that number, nil when there is none.
func (b *Book) Incident(id uint64) *Incident {
	for n := range b.Incidents {
		if b.Incidents[n].ID == id {
			return &b.Incidents[n]
		}
	}
	return nil
}

func (b *Book) job(id uint64) *Job {
	for n := range b.Jobs {
		if b.Jobs[n].ID == id {
			return &b.Jobs[n]
		}
	}
	return nil
}

func (b *Book) remove(id uint64) {
	b.Jobs = slices.DeleteFunc(b.Jobs, func(j Job) bool { return j.ID == id })
}

// drop takes queued jobs out of the outbox; what was handed over is not recalled.
func (b *Book) drop(which func(Job) bool) {
	b.Jobs = slices.DeleteFunc(b.Jobs, func(j Job) bool { return !j.Handed && which(j) })
}
