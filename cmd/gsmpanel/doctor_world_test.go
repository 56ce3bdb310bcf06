package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/warthog618/sms"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
)

// diagnosis is what the doctor prints of the stack, as far as it is not on a sound
// one, and its sum.
func (s *stack) diagnosis(dir string, sound []string) []string {
	o, err := s.panel.Outward(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	public, err := s.panel.Public(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	var out bytes.Buffer
	p := newProgram(nil, &out, &out)
	if err := p.printChecks(examine(dir, true, o, public, s.clock.network())); err != nil {
		s.t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(out.String()) {
		line = strings.Join(strings.Fields(line), " ")
		if !slices.Contains(sound, line) && !strings.HasPrefix(line, "ok disk ") {
			lines = append(lines, line)
		}
	}
	return lines
}

// TestDoctorOfAWorld is the acceptance: each thing that is wrong with the modem, its
// card, its network or the board is named, with how to mend it, and nothing else.
func TestDoctorOfAWorld(t *testing.T) {
	t.Parallel()
	const no = "could I alert right now: no"
	fault := func(f simulator.Fault) func(*simulator.Modem) {
		return func(m *simulator.Modem) {
			if err := m.Fault(f); err != nil {
				t.Error(err)
			}
		}
	}
	cell := func(c simulator.Cell) func(*simulator.Modem) { return func(m *simulator.Modem) { _ = m.SetCell(c) } }
	dir := dataDirectory(t)
	var sound []string
	inBubble(t, stackOptions{}, func(s *stack) {
		well(s)
		time.Sleep(3 * time.Minute)
		sound = s.diagnosis(dir, nil)
	})
	for _, c := range []struct {
		name  string
		world func(*simulator.Modem)
		then  func(*stack)
		want  []string
	}{
		{"nothing", nil, nil, nil},
		{"a flight mode that another program has left", func(m *simulator.Modem) { usedBefore(m, "ATE1;+CMGF=1;+CSCS=\"UCS2\";&W\r", "AT+CFUN=4\r") }, nil, nil},
		{"no modem", fault(simulator.Fault{Name: "unplug", For: time.Hour}), nil, []string{
			"fault modem modem does not answer (the line to the modem is lost; check its cable and supply: EOF), since 2026-11-22 21:00:00; look at its cable, its supply (2 A peaks) and the device given by --modem",
			"warning supply unknown without a modem; mend the modem first",
			"fault SIM unknown without a modem; mend the modem first",
			"warning PIN unknown without a SIM card; mend the SIM first",
			"fault network unknown without a modem; mend the modem first",
			"warning signal unknown without a network; mend the network first",
			"warning SMSC unknown without a modem; mend the modem first",
			"warning storage unknown without a modem; mend the modem first",
			no,
		}},
		{"no SIM", fault(simulator.Fault{Name: "sim-out", For: time.Hour}), nil, []string{
			"fault SIM no SIM card in the modem, since 2026-11-22 21:00:00; switch it off and put one in",
			"warning PIN unknown without a SIM card; mend the SIM first",
			"fault network unknown without a SIM card; mend the SIM first",
			"warning signal unknown without a network; mend the network first",
			no,
		}},
		{"a SIM with a PIN", fault(simulator.Fault{Name: "sim-pin", Code: 1234}), nil, []string{
			"fault SIM it is locked, since 2026-11-22 21:00:07; mend its PIN first",
			"fault PIN the SIM card asks for its PIN; switch the PIN off in a phone, or give it with --pin-file",
			"fault network unknown without a SIM card; mend the SIM first",
			"warning signal unknown without a network; mend the network first",
			no,
		}},
		{"a SIM with a PUK", fault(simulator.Fault{Name: "sim-puk"}), nil, []string{
			"fault SIM the SIM card is locked and asks for its PUK, since 2026-11-22 21:00:07; unlock it in a phone",
			"warning PIN unknown without a SIM card; mend the SIM first",
			"fault network unknown without a SIM card; mend the SIM first",
			"warning signal unknown without a network; mend the network first",
			no,
		}},
		{"no network", cell(simulator.Cell{Gone: true}), nil, []string{
			"fault network no network, since 2026-11-22 21:00:00; look at the antenna and at the SIM; does a phone have a network there, for a SIM800 one of 2G?",
			"warning signal unknown without a network; mend the network first",
			no,
		}},
		{"a network that refuses the SIM", cell(simulator.Cell{Denied: true}), nil, []string{
			"fault network the network refuses the SIM, since 2026-11-22 21:00:00; ask the operator whether the SIM is active and paid for",
			"warning signal unknown without a network; mend the network first",
			no,
		}},
		{"a jammer", nil, func(s *stack) { _ = s.sim.SetCell(simulator.Cell{Gone: true, Jammed: true}) }, []string{
			"fault network it seems jammed, since 2026-11-22 21:00:11; somebody may do it on purpose: look after the house first; where phones have no network there either, ask the operator",
			"warning signal unknown without a network; mend the network first",
			no,
		}},
		{"a weak signal", cell(simulator.Cell{RSSI: 6}), nil, []string{
			"warning signal -102 dBm is weak; move the antenna to a window",
		}},
		{"an antenna that falls", nil, func(s *stack) {
			time.Sleep(4 * time.Hour)
			_ = s.sim.SetCell(simulator.Cell{RSSI: 13})
			time.Sleep(time.Hour)
		}, []string{
			"warning signal -88 dBm is far weaker than the usual -75 dBm; look at the antenna and its plug; if the operator has changed something there, move the antenna to a window",
		}},
		{"no service centre", func(m *simulator.Modem) { _ = m.SetCentre("") }, nil, []string{
			"fault SMSC the SIM names no service centre, so no text goes out, since 2026-11-22 21:00:00; put the SIM into a phone and set the message centre there; the operator knows its number",
			no,
		}},
		{"a SIM that fills", nil, fills, []string{
			"warning storage 70 % of the SIM's places for texts are taken; when it is full no command and no OK comes in, since 2026-11-22 21:01:00; put the SIM into a phone and delete its texts, or ask the operator to stop sending long ones",
		}},
		{"a low supply", func(m *simulator.Modem) { _ = m.SetSupply(3450) }, nil, []string{
			"warning supply the modem's is low, 3.5 V or less, since 2026-11-22 21:00:00; use a supply that gives 4 V and 2 A for moments, with short thick wires; charge the battery",
		}},
		{"too high a supply", func(m *simulator.Modem) { _ = m.SetSupply(4350) }, nil, []string{
			"warning supply the modem's is too high, 4.3 V or more, since 2026-11-22 21:00:00; use a supply of 4 V, at once: more than 4.4 V destroys it",
		}},
		{"a receiver that is gone", nil, func(s *stack) {
			s.panel.Post(panel.Receivers{Up: 0, Of: 1})
			s.panel.Post(panel.Fault{Name: panel.RadioTrouble, Unit: 1, On: true, Why: "unplugged"})
		}, []string{
			"fault radio its receiver does not work, so no zone and no fob is heard; look at the dongle (lsusb, its cable) and at gsmpanel log",
			"warning trouble radio receiver is gone (unplugged), since 2026-11-22 21:00:01; look at the dongle (lsusb, its cable) and at gsmpanel log",
			no,
		}},
		{"a clock that nobody has set", nil, func(s *stack) { s.clock.set(0, false) }, []string{
			"warning clock neither a clock chip nor a time server nor the mobile network has set it, since 2026-11-22 21:00:01; set the clock, for example with timedatectl set-ntp true; without it the age of a text is not known",
		}},
		{"the mains are gone", nil, func(s *stack) { s.panel.Post(panel.Powered{Power: panel.OnBattery}) }, []string{
			"warning power the mains are gone; it lives on its battery, since 2026-11-22 21:00:01; look at the fuse and the plug; the battery does not last for ever",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, stackOptions{world: c.world, noPIN: true}, func(s *stack) {
				well(s)
				time.Sleep(time.Second)
				if c.then != nil {
					c.then(s)
				}
				time.Sleep(7 * time.Minute)
				if got := s.diagnosis(dir, sound); !slices.Equal(got, c.want) {
					t.Errorf("it says\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(c.want, "\n\t"))
				}
			})
		})
	}
}

// well is a board that lacks nothing but what the doctor is to find.
func well(s *stack) {
	s.panel.Post(panel.Receivers{Up: 1, Of: 1})
	s.panel.Post(panel.Noise{Unit: 1, Of: 1, Usual: -31})
	s.panel.Post(panel.Powered{Power: panel.OnMains})
}

// usedBefore is another program that has used the modem before.
func usedBefore(m *simulator.Modem, commands ...string) {
	line := m.Line()
	for _, c := range commands {
		_, _ = line.Write([]byte(c))
		time.Sleep(10 * time.Second)
	}
	line.Close()
}

// fills has parts of long texts come whose others never do.
func fills(s *stack) {
	for n := range 15 {
		parts, err := sms.Encode([]byte(strings.Repeat(string(rune('a'+n)), 200)), sms.AsDeliver, sms.From(strangerPhone))
		if err != nil {
			s.t.Fatal(err)
		}
		parts[0].SCTS.Time = s.clock.network()
		pdu, err := parts[0].MarshalBinary()
		if err != nil {
			s.t.Fatal(err)
		}
		if err := s.sim.PDU(pdu); err != nil {
			s.t.Fatal(err)
		}
	}
}
