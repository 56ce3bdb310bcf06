package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

func (p *program) exportCommand() *cli.Command {
	return &cli.Command{
		Name: "export", Usage: "print the configuration as YAML, without codes, or write it to a file", ArgsUsage: "[FILE]", Category: "The household", Action: p.export,
		Description: "To read, to keep, to change in an editor and to give to `gsmpanel import`. It names\n" +
			"people and numbers, never a code or a key. FILE is for nobody's eyes but yours\n" +
			"(0600) and is never written over.",
	}
}

func (p *program) export(c *cli.Context) error {
	args := c.Args().Slice()
	if len(args) > 1 {
		return usage("put quotation marks around a file name with blanks", "%q is too much; it takes one FILE or none", args[1])
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		public, err := d.Public(ctx)
		if err != nil {
			return err
		}
		if len(args) == 0 {
			_, err = p.out.Write(exported(public))
			return err
		}
		if err := writeOwn(args[0], "an export", "house.yaml", func() ([]byte, error) { return exported(public), nil }); err != nil {
			return err
		}
		return p.say("%s has the configuration, without codes.", args[0])
	})
}

// fileVersion is of the form of an exported file.
const fileVersion = 1

const exportHead = `# The configuration of gsmpanel, without codes, keys and PINs. To change it, edit a
# copy and run: gsmpanel import FILE. All of a file is taken over, or nothing.
# A list that stands in it (contacts, zones, remotes) becomes exactly that list;
# what is left out of the file stays as it is.
version: %d
`

// exported is the configuration as a file: the same bytes for the same configuration.
// It is made of what listings show, and can hold no more.
func exported(p panel.Public) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, exportHead, fileVersion)
	exportSite(&b, p.Site)
	exportContacts(&b, p.Contacts)
	exportPersons(&b, p)
	exportZones(&b, p.Zones)
	exportRemotes(&b, p.Remotes)
	exportSettings(&b, p.Settings)
	exportWords(&b, p.Words)
	return b.Bytes()
}

// part begins a part of the file; a list without an entry stands on one line.
func part(b *bytes.Buffer, comment, key string, entries int, empty string) {
	fmt.Fprintf(b, "\n# %s\n%s:", strings.ReplaceAll(comment, "\n", "\n# "), key)
	if entries == 0 {
		fmt.Fprintf(b, " %s", empty)
	}
	b.WriteByte('\n')
}

// entry writes the keys of one entry of a list, without those that have no value.
func entry(b *bytes.Buffer, pairs ...[2]string) {
	lead := "  - "
	for _, pair := range pairs {
		if pair[1] != "" {
			fmt.Fprintf(b, "%s%s: %s\n", lead, pair[0], pair[1])
			lead = "    "
		}
	}
}

func exportSite(b *bytes.Buffer, s panel.Site) {
	part(b, "What texts say of the place. country is two letters of ISO 3166, zone a time zone\nof the IANA list, police the number that people dial.", "site", 1, "")
	for _, pair := range [][2]string{{"name", s.Name}, {"address", s.Address}, {"country", s.Country}, {"zone", s.Zone}, {"police", s.Police}} {
		fmt.Fprintf(b, "  %s: %s\n", pair[0], scalar(pair[1]))
	}
}

func exportContacts(b *bytes.Buffer, list []alert.Contact) {
	part(b, "Who is told, the first one first. classes are life, alarm, trouble and report.\ncontrol: true may command by text; at-site: true lives there, off-site: true does not;\nno-call: true and no-text: true leave out calls and texts.", "contacts", len(list), "[]")
	for _, k := range list {
		entry(b, [2]string{"name", scalar(k.Name)}, [2]string{"number", scalar(k.Number)}, [2]string{"classes", flow(classWords(k.Classes))},
			is("control", k.Control), is("at-site", k.AtSite), is("off-site", k.OffSite), is("no-call", k.NoCall), is("no-text", k.NoText))
	}
}

// is writes what is true; what is not is left out.
func is(key string, b bool) [2]string { return [2]string{key, yes(b, "true")} }

func classWords(classes []alert.Class) []string {
	var words []string
	for _, class := range classes {
		words = append(words, string(class))
	}
	return words
}

