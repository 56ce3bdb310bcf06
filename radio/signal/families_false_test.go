package signal_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

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
		for _, f := range falseFrames(t, printed) {
			single[f.model+" "+f.subtype]++
			if f.twice {
				t.Errorf("%s: twice %s", name, f.text)
			}
		}
	}
	t.Logf("%d scenes; single frames: %v", tries, single)
}
