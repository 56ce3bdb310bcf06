package wired

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Loop is a wired loop that is to be read: one that says how it stands, or a button
// of which each press is told while it lasts.
type Loop struct {
	ID     string // gpio:CHIP:LINE, which is closed at rest, or with :no behind it open
	Button bool
	Taken  string // what else hangs on the line, so that it must be left alone; "" is nothing
}

// A loop counts once it has stood still for as long as that.
const (
	settleLoop = 300 * time.Millisecond
	// settleButton is shorter, since two quick presses are a gesture and each lasts
	// a tenth of a second; contacts bounce for less than 20 ms.
	settleButton = 30 * time.Millisecond
)

// Hears is told what loops say, from several goroutines at once. It may block.
type Hears struct {
	// Stands is how a loop stands. first is what was found, when the loop was taken
	// up or its chip came back; what comes behind are changes.
	Stands func(id string, open, first bool)
	// Pressed is a press that began some time ago and has lasted so far.
	Pressed func(id string, first bool, ago, lasted time.Duration)
	// Failing says why some loop can't be read, or "" when all can.
	Failing func(why string)
}

// Loops reads wired loops, as many as are wanted of it.
type Loops struct {
	kernel kernel
	hears  Hears
	wake   chan struct{} // has an element after a change of want

	mu   sync.Mutex
	want []Loop

	health sync.Mutex // held while Failing is told, so that changes stay in order
	down   map[string]string
	said   string
}

// NewLoops is a reader that nothing is wanted of yet.
func NewLoops(hears Hears) *Loops { return newLoops(chips{}, hears) }

func newLoops(k kernel, hears Hears) *Loops {
	return &Loops{kernel: k, hears: hears, wake: make(chan struct{}, 1), down: map[string]string{}}
}

// Want says which loops are to be read from now on. It returns at once.
func (w *Loops) Want(list []Loop) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.want = slices.Clone(list)
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Run reads the loops until ctx ends.
func (w *Loops) Run(ctx context.Context) {
	running := map[Loop]func(){}
	defer func() { endAll(running, func(Loop) bool { return true }) }()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			return
		case <-w.wake:
		}
		w.mu.Lock()
		want := w.want
		w.mu.Unlock()
		// Those that go are waited for, or their lines could not be taken anew.
		endAll(running, func(l Loop) bool { return !slices.Contains(want, l) })
		for _, l := range want {
			if running[l] == nil {
				running[l] = w.start(ctx, l)
			}
		}
	}
}

// endAll ends the loops that are not wanted.
func endAll(running map[Loop]func(), unwanted func(Loop) bool) {
	for l, end := range running {
		if unwanted(l) {
			end()
			delete(running, l)
		}
	}
}

// start reads a loop in a goroutine of its own, which the result ends.
func (w *Loops) start(ctx context.Context, l Loop) (end func()) {
	its, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.read(its, l)
	}()
	return func() {
		cancel()
		if <-done; ctx.Err() == nil {
			w.failing(l.ID, nil)
		}
	}
}

func (w *Loops) read(ctx context.Context, l Loop) {
	p, ok := parsePin(strings.TrimPrefix(l.ID, "gpio:"), "no")
	if !ok {
		w.failing(l.ID, errors.New("it is no line of a GPIO chip"))
		return
	}
	if l.Taken != "" {
		w.failing(l.ID, fmt.Errorf("it is the line of %s", l.Taken))
		return
	}
	report := func(err error) { w.failing(l.ID, err) }
	if !l.Button {
		watch(ctx, w.kernel, p, settleLoop, func(on, first bool, _ time.Time) { w.hears.Stands(l.ID, on, first) }, report)
		return
	}
	b := newButton(func(first bool, ago, lasted time.Duration) { w.hears.Pressed(l.ID, first, ago, lasted) })
	defer b.close()
	watch(ctx, w.kernel, p, settleButton, b.change, report)
}

// failing notes why a loop can't be read, nil where it can, and tells of all that
// can't in one sentence.
func (w *Loops) failing(id string, err error) {
	w.health.Lock()
	defer w.health.Unlock()
	delete(w.down, id)
	if err != nil {
		w.down[id] = err.Error()
	}
	why := ""
	if ids := slices.Sorted(maps.Keys(w.down)); len(ids) > 0 {
		why = ids[0] + ": " + w.down[ids[0]]
		if more := len(ids) - 1; more > 0 {
			why += fmt.Sprintf("; and %d more", more)
		}
	}
	if why != w.said {
		w.said = why
		w.hears.Failing(why)
	}
}
