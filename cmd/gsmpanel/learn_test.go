package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/radio/signal"
	"github.com/gsmpanel/gsmpanel/zones"
)

// classroom is a data directory and the program on it.
type classroom struct {
	*testing.T
	dir string
}

// start starts a command; o and e are what it says.
func (c classroom) start(args ...string) (cmd *exec.Cmd, o, e *kept) {
	c.Helper()
	cmd, o, e = exec.Command("gsmpanel", append([]string{"--data", filepath.Join(c.dir, "d")}, args...)...), &kept{}, &kept{}
	cmd.Stdout, cmd.Stderr = o, e
	if err := cmd.Start(); err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() { _ = cmd.Process.Kill() }) // it has ended, or the test has failed
	return cmd, o, e
}

// run runs a command to its end.
func (c classroom) run(args ...string) (out, errs string, status int) {
	c.Helper()
	cmd, o, e := c.start(args...)
	if err := cmd.Wait(); err != nil && cmd.ProcessState.ExitCode() < 0 {
		c.Fatal(err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// until runs a command until it has said all that is wanted and while does its
// work, which may be nil; then it presses Ctrl-C.
func (c classroom) until(wanted []string, while func(), args ...string) (out, errs string) {
	c.Helper()
	cmd, o, e := c.start(args...)
	missing := func(want string) bool { return !strings.Contains(o.String()+e.String(), want) }
	for end := time.Now().Add(mostWait); slices.ContainsFunc(wanted, missing) && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	for _, want := range wanted {
		if missing(want) {
			c.Errorf("it did not say %q", want)
		}
	}
	if while != nil {
		while()
	}
	if err := errors.Join(cmd.Process.Signal(os.Interrupt), cmd.Wait()); err != nil || c.Failed() {
		c.Fatalf("%q ended with %v:\n%s\n%s", args, err, o, e)
	}
	return o.String(), e.String()
}

func (c classroom) do(args ...string) string {
	c.Helper()
	out, errs, status := c.run(args...)
	if status != 0 {
		c.Fatalf("%q ended with status %d: %s", args, status, errs)
	}
	return out
}

// paste gives a line to a shell that has this program for gsmpanel.
func (c classroom) paste(line string) {
	c.Helper()
	cmd := exec.Command("sh", "-c", line)
	cmd.Env = append(os.Environ(), "GSMPANEL_DATA="+filepath.Join(c.dir, "d"))
	if said, err := cmd.CombinedOutput(); err != nil {
		c.Fatalf("pasted %s: %v\n%s", line, err, said)
	}
}

// receiver is a program that says over and over that it hears these codes, twice
// each, some once only.
func (c classroom) receiver(lines ...string) string {
	c.Helper()
	path := filepath.Join(c.dir, "receiver.sh")
	script := "while :; do\ncat <<'END'\n" + strings.Join(lines, "\n") + "\nEND\nsleep 0.2\ndone\n"
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		c.Fatal(err)
	}
	return "exec:exec sh '" + path + "'"
}

// twice is two equal frames of a code.
func twice(code int, snr float64) string {
	line := fmt.Sprintf(`{"model":"EV1527","code":%d,"rssi":-1.5,"snr":%g}`, code, snr)
	return line + "\n" + line
}

func (c classroom) lines(text string) []string {
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// pasted are the commands among lines of advice.
func pasted(lines []string) (out []string) {
	for _, line := range lines {
		if strings.HasPrefix(line, "gsmpanel ") {
			out = append(out, line)
		}
	}
	return out
}

// enrolledHouse is one in which a door contact and a fob are in use.
func enrolledHouse() panel.Public {
	return panel.Public{
		Zones: []zones.Zone{{Number: 1, Name: "Front door", Type: zones.Entry, Sensor: "ev1527:5A3C9E"}},
		Remotes: []radio.Remote{{Name: "Anna's fob", Contact: "Anna", Buttons: []radio.Button{
			{ID: "ev1527:13CDC0", Action: "arm"}, {ID: "ev1527:13CD0C", Action: "disarm"}}}},
	}
}

// settle types in what enrolledHouse is.
func (c classroom) settle() {
	c.do("site", "set", "--country", "GB")
	c.do("contact", "add", "Anna", "07700900123", "--quiet")
	c.do("zone", "add", "Front door", "--type", "entry", "--sensor", "ev1527:5A3C9E")
	c.do("remote", "add", "Anna's fob", "--contact", "Anna", "--button", "ev1527:13CDC0=arm", "--button", "ev1527:13CD0C=disarm")
}

// hear lets a learning hear two frames of each code, in that order.
func hear(public panel.Public, codes ...int) []radio.Finding {
	l := radio.Learning{Enrolled: enrolled(public)}
	for n, code := range codes {
		for k := range 2 {
			l, _, _ = l.Step(int64(1000*n+60*k), 0, radio.Frame{Family: radio.FamilyEV1527, ID: fmt.Sprintf("ev1527:%06X", code), SNR: 25})
		}
	}
	return l.Findings()
}

// What is advised, word for word; every command runs when it is pasted.
func TestAdvice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		codes []int
		want  string
	}{
		{"nothing new", []int{0x5A3C9E, 0x13CDC0}, ``},
		{"a door contact", []int{0xAB3C9E, 0xAB3C97, 0xAB3C9B}, `
# A new door contact (--type perimeter for a window):
gsmpanel zone add "New door" --type entry --sensor ev1527:AB3C9E --close ev1527:AB3C97 --tamper ev1527:AB3C9B`},
		{"closed before it was opened", []int{0xAB3C97, 0xAB3C9E, 0xAB3C9F}, `
# A new door contact (--type perimeter for a window):
gsmpanel zone add "New door" --type entry --sensor ev1527:AB3C9E --close ev1527:AB3C97 --low-battery ev1527:AB3C9F`},
		{"a motion sensor with its cover", []int{0xAB3C8A, 0xAB3C8B}, `
# A new motion sensor:
gsmpanel zone add "New motion" --type interior --sensor ev1527:AB3C8A --tamper ev1527:AB3C8B`},
		{"one code of which nothing is known", []int{0x123457}, `
# If ev1527:123457 is a button of a fob (what they do is yours to choose):
gsmpanel remote add "New fob" --button ev1527:123457=arm
# If it is a door contact:
gsmpanel zone add "New door" --type entry --sensor ev1527:123457
# If it is a motion sensor:
gsmpanel zone add "New motion" --type interior --sensor ev1527:123457`},
		{"a fob", []int{0x33CDC0, 0x33CD0C, 0x33CDF0, 0x33CD30, 0x33CD03}, `
# If ev1527:33CDC0, ev1527:33CD0C, ev1527:33CDF0, ev1527:33CD30, ev1527:33CD03 are buttons of a fob (what they do is yours to choose):
gsmpanel remote add "New fob" --button ev1527:33CDC0=arm --button ev1527:33CD0C=disarm --button ev1527:33CDF0=home --button ev1527:33CD30=status --button ev1527:33CD03=none
# If ev1527:33CDC0 is the opening and ev1527:33CD0C the closing of a door contact:
gsmpanel zone add "New door" --type entry --sensor ev1527:33CDC0 --close ev1527:33CD0C`},
		{"two devices have two names", []int{0xAB3C9E, 0xAB3C97, 0xCD3C9E, 0xCD3C97}, `
# A new door contact (--type perimeter for a window):
gsmpanel zone add "New door" --type entry --sensor ev1527:AB3C9E --close ev1527:AB3C97
# A new door contact (--type perimeter for a window):
gsmpanel zone add "New door 2" --type entry --sensor ev1527:CD3C9E --close ev1527:CD3C97`},
		{"more of a zone", []int{0x5A3C97, 0x5A3C9B}, `
# More of zone 1, Front door:
gsmpanel zone edit "Front door" --close ev1527:5A3C97 --tamper ev1527:5A3C9B`},
		{"another state of a zone, of which nothing is known", []int{0x5A3C91}, `
# If ev1527:5A3C91 is the closing of zone 1, Front door:
gsmpanel zone edit "Front door" --close ev1527:5A3C91
# If ev1527:5A3C91 is the opened cover of zone 1, Front door:
gsmpanel zone edit "Front door" --tamper ev1527:5A3C91
# If ev1527:5A3C91 is the low battery of zone 1, Front door:
gsmpanel zone edit "Front door" --low-battery ev1527:5A3C91`},
		{"more of a fob", []int{0x13CD30}, `
# More buttons of Anna's fob; it is taken out and in again. Check what each of them is to do: that is yours to choose, and a listing does not say all of it:
gsmpanel remote remove "Anna's fob" && gsmpanel remote add "Anna's fob" --contact "Anna" --button ev1527:13CDC0=arm --button ev1527:13CD0C=disarm --button ev1527:13CD30=home`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := strings.Join(advice(enrolledHouse(), "gsmpanel", radio.Devices(hear(enrolledHouse(), c.codes...))), "\n")
			if got != strings.TrimPrefix(c.want, "\n") {
				t.Errorf("advised\n%s\ninstead of%s", got, c.want)
			}
			r := classroom{t, t.TempDir()}
			for n, line := range pasted(r.lines(got)) {
				if n == 0 || strings.Contains(got, "# If") { // each alternative by itself
					r = classroom{t, t.TempDir()}
					r.settle()
				}
				r.paste(line)
			}
		})
	}
}

