package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// house is a modem and a program that has it.
type house struct {
	*contestant
	dir     string
	numbers []string // of the phones; the first texts in
	sim     *simulator.Modem
	pipes   map[string]*os.File
	program *exec.Cmd
	gone    chan struct{}

	mu       sync.Mutex
	typed    []byte      // of the line that the host writes
	asks     bool        // AT+CMGS was written; the text is next
	sends    []time.Time // first bytes of texts
	accepted []accepted
	busy     time.Time // when the sending of a text last came further
	on       func(simulator.Event)
}

// accepted is a text that the network took.
type accepted struct {
	at       time.Time
	to, body string
}

// newHouse makes the folder of a program, with so many phones.
func newHouse(c *contestant, p plan, phones int) (*house, error) {
	dir, err := os.MkdirTemp(p.folder, c.name)
	if err != nil {
		return nil, err
	}
	h := &house{contestant: c, dir: dir, pipes: map[string]*os.File{}}
	for n := range phones {
		h.numbers = append(h.numbers, fmt.Sprintf("+4477009000%02d", n+11))
	}
	h.sim = simulator.New(simulator.Options{SendTime: p.sending, Baud: p.baud, ClockRuns: true, Wire: h.wire, Event: h.event})
	if _, err := h.sim.PTY(h.path("modem")); err != nil {
		return nil, err
	}
	return h, c.furnish(h)
}

func (h *house) path(name string) string { return filepath.Join(h.dir, name) }

func (h *house) folders(names ...string) (err error) {
	for _, name := range names {
		err = errors.Join(err, os.Mkdir(h.path(name), 0o755))
	}
	return err
}

// configure copies a file of conf with the folder and the modem filled in.
func (h *house) configure(from, to string) error {
	b, err := conf.ReadFile("conf/" + from)
	if err != nil {
		return err
	}
	text := strings.NewReplacer("@DIR@", h.dir, "@MODEM@", h.path("modem")).Replace(string(b))
	return os.WriteFile(h.path(to), []byte(text), 0o755)
}

// pipe makes a named pipe that is never at its end.
func (h *house) pipe(name string) error {
	if err := unix.Mkfifo(h.path(name), 0o600); err != nil {
		return err
	}
	f, err := os.OpenFile(h.path(name), os.O_RDWR, 0)
	h.pipes[name] = f
	return err
}

func (h *house) close() {
	h.kill()
	h.sim.Close()
	for _, f := range h.pipes {
		f.Close()
	}
	os.RemoveAll(h.dir)
}

const escape = 0x1b // ends a prompt without a text

// wire notes when the first byte of a text is written: of what follows AT+CMGS and
// its line end.
func (h *house) wire(at time.Time, fromModem bool, b []byte) {
	if fromModem {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range b {
		switch {
		case c == escape:
			h.asks, h.typed = false, h.typed[:0]
		case c < ' ':
			h.asks = h.asks && len(h.typed) == 0 || strings.HasPrefix(string(h.typed), "AT+CMGS=")
			h.typed = h.typed[:0]
		case h.asks:
			h.asks = false
			h.sends = append(h.sends, at)
			h.busy = at
		default:
			h.typed = append(h.typed, c)
		}
	}
}

func (h *house) event(e simulator.Event) {
	h.mu.Lock()
	if strings.HasPrefix(e.Kind, "cmgs-") {
		h.busy = e.Time
	}
	if e.Kind == "cmgs-accepted" {
		h.accepted = append(h.accepted, accepted{e.Time, e.Number, e.Body})
	}
	on := h.on
	h.mu.Unlock()
	if on != nil {
		on(e)
	}
}

// firstSend is the first byte of a text from an instant on.
func (h *house) firstSend(from time.Time) (time.Time, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, at := range h.sends {
		if !at.Before(from) {
			return at, true
		}
	}
	return time.Time{}, false
}

// sent are the texts that the network took from an instant on and that hold part.
func (h *house) sent(from time.Time, part string) (out []accepted) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, a := range h.accepted {
		if !a.at.Before(from) && strings.Contains(a.body, part) {
			out = append(out, a)
		}
	}
	return out
}

var errLate = errors.New("it did not come in time")

// until waits for something.
func until(ctx context.Context, limit time.Duration, done func() bool) error {
	for end := time.Now().Add(limit); !done(); {
		if time.Now().After(end) {
			return errLate
		}
		if err := pause(ctx, 2*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// rests waits until no text has been sent for a while.
func (h *house) rests(ctx context.Context, calm time.Duration) error {
	return until(ctx, 2*time.Minute, func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return time.Since(h.busy) > calm
	})
}

// launch starts the program, in a group of its own.
func (h *house) launch() error {
	args := h.command(h)
	name, err := find(args[0])
	if err != nil {
		return err
	}
	out, err := os.OpenFile(h.path("output"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	h.program = exec.Command(name, args[1:]...)
	h.program.Stdout, h.program.Stderr = out, out
	h.program.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := h.program.Start(); err != nil {
		return err
	}
	h.gone = make(chan struct{})
	go func(c *exec.Cmd, gone chan struct{}) {
		_ = c.Wait() // killed, as a rule
		close(gone)
	}(h.program, h.gone)
	return nil
}

// start launches the program and waits until it answers.
func (h *house) start(ctx context.Context) error {
	if err := h.launch(); err != nil {
		return err
	}
	if h.says != "" {
		if err := until(ctx, time.Minute, func() bool {
			b, _ := os.ReadFile(h.path("output"))
			return bytes.Contains(b, []byte(h.says))
		}); err != nil {
			return fmt.Errorf("%s is not ready: %w\n%s", h.name, err, h.output())
		}
	}
	if _, err := h.asked(ctx, "first"); err != nil {
		return fmt.Errorf("%s does not answer: %w\n%s", h.name, err, h.output())
	}
	return h.rests(ctx, time.Second)
}

func (h *house) output() []byte {
	b, _ := os.ReadFile(h.path("output"))
	log, _ := os.ReadFile(h.path("log"))
	b = append(b, log...)
	return b[max(0, len(b)-4000):]
}

// kill is kill -9 for the program and all that it started.
func (h *house) kill() {
	if h.program == nil || h.program.Process == nil {
		return
	}
	_ = syscall.Kill(-h.program.Process.Pid, syscall.SIGKILL)
	<-h.gone
}

// asked texts the panel and waits until the network has taken the answer; it returns
// the time from the text to the answer's first byte.
func (h *house) asked(ctx context.Context, word string) (time.Duration, error) {
	at := time.Now()
	if err := h.sim.Text(h.numbers[0], houseCode+" STATUS "+word); err != nil {
		return 0, err
	}
	if err := until(ctx, 3*time.Minute, func() bool { return len(h.sent(at, "")) > 0 }); err != nil {
		return 0, err
	}
	first, ok := h.firstSend(at)
	if !ok {
		return 0, errors.New("a text was sent without AT+CMGS")
	}
	return first.Sub(at), nil
}
