package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
)

// airHouse is a household whose daemon, the program as it is, hears by a receiver
// of the test's own. Everything in it was typed at the command line.
type airHouse struct {
	*testing.T
	dir     string
	program string // that commands are given to
	sim     *simulator.Modem
	panel   *process
	env     []string                     // of the daemon
	wire    func(at time.Time, b []byte) // what it says to the modem

	mu      sync.Mutex
	entries []panel.Entry // of the journal, as it is followed
	news    chan struct{} // closed and made anew at each entry
}

// furnishAir types the commands of a household's first day into an empty
// directory, and returns that.
func furnishAir(t *testing.T, commands ...[]string) string {
	t.Helper()
	h := &airHouse{T: t, dir: t.TempDir(), program: "gsmpanel"} // whose codes are cheap to check
	h.cli("", "site", "set", "--name", "Mill Lane", "--address", "12 Mill Lane, Hexton", "--country", "GB", "--zone", "Europe/London")
	h.cli("", "contact", "add", "Anna", annaNumber, "--control", "--quiet")
	h.cli(houseCode+"\n", "code", "add", "Anna")
	for _, setting := range []string{"exit-delay", "abort-window", "trouble-delay"} {
		h.cli("", "settings", "set", setting, "0")
	}
	for _, args := range commands {
		input := ""
		if slices.Contains(args, "--maker-key") {
			input = makerKey + "\n"
		}
		h.cli(input, args...)
	}
	return h.path("data")
}

// newAirHouse is a household that was furnished, in a directory of its own.
func newAirHouse(t *testing.T, like string) *airHouse {
	t.Helper()
	h := &airHouse{T: t, dir: t.TempDir(), program: shipped, news: make(chan struct{}), wire: func(time.Time, []byte) {}}
	files, err := filepath.Glob(filepath.Join(like, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("nothing in %s: %v", like, err)
	}
	if err := os.Mkdir(h.path("data"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(h.path("data/"+filepath.Base(file)), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func (h *airHouse) path(name string) string { return filepath.Join(h.dir, name) }

func (h *airHouse) write(name, text string, mode os.FileMode) string {
	h.Helper()
	if err := os.WriteFile(h.path(name), []byte(text), mode); err != nil {
		h.Fatal(err)
	}
	return h.path(name)
}

func (h *airHouse) read(name string) string {
	h.Helper()
	b, err := os.ReadFile(h.path(name))
	if err != nil {
		h.Fatal(err)
	}
	return string(b)
}

// fifo makes a named pipe that is never at its end.
func (h *airHouse) fifo(name string) *os.File {
	h.Helper()
	if err := unix.Mkfifo(h.path(name), 0o600); err != nil {
		h.Fatal(err)
	}
	f, err := os.OpenFile(h.path(name), os.O_RDWR|unix.O_NONBLOCK, 0)
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { f.Close() })
	return f
}

func (h *airHouse) cli(typed string, args ...string) string {
	h.Helper()
	cmd := exec.Command(h.program, append([]string{"--data", h.path("data")}, args...)...)
	cmd.Stdin = strings.NewReader(typed)
	out, err := cmd.CombinedOutput()
	if err != nil {
		h.Fatalf("gsmpanel %s: %v\n%s%s", strings.Join(args, " "), err, out, h.said())
	}
	return string(out)
}

// start starts the simulated modem and the daemon, and follows its journal.
// Anna's phone takes texts; calls end in her busy tone.
func (h *airHouse) start(args ...string) {
	h.Helper()
	h.sim = simulator.New(simulator.Options{SendTime: 20 * time.Millisecond, SetupTime: 20 * time.Millisecond, ClockRuns: true,
		Wire: func(at time.Time, fromModem bool, b []byte) {
			if !fromModem {
				h.wire(at, b)
			}
		}})
	h.Cleanup(func() { h.sim.Close() })
	h.sim.SetPhone(annaNumber, simulator.Behaviour{Busy: true})
	if _, err := h.sim.PTY(h.path("modem")); err != nil {
		h.Fatal(err)
	}
	h.panel = startFor(h.T, h.path("panel.log"), h.env, shipped, append([]string{"run", "--data", h.path("data"), "--modem", h.path("modem")}, args...)...)
	if err := untilReady(h.path("panel.log")); err != nil {
		h.Fatal(err)
	}
	h.follow()
}

// again is the household in the next life of its daemon, with a journal that is
// followed from its beginning.
func (h *airHouse) again(args ...string) *airHouse {
	h.Helper()
	h.sim.Close()
	for _, file := range []string{"modem", "panel.log"} {
		if err := os.Remove(h.path(file)); err != nil && !os.IsNotExist(err) {
			h.Fatal(err)
		}
	}
	h = &airHouse{T: h.T, dir: h.dir, program: shipped, news: make(chan struct{}), wire: h.wire}
	h.start(args...)
	return h
}

// stop ends the daemon, which must do so well.
func (h *airHouse) stop() {
	h.Helper()
	if err := h.panel.stop(); err != nil {
		h.Errorf("the panel ended with %v\n%s", err, h.said())
	}
}

// said is what the daemon has printed.
func (h *airHouse) said() string {
	b, err := os.ReadFile(h.path("panel.log"))
	if errors.Is(err, os.ErrNotExist) {
		return ""
	}
	return fmt.Sprintf("\nthe panel said (%v):\n%s", err, b)
}

// follow reads the journal from its beginning on until the test ends.
func (h *airHouse) follow() {
	h.Helper()
	cmd := exec.Command(shipped, "--data", h.path("data"), "log", "--follow", "-n", "10000", "--json")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		h.Fatal(err)
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var e panel.Entry
			if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
				h.Errorf("the journal has %q: %v", lines.Bytes(), err)
			}
			h.mu.Lock()
			h.entries = append(h.entries, e)
			close(h.news)
			h.news = make(chan struct{})
			h.mu.Unlock()
		}
	}()
	h.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGINT) // it may have ended with the panel
		giveUp := time.AfterFunc(mostWait, func() { _ = cmd.Process.Kill() })
		defer giveUp.Stop()
		<-read
		_ = cmd.Wait()
	})
}