// A zone whose closing was taken for its opening is put right.
func TestAdviceForAContactTheWrongWayRound(t *testing.T) {
	public := panel.Public{Zones: []zones.Zone{{Number: 3, Name: `Tom's "den"`, Type: zones.Entry, Sensor: "ev1527:5A3C97"}}}
	got := advice(public, "gsmpanel", radio.Devices(hear(public, 0x5A3C9E, 0x5A3C97)))
	want := []string{`# More of zone 3, Tom's "den" (open was ev1527:5A3C97 so far):`,
		`gsmpanel zone edit 'Tom'\''s "den"' --sensor ev1527:5A3C9E --close ev1527:5A3C97`}
	if !slices.Equal(got, want) {
		t.Errorf("advised %q", got)
	}
}

func TestQuotedIsOneWordForAShell(t *testing.T) {
	for _, word := range []string{"Front door", "Anna's fob", `the "den"`, "$HOME", "`date`", `a\b`, "Hi!", `'"`, "", "ÄÖ ü", "~", "*"} {
		said, err := exec.Command("sh", "-c", "printf %s "+quoted(word)).Output()
		if err != nil || string(said) != word {
			t.Errorf("%s is read as %q, %v", quoted(word), said, err)
		}
	}
}

func TestWhatIsSaidOfAFinding(t *testing.T) {
	l := &lesson{public: enrolledHouse()}
	ev := func(id string, more radio.Finding) radio.Finding {
		more.ID, more.Family = "ev1527:"+id, radio.FamilyEV1527
		return more
	}
	for _, c := range []struct {
		found radio.Finding
		want  string
	}{
		{ev("123457", radio.Finding{SNR: 28.4, RSSI: -1}), "ev1527:123457  a fixed code of 24 bits: a fob's button, a door contact or a motion sensor (strong, 28 dB above the noise)"},
		{ev("123457", radio.Finding{RSSI: -12.25}), "ev1527:123457  a fixed code of 24 bits: a fob's button, a door contact or a motion sensor (-12.2 dB of the receiver's full scale)"},
		{ev("AB3C97", radio.Finding{SNR: 10, Like: "ev1527:AB3C9E", Part: radio.PartClose}), "ev1527:AB3C97  looks like the same device as ev1527:AB3C9E: its close (weak, 10 dB above the noise)"},
		{ev("5A3C9B", radio.Finding{Like: "ev1527:5A3C9E", Part: radio.PartTamper}), "ev1527:5A3C9B  looks like the same device as ev1527:5A3C9E of zone 1 Front door: its tamper (strength unknown)"},
		{ev("13CD30", radio.Finding{Like: "ev1527:13CDC0", Part: radio.PartOther}), "ev1527:13CD30  looks like another button or state of the same device as ev1527:13CDC0 of Anna's fob (strength unknown)"},
		{ev("5A3C9E", radio.Finding{}), "ev1527:5A3C9E  belongs already to zone 1 Front door (open) (strength unknown)"},
		{ev("13CD0C", radio.Finding{Like: "ev1527:13CDC0", Part: radio.PartOther}), "ev1527:13CD0C  is already the button disarm of Anna's fob (strength unknown)"},
		{radio.Finding{ID: "dsc:24BDC8", Family: "dsc", Says: radio.Trips | radio.CoverShut}, "dsc:24BDC8  a DSC sensor that reports by itself: tripped, cover shut (strength unknown)"},
		{radio.Finding{ID: "hcs:0ABCDE1:2", Family: "hcs"}, "hcs:0ABCDE1:2  a button of a KeeLoq remote with rolling codes (strength unknown)"},
		{radio.Finding{ID: "simplisafe:1M38R:off", Family: "simplisafe"}, "simplisafe:1M38R:off  a button of a SimpliSafe remote (strength unknown)"},
		{radio.Finding{ID: "simplisafe:1M38R:away", Family: "simplisafe", Like: "simplisafe:1M38R:off", Part: radio.PartOther}, "simplisafe:1M38R:away  looks like another button or state of the same device as simplisafe:1M38R:off (strength unknown)"},
		{radio.Finding{Family: "simplisafe"}, "a SimpliSafe device of the third generation, whose words are encrypted, or a keypad: this version can't use it"},
		{radio.Finding{Family: "new"}, "a device of the family new: this version can't use it"},
	} {
		if got := l.words(c.found); got != c.want {
			t.Errorf("said %q instead of %q", got, c.want)
		}
	}
}

