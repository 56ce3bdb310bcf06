package receiver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/radio"
)

// quick is the usual pace, shortened; settle is so long that only a frame brings
// a receiver up.
var quick = pace{
	backoff: []time.Duration{5 * time.Millisecond, 20 * time.Millisecond},
	settle:  time.Hour,
	healthy: time.Hour,
	grace:   200 * time.Millisecond,
	report:  10 * time.Millisecond,
	silence: 2 * time.Second,
	greet:   200 * time.Millisecond,
	answer:  time.Second,
}

// rig runs a command and keeps what came of it.
type rig struct {
	t      *testing.T
	cancel context.CancelFunc
	ended  chan error
	log    *syncBuffer

	mu      sync.Mutex
	frames  []radio.Frame
	history []Status
	news    chan struct{}
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func play(t *testing.T, p pace, o Options) *rig {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &rig{t: t, cancel: cancel, ended: make(chan error, 1), log: &syncBuffer{}, news: make(chan struct{}, 1)}
	also := o.Frames
	o.Frames = func(f radio.Frame, heard time.Time) {
		if also != nil {
			also(f, heard)
		}
		if age := time.Since(heard); age < 0 || age > 5*time.Second {
			t.Errorf("frame heard %v ago", age)
		}
		r.note(func() { r.frames = append(r.frames, f) })
	}
	o.Status = func(s Status) { r.note(func() { r.history = append(r.history, s) }) }
	o.Log = slog.New(slog.NewTextHandler(r.log, nil))
	go func() { r.ended <- run(ctx, o, p) }()
	t.Cleanup(func() { r.stop() })
	return r
}

func (r *rig) note(what func()) {
	r.mu.Lock()
	what()
	r.mu.Unlock()
	select {
	case r.news <- struct{}{}:
	default:
	}
}

func (r *rig) seen() ([]radio.Frame, []Status) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]radio.Frame(nil), r.frames...), append([]Status(nil), r.history...)
}

// until waits for a condition on what has come so far.
func (r *rig) until(what string, ok func(frames []radio.Frame, last Status) bool) {
	r.t.Helper()
	late := time.After(time.Minute)
	for {
		frames, history := r.seen()
		if len(history) > 0 && ok(frames, history[len(history)-1]) {
			return
		}
		select {
		case <-r.news:
		case <-time.After(5 * time.Millisecond): // the condition may look at the log
		case <-late:
			r.t.Fatalf("%s: not in time; %d frames, status %+v", what, len(frames), history)
		}
	}
}

// stop ends the receiver and returns how long that took.
func (r *rig) stop() time.Duration {
	r.t.Helper()
	began := time.Now()
	r.cancel()
	select {
	case err := <-r.ended:
		r.ended <- nil
		if err != nil {
			r.t.Errorf("Run = %v", err)
		}
	case <-time.After(time.Minute):
		r.t.Fatal("Run did not return")
	}
	return time.Since(began)
}

// gone waits until no process of the number is left; a zombie is none.
func gone(t *testing.T, pid int) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || bytes.Contains(stat, []byte(") Z ")) {
			return
		}
	}
	t.Errorf("process %d still lives", pid)
}

// pidIn waits for a file with a process number.
func pidIn(t *testing.T, file string) int {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		text, _ := os.ReadFile(file)
		if n, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && strings.HasSuffix(string(text), "\n") {
			return n
		}
	}
	t.Fatalf("no process number in %s", file)
	return 0
}

func TestFramesComeThrough(t *testing.T) {
	r := play(t, quick, Options{
		Command: `printf '%s\n' '{"model":"EV1527","code":1297856}' garbage "$LINE" '{"model":"EV1527","code":1297676}' '{"model":"Yale-HSA","id":1}'; exec sleep 60`,
		Env:     []string{`LINE={"model":"EV1527","len":25,"data":"13cdc00","rssi":-3.5,"snr":21.5}`},
	})
	r.until("5 lines", func(_ []radio.Frame, s Status) bool { return s.Lines == 5 && s.Up })
	frames, history := r.seen()
	want := []radio.Frame{{Family: "ev1527", ID: "ev1527:13CDC0"}, {Family: "ev1527", ID: "ev1527:13CDC0", RSSI: -3.5, SNR: 21.5}, {Family: "ev1527", ID: "ev1527:13CD0C"}, {Family: "yale"}}
	if fmt.Sprint(frames) != fmt.Sprint(want) {
		t.Errorf("frames %v, want %v", frames, want)
	}
	last := history[len(history)-1]
	if last.Frames != 3 || last.Garbage != 2 || last.Err != nil || time.Since(last.Since) > time.Minute {
		t.Errorf("status %+v", last)
	}
	if first := history[0]; first.Up || first.Err != nil || first.Since.IsZero() {
		t.Errorf("first status %+v, want down without an error", first)
	}
}

