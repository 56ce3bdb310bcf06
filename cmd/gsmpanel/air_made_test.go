package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/radio/signal"
)

// madePress is a press of a made encoder, and how often it must count.
type madePress struct {
	signal.Press
	count int
}

// madePresses are of every width of pulse: one frame is no press, however many of
// the decoders take it, and three are one, of which one may be lost.
func madePresses() (all []madePress) {
	for te := 220; te <= 620; te += 40 {
		for count, frames := range []int{1, 3} {
			n := uint32(len(all))
			all = append(all, madePress{count: count, Press: signal.Press{
				Code: 0x5A3C00 + 0x1111*n, TE: time.Duration(te) * time.Microsecond, Frames: frames, Offset: 12e3}})
		}
	}
	return all
}

// TestSingleFramesThroughDaemon has single frames and short presses of every width of
// pulse heard by the real rtl_433 and the daemon's decoder list.
func TestSingleFramesThroughDaemon(t *testing.T) {
	t.Parallel()
	needRTL433(t)
	all := madePresses()
	commands := markerRemotes(1)
	for _, p := range all {
		commands = append(commands, []string{"remote", "add", counterName(p.Code), "--button", id(p.Code) + "=status"})
	}
	h := newAirHouse(t, furnishAir(t, commands...))
	play := `rtl_433 -c "$RTL_433_CONF"`
	for n, p := range all {
		scene, err := signal.Presses(uint64(n), p.Press)
		if err != nil {
			t.Fatal(err)
		}
		samples, err := scene.Samples()
		if err != nil {
			t.Fatal(err)
		}
		file, err := signal.WriteFile(h.dir, fmt.Sprint(n), samples)
		if err != nil {
			t.Fatal(err)
		}
		play += " -r '" + file + "'"
	}
	radio, pipe := h.obedient()
	h.start("--radio", radio)
	got := h.heardOf(pipe, 0, play)
	for _, p := range all {
		if n := strings.Count(got, counterName(p.Code)); n != p.count {
			t.Errorf("%d frames of %v: %d presses, must be %d", p.Frames, p.TE, n, p.count)
		}
	}
	h.stop()
}
