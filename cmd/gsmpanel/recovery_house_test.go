package main

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gsmpanel/gsmpanel/store"
)

// simulated starts the modem of a house and its phones.
func (h *house) simulated() {
	h.sim = startFor(h.T, h.path("simulate.log"), nil, shipped, "simulate", "--link", h.modem, "--control", h.phones, "--send-time", "100ms")
	h.ready("simulate.log")
}

// asks is a command of which all is looked at that it says.
func (h *house) asks(args ...string) heard { return ran(h.path("data"), 0, args...) }

// TestForgottenCodes: root makes a new code while no panel runs, and all are told when one does. While a
// house was set up nobody was.
func TestForgottenCodes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.furnish()
	h.simulated()
	h.startPanel()
	h.cli("", "arm")
	h.until("the panel is armed", func() bool { return h.state() == "armed_away" })
	h.stop()
	if said := h.cli("", "code", "remove", "Anna"); said != "Anna has no code any more. Once a panel has been armed, everybody on its list is texted that.\n" {
		t.Errorf("it says %q", said)
	}
	if said := h.cli(houseNew+"\n", "code", "add", "Anna"); !strings.HasSuffix(said, "The new code of Anna holds.\n") {
		t.Errorf("it says %q", said)
	}
	if got := h.phone(benNumber).received(); len(got) != 0 {
		t.Errorf("before that Ben has got %q", got)
	}
	h.startPanel()
	for _, number := range []string{annaNumber, benNumber, cleoNumber} {
		h.untilGot(number, ": the codes of Anna were removed at the panel. If nobody told you why, ask in person, not by phone.")
		h.untilGot(number, ": Anna got a code at the panel. If nobody told you why, ask there in person, not by phone.")
	}
	h.anna(houseNew + " DISARM")
	h.untilGot(annaNumber, "Disarmed.")
	h.stop()
}

// houseNew is a code that is not near any other of the house.
const houseNew = "915264"

// sparse copies a file without the pages that were never written: a full disk has none for them.
func sparse(t *testing.T, from, to string) {
	t.Helper()
	all, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const page = 4096
	for at := 0; at < len(all); at += page {
		if b := all[at:min(at+page, len(all))]; len(bytes.Trim(b, "\x00")) > 0 {
			if _, err := f.WriteAt(b, int64(at)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.Truncate(int64(len(all))); err != nil {
		t.Fatal(err)
	}
}

// fill takes all that is left of a disk.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for {
		if _, err := f.Write(make([]byte, 4096)); err != nil {
			return
		}
	}
}

// onSmallDisk moves the data of a house to a disk of its own.
func (h *house) onSmallDisk() {
	h.Helper()
	whole := h.path("data")
	disk := h.path("disk")
	if err := os.Mkdir(disk, 0o700); err != nil {
		h.Fatal(err)
	}
	if err := unix.Mount("disk", disk, "tmpfs", 0, "size=1200k"); err != nil {
		h.Skipf("a small disk cannot be mounted here: %v", err)
	}
	h.Cleanup(func() { _ = unix.Unmount(disk, unix.MNT_DETACH) })
	if err := os.Mkdir(filepath.Join(disk, "data"), 0o700); err != nil {
		h.Fatal(err)
	}
	for _, name := range []string{store.KeyFile, store.MarkerFile, store.DatabaseFile} {
		sparse(h.T, filepath.Join(whole, name), filepath.Join(disk, "data", name))
	}
	if err := os.RemoveAll(whole); err != nil {
		h.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(disk, "data"), whole); err != nil {
		h.Fatal(err)
	}
}

// changes the exit delay until that is refused, or the panel warns.
func (h *house) changes(stop func(heard) bool) (last int, said heard) {
	h.Helper()
	for n := 31; n < 90; n++ {
		if said = h.asks("settings", "set", "exit-delay", strconv.Itoa(n)); stop(said) {
			return n, said
		}
	}
	h.Fatalf("the disk never got full: %+v", said)
	return 0, said
}

// TestAFullDisk: a command says why, and nothing that held is lost; a panel starts on it, goes on, tells and
// mends itself.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.cli("", "contact", "add", "Anna", annaNumber, "--control", "--quiet")
	h.cli("", "settings", "set", "trouble-delay", "0")
	h.onSmallDisk()
	h.write("data/"+confFile, "the list of an older program", 0o600)
	fill(t, h.path("disk/full"))
	dir := h.path("data")
	before := h.asks("settings", "get", "exit-delay").out
	n, got := h.changes(func(got heard) bool { return got.status != 0 })
	says(t, dir, got, "gsmpanel: the disk of DIR is full: storing in DIR/gsmpanel.db: write DIR/gsmpanel.db: no space left on device",
		"hint: make room there; df -h DIR shows how full it is, and sudo journalctl --vacuum-size=50M empties old logs", "settings set")
	if n > 31 {
		before = strconv.Itoa(n-1) + "\n"
	}
	if got := h.asks("settings", "get", "exit-delay"); got.out != before {
		t.Errorf("it was %s, and now %+v", before, got)
	}

	h.simulated()
	h.startPanel()
	const full = "disk does not take the log (it is full)"
	last, got := h.changes(func(got heard) bool { return got.err != "" })
	if want := "warning: " + full + ": the change holds now, and is forgotten if the panel ends before it does; " + mendTrouble["disk"] + "\n"; got.err != want || got.status != 0 {
		t.Errorf("a change that is not kept: %+v", got)
	}
	h.untilGot(annaNumber, "Trouble: "+full+".")
	for _, line := range []string{"Trouble since ", full} {
		if out := h.cli("", "status"); !strings.Contains(out, line) {
			t.Errorf("status has no %q:\n%s", line, out)
		}
	}
	if out := h.cli("", "doctor"); !strings.Contains(strings.Join(strings.Fields(out), " "), "warning trouble "+full) {
		t.Errorf("doctor:\n%s", out)
	}
	if h.read("data/"+confFile) != "the list of an older program" {
		t.Error("the receiver has no decoder list any more")
	}
	if n := strings.Count(h.read("panel.log"), "cannot write the database"); n != 1 {
		t.Errorf("the daemon's log says it %d times:\n%s", n, h.read("panel.log"))
	}

	if err := os.Remove(h.path("disk/full")); err != nil {
		t.Fatal(err)
	}
	h.until("the disk is written again", func() bool { return strings.Contains(h.read("panel.log"), "the database is written again") })
	h.untilGot(annaNumber, "Over: disk does not take the log.")
	h.panel.kill()
	if got := h.asks("settings", "get", "exit-delay"); got.out != strconv.Itoa(last)+"\n" {
		t.Errorf("it was %d, and after kill -9 %+v", last, got)
	}
}

