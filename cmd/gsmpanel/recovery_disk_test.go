package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// onCard moves the data of a house to an ext4 of its own, which is what a memory card has.
// It gives the file by which the kernel takes it for broken, which makes it read-only.
func (h *house) onCard() (breaks string) {
	h.Helper()
	image, card := h.path("card.img"), h.path("card")
	h.write("card.img", "", 0o600)
	if err := os.Truncate(image, 24<<20); err != nil {
		h.Fatal(err)
	}
	if err := os.Mkdir(card, 0o700); err != nil {
		h.Fatal(err)
	}
	for _, args := range [][]string{{"mkfs.ext4", "-q", "-F", image}, {"mount", "-o", "loop,errors=remount-ro", image, card}} {
		if said, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			h.Skipf("no disk of its own can be mounted here: %v: %s", err, said)
		}
	}
	h.Cleanup(func() {
		_ = exec.Command("fsfreeze", "-u", card).Run() // where a test failed while it hung
		if err := unix.Unmount(card, unix.MNT_DETACH); err != nil {
			h.Error(err)
		}
	})
	if said, err := exec.Command("cp", "-a", h.path("data"), card).CombinedOutput(); err != nil {
		h.Fatalf("%v: %s", err, said)
	}
	if err := os.RemoveAll(h.path("data")); err != nil {
		h.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(card, "data"), h.path("data")); err != nil {
		h.Fatal(err)
	}
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		h.Fatal(err)
	}
	for line := range strings.Lines(string(mounts)) {
		if device, rest, _ := strings.Cut(line, " "); strings.HasPrefix(rest, card+" ") {
			return filepath.Join("/sys/fs/ext4", filepath.Base(device), "trigger_fs_error")
		}
	}
	h.Fatalf("%s is not mounted:\n%s", card, mounts)
	return ""
}

// TestADiskThatTurnsReadOnly: a worn-out card does. What runs goes on, tells and keeps
// what it is told until it ends; what starts says how the card is replaced.
func TestADiskThatTurnsReadOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.furnish()
	h.cli("", "settings", "set", "trouble-delay", "0")
	breaks := h.onCard()
	h.start()
	if err := os.WriteFile(breaks, []byte("1"), 0o200); err != nil {
		h.Skipf("a disk cannot be made read-only here: %v", err)
	}
	const why = "disk does not take the log (it "
	got := h.asks("settings", "set", "swinger-trips", "3")
	said := strings.Replace(got.err, "(it fails)", "(it can only be read)", 1) // of a write that was on its way
	if want := "warning: " + why + "can only be read): the change holds now, and is forgotten if the panel ends before it does; " + mendTrouble["disk"] + "\n"; said != want || got.status != 0 {
		t.Errorf("a change that is not kept: %+v", got)
	}
	h.untilGot(annaNumber, "Trouble: "+why)
	h.burglary()
	if got := h.asks("settings", "get", "swinger-trips"); got.out != "3\n" {
		t.Errorf("the change does not hold: %+v", got)
	}
	h.panel.kill()

	dir := h.path("data")
	card := "gsmpanel: the disk of DIR can only be read, and the panel must write there: "
	got = h.asks("run", "--modem", h.modem, "--radio", "none")
	if said := strings.ReplaceAll(got.err, dir, "DIR"); got.status != failed || !strings.Contains(said, card) ||
		!strings.Contains(said, "hint: dmesg tells why; a card that does this is worn out: copy DIR to a new one with cp -a; for now: sudo mount -o remount,rw ") {
		t.Errorf("a panel that starts on it says %q and ends with %d", said, got.status)
	}
	if got := h.asks("status"); got.status != 0 && !strings.Contains(strings.ReplaceAll(got.err, dir, "DIR"), "the disk of DIR can only be read") {
		t.Errorf("status: %+v", got)
	}
}

// TestADiskThatHangs: nothing waits for it longer than 3 s, and when it answers again
// nothing is missing.
func TestADiskThatHangs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.furnish()
	h.cli("", "settings", "set", "trouble-delay", "0")
	h.onCard()
	h.start()
	if said, err := exec.Command("fsfreeze", "-f", h.path("card")).CombinedOutput(); err != nil {
		h.Skipf("a disk cannot be made to hang here: %v: %s", err, said)
	}
	const why = "disk does not take the log (it does not answer)"
	began := time.Now()
	got := h.asks("settings", "set", "swinger-trips", "3")
	if took := time.Since(began); !strings.HasPrefix(got.err, "warning: "+why) || got.status != 0 || took < 2*time.Second {
		t.Errorf("a change that is not kept, after %s: %+v", took, got)
	}
	h.untilGot(annaNumber, "Trouble: "+why+".")
	h.burglary()
	if said, err := exec.Command("fsfreeze", "-u", h.path("card")).CombinedOutput(); err != nil {
		h.Fatalf("%v: %s", err, said)
	}
	h.until("the disk is written again", func() bool { return strings.Contains(h.read("panel.log"), "the database is written again") })
	h.untilGot(annaNumber, "Over: disk does not take the log.")
	h.panel.kill()
	if got := h.asks("settings", "get", "swinger-trips"); got.out != "3\n" {
		t.Errorf("the change is lost: %+v", got)
	}
	if log := h.cli("", "log", "-n", "50"); strings.Count(log, "burglary: Front door") != 1 || !strings.Contains(log, why) {
		t.Errorf("the log is not whole:\n%s", log)
	}
}
