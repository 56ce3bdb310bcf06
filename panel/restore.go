package panel

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// Saved is what a backup holds that can be restored. Its state and its journal are
// not among that: those of the panel that it is restored onto go on.
type Saved struct {
	Config Config `json:"config"`
	Box    []byte `json:"box"` // of what is sealed, by which the device key is recognised
}

// Check tells whether the configuration may be taken over as a whole.
func (s Saved) Check() error {
	if err := s.Config.check(); err != nil {
		return fmt.Errorf("the backup cannot be used, and nothing was changed: %w", err)
	}
	return nil
}

// Restore replaces the configuration by that of a backup. The state goes on: the
// mode, every open incident with its people, words and texts, what is sealed
// whole, locks, counters, the texts that were dealt with.
//
// It is made where the store is, which has looked whether its codes can be read;
// what crosses a socket is what stands in the file.
type Restore struct {
	Config Config
	Whole  bool // its codes are of this panel's device key
}

func (Restore) says() string { return "configuration restored from a backup" }

func (e Restore) apply(c Config) (Config, error) {
	next := e.Config
	if err := (Saved{Config: next}).Check(); err != nil {
		return c, err
	}
	if e.Whole {
		next.Duress.Generation = c.Duress.Generation + 1 // whoever is changing codes now must begin again
	} else {
		next.Duress = c.Duress
		next.Duress.Persons = c.phonesIn(next, c.Duress.Persons)
		next.Hidden = c.Hidden // what the buttons of this panel hide; the others hide nothing
		next.Keys = c.Keys
	}
	next.Awaited = next.awaited(next.Awaited)
	next.Hidden, next.Keys = next.Hidden.of(next.Radio.Remotes), next.Keys.of(next.Radio.Remotes)
	next.Version = c.Version
	return next, nil
}

// phonesIn are persons who stay, with their phones as another list calls them: who
// has a code is never told of what that code does.
func (c Config) phonesIn(next Config, persons []duress.Person) []duress.Person {
	var out []duress.Person
	for _, p := range persons {
		p.Contacts = slices.Clone(p.Contacts)
		for _, name := range append(slices.Clone(p.Contacts), p.Name) {
			before, _ := c.Alert.Find(name)
			now, found := next.Alert.ByNumber(before.Number)
			known := func(name string) bool { return strings.EqualFold(name, now.Name) }
			if found && !known(p.Name) && !slices.ContainsFunc(p.Contacts, known) {
				p.Contacts = append(p.Contacts, now.Name)
			}
		}
		out = append(out, p)
	}
	return out
}

// check looks at a configuration that comes as a whole, by the rules that each of
// its parts was let in by.
func (c Config) check() error {
	for _, check := range []func() error{
		func() error { _, err := c.Site.check(); return err },
		c.Zones.Validate, c.Duress.Check, c.checkContacts, c.checkRemotes, c.oneMeaning, c.fits,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	for _, s := range settings {
		if err := s.set(&c, s.get(&c)); err != nil {
			return err
		}
	}
	return nil
}

func (c Config) checkContacts() error {
	list := c.Alert
	list.Contacts = nil
	for _, k := range c.Alert.Contacts {
		if k.Classes == nil {
			return fmt.Errorf("it is not said what reaches %s", k.Name)
		}
		var err error
		if list, err = list.Add(k, ""); err != nil {
			return err
		}
	}
	return nil
}

func (c Config) checkRemotes() error {
	var list radio.Config
	for _, r := range c.Radio.Remotes {
		for _, b := range r.Buttons {
			if _, word, err := duress.ParseAction(b.Action); err != nil {
				return err
			} else if word != b.Action {
				return fmt.Errorf("the action %q of %s is not written as remote list shows it: %s", b.Action, r.Name, word)
			}
		}
		var err error
		if list, err = list.Add(r); err != nil {
			return err
		}
	}
	return nil
}

// sameZones are those of next that are the same devices as in c; to others the
// facts that were kept under their numbers do not belong.
func (c Config) sameZones(next Config) zones.Config {
	same := next.Zones
	same.Zones = slices.DeleteFunc(slices.Clone(next.Zones.Zones), func(z zones.Zone) bool {
		return !slices.ContainsFunc(c.Zones.Zones, func(o zones.Zone) bool {
			return o.Number == z.Number && strings.Join(o.IDs(), " ") == strings.Join(z.IDs(), " ")
		})
	})
	return same
}

// Backup writes a copy of all that is stored to w, while the panel runs.
func (p *Panel) Backup(_ context.Context, w io.Writer) error { return p.shell.Store.Backup(w) }

// Restore takes over a backup's configuration, and says whether its codes could be
// read.
func (p *Panel) Restore(ctx context.Context, s Saved) (whole bool, err error) {
	p.admin.Lock()
	defer p.admin.Unlock()
	c, whole := p.shell.Store.Recover(s)
	return whole, p.Edit(ctx, Restore{c, whole})
}

// Backup writes a copy of all that is stored to w.
func (o *Offline) Backup(_ context.Context, w io.Writer) error { return o.store.Backup(w) }

// Restore takes over a backup's configuration.
func (o *Offline) Restore(_ context.Context, s Saved) (whole bool, err error) {
	c, whole := o.store.Recover(s)
	_, err = o.step(Edited{Restore{c, whole}})
	return whole, err
}
