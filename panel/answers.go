package panel

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
)

const helpText = "Text your code and: ARM HOME NIGHT DISARM STATUS BYPASS n UNBYPASS n LOG CONTACTS BALANCE PANIC SILENT TEST HELP. ARM FORCE leaves out open zones."

// clip brings a reply to one text; what the GSM alphabet lacks becomes "?".
func clip(s string) string { return clipTo(s, "") }

// clipTo leaves room for what comes behind s.
func clipTo(s, behind string) string {
	room, _ := alert.Septets(behind)
	return alert.Clip(gsm(s), alert.OneText-room)
}

func gsm(s string) string {
	s = strings.ReplaceAll(s, "`", "'")
	if _, ok := alert.Septets(s); ok {
		return s
	}
	return strings.Map(func(r rune) rune {
		if _, ok := alert.Septets(string(r)); ok {
			return r
		}
		return '?'
	}, s)
}

func (t *turn) siteName() string { return t.c.siteName() }

func (c Config) siteName() string {
	if c.Site.Name == "" {
		return "Alarm"
	}
	return c.Site.Name
}

// sentence is one of a reply: some words, and a list of which the last may only be
// counted where there is no room.
type sentence struct {
	words string
	items []string
	only  int // so many are counted
}

func (s sentence) String() string {
	switch {
	case s.items == nil:
		return s.words
	case s.only == len(s.items):
		return fmt.Sprintf("%s: %d.", s.words, s.only)
	}
	more := ""
	if s.only > 0 {
		more = fmt.Sprintf(" and %d more", s.only)
	}
	return s.words + ": " + strings.Join(s.items[:len(s.items)-s.only], ", ") + more + "."
}

// inOneText brings sentences to one text without a word cut off: the last gives way
// whole, then lists from the back, since the first sentences matter most.
func inOneText(list []sentence, last string) string {
	whole := func() string {
		var said []string
		for _, s := range append(slices.Clone(list), sentence{words: last}) {
			if text := gsm(s.String()); text != "" {
				said = append(said, text)
			}
		}
		return strings.Join(said, " ")
	}
	if !alert.Fits(whole()) {
		last = ""
	}
	for _, least := range []int{1, 0} { // items that are named
		for n := len(list) - 1; n >= 0; n-- {
			for list[n].only < len(list[n].items)-least && !alert.Fits(whole()) {
				list[n].only++
			}
		}
	}
	return clip(whole())
}

// statusText is the panel in one text.
func (t *turn) statusText() string {
	state := stateWords[t.s.Zones.Shown()] + "."
	if t.s.Zones.Alarmed {
		state = "ALARM, mode " + string(t.s.Zones.Mode) + "."
	}
	power, network, last := "Power: "+cmp.Or(string(t.s.Power), "not watched")+".", t.networkWords(), ""
	if n := len(t.s.Recent); n > 1 {
		e := t.s.Recent[n-2] // the last one is this question
		last = "Last: " + e.Time.In(t.c.Location()).Format("15:04") + " " + e.Text + "."
	}
	return inOneText([]sentence{{words: state},
		t.zonesSentence("Open", func(n int) bool { return t.s.Zones.Zone(n).Open }),
		t.zonesSentence("Bypassed", func(n int) bool { z := t.s.Zones.Zone(n); return z.Bypassed || z.AutoBypassed }),
		t.zonesSentence("Battery low", func(n int) bool { return t.s.Zones.Zone(n).LowBattery }),
		listed("Trouble", t.troubleList()), {words: power}, {words: network}}, last)
}

func (t *turn) zonesSentence(what string, want func(number int) bool) sentence {
	return listed(what, t.zoneNameList(t.numbersWhere(want)))
}

// listed says nothing of none.
func listed(what string, items []string) sentence {
	if len(items) == 0 {
		return sentence{}
	}
	return sentence{words: what, items: items}
}

var stateWords = map[string]string{
	"disarmed": "Disarmed", "arming": "Arming, exit delay runs", "armed_home": "Armed home", "armed_away": "Armed away",
	"armed_night": "Armed night", "pending": "Entry delay runs", "triggered": "ALARM",
}

func (t *turn) networkWords() string {
	n := t.s.Network
	if n.DBm == 0 {
		return "Network: " + n.String() + "."
	}
	if n.Usual != 0 {
		return fmt.Sprintf("Network: %s %d dBm, usually %d.", n, n.DBm, n.Usual)
	}
	return fmt.Sprintf("Network: %s %d dBm.", n, n.DBm)
}

func (t *turn) numbersWhere(want func(number int) bool) (numbers []int) {
	for _, z := range t.c.Zones.Zones {
		if want(z.Number) {
			numbers = append(numbers, z.Number)
		}
	}
	return numbers
}

func (t *turn) zoneList() string {
	var out []string
	for _, z := range t.c.Zones.Zones {
		out = append(out, fmt.Sprintf("%d %s", z.Number, z.Name))
	}
	return strings.Join(out, ", ")
}

func (t *turn) troubleHint() string {
	hint := ""
	if flat := t.batteryWords(); flat != "" {
		hint = " " + flat
	}
	if words := t.troubleWords(); words != "" {
		hint += " Trouble: " + words + "."
	}
	return hint
}

// batteryWords names the zones whose batteries are low, "" for none.
func (t *turn) batteryWords() string {
	flat := t.zoneNames(t.numbersWhere(func(n int) bool { return t.s.Zones.Zone(n).LowBattery }))
	if flat == "" {
		return ""
	}
	return "Battery low: " + flat + "."
}

// contactsText lists the notification list; with many contacts names only.
func (t *turn) contactsText() string {
	var long, short []string
	for n, c := range t.c.Alert.Contacts {
		long = append(long, fmt.Sprintf("%d %s %s", n+1, c.Name, c.Number))
		short = append(short, fmt.Sprintf("%d %s", n+1, c.Name))
	}
	if text := strings.Join(long, ", "); alert.Fits(text) {
		return text
	}
	return clip(strings.Join(short, ", "))
}

// clockAt is the local time of day at a tick.
func (t *turn) clockAt(tick int64) string {
	return t.now.Wall.Add(time.Duration(tick-t.now.Tick) * time.Millisecond).In(t.c.Location()).Format("15:04")
}

// words is an age as a person says it.
func words(d time.Duration) string {
	switch {
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes", int(d/time.Minute))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours", int(d/time.Hour))
	}
	return fmt.Sprintf("%d days", int(d/(24*time.Hour)))
}
