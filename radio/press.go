package radio

// How frames become presses, in milliseconds of the panel's own time.
const (
	// PairWindow is how soon after the first frame an equal one must come. A
	// single frame is no press: shifted and damaged frames pass every other check.
	PairWindow = 700
	// Stillness is how long a code must have been silent before it can be a
	// press again; encoders go on repeating while a button is held.
	Stillness = 1500
	// MaxHeard is how many codes are remembered at once.
	MaxHeard = 256
)

// State is what is remembered of the codes heard lately, the longest silent
// first; the zero value is a receiver that has heard nothing. It may be stored
// as JSON, and losing it costs no more than one repeated press.
type State struct {
	Heard []Heard `json:"heard,omitempty"`
}

// Heard is one code that has not been still since.
type Heard struct {
	ID     string `json:"id"`
	Last   int64  `json:"last"`   // tick of its last frame, ms
	Frames int    `json:"frames"` // since it was still; from the second on its press has counted
}

// Step takes one frame heard at tick (ms, never going back) and returns the
// state after it. press is true once per press: at the second equal frame, when
// that comes within PairWindow of the first; then not again before the code was
// still for Stillness. s is left as it was.
func Step(s State, tick int64, f Frame) (next State, press bool) {
	now := Heard{ID: f.ID, Last: tick, Frames: 1}
	heard := make([]Heard, 0, len(s.Heard)+1)
	for _, h := range s.Heard {
		switch {
		case h.over(tick):
		case h.ID == f.ID:
			now.Frames = h.Frames + 1
		default:
			heard = append(heard, h)
		}
	}
	if n := len(heard) + 1 - MaxHeard; n > 0 {
		heard = heard[n:]
	}
	return State{Heard: append(heard, now)}, now.Frames == 2
}

// over says whether the next frame of this code would be a first one again, so
// that nothing needs to be remembered of it. A tick before its last frame can
// only come from another life of the state.
func (h Heard) over(tick int64) bool {
	gap := tick - h.Last
	if gap < 0 {
		return true
	}
	if h.Frames == 1 {
		return gap > PairWindow
	}
	return gap >= Stillness
}
