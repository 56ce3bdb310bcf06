// Package wired is what hangs on wires: loops and buttons at the lines of GPIO chips,
// the mains, the siren, and the keypad, as an input device of Linux.
//
// Of loops and mains it knows how they stand and since when, and of buttons how long
// each press lasts; what that means is not decided here. It brings the siren to the level it is told and keeps trying, and lets it chirp
// where it is silent; when it sounds, for how long, and what a chirp means is not
// decided here. Of the keypad it knows which keys are pressed, keeps none of them,
// and says when it is gone; what they mean is not its business.
package wired

import (
	"context"
	"fmt"
	"strings"
)

// Siren is a sounder with two levels. Its methods may be called from any
// goroutine.
type Siren interface {
	// Set asks for a level and returns at once; the newest level wins. Pattern is
	// how it sounds: "steady" (burglary, panic) or "temporal-3" (fire: three pulses
	// and a pause, ISO 8201), a word of at most 32 small letters, digits and
	// hyphens. Off may have "", for the pattern that sounded last. The level before
	// the first Set is not known, so that a first Set to off is carried out. An
	// error means that the pattern is none, or the siren closed.
	Set(on bool, pattern string) error
	// Chirp asks for n (1 to 4; others are ignored) pulses of 0.1 s, 0.25 s apart,
	// and returns at once. An alarm wins: a chirp that is asked for while the siren
	// should sound is dropped, and a level of on ends one at once. A newer chirp
	// takes the place of what is left of an older one, after the pulse that sounds
	// and a pause of 1 s, which also sets it off from a siren that has just ended.
	// A chirp that fails is dropped and reported; that the siren is silent after a
	// pulse is tried for as long as it takes.
	Chirp(n int)
	// Close brings the siren to the level last asked for if it is not there yet,
	// after the chirps asked for, for 10 s at most, and leaves it so.
	Close() error
}

// OpenSiren opens the siren that the owner named, as [CheckSiren] has it. An attempt
// that fails is made again after 1, 2, 5, 10, 30, 30 … s while its level is wanted;
// that of a chirp is not. report (may be nil; it must not block) gets every failure,
// and nil when a level was reached after one.
func OpenSiren(out string, report func(error)) (Siren, error) {
	if report == nil {
		report = func(error) {}
	}
	d, err := sounderOf(out, chips{})
	if err != nil {
		return nil, err
	}
	if d == nil {
		return noSiren{}, nil
	}
	return startSetter(d, report), nil
}

// CheckSiren refuses what can be no siren:
//   - "" and "none" are none;
//   - "exec:COMMAND" is run by the shell with the arguments on PATTERN or off PATTERN,
//     for 10 s at most; each pulse of a chirp is on chirp, then off chirp;
//   - "gpio:CHIP:LINE" is a line that is high while the siren sounds, with ":low"
//     behind it low;
//   - a path is a file that gets 1 or 0.
func CheckSiren(out string) error {
	_, err := sounderOf(out, chips{})
	return err
}

// sounderOf is nil where there is none.
func sounderOf(out string, k kernel) (*sounder, error) {
	command, r, ok := outletOf(out, k)
	switch {
	case command != "":
		return &sounder{apply: func(ctx context.Context, l level) error { return runCommand(ctx, runLimit, command, l) }}, nil
	case r != nil:
		return played(r), nil
	case ok:
		return nil, nil
	}
	return nil, fmt.Errorf("%q is no siren: gpio:CHIP:LINE, exec:CMD, the path of a file and none are allowed, for example gpio:gpiochip0:27 or exec:/usr/local/bin/siren", out)
}

// noSiren is a house without one.
type noSiren struct{}

func (noSiren) Set(on bool, pattern string) error { return checkPattern(on, pattern) }
func (noSiren) Chirp(int)                         {}
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
