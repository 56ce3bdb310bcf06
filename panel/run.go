package panel

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	duress "github.com/gsmpanel/gsmpanel/panic"
)

const (
	diskPatience = 3 * time.Second // then the alarm goes on without the disk
	diskRetry    = 2 * time.Second // between tries of a store that fails
	longestNap   = time.Second     // of the timer, so that a sleep of the machine delays nothing by more
	queueLength  = 256
)

// Shell is the world that a panel runs in.
type Shell struct {
	Store  Store
	Key    duress.Key
	Random io.Reader
	Line   Line
	Siren  func(pattern string) // "" is silence; must not block
	Chirp  func(n int)          // answers a button; must not block
	// NoSiren says that nothing would be heard of either.
	NoSiren bool
	// Wires gets the loops that are to be read, and must not block; nil where nobody
	// reads any. Taken are lines that they cannot be at, by the ID of a loop there, and
	// what those are.
	Wires func([]Wire)
	Taken map[string]string
	// Clock gives the time since the machine's start, sleep included
	// (CLOCK_BOOTTIME), the wall clock, and whether that was set.
	Clock  func() (up time.Duration, wall time.Time, sure bool)
	BootID string // of this start of the machine
	Log    *slog.Logger
}

// Panel is a running panel. It implements Desk.
type Panel struct {
	shell  Shell
	queue  chan envelope
	texts  chan Text
	keys   chan byte            // at the keypad
	calls  chan keyedIn         // in calls
	seen   atomic.Pointer[face] // as of the last release
	watch  watchers
	admin  sync.Mutex // one change of codes at a time
	lines  *lineWork
	ended  chan struct{} // closed when the loop takes no more events
	signal struct {      // which is seen, and by whoever asks
		sync.Mutex
		steadySignal
	}
	beat atomic.Int64 // the machine's time when the loop last went round, ns
}

// face is what was released to the world.
type face struct {
	config  Config
	state   State
	outward *Outward
}

// envelope is an event on its way to the loop, and who waits for what of it.
type envelope struct {
	event     Event
	answer    chan<- Result // gets the step's result once it is released
	committed func()        // called once it is safe on disk, however late
}

// New makes a panel of what the store has. Nothing happens before Run.
func New(c Config, s State, shell Shell) *Panel {
	p := &Panel{shell: shell, queue: make(chan envelope, queueLength), texts: make(chan Text, queueLength), keys: make(chan byte), calls: make(chan keyedIn, 8), ended: make(chan struct{})}
	p.lines = newLineWork(shell.Line, p.Post)
	p.lines.answer = p.answerCall
	p.seen.Store(&face{c, s, outward(c, s.Open, Now{Tick: s.Tick, Wall: time.UnixMilli(s.Wall)})})
	return p
}

// Post hands in an event. It blocks while the queue is full.
func (p *Panel) Post(e Event) { p.put(envelope{event: e}) }

// put queues an envelope; after the end of Run it falls on deaf ears.
func (p *Panel) put(e envelope) {
	select {
	case p.queue <- e:
	case <-p.ended:
	}
}

// Receive hands a text to the door. When the door has too many it is dropped:
// it stays on the SIM and is listed again.
func (p *Panel) Receive(t Text) {
	select {
	case p.texts <- t:
	default:
	}
}

// Run steps the panel until ctx ends: the loop stamps time, commits, and then
// acts. ready is called once the first step is released.
func (p *Panel) Run(ctx context.Context, ready func()) error {
	f := p.seen.Load()
	l := &loop{p: p, c: f.config, s: f.state, ready: ready}
	l.start()
	var work sync.WaitGroup
	inner, stop := context.WithCancel(ctx)
	work.Go(func() { p.doorman(inner) })
	work.Go(func() { p.listener(inner) })
	work.Go(func() { p.typist(inner) })
	work.Go(func() { p.lines.run(inner) })
	work.Go(func() { p.lines.discards(inner) })
	work.Go(func() { p.lines.asks(inner) })
	l.results = make(chan committed, 1)
	err := l.run(ctx)
	stop()
	close(p.ended)
	work.Wait()
	return err
}

// doorman judges texts in the order they came.
func (p *Panel) doorman(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case t := <-p.texts:
			told := judge(p.seen.Load().config, p.shell.Key, t)
			id := t.ID
			p.put(envelope{event: told, committed: func() { p.lines.discard(id) }})
		}
	}
}

