package alert

import (
	"strings"
)

// OneText is what one SMS holds in the GSM alphabet (3GPP TS 23.040 9.2.3.16).
const OneText = 160

// Fits tells whether s goes out as one GSM-7 text.
func Fits(s string) bool {
	n, ok := Septets(s)
	return ok && n <= OneText
}

// wordKind is under which name the words of an incident's kind stand.
func (i Incident) wordKind() string {
	if i.Kind == Panic && i.Silent {
		return "silent"
	}
	return string(i.Kind)
}

// own is a word of the incident's kind; "" where its kind has none.
func (i Incident) own(name string) string {
	return i.Words.Say(i.wordKind()+"."+name, "who", i.Who, "what", i.What)
}

// happened says who and what, without the kind.
func (i Incident) happened() string {
	if said := i.own("happened"); said != "" {
		return said
	}
	return i.What
}

// titleRoom is what a title has for kind and name.
const titleRoom = 60

// Title is how an incident is named in later texts: "DURESS Anna 21:04".
func (i Incident) Title() string { return i.titleOf(titleRoom) }

func (i Incident) titleOf(room int) string {
	return Clip(i.own("kind")+" "+i.name(), room) + " " + i.Clock
}

// AlarmTexts are the first texts of an incident: one SMS, or two of which the
// first is complete in itself. In this order: kind, who or what, time and place,
// what not to do, what to do, the token, and last the number of the police.
func (i Incident) AlarmTexts() []string {
	reply := i.reply()
	if i.police() != "" {
		reply += ". " + i.police()
	}
	full := join(i.own("kind")+" "+i.happened()+" "+i.Clock+i.noted()+place(i.Where), i.own("dont"), i.own("act"), reply)
	if Fits(full) {
		return []string{full}
	}
	first, second := i.firstText(i.name()), i.secondText(i.happened())
	for name := i.name(); !Fits(first) && name != ""; first = i.firstText(name) { // of many zones as many as there is room for
		name = shorter(name)
	}
	for said := i.happened(); !Fits(second) && said != ""; second = i.secondText(said) {
		said = shorter(said)
	}
	return []string{Clip(first, OneText), Clip(second, OneText)}
}

// firstText is complete in itself, in the fewest words.
func (i Incident) firstText(name string) string {
	brief := i.own("brief")
	if brief == "" {
		brief = i.own("act")
	}
	return join(i.own("kind")+" "+name+" "+i.Clock+place(i.Where), brief, i.reply())
}

// secondText says what the first had no room for.
func (i Incident) secondText(happened string) string {
	act := ""
	if i.own("brief") != "" {
		act = i.own("act")
	}
	return join(i.own("kind")+" "+i.Clock+": "+happened+i.noted(), i.own("dont"), act, i.police())
}

func shorter(s string) string {
	r := []rune(s)
	return string(r[:len(r)-1])
}

// name is who or what an incident is called after.
func (i Incident) name() string {
	if i.Who == "" {
		return i.What
	}
	return i.Who
}

func (i Incident) noted() string {
	if i.Note == "" {
		return ""
	}
	return " (" + i.Note + ")"
}

func (i Incident) reply() string {
	if i.Kind == Test {
		return i.Words.Say("test.reply", "token", i.Token)
	}
	return i.Words.Say("reply", "token", i.Token)
}

func place(where string) string {
	if where == "" {
		return "."
	}
	return ", " + where + "."
}

// police is their number, where it is they who are to be called.
func (i Incident) police() string {
	if i.Police == "" || i.Kind == Fire || i.Kind == Medical || i.Kind == Test {
		return ""
	}
	return i.Words.Say("police", "police", i.Police)
}

func join(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " ")
}

// Clip shortens s to n septets, on a letter's border. No letter has less than one,
// and a refusal that names 32 zones has 1000 letters too many.
func Clip(s string, n int) string {
	if r, most := []rune(s), max(n, 0); len(r) > most {
		s = string(r[:most])
	}
	for s != "" {
		if k, ok := Septets(s); ok && k <= n {
			return s
		}
		s = shorter(s)
	}
	return s
}

// say is a later text: one SMS, or two where the words allow it. Where it is still
// too long the title gives way, never a token.
func (i Incident) say(name string, fields ...string) []string {
	fields = append([]string{"title", i.Title(), "who", i.Who, "where", i.Where}, fields...)
	first, second, parted := strings.Cut(i.Words.get(name), "|")
	if parted && !Fits(fill(first+second, fields)) {
		return []string{Clip(fill(first, fields), OneText), Clip(strings.TrimSpace(fill(second, fields)), OneText)}
	}
	whole := fill(first+second, fields)
	for room := titleRoom; !Fits(whole) && room > 0; room-- {
		fields[1] = i.titleOf(room)
		whole = fill(first+second, fields)
	}
	return []string{Clip(whole, OneText)}
}

// one is a text that is never parted.
func (i Incident) one(name string, fields ...string) string { return i.say(name, fields...)[0] }

// byRoom is what a later text has for whoever did something: a remote's name and
// its owner's may be as long as a text allows.
const byRoom = 40

func (i Incident) againText() string {
	said := []string{i.Title() + ":"}
	if len(i.Again) > 0 {
		said = append(said, i.Words.Say("again", "what", strings.Join(last(i.Again, 3), ", ")))
	}
	if len(i.Moves) > 0 {
		said = append(said, i.Words.Say("moved", "what", strings.Join(last(i.Moves, 3), ", ")))
	}
	return Clip(strings.Join(said, " "), OneText)
}

func last[T any](list []T, n int) []T { return list[max(0, len(list)-n):] }

func (i Incident) youHaveIt() []string {
	if i.Kind == Test {
		return i.say("test.yours")
	}
	if i.Silent {
		return i.say("yours.sealed", "token", i.CloseToken)
	}
	return i.say("yours", "token", i.CloseToken)
}

func (i Incident) takenText(by string) []string {
	if i.Kind == Test {
		return i.say("test.taken", "by", by)
	}
	return i.say("taken", "by", by)
}

func (i Incident) closedText() string {
	if len(i.Closers) > 1 {
		return i.one("closed.two", "by", i.Closers[0], "second", i.Closers[1])
	}
	return i.one("closed", "by", i.Closers[0])
}

func (i Incident) alsoText(what, clock string) string {
	return i.one("also", "what", Clip(what, 40), "clock", clock, "token", i.Token)
}

// CancelText tells those who were told of a burglary that it was disarmed.
func (i Incident) CancelText(by, clock string) string {
	return i.one("cancel", "by", Clip(by, byRoom), "clock", clock)
}

// SilencedText tells of a siren that a user code has silenced.
func (i Incident) SilencedText(by, clock string) string {
	return i.one("silenced", "by", Clip(by, byRoom), "clock", clock, "token", i.Token)
}
