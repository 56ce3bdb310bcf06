package simulator

import (
	"io"
	"sync"
	"time"
)

// port is the host's end of the serial line: in memory or a pseudo-terminal.
type port interface {
	push(b []byte) // bytes from the modem
	alive() bool
	baud() int // the host's rate, 0 where it has none
	drop()     // the line ends
}

// attach makes p the line; the one before it ends.
func (m *Modem) attach(p port) {
	if m.port != nil && m.port != p {
		old := m.port
		m.flush()
		m.port = nil
		old.drop()
	}
	m.port = p
}

func (m *Modem) detach() {
	if m.port != nil {
		m.flush()
		p := m.port
		m.effects = append(m.effects, p.drop)
		m.port = nil
	}
}

// receive takes bytes that the host wrote to p.
func (m *Modem) receive(p port, b []byte) {
	b = append([]byte(nil), b...)
	m.do(func() {
		if m.port != p {
			return
		}
		if m.opt.Wire != nil {
			at := m.opt.Now()
			m.effects = append(m.effects, func() { m.opt.Wire(at, false, b) })
		}
		m.hear(p, b)
	})
}

// unplug ends the line; with a positive d it can be opened again only after d,
// and a pseudo-terminal then comes back by itself under the same link.
func (m *Modem) unplug(d time.Duration) {
	p := m.port
	m.emit("unplugged", "", "")
	m.detach()
	m.absent, m.absentUntil = true, time.Time{}
	if d <= 0 {
		return
	}
	m.absentUntil = time.Now().Add(d)
	m.after(d, func() {
		m.absent = false
		m.emit("plugged", "", "")
		if tty, ok := p.(*PTY); ok && m.port == nil {
			m.effects = append(m.effects, tty.reopen)
		}
	})
}

// pluggedIn tells whether a line opened now works, and plugs it in where the
// fault had no end of its own.
func (m *Modem) pluggedIn() bool {
	if m.absent && !m.absentUntil.IsZero() && time.Now().Before(m.absentUntil) {
		return false
	}
	m.absent = false
	return true
}

// Line opens the in-memory line anew; the line that was open before ends. Read
// blocks until the modem says something, Write never does; both return io.EOF once
// the line has ended. What the modem said while no line was open is lost,
// as on a serial port.
func (m *Modem) Line() io.ReadWriteCloser {
	l := &memoryLine{modem: m, more: make(chan struct{}, 1), gone: make(chan struct{})}
	m.mu.Lock()
	ended := m.closed || !m.pluggedIn()
	if !ended {
		m.attach(l)
	}
	m.mu.Unlock()
	if ended {
		l.drop()
	}
	m.drain()
	return l
}

type memoryLine struct {
	modem *Modem
	more  chan struct{}
	gone  chan struct{}

	mu    sync.Mutex
	buf   []byte
	rate  int
	ended bool
}

// SetBaud sets the host's rate, as that of a tty is set.
func (l *memoryLine) SetBaud(baud int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rate = baud
	return nil
}

func (l *memoryLine) baud() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rate
}

func (l *memoryLine) push(b []byte) {
	l.mu.Lock()
	if !l.ended {
		l.buf = append(l.buf, b...)
	}
	l.mu.Unlock()
	select {
	case l.more <- struct{}{}:
	default:
	}
}

func (l *memoryLine) alive() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.ended
}

func (l *memoryLine) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ended {
		l.ended = true
		close(l.gone)
	}
}

func (l *memoryLine) take(p []byte) (int, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return 0, true
	}
	n := copy(p, l.buf)
	l.buf = l.buf[n:]
	return n, false
}

// Read implements io.Reader.
func (l *memoryLine) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		n, ended := l.take(p)
		if n > 0 {
			return n, nil
		}
		if ended {
			return 0, io.EOF
		}
		select {
		case <-l.more:
		case <-l.gone:
		}
	}
}

// Write implements io.Writer.
func (l *memoryLine) Write(p []byte) (int, error) {
	if !l.alive() {
		return 0, io.EOF
	}
	l.modem.receive(l, p)
	return len(p), nil
}

// Close implements io.Closer.
func (l *memoryLine) Close() error {
	l.drop()
	l.modem.do(func() {
		if l.modem.port == l {
			l.modem.port = nil
		}
	})
	return nil
}
