package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
)

func contactFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "control", Usage: "may command the panel by text, with a code"},
		&cli.BoolFlag{Name: "at-site", Usage: "lives there: is not told of duress or a silent panic"},
		&cli.BoolFlag{Name: "off-site", Usage: "lives elsewhere: is told even if --control"},
		&cli.StringSliceFlag{Name: "class", Usage: "what reaches them: life, alarm, trouble, report, in commas, or none"},
		&cli.BoolFlag{Name: "no-call", Usage: "is only texted"},
		&cli.BoolFlag{Name: "no-text", Usage: "is only called"},
	}
}

func (p *program) contactCommand() *cli.Command {
	return &cli.Command{
		Name: "contact", Usage: "the people who are told, in their order", Category: "The household",
		Subcommands: []*cli.Command{
			{Name: "add", Usage: "put a person at the end of the list", ArgsUsage: "NAME NUMBER", Action: p.contactAdd,
				Flags: append(contactFlags(), &cli.BoolFlag{Name: "quiet", Usage: "do not text them what to expect"})},
			{Name: "list", Usage: "print the list", Flags: []cli.Flag{jsonFlag()}, Action: p.contactList},
			{Name: "edit", Usage: "change a person; --control=false takes a mark away", ArgsUsage: "NAME", Action: p.contactEdit,
				Flags: append(contactFlags(),
					&cli.StringFlag{Name: "name", Usage: "the new `NAME`"},
					&cli.StringFlag{Name: "number", Usage: "the new `NUMBER`"},
					&cli.IntFlag{Name: "place", Usage: "the `PLACE` on the list; 1 is told first"})},
			{Name: "remove", Usage: "take a person off the list", ArgsUsage: "NAME", Action: p.contactRemove},
		},
	}
}

// classes is what --class says, nil where it was not given.
func classes(c *cli.Context) (*[]alert.Class, error) {
	if !c.IsSet("class") {
		return nil, nil
	}
	words := strings.FieldsFunc(strings.Join(c.StringSlice("class"), ","), func(r rune) bool { return r == ',' || r == ' ' })
	if len(words) == 0 {
		return nil, usage("", "--class needs a value; allowed are life, alarm, trouble, report and none, for example --class life,alarm")
	}
	list := []alert.Class{}
	if slices.Equal(words, []string{"none"}) {
		return &list, nil
	}
	for _, w := range words {
		class := alert.Class(strings.ToLower(w))
		if !slices.Contains(alert.Classes, class) {
			return nil, usage("", "class %q is unknown or does not go with the others; allowed are life, alarm, trouble, report, or none alone, for example --class life,alarm", w)
		}
		if !slices.Contains(list, class) {
			list = append(list, class)
		}
	}
	return &list, nil
}

func (p *program) contactAdd(c *cli.Context) error {
	args, err := wants(c, "NAME", "NUMBER")
	if err != nil {
		return err
	}
	e := panel.AddContact{Quiet: c.Bool("quiet"), Contact: alert.Contact{
		Name: args[0], Number: args[1], Control: c.Bool("control"), AtSite: c.Bool("at-site"), OffSite: c.Bool("off-site"),
		NoCall: c.Bool("no-call"), NoText: c.Bool("no-text"),
	}}
	given, err := classes(c)
	if err != nil {
		return err
	}
	if given != nil {
		e.Classes = *given
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		if err := d.Edit(ctx, e); err != nil {
			return err
		}
		return p.sayContact(ctx, d, e.Name)
	})
}

func (p *program) contactEdit(c *cli.Context) error {
	args, err := wants(c, "NAME")
	if err != nil {
		return err
	}
	e := panel.EditContact{
		Contact: args[0], Name: text(c, "name"), Number: text(c, "number"), Control: truth(c, "control"),
		AtSite: truth(c, "at-site"), OffSite: truth(c, "off-site"), NoCall: truth(c, "no-call"), NoText: truth(c, "no-text"),
	}
	if e.Classes, err = classes(c); err != nil {
		return err
	}
	if c.IsSet("place") {
		place := c.Int("place")
		e.Place = &place
	}
	if e == (panel.EditContact{Contact: args[0]}) {
		return nothingToChange("--number +447700900123")
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		if err := d.Edit(ctx, e); err != nil {
			return err
		}
		name := args[0]
		if e.Name != nil {
			name = *e.Name
		}
		if err := p.sayContact(ctx, d, name); err != nil {
			return err
		}
		return p.warnOfNobody(ctx, d)
	})
}

func (p *program) contactRemove(c *cli.Context) error {
	args, err := wants(c, "NAME")
	if err != nil {
		return err
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		before, err := d.Public(ctx)
		if err != nil {
			return err
		}
		if err := d.Edit(ctx, panel.RemoveContact{Name: args[0]}); err != nil {
			return err
		}
		if err := p.say("%s is off the list.", oneLine(args[0])); err != nil {
			return err
		}
		p.warnOfKeys(before, oneLine(args[0]))
		return p.warnOfNobody(ctx, d)
	})
}

// warnOfKeys says what a person who is off the list can still do.
func (p *program) warnOfKeys(before panel.Public, name string) {
	for _, r := range before.Remotes {
		if strings.EqualFold(r.Contact, name) {
			p.tell("warning: %s still works; gsmpanel remote remove %s takes it out", r.Name, quoted(r.Name))
		}
	}
	if slices.ContainsFunc(before.Persons, func(person string) bool { return strings.EqualFold(person, name) }) {
		p.tell("warning: the code of %s still works at the board; gsmpanel code remove %s takes it out", name, quoted(name))
	}
}

// warnOfNobody says, whatever codes there are, if a change has left nobody who
// could be told silently of somebody's duress.
func (p *program) warnOfNobody(ctx context.Context, d desk) error {
	public, err := d.Public(ctx)
	if err != nil {
		return err
	}
	for _, name := range public.Persons {
		if eligible(public, name) == 0 {
			p.tell("warning: if %s were forced, nobody could be told silently; add people who live elsewhere", name)
		}
	}
	return nil
}

// eligible counts who would be told silently if a person were forced.
func eligible(public panel.Public, person string) int {
	own := append([]string{person}, public.Phones[person]...)
	return len(alert.Eligible(alert.Config{Contacts: public.Contacts}, "", own, nil))
}

// sayContact prints how a contact stands on the list now.
func (p *program) sayContact(ctx context.Context, d desk, name string) error {
	public, err := d.Public(ctx)
	if err != nil {
		return err
	}
	for i, k := range public.Contacts {
		if strings.EqualFold(k.Name, oneLine(name)) {
			return p.say("%s, %s, is at place %d of the list and gets %s.", k.Name, k.Number, i+1, gets(k))
		}
	}
	return p.say("It is done; somebody else has changed the list since.")
}

func gets(k alert.Contact) string {
	if len(k.Classes) == 0 {
		return "nothing"
	}
	words := make([]string, 0, len(k.Classes))
	for _, class := range k.Classes {
		words = append(words, string(class))
	}
	return strings.Join(words, ", ")
}

// lives says what is known of where a contact lives.
func lives(k alert.Contact) string {
	switch {
	case k.AtSite:
		return "there"
	case k.OffSite:
		return "elsewhere"
	case k.Control:
		return "taken to be there"
	}
	return "not said"
}

func (p *program) contactList(c *cli.Context) error {
	return p.listing(c, func(public panel.Public) error {
		if c.Bool("json") {
			for i := range public.Contacts {
				public.Contacts[i].Classes = listed(public.Contacts[i].Classes)
			}
			return printJSON(p.out, listed(public.Contacts))
		}
		var rows [][]string
		for i, k := range public.Contacts {
			marks := together(yes(k.Control, "may command"), yes(k.NoCall, "no calls"), yes(k.NoText, "no texts"))
			rows = append(rows, []string{strconv.Itoa(i + 1), k.Name, k.Number, gets(k), lives(k), marks})
		}
		return table(p.out, "Nobody is on the list; add a person with `gsmpanel contact add NAME NUMBER`.",
			[]string{"", "NAME", "NUMBER", "GETS", "LIVES", ""}, rows)
	})
}
