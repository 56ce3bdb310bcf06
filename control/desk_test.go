package control

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
)

// fakeDesk answers from fields and keeps what it was asked.
type fakeDesk struct {
	mu       sync.Mutex
	journal  []panel.Entry
	sealed   []panel.Entry
	edits    []panel.Edit
	codes    []panel.CodeRequest
	commands []panel.CommandRequest
	digits   []panel.Secret
	saved    []panel.Saved
	steps    int // of a change of codes
	refuse   error
	watchers map[int]func(panel.Entry)
	next     int
	air      air
}

var _ panel.Desk = (*fakeDesk)(nil)

func (d *fakeDesk) Outward(context.Context) (panel.Outward, error) {
	return panel.Outward{State: "disarmed", Site: "Home", SignalDBm: -71, Time: noon}, d.refuse
}

func (d *fakeDesk) Public(context.Context) (panel.Public, error) {
	return panel.Public{Version: 7, Persons: []string{"Anna"}}, d.refuse
}

func (d *fakeDesk) Edit(_ context.Context, e panel.Edit) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.edits = append(d.edits, e)
	return d.refuse
}

func (d *fakeDesk) Codes(_ context.Context, r panel.CodeRequest, progress func(done, total int)) error {
	for i := range d.steps {
		progress(i+1, d.steps)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.codes = append(d.codes, r)
	return d.refuse
}

func (d *fakeDesk) Command(_ context.Context, r panel.CommandRequest) (panel.Answer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.commands = append(d.commands, r)
	return panel.Answer{Text: "Home: disarmed.", Done: true}, d.refuse
}

func (d *fakeDesk) Log(_ context.Context, n int) ([]panel.Entry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]panel.Entry(nil), d.journal[max(0, len(d.journal)-n):]...), d.refuse
}

func (d *fakeDesk) SealedLog(_ context.Context, s panel.Secret) ([]panel.Entry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.digits = append(d.digits, s)
	return d.sealed, d.refuse
}

func (d *fakeDesk) Backup(_ context.Context, w io.Writer) error {
	if d.refuse != nil {
		return d.refuse
	}
	_, err := w.Write(bytes.Repeat([]byte("0123456789abcdef"), 3*pieceSize/16+1))
	return err
}

func (d *fakeDesk) Restore(_ context.Context, s panel.Saved) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.saved = append(d.saved, s)
	return len(s.Box) > 0, d.refuse
}

// write adds to the journal, and tells the watchers if they are to know.
func (d *fakeDesk) write(tell bool, texts ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, text := range texts {
		e := panel.Entry{Number: uint64(len(d.journal) + 1), Time: noon, Event: "note", Text: text}
		d.journal = append(d.journal, e)
		for _, w := range d.watchers {
			if tell {
				w(e)
			}
		}
	}
}

func (d *fakeDesk) follow(ctx context.Context, each func(panel.Entry)) {
	d.mu.Lock()
	if d.watchers == nil {
		d.watchers = map[int]func(panel.Entry){}
	}
	d.next++
	n := d.next
	d.watchers[n] = each
	d.mu.Unlock()
	<-ctx.Done()
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.watchers, n)
}

func (d *fakeDesk) watched() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.watchers)
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

type hinted struct{ error }

func (hinted) Hint() string { return "ask Ben" }

var errRefused = hinted{errors.New("the list is full")}

// journal is a log that many goroutines write and a test reads.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

// serve runs a server on a socket of its own until the test ends.
func serve(t *testing.T, d *fakeDesk) (client *Client, path string, log *journal) {
	t.Helper()
	path, log = filepath.Join(t.TempDir(), "gsmpanel.sock"), &journal{}
	l, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(ctx, l, d, d.follow, d.air.learn, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve ended with %v", err)
		}
	})
	if client, err = Dial(path); err != nil {
		t.Fatal(err)
	}
	return client, path, log
}

func open(t *testing.T, path string) net.Conn {
	t.Helper()
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
