package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/control"
	"github.com/gsmpanel/gsmpanel/store"
)

// A panel that is started again while a command has its database starts when that
// has ended.
func TestStartWaitsForACommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	command, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	said := filepath.Join(dir, "panel.log")
	p := startFor(t, said, nil, shipped, "run", "--data", dir, "--modem", filepath.Join(dir, "no-modem"), "--radio", "none")
	time.AfterFunc(time.Second, func() {
		if err := command.Close(); err != nil {
			t.Error(err)
		}
	})
	for answers := false; !answers; time.Sleep(10 * time.Millisecond) {
		select {
		case <-p.gone:
			log, err := os.ReadFile(said)
			t.Fatalf("it ended with %v: %s %v", p.ended, log, err)
		default:
			_, err := control.Dial(filepath.Join(dir, socketName))
			answers = err == nil
		}
	}
	if err := p.stop(); err != nil {
		t.Error(err)
	}
}
