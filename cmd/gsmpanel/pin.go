package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/store"
	"github.com/gsmpanel/gsmpanel/wired"
)

// simPIN is the PIN of the SIM card, which is in memory only, and what is known of its
// tries.
type simPIN struct {
	pin   panel.Secret
	key   duress.Key
	store *store.Store
	right string // the mark of the last card that took it from this process
}

// pinDigits are what a card takes (3GPP TS 31.101 9.5.1).
var pinDigits = regexp.MustCompile(`^[0-9]{4,8}$`)

// readPIN reads the file that --pin-file names. Its errors hold nothing of it.
func readPIN(path string) (panel.Secret, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", fmt.Errorf("--pin-file %s cannot be read: %w", path, errors.Unwrap(err))
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("--pin-file %s is no plain file; give one with the PIN of the SIM card in it, for example /etc/gsmpanel/pin", path)
	case info.Mode().Perm()&0o077 != 0:
		return "", fmt.Errorf("--pin-file %s has mode %04o, so that others may read it; only 0600 is allowed: chmod 600 %s", path, info.Mode().Perm(), path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("--pin-file %s cannot be read: %w", path, errors.Unwrap(err))
	}
	pin := strings.TrimRight(string(text), "\r\n")
	if !pinDigits.MatchString(pin) {
		return "", fmt.Errorf("--pin-file %s does not hold a PIN: one line of 4 to 8 digits is allowed, for example 0000", path)
	}
	return panel.Secret(pin), nil
}

var (
	errPINWrong = errors.New("the PIN in --pin-file is wrong for this SIM card and is not tried again; put the right one into the file, or enter it in a phone and switch it off there")
	errPINMark  = errors.New("the PIN is not tried, since that could not be written to the disk before")
)

// unlock tries the PIN on a card, once: that it does is on the disk before, so that no
// crash makes it try again. A card that has taken the PIN from this process gets it
// without the disk, which may hang when the modem has reset itself.
func (p *simPIN) unlock(card string, left int, enter func(pin string) error) error {
	mac := p.key.MAC("sim pin", []byte(card), []byte(p.pin))
	key := hex.EncodeToString(mac[:])
	known := p.right == key
	if !known {
		if err := p.tries(key, left); err != nil {
			return err
		}
	}
	p.right = ""
	switch err := enter(string(p.pin)); {
	case err == nil && known:
		p.right = key
		return nil
	case err == nil:
		p.right = key
		_ = p.mark(key) // the mark that is left allows the next try all the same
		return nil
	case errors.Is(err, modem.ErrPIN):
		_ = p.mark(key, store.PINMark{Key: key, Bad: true}) // the card has counted it, which tells the same
		return errPINWrong
	default:
		return fmt.Errorf("nobody knows whether the SIM card took its PIN: %w", err)
	}
}

// tries writes down that the PIN is tried, where it may be. A try that nobody knows the
// end of is made again only where the card has not counted it.
func (p *simPIN) tries(key string, left int) error {
	marks, err := p.store.PINMarks()
	if err != nil {
		return err
	}
	n := slices.IndexFunc(marks, func(m store.PINMark) bool { return m.Key == key })
	if n >= 0 && (marks[n].Bad || left < marks[n].Left) {
		_ = p.mark(key, store.PINMark{Key: key, Bad: true})
		return errPINWrong
	}
	if err := p.mark(key, store.PINMark{Key: key, Left: left}); err != nil {
		return fmt.Errorf("%w: %w", errPINMark, err)
	}
	return nil
}

// mark puts a mark, or none, in the place of the one with that key.
func (p *simPIN) mark(key string, now ...store.PINMark) error {
	marks, err := p.store.PINMarks()
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(marks, func(m store.PINMark) bool { return m.Key == key })
	return p.store.SavePINMarks(append(others, now...))
}

// switches gives the modem what unlocks its card and what switches it off and on.
func (d *daemon) switches(m *modem.Options, st *store.Store) (err error) {
	if d.options.PinFile != "" {
		pin, err := readPIN(d.options.PinFile)
		if err != nil {
			return err
		}
		m.Unlock = (&simPIN{pin: pin, key: st.Key(), store: st}).unlock
	}
	if d.power, err = wired.OpenOutput(d.options.Power); err != nil || d.power == nil {
		return err
	}
	m.Power = modem.Power{Set: d.power.Set, Key: d.power.Key}
	if !d.power.Key { // nothing else may have switched it on
		if err := d.power.Set(context.Background(), true); err != nil {
			d.log.Error("the modem's supply cannot be switched on", "error", err)
		}
	}
	return nil
}
