package main

import (
	"context"
	"errors"
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

// patterns answer what was pressed. They are of keys that are on no phone, so
// that no echo of them is taken for one; each differs from the others in length
// already.
var patterns = map[alert.Tone]string{
	alert.ToneDone:    "AD",
	alert.ToneRefused: "DADADADA",
	alert.ToneTaken:   "A",
}

// follow hands events of a call to whoever follows it from now on.
func (g *gsmLine) follow(events chan modem.Event) {
	g.mu.Lock()
	g.call = events
	g.mu.Unlock()
}

// progress hands an event of the call to whoever follows it. Of a flood of digits
// what counts came before, and the end of the call must find room.
func (g *gsmLine) progress(e modem.Event) {
	g.mu.Lock()
	defer g.mu.Unlock()
	_, digit := e.(modem.Digit)
	if g.call == nil || digit && len(g.call) > cap(g.call)/2 {
		return
	}
	select {
	case g.call <- e:
	default:
	}
}

// TakeCalls lets callers in, or has them hear busy.
func (g *gsmLine) TakeCalls(yes bool) { g.modem.TakeCalls(yes) }

// Reject ends a call that is not answered.
func (g *gsmLine) Reject(caller uint64) {
	ctx, cancel := context.WithTimeout(context.Background(), hangUpTime)
	go func() {
		defer cancel()
		_ = g.modem.Reject(ctx, caller) // the modem's room does so by itself a little later
	}()
}

// Call rings a number, or answers a call from outside, and returns when the call
// is over; cancelling ctx hangs up.
func (g *gsmLine) Call(ctx context.Context, o alert.Order, more <-chan alert.Order, on panel.CallEvents) alert.Outcome {
	if ctx.Err() != nil {
		return alert.Outcome{Result: alert.Broken}
	}
	c := &liveCall{line: g, events: make(chan modem.Event, 64), on: on, ours: !o.In, quiet: func() {}}
	g.follow(c.events)
	defer g.follow(nil)
	if err := c.begin(ctx, o); err != nil {
		g.hangUp() // where the modem thinks that a call is there, the next must not find it
		return notDialled(err)
	}
	return c.run(ctx, more)
}

// liveCall is the call that is going on.
type liveCall struct {
	line   *gsmLine
	id     uint64
	events chan modem.Event
	on     panel.CallEvents
	ours   bool
	tones  uint64 // patterns heard so far
	quiet  func() // ends the one that is being heard
	hears  bool   // the other end hears the place
}

func (c *liveCall) begin(ctx context.Context, o alert.Order) (err error) {
	ctx = context.WithoutCancel(ctx)
	if o.In {
		c.id = o.Caller
		return c.line.modem.Answer(ctx, o.Caller)
	}
	c.id, err = c.line.modem.Dial(ctx, o.To, c.line.untraced(o))
	return err
}

func (c *liveCall) run(ctx context.Context, more <-chan alert.Order) alert.Outcome {
	defer func() { c.quiet() }()
	var gone <-chan time.Time
	hangUp := ctx.Done()
	for {
		select {
		case <-hangUp:
			hangUp = nil
			c.quiet()
			c.line.hangUp()
			gone = time.After(goneTime)
		case <-gone:
			return alert.Outcome{Result: alert.Unknown}
		case <-c.line.over:
			return alert.Outcome{Result: alert.Unknown}
		case o := <-more:
			c.obey(ctx, o)
		case e := <-c.events:
			if cause := c.take(ctx, e); cause != 0 {
				return ended(cause)
			}
		}
	}
}

// take tells what has happened, and returns why the call has ended, 0 if it has
// not.
func (c *liveCall) take(ctx context.Context, e modem.Event) modem.Cause {
	switch e := e.(type) {
	case modem.Ringing:
		c.on.Ringing()
	case modem.Answered:
		c.on.Answered()
		if c.ours {
			c.beep(ctx, tonePattern, toneRepeats)
		}
	case modem.Digit:
		c.on.Key(e.Key)
	case modem.Ended:
		if e.Call == c.id {
			return e.Cause
		}
	}
	return 0
}

// obey does what the panel wants of the call besides.
func (c *liveCall) obey(ctx context.Context, o alert.Order) {
	if o.HangUp {
		return
	}
	if o.Tones > c.tones {
		c.tones = o.Tones
		c.beep(ctx, patterns[o.Tone], 1)
	}
	if o.Listen && !c.hears {
		c.hears = true
		go func() {
			ctx, cancel := context.WithTimeout(ctx, hangUpTime)
			defer cancel()
			_ = c.line.modem.Listen(ctx, c.id) // a modem that cannot mute is heard already
		}()
	}
}

// beep has the other end hear a pattern, in place of what it hears.
func (c *liveCall) beep(ctx context.Context, pattern string, times int) {
	c.quiet()
	ctx, c.quiet = context.WithCancel(ctx)
	go func() {
		for n := range times {
			if n > 0 {
				select {
				case <-ctx.Done():
					return
				case <-time.After(toneGap):
				}
			}
			if c.line.modem.Tones(ctx, pattern) != nil {
				return // the call is over, or something else is to be heard
			}
		}
	}()
}

func (g *gsmLine) hangUp() {
	ctx, cancel := context.WithTimeout(context.Background(), hangUpTime)
	go func() {
		defer cancel()
		_ = g.modem.HangUp(ctx) // its outcome is the call's end, which the modem tells
	}()
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
	case modem.CauseNetwork: // it counts as no call, or a gap in the network would end the rounds
		return alert.Outcome{Result: alert.Transient}
	}
	return alert.Outcome{Result: alert.NoAnswer}
}
