package simulator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warthog618/modem/at"
	"github.com/warthog618/modem/gsm"
	"go.bug.st/serial"
	"golang.org/x/sys/unix"
)

// These tests are programs that know nothing of this one.

func TestLibraryOverTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := New(Options{})
		defer m.Close()
		a := at.New(m.Line(), at.WithTimeout(10*time.Second))
		g := gsm.New(a)
		if err := g.Init(); err != nil {
			t.Fatalf("Init: %v", err)
		}
		mr, err := g.SendShortMessage(bob, "Alarm € [1]")
		if err != nil || mr != "1" {
			t.Errorf("SendShortMessage: %q, %v", mr, err)
		}
		long := strings.Repeat("Alarm at 12 Mill Lane. ", 12)
		if mrs, err := g.SendLongMessage(bob, long); err != nil || len(mrs) != 2 {
			t.Errorf("SendLongMessage: %v, %v", mrs, err)
		}
		if err := m.Fault(Fault{Name: "error", Command: "+CMGS", Code: 38}); err != nil {
			t.Fatal(err)
		}
		if _, err := g.SendShortMessage(bob, "x"); !errors.Is(err, at.CMSError("38")) {
			t.Errorf("a refused text: %v", err)
		}
		if texts := m.Phones()[0].Texts; len(texts) != 2 || texts[0].Body != "Alarm € [1]" || texts[1].Body != long {
			t.Errorf("the phone has %+v", texts)
		}
		libraryReceives(t, m, a, g)
		if err := m.Fault(Fault{Name: "unplug"}); err != nil {
			t.Fatal(err)
		}
		<-a.Closed()
	})
}

func libraryReceives(t *testing.T, m *Modem, a *at.AT, g *gsm.GSM) {
	got := make(chan gsm.Message, 1)
	fail := func(err error) { t.Errorf("reception: %v", err) }
	if err := g.StartMessageRx(func(msg gsm.Message) { got <- msg }, fail); err != nil {
		t.Fatalf("StartMessageRx: %v", err)
	}
	if err := m.Text(bob, "482913 disarm"); err != nil {
		t.Fatal(err)
	}
	if msg := <-got; msg.Number != bob || msg.Message != "482913 disarm" {
		t.Errorf("received %+v", msg)
	}
	keys := make(chan string, 8)
	for _, prefix := range []string{"MO CONNECTED", "+DTMF:", "NO CARRIER"} {
		if err := a.AddIndication(prefix, func(info []string) { keys <- info[0] }); err != nil {
			t.Fatal(err)
		}
	}
	m.SetPhone(bob, Behaviour{AnswerAfter: time.Second, Digits: "1"})
	for _, c := range []string{"+MORING=1;+DDET=1", "D" + bob + ";"} {
		if _, err := a.Command(c); err != nil {
			t.Errorf("AT%s: %v", c, err)
		}
	}
	for _, want := range []string{"MO CONNECTED", "+DTMF: 1"} {
		if k := <-keys; k != want {
			t.Errorf("heard %q, want %q", k, want)
		}
	}
}

// terminal opens a pseudo-terminal in a directory of its own.
func openTerminal(t *testing.T, o Options) (*Modem, *PTY, string) {
	m := New(o)
	link := filepath.Join(t.TempDir(), "modem")
	p, err := m.PTY(link)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Close()
		m.Close()
	})
	return m, p, link
}

// expect reads until want has come, 5 s at most.
func expect(t *testing.T, r io.Reader, want string) string {
	t.Helper()
	got := make(chan string, 1)
	go func() {
		var s strings.Builder
		buf := make([]byte, 256)
		for !strings.Contains(s.String(), want) {
			n, err := r.Read(buf)
			s.Write(buf[:n])
			if err != nil {
				fmt.Fprintf(&s, " [%v]", err)
				break
			}
		}
		got <- s.String()
	}()
	select {
	case s := <-got:
		if !strings.Contains(s, want) {
			t.Fatalf("read %q, want %q", s, want)
		}
		return s
	case <-time.After(5 * time.Second):
		t.Fatalf("%q did not come", want)
	}
	return ""
}

