package main

import (
	"bytes"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gsmpanel/gsmpanel/store"
)

// typed runs a command line in this process.
func typed(t *testing.T, input string, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	p := newProgram(strings.NewReader(input), &o, &e)
	p.cost = fastCost
	status = p.run(t.Context(), args)
	return status, o.String(), e.String()
}

func TestADatabaseInUseIsSaidToBe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := store.Open(dir, store.Options{Cost: fastCost})
	if err != nil {
		t.Fatal(err)
	}
	status, out, errs := typed(t, "", "--data", dir, "site", "show")
	if status != failed || out != "" || !strings.Contains(errs, "in use by another gsmpanel") || !strings.Contains(errs, "hint: wait a moment") {
		t.Errorf("status %d, %q, %q", status, out, errs)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if status, out, errs = typed(t, "", "--data", dir, "site", "show"); status != 0 || errs != "" {
		t.Errorf("status %d, %q, %q", status, out, errs)
	}
}

// A daemon that was killed leaves its socket behind; that holds up nobody.
func TestAStaleSocketIsNoDaemon(t *testing.T) {
	dir := t.TempDir()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, socketName), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if status, out, errs := typed(t, "", "--data", dir, "site", "set", "--name", "Home"); status != 0 || !strings.Contains(out, "Home") {
		t.Errorf("status %d, %q, %q", status, out, errs)
	}
}

func TestALineTooLongIsRefusedUnquoted(t *testing.T) {
	dir := t.TempDir()
	status, out, errs := typed(t, strings.Repeat("482913", 1000)+"\n", "--data", dir, "code", "add", "Anna")
	if status != failed || !strings.Contains(errs, "longer than 1024 bytes") || strings.Contains(out+errs, "482913") {
		t.Errorf("status %d, %q, %q", status, out, errs)
	}
}
