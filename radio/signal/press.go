// Package signal makes the radio signals of fobs and sensors, as an SDR dongle
// would give them: 8 bit IQ samples for a file or, by a fake rtl_tcp server, live.
// They are those of the EV1527, HS1527, PT2262 and SC2262 family ([Press]), of
// KeeLoq remotes ([HCS]), and of devices that report their own state ([DSC],
// [Interlogix], [SimpliSafeSensor], [Visonic], [Honeywell], [Skylink]). With it the
// tests and the demo prove the chain through the real rtl_433 without a dongle, a
// fob or a recording. An [RFLink] on a pseudo-terminal says what it is told to.
//
// It transmits nothing, knows nothing of who is enrolled, and must not be needed
// by a panel that guards a home. It makes what a good receiver would hear at the
// bench: no fading, no other cars and weather stations beyond what it is given.
package signal

import (
	"fmt"
	"time"
)

// What a Press has where its fields are zero: a common fob that was pressed shortly.
const (
	DefaultTE     = 350 * time.Microsecond
	DefaultFrames = 12
	DefaultLevel  = 0.5
)

// The shape of a frame in units of TE (data sheets of the PT2262, "code bit
// wave form", and of the EV1527, "bit format"): a bit is 4 TE, high for 1 in a 0
// and for 3 in a 1; the sync is high for 1 and low for 31.
const (
	codeBits = 24
	bitTE    = 4
	shortTE  = 1
	longTE   = 3
	syncTE   = 31
)

// MaxFrames is the most frames of a Press: a button held for about 20 s.
const MaxFrames = 400

// Press is one press of a button or one trip of a sensor: a frame, sent again
// and again.
type Press struct {
	Code   uint32        // the 24 bits, the one sent first highest
	TE     time.Duration // width of the short pulse, 150..800 µs; 0 is DefaultTE
	Frames int           // 1..MaxFrames; 0 is DefaultFrames
	// SyncFirst is the order of EV1527 and HS1527: each frame begins with the
	// sync. The last frame then has none behind it and rtl_433, which takes the
	// short pulse of the sync for a 25th bit, does not hear that one. PT2262 and
	// SC2262 end a frame with it.
	SyncFirst bool
	Gap       time.Duration // silence between frames beyond the 31 TE of the sync
	Delay     time.Duration // silence before the first frame
	Level     float64       // amplitude, 0..1 of the receiver's full scale; 0 is DefaultLevel
	Offset    float64       // of the carrier from the middle of the band in Hz, ±125000
	Faults    []Fault       // what the air did to single frames
}

// Fault is damage to one frame, or to all of them.
type Fault struct {
	Frame int    // counted from 0; EveryFrame for all
	Flip  uint32 // bits of the code that are sent wrong
	Late  int    // so many bits are missing at the frame's beginning, 0..24
	Cut   int    // so many bits are missing at its end, and its sync pulse, 0..24
	Stray int    // so many short pulses follow on its last bit, as of interference, before the silence
}

// EveryFrame is the Frame of a Fault that all frames have.
const EveryFrame = -1

// Pulse is a time with the carrier on and the silence after it.
type Pulse struct{ On, Off time.Duration }

// Burst is any on-off keyed transmission.
type Burst struct {
	Pulses []Pulse
	Delay  time.Duration // silence before the first pulse
	Level  float64       // amplitude, 0..1 of full scale
	Offset float64       // of the carrier from the middle of the band in Hz, ±125000
}

// Length is how long the burst takes from its beginning, Delay included, to the
// end of its last pulse.
func (b Burst) Length() time.Duration {
	d := b.Delay
	for _, p := range b.Pulses {
		d += p.On + p.Off
	}
	if n := len(b.Pulses); n > 0 {
		d -= b.Pulses[n-1].Off
	}
	return d
}

