package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/store"
)

// mended says how a data directory that cannot be opened is put right: the same to
// whoever starts the panel and to every command.
func mended(dir string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrInUse):
		return broken("wait a moment and try again; a panel that is starting or stopping, or another command, holds it", "%w", err)
	case errors.Is(err, fs.ErrPermission):
		return denied(dir, err, false)
	case errors.Is(err, syscall.EROFS):
		return broken(fmt.Sprintf("dmesg tells why; a card that does this is worn out: copy %s to a new one with cp -a; for now: sudo mount -o remount,rw %s", dir, mountOf(dir)),
			"the disk of %s can only be read, and the panel must write there: %w", dir, err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return broken("make room there; df -h "+dir+" shows how full it is, and sudo journalctl --vacuum-size=50M empties old logs",
			"the disk of %s is full: %w", dir, err)
	case errors.Is(err, store.ErrKey):
		return broken(fmt.Sprintf("sudo install -m 600 -o $(stat -c %%U %s) COPY %s; without a copy, the README says how all but the codes comes back (a lost key)", dir, filepath.Join(dir, store.KeyFile)), "%w", err)
	case store.NeedsBackup(err):
		return broken(wayBack(dir), "%w", err)
	}
	return err
}

// started is mended for who starts the panel.
func started(dir string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return denied(dir, err, true)
	}
	return mended(dir, err)
}

// wayBack names the newest of the panel's own backups that can be restored.
func wayBack(dir string) string {
	restoring := "sudo gsmpanel restore"
	if dir != defaultData {
		restoring = "sudo gsmpanel --data " + dir + " restore"
	}
	path, made, ok := store.LastBackup(dir)
	if !ok {
		return fmt.Sprintf("%s has no backup that can be used; put back a copy of the data directory, or restore a backup that you keep elsewhere: %s FILE", filepath.Join(dir, store.BackupDir), restoring)
	}
	return fmt.Sprintf("the newest good backup is of %s: %s %s; it keeps what is damaged under another name", made.Format("2 Jan 2006 15:04"), restoring, path)
}

// denied says whose the directory is, and who asks. Only who starts the panel may want to have it.
func denied(dir string, err error, starting bool) error {
	me, path := userName(os.Geteuid()), dir
	var at *fs.PathError
	if errors.As(err, &at) {
		path = at.Path
	}
	hint := fmt.Sprintf("sudo chown -R %s: %s", me, dir)
	switch owner, known := ownerOf(dir); {
	case known && owner != me && starting:
		hint = fmt.Sprintf("it belongs to %s; if the panel is to run as %s: %s", owner, me, hint)
	case known && owner != me:
		hint = fmt.Sprintf("it belongs to %s; use sudo", owner)
	case !known:
		hint = "use sudo"
	}
	return broken(hint, "user %s may not use %s: %w", me, path, fs.ErrPermission)
}

func ownerOf(path string) (name string, known bool) {
	info, err := os.Stat(path)
	if err != nil {
		return "", false
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "", false
	}
	return userName(int(owner.Uid)), true
}

func userName(uid int) string {
	id := strconv.Itoa(uid)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}

// mountOf is where the file system is mounted that dir lies on.
func mountOf(dir string) string {
	at, err := filepath.Abs(dir)
	if err != nil {
		return dir
	}
	for at != "/" {
		above := filepath.Dir(at)
		if device(at) != device(above) {
			break
		}
		at = above
	}
	return at
}

func device(path string) uint64 {
	var s unix.Stat_t
	_ = unix.Stat(path, &s) // what is not there has none
	return uint64(s.Dev)
}

// onDisk is a running panel that says whether its disk takes what is changed.
type onDisk struct {
	panel.Desk
	p *program
}

func (k onDisk) Edit(ctx context.Context, e panel.Edit) error {
	return k.noted(k.Desk.Edit(ctx, e))
}

func (k onDisk) Codes(ctx context.Context, r panel.CodeRequest, progress func(done, total int)) error {
	return k.noted(k.Desk.Codes(ctx, r, progress))
}

func (k onDisk) Restore(ctx context.Context, s panel.Saved) (bool, error) {
	whole, err := k.Desk.Restore(ctx, s)
	return whole, k.noted(err)
}

// noted warns of a change that a restart would forget.
func (k onDisk) noted(err error) error {
	if n := (panel.NotKept{}); errors.As(err, &n) {
		k.p.tell("warning: %s: the change holds now, and is forgotten if the panel ends before it does; %s", n, mendTrouble[panel.DiskTrouble])
		return nil
	}
	return err
}
