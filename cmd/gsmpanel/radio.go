package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gsmpanel/gsmpanel/control"
	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/radio/receiver"
	"github.com/gsmpanel/gsmpanel/zones"
)

const (
	maxLearners = 8
	learnRoom   = 256 // frames that wait for a slow learner
)

// ether is all that the receivers of a panel hear: together they make one press
// of what several of them heard. Learners hear every frame.
type ether struct {
	sources []string // of --radio, without none
	// pressOnly are the numbers, from 1, of those that give one frame a press.
	pressOnly []int
	conf      string // path of rtl_433's decoder list
	log       *slog.Logger
	knows     func(id string) panel.Known // must not block
	post      func(panel.Event)
	known     func() []string // the IDs that are enrolled
	began     time.Time

	mu       sync.Mutex
	heard    radio.State // of enrolled codes only: a flood of others must not push them out
	held     radio.Holds // of those that are followed
	said     radio.Statements
	learners map[*learner]bool

	health   sync.Mutex // held while post is told, so that changes stay in order
	states   []receiverState
	air      []airState
	scan     radio.Scan
	scanning bool // as told
}

// receiverState is how one receiver stands.
type receiverState struct {
	told bool  // it has been up or down
	down error // why it does not run; nil while it does
}

// learner is somebody who learns devices.
type learner struct {
	frames chan heardFrame
	down   chan []string // the newest only
}

type heardFrame struct {
	radio.Frame
	tick   int64 // ms since the ether began
	source int
}

// newEther is an ether that nobody listens to yet; knows, post and known are to
// be set where there is a panel.
func newEther(sources []string, conf string, log *slog.Logger) *ether {
	sources = slices.DeleteFunc(slices.Clone(sources), func(s string) bool { return s == "none" })
	var pressOnly []int
	for n, source := range sources {
		if strings.HasPrefix(source, "rflink:") {
			pressOnly = append(pressOnly, n+1)
		}
	}
	return &ether{
		pressOnly: pressOnly,
		sources:   sources, conf: conf, log: log, began: time.Now(),
		knows: func(string) panel.Known { return panel.Known{} }, post: func(panel.Event) {}, known: func() []string { return nil },
		learners: map[*learner]bool{}, states: make([]receiverState, len(sources)), air: make([]airState, len(sources)),
	}
}

// run keeps one receiver running until ctx ends.
func (e *ether) run(ctx context.Context, source int) error {
	o := receiver.Options{
		Env:      []string{"RTL_433_CONF=" + e.conf},
		Log:      e.log,
		Frames:   func(f radio.Frame, at time.Time) { e.hear(source, f, at) },
		Readings: func(r radio.Reading, at time.Time) { e.reads(source, r, at) },
		Status: func(s receiver.Status) {
			if s.Up || s.Err != nil { // or it is being started, or ends with us
				e.stands(source, s.Err)
			}
		},
	}
	switch kind, what, _ := strings.Cut(e.sources[source], ":"); kind {
	case "rtl_433":
		o.Command, o.Silence = receiver.Command, 3*receiver.Heartbeat
	case "exec":
		o.Command = what
	case "rflink":
		o.RFLink = what
	}
	return receiver.Run(ctx, o)
}