// journal is what has been followed so far, from an entry on.
func (h *airHouse) journal(from int) (entries []panel.Entry, more <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.entries[min(from, len(h.entries)):]), h.news
}

func (h *airHouse) entriesSoFar() int {
	entries, _ := h.journal(0)
	return len(entries)
}

// untilEntry waits for an entry of the journal, from one on, and returns its place.
func (h *airHouse) untilEntry(from int, what string, is func(panel.Entry) bool) int {
	h.Helper()
	late := time.After(mostWait)
	for {
		entries, more := h.journal(from)
		if n := slices.IndexFunc(entries, is); n >= 0 {
			return from + n
		}
		select {
		case <-more:
		case <-h.panel.gone:
			h.Fatalf("the panel ended (%v) before %s%s", h.panel.ended, what, h.said())
		case <-late:
			h.Fatalf("waited in vain for %s; the journal:\n%s%s", what, journalText(entries), h.said())
		}
	}
}

// sideBySide runs tests at once, of which most only wait.
func sideBySide[T any](t *testing.T, cases []T, name func(T) string, run func(*testing.T, T)) {
	var all sync.WaitGroup
	defer all.Wait()
	slots := make(chan struct{}, 4)
	for _, c := range cases {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			t.Run(name(c), func(t *testing.T) { run(t, c) })
		})
	}
}

// until waits for something that is not in the journal.
func (h *airHouse) until(what string, done func() bool) {
	h.Helper()
	for end, pause := time.Now().Add(mostWait), 10*time.Millisecond; !done(); pause = rarer(pause) {
		time.Sleep(pause)
		if time.Now().After(end) {
			entries, _ := h.journal(0)
			h.Fatalf("waited in vain until %s; the journal:\n%s%s", what, journalText(entries), h.said())
		}
	}
}

func journalText(entries []panel.Entry) string {
	var b strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&b, "  %4d %s %s %s: %s\n", e.Number, e.Time.Format("15:04:05.000"), e.ContactID, e.Event, e.Text)
	}
	return b.String()
}

// listedJournal is what `log --json` prints at last.
func (h *airHouse) listedJournal() (entries []panel.Entry) {
	h.Helper()
	if err := json.Unmarshal([]byte(h.cli("", "log", "-n", "10000", "--json")), &entries); err != nil {
		h.Fatal(err)
	}
	return entries
}

func (h *airHouse) status() (status panel.Outward) {
	h.Helper()
	if err := json.Unmarshal([]byte(h.cli("", "status", "--json")), &status); err != nil {
		h.Fatal(err)
	}
	return status
}

func (h *airHouse) zone(name string) panel.OutwardZone {
	h.Helper()
	status := h.status()
	n := slices.IndexFunc(status.Zones, func(z panel.OutwardZone) bool { return z.Name == name })
	if n < 0 {
		h.Fatalf("no zone %s in %+v", name, status.Zones)
	}
	return status.Zones[n]
}

// texts are those that Anna has got with part in them.
func (h *airHouse) texts(part string) []string {
	return slices.DeleteFunc(textsOf(h.sim, annaNumber), func(body string) bool { return !strings.Contains(body, part) })
}

// obedientRadio is a receiver that prints the lines of its pipe; a line that
// begins with ! it runs as a command of its shell instead. What is in the pipe
// outlives it.
const obedientRadio = `exec 0<>"$1"
while read -r line; do
	case $line in
	'!'*) eval "${line#?}" ;;
	*) printf '%s\n' "$line" ;;
	esac
done
`

// obedient makes such a receiver: what --radio takes, and the pipe.
func (h *airHouse) obedient() (radio string, pipe *os.File) { return h.obedientCalled("air") }

func (h *airHouse) obedientCalled(name string) (radio string, pipe *os.File) {
	h.Helper()
	script := h.write("radio.sh", obedientRadio, 0o700)
	pipe = h.fifo(name)
	return fmt.Sprintf("exec:exec sh '%s' '%s'", script, pipe.Name()), pipe
}

func (h *airHouse) send(pipe *os.File, lines ...string) {
	h.Helper()
	if _, err := pipe.WriteString(strings.Join(lines, "\n") + "\n"); err != nil {
		h.Fatal(err)
	}
}

// frame is what rtl_433 prints of one frame by the daemon's decoder list.
func frame(code uint32) string {
	return fmt.Sprintf(`{"time":"2026-11-22 21:00:00","model":"EV1527","count":1,"num_rows":1,"len":25,"data":"%06x0","code":%d,"mod":"ASK","freq":433.92,"rssi":-6.4,"snr":23.6,"noise":-30.0}`, code, code)
}

// pressLine prints a frame of a code twice, without a pause: a press.
func pressLine(code uint32) string {
	return fmt.Sprintf(`!printf '%%s\n%%s\n' '%[1]s' '%[1]s'`, frame(code))
}

// id is how the command line names a code.
func id(code uint32) string { return fmt.Sprintf("ev1527:%06X", code) }

// needRTL433 skips where rtl_433 is missing; in CI, or where there are recordings
// for it, it must not be.
func needRTL433(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("rtl_433")
	if err != nil && (os.Getenv("CI") == "true" || os.Getenv("GSMPANEL_CAPTURES") != "") {
		t.Fatal("rtl_433 is not installed: ", err)
	}
	if err != nil {
		t.Skip("rtl_433 is not installed: ", err)
	}
	return path
}
