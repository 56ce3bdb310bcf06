package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// sitting is a person at the live demo, in a real terminal of 80x24 that tmux
// keeps.
type sitting struct {
	t      *testing.T
	socket string
	shell  int    // its process, in which the demo runs
	dir    string // where the demo may put what is temporary
	said   string // its standard error
	left   string // its exit status, once it has one
}

func sitAtDemo(t *testing.T, env string) *sitting {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("tmux, a terminal to look at, is not installed")
		}
		t.Skip("tmux, a terminal to look at, is not installed")
	}
	program, err := exec.LookPath(shipped)
	if err != nil {
		t.Fatal(err)
	}
	base, err := os.MkdirTemp("", "sit") // t.TempDir is too long for the path of a socket
	if err != nil {
		t.Fatal(err)
	}
	s := &sitting{t: t, socket: filepath.Join(base, "tmux"), dir: filepath.Join(base, "tmp"), said: filepath.Join(base, "said"), left: filepath.Join(base, "left")}
	if err := os.Mkdir(s.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = exec.Command("tmux", "-S", s.socket, "kill-server").Run() // it may have ended with its last window
		if s.shell != 0 {
			for _, pid := range family(s.shell) {
				_ = syscall.Kill(pid, syscall.SIGKILL) // most have ended
			}
		}
		os.RemoveAll(base)
	})
	shell := "trap : HUP; export TMPDIR='" + s.dir + "' " + env + "; '" + program + "' demo 2> '" + s.said + "'; echo $? > '" + s.left + "'; sleep 60"
	s.tmux("-u", "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", shell)
	if s.shell, err = strconv.Atoi(strings.TrimSpace(s.tmux("display-message", "-p", "#{pane_pid}"))); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *sitting) tmux(args ...string) string {
	s.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", s.socket}, args...)...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("tmux %q: %v\n%s", args, err, out)
	}
	return string(out)
}

// screen is what stands there now.
func (s *sitting) screen() string { return s.tmux("capture-pane", "-p") }

// sees waits until a screen matches, which must be whole: the heading at its top,
// the keys at its bottom, the two halves apart.
func (s *sitting) sees(want string) string {
	s.t.Helper()
	now := s.waits(want)
	lines := strings.Split(strings.TrimRight(now, "\n"), "\n")
	if len(lines) != 24 || !strings.HasPrefix(lines[0], " IN THE HOUSE") || !strings.HasPrefix(lines[22], " HOUSE ") && !strings.HasPrefix(lines[22], " Enter ") {
		s.t.Fatalf("the screen is not whole:\n%s", now)
	}
	for _, l := range lines[:18] {
		if r := []rune(l); len(r) < 40 || len(r) > 80 || r[39] != '│' {
			s.t.Fatalf("the line %q is not of two halves:\n%s", l, now)
		}
	}
	return now
}

func (s *sitting) waits(want string) string {
	s.t.Helper()
	re := regexp.MustCompile(want)
	var now string
	for end := time.Now().Add(mostWait); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if now = s.screen(); re.MatchString(now) {
			return now
		}
	}
	said, _ := os.ReadFile(s.said)
	s.t.Fatalf("%q never stood on the screen:\n%s\n%s", want, now, said)
	return ""
}

func (s *sitting) types(keys string) {
	s.t.Helper()
	s.tmux("send-keys", "-l", keys)
}

func (s *sitting) presses(key string) {
	s.t.Helper()
	s.tmux("send-keys", key)
}

// leaves waits for the end, which must be a good one that leaves nothing behind.
func (s *sitting) leaves(children []int) {
	s.t.Helper()
	var status []byte
	for end := time.Now().Add(mostWait); time.Now().Before(end) && len(status) == 0; time.Sleep(50 * time.Millisecond) {
		status, _ = os.ReadFile(s.left) // it is there when the demo has ended
	}
	said, _ := os.ReadFile(s.said)
	if string(status) != "0\n" || len(said) > 0 {
		s.t.Errorf("ended with status %q and said %q", status, said)
	}
	if rest, err := os.ReadDir(s.dir); err != nil || len(rest) > 0 {
		s.t.Errorf("it left %v (%v)", rest, err)
	}
	for _, pid := range children {
		if !gone(pid) {
			name, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
			s.t.Errorf("process %d (%q) is still there", pid, name)
		}
	}
}

// children are the demo and all that it has started.
func (s *sitting) children() []int { return family(s.shell)[1:] }

// gone tells whether a process has ended, whoever is to bury it.
func gone(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || strings.HasPrefix(string(stat[bytes.LastIndexByte(stat, ')')+1:]), " Z")
}

