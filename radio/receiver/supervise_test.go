package receiver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/gsmpanel/gsmpanel/radio"
)

// life is a life of a program that exists on paper only, watched at the usual
// pace in the time of synctest.
type life struct {
	s      *supervisor
	p      *process
	out    *output
	began  time.Time
	ups    []string
	result chan error
}

func newLife(t *testing.T, credit int, silence time.Duration) *life {
	l := &life{
		p:      &process{exited: make(chan struct{})},
		out:    &output{frame: make(chan struct{}, 1), closed: make(chan struct{}), began: time.Now()},
		began:  time.Now(),
		result: make(chan error, 1),
	}
	l.s = &supervisor{pace: usual, credit: credit, Options: Options{Silence: silence, Status: func(s Status) {
		if s.Up {
			l.ups = append(l.ups, time.Since(l.began).String())
		}
	}}}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go func() { l.result <- l.s.watch(ctx, l.out, l.p.exited, l.p.outlives) }()
	return l
}

// at waits until the life is that old.
func (l *life) at(age time.Duration) {
	time.Sleep(age - time.Since(l.began))
	synctest.Wait()
}

func (l *life) prints() { l.out.last.Store(int64(l.out.age())) }

func (l *life) gives() {
	l.prints()
	l.out.frame <- struct{}{}
}

func TestWhenUp(t *testing.T) {
	const s = time.Second
	for _, c := range []struct {
		name    string
		credit  int
		silence time.Duration
		prints  []time.Duration
		frames  []time.Duration
		want    string // at which ages it was told to be up
	}{
		{"still runs when settled", 2, 0, nil, nil, "[5s]"},
		{"a frame is sooner", 2, 0, nil, []time.Duration{1 * s, 2 * s}, "[1s]"},
		{"after one failure the same", 1, 0, nil, nil, "[5s]"},
		{"after one failure, a frame", 1, 0, nil, []time.Duration{1 * s}, "[1s]"},
		{"keeps failing", 0, 0, nil, nil, "[1m0s]"},
		{"keeps failing, gives frames", 0, 0, nil, []time.Duration{1 * s, 30 * s, 61 * s}, "[1m0s]"},
		{"heartbeat after the greeting", 2, 30 * s, []time.Duration{s / 10, 3 * s, 99 * s / 10, 20 * s}, nil, "[10s]"},
		{"heartbeat soon after it has settled", 2, 30 * s, []time.Duration{53 * s / 10, 10 * s}, nil, "[6s]"},
		{"heartbeat a moment too soon", 2, 30 * s, []time.Duration{49 * s / 10, 149 * s / 10}, nil, "[15s]"},
		{"a greeting and nothing more", 2, 30 * s, []time.Duration{s / 10}, nil, "[]"},
		{"a frame before any heartbeat", 1, 30 * s, []time.Duration{s / 10}, []time.Duration{2 * s}, "[2s]"},
		{"heartbeats of one that keeps failing", 0, 30 * s, []time.Duration{10 * s, 20 * s, 40 * s, 60 * s}, []time.Duration{41 * s}, "[1m0s]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLife(t, c.credit, c.silence)
				for age := time.Duration(0); age < 62*s; age += s / 10 {
					l.at(age)
					if slices.Contains(c.prints, age) {
						l.prints()
					}
					if slices.Contains(c.frames, age) {
						l.gives()
					}
				}
				if got := fmt.Sprint(l.ups); got != c.want {
					t.Errorf("up at %s, want %s", got, c.want)
				}
			})
		})
	}
}

func TestWhenOfNoMoreUse(t *testing.T) {
	for _, c := range []struct {
		name    string
		silence time.Duration
		happens func(*life)
		ends    time.Duration // 0 is never
		err     error
	}{
		{"no heartbeat ever", 30 * time.Second, func(*life) {}, 30 * time.Second, errSilent},
		{"the heartbeat stops", 30 * time.Second, func(l *life) { l.prints() }, 40 * time.Second, errSilent},
		{"no heartbeat asked for", 0, func(*life) {}, 0, nil},
		{"ends", 0, func(l *life) { close(l.p.exited) }, 10 * time.Second, nil},
		{"closes its output and runs on", 0, func(l *life) { close(l.out.closed) }, 11 * time.Second, errClosed},
		{"closes its output as it ends", 0, func(l *life) {
			close(l.out.closed)
			time.Sleep(900 * time.Millisecond)
			close(l.p.exited)
		}, 10900 * time.Millisecond, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLife(t, mostCredit, c.silence)
				l.at(10 * time.Second)
				c.happens(l)
				select {
				case err := <-l.result:
					if took := time.Since(l.began); took != c.ends || !errors.Is(err, c.err) {
						t.Errorf("%v after %v, want %v after %v", err, took, c.err, c.ends)
					}
				case <-time.After(time.Hour):
					if c.ends != 0 {
						t.Error("is let run")
					}
				}
			})
		})
	}
}

