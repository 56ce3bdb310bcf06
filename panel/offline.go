package panel

import (
	"context"
	"io"
	"time"

	duress "github.com/gsmpanel/gsmpanel/panic"
)

// Offline is the desk of a panel that is not running: the same steps, each
// committed before it is answered.
type Offline struct {
	c      Config
	s      State
	store  Store
	key    duress.Key
	random io.Reader
	wall   func() time.Time
}

// NewOffline looks after a panel by its store. Its tick stands still: the panel
// takes its time up when it runs.
func NewOffline(c Config, s State, store Store, key duress.Key, random io.Reader, wall func() time.Time) *Offline {
	s = s.clone()
	s.Radio.PressOnly = nil               // the next start may have other receivers
	s.Sealed.Line.Lost(s.books(), s.Tick) // nothing may be handed to a modem that is not there
	return &Offline{c, s, store, key, random, wall}
}

func (o *Offline) now() Now { return Now{Tick: o.s.Tick, Wall: o.wall(), Sure: o.s.Sure} }

func (o *Offline) step(e Event) (Result, error) {
	wall, sure := o.s.Wall, o.s.Sure
	r := Step(o.c, o.s, o.now(), e)
	r.State.Wall, r.State.Sure = wall, sure // time off is counted from the panel's own last step
	if err := o.store.Commit(Snapshot{Config: r.Config, State: r.State, Entries: r.Entries}); err != nil {
		return r, err
	}
	o.c, o.s = r.Config, r.State
	return r, r.Err
}

// Outward is the panel as it was when it stopped.
func (o *Offline) Outward(context.Context) (Outward, error) {
	out := *outward(o.c, o.s.Open, Now{Tick: o.s.Tick, Wall: time.UnixMilli(o.s.Wall)})
	out.Time = o.wall()
	return out, nil
}

// Public is the configuration without codes.
func (o *Offline) Public(context.Context) (Public, error) { return o.c.Public(), nil }

// Edit changes the configuration.
func (o *Offline) Edit(_ context.Context, e Edit) error {
	_, err := o.step(Edited{e})
	return err
}

// Codes makes, changes or removes codes.
func (o *Offline) Codes(_ context.Context, r CodeRequest, progress func(done, total int)) error {
	if err := tooNear(o.s, r); err != nil {
		return err
	}
	if r.Present != "" {
		if _, err := o.step(CodeShown{o.c.Duress.Judge(o.key, string(r.Present)), "code " + r.Do}); err != nil {
			return err
		}
	}
	put, err := changeCodes(o.c, o.key, o.random, r, progress)
	if near(err) {
		if _, e := o.step(NearCode{}); e != nil {
			return e
		}
	}
	if err != nil {
		return err
	}
	_, err = o.step(Edited{put})
	return err
}

// Command needs the panel.
func (o *Offline) Command(context.Context, CommandRequest) (Answer, error) {
	return Answer{}, ErrNotRunning
}

// Log returns the last n entries, oldest first.
func (o *Offline) Log(_ context.Context, n int) ([]Entry, error) { return o.store.Entries(n) }

// SealedLog answers a master code.
func (o *Offline) SealedLog(_ context.Context, digits Secret) ([]Entry, error) {
	r, err := o.step(SealedAsked{o.c.Duress.Judge(o.key, string(digits))})
	return r.Revealed, err
}