// Where no panel runs learn listens itself, makes no panel for it, and hears the
// devices but no stray frame and no garbage.
func TestLearnWithoutAPanel(t *testing.T) {
	t.Parallel()
	c := classroom{t, t.TempDir()}
	source := c.receiver(twice(0x5A3C9E, 28), `{"model":"EV1527","code":11259375,"len":24}`, "garbage", twice(0x5A3C97, 14), `{"model":"SimpliSafe-Keypad","extradata":"Disarm Pin: 4827"}`)
	out, errs := c.until([]string{"SimpliSafe"}, nil, "learn", "--seconds", "3600", "--radio", source)
	const want = `ev1527:5A3C9E  a fixed code of 24 bits: a fob's button, a door contact or a motion sensor (strong, 28 dB above the noise)
ev1527:5A3C97  looks like the same device as ev1527:5A3C9E: its close (good, 14 dB above the noise)
a SimpliSafe device of the third generation, whose words are encrypted, or a keypad: this version can't use it

# A new door contact (--type perimeter for a window):
`
	lines := c.lines(out)
	if !strings.HasPrefix(out, want) || len(lines) != 6 {
		t.Fatalf("it said\n%s", out)
	}
	if !strings.Contains(errs, "Listening for 3600 s. Press each button") || strings.Contains(out+errs, "4827") {
		t.Errorf("it said %s", errs)
	}
	if left, err := os.ReadDir(c.dir); err != nil || len(left) != 1 {
		t.Errorf("it left %v, %v", left, err)
	}
	c.paste(lines[5])
	if out := c.do("zone", "list"); !strings.Contains(out, "ev1527:5A3C9E") {
		t.Errorf("after what it said the zones are %s", out)
	}
	out, _ = c.until([]string{"belongs already to zone 1 New door (close)", "SimpliSafe"}, nil, "learn", "--seconds", "3600", "--radio", source)
	if !strings.HasSuffix(out, "in use already.\n") {
		t.Errorf("then it said %s", out)
	}
}

