package main

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/zones"
)

// hand is a command by hand: what a keypad at the board would do.
type hand struct {
	name  string
	verb  panel.Verb
	usage string
	arms  bool // takes --force, and needs no code while disarmed
	zones bool // takes zones
	told  string
}

const aboutHand = "A code is asked for, or read from standard input, as a keypad does; only arming a disarmed panel needs none."

const aboutDrill = `Texts and calls go the true way to everybody who is told of alarms, phones in the
house too. Each text begins TEST; the calls go on until somebody outside presses 1 or
replies OK and the number in the text. A disarm ends it, and so does an alarm.

A code is asked for, or read from standard input. At a terminal it waits for the score;
gsmpanel incidents shows it later, and contacts of class report are texted it.`

var (
	arm      = hand{name: "arm", verb: panel.VerbArm, usage: "arm everything: nobody is at home", arms: true}
	home     = hand{name: "home", verb: panel.VerbHome, usage: "arm doors and windows: somebody is at home", arms: true}
	night    = hand{name: "night", verb: panel.VerbNight, usage: "arm as home, and entry doors at once", arms: true}
	disarm   = hand{name: "disarm", verb: panel.VerbDisarm, usage: "disarm, silence, forget the alarm memory"}
	bypass   = hand{name: "bypass", verb: panel.VerbBypass, usage: "leave zones out until the next disarm", zones: true}
	unbypass = hand{name: "unbypass", verb: panel.VerbUnbypass, usage: "watch zones again", zones: true}
	drill    = hand{name: "test", verb: panel.VerbTest, usage: "a drill: texts that begin TEST and calls to all who are told of alarms", told: aboutDrill}
)

func (p *program) handCommand(h hand) *cli.Command {
	c := &cli.Command{
		Name: h.name, Usage: h.usage, Category: "By hand",
		Description: cmp.Or(h.told, aboutHand),
		Action:      func(c *cli.Context) error { return p.byHand(c, h) },
	}
	if h.arms {
		c.Flags = []cli.Flag{&cli.BoolFlag{Name: "force", Usage: "arm whatever is open, and leave out what is"}}
	}
	if h.zones {
		c.ArgsUsage = "ZONE..."
	}
	return c
}

func (p *program) byHand(c *cli.Context, h hand) error {
	var names []string
	if h.zones {
		names = []string{"ZONE..."}
	}
	args, err := wants(c, names...)
	if err != nil {
		return err
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		if d.daemon == nil {
			return panel.ErrNotRunning
		}
		r := panel.CommandRequest{Verb: h.verb, Force: c.Bool("force")}
		if r.Zones, err = numbers(ctx, d, args); err != nil {
			return err
		}
		if r.Digits, err = p.digitsFor(ctx, d, h); err != nil {
			return err
		}
		wait := p.waitFor(codeCheck)
		a, err := d.Command(ctx, r)
		wait.over()
		if err != nil {
			return err
		}
		if !a.Done {
			return broken(h.afterRefusal(), "%s", a.Text)
		}
		if err := p.say("%s", a.Text); err != nil || h.verb != panel.VerbTest {
			return err
		}
		return p.followDrill(ctx, d)
	})
}

// numbers finds the zones that are meant, before a code is asked for.
func numbers(ctx context.Context, d desk, names []string) ([]string, error) {
	if len(names) == 0 {
		return nil, nil
	}
	public, err := d.Public(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, name := range names {
		z, found := zones.Config{Zones: public.Zones}.Find(name)
		if !found {
			return nil, broken("gsmpanel zone list shows names and numbers", "there is no zone %q", name)
		}
		out = append(out, strconv.Itoa(z.Number))
	}
	return out, nil
}

// digitsFor reads a code unless the command needs none as the panel stands.
func (p *program) digitsFor(ctx context.Context, d desk, h hand) (panel.Secret, error) {
	if h.arms {
		o, err := d.Outward(ctx)
		if err != nil || o.Mode == zones.Disarmed {
			return "", err
		}
	}
	return p.secret(ctx, "Code")
}

func (h hand) afterRefusal() string {
	if h.arms {
		return "gsmpanel status shows what is open; gsmpanel " + h.name + " --force leaves open zones out"
	}
	return "gsmpanel status shows how the panel stands; " + strings.ToLower(string(h.verb)) + " takes a code that may do it"
}
