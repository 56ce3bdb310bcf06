package signal_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/radio/signal"
)

const (
	fob      = 0x5A3C91
	other    = 0x13CDC2
	doorbell = 0x9E6F04
)

// trouble is what may be on the air, and the presses that it is.
type trouble struct {
	scene signal.Scene
	must  []string // each once
	may   []string // each once at most
	mixed bool     // two devices at the same moment
}

// mayBeWrong is how many of the mixed troubles may end in the press of a code
// that neither device has: where two transmissions overlap, a pulse of the one
// makes a pulse of the other longer, now and then the same one twice.
func mayBeWrong(mixed int) int { return mixed / 100 }

// Nothing but what was pressed may come out as a press.
func TestNoFalsePresses(t *testing.T) {
	needRTL433(t)
	t.Parallel()
	t.Logf("seed %d", seed)
	cases := map[string]trouble{}
	maps.Copy(cases, damaged(t))
	maps.Copy(cases, crowded(t))
	maps.Copy(cases, foreign(t))
	scenes := map[string]signal.Scene{}
	for name, c := range cases {
		scenes[name] = c.scene
	}
	got := through(t, scenes)
	mixed, wrong := 0, 0
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		c, h := cases[name], got[name]
		t.Logf("%s: %d frames of %d codes, presses %v", name, h.lines, len(h.codes), h.pressed)
		for i, id := range h.pressed {
			if slices.Contains(h.pressed[:i], id) {
				t.Errorf("%s: presses %v, one counted twice", name, h.pressed)
			}
		}
		for _, id := range c.must {
			if !slices.Contains(h.pressed, id) {
				t.Errorf("%s: presses %v, want %s among them; frames %v", name, h.pressed, id, h.codes)
			}
		}
		strange := slices.DeleteFunc(slices.Clone(h.pressed), func(id string) bool { return slices.Contains(c.must, id) || slices.Contains(c.may, id) })
		switch {
		case c.mixed:
			mixed, wrong = mixed+1, wrong+len(strange)
		case len(strange) > 0:
			t.Errorf("%s: presses of %v, which was not pressed; frames %v", name, strange, h.codes)
		}
		for _, e := range eventsOf(h.printed) {
			if !strings.HasPrefix(e, "ev1527:") {
				t.Errorf("%s: event of another family: %s", name, e)
			}
		}
		for _, f := range falseFrames(t, h.printed) {
			if f.twice || slices.Contains([]string{"Interlogix-Security", "Honeywell-Security"}, f.model) && f.subtype != "unknown" {
				t.Errorf("%s: %s, which nobody sent", name, f.text)
			}
		}
	}
	t.Logf("%d of %d overlapping ended in a wrong press", wrong, mixed)
	if wrong > mayBeWrong(mixed) {
		t.Errorf("%d of %d overlapping ended in a wrong press, want %d at most", wrong, mixed, mayBeWrong(mixed))
	}
}

func id(code uint32) string { return fmt.Sprintf("ev1527:%06X", code) }

// widths are pulse widths with frames in one package and in one each.
func widths() []time.Duration {
	return []time.Duration{220 * us, 300 * us, 350 * us, 500 * us, 620 * us}
}

// damaged are single presses that the air has damaged.
func damaged(t *testing.T) map[string]trouble {
	cases := map[string]trouble{}
	r := rand.New(rand.NewPCG(seed, 1))
	for _, te := range widths() {
		at := func(name string) string { return fmt.Sprintf("%s at %v", name, te) }
		press := func(frames int, faults ...signal.Fault) signal.Press {
			return signal.Press{Code: fob, TE: te, Frames: frames, Faults: faults, Offset: -20e3}
		}
		cases[at("one frame alone")] = trouble{scene: scene(t, press(1))}
		cases[at("one frame alone, of EV1527")] = trouble{scene: scene(t, signal.Press{Code: fob, TE: te, Frames: 1, SyncFirst: true})}
		for late := 1; late <= 3; late++ {
			shifted := signal.Fault{Frame: 0, Late: late, Stray: late}
			cases[at(fmt.Sprintf("a frame shifted by %d", late))] = trouble{scene: scene(t, press(1, shifted))}
			cases[at(fmt.Sprintf("the first of 6 shifted by %d", late))] = trouble{scene: scene(t, press(6, shifted)), must: []string{id(fob)}}
			cases[at(fmt.Sprintf("the first of 6 late by %d", late))] = trouble{scene: scene(t, press(6, signal.Fault{Frame: 0, Late: late})), must: []string{id(fob)}}
			cases[at(fmt.Sprintf("cut short by %d in frame 2", late))] = trouble{scene: scene(t, press(2, signal.Fault{Frame: 1, Cut: late}))}
		}
		cases[at("three frames, shifted by 1, 2, 3")] = trouble{scene: scene(t, press(3,
			signal.Fault{Frame: 0, Late: 1, Stray: 1}, signal.Fault{Frame: 1, Late: 2, Stray: 2}, signal.Fault{Frame: 2, Late: 3, Stray: 3}))}
		cases[at("each of 12 damaged differently")] = trouble{scene: scene(t, press(12, differently(r, 12)...))}
		cases[at("all but 2 of 12 damaged differently")] = trouble{scene: scene(t, press(12, differently(r, 10)...)), must: []string{id(fob)}}
	}
	return cases
}

