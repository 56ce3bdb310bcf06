package main

import (
	"context"
	"time"
)

// heldFor is how long a button is held that is held: so much more than the 2 s that
// make a press a long one that a busy machine, which tears it in two, leaves a piece
// of that length.
const heldFor = 5 * time.Second

// pressPause is what a finger needs between two presses; with less they are one.
const pressPause = 400 * time.Millisecond

// demoPress is what a hand does to a button, and what there is to say of it.
type demoPress struct {
	id   string
	held time.Duration
	says string
}

var demoPresses = map[string]demoPress{
	"arm":          {demoFobArm, 0, "The button arm of Anna's fob was pressed."},
	"home":         {demoFobHome, 0, "The button home of Anna's fob was pressed."},
	"disarm":       {demoFobDisarm, 0, "The button disarm of Anna's fob was pressed."},
	"disarm, held": {demoFobDisarm, heldFor, "Disarm was held on Anna's fob: disarmed at once, and her friends are told."},
	"panic":        {demoPanic, 0, "The panic button by the bed was pressed. Once does nothing; twice is silent."},
	"panic, held":  {demoPanic, heldFor, "The panic button by the bed was held: the siren, and everybody is told."},
}

// press has a button pressed by radio, and takes the finger off for a moment.
func (d *demo) press(ctx context.Context, p demoPress) (string, error) {
	if err := d.transmit(ctx, p.id, p.held); err != nil {
		return "", err
	}
	select {
	case <-time.After(pressPause):
	case <-ctx.Done():
	}
	return p.says, nil
}
