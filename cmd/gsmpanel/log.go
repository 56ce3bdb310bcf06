package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/control"
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
	page := page{screen: p.screen(), at: siteTime(public.Site)}
	for _, e := range entries {
		if err := p.say("%s", page.entry(e)); err != nil {
			return err
		}
	}
	return nil
}

// page prints entries of the journal, one below the other: at a terminal the day
// stands once above all of its entries, elsewhere in each line.
type page struct {
	screen
	at  *time.Location
	day string
}

func (g *page) entry(e panel.Entry) string {
	text := oneLine(e.Text)
	if by := together(e.Person, e.Channel); by != "" {
		text += " (" + by + ")"
	}
	if g.width == 0 {
		return fmt.Sprintf("%6d  %s  %s", e.Number, localTime(e.Time, g.at), text)
	}
	head, day := "", e.Time.In(g.at).Format("Monday 2 January 2006")
	if day != g.day {
		head, g.day = g.paint(inBold, day)+"\n", day
	}
	lead := fmt.Sprintf("%6d  %s  ", e.Number, e.Time.In(g.at).Format("15:04:05"))
	return head + g.paint(urgency(e), lead+g.fold(text, len(lead)))
}

// urgency is the colour of an entry: alarms and troubles that begin (Contact ID 1xx
// and 3xx with qualifier 1).
func urgency(e panel.Entry) string {
	switch {
	case strings.HasPrefix(e.ContactID, "11"):
		return inRed
	case strings.HasPrefix(e.ContactID, "13"):
		return inYellow
	}
	return ""
}

// comesBack is between looks whether a panel that has stopped is there again.
const comesBack = time.Second

// followLog goes on when the panel is started again, until it is stopped from the
// keyboard or nobody reads it any more.
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
	page, last := page{screen: p.screen(), at: siteTime(public.Site)}, uint64(0)
	each := func(e panel.Entry) {
		if e.Number <= last {
			return
		}
		last = e.Number
		if err := p.printEntry(&page, e, asJSON); err != nil {
			cancel(err) // whoever read it has gone
		}
	}
	for {
		err = d.daemon.Follow(ctx, n, each)
		if ctx.Err() != nil {
			if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
				return cause
			}
			return nil // stopped from the keyboard
		}
		if refused := (*control.Error)(nil); errors.As(err, &refused) {
			return err
		}
		p.tell("The panel has stopped; the log goes on when it runs again.")
		if n, err = untilBack(ctx, d, last); err == nil {
			p.tell("The panel runs again.")
		}
	}
}

// untilBack waits until the panel answers, and says how many entries may have been
// missed; more is no harm.
func untilBack(ctx context.Context, d desk, last uint64) (missed int, err error) {
	const meanwhile = 100 // may come before they are asked for
	for {
		if newest, err := d.daemon.Log(ctx, 1); err == nil && len(newest) > 0 {
			return int(min(max(newest[0].Number, last)-last+meanwhile, maxEntries)), nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(comesBack):
		}
	}
}

func (p *program) printEntry(page *page, e panel.Entry, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(p.out).Encode(e)
	}
	return p.say("%s", page.entry(e))
}
