package main

import (
	"context"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// Codes of the demo. They guard nothing.
const (
	demoCode   = "482913"
	demoDuress = "730586"
	demoWord   = "garden" // the duress word: with it Anna's own code is one
)

// demoTimeZone is where the house stands.
const demoTimeZone = "Europe/London"

// What is on the air in the demo.
const (
	demoFobArm    = "ev1527:13CDC0"
	demoFobDisarm = "ev1527:13CD0C"
	demoFobHome   = "ev1527:13CD30"
	demoPanic     = "ev1527:6E90F1"
	demoDoorOpens = "ev1527:2A51E3"
	demoDoorShuts = "ev1527:2A51E9"
	demoWindow    = "ev1527:5B07A6"
	demoMotion    = "ev1527:8C3D2A"
	demoBackDoor  = "dsc:24BDC8"
)

// demoPerson is somebody in the demo, with a phone of their own.
type demoPerson struct {
	name, number string
	control      bool
	phone        simulator.Behaviour
}

// demoPeople is the household and its friends, as the scenario has them: their
// phones answer by themselves.
func demoPeople() []demoPerson {
	return []demoPerson{
		{name: "Anna", number: "+447700900001", control: true, phone: simulator.Behaviour{Rejects: true}},
		{name: "Ben", number: "+447700900002", phone: simulator.Behaviour{AnswerAfter: time.Second, Digits: "1"}},
		{name: "Cleo", number: "+447700900003", phone: simulator.Behaviour{Voicemail: true}},
	}
}

// livePeople are the same, with phones that wait for somebody to pick up. Only
// Cleo has a voicemail, which is no acknowledgement.
func livePeople() []demoPerson {
	people := demoPeople()
	for n := range people {
		people[n].phone = simulator.Behaviour{Voicemail: people[n].phone.Voicemail}
	}
	return people
}

// demoPace is how long the household's delays are.
type demoPace []panel.Set

var (
	scriptPace = demoPace{{Name: "exit-delay", Value: "3"}, {Name: "entry-delay", Value: "3"}, {Name: "abort-window", Value: "3"},
		{Name: "trouble-delay", Value: "2"}, {Name: "mains-delay", Value: "1"}}
	// In the live demo a phone rings long enough for a voicemail, which comes after 20 s.
	livePace = demoPace{
		{Name: "exit-delay", Value: liveDelay.String()}, {Name: "entry-delay", Value: liveDelay.String()}, {Name: "abort-window", Value: liveDelay.String()},
		{Name: "ring-time", Value: "22"}, {Name: "trouble-delay", Value: "2"}, {Name: "mains-delay", Value: "2"},
	}
)

// furnish makes the household's configuration as the command line would.
func (d *demo) furnish(ctx context.Context, desk panel.Desk) error {
	for _, e := range d.edits() {
		if err := desk.Edit(ctx, e); err != nil {
			return err
		}
	}
	if err := desk.Codes(ctx, panel.CodeRequest{Do: "add", Name: "Anna", Kind: duress.User, New: demoCode}, nil); err != nil {
		return err
	}
	if err := desk.Codes(ctx, panel.CodeRequest{Do: "add", Name: "Anna", Kind: duress.Duress, Present: demoCode, New: demoDuress}, nil); err != nil {
		return err
	}
	return desk.Codes(ctx, panel.CodeRequest{Do: "add", Name: "Anna", Kind: duress.Duress, Present: demoCode, New: demoWord, Word: true}, nil)
}

func (d *demo) edits() []panel.Edit {
	name, address, zone, country := "Mill Lane", "12 Mill Lane, Hexton", demoTimeZone, "GB"
	edits := []panel.Edit{panel.SetSite{Name: &name, Address: &address, Zone: &zone, Country: &country}}
	for _, p := range d.people {
		edits = append(edits, panel.AddContact{Quiet: true, Contact: alert.Contact{Name: p.name, Number: p.number, Control: p.control, OffSite: !p.control}})
	}
	for _, z := range []zones.Zone{
		{Name: "Front door", Type: zones.Entry, Sensor: demoDoorOpens, Close: demoDoorShuts},
		{Name: "Kitchen window", Type: zones.Perimeter, Sensor: demoWindow},
		{Name: "Lounge", Type: zones.Interior, Sensor: demoMotion},
		{Name: "Back door", Type: zones.Entry, Sensor: demoBackDoor},
	} {
		edits = append(edits, panel.AddZone{Zone: z})
	}
	edits = append(edits, panel.AddRemote{Remote: radio.Remote{Name: "Anna's fob", Contact: "Anna", Buttons: []radio.Button{
		{ID: demoFobArm, Action: "arm"}, {ID: demoFobHome, Action: "home"}, {ID: demoFobDisarm, Action: "single=disarm,hold=duress-disarm"}}}})
	edits = append(edits, panel.AddRemote{Remote: radio.Remote{Name: "Bedside button", Contact: "Anna", Buttons: []radio.Button{{ID: demoPanic, Action: "panic"}}}})
	edits = append(edits, panel.Set{Name: "call-keypad", Value: "true"})
	for _, e := range d.pace {
		edits = append(edits, e)
	}
	return edits
}
