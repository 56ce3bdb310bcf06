package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

func zoneFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "type", Usage: "`TYPE`: " + zoneTypes()},
		&cli.StringFlag{Name: "sensor", Usage: "the `ID` that means open or tripped"},
		&cli.StringFlag{Name: "close", Usage: "the `ID` that means closed; without one the sensor has no open"},
		&cli.StringFlag{Name: "tamper", Usage: "the `ID` that means its cover was opened"},
		&cli.StringFlag{Name: "low-battery", Usage: "the `ID` that means its battery is low"},
		&cli.StringFlag{Name: "supervise", Usage: "not to be heard for that `TIME` is a trouble, 10m to 90d, such as 12h; 0 is never"},
		&cli.StringFlag{Name: "cross", Usage: "its partner: an alarm only when that `ZONE` trips too, within cross-zone-window; " + zones.Unpaired + " frees it"},
	}
}

func zoneTypes() string {
	var words []string
	for _, t := range zones.Types() {
		words = append(words, string(t))
	}
	return strings.Join(words, ", ")
}

func (p *program) zoneCommand() *cli.Command {
	return &cli.Command{
		Name: "zone", Usage: "doors, windows and rooms that are watched", Category: "The household",
		Subcommands: []*cli.Command{
			{Name: "add", Usage: "add a zone under the lowest free number", ArgsUsage: "NAME", Flags: zoneFlags(), Action: p.zoneAdd},
			{Name: "list", Usage: "print the zones", Flags: []cli.Flag{jsonFlag()}, Action: p.zoneList},
			{Name: "edit", Usage: "change a zone, by name or number", ArgsUsage: "ZONE", Action: p.zoneEdit,
				Flags: append(zoneFlags(), &cli.StringFlag{Name: "name", Usage: "the new `NAME`"})},
			{Name: "remove", Usage: "take a zone out, by name or number", ArgsUsage: "ZONE", Action: p.zoneRemove},
		},
	}
}

func (p *program) zoneAdd(c *cli.Context) error {
	args, err := wants(c, "NAME")
	if err != nil {
		return err
	}
	for flag, example := range map[string]string{"type": "--type entry", "sensor": "--sensor ev1527:13CDC0"} {
		if c.String(flag) == "" {
			return usage("", "zone %q needs --%s, for example %s", args[0], flag, example)
		}
	}
	supervise, err := supervision(c)
	if err != nil {
		return err
	}
	z := zones.Zone{
		Name: args[0], Type: zones.Type(strings.ToLower(c.String("type"))), Sensor: c.String("sensor"), Close: c.String("close"),
		Tamper: c.String("tamper"), LowBattery: c.String("low-battery"), Supervise: supervise,
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		if err := d.Edit(ctx, panel.AddZone{Zone: z, Cross: c.String("cross")}); err != nil {
			return err
		}
		return p.sayZone(ctx, d, z.Name)
	})
}

func (p *program) zoneEdit(c *cli.Context) error {
	args, err := wants(c, "ZONE")
	if err != nil {
		return err
	}
	e := panel.EditZone{Zone: args[0], Name: text(c, "name"), Sensor: text(c, "sensor"), Close: text(c, "close"),
		Tamper: text(c, "tamper"), LowBattery: text(c, "low-battery"), Cross: text(c, "cross")}
	if c.IsSet("type") {
		t := zones.Type(strings.ToLower(c.String("type")))
		e.Type = &t
	}
	if c.IsSet("supervise") {
		d, err := supervision(c)
		if err != nil {
			return err
		}
		e.Supervise = &d
	}
	if e == (panel.EditZone{Zone: args[0]}) {
		return nothingToChange("--type interior")
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		if err := d.Edit(ctx, e); err != nil {
			return err
		}
		if e.Name != nil {
			return p.sayZone(ctx, d, *e.Name)
		}
		return p.sayZone(ctx, d, args[0])
	})
}

func (p *program) zoneRemove(c *cli.Context) error {
	args, err := wants(c, "ZONE")
	if err != nil {
		return err
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		if err := d.Edit(ctx, panel.RemoveZone{Zone: args[0]}); err != nil {
			return err
		}
		return p.say("Zone %s is removed.", oneLine(args[0]))
	})
}