func TestUpWithoutAFrameOnceSettled(t *testing.T) {
	p := quick
	p.settle = 20 * time.Millisecond
	r := play(t, p, Options{Command: "exec sleep 60"})
	r.until("up", func(_ []radio.Frame, s Status) bool { return s.Up && s.Err == nil })
	r.stop()
	if _, history := r.seen(); history[len(history)-1].Up {
		t.Error("up after the end")
	}
}

func TestEveryEndIsAFailure(t *testing.T) {
	for name, c := range map[string]struct{ command, says string }{
		"status 0":        {"exit 0", "status 0"},
		"no dongle":       {"exit 2", "status 2: of rtl_433 that means no dongle"},
		"stall":           {"exit 3", "status 3"},
		"other status":    {"exit 77", "status 77"},
		"no such program": {"/nonexistent/rtl_433", "no such program"},
		"killed":          {"kill -9 $$", "signal 9"},
		"in background":   {"sleep 60 &", "foreground"},
		"syntax":          {"(", "status 2"},
	} {
		t.Run(name, func(t *testing.T) {
			r := play(t, quick, Options{Command: c.command})
			r.until("failure", func(_ []radio.Frame, s Status) bool {
				return !s.Up && s.Err != nil && strings.Contains(s.Err.Error(), c.says)
			})
		})
	}
}

func TestRestartedEveryTime(t *testing.T) {
	r := play(t, quick, Options{Command: `echo '{"model":"EV1527","code":1}'; exit 0`})
	r.until("five lives", func(frames []radio.Frame, s Status) bool { return len(frames) >= 5 && s.Frames >= 5 })
}

func TestBackOff(t *testing.T) {
	if got, want := fmt.Sprint(usual.backoff), "[1s 2s 5s 10s 30s]"; got != want {
		t.Errorf("back-off %s, want %s", got, want)
	}
	p := quick
	p.backoff = []time.Duration{time.Millisecond, 30 * time.Millisecond, 60 * time.Millisecond}
	r := play(t, p, Options{Command: "exit 1"})
	began := time.Now()
	r.until("5 starts", func([]radio.Frame, Status) bool { return strings.Count(r.log.String(), "started") >= 5 })
	if took, least := time.Since(began), 151*time.Millisecond; took < least {
		t.Errorf("5 starts in %v, want at least %v", took, least)
	}
	for i, wait := range []string{"1ms", "30ms", "60ms", "60ms"} {
		if lines := strings.Split(r.log.String(), "level=WARN"); !strings.Contains(lines[i+1], "again_in="+wait) {
			t.Errorf("failure %d: %s, want again_in=%s", i+1, lines[i+1], wait)
		}
	}
}

func TestBackOffBeginsAnewAfterAHealthyLife(t *testing.T) {
	p := quick
	p.healthy = 50 * time.Millisecond
	p.backoff = []time.Duration{time.Millisecond, time.Hour}
	r := play(t, p, Options{Command: "sleep 0.1; exit 1"})
	r.until("4 starts", func([]radio.Frame, Status) bool { return strings.Count(r.log.String(), "started") >= 4 })
}

