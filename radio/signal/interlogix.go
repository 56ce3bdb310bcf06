package signal

import "time"

// Bits of the status of a GE/Interlogix sensor (US patent 5761206; rtl_433 prints
// it as the first four digits of raw_message). The first three, from 0x8000 on,
// count the events, the lowest bit of the count first. Of each input the first
// bit is its latch, which says that something has happened since the message
// before, and the second its level.
const (
	InterlogixLow    = 0x1000 // the battery
	InterlogixF1     = 0x0800 // door, motion
	InterlogixF1Open = 0x0400
	InterlogixF2     = 0x0200 // outer contact
	InterlogixF2Open = 0x0100
	InterlogixF3     = 0x0080 // cover
	InterlogixF3Open = 0x0040
	InterlogixF4     = 0x0020
	InterlogixF4Open = 0x0010
	InterlogixF5     = 0x0008
	InterlogixF5Open = 0x0004
)

// The buttons of an Interlogix key fob, whose status has them in place of F1 and F2.
const (
	InterlogixLock   = 0x0400
	InterlogixUnlock = 0x0800
	InterlogixBoth   = 0x0C00
	InterlogixStar   = 0x0200
	InterlogixLight  = 0x0A00
)

// InterlogixCount is the count of events, 0 to 7, in a status.
func InterlogixCount(events int) uint16 {
	var status uint16
	for i, one := range lowFirst(uint64(events), 3) {
		if one {
			status |= 0x8000 >> i
		}
	}
	return status
}

// interlogixStarts are those of the 8 frames of an event, of a recording of a
// motion sensor (rtl_433_tests, interlogix/06/tamper): ever further apart.
var interlogixStarts = []time.Duration{0, 115 * ms, 244 * ms, 426 * ms, 681 * ms, 1090 * ms, 1505 * ms, 1921 * ms}

const ms = time.Millisecond

// Interlogix is what a sensor of the low 24 bits of id, of which the first four
// are its kind, sends of one event: one frame 8 times; a supervision message is
// one of 3 or 4. A bit is told by the gap behind its pulse.
func Interlogix(id uint32, status uint16, frames int) Burst {
	const short, long = 122 * time.Microsecond, 244 * time.Microsecond
	code := lineCode{zero: []Pulse{{short, short}}, one: []Pulse{{short, long}}}
	porch := []Pulse{{976 * time.Microsecond, short}}
	frame := append(porch, code.pulses(interlogixBits(id, status))...)
	return repeated(frame, interlogixStarts[:frames]...)
}

// interlogixBits are bits 3 to 63 of the patent: sync, a 1, the id, the status
// but for its lowest bit, and what guards them. The ones are counted in bits 59
// to 61, where all published recordings have them; the patent says 60 to 62.
func interlogixBits(id uint32, status uint16) bits {
	b := append(make(bits, 12), true)
	data := append(lowFirst(uint64(id), 24), highFirst(uint64(status)>>1, 15)...)
	count := data.ones() + 1 // with the 1 before
	even, odd := true, true
	for i, one := range data {
		if i%2 == 0 {
			even = even != one
		} else {
			odd = odd != one
		}
	}
	b = append(b, data...)
	b = append(b, odd, even, false, true) // both parities, a bit for anything, the old stop bit
	b = append(b, lowFirst(count, 3)...)
	return append(b, false, false)
}