// On a simulated antenna, with the decoder list that learn writes: a fob and a
// contact are pressed, and another's single damaged frame goes by.
func TestLearnByRTL433(t *testing.T) {
	t.Parallel()
	needRTL433(t)
	air, err := signal.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = air.Close() }() // nobody listens any more
	go func() {
		if air.WaitListening(t.Context()) != nil {
			return
		}
		presses := []signal.Press{{Code: 0x13CDC0}, {Code: 0x777770, Frames: 1}, {Code: 0x13CD0C, TE: 400 * time.Microsecond}, {Code: 0x5A3C9E}, {Code: 0x5A3C97}}
		for n := 0; ; n++ {
			over, err := air.Send(presses[n%len(presses)])
			if err != nil {
				return // it is closed
			}
			<-over
		}
	}()
	out, _ := classroom{t, t.TempDir()}.until([]string{
		"ev1527:13CDC0  a fixed code", "ev1527:13CD0C  looks like another button", "ev1527:5A3C9E  a fixed code", "ev1527:5A3C97  looks like the same device as ev1527:5A3C9E: its close (", "dB above the noise)",
	}, nil, "learn", "--seconds", "3600", "--radio", `exec:exec rtl_433 -c "$RTL_433_CONF" -d rtl_tcp:`+air.Addr())
	if strings.Contains(out, "777770") {
		t.Errorf("it shows what came once:\n%s", out)
	}
}

// While it listens other commands have the database.
func TestLearnHoldsNothing(t *testing.T) {
	t.Parallel()
	c := classroom{t, t.TempDir()}
	c.settle()
	air := c.receiver(twice(0x5A3C9E, 28))
	edit := func() { c.do("zone", "edit", "1", "--tamper", "ev1527:5A3C9B") }
	out, _ := c.until([]string{"}\n"}, edit, "learn", "--json", "--seconds", "3600", "--radio", air)
	var f learntListed
	if err := json.Unmarshal([]byte(out), &f); err != nil || f.ID != "ev1527:5A3C9E" || f.Zone != "Front door" || f.Means != "open" || f.Strength != "strong" || !f.Usable {
		t.Errorf("it said %s: %v", out, err)
	}
}

func TestLearnHearsNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, source string
		want         []string
	}{
		{"silence", "exec:exec sleep 100", []string{"gsmpanel: nothing was heard\n", "check the device's battery", "antenna", "433.92 MHz"}},
		{"one frame only", `exec:echo '{"model":"EV1527","code":1297712}'; exec sleep 100`, []string{"gsmpanel: nothing was heard\n"}},
		{"a receiver that ends", "exec:exit 2", []string{"warning: the radio receiver does not run: the radio command ended with status 2", "nothing was heard, and this may be why: the radio command ended with status 2"}},
		{"none", "none", []string{"there is no receiver to listen with: --radio is none"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, errs, status := classroom{t, t.TempDir()}.run("learn", "--seconds", "2", "--radio", c.source)
			if status != failed || out != "" {
				t.Errorf("ended with %d: %s", status, out)
			}
			for _, want := range c.want {
				if !strings.Contains(errs, want) {
					t.Errorf("it did not say %q: %s", want, errs)
				}
			}
		})
	}
}

// school is a running panel with receivers of the test's.
func school(t *testing.T, radio ...string) classroom {
	t.Helper()
	c := classroom{t, t.TempDir()}
	c.settle()
	modem, data := filepath.Join(c.dir, "modem"), filepath.Join(c.dir, "d")
	startFor(t, filepath.Join(c.dir, "modem.log"), nil, "gsmpanel", "simulate", "--link", modem)
	c.ready("modem.log")
	args := []string{"run", "--data", data, "--modem", modem}
	for _, source := range radio {
		args = append(args, "--radio", source)
	}
	run := startFor(t, filepath.Join(c.dir, "run.log"), nil, "gsmpanel", args...)
	c.ready("run.log")
	t.Cleanup(func() {
		if err := run.stop(); err != nil {
			t.Errorf("the panel ended with %v", err)
		}
	})
	return c
}

func (c classroom) ready(log string) {
	c.Helper()
	if err := untilReady(filepath.Join(c.dir, log)); err != nil {
		c.Fatal(err)
	}
}

// A running panel lends its ears, and goes on hearing.
func TestLearnFromARunningPanel(t *testing.T) {
	t.Parallel()
	air := classroom{t, t.TempDir()}.receiver(twice(0x5A3C97, 28), twice(0x123457, 28), twice(0x13CDC0, 28), `{"model":"Yale-HSA","id":1}`)
	c := school(t, air, "exec:exit 2")
	out, _ := c.until([]string{
		"ev1527:5A3C97  looks like the same device as ev1527:5A3C9E of zone 1 Front door: its close (strong, 28 dB above the noise)\n",
		"ev1527:123457  a fixed code of 24 bits",
		"ev1527:13CDC0  is already the button arm of Anna's fob",
		"a Yale device: this version can't use it\n",
		"--radio is for where none runs",
		"warning: the radio receiver does not run: receiver 2 of 2, exec: the radio command ended with status 2",
	}, nil, "learn", "--seconds", "3600", "--radio", "exec:elsewhere")
	if want := ` zone edit "Front door" --close ev1527:5A3C97` + "\n"; !strings.Contains(out, want) {
		t.Errorf("it did not say %q:\n%s", want, out)
	}
	commands := pasted(c.lines(strings.ReplaceAll(out, "gsmpanel --data "+quoted(filepath.Join(c.dir, "d")), "gsmpanel")))
	if len(commands) != 4 {
		t.Fatalf("it said to type %q", commands)
	}
	for _, line := range commands[:2] { // the zone, and the fob of the three that one code may be
		c.paste(line)
	}
	c.until([]string{`"zone":"Front door","means":"close"`, `"remote":"New fob","means":"arm"`, `"family":"yale","frames":1,"usable":false`}, nil, "learn", "--json")
}

func TestLearnFromAPanelThatIsDeaf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, source, want string }{
		{"no receiver", "none", "gsmpanel: there is no receiver to listen with: --radio is none\nhint: start it with a receiver"},
		{"a receiver that ends", "exec:exit 2", "nothing was heard, and this may be why: the radio command ended with status 2"},
		{"silence", "exec:exec sleep 1000", "gsmpanel: nothing was heard\nhint: check the device's battery"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, errs, status := school(t, c.source).run("learn", "--seconds", "1")
			if status != failed || out != "" || !strings.Contains(errs, c.want) {
				t.Errorf("ended with %d\n%s\n%s", status, out, errs)
			}
		})
	}
}
