package signal_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/radio/signal"
)

// seed of everything that is drawn here; each test that draws prints it.
const seed = 1527

const us = time.Microsecond

// row is one line of the table of TestPressesThroughRTL433.
type row struct {
	te     int // µs
	frames int
	gap    time.Duration
	first  bool    // EV1527 order
	level  float64 // amplitude
}

func (r row) String() string {
	order := "PT2262"
	if r.first {
		order = "EV1527"
	}
	return fmt.Sprintf("%s TE %3d µs, %2d repeats, gap %5v, level %.1f", order, r.te, r.frames, r.gap, r.level)
}

// Amplitudes of a fob beside the receiver, in the house, and at the end of the
// garden, where a frame may be missed.
const near, usual, far = 1, 0.5, 0.1

// rows spans pulse widths of 220 to 620 µs, 3 to 47 repeats in one package or one
// each, and strengths. Every pulse width comes with few and with many repeats.
func rows() (all []row) {
	repeats := []int{3, 4, 6, 12, 20, 47}
	for i, te := 0, 220; te <= 620; i, te = i+1, te+20 {
		some := []int{3, repeats[i%len(repeats)]}
		if te == 220 || te == 320 || te == 340 || te == 620 || everything() {
			some = repeats
		}
		for _, n := range slices.Compact(some) {
			all = append(all, row{te, n, 0, false, usual}, row{te, n, 0, true, usual})
			if n <= 6 || everything() {
				all = append(all, row{te, n, 120 * time.Millisecond, false, usual})
			}
		}
		all = append(all, row{te, 6, 0, false, near}, row{te, 6, 0, true, near}, row{te, 6, 0, false, far})
	}
	return all
}

// lines are how many frames at least must be heard.
func (r row) lines() int {
	switch {
	case r.level == far:
		return 2
	case r.first:
		return r.frames - 1 // the last has no sync pulse behind it
	}
	return r.frames
}

// A press is one press, whatever the encoder and wherever: the acceptance table.
func TestPressesThroughRTL433(t *testing.T) {
	needRTL433(t)
	t.Parallel()
	scenes, distant := map[string]signal.Scene{}, map[string]signal.Scene{} // beside loud ones all the time rtl_433 does not hear the distant
	for _, r := range rows() {
		to := scenes
		if r.level == far {
			to = distant
		}
		to[r.String()] = scene(t, signal.Press{Code: fob, TE: time.Duration(r.te) * us, Frames: r.frames, Gap: r.gap, SyncFirst: r.first, Level: r.level, Offset: 12e3})
	}
	got := through(t, scenes)
	maps.Copy(got, through(t, distant))
	var table strings.Builder
	for _, r := range rows() {
		h := got[r.String()]
		fmt.Fprintf(&table, "%v: %2d lines in %2d packages, presses %v\n", r, h.lines, h.packages, h.pressed)
		if !slices.Equal(h.pressed, []string{id(fob)}) || len(h.codes) != 1 {
			t.Errorf("%v: presses %v of frames %v, want one of %s", r, h.pressed, h.codes, id(fob))
		}
		if h.lines < r.lines() || h.lines > r.frames {
			t.Errorf("%v: %d lines, want %d", r, h.lines, r.lines())
		}
		if len(h.garbage) > 0 {
			t.Errorf("%v: other lines: %s", r, h.garbage)
		}
	}
	t.Logf("seed %d, %d rows\n%s", seed, len(rows()), table.String())
}

// A button that is held is one press, also where rtl_433 cuts its frames into
// packages that come further apart than a press is still.
func TestHeldButtonIsOnePress(t *testing.T) {
	needRTL433(t)
	t.Parallel()
	scenes := map[string]signal.Scene{}
	for te := 220; te <= 420; te += 20 {
		frames := 6_000_000 / (128 * te) // for 6 s
		scenes[fmt.Sprintf("TE %d µs, %d repeats", te, frames)] = scene(t, signal.Press{Code: fob, TE: time.Duration(te) * us, Frames: frames, Offset: 12e3})
	}
	for name, h := range through(t, scenes) {
		if !slices.Equal(h.pressed, []string{id(fob)}) {
			t.Errorf("%s: %d lines in %d packages, presses %v", name, h.lines, h.packages, h.pressed)
		}
	}
}
