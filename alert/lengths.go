package alert

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Names are all that stands in texts besides words and numbers of an incident.
type Names struct {
	Site, Where, Police string
	Who                 []string // who may be in need: persons, contacts, remotes
	By                  []string // who may have disarmed or silenced
	Contacts            []string
	Zones               []string
}

// TooLong says that a text would not fit.
type TooLong struct {
	Entry   string // the wording to shorten
	Septets int
	longest []string
}

func (e *TooLong) Error() string {
	return fmt.Sprintf("the text %s would have %d letters with %s, and a text message holds %d; use a shorter name or address, or shorter words in `gsmpanel site words FILE`, for example %s",
		e.Entry, e.Septets, strings.Join(e.longest, " and "), OneText, exampleOf(e.Entry))
}

// shownOfTitle is how much of a name a later text must be able to show.
const shownOfTitle = 20

// Fit tells whether every text that could be sent with these names fits: one
// text, or two of which the first is complete in itself. It takes the longest of
// each, since a length is a sum.
func (w Words) Fit(n Names) error {
	who, zone, contact := longest(n.Who), longest(n.Zones), longest(n.Contacts)
	title := ""
	for _, i := range w.samples(n.Where, n.Police, who, zone) {
		if err := i.fit(); err != nil {
			err.longest = named(who, zone, n.Where)
			return err
		}
		title = longest([]string{title, i.titleOf(min(titleRoom, length(i.own("kind"))+1+shownOfTitle))})
	}
	by := longest([]string{contact, Clip(longest(n.By), byRoom), w.Say("by.board")})
	for _, e := range wordings {
		if !e.whole {
			continue
		}
		fields := []string{"title", title, "who", who, "where", n.Where, "what", zone, "clock", "21:04", "token", "4711", "second", contact,
			"site", n.Site, "duress", w.get("duress.kind"), "by", contact}
		if e.name == "cancel" || e.name == "silenced" {
			fields[len(fields)-1] = by
		}
		if k := w.longestPart(e.name, fields); k > OneText {
			return &TooLong{e.name, k, named(who, zone, contact, n.Where)}
		}
	}
	return nil
}

// longestPart is the length of a text, or of the longer half of one that is parted.
func (w Words) longestPart(name string, fields []string) int {
	first, second, _ := strings.Cut(w.get(name), "|")
	whole := length(fill(first+second, fields))
	if whole <= OneText || second == "" {
		return whole
	}
	return max(length(fill(first, fields)), length(strings.TrimSpace(fill(second, fields))))
}

// samples are incidents of each kind with the longest that each could say.
func (w Words) samples(where, police, who, zone string) []Incident {
	forced := longest([]string{w.Say("duress.disarm"), w.Say("duress.arm"), w.Say("duress.other")})
	note := longest([]string{w.Say("note.just-armed"), w.Say("note.exit-error")})
	out := []Incident{
		{Kind: Duress, Silent: true, Who: who, What: forced}, {Kind: Panic, Silent: true, Who: who}, {Kind: Panic, Who: who},
		{Kind: Fire, What: zone}, {Kind: Medical, What: zone}, {Kind: Burglary, What: zone, Note: note},
		{Kind: TamperKind, What: w.Say("tamper.cover", "zone", zone)}, {Kind: TroubleAlarm, What: zone},
		{Kind: Test, Who: who},
	}
	for n := range out {
		i := &out[n]
		i.Where, i.Police, i.Clock, i.Token, i.CloseToken, i.Words = where, police, "21:04", "4711", "8305", w
	}
	return out
}

// shownInDrill is how much of a name the text that stands in for a drill's must be
// able to show besides the rest.
const shownInDrill = 8

// fit tells whether an incident's first texts fit without loss.
func (i Incident) fit() *TooLong {
	if k := length(join(i.Words.Say("test.not"), i.firstText(Clip(i.name(), shownInDrill)))); i.Silent && k > OneText {
		return &TooLong{Entry: "test.not", Septets: k}
	}
	if len(i.AlarmTexts()) == 1 {
		return nil
	}
	if k := length(i.firstText(i.name())); k > OneText {
		return &TooLong{Entry: i.entry("brief", "act"), Septets: k}
	}
	if k := length(i.secondText(i.happened())); k > OneText {
		return &TooLong{Entry: i.entry("dont", "happened", "cover", "act"), Septets: k}
	}
	return nil
}

// entry is the first of those words that the incident's kind has.
func (i Incident) entry(names ...string) string {
	n := slices.IndexFunc(names, func(name string) bool { return i.own(name) != "" })
	return i.wordKind() + "." + names[max(n, 0)]
}

// length counts septets; what has no place in the GSM alphabet counts as too long.
func length(s string) int {
	n, ok := Septets(s)
	if !ok {
		return OneText + 1
	}
	return n
}

func longest(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return slices.MaxFunc(list, func(a, b string) int { return cmp.Compare(length(a), length(b)) })
}

// named quotes the names that a length was worked out with.
func named(names ...string) []string {
	var out []string
	for _, name := range names {
		if quoted := fmt.Sprintf("%q", name); name != "" && !slices.Contains(out, quoted) {
			out = append(out, quoted)
		}
	}
	if out == nil {
		return []string{"no names at all"}
	}
	return out
}
