package signal

import "time"

// Kinds of SimpliSafe sensors of the first two generations, and what they send
// (github.com/bggardner/simplisafe-rf, simplisafe.c of rtl_433).
const (
	SimpliSafeKeyChain = 2
	SimpliSafePanic    = 3
	SimpliSafeMotion   = 4
	SimpliSafeEntry    = 5

	SimpliSafeKeyChainPanic = 1
	SimpliSafeKeyChainAway  = 2
	SimpliSafeKeyChainOff   = 3
	SimpliSafePanicPressed  = 1
	SimpliSafeMotionAlive   = 0
	SimpliSafeMotionSeen    = 2
	SimpliSafeEntryOpen     = 1
	SimpliSafeEntryClosed   = 2
)

// What a SimpliSafe keypad sends.
const (
	SimpliSafeKeypadHome     = 0x53
	SimpliSafeKeypadPanic    = 0x54
	SimpliSafeKeypadAway     = 0x56
	SimpliSafeKeypadCanceled = 0x5C
	SimpliSafeKeypadMenu     = 0x61
)

// Lengths of messages.
const (
	simpliSafeSensor  = 0x11
	simpliSafeCommand = 0x22
	simpliSafePIN     = 0x66
)

// SimpliSafeSensor is what a sensor sends of one event, the sequence-th, 0 to 15.
func SimpliSafeSensor(id string, kind, sequence, state byte) Burst {
	return simpliSafe(20, simpliSafeSensor, id, sequence<<4|kind, state)
}

// SimpliSafeKeypad is a button of a keypad.
func SimpliSafeKeypad(id string, sequence, event byte) Burst {
	return simpliSafe(40, simpliSafeCommand, id, 1, sequence<<4|4, event)
}

// SimpliSafePIN is a PIN that is typed to disarm, in clear. Each digit is 0 to 9.
func SimpliSafePIN(id string, sequence byte, digits [4]byte) Burst {
	d := digits
	return simpliSafe(40, simpliSafePIN, id, 1, sequence<<4|4, d[1]<<4|d[0], d[3]<<4|d[2], 0x0F, 0xF0, 0x51)
}

// simpliSafe is a message, sent twice behind so many turns of a square wave. A
// bit is a time, after which the carrier goes on or off.
func simpliSafe(wave int, length byte, id string, payload ...byte) Burst {
	const short, long, preamble = 500 * time.Microsecond, 1000 * time.Microsecond, 2000 * time.Microsecond
	var times []time.Duration
	for range wave {
		times = append(times, long, long)
	}
	for range 2 {
		times = append(times, preamble, preamble)
		for _, one := range simpliSafeBits(length, id, payload) {
			if one {
				times = append(times, long)
			} else {
				times = append(times, short)
			}
		}
	}
	return Burst{Pulses: alternating(times), Level: DefaultLevel}
}

// simpliSafeBits are bytes, the lowest bit of each first: the maker, the length,
// the id, what is said, its sum; then four 1.
func simpliSafeBits(length byte, id string, payload []byte) (b bits) {
	message := append([]byte{0xCC, 0x05, length}, id...)
	sum := byte(0)
	for _, v := range payload {
		sum += v
	}
	message = append(append(message, payload...), sum)
	for _, v := range message {
		b = append(b, lowFirst(uint64(v), 8)...)
	}
	return append(b, true, true, true, true)
}
