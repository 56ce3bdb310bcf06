package signal

import "time"

// Bits of the status of a Visonic Powercode device (MCR-300 UART manual,
// visonic_powercode.c of rtl_433). Restore and Supervised say what the device
// does at all.
const (
	VisonicTamper     = 0x80
	VisonicAlarm      = 0x40 // the door is open, something moves
	VisonicLow        = 0x20 // the battery
	VisonicElse       = 0x10
	VisonicRestore    = 0x08 // it also says when the alarm is over
	VisonicSupervised = 0x04 // it says now and then that it is there
)

// Visonic is what a Powercode device of the low 24 bits of id sends of one event:
// one frame 6 times, so close that they are one package. A bit is told by the
// width of its pulse.
func Visonic(id uint32, status byte) Burst {
	const short, long = 400 * time.Microsecond, 800 * time.Microsecond
	code := lineCode{zero: []Pulse{{long, short}}, one: []Pulse{{short, long}}}
	frame := code.pulses(visonicBits(id, status))
	return repeated(frame, every(47*ms, 6)...)
}

// visonicBits are a 1, the id, the status and the nibbles' exclusive or.
func visonicBits(id uint32, status byte) bits {
	message := uint64(id&0xFFFFFF)<<8 | uint64(status)
	check := uint64(0)
	for v := message; v > 0; v >>= 4 {
		check ^= v & 0xF
	}
	return append(highFirst(1, 1), highFirst(message<<4|check, 36)...)
}
