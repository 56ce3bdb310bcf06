package control

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/zones"
)

func name(s string) *string { return &s }

// savedHome is as long as a big house's backup.
var savedHome = panel.Saved{Config: panel.Config{Version: 3, Site: panel.Site{Name: "Home"}}, Box: bytes.Repeat([]byte{7}, 300<<10)}

func TestTheSameThroughTheSocket(t *testing.T) {
	d := &fakeDesk{steps: 3}
	d.write(false, "one", "two", "three")
	c, _, _ := serve(t, d)
	ctx := t.Context()
	for what, read := range map[string]func(panel.Desk) (any, error){
		"outward":    func(k panel.Desk) (any, error) { return k.Outward(ctx) },
		"public":     func(k panel.Desk) (any, error) { return k.Public(ctx) },
		"log":        func(k panel.Desk) (any, error) { return k.Log(ctx, 2) },
		"sealed log": func(k panel.Desk) (any, error) { return k.SealedLog(ctx, "482913") },
		"backup": func(k panel.Desk) (any, error) {
			var all bytes.Buffer
			err := k.Backup(ctx, &all)
			return all.String(), err
		},
		"restore":                    func(k panel.Desk) (any, error) { return k.Restore(ctx, savedHome) },
		"restore of another panel's": func(k panel.Desk) (any, error) { return k.Restore(ctx, panel.Saved{Config: savedHome.Config}) },
		"command": func(k panel.Desk) (any, error) {
			return k.Command(ctx, panel.CommandRequest{Verb: panel.VerbBypass, Zones: []string{"3", "hall"}, Digits: "482913"})
		},
	} {
		t.Run(what, func(t *testing.T) {
			want, err := read(d)
			if err != nil {
				t.Fatal(err)
			}
			got, err := read(c)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("through the socket %+v, %v; directly %+v", got, err, want)
			}
		})
	}
	if want := []panel.Secret{"482913", "482913"}; !reflect.DeepEqual(d.digits, want) {
		t.Error("the digits of log --sealed did not come through as they were")
	}
	if !slices.ContainsFunc(d.saved, func(s panel.Saved) bool { return reflect.DeepEqual(s, savedHome) }) {
		t.Error("what is restored did not come through as it was")
	}
	if len(d.commands) != 2 || !reflect.DeepEqual(d.commands[0], d.commands[1]) {
		t.Error("the command did not come through as it was")
	}
}

