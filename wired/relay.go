package wired

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// relay is what switches a sounder on and off.
type relay interface {
	put(on bool) error
	release()
}

// outletOf reads what the owner named to be switched: a command, a relay, or neither
// where there is none. ok is false where it is nothing of that kind.
func outletOf(out string, k kernel) (command string, r relay, ok bool) {
	kind, rest, _ := strings.Cut(out, ":")
	command = strings.TrimSpace(rest)
	switch {
	case out == "" || out == "none":
		return "", nil, true
	case kind == "exec" && command != "":
		return command, nil, true
	case kind == "gpio":
		if p, ok := parsePin(rest, "low"); ok {
			return "", &outputLine{kernel: k, pin: p}, true
		}
	case strings.HasPrefix(out, "/"):
		return "", outputFile(out), true
	}
	return "", nil, false
}

// lookAgain is how often a relay is put where it is already: one that has gone is to
// be known before it is needed, and what somebody else has switched is switched back.
const lookAgain = 5 * time.Second

// played is a sounder that can do no more than sound: its patterns are made here.
func played(r relay) *sounder {
	return &sounder{
		apply: func(_ context.Context, l level) error {
			on, _ := sounds(l, 0)
			return unswitched(r.put(on))
		},
		keep: func(l level, elapsed time.Duration) (time.Duration, error) {
			on, left := sounds(l, elapsed)
			return left, unswitched(r.put(on))
		},
		leave: func(l level) {
			_ = r.put(l.on) // not in a pause; whoever waits for this has been told what fails
			r.release()
		},
	}
}

func unswitched(err error) error {
	if err != nil {
		return fmt.Errorf("the siren can't be switched: %w", err)
	}
	return nil
}

// Temporal-3 is half a second on and half a second off, three times, and then a
// second more of silence (ISO 8201; NFPA 72).
const (
	temporalPulse  = 500 * time.Millisecond
	temporalPeriod = 4 * time.Second
)

// sounds tells whether a level is to be heard so long after it began, and for how
// long that holds.
func sounds(l level, elapsed time.Duration) (on bool, left time.Duration) {
	if !l.on || l.pattern != "temporal-3" {
		return l.on, lookAgain
	}
	at := elapsed % temporalPeriod
	n := at / temporalPulse
	if n >= 5 {
		return false, temporalPeriod - at
	}
	return n%2 == 0, (n+1)*temporalPulse - at
}

// outputLine is a relay at a line of a GPIO chip. It is taken when it is first put.
type outputLine struct {
	kernel kernel
	pin    pin
	line   line
}

func (o *outputLine) put(on bool) (err error) {
	if o.line == nil {
		o.line, err = o.kernel.output(o.pin, on)
	} else {
		err = o.line.set(on)
	}
	if err != nil {
		o.release()
		return o.pin.whyNot(err)
	}
	return nil
}

func (o *outputLine) release() {
	if o.line != nil {
		o.line.close()
	}
	o.line = nil
}

// outputFile is a relay that the kernel shows as a file, such as that of a LED.
type outputFile string

func (o outputFile) put(on bool) error {
	err := writeDigit(string(o), on)
	if err != nil {
		return fmt.Errorf("%s: %w", string(o), cleaned(err))
	}
	return nil
}

func (outputFile) release() {}

func writeDigit(path string, on bool) error {
	f, err := openPlain(path, os.O_WRONLY|os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, digit(on))
	return errors.Join(err, f.Close())
}
