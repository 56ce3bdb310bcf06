package radio

import "slices"

// Statements is what devices that report by themselves have said lately, the
// longest ago first; the zero value has heard nothing. A device may say three
// things within a second, each of them several times, and be heard by two
// receivers at different times.
type Statements struct{ said []statement }

// statement is one thing that a device said.
type statement struct {
	id      string
	says    Says
	count   int
	last    int64 // tick of its last frame, ms
	by      []int // receivers that heard it
	counted bool
}

// Step takes one frame of a device that receiver number source heard at tick (ms).
// news is true once for each thing that it says: at the first frame where a check
// came with it, or else at the second equal one of a receiver within PairWindow;
// then not again before it was still for Stillness or that receiver has heard it
// say something else. s is left as it was.
func (s Statements) Step(tick int64, source int, f Frame) (next Statements, news bool) {
	if f.ID == "" || f.Says == 0 {
		return s, false
	}
	list := make([]statement, 0, len(s.said)+1)
	for _, old := range s.said {
		if gap := max(tick-old.last, old.last-tick); gap < Stillness && (old.counted || gap <= PairWindow) {
			list = append(list, old)
		}
	}
	n := repeated(list, source, f)
	if n < 0 {
		list = append(list, statement{id: f.ID, says: f.Says, count: f.Count, last: tick, by: []int{source}, counted: f.Alone})
		return Statements{list[max(0, len(list)-MaxHeard):]}, f.Alone
	}
	it := &list[n]
	again := slices.Contains(it.by, source)
	news = !it.counted && (again || f.Alone)
	if !again {
		it.by = append(slices.Clone(it.by), source)
	}
	it.last, it.counted = max(it.last, tick), it.counted || news
	return Statements{list}, news
}

// repeated is the statement that a frame repeats, -1 where it is a new one: the last
// that is equal, unless the receiver has since heard the device say something else.
func repeated(list []statement, source int, f Frame) int {
	since := false
	for n := len(list) - 1; n >= 0; n-- {
		it := list[n]
		heard := slices.Contains(it.by, source)
		switch {
		case it.id != f.ID:
		case it.says == f.Says && it.count == f.Count:
			if since && heard {
				return -1
			}
			return n
		default:
			since = since || heard && it.counted
		}
	}
	return -1
}