// The whole demo, as the hints lead through it.
func TestLiveDemo(t *testing.T) {
	t.Parallel()
	s := sitAtDemo(t, "NO_COLOR=1")
	s.sees(`DISARMED.*│ ── Ben's phone ──── knows of nothing`)
	s.types("?")
	s.waits(`730586   her duress code`)
	s.types("a")
	s.sees(`Try: type 482913 ARM`)

	s.types("c") // nothing was pressed yet: the panel picks up
	s.sees(`ANNA'S PHONE(?s:.*)IN CALL: code, # and 1 2 3 4 or 0`)
	s.types(demoCode + "#0")
	s.sees(`IN CALL: beeps: done`)
	s.sees(`Call: to the panel, beeps: done(?s:.*)Panel: Disarmed`)
	s.types("c")
	s.sees(`Call: to the panel: busy(?s:.*)for 20 minutes after a code`)
	s.types("d")
	s.sees(`Siren:   chirp chirp \(disarmed\)`)
	s.types("k" + demoCode)
	s.sees(`Keypad: 482913`)
	s.types("/")
	s.sees(`Siren:   chirp chirp \(disarmed\)(?s:.*)status asked by Anna`)
	s.types("o")
	s.sees(`Open:    Front door`)
	s.types("o")
	s.sees(`Open:    nothing`)
	s.types("a")
	s.sees(`ARMING +\d+ s to leave`)
	s.types("w") // the perimeter is watched already
	s.sees(`TRIGGERED(?s:.*)Siren:   SOUNDING`)
	s.sees(`Ben's phone .*knows of BURGLARY(?s:.*)Cleo's phone .*knows of BURGLARY`)
	s.sees(`Panel: BURGLARY Kitchen window \d\d:\d\d +│`)

	s.types(demoDuress + " DISARM")
	s.sees(`Anna texts: 730586 DISARM`)
	s.presses("Enter")
	s.sees(`DISARMED(?s:.*)Siren:   quiet(?s:.*)knows of DURESS`)
	s.sees(`│ +RINGS: p picks up`)
	s.types("p")
	s.sees(`BEN'S PHONE(?s:.*)IN CALL: 1 takes it on`)
	s.types("1")
	s.sees(`IN CALL: taken; 7 listens`)
	s.types("7")
	s.sees(`│ +HEARS WHAT GOES ON IN THE HOUSE(?s:.*)by the panel's microphone`)
	s.types("x")
	now := s.sees(`has taken DURESS(?s:.*)Ben has taken it: DURESS`)
	for _, l := range strings.Split(now, "\n")[:18] {
		if left := string([]rune(l)[:39]); strings.Contains(left, "DURESS") || strings.Contains(left, "taken") {
			t.Errorf("in the house stands %q:\n%s", left, now)
		}
	}

	s.types("g")
	s.sees(`Network: no modem(?s:.*)The modem is out`)
	s.types("g")
	s.sees(`Network: Simnet`)
	s.types("r")
	s.sees(`radio receiver is gone(?s:.*)The receiver is out`)
	s.types("r")
	children := s.children()
	s.types("q")
	s.leaves(children)
}

// By radio, by hand: the same button twice, held, and the fob's held.
func TestButtonsOfTheLiveDemo(t *testing.T) {
	t.Parallel()
	s := sitAtDemo(t, "NO_COLOR=1")
	s.sees(`DISARMED.*│ ── Ben's phone ──── knows of nothing`)
	s.types("b")
	s.sees(`Once does nothing; twice is silent`)
	time.Sleep(3 * time.Second) // so that the next one is another press
	s.types("bb")
	now := s.sees(`knows of PANIC(?s:.*)knows of PANIC`)
	for _, l := range strings.Split(now, "\n")[:18] {
		if left := string([]rune(l)[:39]); strings.Contains(left, "PANIC") || strings.Contains(left, "SOUND") || strings.Contains(left, "chirp") {
			t.Errorf("in the house stands %q:\n%s", left, now)
		}
	}
	s.types("D")
	s.sees(`Siren:   chirp chirp \(disarmed\)`)
	s.types("B")
	s.sees(`Siren:   SOUNDING`)
	s.types("d")
	s.sees(`Siren:   (quiet|chirp)`)
	children := s.children()
	s.types("q")
	s.leaves(children)
}

func TestLiveDemoIsResized(t *testing.T) {
	t.Parallel()
	s := sitAtDemo(t, "TERM=linux")
	s.sees(`DISARMED`)
	s.tmux("resize-window", "-x", "60", "-y", "20")
	s.waits(`needs a terminal of 80 columns`)
	s.tmux("resize-window", "-x", "150", "-y", "40")
	s.waits(`Ben's phone .*│ ── Cleo's phone`)
	s.tmux("resize-window", "-x", "80", "-y", "24")
	s.sees(`DISARMED`)
	children := s.children()
	s.presses("C-c")
	s.leaves(children)
}

// However it is ended, the demo leaves nothing.
func TestLiveDemoIsEnded(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(s *sitting){
		"SIGTERM":      func(s *sitting) { s.signal(syscall.SIGTERM) },
		"the terminal": func(s *sitting) { s.tmux("kill-pane") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sitAtDemo(t, "X=1")
			s.sees(`DISARMED`)
			children := s.children()
			if len(children) < 2 {
				t.Fatalf("the demo has started no receiver: %v", children)
			}
			end(s)
			s.leaves(children)
		})
	}
}

