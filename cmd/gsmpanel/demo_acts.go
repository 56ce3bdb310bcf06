package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// demoVerb is something that a person at the demo does.
type demoVerb string

const (
	actText   demoVerb = "text"    // the person's phone sends a text
	actPickUp demoVerb = "pick up" // the person's phone, which rings
	actHangUp demoVerb = "hang up" // or rejects
	actKeys   demoVerb = "keys"    // are pressed in the call
	actCall   demoVerb = "call"    // the person's phone rings the panel
	actButton demoVerb = "button"  // text is which, and how it is pressed
	actKeypad demoVerb = "keypad"  // text is typed there
	actDoor   demoVerb = "door"    // is opened, or shut
	actWindow demoVerb = "window"
	actMotion demoVerb = "motion"
	actModem  demoVerb = "modem" // is unplugged, or plugged in
	actRadio  demoVerb = "radio" // the receiver likewise
	actBack   demoVerb = "back door"
	actFlat   demoVerb = "battery" // of its sensor is flat, or changed
	actMains  demoVerb = "mains"   // is cut, or there again
	actJam    demoVerb = "jam"     // the air is jammed, or clear again
	actQuit   demoVerb = "quit"
)

// demoAct is a verb with who does it, as a place in demo.people.
type demoAct struct {
	verb demoVerb
	who  int
	text string
}

// perform does what a person wants and says in a few words what was done.
func (d *demo) perform(ctx context.Context, a demoAct) (string, error) {
	p := d.people[a.who]
	switch a.verb {
	case actText:
		return "", d.modem.Text(p.number, a.text)
	case actPickUp:
		return p.name + " picks up.", d.modem.Answer(p.number)
	case actHangUp:
		return p.name + " hangs up.", d.modem.Hangup(p.number)
	case actKeys:
		return p.name + " presses " + a.text + ".", d.modem.Digits(p.number, a.text)
	case actCall:
		return p.name + " rings the panel.", d.modem.Call(p.number)
	case actButton:
		return d.press(ctx, demoPresses[a.text])
	case actKeypad:
		return d.typeAtKeypad(a.text)
	case actDoor:
		return d.moveDoor(ctx)
	case actWindow:
		return "The sensor of the kitchen window trips.", d.transmit(ctx, demoWindow, 0)
	case actMotion:
		return "The motion sensor in the lounge trips.", d.transmit(ctx, demoMotion, 0)
	case actModem:
		return d.toggleModem()
	case actRadio:
		return d.toggleRadio()
	case actBack, actFlat:
		return d.moveBackDoor(ctx, a.verb)
	case actMains:
		return d.toggleMains()
	case actJam:
		return d.toggleJam()
	}
	return "", fmt.Errorf("nobody can %q here", a.verb)
}

// transmit sends a button's or a sensor's code, shortly or for as long as a button
// is held.
func (d *demo) transmit(ctx context.Context, id string, held time.Duration) error {
	code, err := codeOf(id)
	if err != nil {
		return err
	}
	if at := d.things(); at.deaf || at.jammed {
		return nil // it goes by unheard
	}
	return d.air.send(ctx, code, held)
}

func (d *demo) moveDoor(ctx context.Context) (string, error) {
	if d.change(func(at *demoThings) { at.open = !at.open }).open {
		return "The front door opens.", d.transmit(ctx, demoDoorOpens, 0)
	}
	return "The front door is shut.", d.transmit(ctx, demoDoorShuts, 0)
}

func (d *demo) toggleModem() (string, error) {
	d.mu.Lock()
	line := d.line
	d.line = nil
	d.mu.Unlock()
	if line == nil {
		return "The modem is plugged in again.", d.plugModem()
	}
	return "The modem is unplugged.", line.Close()
}

func (d *demo) plugModem() error {
	line, err := d.modem.PTY(filepath.Join(d.dir, "modem"))
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		d.line = line
	}
	return err
}

func (d *demo) toggleRadio() (string, error) {
	if d.change(func(at *demoThings) { at.deaf = !at.deaf }).deaf {
		return "The receiver is unplugged: nothing on the air is heard.", dongle{d.dir}.unplug()
	}
	return "The receiver is plugged in again. The trouble is over when it has run for a while.", dongle{d.dir}.plug()
}

// moveBackDoor opens or shuts the back door, or makes its sensor's battery flat or
// good: a DSC sensor, which says all of it at once.
func (d *demo) moveBackDoor(ctx context.Context, verb demoVerb) (string, error) {
	at := d.change(func(at *demoThings) {
		if verb == actFlat {
			at.flat = !at.flat
		} else {
			at.back = !at.back
		}
	})
	says := map[bool]string{true: "The back door opens. Its sensor says so itself.", false: "The back door is shut, and its sensor says so."}[at.back]
	if verb == actFlat {
		says = map[bool]string{true: "The battery of the back door's sensor is flat, which it reports.", false: "The back door's sensor has a new battery."}[at.flat]
	}
	if at.deaf || at.jammed {
		return says, nil
	}
	return says, d.air.report(ctx, at.back, at.flat)
}

func (d *demo) toggleMains() (string, error) {
	if d.change(func(at *demoThings) { at.dark = !at.dark }).dark {
		return "The mains is cut. A real panel has a battery.", d.switchMains(false)
	}
	return "Mains power is back.", d.switchMains(true)
}

func (d *demo) toggleJam() (string, error) {
	jammed := d.change(func(at *demoThings) { at.jammed = !at.jammed }).jammed
	says := "The jammer is off. After a while the panel believes it."
	if jammed {
		says = "A jammer drowns all sensors and fobs. The panel notices within half a minute."
	}
	return says, d.air.jam(jammed)
}

// change moves things and returns them as they are then.
func (d *demo) change(move func(*demoThings)) demoThings {
	d.mu.Lock()
	defer d.mu.Unlock()
	move(&d.at)
	return d.at
}

func (d *demo) things() demoThings {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := d.at
	at.noModem = d.line == nil
	return at
}

// callOf is the last call of a phone.
func callOf(p simulator.Phone) (simulator.CallRecord, bool) {
	if len(p.Calls) == 0 {
		return simulator.CallRecord{}, false
	}
	return p.Calls[len(p.Calls)-1], true
}

// ringing and talking tell how a phone's last call stands, where the panel rang it;
// calling and keying, where the phone rang the panel.
func ringing(p simulator.Phone) bool {
	c, ok := callOf(p)
	return ok && c.Incoming && c.Result == "ringing" && c.Ended.IsZero()
}

func talking(p simulator.Phone) bool {
	c, ok := callOf(p)
	return ok && c.Incoming && c.Result == "answered" && c.Ended.IsZero()
}

func calling(p simulator.Phone) bool {
	c, ok := callOf(p)
	return ok && !c.Incoming && c.Answered.IsZero() && c.Ended.IsZero()
}

func keying(p simulator.Phone) bool {
	c, ok := callOf(p)
	return ok && !c.Incoming && !c.Answered.IsZero() && c.Ended.IsZero()
}

// byMachine tells whether a voicemail took the call: it did so after the time
// that such a machine waits.
func byMachine(b simulator.Behaviour, c simulator.CallRecord) bool {
	return b.Voicemail && !c.Answered.IsZero() && c.Answered.Sub(c.Time) >= machineAfter
}

// machineAfter is just below the 20 s after which a simulated voicemail answers.
const machineAfter = 19 * time.Second
