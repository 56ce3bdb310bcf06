package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/panel"
)

// tonePattern is what an answered phone hears, three times: two tones that no
// voicemail or fax makes in that order (ITU-T Q.23 keys). The digit 1 is not
// among them: its echo would be taken for an acknowledgement.
const (
	tonePattern = "59595"
	toneRepeats = 3
	toneGap     = time.Second
	hangUpTime  = 30 * time.Second // for ATH and its confirmation
	goneTime    = 45 * time.Second // for the call's end; then the line is used again all the same
)

// gsmLine is the modem as the panel wants its line: it turns the modem's events
// into the panel's and its errors into outcomes.
type gsmLine struct {
	modem *modem.Modem
	post  func(panel.Event)
	text  func(panel.Text)
	shown func(number string) bool // whose dialogues the trace may show
	clock *wallClock
	up    chan struct{} // closed when the modem works for the first time
	first sync.Once
	over  chan struct{} // closed when the modem has ended

	mu   sync.Mutex
	call chan modem.Event // of the call in progress
}

func newLine(m *modem.Modem, clock *wallClock) *gsmLine {
	return &gsmLine{modem: m, clock: clock, up: make(chan struct{}), over: make(chan struct{})}
}

// run runs the modem until ctx ends.
func (g *gsmLine) run(ctx context.Context) error {
	defer close(g.over) // what waits for an event of it waits no longer
	return g.modem.Run(ctx, g.on)
}

// on takes the modem's events, in order.
func (g *gsmLine) on(e modem.Event) {
	switch e := e.(type) {
	case modem.Up:
		g.post(panel.LineUp{Epoch: e.Epoch})
		g.first.Do(func() { close(g.up) })
	case modem.Down:
		g.post(panel.LineDown{Epoch: e.Epoch, Why: e.Err.Error()})
	case modem.Received:
		g.text(panel.Text{ID: e.ID, From: e.From, Alphanumeric: e.Alphanumeric, Body: e.Body, Stamp: e.Stamp, Parts: e.Parts, Found: e.Found})
	case modem.Report:
		g.post(report(e))
	case modem.Network:
		g.post(panel.Heard{Registered: e.Registered, Roaming: e.Roaming, Denied: e.Denied, Operator: e.Operator, DBm: e.DBm})
	case modem.NetworkTime:
		g.clock.network(e.Time)
	case modem.Incoming:
		g.post(panel.Rejected{From: e.From})
	default:
		g.progress(e)
	}
}

func report(e modem.Report) panel.Reported {
	d := alert.Delivery{Ref: e.Ref, To: e.To, Delivered: e.State == modem.Delivered, Failed: e.State == modem.Failed}
	if !e.Stamp.IsZero() {
		d.Stamp = e.Stamp.UnixMilli()
	}
	return panel.Reported{Delivery: d}
}

// progress hands an event of the call to whoever follows it.
func (g *gsmLine) progress(e modem.Event) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.call != nil {
		select {
		case g.call <- e:
		default: // a flood of digits; what counts came before
		}
	}
}

// Send hands one text to the network.
func (g *gsmLine) Send(ctx context.Context, o alert.Order) alert.Outcome {
	ref, err := g.modem.Send(ctx, modem.Text{To: o.To, Body: o.Body, Validity: time.Duration(o.Valid) * time.Millisecond, Report: o.Report, Sealed: g.untraced(o)})
	return outcome(ref, err)
}

// untraced tells whether the trace must leave a job out: it is sealed, or might
// be missing if something were.
func (g *gsmLine) untraced(o alert.Order) bool { return o.Sealed || !g.shown(o.To) }

func outcome(ref int, err error) alert.Outcome {
	switch {
	case err == nil:
		return alert.Outcome{Result: alert.SentOK, Ref: ref}
	case errors.Is(err, modem.ErrUnknown):
		return alert.Outcome{Result: alert.Unknown}
	case modem.Permanent(err):
		return alert.Outcome{Result: alert.Permanent}
	}
	return alert.Outcome{Result: alert.Transient}
}

// Call rings a number and returns when the call is over; cancelling ctx hangs up.
func (g *gsmLine) Call(ctx context.Context, o alert.Order, ringing, answered func(), key func(byte)) alert.Outcome {
	if ctx.Err() != nil {
		return alert.Outcome{Result: alert.Broken}
	}
	events := make(chan modem.Event, 64)
	g.follow(events)
	defer g.follow(nil)
	id, err := g.modem.Dial(context.WithoutCancel(ctx), o.To, g.untraced(o))
	if err != nil {
		g.hangUp() // where the modem thinks that a call is there, the next must not find it
		return notDialled(err)
	}
	var gone <-chan time.Time
	tones, quiet := context.WithCancel(ctx)
	defer quiet()
	hangUp := ctx.Done()
	for {
		select {
		case <-hangUp:
			hangUp = nil
			g.hangUp()
			gone = time.After(goneTime)
		case <-gone:
			return alert.Outcome{Result: alert.Unknown}
		case <-g.over:
			return alert.Outcome{Result: alert.Unknown}
		case e := <-events:
			switch e := e.(type) {
			case modem.Ringing:
				ringing()
			case modem.Answered:
				answered()
				go g.beep(tones)
			case modem.Digit:
				key(e.Key)
			case modem.Ended:
				if e.Call == id {
					return ended(e.Cause)
				}
			}
		}
	}
}

func (g *gsmLine) follow(events chan modem.Event) {
	g.mu.Lock()
	g.call = events
	g.mu.Unlock()
}

func (g *gsmLine) hangUp() {
	ctx, cancel := context.WithTimeout(context.Background(), hangUpTime)
	go func() {
		defer cancel()
		_ = g.modem.HangUp(ctx) // its outcome is the call's end, which the modem tells
	}()
}

func (g *gsmLine) beep(ctx context.Context) {
	for range toneRepeats {
		if g.modem.Tones(ctx, tonePattern) != nil {
			return // the call is over, or a key was pressed
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(toneGap):
		}
	}
}

// notDialled is a call that never began: it counts as not answered, so that the
// next contact is rung, unless it was the line or the network that failed.
func notDialled(err error) alert.Outcome {
	switch {
	case errors.Is(err, modem.ErrDown), errors.Is(err, modem.ErrUnknown):
		return alert.Outcome{Result: alert.Unknown}
	case modem.Transient(err):
		return alert.Outcome{Result: alert.Transient}
	}
	return alert.Outcome{Result: alert.NoAnswer}
}

func ended(c modem.Cause) alert.Outcome {
	switch c {
	case modem.CauseLost:
		return alert.Outcome{Result: alert.Unknown}
	case modem.CauseBusy:
		return alert.Outcome{Result: alert.Busy}
	case modem.CauseRejected:
		return alert.Outcome{Result: alert.Rejected}
	case modem.CauseRemote:
		return alert.Outcome{Result: alert.Answered}
	case modem.CauseLocal:
		return alert.Outcome{Result: alert.Broken}
	}
	return alert.Outcome{Result: alert.NoAnswer}
}

// Discard deletes a received text that was committed.
func (g *gsmLine) Discard(ctx context.Context, id uint64) { _ = g.modem.Discard(ctx, id) } // listed again, and known, if it fails
