package signal_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gsmpanel/gsmpanel/radio/signal"
)

// text is a burst in units of te: "1-31 3-1" is on for 1, silent for 31, on for
// 3, silent for 1.
func text(b signal.Burst, te time.Duration) string {
	var words []string
	for _, p := range b.Pulses {
		words = append(words, fmt.Sprintf("%d-%d", p.On/te, p.Off/te))
	}
	return strings.Join(words, " ")
}

func TestWaveForm(t *testing.T) {
	zeros := strings.TrimSpace(strings.Repeat("1-3 ", 16))
	for _, c := range []struct {
		name  string
		press signal.Press
		want  string
	}{
		{"PT2262: bits, then the sync", signal.Press{Code: 0xA5, Frames: 1}, zeros + " 3-1 1-3 3-1 1-3 1-3 3-1 1-3 3-1 1-31"},
		{"EV1527: the sync, then bits", signal.Press{Code: 0xA5, Frames: 1, SyncFirst: true}, "1-31 " + zeros + " 3-1 1-3 3-1 1-3 1-3 3-1 1-3 3-1"},
		{"the first bit sent is the highest", signal.Press{Code: 0x800000, Frames: 1, Faults: []signal.Fault{{Cut: 22}}}, "3-1 1-123"},
		{"late by 22", signal.Press{Code: 2, Frames: 1, Faults: []signal.Fault{{Late: 22}}}, "3-1 1-3 1-31"},
		{"late by 23, 2 stray pulses", signal.Press{Code: 1, Frames: 1, Faults: []signal.Fault{{Late: 23, Stray: 2}}}, "3-1 1-3 1-3 1-31"},
		{"a wrong bit", signal.Press{Code: 2, Frames: 1, Faults: []signal.Fault{{Flip: 3, Late: 22}}}, "1-3 3-1 1-31"},
		{"faults of one frame add up", signal.Press{Code: 3, Frames: 1, Faults: []signal.Fault{{Late: 22}, {Frame: signal.EveryFrame, Flip: 1}}}, "3-1 1-3 1-31"},
		{"a fault of the second of 2", signal.Press{Frames: 2, Faults: []signal.Fault{{Late: 23}, {Frame: 1, Late: 22}}}, "1-3 1-31 1-3 1-3 1-31"},
		{"all bits gone", signal.Press{Frames: 1, Faults: []signal.Fault{{Late: 20, Cut: 4}}}, "0-128"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.press.TE = 400 * us
			b, err := c.press.Burst()
			if err != nil {
				t.Fatal(err)
			}
			if got := text(b, c.press.TE); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

// A press lasts as long as its frames of 128 TE, its gaps and its delay.
func TestLength(t *testing.T) {
	for _, c := range []struct {
		name  string
		press signal.Press
		want  time.Duration
	}{
		{"the usual", signal.Press{Code: 1}, 12*128*350*us - 31*350*us},
		{"EV1527 ends with the last bit, a 1", signal.Press{Code: 1, SyncFirst: true}, 12*128*350*us - 350*us},
		{"with gaps", signal.Press{Code: 1, TE: 200 * us, Frames: 3, Gap: time.Second}, 3*128*200*us - 31*200*us + 2*time.Second},
		{"later", signal.Press{Code: 1, TE: 200 * us, Frames: 1, Delay: time.Second}, time.Second + 97*200*us},
	} {
		b, err := c.press.Burst()
		if err != nil || b.Length() != c.want {
			t.Errorf("%s: %v, %v, want %v", c.name, b.Length(), err, c.want)
		}
	}
	if got := (signal.Burst{}).Length(); got != 0 {
		t.Errorf("nothing takes %v", got)
	}
}

// Any frame of any press is as long as any other, so that frames keep their places.
func TestFramesKeepTheirPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := signal.Press{
			Code: rapid.Uint32Range(0, 1<<24-1).Draw(t, "code"), TE: time.Duration(rapid.IntRange(150, 800).Draw(t, "te")) * us,
			Frames: rapid.IntRange(1, 5).Draw(t, "frames"), Gap: time.Duration(rapid.IntRange(0, 1e8).Draw(t, "gap")),
		}
		cut := whole
		cut.Faults = []signal.Fault{{Frame: signal.EveryFrame, Cut: rapid.IntRange(0, 24).Draw(t, "cut"), Flip: rapid.Uint32Range(0, 1<<24-1).Draw(t, "flip")}}
		var lasts [2]time.Duration
		for i, p := range []signal.Press{whole, cut} {
			b, err := p.Burst()
			if err != nil {
				t.Fatal(err)
			}
			for _, pulse := range b.Pulses {
				lasts[i] += pulse.On + pulse.Off
			}
		}
		if want := time.Duration(whole.Frames) * (128*whole.TE + whole.Gap); lasts[0] != want || lasts[1] != want {
			t.Fatalf("%v, want %v", lasts, want)
		}
	})
}

func TestRefused(t *testing.T) {
	for want, p := range map[string]signal.Press{
		"code 1000000":  {Code: 1 << 24},
		"width 149µs":   {TE: 149 * us},
		"width 801µs":   {TE: 801 * us},
		"of -1 frames":  {Frames: -1},
		"of 401 frames": {Frames: 401},
		"gap -1ns":      {Gap: -1},
		"delay -1ns":    {Delay: -1},
		"level 1.5":     {Level: 1.5},
		"level NaN":     {Level: math.NaN()},
		"of 125001 Hz":  {Offset: 125001},
		"Late:-1":       {Faults: []signal.Fault{{Late: -1}}},
		"Cut:5":         {Faults: []signal.Fault{{Late: 20, Cut: 5}}},
		"Flip:16777216": {Faults: []signal.Fault{{Flip: 1 << 24}}},
	} {
		_, err := p.Burst()
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "for example") {
			t.Errorf("%+v: %v, want an error that names %q and an example", p, err, want)
		}
		if _, err := signal.Presses(1, signal.Press{Code: 1}, p); err == nil {
			t.Errorf("Presses takes %+v", p)
		}
	}
	for _, b := range []signal.Burst{{Level: 0}, {Level: 1, Delay: -1}, {Level: 1, Pulses: []signal.Pulse{{On: -1}}}} {
		if _, err := (signal.Scene{Bursts: []signal.Burst{b}}).Samples(); err == nil {
			t.Errorf("%+v is rendered", b)
		}
	}
}
