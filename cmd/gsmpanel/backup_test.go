package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gsmpanel/gsmpanel/panel"
)

// copier is a panel of which there is nothing but a copy.
type copier struct{ panel.Desk }

func (copier) Backup(_ context.Context, w io.Writer) error {
	_, err := w.Write(make([]byte, 100<<10))
	return err
}

// A stick that is full, or that may only be read: words to act on, and no half file.
func TestBackupOntoAStick(t *testing.T) {
	for _, c := range []struct {
		name  string
		flags uintptr
		says  string
		hint  string
	}{
		{"full", 0, "b.db cannot be written: no space left on device", "make room there, or give a file on another disk"},
		{"read-only", unix.MS_RDONLY, "b.db cannot be written: read-only file system", "give a file on another disk: this one may only be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			stick := t.TempDir()
			if err := unix.Mount("stick", stick, "tmpfs", c.flags, "size=64k"); err != nil {
				t.Skipf("a stick cannot be mounted here: %v", err)
			}
			defer func() { _ = unix.Unmount(stick, unix.MNT_DETACH) }()
			_, err := writeBackup(t.Context(), desk{Desk: copier{}}, filepath.Join(stick, "b.db"))
			f, ok := err.(*failure)
			if !ok || !strings.HasSuffix(f.sentence, c.says) || f.hint != c.hint {
				t.Errorf("%v", err)
			}
			if left, err := os.ReadDir(stick); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}
