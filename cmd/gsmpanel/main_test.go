package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/term"

	"github.com/gsmpanel/gsmpanel/store"
)

func TestMain(m *testing.M) {
	store.RunCheckIfAsked()
	// Programs under the race detector rest a second before they end, and those that live
	// for 20 ms spend a third of that on garbage; there are hundreds.
	if err := errors.Join(os.Setenv("GORACE", noRest), os.Setenv("GOGC", seldom)); err != nil {
		panic(err)
	}
	// These tests wait for processes more than they compute; -parallel overrides it.
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"gsmpanel": underGuard, shipped: main, keeperName: keeper})
}

// kept is what was printed, by the command and by the daemon's log.
type kept struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (k *kept) Write(b []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.all.Write(b)
}

func (k *kept) String() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.all.String()
}

const (
	noRest = "atexit_sleep_ms=0"
	seldom = "400"
)

// underGuard is main with a cheap hash, and an eye on standard output and error:
// digits that came by standard input must not leave by them.
func underGuard() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	var typed bytes.Buffer
	var printed kept
	p := newProgram(os.Stdin, os.Stdout, os.Stderr)
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		p = newProgram(io.TeeReader(os.Stdin, &typed), io.MultiWriter(os.Stdout, &printed), io.MultiWriter(os.Stderr, &printed))
	}
	p.cost = fastCost
	status := p.run(ctx, os.Args[1:])
	if leaks(typed.String(), printed.String()) {
		fmt.Fprintln(os.Stderr, "LEAK: digits of a code were printed")
		status = 99
	}
	os.Exit(status)
}

// leaks tells whether digits that were typed were printed.
func leaks(typed, printed string) bool {
	digits := regexp.MustCompile(`[0-9]{4,10}`).FindAllString(typed, -1)
	return slices.ContainsFunc(digits, func(d string) bool { return strings.Contains(printed, d) })
}

func TestTheGuardSeesALeak(t *testing.T) {
	if leaks("482913\n905172\n", "The new code of Anna holds.\n") || !leaks("482913\n905172\n", "not 905172!\n") {
		t.Error("the guard is blind")
	}
}

// TestScripts runs every script twice: on a database that no daemon has, and
// against a daemon on a simulated modem. What the commands of administration
// print is the same either way.
func TestScripts(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"stored", "daemon"} {
		t.Run(mode, func(t *testing.T) {
			testscript.Run(t, testscript.Params{
				Files:     scripts(t, mode),
				Condition: func(cond string) (bool, error) { return isMode(cond, mode) },
				Cmds:      map[string]func(*testscript.TestScript, bool, []string){"fails": fails, "following": following, "texted": texted},
				Setup: func(env *testscript.Env) error {
					env.Setenv("GORACE", noRest)
					env.Setenv("GOGC", seldom)
					env.Setenv("GSMPANEL_DATA", filepath.Join(env.WorkDir, "d"))
					if mode == "daemon" {
						return startDaemon(env)
					}
					return nil
				},
			})
		})
	}
}

// scripts lists those of a mode; what needs no panel at all is run alone.
func scripts(t *testing.T, mode string) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err == nil && mode == "stored" {
		var alone []string
		alone, err = filepath.Glob("testdata/script/alone/*.txtar")
		files = append(files, alone...)
	}
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	return files
}

func isMode(cond, mode string) (bool, error) {
	if cond != "stored" && cond != "daemon" {
		return false, fmt.Errorf("unknown condition %s", cond)
	}
	return cond == mode, nil
}

// fails runs a command that must end with that exit status, one sentence and a
// hint: fails 2 gsmpanel statsu
func fails(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: fails STATUS COMMAND [ARGS]")
	}
	err := ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || strconv.Itoa(exit.ExitCode()) != args[0] {
		ts.Fatalf("ended with %v instead of status %s", err, args[0])
	}
	lines := strings.Split(strings.TrimRight(ts.ReadFile("stderr"), "\n"), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "gsmpanel: ") || !strings.HasPrefix(lines[1], "hint: ") {
		ts.Fatalf("not one sentence and a hint: %q", lines)
	}
}

