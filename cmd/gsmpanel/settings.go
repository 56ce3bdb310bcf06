package main

import (
	"context"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/panel"
)

func (p *program) settingsCommand() *cli.Command {
	return &cli.Command{
		Name: "settings", Usage: "delays, limits and habits of the panel", Category: "The household",
		Subcommands: []*cli.Command{
			{Name: "list", Usage: "print every setting with range, default and meaning", Flags: []cli.Flag{jsonFlag()}, Action: p.settingsList},
			{Name: "get", Usage: "print one setting's value", ArgsUsage: "NAME", Flags: []cli.Flag{jsonFlag()}, Action: p.settingsGet},
			{Name: "set", Usage: "change a setting, such as entry-delay 45s", ArgsUsage: "NAME VALUE", Action: p.settingsSet},
		},
	}
}

func (p *program) settingsList(c *cli.Context) error {
	return p.listing(c, func(public panel.Public) error {
		if c.Bool("json") {
			return printJSON(p.out, listed(public.Settings))
		}
		var rows [][]string
		for _, s := range public.Settings {
			rows = append(rows, []string{s.Name, s.Value, s.Default, s.Range, s.Meaning})
		}
		return table(p.out, "There is no setting.", []string{"NAME", "VALUE", "DEFAULT", "RANGE", "MEANING"}, rows)
	})
}

func (p *program) settingsGet(c *cli.Context) error {
	args, err := wants(c, "NAME")
	if err != nil {
		return err
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		s, err := setting(ctx, d, args[0])
		if err != nil {
			return err
		}
		if c.Bool("json") {
			return printJSON(p.out, s)
		}
		return p.say("%s", s.Value)
	})
}

// setting finds one by name.
func setting(ctx context.Context, d desk, name string) (panel.SettingValue, error) {
	public, err := d.Public(ctx)
	if err != nil {
		return panel.SettingValue{}, err
	}
	if s, found := public.Setting(name); found {
		return s, nil
	}
	name = strings.ToLower(strings.TrimSpace(name))
	var names []string
	for _, s := range public.Settings {
		names = append(names, s.Name)
	}
	hint := "gsmpanel settings list shows them all"
	if near := nearest(name, names); near != "" {
		hint = "try " + near
	}
	return panel.SettingValue{}, broken(hint, "no setting is called %q", name)
}

func (p *program) settingsSet(c *cli.Context) error {
	args, err := wants(c, "NAME", "VALUE")
	if err != nil {
		return err
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		if _, err := setting(ctx, d, args[0]); err != nil {
			return err
		}
		before, err := d.Outward(ctx)
		if err != nil {
			return err
		}
		if err := d.Edit(ctx, panel.Set{Name: args[0], Value: args[1]}); err != nil {
			return err
		}
		return p.saySetting(ctx, d, args[0], before.Warnings)
	})
}

// saySetting prints the value, and what is unwise about it that was not before.
func (p *program) saySetting(ctx context.Context, d desk, name string, before []string) error {
	s, err := setting(ctx, d, name)
	if err != nil {
		return err
	}
	after, err := d.Outward(ctx)
	if err != nil {
		return err
	}
	for _, w := range after.Warnings {
		if !slices.Contains(before, w) {
			p.tell("warning: %s", w)
		}
	}
	return p.say("%s is %s (%s): %s.", s.Name, s.Value, s.Range, s.Meaning)
}
