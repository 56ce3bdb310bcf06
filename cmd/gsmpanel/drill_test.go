package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestDrill is one at a terminal, between two processes.
func TestDrill(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.furnish()
	h.start()
	k := sitDown(t, h.path("data"), "test")
	k.reads("Code: $")
	k.types(houseCode + "\r")
	k.reads("Drill begins in 20 s: .* to 3 people")
	h.untilGot(cleoNumber, "TEST by Anna")
	h.say(map[string]any{"do": "text", "from": cleoNumber, "body": "OK " + digitsAfter(h.phone(cleoNumber).received(), "TEST by Anna", "OK ")})
	h.untilGot(cleoNumber, "TEST. You have it")
	k.reads("3 of 3 got the text, Cleo took it after [0-9]+ s by text")
	k.reads("Cleo .* by text")
	if status := k.leaves(); status != 0 || strings.Contains(k.all(), houseCode) {
		t.Errorf("it ended with %d:\n%s", status, k.all())
	}
	h.over()
	h.noDrill()
	if !bytes.Contains(h.surfaces["output of gsmpanel incidents"], []byte("Cleo took it after")) {
		t.Error("the incidents do not tell of the drill")
	}
}

// TestDrillUnderThreat is one that Anna is forced to. What she and her panel show is
// of the same kind.
func TestDrillUnderThreat(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.furnish()
	h.start()
	h.anna(houseOther + " TEST")
	h.untilGot(benNumber, "NOT A TEST. DURESS Anna under threat")
	h.say(map[string]any{"do": "text", "from": benNumber, "body": "OK " + digitsAfter(h.phone(benNumber).received(), "NOT A TEST", "OK ")})
	h.untilGot(annaNumber, "is over: 3 of 3 got the text, Ben took it after")
	h.untilGot(benNumber, "You have it. When police")
	h.untilGot(cleoNumber, "Ben has taken it: DURESS")
	for _, text := range h.phone(annaNumber).received() {
		if !strings.HasPrefix(text, "TEST") && !strings.HasPrefix(text, "Drill begins") {
			t.Errorf("Anna was texted %q", text)
		}
	}
	h.over()
	h.noDrill()
	if !bytes.Contains(h.surfaces["output of gsmpanel incidents"], []byte("Ben took it after")) {
		t.Error("the incidents do not tell of the drill")
	}
	if !bytes.Contains(h.surfaces["end: file trace.log"], []byte("Drill begins")) {
		t.Error("the trace shows no reply")
	}
}

// noDrill sees to it that nothing shows what a drill says to people.
func (h *house) noDrill() {
	h.Helper()
	for where, b := range h.surfaces {
		if bytes.Contains(b, []byte("NOT A")) || bytes.Contains(b, []byte("DURESS")) || bytes.Contains(b, []byte(houseOther)) {
			h.Errorf("%s tells of it", where)
		}
	}
	if bytes.Contains(h.surfaces["end: file trace.log"], []byte("TEST by Anna")) {
		h.Error("the trace shows what is sent to people in a drill")
	}
}
