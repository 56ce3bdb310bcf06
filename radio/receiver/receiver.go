// Package receiver keeps a radio receiver running: it starts the program that
// prints what it hears, or opens the serial line of one that does (RFLink), reads its
// lines, hands on the frames that package radio finds in them, and starts it again
// when it ends, falls silent or closes its output.
//
// It decides nothing: two frames may be one press or none, which is for
// radio.Step. It never keeps, logs or reports a line of the program, not even
// of its standard error, because neighbours' keypads send their PINs in clear; of
// how loud the air is it hands on the number.
package receiver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/gsmpanel/gsmpanel/radio"
)

// Options say what to run and who is told. Frames and Status must not block;
// each is called from one goroutine at a time.
type Options struct {
	RFLink  string   // the tty of an RFLink, in place of Command
	Command string   // for sh -c; it has to stay in the foreground and print a line per transmission
	Env     []string // "NAME=value", added to the environment of this process
	// Frames takes each frame with the time at which its line was read, also those
	// without an ID, of devices that can't be used yet.
	Frames func(f radio.Frame, heard time.Time)
	// Readings takes what the program says of the air itself. It may be called while
	// Frames or itself is. May be nil.
	Readings func(r radio.Reading, heard time.Time)
	// Status is told of every change of Up and Err, and every 10 s of new counts. May be nil.
	Status func(Status)
	Log    *slog.Logger // may be nil
	// Silence is how long a program with a heartbeat may print nothing, on neither
	// output, before it counts as hung and is killed; 0 is for one that need not have
	// any, and is 3 times Heartbeat once it has printed the statistics of [Conf].
	Silence time.Duration

	open func(rate int) (io.ReadWriteCloser, error) // of an RFLink; nil but in tests
}

// Status is how a receiver is. It is down while it is being started (Err nil), and
// from a failure on (Err says why; it may change while Up does not). It is up
// once it gave a frame or has settled: a program with a heartbeat when it still
// prints after 5 s, any other when it still runs then, an RFLink 5 s after it answered.
//
// A failure costs a healthy minute of running, of which two can be saved up and
// two are given in advance; where none is left, the receiver is up only after a
// whole minute without a failure, whatever it gives. So a single failure is a
// trouble of seconds, and a program that keeps failing does not go up and down:
// it goes down twice in a row at most, and in the long run once in a healthy
// minute.
type Status struct {
	Up    bool
	Since time.Time // of the present value of Up
	Err   error     // why it is down; nil while it is up and before the first failure
	// Counts since Run began. Frames are those with an ID; Garbage is every other
	// line: devices of other kinds, noise, lines above radio.MaxLine.
	Lines, Frames, Garbage uint64
}

// pace is the timing of a receiver.
type pace struct {
	backoff []time.Duration // before each start in a row that failed; the last one stays
	settle  time.Duration   // to be up
	healthy time.Duration   // to be up on probation, to make good a failure, and for backoff to begin anew
	grace   time.Duration   // between SIGTERM and SIGKILL at the end
	report  time.Duration   // between reports of counts
	silence time.Duration   // of a program with a heartbeat that nobody announced, and of an RFLink
	greet   time.Duration   // for an RFLink to say something by itself once its line is open
	answer  time.Duration   // and to answer when it is asked
}

var usual = pace{
	backoff: []time.Duration{1 * time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second},
	settle:  5 * time.Second,
	healthy: time.Minute,
	grace:   2 * time.Second,
	report:  10 * time.Second,
	silence: 3 * Heartbeat,
	greet:   4 * time.Second,
	answer:  2 * time.Second,
}

// Run keeps the program running until ctx ends, then ends it with everything it
// started and returns nil. It returns an error at once for wrong options, and at
// the end if the program could not be killed.
func Run(ctx context.Context, o Options) error { return run(ctx, o, usual) }

