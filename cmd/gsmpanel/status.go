package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/panel"
)

func (p *program) statusCommand() *cli.Command {
	return &cli.Command{
		Name: "status", Usage: "how the panel stands", Category: "What is",
		Flags: []cli.Flag{jsonFlag()}, Action: p.status,
	}
}

func (p *program) status(c *cli.Context) error {
	if _, err := wants(c); err != nil {
		return err
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		o, err := d.Outward(ctx)
		if err != nil {
			return err
		}
		if d.daemon == nil {
			p.tell("The panel is not running; this is how it stood last.")
		}
		if c.Bool("json") {
			return printJSON(p.out, struct {
				panel.Outward
				Running bool `json:"running"`
			}{o, d.daemon != nil})
		}
		public, err := d.Public(ctx)
		if err != nil {
			return err
		}
		return p.printStatus(o, siteTime(public.Site))
	})
}

func (p *program) printStatus(o panel.Outward, at *time.Location) error {
	for _, line := range statusLines(p.screen(), o, at) {
		if err := p.say("%s", line); err != nil {
			return err
		}
	}
	return p.printZones(o, at)
}

// statusLines say first what somebody may have to do something about.
func statusLines(s screen, o panel.Outward, at *time.Location) (lines []string) {
	say := func(colour, format string, args ...any) {
		lines = append(lines, s.paint(colour, s.fold(oneLine(fmt.Sprintf(format, args...)), 2)))
	}
	colour := inBold
	if o.State == "triggered" {
		colour = inRed
	}
	say(colour, "%s", stateLine(o))
	for _, i := range o.Incidents {
		if i.Closed == nil {
			say(inRed, "Incident %d since %s: %s", i.ID, when(i.Opened, o.Time, at), together(string(i.Kind), i.What))
		}
	}
	for _, t := range o.Troubles {
		say(inYellow, "Trouble since %s: %s", when(t.Since, o.Time, at), t.Text)
	}
	for _, mark := range zoneMarks {
		if names := zonesThat(o, mark.is); names != "" {
			say(inYellow, "%s: %s", mark.word, names)
		}
	}
	for _, w := range o.Warnings {
		say(inYellow, "Warning: %s", w)
	}
	say("", "Network: %s", network(o))
	say("", "Radio: %s", o.Radio)
	say("", "Power: %s", o.Power)
	if o.Balance != nil && o.Balance.Amount != "" {
		say("", "Balance: %s, read %s", o.Balance.Amount, o.Balance.Day)
	}
	if o.Siren != "" {
		say(inRed, "Siren: %s", o.Siren)
	}
	if o.LastEvent != "" {
		say("", "Last event: %s", o.LastEvent)
	}
	return lines
}

func stateLine(o panel.Outward) string {
	site := o.Site
	if site == "" {
		site = "Panel"
	}
	return site + ": " + strings.ReplaceAll(o.State, "_", " ")
}

func network(o panel.Outward) string {
	if o.SignalDBm == 0 {
		return o.Network
	}
	if o.Usual != 0 {
		return fmt.Sprintf("%s, %d dBm, usually %d", o.Network, o.SignalDBm, o.Usual)
	}
	return fmt.Sprintf("%s, %d dBm", o.Network, o.SignalDBm)
}

// zoneMarks are what a zone can be.
var zoneMarks = []struct {
	word string
	is   func(panel.OutwardZone) bool
}{
	{"Open", func(z panel.OutwardZone) bool { return z.Open }},
	{"Tampered", func(z panel.OutwardZone) bool { return z.Tampered }},
	{"Bypassed", func(z panel.OutwardZone) bool { return z.Bypassed }},
}

func zonesThat(o panel.Outward, is func(panel.OutwardZone) bool) string {
	var names []string
	for _, z := range o.Zones {
		if is(z) {
			names = append(names, z.Name)
		}
	}
	return together(names...)
}

// tooNarrow is a terminal that has no room for all columns of the zones.
const tooNarrow = 60

func (p *program) printZones(o panel.Outward, at *time.Location) error {
	head, rows := []string{"", "ZONE", "TYPE", "STATE", "LAST SEEN"}, [][]string{}
	for _, z := range o.Zones {
		var state []string
		for _, mark := range zoneMarks {
			if mark.is(z) {
				state = append(state, strings.ToLower(mark.word))
			}
		}
		rows = append(rows, []string{strconv.Itoa(z.Number), z.Name, string(z.Type), together(state...), seen(z.LastSeen, o.Time, at)})
	}
	if w := p.screen().width; w > 0 && w < tooNarrow {
		head = slices.Delete(head, 2, 3)
		for n := range rows {
			rows[n] = slices.Delete(rows[n], 2, 3)
		}
	}
	return table(p.out, "There is no zone.", head, rows)
}

// seen is when a zone was last heard.
func seen(t *time.Time, now time.Time, at *time.Location) string {
	switch {
	case t == nil:
		return ""
	case now.Sub(*t) < 0 || now.Sub(*t) >= 48*time.Hour:
		return t.In(at).Format("2006-01-02 15:04")
	}
	return ago(now.Sub(*t))
}

func (p *program) incidentsCommand() *cli.Command {
	return &cli.Command{
		Name: "incidents", Usage: "alarms, open and closed, and who was told", Category: "What is",
		Flags: []cli.Flag{jsonFlag()}, Action: p.incidents,
	}
}

func (p *program) incidents(c *cli.Context) error {
	if _, err := wants(c); err != nil {
		return err
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		o, err := d.Outward(ctx)
		if err != nil {
			return err
		}
		if c.Bool("json") {
			return printJSON(p.out, listed(o.Incidents))
		}
		public, err := d.Public(ctx)
		if err != nil {
			return err
		}
		return p.printIncidents(o.Incidents, siteTime(public.Site))
	})
}

func (p *program) printIncidents(list []panel.OutwardIncident, at *time.Location) error {
	var rows [][]string
	for _, i := range list {
		closed := "open"
		if i.Closed != nil {
			closed = localTime(*i.Closed, at)
		}
		rows = append(rows, []string{strconv.FormatUint(i.ID, 10), string(i.Kind), i.What, localTime(i.Opened, at), closed, i.TakenBy, together(i.Told...)})
	}
	if err := table(p.out, "There is no incident.", []string{"", "KIND", "WHAT", "OPENED", "CLOSED", "TAKEN BY", "TOLD"}, rows); err != nil {
		return err
	}
	for _, i := range list {
		if i.Score == "" {
			continue
		}
		if err := p.say("\nTest %d: %s", i.ID, i.Score); err != nil {
			return err
		}
		if err := p.printScore(i.People); err != nil {
			return err
		}
	}
	return nil
}