// A program that does not even die is told of all the same, and does not keep us
// from ending.
func TestProgramThatDoesNotDie(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []Status
		s := &supervisor{pace: usual, Options: Options{Status: func(s Status) { told = append(told, s) }}, status: Status{Up: true}}
		ctx, cancel := context.WithTimeout(t.Context(), 44*time.Hour)
		defer cancel()
		began := time.Now()
		go s.giveUp(ctx, &process{pid: 1 << 30, exited: make(chan struct{})}, errClosed) // there is no such group
		synctest.Wait()
		if len(told) != 1 || told[0].Up || !errors.Is(told[0].Err, errClosed) || time.Since(began) != 0 {
			t.Errorf("told %+v", told)
		}
	})
}

// How lives that ran for so long before each failed leave the next one.
func TestFailuresAndHealthyMinutes(t *testing.T) {
	const long, minute, short = 24 * time.Hour, time.Minute, 10 * time.Second
	for _, c := range []struct {
		name      string
		lives     []time.Duration
		probation bool
		wait      time.Duration
	}{
		{"one failure at the start", []time.Duration{short}, false, 1 * time.Second},
		{"one failure after a day", []time.Duration{short, short, short, long}, false, 1 * time.Second},
		{"again within the minute", []time.Duration{long, short}, true, 2 * time.Second},
		{"and again and again", []time.Duration{long, short, 0, 0, short, 0, 0}, true, 30 * time.Second},
		{"a minute makes good one failure", []time.Duration{long, short, minute}, true, 1 * time.Second},
		{"two minutes make good two", []time.Duration{long, short, 2 * minute}, false, 1 * time.Second},
		{"a minute after each failure, for ever", []time.Duration{long, minute, minute, minute, minute}, false, 1 * time.Second},
		{"a moment less than a minute", []time.Duration{long, minute - 1}, true, 2 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &supervisor{pace: usual, credit: mostCredit}
			var wait time.Duration
			for _, ran := range c.lives {
				wait = s.failure(ran)
			}
			if probation := s.proof(&output{began: time.Now()}).probation; probation != c.probation || wait != c.wait {
				t.Errorf("probation %v after %v, want %v after %v", probation, wait, c.probation, c.wait)
			}
		})
	}
}

// However lives follow each other and whatever they give, the receiver goes down
// no more often than it had healthy minutes, but for the two given in advance.
func TestFlappingIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &supervisor{pace: usual, credit: mostCredit}
		downs, minutes := 0, 0
		for range rapid.IntRange(1, 60).Draw(t, "lives") {
			ran := time.Duration(rapid.OneOf(rapid.Int64Range(0, 15), rapid.Int64Range(55, 65), rapid.Int64Range(0, 200)).Draw(t, "seconds")) * time.Second
			probation := s.credit == 0
			if up := ran >= usual.healthy || !probation && rapid.Bool().Draw(t, "up"); up || s.status.Err == nil {
				downs++
			}
			s.status.Err = errSilent
			minutes += int(ran / usual.healthy)
			s.failure(ran)
		}
		if downs > mostCredit+minutes {
			t.Fatalf("down %d times in %d healthy minutes", downs, minutes)
		}
	})
}

