package receiver

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/tty"
)

// rflink is an RFLink on a serial line, over all its lives.
type rflink struct {
	*supervisor
	rates []int // in baud, the one that it last spoke at first
}

// rflink is the life of one. It speaks at 57600 baud on an Arduino Mega, and
// RFLink32 on an ESP32 at 115200.
func (s *supervisor) rflink() func(context.Context) (time.Duration, error) {
	if s.open == nil {
		s.open = func(rate int) (io.ReadWriteCloser, error) { return tty.Open("the RFLink", s.RFLink, rate) }
	}
	r := &rflink{s, []int{57600, 115200}}
	return r.live
}

func (r *rflink) live(ctx context.Context) (ran time.Duration, err error) {
	l, err := r.call(ctx)
	if err != nil {
		return 0, err
	}
	defer l.hangUp()
	r.Log.Info("radio receiver started", "baud", r.rates[0])
	l.reader.Go(func() { l.pingEvery(r.pace.silence / 3) })
	failed := r.watch(ctx, l.output, nil, func(context.Context) error {
		return fmt.Errorf("the RFLink at %s is gone; is it plugged in?", r.RFLink)
	})
	return l.ranWell(failed), failed
}

// call finds the rate at which it answers.
func (r *rflink) call(ctx context.Context) (*rflinkLine, error) {
	for range r.rates {
		port, err := r.open(r.rates[0])
		if err != nil {
			return nil, err
		}
		l := r.listen(port)
		if l.answers(ctx, r.pace) {
			return l, nil
		}
		l.hangUp()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		r.rates = append(r.rates[1:], r.rates[0])
	}
	return nil, fmt.Errorf("nothing at %s answers as an RFLink does, neither at 57600 nor at 115200 baud; is it the right port?", r.RFLink)
}

// rflinkLine is a line that is open.
type rflinkLine struct {
	*output
	port io.ReadWriteCloser
	over chan struct{} // closed when it is hung up
}

func (s *supervisor) listen(port io.ReadWriteCloser) *rflinkLine {
	l := &rflinkLine{s.newOutput(), port, make(chan struct{})}
	l.reader.Go(func() {
		defer close(l.closed)
		l.readLines(port, l.takeRFLink)
	})
	return l
}

// answers tells whether a line comes that makes sense. Most boards start anew when
// their port is opened, and RFLink greets then; but an Arduino's boot loader listens
// first, for a new program, and goes on doing so while something is said to it.
func (l *rflinkLine) answers(ctx context.Context, p pace) bool {
	if l.speaks(ctx, p.greet) {
		return true
	}
	return l.ping() && l.speaks(ctx, p.answer)
}

func (l *rflinkLine) speaks(ctx context.Context, within time.Duration) bool {
	select {
	case <-ctx.Done():
	case <-l.closed:
	case <-time.After(within):
	case <-l.beats:
		nudge(l.beats) // for whoever watches its silence
		return true
	}
	return false
}

func (l *rflinkLine) ping() bool {
	_, err := io.WriteString(l.port, radio.RFLinkPing)
	return err == nil
}

// pingEvery pings until the line is hung up, and ends one that takes nothing.
func (l *rflinkLine) pingEvery(every time.Duration) {
	for t := time.NewTicker(every); ; {
		select {
		case <-l.over:
			t.Stop()
			return
		case <-t.C:
			if !l.ping() {
				l.port.Close()
			}
		}
	}
}

func (l *rflinkLine) hangUp() {
	close(l.over)
	l.port.Close() // a line that is gone has nothing more to say
	l.reader.Wait()
}

// takeRFLink takes a line, nil for one that is too long. Noise on a line of another
// rate is no sign of life.
func (l *rflinkLine) takeRFLink(line []byte) {
	if radio.IsRFLink(line) {
		l.last.Store(int64(l.age()))
		nudge(l.beats)
	}
	f, ok := radio.ParseRFLink(line)
	l.hears(f, ok, time.Now())
}
