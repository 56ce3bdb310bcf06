package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gsmpanel/gsmpanel/control"
	"github.com/gsmpanel/gsmpanel/panel"
)

// keyboard is a person at a terminal in front of the program.
type keyboard struct {
	t      *testing.T
	master *os.File
	slave  *os.File
	cmd    *exec.Cmd

	mu     sync.Mutex
	screen strings.Builder
	looked int           // how much was read of what stays on the screen
	more   chan struct{} // capacity 1: something came to the screen
}

// sitDown starts the program on a terminal of its own.
func sitDown(t *testing.T, dir string, args ...string) *keyboard {
	t.Helper()
	master, slave := openTerminal(t)
	k := &keyboard{t: t, master: master, slave: slave, cmd: exec.Command("gsmpanel", args...), more: make(chan struct{}, 1)}
	k.cmd.Env = append(os.Environ(), "GSMPANEL_DATA="+dir)
	k.cmd.Stdin, k.cmd.Stdout, k.cmd.Stderr = slave, slave, slave
	k.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := k.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go k.watch()
	return k
}

func openTerminal(t *testing.T) (master, slave *os.File) {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Fatalf("no terminal to test with: %v", err)
	}
	master = os.NewFile(uintptr(fd), "ptmx")
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = slave.Close(), master.Close() })
	return master, slave
}

func (k *keyboard) watch() {
	b := make([]byte, 1024)
	for {
		n, err := k.master.Read(b)
		k.mu.Lock()
		k.screen.Write(b[:n])
		k.mu.Unlock()
		select {
		case k.more <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// fleeting is how far a slow board has come: words that are taken off the screen again.
var fleeting = regexp.MustCompile(`(\r[^\r\n]+)+\r\x1b\[K|\r[^\n]*$`)

// lasting is what stays on the screen. Only the end of it may change.
func (k *keyboard) lasting() string {
	return fleeting.ReplaceAllString(k.all(), "")
}

func (k *keyboard) unread() string { return k.lasting()[k.looked:] }

// reads waits until something new that stays on the screen matches.
func (k *keyboard) reads(want string) {
	k.t.Helper()
	re := regexp.MustCompile(want)
	k.until(want, func() bool {
		at := re.FindStringIndex(k.unread())
		if at != nil {
			k.looked += at[1]
		}
		return at != nil
	})
}

// until waits until the screen is as it should be.
func (k *keyboard) until(want string, is func() bool) {
	k.t.Helper()
	for end := time.After(mostWait); !is(); {
		select {
		case <-k.more:
		case <-end:
			k.t.Fatalf("%q never stood on the screen:\n%s", want, k.all())
		}
	}
}

func (k *keyboard) all() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.screen.String()
}

func (k *keyboard) types(keys string) {
	k.t.Helper()
	if _, err := k.master.WriteString(keys); err != nil {
		k.t.Fatal(err)
	}
}

// leaves waits for the end and returns the exit status.
func (k *keyboard) leaves() int {
	k.t.Helper()
	giveUp := time.AfterFunc(mostWait, func() { _ = k.cmd.Process.Kill() })
	defer giveUp.Stop()
	_ = k.cmd.Wait() // the status tells
	if !k.echoes() {
		k.t.Error("the terminal was left without echo")
	}
	return k.cmd.ProcessState.ExitCode()
}

func (k *keyboard) echoes() bool {
	k.t.Helper()
	t, err := unix.IoctlGetTermios(int(k.slave.Fd()), unix.TCGETS)
	if err != nil {
		k.t.Fatal(err)
	}
	return t.Lflag&unix.ECHO != 0
}

// household is a database with Anna, who has a code, and contacts.
func household(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "d")
	for _, line := range []string{
		"contact add Anna +447700900123 --control --quiet", "contact add Ben +447700900456 --off-site --quiet",
		"contact add Cleo +447700900789 --quiet", "contact add Dan +447700900790 --class alarm --quiet", "code add Anna",
	} {
		cmd := exec.Command("gsmpanel", append([]string{"--data", dir}, strings.Fields(line)...)...)
		cmd.Stdin = strings.NewReader("482913\n")
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, said)
		}
	}
	return dir
}

// What stands on the screen of one who makes a code is the same for every kind,
// and holds neither the kind nor a digit.
func TestCodeAtThePrompt(t *testing.T) {
	t.Parallel()
	screen := func(t *testing.T, kind, digits string) string {
		k := sitDown(t, household(t), "code", "add", "Anna")
		k.reads("Kind: .*: $")
		k.types(kind + "\r")
		k.reads("Present code of Anna: $")
		k.types("482913\r")
		k.reads("New code of Anna: $")
		k.types(digits + "\r")
		k.reads("The new code once more: $")
		k.types(digits + "\r")
		if status := k.leaves(); (status == 0) != (kind != "user") {
			t.Errorf("%s ended with %d:\n%s", kind, status, k.all())
		}
		for _, secret := range []string{"482913", digits} {
			if strings.Contains(k.all(), secret) {
				t.Errorf("digits stand on the screen:\n%s", k.all())
			}
		}
		if !strings.Contains(k.all(), "whether Cleo lives there") || strings.Contains(k.all(), "whether Dan") || strings.Contains(k.all(), "whether Ben") || strings.Contains(k.all(), "whether Anna") {
			t.Errorf("the warning is not of Cleo alone:\n%s", k.all())
		}
		asked, _, _ := strings.Cut(k.lasting(), "once more: ")
		return asked
	}
	// A second ordinary code is refused, but only at the end.
	user := screen(t, "user", "905172")
	for kind, typed := range map[string]string{"duress": "905172", "word": "nasturtium"} {
		if other := screen(t, kind, typed); other != user {
			t.Errorf("the screens differ:\n%s\nand\n%s", other, user)
		}
	}
}

