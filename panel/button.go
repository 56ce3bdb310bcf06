package panel

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/zones"
)

// Values of fob-disarm. A fixed code can be sent again by anyone who has heard it
// (CVE-2021-39277).
const (
	FobReport = "report" // allowed; from away it is reported
	FobAlways = "always" // allowed, as any other disarm
	FobNever  = "never"
)

// Chirps of the siren that answer a press, of a fob or at the keypad.
const (
	chirpArmed    = 1
	chirpDisarmed = 2
	chirpRefused  = 4
)

const (
	forceWithin   = 15_000 // the same press again so soon after a refusal forces
	fobReports    = 4      // a day; the rest in one evening text
	fobAnswers    = 6      // texts a day to those whose fobs and codes they are
	fobHeld       = 12     // of which that text tells
	eveningReport = 21     // o'clock
)

// Refusal is an arming by a button or at the keypad that was refused, so that the
// same press soon again forces it.
type Refusal struct {
	Press string `json:"press"` // the button's ID, or what typedPress says
	At    int64  `json:"at"`
	Zones []int  `json:"zones,omitempty"` // that were in the way
}

// FobReports is what was told today of disarms by fob.
type FobReports struct {
	DayCount
	Held    []string `json:"held,omitempty"` // what the evening text will tell
	HeldAll int      `json:"held_all,omitempty"`
	At      int64    `json:"at,omitempty"` // when that is due
	Answers DayCount `json:"answers"`      // texts today to those whose fobs and codes they are
}

var buttonVerbs = map[duress.Action]Verb{
	duress.DoArm: VerbArm, duress.DoHome: VerbHome, duress.DoNight: VerbNight, duress.DoDisarm: VerbDisarm, duress.DoStatus: VerbStatus,
}

// act does what a button means by the way that it was pressed; forced says that a
// press that is a disarm to everybody was one under threat.
func (t *turn) act(b button, a duress.Action, forced bool) {
	switch a {
	case duress.DoSilent:
		t.silent(b)
	case duress.DoAudible:
		t.panic(b.who())
	case duress.DoFire, duress.DoMedical:
		t.callFor(b, a)
	case duress.DoTest:
		t.drillByButton(b)
	default:
		if verb, ok := buttonVerbs[a]; ok {
			t.command(b, verb, forced)
		}
	}
	t.p = Pending{}
}

// command is what a fob's button orders. The siren answers; there is no reply.
func (t *turn) command(b button, verb Verb, forced bool) {
	who, press := b.who(), b.id
	if !b.binding.Plain() {
		press += " " + string(verb)
	}
	last := t.s.Refusal
	t.s.Refusal = Refusal{}
	e := Told{Channel: ByRemote, Understood: true, Parts: 1, Verdict: duress.PressVerdict(forced),
		Command: Command{Verb: verb, Force: t.forces(press, last, armModes[verb])}}
	if verb == VerbStatus {
		t.obey(e, who)
		t.chirp(t.statusChirps())
		return
	}
	t.p = t.remember(e, verdict{Person: t.c.person(b.Remote)})
	t.p.Button = b.id
	defer t.hold()
	t.copyable = !t.c.proven(b.id)
	lowers := t.copyable && t.lowers(verb)
	switch {
	case lowers && t.c.Access.FobDisarm == FobNever:
		t.fobRefused(who)
	case verb == VerbDisarm:
		t.obey(e, who)
		t.chirp(chirpDisarmed)
	default:
		t.fobArms(e, who, press, last, lowers)
	}
}

// who is whoever pressed it, as far as that is known.
func (b button) who() Who { return Who{Person: b.Contact, Channel: ByRemote, Remote: b.Name} }

// lowers tells whether a button takes protection away, which is what fob-disarm
// is about: who has copied a fob may as well change away to home, and walk where
// nothing is watched any more.
func (t *turn) lowers(verb Verb) bool {
	return verb == VerbDisarm || verb != VerbArm && t.s.Zones.Mode == zones.Away && t.s.Zones.ArmingUntil == 0
}

// fobArms arms, or says what is in the way.
func (t *turn) fobArms(e Told, who Who, press string, last Refusal, lowers bool) {
	was := t.s.Zones.Mode
	reply := t.obey(e, who)
	if !t.answer.Done {
		t.refusedPress(press, who, reply, fobHint)
		return
	}
	t.armedPress(e, who, last, reply)
	if lowers && was != t.s.Zones.Mode && t.c.Access.FobDisarm == FobReport {
		t.fobReport(who, "changed from away to "+string(t.s.Zones.Mode), nil)
	}
}

func (t *turn) chirp(n int) {
	if t.c.Access.Chirp {
		t.chirps = n
	}
}

func (t *turn) statusChirps() int {
	switch {
	case t.s.Zones.Alarmed:
		return chirpRefused
	case t.s.Zones.Mode == zones.Disarmed:
		return chirpDisarmed
	}
	return chirpArmed
}

