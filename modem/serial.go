package modem

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	"go.bug.st/serial"
	"golang.org/x/sys/unix"
)

// Serial opens a tty, for example /dev/serial/by-id/usb-..., with 8 data
// bits, no parity and the given rate in baud. Nobody else can open it so at
// the same time, root neither; a program that is started meanwhile does not
// inherit it; and nothing is written once it is closed.
func Serial(device string, baud int) Opener {
	return func() (io.ReadWriteCloser, error) {
		lock, err := lockTTY(device)
		if err != nil {
			return nil, err
		}
		p, err := openTTY(device, baud)
		if err != nil {
			lock.Close()
			return nil, fmt.Errorf("the modem's port %s can not be opened: %w", device, err)
		}
		p.lock = lock
		// What waits in the driver was said to somebody else.
		if err := p.port.ResetInputBuffer(); err != nil {
			p.Close()
			return nil, fmt.Errorf("the modem's port %s can not be emptied: %w", device, err)
		}
		return p, nil
	}
}

// lockTTY takes a flock on the device itself. TIOCEXCL, which go.bug.st/serial
// sets, does not keep root out.
func lockTTY(device string) (*os.File, error) {
	f, err := os.OpenFile(device, os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, unix.EBUSY):
		return nil, fmt.Errorf("the modem's port %s is used by another program; stop that one, ModemManager for example", device)
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("the modem's port %s may not be opened; add the user to its group, usually dialout: %w", device, err)
	case err != nil:
		return nil, fmt.Errorf("the modem's port %s can not be opened; is it plugged in? %w", device, err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("the modem's port %s is used by another gsmpanel; stop that one first", device)
	}
	return f, nil
}

// tty is a port of go.bug.st/serial that is not written to after Close: the
// library would write to whatever file has got its descriptor meanwhile.
type tty struct {
	port serial.Port
	lock *os.File

	mu     sync.Mutex
	closed bool
}

func openTTY(device string, baud int) (*tty, error) {
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
	return &tty{port: p}, nil
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
func (t *tty) Read(p []byte) (int, error) {
	for {
		n, err := t.port.Read(p)
		if n > 0 || err != nil && !errors.Is(err, unix.EAGAIN) {
			return n, err
		}
	}
}

// Write writes all of p, within writeLimit.
func (t *tty) Write(p []byte) (int, error) {
	done := 0
	for end := time.Now().Add(writeLimit); done < len(p); {
		n, err := t.some(p[done:])
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

func (t *tty) some(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return 0, errClosed
	}
	return t.port.Write(p)
}

// Close closes the port, ends a Read that waits, and gives up the lock.
func (t *tty) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil
	}
	t.closed = true
	err := t.port.Close()
	return errors.Join(err, t.lock.Close())
}