// What SIGTERM does not end, nor SIGTERM to its children, SIGKILL does: within grace.
func TestEndKillsTheWholeGroup(t *testing.T) {
	dir := t.TempDir()
	r := play(t, quick, Options{
		Command: `trap '' TERM; (trap '' TERM; exec sleep 61) & echo $! >"$D/child"; echo $$ >"$D/leader"; while :; do sleep 62; done`,
		Env:     []string{"D=" + dir},
	})
	leader, child := pidIn(t, dir+"/leader"), pidIn(t, dir+"/child")
	if took := r.stop(); took < quick.grace || took > 5*time.Second {
		t.Errorf("ended after %v, want the grace of %v and not much more", took, quick.grace)
	}
	gone(t, leader)
	gone(t, child)
}

// A program that can clean up gets the chance, and does not make us wait.
func TestEndAsksFirst(t *testing.T) {
	dir := t.TempDir()
	p := quick
	p.grace = 9 * time.Second
	r := play(t, p, Options{Command: `trap 'echo bye >"$D/bye"; exit 0' TERM; echo $$ >"$D/leader"; while :; do sleep 0.01; done`, Env: []string{"D=" + dir}})
	pidIn(t, dir+"/leader")
	if took := r.stop(); took > 5*time.Second {
		t.Errorf("ended after %v", took)
	}
	if _, err := os.Stat(dir + "/bye"); err != nil {
		t.Error("the program was not asked to end")
	}
}

// What a program that ended leaves behind would keep the dongle from the next one.
func TestLeftoversAreKilled(t *testing.T) {
	dir := t.TempDir()
	r := play(t, quick, Options{Command: `[ -e "$D/child" ] && exec sleep 63; sleep 60 & echo $! >"$D/child"; exit 1`, Env: []string{"D=" + dir}})
	child := pidIn(t, dir+"/child")
	r.until("failure", func(_ []radio.Frame, s Status) bool { return s.Err != nil })
	gone(t, child)
}

func TestHungProgramIsKilled(t *testing.T) {
	dir := t.TempDir()
	r := play(t, quick, Options{
		Command: `trap '' TERM; echo '{"model":"EV1527","code":1}'; [ -e "$D/leader" ] || echo $$ >"$D/leader"; while :; do sleep 64; done`,
		Env:     []string{"D=" + dir}, Silence: 150 * time.Millisecond,
	})
	leader := pidIn(t, dir+"/leader")
	r.until("silence", func(_ []radio.Frame, s Status) bool {
		return !s.Up && s.Err != nil && strings.Contains(s.Err.Error(), "said nothing for 150ms")
	})
	r.until("a second life", func(frames []radio.Frame, s Status) bool { return len(frames) >= 2 && s.Up })
	gone(t, leader)
}

// The noise level on standard error is a sign of life (rtl_433 22.11 prints it there).
func TestStandardErrorIsALifeSign(t *testing.T) {
	t.Parallel()
	r := play(t, quick, Options{
		Command: `i=0; while [ $i -lt 60 ]; do echo 'Current noise level -33.0 dB' >&2; sleep 0.02; i=$((i+1)); done; echo '{"model":"EV1527","code":1}'; exec sleep 60`,
		Silence: time.Second,
	})
	r.until("the frame after 1.2 s", func(frames []radio.Frame, _ Status) bool { return len(frames) == 1 })
	if n := strings.Count(r.log.String(), "started"); n != 1 {
		t.Errorf("started %d times", n)
	}
}

