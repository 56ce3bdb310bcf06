package panel

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestClockJumps sets the wall clock by 56 years in the middle of each delay,
// either way, and takes its sureness away or gives it: nothing fires early, and
// nothing late by more than a second. All of it counts in the panel's own time.
func TestClockJumps(t *testing.T) {
	const century = 56 * 365 * 24 * time.Hour
	for _, delay := range []struct {
		name  string
		start func(h *house)
		lasts time.Duration
		over  func(h *house) bool
	}{
		{"exit delay", func(h *house) { h.text(anna, annaCode+" ARM") }, time.Minute,
			func(h *house) bool { return h.s.Zones.Shown() == "armed_away" }},
		{"entry delay", func(h *house) { h.armedAway(); h.trip(hall) }, 30 * time.Second,
			func(h *house) bool { return h.siren != "" }},
		{"abort window", func(h *house) { h.armedAway(); h.trip(kitchen) }, 30 * time.Second,
			func(h *house) bool { return h.heard(anna, "BURGLARY") == 1 }},
		{"siren", func(h *house) { h.trip(cellar) }, 240 * time.Second,
			func(h *house) bool { return h.siren == "" }},
		{"first repeat", func(h *house) { h.trip(cellar) }, 5 * time.Minute,
			func(h *house) bool { return strings.Contains(h.s.lastEntry(), "told again") }},
		{"a number's lock", func(h *house) { h.wrongCodes(5) }, 15 * time.Minute,
			func(h *house) bool { // its right code is obeyed, in a world that forgets it
				told := judge(h.c, testKey, Text{From: anna, Body: annaCode + " STATUS", Parts: 1})
				return len(Step(h.c, h.s, h.now, told).Entries) > 0
			}},
		{"sealed repeat", func(h *house) { h.text(anna, annaDuress+" STATUS"); h.wait(5 * time.Second) }, 299 * time.Second,
			func(h *house) bool { return h.heard(ben, "DURESS") == 2 }},
		{"24 hours of sealing", func(h *house) { h.text(anna, annaDuress+" STATUS"); h.wait(4 * time.Second) }, 24 * time.Hour,
			func(h *house) bool { return h.s.Sealed.Book.Incidents[0].Closed != 0 }},
		{"a trouble held back", func(h *house) { h.do(Fault{Name: RadioTrouble, On: true}) }, time.Minute,
			func(h *house) bool { return h.heard(anna, "Mill Lane") == 1 }},
	} {
		for _, jump := range []time.Duration{century, -century} {
			for _, sure := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s %v sure %v", delay.name, jump, sure), func(t *testing.T) {
					h := newHouse()
					delay.start(h)
					half := delay.lasts / 2
					h.wait(half)
					h.now.Wall, h.now.Sure = h.now.Wall.Add(jump), sure
					h.do(Knock{})
					h.wait(delay.lasts - half - time.Second)
					if delay.over(h) {
						t.Error("it fired early")
					}
					h.wait(2 * time.Second)
					if !delay.over(h) {
						t.Error("it is late")
					}
				})
			}
		}
	}
}

func (h *house) armedAway() {
	h.text(anna, annaCode+" ARM")
	h.wait(5 * time.Minute)
}

func (h *house) wrongCodes(n int) {
	for k := range n {
		h.text(anna, fmt.Sprintf("11122%d DISARM", k))
	}
}

// heard counts the texts of a phone that begin so.
func (h *house) heard(number, begins string) int {
	return len(slices.DeleteFunc(slices.Clone(h.texts[number]), func(body string) bool { return !strings.HasPrefix(body, begins) }))
}

func (s State) lastEntry() string {
	if len(s.Recent) == 0 {
		return ""
	}
	return s.Recent[len(s.Recent)-1].Text
}
