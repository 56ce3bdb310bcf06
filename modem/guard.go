package modem

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// writeLimit bounds one write: a tty that takes nothing (flow control, a
// modem without power behind a USB bridge) must not hold up its owner for ever.
const writeLimit = 5 * time.Second

var (
	errClosed    = errors.New("the line to the modem is closed")
	errWriteLate = fmt.Errorf("the line to the modem took nothing for %v", writeLimit)
)

// guard stands between a line and the AT library, which writes without a
// time-out and also after the line was closed.
type guard struct {
	line   io.ReadWriteCloser
	writes chan []byte
	wrote  chan error
	once   sync.Once
	closed chan struct{}
	err    error // of the first Close, set before closed is closed
}

func newGuard(line io.ReadWriteCloser) *guard {
	g := &guard{line: line, writes: make(chan []byte), wrote: make(chan error, 1), closed: make(chan struct{})}
	go g.writer()
	return g
}

func (g *guard) writer() {
	for {
		select {
		case <-g.closed:
			return
		case p := <-g.writes:
			_, err := g.line.Write(p)
			g.wrote <- err
		}
	}
}

// Read reads the line. It is called from one goroutine.
func (g *guard) Read(p []byte) (int, error) {
	for {
		n, err := g.line.Read(p)
		if n > 0 || err != nil {
			return n, err
		}
		select { // nothing and no error is what a time-out set on a port gives
		case <-g.closed:
			return 0, errClosed
		default:
		}
	}
}

// Write writes all of p or closes the line. It is called by the library's
// goroutine and the owner of the line in turn, never at once.
func (g *guard) Write(p []byte) (int, error) {
	late := time.NewTimer(writeLimit)
	defer late.Stop()
	select {
	case <-g.closed:
		return 0, errClosed
	case g.writes <- append([]byte(nil), p...):
	}
	select {
	case <-g.closed:
		return 0, errClosed
	case err := <-g.wrote:
		if err != nil {
			g.Close()
			return 0, err
		}
		return len(p), nil
	case <-late.C:
		g.Close()
		return 0, errWriteLate
	}
}

// Close closes the line once.
func (g *guard) Close() error {
	g.once.Do(func() {
		close(g.closed)
		g.err = g.line.Close()
	})
	return g.err
}