// What the program says of the air is handed on from both its outputs, and of
// standard error nothing else is: the beginning of a line that is too long neither.
func TestReadingsAreHandedOn(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var got []radio.Reading
	r := play(t, quick, Options{
		Command: `
			long() { head -c 9000 /dev/zero | tr '\0' x; }
			echo 'Current noise level -33.0 dB, estimated noise -29.9 dB' >&2
			(long; echo; long; echo 'Current noise level -1.0 dB, estimated noise -29.9 dB'; echo '{"model":"EV1527","code":2}') >&2
			echo 'Auto Level: Current signal level -6.6 dB, estimated noise -29.9 dB' >&2
			sleep 0.2 # the outputs are read side by side
			echo '{"time":"x","src":"Auto Level","lvl":4,"msg":"Current signal level -3.1 dB, estimated noise -29.9 dB"}'
			echo '{"enabled":9,"frames":{"count":7,"fsk":0,"events":2},"stats":[]}'
			echo '{"model":"EV1527","code":1}'
			exec sleep 60`,
		Readings: func(r radio.Reading, _ time.Time) { mu.Lock(); defer mu.Unlock(); got = append(got, r) },
	})
	r.until("the frame", func(frames []radio.Frame, _ Status) bool { return len(frames) == 1 })
	mu.Lock()
	defer mu.Unlock()
	if want := []radio.Reading{{Level: -33}, {Level: -6.6}, {Level: -3.1}, {Count: true, Heard: 7, Decoded: 2}}; !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Neither lines nor standard error are shown to anyone: they may hold a PIN.
func TestNothingOfALineIsShown(t *testing.T) {
	r := play(t, quick, Options{Command: `echo '{"model":"SimpliSafe-Keypad","extradata":"Disarm Pin: 739180264517"}'; echo '{"model":"EV1527","code":1,"x":"739180264517"}'; echo 'pin 739180264517' >&2; exit 1`})
	r.until("failures", func(_ []radio.Frame, s Status) bool { return s.Err != nil && s.Lines >= 6 })
	frames, history := r.seen()
	for what, text := range map[string]string{"log": r.log.String(), "frames": fmt.Sprintf("%+v", frames), "status": fmt.Sprintf("%+v", history)} {
		if strings.Contains(text, "739180264517") || strings.Contains(text, "Pin") {
			t.Errorf("%s shows it: %s", what, text)
		}
	}
}

func TestOverlongLines(t *testing.T) {
	const frame = `{"model":"EV1527","code":1}`
	pad := func(n int) string { return strings.Repeat(" ", n) }
	for name, c := range map[string]struct {
		text           string
		lines, garbage uint64
	}{
		"the longest":             {frame + pad(radio.MaxLine-len(frame)) + "\r\n" + frame + "\n", 2, 0},
		"one more":                {frame + pad(radio.MaxLine-len(frame)+1) + "\n" + frame + "\n", 2, 1},
		"a megabyte":              {frame + pad(1<<20) + "\n" + frame + "\n", 2, 1},
		"its tail is like a line": {pad(radio.MaxLine+2) + frame + strings.Repeat("\n", radio.MaxLine+2-len(frame)) + frame, radio.MaxLine + 3 - uint64(len(frame)), radio.MaxLine + 2 - uint64(len(frame))},
		"without an end":          {frame + "\n" + pad(1<<20), 2, 1},
		"the last without an end": {frame + "\n" + frame, 2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var counted counts
			var frames uint64
			o := &output{frame: make(chan struct{}, 1), began: time.Now(), counts: &counted, frames: func(radio.Frame, time.Time) { frames++ }}
			o.readLines(strings.NewReader(c.text), o.take)
			lines, garbage := counted.lines.Load(), counted.garbage.Load()
			if lines != c.lines || garbage != c.garbage || frames != lines-garbage || counted.frames.Load() != frames {
				t.Errorf("%d lines, %d garbage, %d frames, want %d and %d", lines, garbage, frames, c.lines, c.garbage)
			}
		})
	}
}

// A flood on both outputs, also one without line ends, is read to its end; the
// frame in it is found.
func TestFlood(t *testing.T) {
	r := play(t, quick, Options{Command: `
		head -c 20000000 /dev/zero >&2
		head -c 20000000 /dev/zero; echo
		yes '{"model":"Noise","id":1}' | head -n 60000
		echo '{"model":"EV1527","code":1}'
		exec sleep 60`})
	r.until("the end", func(frames []radio.Frame, s Status) bool { return len(frames) == 1 && s.Lines == 60002 })
	_, history := r.seen()
	if last := history[len(history)-1]; last.Garbage != 60001 || last.Frames != 1 {
		t.Errorf("status %+v", last)
	}
}

