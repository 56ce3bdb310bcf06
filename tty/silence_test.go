package tty

import (
	"testing"

	"go.bug.st/serial"
	"golang.org/x/sys/unix"
)

// quiet is a port that says nothing twice, as go.bug.st/serial does after a read
// time-out and where a read would wait, and then something.
type quiet struct {
	serial.Port
	reads int
}

func (q *quiet) Read(p []byte) (int, error) {
	q.reads++
	switch q.reads {
	case 1:
		return 0, nil
	case 2:
		return 0, unix.EAGAIN
	}
	return copy(p, "OK"), nil
}

// Measured in the AT library: it gives a line up after 100 reads of nothing.
func TestSilenceIsNoEnd(t *testing.T) {
	l := &line{port: &quiet{}}
	p := make([]byte, 8)
	if n, err := l.Read(p); err != nil || string(p[:n]) != "OK" {
		t.Errorf("read %q, %v", p[:n], err)
	}
}
