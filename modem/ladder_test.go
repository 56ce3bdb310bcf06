package modem

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

var rungNames = map[rung]string{reopen: "open", restart: "restart", power: "power"}

// What is done about a failure that lasts, and when: each step of a hard round a
// second after the one before, and the rounds with the pauses between them. An attempt
// to open the line takes no time here.
func TestTheLaddersTimetable(t *testing.T) {
	cases := []struct {
		name  string
		fails failure
		power bool
		want  string
	}{
		{"no answer", unheard, false, "0s restart, 1m1s restart, 3m2s restart, 8m3s restart, 23m4s restart, 38m5s restart"},
		{"no answer, with a power switch", unheard, true,
			"0s restart, 1s power, 1m2s restart, 1m3s power, 3m4s restart, 3m5s power, 8m6s restart, 8m7s power, 23m8s restart, 23m9s power, 38m10s restart, 38m11s power"},
		{"no port", gone, false, ""},
		{"no port, with a power switch", gone, true, "1m0s power, 2m1s power, 4m2s power, 9m3s power, 24m4s power, 39m5s power"},
		{"switched off", off, false, ""},
		{"switched off, with a power switch", off, true, "0s power, 1m1s power, 3m2s power, 8m3s power, 23m4s power, 38m5s power"},
		{"no card", cardless, true, "1m0s restart, 2m1s restart, 4m2s restart, 9m3s restart, 14m4s restart, 19m5s restart, 24m6s restart, 29m7s restart, 34m8s restart, 39m9s restart"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := ladder{power: c.power}
			var done []string
			for at := time.Duration(0); at < 40*time.Minute; {
				step, wait := l.climb(c.fails, time.Unix(0, 0).Add(at))
				if step != reopen {
					done = append(done, fmt.Sprintf("%v %s", at.Truncate(time.Second), rungNames[step]))
				}
				if wait <= 0 || wait > 10*time.Second {
					t.Fatalf("after %v it waits %v", at, wait)
				}
				if step != reopen {
					at += wait
				} else {
					at += time.Second / 8 // so that its time is exact
				}
			}
			if got := strings.Join(done, ", "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// A modem that works for a while and fails again finds the ladder at its foot.
func TestTheLadderBeginsAnew(t *testing.T) {
	l, now := ladder{power: true}, time.Unix(0, 0)
	for range 3 {
		for _, want := range []rung{restart, power, reopen} {
			if got, _ := l.climb(unheard, now); got != want {
				t.Errorf("got %s, want %s", rungNames[got], rungNames[want])
			}
		}
		l.works()
	}
}

func TestWhatAFailureIs(t *testing.T) {
	f := faults{dead: make(chan struct{})}
	f.lose(errUnsynced)
	g := faults{dead: make(chan struct{})}
	g.lose(errors.New("input/output error"))
	for _, c := range []struct {
		err  error
		want failure
	}{
		{noLine{errors.New("it is not plugged in")}, gone}, {g.fault(), gone}, {f.fault(), unheard}, {errUnsynced, unheard},
		{errReset, unheard}, {errOff, off}, {errAstray, off}, {errCardGone, cardless}, {fmt.Errorf("AT+CMGF=0: %w", errRefused), unheard},
	} {
		if got := failureOf(c.err); got != c.want {
			t.Errorf("%v is %d, want %d", c.err, got, c.want)
		}
	}
}

// What is done about a network that is not found, and when.
func TestTheSearchsTimetable(t *testing.T) {
	names := map[wideness]string{choose: "COPS", radioUp: "CFUN", anew: "restart", cold: "power"}
	for _, c := range []struct {
		power bool
		want  string
	}{
		{false, "5m0s COPS, 7m0s CFUN, 9m0s restart, 12m0s COPS, 14m0s CFUN, 16m0s restart, 20m0s COPS, 22m0s CFUN, 24m0s restart, 31m0s COPS, 33m0s CFUN, 35m0s restart, 52m0s COPS, 54m0s CFUN, 56m0s restart"},
		{true, "5m0s COPS, 7m0s CFUN, 9m0s restart, 11m0s power, 14m0s COPS, 16m0s CFUN, 18m0s restart, 20m0s power, 24m0s COPS, 26m0s CFUN, 28m0s restart, 30m0s power, 37m0s COPS, 39m0s CFUN, 41m0s restart, 43m0s power"},
	} {
		var s search
		var done []string
		for at := time.Duration(0); at < time.Hour; at += 30 * time.Second {
			if w := s.next(false, c.power, time.Unix(0, 0).Add(at)); w != wait {
				done = append(done, fmt.Sprintf("%v %s", at, names[w]))
			}
		}
		if got := strings.Join(done, ", "); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
		if w := s.next(true, c.power, time.Unix(3600, 0)); w != wait || s != (search{}) {
			t.Error("a network that is back does not end it")
		}
	}
}
