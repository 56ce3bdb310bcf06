// Package wired is what hangs on wires: so far the siren, as a command that the
// owner gives.
//
// It brings a device to the level it is told and keeps trying; when the siren
// sounds and for how long is not decided here.
package wired

import (
	"fmt"
	"strings"
)

// Siren is a sounder with two levels. Set and Close may be called from any
// goroutine.
type Siren interface {
	// Set asks for a level and returns at once; the newest level wins. Pattern is
	// how it sounds: "steady" (burglary, panic) or "temporal-3" (fire: three pulses
	// and a pause, ISO 8201), a word of at most 32 small letters, digits and
	// hyphens. Off may have "", for the pattern that sounded last. The level before
	// the first Set is not known, so that a first Set to off is carried out. An
	// error means that the pattern is none, or the siren closed.
	Set(on bool, pattern string) error
	// Close brings the siren to the level last asked for if it is not there yet,
	// for 10 s at most, and leaves it so.
	Close() error
}

// OpenSiren opens the siren that the owner named: "" or "none", or
// "exec:COMMAND", which is run by the shell with the arguments on PATTERN or off
// PATTERN, for 10 s at most. A command that fails is run again after 1, 2, 5, 10,
// 30, 30 … s while its level is wanted. report (may be nil; it must not block)
// gets every failure, and nil when a level was reached after one.
func OpenSiren(out string, report func(error)) (Siren, error) {
	if report == nil {
		report = func(error) {}
	}
	kind, command, _ := strings.Cut(out, ":")
	command = strings.TrimSpace(command)
	switch {
	case out == "" || out == "none":
		return noSiren{}, nil
	case kind == "exec" && command != "":
		return newSetter(command, report), nil
	}
	return nil, fmt.Errorf("the siren %q can't be used: give none, or exec: and a command that is run with on or off and the pattern, for example exec:/usr/local/bin/siren", out)
}

// noSiren is a house without one.
type noSiren struct{}

func (noSiren) Set(on bool, pattern string) error { return checkPattern(on, pattern) }
func (noSiren) Close() error                      { return nil }

func checkPattern(on bool, pattern string) error {
	const word = "abcdefghijklmnopqrstuvwxyz0123456789-"
	if pattern == "" && !on {
		return nil
	}
	if pattern == "" || len(pattern) > 32 || strings.Trim(pattern, word) != "" || pattern[0] == '-' {
		return fmt.Errorf("%q is no siren pattern: use a word of small letters, digits and hyphens, for example steady or temporal-3", pattern)
	}
	return nil
}
