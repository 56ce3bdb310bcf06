// Package tty opens a serial line so that it is ours alone: what go.bug.st/serial
// leaves open is closed here. It knows nothing of what is at the other end.
package tty

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"strconv"
	"sync"
	"syscall"
	"time"

	"go.bug.st/serial"
	"golang.org/x/sys/unix"
)

// writeLimit bounds one write: a line that takes nothing (flow control, a device
// without power behind a USB bridge) must not hold up its owner for ever.
const writeLimit = 5 * time.Second

var (
	errClosed    = errors.New("the line is closed")
	errWriteLate = fmt.Errorf("the line took nothing for %v", writeLimit)
)

// Open opens a tty, for example /dev/serial/by-id/usb-..., with 8 data bits, no
// parity and the given rate in baud. Nobody else can open it so at the same time,
// root neither; a program that is started meanwhile does not inherit it; and
// nothing is written once it is closed. Errors say whose port it is: "the modem".
func Open(whose, device string, baud int) (io.ReadWriteCloser, error) {
	port := whose + "'s port " + device
	lock, err := hold(port, device)
	if err != nil {
		return nil, err
	}
	l, err := open(device, baud)
	if err != nil {
		lock.Close()
		return nil, fmt.Errorf("%s can not be opened: %w", port, err)
	}
	l.lock = lock
	// What waits in the driver was said to somebody else.
	if err := l.port.ResetInputBuffer(); err != nil {
		l.Close()
		return nil, fmt.Errorf("%s can not be emptied: %w", port, err)
	}
	return l, nil
}

// hold takes a flock on the device itself. TIOCEXCL, which go.bug.st/serial
// sets, does not keep root out.
func hold(port, device string) (*os.File, error) {
	f, err := os.OpenFile(device, os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, unix.EBUSY):
		return nil, fmt.Errorf("%s is used by another program; stop that one, ModemManager for example", port)
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("user %s may not open %s; its group may: sudo usermod -aG dialout %[1]s, then start the panel anew", me(), port)
	case err != nil:
		return nil, fmt.Errorf("%s can not be opened; is it plugged in? %w", port, err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s is used by another gsmpanel; stop that one first", port)
	}
	return f, nil
}

// me is whoever runs this, as usermod wants it.
func me() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return strconv.Itoa(os.Getuid())
}

// line is a port of go.bug.st/serial that is not written to after Close: the
// library would write to whatever file has got its descriptor meanwhile.
type line struct {
	port serial.Port
	lock *os.File

	mu     sync.Mutex
	closed bool
}

func open(device string, baud int) (*line, error) {
	// The library opens without O_CLOEXEC; while this lock is held no process
	// is started (package syscall, ForkLock).
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	before := descriptors()
	p, err := serial.Open(device, &serial.Mode{BaudRate: baud})
	if err != nil {
		return nil, err
	}
	for fd := range descriptors() {
		if before[fd] {
			continue
		}
		unix.CloseOnExec(fd)
		if isDevice(fd, device) {
			// So a write never blocks and Close need not wait for one. The
			// library selects before it reads.
			if err := unix.SetNonblock(fd, true); err != nil {
				p.Close()
				return nil, err
			}
		}
	}
	return &line{port: p}, nil
}

// descriptors are the open ones of this process. One that another goroutine
// opened meanwhile is none that a child should have by chance either.
func descriptors() map[int]bool {
	fds := map[int]bool{}
	dir, err := os.Open("/proc/self/fd")
	if err != nil {
		return fds // not Linux, or no /proc: nothing is found and nothing set
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	for _, name := range names {
		if fd, err := strconv.Atoi(name); err == nil {
			fds[fd] = true
		}
	}
	delete(fds, int(dir.Fd())) // its number is free again after this
	return fds
}

func isDevice(fd int, device string) bool {
	var a, b unix.Stat_t
	return unix.Fstat(fd, &a) == nil && unix.Stat(device, &b) == nil &&
		a.Mode&unix.S_IFMT == unix.S_IFCHR && a.Rdev == b.Rdev && a.Ino == b.Ino
}

// Read waits for at least one byte.
func (l *line) Read(p []byte) (int, error) {
	for {
		n, err := l.port.Read(p)
		if n > 0 || err != nil && !errors.Is(err, unix.EAGAIN) {
			return n, err
		}
	}
}

// Write writes all of p, within writeLimit.
func (l *line) Write(p []byte) (int, error) {
	done := 0
	for end := time.Now().Add(writeLimit); done < len(p); {
		n, err := l.some(p[done:])
		done += n
		switch {
		case errors.Is(err, unix.EAGAIN) && time.Now().Before(end):
			time.Sleep(5 * time.Millisecond) // about 60 characters at 115200 baud
		case errors.Is(err, unix.EAGAIN):
			return done, errWriteLate
		case err != nil:
			return done, err
		}
	}
	return done, nil
}

func (l *line) some(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return 0, errClosed
	}
	return l.port.Write(p)
}

// SetBaud changes the rate.
func (l *line) SetBaud(baud int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return errClosed
	}
	return l.port.SetMode(&serial.Mode{BaudRate: baud})
}

// Close closes the port, ends a Read that waits, and gives up the lock.
func (l *line) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	err := l.port.Close()
	return errors.Join(err, l.lock.Close())
}
