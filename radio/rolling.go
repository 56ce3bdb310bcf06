package radio

import (
	"encoding/binary"
	"slices"
)

// How far ahead a counter may be (DS40151, HCS515): within counterWindow it is
// taken at once, up to counterAhead when the next code is exactly its successor.
// All else is behind.
const (
	counterWindow = 16
	counterAhead  = 0x7FFF
)

// MaxCodes is how many codes are remembered of a remote that has no key; then the
// longest ago is forgotten. It is eleven presses a day for half a year.
const MaxCodes = 2048

// restOfPress is how long after its last frame a code that was taken may go on, in
// ms of the panel's own time: one receiver may hand on a press when another has
// already (see HeldStillness).
const restOfPress = HeldStillness

// Counter is what is remembered of the codes of one KeeLoq remote.
type Counter struct {
	Serial string `json:"serial"`
	// With the maker's key: how the remote's key is made, "" until two codes in a
	// row have told; the last counter that was taken; and one that waits for its
	// successor.
	Way     string `json:"way,omitempty"`
	Last    uint16 `json:"last,omitempty"`
	Ahead   uint16 `json:"ahead,omitempty"`
	Waiting string `json:"waiting,omitempty"` // the way that the waiting one was read by
	// Every code that was taken, four bytes each, the last at the end.
	Codes []byte `json:"codes,omitempty"`
	// The press that was taken last.
	Hop    uint32 `json:"hop,omitempty"`
	Source int    `json:"source,omitempty"` // the receiver that it was taken from
	At     int64  `json:"at,omitempty"`     // tick of its last frame
}

// Verdict is what becomes of a code.
type Verdict int

// The verdicts.
const (
	Refused Verdict = iota // heard before, behind, or not of this remote
	Waits                  // far ahead, or the first: its successor will be taken
	Taken                  // new
	Goes                   // the rest of the press that was taken last
)

// Code is one that a remote sent, as receiver number Source heard it at Tick (ms).
type Code struct {
	ID     string
	Hop    uint32
	Tick   int64
	Began  int64 // tick at which its press began
	Source int
}

// Step takes a code. Without the maker's key (0) only codes that were never heard
// are taken, which a copy of a heard code is not, but a made one is. c is left as
// it was.
func (c Counter) Step(key MakerKey, code Code) (next Counter, v Verdict) {
	serial, button, ok := hcsParts(code.ID)
	switch {
	case !ok:
		return c, Refused
	case c.goesOn(code):
		c.At = code.Tick
		return c, Goes
	case key == 0:
		return c.unseen(code)
	}
	way, n, ok := c.read(key, code.Hop, serial, button)
	if !ok || c.Way == "" && c.has(code.Hop) { // heard before the key was known
		return c, Refused
	}
	ahead := n - c.Last
	switch {
	case c.Waiting == way && n == c.Ahead+1, c.Way != "" && ahead >= 1 && ahead <= counterWindow:
		c.Way, c.Last, c.Waiting, c.Ahead = way, n, "", 0
		return c.took(code), Taken
	case c.Way == "" || ahead > counterWindow && ahead <= counterAhead:
		c.Waiting, c.Ahead = way, n
		return c, Waits
	}
	return c, Refused
}

// read opens a code by the way that is known, or by either.
func (c Counter) read(key MakerKey, hop, serial uint32, button uint8) (way string, n uint16, ok bool) {
	ways := []string{wayNormal, waySimple}
	if c.Way != "" {
		ways = []string{c.Way}
	}
	for _, way := range ways {
		if n, ok = opened(hop, key.device(way, serial), serial, button); ok {
			return way, n, true
		}
	}
	return "", 0, false
}

// goesOn tells whether a code is the rest of the press that was taken last: what
// its own receiver hears without a pause, or another one a little later.
func (c Counter) goesOn(code Code) bool {
	if c.At == 0 || code.Hop != c.Hop || code.Tick-c.At > restOfPress {
		return false
	}
	return code.Began < c.At+pressGap || code.Source != c.Source
}

// took remembers a code: with the maker's key too, which may be lost some day.
func (c Counter) took(code Code) Counter {
	kept := c.Codes[max(0, len(c.Codes)-4*(MaxCodes-1)):]
	c.Codes = binary.BigEndian.AppendUint32(slices.Clone(kept), code.Hop)
	c.Hop, c.Source, c.At = code.Hop, code.Source, code.Tick
	return c
}

// unseen takes a code that was never heard.
func (c Counter) unseen(code Code) (Counter, Verdict) {
	if c.has(code.Hop) {
		return c, Refused
	}
	return c.took(code), Taken
}

// has tells whether a code was heard.
func (c Counter) has(hop uint32) bool {
	for n := 0; n+4 <= len(c.Codes); n += 4 {
		if binary.BigEndian.Uint32(c.Codes[n:]) == hop {
			return true
		}
	}
	return false
}
