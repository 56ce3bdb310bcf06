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
		g.post(panel.LineUp{Epoch: e.Epoch, SIM: panel.SIM{Card: e.Card, Ready: true, Unlocked: e.Unlocked}})
		g.first.Do(func() { close(g.up) })
	case modem.Down:
		var sim *modem.SIMError
		is := errors.As(e.Err, &sim)
		g.post(panel.LineDown{Epoch: e.Epoch, Why: e.Err.Error(), SIM: is, PIN: is && sim.PIN})
	case modem.Step:
		g.post(panel.Recovery{What: e.What})
	case modem.Announced:
		g.post(panel.Announced{})
	case modem.Received:
		g.text(panel.Text{ID: e.ID, From: e.From, Alphanumeric: e.Alphanumeric, Body: e.Body, Stamp: e.Stamp, Parts: e.Parts, Found: e.Found})
	case modem.Report:
		g.post(report(e))
	case modem.Network:
		g.post(panel.Heard{Registered: e.Registered, Roaming: e.Roaming, Denied: e.Denied, Operator: e.Operator, DBm: e.DBm, Usual: e.Usual})
	case modem.Condition:
		g.post(panel.Condition{Supply: panel.Supply(e.Supply), Filling: e.Filling, NoCentre: e.NoCentre, Jammed: e.Jammed})
	case modem.NetworkTime:
		g.clock.network(e.Time)
	case modem.Incoming:
		if e.Call == 0 {
			g.post(panel.Rejected{From: e.From})
		} else {
			g.post(panel.Rang{Caller: e.Call, From: e.From})
		}
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

// Send hands one text to the network.
func (g *gsmLine) Send(ctx context.Context, o alert.Order) alert.Outcome {
	ref, err := g.modem.Send(ctx, modem.Text{To: o.To, Body: o.Body, Validity: time.Duration(o.Valid) * time.Millisecond, Report: o.Report, Sealed: g.untraced(o)})
	return outcome(ref, err)
}

// untraced tells whether the trace must leave a job out: it is sealed, or might
// be missing if something were.
func (g *gsmLine) untraced(o alert.Order) bool { return o.Sealed || o.Untraced || !g.shown(o.To) }

func outcome(ref int, err error) alert.Outcome {
	switch {
	case err == nil:
		return alert.Outcome{Result: alert.SentOK, Ref: ref}
	case errors.Is(err, modem.ErrUnknown):
		return alert.Outcome{Result: alert.Unknown}
	case modem.Classify(err) == modem.OfNumber:
		return alert.Outcome{Result: alert.Permanent}
	}
	return alert.Outcome{Result: alert.Transient, Refused: modem.Classify(err) != modem.Absent}
}

// Ask puts a service code to the network. Why there is no answer is not logged: when
// it was asked tells what else the line had to do.
func (g *gsmLine) Ask(ctx context.Context, code string) string {
	answer, _ := g.modem.USSD(ctx, code)
	return answer
}

// Discard deletes a received text that was committed.
func (g *gsmLine) Discard(ctx context.Context, id uint64) { _ = g.modem.Discard(ctx, id) } // listed again, and known, if it fails
