package radio

import (
	"fmt"
	"slices"
	"strings"
)

// Limits of what can be enrolled.
const (
	MaxRemotes = 64
	MaxButtons = 16 // of one remote
)

// Config is what is enrolled: the remotes and what their buttons do.
type Config struct {
	Remotes []Remote `json:"remotes,omitempty"`
}

// Remote is a key fob or a wireless panic button.
type Remote struct {
	Name    string   `json:"name"`
	Contact string   `json:"contact,omitempty"` // whose it is; the name of a contact, or ""
	Buttons []Button `json:"buttons"`
}

// Button is one button of a remote.
type Button struct {
	ID     string `json:"id"`     // as Frame.ID
	Action string `json:"action"` // an action, or actions by gesture: "single=none,double=silent,hold=audible"
}

// Add returns the configuration with one more remote, its IDs in the form that
// [ParseID] gives. It refuses a name that is taken, a remote without buttons, and
// an ID that a button has already.
func (c Config) Add(r Remote) (Config, error) {
	switch {
	case len(c.Remotes) >= MaxRemotes:
		return c, fmt.Errorf("%d remotes are enrolled already; remove one first", MaxRemotes)
	case c.index(r.Name) >= 0:
		return c, fmt.Errorf("a remote is called %q already; choose another name, for example \"Ben's fob\"", r.Name)
	case len(r.Buttons) < 1 || len(r.Buttons) > MaxButtons:
		return c, fmt.Errorf("remote %q has %d buttons; 1 to %d are allowed, for example --button ev1527:13CDC0=arm", r.Name, len(r.Buttons), MaxButtons)
	}
	r.Buttons = slices.Clone(r.Buttons)
	for n := range r.Buttons {
		id, err := ParseID(r.Buttons[n].ID)
		if err != nil {
			return c, err
		}
		if owner, _, taken := c.Button(id); taken {
			return c, fmt.Errorf("%s is a button of %s already; a code can mean one thing only", id, owner.Name)
		}
		if slices.ContainsFunc(r.Buttons[:n], func(b Button) bool { return b.ID == id }) {
			return c, fmt.Errorf("%s is given twice for remote %q; a code can mean one thing only", id, r.Name)
		}
		r.Buttons[n].ID = id
	}
	c.Remotes = append(slices.Clone(c.Remotes), r)
	return c, nil
}

// Remove returns the configuration without the remote of that name, in any case.
func (c Config) Remove(name string) (Config, error) {
	i := c.index(name)
	if i < 0 {
		return c, fmt.Errorf("no remote is called %q; `gsmpanel remote list` shows the names", name)
	}
	c.Remotes = slices.Delete(slices.Clone(c.Remotes), i, i+1)
	return c, nil
}

// Rename gives the remotes of one contact to another name; "" takes them away.
func (c Config) Rename(contact, to string) Config {
	c.Remotes = slices.Clone(c.Remotes)
	for n := range c.Remotes {
		if strings.EqualFold(c.Remotes[n].Contact, contact) {
			c.Remotes[n].Contact = to
		}
	}
	return c
}

// Button finds the button that sends an ID.
func (c Config) Button(id string) (Remote, Button, bool) {
	for _, r := range c.Remotes {
		for _, b := range r.Buttons {
			if b.ID == id {
				return r, b, true
			}
		}
	}
	return Remote{}, Button{}, false
}

func (c Config) index(name string) int {
	name = strings.Join(strings.Fields(name), " ")
	return slices.IndexFunc(c.Remotes, func(r Remote) bool { return strings.EqualFold(r.Name, name) })
}

// ParseID reads the ID of a button as a person types it and returns it as [Frame]
// has it: ev1527:13CDC0, hcs:0ABCDE1:2, simplisafe:1M38R:off, interlogix:F7106D:1,
// interlogix:37106D; the family in small letters, the number in capitals.
func ParseID(text string) (string, error) {
	family, number, _ := strings.Cut(strings.TrimSpace(text), ":")
	switch family = strings.ToLower(family); family {
	case FamilyEV1527:
		if code, ok := hex24(number); ok && code != 0 && code != 0xFFFFFF {
			return ev1527ID(code), nil
		}
		return "", fmt.Errorf("%q is not the ID of a button: use ev1527: and 6 hexadecimal digits from 000001 to FFFFFE as learn prints them, for example ev1527:13CDC0", text)
	case FamilyHCS:
		if serial, button, ok := hcsParts(family + ":" + number); ok {
			return hcsID(serial, button), nil
		}
		return "", fmt.Errorf("%q is not the ID of a button: use hcs: and 7 hexadecimal digits, a colon and one for the button as learn prints them, for example hcs:0ABCDE1:2", text)
	case FamilySimpliSafe, FamilyInterlogix:
		return parseButton(family, number, text)
	}
	return "", fmt.Errorf("%q is not the ID of a button: use one that learn prints, for example ev1527:13CDC0", text)
}

// buttonsOf are the buttons of remotes that report by themselves, as a listing
// says them; the first is the example.
var buttonsOf = map[string][]string{
	FamilySimpliSafe: {"off", "away", "panic"},
	FamilyInterlogix: {"1", "2", "3", "4", "5"},
}

func parseButton(family, number, text string) (string, error) {
	device, button, pressed := strings.Cut(number, ":")
	id, ok := hexID(family, device, 6)
	example := "interlogix:F7106D:1"
	if family == FamilySimpliSafe {
		id, ok = simpliSafeID(device)
		example = "simplisafe:1M38R:off"
	}
	switch {
	case ok && pressed && slices.Contains(buttonsOf[family], strings.ToLower(button)) && (family == FamilySimpliSafe || kindOf(id) == interlogixFob):
		return id + ":" + strings.ToLower(button), nil
	case ok && !pressed && family == FamilyInterlogix && kindOf(id) == interlogixPanic:
		return id, nil
	}
	return "", fmt.Errorf("%q is not the ID of a button: after the number there must be a colon and one of %s as learn prints it, for example %s",
		text, strings.Join(buttonsOf[family], ", "), example)
}

// TellsHolds says whether it can be told of a button how long and how often it is
// pressed. Remotes that report by themselves send a press, however long, as one
// event, repeated for seconds.
func TellsHolds(id string) bool {
	return strings.HasPrefix(id, FamilyEV1527+":") || strings.HasPrefix(id, FamilyHCS+":")
}
