package signal_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/radio/signal"
)

// falseFrame is a frame of a family other than EV1527 where there was none.
type falseFrame struct {
	model, subtype, text string
	twice                bool // an equal one came before
}

// falseFrames leaves out what a frame of no device can be: the idle line of a
// decoder, all 0 or all 1, or a kind that Skylink does not know.
func falseFrames(t *testing.T, lines []printed) (found []falseFrame) {
	t.Helper()
	seen := map[string]bool{}
	for _, p := range lines {
		var l struct {
			Model, Subtype, Data string
			Motion               any
		}
		if err := json.Unmarshal(p.text, &l); err != nil {
			t.Fatal(err)
		}
		_, number := l.Motion.(float64)
		if l.Model == "EV1527" || number || l.Model == "HCS" && strings.Trim(l.Data, "f08ce") == "" {
			continue
		}
		text := fields(t, p.text)
		found = append(found, falseFrame{l.Model, l.Subtype, text, seen[text]})
		seen[text] = true
	}
	return found
}

// Interference as fast as the bits of Interlogix, which guards its frames least,
// makes a frame of it now and then, and of others, but never two equal ones.
func TestFastChatter(t *testing.T) {
	needRTL433(t)
	t.Parallel()
	t.Logf("seed %d", seed)
	tries := 20
	if everything() {
		tries = 600
	}
	scenes := map[string]signal.Scene{}
	for i := range tries {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		scenes[fmt.Sprintf("chatter %d", i)] = signal.Scene{Bursts: []signal.Burst{chatter(r, 1500, 90, 290)}, Seed: seed}
	}
	single := map[string]int{}
	for name, printed := range lines(t, scenes) {
		if events := eventsOf(printed); len(events) > 0 {
			t.Errorf("%s: events %q", name, events)
		}
		for _, f := range falseFrames(t, printed) {
			single[f.model+" "+f.subtype]++
			if f.twice {
				t.Errorf("%s: twice %s", name, f.text)
			}
		}
	}
	t.Logf("%d scenes; single frames: %v", tries, single)
}

// A fob of a neighbour's that sends at the same time may cost an event or the
// press, but makes no other of either.
func TestFamiliesBesideAFob(t *testing.T) {
	needRTL433(t)
	t.Parallel()
	t.Logf("seed %d", seed)
	scenes := map[string]signal.Scene{}
	r := rand.New(rand.NewPCG(seed, 3))
	for i, s := range everyFamily() {
		if i%4 > 0 && !everything() {
			continue
		}
		s.burst.Offset, s.burst.Level = 12e3, 0.15+0.3*r.Float64()
		beside := scene(t, signal.Press{Code: fob, TE: between(r, 220, 620), Frames: 5, Offset: -31e3, Level: 0.15 + 0.3*r.Float64(), SyncFirst: r.IntN(2) == 0,
			Delay: time.Duration(r.Int64N(int64(300 * time.Millisecond)))})
		s.burst.Delay = 100*time.Millisecond + time.Duration(r.Int64N(int64(300*time.Millisecond)))
		beside.Bursts = append(beside.Bursts, s.burst)
		scenes[s.event] = beside
	}
	got := lines(t, scenes)
	through := 0
	for _, s := range everyFamily() {
		for i, e := range eventsOf(got[s.event]) {
			switch {
			case e == s.counts && i < 2:
				through++
			case e != id(fob)+" pressed":
				t.Errorf("%s: %s", s.event, e)
			}
		}
	}
	t.Logf("%d of %d events came through", through, len(scenes))
}
