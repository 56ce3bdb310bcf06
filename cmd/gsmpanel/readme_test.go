package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// readmeLine is a command of the README with what stands below it.
type readmeLine struct {
	line    int
	command string
	says    []string // "[...]" is anything
}

var readmeCommand = regexp.MustCompile(`^ ?((?:sudo |[A-Z][A-Z_]*=\S+ )*(?:gsmpanel|go|scripts/\S+|apt|apt-get|install|journalctl|systemctl|dpkg|git|curl|cat|sqlite3|ls|cp|mv|export) .*)$`)

// elsewhere are the README's commands that are not played here, and why. Whatever
// else stands there is.
var elsewhere = map[string]string{
	"go run ./cmd/gsmpanel demo": "TestDemo plays it",
	"go test ./...":              "it is this",
	"go build ./cmd/gsmpanel":    "every test does",
	"export PATH=":               "it is of the shell that the others are pasted into",
	"gsmpanel test":              "TestDrill plays it, in a minute",
	"install -m 600 /dev/null":   "it is for /etc",
	"sudo systemctl ":            "TestPackageInACleanRoot does that",
	"sudo mv /var/lib":           "TestALostKey plays it",
	"sudo install -d ":           "the same",
	`sudo gsmpanel restore "$(`:  "the same",
	"scripts/package":            "scripts/check runs it",
	"sudo apt install":           "TestPackageInACleanRoot plays it",
	"sudo gsmpanel setup":        "TestSetup plays it",
}

// typedFor is what somebody types who pastes a command, a line each.
var typedFor = map[string]string{
	"gsmpanel code add Anna":                      "482913\n482913\n",
	"gsmpanel code add Anna --kind duress --word": "482913\nmarigold\nmarigold\n",
	`--maker-key`: "5CEC6701B79FD949\n",
}

// readme plays the commands of the README from top to bottom, as somebody would
// paste them, with a board and a modem that are simulated.
type readme struct {
	*house
	env []string
}

// TestReadme: each command of the README works as it stands there, and prints what
// stands below it; numbers may differ.
func TestReadme(t *testing.T) {
	t.Parallel()
	h := &readme{house: newHouse(t)}
	h.furnishReadme()
	for _, c := range readmeCommands(t, readDoc(t, "README.md")) {
		switch {
		case c.leftOut():
		case strings.HasPrefix(c.command, "gsmpanel run "):
			h.runs(c)
		case c.follows():
			h.until(fmt.Sprintf("line %d: %s", c.line, c.command), func() bool {
				time.Sleep(2 * time.Second) // the network comes in half a minute
				return h.pastes(c)
			})
		default:
			h.pastes(c)
		}
	}
}

func readmeCommands(t *testing.T, page string) (all []readmeLine) {
	var block []readmeLine
	inside, learnt := false, false
	for n, line := range strings.Split(page, "\n") {
		m := readmeCommand.FindStringSubmatch(line)
		switch {
		case strings.HasPrefix(line, "```"):
			inside, learnt = !inside, false
			all, block = append(all, block...), nil
		case inside && block == nil && m == nil:
			learnt = true // it is what something prints
		case inside && m != nil && !learnt:
			block = append(block, readmeLine{line: n + 1, command: m[1]})
			learnt = strings.HasPrefix(m[1], "gsmpanel learn") // prints commands itself
		case inside && block != nil:
			last := &block[len(block)-1]
			last.says = append(last.says, line)
		}
	}
	if len(all) < 30 {
		t.Fatalf("only %d commands were found", len(all))
	}
	return all
}

// follows tells whether what stands there comes only when the panel has found it out.
func (c readmeLine) follows() bool { return strings.HasPrefix(c.command, "gsmpanel doctor") }

func (c readmeLine) leftOut() bool {
	for begins := range elsewhere {
		if strings.HasPrefix(c.command, begins) {
			return true
		}
	}
	return false
}

// furnishReadme lays out what the README's house has beside the panel.
func (h *readme) furnishReadme() {
	h.write("pin", "1234\n", 0o600)
	h.write("mains", "1\n", 0o600)
	keypad, err := openPipe(h.path("keypad"))
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { keypad.Close() })
	if err := os.Mkdir(h.path("bin"), 0o700); err != nil {
		h.Fatal(err)
	}
	h.write("door", strings.Join([]string{twice(0x5A3C9E, 25), twice(0x5A3C97, 24), twice(0x5A3C9B, 25)}, "\n")+"\n", 0o600)
	h.write("bin/rtl_433", "#!/bin/sh\ncase \"$*\" in *-V*) exit;; esac\ncd '"+h.dir+"'\nwhile :; do [ ! -e moves ] || cat door\n"+
		`echo '{"model":"Neighbour"}'; sleep 0.3; done`+"\n", 0o700)
	h.write("bin/sudo", "#!/bin/sh\nexec \"$@\"\n", 0o700)
	h.env = append(os.Environ(), "GSMPANEL_DATA="+h.path("data"), "PATH="+h.path("bin")+":"+os.Getenv("PATH"))
	h.sim = startFor(h.T, h.path("simulate.log"), nil, shipped, "simulate", "--link", h.modem, "--control", h.phones)
	h.ready("simulate.log")
}