func TestSerialPort(t *testing.T) {
	m, _, link := openTerminal(t, Options{SendTime: 20 * time.Millisecond, SetupTime: 10 * time.Millisecond})
	port, err := serial.Open(link, &serial.Mode{BaudRate: 115200})
	if err != nil {
		t.Fatal(err)
	}
	write := func(s string) {
		if _, err := port.Write([]byte(s)); err != nil {
			t.Fatal(err)
		}
	}
	write("ATE0+CMGF=1\r")
	expect(t, port, "OK\r\n")
	if err := m.Text(bob, "hello"); err != nil {
		t.Fatal(err)
	}
	expect(t, port, "+CMTI: \"SM\",1\r\n")
	write("AT+CMGS=\"" + bob + "\"\r")
	expect(t, port, "> ")
	write("alarm\x1a")
	expect(t, port, "+CMGS: 1\r\n\r\nOK\r\n")
	write("ATD" + bob + ";\r")
	expect(t, port, "OK\r\n")
	if texts := m.Phones()[0].Texts; len(texts) != 2 || texts[1].Body != "alarm" {
		t.Errorf("the phone has %+v", texts)
	}
	// A host that closes the port and opens it again finds the modem as it was.
	if err := port.Close(); err != nil {
		t.Fatal(err)
	}
	if port, err = serial.Open(link, &serial.Mode{BaudRate: 9600}); err != nil {
		t.Fatal(err)
	}
	write("AT+CMGF?\r")
	expect(t, port, "+CMGF: 1\r\n\r\nOK\r\n")
	port.Close()
}

