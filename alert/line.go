package alert

import "slices"

// Line is the one telephone line and who owns it: idle, one job, or a call from
// outside. What it says is a level: the shell reads Order after each commit and
// brings the modem to it. It names sealed jobs, so it is stored where they are.
type Line struct {
	Up     bool   `json:"up,omitempty"`
	Epoch  uint64 `json:"epoch,omitempty"`
	Serial uint64 `json:"serial"` // +1 with each job that is handed over

	Busy   bool   `json:"busy,omitempty"`
	Sealed bool   `json:"sealed,omitempty"`
	Job    uint64 `json:"job,omitempty"`
	Call   bool   `json:"call,omitempty"`
	Phase  Phase  `json:"phase,omitempty"`
	Since  int64  `json:"since,omitempty"`   // of the phase
	HangUp Result `json:"hang_up,omitempty"` // why the call is being ended by us

	// FreeAt is when the line was last free of what is open, and Late how much later
	// than that, and than it was due, an open job got it: by what is sealed.
	FreeAt int64 `json:"free_at,omitempty"`
	Late   int64 `json:"late,omitempty"`

	// Heeds is until when what is sealed lets a text come in that the modem has
	// announced, so that its reply goes first; Heeded that it has done so once since
	// the last sealed job: who floods the panel must not silence that.
	Heeds  int64 `json:"heeds,omitempty"`
	Heeded bool  `json:"heeded,omitempty"`

	Instead uint64 `json:"instead,omitempty"` // the sealed incident whose words are sent in the place of a drill's

	Cut       bool   `json:"cut,omitempty"`  // an acknowledged call that what is sealed has ended
	Left      uint64 `json:"left,omitempty"` // one such call, in the open book, until it would have ended
	LeftUntil int64  `json:"left_until,omitempty"`
	LeftSince int64  `json:"left_since,omitempty"` // when it was answered
	Tone      Tone   `json:"tone,omitempty"`       // what the other end was last to hear
	Tones     uint64 `json:"tones,omitempty"`      // how many patterns of tones there were in this call

	In     bool   `json:"in,omitempty"`     // a call from outside
	Caller uint64 `json:"caller,omitempty"` // which, as the modem counts them
	From   string `json:"from,omitempty"`
	Began  int64  `json:"began,omitempty"`
	Wrong  int    `json:"wrong,omitempty"`   // codes in it
	EndsAt int64  `json:"ends_at,omitempty"` // 0: not yet known; of listening too

	// RepliedAt is when the last text was handed over, if that was a reply: one
	// life text that waited then may go next. 0 otherwise.
	RepliedAt int64 `json:"replied_at,omitempty"`
	// PlacedAt likewise, where it was anything that goes before life. Only a life
	// text that has waited for long goes next: who floods the panel must not
	// silence it.
	PlacedAt int64 `json:"placed_at,omitempty"`

	// Sent waits for delivery reports. It is here, not in the books, because the
	// modem's references count every text: those of the open ones would skip.
	Sent []Sent `json:"sent,omitempty"`
	// Early are reports that came before the modem's answer to the text on the line.
	Early []Delivery `json:"early,omitempty"`

	TalkedAt int64 `json:"talked_at,omitempty"` // since when a call is answered that we pay for
	Tally    Tally `json:"tally,omitzero"`
}

// Phase is how far a call has come.
type Phase string

// The phases of a call.
const (
	Dialling Phase = "dialling"
	Ringing  Phase = "ringing"
	Talking  Phase = "answered"
	Taken    Phase = "taken"   // the digit 1 was pressed
	Hearing  Phase = "hearing" // and then 7: the microphone is open
)

// Times of a call, in ms.
const (
	ringTime    = 25_000 // where an incident has none
	setupTime   = 20_000 // to the first ring; GSM needs up to that for a phone abroad
	listenTime  = 20_000 // for the digit 1 after the tone pattern
	toneTime    = 12_000 // three patterns
	yieldAfter  = 20_000 // an answered call is broken off for life after that
	sealedWaits = 20_000 // what is sealed waits so long for the place's texts
	stuckAfter  = 180_000
	inFlight    = 20_000 // a text, at most, but for a modem that fails
	// heedFor is what it takes to read a text off the SIM and to judge its code.
	heedFor = 3_000
	// starvedAfter is more than one command's texts to the place ever take.
	starvedAfter = 120_000
)

