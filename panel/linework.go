package panel

import (
	"context"
	"sync"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
)

// lineWork brings the modem to what the line's state wants: one job at a time,
// each once, however often it is wanted.
type lineWork struct {
	line   Line
	post   func(Event)
	answer func(context.Context, alert.Order, <-chan alert.Order) alert.Outcome // a call from outside

	mu    sync.Mutex
	order alert.Order
	junk  []uint64 // received texts that are committed
	wake  chan struct{}
	sweep chan struct{}

	asked     uint64 // serial of the last question; only the loop uses it
	questions chan Inquiry
}

func newLineWork(line Line, post func(Event)) *lineWork {
	return &lineWork{line: line, post: post, wake: make(chan struct{}, 1), sweep: make(chan struct{}, 1), questions: make(chan Inquiry, 1)}
}

// want sets the level. It never blocks.
func (w *lineWork) want(o alert.Order) {
	w.mu.Lock()
	w.order = o
	w.mu.Unlock()
	nudge(w.wake)
}

// discard deletes a received text when the modem has time for it.
func (w *lineWork) discard(id uint64) {
	w.mu.Lock()
	w.junk = append(w.junk, id)
	w.mu.Unlock()
	nudge(w.sweep)
}

func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// run follows the level until ctx ends.
func (w *lineWork) run(ctx context.Context) {
	var said alert.Order // to the job last started
	var more chan alert.Order
	stop := func() {}
	ended := make(chan struct{}, 1)
	busy := false
	for {
		select {
		case <-ctx.Done():
			stop()
			if busy {
				<-ended
			}
			return
		case <-w.wake:
		case <-ended:
			busy = false
			stop()
		}
		w.mu.Lock()
		o := w.order
		w.mu.Unlock()
		if !busy && o.Serial != 0 && o.Serial != said.Serial {
			said, busy = o, true
			more = make(chan alert.Order, 1)
			job, cancel := context.WithCancel(ctx)
			stop = cancel
			go func() { w.post(Done{o.Serial, w.do(job, o, more)}); ended <- struct{}{} }()
		}
		if busy && (o.Serial != said.Serial || o.HangUp) {
			stop()
		}
		if busy && o.Serial == said.Serial && o != said {
			said = o
			replace(more, o)
		}
	}
}

// replace leaves the newest order for whoever follows it.
func replace(c chan alert.Order, o alert.Order) {
	select {
	case <-c:
	default:
	}
	c <- o
}

func (w *lineWork) do(ctx context.Context, o alert.Order, more <-chan alert.Order) alert.Outcome {
	switch {
	case o.In:
		return w.answer(ctx, o, more)
	case o.Call:
		return w.line.Call(ctx, o, more, CallEvents{
			Ringing:  func() { w.post(Progress{o.Serial, alert.Ringing}) },
			Answered: func() { w.post(Progress{o.Serial, alert.Talking}) },
			Key:      func(key byte) { w.post(Key{o.Serial, key}) }})
	}
	return w.line.Send(ctx, o)
}

// wonder sets what the network is to be asked. It never blocks.
func (w *lineWork) wonder(q Inquiry) {
	if q.Serial == 0 || q.Serial == w.asked {
		return
	}
	w.asked = q.Serial
	select {
	case w.questions <- q:
	default:
	}
}

// asks puts each question once, until ctx ends.
func (w *lineWork) asks(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case q := <-w.questions:
			w.post(Balance{q.Serial, w.line.Ask(ctx, q.Code)})
		}
	}
}

// replyFirst is how long a deletion lets what the same commit wants said go before
// it: the modem needs as long for a deletion as the reply's first byte takes.
const replyFirst = 20 * time.Millisecond

// discards deletes committed texts until ctx ends; what is left is listed again
// at the next start and known by its key.
func (w *lineWork) discards(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.sweep:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(replyFirst):
		}
		w.mu.Lock()
		junk := w.junk
		w.junk = nil
		w.mu.Unlock()
		for _, id := range junk {
			w.line.Discard(ctx, id)
		}
	}
}
