package modem_test

import (
	"context"
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

// A port that is not there yet, as that of a stick which is plugged in later, is taken
// up by its name when it appears.
func TestAPortThatAppearsLater(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Options{})
	defer sim.Close()
	link := filepath.Join(t.TempDir(), "usb-Silicon_Labs-if00-port0")
	m := modem.New(modem.Options{Open: modem.Serial(link, 115200), Baud: 115200})
	ctx, cancel := context.WithCancel(t.Context())
	events := make(chan modem.Event, 100)
	done := make(chan error, 1)
	go func() { done <- m.Run(ctx, func(e modem.Event) { events <- e }) }()
	defer func() {
		cancel()
		<-done
	}()
	var told []string
	plugged := false
	for limit := time.After(time.Minute); ; {
		select {
		case e := <-events:
			told = append(told, describe(e))
			if _, up := e.(modem.Up); up {
				if got := strings.Join(told, "\n"); !strings.Contains(got, "is it plugged in?") || strings.Contains(got, restarted) {
					t.Errorf("told was\n%s", got)
				}
				return
			}
			if _, down := e.(modem.Down); down && !plugged {
				plugged = true
				p, err := sim.PTY(link)
				if err != nil {
					t.Fatal(err)
				}
				defer p.Close()
			}
		case <-limit:
			t.Fatalf("not up; told was\n%s", strings.Join(told, "\n"))
		}
	}
}
