package signal

import "time"

// Bits of the status of a DSC sensor (FCC F5300NB912, dsc.c of rtl_433).
const (
	DSCAlways    = 0x80
	DSCHeartbeat = 0x40 // nothing has happened
	DSCActivity  = 0x20
	DSCTamper    = 0x10
	DSCLow       = 0x08 // the battery
	DSCClosed    = 0x02 // the door, or at rest
	DSCCase      = 0x01 // the case is closed
)

// Half a bit of DSC sensors, and of the newer WS4945 (rtl_433 issue 645).
const (
	DSCHalf    = 250 * time.Microsecond
	WS4945Half = 536 * time.Microsecond
)

// DSC is what a DSC sensor sends of one event, by the low 24 bits of its number:
// the same frame twice, as in the log of rtl_433 issue 1318. A 1 is a pulse in
// the second half of its bit, a 0 is silence.
func DSC(half time.Duration, esn uint32, status byte) Burst {
	code := lineCode{zero: []Pulse{{0, 2 * half}}, one: []Pulse{{0, half}, {half, 0}}}
	frame := append([]Pulse{{On: 10 * half}}, code.pulses(dscBits(esn, status))...)
	return repeated(frame, every(60*4*half, 2)...)
}

// dscBits are 4 sync bits, then bytes with a 1 between them: status, number, CRC.
func dscBits(esn uint32, status byte) bits {
	message := []byte{status, byte(esn >> 16), byte(esn >> 8), byte(esn)}
	b := highFirst(0xF, 4)
	for _, v := range message {
		b = append(b, highFirst(uint64(v), 8)...)
		b = append(b, true)
	}
	return append(b, highFirst(uint64(dscCRC(message)), 8)...)
}

// dscCRC is a CRC-8 with its lowest bit first, polynomial F5, begun with 3D, both
// given highest bit first.
func dscCRC(message []byte) byte {
	const polynomial, begin = 0xAF, 0xBC // turned round
	r := byte(begin)
	for _, v := range message {
		r ^= v
		for range 8 {
			out := r & 1
			r >>= 1
			r ^= out * polynomial
		}
	}
	return r
}
