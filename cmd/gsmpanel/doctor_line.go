package main

import (
	"cmp"
	"strings"

	"github.com/gsmpanel/gsmpanel/panel"
)

// checkLine goes along the way of an alarm, from the modem to the network.
func checkLine(o panel.Outward) []check {
	return []check{checkModem(o), checkSupply(o), checkSIM(o), checkPIN(o), checkNetwork(o), checkSignal(o), checkCentre(o), checkStorage(o)}
}

const mendModem = "mend the modem first"

// answers tells whether there is a modem to say anything.
func answers(o panel.Outward) bool { return o.Network != (panel.Network{}).String() }

func checkModem(o panel.Outward) check {
	if !answers(o) {
		return bad("modem", fault, mendTrouble[panel.ModemTrouble], "the modem does not answer")
	}
	return good("modem", "it answers")
}

func checkSupply(o panel.Outward) check {
	switch panel.Supply(o.Modem.Supply) {
	case panel.SupplyLow:
		return bad("supply", worry, mendTrouble[panel.SupplyTrouble], "the modem's is low, 3.5 V or less")
	case panel.SupplyHigh:
		return bad("supply", worry, mendTrouble[panel.OverTrouble], "the modem's is too high, 4.3 V or more")
	}
	if !answers(o) {
		return bad("supply", worry, mendModem, "unknown without a modem")
	}
	if panel.Supply(o.Modem.Supply) == panel.SupplyUnread {
		return good("supply", "the modem's is not read: only that of a SIM800 is")
	}
	return good("supply", "the modem's is good")
}

func checkSIM(o panel.Outward) check {
	switch {
	case o.SIM.Ready:
		return good("SIM", "it works")
	case o.SIM.PIN:
		return bad("SIM", fault, "mend its PIN first", "it is locked")
	case o.SIM.Why != "":
		why, ask, _ := strings.Cut(o.SIM.Why, "; ")
		return bad("SIM", fault, cmp.Or(ask, "try it in a phone"), "%s", why)
	}
	return bad("SIM", fault, mendModem, "unknown without a modem")
}

func checkPIN(o panel.Outward) check {
	switch {
	case o.SIM.Ready && o.SIM.Unlocked:
		return good("PIN", "the SIM asks for it and is given it")
	case o.SIM.Ready:
		return good("PIN", "the SIM asks for none")
	case o.SIM.PIN:
		why, ask, _ := strings.Cut(o.SIM.Why, "; ")
		return bad("PIN", fault, ask, "%s", why)
	}
	return bad("PIN", worry, "mend the SIM first", "unknown without a SIM card")
}

func checkNetwork(o panel.Outward) check {
	switch {
	case !answers(o):
		return bad("network", fault, mendModem, "unknown without a modem")
	case !o.SIM.Ready:
		return bad("network", fault, "mend the SIM first", "unknown without a SIM card")
	case o.Modem.Jammed:
		return bad("network", fault, mendTrouble[panel.GSMJamTrouble], "it seems jammed")
	}
	switch o.Network {
	case panel.Network{Up: true, Registered: true}.String():
		return good("network", "registered")
	case panel.Network{Up: true}.String():
		return bad("network", fault, mendTrouble[panel.NetworkTrouble], "no network")
	case panel.Network{Up: true, Denied: true}.String():
		return bad("network", fault, "ask the operator whether the SIM is active and paid for", "the network refuses the SIM")
	}
	return good("network", "registered at %s", o.Network)
}

// The levels are those of 3GPP TS 45.008 receivers in practice: calls get
// unsure below -95 dBm, texts below -105 dBm.
func checkSignal(o panel.Outward) check {
	const window = "move the antenna to a window"
	switch {
	case checkNetwork(o).State != fine:
		return bad("signal", worry, "mend the network first", "unknown without a network")
	case o.SignalDBm == 0:
		return bad("signal", worry, "wait a minute", "its strength is not known")
	case o.SignalDBm < -95:
		return bad("signal", worry, window, "%d dBm is weak", o.SignalDBm)
	case o.Usual != 0:
		return bad("signal", worry, "look at the antenna and its plug; if the operator has changed something there, "+window,
			"%d dBm is far weaker than the usual %d dBm", o.SignalDBm, o.Usual)
	}
	return good("signal", "%d dBm", o.SignalDBm)
}

func checkCentre(o panel.Outward) check {
	switch {
	case o.Modem.NoCentre:
		return bad("SMSC", fault, mendTrouble[panel.CentreTrouble], "the SIM names no service centre, so no text goes out")
	case !answers(o):
		return bad("SMSC", worry, mendModem, "unknown without a modem")
	}
	return good("SMSC", "the SIM names a service centre")
}

func checkStorage(o panel.Outward) check {
	switch {
	case o.Modem.Storage == "filling":
		return bad("storage", worry, mendTrouble[panel.StorageTrouble], "70 %% of the SIM's places for texts are taken; when it is full no command and no OK comes in")
	case !answers(o):
		return bad("storage", worry, mendModem, "unknown without a modem")
	}
	return good("storage", "the SIM has room for texts")
}
