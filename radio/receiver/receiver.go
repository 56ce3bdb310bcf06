// Package receiver keeps a radio receiver running: it starts the program that
// prints what it hears, reads its lines, hands on the frames that package radio
// finds in them, and starts it again when it ends or falls silent.
//
// It decides nothing: two frames may be one press or none, which is for
// radio.Step. It never keeps, logs or reports a line of the program, not even
// of its standard error, because neighbours' keypads send their PINs in clear.
package receiver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/gsmpanel/gsmpanel/radio"
)

// Options say what to run and who is told. Frames and Status must not block;
// each is called from one goroutine at a time.
type Options struct {
	Command string   // for sh -c; it has to stay in the foreground and print a line per transmission
	Env     []string // "NAME=value", added to the environment of this process
	// Frames takes each frame with the time at which its line was read.
	Frames func(f radio.Frame, heard time.Time)
	// Status is told of every change of Up and Err, and every 10 s of new counts. May be nil.
	Status func(Status)
	Log    *slog.Logger // may be nil
	// Silence is how long the program may print nothing, on neither output, before
	// it counts as hung and is killed; 0 is for ever.
	Silence time.Duration
}

// Status is how a receiver is. It is up once it was heard to give a frame or has
// run for 5 s; after a failure for a minute, so that a program that keeps failing
// is not up in between.
type Status struct {
	Up    bool
	Since time.Time // of the present value of Up
	Err   error     // why it is down; nil while it is up and before the first failure
	// Counts since Run began. Garbage is every line that gave no frame: devices of
	// other kinds, noise, lines above radio.MaxLine.
	Lines, Frames, Garbage uint64
}

// pace is the timing of a receiver.
type pace struct {
	backoff []time.Duration // before each start in a row that failed; the last one stays
	settle  time.Duration   // to be up, the first time
	healthy time.Duration   // to be up after a failure, and for backoff to begin anew
	grace   time.Duration   // between SIGTERM and SIGKILL at the end
	report  time.Duration   // between reports of counts
}

var usual = pace{
	backoff: []time.Duration{1 * time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second},
	settle:  5 * time.Second,
	healthy: time.Minute,
	grace:   2 * time.Second,
	report:  10 * time.Second,
}

// Run keeps the program running until ctx ends, then ends it with everything it
// started and returns nil. It returns an error at once for wrong options, and at
// the end if the program could not be killed.
func Run(ctx context.Context, o Options) error { return run(ctx, o, usual) }

func run(ctx context.Context, o Options, p pace) error {
	if strings.TrimSpace(o.Command) == "" {
		return errors.New("the radio command is empty: give a command that prints a line for each transmission, for example exec:rtl_433 -c \"$RTL_433_CONF\"")
	}
	if o.Frames == nil {
		return errors.New("receiver: Options.Frames is nil")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &supervisor{Options: o, pace: p, status: Status{Since: time.Now()}}
	s.tell()
	return s.keepRunning(ctx)
}

// supervisor is one receiver over all the lives of its program.
type supervisor struct {
	Options
	pace   pace
	counts counts
	status Status // as last told
	failed int    // starts in a row that ended before they were healthy
}

func (s *supervisor) keepRunning(ctx context.Context) error {
	for {
		began := time.Now()
		err := s.live(ctx)
		if ctx.Err() != nil {
			return s.finish(err)
		}
		if time.Since(began) >= s.pace.healthy {
			s.failed = 0
		}
		wait := s.pace.backoff[min(s.failed, len(s.pace.backoff)-1)]
		s.failed++
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

func (s *supervisor) finish(err error) error {
	s.change(false, nil)
	if errors.Is(err, errStays) { // any other way to end, in the very moment of our wish, is what we wished for
		return fmt.Errorf("ending the radio receiver: %w", err)
	}
	return nil
}

// live runs the program once. The error says why it is no longer running; where
// ctx ended, that it still is.
func (s *supervisor) live(ctx context.Context) error {
	p, err := start(s.Command, s.Env)
	if err != nil {
		return err
	}
	s.Log.Info("radio receiver started", "pid", p.pid)
	output := readOutput(p, &s.counts, s.Frames)
	defer output.drain()
	hung := s.watch(ctx, p, output)
	if hung != nil {
		s.change(false, hung)
		p.kill(ctx)
	}
	if ctx.Err() != nil {
		return p.end(s.pace.grace)
	}
	ended := p.reap()
	if hung != nil {
		return hung
	}
	return ended
}

// watch returns when the program has ended (nil), hangs (an error) or ctx has
// ended.
func (s *supervisor) watch(ctx context.Context, p *process, out *output) error {
	needed := s.pace.settle
	if s.status.Err != nil {
		needed = s.pace.healthy
	}
	settled, report := time.NewTimer(needed), time.NewTicker(s.pace.report)
	defer settled.Stop()
	defer report.Stop()
	silence := newSilence(s.Silence, out)
	defer silence.stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-p.exited:
			return nil
		case <-out.frame:
			s.change(true, nil)
		case <-settled.C:
			s.change(true, nil)
		case <-report.C:
			s.tellCounts()
		case <-silence.check():
			if silence.over() {
				return fmt.Errorf("the radio receiver printed nothing for %s and was killed: unplug the dongle and plug it in again if this goes on", s.Silence)
			}
		}
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
