package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/store"
)

// TestKeyedCommands commands the panel by calls, between two processes, and then
// looks for what nobody may find.
func TestKeyedCommands(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.furnish()
	h.cli("", "settings", "set", "call-keypad", "true")
	h.letsIn()
	h.start()
	h.untilLetIn()
	h.nobodyElse()
	h.wrongThrice()
	h.keys(houseCode+"#1", "AD")
	h.until("the panel is armed", func() bool { return h.state() == "armed_away" })
	h.hearsBusy()
	h.cutInACall()
	h.keys(houseOther+"#3", "AD")
	h.until("the panel is disarmed", func() bool { return h.state() == "disarmed" })
	h.hearsBusy()
	h.untilGot(benNumber, "DURESS Anna forced to disarm")
	h.untilGot(cleoNumber, "Ben has taken it: DURESS")
	h.over()
	h.noCodes()
}

// noCodes looks on all surfaces for codes that were keyed, and for what a call
// says of itself in the trace.
func (h *house) noCodes() {
	needles := append(codeNeedles(houseCode), codeNeedles(houseOther)...)
	for _, keyed := range h.commands {
		needles = append(needles, sentNeedles(keyed)...)
	}
	traced := false
	for _, where := range slices.Sorted(maps.Keys(h.surfaces)) {
		for _, what := range found(h.surfaces[where], needles) {
			h.Errorf("%s holds: %s", where, what)
		}
		traced = traced || bytes.Contains(h.surfaces[where], []byte("> ATA"))
		for _, secret := range []string{"DTMF", "GSMBUSY=0", cleoNumber} {
			if strings.Contains(where, "trace") && bytes.Contains(h.surfaces[where], []byte(secret)) {
				h.Errorf("%s holds %s", where, secret)
			}
		}
	}
	if !traced {
		h.Error("the trace is not among the surfaces, or has no call")
	}
}

// letsIn is as if the last code were 20 minutes ago, to a panel that is not
// running.
func (h *house) letsIn() {
	h.Helper()
	st, err := store.Open(h.path("data"), store.Options{})
	if err != nil {
		h.Fatal(err)
	}
	c, s, err := st.Load()
	if err != nil {
		h.Fatal(err)
	}
	s.Sealed.HushUntil = 0
	if err := st.Commit(panel.Snapshot{Config: c, State: s}); err != nil {
		h.Fatal(err)
	}
	if err := st.Close(); err != nil {
		h.Fatal(err)
	}
}

// call is the last one of a phone.
func (h *house) call(number string) (result, tones string) {
	h.Helper()
	calls := h.phone(number).Calls
	if len(calls) == 0 {
		return "", ""
	}
	last := calls[len(calls)-1]
	return last.Result, last.Tones
}

func (h *house) ring(number string) {
	h.Helper()
	h.say(map[string]any{"do": "call", "from": number})
}

// keys rings from Anna's phone, keys something, hears tones, and is hung up on.
func (h *house) keys(digits, tones string) {
	h.Helper()
	h.commands = append(h.commands, digits)
	h.ring(annaNumber)
	h.until("Anna is answered", func() bool { result, _ := h.call(annaNumber); return result == "answered" })
	h.say(map[string]any{"do": "digits", "from": annaNumber, "digits": digits})
	h.until("the panel hangs up", func() bool { result, _ := h.call(annaNumber); return result == "ended" })
	if _, heard := h.call(annaNumber); heard != tones {
		h.Errorf("Anna heard %s, want %s", heard, tones)
	}
}

// untilLetIn waits until the modem was told to let callers in: a stranger is then
// rejected by the panel.
func (h *house) untilLetIn() {
	h.Helper()
	const stranger = "+447700900098"
	h.ring(stranger)
	h.until("callers are let in", func() bool {
		result, _ := h.call(stranger)
		if result == "busy" {
			h.ring(stranger)
		}
		return result == "rejected"
	})
}

func (h *house) hearsBusy() {
	h.Helper()
	h.ring(annaNumber)
	if result, _ := h.call(annaNumber); result != "busy" {
		h.Errorf("who rings after a code hears %s", result)
	}
}

func (h *house) nobodyElse() {
	h.Helper()
	for _, number := range []string{"+447700900099", benNumber, ""} {
		h.ring(number)
		h.until(fmt.Sprintf("%q is rejected", number), func() bool { result, _ := h.call(number); return result == "rejected" })
	}
}

func (h *house) wrongThrice() {
	h.Helper()
	h.keys("111222#3444555#3666777#3", "DADADADADADADADADADADADA")
	if got := h.state(); got != "disarmed" {
		h.Errorf("after three wrong codes it is %s", got)
	}
}

// cutInACall kills the panel while Anna is in a call with it. The next start hangs
// up: nobody is left on a line that nobody hears.
func (h *house) cutInACall() {
	h.Helper()
	h.stop()
	h.letsIn()
	h.startPanel()
	h.untilLetIn()
	h.ring(annaNumber)
	h.until("Anna is answered", func() bool { result, _ := h.call(annaNumber); return result == "answered" })
	h.panel.kill()
	time.Sleep(time.Second)
	if result, _ := h.call(annaNumber); result != "answered" {
		h.Errorf("the modem ended the call by itself: %s", result)
	}
	h.startPanel()
	h.until("the call is ended", func() bool { result, _ := h.call(annaNumber); return result == "ended" })
	if got := h.state(); got != "armed_away" {
		h.Errorf("after that it is %s", got)
	}
	h.untilLetIn()
}
