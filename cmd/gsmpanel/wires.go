package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/wired"
	"github.com/gsmpanel/gsmpanel/zones"
)

// fault makes a trouble of what fails, until it no longer does.
func (d *daemon) fault(name panel.TroubleName) func(error) {
	return func(err error) {
		f := panel.Fault{Name: name, On: err != nil}
		if err != nil {
			f.Why = err.Error()
		}
		d.panel.Post(f)
	}
}

// hears makes events of what wired loops and buttons say.
func hears(post func(panel.Event), log *slog.Logger) wired.Hears {
	return wired.Hears{
		Stands: func(id string, open, first bool) {
			what := zones.Closed
			switch {
			case open && first: // it may have been so before, which is no second trip
				what = zones.StandsOpen
			case open:
				what = zones.Tripped
			}
			post(panel.Sensed{ID: id, What: []zones.What{what}})
		},
		Pressed: func(id string, first bool, ago, lasted time.Duration) {
			post(panel.Pressing{ID: id, New: first, Ago: ago.Milliseconds(), Lasted: lasted.Milliseconds()})
		},
		Failing: func(why string) {
			if why != "" {
				log.Warn("a wired loop cannot be read", "why", why)
			}
			post(panel.Fault{Name: panel.WireTrouble, On: why != "", Why: why})
		},
	}
}

// taken are the lines that flags have given away, and to which.
func (o runOptions) taken() map[string]string {
	lines := map[string]string{wired.LineID(o.Siren): "--siren", wired.LineID(o.Mains): "--mains", o.powerLine(): "--modem-power"}
	delete(lines, "")
	return lines
}

// wires has those loops read that the configuration names. The siren's line is left
// to the siren, also where a zone came by it while nobody could tell.
func (d *daemon) wires(list []panel.Wire) {
	taken, loops := d.options.taken(), make([]wired.Loop, 0, len(list))
	for _, w := range list {
		loops = append(loops, wired.Loop{ID: w.ID, Button: w.Button, Taken: taken[zones.Input(w.ID)]})
	}
	d.loops.Want(loops)
}

// watchMains tells by what the panel lives.
func (d *daemon) watchMains(ctx context.Context) error {
	if d.mains == nil {
		d.panel.Post(panel.Powered{})
		return nil
	}
	fails := d.fault(panel.InputTrouble)
	d.mains.Run(ctx, func(on bool) {
		power := panel.OnBattery
		if on {
			power = panel.OnMains
		}
		d.panel.Post(panel.Powered{Power: power})
	}, func(err error) {
		fails(err)
		if err != nil {
			d.log.Warn("the mains input cannot be read", "input", d.options.Mains, "error", err)
			d.panel.Post(panel.Powered{Power: panel.PowerUnknown})
		}
	})
	return nil
}
