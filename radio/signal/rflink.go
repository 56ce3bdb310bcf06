package signal

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gsmpanel/gsmpanel/radio"
)

// RFLink is a board with the RFLink firmware on a pseudo-terminal. As an Arduino does,
// it starts anew and greets when its port is opened; it answers pings; and to a host
// that listens at another rate it makes no sense. Linux only.
type RFLink struct {
	link string
	rate int

	mu     sync.Mutex
	master *os.File // nil while it is unplugged
}

// PlugInRFLink makes link a symbolic link to the port of a board that speaks at so
// many baud, 57600 or 115200.
func PlugInRFLink(link string, rate int) (*RFLink, error) {
	r := &RFLink{link: link, rate: rate}
	return r, r.PlugIn()
}

// PlugIn plugs it in again, as another device behind the same link.
func (r *RFLink) PlugIn() error {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("no pseudo-terminal could be had from /dev/ptmx: %w", err)
	}
	master := os.NewFile(uintptr(fd), "/dev/ptmx")
	if err := expose(fd, r.link); err != nil {
		master.Close()
		return fmt.Errorf("the pseudo-terminal of an RFLink could not be set up: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.master = master
	go r.serve(master)
	return nil
}

// expose unlocks a terminal and links to it. It is opened once, since the other end
// notices that nobody has it open only when somebody had.
func expose(fd int, link string) error {
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err = errors.Join(err, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)); err != nil {
		return err
	}
	path := fmt.Sprint("/dev/pts/", n)
	slave, err := os.OpenFile(path, os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return err
	}
	slave.Close()
	_ = os.Remove(link) // of when it was plugged in before
	return os.Symlink(path, link)
}

// Unplug takes it away: a host that has its port open reads an end.
func (r *RFLink) Unplug() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.master != nil {
		r.master.Close()
		r.master = nil
	}
}

// Says prints a line, to whoever has the port open.
func (r *RFLink) Says(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.master != nil {
		r.print(r.master, line)
	}
}

func (r *RFLink) print(master *os.File, line string) {
	if hostRate(master) != r.rate {
		line = "\xf8\x00\x1c\xe0"
	}
	_, _ = master.WriteString(line + "\r\n") // unplugged: nobody hears it
}

func (r *RFLink) serve(master *os.File) {
	in, open := bufio.NewReader(master), false
	for {
		_ = master.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		line, err := in.ReadString('\n')
		switch {
		case errors.Is(err, os.ErrClosed):
			return
		case errors.Is(err, unix.EIO): // nobody has it open
			open = false
			time.Sleep(5 * time.Millisecond)
		case line == radio.RFLinkPing:
			r.print(master, "20;01;PONG;")
		case !open:
			open = true
			r.print(master, "20;00;Nodo RadioFrequencyLink - RFLink Gateway V1.1 - R48;")
		}
	}
}

// hostRate is the rate in baud at which the host listens, 0 for any other.
func hostRate(master *os.File) (rate int) {
	raw, err := master.SyscallConn()
	if err != nil {
		return 0
	}
	_ = raw.Control(func(fd uintptr) { // closed: nobody listens
		if t, err := unix.IoctlGetTermios(int(fd), unix.TCGETS); err == nil {
			rate = map[uint32]int{unix.B57600: 57600, unix.B115200: 115200}[t.Cflag&unix.CBAUD]
		}
	})
	return rate
}
