package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/store"
)

func TestWhatIsAPINFile(t *testing.T) {
	for _, c := range []struct {
		name, text string
		mode       fs.FileMode
		want       string // of the error
	}{
		{"four digits", "4711\n", 0o600, ""}, {"eight digits, no line end", "47114711", 0o600, ""}, {"DOS", "4711\r\n", 0o400, ""},
		{"three digits", "471", 0o600, "one line of 4 to 8 digits"}, {"nine digits", "471147114", 0o600, "one line of 4 to 8 digits"},
		{"words", "my PIN", 0o600, "one line of 4 to 8 digits"}, {"two lines", "4711\n4712\n", 0o600, "one line of 4 to 8 digits"},
		{"empty", "", 0o600, "one line of 4 to 8 digits"}, {"open to the group", "4711", 0o640, "chmod 600"}, {"open to all", "4711", 0o644, "chmod 600"},
	} {
		path := filepath.Join(t.TempDir(), "pin")
		if err := errors.Join(os.WriteFile(path, []byte(c.text), 0o600), os.Chmod(path, c.mode)); err != nil {
			t.Fatal(err)
		}
		pin, err := readPIN(path)
		switch {
		case c.want == "" && (err != nil || string(pin) != strings.TrimRight(c.text, "\r\n")):
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		case err != nil && strings.Contains(err.Error(), "471"):
			t.Errorf("%s: the error holds the PIN", c.name)
		}
	}
	if _, err := readPIN(filepath.Join(t.TempDir(), "none")); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// card is a SIM with a PIN, and a board whose panel may crash while it tries it.
type card struct {
	pin     string
	left    int
	tried   int
	crashes string // "before" the card has counted a try, or "after" it
}

var errCrash = errors.New("crash")

func (c *card) enter(pin string) error {
	if c.tried++; c.crashes == "before" {
		panic(errCrash)
	}
	right := pin == c.pin
	if c.left--; right {
		c.left = 3
	}
	switch {
	case c.crashes == "after":
		panic(errCrash)
	case right:
		return nil
	}
	return modem.ErrPIN
}

// starts is the panel's start with a PIN, which ends in a crash or not.
func (c *card) starts(st *store.Store, pin panel.Secret, number string) (err error) {
	defer func() {
		if caught := recover(); caught != nil {
			err = errCrash
		}
	}()
	if c.left < 2 {
		return errors.New("too few tries") // as the modem has it
	}
	return (&simPIN{pin: pin, key: st.Key(), store: st}).unlock(number, c.left, c.enter)
}

// A panel that crashes and starts again for ever tries a wrong PIN once.
func TestACrashLoopBurnsOneTry(t *testing.T) {
	t.Parallel()
	st, err := store.Open(t.TempDir(), store.Options{Cost: fastCost})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	play := func(c *card, number string, pin panel.Secret) (last error) {
		for range 20 {
			last = c.starts(st, pin, number)
		}
		return last
	}
	for n, crashes := range []string{"", "after"} {
		c := &card{pin: "4711", left: 3, crashes: crashes}
		if err := play(c, fmt.Sprint("wrong", n), "4712"); c.left != 2 || c.tried != 1 || !errors.Is(err, errPINWrong) {
			t.Errorf("crash %q: tried %d times, %d are left: %v", crashes, c.tried, c.left, err)
		}
		c.crashes = ""
		if err := play(c, fmt.Sprint("wrong", n), "4711"); err != nil || c.left != 3 {
			t.Errorf("crash %q: then the right one: %v", crashes, err)
		}
		if err := play(c, fmt.Sprint("wrong", n), "4712"); !errors.Is(err, errPINWrong) || c.left != 3 {
			t.Errorf("crash %q: the wrong one again, with three tries: %v, %d are left", crashes, err, c.left)
		}
	}
	for _, crashes := range []string{"", "before", "after"} {
		c := &card{pin: "4711", left: 3, crashes: crashes}
		_ = play(c, "right"+crashes, "4711")
		c.crashes = ""
		if err := play(c, "right"+crashes, "4711"); err != nil || c.left != 3 {
			t.Errorf("crash %q of the right PIN: %v", crashes, err)
		}
	}
	other := &card{pin: "0815", left: 3} // the same PIN on another card
	if err := play(other, "other", "4712"); other.tried != 1 || !errors.Is(err, errPINWrong) {
		t.Errorf("another card was tried %d times: %v", other.tried, err)
	}
}

// What can not be written down before is not tried.
func TestWithoutADiskNoPINIsTried(t *testing.T) {
	dir := t.TempDir()
	st, err := store.Open(dir, store.Options{Cost: fastCost})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if err := os.Mkdir(filepath.Join(dir, store.PINFile+".new"), 0o700); err != nil {
		t.Fatal(err)
	}
	c := &card{pin: "4711", left: 3}
	if err := c.starts(st, "4711", "1"); !errors.Is(err, errPINMark) || c.tried != 0 {
		t.Errorf("tried %d times: %v", c.tried, err)
	}
	if err := os.WriteFile(filepath.Join(dir, store.PINFile), []byte("["), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.starts(st, "4711", "1"); err == nil || c.tried != 0 {
		t.Errorf("with a damaged file it was tried %d times: %v", c.tried, err)
	}
}

// A card that has taken the PIN gets it again without the disk, when the modem has
// reset itself while that hangs; a wrong one is tried once all the same.
func TestAResetNeedsNoDisk(t *testing.T) {
	dir := t.TempDir()
	st, err := store.Open(dir, store.Options{Cost: fastCost})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	p := &simPIN{pin: "4711", key: st.Key(), store: st}
	c := &card{pin: "4711", left: 3}
	if err := p.unlock("1", c.left, c.enter); err != nil {
		t.Fatal(err)
	}
	c.left = 2 // somebody has tried another in a phone
	if err := (&simPIN{pin: "4711", key: st.Key(), store: st}).unlock("1", c.left, c.enter); err != nil {
		t.Errorf("after a start: %v", err)
	}
	blocked := filepath.Join(dir, store.PINFile+".new")
	if err := os.Mkdir(blocked, 0o700); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := p.unlock("1", c.left, c.enter); err != nil {
			t.Error(err)
		}
	}
	if err := p.unlock("2", c.left, c.enter); !errors.Is(err, errPINMark) {
		t.Errorf("another card: %v", err)
	}
	_ = os.Remove(blocked)
	if err := p.unlock("1", c.left, c.enter); err != nil {
		t.Error(err)
	}
	c.pin, c.tried = "0815", 0 // somebody has changed it in a phone
	for range 3 {
		if err := p.unlock("1", c.left, c.enter); !errors.Is(err, errPINWrong) || c.tried != 1 {
			t.Errorf("tried %d times: %v", c.tried, err)
		}
	}
}

// The real panel, killed and started again: one try, and the PIN on no surface.
func TestAKilledPanelTriesAPINOnce(t *testing.T) {
	t.Parallel()
	const wrong = "482913"
	var tries atomic.Int32
	sim := simulator.New(simulator.Options{Wire: func(_ time.Time, fromModem bool, b []byte) {
		if !fromModem && strings.Contains(string(b), "AT+CPIN=") {
			tries.Add(1)
		}
	}})
	defer sim.Close()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	line, err := sim.PTY(path("modem"))
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	if err := errors.Join(sim.Fault(simulator.Fault{Name: "sim-pin", Code: 4711}), os.WriteFile(path("pin"), []byte(wrong+"\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for n := range 2 {
		said := path(fmt.Sprint("said", n))
		p := startFor(t, said, []string{"GSMPANEL_TRACE=" + path("trace")}, shipped, "run", "--data", path("data"), "--modem", path("modem"), "--radio", "none", "--pin-file", path("pin"))
		for end := time.Now().Add(mostWait); ; time.Sleep(20 * time.Millisecond) {
			text, _ := os.ReadFile(said)
			if strings.Contains(string(text), "is wrong for this SIM card") {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("it did not find that the PIN is wrong:\n%s", text)
			}
		}
		p.kill()
	}
	if n := tries.Load(); n != 1 {
		t.Errorf("it was tried %d times", n)
	}
	files := []string{path("said0"), path("said1"), path("trace")}
	_ = filepath.WalkDir(path("data"), func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, p)
		}
		return err
	})
	if !slices.Contains(files, path("data/"+store.PINFile)) {
		t.Errorf("no %s among %q", store.PINFile, files)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if what := found(text, codeNeedles(wrong)); len(what) > 0 {
			t.Errorf("%s holds %q", name, what)
		}
	}
}
