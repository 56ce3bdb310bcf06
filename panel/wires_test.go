package panel

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/zones"
)

// push is a press of a wired button, as package wired tells of it: when it begins,
// four times a second while it lasts, and when it is over.
func (h *house) push(id string, long time.Duration) {
	began := h.now.Tick
	tell := func(first bool) {
		ago := h.now.Tick - began
		h.do(Pressing{ID: id, New: first, Ago: ago, Lasted: ago})
	}
	tell(true)
	for ; long > 250*time.Millisecond; long -= 250 * time.Millisecond {
		h.wait(250 * time.Millisecond)
		tell(false)
	}
	h.wait(long)
	tell(false)
}

// TestWiresOfAConfiguration: the sensor and the tamper contact of a zone are read,
// and of a panic zone the sensor is a button.
func TestWiresOfAConfiguration(t *testing.T) {
	c := template
	for _, z := range []zones.Zone{
		{Name: "Loop", Type: zones.Entry, Sensor: "gpio:gpiochip0:4", Tamper: "gpio:gpiochip0:5:no"},
		{Name: "Desk", Type: zones.Panic, Sensor: "GPIO:gpiochip0:6:no", Tamper: "gpio:gpiochip0:7:nc"},
		{Name: "Attic", Type: zones.Interior, Sensor: "ev1527:00AAAA"},
	} {
		c = must(c.Apply(AddZone{Zone: z}))
	}
	want := []Wire{{"gpio:gpiochip0:4", false}, {"gpio:gpiochip0:5:no", false}, {"gpio:gpiochip0:6:no", true}, {"gpio:gpiochip0:7", false}}
	if got := c.wires(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestZoneAtATakenLine: no zone can listen to the siren's line, whichever way it
// rests, and one that does already may be changed and taken out.
func TestZoneAtATakenLine(t *testing.T) {
	line := "gpio:gpiochip0:27"
	c := must(template.Apply(AddZone{Zone: zones.Zone{Name: "Old", Type: zones.Entry, Sensor: line + ":no"}}))
	p := New(c, NewState(1, 2), Shell{Taken: map[string]string{line: "--siren"}})
	name := "New"
	for _, e := range []Edit{EditZone{Zone: "Old", Name: &name}, RemoveZone{"Old"}, AddZone{Zone: zones.Zone{Name: "Free", Type: zones.Entry, Sensor: "gpio:gpiochip0:26"}}} {
		if err := p.onFreeLines(e); err != nil {
			t.Errorf("%T: %v", e, err)
		}
	}
	over, end := context.WithCancel(t.Context())
	end() // nobody takes what is not refused
	p = New(template, NewState(1, 2), Shell{Taken: map[string]string{line: "--siren"}})
	for _, z := range []zones.Zone{
		{Name: "Hall 2", Type: zones.Entry, Sensor: line}, {Name: "Hall 2", Type: zones.Entry, Sensor: line + ":no"},
		{Name: "Hall 2", Type: zones.Entry, Sensor: "ev1527:00AAAA", Tamper: line},
	} {
		err := p.Edit(over, AddZone{Zone: z})
		if err == nil || !strings.Contains(err.Error(), "is the line of --siren already") {
			t.Errorf("%+v: %v", z, err)
		}
	}
}
