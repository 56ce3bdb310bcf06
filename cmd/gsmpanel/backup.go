package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/store"
)

func (p *program) backupCommand() *cli.Command {
	return &cli.Command{
		Name: "backup", Usage: "write a copy of the database, also while the panel runs", ArgsUsage: "FILE", Category: "The household", Action: p.backup,
		Description: "FILE is for nobody's eyes but yours (0600) and is never written over. Codes in\n" +
			"it can be read with the device.key of this panel only, which no backup holds:\n" +
			"keep a copy of that in another place.",
	}
}

func (p *program) restoreCommand() *cli.Command {
	return &cli.Command{
		Name: "restore", Usage: "take over the configuration of a backup, also while the panel runs", ArgsUsage: "FILE", Category: "The household", Action: p.restore,
		Description: "Contacts, zones, remotes, settings, words and codes become those of FILE. What is\n" +
			"going on stays: the mode, open alarms and all they have to say, locks, the log.\n" +
			"Where FILE is of a panel with another device.key its codes cannot be read: the\n" +
			"codes of this panel stay, and new ones are to be made.\n" +
			"On a new board put the copy of device.key into the data directory first.",
	}
}

func (p *program) backup(c *cli.Context) error {
	args, err := wants(c, "FILE")
	if err != nil {
		return err
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		size, err := writeBackup(ctx, d, args[0])
		if err != nil {
			return err
		}
		return p.say("%s has %d KiB. Keep %s in another place: without it the codes in the backup are lost.", args[0], (size+1023)/1024, filepath.Join(c.String("data"), store.KeyFile))
	})
}

// writeBackup leaves a whole file on the disk, or none.
func writeBackup(ctx context.Context, d desk, path string) (size int64, err error) {
	var all bytes.Buffer
	err = writeOwn(path, "a backup", "gsmpanel-backup.db", func() ([]byte, error) { err := d.Backup(ctx, &all); return all.Bytes(), err })
	return int64(all.Len()), err
}

func (p *program) restore(c *cli.Context) error {
	args, err := wants(c, "FILE")
	if err != nil {
		return err
	}
	if sameFile(args[0], filepath.Join(c.String("data"), store.DatabaseFile)) {
		return broken("give a backup, for example one of those in "+filepath.Join(c.String("data"), store.BackupDir), "%s is the database of this panel itself, and no backup", args[0])
	}
	wait := p.waitFor(readingBackup)
	saved, err := store.ReadBackup(args[0])
	wait.over()
	if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
		return noFile(args[0], "read", err)
	}
	if err == nil {
		err = saved.Check() // before a lost database is made anew for it
	}
	if err != nil {
		return err
	}
	p.anew = true
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		whole, err := d.Restore(ctx, saved)
		if err != nil {
			return err
		}
		p.sayFresh(c.String("data"), d)
		return p.sayRestored(ctx, d, args[0], whole)
	})
}

func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	y, also := os.Stat(b)
	return err == nil && also == nil && os.SameFile(x, y)
}

// sayFresh says what a restore could not keep.
func (p *program) sayFresh(dir string, d desk) {
	switch {
	case !d.fresh:
	case d.aside != "":
		p.tell("warning: the database could not be used and is kept as %s; the panel begins disarmed, with an empty log", d.aside)
	default:
		p.tell("warning: there was no database in %s; the panel begins disarmed, with an empty log", dir)
	}
}

func (p *program) sayRestored(ctx context.Context, d desk, file string, whole bool) error {
	public, err := d.Public(ctx)
	if err != nil {
		return err
	}
	if !whole {
		p.warnOfCodes(file, public)
	}
	return p.say("The configuration is that of %s: %s, %s and %s. What is going on goes on.", file,
		many(len(public.Contacts), "contact"), many(len(public.Zones), "zone"), many(len(public.Remotes), "remote"))
}

func many(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// warnOfCodes asks for new codes where those of a backup cannot be read.
func (p *program) warnOfCodes(file string, public panel.Public) {
	p.tell("warning: the codes in %s were made with another device.key and cannot be read here", file)
	if len(public.Remotes) > 0 {
		p.tell("warning: try what each button of the remotes does, and add those again that you are not sure of")
	}
	if len(public.Persons) == 0 {
		p.tell("warning: nobody has a code now; make new ones with gsmpanel code add NAME")
		return
	}
	p.tell("warning: the codes that this panel had stay (%s); make new ones for everybody else with gsmpanel code add NAME", strings.Join(public.Persons, ", "))
}