// TestASecondPanel: on the same data it says so and ends; on the same modem it waits for it. What one leaves that was killed is
// in nobody's way.
func TestASecondPanel(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.cli("", "contact", "add", "Anna", annaNumber, "--control", "--quiet")
	h.simulated()
	h.startPanel()
	says(t, h.path("data"), h.asks("run", "--modem", h.modem, "--radio", "none"),
		"gsmpanel: opening the data directory DIR: it is in use by another gsmpanel; give the command to the running one, or stop that first",
		"hint: wait a moment and try again; a panel that is starting or stopping, or another command, holds it", "run")
	other := startFor(t, h.path("other.log"), nil, shipped, "run", "--data", h.path("other"), "--modem", h.modem, "--radio", "none")
	h.until("the other one has said why", func() bool {
		return strings.Contains(h.read("other.log"), `reason="the modem's port `+h.modem+` is used by another gsmpanel; stop that one first"`)
	})
	h.panel.kill()
	if _, err := os.Lstat(h.path("data/" + socketName)); err != nil {
		t.Fatalf("nothing is left behind: %v", err)
	}
	if got := h.asks("status"); !strings.HasPrefix(got.err, "The panel is not running; this is how it stood last.\n") || got.status != 0 {
		t.Errorf("beside what it left: %+v", got)
	}
	other.kill()
	h.startPanel()
	h.stop()
}

// TestAModemOfSomebodyElses: who may not open the modem's port is told how.
func TestAModemOfSomebodyElses(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can be somebody else")
	}
	dir := cloned(t, wholeHouse(t))
	for _, name := range []string{".", store.KeyFile, store.DatabaseFile, store.MarkerFile} {
		if err := os.Chown(filepath.Join(dir, name), nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	port := filepath.Join(dir, "..", "ttyUSB0")
	if err := os.WriteFile(port, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := as(nobody, dir, "run", "--modem", port, "--radio", "none")
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = cmd.Process.Kill(), cmd.Wait() }()
	want := strings.ReplaceAll("user NOBODY may not open the modem's port "+port+"; its group may: sudo usermod -aG dialout NOBODY, then start the panel anew", "NOBODY", userName(nobody))
	for lines := bufio.NewScanner(said); lines.Scan() && lines.Text() != "ready"; { // which it says without a modem too, after a while
		if strings.Contains(lines.Text(), want) {
			return
		}
	}
	t.Errorf("it never said %q", want)
}