// slowDesk is a panel on a slow board: a code takes it until somebody has seen
// that it is being checked.
type slowDesk struct {
	panel.Desk
	seen chan bool
}

func (d slowDesk) Command(context.Context, panel.CommandRequest) (panel.Answer, error) {
	<-d.seen
	return panel.Answer{Text: "Disarmed.", Done: true}, nil
}

func (d slowDesk) SealedLog(context.Context, panel.Secret) ([]panel.Entry, error) {
	<-d.seen
	return nil, nil
}

// A check that takes over a second is said to go on, in the same words whatever
// the code is, and is gone from the screen when it is over.
func TestASlowCheckIsShown(t *testing.T) {
	t.Parallel()
	dir, desk := t.TempDir(), slowDesk{seen: make(chan bool)}
	l, err := control.Listen(filepath.Join(dir, socketName))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- control.Serve(ctx, l, desk, nil, nil, slog.New(slog.DiscardHandler)) }()
	defer func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}()
	for _, row := range []struct{ args, prompt, answer string }{
		{"disarm", "Code: $", "Disarmed."},
		{"log --sealed", "Master code: $", "no sealed entries"},
	} {
		screens := map[string]bool{}
		for _, digits := range []string{"482913", "730586", "111111"} {
			k := sitDown(t, dir, strings.Fields(row.args)...)
			k.reads(row.prompt)
			k.types(digits + "\r")
			checking := "\rchecking the code ... "
			k.until(checking, func() bool { return strings.HasSuffix(k.all(), checking) })
			desk.seen <- true
			k.reads(row.answer)
			if status := k.leaves(); status != 0 || strings.Contains(k.all(), digits) || !strings.Contains(k.all(), checking+"\r\x1b[K"+row.answer) {
				t.Errorf("%s ended with %d:\n%q", row.args, status, k.all())
			}
			screens[k.all()] = true
		}
		if len(screens) != 1 {
			t.Errorf("%s: the screens differ: %q", row.args, slices.Collect(maps.Keys(screens)))
		}
	}
}

// A word that is asked for on the command line is asked for by its name, twice,
// and unseen as digits are.
func TestWordAtThePrompt(t *testing.T) {
	t.Parallel()
	k := sitDown(t, household(t), "code", "add", "Anna", "--kind", "duress", "--word")
	k.reads("Present code of Anna: $")
	k.types("482913\r")
	k.reads("New word of Anna: $")
	k.types("nasturtium\r")
	k.reads("The new word once more: $")
	k.types("nasturtiun\r")
	k.reads("the new word was not typed alike twice; nothing was changed")
	if status := k.leaves(); status != failed || strings.Contains(k.all(), "nasturtiu") {
		t.Errorf("it ended with %d:\n%s", status, k.all())
	}
}

// Whoever interrupts as soon as the prompt stands there has the echo back.
func TestTheEchoComesBack(t *testing.T) {
	_, slave := openTerminal(t)
	over, end := context.WithCancel(t.Context())
	end()
	for range 200 {
		p := &program{in: slave, lines: bufio.NewReader(slave), err: io.Discard}
		if _, err := p.unseen(over, "Code"); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
		if k := (&keyboard{t: t, slave: slave}); !k.echoes() {
			t.Fatal("the terminal was left without echo")
		}
	}
}

func TestPromptMistakes(t *testing.T) {
	t.Parallel()
	dir := household(t)
	t.Run("not typed alike", func(t *testing.T) {
		k := sitDown(t, dir, "code", "change", "Anna")
		k.reads("Present code of Anna: $")
		k.types("482913\r")
		k.reads("New code of Anna: $")
		k.types("905172\r")
		k.reads("once more: $")
		k.types("905173\r")
		k.reads("gsmpanel: the new code was not typed alike twice; nothing was changed")
		if status := k.leaves(); status != failed {
			t.Errorf("ended with %d", status)
		}
	})
	t.Run("no kind", func(t *testing.T) {
		k := sitDown(t, dir, "code", "add", "Ben")
		k.reads("Kind: .*: $")
		k.types("482913\r") // a code typed too early
		k.reads("gsmpanel: what was typed is no kind")
		if k.leaves() != failed || strings.Contains(k.all(), "482913") {
			t.Errorf("the screen:\n%s", k.all())
		}
	})
	t.Run("interrupted", func(t *testing.T) {
		k := sitDown(t, dir, "code", "change", "Anna")
		k.reads("Present code of Anna: $")
		if k.echoes() {
			t.Error("what is typed would be seen")
		}
		k.types("4829\x03")
		k.reads("gsmpanel: interrupted")
		if status := k.leaves(); status != failed {
			t.Errorf("ended with %d", status)
		}
	})
}
