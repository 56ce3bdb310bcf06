package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/panel"
)

const maxEntries = 10_000

func (p *program) logCommand() *cli.Command {
	return &cli.Command{
		Name: "log", Usage: "the last events, oldest first", Category: "What is", Action: p.log,
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "n", Value: 20, Usage: "how many `EVENTS`, 1 to 10000"},
			&cli.BoolFlag{Name: "follow", Usage: "go on with each new event; with --json one object a line"},
			&cli.BoolFlag{Name: "sealed", Usage: "what was hidden, 12 h after it closed, for a master code"},
			jsonFlag(),
		},
	}
}

func (p *program) log(c *cli.Context) error {
	if _, err := wants(c); err != nil {
		return err
	}
	n := c.Int("n")
	switch {
	case n < 1 || n > maxEntries:
		return usage("", "-n cannot be %d; 1 to %d events are allowed, for example -n 20", n, maxEntries)
	case c.Bool("sealed") && c.Bool("follow"):
		return usage("", "--sealed and --follow do not go together; leave one out")
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		switch {
		case c.Bool("sealed"):
			return p.sealed(ctx, d, c.Bool("json"))
		case c.Bool("follow"):
			return p.followLog(ctx, d, n, c.Bool("json"))
		}
		entries, err := d.Log(ctx, n)
		if err != nil {
			return err
		}
		return p.printEntries(ctx, d, entries, "The journal is empty.", c.Bool("json"))
	})
}

// sealed prints the same for every reason that there is nothing.
func (p *program) sealed(ctx context.Context, d desk, asJSON bool) error {
	digits, err := p.secret(ctx, "Master code")
	if err != nil {
		return err
	}
	wait := p.waitFor(codeCheck)
	entries, err := d.SealedLog(ctx, digits)
	wait.over()
	if err != nil {
		return err
	}
	return p.printEntries(ctx, d, entries, "no sealed entries", asJSON)
}

func (p *program) printEntries(ctx context.Context, d desk, entries []panel.Entry, empty string, asJSON bool) error {
	if asJSON {
		return printJSON(p.out, listed(entries))
	}
	if len(entries) == 0 {
		return p.say("%s", empty)
	}
	public, err := d.Public(ctx)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := p.say("%s", entryLine(e, siteTime(public.Site))); err != nil {
			return err
		}
	}
	return nil
}

func entryLine(e panel.Entry, at *time.Location) string {
	by := together(e.Person, e.Channel)
	if by != "" {
		by = " (" + by + ")"
	}
	return fmt.Sprintf("%6d  %s  %s%s", e.Number, localTime(e.Time, at), oneLine(e.Text), by)
}

func (p *program) followLog(ctx context.Context, d desk, n int, asJSON bool) error {
	if d.daemon == nil {
		return panel.ErrNotRunning
	}
	public, err := d.Public(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	err = d.daemon.Follow(ctx, n, func(e panel.Entry) {
		if err := p.printEntry(e, siteTime(public.Site), asJSON); err != nil {
			cancel(err) // whoever read it has gone
		}
	})
	if cause := context.Cause(ctx); err == nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err // none where it was stopped from the keyboard
}

func (p *program) printEntry(e panel.Entry, at *time.Location, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(p.out).Encode(e)
	}
	return p.say("%s", entryLine(e, at))
}
