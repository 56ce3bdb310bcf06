package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// bbolt says that a file could not be resized, and not that its disk can only be read.
func TestADiskThatCanOnlyBeReadIsNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "file", nil)
	s := &Store{}
	said := errors.New("file resize error: truncate: a reason")
	for _, readOnly := range []bool{false, true} {
		if readOnly {
			if err := errors.Join(unix.Mount(dir, dir, "", unix.MS_BIND, ""), unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY, "")); err != nil {
				t.Skipf("nothing can be mounted here: %v", err)
			}
			defer func() { _ = unix.Unmount(dir, unix.MNT_DETACH) }()
		}
		f, err := os.Open(filepath.Join(dir, "file"))
		if err != nil {
			t.Fatal(err)
		}
		s.file = f
		if got := s.whyNot(said); errors.Is(got, unix.EROFS) != readOnly || !errors.Is(got, said) {
			t.Errorf("read-only %v: %v", readOnly, got)
		}
		if err := s.whyNot(nil); err != nil {
			t.Error(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
