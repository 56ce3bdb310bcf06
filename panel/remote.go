package panel

import (
	"fmt"
	"slices"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
)

// AddRemote enrols a key fob. Without a Contact it is that of the contact of the
// same name, if there is one.
type AddRemote struct{ radio.Remote }

func (e AddRemote) apply(c Config) (Config, error) {
	var err error
	r := e.Remote
	if r.Name, err = alert.Name(r.Name); err != nil {
		return c, err
	}
	if r.Contact == "" {
		if k, ok := c.Alert.Find(r.Name); ok {
			r.Contact = k.Name
		}
	} else if k, ok := c.Alert.Find(r.Contact); ok {
		r.Contact = k.Name
	} else {
		return c, fmt.Errorf("no contact is called %q; `gsmpanel contact list` shows the names", r.Contact)
	}
	r.Buttons = slices.Clone(r.Buttons)
	for n, b := range r.Buttons {
		action, err := duress.ParseAction(b.Action)
		if err != nil {
			return c, err
		}
		r.Buttons[n].Action = string(action)
	}
	if c.Radio, err = c.Radio.Add(r); err != nil {
		return c, err
	}
	return c, c.oneMeaning()
}

func (e AddRemote) says() string { return "remote " + e.Name + " added" }

// RemoveRemote takes a remote out.
type RemoveRemote struct {
	Name string `json:"name"`
}

func (e RemoveRemote) apply(c Config) (Config, error) {
	var err error
	c.Radio, err = c.Radio.Remove(e.Name)
	return c, err
}

func (e RemoveRemote) says() string { return "remote " + e.Name + " removed" }

// oneMeaning refuses a code that is a zone's and a button's.
func (c Config) oneMeaning() error {
	for _, z := range c.Zones.Zones {
		for _, id := range z.IDs() {
			if r, _, taken := c.Radio.Button(id); taken {
				return fmt.Errorf("%s cannot be a button of %s and a code of zone %s; a code can mean one thing only", id, r.Name, z.Name)
			}
		}
	}
	return nil
}
