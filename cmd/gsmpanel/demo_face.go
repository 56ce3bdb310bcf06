package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
)

// face is the panel's public face, as `gsmpanel status` and `gsmpanel log` show
// it: nothing else of the panel may be seen in the house.
func (m demoScreen) face(width int) []string {
	o := m.sight.public
	out := []string{m.stateShown()}
	add := func(name, text string) { out = append(out, wrapped(fmt.Sprintf("%-9s%s", name, text), width)...) }
	add("Open:", openZones(o))
	add("Siren:", m.sirenShown())
	add("Network:", network(o))
	for _, t := range o.Troubles {
		add("Trouble:", briefly(t.Text))
	}
	for _, i := range o.Incidents {
		if i.Closed == nil {
			add("Alarm:", alarmShown(i))
		}
	}
	out = append(out, m.lastEvents(width, len(out))...)
	return out[:min(len(out), m.bodyHeight()-leastPhone)] // troubles may be many
}

// leastPhone is how many lines are kept for Anna's phone, with its title.
const leastPhone = 7

// briefly leaves out a cause in brackets: the help page has it.
func briefly(text string) string {
	before, _, _ := strings.Cut(text, " (")
	return before
}

func (m demoScreen) stateShown() string {
	site, state, _ := strings.Cut(stateLine(m.sight.public), ": ")
	return site + ": " + reverse(bold(" "+strings.ToUpper(state)+" ")) + m.countdown()
}

// countdown is worked out from when the state began: the panel's face has none.
func (m demoScreen) countdown() string {
	words := map[string]string{"arming": "to leave", "pending": "to disarm"}[m.sight.public.State]
	left := (liveDelay - m.sight.at.Sub(m.since)).Round(time.Second)
	if words == "" || left < 0 {
		return ""
	}
	return fmt.Sprintf(" %d s %s", int(left.Seconds()), words)
}

func openZones(o panel.Outward) string {
	var out []string
	for _, z := range o.Zones {
		if s := together(yes(z.Open, "open"), yes(z.Bypassed, "bypassed"), yes(z.Tampered, "tampered")); s != "" {
			out = append(out, z.Name+strings.TrimSuffix(" ("+strings.TrimPrefix(s, "open")+")", " ()"))
		}
	}
	if len(out) == 0 {
		return "nothing"
	}
	return strings.Join(out, ", ")
}

func (m demoScreen) sirenShown() string {
	if p := m.sight.siren.pattern; p != "" {
		return bold("SOUNDING") + " (" + p + ")"
	}
	quiet := m.sight.at.Sub(m.chirpedAt)
	if m.chirps == 0 || quiet > chirpShown {
		return "quiet"
	}
	text := strings.TrimSpace(strings.Repeat(chirp+" ", m.chirps))
	if means := map[int]string{1: "armed", 2: "disarmed", 4: "refused"}[m.chirps]; means != "" && quiet > chirpRun {
		text += " (" + means + ")"
	}
	return bold(text)
}

func alarmShown(i panel.OutwardIncident) string {
	text := together(string(i.Kind), i.What)
	if len(i.Told) > 0 {
		text += "; told " + strings.Join(i.Told, ", ")
	}
	if i.TakenBy != "" {
		text += "; taken by " + i.TakenBy
	}
	return text
}

// lastEvents are the newest entries of the log, as many as there is room for
// beside a phone.
func (m demoScreen) lastEvents(width, used int) []string {
	room := max(1, m.bodyHeight()/2-used)
	var out []string
	for n := len(m.sight.log) - 1; n >= 0; n-- {
		e := m.sight.log[n]
		lines := wrapped("Log "+e.Time.In(m.local).Format("15:04")+" "+briefly(oneLine(e.Text)), width)
		if len(out) > 0 && len(out)+len(lines) > room {
			break
		}
		out = append(out, lines...)
	}
	return out
}
