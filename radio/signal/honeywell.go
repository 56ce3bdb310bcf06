package signal

import "time"

// Bits of the event of a Honeywell or 2GIG sensor (honeywell.c of rtl_433, its
// pull requests 747 and 2881).
const (
	HoneywellContact   = 0x80 // loop 1 is open
	HoneywellTamper    = 0x40 // loop 4
	HoneywellReed      = 0x20 // loop 2 is open
	HoneywellAlarm     = 0x10 // loop 3
	HoneywellLow       = 0x08 // the battery
	HoneywellHeartbeat = 0x04 // nothing has happened
)

// Channels that say who made a sensor.
const (
	HoneywellChannel = 8
	TwoGIGChannel    = 10
)

// Honeywell is what a sensor of the low 20 bits of id sends of one event: one
// frame 6 times (rtl_433_tests, honeywell/01). A 1 is a half without the carrier
// and one with it (Manchester code).
func Honeywell(channel byte, id uint32, event byte) Burst {
	const half = 136 * time.Microsecond
	code := lineCode{zero: []Pulse{{half, half}}, one: []Pulse{{0, half}, {half, 0}}}
	frame := code.pulses(honeywellBits(channel, id, event))
	return repeated(frame, every(130*ms, 6)...)
}

// honeywellBits are a preamble, channel, id, event and a CRC-16, whose polynomial
// is the maker's.
func honeywellBits(channel byte, id uint32, event byte) bits {
	message := uint64(channel&0xF)<<28 | uint64(id&0xFFFFF)<<8 | uint64(event)
	polynomial := uint64(0x8005)
	if channel != HoneywellChannel {
		polynomial = 0x8050
	}
	b := highFirst(0xFFFE, 16)
	b = append(b, highFirst(message, 32)...)
	return append(b, highFirst(crc16(message, 32, polynomial), 16)...)
}

// crc16 of the low n bits of v, the highest first.
func crc16(v uint64, n int, polynomial uint64) (r uint64) {
	for _, one := range highFirst(v, n) {
		if (r>>15 == 1) != one {
			r = r<<1&0xFFFF ^ polynomial
		} else {
			r = r << 1 & 0xFFFF
		}
	}
	return r
}