// here puts what the house of the test has in the place of a board's.
func (h *readme) here(command string) string {
	return strings.NewReplacer(
		"/dev/ttyUSB0", h.modem,
		"/dev/gsmpanel-modem", h.modem,
		"--siren gpio:gpiochip0:27", "--siren exec:"+h.path("siren.sh"),
		"/usr/local/bin/siren", h.path("siren.sh"),
		"gpio:gpiochip0:22:low", h.path("mains"),
		"/etc/gsmpanel-pin", h.path("pin"),
		"/dev/input/by-id/usb-04d9_1203-event-kbd", h.path("keypad"),
	).Replace(command)
}

// runs starts the panel as the README does, until the next one is started.
func (h *readme) runs(c readmeLine) {
	h.Helper()
	if h.panel != nil {
		if err := h.panel.stop(); err != nil {
			h.Fatalf("line %d: the panel before ended with %v:\n%s", c.line, err, h.read("panel.log"))
		}
	}
	h.write("panel.log", "", 0o600)
	h.panel = startFor(h.T, h.path("panel.log"), h.env, "bash", "-c", "exec "+h.here(c.command))
	h.ready("panel.log")
}

// pastes runs a command in a shell, and tells whether it printed what it should.
func (h *readme) pastes(c readmeLine) bool {
	h.Helper()
	said := &kept{}
	cmd := exec.Command("bash", "-c", h.here(c.command))
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = h.dir, h.env, said, said
	for ends, typed := range typedFor {
		if strings.HasSuffix(c.command, ends) {
			cmd.Stdin = strings.NewReader(typed)
		}
	}
	missing := func(lines []string) string {
		return notSaid(strings.ReplaceAll(said.String(), h.path("data"), defaultData), lines)
	}
	learns := strings.HasPrefix(c.command, "gsmpanel learn")
	if learns {
		h.write("moves", "", 0o600)
		defer os.Remove(h.path("moves"))
	}
	if err := cmd.Start(); err != nil {
		h.Fatal(err)
	}
	if learns { // Ctrl-C as soon as it has heard all; then it says what to type
		heard := c.says[:slices.Index(c.says, "")]
		for end := time.Now().Add(mostWait); missing(heard) != "" && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		}
		_ = cmd.Process.Signal(os.Interrupt)
	}
	err := cmd.Wait()
	if lacks := missing(c.says); err != nil || lacks != "" {
		if why := fmt.Sprintf("line %d: %s\nended with %v and did not say %q:\n%s", c.line, c.command, err, lacks, said); c.follows() {
			h.write("lacks", why, 0o600)
		} else {
			h.Error(why)
		}
		return false
	}
	return true
}

var (
	anyNumber = regexp.MustCompile(`[0-9]+`)
	anySpace  = regexp.MustCompile(`\s+`)
)

// asAnywhere is a line without what differs from house to house.
func asAnywhere(line string) string {
	return strings.TrimSpace(anySpace.ReplaceAllString(anyNumber.ReplaceAllString(line, "0"), " "))
}

// notSaid is the first line of the README that was not printed in its place, "" for
// none. A line that asks for something is printed at a terminal only.
func notSaid(said string, lines []string) string {
	var printed []string
	for line := range strings.Lines(said) {
		printed = append(printed, asAnywhere(line))
	}
	from := 0
	for _, want := range lines {
		if want == "[...]" || want == "" || strings.HasSuffix(want, ":") || strings.Contains(want, "(not shown") {
			continue
		}
		at := slices.Index(printed[from:], asAnywhere(want))
		if at < 0 {
			return want
		}
		from += at + 1
	}
	return ""
}

func TestReadmeSeesWhatIsNotSaid(t *testing.T) {
	for name, c := range map[string]struct {
		said, line string
		missing    bool
	}{
		"the same":        {"good.db has 12 KiB.\n", "good.db has 188 KiB.", false},
		"other words":     {"good.db has 12 KiB.\n", "good.db has 188 MiB.", true},
		"a prompt":        {"", "Code:", false},
		"nothing printed": {"", "ready", true},
	} {
		if got := notSaid(c.said, []string{c.line}) != ""; got != c.missing {
			t.Errorf("%s: missing %v", name, got)
		}
	}
	if notSaid("b\na\n", []string{"a", "b"}) != "b" {
		t.Error("the order does not count")
	}
}
