package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
)

// Exit statuses.
const (
	failed     = 1 // the panel refused, or something is broken
	wrongUsage = 2 // the command line is not one
)

// failure is an error with what to try and the exit status. Sentence and hint
// never hold digits that were read as a code.
type failure struct {
	sentence string
	hint     string
	status   int
	cause    error
}

func (f *failure) Error() string { return f.sentence }
func (f *failure) Unwrap() error { return f.cause }
func (f *failure) Hint() string  { return f.hint }

// usage is a wrong command line.
func usage(hint, format string, args ...any) error {
	return &failure{sentence: fmt.Sprintf(format, args...), hint: hint, status: wrongUsage}
}

// broken is something that failed for a reason that has a cure.
func broken(hint, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &failure{sentence: err.Error(), hint: hint, status: failed, cause: errors.Unwrap(err)}
}

// fail prints an error and returns the exit status.
func (p *program) fail(err error) int {
	var f *failure
	status := failed
	if errors.As(err, &f) {
		status = f.status
	}
	sentence := err.Error()
	if errors.Is(err, context.Canceled) {
		sentence = "interrupted"
	}
	p.tell("gsmpanel: %s", oneLine(sentence))
	p.tell("hint: %s", oneLine(p.hintOf(err)))
	return status
}

// hintOf is the error's own hint, or where to read on.
func (p *program) hintOf(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) && h.Hint() != "" {
		return h.Hint()
	}
	var refused duress.Refused
	switch {
	case errors.Is(err, panel.ErrNotRunning):
		return "gsmpanel run --help shows how to start it, gsmpanel demo how it works without a modem"
	case errors.Is(err, context.Canceled):
		return "gsmpanel status shows what was done"
	case errors.As(err, &refused), p.path == "":
		return "gsmpanel --help shows all commands"
	}
	return fmt.Sprintf("gsmpanel %s --help shows how it is used", p.path)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

var (
	notParsed    = regexp.MustCompile(`^invalid (?:boolean )?value "(.*)" for (?:flag )?-([a-z-]+): `)
	notParsedEnv = regexp.MustCompile(`^could not parse "(.*)" as (\S+) value from environment variable "([A-Z_]+)"`)
)

// examples are of flags that the library reads as a number.
var examples = map[string]string{
	"baud":  "a whole number is allowed, for example --baud 115200",
	"n":     "a whole number is allowed, for example -n 20",
	"place": "a whole number is allowed, for example --place 1",
}

// usageOf puts the library's errors about flags in our words.
func usageOf(err error) error {
	if err == nil {
		return nil
	}
	if m := notParsed.FindStringSubmatch(err.Error()); m != nil {
		want, known := examples[m[2]]
		if !known {
			want = "true and false are allowed, for example --" + m[2] + "=false"
		}
		return usage("", "--%s cannot be %q; %s", m[2], m[1], want)
	}
	if m := notParsedEnv.FindStringSubmatch(err.Error()); m != nil {
		return usage("", "%s in the environment cannot be %q; a value of kind %s is allowed", m[3], m[1], m[2])
	}
	return err
}
