package main

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"github.com/gsmpanel/gsmpanel/control"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
)

// demoSight is one look at the demo's world. It is not changed afterwards.
type demoSight struct {
	at       time.Time
	public   panel.Outward // what `gsmpanel status` is made of
	log      []panel.Entry // what `gsmpanel log` shows, oldest first
	phones   []simulator.Phone
	siren    sirenHeard
	things   demoThings
	messages []string // of the panel on standard error, oldest first
}

// seenEntries and seenMessages are how many are looked at.
const (
	seenEntries  = 50
	seenMessages = 200
)

// look takes it all in. What the panel cannot answer now stays as in before.
func (d *demo) look(ctx context.Context, before demoSight) demoSight {
	s := before
	s.at = time.Now()
	s.phones = d.phonesInOrder()
	s.siren = d.siren()
	s.things = d.things()
	s.messages = lastLines(d.stderr.String(), seenMessages)
	ctx, stop := context.WithTimeout(ctx, time.Second)
	defer stop()
	client, err := control.Dial(filepath.Join(d.data(), "gsmpanel.sock"))
	if err != nil {
		return s
	}
	if o, err := client.Outward(ctx); err == nil {
		s.public = o
	}
	if log, err := client.Log(ctx, seenEntries); err == nil {
		s.log = sinceStart(log)
	}
	return s
}

// phonesInOrder are the people's phones, as they stand in people.
func (d *demo) phonesInOrder() []simulator.Phone {
	out := make([]simulator.Phone, len(d.people))
	for _, phone := range d.modem.Phones() {
		for n, p := range d.people {
			if p.number == phone.Number {
				out[n] = phone
			}
		}
	}
	return out
}

func lastLines(text string, n int) []string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[max(0, len(lines)-n):]
}

// sinceStart leaves out how the house was furnished.
func sinceStart(log []panel.Entry) []panel.Entry {
	for n := len(log) - 1; n >= 0; n-- {
		if log[n].Event == "restart" {
			return log[n:]
		}
	}
	return log
}
