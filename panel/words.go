package panel

import (
	"errors"
	"fmt"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/zones"
)

// SetWords replaces the fixed words of texts to contacts by those of a words
// file. An empty one is English again.
type SetWords struct {
	File string `json:"file"`
}

func (e SetWords) apply(c Config) (Config, error) {
	words, lines, err := alert.ParseWords(e.File)
	if err != nil {
		return c, err
	}
	c.Alert.Words = words
	if len(words) == 0 {
		c.Alert.Words = nil
	}
	var long *alert.TooLong
	if err := c.fits(); errors.As(err, &long) {
		return c, inLine(lines[long.Entry], err)
	}
	return c, nil
}

// inLine names the line, where the words stand in one.
func inLine(line int, err error) error {
	if line == 0 {
		return err
	}
	return fmt.Errorf("line %d: %w", line, err)
}

func (SetWords) says() string { return "words of texts changed" }

// fits tells whether every text to contacts fits with the names that are set.
func (c Config) fits() error { return c.Alert.Words.Fit(c.names()) }

// names are all that may come into texts: of contacts, of persons with codes, of
// remotes, which say who pressed, and of zones.
func (c Config) names() alert.Names {
	n := alert.Names{Site: c.siteName(), Where: c.Site.Place(), Police: c.Site.Police}
	for _, k := range c.Alert.Contacts {
		n.Contacts = append(n.Contacts, k.Name)
	}
	n.Who = append(n.Who, n.Contacts...)
	for _, p := range c.persons() {
		n.Who, n.By = append(n.Who, p.Name), append(n.By, p.Name)
	}
	for _, r := range c.Radio.Remotes {
		n.Who = append(n.Who, r.Name)
		n.By = append(n.By, Who{Person: r.Contact, Remote: r.Name}.fobIn(c.Alert.Words))
	}
	for _, z := range c.Zones.Zones {
		n.Zones = append(n.Zones, z.Name)
		if z.Type == zones.Panic {
			n.Who = append(n.Who, z.Name)
		}
	}
	return n
}
