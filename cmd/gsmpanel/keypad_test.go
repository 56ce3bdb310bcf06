package main

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strings"
	"testing"
)

// keyCodes are those of a USB keypad (linux/input-event-codes.h).
var keyCodes = map[rune]uint16{'1': 79, '2': 80, '3': 81, '4': 75, '5': 76, '6': 77, '7': 71, '8': 72, '9': 73, '0': 82, '\n': 96, '*': 55, '/': 98, '\b': 14, '\x1b': 1}

// keystrokes are what Linux gives of keys that are pressed and let go.
func keystrokes(keys string) (out []byte) {
	event := func(kind, code uint16, value int32) {
		out = append(out, make([]byte, 2*bits.UintSize/8)...) // the time
		out = binary.NativeEndian.AppendUint16(binary.NativeEndian.AppendUint16(out, kind), code)
		out = binary.NativeEndian.AppendUint32(out, uint32(value))
	}
	for _, k := range keys {
		for _, value := range []int32{1, 0} {
			event(1, keyCodes[k], value)
			event(0, 0, 0)
		}
	}
	return out
}

// chirps is how often the siren has chirped so far.
func (h *house) chirped() int { return strings.Count(h.read("siren.log"), "on chirp") }

// TestKeypad types at a running panel: a code that arms, a duress code that
// disarms, ten wrong ones, and what is left half typed. No digit of it lies
// anywhere afterwards.
func TestKeypad(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	keypad, err := openPipe(h.path("keypad"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { keypad.Close() })
	types := func(keys string) {
		t.Helper()
		if _, err := keypad.Write(keystrokes(keys)); err != nil {
			t.Fatal(err)
		}
	}
	h.write("siren.log", "", 0o600)
	h.furnish()
	h.cli("", "settings", "set", "chirp", "true")
	h.start("--keypad", h.path("keypad"))

	types(houseCode + "\n")
	h.until("the panel is armed", func() bool { return h.state() == "armed_away" })
	h.until("the siren chirps once", func() bool { return h.chirped() == 1 })
	types(houseOther + "\n")
	h.until("the panel is disarmed", func() bool { return h.state() == "disarmed" })
	h.until("the siren chirps twice", func() bool { return h.chirped() == 3 })
	h.untilGot(benNumber, "DURESS Anna forced to disarm")
	if got := h.phone(annaNumber).received(); len(got) != 0 {
		t.Errorf("Anna, with somebody beside her, was texted %q", got)
	}

	const wrong, half = "604917", "913486"
	for range 10 {
		types(wrong + "*")
	}
	h.until("the keypad is blocked", func() bool { return strings.Contains(h.cli("", "log"), "the keypad is blocked for 90 s") })
	before := h.chirped()
	types(houseCode + "\n")
	h.until("the siren says no", func() bool { return h.chirped() >= before+4 })
	if got := h.state(); got != "disarmed" {
		t.Errorf("while the keypad is blocked the panel was %s", got)
	}
	types(half)
	h.listen("end")
	if err := h.panel.stop(); err != nil {
		t.Errorf("the panel ended with %v", err)
	}
	h.files("end")

	var needles []needle
	for _, code := range []string{houseCode, houseOther, wrong, half, half[:4]} {
		needles = append(needles, codeNeedles(code)...)
	}
	needles = append(needles, wordNeedles("DURESS")...)
	for where, b := range h.surfaces {
		for _, what := range found(b, needles) {
			t.Errorf("%s holds: %s", where, what)
		}
	}
	if log := h.surfaces["output of gsmpanel log --json"]; !bytes.Contains(log, []byte(`"channel":"keypad"`)) && !bytes.Contains(log, []byte(`"channel": "keypad"`)) {
		t.Errorf("the log does not tell of a keypad:\n%s", log)
	}
}

// TestWhatIsNoKeypad: what can never be one ends the start with a sentence, what
// may still come does not.
func TestWhatIsNoKeypad(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, device := range []string{"/dev/null", h.dir, h.path("siren.sh")} {
		p := startFor(t, h.path("refused.log"), nil, shipped, "run", "--data", h.path("data"), "--modem", h.modem, "--radio", "none", "--keypad", device)
		<-p.gone
		if code := p.cmd.ProcessState.ExitCode(); code != 1 {
			t.Errorf("%s: exit status %d", device, code)
		}
	}
	said := h.read("refused.log")
	if n := strings.Count(said, "can't be used: it is no input device; `ls /dev/input/by-id` shows"); n != 3 {
		t.Errorf("said of three devices:\n%s", said)
	}
}
