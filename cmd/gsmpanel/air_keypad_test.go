package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gsmpanel/gsmpanel/panel"
)

// keypadLine is what rtl_433 prints of a SimpliSafe keypad; a PIN has four digits on
// the air, and more here so that it can't be there by chance.
func keypadLine(id string, seq int, says string) string {
	return fmt.Sprintf(`{"time":"2026-11-22 21:00:00","model":"SimpliSafe-Keypad","id":"%s","seq":%d,"extradata":"%s","mod":"ASK","freq":433.92,"rssi":-6.4,"snr":23.6,"noise":-30.0}`, id, seq, says)
}

// A SimpliSafe keypad sends its PIN in clear, the panel's own and the neighbour's:
// neither is in any log, trace, journal, listing or file, nor is anything else of
// the neighbour's. The own one's buttons that need no PIN work all the same.
func TestKeypadsInTheAirLeaveNothing(t *testing.T) {
	t.Parallel()
	const own, neighbours, pin, otherPIN = "1OWNK", "1NGBR", "073951", "068274"
	h := newAirHouse(t, furnishAir(t, append(markerRemotes(1),
		[]string{"remote", "add", "Hall keypad", "--contact", "Anna", "--button", "simplisafe:" + own + ":away=arm", "--button", "simplisafe:" + own + ":panic=audible"})...))
	h.env = []string{"GSMPANEL_TRACE=" + h.path("trace")}
	source, pipe := h.obedient()
	h.start("--radio", source)
	learnt := h.learns(pipe)
	for seq := range 4 {
		h.send(pipe,
			keypadLine(own, seq, "Disarm Pin: "+pin), keypadLine(neighbours, seq, "Disarm Pin: "+otherPIN), keypadLine(neighbours, 9+seq, "Keypad Panic Button"),
			`{"model":"SimpliSafe-Keypad","id":"`+pin+`","seq":`+otherPIN+`}`, "Disarm Pin: "+pin,
			"!echo 'Disarm Pin: "+otherPIN+"' >&2")
	}
	h.send(pipe, keypadLine(own, 20, "Arm System - Away"), pressLine(firstMarker))
	h.untilEntry(0, "its arming", func(e panel.Entry) bool { return e.Event == "armed" && e.Person == "Anna" })
	h.untilEntry(0, "the end", func(e panel.Entry) bool { return e.Event == "status" })
	h.shows("armed_away")
	secrets := append(codeNeedles(pin), codeNeedles(otherPIN)...)
	for _, f := range learnt() {
		if strings.Contains(f.ID, pin) || strings.Contains(f.ID, otherPIN) {
			t.Errorf("learn found %+v", f)
		}
	}
	if what := found([]byte(h.read("learnt")), secrets); what != nil {
		t.Errorf("learn shows %q", what)
	}
	if err := os.Remove(h.path("learnt")); err != nil { // it names the neighbour's keypad, to whoever learns
		t.Fatal(err)
	}
	for _, args := range [][]string{{"status", "--json"}, {"log", "-n", "1000", "--json"}, {"remote", "list", "--json"}} {
		h.write("said-"+args[0], h.cli("", args...), 0o600)
	}
	h.stop()
	h.searched(append(secrets, wordNeedles(neighbours)...))
}

// searched fails where something lies in any file of the household.
func (h *airHouse) searched(secrets []needle) {
	h.Helper()
	files := 0
	err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if what := found(b, secrets); what != nil {
			h.Errorf("%s has %q", path, what)
		}
		files++
		return err
	})
	if err != nil || files < 5 {
		h.Errorf("%d files were searched: %v", files, err)
	}
}