func TestEveryEditComesThrough(t *testing.T) {
	off := true
	for _, e := range []panel.Edit{
		panel.SetSite{Name: name("Mill"), Country: name("GB")},
		panel.AddContact{Contact: alert.Contact{Name: "Ben", Number: "+447700900123", Classes: []alert.Class{alert.Life}}, Quiet: true},
		panel.EditContact{Contact: "Ben", OffSite: &off},
		panel.RemoveContact{Name: "Ben"},
		panel.AddZone{Zone: zones.Zone{Name: "Hall", Type: zones.Interior, Sensor: "ev1527:13CDC0", Supervise: time.Hour}},
		panel.EditZone{Zone: "1", Name: name("Lobby")},
		panel.RemoveZone{Zone: "1"},
		panel.Set{Name: "exit-delay", Value: "45s"},
	} {
		t.Run(fmt.Sprintf("%T", e), func(t *testing.T) {
			d := &fakeDesk{}
			c, _, log := serve(t, d)
			if err := c.Edit(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(d.edits, []panel.Edit{e}) {
				t.Errorf("the desk got %+v instead of %+v", d.edits, e)
			}
			if want := fmt.Sprintf("uid=%d pid=%d", os.Getuid(), os.Getpid()); !strings.Contains(log.String(), want) {
				t.Errorf("the log does not say who did it (%s):\n%s", want, log)
			}
		})
	}
	t.Run("codes as slots never", func(t *testing.T) {
		d := &fakeDesk{}
		c, _, _ := serve(t, d)
		if err := c.Edit(t.Context(), panel.PutCodes{}); err == nil || len(d.edits) != 0 {
			t.Errorf("PutCodes crossed the socket: %v", err)
		}
	})
}

func TestCodesTellHowFarTheyAre(t *testing.T) {
	d := &fakeDesk{steps: 1000}
	c, _, _ := serve(t, d)
	want := panel.CodeRequest{Do: "add", Name: "Anna", Kind: duress.Guest, Rights: duress.Rights{Days: "mon-fri"}, Contacts: []string{"Anna"}, Present: "482913", New: "905172"}
	far := 0
	err := c.Codes(t.Context(), want, func(done, total int) {
		if done <= far || total != 1000 {
			t.Errorf("told %d of %d after %d", done, total, far)
		}
		far = done
	})
	if err != nil || !reflect.DeepEqual(d.codes, []panel.CodeRequest{want}) {
		t.Error("the change of codes did not come through as it was:", err)
	}
	if err := c.Codes(t.Context(), want, nil); err != nil {
		t.Errorf("without a progress: %v", err)
	}
}

func TestErrorsCrossWithTheirHint(t *testing.T) {
	d := &fakeDesk{refuse: errRefused, steps: 2}
	c, _, _ := serve(t, d)
	ctx := t.Context()
	for what, do := range map[string]func() error{
		"outward":    func() error { _, err := c.Outward(ctx); return err },
		"public":     func() error { _, err := c.Public(ctx); return err },
		"edit":       func() error { return c.Edit(ctx, panel.RemoveZone{Zone: "1"}) },
		"codes":      func() error { return c.Codes(ctx, panel.CodeRequest{}, nil) },
		"command":    func() error { _, err := c.Command(ctx, panel.CommandRequest{}); return err },
		"log":        func() error { _, err := c.Log(ctx, 5); return err },
		"sealed log": func() error { _, err := c.SealedLog(ctx, "482913"); return err },
		"backup":     func() error { return c.Backup(ctx, io.Discard) },
		"restore":    func() error { _, err := c.Restore(ctx, savedHome); return err },
		"follow":     func() error { return c.Follow(ctx, 5, func(panel.Entry) {}) },
	} {
		t.Run(what, func(t *testing.T) {
			var e *Error
			if err := do(); !errors.As(err, &e) || e.Sentence != "the list is full" || e.Hint() != "ask Ben" {
				t.Errorf("got %v", err)
			}
		})
	}
}

// Whoever reads the system journal or the socket's answers learns neither digits
// nor that one change of codes is another than the next.
func TestNothingTellsOfCodes(t *testing.T) {
	const present, fresh = "482913", "905172"
	logOf := func(kind duress.Kind, verb panel.Verb, refuse error) string {
		d := &fakeDesk{steps: 2, refuse: refuse}
		_, path, log := serve(t, d)
		for _, req := range []request{
			{Do: doCodes, Codes: &panel.CodeRequest{Do: "add", Name: "Anna", Kind: kind, Present: present, New: fresh}},
			{Do: doCommand, Command: &panel.CommandRequest{Verb: verb, Digits: present}},
			{Do: doSealed, Digits: present},
		} {
			line, err := json.Marshal(req)
			if err != nil {
				t.Fatal(err)
			}
			answer := talk(t, path, string(line)+"\n")
			for _, digits := range []string{present, fresh} {
				if strings.Contains(answer, digits) || strings.Contains(log.String(), digits) {
					t.Errorf("digits came back:\n%s\n%s", answer, log)
				}
			}
		}
		return stripTime(log.String())
	}
	want := logOf(duress.User, panel.VerbStatus, nil)
	if !strings.Contains(want, "uid=") {
		t.Errorf("the log does not say who changed codes:\n%s", want)
	}
	if got := logOf(duress.Duress, panel.VerbSilent, nil); got != want {
		t.Errorf("the log of a duress code and a silent panic differs:\n%s\nfrom\n%s", got, want)
	}
	if got := logOf(duress.Duress, panel.VerbSilent, errRefused); got != want {
		t.Errorf("the log of refusals differs:\n%s\nfrom\n%s", got, want)
	}
}

func stripTime(log string) string {
	lines := strings.Split(log, "\n")
	for i, line := range lines {
		_, lines[i], _ = strings.Cut(line, " ")
	}
	return strings.Join(lines, "\n")
}

// talk sends bytes and returns all that is answered.
func talk(t *testing.T, path, line string) string {
	t.Helper()
	conn := open(t, path)
	if _, err := io.WriteString(conn, line); err != nil && !errors.Is(err, syscall.EPIPE) {
		t.Fatal(err)
	}
	if err := conn.(*net.UnixConn).CloseWrite(); err != nil && !errors.Is(err, syscall.ENOTCONN) {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil && !errors.Is(err, syscall.ECONNRESET) {
		t.Fatal(err)
	}
	return string(answer)
}

func TestBadRequests(t *testing.T) {
	_, path, _ := serve(t, &fakeDesk{})
	for _, c := range []struct{ name, line, want string }{
		{"rubbish", "\x00\xff garbage\n", "not one JSON object"},
		{"digits as a number are not quoted back", `{"do":"sealed-log","digits":482913}` + "\n", "not one JSON object"},
		{"unknown", `{"do":"open-sesame"}` + "\n", "does not know this request"},
		{"no line feed", `{"do":"outward"}`, "line feed"},
		{"too long", `{"do":"` + strings.Repeat("x", maxRequest) + `"}` + "\n", "longer than 1048576 bytes"},
		{"unknown edit", `{"do":"edit","edit":"house.sell","args":{}}` + "\n", `there is no edit \"house.sell\"`},
		{"codes of nothing", `{"do":"codes"}` + "\n", "holds no change of codes"},
		{"command of nothing", `{"do":"command"}` + "\n", "does not know this request"},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer := talk(t, path, c.line)
			if !strings.Contains(answer, c.want) || strings.Contains(answer, "482913") {
				t.Errorf("answered %q, which does not say %q", answer, c.want)
			}
		})
	}
	if answer := talk(t, path, ""); answer != "" {
		t.Errorf("answered %q to one who only looked", answer)
	}
}

