package duress

import "slices"

// Gesture is a way of pressing a button.
type Gesture string

// The gestures. Single is also what nothing else came of.
const (
	Single Gesture = "single"
	Double Gesture = "double" // two presses that begin within DoubleWithin
	Hold   Gesture = "hold"   // one of HoldFor or longer
)

// Times of gestures, in ms.
const (
	DoubleWithin = 2000
	HoldFor      = 2000
	// pressStill is how long a button must have been silent after its gesture before
	// it begins another: who is afraid presses more often than twice.
	pressStill = 1500
	// pressEnds is when a press is over of which nothing more comes: 0.25 s without
	// a frame on the air, the time that the next one would take to get here (0.1 s
	// for the frame, 0.13 s for a block of samples of the receiver), and a tenth of a
	// second for a busy board.
	pressEnds = 600
	// packageEnds is that of a press whose frames came as one whole package: the
	// next package comes up to 2.15 s later (see package radio). Live, on two busy
	// cores, it came after 2.25 s once.
	packageEnds = 2750
)

// Hearing is what a receiver says of a button's press, with ticks in ms.
type Hearing struct {
	Source int
	New    bool  // the first that is said of this press
	Began  int64 // tick at which the press began
	Lasted int64 // ms that it has lasted so far
	Whole  bool  // its frames came as a whole package, and more may follow late
}

// Press is a button that is being pressed, or was just now, until it is known
// which gesture it is and the button is still.
type Press struct {
	ID     string  `json:"id"`
	Began  int64   `json:"began"` // the first press of the gesture
	Heard  int64   `json:"heard"` // tick of the last that was said of it
	Tracks []Track `json:"tracks"`
	Done   Gesture `json:"done,omitempty"`  // what it is; "" while that is open
	Quiet  bool    `json:"quiet,omitempty"` // it followed so soon that a single one does nothing
}

// Track is the press in progress as one receiver hears it. Each counts for
// itself: what two hear of one press need not come at the same time.
type Track struct {
	Source int   `json:"source"`
	Began  int64 `json:"began"`
	Over   int64 `json:"over"` // tick at which it is over, if nothing more is heard
}

// Begin is a press of which nothing was heard before.
func Begin(id string, tick int64, h Hearing) Press {
	return Press{ID: id, Began: h.Began, Heard: tick}
}

// Hear takes what a receiver says of the button at tick. It returns the gesture
// that this makes it, "" for none yet. p is left as it was.
func (p Press) Hear(tick int64, h Hearing, b Binding) (next Press, g Gesture) {
	n := slices.IndexFunc(p.Tracks, func(k Track) bool { return k.Source == h.Source })
	again := n >= 0 && h.New && h.Began > p.Tracks[n].Began
	if again && p.mayBeginAnew(h, b) {
		return p.beginAnew(tick, h, b)
	}
	p.Tracks = slices.Clone(p.Tracks)
	if n < 0 {
		p.Tracks, n = append(p.Tracks, Track{Source: h.Source, Began: h.Began}), len(p.Tracks)
		p.Began = min(p.Began, h.Began)
	}
	k := &p.Tracks[n]
	if h.New {
		k.Began = h.Began
	}
	k.Over = tick + pressEnds
	if h.Whole {
		k.Over = tick + packageEnds
	}
	p.Heard = tick
	switch {
	case p.Done == Double || p.Done == Hold:
	case again && p.doubles(h, b):
		g = Double
	case h.Lasted >= HoldFor && b.Hold != DoNone:
		g = Hold
	}
	if g != "" {
		p.Done = g
	}
	return p, g
}

// doubles tells whether a further press makes a double one of both.
func (p Press) doubles(h Hearing, b Binding) bool {
	return b.Double != DoNone && h.Began-p.Began <= DoubleWithin
}

// mayBeginAnew tells whether a further press is a gesture of its own rather than a
// part or the rest of one.
func (p Press) mayBeginAnew(h Hearing, b Binding) bool {
	switch p.Done {
	case "", Single:
		return h.Began-p.Began > DoubleWithin || p.Done != "" && !p.doubles(h, b)
	}
	return h.Began-p.Heard >= pressStill
}

// beginAnew ends a gesture by the beginning of the next. What was still open is a
// single press. One that acted a moment ago does not act again.
func (p Press) beginAnew(tick int64, h Hearing, b Binding) (next Press, g Gesture) {
	if p.Done == "" && !p.Quiet {
		g = Single
	}
	next, _ = Begin(p.ID, tick, h).Hear(tick, h, b)
	next.Quiet = h.Began-p.Heard < pressStill
	return next, g
}

// Due does what time has brought by tick: g is the gesture that the press now is,
// and gone tells that nothing needs to be kept of it any more.
func (p Press) Due(tick int64, b Binding) (next Press, g Gesture, gone bool) {
	if p.Done == "" && tick >= p.decidedAt(b) {
		p.Done = Single
		if !p.Quiet {
			g = Single
		}
	}
	return p, g, p.Done != "" && tick >= p.goneAt(b)
}

// Next is the tick of the next deadline.
func (p Press) Next(b Binding) int64 {
	if p.Done == "" {
		return p.decidedAt(b)
	}
	return p.goneAt(b)
}

// decidedAt is when a press is a single one, if nothing more is heard.
func (p Press) decidedAt(b Binding) int64 {
	at := p.over()
	if b.Double != DoNone {
		if b.Hold == DoNone {
			at = 0
		}
		at = max(at, p.Began+DoubleWithin)
	}
	return at
}

// goneAt is when no further frame can belong to it. The second press of a double
// may come as a package long after it began.
func (p Press) goneAt(b Binding) int64 {
	at := max(p.over(), p.Heard+pressStill)
	if b.Double != DoNone {
		at = max(at, p.Began+DoubleWithin+packageEnds)
	}
	return at
}

func (p Press) over() int64 {
	at := int64(0)
	for _, k := range p.Tracks {
		at = max(at, k.Over)
	}
	return at
}

// Lasting is what must be on the disk of a press while it is open: what it becomes
// if the power fails. How long it lasts so far need not be.
func (p Press) Lasting() Press { return Press{ID: p.ID, Quiet: p.Quiet} }
