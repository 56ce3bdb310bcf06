package panel

import (
	"cmp"
	"fmt"
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

// statusText is the panel in one text.
func (t *turn) statusText() string {
	parts := []string{stateWords[t.s.Zones.Shown()] + "."}
	if t.s.Zones.Alarmed {
		parts[0] = "ALARM, mode " + string(t.s.Zones.Mode) + "."
	}
	if open := t.zonesWhere(func(n int) bool { return t.s.Zones.Zone(n).Open }); open != "" {
		parts = append(parts, "Open: "+open+".")
	}
	if out := t.zonesWhere(func(n int) bool { z := t.s.Zones.Zone(n); return z.Bypassed || z.AutoBypassed }); out != "" {
		parts = append(parts, "Bypassed: "+out+".")
	}
	if flat := t.batteryWords(); flat != "" {
		parts = append(parts, flat)
	}
	if troubles := t.troubleWords(); troubles != "" {
		parts = append(parts, "Trouble: "+troubles+".")
	}
	parts = append(parts, "Power: "+cmp.Or(string(t.s.Power), "not watched")+".", t.networkWords())
	if n := len(t.s.Recent); n > 1 {
		e := t.s.Recent[n-2] // the last one is this question
		parts = append(parts, "Last: "+e.Time.In(t.c.Location()).Format("15:04")+" "+e.Text+".")
	}
	return clip(strings.Join(parts, " "))
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

func (t *turn) zonesWhere(want func(number int) bool) string {
	var numbers []int
	for _, z := range t.c.Zones.Zones {
		if want(z.Number) {
			numbers = append(numbers, z.Number)
		}
	}
	return t.zoneNames(numbers)
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
	flat := t.zonesWhere(func(n int) bool { return t.s.Zones.Zone(n).LowBattery })
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