func TestListen(t *testing.T) {
	t.Run("has mode 0660 and goes when closed", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "s")
		l, err := Listen(path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o660 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		left, err := os.ReadDir(filepath.Dir(path))
		if err != nil || len(left) != 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})
	t.Run("replaces a socket that a killed daemon left", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "s")
		old, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		old.SetUnlinkOnClose(false)
		if err := old.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := Dial(path); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("Dial to it: %v", err)
		}
		l, err := Listen(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Run("leaves a living daemon's alone", func(t *testing.T) {
		c, path, _ := serve(t, &fakeDesk{})
		if _, err := Listen(path); err == nil || !strings.Contains(err.Error(), "running already") {
			t.Errorf("got %v", err)
		}
		if _, err := c.Outward(t.Context()); err != nil {
			t.Errorf("the first panel was cut off: %v", err)
		}
	})
	t.Run("leaves a file alone", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "s")
		if err := os.WriteFile(path, []byte("diary"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Listen(path); err == nil || !strings.Contains(err.Error(), "no socket") {
			t.Errorf("got %v", err)
		}
		if b, err := os.ReadFile(path); string(b) != "diary" {
			t.Errorf("the file is %q, %v", b, err)
		}
	})
	t.Run("says that a path is too long", func(t *testing.T) {
		if _, err := Listen("/tmp/" + strings.Repeat("x", 120)); err == nil || !strings.Contains(err.Error(), "shorter data directory") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("nobody there", func(t *testing.T) {
		if _, err := Dial(filepath.Join(t.TempDir(), "s")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v", err)
		}
	})
}

func TestManyClients(t *testing.T) {
	d := &fakeDesk{}
	c, _, _ := serve(t, d)
	var all sync.WaitGroup
	for range maxClients / 2 {
		all.Go(func() {
			for range 5 {
				if o, err := c.Outward(t.Context()); err != nil || o.State != "disarmed" {
					t.Errorf("%+v, %v", o, err)
				}
			}
		})
	}
	all.Wait()
}

func TestTooManyClientsAreToldSo(t *testing.T) {
	d := &fakeDesk{}
	c, path, _ := serve(t, d)
	wait(t, "all places to be taken", func() bool {
		// One is refused where Dial's own look at the socket still has a place.
		_, _ = io.WriteString(open(t, path), `{"do":"follow"}`+"\n")
		return d.watched() == maxClients
	})
	var e *Error
	if _, err := c.Outward(t.Context()); !errors.As(err, &e) || !strings.Contains(e.Sentence, "64 programs") {
		t.Errorf("got %v", err)
	}
}

// wait polls for what another goroutine brings about.
func wait(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func TestFollow(t *testing.T) {
	d := &fakeDesk{}
	d.write(false, "one", "two", "three")
	c, _, _ := serve(t, d)
	ctx, cancel := context.WithCancel(t.Context())
	got, ended := make(chan string, 10), make(chan error, 1)
	go func() { ended <- c.Follow(ctx, 2, func(e panel.Entry) { got <- e.Text }) }()
	expect := func(texts ...string) {
		t.Helper()
		for _, want := range texts {
			if text := <-got; text != want {
				t.Errorf("got %q instead of %q", text, want)
			}
		}
	}
	expect("two", "three")
	wait(t, "the follower", func() bool { return d.watched() == 1 })
	d.write(true, "four")
	expect("four")
	d.write(false, "five", "six") // lost on their way
	d.write(true, "seven")
	expect("five", "six", "seven")
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Follow ended with %v", err)
	}
	wait(t, "the panel to see that the client has gone", func() bool { return d.watched() == 0 })
}

func TestFollowEndsWithThePanel(t *testing.T) {
	d := &fakeDesk{}
	path := filepath.Join(t.TempDir(), "s")
	l, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, l, d, d.follow, d.air.learn, quiet) }()
	c, err := Dial(path)
	if err != nil {
		t.Fatal(err)
	}
	followed := make(chan error, 1)
	go func() { followed <- c.Follow(t.Context(), 0, func(panel.Entry) {}) }()
	wait(t, "the follower", func() bool { return d.watched() == 1 })
	cancel()
	if err := <-followed; err == nil || !strings.Contains(err.Error(), "the panel stopped") {
		t.Errorf("got %v", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("Serve ended with %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket is still there: %v", err)
	}
}

// A client that asks for codes and goes away, or never reads, holds up nothing.
func TestCodesDoNotWaitForTheClient(t *testing.T) {
	d := &fakeDesk{steps: 200_000}
	c, path, _ := serve(t, d)
	conn := open(t, path)
	if _, err := io.WriteString(conn, `{"do":"codes","codes":{"do":"change","name":"Anna"}}`+"\n"); err != nil {
		t.Fatal(err)
	}
	wait(t, "the change", func() bool { d.mu.Lock(); defer d.mu.Unlock(); return len(d.codes) == 1 })
	if _, err := c.Outward(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAnAnswerTooLongIsRefused(t *testing.T) {
	long := strings.Repeat("x", 100)
	if _, err := readLine(bufio.NewReaderSize(strings.NewReader(long+"\n"), 16), 50); err == nil {
		t.Error("100 bytes were taken where 50 are allowed")
	}
	line, err := readLine(bufio.NewReaderSize(strings.NewReader(long+"\n"), 16), 200)
	if err != nil || string(line) != long+"\n" {
		t.Errorf("got %q, %v", line, err)
	}
}
