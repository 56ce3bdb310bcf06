package radio

// How long and how often a button is pressed, in ms. rtl_433 hands on a frame of
// more than 41 ms by itself, at the end of a block of samples (131 ms with [Conf]
// of package receiver). Of shorter ones, up to TE 322 µs, it makes packages, of 48
// at most, and hands those on after their end: a press of 1.9 s may come as one
// line after the other within a millisecond, and the next package 2.15 s later. The
// frame's own time is not in its line. But with its time the line says when the
// package began, so that a press lasts from the first such time to the arrival of
// its last frame, less the block.
//
// Measured with made presses of TE 200, 220, 300, 320, 340, 450 and 620 µs, of 0.3,
// 0.8, 1.5, 2.5 and 4 s, live through rtl_433 22.11: first times were 0 to 18 ms
// after the beginning, and the last arrival 0 to 133 ms after the end. So a length
// is right to 90 ms. A receiver that says no times is believed by arrival and by
// the number of frames, with a frame of 30 ms where they come in packages (they
// have 22 to 41 ms): then a hold must be 3 s long to be one for sure, and a press
// below 1.4 s is none.
const (
	// pressGap is the silence that ends a press.
	pressGap = 250
	// halfBlock is how much later a line comes than its frame's end, on average.
	halfBlock = 65
	// latest is how long after its beginning a package may come: 48 frames of 41 ms,
	// the end of a block, and a busy board. What is later has another clock.
	latest = 4000
	// packedFrame is the time of a frame of a package that nothing is known of.
	packedFrame = 30
)

// Holds is what is remembered of the buttons of which it matters how they are
// pressed, the longest silent first; the zero value has heard nothing.
type Holds struct {
	held []held
}

// held is a button as one receiver hears it.
type held struct {
	id      string
	source  int
	first   int64 // when its press began on the air, as far as that is known
	until   int64 // and up to when it lasted
	heard   int64 // tick of its last frame
	sent    int64 // of the last frame, where the receiver says it
	packed  int   // frames that came together, up to the last
	frames  int   // of the press
	counted bool  // two equal frames have come
}

// Sign is what one frame says of a press.
type Sign struct {
	New    bool  // the first that is said of it: two equal frames came within PairWindow
	Began  int64 // tick at which it began
	Lasted int64 // ms that it has lasted so far
	Whole  bool  // its last frames came as a whole package, and more may follow late
}

// Step takes one frame that receiver number source heard at tick (ms) and, by the
// clock that is in its lines, at wall (unix ms). told is true where the frame
// belongs to a press that counts: from its second equal frame on. Each receiver's
// frames make presses of their own. s is left as it was.
func (s Holds) Step(tick, wall int64, source int, f Frame) (next Holds, sign Sign, told bool) {
	if f.ID == "" {
		return s, Sign{}, false
	}
	id := f.key()
	h := held{id: id, source: source}
	rest := make([]held, 0, len(s.held)+1)
	for _, old := range s.held {
		switch {
		case old.id == id && old.source == source:
			h = old
		case max(tick-old.heard, old.heard-tick) < HeldStillness:
			rest = append(rest, old)
		}
	}
	if n := len(rest) + 1 - MaxHeard; n > 0 {
		rest = rest[n:]
	}
	sign = h.take(tick, began(tick, wall, f.Sent), f.Sent)
	return Holds{append(rest, h)}, sign, h.counted
}

// began is the tick at which a frame, or its package, began; that of its arrival
// where that is not known.
func began(tick, wall, sent int64) int64 {
	if late := wall - sent; sent != 0 && late > 0 && late <= latest {
		return tick - late
	}
	return tick
}

// take adds a frame that began at a tick.
func (h *held) take(tick, began, sent int64) Sign {
	together := h.frames > 0 && (sent != 0 && sent == h.sent || sent == 0 && tick-h.heard <= packageGap)
	fresh := false
	if h.frames == 0 || h.over(tick, began) {
		*h = held{id: h.id, source: h.source, first: began}
	} else if !h.counted {
		h.counted, fresh = true, true
	}
	if !together {
		h.packed = 0
	}
	h.packed, h.frames = h.packed+1, h.frames+1
	h.sent, h.heard, h.until = sent, tick, tick
	lasted := int64(h.frames) * packedFrame
	if began < tick {
		h.until = max(tick-halfBlock, began)
		lasted = 0
	}
	return Sign{New: fresh, Began: h.first, Lasted: max(lasted, h.until-h.first), Whole: h.packed >= packageFrames}
}

// over tells whether a frame that began at a tick belongs to another press.
func (h *held) over(tick, began int64) bool {
	switch {
	case !h.counted:
		return began-h.first > PairWindow
	case began == tick && h.packed >= packageFrames:
		return tick-h.heard >= HeldStillness
	}
	return began-h.until >= pressGap
}
