package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

func TestDemoPlaysToItsEnd(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	status := newProgram(strings.NewReader(""), &out, &out).run(t.Context(), []string{"demo", "--script"})
	if status != 0 {
		t.Fatalf("exit status %d:\n%s", status, &out)
	}
	for _, p := range demoPeople() {
		if n := strings.Count(columnOf(t, out.String(), p.name), "< "); n < 4 {
			t.Errorf("%s's phone shows %d texts:\n%s", p.name, n, &out)
		}
	}
	anna := columnOf(t, out.String(), "Anna")
	for _, word := range []string{"DURESS", "PANIC", "CLOSE", "You have it"} {
		if strings.Contains(anna, word) {
			t.Errorf("the phone in the house shows %q:\n%s", word, anna)
		}
	}
}

func TestDemoWithoutOneContact(t *testing.T) {
	t.Parallel()
	d := &demo{people: demoPeople()[:2], pace: scriptPace, patience: sceneTime}
	var out bytes.Buffer
	if err := d.play(t.Context(), &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	if text := out.String(); strings.Contains(text, "Cleo") || strings.Contains(text, "+447700900003") {
		t.Errorf("a phone that is not on the list is in the transcript:\n%s", text)
	}
	if !strings.Contains(columnOf(t, out.String(), "Ben"), "DURESS Anna") {
		t.Errorf("Ben was not told:\n%s", &out)
	}
}

func TestDemoFailsWithABrokenModem(t *testing.T) {
	t.Parallel()
	d := &demo{people: demoPeople(), pace: scriptPace, patience: 3 * time.Second,
		faults: []simulator.Fault{{Name: "error", Command: "+CMGS", Times: 1000, Code: 38}}}
	var out, errs bytes.Buffer
	err := d.play(t.Context(), &out)
	if err == nil {
		t.Fatalf("no text can be sent, and the demo went well:\n%s", &out)
	}
	if status := newProgram(strings.NewReader(""), &out, &errs).fail(err); status != 1 {
		t.Errorf("exit status %d, want 1", status)
	}
	if !strings.Contains(errs.String(), "waited") {
		t.Errorf("the error does not say what was waited for: %s", &errs)
	}
}

// columnOf is what a person's phone shows in the table of phones.
func columnOf(t *testing.T, transcript, name string) string {
	t.Helper()
	_, table, ok := strings.Cut(transcript, "What each phone shows")
	if !ok {
		t.Fatalf("there is no table of phones:\n%s", transcript)
	}
	lines := strings.Split(table, "\n")
	at := -1
	var column []string
	for _, l := range lines {
		cells := strings.Split(l, " | ")
		for n, cell := range cells {
			if at < 0 && strings.HasPrefix(cell, name+" +") {
				at = n
			}
		}
		if at > 0 && len(cells) > at {
			column = append(column, cells[at])
		}
	}
	if at < 0 {
		t.Fatalf("%s has no column:\n%s", name, table)
	}
	return strings.Join(column, "\n")
}
