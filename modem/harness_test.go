package modem_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

const (
	anna = "+447700900101"
	bob  = "+447700900102"
)

// bench is a modem of ours on a simulated one, in a bubble of synctest.
type bench struct {
	t   *testing.T
	sim *simulator.Modem
	m   *modem.Modem
	ctx context.Context

	kind string // of the simulated one

	mu     sync.Mutex
	events []modem.Event
	trace  []string
	wire   []byte // what we sent
	keep   bool   // texts are not discarded as they come

	beside sync.WaitGroup
}

// story runs f on a modem that is up.
func story(t *testing.T, f func(*bench)) {
	t.Helper()
	storyWith(t, simulator.Options{}, func(*simulator.Modem) {}, f)
}

// storyWith is story with a simulator of its own kind, to which before is done
// before our modem is started, with options that some may change.
func storyWith(t *testing.T, o simulator.Options, before func(*simulator.Modem), f func(*bench), some ...func(*bench, *modem.Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{t: t, kind: o.Kind}
		o.Wire = b.tapped
		sim := simulator.New(o)
		b.sim = sim
		time.Sleep(time.Minute) // it has started
		before(sim)
		options := modem.Options{Open: b.open, Kind: as, Trace: b.traced, Shown: func(from string) bool { return from == anna },
			Plain: func(word string) bool { return strings.EqualFold(word, "disarm") }}
		for _, change := range some {
			change(b, &options)
		}
		b.m = modem.New(options)
		ctx, cancel := context.WithCancel(t.Context())
		b.ctx = ctx
		done := make(chan error, 1)
		defer func() { // also after Fatal, so that the bubble ends
			cancel()
			b.beside.Wait()
			if err := <-done; err != context.Canceled {
				t.Errorf("Run returned %v", err)
			}
			if err := sim.Close(); err != nil {
				t.Error(err)
			}
		}()
		go func() { done <- b.m.Run(ctx, b.on) }()
		f(b)
	})
}

// as, where set, is the kind that our modem is told to expect.
var as string

// wrap, where set, is put around the line.
var wrap func(io.ReadWriteCloser) io.ReadWriteCloser

func (b *bench) open() (io.ReadWriteCloser, error) {
	line := b.sim.Line()
	if wrap != nil {
		return wrap(line), nil
	}
	return line, line.(interface{ SetBaud(int) error }).SetBaud(115200)
}

func (b *bench) traced(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trace = append(b.trace, line)
}

func (b *bench) tapped(_ time.Time, fromModem bool, p []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !fromModem {
		b.wire = append(b.wire, p...)
	}
}

// sent is what went over the line to the modem so far, traced or not.
func (b *bench) sent() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.wire)
}

// told are the events so far.
func (b *bench) told() []modem.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.events)
}

// keeps leaves texts on the SIM from now on.
func (b *bench) keeps() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.keep = true
}

// forget drops what was told and traced.
func (b *bench) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events, b.trace, b.wire = nil, nil, nil
}

// dialogue is the trace so far.
func (b *bench) dialogue() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.trace, "\n")
}

func (b *bench) on(e modem.Event) {
	b.mu.Lock()
	b.events = append(b.events, e)
	keep := b.keep
	b.mu.Unlock()
	if r, ok := e.(modem.Received); ok && !keep {
		b.beside.Go(func() { _ = b.m.Discard(b.ctx, r.ID) })
	}
}

// seen are the events so far, one a line, but for those of kinds left out.
func (b *bench) seen(without ...string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
next:
	for _, e := range b.events {
		if e == modem.Event(modem.Condition{}) || e == modem.Event(modem.Announced{}) {
			continue // all is well, which is told at the beginning; a text comes, which is told next
		}
		s := strings.TrimPrefix(fmt.Sprintf("%T", e), "modem.")
		for _, w := range without {
			if s == w {
				continue next
			}
		}
		out = append(out, describe(e))
	}
	return out
}

func describe(e modem.Event) string {
	switch e := e.(type) {
	case modem.Step:
		return "step: " + e.What
	case modem.Up:
		return fmt.Sprintf("up %d %s", e.Epoch, e.Model)
	case modem.Down:
		return fmt.Sprintf("down %d: %v", e.Epoch, e.Err)
	case modem.Received:
		return fmt.Sprintf("text from %s %q parts=%d found=%v", e.From, e.Body, e.Parts, e.Found)
	case modem.Report:
		return fmt.Sprintf("report to %s %v", e.To, e.State)
	case modem.Digit:
		return fmt.Sprintf("digit %c", e.Key)
	case modem.Ended:
		return fmt.Sprintf("ended %v", e.Cause)
	case modem.Ringing:
		return "ringing"
	case modem.Answered:
		return "answered"
	case modem.Incoming:
		if e.Call == 0 {
			return "rejected " + e.From
		}
		return "incoming " + e.From
	case modem.Network:
		return fmt.Sprintf("network registered=%v %q %d dBm", e.Registered, e.Operator, e.DBm)
	}
	return fmt.Sprintf("%T%v", e, e)
}

// until waits in steps of a quarter of a second for an event that is described so.
func (b *bench) until(what string) {
	b.t.Helper()
	for range 4 * 600 {
		for _, s := range b.seen() {
			if strings.HasPrefix(s, what) {
				return
			}
		}
		time.Sleep(time.Second / 4)
	}
	b.t.Fatalf("%q was not told in 10 minutes; told was:\n%s", what, strings.Join(b.seen(), "\n"))
}

// want compares what was told with what should have been.
func (b *bench) want(without []string, lines ...string) {
	b.t.Helper()
	got := strings.Join(b.seen(without...), "\n")
	if want := strings.Join(lines, "\n"); got != want {
		b.t.Errorf("told was:\n%s\nwant:\n%s", got, want)
	}
}

// phone is what a phone has seen.
func (b *bench) phone(number string) simulator.Phone {
	for _, p := range b.sim.Phones() {
		if p.Number == number {
			return p
		}
	}
	return simulator.Phone{}
}

// texts are the bodies of the texts that a phone has got from the panel.
func (b *bench) texts(number string) []string {
	var got []string
	for _, m := range b.phone(number).Texts {
		if !m.Outgoing {
			got = append(got, m.Body)
		}
	}
	return got
}

var idle = []string{"Network", "NetworkTime", "Up", "Step"}
