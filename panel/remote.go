package panel

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// AddRemote enrols a key fob or a panic button. Without a Contact it is that of the contact of the
// same name, if there is one.
//
// MakerKey, where it is not 0, has the codes of its rolling-code buttons checked.
type AddRemote struct {
	radio.Remote
	MakerKey radio.MakerKey `json:"maker_key,omitempty"`
}

func (e AddRemote) apply(c Config) (Config, error) {
	r := e.Remote
	if k, ok := c.Alert.Find(r.Name); ok && r.Contact == "" {
		r.Contact = k.Name
	}
	c, bindings, err := c.enrol(r)
	if err != nil {
		return c, err
	}
	if err := c.oneMeaning(); err != nil {
		return c, err
	}
	hidden, secret := maps.Clone(c.Hidden), false
	if hidden == nil {
		hidden = Hidden{}
	}
	r = c.Radio.Remotes[len(c.Radio.Remotes)-1]
	for n, b := range r.Buttons {
		hidden[b.ID] = bindings[n].Hides()
		secret = secret || bindings[n].Does(duress.DoSilent, duress.DuressDisarm)
	}
	c.Hidden = hidden
	if c.Keys, err = c.Keys.with(r, e.MakerKey); err != nil {
		return c, err
	}
	if secret {
		return c, c.reaches(r)
	}
	return c, nil
}

// enrol takes a remote in, and says what its buttons are bound to.
func (c Config) enrol(r radio.Remote) (Config, []duress.Binding, error) {
	var err error
	if r.Name, err = alert.Name(r.Name); err != nil {
		return c, nil, err
	}
	if r.Contact != "" {
		k, ok := c.Alert.Find(r.Contact)
		if !ok {
			return c, nil, fmt.Errorf("no contact is called %q; `gsmpanel contact list` shows the names", r.Contact)
		}
		r.Contact = k.Name
	}
	bindings := make([]duress.Binding, len(r.Buttons))
	r.Buttons = slices.Clone(r.Buttons)
	for n, b := range r.Buttons {
		if bindings[n], r.Buttons[n].Action, err = duress.ParseAction(b.Action); err != nil {
			return c, nil, err
		}
		if !radio.TellsHolds(b.ID) && (!bindings[n].Plain() || bindings[n].Hides() == duress.HidesHold) {
			return c, nil, fmt.Errorf("of %s it can't be told how long or how often it is pressed, since such a remote sends any press as one event; give it one action, for example --button %s=arm", b.ID, b.ID)
		}
	}
	c.Radio, err = c.Radio.Add(r)
	return c, bindings, err
}

func (e AddRemote) says() string { return "remote " + e.Name + " added" }

// Hidden is what buttons do besides what every listing says, by their IDs: an entry
// for each button of each remote, of one size whatever it is, since what is stored
// must not tell by its size how many there are.
type Hidden map[string]duress.Hiding

// of is the hidden part of remotes. Only a plain disarm hides something: a button
// that is listed as another by a backup is another.
func (h Hidden) of(remotes []radio.Remote) Hidden {
	kept := Hidden{}
	for _, r := range remotes {
		for _, b := range r.Buttons {
			kept[b.ID] = duress.HidesNothing
			if b.Action == string(duress.DoDisarm) {
				kept[b.ID] = h[b.ID]
			}
		}
	}
	return kept
}

// RemoveRemote takes a remote out.
type RemoveRemote struct {
	Name string `json:"name"`
}

func (e RemoveRemote) apply(c Config) (Config, error) {
	var err error
	c.Radio, err = c.Radio.Remove(e.Name)
	c.Hidden, c.Keys = c.Hidden.of(c.Radio.Remotes), c.Keys.of(c.Radio.Remotes)
	return c, err
}

func (e RemoveRemote) says() string { return "remote " + e.Name + " removed" }

// button is what a code that is enrolled as one means.
type button struct {
	radio.Remote // whose Name a zone of type panic has
	id           string
	binding      duress.Binding // as it is listed
	hides        duress.Hiding
	zone         int
}

// button finds the button that sends an ID.
func (c Config) button(id string) (button, bool) {
	if r, b, ok := c.Radio.Button(id); ok {
		binding, _, err := duress.ParseAction(b.Action)
		return button{Remote: r, id: id, binding: binding, hides: c.Hidden[id]}, err == nil
	}
	for _, z := range c.Zones.Zones {
		if z.Type == zones.Panic && z.Sensor == id {
			return button{Remote: radio.Remote{Name: z.Name}, id: id, binding: duress.PanicButton, zone: z.Number}, true
		}
	}
	return button{}, false
}

// followed tells whether it matters how long and how often the button is pressed.
// Every plain disarm is followed, so that nothing tells the one that hides a hold.
func (b button) followed() bool {
	return !b.binding.Plain() || b.binding.Single == duress.DoDisarm
}

// byGesture tells whether it does more than one thing, by how it is pressed.
func (b button) byGesture() bool { return !b.binding.Plain() || b.hides == duress.HidesHold }

// buttonIDs are the IDs of all buttons of remotes, and of zones of type panic.
func (c Config) buttonIDs() (ids []string) {
	for _, r := range c.Radio.Remotes {
		for _, b := range r.Buttons {
			ids = append(ids, b.ID)
		}
	}
	for _, z := range c.Zones.Zones {
		if z.Type == zones.Panic {
			ids = append(ids, z.Sensor)
		}
	}
	return ids
}

// gestures are what a press that is followed can come to. What a plain button does
// was done at its first frames.
func (b button) gestures() duress.Binding {
	if !b.binding.Plain() {
		return b.binding
	}
	held := duress.DoNone
	if b.hides == duress.HidesHold {
		held = duress.DuressDisarm
	}
	return duress.Binding{Single: duress.DoNone, Double: duress.DoNone, Hold: held}
}

// person is who calls for help by a remote: the person whose phone its contact is,
// so that one who also has codes is one person, or else the remote's own name.
func (c Config) person(r radio.Remote) string {
	if r.Contact == "" {
		return r.Name
	}
	for _, p := range c.persons() {
		own := func(name string) bool { return strings.EqualFold(name, r.Contact) }
		if own(p.Name) || slices.ContainsFunc(p.Contacts, own) {
			return p.Name
		}
	}
	return r.Contact
}

// reaches refuses a button that calls in secret while that could reach nobody, or
// somebody beside whoever presses it. It says the same of all of them.
func (c Config) reaches(r radio.Remote) error {
	var unsaid []string
	for _, k := range c.Alert.Contacts {
		if k.Gets(alert.Life) && !k.Control && !k.AtSite && !k.OffSite {
			unsaid = append(unsaid, k.Name)
		}
	}
	if len(unsaid) > 0 {
		return fmt.Errorf("%s cannot call for help in secret yet: of %s it is not said whether they live there, and a phone in the house would show it; say so first, for example with `gsmpanel contact edit %q --off-site` or --at-site", r.Name, strings.Join(unsaid, ", "), unsaid[0])
	}
	if len(alert.Eligible(c.Alert, "", c.own(c.person(r)), nil)) == 0 {
		return fmt.Errorf("%s cannot call for help in secret yet: it would reach nobody; first add a contact of class life who does not live there, with `gsmpanel contact add NAME NUMBER --off-site`", r.Name)
	}
	return nil
}

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
