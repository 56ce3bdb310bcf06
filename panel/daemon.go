package panel

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/zones"
)

// The daemon's side of Desk. Reads take what was last released and never enter
// the queue.

// stuckAfter is how long the loop may stand still, on a slow machine too, before
// that is shown.
const stuckAfter = time.Minute

// Outward is the panel as anybody may see it, at the time of asking: the time of
// the last step would tell of steps that nobody may see. That of a loop that is
// stuck is when it last moved.
func (p *Panel) Outward(context.Context) (Outward, error) {
	o := *p.seen.Load().outward
	up, wall, _ := p.shell.Clock()
	o.Time, o.NoSiren = wall, p.shell.NoSiren
	p.signal.Lock()
	o.SignalDBm, o.Usual = p.signal.at(up)
	p.signal.Unlock()
	if still := p.still(up); still > stuckAfter {
		o.Time = wall.Add(-still)
	}
	return o, nil
}

// Alive tells whether the loop goes round and hands the writer what is to be kept.
func (p *Panel) Alive() bool {
	up, _, _ := p.shell.Clock()
	return p.still(up) <= stuckAfter
}

// still is for how long the loop has not gone round.
func (p *Panel) still(up time.Duration) time.Duration { return up - time.Duration(p.beat.Load()) }

// Public is the configuration without codes.
func (p *Panel) Public(context.Context) (Public, error) { return p.seen.Load().config.Public(), nil }

// NotKept says that a change holds, and is forgotten if the panel ends before its disk
// takes it.
type NotKept struct{ Why string } // as in the trouble of the disk

func (n NotKept) Error() string { return Trouble{Name: DiskTrouble, Why: n.Why}.text() }

// Edit changes the configuration, and returns when that is committed. The error is a
// NotKept where the disk does not take it.
func (p *Panel) Edit(ctx context.Context, e Edit) error {
	if err := p.onFreeLines(e); err != nil {
		return err
	}
	r, err := p.ask(ctx, Edited{e})
	if err == nil && r.Unkept != "" {
		return NotKept{r.Unkept}
	}
	return err
}

// Codes makes, changes or removes codes.
func (p *Panel) Codes(ctx context.Context, r CodeRequest, progress func(done, total int)) error {
	p.admin.Lock()
	defer p.admin.Unlock()
	if err := tooNear(p.seen.Load().state, r); err != nil {
		return err
	}
	if r.Present != "" {
		v := p.seen.Load().config.Duress.Judge(p.shell.Key, string(r.Present))
		if _, err := p.ask(ctx, CodeShown{v, "code " + r.Do}); err != nil {
			return err
		}
	}
	put, err := changeCodes(p.seen.Load().config, p.shell.Key, p.shell.Random, r, progress)
	if near(err) {
		if _, e := p.ask(ctx, NearCode{}); e != nil {
			return e
		}
	}
	if err != nil {
		return err
	}
	return p.Edit(ctx, put)
}

func near(err error) bool {
	var refused duress.Refused
	return errors.As(err, &refused) && refused.Near
}

// tooNear refuses to try more new codes; who takes codes away, or declines one, may
// always do so.
func tooNear(s State, r CodeRequest) error {
	if r.Do == "remove" || r.Do == "keep" {
		return nil
	}
	if n := s.Nearness; n.Day == s.Tick/day && n.Count >= nearADay {
		return fmt.Errorf("%d codes were refused today as too close to others; try again tomorrow", nearADay)
	}
	return nil
}

// Command takes a command typed at the board.
func (p *Panel) Command(ctx context.Context, r CommandRequest) (Answer, error) {
	told := judgeRequest(p.seen.Load().config, p.shell.Key, r)
	result, err := p.ask(ctx, told)
	return result.Answer, err
}

// Log returns the last n entries, oldest first.
func (p *Panel) Log(_ context.Context, n int) ([]Entry, error) { return p.shell.Store.Entries(n) }

// SealedLog answers a master code.
func (p *Panel) SealedLog(ctx context.Context, digits Secret) ([]Entry, error) {
	v := p.seen.Load().config.Duress.Judge(p.shell.Key, string(digits))
	result, err := p.ask(ctx, SealedAsked{v})
	return result.Revealed, err
}

// Follow calls on with each new journal entry until ctx ends. A reader that is
// too slow misses entries rather than holding up the panel.
func (p *Panel) Follow(ctx context.Context, on func(Entry)) {
	c, leave := p.watch.join()
	defer leave()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-c:
			on(e)
		}
	}
}

// watchers are those who follow the journal.
type watchers struct {
	mu   sync.Mutex
	list map[chan Entry]bool
}

func (w *watchers) join() (<-chan Entry, func()) {
	c := make(chan Entry, 64)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.list == nil {
		w.list = map[chan Entry]bool{}
	}
	w.list[c] = true
	return c, func() { w.mu.Lock(); delete(w.list, c); w.mu.Unlock() }
}

func (w *watchers) tell(entries []Entry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range entries {
		for c := range w.list {
			select {
			case c <- e:
			default:
			}
		}
	}
}

// InHouse tells whether a phone may be in the house. Only dialogues with those
// are traced: what goes to others differs when something is sealed.
func (p *Panel) InHouse(number string) bool {
	c := p.seen.Load().config
	k, listed := c.Alert.ByNumber(alert.SameNumber(number, c.Site.Country))
	return listed && k.InHouse()
}

// Overheard tells whether what comes from a phone may be traced. Who is told of
// something sealed answers that, and no edit moves their phone into the house.
func (p *Panel) Overheard(number string) bool {
	f := p.seen.Load()
	same := alert.SameNumber(number, f.config.Site.Country)
	for _, i := range f.state.Sealed.Book.Incidents {
		if i.Includes(same) {
			return false
		}
	}
	return p.InHouse(number)
}

// Known is what the edge must know of an ID.
type Known struct {
	Enrolled bool // as a zone's or a remote's; what nobody enrolled is dropped at the edge
	Followed bool // it matters how long and how often it is pressed
	Proven   bool // its code proves itself, so that one frame counts
}

// Knows tells what is known of an ID. It is asked for every frame that is heard.
func (p *Panel) Knows(id string) Known {
	c := p.seen.Load().config
	if b, ok := c.button(id); ok {
		return Known{Enrolled: true, Followed: b.followed(), Proven: c.proven(id)}
	}
	return Known{Enrolled: slices.ContainsFunc(c.Zones.Zones, func(z zones.Zone) bool { return slices.Contains(z.IDs(), id) })}
}
