package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/store"
)

// machineClock says whether the kernel holds the clock for set by NTP or a
// clock chip (adjtimex(2): TIME_ERROR is a clock that is not).
func machineClock() bool {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	return err == nil && state != unix.TIME_ERROR
}

// Before that year no board that runs this had a set clock.
const oldest = 2025

func checkClock(o panel.Outward, now time.Time, running, set bool) check {
	const mend = "set the clock, for example with timedatectl set-ntp true; without it the age of a text is not known"
	switch {
	case now.Year() < oldest:
		return bad("clock", worry, mend, "it says %s", now.Format(time.DateOnly))
	case running && !o.Time.IsZero() && now.Sub(o.Time).Abs() > 10*time.Minute:
		return bad("clock", worry, "look at gsmpanel log; if this goes on, start the panel anew", "the panel last moved at %s by its own clock", o.Time.UTC().Format(time.RFC3339))
	case !set:
		return bad("clock", worry, mend, "the kernel does not hold it for set")
	}
	return good("clock", "set")
}

// checkFiles looks whether others could read or replace what is secret.
func checkFiles(dir string) check {
	for _, f := range []struct {
		name string
		open fs.FileMode // permissions it must not have
	}{
		{".", 0o022}, {store.KeyFile, 0o077}, {store.DatabaseFile, 0o077}, {socketName, 0o007},
	} {
		path := filepath.Join(dir, f.name)
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) && f.name == socketName {
			continue
		}
		if err != nil {
			return bad("permissions", worry, "run doctor as the user of the panel, for example with sudo", "cannot look at %s", path)
		}
		if open := info.Mode().Perm() & f.open; open != 0 {
			return bad("permissions", worry, fmt.Sprintf("chmod %#o %s", info.Mode().Perm()&^f.open, path), "%s has mode %#o and is open to others", path, info.Mode().Perm())
		}
	}
	return good("permissions", "only its owner can read %s", dir)
}

const enoughDisk = 32 << 20 // bytes; the database of years has a third of it

func checkDisk(dir string) check {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return bad("disk", worry, "look at the disk", "cannot look at the disk of %s: %v", dir, err)
	}
	free := s.Bavail * uint64(s.Bsize)
	if free < enoughDisk {
		return bad("disk", worry, "make room", "only %d MB are free", free>>20)
	}
	return good("disk", "%d MB are free", free>>20)
}
