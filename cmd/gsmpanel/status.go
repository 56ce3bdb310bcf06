package main

import (
	"context"
	"fmt"
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
	lines := []string{stateLine(o), "Network: " + network(o), "Radio: " + o.Radio.String(), "Power: " + o.Power}
	if o.Balance != nil && o.Balance.Amount != "" {
		lines = append(lines, fmt.Sprintf("Balance: %s, read %s", o.Balance.Amount, o.Balance.Day))
	}
	if o.Siren != "" {
		lines = append(lines, "Siren: "+o.Siren)
	}
	if o.LastEvent != "" {
		lines = append(lines, "Last event: "+o.LastEvent)
	}
	for _, t := range o.Troubles {
		lines = append(lines, fmt.Sprintf("Trouble since %s: %s", localTime(t.Since, at), t.Text))
	}
	for _, i := range o.Incidents {
		if i.Closed == nil {
			lines = append(lines, fmt.Sprintf("Incident %d since %s: %s", i.ID, localTime(i.Opened, at), together(string(i.Kind), i.What)))
		}
	}
	for _, w := range o.Warnings {
		lines = append(lines, "Warning: "+w)
	}
	if err := p.say("%s", strings.Join(lines, "\n")); err != nil {
		return err
	}
	return p.printZones(o, at)
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

func (p *program) printZones(o panel.Outward, at *time.Location) error {
	var rows [][]string
	for _, z := range o.Zones {
		seen := ""
		if z.LastSeen != nil {
			seen = localTime(*z.LastSeen, at)
		}
		state := together(yes(z.Open, "open"), yes(z.Bypassed, "bypassed"), yes(z.Tampered, "tampered"))
		rows = append(rows, []string{strconv.Itoa(z.Number), z.Name, string(z.Type), state, seen})
	}
	return table(p.out, "There is no zone.", []string{"", "ZONE", "TYPE", "STATE", "LAST SEEN"}, rows)
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
