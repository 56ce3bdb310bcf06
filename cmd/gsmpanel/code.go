package main

import (
	"context"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
)

const digitsApart = "The digits are asked for, or read from standard input, a line each: the present code if the person has one, then the new one."

const wordApart = digitsApart + ` At a terminal the kind is asked for too, if it is not given, and may be "word": a duress word.
With --word a word of 4 to 12 letters is asked for instead of the new digits. It makes a duress code of the person's ordinary
code: "482913 DISARM" in a text that also has the word, in any case, disarms in the same way and tells your friends. So the
messages in the phone show no second code. It is not taken where only digits are typed. Take a word that nobody would text to
an alarm by chance.`

const forgotten = `It asks for no code: it is the way out for somebody who has forgotten theirs. Then code add NAME makes a new one. Once the
panel has been armed, everybody on the list is texted that codes were removed, and that a person got one who had none.
Duress codes go with the others; make them anew.`

func (p *program) codeCommand() *cli.Command {
	return &cli.Command{
		Name: "code", Usage: "the digits that command the panel", Category: "The household",
		Subcommands: []*cli.Command{
			{Name: "add", Usage: "give a person a code", ArgsUsage: "NAME", Description: wordApart, Action: p.codeAdd, Flags: []cli.Flag{
				&cli.StringFlag{Name: "kind", Usage: "user, master, guest or duress; asked for at a terminal, so that no history of commands holds it"},
				&cli.BoolFlag{Name: "word", Usage: "a duress word, for --kind duress"},
				&cli.StringSliceFlag{Name: "contact", Usage: "the `NAME` of a contact that is this person's phone; the contact of that name, if none is given"},
				&cli.StringFlag{Name: "from", Usage: "a guest's first day, such as 2026-07-01"},
				&cli.StringFlag{Name: "until", Usage: "a guest's last day"},
				&cli.StringFlag{Name: "days", Usage: "a guest's days, such as mon-fri"},
				&cli.StringFlag{Name: "hours", Usage: "a guest's hours, such as 8-12"},
				&cli.BoolFlag{Name: "arm-only", Usage: "a guest may arm and not disarm"},
			}},
			{Name: "list", Usage: "print who has a code", Flags: []cli.Flag{jsonFlag()}, Action: p.codeList},
			{Name: "change", Usage: "replace the code that is given as the present one", ArgsUsage: "NAME", Description: digitsApart, Action: p.codeChange},
			{Name: "remove", Usage: "remove a person's codes", ArgsUsage: "NAME", Description: forgotten, Action: p.codeRemove},
		},
	}
}

var kinds = []duress.Kind{duress.User, duress.Master, duress.Guest, duress.Duress}

func (p *program) codeAdd(c *cli.Context) error {
	args, err := wants(c, "NAME")
	if err != nil {
		return err
	}
	r := panel.CodeRequest{Do: "add", Name: args[0], Kind: duress.Kind(strings.ToLower(c.String("kind")))}
	if c.IsSet("kind") && !slices.Contains(kinds, r.Kind) {
		return usage("", "kind %q is unknown; user, master, guest and duress are allowed, for example --kind guest", r.Kind)
	}
	if r.Word = c.Bool("word"); r.Word && r.Kind == "" {
		r.Kind = duress.Duress
	}
	if r.Word && r.Kind != duress.Duress {
		return usage("", "--word and --kind %s do not go together; a word is of kind duress, for example --kind duress --word", r.Kind)
	}
	if c.IsSet("contact") {
		r.Contacts = c.StringSlice("contact")
	}
	r.Rights = duress.Rights{From: c.String("from"), Until: c.String("until"), Days: c.String("days"), Hours: c.String("hours"), ArmOnly: c.Bool("arm-only")}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		public, err := d.Public(ctx)
		if err != nil {
			return err
		}
		if err := p.askKind(ctx, &r); err != nil {
			return err
		}
		if _, person := p.terminal(); person {
			p.warnOfUnsaid(public.Contacts)
		}
		what := "code"
		if c.Bool("word") { // not where it was typed unseen
			what = "word"
		}
		return p.newDigits(ctx, d, &r, public, what)
	})
}

