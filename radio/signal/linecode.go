package signal

import "time"

// bits in the order in which they are sent.
type bits []bool

// highFirst are the low n bits of v, the highest of them sent first.
func highFirst(v uint64, n int) bits {
	b := make(bits, n)
	for i := range b {
		b[i] = v>>(n-1-i)&1 == 1
	}
	return b
}

// lowFirst are the low n bits of v, the lowest sent first.
func lowFirst(v uint64, n int) bits {
	b := make(bits, n)
	for i := range b {
		b[i] = v>>i&1 == 1
	}
	return b
}

// ones counts the bits that are set.
func (b bits) ones() (n uint64) {
	for _, one := range b {
		if one {
			n++
		}
	}
	return n
}

// lineCode says what the two bits look like on the air: by the width of a pulse
// (PWM), by that of the gap behind it (PPM), by a pulse or none (RZ), or by which
// half of the bit is on (Manchester).
type lineCode struct{ zero, one []Pulse }

func (c lineCode) pulses(b bits) (out []Pulse) {
	for _, one := range b {
		if one {
			out = append(out, c.one...)
		} else {
			out = append(out, c.zero...)
		}
	}
	return out
}

// alternating are times with the carrier off and on in turn, off first.
func alternating(times []time.Duration) (out []Pulse) {
	off, times := times[0], times[1:]
	out = append(out, Pulse{0, off})
	for i, t := range times {
		if i%2 == 0 {
			out = append(out, Pulse{On: t})
		} else {
			out[len(out)-1].Off = t
		}
	}
	return out
}

// repeated is a frame that is sent again and again; starts are when each begins.
func repeated(frame []Pulse, starts ...time.Duration) Burst {
	b := Burst{Level: DefaultLevel}
	now := time.Duration(0)
	for i, start := range starts {
		if i > 0 {
			b.Pulses[len(b.Pulses)-1].Off += start - now
		}
		b.Pulses = append(b.Pulses, frame...)
		now = start
		for _, p := range frame {
			now += p.On + p.Off
		}
	}
	return b
}

// every gives the starts of n frames.
func every(period time.Duration, n int) (starts []time.Duration) {
	for i := range n {
		starts = append(starts, time.Duration(i)*period)
	}
	return starts
}
