package panel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/alert"
)

// afterAlarm is how long no drill begins after an alarm, in ms: who was told of
// it hears of its end first. Nor does one begin so soon after one that nobody has
// taken: what is sealed makes no calls while one runs, and who began one after the
// other would keep it from ever calling anybody.
const afterAlarm = 2 * 60_000

// startDrill begins a drill, or says why not. It touches neither zones nor siren.
func (t *turn) startDrill(e Told, who Who) string {
	if why := t.noDrill(); why != "" {
		t.answer.Done = false
		return clip("NO drill: " + why)
	}
	people := alert.Drilled(t.c.Alert)
	t.journal("drill", "1601", "drill begins"+by(who), 0, who)
	t.s.Book.OpenDrill(t.now.Tick, t.atSite(alert.Incident{Who: clipName(who.name()), From: t.asker(e, who), Recipients: people}))
	score := "Then you are texted the score."
	if e.Channel == ByLocal {
		score = "gsmpanel incidents shows the score."
	}
	return fmt.Sprintf("Drill begins in %d s: a text that begins TEST to %s, then calls until one takes it. DISARM ends it. %s",
		alert.DrillWaits/1000, count(len(people), "person", "people"), score)
}

// drillByButton is a button that begins a drill; whose it is is texted what comes of
// it.
func (t *turn) drillByButton(b button) {
	t.answer.Done = true
	reply := t.startDrill(Told{Channel: ByRemote}, b.who())
	if !t.answer.Done {
		t.chirp(chirpRefused)
	}
	t.tellPerson(b.who(), reply)
}

// noDrill says what is in the way of a drill, "" for nothing. It goes by what
// anybody may see.
func (t *turn) noDrill() string {
	if missing := t.c.missing(); len(missing) > 0 {
		return missing[0] + "."
	}
	if len(alert.Drilled(t.c.Alert)) == 0 {
		return "no contact is told of alarms; give one class life or alarm."
	}
	for _, i := range t.s.Book.Incidents {
		switch {
		case i.Kind == alert.Test && i.Open():
			return "one is running, begun by " + i.Who + " " + i.Clock + ". DISARM ends it."
		case i.Kind == alert.Test && i.TakenAt == 0 && t.now.Tick < i.Closed+afterAlarm:
			return "one has just ended. Try again in 2 minutes."
		case i.Kind == alert.Test:
		case i.Open() && !i.Ended:
			return fmt.Sprintf("an alarm is open: %s. It must be over first: DISARM, or CLOSE by who has it.", i.Title())
		case !i.Open() && t.now.Tick < i.Closed+afterAlarm:
			return "an alarm has just ended, and people still hear of that. Try again in 2 minutes."
		}
	}
	if t.s.Zones.SirenOn(t.now.Tick) {
		return "the siren is on."
	}
	return ""
}

// asker is the number that gets the score: of the sender, or of a button's person.
func (t *turn) asker(e Told, who Who) string {
	if who.Channel != ByRemote {
		return e.From
	}
	c, _ := t.c.Alert.Find(who.Person)
	return c.Number
}

