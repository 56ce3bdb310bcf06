package wired

import (
	"sync"
	"time"
)

const (
	// beat is how often a press that lasts is told. It must be less than what ends a
	// press of which nothing more comes (0.6 s, package duress).
	beat = 250 * time.Millisecond
	// longestPress is how long one is told: whoever holds a button longer has said
	// what they wanted to, or its wire is cut.
	longestPress = 5 * time.Second
)

// button makes presses of the changes of a line.
type button struct {
	pressed func(first bool, ago, lasted time.Duration)

	mu    sync.Mutex // held while pressed is told, so that what it gets is in order
	began time.Time  // of the press that lasts; zero where none does
	next  *time.Timer
}

func newButton(pressed func(first bool, ago, lasted time.Duration)) *button {
	return &button{pressed: pressed}
}

// change takes a change of the line. A button that is found pressed is none: nobody
// knows for how long, and it may be a wire that was cut.
func (b *button) change(on, first bool, at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case on && !first:
		b.began = at
		b.tell(true, time.Since(at))
	case !b.began.IsZero():
		b.over(at.Sub(b.began))
	}
}

// tell tells of a press that lasts, and does so again after a beat. mu is held.
func (b *button) tell(first bool, lasted time.Duration) {
	b.pressed(first, time.Since(b.began), lasted)
	b.next = time.AfterFunc(beat, b.goesOn)
}

func (b *button) goesOn() {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch lasted := time.Since(b.began); {
	case b.began.IsZero():
	case lasted > longestPress:
		b.began = time.Time{}
	default:
		b.tell(false, lasted)
	}
}

// over ends a press that has lasted so long. mu is held.
func (b *button) over(lasted time.Duration) {
	b.next.Stop()
	b.pressed(false, time.Since(b.began), lasted)
	b.began = time.Time{}
}

// close tells no more.
func (b *button) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.began = (time.Time{}); b.next != nil {
		b.next.Stop()
	}
}