func (s *sitting) signal(sig syscall.Signal) {
	s.t.Helper()
	if err := syscall.Kill(s.children()[0], sig); err != nil {
		s.t.Fatal(err)
	}
}

func TestAntennaOfRTL433(t *testing.T) {
	t.Parallel()
	needRTL433(t)
	playsByRadio(t, true)
}

// Where rtl_433 is not installed its lines do.
func TestAntennaOfLines(t *testing.T) {
	t.Parallel()
	playsByRadio(t, false)
}

// raised is a live demo that hears rtl_433 or lines of its own, and is closed with the test.
func raised(t *testing.T, ctx context.Context, stop func(), rtl433 bool) *demo {
	t.Helper()
	d := liveDemo()
	d.rtl433 = rtl433
	err := d.raise(ctx)
	t.Cleanup(func() {
		if err := d.close(stop); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// playsByRadio does in the live demo all that reaches the panel by radio, and some more.
func playsByRadio(t *testing.T, rtl433 bool) {
	ctx, stop := context.WithCancel(t.Context())
	d := raised(t, ctx, stop, rtl433)
	for _, step := range []struct {
		act  demoAct
		want func(demoSight) bool
	}{
		{demoAct{actButton, 0, "disarm"}, func(s demoSight) bool { return s.siren.chirps == 2 }},
		{demoAct{actKeypad, 0, demoCode + "/"}, func(s demoSight) bool { return s.siren.chirps == 4 }},
		{demoAct{verb: actDoor}, func(s demoSight) bool { return s.public.Zones[0].Open }},
		{demoAct{verb: actDoor}, func(s demoSight) bool { return !s.public.Zones[0].Open }},
		{demoAct{verb: actBack}, func(s demoSight) bool { return s.public.LastEvent != "" }}, // a door once it has been shut
		{demoAct{verb: actBack}, func(s demoSight) bool { return s.public.Zones[3].LastSeen != nil }},
		{demoAct{verb: actBack}, func(s demoSight) bool { return s.public.Zones[3].Open }},
		{demoAct{verb: actBack}, func(s demoSight) bool { return !s.public.Zones[3].Open }},
		{demoAct{verb: actFlat}, troubled("battery")},
		{demoAct{verb: actFlat}, troubled("")},
		{demoAct{verb: actMains}, troubled("mains")},
		{demoAct{verb: actMains}, troubled("")},
		{demoAct{verb: actRadio}, troubled("radio")},
		{demoAct{verb: actDoor}, func(s demoSight) bool { return s.things.open && !s.public.Zones[0].Open }},
		{demoAct{verb: actRadio}, func(s demoSight) bool { return d.air.ready(ctx) == nil }},
		{demoAct{actButton, 0, "arm"}, func(s demoSight) bool { return s.public.State == "arming" }},
		{demoAct{actButton, 0, "panic, held"}, func(s demoSight) bool { return s.siren.pattern == "steady" }},
		{demoAct{actButton, 0, "disarm, held"}, func(s demoSight) bool {
			return s.public.State == "disarmed" && s.siren.pattern == "" && strings.Contains(knows(s.phones[1]), "DURESS")
		}},
		{demoAct{verb: actJam}, troubled("jammed")},
	} {
		if _, err := d.perform(ctx, step.act); err != nil {
			t.Fatalf("%v: %v", step.act, err)
		}
		var s demoSight
		if err := d.until(ctx, mostWait, "it shows", func() bool { s = d.look(ctx, s); return len(s.public.Zones) > 0 && step.want(s) }); err != nil {
			t.Fatalf("%v: %v\n%+v\n%+v\n%+v\n%s", step.act, err, s.public, s.log, s.phones, &d.stderr)
		}
	}
}

// troubled tells whether exactly that trouble is shown, "" for none.
func troubled(name string) func(demoSight) bool {
	return func(s demoSight) bool {
		if name == "" {
			return len(s.public.Troubles) == 0
		}
		return len(s.public.Troubles) == 1 && s.public.Troubles[0].Name == name
	}
}

// A panel that ends by itself is not lost sight of.
func TestTheEndOfThePanelIsSaid(t *testing.T) {
	t.Parallel()
	panelLives, stop := context.WithCancel(t.Context())
	d := raised(t, panelLives, stop, false)
	m := demoScreen{width: leastWidth, height: leastHeight, people: d.people, local: time.UTC}
	watched, leave := context.WithCancel(t.Context())
	d.watch(watched, nil, func(msg tea.Msg) {
		stop()
		if m, _ = m.step(event(msg)); m.ended != "" {
			leave()
		}
	})
	if now := plain(m.lines()); !strings.Contains(now, "The panel has ended: it does not say why. Press q to leave.") {
		t.Errorf("it is not said:\n%s", now)
	}
	err := d.withMessages(errors.New("the disk is full"))
	if !strings.Contains(err.Error(), "the disk is full; the panel said: ") || !strings.Contains(err.Error(), "ready") {
		t.Errorf("what the panel said is lost: %v", err)
	}
}
