package signal

import "time"

// What a Skylink HA-434TL sends (rtl_433 pull request 814).
const (
	SkylinkMotion = 5
	SkylinkAlive  = 2
)

// Skylink is what the sensor of the low 14 bits of id sends of one event: one frame
// 7 times, each behind a long pulse. A bit is told by the gap behind its pulse. How
// far apart frames are is not published, only that it is more than 20 ms.
func Skylink(id uint32, kind byte) Burst {
	const us = time.Microsecond
	code := lineCode{zero: []Pulse{{540 * us, 508 * us}}, one: []Pulse{{540 * us, 1528 * us}}}
	b := append(highFirst(uint64(kind), 3), highFirst(uint64(id), 14)...)
	frame := append([]Pulse{{2036 * us, 1992 * us}}, code.pulses(b)...)
	frame = append(frame, Pulse{On: 540 * us})
	return repeated(frame, every(70*ms, 7)...)
}