// Order is what the line should be doing; the zero Order is idle.
type Order struct {
	Serial uint64
	Sealed bool
	Call   bool
	To     string
	Body   string
	Valid  int64 // ms that the service centre keeps trying
	Report bool  // a delivery report is asked for
	HangUp bool
	// Untraced: the trace leaves it out, since what is sealed may speak in its place.
	Untraced bool

	In     bool   // Call is one from outside: it is answered
	Caller uint64 // which, as the modem counts them
	Tone   Tone   // to be heard at the other end, once for each
	Tones  uint64 // higher number
	Listen bool   // the other end hears the place
}

// Books is what a line chooses from.
type Books struct{ Open, Sealed *Book }

func (k Books) of(sealed bool) *Book {
	if sealed {
		return k.Sealed
	}
	return k.Open
}

// Order reads the line's order off the books.
func (l Line) Order(k Books) Order {
	if !l.Busy {
		return Order{}
	}
	o := Order{Serial: l.Serial, Sealed: l.Sealed, Call: l.Call, HangUp: l.HangUp != "", Tone: l.Tone, Tones: l.Tones}
	if l.In {
		o.In, o.Caller, o.To = true, l.Caller, l.From
		return o
	}
	j := k.of(l.Sealed).job(l.Job)
	if j == nil {
		return Order{}
	}
	o.To, o.Body, o.Listen = j.To, j.Body, l.Phase == Hearing
	o.Valid, o.Report = ReplyValidity, false
	if j.Rank != RankReply {
		o.Valid, o.Report = AlarmValidity, true
	}
	o.Untraced = !l.Sealed && k.ofDrill(j)
	if i := k.Sealed.Incident(l.Instead); i != nil {
		o.Body = i.insteadText(j, k.Open.tokenOf(j))
	}
	return o
}

// Pick hands the line to the next job, if it is free and there is one.
func (l *Line) Pick(k Books, tick int64) {
	l.leftEnds(k, tick)
	l.giveWay(k, tick)
	if l.Busy || !l.Up {
		return
	}
	best, ok := l.best(k, tick)
	if !ok || best.sealed && tick < l.Heeds {
		return
	}
	if best.sealed {
		l.Heeds, l.Heeded = 0, false
	}
	best.job.Handed = true
	l.Late = 0
	if !best.sealed {
		l.Late = min(tick-max(best.job.Queued, best.job.NotBefore, l.FreeAt), inFlight)
	}
	l.Serial++
	l.Busy, l.Sealed, l.Job, l.Call = true, best.sealed, best.job.ID, best.job.Call
	l.Phase, l.Since, l.HangUp = Dialling, tick, ""
	l.ofDrill(k, best, tick)
	switch {
	case l.Call:
	case best.job.Rank == RankPlace || (!best.sealed || best.job.Incident == 0) && best.job.Rank > RankPlace && k.Open.Drill() == nil && !k.eligible(best.job.To):
		l.RepliedAt, l.PlacedAt = 0, tick
	case best.job.Rank == RankReply && best.sealed:
		l.RepliedAt, l.PlacedAt = 0, tick // an answer to a friend lets nothing go before one to the place
	case best.job.Rank == RankReply:
		l.RepliedAt, l.PlacedAt = tick, tick
	default:
		l.RepliedAt, l.PlacedAt = 0, 0
	}
}

// Announced notes that a text has come, which is to be read. Its reply would wait for
// what is on the line now, and for the next as well if that began before it was read.
func (l *Line) Announced(tick int64) {
	if !l.Heeded {
		l.Heeds, l.Heeded = tick+heedFor, true
	}
}

// Heard notes that the text was judged.
func (l *Line) Heard() { l.Heeds = 0 }

// callIsPlace tells whether a call that an ordinary run would go on with rings a
// phone that is not eligible; what is sealed waits for that too.
func (k Books) callIsPlace(sealed, call *Job, tick int64) bool {
	i := k.Sealed.Incident(sealed.Incident)
	return tick-sealed.Queued < sealedWaits && (i == nil || !i.Includes(call.To))
}

