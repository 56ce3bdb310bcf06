package main

import (
	"os"
	"strings"
	"testing"
)

// TestDoctorOfProcesses has five things wrong at once, between the program's own
// processes: a SIM without a service centre, a weak signal, a low supply, a key that
// others can read, and nobody with a code.
func TestDoctorOfProcesses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.cli("", "contact", "add", "Anna", annaNumber, "--control", "--quiet")
	h.sim = startFor(t, h.path("simulate.log"), nil, shipped, "simulate", "--link", h.modem, "--control", h.phones)
	h.ready("simulate.log")
	h.say(map[string]any{"do": "centre"})
	h.say(map[string]any{"do": "cell", "signal": 6})
	h.say(map[string]any{"do": "supply", "mv": 3450})
	h.startPanel()
	if err := os.Chmod(h.path("data/device.key"), 0o644); err != nil {
		t.Fatal(err)
	}
	wants := []string{
		"fault SMSC the SIM names no service centre, so no text goes out; put the SIM into a phone and set the message centre there; the operator knows its number\n",
		"warning signal -102 dBm is weak; move the antenna to a window\n",
		"warning supply the modem's is low, 3.5 V or less; use a supply that gives 4 V and 2 A for moments, with short thick wires; charge the battery\n",
		"warning permissions " + h.path("data/device.key") + " has mode 0644 and is open to others; chmod 0600 " + h.path("data/device.key") + "\n",
		"fault codes nobody has a code, so the panel cannot be armed; make one with gsmpanel code add NAME\n",
		"could I alert right now: no\n",
	}
	for _, want := range wants {
		h.until("the doctor says "+want, func() bool {
			var said strings.Builder
			for line := range strings.Lines(h.cli("", "doctor")) {
				said.WriteString(strings.Join(strings.Fields(line), " ") + "\n")
			}
			return strings.Contains(said.String(), want)
		})
	}
	h.stop()
}