func (p *program) sayZone(ctx context.Context, d desk, nameOrNumber string) error {
	public, err := d.Public(ctx)
	if err != nil {
		return err
	}
	all := zones.Config{Zones: public.Zones}
	z, found := all.Find(nameOrNumber)
	if !found {
		return p.say("It is done; somebody else has changed the zones since.")
	}
	if err := p.say("Zone %d, %s, is of type %s and listens to %s.", z.Number, z.Name, z.Type, z.Sensor); err != nil {
		return err
	}
	if name := partner(all, z); name != "" {
		if err := p.say("Its partner is %s: where both are watched, a trip without a delay is an alarm only when both trip within cross-zone-window.", name); err != nil {
			return err
		}
	}
	if z.Type == zones.Panic && radio.TellsHolds(z.Sensor) {
		if err := p.sayWhoTells(ctx, d); err != nil {
			return err
		}
	}
	p.tellRest(z)
	if z.Supervise > 0 && strings.HasPrefix(z.Sensor, radio.FamilyEV1527+":") {
		p.tell("warning: sensors such as %s never report by themselves, they speak only when they trip; choose --supervise longer than it is ever quiet at zone %s, holidays included", z.Sensor, z.Name)
	}
	return nil
}

// tellRest says how a wired loop is taken to rest, since one taken the other way round
// trips when it should not, or a button is pressed for ever.
func (p *program) tellRest(z zones.Zone) {
	line := zones.Input(z.Sensor)
	switch {
	case !zones.Wired(z.Sensor):
	case line != z.Sensor:
		p.tell("note: its loop is open at rest; a cut wire is not noticed")
	case z.Type == zones.Panic:
		p.tell("note: its button opens a loop when it is pressed, and a cut wire is a press; for one that closes it give %s:no", line)
	default:
		p.tell("note: its loop is closed at rest, and a cut wire trips it; for a contact that is open at rest give %s:no", line)
	}
}

// zoneListed is a zone in a listing; durations there are in seconds.
type zoneListed struct {
	Number     int        `json:"number"`
	Name       string     `json:"name"`
	Type       zones.Type `json:"type"`
	Sensor     string     `json:"sensor"`
	Close      string     `json:"close,omitempty"`
	Tamper     string     `json:"tamper,omitempty"`
	LowBattery string     `json:"low_battery,omitempty"`
	Supervise  float64    `json:"supervise"`       // s; 0 is never
	Cross      int        `json:"cross,omitempty"` // its partner's number
}

// partner is the name of the other zone of a pair, "" where there is none.
func partner(all zones.Config, z zones.Zone) string {
	other, _ := all.Find(strconv.Itoa(z.Cross))
	return other.Name
}

func (p *program) zoneList(c *cli.Context) error {
	return p.listing(c, func(public panel.Public) error {
		out, rows := []zoneListed{}, [][]string{}
		for _, z := range public.Zones {
			out = append(out, zoneListed{z.Number, z.Name, z.Type, z.Sensor, z.Close, z.Tamper, z.LowBattery, z.Supervise.Seconds(), z.Cross})
			rows = append(rows, []string{strconv.Itoa(z.Number), z.Name, string(z.Type), z.Sensor, z.Close, z.Tamper, z.LowBattery, supervised(z.Supervise), partner(zones.Config{Zones: public.Zones}, z)})
		}
		if c.Bool("json") {
			return printJSON(p.out, out)
		}
		return table(p.out, "There is no zone; add one with `gsmpanel zone add NAME --type TYPE --sensor ID`.",
			[]string{"", "NAME", "TYPE", "OPEN", "CLOSED", "TAMPER", "LOW BATTERY", "SUPERVISED", "TOGETHER WITH"}, rows)
	})
}

const oneDay = 24 * time.Hour

// supervision reads --supervise, which may be in days too.
func supervision(c *cli.Context) (time.Duration, error) {
	given := c.String("supervise")
	if given == "" {
		return 0, nil
	}
	d, err := parseDays(given)
	if err != nil {
		return 0, usage("", "--supervise cannot be %q; a duration is allowed, for example --supervise 12h", given)
	}
	return d, nil
}

// parseDays reads a duration, and whole days.
func parseDays(given string) (time.Duration, error) {
	if number, ok := strings.CutSuffix(given, "d"); ok {
		if n, err := strconv.ParseUint(number, 10, 16); err == nil {
			return time.Duration(n) * oneDay, nil
		}
	}
	return time.ParseDuration(given)
}

func supervised(d time.Duration) string {
	switch {
	case d == 0:
		return ""
	case d%oneDay == 0:
		return fmt.Sprintf("%dd", d/oneDay)
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return d.String()
}