// differently is a fault of 1 to 3 wrong bits for each frame, no two alike.
func differently(r *rand.Rand, frames int) (faults []signal.Fault) {
	used := map[uint32]bool{0: true}
	for len(faults) < frames {
		var flip uint32
		for range 1 + r.IntN(3) {
			flip |= 1 << r.IntN(24)
		}
		if !used[flip] {
			used[flip] = true
			faults = append(faults, signal.Fault{Frame: len(faults), Flip: flip})
		}
	}
	return faults
}

// crowded are several devices at once.
func crowded(t *testing.T) map[string]trouble {
	cases := map[string]trouble{}
	both := []string{id(fob), id(other)}
	r := rand.New(rand.NewPCG(seed, 2))
	tries := 20
	if everything() {
		tries = 300
	}
	for i := range tries {
		first := signal.Press{Code: fob, TE: between(r, 220, 620), Frames: 3 + r.IntN(12), Offset: 12e3, Level: 0.15 + 0.3*r.Float64(), SyncFirst: r.IntN(2) == 0}
		second := signal.Press{Code: other, TE: between(r, 220, 620), Frames: 3 + r.IntN(12), Offset: -31e3, Level: 0.15 + 0.3*r.Float64(), SyncFirst: r.IntN(2) == 0}
		second.Delay = time.Duration(r.Int64N(int64(400 * time.Millisecond)))
		cases[fmt.Sprintf("overlapping %03d: %v×%d at %.2f, after %v %v×%d at %.2f", i, first.TE, first.Frames, first.Level,
			second.Delay.Round(time.Millisecond), second.TE, second.Frames, second.Level)] = trouble{scene: scene(t, first, second), may: both, mixed: true}
	}
	for _, te := range widths() {
		frame := 128 * te
		a := signal.Press{Code: fob, TE: te, Frames: 6, Gap: frame + 40*time.Millisecond}
		b := signal.Press{Code: other, TE: te, Frames: 6, Gap: frame + 40*time.Millisecond, Delay: frame + 20*time.Millisecond}
		cases[fmt.Sprintf("alternating at %v", te)] = trouble{scene: scene(t, a, b), must: both}
		cases[fmt.Sprintf("a doorbell at %v", te)] = trouble{scene: scene(t, signal.Press{Code: doorbell, TE: te, Frames: 20}), must: []string{id(doorbell)}}
		cases[fmt.Sprintf("a doorbell, then a fob at %v", te)] = trouble{
			scene: scene(t, signal.Press{Code: doorbell, TE: te, Frames: 4}, signal.Press{Code: fob, TE: 360 * us, Delay: 6 * frame}),
			must:  []string{id(doorbell), id(fob)}}
	}
	return cases
}

func between(r *rand.Rand, from, to int) time.Duration {
	return time.Duration(from+r.IntN(to-from+1)) * us
}

// foreign is what is no press at all.
func foreign(t *testing.T) map[string]trouble {
	cases := map[string]trouble{
		"no noise at all": {scene: signal.Scene{Noise: -1, Length: time.Second}},
		"carrier":         {scene: signal.Scene{Bursts: []signal.Burst{carrier(2 * time.Second)}, Length: 3 * time.Second}},
		"carrier over a press": {scene: signal.Scene{
			Bursts: append(scene(t, signal.Press{Code: fob}).Bursts, carrier(2*time.Second)), Length: 3 * time.Second}, may: []string{id(fob)}},
	}
	for _, level := range []float64{0.01, 0.05, 0.2, 0.5} {
		cases[fmt.Sprintf("noise of %v", level)] = trouble{scene: signal.Scene{Noise: level, Seed: seed, Length: 3 * time.Second}}
	}
	tries := 5
	if everything() {
		tries = 100
	}
	for i := range tries {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		cases[fmt.Sprintf("chatter %d", i)] = trouble{scene: signal.Scene{Bursts: []signal.Burst{chatter(r, 800, 100, 1500)}, Seed: seed}}
	}
	return cases
}

func carrier(length time.Duration) signal.Burst {
	return signal.Burst{Pulses: []signal.Pulse{{On: length}}, Delay: 100 * time.Millisecond, Level: 0.4, Offset: 5e3}
}

// chatter is on-off keyed noise: pulses of no device at all, and gaps, of so many µs.
func chatter(r *rand.Rand, pulses, from, to int) signal.Burst {
	b := signal.Burst{Delay: 100 * time.Millisecond, Level: 0.5, Offset: -7e3}
	for range pulses {
		p := signal.Pulse{On: between(r, from, to), Off: between(r, from, to)}
		if r.IntN(20) == 0 {
			p.Off += between(r, 3000, 15000)
		}
		b.Pulses = append(b.Pulses, p)
	}
	return b
}