// The program has the descriptors of any program that we start, and no more:
// neither our files nor the leash.
func TestNoDescriptorsAreInherited(t *testing.T) {
	secret, err := os.Create(filepath.Join(t.TempDir(), "gsmpanel.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer secret.Close()
	const list = `ls /proc/self/fd | sort >"$OUT.new"; mv "$OUT.new" "$OUT"`
	dir := t.TempDir()
	plain := exec.Command("sh", "-c", list)
	plain.Env = append(os.Environ(), "OUT="+dir+"/plain")
	if err := plain.Run(); err != nil {
		t.Fatal(err)
	}
	r := play(t, quick, Options{Command: list + `; echo '{"model":"EV1527","code":1}'; exec sleep 60`, Env: []string{"OUT=" + dir + "/ours"}})
	r.until("the list", func(frames []radio.Frame, _ Status) bool { return len(frames) == 1 })
	want, err := os.ReadFile(dir + "/plain")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(dir + "/ours")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("the program has descriptors %q, want %q (%v)", got, want, err)
	}
}

func TestWrongOptions(t *testing.T) {
	if err := Run(t.Context(), Options{Command: " ", Frames: func(radio.Frame, time.Time) {}}); err == nil || !strings.Contains(err.Error(), "for example exec:") {
		t.Errorf("empty command: %v", err)
	}
	if err := Run(t.Context(), Options{Command: "true"}); err == nil {
		t.Error("no Frames: no error")
	}
}

// The program and everything in its group die with us, also by kill -9: a
// receiver left behind would keep the dongle from our next life.
func TestDiesWithUs(t *testing.T) {
	if dir := os.Getenv("RECEIVER_TEST_VICTIM"); dir != "" {
		_ = Run(context.Background(), Options{
			Command: `trap '' TERM HUP PIPE; sleep 65 & echo $! >"$D/child"; echo $$ >"$D/leader"; while :; do sleep 66; done`,
			Env:     []string{"D=" + dir}, Frames: func(radio.Frame, time.Time) {},
		})
		return
	}
	dir := t.TempDir()
	victim, err := os.StartProcess(os.Args[0], []string{os.Args[0], "-test.run=^TestDiesWithUs$"}, &os.ProcAttr{
		Env: append(os.Environ(), "RECEIVER_TEST_VICTIM="+dir), Files: []*os.File{nil, nil, nil},
	})
	if err != nil {
		t.Fatal(err)
	}
	leader, child := pidIn(t, dir+"/leader"), pidIn(t, dir+"/child")
	if err := victim.Signal(syscall.SIGKILL); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	_, _ = victim.Wait()
	gone(t, leader)
	gone(t, child)
}

// A program that ends by itself in the very moment that we end is no error; one
// that would not die is.
func TestEndInTheSameMoment(t *testing.T) {
	s := &supervisor{Options: Options{Status: func(Status) {}}}
	if err := s.finish(errors.New("the radio command ended with status 1")); err != nil {
		t.Errorf("Run would return %v", err)
	}
	if err := s.finish(fmt.Errorf("process 7 %w", errStays)); err == nil {
		t.Error("nobody hears that the program did not die")
	}
}

// A shell beside a program would hold its output open.
func TestSimpleCommandsNeedNoShell(t *testing.T) {
	for command, want := range map[string]string{
		"sleep 60":                 "exec sleep 60",
		" /bin/sh -c 'exit 3' ":    "exec /bin/sh -c 'exit 3'",
		`env A="$B" sleep 1`:       `exec env A="$B" sleep 1`,
		"exec sleep 60":            "exec sleep 60",
		"exit 2":                   "exit 2",
		"A=1 sleep 60":             "A=1 sleep 60",
		"sleep 1; sleep 2":         "sleep 1; sleep 2",
		"sleep 1 && sleep 2":       "sleep 1 && sleep 2",
		"sleep 1 | cat":            "sleep 1 | cat",
		"sleep 1 2>/dev/null":      "sleep 1 2>/dev/null",
		"sleep $(cat seconds)":     "sleep $(cat seconds)",
		"no-such-program-anywhere": "no-such-program-anywhere",
	} {
		if got := becoming(command); got != want {
			t.Errorf("%q becomes %q, want %q", command, got, want)
		}
	}
	r := play(t, quick, Options{Command: closesItsOutput(t)})
	r.until("closed", func(_ []radio.Frame, s Status) bool { return errors.Is(s.Err, errClosed) })
}

func closesItsOutput(t *testing.T) string {
	path := t.TempDir() + "/receive"
	if err := os.WriteFile(path, []byte("#!/bin/sh\nexec >&- 2>&-\nwhile :; do sleep 60; done\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}