// clipName keeps a name short enough for every text of a drill.
func clipName(name string) string {
	for name != "" {
		if n, ok := alert.Septets(name); ok && n <= alert.MaxName {
			break
		}
		r := []rune(name)
		name = string(r[:len(r)-1])
	}
	return strings.TrimRight(name, " ,")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// endDrill ends a drill before its time, and tells whether there was one: a
// visible alarm does, and any disarm that is accepted.
func (t *turn) endDrill(why string) bool {
	i := t.s.Book.Drill()
	if i != nil {
		t.s.Book.EndDrill(i, t.now.Tick, why)
	}
	return i != nil
}

// acknowledge takes somebody's OK or 1. What those do in a drill who are told of
// something sealed counts for that too.
func (t *turn) acknowledge(i *alert.Incident, number, way string, sealed bool) {
	t.noted(t.book(sealed).Acknowledge(i, number, t.now.Tick), sealed)
	if i.Kind == alert.Test {
		i.AckedBy(number, way, t.now.Tick)
		t.takeSealed(number)
	}
}

func (t *turn) takeSealed(number string) {
	b := &t.s.Sealed.Book
	for n := range b.Incidents {
		if i := &b.Incidents[n]; i.Open() && i.Knows(number) {
			t.noted(b.Acknowledge(i, number, t.now.Tick), true)
		}
	}
}

// lateForDrill takes the token of a drill that is over.
func (t *turn) lateForDrill(e Told, c alert.Contact) bool {
	i := t.s.Book.DrillByToken(e.Command.Token, c.Number)
	if i == nil || i.Open() || e.Command.Verb == VerbClose {
		return false
	}
	t.takeSealed(c.Number)
	t.drillReply(i, c, i.OverText())
	return true
}

// drillReply answers a contact out of a drill. That it belongs to the drill lets
// who is told of something sealed be answered of that.
func (t *turn) drillReply(i *alert.Incident, c alert.Contact, body string) {
	t.s.Book.Queue(t.now.Tick, alert.Job{Rank: alert.RankReply, To: c.Number, Name: c.Name, Body: i.Marked(body), Incident: i.ID,
		Reason: "reply", Expires: t.now.Tick + alert.ReplyValidity})
}

// drillOver tells the score of a drill that has ended: to who asked for it, and to
// contacts of class report.
func (t *turn) drillOver() {
	for n := range t.s.Book.Incidents {
		i := &t.s.Book.Incidents[n]
		if i.Kind != alert.Test || i.Open() || i.Scored != "" {
			continue
		}
		i.Scored = drillScore(*i)
		t.journal("drill_over", "1601", "drill over: "+i.Scored, 0, Who{})
		if i.Note == "" {
			t.s.DrilledAt = t.now.Wall.UnixMilli()
			t.tellScore(*i, clip("TEST "+i.Clock+" is over: "+i.Scored))
		}
	}
}

func (t *turn) tellScore(i alert.Incident, body string) {
	if i.From != "" {
		t.tellCalm(i.From, body, "drill score", i.ID)
	}
	for _, c := range t.reporters() {
		if c.Number != i.From && t.budget() {
			t.tellCalm(c.Number, body, "drill score", i.ID)
		}
	}
}

// tellCalm queues a text that all is well. It goes as what the place gets, so that
// it comes when it would come anyway; who is told of something sealed gets words
// of that in its place.
func (t *turn) tellCalm(number, body, reason string, incident uint64) {
	c, _ := t.c.Alert.ByNumber(number)
	if c.NoText {
		return
	}
	t.s.Book.Queue(t.now.Tick, alert.Job{Rank: alert.RankPlace, To: number, Name: c.Name, Body: body, Incident: incident, Reason: reason, Calms: true})
}

// drillScore is a drill in one line: who got the text, who took it, who could not
// be reached.
func drillScore(i alert.Incident) string {
	texts, got, missed := 0, 0, []string{}
	for _, r := range i.Recipients {
		if !r.NoText {
			texts++
		}
		switch s := r.Score; {
		case s.Got() && !r.NoText:
			got++
		case i.Open() || i.Note != "" || r.NoText && s.Call == "": // it was not tried to the end
		case s.Rang == 0 && s.Answered == 0 && s.Acked == 0:
			missed = append(missed, r.Name)
		}
	}
	parts := []string{fmt.Sprintf("%d of %d got the text", got, texts), takenWords(i)}
	if len(missed) > 0 {
		parts = append(parts, "not reached: "+strings.Join(missed, ", "))
	}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ") + "."
}

func takenWords(i alert.Incident) string {
	n := slices.IndexFunc(i.Recipients, func(r alert.Recipient) bool { return r.Name == i.TakenBy })
	switch {
	case n >= 0:
		s := i.Recipients[n].Score
		return fmt.Sprintf("%s took it after %d s by %s", i.TakenBy, since(i, s.Acked), s.By)
	case i.Open():
		return "nobody has taken it yet"
	case i.Note != "":
		return "ended by " + i.Note
	case len(i.Noted) > 0:
		return "nobody outside took it"
	}
	return "nobody took it"
}

// since is how long after a drill's first text something was, in s. A text that
// was on its way before that moves nothing in it.
func since(i alert.Incident, at int64) int64 { return max(0, at-i.First) / 1000 }

// OutwardScore is how far a drill came with one person, in seconds from its first
// text.
type OutwardScore struct {
	Name         string `json:"name"`
	Texted       *int64 `json:"texted"`
	Delivered    *int64 `json:"delivered"`
	Rang         *int64 `json:"rang"`
	Answered     *int64 `json:"answered"`
	Acknowledged *int64 `json:"acknowledged"`
	By           string `json:"by"`   // "call" or "text"
	Call         string `json:"call"` // what became of the last call
}

func outwardScores(i alert.Incident) []OutwardScore {
	at := func(tick int64) *int64 {
		if tick == 0 {
			return nil
		}
		s := since(i, tick)
		return &s
	}
	var out []OutwardScore
	for _, r := range i.Recipients {
		s := r.Score
		out = append(out, OutwardScore{Name: r.Name, Texted: at(s.Texted), Delivered: at(s.Delivered), Rang: at(s.Rang),
			Answered: at(s.Answered), Acknowledged: at(s.Acked), By: s.By, Call: string(s.Call)})
	}
	return out
}