func (b Burst) check() error {
	for _, p := range b.Pulses {
		if p.On < 0 || p.Off < 0 {
			return fmt.Errorf("a pulse of %v with %v of silence cannot be sent: neither may be negative, for example 350µs with 1.05ms", p.On, p.Off)
		}
	}
	switch {
	case b.Delay < 0:
		return fmt.Errorf("the delay %v is negative: use 0 or more, for example 100ms", b.Delay)
	case !(b.Level > 0 && b.Level <= 1):
		return fmt.Errorf("the level %v is outside 0 to 1 of full scale: use for example 0.5", b.Level)
	case !(b.Offset >= -Rate/2 && b.Offset <= Rate/2):
		return fmt.Errorf("the offset of %v Hz is outside the band: use -125000 to 125000, for example 12000", b.Offset)
	}
	return nil
}

// Burst is the press as pulses. The error names a value that is out of range.
func (p Press) Burst() (Burst, error) {
	p = p.withDefaults()
	if err := p.check(); err != nil {
		return Burst{}, err
	}
	b := Burst{Delay: p.Delay, Level: p.Level, Offset: p.Offset}
	for i := range p.Frames {
		frame := p.frame(i)
		frame[len(frame)-1].Off += p.Gap
		b.Pulses = append(b.Pulses, frame...)
	}
	return b, b.check()
}

func (p Press) withDefaults() Press {
	if p.TE == 0 {
		p.TE = DefaultTE
	}
	if p.Frames == 0 {
		p.Frames = DefaultFrames
	}
	if p.Level == 0 {
		p.Level = DefaultLevel
	}
	return p
}

func (p Press) check() error {
	switch {
	case p.Code >= 1<<codeBits:
		return fmt.Errorf("the code %X is longer than 24 bits: use 000000 to FFFFFF, for example 13CDC0", p.Code)
	case p.TE < 150*time.Microsecond || p.TE > 800*time.Microsecond:
		return fmt.Errorf("the pulse width %v is not one of these encoders: use 150µs to 800µs, for example 350µs", p.TE)
	case p.Frames < 1 || p.Frames > MaxFrames:
		return fmt.Errorf("a press of %d frames cannot be sent: use 1 to %d, for example 12", p.Frames, MaxFrames)
	case p.Gap < 0:
		return fmt.Errorf("the gap %v is negative: use 0 or more, for example 120ms", p.Gap)
	}
	for _, f := range p.Faults {
		if f.Late < 0 || f.Cut < 0 || f.Stray < 0 || f.Late+f.Cut > codeBits || f.Flip >= 1<<codeBits {
			return fmt.Errorf("the fault %+v does not fit a frame of 24 bits: use for example Late 1 and Stray 1", f)
		}
	}
	return nil
}

// frame is frame i with its damage; it has one pulse at least.
func (p Press) frame(i int) []Pulse {
	var hurt Fault
	for _, f := range p.Faults {
		if f.Frame == i || f.Frame == EveryFrame {
			hurt.Flip ^= f.Flip
			hurt.Late, hurt.Cut, hurt.Stray = max(hurt.Late, f.Late), max(hurt.Cut, f.Cut), max(hurt.Stray, f.Stray)
		}
	}
	sync := Pulse{shortTE * p.TE, syncTE * p.TE}
	var out []Pulse
	if p.SyncFirst {
		out = append(out, sync)
	}
	for bit := hurt.Late; bit < codeBits-hurt.Cut; bit++ {
		out = append(out, p.bit((p.Code^hurt.Flip)>>(codeBits-1-bit)&1 == 1))
	}
	for range hurt.Stray {
		out = append(out, p.bit(false))
	}
	switch {
	case p.SyncFirst:
	case hurt.Cut == 0:
		out = append(out, sync)
	case len(out) > 0: // silent for as long as what is missing
		out[len(out)-1].Off += p.TE * time.Duration(hurt.Cut*bitTE+shortTE+syncTE)
	}
	if len(out) == 0 {
		out = []Pulse{{0, p.TE * (codeBits*bitTE + shortTE + syncTE)}}
	}
	return out
}

func (p Press) bit(one bool) Pulse {
	if one {
		return Pulse{longTE * p.TE, (bitTE - longTE) * p.TE}
	}
	return Pulse{shortTE * p.TE, (bitTE - shortTE) * p.TE}
}
