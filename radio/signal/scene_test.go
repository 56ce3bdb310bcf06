package signal_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gsmpanel/gsmpanel/radio/signal"
)

func samples(t interface{ Fatal(...any) }, s signal.Scene) []byte {
	b, err := s.Samples()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// amplitude of a sample in parts of full scale.
func amplitude(b []byte, i int) float64 {
	return math.Hypot(float64(b[2*i])-127.5, float64(b[2*i+1])-127.5) / 127.5
}

// The pulses stand in the samples where they should, within a sample, over the
// whole press: rounding does not add up.
func TestPulsesInSamples(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := signal.Press{Code: rapid.Uint32Range(0, 1<<24-1).Draw(t, "code"), Frames: rapid.IntRange(1, 4).Draw(t, "frames"), SyncFirst: rapid.Bool().Draw(t, "sync first"),
			TE: time.Duration(rapid.IntRange(150_000, 800_000).Draw(t, "te in ns")), Level: rapid.Float64Range(0.2, 1).Draw(t, "level"), Offset: rapid.Float64Range(-120e3, 120e3).Draw(t, "offset")}
		b, err := p.Burst()
		if err != nil {
			t.Fatal(err)
		}
		got := samples(t, signal.Scene{Bursts: []signal.Burst{b}, Noise: -1})
		at := time.Duration(0)
		sample := func(d time.Duration) int { return int(math.Round(d.Seconds() * signal.Rate)) }
		for _, pulse := range b.Pulses {
			for i := sample(at); i < sample(at+pulse.On+pulse.Off); i++ {
				want := 0.0
				if i < sample(at+pulse.On) {
					want = p.Level
				}
				if a := amplitude(got, i); math.Abs(a-want) > 0.01 {
					t.Fatalf("sample %d at %v: amplitude %.3f, want %.3f", i, at, a, want)
				}
			}
			at += pulse.On + pulse.Off
		}
	})
}

// The carrier turns as often as its offset says.
func TestOffset(t *testing.T) {
	for _, hz := range []float64{-100e3, -1000, 0, 12.5e3, 60e3} {
		b := samples(t, signal.Scene{Noise: -1, Bursts: []signal.Burst{{Pulses: []signal.Pulse{{On: time.Second}}, Level: 0.8, Offset: hz}}})
		turned := 0.0
		angle := func(i int) float64 { return math.Atan2(float64(b[2*i+1])-127.5, float64(b[2*i])-127.5) }
		for i := range signal.Rate - 1 {
			turned += math.Remainder(angle(i+1)-angle(i), 2*math.Pi)
		}
		if got := turned / 2 / math.Pi; math.Abs(got-hz) > 1 {
			t.Errorf("%.1f turns in a second, want %.1f", got, hz)
		}
	}
}

func TestNoise(t *testing.T) {
	deviation := func(b []byte) float64 {
		sum := 0.0
		for _, v := range b {
			sum += (float64(v) - 127.5) * (float64(v) - 127.5)
		}
		return math.Sqrt(sum/float64(len(b))) / 127.5
	}
	for _, c := range []struct{ level, want float64 }{{0, signal.DefaultNoise}, {-1, 0}, {0.01, 0.01}, {0.1, 0.1}, {0.3, 0.3}} {
		s := signal.Scene{Noise: c.level, Seed: seed, Length: time.Second}
		b := samples(t, s)
		if len(b) != 2*signal.Rate {
			t.Errorf("a second has %d bytes", len(b))
		}
		if got := deviation(b); math.Abs(got-c.want) > 0.1*c.want+0.004 {
			t.Errorf("noise %v has a deviation of %.4f, want %.4f", c.level, got, c.want)
		}
		if !bytes.Equal(b, samples(t, s)) {
			t.Errorf("noise %v is another one the second time", c.level)
		}
		if s.Seed++; c.level >= 0 && bytes.Equal(b, samples(t, s)) {
			t.Errorf("noise %v is the same for another seed", c.level)
		}
	}
}

// Where bursts overlap they add up, up to full scale.
func TestBurstsMix(t *testing.T) {
	on := func(level float64) signal.Burst {
		return signal.Burst{Pulses: []signal.Pulse{{On: 10 * time.Millisecond}}, Level: level}
	}
	for _, c := range []struct{ a, b, want float64 }{{0.2, 0.3, 0.5}, {0.9, 0.9, 1}} {
		b := samples(t, signal.Scene{Noise: -1, Bursts: []signal.Burst{on(c.a), on(c.b)}})
		if got := amplitude(b, 1000); math.Abs(got-c.want) > 0.01 {
			t.Errorf("%v and %v make %.3f, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path, err := signal.WriteFile(dir, "fob", []byte{1, 2})
	if want := filepath.Join(dir, "fob_433.92M_250k.cu8"); err != nil || path != want {
		t.Fatalf("%q, %v, want %q", path, err, want)
	}
	if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, []byte{1, 2}) {
		t.Errorf("%v, %v", b, err)
	}
	if _, err := signal.WriteFile(filepath.Join(dir, "none"), "fob", nil); err == nil {
		t.Error("no error where there is no folder")
	}
}