// exportPersons names who has a code, and no more of it. They stand by name, not in
// the order in which the codes were made.
func exportPersons(b *bytes.Buffer, p panel.Public) {
	names := slices.Concat(p.Persons, p.Awaited)
	slices.SortFunc(names, func(x, y string) int {
		return cmp.Or(strings.Compare(strings.ToLower(x), strings.ToLower(y)), strings.Compare(x, y))
	})
	part(b, "Who has a code, and which contacts are their own phones. No file makes a code:\ngsmpanel code add NAME", "persons", len(names), "[]")
	for _, name := range names {
		entry(b, [2]string{"name", scalar(name)}, [2]string{"phones", flow(phonesOf(p, name))})
	}
}

// phonesOf are the contacts that are a person's own phones, in the list's order.
func phonesOf(p panel.Public, person string) (names []string) {
	for _, k := range p.Contacts {
		if slices.ContainsFunc(p.Phones[person], func(name string) bool { return strings.EqualFold(name, k.Name) }) {
			names = append(names, k.Name)
		}
	}
	return names
}

func exportZones(b *bytes.Buffer, list []zones.Zone) {
	part(b, "Doors, windows and rooms. A zone keeps its number, since the log names it. type is\n"+zoneTypes()+".\ncross is the number of its partner; supervise: not to be heard for that time is a trouble.", "zones", len(list), "[]")
	for _, z := range list {
		cross := ""
		if z.Cross != 0 {
			cross = fmt.Sprint(z.Cross)
		}
		entry(b, [2]string{"number", fmt.Sprint(z.Number)}, [2]string{"name", scalar(z.Name)}, [2]string{"type", scalar(string(z.Type))}, [2]string{"sensor", scalar(z.Sensor)},
			sensorID("close", z.Close), sensorID("tamper", z.Tamper), sensorID("low-battery", z.LowBattery), [2]string{"supervise", supervised(z.Supervise)}, [2]string{"cross", cross})
	}
}

// sensorID writes a sensor's ID, where there is one.
func sensorID(key, id string) [2]string {
	if id == "" {
		return [2]string{}
	}
	return [2]string{key, scalar(id)}
}

// exportRemotes says of every remote the same, whatever its buttons do.
func exportRemotes(b *bytes.Buffer, list []radio.Remote) {
	comment := "Key fobs and panic buttons: each button and what it does."
	if len(list) > 0 {
		comment += " Buttons must be checked:\nafter an import press each one and see that it does what it should. A maker's key of\nrolling codes (hcs) is not in a file: gsmpanel remote add --maker-key"
	}
	part(b, comment, "remotes", len(list), "[]")
	for _, r := range list {
		contact := ""
		if r.Contact != "" {
			contact = scalar(r.Contact)
		}
		entry(b, [2]string{"name", scalar(r.Name)}, [2]string{"contact", contact})
		b.WriteString("    buttons:\n")
		for _, button := range r.Buttons {
			fmt.Fprintf(b, "      %s: %s\n", scalar(button.ID), scalar(button.Action))
		}
	}
}

func exportSettings(b *bytes.Buffer, list []panel.SettingValue) {
	part(b, "Delays, limits and habits. Times are written as 45s, 5m or 1h.", "settings", len(list), "{}")
	for _, s := range list {
		fmt.Fprintf(b, "  # %s (%s; default %s)\n  %s: %s\n", s.Meaning, s.Range, s.Written(s.Default), s.Name, value(s.Written(s.Value)))
	}
}

func exportWords(b *bytes.Buffer, words alert.Words) {
	part(b, "Words of texts that are not the English ones; gsmpanel site words prints all of them.", "words", len(words), "{}")
	for _, name := range slices.Sorted(maps.Keys(words)) {
		fmt.Fprintf(b, "  %s: %s\n", scalar(name), scalar(words[name]))
	}
}

func flow(list []string) string {
	var out []string
	for _, s := range list {
		out = append(out, scalar(s))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// bare is what no reader of YAML takes for anything but the text that it is, but for
// the words that some take for a truth or for nothing.
var (
	bare     = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 /.'-]*$`)
	reserved = []string{"y", "n", "yes", "no", "on", "off", "null", "true", "false"}
	asIs     = regexp.MustCompile(`^(true|false|[0-9.]+[smhd]?)$`)
)

// scalar writes a text so that it is read as that text. A string of JSON is one of
// YAML 1.2 too (7.3.1).
func scalar(s string) string {
	if bare.MatchString(s) && !strings.HasSuffix(s, " ") && !slices.Contains(reserved, strings.ToLower(s)) {
		return s
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // no string fails
	return strings.TrimSuffix(b.String(), "\n")
}

// value writes what is a number, a time or a truth as such.
func value(s string) string {
	if asIs.MatchString(s) {
		return s
	}
	return scalar(s)
}
