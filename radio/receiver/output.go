package receiver

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gsmpanel/gsmpanel/radio"
)

// drainWait is how long the outputs may stay open and quiet after the program's
// end, held by something that left its process group; drainMost how long they may
// stay open at all.
const drainWait, drainMost = time.Second, 5 * time.Second

// counts is what was read over all lives of the program.
type counts struct{ lines, frames, garbage atomic.Uint64 }

// output reads what one life of the program prints.
type output struct {
	frame  chan struct{} // has an element after a frame
	closed chan struct{} // closed when standard output has ended
	beats  chan struct{} // has an element after a line that comes by the clock
	last   atomic.Int64  // when anything was printed last, in ns since began
	busy   atomic.Int32  // readers that work off what they have read
	began  time.Time
	files  []*os.File
	reader sync.WaitGroup

	counts   *counts
	frames   func(radio.Frame, time.Time)
	readings func(radio.Reading, time.Time)
}

func (s *supervisor) newOutput() *output {
	return &output{
		frame: make(chan struct{}, 1), closed: make(chan struct{}), beats: make(chan struct{}, 1),
		began: time.Now(), counts: &s.counts, frames: s.Frames, readings: s.Readings,
	}
}

func (s *supervisor) readOutput(p *process) *output {
	o := s.newOutput()
	o.files = []*os.File{p.stdout, p.stderr}
	o.reader.Go(func() {
		defer close(o.closed)
		o.readLines(o.noting(p.stdout), o.take)
	})
	o.reader.Go(func() { o.readLines(o.noting(p.stderr), o.takeError) })
	return o
}

// drain waits until all is read and closes the pipes.
func (o *output) drain() {
	read := make(chan struct{})
	go func() { o.reader.Wait(); close(read) }()
	defer closeAll(o.files)
	for began := time.Now(); time.Since(began) < drainMost; {
		for _, f := range o.files {
			_ = f.SetReadDeadline(time.Now().Add(drainWait))
		}
		select {
		case <-read:
			return
		case <-time.After(drainWait / 2):
		}
		if o.quietFor() >= drainWait/2 && o.busy.Load() == 0 {
			break
		}
	}
	<-read
}

// readLines hands on the lines of a reader until it ends, of those that are too long
// nothing but that there was one. It holds one line at most.
func (o *output) readLines(r io.Reader, take func(line []byte)) {
	in := bufio.NewReaderSize(r, radio.MaxLine+len("\r\n"))
	for {
		line, err := in.ReadSlice('\n')
		some := len(line) > 0
		for errors.Is(err, bufio.ErrBufferFull) {
			line = nil // the buffer holds another part by now
			_, err = in.ReadSlice('\n')
		}
		if some {
			take(bytes.TrimRight(line, "\r\n"))
		}
		if err != nil {
			return
		}
	}
}

// take takes a line of standard output, nil for one that is too long.
func (o *output) take(line []byte) {
	heard := time.Now()
	if f, ok := radio.Parse(line); o.hears(f, ok, heard) {
		return
	}
	if r, ok := radio.ParseReading(line); ok {
		o.readings(r, heard)
		if r.Count {
			nudge(o.beats)
		}
	}
}

// hears counts a line, and hands on the frame that it was read as, if it was.
func (o *output) hears(f radio.Frame, ok bool, heard time.Time) bool {
	o.counts.lines.Add(1)
	if f.ID != "" {
		o.counts.frames.Add(1)
	} else {
		o.counts.garbage.Add(1)
	}
	if ok {
		o.frames(f, heard)
		nudge(o.frame)
	}
	return ok
}

// takeError takes a line of standard error. Of none but the noise anything is
// read, and that is a number.
func (o *output) takeError(line []byte) {
	if r, ok := radio.ParseNoise(line); ok {
		o.readings(r, time.Now())
	}
}

func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// noting notes when something was read, and while that is worked off.
func (o *output) noting(r io.Reader) io.Reader { return &noted{Reader: r, out: o} }

type noted struct {
	io.Reader
	out  *output
	busy int32 // 1 while what was read is worked off
}

func (n *noted) Read(p []byte) (int, error) {
	n.out.busy.Add(-n.busy)
	k, err := n.Reader.Read(p)
	n.busy = int32(min(k, 1))
	n.out.busy.Add(n.busy)
	if k > 0 {
		n.out.last.Store(int64(n.out.age()))
	}
	return k, err
}

func (o *output) age() time.Duration { return time.Since(o.began) }

// lastAt is at what age something was printed last.
func (o *output) lastAt() time.Duration { return time.Duration(o.last.Load()) }

// quietFor is how long nothing has been printed.
func (o *output) quietFor() time.Duration { return o.age() - o.lastAt() }

// ranWell is how long the receiver was of use until it failed.
func (o *output) ranWell(failed error) time.Duration {
	ran := o.age()
	if errors.Is(failed, errSilent) {
		ran -= o.quietFor()
	}
	return ran
}
