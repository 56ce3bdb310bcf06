package signal

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"
)

// The receiver whose samples these are.
const (
	Rate      = 250_000     // samples a second, each a byte I and a byte Q
	Frequency = 433_920_000 // middle of the band in Hz
)

// DefaultNoise is the noise of a quiet place, as the standard deviation of I and
// of Q in parts of full scale; rtl_433 calls it about -30 dB.
const DefaultNoise = 0.02

// Scene is what a receiver hears from its first sample on: bursts, which mix
// where they overlap, and noise.
type Scene struct {
	Bursts []Burst
	Noise  float64       // 0 is DefaultNoise; negative is none
	Seed   uint64        // of the noise: one seed, one noise
	Length time.Duration // at least; 0 is 200 ms beyond the last burst
}

// Presses is the scene of presses that begin after their Delay and 100 ms more,
// in which the receiver settles on the noise.
func Presses(seed uint64, presses ...Press) (Scene, error) {
	s := Scene{Seed: seed}
	for _, p := range presses {
		b, err := p.Burst()
		if err != nil {
			return Scene{}, err
		}
		b.Delay += settle
		s.Bursts = append(s.Bursts, b)
	}
	return s, nil
}

// settle is the quiet before the first press of a scene, and tail the one after
// the last: a package ends at 100 ms of silence at the latest.
const (
	settle = 100 * time.Millisecond
	tail   = 200 * time.Millisecond
)

// Samples renders the scene: 2 bytes a sample, I before Q, [Rate] samples a
// second. The error names a value of a burst that is out of range.
func (s Scene) Samples() ([]byte, error) {
	length := s.Length
	for _, b := range s.Bursts {
		if err := b.check(); err != nil {
			return nil, err
		}
		length = max(length, b.Length()+tail)
	}
	on := band{noise: noiseOf(s.Noise, s.Seed)}
	for _, b := range s.Bursts {
		on.trains = append(on.trains, newTrain(b, 0))
	}
	out := make([]byte, 2*at(length))
	for pos := 0; pos < len(out); pos += 2 * blockSamples {
		on.render(out[pos:min(pos+2*blockSamples, len(out))], int64(pos/2))
	}
	return out, nil
}

// WriteFile writes samples where rtl_433 can read them with -r: into the file
// of that name in dir, with the ending that tells it frequency and rate. It
// gives the file's whole path.
func WriteFile(dir, name string, samples []byte) (string, error) {
	path := filepath.Join(dir, name+"_433.92M_250k.cu8")
	if err := os.WriteFile(path, samples, 0o644); err != nil {
		return "", fmt.Errorf("the signal could not be written: %w", err)
	}
	return path, nil
}

// at is the sample at a time.
func at(t time.Duration) int64 {
	return int64(math.Round(t.Seconds() * Rate))
}