// faults are what a program does after it was up for a while.
var faults = map[string]struct {
	command string
	signal  syscall.Signal // sent to it from outside
	beats   bool           // it has a heartbeat
	says    string
}{
	"killed from outside":    {command: `while :; do sleep 0.05; done`, signal: syscall.SIGKILL, says: "signal 9"},
	"ended from outside":     {command: `while :; do sleep 0.05; done`, signal: syscall.SIGTERM, says: "signal 15"},
	"status 0":               {command: `exit 0`, says: "status 0"},
	"status 2":               {command: `exit 2`, says: "no dongle"},
	"status 3":               {command: `exit 3`, says: "stopped sending"},
	"status 200":             {command: `exit 200`, says: "status 200"},
	"stalled":                {command: `exec sleep 60`, beats: true, says: "said nothing for"},
	"stalled, deaf to TERM":  {command: `trap '' TERM; while :; do sleep 60; done`, beats: true, says: "said nothing for"},
	"stalled after beats":    {command: `echo '{"enabled":9, "stats":[]}'; exec sleep 60`, says: "said nothing for"},
	"closes its output":      {command: `exec sleep 60 >&-`, says: "closed its standard output"},
	"garbage, then ends":     {command: `yes garbage | head -n 5000; exit 1`, says: "status 1"},
	"binary, then ends":      {command: `head -c 300000 /dev/urandom; exit 1`, says: "status 1"},
	"no line end, then ends": {command: `head -c 300000 /dev/zero; exit 1`, says: "status 1"},
	"dumps core":             {command: `ulimit -c 0; kill -SEGV $$`, says: "signal 11"},
}

// Each makes one trouble with one end: up, down, up.
func TestOneTroubleAndOneEnd(t *testing.T) {
	t.Parallel()
	for name, c := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			o := Options{Env: []string{"D=" + dir}, Command: `
				frame() { echo '{"model":"EV1527","code":1}'; }
				wait_for() { while [ ! -e "$D/$1" ]; do echo beat >&2; sleep 0.05; done; }
				if [ -e "$D/again" ]; then frame; wait_for never; fi
				: >"$D/again"; frame; echo $$ >"$D/leader"
				wait_for go; ` + c.command}
			if c.beats {
				o.Silence = 2 * time.Second
			}
			r := play(t, quick, o)
			r.until("up", func(_ []radio.Frame, s Status) bool { return s.Up })
			if err := os.WriteFile(dir+"/go", nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if c.signal != 0 {
				_ = syscall.Kill(pidIn(t, dir+"/leader"), c.signal)
			}
			r.until("down", func(_ []radio.Frame, s Status) bool { return !s.Up && s.Err != nil })
			r.until("up again", func(frames []radio.Frame, s Status) bool { return s.Up && len(frames) == 2 })
			r.hasTold(t, c.says)
		})
	}
}

// hasTold checks the history of a receiver that failed once, for that reason.
func (r *rig) hasTold(t *testing.T, why string) {
	_, history := r.seen()
	ups := slices.CompactFunc(slices.Clone(history), func(a, b Status) bool { return a.Up == b.Up })
	told := ""
	for _, s := range ups {
		told += fmt.Sprintln(s.Up, s.Err)
		if s.Up && s.Err != nil {
			t.Errorf("up with %v", s.Err)
		}
	}
	if len(ups) != 4 || !strings.Contains(told, why) {
		t.Errorf("told\n%swant down, up, down by %q, up", told, why)
	}
	if n := strings.Count(r.log.String(), "started"); n != 2 {
		t.Errorf("%d lives, want 2", n)
	}
}

// The time that a program hung is not time that it ran well.
func TestHangingIsNotHealthy(t *testing.T) {
	t.Parallel()
	p := quick
	p.healthy = 50 * time.Millisecond
	p.backoff = []time.Duration{time.Millisecond, time.Hour}
	r := play(t, p, Options{Command: "exec sleep 60", Silence: 200 * time.Millisecond})
	r.until("the long wait", func([]radio.Frame, Status) bool { return strings.Contains(r.log.String(), "again_in=1h0m0s") })
}

// A program that gives a frame in each of its short lives is up twice, not each time.
func TestFlapping(t *testing.T) {
	t.Parallel()
	r := play(t, quick, Options{Command: `echo '{"model":"EV1527","code":1}'; sleep 0.1; exit 3`})
	r.until("six lives", func(frames []radio.Frame, s Status) bool { return len(frames) >= 6 })
	_, history := r.seen()
	ups := 0
	for i, s := range history {
		if s.Up && !history[max(i-1, 0)].Up {
			ups++
		}
	}
	if ups == 0 || ups > mostCredit {
		t.Errorf("up %d times, want once or twice", ups)
	}
}
