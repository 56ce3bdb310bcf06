package main

import (
	"slices"
	"time"

	"cmp"

	"github.com/gsmpanel/gsmpanel/panel"
)

// mendTrouble is what to do about troubles that the log does not explain.
var mendTrouble = map[panel.TroubleName]string{
	panel.ModemTrouble:   "look at its cable, its supply (2 A peaks) and the device given by --modem",
	panel.NetworkTrouble: "look at the antenna and at the SIM; does a phone have a network there, for a SIM800 one of 2G?",
	panel.GSMJamTrouble:  "somebody may do it on purpose: look after the house first; where phones have no network there either, ask the operator",
	panel.SupplyTrouble:  "use a supply that gives 4 V and 2 A for moments, with short thick wires; charge the battery",
	panel.OverTrouble:    "use a supply of 4 V, at once: more than 4.4 V destroys it",
	panel.StorageTrouble: "put the SIM into a phone and delete its texts, or ask the operator to stop sending long ones",
	panel.CentreTrouble:  "put the SIM into a phone and set the message centre there; the operator knows its number",
	panel.RadioTrouble:   "look at the dongle (lsusb, its cable) and at gsmpanel log",
	panel.JamTrouble:     "somebody may do it on purpose: look after the house first, then for a stuck button or a device that sends all the time",
	panel.ScanTrouble:    "somebody may look for the codes of your fobs and sensors: see gsmpanel settings get fob-disarm",
	panel.SirenTrouble:   "look at its wires and at what --siren names",
	panel.KeypadTrouble:  "look whether it is plugged in and is what --keypad names",
	panel.MainsTrouble:   "look at the fuse and the plug; the battery does not last for ever",
	panel.InputTrouble:   "look at its wires and at what --mains names",
	panel.WireTrouble:    "compare gsmpanel zone list with what gpioinfo shows",
	panel.ClockTrouble:   setClock,
	panel.CreditTrouble:  "top it up",
	panel.ReadingTrouble: "dial the code on a phone with this card, and compare the answer with balance-pattern",
	panel.DiskTrouble:    "see df -h and dmesg: full, it wants room; read-only or failing, the card is worn out: copy the data directory to a new one",
	panel.FullTrouble:    "make room, for example with sudo journalctl --vacuum-size=20M; df -h shows how full it is",
}

// ownLine names the line that says what a trouble is about.
var ownLine = map[panel.TroubleName]string{
	panel.ModemTrouble: "modem", panel.SupplyTrouble: "supply", panel.OverTrouble: "supply", panel.SIMTrouble: "SIM",
	panel.NetworkTrouble: "network", panel.GSMJamTrouble: "network", panel.CentreTrouble: "SMSC", panel.StorageTrouble: "storage",
	panel.MainsTrouble: "power", panel.InputTrouble: "power", panel.ClockTrouble: "clock", panel.FullTrouble: "disk", panel.CreditTrouble: "balance", panel.SirenTrouble: "siren",
}

// withTroubles adds a line for each trouble, or to its own line since when it is so.
// Why the modem does not answer only its trouble knows.
func withTroubles(checks []check, troubles []panel.OutwardTrouble, at *time.Location) []check {
	for _, t := range troubles {
		name, since := panel.TroubleName(t.Name), ", since "+localTime(t.Since, at)
		n := slices.IndexFunc(checks, func(c check) bool { return c.Name == ownLine[name] && c.State != fine })
		switch {
		case n < 0:
			checks = append(checks, bad("trouble", worry, mend(t), "%s%s", t.Text, since))
		case name == panel.ModemTrouble:
			checks[n].Text = t.Text + since
		default:
			checks[n].Text += since
		}
	}
	return checks
}

func mend(t panel.OutwardTrouble) string {
	return cmp.Or(mendTrouble[panel.TroubleName(t.Name)], "see gsmpanel log")
}