// forces tells whether this press repeats one that was refused, so that it
// forces. It must be for the same zones: nobody has been told of others.
func (t *turn) forces(press string, last Refusal, mode zones.Mode) bool {
	if last.Press != press || t.now.Tick-last.At > forceWithin {
		return false
	}
	_, effects := zones.Step(t.c.Zones, t.s.Zones, t.now.Tick, zones.Arm{Mode: mode})
	for _, f := range effects {
		if f.Kind == zones.ArmRefused && slices.ContainsFunc(f.Zones, func(z int) bool { return !slices.Contains(last.Zones, z) }) {
			return false
		}
	}
	return true
}

// armedPress answers a press that armed, and tells whose it is what was left out.
func (t *turn) armedPress(e Told, who Who, last Refusal, reply string) {
	t.chirp(chirpArmed)
	if len(last.Zones) > 0 && e.Command.Force {
		t.tellPerson(who, reply)
	}
}

// refusedPress tells whose press it is why the panel was not armed.
func (t *turn) refusedPress(press string, who Who, reply, hint string) {
	t.chirp(chirpRefused)
	if t.hint == "" {
		t.tellPerson(who, reply)
		return
	}
	t.s.Refusal = Refusal{press, t.now.Tick, t.refusing}
	t.tellPerson(who, clipTo(strings.TrimSuffix(reply, t.hint), hint)+hint)
}

const fobHint = " Press again within 15 s to leave it out."

// tellPerson texts whose remote or whose code it is, a few times a day: who copies
// a fob must not spend the credit, nor hold up what matters more.
func (t *turn) tellPerson(who Who, body string) {
	f := &t.s.Fob
	f.Answers.rollTo(t.calendarDay())
	for _, number := range t.phonesOf(who) {
		if f.Answers.Count >= fobAnswers || !t.budget() {
			return
		}
		f.Answers.Count++
		t.notice(number, body, "a button's answer", alert.RankReport)
	}
}

// phonesOf are the phones for texts of whose remote it is, or of the person whose
// code it is.
func (t *turn) phonesOf(who Who) []string {
	people := []string{who.Person}
	if who.Channel == ByKeypad {
		people = t.ownNumbers(who.Person)
	}
	var out []string
	for _, name := range people {
		if c, ok := t.c.Alert.Find(name); ok && !c.NoText && !slices.Contains(out, c.Number) {
			out = append(out, c.Number)
		}
	}
	return out
}

// fobRefused answers a button that fob-disarm does not allow.
func (t *turn) fobRefused(who Who) {
	t.chirp(chirpRefused)
	t.journal("disarm_refused", "1453", "disarm refused"+by(who)+": fob-disarm is never", 0, who)
	t.tellPerson(who, "NOT disarmed: this alarm takes no disarming by fob. Use your code.")
}

// fobReport tells of what a fixed code did to away: the first off-site
// contact of class report, four times a day, the rest in one evening text. Its
// number is returned, "" for nobody. Who was told of the alarm's end has heard
// it; that is counted too, since it hangs on a text on its way.
func (t *turn) fobReport(who Who, what string, told []string) string {
	to, ok := t.c.Alert.Watcher()
	if !ok {
		return ""
	}
	f := &t.s.Fob
	f.rollTo(t.calendarDay())
	f.Count++
	if f.Count <= fobReports {
		t.budget() // counted, but not capped by what others have spent of it
		if slices.Contains(told, to.Number) {
			return to.Number
		}
		t.notice(to.Number, fmt.Sprintf("%s %s: %s by key fob (%s).", t.siteName(), t.clock(), what, who.fob()), "report", alert.RankReport)
		return to.Number
	}
	f.HeldAll++
	if len(f.Held) < fobHeld {
		f.Held = append(slices.Clone(f.Held), t.clock()+" "+who.fob())
	}
	if f.At == 0 {
		f.At = t.now.Tick + t.untilEvening()
	}
	return to.Number
}

// fobEvening tells in one text what four reports a day had no room for.
func (t *turn) fobEvening() {
	f := &t.s.Fob
	if f.At == 0 || t.now.Tick < f.At {
		return
	}
	held, all := f.Held, f.HeldAll
	f.Held, f.HeldAll, f.At = nil, 0, 0
	to, ok := t.c.Alert.Watcher()
	if !ok {
		return
	}
	t.tellPlace(to, fmt.Sprintf("%s: away was left by key fob %d times more: %s.", t.siteName(), all, strings.Join(held, ", ")), "evening report")
}

// untilEvening is the time, in ms, to the next evening report.
func (t *turn) untilEvening() int64 {
	now := t.atPlace()
	return nextHour(now, eveningReport).Sub(now).Milliseconds()
}

// calendarDay is the day at the place, by whatever clock there is.
func (t *turn) calendarDay() int64 {
	now := t.atPlace()
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// fob is a remote and whose it is, as texts say it.
func (w Who) fob() string { return w.fobIn(nil) }

func (w Who) fobIn(words alert.Words) string {
	remote := w.Remote
	if !strings.Contains(strings.ToLower(remote), "fob") {
		remote = words.Say("by.fob", "remote", remote) // or a fob called Anna would be taken for her
	}
	if w.Person == "" || strings.EqualFold(w.Person, w.Remote) {
		return remote
	}
	return w.Person + ", " + remote
}
