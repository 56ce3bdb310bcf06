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
	free, err := store.FreeOn(dir)
	if err != nil {
		return bad("disk", worry, "look at the disk", "cannot look at the disk of %s: %v", dir, err)
	}
	if free < enoughDisk {
		return bad("disk", worry, mendTrouble[panel.FullTrouble], "only %d MB are free", free>>20)
	}
	return good("disk", "%d MB are free", free>>20)
}

// backupAge is how old the panel's last backup may be: one a night, and a night off.
const backupAge = 60 * time.Hour

// checkBackup looks whether the panel's own backups are made, and can be read.
func checkBackup(dir string, now time.Time) check {
	const mend = "look at what the panel says about it (journalctl -u gsmpanel), and make one by gsmpanel backup FILE"
	if _, err := os.ReadDir(filepath.Join(dir, store.BackupDir)); errors.Is(err, fs.ErrPermission) {
		return bad("backup", worry, "run doctor as the user of the panel, for example with sudo", "cannot look at %s", filepath.Join(dir, store.BackupDir))
	}
	path, made, ok := store.LastBackup(dir)
	if !ok {
		key, err := os.Stat(filepath.Join(dir, store.KeyFile)) // as old as the panel
		if err == nil && now.Sub(key.ModTime()) > backupAge {
			return bad("backup", worry, mend, "the panel has made none")
		}
		return good("backup", "none yet; one is made each night")
	}
	if now.Sub(made) > backupAge {
		return bad("backup", worry, mend, "the last one that can be read is of %s", made.Format(time.DateOnly))
	}
	return good("backup", "%s can be read", path)
}
