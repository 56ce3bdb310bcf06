package main

import (
	"bytes"
	"strings"
	"testing"
)

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
	h.over()

	var needles []needle
	for _, code := range []string{houseCode, houseOther, wrong, half} {
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
