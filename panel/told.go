package panel

import (
	"encoding/hex"
	"slices"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
)

const (
	staleAfter   = 10 * time.Minute
	aheadAllowed = 5 * time.Minute
	forgotten    = 24 * time.Hour // an older text opens nothing, whatever its code
	seenFor      = 7 * day
	seenMost     = 300
	wrongTokens  = 5 // a day per number, then unanswered
)

// told takes a command that has passed the door. It computes the ordinary
// outcome from person and sender alone, and leaves one sealed record, of one
// size, whatever the verdict was.
func (t *turn) told(e Told) {
	switch e.Channel {
	case ByKeypad:
		e.Command.Verb = t.entered(e.Command.Verb)
	case ByText:
		t.s.Sealed.Line.Heard()
	}
	contact, listed := t.contact(e)
	v := t.vetted(e)
	if e.Channel == ByText && (listed || v.Valid) && t.seen(e.Key, v.Valid) {
		return
	}
	if listed && !e.Attempt && e.Understood {
		t.contactSays(e, contact)
		return
	}
	if !e.Attempt && e.Understood && t.strickenSays(e) {
		return
	}
	if v.Valid {
		t.p = t.remember(e, v)
		defer t.hold()
	}
	local := e.Channel == ByLocal
	if e.Channel == ByCall {
		defer t.beep(e)
	}
	switch {
	case e.Channel == ByKeypad:
		t.typed(e, v)
	case e.From == "" && !local:
		t.unwanted("text") // a name is no number, and cannot be answered
	case listed && contact.Control, local:
		if e.Attempt || local {
			t.attempt(e, v)
		}
	case t.c.Access.AnyNumber && e.Attempt:
		t.attempt(e, v)
	case listed:
		// A friend who answers in words is no stranger, and what friends do may
		// show nowhere.
	default:
		t.unwanted("text")
	}
}

// contact finds who sent a text: on the list, or in an open incident's own copy
// of it, which no edit shortens.
func (t *turn) contact(e Told) (alert.Contact, bool) {
	if c, ok := t.c.Alert.ByNumber(e.From); ok || e.From == "" {
		return c, ok
	}
	if i := t.s.Book.Newest(e.From); i != nil {
		return alert.Contact{Name: i.NameOf(e.From), Number: e.From}, true
	}
	return alert.Contact{}, false
}

// verdict is what the door said, as far as it still holds.
type verdict struct {
	Valid  bool
	Person string
}

// vetted drops a verdict on somebody who has been removed since.
func (t *turn) vetted(e Told) verdict {
	if !e.Verdict.Valid || !t.c.Duress.Named(e.Verdict.Person) {
		return verdict{}
	}
	return verdict{true, e.Verdict.Person}
}

// attempt is a text from a number that may command, or a command at the board.
func (t *turn) attempt(e Told, v verdict) {
	who := Who{Person: v.Person, Channel: e.Channel}
	switch {
	case t.locked(e):
		t.answerLocked(e)
	case !v.Valid && e.Channel == ByLocal && t.needsNoCode(e):
		t.reply(e, t.obey(e, Who{Channel: ByLocal}))
	case !v.Valid:
		t.wrongCode(e)
	case t.stale(e) != "":
		t.rightCode(e)
		t.reply(e, t.stale(e))
	case e.Parts > 1:
		t.rightCode(e)
		t.reply(e, "That text was too long to be a command and was not obeyed. Send one short text.")
	case !e.Understood || !known(e.Command.Verb):
		t.rightCode(e)
		t.reply(e, helpText)
	case !e.Verdict.Rights.Allows(string(e.Command.Verb), t.local()):
		t.rightCode(e)
		t.reply(e, notAllowed(e.Command.Verb))
	default:
		t.rightCode(e)
		t.answers(e, t.obey(e, who))
	}
}

// answers replies to what was obeyed. Who keyed it in hears a beep; a text comes
// for a status, and for arming that was refused.
func (t *turn) answers(e Told, body string) {
	_, arming := armModes[e.Command.Verb]
	if e.Channel != ByCall || e.Command.Verb == VerbStatus || arming && !t.answer.Done {
		t.replyText(e, body)
	}
}

func notAllowed(v Verb) string { return "Your code does not allow " + shownVerb(v) + " now." }

// shownVerb is a command's name in replies: SILENT is answered as STATUS.
func shownVerb(v Verb) string {
	if v == VerbSilent {
		v = VerbStatus
	}
	return string(v)
}

// needsNoCode tells whether a command at the board is one that needs no code:
// arming from disarmed.
func (t *turn) needsNoCode(e Told) bool {
	_, arming := armModes[e.Command.Verb]
	return arming && !e.Attempt && t.s.Zones.Shown() == "disarmed"
}

// seen tells whether a text was dealt with before, and remembers it. Where there
// are too many, those with a right code stay: others may be sent for that.
func (t *turn) seen(mac [16]byte, right bool) bool {
	key := hex.EncodeToString(mac[:])
	list := slices.DeleteFunc(t.s.Sealed.Seen, func(s Seen) bool { return s.At+seenFor <= t.now.Tick })
	if slices.ContainsFunc(list, func(s Seen) bool { return s.Key == key }) {
		t.s.Sealed.Seen = list
		return true
	}
	if len(list) >= seenMost {
		oldest := max(0, slices.IndexFunc(list, func(s Seen) bool { return !s.Right }))
		list = slices.Delete(list, oldest, oldest+1)
	}
	t.s.Sealed.Seen = append(list, Seen{key, t.now.Tick, right})
	return false
}