// giveWay ends the call in progress where something goes before it, or where
// its plan no longer wants it.
func (l *Line) giveWay(k Books, tick int64) {
	if !l.Busy || !l.Call || l.HangUp != "" {
		return
	}
	j := k.of(l.Sealed).job(l.Job)
	if j == nil {
		return
	}
	i := k.of(l.Sealed).Incident(j.Incident)
	switch {
	case l.taken():
		if i == nil || !i.Open() || l.mustYield(k, j, tick) {
			l.EndCall(Acknowledged, tick)
			if !l.Cut && !l.Sealed {
				k.Open.resettleDrill(tick)
			}
		}
	case i == nil || !i.Calling || !i.Open() || l.mustYield(k, j, tick):
		l.EndCall(Broken, tick)
	}
}

func (l *Line) mustYield(k Books, call *Job, tick int64) bool {
	if l.Sealed && (k.Open.Drill() != nil || k.placeWaits(call, tick)) {
		return true
	}
	best, ok := l.best(k, tick)
	if ok && l.taken() {
		return l.takenYields(k, best, call, tick)
	}
	if !ok || !best.before(candidate{call, l.Sealed}) {
		return false
	}
	if !best.job.Call && best.job.Tries > 0 && best.job.Rank > RankPlace {
		return false // a text that does not go must not end every call
	}
	if best.sealed && !l.Sealed && k.callIsPlace(best.job, call, tick) {
		return false
	}
	switch {
	case best.job.Rank <= RankPlace:
		return true
	case best.job.Call && best.job.Rank == call.Rank:
		return false
	case best.job.Rank == RankAlarm && call.Rank == RankAlarm:
		return true // so no text's time hangs on a call's
	}
	return l.Phase != Talking || tick-l.Since >= yieldAfter
}

// Progress notes that a call rings or was answered.
func (l *Line) Progress(serial uint64, p Phase, tick int64) {
	if l.Busy && l.Call && serial == l.Serial && (l.Phase == Dialling || l.Phase == Ringing) && p != l.Phase {
		l.Phase, l.Since = p, tick
		if p == Talking && !l.In {
			l.TalkedAt = tick
		}
	}
}

// Current returns the incident and the number of the call with that serial.
func (l Line) Current(k Books, serial uint64) (i *Incident, number string, sealed bool) {
	if !l.Busy || !l.Call || serial != l.Serial {
		return nil, "", false
	}
	j := k.of(l.Sealed).job(l.Job)
	if j == nil {
		return nil, "", false
	}
	return k.of(l.Sealed).Incident(j.Incident), j.To, l.Sealed
}

// Done frees the line of the job with that serial; of any other it changes
// nothing. wall is unix ms, 0 while the clock is not sure. It returns what there
// is to journal, and in which book.
func (l *Line) Done(k Books, serial uint64, o Outcome, tick, wall int64) (notes []Note, sealed bool) {
	if !l.Busy || serial != l.Serial {
		return nil, false
	}
	switch {
	case o.Result == Unknown:
	case l.taken():
		o.Result = Acknowledged
	case l.Call && l.HangUp != "":
		o.Result = l.HangUp
	}
	id, b, early, failed := l.Job, k.of(l.Sealed), l.Early, tick
	sealed = l.Sealed
	if o.Result == Transient && !l.Call {
		failed -= l.Late // its next try is no later by what is sealed: that would add up
	}
	l.spend(k, o.Result, tick)
	l.insteadDone(k, o.Result)
	if l.Cut {
		l.leave()
		l.free(tick)
		k.Sealed.letGo(tick)
		return nil, false
	}
	if l.taken() {
		defer l.letGo(k, sealed, l.endedAt(tick))
	}
	l.free(tick)
	if j := b.job(id); j != nil && j.Handed && !j.Call && o.Result == SentOK {
		l.Sent = last(append(l.Sent, Sent{Ref: o.Ref, To: j.To, At: tick, Wall: wall, Incident: j.Incident, Body: j.Body, Again: j.Again, Sealed: sealed}), maxSent)
	}
	notes = b.Done(id, o, failed)
	for _, d := range early {
		if o.Result == SentOK && d.Ref == o.Ref {
			l.Delivered(k, d, tick)
		}
	}
	return notes, sealed
}

func (l *Line) free(tick int64) {
	if !l.Sealed {
		l.FreeAt = tick
	}
	if l.Heeds != 0 { // only now it can be read
		l.Heeds = tick + heedFor
	}
	*l = Line{Up: l.Up, Epoch: l.Epoch, Serial: l.Serial, Heeds: l.Heeds, Heeded: l.Heeded, FreeAt: l.FreeAt, RepliedAt: l.RepliedAt, PlacedAt: l.PlacedAt, Sent: l.Sent,
		Left: l.Left, LeftUntil: l.LeftUntil, LeftSince: l.LeftSince, Tally: l.Tally}
}

