package signal

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
)

// Samples are unsigned around the middle of their range, as those of the RTL2832U.
const (
	middle    = 127.5
	fullScale = 127.5
)

// blockSamples is how many samples are made at once: 20 ms.
const blockSamples = Rate / 50

// noiseSamples is after how many samples the noise begins again, half a second.
const noiseSamples = 1 << 17

// noise is noise made beforehand, so that silence costs no more than a copy. It
// is never changed.
type noise struct {
	level  float64
	seed   uint64
	values []float32 // I and Q in turn, in parts of a byte's step
	bytes  []byte    // the same as samples
}

// latest is the noise that was made last: many scenes have the same.
var latest atomic.Pointer[noise]

func noiseOf(level float64, seed uint64) *noise {
	if level == 0 {
		level = DefaultNoise
	}
	level = max(level, 0)
	if n := latest.Load(); n != nil && n.level == level && n.seed == seed {
		return n
	}
	n := newNoise(level, seed)
	latest.Store(n)
	return n
}

func newNoise(level float64, seed uint64) *noise {
	n := &noise{level: level, seed: seed, values: make([]float32, 2*noiseSamples), bytes: make([]byte, 2*noiseSamples)}
	r := rand.New(rand.NewPCG(seed, 1527))
	for i := range n.values {
		n.values[i] = float32(r.NormFloat64() * level * fullScale)
		n.bytes[i] = quantize(n.values[i])
	}
	return n
}

func quantize(v float32) byte {
	return byte(min(max(v+middle+0.5, 0), 255)) // cut off, so rounded
}

// span is a time with the carrier on, in samples; to is not in it any more.
type span struct{ from, to int64 }

// train is a burst at its place on the air.
type train struct {
	spans  []span // in the order of time; what is over is taken away
	end    int64
	level  float32
	radian float64 // that the carrier turns in a sample
}

func newTrain(b Burst, start int64) *train {
	t := &train{level: float32(b.Level * fullScale), radian: 2 * math.Pi * b.Offset / Rate}
	now := b.Delay // edges are rounded from here, so that the error does not add up
	for _, p := range b.Pulses {
		if p.On > 0 {
			t.spans = append(t.spans, span{start + at(now), start + at(now+p.On)})
		}
		now += p.On + p.Off
	}
	t.end = start + at(b.Length())
	return t
}

// band is all that is on the air.
type band struct {
	noise  *noise
	trains []*train
	jam    *train // a carrier that stays until it is taken away
	mix    []float32
}

// render makes the samples from pos on into buf and forgets bursts that are over.
func (b *band) render(buf []byte, pos int64) {
	end := pos + int64(len(buf)/2)
	b.forget(pos)
	if b.jam == nil && !slices.ContainsFunc(b.trains, func(t *train) bool { return len(t.spans) > 0 && t.spans[0].from < end }) {
		b.silence(buf, pos)
		return
	}
	if cap(b.mix) < len(buf) {
		b.mix = make([]float32, len(buf))
	}
	b.mix = b.mix[:len(buf)]
	for i, from := 0, start(pos); i < len(b.mix); from = 0 {
		i += copy(b.mix[i:], b.noise.values[from:])
	}
	for _, t := range b.trains {
		t.add(b.mix, pos)
	}
	if b.jam != nil {
		b.jam.add(b.mix, pos)
	}
	for i, v := range b.mix {
		buf[i] = quantize(v)
	}
}

// start is where the noise of a sample stands.
func start(pos int64) int64 { return 2 * (pos % noiseSamples) }

func (b *band) silence(buf []byte, pos int64) {
	for from := start(pos); len(buf) > 0; from = 0 {
		buf = buf[copy(buf, b.noise.bytes[from:]):]
	}
}

// forget takes away what ended before pos.
func (b *band) forget(pos int64) {
	b.trains = slices.DeleteFunc(b.trains, func(t *train) bool {
		for len(t.spans) > 0 && t.spans[0].to <= pos {
			t.spans = t.spans[1:]
		}
		return len(t.spans) == 0
	})
}

// add adds the carrier to the samples from pos on.
func (t *train) add(mix []float32, pos int64) {
	end := pos + int64(len(mix)/2)
	turn := complex64(complex(math.Cos(t.radian), math.Sin(t.radian)))
	for _, s := range t.spans {
		from, to := max(s.from, pos), min(s.to, end)
		if from >= to {
			if s.from >= end {
				return
			}
			continue
		}
		angle := math.Mod(t.radian*float64(from), 2*math.Pi)
		v := complex(t.level, 0) * complex64(complex(math.Cos(angle), math.Sin(angle)))
		for i := 2 * (from - pos); i < 2*(to-pos); i += 2 {
			mix[i] += real(v)
			mix[i+1] += imag(v)
			v *= turn
		}
	}
}
