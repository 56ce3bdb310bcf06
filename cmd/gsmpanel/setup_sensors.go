package main

import (
	"context"
	"strings"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

const aboutSensors = `Each sensor is a zone: a door, a window, a room. They are taken in one by one, by
letting them speak. Wired ones: gsmpanel zone add --help.`

const aboutTypes = `entry      the door by which you come in: it gives you time to disarm
perimeter  a window or another door: an alarm at once, at night too
interior   a motion sensor: watched only when nobody is at home
24h        an alarm at any time, such as water; fire, medical and tamper too
panic      a button on the wall: pressed twice silent, held loud`

func (s *setup) sensorsStep() step {
	has := named(s.public.Zones, func(z zones.Zone) string { return z.Name })
	return step{name: "the sensors", about: aboutSensors, has: has, take: func(ctx context.Context, _ bool) error { return s.repeat(ctx, s.newSensor) }}
}

func (s *setup) newSensor(ctx context.Context) error {
	prompt := "Take in a sensor?"
	if len(s.public.Zones) > 0 {
		prompt = "There is " + s.sensorsStep().has + ". Another sensor?"
	}
	if err := s.another(ctx, prompt, true, "no goes on. More can be taken in at any time, with gsmpanel learn and zone add."); err != nil {
		return err
	}
	d, err := s.hear(ctx, "Open and close the door, then the sensor's cover, or walk past it.",
		"Hold it within a few metres of the antenna, and look at its battery.")
	if err != nil {
		return err
	}
	z, sensor := likelyZone(d.Codes)
	if !sensor {
		return broken("go on to the fobs with no", "%s is a button, or a door contact that was not heard to open", d.Codes[0].ID)
	}
	return inOrder(ctx,
		func(ctx context.Context) error { return s.askType(ctx, &z) },
		func(ctx context.Context) error { return s.askZone(ctx, z) },
	)
}

// likelyZone is what a device that was heard is likely to be as a zone; false where it
// can't be one.
func likelyZone(codes []radio.Finding) (zones.Zone, bool) {
	first := codes[0]
	switch {
	case first.Says != 0 && first.Says&(radio.Open|radio.Closed) == 0:
		return zones.Zone{Type: zones.Interior, Sensor: first.ID}, true
	case first.Says != 0:
		return zones.Zone{Type: zones.Entry, Sensor: first.ID}, true
	case first.Family != radio.FamilyEV1527:
		return zones.Zone{}, false
	}
	sure, rest := sorted(codes)
	kind := likelyType(sure, codes)
	if sure[slotOpen] == "" && len(rest) > 0 { // nothing says which: the first to be heard opened
		kind, sure[slotOpen], rest = zones.Entry, rest[0].ID, rest[1:]
		if len(rest) > 0 && sure[slotClose] == "" {
			sure[slotClose] = rest[0].ID
		}
	}
	z := zones.Zone{Type: kind, Sensor: sure[slotOpen], Close: sure[slotClose], Tamper: sure[slotTamper], LowBattery: sure[slotLowBattery]}
	return z, z.Sensor != ""
}

func (s *setup) askType(ctx context.Context, z *zones.Zone) error {
	if err := s.say("%s", aboutTypes); err != nil {
		return err
	}
	return s.ask(ctx, question{prompt: "What is it", keep: string(z.Type), more: "The README has a table of what each type does in each mode.", take: func(answer string) error {
		tried := *z
		tried.Name, tried.Type = s.unused("New sensor"), zones.Type(strings.ToLower(answer))
		if err := s.would("zone add", panel.AddZone{Zone: tried}); err != nil {
			return err
		}
		z.Type = tried.Type
		return nil
	}})
}

// askZone asks for the name, and adds the zone.
func (s *setup) askZone(ctx context.Context, z zones.Zone) error {
	usual := map[zones.Type]string{zones.Entry: "Front door", zones.Perimeter: "Window", zones.Interior: "Hall", zones.Fire: "Smoke", zones.Always: "Water"}[z.Type]
	if usual == "" {
		usual = "New sensor"
	}
	return s.ask(ctx, question{prompt: "Its name", keep: s.unused(usual), more: "It stands in the texts and says where: Kitchen window.", take: func(answer string) error {
		args := []string{"zone", "add", answer, "--type", string(z.Type)}
		for _, f := range slotFlags {
			if id := slotsOf(z)[f.slot]; id != "" {
				args = append(args, "--"+f.flag, id)
			}
		}
		return s.do(ctx, args...)
	}})
}
