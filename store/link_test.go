package store

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Who may write to the directory could lay a link there, and wait for root to write
// through it, or to give away what it leads to.
func TestALinkIsNotFollowed(t *testing.T) {
	dir, other := t.TempDir(), filepath.Join(t.TempDir(), "of somebody else")
	if err := os.WriteFile(other, []byte("theirs"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(other, filepath.Join(dir, PINFile+unfinished)); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(dir, PINFile, []byte("ours")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{other: "theirs", filepath.Join(dir, PINFile): "ours"} {
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s has %q (%v), want %q", path, got, err, want)
		}
	}
	if os.Geteuid() != 0 {
		t.Skip("only root gives files away")
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(other, link); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	if err := chownLike(link, dir); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(other)
	if err != nil {
		t.Fatal(err)
	}
	if owner := info.Sys().(*syscall.Stat_t).Uid; owner != 0 {
		t.Errorf("what the link leads to belongs to %d", owner)
	}
}