// age is how old a text is by its stamp; known is false while the clock is not
// set or there is no stamp.
func (t *turn) age(e Told) (age time.Duration, known bool) {
	if !t.now.Sure || e.Stamp.IsZero() {
		return 0, false
	}
	return t.now.Wall.Sub(e.Stamp) + time.Duration(t.s.StampOffset)*15*time.Minute, true
}

// stale says why a text is too old to be obeyed, "" where it is not.
func (t *turn) stale(e Told) string {
	if e.Channel != ByText {
		return ""
	}
	age, known := t.age(e)
	switch {
	case !known && e.Found:
		return "Your text waited while the panel was off and was not obeyed. Send it again."
	case !known:
		return ""
	case age > staleAfter:
		return "Your text was " + words(age) + " old and was not obeyed. Send it again."
	case age < -aheadAllowed:
		return "Your text's time stamp is ahead of the panel's clock; it was not obeyed. Send it again."
	}
	return ""
}

// reply answers the one who told, by text or at the board. At the keypad the siren
// answers, and in a call a beep.
func (t *turn) reply(e Told, texts ...string) {
	if e.Channel == ByKeypad || e.Channel == ByCall {
		return
	}
	for _, body := range texts {
		t.replyText(e, body)
	}
}

// replyText is a text, first in the queue, or words at the board.
func (t *turn) replyText(e Told, body string) {
	if e.Channel == ByLocal {
		t.answer.Text = joinLines(t.answer.Text, body)
		return
	}
	t.s.Book.Queue(t.now.Tick, alert.Job{Rank: alert.RankReply, To: e.From, Body: clip(body),
		Reason: "reply", Expires: t.now.Tick + alert.ReplyValidity})
}

func joinLines(a, b string) string {
	if a == "" {
		return b
	}
	return a + "\n" + b
}

// contactSays takes OK, YES and CLOSE from somebody on the list.
func (t *turn) contactSays(e Told, c alert.Contact) {
	if e.Parts > 1 || t.tokensSpent(c.Number) {
		return
	}
	if e.Command.Token == "" {
		t.askToken(e, c)
		return
	}
	if t.takesToken(e, c) {
		return
	}
	t.tokenWrong(c.Number)
	t.reply(e, nothingOpen)
}

// strickenSays takes a right token, or the question for it, from somebody who was
// taken off the list, or got another number, since an incident opened that was
// told to them: no edit shortens that.
func (t *turn) strickenSays(e Told) bool {
	if e.Parts > 1 || e.From == "" {
		return false
	}
	if e.Command.Token == "" {
		t.askToken(e, alert.Contact{Name: e.From, Number: e.From})
		return false // a stranger's text besides, as it is where nothing is sealed
	}
	return t.takesToken(e, alert.Contact{Name: e.From, Number: e.From})
}

// takesToken looks for what a token belongs to, in either book.
func (t *turn) takesToken(e Told, c alert.Contact) bool {
	return t.lateForDrill(e, c) || t.takeToken(e, c, false) || t.takeToken(e, c, true)
}

const nothingOpen = "Nothing open for that token."

func (t *turn) book(sealed bool) *alert.Book {
	if sealed {
		return &t.s.Sealed.Book
	}
	return &t.s.Book
}

func (t *turn) takeToken(e Told, c alert.Contact, sealed bool) bool {
	b, token := t.book(sealed), e.Command.Token
	find := b.ByToken
	if e.Command.Verb == VerbClose {
		find = b.ByCloseToken
	}
	i := find(token, c.Number)
	if i == nil {
		return false
	}
	switch e.Command.Verb {
	case VerbOK:
		t.acknowledge(i, c.Number, "text", sealed)
	case VerbYes:
		if i.TakenAt == 0 || i.Kind == alert.Test { // late, after the calls began again
			t.acknowledge(i, c.Number, "text", sealed)
		}
		if i.Kind == alert.Test {
			break // nobody was asked to call anybody
		}
		answer, notes := b.AnswerYes(i, c.Number)
		t.noted(notes, sealed)
		t.replyIn(sealed, c, answer)
	case VerbClose:
		t.noted(b.Close(i, c.Number, t.now.Tick), sealed)
	}
	return true
}

// askToken answers a bare OK, YES or CLOSE of somebody who was told of an open
// incident; of anybody else it is small talk. What is sealed takes no answer away
// from what anybody may see: its number would be missing there.
func (t *turn) askToken(e Told, c alert.Contact) {
	if i := t.s.Book.Drill(); i != nil && i.Begun != 0 && i.Includes(c.Number) {
		t.drillReply(i, c, i.AskToken())
		return
	}
	for _, sealed := range []bool{true, false} {
		if i := t.book(sealed).Newest(c.Number); i != nil {
			answer := i.AskToken()
			if e.Command.Verb == VerbClose {
				answer = i.AskClose(c.Number)
			}
			t.replyIn(sealed, c, answer)
		}
	}
}

// replyIn answers a contact out of the book that the answer speaks of.
func (t *turn) replyIn(sealed bool, c alert.Contact, body string) {
	t.book(sealed).Queue(t.now.Tick, alert.Job{Rank: alert.RankReply, To: c.Number, Name: c.Name, Body: clip(body),
		Reason: "reply", Expires: t.now.Tick + alert.ReplyValidity})
}
