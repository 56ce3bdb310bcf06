package radio

import (
	"fmt"
	"slices"
)

// When the air is taken for jammed; times in ms, levels in dB.
//
// Measured with rtl_433 22.11 and made signals: silence gives -30.8 dB, a button
// that is held -10.5, a carrier beyond full scale 2.3. Pulses hide a press as well
// as a carrier does: of 5 ms every 10 ms the level is -3, of 2 ms every 20 ms -10,
// of 0.2 ms every 20 ms -20. What remains below 10 dB shows in the statistics: the
// last of these gave 49 packages a second, and none decoded.
const (
	jamAbove   = 10.0   // dB above what is usual
	jamOver    = 7.0    // below that it is over
	jamSpan    = 15_000 // that the last readings must span at least
	jamFewest  = 5      // and how many they must be
	jamTenths  = 8      // tenths of them that must agree, to begin and to end
	jamExcused = 60_000 // a button may be held

	// mostUsual is the loudest air that is ever taken for usual. A stick in a quiet
	// place says -20 to -36; above -15 it hears little, above -12 nothing. So a jammer
	// that was there before the panel is noticed above -15.
	mostUsual = -25.0
	learning  = 60_000 // of the first readings the quietest is the usual level
	// perHour is by how much the usual level may then follow, up or down. So an
	// evening in which the noise rises by 8 dB is no jam, and what is taken for usual
	// in the end, a new lamp or a jammer below -18 dB, has stood for 6 hours or more.
	perHour = 0.5

	floodRate  = 10     // packages a second of which none is decoded
	floodLasts = 60_000 // for so long, and as long without to be over

	readingGap   = 35_000 // after a longer silence nothing is known of the air
	readingApart = 400    // readings that come sooner are left out
)

// Noise is the air of one receiver, and whether it is jammed. The zero value has
// heard nothing; one that has Usual from an earlier life of the panel need not
// learn it.
type Noise struct {
	Usual float64 // dB, mostUsual at most; 0 where it is not known

	heard   bool    // there was a level
	before  float64 // the last one
	learns  int64   // until this tick the quietest level is the usual one
	recent  []loudness
	excused int64 // since when loud readings are excused by frames, 0 for none of late
	loud    bool  // jammed by what the levels say
	louder  float64

	counted int64 // tick of the last count
	since   int64 // since when the counts say otherwise than flooded, 0 for no longer
	flooded bool  // jammed by what the counts say
	rate    int64
}

// loudness is one reading of the level.
type loudness struct {
	tick       int64
	loud, over bool // above the one limit and above the other
}

// Step takes a reading at tick (ms); framed is the tick of the receiver's last
// frame of a known kind, 0 for none: what is heard well is no jam. n is left as it
// was.
func (n Noise) Step(tick, framed int64, r Reading) Noise {
	if r.Count {
		return n.count(tick, r)
	}
	return n.level(tick, framed, r.Level)
}

// Jammed says whether the air is jammed, and by what that is seen.
func (n Noise) Jammed() (why string, jammed bool) {
	switch {
	case n.loud:
		return fmt.Sprintf("%.0f dB louder than usual", n.louder), true
	case n.flooded:
		return fmt.Sprintf("%d pulses of no device a second", n.rate), true
	}
	return "", false
}

// Known says whether it has been learnt what is usual.
func (n Noise) Known(tick int64) bool { return n.heard && tick >= n.learns }

func (n Noise) level(tick, framed int64, level float64) Noise {
	last := n.last()
	since := tick - last.tick
	fresh := len(n.recent) == 0 || since < 0 || since > readingGap
	if !fresh && since < readingApart {
		return n
	}
	n.learn(tick, level, since, fresh)
	above := level - n.Usual
	now := loudness{tick, above > jamAbove, above > jamOver}
	switch {
	case !now.over:
		n.excused = 0
	case framed == 0 || tick-framed > HeldStillness || tick < framed:
	case n.excused == 0:
		n.excused = tick
		fallthrough
	case tick-n.excused <= jamExcused:
		now.loud, now.over = false, false
	}
	if fresh {
		n.recent = nil
	}
	n.recent = append(slices.Clone(n.recent), now)
	for len(n.recent) > jamFewest && tick-n.recent[1].tick >= jamSpan {
		n.recent = n.recent[1:]
	}
	n.judge(above)
	return n
}

func (n Noise) last() loudness {
	if len(n.recent) == 0 {
		return loudness{}
	}
	return n.recent[len(n.recent)-1]
}

// learn moves the usual level: at first to the quietest that was said twice, then
// by so little a time whatever the level is, so that no burst and no jammer pulls
// it along.
func (n *Noise) learn(tick int64, level float64, since int64, fresh bool) {
	if !n.heard {
		n.heard = true
		if n.Usual == 0 {
			n.Usual, n.learns = mostUsual, tick+learning
		}
	}
	step, before := perHour*float64(since)/3600_000, n.before
	n.before = level
	switch {
	case fresh:
	case tick < n.learns:
		n.Usual = min(n.Usual, max(level, before))
	case level > n.Usual:
		n.Usual = min(n.Usual+step, level, mostUsual)
	default:
		n.Usual = max(n.Usual-step, level)
	}
}

// judge looks at the last readings once they are enough.
func (n *Noise) judge(above float64) {
	all := len(n.recent)
	if all < jamFewest || n.last().tick-n.recent[0].tick < jamSpan {
		return
	}
	loud, over := 0, 0
	for _, r := range n.recent {
		if r.loud {
			loud++
		}
		if r.over {
			over++
		}
	}
	switch {
	case !n.loud && 10*loud >= jamTenths*all:
		n.loud, n.louder = true, above
	case n.loud && 10*(all-over) >= jamTenths*all:
		n.loud = false
		if n.Usual > mostUsual-1 { // it was there before anything could be learnt
			n.learns = n.last().tick + learning
		}
	}
}

// count looks whether the statistics have been saying for long that all that is
// heard is pulses of nothing.
func (n Noise) count(tick int64, r Reading) Noise {
	passed := tick - n.counted
	before := n.counted
	n.counted = tick
	if before == 0 || passed <= 0 || passed > readingGap {
		n.since = 0
		return n
	}
	rate := int64(r.Heard) * 1000 / passed
	if (rate >= floodRate && r.Decoded == 0) == n.flooded {
		n.since = 0
		return n
	}
	if n.since == 0 {
		n.since = before
	}
	if tick-n.since >= floodLasts {
		n.flooded, n.since, n.rate = !n.flooded, 0, rate
	}
	return n
}
