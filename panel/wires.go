package panel

import (
	"fmt"
	"slices"

	"github.com/gsmpanel/gsmpanel/zones"
)

// Wire is a wired loop that the configuration has. Of a button's it matters how it is
// pressed.
type Wire struct {
	ID     string
	Button bool
}

// wires are all of them.
func (c Config) wires() []Wire {
	var out []Wire
	for _, z := range c.Zones.Zones {
		if zones.Wired(z.Sensor) {
			out = append(out, Wire{z.Sensor, z.Type == zones.Panic})
		}
		if zones.Wired(z.Tamper) {
			out = append(out, Wire{ID: z.Tamper})
		}
	}
	return out
}

// onFreeLines refuses an edit that would have a zone listen to a line that something
// else hangs on. What else is wrong with it is for others to say.
func (p *Panel) onFreeLines(e Edit) error {
	before := p.seen.Load().config
	after, err := before.Apply(e)
	if err != nil {
		return nil
	}
	for _, w := range after.wires() {
		if what := p.shell.Taken[zones.Input(w.ID)]; what != "" && !slices.Contains(before.wires(), w) {
			return fmt.Errorf("%s is the line of %s already: a line can be one thing only", w.ID, what)
		}
	}
	return nil
}
