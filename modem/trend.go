package modem

import "math"

// trend is how strong the signal is now, and usually: two running means over its
// readings. It outlives the epochs.
type trend struct {
	count        int
	now, usually float64
}

const (
	// fewest readings, of half a minute each, after which something is usual
	fewest = 120
	// a running mean is over about so many readings: ten minutes, and a day
	nowOver, usuallyOver = 20, 2880
	// fallen is how much weaker than usual is worth a word, in dB
	fallen = 10
)

// add takes a reading in dBm. It returns the usual one where the signal has fallen
// well below it, else 0.
func (t *trend) add(dBm int) int {
	t.count++
	t.now += (float64(dBm) - t.now) / float64(min(t.count, nowOver))
	t.usually += (float64(dBm) - t.usually) / float64(min(t.count, usuallyOver))
	if t.count < fewest || t.usually-t.now < fallen {
		return 0
	}
	return int(math.Round(t.usually))
}
