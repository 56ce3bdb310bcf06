package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/panel"
)

func (p *program) siteCommand() *cli.Command {
	return &cli.Command{
		Name: "site", Usage: "what texts say of the place", Category: "The household",
		Subcommands: []*cli.Command{
			{Name: "set", Usage: "change what texts say", UsageText: `gsmpanel site set --name Home --address "12 Mill Lane, Hexton" --country GB --zone Europe/London`, Flags: []cli.Flag{
				&cli.StringFlag{Name: "name", Usage: "the `NAME` that texts begin with"},
				&cli.StringFlag{Name: "address", Usage: "where help is to come to, up to 60 letters"},
				&cli.StringFlag{Name: "country", Usage: "two letters of ISO 3166; completes national numbers"},
				&cli.StringFlag{Name: "zone", Usage: "time zone by its IANA name, such as Europe/London"},
				&cli.StringFlag{Name: "police", Usage: "the `NUMBER` that people dial for help; the panel never calls it"},
			}, Action: p.siteSet},
			{Name: "show", Usage: "print what texts say", Flags: []cli.Flag{jsonFlag()}, Action: p.siteShow},
			p.siteWords(),
		},
	}
}

func (p *program) siteSet(c *cli.Context) error {
	if _, err := wants(c); err != nil {
		return err
	}
	e := panel.SetSite{Name: text(c, "name"), Address: text(c, "address"), Country: text(c, "country"), Zone: text(c, "zone"), Police: text(c, "police")}
	if e == (panel.SetSite{}) {
		return nothingToChange(`--address "12 Mill Lane, Hexton"`)
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		if err := d.Edit(ctx, e); err != nil {
			return err
		}
		return p.printSite(ctx, d)
	})
}

func (p *program) siteShow(c *cli.Context) error {
	if _, err := wants(c); err != nil {
		return err
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		if !c.Bool("json") {
			return p.printSite(ctx, d)
		}
		public, err := d.Public(ctx)
		if err != nil {
			return err
		}
		return printJSON(p.out, public.Site)
	})
}

func (p *program) printSite(ctx context.Context, d desk) error {
	public, err := d.Public(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	for _, row := range [][2]string{
		{"name", public.Site.Name}, {"address", public.Site.Address}, {"country", public.Site.Country},
		{"zone", public.Site.Zone}, {"police", public.Site.Police},
	} {
		if row[1] == "" {
			row[1] = "not set"
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\n", row[0], row[1]); err != nil {
			return err
		}
	}
	return w.Flush()
}

// text is the flag's value, nil where it was not given.
func text(c *cli.Context, flag string) *string {
	if !c.IsSet(flag) {
		return nil
	}
	s := c.String(flag)
	return &s
}

// truth is the flag's value, nil where it was not given.
func truth(c *cli.Context, flag string) *bool {
	if !c.IsSet(flag) {
		return nil
	}
	b := c.Bool(flag)
	return &b
}

func nothingToChange(example string) error {
	return usage("", "nothing to change is given; give at least one flag, for example %s", example)
}
