package main

import (
	"slices"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/zones"
)

// checkPower tells a panel that would not notice a burglar at the fuse box.
func checkPower(o panel.Outward) check {
	switch panel.Power(o.Power) {
	case panel.OnMains:
		return good("power", "the mains are there")
	case panel.OnBattery:
		return bad("power", worry, mendTrouble[panel.MainsTrouble], "the mains are gone; it lives on its battery")
	case panel.PowerUnknown:
		return bad("power", worry, mendTrouble[panel.InputTrouble], "it cannot be told whether the mains are there")
	}
	return bad("power", worry, "start it with --mains, see the README", "the mains are not watched, so a power cut is not noticed")
}

func checkSiren(o panel.Outward) check {
	switch {
	case o.NoSiren:
		return bad("siren", worry, "start it with --siren, see the README", "there is none, so nobody near hears an alarm")
	case suffers(o, panel.SirenTrouble):
		return bad("siren", worry, mendTrouble[panel.SirenTrouble], "it does not obey")
	case o.Siren != "":
		return good("siren", "it sounds")
	}
	return good("siren", "no trouble with it")
}

// checkLoops says how many loops are read; why one is not says its trouble.
func checkLoops(o panel.Outward, public panel.Public) []check {
	n := len(idsOf(public, zones.Wired))
	if n == 0 || suffers(o, panel.WireTrouble) {
		return nil
	}
	return []check{good("loops", "%d wired, all are read", n)}
}

func suffers(o panel.Outward, name panel.TroubleName) bool {
	return slices.ContainsFunc(o.Troubles, func(t panel.OutwardTrouble) bool { return t.Name == string(name) })
}

// byRadio tells whether something is enrolled that only a receiver hears.
func byRadio(public panel.Public) bool {
	return len(idsOf(public, func(id string) bool { return !zones.Wired(id) })) > 0
}

func idsOf(public panel.Public, want func(id string) bool) []string {
	return slices.DeleteFunc(enrolled(public), func(id string) bool { return !want(id) })
}
