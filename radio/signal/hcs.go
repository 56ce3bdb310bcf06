package signal

import "time"

// HCS is a press of a button of an HCS200, HCS300 or HCS301 fob (data sheets:
// "code word transmission format"): a word that [KeeLoq] made, the low 28 bits
// of its serial number, and the inputs S0 to S3 as the bits 1, 2, 4, 8. Every
// frame but the first says that it is a repetition. te is 400 µs, less where the
// maker chose so.
func HCS(te time.Duration, encrypted, serial uint32, button byte, low bool, frames int) Burst {
	code := lineCode{zero: []Pulse{{2 * te, te}}, one: []Pulse{{te, 2 * te}}}
	b := Burst{Level: DefaultLevel}
	for i := range frames {
		for range 12 {
			b.Pulses = append(b.Pulses, Pulse{te, te})
		}
		b.Pulses[len(b.Pulses)-1].Off = 10 * te
		b.Pulses = append(b.Pulses, code.pulses(hcsBits(encrypted, serial, button, low, i > 0))...)
		b.Pulses[len(b.Pulses)-1].Off = 39 * te
	}
	return b
}

// hcsBits are all lowest first, but the inputs, which go S3, S0, S1, S2.
func hcsBits(encrypted, serial uint32, button byte, low, repeat bool) bits {
	b := lowFirst(uint64(encrypted), 32)
	b = append(b, lowFirst(uint64(serial), 28)...)
	s := lowFirst(uint64(button), 4)
	return append(b, s[3], s[0], s[1], s[2], low, repeat)
}
