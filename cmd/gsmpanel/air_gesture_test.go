package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio/signal"
)

// gesturePress is a way of pressing a button, and what comes of it.
type gesturePress struct {
	name  string
	long  []time.Duration // presses, half a second between two
	event string          // begins the journal's line
}

var gesturePresses = []gesturePress{
	{"shortly", []time.Duration{300 * time.Millisecond}, "status asked"},
	{"for 1.5 s", []time.Duration{1500 * time.Millisecond}, "status asked"},
	{"twice", []time.Duration{300 * time.Millisecond, 300 * time.Millisecond}, "medical"},
	{"twice, the first one long", []time.Duration{800 * time.Millisecond, 400 * time.Millisecond}, "medical"},
	{"for 2.5 s", []time.Duration{2500 * time.Millisecond}, "fire"},
	{"for 4 s", []time.Duration{4 * time.Second}, "fire"},
}

// TestLiveGestures presses buttons of several encoders, through the real rtl_433,
// live: of pulse widths whose frames it hands on in packages and one by one.
// GSMPANEL_AIR=1 tries more of them.
func TestLiveGestures(t *testing.T) {
	t.Parallel()
	needRTL433(t)
	widths, ways := []int{220, 320, 450}, []gesturePress{gesturePresses[1], gesturePresses[2], gesturePresses[4]}
	if os.Getenv("GSMPANEL_AIR") != "" {
		widths, ways = []int{200, 220, 260, 300, 320, 340, 450, 620}, gesturePresses
	}
	commands := [][]string{{"contact", "add", "Ben", "+447700900003", "--off-site", "--quiet"},
		{"remote", "add", "Bed", "--contact", "Anna", "--button", id(0x5B0001) + "=panic"}}
	for _, te := range widths {
		commands = append(commands, []string{"remote", "add", fmt.Sprintf("TE %d", te), "--button", id(0x5A0000+uint32(te)) + "=single=status,double=medical,hold=fire"})
	}
	h := newLiveHouse(t, furnishAir(t, commands...), "")
	h.start("--radio", "rtl_433")
	h.listening()
	time.Sleep(time.Second) // real time: rtl_433 measures the noise
	for _, te := range widths {
		for _, way := range ways {
			h.isGesture(te, way)
		}
	}
	from := h.entriesSoFar()
	h.pressWays(0x5B0001, 320, gesturePresses[2].long)
	h.until("Ben has been told in silence", func() bool {
		return slices.ContainsFunc(textsOf(h.sim, "+447700900003"), func(body string) bool { return strings.HasPrefix(body, "PANIC Anna silent alarm") })
	})
	if got, _ := h.journal(from); slices.ContainsFunc(got, anyGesture) {
		t.Errorf("the journal tells of the silent alarm:\n%s", journalText(got))
	}
	h.stop()
}

// isGesture presses a button, again if it was taken for something else: a machine
// that is busy with other tests may hold up rtl_433 for longer than a pause.
func (h *liveHouse) isGesture(te int, way gesturePress) {
	h.Helper()
	for try := 1; ; try++ {
		from := h.entriesSoFar()
		h.pressWays(0x5A0000+uint32(te), te, way.long)
		n := h.untilEntry(from, fmt.Sprintf("TE %d µs, pressed %s, is %s", te, way.name, way.event), anyGesture)
		time.Sleep(2 * time.Second) // real time: the button must be still before it is pressed again
		got, _ := h.journal(n)
		if strings.HasPrefix(got[0].Text, way.event) && !slices.ContainsFunc(got[1:], anyGesture) {
			return
		}
		h.Logf("TE %d µs, pressed %s, is not %s:\n%s", te, way.name, way.event, journalText(got))
		if try == 3 {
			h.Fatal("three times")
		}
	}
}

func anyGesture(e panel.Entry) bool {
	return e.Event == "status" || e.Event == "alarm" || e.Event == "panic"
}

// pressWays puts presses on the air, half a second between two.
func (h *liveHouse) pressWays(code uint32, te int, presses []time.Duration) {
	h.Helper()
	for n, long := range presses {
		if n > 0 {
			time.Sleep(500 * time.Millisecond)
		}
		h.transmit(signal.Press{Code: code, TE: time.Duration(te) * time.Microsecond, Frames: int(long / (time.Duration(128*te) * time.Microsecond)), Offset: 9e3})
	}
}