func run(ctx context.Context, o Options, p pace) error {
	if strings.TrimSpace(o.Command) == "" && o.RFLink == "" {
		return errors.New("the radio command is empty: give a command that prints a line for each transmission, for example exec:rtl_433 -c \"$RTL_433_CONF\"")
	}
	if o.Frames == nil {
		return errors.New("receiver: Options.Frames is nil")
	}
	if o.Readings == nil {
		o.Readings = func(radio.Reading, time.Time) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &supervisor{Options: o, pace: p, status: Status{Since: time.Now()}, credit: mostCredit}
	s.live = s.program
	if o.RFLink != "" {
		s.live = s.rflink()
	}
	s.tell()
	return s.keepRunning(ctx)
}

// mostCredit is how many failures healthy minutes can be saved up for.
const mostCredit = 2

// supervisor is one receiver over all its lives.
type supervisor struct {
	Options
	pace pace
	// live is one life. It says how long the receiver ran well, and why it no longer
	// does; where ctx ended, that it still does.
	live   func(ctx context.Context) (ran time.Duration, err error)
	counts counts
	status Status // as last told
	failed int    // starts in a row that ended before they were healthy
	credit int    // healthy minutes that no failure has used up, 0..mostCredit
}

func (s *supervisor) keepRunning(ctx context.Context) error {
	for {
		ran, err := s.live(ctx)
		if ctx.Err() != nil {
			return s.finish(err)
		}
		wait := s.failure(ran)
		s.Log.Warn("radio receiver ended", "why", err, "again_in", wait)
		s.change(false, err)
		s.tellCounts()
		select {
		case <-ctx.Done():
			return s.finish(nil)
		case <-time.After(wait):
		}
	}
}

// failure accounts for a life that failed after it ran well for that long, and
// says how long to wait before the next.
func (s *supervisor) failure(ran time.Duration) (wait time.Duration) {
	minutes := int(min(ran/s.pace.healthy, mostCredit))
	s.credit = max(0, min(s.credit+minutes, mostCredit)-1)
	if minutes > 0 {
		s.failed = 0
	}
	wait = s.pace.backoff[min(s.failed, len(s.pace.backoff)-1)]
	s.failed++
	return wait
}

func (s *supervisor) finish(err error) error {
	s.change(false, nil)
	if errors.Is(err, errStays) { // any other way to end, in the very moment of our wish, is what we wished for
		return fmt.Errorf("ending the radio receiver: %w", err)
	}
	return nil
}

// program is one life of a program.
func (s *supervisor) program(ctx context.Context) (ran time.Duration, err error) {
	p, err := start(s.Command, s.Env)
	if err != nil {
		return 0, err
	}
	s.Log.Info("radio receiver started", "pid", p.pid)
	output := s.readOutput(p)
	defer output.drain()
	failed := s.watch(ctx, output, p.exited, p.outlives)
	ran = output.ranWell(failed)
	if failed != nil {
		s.giveUp(ctx, p, failed)
	}
	if ctx.Err() != nil {
		return ran, p.end(s.pace.grace)
	}
	if ended := p.reap(); failed == nil {
		failed = ended
	}
	return ran, failed
}

// giveUp kills a program that is of no more use. That is told before: one that
// waits for a wedged dongle may not die for hours.
func (s *supervisor) giveUp(ctx context.Context, p *process, why error) {
	s.change(false, why)
	p.kill(ctx)
}

// errSilent is of a receiver that missed its heartbeat.
var errSilent = errors.New("unplug it and plug it in again if this goes on")

// errClosed is of a program from which nothing can come any more.
var errClosed = errors.New("the radio command closed its standard output and was killed: it has to print a line there for each transmission as long as it runs")

// watch returns when the receiver has exited (nil), is of no more use (an error)
// or ctx has ended. closed says what it means that the output has ended.
func (s *supervisor) watch(ctx context.Context, out *output, exited <-chan struct{}, closed func(context.Context) error) error {
	proof, report := s.proof(out), time.NewTicker(s.pace.report)
	defer proof.stop()
	defer report.Stop()
	silence := newSilence(s.Silence, out)
	defer func() { silence.stop() }()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-exited:
			return nil
		case <-out.closed:
			return closed(ctx)
		case <-out.frame:
			if !proof.probation {
				s.change(true, nil)
			}
		case <-proof.timer.C:
			if proof.given() {
				s.change(true, nil)
			}
		case <-report.C:
			s.tellCounts()
		case <-out.beats:
			if silence.limit == 0 {
				silence.stop()
				silence = newSilence(s.pace.silence, out)
			}
		case <-silence.check():
			if silence.over() {
				return fmt.Errorf("the radio receiver said nothing for %s and was reset: %w", silence.limit, errSilent)
			}
		}
	}
}

// outlives says whether the program goes on without its output; one that ends
// closes it too, a moment before.
func (p *process) outlives(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-p.exited:
		return nil
	case <-time.After(drainWait):
		return errClosed
	}
}

// change tells a new Up or Err.
func (s *supervisor) change(up bool, err error) {
	if s.status.Up == up && sameText(s.status.Err, err) {
		return
	}
	if s.status.Up != up {
		s.status.Since = time.Now()
	}
	s.status.Up, s.status.Err = up, err
	s.tell()
}

func sameText(a, b error) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Error() == b.Error()
}

func (s *supervisor) tellCounts() {
	if s.counts.lines.Load() != s.status.Lines {
		s.tell()
	}
}

func (s *supervisor) tell() {
	// Lines is read last: no count may run ahead of it.
	s.status.Frames, s.status.Garbage = s.counts.frames.Load(), s.counts.garbage.Load()
	s.status.Lines = s.counts.lines.Load()
	if s.Status != nil {
		s.Status(s.status)
	}
}
