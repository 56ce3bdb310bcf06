package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
)

func (p *program) importCommand() *cli.Command {
	return &cli.Command{
		Name: "import", Usage: "take over the configuration of an exported file, all of it or nothing", ArgsUsage: "[FILE]", Category: "The household", Action: p.importFile,
		Description: "Without FILE it is read from standard input. Lists in it (contacts, zones, remotes)\n" +
			"become exactly those; what is left out of it stays as it is, and so do codes, open\n" +
			"alarms and the log. Nobody is texted.\n" +
			"   gsmpanel export house.yaml\n" +
			"   gsmpanel import house.yaml",
	}
}

func (p *program) importFile(c *cli.Context) error {
	args := c.Args().Slice()
	if len(args) > 1 {
		return usage("put quotation marks around a file name with blanks", "%q is too much; it takes one FILE or none", args[1])
	}
	name, from := "standard input", p.in
	if len(args) == 1 {
		f, err := os.Open(args[0])
		if err != nil {
			return noFile(args[0], "read", err)
		}
		defer func() { _ = f.Close() }() // only read
		name, from = args[0], f
	}
	data, err := io.ReadAll(io.LimitReader(from, maxFile+1))
	if err != nil {
		return noFile(name, "read", err)
	}
	e, err := readExported(data)
	if err != nil {
		return fmt.Errorf("%s: %w; nothing was changed", name, err)
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		before, err := d.Public(ctx)
		if err != nil {
			return err
		}
		if err := d.Edit(ctx, e); err != nil {
			return fmt.Errorf("%s: %w; nothing was changed", name, err)
		}
		return p.sayImported(ctx, d, name, e, before)
	})
}

// sayImported says what there is now, and what no file can bring.
func (p *program) sayImported(ctx context.Context, d desk, file string, e panel.Import, before panel.Public) error {
	public, err := d.Public(ctx)
	if err != nil {
		return err
	}
	for _, name := range public.Awaited {
		p.tell("warning: %s has no code here, and no file makes one; gsmpanel code add %s", name, quoted(name))
	}
	if e.Persons != nil {
		p.noteCodes(public, e)
	}
	p.warnOfGone(before, public, e)
	p.warnOfUnsaid(public.Contacts)
	if len(public.Remotes) > 0 {
		p.tell("note: a file does not say all that a button does; press each button of the remotes and see that it does what it should")
	}
	p.noteKeys(public)
	if err := p.warnOfNobody(ctx, d); err != nil {
		return err
	}
	return p.say("The configuration is that of %s: %s, %s and %s. What is going on goes on.", file,
		many(len(public.Contacts), "contact"), many(len(public.Zones), "zone"), many(len(public.Remotes), "remote"))
}

// warnOfGone says what those can still do whom the file has taken off the list.
func (p *program) warnOfGone(before, now panel.Public, e panel.Import) {
	keys := panel.Public{}
	for _, r := range before.Remotes {
		if slices.ContainsFunc(now.Remotes, func(o radio.Remote) bool { return o.Name == r.Name && o.Contact == "" }) {
			keys.Remotes = append(keys.Remotes, r)
		}
	}
	if e.Persons == nil { // or noteCodes says it
		keys.Persons = now.Persons
	}
	for _, k := range before.Contacts {
		if !slices.ContainsFunc(now.Contacts, func(o alert.Contact) bool { return o.Number == k.Number || strings.EqualFold(o.Name, k.Name) }) {
			p.warnOfKeys(keys, k.Name)
		}
	}
}

// noteCodes says where the persons of a file and those who have a code here differ.
func (p *program) noteCodes(public panel.Public, e panel.Import) {
	for _, name := range public.Persons {
		i := slices.IndexFunc(*e.Persons, func(o panel.Placed[duress.Person]) bool { return strings.EqualFold(o.Item.Name, name) })
		if i < 0 {
			p.tell("note: %s has a code here and is not in the file; the code stays, and gsmpanel code remove %s takes it away", name, quoted(name))
			continue
		}
		given := panel.Public{Contacts: public.Contacts, Phones: map[string][]string{name: append((*e.Persons)[i].Item.Contacts, name)}}
		if !slices.Equal(phonesOf(given, name), phonesOf(public, name)) {
			p.tell("note: which phones are those of %s stays as it was, since %s has a code here: %s", name, name, together(phonesOf(public, name)...))
		}
	}
}

// noteKeys says which remotes would be checked better with their makers' keys.
func (p *program) noteKeys(public panel.Public) {
	for _, r := range public.Remotes {
		rolling := func(b radio.Button) bool { _, ok := radio.RollingSerial(b.ID); return ok && !proven(public, b) }
		if slices.ContainsFunc(r.Buttons, rolling) {
			p.tell("note: the rolling codes of %s are not checked by a maker's key, which no file holds; gsmpanel remote remove and remote add --maker-key give it", r.Name)
		}
	}
}
