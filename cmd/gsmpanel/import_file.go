package main

import (
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// readExported reads a file as exported writes it. Whether names, numbers and IDs are
// good is the panel's to say.
func readExported(data []byte) (panel.Import, error) {
	var e panel.Import
	root, err := tree(data)
	if err != nil {
		return e, err
	}
	if err := checkVersion(root); err != nil {
		return e, err
	}
	err = mapping(root, "the file", "version: 1",
		fileKey{key: "version", read: func(ast.Node) error { return nil }},
		fileKey{key: "site", read: func(n ast.Node) error { return siteIn(n, &e.Site) }},
		listIn("contacts", "- name: Anna", &e.Contacts, contactIn),
		listIn("persons", "- name: Anna", &e.Persons, personIn),
		listIn("zones", "- name: Hall", &e.Zones, zoneIn),
		listIn("remotes", "- name: Blue fob", &e.Remotes, remoteIn),
		fileKey{key: settingsPart, read: func(n ast.Node) error { return settingsIn(n, &e.Settings) }},
		fileKey{key: "words", read: func(n ast.Node) error { return wordsIn(n, &e.Words) }},
	)
	return e, err
}

// checkVersion looks at the version before anything else: another one has other keys.
func checkVersion(root ast.Node) error {
	version := 0
	err := pairs(root, "the file", "version: 1", func(key string, _, value ast.Node) error {
		if key != "version" {
			return nil
		}
		return wholeIn("version", "1", &version).read(value)
	})
	switch {
	case err != nil:
		return err
	case version == 0:
		return wrong(placeOf(root), "", "the file needs version: 1, as gsmpanel export writes it; otherwise it may be something else")
	case version != fileVersion:
		return wrong(placeOf(root), "gsmpanel version shows which this is", "the file is of version %s, and this gsmpanel reads version: %d", masked(strconv.Itoa(version)), fileVersion)
	}
	return nil
}

// listIn reads a list of which each entry has a place.
func listIn[T any](key, example string, to **[]panel.Placed[T], read func(ast.Node, *T) error) fileKey {
	return fileKey{key: key, read: func(n ast.Node) error {
		all := []panel.Placed[T]{}
		err := list(n, key, example, func(n ast.Node) error {
			entry := panel.Placed[T]{Place: placeOf(n)}
			err := read(n, &entry.Item)
			all = append(all, entry)
			return err
		})
		*to = &all
		return err
	}}
}

func siteIn(n ast.Node, to *panel.Placed[panel.SetSite]) error {
	to.Place = placeOf(n)
	s := &to.Item
	return mapping(n, "site", "name: Home",
		textIn("name", "Home", put(&s.Name)), textIn("address", `"12 Mill Lane, Hexton"`, put(&s.Address)), textIn("country", "GB", put(&s.Country)),
		textIn("zone", "Europe/London", put(&s.Zone)), textIn("police", `"101"`, put(&s.Police)))
}

// put notes that a value was given.
func put(to **string) func(string) { return func(s string) { *to = &s } }

func into(to *string) func(string) { return func(s string) { *to = s } }

func contactIn(n ast.Node, k *alert.Contact) error {
	return mapping(n, "a contact", "name: Anna",
		required(textIn("name", "Anna", into(&k.Name))), required(textIn("number", `"+447700900123"`, into(&k.Number))),
		textsIn("classes", "[life, alarm]", func(words []string) {
			k.Classes = []alert.Class{}
			for _, word := range words {
				k.Classes = append(k.Classes, alert.Class(strings.ToLower(word)))
			}
		}),
		truthIn("control", &k.Control), truthIn("at-site", &k.AtSite), truthIn("off-site", &k.OffSite), truthIn("no-call", &k.NoCall), truthIn("no-text", &k.NoText))
}

func personIn(n ast.Node, p *duress.Person) error {
	return mapping(n, "a person", "name: Anna",
		required(textIn("name", "Anna", into(&p.Name))), textsIn("phones", "[Anna]", func(names []string) { p.Contacts = names }))
}

func zoneIn(n ast.Node, z *zones.Zone) error {
	supervise := fileKey{key: "supervise", read: func(n ast.Node) (err error) {
		s, _ := scalarText(n)
		if z.Supervise, err = parseDays(s); err != nil {
			return wrong(placeOf(n), "", "supervise cannot be %s; a time is allowed, for example supervise: 12h", masked(s))
		}
		return nil
	}}
	return mapping(n, "a zone", "name: Hall",
		wholeIn("number", "1", &z.Number), required(textIn("name", "Hall", into(&z.Name))),
		required(textIn("type", "entry", func(s string) { z.Type = zones.Type(strings.ToLower(s)) })), required(textIn("sensor", `"ev1527:13CDC0"`, into(&z.Sensor))),
		textIn("close", `"ev1527:13CDC7"`, into(&z.Close)), textIn("tamper", `"ev1527:13CDC3"`, into(&z.Tamper)), textIn("low-battery", `"ev1527:13CDCF"`, into(&z.LowBattery)),
		supervise, wholeIn("cross", "2", &z.Cross))
}

func remoteIn(n ast.Node, r *radio.Remote) error {
	buttons := fileKey{key: "buttons", must: true, read: func(n ast.Node) error {
		return pairs(n, "buttons", `"ev1527:13CDC0": arm`, func(key string, _, value ast.Node) error {
			return textIn(masked(key), "arm", func(action string) {
				r.Buttons = append(r.Buttons, radio.Button{ID: key, Action: action})
			}).read(value)
		})
	}}
	return mapping(n, "a remote", "name: Blue fob",
		required(textIn("name", "Blue fob", into(&r.Name))), textIn("contact", "Anna", into(&r.Contact)), buttons)
}

const settingsPart = "settings"

func settingsIn(n ast.Node, to *[]panel.Placed[panel.Set]) error {
	var fields []fileKey
	for _, s := range panel.DefaultConfig(duress.Config{}).Settings() {
		fields = append(fields, fileKey{key: s.Name, read: func(n ast.Node) error {
			set := panel.Placed[panel.Set]{Place: placeOf(n), Item: panel.Set{Name: s.Name}}
			err := textIn(s.Name, value(s.Written(s.Default)), into(&set.Item.Value)).read(n)
			*to = append(*to, set)
			return err
		}})
	}
	return mapping(n, settingsPart, "exit-delay: 45s", fields...)
}

func wordsIn(n ast.Node, to **[]panel.Placed[panel.ReplacedWording]) error {
	all := []panel.Placed[panel.ReplacedWording]{}
	err := pairs(n, "words", `burglary.act: "Polizei rufen."`, func(key string, at, value ast.Node) error {
		w := panel.Placed[panel.ReplacedWording]{Place: placeOf(at), Item: panel.ReplacedWording{Name: key}}
		err := textIn(masked(key), `"Polizei rufen."`, into(&w.Item.Text)).read(value)
		all = append(all, w)
		return err
	})
	*to = &all
	return err
}
