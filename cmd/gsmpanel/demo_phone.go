package main

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// item is a text or a call on a phone.
type item struct {
	at   time.Time
	by   string // who speaks
	text string
}

// phonePane is a phone: its title, what it shows, and below that a call.
func (m demoScreen) phonePane(n int) []string {
	width, height := m.phoneSize(n)
	rows := height - 1
	call := m.callLine(n)
	if call != "" {
		rows--
	}
	all := m.phoneText(n, width, false)
	if airy := m.phoneText(n, width, true); len(airy) <= rows {
		all = airy
	}
	if len(all) == 0 {
		all = m.introduced(n, width)
	}
	end := len(all)
	if n == m.who {
		end = max(min(end, rows), end-m.back)
	}
	out := []string{m.phoneTitle(n, width)}
	out = append(out, block(slices.Clone(all[max(0, end-rows):end]), rows)...)
	if call != "" {
		out = append(out, reverse(fit(call, width)))
	}
	return out
}

// phoneRows is how many lines of a phone are seen at once.
func (m demoScreen) phoneRows(n int) int {
	_, height := m.phoneSize(n)
	return height - 1
}

func (m demoScreen) farthestBack(n int) int {
	width, _ := m.phoneSize(n)
	return max(0, len(m.phoneText(n, width, false))-m.phoneRows(n))
}

func (m demoScreen) phoneTitle(n, width int) string {
	left, right := m.people[n].name+"'s phone", ""
	if n > 0 {
		right = knows(m.phone(n))
	}
	if n == m.who {
		left = strings.ToUpper(left)
		if m.back > 0 {
			right = "PgDn: newer"
		}
		return reverse(bold(rule(left, right, width)))
	}
	return rule(left, right, width)
}

// phoneText is all that a phone shows, oldest first, with a line between where it
// is to be airy.
func (m demoScreen) phoneText(n, width int, airy bool) []string {
	var out []string
	for _, i := range m.items(n) {
		lines := wrapped(i.by+": "+i.text, width)
		lines[0] = bold(i.by+":") + shout(strings.TrimPrefix(lines[0], i.by+":"))
		if airy && len(out) > 0 {
			out = append(out, "")
		}
		out = append(out, lines...)
	}
	return out
}

func (m demoScreen) items(n int) []item {
	var items []item
	p := m.phone(n)
	for _, t := range p.Texts {
		by := "Panel"
		if t.Outgoing {
			by = m.people[n].name
		}
		items = append(items, item{t.Time, by, t.Body})
	}
	for _, c := range p.Calls {
		if text := m.callText(n, c); text != "" {
			items = append(items, item{c.Time, "Call", text})
		}
	}
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	return items
}

// shout makes the kind of an alarm stand out where a text begins with it.
func shout(line string) string {
	for _, w := range alarmWords {
		if rest, ok := strings.CutPrefix(line, " "+w+" "); ok {
			return " " + bold(w) + " " + rest
		}
	}
	return line
}

// introduced says whose phone it is while it shows nothing.
func (m demoScreen) introduced(n, width int) []string {
	text := m.people[n].name + " lives elsewhere. The panel texts and calls when something is wrong."
	if n == 0 {
		text = m.people[n].name + " lives here, and commands the panel by text. A burglar can read this phone."
	}
	lines := strings.Split(ansi.Wrap(text, width-1, ""), "\n")
	for n := range lines {
		lines[n] = dim(lines[n])
	}
	return lines
}

// callText is a call that is over.
func (m demoScreen) callText(n int, c simulator.CallRecord) string {
	machine := byMachine(m.people[n].phone, c)
	switch {
	case c.Ended.IsZero():
		return ""
	case !c.Incoming && c.Answered.IsZero():
		return "to the panel: " + c.Result
	case !c.Incoming:
		return "to the panel, " + beeps(c)
	case machine:
		return "voicemail had it, which does not count"
	case c.Digits != "":
		return "pressed " + c.Digits
	case !c.Answered.IsZero():
		return "picked up, and pressed nothing"
	}
	return c.Result
}

// beeps are what a phone heard that rang the panel. The last one counts.
func beeps(c simulator.CallRecord) string {
	switch {
	case c.Tones == "":
		return "which has said nothing"
	case strings.HasSuffix(c.Tones, patterns[alert.ToneDone]):
		return "beeps: done"
	}
	return "beeps: refused"
}

// listens tells whether a phone hears the place.
func listens(c simulator.CallRecord) bool { return len(c.Mic) > 0 && c.Mic[len(c.Mic)-1].Open }

// callLine is the call that a phone is in.
func (m demoScreen) callLine(n int) string {
	p := m.phone(n)
	c, _ := callOf(p)
	switch {
	case ringing(p):
		return " RINGS: p picks up, x rejects"
	case talking(p) && byMachine(m.people[n].phone, c):
		return " VOICEMAIL hears the tones"
	case calling(p):
		return " RINGS THE PANEL"
	case keying(p) && c.Tones != "":
		return " IN CALL: " + beeps(c)
	case keying(p) && c.Digits == "":
		return " IN CALL: code, # and 1 2 3 4 or 0"
	case talking(p) && listens(c):
		return " HEARS WHAT GOES ON IN THE HOUSE"
	case talking(p) && c.Digits == "1":
		return " IN CALL: taken; 7 listens"
	case (talking(p) || keying(p)) && c.Digits != "":
		return " IN CALL: pressed " + c.Digits
	case talking(p) && n != m.who:
		return " IN CALL: choose this phone with Tab"
	case talking(p):
		return " IN CALL: 1 takes it on, x hangs up"
	}
	return ""
}

// alarmWords are the first words of alarm texts, the gravest first.
var alarmWords = []string{"DURESS", "PANIC", "MEDICAL", "FIRE", "BURGLARY", "TAMPER"}

// knowledge is the gravest alarm that somebody has been told of and that is not
// over, and whether they have taken it on.
func knowledge(p simulator.Phone) (word string, took bool) {
	open, taken := map[string]bool{}, map[string]bool{}
	for _, t := range p.Texts {
		if !t.Outgoing {
			takeIn(t.Body, open, taken)
		}
	}
	for _, w := range alarmWords {
		if open[w] {
			return w, taken[w]
		}
	}
	return "", false
}

// takeIn reads one text of the panel.
func takeIn(body string, open, taken map[string]bool) {
	for _, w := range alarmWords {
		named := strings.Contains(body, w+" ")
		silent := (w == "DURESS" || w == "PANIC") && open[w] && strings.HasPrefix(body, "You have it. ") // which names none
		switch {
		case strings.HasPrefix(body, w+" "):
			open[w], taken[w] = true, false
		case named && (strings.HasPrefix(body, "Closed by ") || strings.HasPrefix(body, "CANCEL: ")):
			open[w] = false
		case silent || named && strings.HasPrefix(body, "You have it: "):
			taken[w] = true
		}
	}
}

func knows(p simulator.Phone) string {
	switch word, took := knowledge(p); {
	case word == "":
		return "knows of nothing"
	case took:
		return "has taken " + word
	default:
		return "knows of " + word
	}
}