// Down is the end of an epoch. A text that was handed over keeps the line until its
// outcome comes, which it does at once: often it is that the modem never had it.
func (l *Line) Down(k Books, tick int64) {
	if l.Busy && !l.Call {
		l.Up = false
		return
	}
	l.Lost(k, tick)
}

// Lost is a new line, which knows nothing of what was handed over: the outcome of that
// is unknown.
func (l *Line) Lost(k Books, tick int64) {
	l.Up = false
	l.spend(k, Unknown, tick)
	l.insteadDone(k, Unknown)
	l.free(tick)
	l.FreeAt = tick
	k.Open.letGo(tick)
	k.Sealed.letGo(tick)
	l.Left, l.LeftUntil, l.LeftSince = 0, 0, 0
	k.Open.LineLost(tick)
	k.Sealed.LineLost(tick)
}

// EndCall hangs up with a result of ours.
func (l *Line) EndCall(r Result, tick int64) {
	if l.Busy && l.Call && l.HangUp == "" {
		l.HangUp, l.Since = r, tick
	}
}

// Due ends a call whose time is over: 25 s of ringing, 20 s without the digit 1
// after the tone pattern, 5 minutes of listening, 45 s of a call from outside; and
// frees the line of a job that never ended.
func (l *Line) Due(k Books, tick int64) {
	l.unreported(k, tick)
	l.leftEnds(k, tick)
	at := l.deadline(k)
	if at == 0 || at > tick {
		return
	}
	switch {
	case !l.Call || l.HangUp != "":
		b, sealed := k.of(l.Sealed), l.Sealed
		id := l.Job
		l.spend(k, Unknown, tick)
		l.insteadDone(k, Unknown)
		l.free(tick)
		l.letGo(k, sealed, tick)
		b.Done(id, Outcome{Result: Unknown}, tick)
	case l.In:
		l.EndCall(Broken, tick)
	case l.taken():
		l.EndCall(Acknowledged, tick)
		if !l.Sealed {
			k.Open.resettleDrill(tick)
		}
	case l.Phase == Talking:
		l.EndCall(Answered, tick)
	default:
		l.EndCall(NoAnswer, tick)
	}
}

func (l Line) deadline(k Books) int64 {
	switch {
	case !l.Busy:
		return 0
	case !l.Call || l.HangUp != "":
		return l.Since + stuckAfter
	case l.In:
		return l.callerDeadline()
	}
	switch l.Phase {
	case Hearing:
		return l.EndsAt
	case Taken:
		return l.Since + keepTime
	case Talking:
		return l.Since + toneTime + listenTime
	case Ringing:
		return l.Since + l.ring(k)
	}
	return l.Since + setupTime + l.ring(k)
}

// ring is how long a phone rings: as the incident has it, which no edit changes.
func (l Line) ring(k Books) int64 {
	b := k.of(l.Sealed)
	if j := b.job(l.Job); j != nil {
		if i := b.Incident(j.Incident); i != nil && i.RingTime != 0 {
			return i.RingTime
		}
	}
	return ringTime
}

// Next is the tick of the line's next deadline, 0 for none: a call's end, a
// sealed job that has waited long enough, an answered call that must yield.
func (l Line) Next(k Books, tick int64) int64 {
	at := earlier(l.deadline(k), l.LeftUntil)
	if !l.Busy && l.Heeds > tick {
		at = earlier(at, l.Heeds)
	}
	for _, s := range l.Sent {
		at = earlier(at, s.next())
	}
	for _, j := range k.Sealed.Jobs {
		for _, waits := range []int64{sealedWaits, starvedAfter} {
			if free := j.Queued + waits; free > tick {
				at = earlier(at, free)
			}
		}
	}
	for _, j := range slices.Concat(k.Open.Jobs, k.Sealed.Jobs) {
		if free := j.Failed + sealedWaits; j.Failed != 0 && free > tick {
			at = earlier(at, free)
		}
	}
	if l.Busy && l.Phase == Talking && l.HangUp == "" && l.Since+yieldAfter > tick {
		at = earlier(at, l.Since+yieldAfter)
	}
	return at
}
