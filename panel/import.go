package panel

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// Import takes over what a file says of the household, all of it or nothing. A list
// that the file has becomes the panel's; what it does not name, nil here, stays. What
// no file holds stays too: codes, makers' keys, and what buttons do besides what is
// listed, as long as they are the same buttons and still disarm.
type Import struct {
	Site     Placed[SetSite]            `json:"site"`
	Contacts *[]Placed[alert.Contact]   `json:"contacts,omitempty"`
	Persons  *[]Placed[duress.Person]   `json:"persons,omitempty"`
	Zones    *[]Placed[zones.Zone]      `json:"zones,omitempty"`
	Remotes  *[]Placed[radio.Remote]    `json:"remotes,omitempty"`
	Settings []Placed[Set]              `json:"settings,omitempty"`
	Words    *[]Placed[ReplacedWording] `json:"words,omitempty"`
}

// ReplacedWording is other words for an entry of those that texts are made of.
type ReplacedWording struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Placed is something and where it stands in a file, so that an error can say it.
type Placed[T any] struct {
	Place
	Item T `json:"item"`
}

// Place is where something stands in a file, both from 1; the zero one is nowhere.
type Place struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Refuse puts the place in front of what is wrong there.
func (p Place) Refuse(err error) error {
	if err == nil || p.Line == 0 {
		return err
	}
	return fmt.Errorf("line %d, column %d: %w", p.Line, p.Column, err)
}

func (Import) says() string { return "configuration imported from a file" }

func (e Import) apply(c Config) (Config, error) {
	next := c
	for _, part := range []func(Config) (Config, error){e.site, e.contacts, e.persons, e.zones, e.remotes, e.settings, e.words} {
		var err error
		if next, err = part(next); err != nil {
			return c, err
		}
	}
	if err := next.oneMeaning(); err != nil {
		return c, err
	}
	var long *alert.TooLong
	if err := next.fits(); c.fits() == nil && errors.As(err, &long) {
		return c, e.wording(long.Entry).Refuse(err)
	}
	next.Duress.Generation++ // whoever is changing codes now must begin again
	return next, nil
}

func (e Import) site(c Config) (Config, error) {
	c, err := e.Site.Item.apply(c)
	return c, e.Site.Refuse(err)
}

// contacts replaces the list. Who has a code, and whose a remote is, is known by the
// phone's number where the name is another.
func (e Import) contacts(c Config) (Config, error) {
	if e.Contacts == nil {
		return c, nil
	}
	next := c
	next.Alert.Contacts = nil
	for _, k := range *e.Contacts {
		var err error
		if next.Alert, err = next.Alert.Add(k.Item, c.Site.Country); err != nil {
			return c, k.Refuse(err)
		}
	}
	next.Duress.Persons, next.Awaited = c.phonesIn(next, c.Duress.Persons), c.phonesIn(next, c.Awaited)
	next.Radio.Remotes = slices.Clone(c.Radio.Remotes)
	for n := range next.Radio.Remotes {
		owner := &next.Radio.Remotes[n].Contact
		before, _ := c.Alert.Find(*owner)
		k, ok := next.Alert.Find(*owner)
		if !ok {
			k, _ = next.Alert.ByNumber(before.Number)
		}
		*owner = k.Name
	}
	return next, nil
}

// persons takes note of those who have no code here. Of those who have one nothing
// changes: their phones too are theirs to change, by a code.
func (e Import) persons(c Config) (Config, error) {
	if e.Persons == nil {
		return c, nil
	}
	c.Awaited = nil
	for n, p := range *e.Persons {
		phones, err := c.phones(p.Item)
		switch {
		case err != nil:
			return c, p.Refuse(err)
		case slices.ContainsFunc((*e.Persons)[:n], func(o Placed[duress.Person]) bool { return strings.EqualFold(o.Item.Name, p.Item.Name) }):
			return c, p.Refuse(fmt.Errorf("a person called %q stands in the list already; leave one of them out", p.Item.Name))
		case !c.Duress.Named(p.Item.Name):
			c.Awaited = append(c.Awaited, duress.Person{Name: p.Item.Name, Contacts: phones})
		}
	}
	if n := len(c.persons()); n > duress.MaxPersons {
		return c, fmt.Errorf("there would be %d persons with those who have a code here, and a panel holds %d; leave some of them out", n, duress.MaxPersons)
	}
	return c, nil
}

// phones are a person's entries of the notification list.
func (c Config) phones(p duress.Person) (names []string, err error) {
	if err := duress.CheckName(p.Name); err != nil {
		return nil, err
	}
	for _, name := range p.Contacts {
		k, ok := c.Alert.Find(name)
		if !ok {
			return nil, fmt.Errorf("%s cannot have the phone of %q, since no contact is called so; name contacts of the list, for example %s", p.Name, name, p.Name)
		}
		names = append(names, k.Name)
	}
	return names, nil
}

func (e Import) zones(c Config) (Config, error) {
	if e.Zones == nil {
		return c, nil
	}
	var list []zones.Zone
	for _, z := range *e.Zones {
		if err := noBattery(z.Item); err != nil {
			return c, z.Refuse(err)
		}
		list = append(list, z.Item)
	}
	next, at, err := c.Zones.Replace(list)
	if err != nil {
		return c, (*e.Zones)[at].Refuse(err)
	}
	c.Zones = next
	return c, nil
}

// remotes replaces the remotes. A file is read by others, so none may say what a
// button hides.
func (e Import) remotes(c Config) (Config, error) {
	if e.Remotes != nil {
		c.Radio.Remotes = nil
		for _, r := range *e.Remotes {
			next, bindings, err := c.enrol(r.Item)
			if err == nil && slices.ContainsFunc(bindings, func(b duress.Binding) bool { return b.Does(duress.DuressDisarm) }) {
				err = fmt.Errorf("%s cannot have duress-disarm in a file, which others may read; write disarm, for example ev1527:13CD0C: disarm, and enrol the remote by `gsmpanel remote add`", r.Item.Name)
			}
			if err != nil {
				return c, r.Refuse(err)
			}
			c = next
		}
	}
	c.Hidden, c.Keys = c.Hidden.of(c.Radio.Remotes), c.Keys.of(c.Radio.Remotes)
	return c, nil
}

func (e Import) settings(c Config) (Config, error) {
	for _, s := range e.Settings {
		next, err := s.Item.apply(c)
		if err != nil {
			return c, s.Refuse(err)
		}
		c = next
	}
	return c, nil
}

func (e Import) words(c Config) (Config, error) {
	if e.Words == nil {
		return c, nil
	}
	var words alert.Words
	for _, w := range *e.Words {
		var err error
		if words, err = words.With(w.Item.Name, w.Item.Text); err != nil {
			return c, w.Refuse(err)
		}
	}
	c.Alert.Words = nil
	if len(words) > 0 {
		c.Alert.Words = words
	}
	return c, nil
}

// wording is where the words of an entry stand.
func (e Import) wording(name string) Place {
	if e.Words != nil {
		for _, w := range *e.Words {
			if w.Item.Name == name {
				return w.Place
			}
		}
	}
	return Place{}
}
