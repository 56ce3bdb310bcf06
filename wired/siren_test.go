package wired

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestOpenSirenRefuses(t *testing.T) {
	for _, out := range []string{"exec:", "exec:  ", "exec", "gpio:gpiochip0", "gpio:17", "gpio:gpiochip0:x", "gpio:gpiochip0:17:no", "gpio:gpiochip0:17:high", "None", "siren.sh", ":"} {
		s, err := OpenSiren(out, nil)
		if err == nil || s != nil || !strings.Contains(err.Error(), strconv.Quote(out)) || !strings.Contains(err.Error(), "for example gpio:") {
			t.Errorf("OpenSiren(%q): %v", out, err)
		}
		if check := CheckSiren(out); fmt.Sprint(check) != fmt.Sprint(err) {
			t.Errorf("CheckSiren(%q): %v", out, check)
		}
	}
}

func TestNoSiren(t *testing.T) {
	for _, out := range []string{"", "none"} {
		s, err := OpenSiren(out, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Set(true, "steady"); err != nil {
			t.Error(err)
		}
		s.Chirp(2)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestPatterns(t *testing.T) {
	sirens := map[string]Siren{}
	for _, out := range []string{"none", "exec:true"} {
		s, err := OpenSiren(out, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		sirens[out] = s
	}
	for pattern, ok := range map[string]bool{
		"steady": true, "temporal-3": true, "chirp-1": true, strings.Repeat("a", 32): true,
		"": false, "Steady": false, "steady now": false, "a;b": false, "$(id)": false, "-n": false, "a\nb": false, "é": false, strings.Repeat("a", 33): false,
	} {
		for out, s := range sirens {
			if err := s.Set(true, pattern); (err == nil) != ok {
				t.Errorf("%s: Set(true, %q) = %v", out, pattern, err)
			}
		}
	}
	for out, s := range sirens {
		if err := s.Set(false, ""); err != nil {
			t.Errorf("%s: Set(false, \"\") = %v", out, err)
		}
	}
}

// house is a siren of which a script writes down every run.
type house struct {
	t       *testing.T
	file    string
	siren   Siren
	reports chan error
}

func newHouse(t *testing.T, command string) *house {
	h := &house{t: t, file: filepath.Join(t.TempDir(), "log"), reports: make(chan error, 100)}
	t.Setenv("SIREN_LOG", h.file)
	s, err := OpenSiren("exec:"+command, func(err error) { h.reports <- err })
	if err != nil {
		t.Fatal(err)
	}
	h.siren = s
	return h
}

func (h *house) set(on bool, pattern string) {
	h.t.Helper()
	if err := h.siren.Set(on, pattern); err != nil {
		h.t.Error(err)
	}
}

func (h *house) close(want ...string) {
	h.t.Helper()
	if err := h.siren.Close(); err != nil {
		h.t.Error(err)
	}
	h.expect(want...)
}

func (h *house) expect(want ...string) {
	h.t.Helper()
	text, _ := os.ReadFile(h.file)
	if got := strings.Split(strings.TrimSpace(string(text)), "\n"); fmt.Sprint(got) != fmt.Sprint(want) {
		h.t.Errorf("runs %q, want %q", got, want)
	}
}

// await waits until the script has written n lines.
func (h *house) await(n int) {
	h.t.Helper()
	for end := time.Now().Add(8 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if text, _ := os.ReadFile(h.file); strings.Count(string(text), "\n") >= n {
			return
		}
	}
	h.t.Fatalf("not %d lines", n)
}

func script(t *testing.T, body string) string {
	file := filepath.Join(t.TempDir(), "siren")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+body), 0o700); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestCommandGetsLevelAndPattern(t *testing.T) {
	h := newHouse(t, script(t, `echo "$# $*" >>"$SIREN_LOG"`))
	h.set(true, "temporal-3")
	h.await(1)
	h.set(false, "temporal-3")
	h.close("2 on temporal-3", "2 off temporal-3")
}

func TestChirpRunsTheCommandForEachPulse(t *testing.T) {
	h := newHouse(t, script(t, `echo "$# $*" >>"$SIREN_LOG"`))
	h.set(false, "")
	h.await(1)
	h.siren.Chirp(2)
	h.close("2 off steady", "2 on chirp", "2 off chirp", "2 on chirp", "2 off chirp")
}

// An alarm does not wait for a chirp's command that hangs, which would have 10 s.
func TestAlarmKillsAChirpThatHangs(t *testing.T) {
	h := newHouse(t, script(t, `echo "$*" >>"$SIREN_LOG"; [ "$2" != chirp ] || sleep 66`))
	h.siren.Chirp(1)
	h.await(1)
	h.set(true, "steady")
	h.await(2)
	h.close("on chirp", "on steady")
	select {
	case err := <-h.reports:
		t.Errorf("reported %v", err)
	default:
	}
}

func TestCommandWithItsOwnArguments(t *testing.T) {
	h := newHouse(t, script(t, `echo "$*" >>"$SIREN_LOG"`)+` --pin '17 b' `)
	h.set(true, "steady")
	h.close("--pin 17 b on steady")
}

// Rapid on, off, on: one run at a time, the newest level next, and it ends sounding.
func TestRapidChanges(t *testing.T) {
	h := newHouse(t, script(t, `echo "begin $1" >>"$SIREN_LOG"; until [ -e "$SIREN_LOG.go" ]; do sleep 0.01; done; echo "end $1" >>"$SIREN_LOG"`))
	h.set(true, "steady")
	h.await(1)
	h.set(false, "steady")
	h.set(true, "steady")
	h.set(false, "steady")
	if err := os.WriteFile(h.file+".go", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	h.await(4)
	h.set(true, "steady")
	h.close("begin on", "end on", "begin off", "end off", "begin on", "end on")
}

func TestFailingCommand(t *testing.T) {
	for name, c := range map[string]struct{ command, says string }{
		"status":          {"exit 7;", "exit status 7"},
		"no such program": {"/nonexistent/siren", "no such program"},
		"not executable":  {"/dev/null", "not executable"},
		"killed":          {"kill -9 $$;", "killed"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, c.command)
			h.set(true, "steady")
			err := <-h.reports
			if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), `"on steady"`) {
				t.Errorf("report %v, want %q", err, c.says)
			}
			_ = h.siren.Close()
		})
	}
}

