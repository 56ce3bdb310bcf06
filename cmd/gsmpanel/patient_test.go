package main

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/gsmpanel/gsmpanel/panel"
)

// hung is a desk that answers once it is let go.
type hung struct {
	panel.Desk
	release chan struct{}
}

func (h hung) Edit(context.Context, panel.Edit) error { <-h.release; return nil }

func (h hung) Backup(context.Context, io.Writer) error { <-h.release; return nil }

// A person at a terminal sees that it is waited for, and nothing of it when that is
// over; elsewhere there is nothing to see.
func TestPatience(t *testing.T) {
	t.Parallel()
	for words, ask := range map[string]func(patient) error{
		askingPanel:   func(d patient) error { return d.Edit(t.Context(), panel.SetSite{}) },
		writingBackup: func(d patient) error { return d.Backup(t.Context(), io.Discard) },
	} {
		master, slave := openTerminal(t)
		d := patient{hung{release: make(chan struct{})}, newProgram(strings.NewReader(""), slave, slave)}
		answered := make(chan error, 1)
		go func() { answered <- ask(d) }()
		screenHolds(t, master, "\r"+words+" ... ")
		close(d.Desk.(hung).release)
		screenHolds(t, master, "\r\x1b[K")
		if err := <-answered; err != nil {
			t.Error(err)
		}
	}
	var out said
	out.more = make(chan struct{}, 1)
	d := patient{hung{release: make(chan struct{})}, newProgram(strings.NewReader(""), &out, &out)}
	close(d.Desk.(hung).release)
	if err := d.Edit(t.Context(), panel.SetSite{}); err != nil || out.text.Len() != 0 {
		t.Errorf("%v: %q", err, &out.text)
	}
}

// screenHolds reads what comes to a terminal, and nothing else may.
func screenHolds(t *testing.T, master *os.File, want string) {
	t.Helper()
	b := make([]byte, len(want))
	if _, err := io.ReadFull(master, b); err != nil || string(b) != want {
		t.Fatalf("the screen holds %q (%v), not %q", b, err, want)
	}
}