func TestUnpluggedTerminalComesBack(t *testing.T) {
	m, p, link := openTerminal(t, Options{})
	first := p.Path()
	port, err := serial.Open(link, &serial.Mode{BaudRate: 115200})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Fault(Fault{Name: "unplug", For: 50 * time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	if n, err := port.Read(make([]byte, 8)); err == nil {
		t.Errorf("the host still reads: %d bytes", n)
	}
	port.Close()
	w := m.await("plugged", "", 1)
	<-w.done
	var back serial.Port
	for range 100 {
		if back, err = serial.Open(link, &serial.Mode{BaudRate: 115200}); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err != nil {
		t.Fatalf("the link (once %s) did not come back: %v", first, err)
	}
	defer back.Close()
	if _, err := back.Write([]byte("AT\r")); err != nil {
		t.Fatal(err)
	}
	expect(t, back, "OK\r\n")
}

// TestTerminalCanBeOpenedAfterAKilledHost looks at the mark that a host sets on
// the terminal and that outlives one which was killed.
func TestTerminalCanBeOpenedAfterAKilledHost(t *testing.T) {
	_, p, link := openTerminal(t, Options{})
	port, err := serial.Open(link, &serial.Mode{BaudRate: 115200}) // sets the mark
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	if _, err := port.Write([]byte("AT\r")); err != nil {
		t.Fatal(err)
	}
	expect(t, port, "OK\r\n")
	raw, err := p.slave.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	err = raw.Control(func(fd uintptr) {
		if n, err := unix.IoctlGetInt(int(fd), unix.TIOCGEXCL); err != nil || n != 0 {
			t.Errorf("the terminal is marked exclusive: %d, %v", n, err)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTerminalLink(t *testing.T) {
	dir := t.TempDir()
	m := New(Options{})
	defer m.Close()
	taken := filepath.Join(dir, "file")
	if err := os.WriteFile(taken, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := m.PTY(taken); err == nil {
		t.Error("a file was replaced by the link")
	}
	link := filepath.Join(dir, "modem")
	if err := os.Symlink("/nowhere", link); err != nil {
		t.Fatal(err)
	}
	p, err := m.PTY(link)
	if err != nil {
		t.Fatalf("an old link: %v", err)
	}
	if to, err := os.Readlink(link); err != nil || to != p.Path() {
		t.Errorf("the link leads to %q (%v), want %q", to, err, p.Path())
	}
	p.Close()
	p.Close()
	if _, err := os.Lstat(link); !os.IsNotExist(err) {
		t.Errorf("the link is still there: %v", err)
	}
	m.Close()
	if _, err := m.PTY(link); !errors.Is(err, ErrClosed) {
		t.Errorf("PTY of a closed modem: %v", err)
	}
}

// TestStaleBytesDoNotStopTheModem fills a terminal that nobody reads.
func TestStaleBytesDoNotStopTheModem(t *testing.T) {
	m, _, link := openTerminal(t, Options{})
	for range 2000 {
		m.do(func() { m.urc("RING") })
	}
	port, err := serial.Open(link, &serial.Mode{BaudRate: 115200})
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	if err := port.ResetInputBuffer(); err != nil {
		t.Fatal(err)
	}
	if _, err := port.Write([]byte("AT+CSQ\r")); err != nil {
		t.Fatal(err)
	}
	expect(t, port, "+CSQ: 21,0\r\n")
}

// gammuScript is run over one connection, as gammu spends seconds on opening one.
const gammuScript = `identify
battery
networkinfo
getallsms
sendsms TEXT +447700900123 -text "Alarm at 12 Mill Lane"
sendsms TEXT +447700900123 -unicode -text "Тревога"
deletesms 1 1
monitor 1
`

func TestGammu(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("gammu"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("gammu is missing; install it with: apt-get install gammu")
		}
		t.Skip("gammu is not installed")
	}
	var log bytes.Buffer
	wire := func(at time.Time, fromModem bool, b []byte) {
		fmt.Fprintf(&log, "%s %v %q\n", at.Format("05.000"), fromModem, b)
	}
	m, _, link := openTerminal(t, Options{SendTime: 200 * time.Millisecond, Wire: wire})
	for _, body := range []string{"hello wörld €", "Привет, мир"} {
		if err := m.Text(bob, body); err != nil {
			t.Fatal(err)
		}
	}
	got := gammu(t, link)
	for _, want := range []string{
		"SIMCOM_Ltd", "SIMCOM_SIM800L", m.serial("8651", 15), m.serial(operatorCode, 15),
		"92 percent", "home network", operatorName, bob, "hello wörld €", "Привет, мир",
		"OK, message reference=1", "OK, message reference=2", "1 used, 0 unread, 20 locations",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("gammu does not say %q", want)
		}
	}
	texts := m.Phones()[0].Texts
	if len(texts) != 4 || texts[2].Body != "Alarm at 12 Mill Lane" || texts[3].Body != "Тревога" {
		t.Errorf("the phone has %+v", texts)
	}
	if t.Failed() {
		m.Close()
		t.Logf("%s\n%s", got, log.String())
	}
}

// gammu runs the script and returns what gammu says.
func gammu(t *testing.T, link string) string {
	t.Helper()
	dir := t.TempDir()
	config, script := filepath.Join(dir, "gammurc"), filepath.Join(dir, "script")
	text := fmt.Sprintf("[gammu]\ndevice = %s\nconnection = at115200\n", link)
	if err := errors.Join(os.WriteFile(config, []byte(text), 0o600), os.WriteFile(script, []byte(gammuScript), 0o600)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, "gammu", "-c", config, "batch", script)
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Errorf("gammu: %v", err)
	}
	return string(out)
}

// TestSmstools has smsd send a text with a report and take two in.
func TestSmstools(t *testing.T) {
	t.Parallel()
	smsd, err := exec.LookPath("smsd")
	if err != nil {
		if smsd, err = exec.LookPath("/usr/sbin/smsd"); err != nil {
			t.Skip("smstools is not installed")
		}
	}
	m, _, link := openTerminal(t, Options{SendTime: 200 * time.Millisecond})
	for _, from := range []string{bob, "ACME"} {
		if err := m.Text(from, "Hello from "+from); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	config := smsdConfig(t, dir, link)
	c := exec.CommandContext(t.Context(), smsd, "-c"+config, "-t")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = c.Process.Signal(os.Interrupt)
		_ = c.Wait() // its exit status tells nothing
	}()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if filesIn(dir, "incoming") == 2 && filesIn(dir, "report") == 1 && filesIn(dir, "sent") == 1 {
			break
		}
	}
	log, _ := os.ReadFile(filepath.Join(dir, "log"))
	if i, r, s := filesIn(dir, "incoming"), filesIn(dir, "report"), filesIn(dir, "sent"); i != 2 || r != 1 || s != 1 {
		t.Errorf("smsd has %d texts, %d reports, %d sent; want 2, 1, 1\n%s", i, r, s, log)
	}
	for _, p := range m.Phones() {
		if p.Number == bob && (len(p.Texts) != 2 || p.Texts[1].Body != "Alarm at 12 Mill Lane") {
			t.Errorf("the phone has %+v", p.Texts)
		}
	}
}

// filesIn counts files, but for the locks that smstools puts beside one it moves.
func filesIn(dir, name string) int {
	es, err := os.ReadDir(filepath.Join(dir, name))
	if err != nil {
		return -1
	}
	return len(slices.DeleteFunc(es, func(e os.DirEntry) bool { return strings.HasSuffix(e.Name(), ".LOCK") }))
}

func smsdConfig(t *testing.T, dir, link string) string {
	config, err := smsdFiles(dir, link, "report = yes\ninit = AT+CNMI=2,1,0,1,0\n")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "outgoing", "alarm"), []byte("To: "+bob[1:]+"\n\nAlarm at 12 Mill Lane\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return config
}

// smsdFiles makes the folders and the configuration of smstools; more is for the modem.
func smsdFiles(dir, link, more string) (config string, err error) {
	text := "devices = GSM1\nloglevel = 7\ndelaytime = 1\nlogfile = " + dir + "/log\ninfofile = " + dir + "/working\npidfile = " + dir + "/pid\n"
	for _, d := range []string{"outgoing", "checked", "incoming", "failed", "sent", "report"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o755); err != nil {
			return "", err
		}
		text += d + " = " + filepath.Join(dir, d) + "\n"
	}
	text += "[GSM1]\ndevice = " + link + "\nincoming = yes\nbaudrate = 115200\n" + more
	config = filepath.Join(dir, "smsd.conf")
	return config, os.WriteFile(config, []byte(text), 0o600)
}
