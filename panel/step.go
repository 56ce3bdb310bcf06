package panel

import (
	"strings"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// longOff is an absence, in ms, that stops the plan of what is sealed; a shorter
// one is not told from a time in which nothing was to be done.
const longOff = 3600_000

// Result is what a step makes of an event.
type Result struct {
	Config  Config
	State   State
	Entries []Entry // for the journal
	Answer  Answer  // to a local command
	Err     error   // of an edit that is refused
	Unkept  string  // why the disk has not taken it, "" where it has

	Revealed []Entry // of the sealed journal, to a master code
	Chirps   int     // of the siren, to a button
	Reject   uint64  // a call from outside that is not answered, 0 for none
}

// turn is one step while it is taken.
type turn struct {
	c       Config
	s       State
	now     Now
	entries []Entry
	answer  Answer
	err     error
	p       Pending // of the command being taken
	off     int64   // ms since the last step

	revealed []Entry
	chirps   int
	reject   uint64
	wrong    bool   // the code of the command being taken
	copyable bool   // the code of the button being pressed can be copied
	refusing []int  // zones that were in the way of arming
	hint     string // how to arm all the same, "" where one cannot
}

// Step decides what an event means. It changes neither c nor s.
func Step(c Config, s State, now Now, e Event) Result {
	now.Tick = max(now.Tick, s.Tick)
	t := &turn{c: c, s: s.clone(), now: now}
	t.off = now.Tick - t.s.Tick
	t.s.Tick, t.s.Wall, t.s.Sure = now.Tick, now.Wall.UnixMilli(), now.Sure
	if _, restarted := e.(Booted); !restarted {
		t.due()
	}
	t.take(e)
	t.fault(Fault{Name: ClockTrouble, On: !t.now.Sure})
	t.settle()
	if t.s.Book.NextJob != s.Book.NextJob && t.now.Sure { // not when it went: that hangs on the line
		t.s.LastText = t.atPlace().Format(time.DateOnly)
	}
	return Result{Config: t.c, State: t.s, Entries: t.entries, Answer: t.answer, Err: t.err, Revealed: t.revealed, Chirps: t.chirps, Reject: t.reject}
}

// Next is the tick of the state's next deadline, 0 for none: the shell knocks
// then.
func (s State) Next(c Config) int64 {
	k := s.books()
	next := earlier(s.Zones.Next(), s.Book.Next(s.Tick))
	next = earlier(next, s.Sealed.Book.Next(s.Tick))
	next = earlier(next, s.Sealed.Line.Next(k, s.Tick))
	next = earlier(next, s.Fob.At)
	if c.Access.CallKeypad && s.Sealed.HushUntil > s.Tick {
		next = earlier(next, s.Sealed.HushUntil)
	}
	next = earlier(next, s.SignOfLife.next(c, s.Open))
	next = earlier(next, s.nextJam())
	next = earlier(next, s.nextReading(c))
	for _, p := range s.Sealed.Pending {
		next = earlier(next, p.At+pendingWaits)
	}
	for _, t := range s.Troubles {
		next = earlier(next, t.next(c))
	}
	for _, p := range s.Sealed.Presses {
		next = earlier(next, nextOf(c, p))
	}
	return next
}

func earlier(a, b int64) int64 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// due does what time has brought.
func (t *turn) due() {
	if t.fails(deafening...) {
		t.zones(zones.Deaf{For: t.off}, Who{}) // a sensor is not lost because the panel is deaf
	}
	t.zones(zones.Knock{}, Who{})
	k := t.s.books()
	t.s.Sealed.Line.Due(k, t.now.Tick)
	t.noteAll(t.s.Book.Advance(t.now.Tick))
	t.sealedNotes(t.s.Sealed.Book.Advance(t.now.Tick))
	t.drillOver()
	t.jamDue()
	t.troublesDue()
	t.fobEvening()
	t.pressesDue()
}

// settle unfolds what waited, and hands the line to its next job.
func (t *turn) settle() {
	t.unfold()
	t.noteAll(t.s.Book.Advance(t.now.Tick))
	t.sealedNotes(t.s.Sealed.Book.Advance(t.now.Tick))
	t.drillOver()
	t.signOfLife()
	t.s.Sealed.Line.Pick(t.s.books(), t.now.Tick)
	t.nightly()
}

func (t *turn) take(e Event) {
	switch e := e.(type) {
	case Knock:
	case Booted:
		t.booted(e)
	case Told:
		t.told(e)
	case Edited:
		t.edited(e)
	case NearCode:
		t.s.Nearness.add(t.now.Tick)
	case CodeShown:
		t.codeShown(e)
	case SealedAsked:
		t.sealedAsked(e)
	case Pressed:
		if t.genuine(e.ID, e.Hop, e.Source, 0) == radio.Taken {
			t.pressed(e.ID)
		}
	case Sensed:
		t.sensed(e)
	case Pressing:
		v := t.genuine(e.ID, e.Hop, e.Source, e.Ago)
		if e.Counts = e.Counts && v == radio.Taken; v == radio.Taken || v == radio.Goes {
			t.pressing(e)
		}
	case Heard:
		t.heard(e)
	case Condition:
		t.conditioned(e)
	case Receivers:
		t.s.Radio.stand(e)
	case Noise:
		t.s.Radio.learnt(e)
	case Powered:
		t.powered(e)
	case Rang:
		t.rang(e)
	case Rejected:
		t.rejected(e)
	case Fault:
		t.fault(e)
	case Balance:
		t.balanceRead(e)
	default:
		t.line(e)
	}
}

// line takes what the modem says of its line and of the job on it.
func (t *turn) line(e Event) {
	l, k := &t.s.Sealed.Line, t.s.books()
	switch e := e.(type) {
	case Announced:
		l.Announced(t.now.Tick)
	case LineUp:
		t.lineUp(e)
	case LineDown:
		t.lineDown(e)
	case Recovery:
		t.recovery(e)
	case Progress:
		l.Progress(e.Serial, e.Phase, t.now.Tick)
		if i, number, _ := l.Current(k, e.Serial); i != nil {
			i.Phase(number, e.Phase, t.now.Tick)
		}
	case Key:
		t.key(e)
	case Done:
		notes, sealed := l.Done(k, e.Serial, e.Outcome, t.now.Tick, t.wallMillis())
		t.noted(notes, sealed)
	case Reported:
		t.reported(e)
	}
}

// key is a digit pressed in a call of ours: 1 acknowledges, and 7 then listens.
// Any other digit is nobody's business and is kept nowhere.
func (t *turn) key(e Key) {
	l, k := &t.s.Sealed.Line, t.s.books()
	i, number, sealed := l.Current(k, e.Serial)
	switch {
	case i == nil:
	case e.Key == '1' && l.Phase == alert.Talking:
		t.acknowledge(i, number, "call", sealed)
		l.Taken(k, t.now.Tick)
	case e.Key == '7':
		l.Listen(k, t.now.Tick)
	}
}

// reported joins a delivery report to its text, and learns the operator's
// constant offset from the stamp.
func (t *turn) reported(e Reported) {
	e.To = alert.SameNumber(e.To, t.c.Site.Country) // some networks tell it as people of the country dial it
	sent, found := t.s.Sealed.Line.Delivered(t.s.books(), e.Delivery, t.now.Tick)
	if !found || sent == 0 || e.Stamp == 0 || !t.now.Sure {
		return
	}
	const quarter, slack = 15 * 60_000, 3 * 60_000
	off := e.Stamp - sent
	quarters := int((off+quarter/2+96*quarter)/quarter) - 96
	if rest := off - int64(quarters)*quarter; rest > -slack && rest < slack && quarters >= -56 && quarters <= 56 {
		t.s.StampOffset = quarters
	}
}

// booted is the panel's own start.
func (t *turn) booted(e Booted) {
	t.zones(zones.Restarted{OffKnown: e.OffKnown, NewBoot: e.NewBoot, Off: t.now.Tick - quarter(t.now.Tick-t.off)}, Who{})
	k := t.s.books()
	t.s.Sealed.Line.Lost(k, t.now.Tick)
	t.s.Sealed.Account.forget(t.now.Tick)
	t.lineGone()
	t.s.SIM, t.s.Steps = SIM{Card: t.s.SIM.Card}, nil
	t.s.Radio = Radio{}
	for n := range t.s.Book.Incidents {
		i := &t.s.Book.Incidents[n]
		if i.Kind == alert.Burglary && i.Open() && (!e.OffKnown || i.HoldUntil <= t.now.Tick) {
			t.s.Book.SendNow(i, t.now.Tick)
		}
	}
	if t.off >= longOff {
		t.s.Sealed.Book.Pause(t.off) // the open one goes by the clock that everybody can read
	}
	t.pressesAtStart(e)
	t.flushPending()
	t.s.Refusal = Refusal{} // nobody remembers what they pressed before a power cut
	t.troublesAnew()
	t.hears()
	t.journal("restart", "1305", "panel started", 0, Who{})
}

func (t *turn) edited(e Edited) {
	next, err := t.c.Apply(e.Edit)
	if err != nil {
		t.err = err
		return
	}
	if t.err = t.untold(e.Edit, next); t.err != nil {
		return
	}
	switch e.Edit.(type) {
	case Restore, Import:
		t.s.Zones = t.s.Zones.Fit(t.c.sameZones(next))
		t.s.Refusal = Refusal{}
	}
	before := t.c
	t.c = next
	t.s.Zones = t.s.Zones.Fit(next.Zones)
	t.forgetZones()
	t.tellCodes(e.Edit, before)
	if add, ok := e.Edit.(AddContact); ok && !add.Quiet {
		t.introduce(next.Alert.Contacts[len(next.Alert.Contacts)-1])
	}
	t.journal("configuration", "1306", strings.Join(strings.Fields(e.Edit.says()), " "), 0, Who{Channel: ByLocal})
}

// clock is the local time of day as texts say it.
func (t *turn) clock() string { return t.atPlace().Format("15:04") }

// firstYear is that of the first release: an earlier wall clock was never set.
const firstYear = 2026

// local is the local time, for the hours of guests; zero while the clock cannot
// be right. One that nobody vouches for is still better than to shut them out.
func (t *turn) local() time.Time {
	if t.now.Wall.Year() < firstYear {
		return time.Time{}
	}
	return t.atPlace()
}

// atPlace is the time at the place, by whatever clock there is.
func (t *turn) atPlace() time.Time { return t.now.Wall.In(t.c.Location()) }

// nextHour is the first time after now at which it is that hour, where now is.
func nextHour(now time.Time, hour int) time.Time {
	at := time.Date(now.Year(), now.Month(), now.Day(), hour, 0, 0, 0, now.Location())
	if !at.After(now) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

func (t *turn) wallMillis() int64 {
	if !t.now.Sure {
		return 0
	}
	return t.now.Wall.UnixMilli()
}
