package wired

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Mains tells whether the mains are there.
type Mains struct {
	kernel kernel
	pin    *pin
	look   func(context.Context) (on bool, err error) // where there is no pin
	every  time.Duration
}

const (
	fileEvery    = time.Second // a burglar at the fuse box is quick
	commandEvery = 5 * time.Second
	commandLimit = 5 * time.Second
)

// OpenMains checks the input that the owner named:
//   - "gpio:CHIP:LINE" is a line that is high while the mains are there, with ":low"
//     behind it low;
//   - "exec:COMMAND" is run by the shell every 5 s, for 5 s at most; exit status 0 is
//     that they are there;
//   - a path is a file that has 1 in it, or 0.
func OpenMains(in string) (*Mains, error) {
	kind, rest, _ := strings.Cut(in, ":")
	command := strings.TrimSpace(rest)
	switch {
	case kind == "exec" && command != "":
		return &Mains{every: commandEvery, look: func(ctx context.Context) (bool, error) { return askCommand(ctx, commandLimit, command) }}, nil
	case kind == "gpio":
		if p, ok := parsePin(rest, "low"); ok {
			return &Mains{kernel: chips{}, pin: &p}, nil
		}
	case strings.HasPrefix(in, "/"):
		return &Mains{every: fileEvery, look: func(context.Context) (bool, error) { return readDigit(in) }}, nil
	}
	return nil, fmt.Errorf("%q is no input for the mains: gpio:CHIP:LINE, exec:CMD and the path of a file are allowed, for example gpio:gpiochip0:22:low or /sys/class/power_supply/AC/online", in)
}

// Run tells until ctx ends whether the mains are there, at first, at each change and
// when the input could not be read for a while. report gets each change of the input
// itself: why it can't be read, which says nothing of the mains, and nil when it can.
func (m *Mains) Run(ctx context.Context, power func(on bool), report func(error)) {
	tell := news(report)
	if m.pin != nil {
		watch(ctx, m.kernel, *m.pin, settleLoop, func(on, _ bool, _ time.Time) { power(on) }, tell)
		return
	}
	m.ask(ctx, power, tell)
}

func (m *Mains) ask(ctx context.Context, power func(on bool), tell func(error)) {
	known, was := false, false
	for ctx.Err() == nil {
		on, err := m.look(ctx)
		if ctx.Err() != nil {
			return
		}
		tell(err)
		if err == nil && (!known || on != was) {
			power(on)
		}
		known, was = err == nil, on
		select {
		case <-ctx.Done():
		case <-time.After(m.every):
		}
	}
}

// askCommand tells a command that says no from one that says nothing: one that can't
// be run, that hangs or is killed.
func askCommand(ctx context.Context, limit time.Duration, command string) (on bool, err error) {
	err = runShell(ctx, limit, command)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("its command %w: try it by hand", err)
	}
	return true, nil
}

// readDigit reads a file that says 1 or 0. Of a supply 2 is on as well (Linux,
// Documentation/ABI/testing/sysfs-class-power: programmable).
func readDigit(path string) (on bool, err error) {
	text, err := readShort(path)
	if err != nil {
		return false, fmt.Errorf("%s: %w", path, cleaned(err))
	}
	switch said := strings.TrimSpace(text); said {
	case "1", "2":
		return true, nil
	case "0":
		return false, nil
	default:
		return false, fmt.Errorf("%s holds %q; 1 and 0 are allowed", path, said)
	}
}

// readShort reads the first bytes of a file.
func readShort(path string) (string, error) {
	f, err := openPlain(path, os.O_RDONLY)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 16))
	return string(b), err
}

// openPlain opens a plain file that is there. It makes none, and of what is none it
// waits for nobody at the other end.
func openPlain(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, how|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, errors.New("it is no plain file")
	}
	return f, nil
}
