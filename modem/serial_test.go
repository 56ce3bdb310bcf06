package modem_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// pty is a simulated modem on a pseudo-terminal, in real time.
func pty(t *testing.T) (*simulator.Modem, string) {
	t.Helper()
	sim := simulator.New(simulator.Options{SendTime: 100 * time.Millisecond})
	t.Cleanup(func() { _ = sim.Close() })
	link := filepath.Join(t.TempDir(), "modem")
	p, err := sim.PTY(link)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return sim, link
}

func TestAModemOnATTY(t *testing.T) {
	sim, link := pty(t)
	m := modem.New(modem.Options{Open: modem.Serial(link, 115200)})
	ctx, cancel := context.WithCancel(t.Context())
	events := make(chan modem.Event, 100)
	done := make(chan error, 1)
	go func() { done <- m.Run(ctx, func(e modem.Event) { events <- e }) }()
	defer func() {
		cancel()
		<-done
	}()
	await := func(is func(modem.Event) bool) {
		t.Helper()
		for limit := time.After(20 * time.Second); ; {
			select {
			case e := <-events:
				if is(e) {
					return
				}
			case <-limit:
				t.Fatal("not told in 20 s")
			}
		}
	}
	up := func(epoch uint64) func(modem.Event) bool {
		return func(e modem.Event) bool { u, ok := e.(modem.Up); return ok && u.Epoch == epoch }
	}
	await(up(1))
	if _, err := m.Send(ctx, modem.Text{To: anna, Body: "over a tty"}); err != nil {
		t.Fatal(err)
	}
	_ = sim.Text(anna, "back")
	await(func(e modem.Event) bool { r, ok := e.(modem.Received); return ok && r.Body == "back" })
	_ = sim.Fault(simulator.Fault{Name: "unplug", For: 100 * time.Millisecond})
	await(func(e modem.Event) bool { _, ok := e.(modem.Down); return ok })
	await(up(2))
	if _, err := m.Send(ctx, modem.Text{To: anna, Body: "plugged in again"}); err != nil {
		t.Fatal(err)
	}
}

func TestAPortIsOursAlone(t *testing.T) {
	_, link := pty(t)
	open := modem.Serial(link, 115200)
	first, err := open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(); err == nil || !strings.Contains(err.Error(), "used by another") {
		t.Errorf("a second opening returned %v", err)
	}
	target, err := filepath.EvalSymlinks(link)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("sh", "-c", "ls -l /proc/self/fd").CombinedOutput()
	if err != nil || strings.Contains(string(out), target) {
		t.Errorf("a child has the port (%v):\n%s", err, out)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	again, err := open()
	if err != nil {
		t.Fatalf("after Close: %v", err)
	}
	_ = again.Close()
}

// The library's port would write into whatever file has its descriptor next.
func TestNothingIsWrittenAfterClose(t *testing.T) {
	_, link := pty(t)
	port, err := modem.Serial(link, 115200)()
	if err != nil {
		t.Fatal(err)
	}
	read := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, port)
		read <- err
	}()
	time.Sleep(50 * time.Millisecond)
	if err := errors.Join(port.Close(), port.Close()); err != nil {
		t.Error(err)
	}
	select {
	case err := <-read:
		if err == nil {
			t.Error("Read ended without an error")
		}
	case <-time.After(5 * time.Second):
		t.Error("Close did not end Read")
	}
	var files []string
	for range 16 { // one of them gets the descriptor
		f, err := os.CreateTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		files = append(files, f.Name())
	}
	if n, err := port.Write([]byte("AT+CMGS=23\r")); err == nil || n != 0 {
		t.Errorf("Write returned %d, %v", n, err)
	}
	for _, name := range files {
		if b, _ := os.ReadFile(name); len(b) > 0 {
			t.Errorf("%q was written to a file", b)
		}
	}
}

func TestAPortThatIsNotThereIsTold(t *testing.T) {
	_, err := modem.Serial("/dev/ttyNOPE", 9600)()
	if err == nil || !strings.Contains(err.Error(), "/dev/ttyNOPE") || !strings.Contains(err.Error(), "plugged in") {
		t.Errorf("got %v", err)
	}
}

// A tty whose other end takes nothing must not hold up its writer for ever.
func TestAWriteThatIsNotTakenEnds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 5 s")
	}
	t.Parallel()
	master, slave := stuck(t)
	defer master.Close()
	port, err := modem.Serial(slave, 115200)()
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	began := time.Now()
	_, err = port.Write(make([]byte, 1<<20))
	if err == nil || time.Since(began) > 8*time.Second {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
}
