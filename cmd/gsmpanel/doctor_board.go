package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/store"
)

const setClock = "set the clock, for example with timedatectl set-ntp true; without it the age of a text is not known"

func checkClock(o panel.Outward, now time.Time, running, set bool) check {
	if running {
		set = o.ClockSet
	}
	switch {
	case now.Year() < firstYear:
		return bad("clock", worry, setClock, "it says %s", now.Format(time.DateOnly))
	case running && !o.Time.IsZero() && now.Sub(o.Time).Abs() > 10*time.Minute:
		return bad("clock", worry, "look at gsmpanel log; if this goes on, start the panel anew", "the panel last moved at %s by its own clock", o.Time.UTC().Format(time.RFC3339))
	case !set:
		return bad("clock", worry, setClock, "neither a clock chip nor a time server nor the mobile network has set it")
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

func checkDisk(dir string) check {
	free, err := freeOn(dir)
	if err != nil {
		return bad("disk", worry, "look at the disk", "cannot look at the disk of %s: %v", dir, err)
	}
	if free < enoughDisk {
		return bad("disk", worry, mendTrouble[panel.FullTrouble], "only %d MB are free", free>>20)
	}
	return good("disk", "%d MB are free", free>>20)
}
