package main

import (
	"cmp"

	"github.com/gsmpanel/gsmpanel/panel"
)

// mendTrouble is what to do about troubles that the log does not explain.
var mendTrouble = map[panel.TroubleName]string{
	panel.JamTrouble:    "somebody may do it on purpose: look after the house first, then for a stuck button or a device that sends all the time",
	panel.ScanTrouble:   "somebody may look for the codes of your fobs and sensors: see gsmpanel settings get fob-disarm",
	panel.SirenTrouble:  "look at its wires and at what --siren names",
	panel.KeypadTrouble: "look whether it is plugged in and is what --keypad names",
	panel.MainsTrouble:  "look at the fuse and the plug; the battery does not last for ever",
	panel.InputTrouble:  "look at its wires and at what --mains names",
	panel.WireTrouble:   "compare gsmpanel zone list with what gpioinfo shows",
	panel.ClockTrouble:  setClock,
	panel.FullTrouble:   "make room, for example with journalctl --vacuum-size=20M",
}

func mend(t panel.OutwardTrouble) string {
	return cmp.Or(mendTrouble[panel.TroubleName(t.Name)], "see gsmpanel log")
}
