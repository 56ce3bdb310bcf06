package wired

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/warthog618/go-gpiocdev"
	"golang.org/x/sys/unix"
)

// pin is a line of a GPIO chip. It is on at its high level, or at its low one.
type pin struct {
	chip string // such as gpiochip0
	line int
	low  bool
}

// parsePin reads CHIP:LINE, with whenLow behind it for a line that is on at its low
// level.
func parsePin(text, whenLow string) (p pin, ok bool) {
	text, p.low = strings.CutSuffix(text, ":"+whenLow)
	chip, line, _ := strings.Cut(text, ":")
	number, named := strings.CutPrefix(chip, "gpiochip")
	which, chipErr := strconv.ParseUint(number, 10, 8)
	n, lineErr := strconv.ParseUint(line, 10, 16)
	p.chip, p.line = fmt.Sprintf("gpiochip%d", which), int(n)
	return p, named && chipErr == nil && lineErr == nil
}

// LineID is the line that an output or an input hangs on, as the ID of a loop there,
// or "".
func LineID(where string) string {
	rest, wired := strings.CutPrefix(where, "gpio:")
	p, ok := parsePin(rest, "low")
	if !wired || !ok {
		return ""
	}
	return fmt.Sprintf("gpio:%s:%d", p.chip, p.line)
}

// String names the line and not its level, as a person would find it.
func (p pin) String() string { return fmt.Sprintf("%s line %d", p.chip, p.line) }

// kernel gives lines of GPIO chips. In tests, on machines that have none, a made one
// does.
type kernel interface {
	// input takes a line to read. edge is told of each change, with its time, in
	// order and from another goroutine; it must not block. steady says that only
	// levels count that have lasted for settle, in value too.
	input(p pin, settle time.Duration, edge func(on bool, at time.Time)) (l line, steady bool, err error)
	// output takes a line to set.
	output(p pin, on bool) (line, error)
}

// line is one that is ours until it is closed. Of a chip that has gone away every
// call fails.
type line interface {
	value() (on bool, err error)
	set(on bool) error
	close()
}

// chips are the GPIO chips of the machine, by the character device of Linux. The
// kernel gives each line to one program at a time, and takes it back when that ends,
// however it ends. What becomes of the level of an output then is the chip's driver's
// to say: on a Raspberry Pi its own kernel keeps it, others make an input of it
// (pinctrl-bcm2835, persist_gpio_outputs).
type chips struct{}

const consumer = "gsmpanel"

// input lets the kernel debounce, or does without where it is older than 5.10 (5.5 has the pull-up). The
// pull-up is the chip's; one that has none is no error (gpiolib, gpio_set_bias).
func (chips) input(p pin, settle time.Duration, edge func(on bool, at time.Time)) (line, bool, error) {
	options := []gpiocdev.LineReqOption{
		gpiocdev.WithConsumer(consumer), gpiocdev.AsInput, gpiocdev.WithPullUp, gpiocdev.LevelOption(p.low), gpiocdev.WithBothEdges,
		gpiocdev.WithEventHandler(func(e gpiocdev.LineEvent) { edge(e.Type == gpiocdev.LineEventRisingEdge, timeOf(e.Timestamp)) }),
	}
	if l, err := gpiocdev.RequestLine(p.chip, p.line, append(options, gpiocdev.WithDebounce(settle))...); err == nil {
		return taken{l}, true, nil
	}
	l, err := gpiocdev.RequestLine(p.chip, p.line, options...)
	if err != nil {
		return nil, false, err
	}
	return taken{l}, false, nil
}

func (chips) output(p pin, on bool) (line, error) {
	l, err := gpiocdev.RequestLine(p.chip, p.line, gpiocdev.WithConsumer(consumer), gpiocdev.LevelOption(p.low), gpiocdev.AsOutput(digit(on)))
	if err != nil {
		return nil, err
	}
	return taken{l}, nil
}

// digit is a level as the kernel writes it.
func digit(on bool) int {
	if on {
		return 1
	}
	return 0
}

// timeOf is the time of an event, which the kernel gives on its monotonic clock.
func timeOf(stamp time.Duration) time.Time {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		return time.Now()
	}
	return time.Now().Add(stamp - time.Duration(now.Nano()))
}

// taken is a line of [chips]. One must not be kept long after its chip has gone: the
// library then waits for events in a loop that never sleeps.
type taken struct{ *gpiocdev.Line }

func (t taken) value() (bool, error) {
	v, err := t.Value()
	return v != 0, err
}

func (t taken) set(on bool) error { return t.SetValue(digit(on)) }

func (t taken) close() { _ = t.Close() } // which fails only where it is closed already

// whyNot says in words why a line can't be used.
func (p pin) whyNot(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, gpiocdev.ErrNotCharacterDevice):
		return fmt.Errorf("there is no %s (`gpiodetect` shows the chips)", p.chip)
	case errors.Is(err, gpiocdev.ErrInvalidOffset):
		return fmt.Errorf("%s has no line %d (`gpioinfo` shows them)", p.chip, p.line)
	case errors.Is(err, fs.ErrPermission):
		return denied("use /dev/"+p.chip, "gpio")
	case errors.Is(err, unix.EBUSY):
		return fmt.Errorf("%s is in use already (`gpioinfo` shows by whom)", p)
	case errors.Is(err, unix.ENODEV):
		return fmt.Errorf("%s is gone", p.chip)
	}
	return fmt.Errorf("%s: %w", p, cleaned(err))
}
