package alert

import (
	"regexp"
	"slices"
	"strings"
)

// Words are fixed words of texts to contacts in another language, by the names of
// the table below. What is not there is English. Whoever has them never changes
// them: an incident keeps those of its opening.
type Words map[string]string

// wording is one entry of the table: a whole text, or a part of one.
//
// {by} is a contact, or who disarmed; {who} the person in need; {zone} a zone,
// {what} zones or what somebody had to do; {clock} a time of day; {where} the
// address; {title} kind, name and time of an incident. A text that is too long
// is parted at "|", where there is one: its first half is complete in itself.
type wording struct {
	name    string
	english string
	whole   bool // a text of its own
}

// wordings are all of them, in the order in which `site words` prints them; a row
// without words is a heading. OK, YES and CLOSE are typed and stay in any language.
var wordings = []wording{
	{name: "What an alarm begins with"},
	{name: "duress.kind", english: "DURESS"},
	{name: "silent.kind", english: "PANIC"},
	{name: "panic.kind", english: "PANIC"},
	{name: "fire.kind", english: "FIRE"},
	{name: "medical.kind", english: "MEDICAL"},
	{name: "burglary.kind", english: "BURGLARY"},
	{name: "tamper.kind", english: "TAMPER"},
	{name: "trouble.kind", english: "TROUBLE"},
	{name: "test.kind", english: "TEST"},

	{name: "What has happened; burglary, fire, medical and tamper name the zones alone"},
	{name: "duress.happened", english: "{who} {what}"},
	{name: "duress.disarm", english: "forced to disarm"},
	{name: "duress.arm", english: "forced to arm"},
	{name: "duress.other", english: "under threat"},
	{name: "silent.happened", english: "{who} silent alarm"},
	{name: "panic.happened", english: "{who} calls for help"},
	{name: "test.happened", english: "by {who}"},
	{name: "panic.again", english: "panic by {who}"},
	{name: "tamper.cover", english: "{zone} cover opened"},
	{name: "note.just-armed", english: "just armed"},
	{name: "note.exit-error", english: "exit error"},

	{name: "What not to do, and what to do"},
	{name: "duress.dont", english: "Do NOT call or text {who}."},
	{name: "duress.act", english: "Call police, intruder inside."},
	{name: "duress.brief", english: "Do NOT call {who}. Call police."},
	{name: "silent.dont", english: "Do NOT call or text {who}."},
	{name: "silent.act", english: "Call police."},
	{name: "silent.brief", english: "Do NOT call {who}. Call police."},
	{name: "panic.act", english: "Call police."},
	{name: "fire.act", english: "Call the fire brigade."},
	{name: "medical.act", english: "Call an ambulance."},
	{name: "burglary.dont", english: "Do not go in alone."},
	{name: "burglary.act", english: "Call police."},
	{name: "tamper.act", english: "Please look or call police."},
	{name: "trouble.act", english: "Please look."},
	{name: "test.act", english: "This is a drill. No danger."},
	{name: "test.reply", english: "Reply OK {token} or press 1."},
	{name: "police", english: "Police {police}"},
	{name: "reply", english: "Reply OK {token}"},

	{name: "Who has it"},
	{name: "taken", english: "{by} has taken it: {title}.", whole: true},
	{name: "seen", english: "{by}, whose phone may be in the house, has seen it: {title}. Still reply OK {token}", whole: true},
	{name: "yours", english: "You have it: {title}. When it is over, text CLOSE {token}.", whole: true},
	{name: "yours.sealed", english: "You have it. When police or you have SEEN {who} safe, text CLOSE {token}.| A call from {who} proves nothing without your safe word.", whole: true},
	{name: "ask.take", english: "{title}: to take it, reply OK {token}", whole: true},
	{name: "ask.taken", english: "{by} has it: {title}. To take it too, reply OK {token}", whole: true},
	{name: "ask.close", english: "When it is over: {title}, text CLOSE {token}", whole: true},
	{name: "ask.police", english: "{title}: police called? Reply YES {token}", whole: true},
	{name: "noted.police", english: "Noted: police called. {title}.", whole: true},

	{name: "What has changed"},
	{name: "also", english: "ALSO {what} {clock}: {title}, {where}. Reply OK {token}", whole: true},
	{name: "again", english: "again {what}."},
	{name: "moved", english: "moved {what}."},
	{name: "unreached", english: "{by} could not be reached: {title}.", whole: true},
	{name: "credit", english: "{title}: the alarm's SIM has {what} left, the house sees more. Top it up; say nothing there.", whole: true},
	{name: "silenced", english: "{by} silenced the siren {clock}. Still open: {title}. Reply OK {token}", whole: true},

	{name: "How it ends"},
	{name: "cancel", english: "CANCEL: disarmed by {by} {clock}. It was: {title}.", whole: true},
	{name: "half.others", english: "{by} says it is over. When police or you have SEEN {who} safe, text CLOSE {token} too.| A call from {who} proves nothing without your safe word.", whole: true},
	{name: "half.noted", english: "Noted. One more contact must text CLOSE {token} before it is over.", whole: true},
	{name: "closed", english: "Closed by {by}: {title}. Tell police if you called them.", whole: true},
	{name: "closed.two", english: "Closed by {by} and {second}: {title}. Tell police if you called them.", whole: true},
	{name: "closed.day", english: "Closed after 24 hours: {title}.", whole: true},
	{name: "nobody", english: "NOBODY ANSWERED: {title}, {where}. Please look after it.", whole: true},

	{name: "Drills, and what those are told in their place who know of a duress"},
	{name: "test.taken", english: "TEST. {by} has taken it. It was a drill, there is no more to do.", whole: true},
	{name: "test.yours", english: "TEST. You have it, thank you. It was a drill, there is no more to do.", whole: true},
	{name: "test.over", english: "TEST. That drill is over, thank you.", whole: true},
	{name: "test.not", english: "NOT A TEST."},
	{name: "test.not.yours", english: "NOT A TEST. You have it: {title}.", whole: true},

	{name: "Who disarmed, where it was not a person's code"},
	{name: "by.board", english: "somebody at the board"},
	{name: "by.fob", english: "{remote}, key fob"},

	{name: "To somebody who comes onto the list"},
	{name: "intro.alarm", english: "{site}: you are on this alarm's list. It texts you, then calls: after the beeps press 1, or reply OK and the number in the text, to take it.", whole: true},
	{name: "intro.text", english: "{site}: you are on this alarm's list. It texts you; reply OK and the number in the text to take an alarm.", whole: true},
	{name: "intro.news", english: "{site}: you are on this alarm's list. It texts you news of the alarm, such as troubles; there is nothing to answer.", whole: true},
	{name: "intro.sleep", english: "Save this number and let it through do-not-disturb, or an alarm at night will not wake you. The beeps mean: it is the alarm, a machine; press 1 to take it.", whole: true},
	{name: "intro.sleep-text", english: "Save this number and let it through do-not-disturb, or an alarm at night will not wake you.", whole: true},
	{name: "intro.duress", english: "A text that begins {duress} means: do not call or text that person; call police to the address.", whole: true},
	{name: "intro.command", english: "{site}: this number may text commands to the alarm. Text your code and HELP to see them.", whole: true},

	{name: "Wrong codes"},
	{name: "wrong-codes", english: "{site}: several wrong codes were texted to the alarm; it takes no commands by text for a while. No alarm is known. Do not ring the house for it.", whole: true},

	{name: "Codes that were changed at the panel, for which no code was asked"},
	{name: "codes.removed", english: "{site} {clock}: the codes of {who} were removed at the panel. If nobody told you why, ask in person, not by phone.", whole: true},
	{name: "codes.new", english: "{site} {clock}: {who} got a code at the panel. If nobody told you why, ask there in person, not by phone.", whole: true},
	{name: "codes.restored", english: "{site} {clock}: codes were restored from a backup at the panel. If nobody told you why, ask there in person, not by phone.", whole: true},
	{name: "codes.more", english: "{site} {clock}: more codes are being changed at the panel; today you are told no more of it. Ask there in person, not by phone.", whole: true},
}

// entryOf finds a wording by its name.
func entryOf(name string) (wording, bool) {
	n := slices.IndexFunc(wordings, func(w wording) bool { return w.name == name && w.english != "" })
	if n < 0 {
		return wording{}, false
	}
	return wordings[n], true
}

// get is an entry in these words, or else in English.
func (w Words) get(name string) string {
	if s, ok := w[name]; ok {
		return s
	}
	e, _ := entryOf(name)
	return e.english
}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// Say fills an entry in; the fields are names and values in turn.
func (w Words) Say(name string, fields ...string) string {
	return fill(strings.ReplaceAll(w.get(name), "|", ""), fields)
}

// fill puts values in. An address that is empty takes the comma before it along.
func fill(s string, fields []string) string {
	for n := 0; n+1 < len(fields); n += 2 {
		if fields[n] == "where" && fields[n+1] == "" {
			s = strings.ReplaceAll(s, ", {where}", "")
		}
	}
	return placeholder.ReplaceAllStringFunc(s, func(p string) string {
		for n := 0; n+1 < len(fields); n += 2 {
			if p == "{"+fields[n]+"}" {
				return fields[n+1]
			}
		}
		return ""
	})
}
