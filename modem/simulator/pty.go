package simulator

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// PTY is the modem's line as a pseudo-terminal, for programs that open a tty.
type PTY struct {
	modem *Modem
	link  string

	mu     sync.Mutex
	master *os.File
	slave  *os.File // kept open, so that a host may close and open it
	path   string
	closed bool
	out    chan []byte
	stop   chan struct{}
}

// PTY opens a new pseudo-terminal as the modem's line (the line that was open
// before ends) and makes link a symbolic link to it. An existing symbolic link
// is replaced; anything else at that path is an error. Linux only.
func (m *Modem) PTY(link string) (*PTY, error) {
	p := &PTY{modem: m, link: link}
	if err := p.plugIn(); err != nil {
		return nil, err
	}
	return p, nil
}

// plugIn opens the terminal and makes it the modem's line before a byte can come
// through it.
func (p *PTY) plugIn() error {
	if err := p.open(); err != nil {
		return err
	}
	m := p.modem
	m.mu.Lock()
	closed := m.closed
	if !closed {
		m.absent = false
		m.attach(p)
	}
	m.mu.Unlock()
	if closed {
		p.drop()
		return ErrClosed
	}
	p.carry()
	m.drain()
	return nil
}

// Path is the device behind the link, such as /dev/pts/7.
func (p *PTY) Path() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.path
}

// Close ends the line and removes the link. The modem stays on.
func (p *PTY) Close() error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.drop()
	p.modem.do(func() {
		if p.modem.port == p {
			p.modem.port = nil
		}
	})
	return nil
}

// open makes the terminal pair and its link.
func (p *PTY) open() error {
	master, path, err := openMaster()
	if err != nil {
		return err
	}
	slave, err := openRaw(path)
	if err != nil {
		master.Close()
		return err
	}
	if err := relink(path, p.link); err != nil {
		master.Close()
		slave.Close()
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.master, p.slave, p.path = master, slave, path
	p.out, p.stop = make(chan []byte, 256), make(chan struct{})
	return nil
}

// carry starts carrying bytes.
func (p *PTY) carry() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.master == nil {
		return
	}
	go p.read(p.master, p.slave)
	go p.write(p.master, p.slave, p.out, p.stop)
}

// reopen plugs the line in again after an "unplug" with an end.
func (p *PTY) reopen() {
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if closed {
		return
	}
	if err := p.plugIn(); err != nil {
		p.modem.do(func() { p.modem.emit("plug-failed", "", err.Error()) })
	}
}

// openMaster opens a terminal pair by itself: the descriptor must be
// non-blocking, or Close would not end a Read.
func openMaster() (*os.File, string, error) {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, "", fmt.Errorf("no pseudo-terminal could be had from /dev/ptmx: %w", err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		unix.Close(fd)
		return nil, "", fmt.Errorf("the pseudo-terminal could not be unlocked: %w", err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		unix.Close(fd)
		return nil, "", fmt.Errorf("the pseudo-terminal has no name: %w", err)
	}
	return os.NewFile(uintptr(fd), "/dev/ptmx"), "/dev/pts/" + strconv.Itoa(n), nil
}

// openRaw opens the host's side and sets it raw, so that nothing the modem says
// is echoed back to it before a host has opened the line.
func openRaw(path string) (*os.File, error) {
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("the pseudo-terminal %s could not be opened: %w", path, err)
	}
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err == nil {
		t.Iflag, t.Oflag, t.Lflag = unix.IGNBRK, 0, 0
		t.Cflag = unix.CS8 | unix.CREAD | unix.CLOCAL | unix.B115200
		t.Ispeed, t.Ospeed = unix.B115200, unix.B115200
		t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
		err = unix.IoctlSetTermios(fd, unix.TCSETS, t)
	}
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("the pseudo-terminal %s could not be set raw: %w", path, err)
	}
	return os.NewFile(uintptr(fd), path), nil
}

func relink(path, link string) error {
	if old, err := os.Lstat(link); err == nil && old.Mode()&fs.ModeSymlink == 0 {
		return fmt.Errorf("%s exists and is not a symbolic link; give a path that is free, such as /tmp/modem", link)
	}
	temp := fmt.Sprintf("%s.%d", link, os.Getpid())
	if err := os.Symlink(path, temp); err != nil {
		return fmt.Errorf("the link %s to the modem could not be made: %w", link, err)
	}
	if err := os.Rename(temp, link); err != nil {
		os.Remove(temp)
		return fmt.Errorf("the link %s to the modem could not be made: %w", link, err)
	}
	return nil
}

// read carries what the host writes. Each round it takes away the exclusive mark
// that a host sets (TIOCEXCL): as the slave stays open here the mark would
// outlive a host that was killed, and nobody but root could open the line again.
func (p *PTY) read(master, slave *os.File) {
	buf := make([]byte, 4096)
	for {
		_ = master.SetReadDeadline(time.Now().Add(time.Second)) // without a deadline only the mark stays longer
		n, err := master.Read(buf)
		unexclusive(slave)
		if n > 0 {
			p.modem.receive(p, buf[:n])
		}
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return
		}
	}
}

func unexclusive(slave *os.File) { slaveControl(slave, unix.TIOCNXCL, 0) }

func slaveControl(slave *os.File, request uint, value int) {
	raw, err := slave.SyscallConn()
	if err != nil {
		return // closed: the line has ended
	}
	// Failure means that the line has ended too.
	_ = raw.Control(func(fd uintptr) { _ = unix.IoctlSetInt(int(fd), request, value) })
}

// write carries what the modem says. Where nobody has read for a second all that
// waits is thrown away, as a serial port does.
func (p *PTY) write(master, slave *os.File, out <-chan []byte, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case b := <-out:
			_ = master.SetWriteDeadline(time.Now().Add(time.Second))
			if _, err := master.Write(b); errors.Is(err, os.ErrDeadlineExceeded) {
				slaveControl(slave, unix.TCFLSH, unix.TCIFLUSH)
			}
		}
	}
}

// push queues bytes for the host; where nobody reads, the oldest are lost.
func (p *PTY) push(b []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		select {
		case p.out <- b:
			return
		default:
		}
		select {
		case <-p.out:
		default:
		}
	}
}

func (p *PTY) alive() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.master != nil
}

// baud is the rate that the host has set.
func (p *PTY) baud() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.slave == nil {
		return 0
	}
	raw, err := p.slave.SyscallConn()
	if err != nil {
		return 0
	}
	bits := 0
	_ = raw.Control(func(fd uintptr) {
		if t, err := unix.IoctlGetTermios(int(fd), unix.TCGETS); err == nil {
			bits = int(t.Cflag & unix.CBAUD)
		}
	})
	return rates[bits]
}

// rates are the usual ones by their bits in termios.
var rates = map[int]int{unix.B9600: 9600, unix.B19200: 19200, unix.B38400: 38400, unix.B57600: 57600, unix.B115200: 115200}

// drop hangs the line up: a host that has it open reads an end of file.
func (p *PTY) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.master == nil {
		return
	}
	if to, err := os.Readlink(p.link); err == nil && to == p.path {
		os.Remove(p.link)
	}
	close(p.stop)
	p.master.Close()
	p.slave.Close()
	p.master, p.slave = nil, nil
}
