package radio

// How frames become presses, in milliseconds of the panel's own time.
const (
	// PairWindow is how soon after the first frame an equal one must come. A
	// single frame is no press: shifted and damaged frames pass every other check.
	PairWindow = 700
	// Stillness is how long a code must have been silent before it can be a
	// press again; encoders go on repeating while a button is held.
	Stillness = 1500
	// HeldStillness is that of a button that was held so long that the receiver
	// cut its frames into packages: rtl_433 hands on a package after 1200 pulses,
	// 48 frames, and where a frame is shorter than 42 ms the next one comes up to
	// 2 s later. It holds for the package behind a whole one only, so that presses
	// after a long one are not swallowed one after the other.
	HeldStillness = Stillness + 750
	// packageFrames is how many frames such a package has, less a damaged one or
	// two; packageGap is the longest time between two of them.
	packageFrames = 46
	packageGap    = 40
	// MaxHeard is how many codes are remembered at once, each once per receiver
	// until its press has counted.
	MaxHeard = 256
)

// State is what is remembered of the codes heard lately, the longest silent
// first; the zero value is a panel that has heard nothing. It may be stored as
// JSON, and losing it costs no more than one repeated press.
type State struct {
	Heard []Heard `json:"heard,omitempty"`
}

// Heard is one code that has not been still since.
type Heard struct {
	ID      string `json:"id"`
	Source  int    `json:"source"`            // the receiver that heard its one frame, or made its press count
	Last    int64  `json:"last"`              // tick of its last frame, ms
	Counted bool   `json:"counted,omitempty"` // its press has counted; from then on Last is of all receivers
	Package int    `json:"package,omitempty"` // frames that came together, up to the last
	Held    bool   `json:"held,omitempty"`    // the last package was a whole one
}

// Step takes one frame that receiver number source heard at tick (ms) and
// returns the state after it. press is true once per press: at the second equal
// frame of one receiver within PairWindow, or the first of one that counts alone;
// then not again before the code was
// still on all receivers for Stillness. Two receivers that hear one press so make
// one of it, and two that each hear one stray frame none. A frame without an ID, or
// of a device that reports by itself, changes nothing. s is left as it was.
//
// Ticks of one receiver never go back; those of two may be out of order by less
// than PairWindow.
func Step(s State, tick int64, source int, f Frame) (next State, press bool) {
	if f.ID == "" || f.Says != 0 {
		return s, false
	}
	id := f.key()
	now := Heard{ID: id, Source: source, Last: tick, Package: 1}
	rest := make([]Heard, 0, len(s.Heard)+1)
	counted, twin := false, f.Alone
	for _, h := range s.Heard {
		switch {
		case h.over(tick):
		case h.ID == id && h.Counted:
			counted, now.Last = true, max(tick, h.Last)
			now.joins(h, tick)
		case h.ID == id && h.Source == source:
			twin = true
			now.joins(h, tick)
		default:
			rest = append(rest, h)
		}
	}
	now.Counted = counted || twin
	if n := len(rest) + 1 - MaxHeard; n > 0 {
		rest = rest[n:]
	}
	return State{Heard: append(rest, now)}, twin && !counted
}

// joins takes up the package that the code's frame before was of.
func (h *Heard) joins(before Heard, tick int64) {
	gap := tick - before.Last
	if gap <= packageGap {
		h.Package = min(before.Package+1, packageFrames)
	}
	h.Held = before.Held && gap < Stillness || h.Package == packageFrames
}

// over says whether the next frame of this code would be a first one again, so
// that nothing needs to be remembered of it. A tick far before its last frame can
// only come from another life of the state.
func (h Heard) over(tick int64) bool {
	gap := max(tick-h.Last, h.Last-tick)
	switch {
	case h.Held:
		return gap >= HeldStillness
	case h.Counted:
		return gap >= Stillness
	}
	return gap > PairWindow
}
