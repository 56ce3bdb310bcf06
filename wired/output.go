package wired

import (
	"context"
	"fmt"
	"strings"
	"sync"
)

// Output is a switch: the modem's supply or its power key. Its methods may be called
// from any goroutine.
type Output struct {
	// Key: it is a key, which is on while it is pressed.
	Key bool

	mu    sync.Mutex
	put   func(ctx context.Context, on bool) error
	leave func()
}

// OpenOutput opens a switch that the owner named as a siren is named, see
// [CheckSiren]; a command is run with on or off. With "key:" before it, it is a key. It
// is nil where there is none. A line is taken when it is first switched.
func OpenOutput(out string) (*Output, error) { return outputOf(out, chips{}) }

func outputOf(out string, k kernel) (*Output, error) {
	where, key := strings.CutPrefix(out, "key:")
	command, r, ok := outletOf(where, k)
	switch {
	case command != "":
		return &Output{Key: key, leave: func() {}, put: func(ctx context.Context, on bool) error { return runSwitch(ctx, command, on) }}, nil
	case r != nil:
		return &Output{Key: key, leave: r.release, put: func(_ context.Context, on bool) error { return r.put(on) }}, nil
	case ok && !key:
		return nil, nil
	}
	return nil, fmt.Errorf("%q is no switch: gpio:CHIP:LINE, exec:CMD, the path of a file and none are allowed, with key: before it for a power key, for example gpio:gpiochip0:17:low or key:gpio:gpiochip0:17", out)
}

func runSwitch(ctx context.Context, command string, on bool) error {
	word := "off"
	if on {
		word = "on"
	}
	if err := runShell(ctx, runLimit, command, word); err != nil {
		return fmt.Errorf("the command %q %w: try it by hand", command+" "+word, err)
	}
	return nil
}

// Set switches it.
func (o *Output) Set(ctx context.Context, on bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.put(ctx, on)
}

// Close gives a line back; the kernel may then leave it as it is, or not.
func (o *Output) Close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.leave()
}