// ask posts an event and waits for its release.
func (p *Panel) ask(ctx context.Context, e Event) (Result, error) {
	answer := make(chan Result, 1)
	select {
	case p.queue <- envelope{event: e, answer: answer}:
	case <-p.ended:
		return Result{}, ErrNotRunning
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	select {
	case r := <-answer:
		return r, r.Err
	case <-p.ended:
		return Result{}, ErrNotRunning
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
}

// loop is the one room where things are decided; only its goroutine touches it.
type loop struct {
	p     *Panel
	c     Config
	s     State
	base  int64         // tick at up0
	up0   time.Duration // the machine's time at the panel's start
	ready func()
	wired uint64 // the version of the configuration that the loops are read by

	seq     uint64   // of the last step that must be committed
	safe    uint64   // of the last commit
	entries []Entry  // not yet committed
	held    []effect // waiting for their commit, in order
	late    []func() // released without a commit; called when there is one
	writing bool
	written uint64 // seq of the write in progress
	carried int    // entries in it
	lost    string // why the store takes nothing, "" where it does
	refused string // why it took nothing when it was last said
	retryAt time.Time
	results chan committed
}

// effect is what a step wants of the world.
type effect struct {
	seq       uint64
	since     time.Time
	face      *face
	result    Result
	answer    chan<- Result
	entries   []Entry
	committed func()
}

type committed struct {
	seq uint64
	err error
}

// start takes the panel's own time up where it was left.
func (l *loop) start() {
	up, wall, sure := l.p.shell.Clock()
	l.base, l.up0 = l.s.Tick, up
	l.alive()
	sameBoot := l.s.BootID != "" && l.s.BootID == l.p.shell.BootID
	newBoot := l.s.BootID != "" && !sameBoot
	off, known := wall.UnixMilli()-l.s.Wall, sure && l.s.Sure
	if sameBoot { // then the machine itself knows how long the panel was off
		off, known = up.Milliseconds()-l.s.Up, true
	}
	known = known && off >= 0
	if known {
		l.base += off
	}
	l.s.BootID = l.p.shell.BootID
	l.step(envelope{event: Booted{OffKnown: known, NewBoot: newBoot}})
}

func (l *loop) now() Now {
	up, wall, sure := l.p.shell.Clock()
	passed := up - l.up0
	// One instant, in whole ticks: what is worked out from both must not change
	// with the step that it is worked out at.
	return Now{Tick: l.base + passed.Milliseconds(), Wall: wall.Add(-(passed % time.Millisecond)), Sure: sure}
}

func (l *loop) run(ctx context.Context) error {
	l.write()
	for {
		l.alive()
		nap := time.NewTimer(l.nap())
		select {
		case <-ctx.Done():
			nap.Stop()
			return l.finish()
		case e := <-l.p.queue:
			l.step(e)
		case r := <-l.results:
			l.wrote(r)
		case <-nap.C:
		}
		nap.Stop()
		l.knock()
		l.patience()
		l.write()
	}
}

// alive notes that the loop goes round, and that the writer has what is to be kept.
// A writer that waits for its disk lives, however long: the alarm goes on without the
// disk, and a panel that was started anew would know nothing of it.
func (l *loop) alive() {
	if l.safe != l.seq && !l.writing && !time.Now().Before(l.retryAt) {
		return
	}
	up, _, _ := l.p.shell.Clock()
	l.p.beat.Store(int64(up))
}

// knock steps once when a deadline has come, a quarter of an hour is over, or the
// clock was set.
func (l *loop) knock() {
	now := l.now()
	if next := l.s.Next(l.c); next != 0 && next <= now.Tick || quarter(now.Tick) != quarter(l.s.Tick) || now.Sure != l.s.Sure {
		l.step(envelope{event: Knock{}})
	}
}

// nap is how long nothing needs to be done unless something happens.
func (l *loop) nap() time.Duration {
	nap := longestNap
	if next := l.s.Next(l.c); next != 0 {
		nap = min(nap, l.until(next))
	}
	if len(l.held) > 0 {
		nap = min(nap, time.Until(l.held[0].since.Add(diskPatience)))
	}
	if nap <= 0 {
		nap = time.Millisecond
	}
	return nap
}

// until is the time to the very beginning of a tick, so that what is due then
// does not come with the fraction of a millisecond that the last event came with.
func (l *loop) until(tick int64) time.Duration {
	up, _, _ := l.p.shell.Clock()
	return tickDuration(tick-l.base) - (up - l.up0)
}

// step decides an event and holds back what it wants until it is committed.
func (l *loop) step(e envelope) {
	before := l.s
	now := l.now()
	r := Step(l.c, l.s, now, e.event)
	changed := r.Config.Version != l.c.Version || len(r.Entries) > 0 || !same(before, r.State)
	l.c, l.s = r.Config, r.State
	l.s.Up = (l.up0 + tickDuration(l.s.Tick-l.base)).Milliseconds()
	l.entries = append(l.entries, r.Entries...)
	if changed || quarter(before.Tick) != quarter(l.s.Tick) {
		l.seq++
	}
	f := effect{seq: l.seq, since: time.Now(), result: r, answer: e.answer, entries: r.Entries, committed: e.committed,
		face: &face{l.c, l.s, outward(l.c, l.s.Open, Now{Tick: l.s.Tick, Wall: now.Wall})}}
	l.held = append(l.held, f)
	l.release()
}

// same tells whether two states differ in nothing that anything hangs on.
func same(a, b State) bool { return reflect.DeepEqual(lasting(a), lasting(b)) }

// lasting blanks the facts that ride along with the next commit.
func lasting(s State) State {
	s.Tick, s.Up, s.Wall, s.Sure = 0, 0, 0, false
	s.Network.DBm, s.Network.Usual, s.Network.Operator = 0, 0, ""
	s = s.kept()
	s.Locks = s.Locks.clone()
	for n := range s.Locks.Numbers {
		s.Locks.Numbers[n].Seen = 0
	}
	s.Sealed.Presses = lastingPresses(s.Sealed.Presses)
	s.Sealed.Counters = slices.Clone(s.Sealed.Counters)
	for n := range s.Sealed.Counters {
		s.Sealed.Counters[n].At = 0
	}
	return s
}

// write gives the newest state to the store, if it is not at it already.
func (l *loop) write() {
	if l.writing || l.safe == l.seq || time.Now().Before(l.retryAt) {
		return
	}
	l.writing, l.written, l.carried = true, l.seq, len(l.entries)
	snap := Snapshot{Config: l.c, State: l.s.kept(), Entries: slices.Clone(l.entries)}
	seq, store := l.seq, l.p.shell.Store
	go func() { l.results <- committed{seq, store.Commit(snap)} }()
}

func (l *loop) wrote(r committed) {
	l.writing = false
	if r.err != nil {
		l.retryAt = time.Now().Add(diskRetry)
		if why := r.err.Error(); why != l.refused { // or it would be said every 2 s, to a disk that may be full
			l.refused = why
			l.p.shell.Log.Error("cannot write the database; it is tried every 2 s", "error", r.err)
		}
		l.storeLost(diskSays(r.err))
		return
	}
	l.safe = r.seq
	l.entries = slices.Clone(l.entries[l.carried:])
	for _, f := range l.late {
		f()
	}
	l.late = nil
	if l.lost != "" {
		l.lost, l.refused = "", ""
		l.p.shell.Log.Info("the database is written again")
		l.step(envelope{event: Fault{Name: DiskTrouble}})
	}
	l.release()
}

// patience lets the alarm go on after 3 s without the disk.
func (l *loop) patience() {
	if len(l.held) > 0 && l.lost == "" && time.Since(l.held[0].since) >= diskPatience {
		l.p.shell.Log.Error("the disk does not answer; the alarm goes on without it")
		l.storeLost("it does not answer")
	}
}

// diskSays is the reason of a failed commit in a homeowner's words.
func diskSays(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "it is full"
	case errors.Is(err, syscall.EROFS):
		return "it can only be read"
	}
	return "it fails"
}

func (l *loop) storeLost(why string) {
	if l.lost == "" {
		l.lost = why
		l.step(envelope{event: Fault{Name: DiskTrouble, On: true, Why: why}})
	}
	l.release()
}

// release lets go, in order, of all that is committed; of everything while the
// store does not answer.
func (l *loop) release() {
	for len(l.held) > 0 && (l.held[0].seq <= l.safe || l.lost != "") {
		f := l.held[0]
		l.held = l.held[1:]
		l.act(f)
	}
}

// act brings the world to what a step wanted.
func (l *loop) act(f effect) {
	p := l.p
	up, _, _ := p.shell.Clock()
	p.signal.Lock()
	p.signal.heard(f.face.state.Network, up)
	p.signal.Unlock()
	p.seen.Store(f.face)
	p.shell.Line.TakeCalls(f.face.state.callsTaken(f.face.config))
	if f.result.Reject != 0 {
		p.shell.Line.Reject(f.result.Reject)
	}
	p.lines.want(f.face.state.Sealed.Line.Order(f.face.state.books()))
	p.lines.wonder(f.face.state.inquiry(f.face.config))
	p.shell.Siren(f.face.outward.Siren)
	if f.result.Chirps > 0 && p.shell.Chirp != nil {
		p.shell.Chirp(f.result.Chirps)
	}
	if c := f.face.config; p.shell.Wires != nil && (l.ready != nil || c.Version != l.wired) {
		l.wired = c.Version
		p.shell.Wires(c.wires())
	}
	if f.answer != nil {
		if f.seq > l.safe {
			f.result.Unkept = l.lost
		}
		f.answer <- f.result
	}
	p.watch.tell(f.entries)
	if f.committed != nil && f.seq > l.safe {
		l.late = append(l.late, f.committed)
	} else if f.committed != nil {
		f.committed()
	}
	if l.ready != nil {
		l.ready()
		l.ready = nil
	}
}

// finish commits what is not yet committed, for as long as a disk is waited for.
func (l *loop) finish() error {
	deadline := time.NewTimer(diskPatience)
	defer deadline.Stop()
	for l.safe != l.seq {
		l.retryAt = time.Time{}
		l.write()
		select {
		case r := <-l.results:
			if l.wrote(r); r.err != nil {
				return r.err
			}
		case <-deadline.C:
			return errors.New("the disk did not take the last events before the panel stopped")
		}
	}
	return nil
}

func tickDuration(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }
