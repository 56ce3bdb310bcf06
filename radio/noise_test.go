package radio

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// air is an hour, or more, of what a receiver says, made second by second.
type air struct {
	Noise
	tick   int64
	framed int64
	told   []string // beginnings and ends, by the second
}

const second, minute, hour = 1000, 60_000, 3600_000

// is lets the air be so loud for so many ms, a reading a second.
func (a *air) is(ms int64, level func(tick int64) float64) {
	for end := a.tick + ms; a.tick < end; a.tick += second {
		a.reads(Reading{Level: level(a.tick)})
	}
}

func (a *air) reads(r Reading) {
	_, before := a.Jammed()
	a.Noise = a.Step(a.tick, a.framed, r)
	if _, now := a.Jammed(); now != before {
		a.told = append(a.told, fmt.Sprintf("%v %d", now, a.tick/second))
	}
}

func steady(level float64) func(int64) float64 { return func(int64) float64 { return level } }

// held is a button that is heard: a frame every 60 ms.
func (a *air) held(ms int64) {
	a.is(ms, func(tick int64) float64 { a.framed = tick - 20; return -10.5 })
}

// counts are the statistics of so many ms, every 10 s.
func (a *air) counts(ms int64, heard, decoded int) {
	for end := a.tick + ms; a.tick < end; a.tick += 10 * second {
		a.reads(Reading{Count: true, Heard: heard, Decoded: decoded})
	}
}

func TestNoise(t *testing.T) {
	quiet := func(a *air) { a.is(5*minute, steady(-30.8)) }
	for _, c := range []struct {
		name string
		do   func(*air)
		want string // when it was jammed and when no more, in seconds
	}{
		{"silence", func(a *air) { a.is(hour, steady(-30.8)) }, ""},
		{"a carrier for a minute", func(a *air) { quiet(a); a.is(minute, steady(2.3)); quiet(a) }, "true 312 false 372"},
		{"pulses of 5 ms every 10 ms", func(a *air) { quiet(a); a.is(minute, steady(-3.1)); quiet(a) }, "true 312 false 372"},
		{"pulses that fill 1 % of the time", func(a *air) {
			quiet(a)
			a.is(minute, func(tick int64) float64 { return []float64{-20.1, -13.7, -19.4, -19.8}[tick/second%4] })
			quiet(a)
		}, "true 312 false 372"},
		{"9 dB above what is usual", func(a *air) { quiet(a); a.is(hour, steady(-21.8)) }, ""},
		{"a jammer that leaves a gap of a second in five", func(a *air) {
			quiet(a)
			a.is(2*minute, func(tick int64) float64 {
				if tick/second%5 == 0 {
					return -30.8
				}
				return -3
			})
			quiet(a)
		}, "true 316 false 432"},
		{"a burst of 11 s", func(a *air) { quiet(a); a.is(11*second, steady(-3)); quiet(a) }, ""},
		{"bursts of 2 s, one every 6 s", func(a *air) {
			quiet(a)
			a.is(hour, func(tick int64) float64 {
				if tick/second%6 < 2 {
					return 0
				}
				return -30.8
			})
		}, ""},
		{"a button held for 10 s", func(a *air) { quiet(a); a.held(10 * second); quiet(a) }, ""},
		{"a button held for a minute", func(a *air) { quiet(a); a.held(minute); quiet(a) }, ""},
		{"a button held for 10 s that nobody can decode", func(a *air) { quiet(a); a.is(10*second, steady(-10.5)); quiet(a) }, ""},
		{"a button that is stuck: nothing else is heard", func(a *air) { quiet(a); a.held(10 * minute); quiet(a) }, "true 373 false 912"},
		{"8 dB more in three hours, with a scatter of 3", func(a *air) {
			quiet(a)
			a.is(6*hour, func(tick int64) float64 { return -30.8 + 8*min(float64(tick)/3/hour, 1) + rand.Float64()*3 })
			quiet(a)
		}, ""},
		{"a jammer from the very start", func(a *air) { a.is(5*minute, steady(-6.6)); quiet(a) }, "true 15 false 312"},
		{"after which a weak one is noticed", func(a *air) { a.is(5*minute, steady(-6.6)); quiet(a); a.is(minute, steady(-18)) }, "true 15 false 312 true 612"},
		{"a weak one from the start is taken for usual", func(a *air) { a.is(5*minute, steady(-18)) }, ""},
		{"where it is always loud, above -15 dB for ever", func(a *air) { a.is(12*hour, steady(-20)); a.is(minute, steady(-14)) }, "true 43212"},
		{"a loud moment at the start does not become usual", func(a *air) { a.is(10*second, steady(-3)); quiet(a); a.is(minute, steady(-18)) }, "true 322"},
		{"one quiet reading at the start does not either", func(a *air) { a.is(second, steady(-26)); a.is(second, steady(-45)); a.is(hour, steady(-26)) }, ""},
		{"a jammer for a day stays one", func(a *air) { quiet(a); a.is(24*hour, steady(-6)) }, "true 312"},
		{"a lamp that stays is usual after hours", func(a *air) { quiet(a); a.is(12*hour, steady(-20)) }, "true 312 false 27672"},
		{"the receiver is lost for an hour", func(a *air) {
			quiet(a)
			a.is(11*second, steady(0))
			a.tick += hour
			a.is(10*second, steady(0))
			quiet(a)
		}, ""},
		{"it is lost while it is jammed, and back", func(a *air) { quiet(a); a.is(minute, steady(0)); a.tick += hour; a.is(minute, steady(0)); quiet(a) }, "true 312 false 4032"},
		{"a reading every 10 s", func(a *air) {
			for range 40 {
				a.reads(Reading{Level: -30})
				a.tick += 10 * second
			}
			for range 10 {
				a.reads(Reading{Level: -3})
				a.tick += 10 * second
			}
		}, "true 430"},
		{"the clock goes back", func(a *air) { quiet(a); a.is(11*second, steady(0)); a.tick -= hour; a.is(10*second, steady(0)) }, ""},
		{"pulses of nothing, 20 a second", func(a *air) { a.counts(5*minute, 0, 0); a.counts(5*minute, 200, 0); a.counts(5*minute, 2, 0) }, "true 350 false 650"},
		{"as many, and sensors among them", func(a *air) { a.counts(hour, 200, 1) }, ""},
		{"a street with forty weather stations", func(a *air) { a.counts(hour, 80, 0) }, ""},
		{"50 s of pulses", func(a *air) { a.counts(minute, 0, 0); a.counts(50*second, 500, 0); a.counts(minute, 0, 0) }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var a air
			c.do(&a)
			if got := strings.Join(a.told, " "); got != c.want {
				t.Errorf("jammed %q, want %q", got, c.want)
			}
		})
	}
}

// An evening as it may be at a busy place: a scatter of 3 dB, noise that rises by
// 8 dB, bursts of up to 2 s on the average twice a minute, presses, and a button
// that is held for 10 s now and then. Nothing of it is a jam.
func TestABusyEveningIsNoJam(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 433))
		var a air
		for a.tick < 8*hour {
			base := -31 + 8*math.Sin(float64(a.tick)/8/hour*math.Pi)
			quiet := func(int64) float64 { return base + 3*r.Float64() }
			switch n := r.IntN(200); {
			case n == 0:
				a.held(10 * second)
			case n < 100:
				a.is(1+r.Int64N(2*second), steady(base+10+20*r.Float64()))
			}
			a.is(second+r.Int64N(58*second), quiet)
		}
		if len(a.told) > 0 {
			t.Errorf("evening %d: jammed %s", seed, a.told)
		}
	}
}

// After anything that is not loud for more than 2 s, which is no jam, a jammer of
// 11 dB or more is noticed within 20 s and forgotten within 20 s of its end, and
// what is usual has hardly moved.
func TestNoiseOfAnyKind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a air
		floor := rapid.Float64Range(-40, -26).Draw(t, "floor")
		for range rapid.IntRange(0, 40).Draw(t, "spells") {
			a.is(rapid.Int64Range(3*second, 100*second).Draw(t, "quiet"), steady(floor))
			a.is(rapid.Int64Range(1, 2*second).Draw(t, "burst"), steady(rapid.Float64Range(floor, 5).Draw(t, "level")))
		}
		if len(a.told) > 0 {
			t.Fatalf("bursts of 2 s at %.1f dB are a jam: %s", floor, a.told)
		}
		a.is(30*second, steady(floor))
		usual := a.Usual
		a.is(20*second, steady(max(floor+11, usual+jamAbove+0.1)))
		if len(a.told) != 1 {
			t.Fatalf("a jammer at %.1f dB above %.1f is not noticed", floor+11, floor)
		}
		if a.Usual > usual+perHour*20/3600+1e-9 {
			t.Fatalf("%.3f dB is usual after a jammer, %.3f before", a.Usual, usual)
		}
		a.is(20*second, steady(floor))
		if len(a.told) != 2 {
			t.Fatalf("its end is not noticed")
		}
	})
}

// What is kept is bounded, however often a receiver reads the level.
func TestNoiseIsBounded(t *testing.T) {
	var n Noise
	for tick := range int64(100_000) {
		n = n.Step(tick, 0, Reading{Level: -30})
	}
	if len(n.recent) > 64 {
		t.Errorf("%d readings are kept", len(n.recent))
	}
}

// FuzzNoise gives a detector anything at any time: it must not panic, keep little,
// and never take for usual what is above mostUsual.
func FuzzNoise(f *testing.F) {
	f.Add([]byte{1, 200, 1, 10, 2, 0, 0, 255, 128, 64})
	f.Fuzz(func(t *testing.T, steps []byte) {
		n, tick := Noise{}, int64(0)
		for len(steps) >= 3 {
			tick += int64(int8(steps[0])) * 500
			r := Reading{Level: float64(steps[1])/4 - 60}
			if steps[2]&1 == 1 {
				r = Reading{Count: true, Heard: int(steps[1]) * 10, Decoded: int(steps[2]) >> 6}
			}
			n = n.Step(tick, tick-int64(steps[2])*50, r)
			if n.heard && n.Usual > mostUsual || n.Usual < -61 || len(n.recent) > 64 {
				t.Fatalf("usual is %v, of %d readings", n.Usual, len(n.recent))
			}
			steps = steps[3:]
		}
	})
}

// From an earlier life the usual level is known at once.
func TestNoiseRemembers(t *testing.T) {
	a := air{Noise: Noise{Usual: -31}}
	a.is(minute, steady(-18))
	if len(a.told) != 1 || a.told[0] != "true 15" {
		t.Errorf("told %s", a.told)
	}
}