// askKind asks a person for the kind, unseen: what stands on a screen can be
// scrolled back to by somebody who stands behind.
func (p *program) askKind(ctx context.Context, r *panel.CodeRequest) error {
	if _, person := p.terminal(); r.Kind != "" || !person {
		if r.Kind == "" {
			r.Kind = duress.User
		}
		return nil
	}
	typed, err := p.unseen(ctx, "Kind: user, master, guest, duress or word (not shown as you type; Enter alone is user)")
	if err != nil {
		return err
	}
	r.Kind = duress.Kind(strings.ToLower(typed))
	switch r.Kind {
	case "":
		r.Kind = duress.User
	case "word":
		r.Kind, r.Word = duress.Duress, true
	}
	if !slices.Contains(kinds, r.Kind) {
		return broken("", "what was typed is no kind; user, master, guest, duress and word are allowed")
	}
	return nil
}

// warnOfUnsaid is the same whatever the kind.
func (p *program) warnOfUnsaid(contacts []alert.Contact) {
	for _, k := range contacts {
		if k.Gets(alert.Life) && unsaid(k) {
			p.tell("warning: it is not said whether %s lives there; if so, a silent alarm would reach a phone in the house: gsmpanel contact edit %q --at-site, or --off-site", k.Name, k.Name)
		}
	}
}

// unsaid tells whether nobody has said where the contact lives.
func unsaid(k alert.Contact) bool { return !k.AtSite && !k.OffSite && !k.Control }

func (p *program) codeChange(c *cli.Context) error {
	args, err := wants(c, "NAME")
	if err != nil {
		return err
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		public, err := d.Public(ctx)
		if err != nil {
			return err
		}
		if !hasCode(public, args[0]) {
			return noCode(args[0])
		}
		return p.newDigits(ctx, d, &panel.CodeRequest{Do: "change", Name: args[0]}, public, "code")
	})
}

func hasCode(public panel.Public, name string) bool {
	return slices.ContainsFunc(public.Persons, func(known string) bool { return strings.EqualFold(known, oneLine(name)) })
}

func noCode(name string) error {
	return broken("gsmpanel code list shows who has one", "nobody called %q has a code", name)
}

// newDigits reads the present code, if there is one, and the new one, and hands
// them over. What it prints is the same whatever the kind; what is asked for, a
// code or a word, is what stands on the command line.
func (p *program) newDigits(ctx context.Context, d desk, r *panel.CodeRequest, public panel.Public, what string) error {
	var err error
	if hasCode(public, r.Name) {
		if r.Present, err = p.secret(ctx, "Present code of "+r.Name); err != nil {
			return err
		}
	}
	if r.New, err = p.secret(ctx, "New "+what+" of "+r.Name); err != nil {
		return err
	}
	if _, person := p.terminal(); person {
		again, err := p.secret(ctx, "The new "+what+" once more")
		if err != nil {
			return err
		}
		if again != r.New {
			return notAlike(what)
		}
	}
	if err := p.putCode(ctx, d, *r); err != nil {
		return err
	}
	return p.say("The new code of %s holds.", r.Name)
}

func notAlike(what string) error {
	return broken("", "the new %s was not typed alike twice; nothing was changed", what)
}

// putCode hands a code over, and shows how far its check is.
func (p *program) putCode(ctx context.Context, d desk, r panel.CodeRequest) error {
	wait := p.waitFor(codeCheck)
	defer wait.over()
	return d.Codes(ctx, r, wait.show)
}

func (p *program) codeRemove(c *cli.Context) error {
	args, err := wants(c, "NAME")
	if err != nil {
		return err
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		public, err := d.Public(ctx)
		if err != nil {
			return err
		}
		if !hasCode(public, args[0]) {
			return noCode(args[0])
		}
		if err := d.Codes(ctx, panel.CodeRequest{Do: "remove", Name: args[0]}, func(int, int) {}); err != nil {
			return err
		}
		return p.say("%s has no code any more. Once a panel has been armed, everybody on its list is texted that.", oneLine(args[0]))
	})
}

func (p *program) codeList(c *cli.Context) error {
	return p.listing(c, func(public panel.Public) error {
		if c.Bool("json") {
			type person struct {
				Name string `json:"name"`
			}
			list := []person{}
			for _, name := range public.Persons {
				list = append(list, person{name})
			}
			return printJSON(p.out, list)
		}
		var rows [][]string
		for _, name := range public.Persons {
			rows = append(rows, []string{name})
		}
		return table(p.out, "Nobody has a code; make one with `gsmpanel code add NAME`.", []string{"NAME"}, rows)
	})
}
