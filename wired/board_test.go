package wired

import (
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"
)

// board is a machine with a GPIO chip as Linux shows it: a line belongs to one taker
// at a time, an edge is told once its level has lasted (where the kernel debounces),
// and of a chip that has gone each call fails and no edge comes.
type board struct {
	t     *testing.T
	old   bool // a kernel that does not debounce
	began time.Time

	mu     sync.Mutex
	gone   bool
	deaf   bool // edges are lost
	high   map[int]bool
	taken  map[int]*boardLine
	takes  int
	record []string
}

// boardLine is a taken line. edge is nil for an output.
type boardLine struct {
	b      *board
	p      pin
	settle time.Duration // 0 where it is not debounced
	edge   func(on bool, at time.Time)
	steady bool // the level that is told of
	timer  *time.Timer
}

// onBoard runs a story in a bubble of its own.
func onBoard(t *testing.T, story func(*board)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		story(&board{t: t, began: time.Now(), high: map[int]bool{}, taken: map[int]*boardLine{}})
	})
}

func (b *board) input(p pin, settle time.Duration, edge func(on bool, at time.Time)) (line, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := &boardLine{b: b, p: p, settle: settle, edge: edge, steady: b.high[p.line]}
	if b.old {
		l.settle = 0
	}
	return l, !b.old, b.take(l)
}

func (b *board) output(p pin, on bool) (line, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := &boardLine{b: b, p: p}
	if err := b.take(l); err != nil {
		return nil, err
	}
	b.drive(l, on)
	return l, nil
}

func (b *board) take(l *boardLine) error {
	switch {
	case b.gone || l.p.chip != "gpiochip0":
		return &fs.PathError{Op: "lstat", Path: "/dev/" + l.p.chip, Err: fs.ErrNotExist}
	case b.taken[l.p.line] != nil:
		return unix.EBUSY
	}
	b.taken[l.p.line] = l
	b.takes++
	return nil
}

func (b *board) drive(l *boardLine, on bool) {
	b.high[l.p.line] = on != l.p.low
	b.note(fmt.Sprintf("%d %s", l.p.line, map[bool]string{true: "on", false: "off"}[on]))
}

func (l *boardLine) value() (bool, error) {
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	if l.b.gone {
		return false, unix.ENODEV
	}
	level := l.b.high[l.p.line]
	if l.settle > 0 {
		level = l.steady
	}
	return level != l.p.low, nil
}

func (l *boardLine) set(on bool) error {
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	if l.b.gone {
		return unix.ENODEV
	}
	if l.b.high[l.p.line] == (on != l.p.low) {
		return nil
	}
	l.b.drive(l, on)
	return nil
}

func (l *boardLine) close() {
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	if l.timer != nil {
		l.timer.Stop()
	}
	delete(l.b.taken, l.p.line)
}

// turn sets the level at a line from outside.
func (b *board) turn(line int, high bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.high[line] = high
	l := b.taken[line]
	switch {
	case l == nil || l.edge == nil || b.gone:
	case l.settle == 0:
		if !b.deaf {
			l.edge(high != l.p.low, time.Now())
		}
	case l.timer != nil:
		l.timer.Reset(l.settle)
	default:
		l.timer = time.AfterFunc(l.settle, l.settled)
	}
}

func (l *boardLine) settled() {
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	if high := l.b.high[l.p.line]; high != l.steady && !l.b.gone {
		l.steady = high
		if !l.b.deaf {
			l.edge(high != l.p.low, time.Now())
		}
	}
}

// open and shut are what a loop does that pulls its line to ground while it is closed.
func (b *board) open(line int) { b.turn(line, true) }
func (b *board) shut(line int) { b.turn(line, false) }

// unplug takes the chip away, with all that was taken of it; plug brings it back.
func (b *board) unplug(gone bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gone = gone
}

// note writes something down with its time; mu is held.
func (b *board) note(what string) {
	b.record = append(b.record, fmt.Sprintf("%v %s", time.Since(b.began), what))
}

func (b *board) notes(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.note(what)
}

// want compares what was written down, and begins anew.
func (b *board) want(want ...string) {
	b.t.Helper()
	if got := b.noted(); !slices.Equal(got, want) {
		b.t.Errorf("noted\n%q\nwant\n%q", got, want)
	}
}

// noted is what was written down, once all is at rest, and begins anew.
func (b *board) noted() (record []string) {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	record, b.record = b.record, nil
	return record
}

// inUse is how many lines are taken.
func (b *board) inUse() int {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.taken)
}