// startDaemon starts a simulated modem and a panel on it, and ends both with the
// script.
func startDaemon(env *testscript.Env) error {
	first := exec.Command("gsmpanel", "status") // makes the database, with the cheap hash
	first.Env = env.Vars
	if said, err := first.CombinedOutput(); err != nil {
		return fmt.Errorf("cannot make a database: %w\n%s", err, said)
	}
	modem, phones := filepath.Join(env.WorkDir, "modem"), filepath.Join(env.WorkDir, "phones.sock")
	if err := background(env, "simulate", "--link", modem, "--control", phones); err != nil {
		return err
	}
	return background(env, "run", "--modem", modem, "--radio", "none")
}

// background starts a command, waits until it is ready, and when the script ends
// stops it and looks at what it said.
func background(env *testscript.Env, args ...string) error {
	log, err := os.Create(filepath.Join(env.WorkDir, args[0]+".log"))
	if err != nil {
		return err
	}
	cmd := exec.Command("gsmpanel", args...)
	cmd.Env, cmd.Stderr, cmd.Stdout = env.Vars, log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	t := env.T().(testing.TB)
	env.Defer(func() {
		giveUp := time.AfterFunc(mostWait, func() { _ = cmd.Process.Kill() })
		defer giveUp.Stop()
		if err := errors.Join(cmd.Process.Signal(syscall.SIGTERM), cmd.Wait(), log.Close()); err != nil {
			t.Errorf("%s ended with %v", args[0], err)
		}
		said, err := os.ReadFile(log.Name())
		if err != nil || regexp.MustCompile(testCodes).Match(said) {
			t.Errorf("%s printed digits of a code (%v):\n%s", args[0], err, said)
		}
	})
	return untilReady(log.Name())
}

// testCodes are all codes that scripts use.
const testCodes = `482913|905172|371846|629405|740368`

// mostWait is how long anything may take that must come to pass, on a machine that has
// more to do.
const mostWait = 2 * time.Minute

// rarer is the next pause between two looks. Many of them start a program, and tests
// that wait would take the machine from those that work.
func rarer(pause time.Duration) time.Duration { return min(3*pause/2, 400*time.Millisecond) }

func untilReady(path string) error {
	for end := time.Now().Add(mostWait); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		said, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if bytes.Contains(said, []byte("ready\n")) {
			return nil
		}
	}
	said, err := os.ReadFile(path)
	return errors.Join(fmt.Errorf("%s is not ready:\n%s", path, said), err)
}

// texted waits until a simulated phone has got a text that matches:
// texted +447700900456 'TEST.*'
func texted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: texted NUMBER REGEXP")
	}
	want := regexp.MustCompile(args[1])
	sock := ts.MkAbs("phones.sock")
	var seen string
	for end := time.Now().Add(mostWait); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		texts, all, err := textsTo(sock, args[0])
		ts.Check(err)
		seen = all
		for _, text := range texts {
			if want.MatchString(text) {
				return
			}
		}
	}
	ts.Fatalf("%s never got %q; all there was: %s", args[0], args[1], seen)
}

// following runs a command while the journal is followed, waits for the entry,
// and stops as one does at a keyboard: following REGEXP COMMAND [ARGS]
func following(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: following REGEXP COMMAND [ARGS]")
	}
	follow := exec.Command("gsmpanel", "--data", ts.Getenv("GSMPANEL_DATA"), "log", "--follow", "-n", "1", "--json")
	out, err := follow.StdoutPipe()
	ts.Check(err)
	ts.Check(follow.Start())
	giveUp := time.AfterFunc(mostWait, func() { _ = follow.Process.Kill() })
	defer giveUp.Stop()
	lines := bufio.NewScanner(out)
	if !lines.Scan() { // the last entry of the past: it follows
		ts.Fatalf("nothing was followed: %v", errors.Join(lines.Err(), follow.Wait()))
	}
	ts.Check(ts.Exec(args[1], args[2:]...))
	for found := false; !found; {
		if !lines.Scan() {
			ts.Fatalf("no entry matched %q: %v", args[0], errors.Join(lines.Err(), follow.Wait()))
		}
		found = regexp.MustCompile(args[0]).Match(lines.Bytes())
	}
	ts.Check(errors.Join(follow.Process.Signal(os.Interrupt), follow.Wait()))
}