// hear takes a frame: the alarm first, then those who learn.
func (e *ether) hear(source int, f radio.Frame, at time.Time) {
	tick := at.Sub(e.began).Milliseconds()
	if f.ID != "" {
		e.air[source].framed.Store(tick)
		e.alarm(tick, at.UnixMilli(), source, f)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for l := range e.learners {
		select {
		case l.frames <- heardFrame{f, tick, source}:
		default: // it is slow; a device says everything several times
		}
	}
}

// alarm tells the panel of a frame that it knows.
func (e *ether) alarm(tick, wall int64, source int, f radio.Frame) {
	known := e.knows(f.ID)
	if !known.Enrolled {
		e.strange(tick, f)
		return
	}
	f.Alone = f.Alone || known.Proven
	if e.says(tick, source, f) {
		e.post(panel.Sensed{ID: f.ID, What: whatIsSaid(f.Says)})
	}
	press, sign, counts := e.pressed(tick, wall, source, f, known.Followed)
	switch {
	case counts:
		e.post(panel.Pressing{ID: f.ID, Source: source, Hop: f.Hop, New: sign.New, Ago: tick - sign.Began, Lasted: sign.Lasted, Whole: sign.Whole, Counts: press})
	case press:
		e.post(panel.Pressed{ID: f.ID, Source: source, Hop: f.Hop})
	}
}

// says tells whether a device that reports by itself says something new.
func (e *ether) says(tick int64, source int, f radio.Frame) (news bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.said, news = e.said.Step(tick, source, f)
	return news
}

// whatIsSaid puts what a device says in the words of zones, an alarm first.
func whatIsSaid(s radio.Says) (what []zones.What) {
	for _, w := range []struct {
		says radio.Says
		what zones.What
	}{
		{radio.Trips, zones.Tripped}, {radio.CoverOpen, zones.Tampered}, {radio.Open, zones.StandsOpen}, {radio.Closed, zones.Closed},
		{radio.CoverShut, zones.TamperCleared}, {radio.BatteryLow, zones.BatteryLow}, {radio.BatteryGood, zones.BatteryOK}, {radio.Alive, zones.CheckIn},
	} {
		if s&w.says != 0 {
			what = append(what, w.what)
		}
	}
	return what
}

func (e *ether) pressed(tick, wall int64, source int, f radio.Frame, followed bool) (press bool, sign radio.Sign, counts bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard, press = radio.Step(e.heard, tick, source, f)
	if followed && !slices.Contains(e.pressOnly, source+1) {
		e.held, sign, counts = e.held.Step(tick, wall, source, f)
	}
	return press, sign, counts
}

// stands notes how a receiver stands. Each has a trouble of its own.
func (e *ether) stands(source int, down error) {
	e.health.Lock()
	defer e.health.Unlock()
	s := &e.states[source]
	if s.told && sameError(s.down, down) {
		return
	}
	before, up, was := e.whyDown(), e.up(), *s
	*s = receiverState{told: true, down: down}
	if !was.told || (was.down == nil) != (down == nil) {
		e.post(panel.Fault{Name: panel.RadioTrouble, Unit: source + 1, Of: len(e.states), On: down != nil, Why: e.why(source)})
	}
	if !was.told || e.up() != up {
		e.post(panel.Receivers{Up: e.up(), Of: len(e.states), PressOnly: e.pressOnly})
	}
	why := e.whyDown()
	if slices.Equal(before, why) {
		return // it has come up for the first time
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for l := range e.learners {
		l.tell(why)
	}
}

func sameError(a, b error) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Error() == b.Error()
}

// up is how many receivers run; with health held.
func (e *ether) up() (n int) {
	for _, s := range e.states {
		if s.told && s.down == nil {
			n++
		}
	}
	return n
}

// whyDown are the receivers that do not run; with health held.
func (e *ether) whyDown() []string {
	var out []string
	for i := range e.states {
		if why := e.why(i); why != "" {
			out = append(out, why)
		}
	}
	return out
}

// why says why a receiver does not run, "" where it does. Of the command only the
// kind is told: it may hold a password, and this goes out in texts.
func (e *ether) why(source int) string {
	down := e.states[source].down
	if down == nil {
		return ""
	}
	return e.named(source, down.Error())
}

// named says of which receiver something is, where there are several.
func (e *ether) named(source int, what string) string {
	if len(e.states) == 1 {
		return what
	}
	kind, _, _ := strings.Cut(e.sources[source], ":")
	return fmt.Sprintf("receiver %d of %d, %s: %s", source+1, len(e.states), kind, what)
}

// tell hands over which receivers are down, in place of what was not read yet.
// One goroutine at a time tells.
func (l *learner) tell(down []string) {
	select {
	case <-l.down:
	default:
	}
	l.down <- down
}

// learn is control.Learn: what the receivers hear, each device and button once.
func (e *ether) learn(ctx context.Context, each func(control.Learnt) error) error {
	l, err := e.join()
	if err != nil {
		return err
	}
	defer e.leave(l)
	learning := radio.Learning{Enrolled: e.known()}
	for {
		told := control.Learnt{}
		select {
		case <-ctx.Done():
			return nil
		case told.Down = <-l.down:
		case f := <-l.frames:
			var found bool
			var what radio.Finding
			if learning, what, found = learning.Step(f.tick, f.source, f.Frame); !found {
				continue
			}
			told.Finding = &what
		}
		if err := each(told); err != nil {
			return err
		}
	}
}

// join takes in a learner, who is told at once if a receiver is down.
func (e *ether) join() (*learner, error) {
	e.health.Lock()
	defer e.health.Unlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case len(e.sources) == 0:
		return nil, noReceiver()
	case len(e.learners) >= maxLearners:
		return nil, broken("end one of them", "%d programs learn devices already, and the panel takes no more at once", maxLearners)
	}
	l := &learner{frames: make(chan heardFrame, learnRoom), down: make(chan []string, 1)}
	if down := e.whyDown(); len(down) > 0 {
		l.down <- down
	}
	e.learners[l] = true
	return l, nil
}

func noReceiver() error {
	return broken("start it with a receiver, for example --radio rtl_433", "there is no receiver to listen with: --radio is none")
}

func (e *ether) leave(l *learner) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.learners, l)
}

// enrolled are all IDs that a configuration has in use.
func enrolled(public panel.Public) []string {
	var ids []string
	for _, z := range public.Zones {
		ids = append(ids, z.IDs()...)
	}
	for _, r := range public.Remotes {
		for _, b := range r.Buttons {
			ids = append(ids, b.ID)
		}
	}
	return ids
}

// listenAlone is what learn does where no panel runs: it starts the receivers
// itself for as long as that.
func listenAlone(ctx context.Context, long time.Duration, sources, known []string, each func(control.Learnt) error) (err error) {
	dir, err := os.MkdirTemp("", "gsmpanel-learn-")
	if err != nil {
		return fmt.Errorf("there is no place for the receiver's decoder list: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	e := newEther(sources, filepath.Join(dir, confFile), slog.New(slog.DiscardHandler))
	e.known = func() []string { return known }
	if err := os.WriteFile(e.conf, []byte(receiver.Conf), 0o600); err != nil {
		return fmt.Errorf("the receiver's decoder list cannot be written: %w", err)
	}
	ctx, stop := context.WithTimeout(ctx, long)
	defer stop()
	ended := make(chan error, len(e.sources))
	for source := range e.sources {
		go func() {
			err := e.run(ctx, source)
			if err != nil {
				stop()
			}
			ended <- err
		}()
	}
	err = e.learn(ctx, each)
	stop()
	for range e.sources {
		err = errors.Join(err, <-ended)
	}
	return err
}
