package main

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
)

// heardBy is a socket such as systemd's, and what was said to it.
type heardBy struct {
	*testing.T
	path string
	conn *net.UnixConn
}

func listenAsSystemd(t *testing.T) *heardBy {
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &heardBy{t, path, conn}
}

// next is what is said next, "" if nothing is for so long.
func (h *heardBy) next(patience time.Duration) string {
	h.Helper()
	if err := h.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		h.Fatal(err)
	}
	b := make([]byte, 256)
	n, err := h.conn.Read(b)
	if err != nil && !os.IsTimeout(err) {
		h.Fatal(err)
	}
	return string(b[:n])
}

// until reads on until something is said, and returns all that was.
func (h *heardBy) until(want string) (said []string) {
	h.Helper()
	for {
		switch now := h.next(mostWait); now {
		case "":
			h.Fatalf("%s is not said; said was %q", want, said)
		case want:
			return append(said, now)
		default:
			said = append(said, now)
		}
	}
}

// The real daemon, without a modem, tells that it lives before it is ready and after,
// and that it stops; nothing else.
func TestSystemdIsTold(t *testing.T) {
	t.Parallel()
	h := listenAsSystemd(t)
	dir := t.TempDir()
	env := []string{"NOTIFY_SOCKET=" + h.path, "WATCHDOG_USEC=200000"}
	p := startFor(t, filepath.Join(dir, "log"), env, shipped, "run", "--data", filepath.Join(dir, "data"), "--modem", filepath.Join(dir, "no-modem"), "--radio", "none")
	said := h.until("WATCHDOG=1")
	said = append(said, h.until("READY=1")...)
	said = append(said, h.until("WATCHDOG=1")...)
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	said = append(said, h.until("STOPPING=1")...)
	select { // not p.stop: a second signal ends it at once
	case <-p.gone:
	case <-time.After(mostWait):
		t.Fatal("it does not end")
	}
	if p.ended != nil {
		t.Error(p.ended)
	}
	slices.Sort(said)
	if got := slices.Compact(said); !slices.Equal(got, []string{"READY=1", "STOPPING=1", "WATCHDOG=1"}) {
		t.Errorf("systemd was told %q", got)
	}
}

// A real daemon whose loop is stuck starves its watchdog. It is stuck by a standard
// error that takes no more: what the database fails with goes there.
func TestAStuckDaemonStarvesItsWatchdog(t *testing.T) {
	if os.Getenv("GSMPANEL_WATCHDOG") == "" {
		t.Skip("takes two minutes; GSMPANEL_WATCHDOG=1 runs it")
	}
	t.Parallel()
	h := listenAsSystemd(t)
	dir := t.TempDir()
	pipe, err := openPipe(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	startFor(t, filepath.Join(dir, "log"), []string{"NOTIFY_SOCKET=" + h.path, "WATCHDOG_USEC=4000000"},
		shipped, "run", "--data", filepath.Join(dir, "data"), "--modem", filepath.Join(dir, "no-modem"), "--radio", "none")
	h.until("READY=1")
	for full := false; !full; { // nobody reads the pipe
		_ = pipe.SetWriteDeadline(time.Now().Add(time.Second))
		_, err := pipe.Write(make([]byte, 4096))
		full = err != nil
	}
	if err := os.Remove(filepath.Join(dir, "data", "gsmpanel.db")); err != nil {
		t.Fatal(err)
	}
	for n := 0; h.next(20*time.Second) != ""; n++ {
		if n > 300 {
			t.Fatal("it is fed after five minutes")
		}
	}
}

func TestTheWatchdogIsFedWhileAlive(t *testing.T) {
	h := listenAsSystemd(t)
	ctx, stop := context.WithCancel(t.Context())
	lives, asked := []bool{true, false, false, true}, 0
	s := supervisor{socket: h.path, every: time.Millisecond}
	s.feed(ctx, func() bool {
		if asked++; asked == len(lives) {
			stop()
		}
		return lives[min(asked, len(lives))-1]
	})
	s.say("END")
	if said := h.until("END"); len(said) < 3 || len(said) != 3+max(0, asked-len(lives)) {
		t.Errorf("asked %d times, it said %q", asked, said)
	}
}

// Whoever ends at once has said that it stops.
func TestThatItStopsIsSaid(t *testing.T) {
	h := listenAsSystemd(t)
	s := supervisor{socket: h.path}
	for range 100 {
		ctx, stop := context.WithCancel(t.Context())
		said := s.stopping(ctx)
		stop()
		said()
		s.say("END")
		if said := h.until("END"); len(said) != 2 || said[0] != "STOPPING=1" {
			t.Fatalf("it said %q", said)
		}
	}
	s.stopping(t.Context())() // it ends by itself
	s.say("END")
	if said := h.until("END"); len(said) != 1 {
		t.Errorf("it said %q", said)
	}
}

func TestWhoseWatchdogItIs(t *testing.T) {
	for _, c := range []struct {
		name  string
		env   map[string]string
		every time.Duration
	}{
		{"none", nil, 0},
		{"ours", map[string]string{"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "7"}, 15 * time.Second},
		{"anybody's", map[string]string{"WATCHDOG_USEC": "60000000"}, 15 * time.Second},
		{"another program's", map[string]string{"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "8"}, 0},
		{"nonsense", map[string]string{"WATCHDOG_USEC": "soon"}, 0},
	} {
		if s := supervisorOf(func(name string) string { return c.env[name] }, 7); s.every != c.every {
			t.Errorf("%s: it is fed every %s, want %s", c.name, s.every, c.every)
		}
	}
}

// A daemon lives only while both its loop and the owner of its line do.
func TestTheLineBelongsToLife(t *testing.T) {
	t.Parallel()
	inBubble(t, stackOptions{siren: 5 * time.Minute}, func(s *stack) {
		s.until(odd(60))
		s.text(tomPhone, tomDigits+" ARM")
		s.until(odd(600))
		stuck := modem.New(modem.Options{Open: func() (io.ReadWriteCloser, error) { time.Sleep(time.Hour); return nil, os.ErrNotExist }})
		ctx, stop := context.WithCancel(context.Background()) // that of t is not of the bubble
		ended := make(chan error, 1)
		go func() { ended <- stuck.Run(ctx, func(modem.Event) {}) }()
		time.Sleep(10 * time.Minute)
		if d := (&daemon{panel: s.panel, modem: s.line.modem}); !d.alive() {
			t.Error("it is dead, and all is well")
		}
		if d := (&daemon{panel: s.panel, modem: stuck}); d.alive() {
			t.Error("it lives, and the owner of the line is stuck")
		}
		stop()
		<-ended
		s.trip(kitchenWindow)
		time.Sleep(3 * time.Minute)
		if d := (&daemon{panel: s.panel, modem: s.line.modem}); d.alive() {
			t.Error("it lives, and its loop is stuck")
		}
		time.Sleep(12 * time.Minute)
	})
}