func TestFailingCommandIsRunAgain(t *testing.T) {
	h := newHouse(t, script(t, `echo "$*" >>"$SIREN_LOG"; [ "$(wc -l <"$SIREN_LOG")" -ge 2 ]`))
	h.set(true, "steady")
	if err := <-h.reports; err == nil {
		t.Error("the failure was reported as a success")
	}
	if err := <-h.reports; err != nil { // a second later
		t.Error(err)
	}
	h.close("on steady", "on steady")
}

// A command that hangs is killed with all that it started: at its limit, and when
// the siren is closed.
func TestHangingCommandIsKilled(t *testing.T) {
	for name, c := range map[string]struct {
		limit time.Duration
		says  string
	}{"at its limit": {300 * time.Millisecond, "did not end in 300ms and was killed"}, "at the end": {time.Hour, "killed"}} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "child")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			ended := make(chan error, 1)
			go func() {
				ended <- runCommand(ctx, c.limit, fmt.Sprintf(`trap '' TERM; sleep 67 & echo $! >%[1]s.new; mv %[1]s.new %[1]s; wait; :`, file), level{true, "steady"})
			}()
			child := pidIn(t, file)
			if c.limit == time.Hour {
				cancel()
			}
			if err := <-ended; err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
			gone(t, child)
		})
	}
}

func pidIn(t *testing.T, file string) int {
	t.Helper()
	for end := time.Now().Add(8 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		text, _ := os.ReadFile(file)
		if pid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
			return pid
		}
	}
	t.Fatal("it never ran")
	return 0
}

// gone waits until no process of the number is left; a zombie is none.
func gone(t *testing.T, pid int) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
	}
	t.Errorf("process %d still lives", pid)
}

// A player that the command leaves in the background sounds on, and holds up
// nothing.
func TestBackgroundPlayerLives(t *testing.T) {
	h := newHouse(t, script(t, `case $1 in on) sleep 68 & echo $! >>"$SIREN_LOG";; off) kill "$(head -n1 "$SIREN_LOG")" && echo killed >>"$SIREN_LOG";; esac`))
	began := time.Now()
	h.set(true, "steady")
	h.await(1)
	h.set(false, "steady")
	h.await(2)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	_ = h.siren.Close()
}
