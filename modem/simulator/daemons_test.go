package simulator

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// daemon is a program that people run for texts, and how it is told to send one.
type daemon struct {
	name, program, from string // and the package that it comes from
	start               func(dir, link string) (args []string, err error)
	send                func(dir string, n int, to, body string) error
	inbox, done, failed string // its folders
	body                func(file string) string
}

var daemons = []daemon{
	{name: "gammu-smsd", program: "gammu-smsd", from: "gammu-smsd", start: startGammuSmsd, send: sendGammuSmsd,
		inbox: "inbox", done: "sentsms", failed: "errorsms", body: strings.TrimSpace},
	{name: "smstools", program: "smsd", from: "smstools", start: startSmsd, send: sendSmsd,
		inbox: "incoming", done: "sent", failed: "failed", body: behindHeaders},
}

// behindHeaders is what stands in a file behind its headers.
func behindHeaders(file string) string {
	_, body, _ := strings.Cut(file, "\n\n")
	return strings.TrimSpace(body)
}

func startGammuSmsd(dir, link string) ([]string, error) {
	var folders string
	for _, d := range []string{"inbox", "outbox", "sentsms", "errorsms"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o755); err != nil {
			return nil, err
		}
		folders += fmt.Sprintf("%spath = %s/\n", d, filepath.Join(dir, d))
	}
	config := filepath.Join(dir, "smsdrc")
	text := fmt.Sprintf("[gammu]\ndevice = %s\nconnection = at115200\n[smsd]\nservice = files\nlogfile = %s/log\ndebuglevel = 0\ncommtimeout = 1\nreceivefrequency = 1\n%s", link, dir, folders)
	return []string{"-c", config}, os.WriteFile(config, []byte(text), 0o600)
}

func sendGammuSmsd(dir string, _ int, to, body string) error {
	for {
		out, err := exec.Command("gammu-smsd-inject", "-c", filepath.Join(dir, "smsdrc"), "TEXT", to, "-text", body).CombinedOutput()
		switch {
		case err == nil:
			return nil
		case bytes.Contains(out, []byte("No available file names")):
			time.Sleep(100 * time.Millisecond) // it has names for a hundred texts of one second
		default:
			return fmt.Errorf("gammu-smsd-inject: %w\n%s", err, out)
		}
	}
}

// startSmsd asks for no reports: smsd answers one that comes at a prompt there and
// then, so that its text is refused, and says that they must not be routed to it.
func startSmsd(dir, link string) ([]string, error) {
	config, err := smsdFiles(dir, link, "")
	return []string{"-c" + config, "-t"}, err
}

func sendSmsd(dir string, n int, to, body string) error {
	path := filepath.Join(dir, fmt.Sprintf("text%04d", n))
	return errors.Join(os.WriteFile(path, []byte("To: "+to[1:]+"\n\n"+body+"\n"), 0o644), os.Rename(path, filepath.Join(dir, "outgoing", filepath.Base(path))))
}

// TestDaemons has each program send texts and take as many in, all at once: 3, or
// GSMPANEL_DAEMONS.
func TestDaemons(t *testing.T) {
	t.Parallel()
	texts := 3
	if n, err := strconv.Atoi(os.Getenv("GSMPANEL_DAEMONS")); err == nil {
		texts = n
	}
	for _, d := range daemons {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			runDaemon(t, d, texts)
		})
	}
}

func runDaemon(t *testing.T, d daemon, texts int) {
	program, err := findDaemon(d.program)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is missing; install it with: apt-get install %s", d.program, d.from)
		}
		t.Skipf("%s is not installed", d.program)
	}
	answers := &complaints{of: map[string]int{}}
	m, _, link := openTerminal(t, Options{SendTime: 10 * time.Millisecond, Wire: answers.wire})
	dir := t.TempDir()
	args, err := d.start(dir, link)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), program, args...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	defer func() {
		_ = c.Process.Signal(os.Interrupt)
		_ = c.Wait() // its exit status tells nothing
	}()
	var want []string
	for n := range texts {
		body := fmt.Sprintf("Text %d of %s", n+1, d.name)
		want = append(want, body)
		if err := errors.Join(m.Text(bob, body), d.send(dir, n, bob, body)); err != nil {
			t.Fatal(err)
		}
	}
	limit := 30*time.Second + time.Duration(texts)*3*time.Second
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if filesIn(dir, d.inbox) >= texts && filesIn(dir, d.done)+filesIn(dir, d.failed) >= texts && m.usedPlaces() == 0 {
			break
		}
	}
	t.Logf("%d texts each way in %s", texts, time.Since(began).Round(100*time.Millisecond))
	slices.Sort(want)
	if got := bodiesIn(t, filepath.Join(dir, d.inbox), d.body); !slices.Equal(got, want) {
		t.Errorf("%d texts were taken in, want %d: %.300q", len(got), texts, got)
	}
	if got := toBob(m); !slices.Equal(got, want) {
		t.Errorf("%d texts were sent, want %d: %.300q", len(got), texts, got)
	}
	if n := filesIn(dir, d.failed); n != 0 {
		t.Errorf("%d texts failed", n)
	}
	if bad := answers.ofTexts(); len(bad) != 0 {
		t.Errorf("refused: %v", bad)
	}
	t.Logf("refused by the modem, as a SIM800 does: %v", answers.of)
	if t.Failed() {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		t.Logf("%s", log[max(0, len(log)-20_000):])
	}
}

func findDaemon(program string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return exec.LookPath("/usr/sbin/" + program)
	}
	return path, nil
}

func (m *Modem) usedPlaces() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.used() + len(m.centre)
}

// toBob are the texts that his phone got.
func toBob(m *Modem) (bodies []string) {
	for _, p := range m.Phones() {
		for _, text := range p.Texts {
			if p.Number == bob && !text.Outgoing {
				bodies = append(bodies, text.Body)
			}
		}
	}
	slices.Sort(bodies)
	return bodies
}

func bodiesIn(t *testing.T, dir string, body func(string) string) (bodies []string) {
	t.Helper()
	es, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, body(string(b)))
	}
	slices.Sort(bodies)
	return bodies
}

// complaints counts the commands that the modem answered with an error.
type complaints struct {
	mu          sync.Mutex
	typed, last string
	of          map[string]int
}

func (c *complaints) wire(_ time.Time, fromModem bool, b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case !fromModem:
		c.typed += string(b)
		if lines := strings.Split(c.typed, "\r"); len(lines) > 1 {
			c.last, c.typed = strings.TrimSpace(lines[len(lines)-2]), lines[len(lines)-1]
		}
	case strings.Contains(string(b), "ERROR"):
		c.of[c.last]++
	}
}

// ofTexts are the errors to commands that send, list, read or delete texts.
func (c *complaints) ofTexts() (out []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for command := range c.of {
		if strings.HasPrefix(command, "AT+CMG") {
			out = append(out, command)
		}
	}
	return out
}
