package receiver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/radio/signal"
)

const rflinkPress = "20;49;EV1527;ID=000373;SWITCH=0a;CMD=ON;"

// An RFLink on a real port: its rate is found, its presses heard, and when it was
// unplugged and has come back it is opened again, at the rate that it had.
func TestRFLinkOnATTY(t *testing.T) {
	for _, rate := range []int{57600, 115200} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			t.Parallel()
			port := filepath.Join(t.TempDir(), "rflink")
			b, err := signal.PlugInRFLink(port, rate)
			if err != nil {
				t.Fatal(err)
			}
			defer b.Unplug()
			r := play(t, quick, Options{RFLink: port})
			until := func(what string, ok func([]radio.Frame, Status) bool) { t.Helper(); r.until(what, ok) }
			until("its rate", func([]radio.Frame, Status) bool {
				return strings.Contains(r.log.String(), fmt.Sprintf("started\" baud=%d", rate))
			})
			b.Says("20;07;Oregon Temp;ID=1A2D;TEMP=00be;BAT=OK;")
			b.Says(rflinkPress)
			until("up by a press", func(frames []radio.Frame, s Status) bool {
				return s.Up && len(frames) == 1 && frames[0] == radio.Frame{Family: "ev1527", ID: "ev1527:00373A", Alone: true}
			})
			b.Unplug()
			until("down", func(_ []radio.Frame, s Status) bool {
				return !s.Up && s.Err != nil && strings.Contains(s.Err.Error(), "is it plugged in?")
			})
			if err := b.PlugIn(); err != nil {
				t.Fatal(err)
			}
			until("its rate again", func([]radio.Frame, Status) bool { return strings.Count(r.log.String(), "started") == 2 })
			b.Says(rflinkPress)
			until("up again", func(frames []radio.Frame, s Status) bool { return s.Up && len(frames) == 2 })
			if log := r.log.String(); strings.Contains(log, "00373A") || strings.Contains(log, "Oregon") {
				t.Errorf("what was heard is in the log:\n%s", log)
			}
			if took := r.stop(); took > time.Second {
				t.Errorf("it ended after %v", took)
			}
		})
	}
}

// wired is an RFLink in memory, in time that does not pass by itself.
type wired struct {
	mute   atomic.Bool // it answers nothing
	opened []string    // rate and time of each opening
	mu     sync.Mutex
	pings  []string // times
	began  time.Time
	host   net.Conn // the board's end
	fails  error    // of an opening
}

func (w *wired) open(rate int) (io.ReadWriteCloser, error) {
	w.opened = append(w.opened, fmt.Sprint(rate, " ", time.Since(w.began)))
	if w.fails != nil {
		return nil, w.fails
	}
	ours, theirs := net.Pipe()
	w.host = theirs
	go func() {
		for in := bufio.NewReader(theirs); ; {
			if _, err := in.ReadString('\n'); err != nil {
				return
			}
			w.mu.Lock()
			w.pings = append(w.pings, time.Since(w.began).String())
			w.mu.Unlock()
			if !w.mute.Load() {
				_, _ = io.WriteString(theirs, "20;99;PONG;\r\n")
			}
		}
	}()
	return ours, nil
}

// pinged is when its first pings came.
func (w *wired) pinged(first int) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.pings[:min(first, len(w.pings))])
}

// says prints a line, or all of it that somebody reads.
func (w *wired) says(line string) {
	synctest.Wait()
	_, _ = io.WriteString(w.host, line)
}

// atRFLink runs what is to be seen of an RFLink in the usual pace.
func atRFLink(t *testing.T, fails error, do func(t *testing.T, w *wired, told func() []string)) {
	synctest.Test(t, func(t *testing.T) {
		w := &wired{began: time.Now(), fails: fails}
		var told []string
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() {
			ended <- Run(ctx, Options{RFLink: "/dev/rflink", open: w.open, Frames: func(radio.Frame, time.Time) {}, Status: func(s Status) {
				now := fmt.Sprint(s.Up, " ", s.Err)
				if len(told) == 0 || !strings.HasSuffix(told[len(told)-1], " "+now) {
					told = append(told, fmt.Sprint(time.Since(w.began), " ", now))
				}
			}})
		}()
		do(t, w, func() []string { synctest.Wait(); return told })
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func expect(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// It is asked when it did not greet, up 5 s after it answered, pinged every 10 s,
// and down when three pings were not answered.
func TestRFLinkThatFallsSilent(t *testing.T) {
	atRFLink(t, nil, func(t *testing.T, w *wired, told func() []string) {
		time.Sleep(20 * time.Second)
		w.mute.Store(true)
		time.Sleep(25 * time.Second)
		expect(t, "told", told(), "0s false <nil>", "9s true <nil>", "44s false the radio receiver said nothing for 30s and was reset: unplug it and plug it in again if this goes on")
		expect(t, "pings", w.pinged(4), "4s", "14s", "24s", "34s")
	})
}

// Other rates are tried in turn, with a growing wait.
func TestRFLinkThatNeverAnswers(t *testing.T) {
	atRFLink(t, nil, func(t *testing.T, w *wired, told func() []string) {
		w.mute.Store(true)
		time.Sleep(30 * time.Second)
		expect(t, "told", told(), "0s false <nil>", "12s false nothing at /dev/rflink answers as an RFLink does, neither at 57600 nor at 115200 baud; is it the right port?")
		expect(t, "openings", w.opened, "57600 0s", "115200 6s", "57600 13s", "115200 19s", "57600 27s")
	})
}

// A port that can't be opened is tried after 1, 2, 5, 10 and then every 30 s.
func TestRFLinkThatIsNotThere(t *testing.T) {
	atRFLink(t, errors.New("is it plugged in?"), func(t *testing.T, w *wired, told func() []string) {
		time.Sleep(80 * time.Second)
		expect(t, "told", told(), "0s false <nil>", "0s false is it plugged in?")
		expect(t, "openings", w.opened, "57600 0s", "57600 1s", "57600 3s", "57600 8s", "57600 18s", "57600 48s", "57600 1m18s")
	})
}

// A greeting is an answer, so that a boot loader is not spoken to; noise is none,
// and no sign of life.
func TestRFLinkThatGreets(t *testing.T) {
	atRFLink(t, nil, func(t *testing.T, w *wired, told func() []string) {
		w.mute.Store(true)
		time.Sleep(2 * time.Second)
		w.says("20;00;Nodo RadioFrequencyLink - RFLink Gateway V1.1 - R48;\r\n")
		for range 15 {
			time.Sleep(2 * time.Second)
			w.says("\xff\x00noise\r\n")
		}
		expect(t, "told", told(), "0s false <nil>", "7s true <nil>", "32s false the radio receiver said nothing for 30s and was reset: unplug it and plug it in again if this goes on")
		expect(t, "pings", w.pinged(2), "12s", "22s")
	})
}

// One that goes is down at once, and a press brings it up again before it settled.
func TestRFLinkThatGoes(t *testing.T) {
	atRFLink(t, nil, func(t *testing.T, w *wired, told func() []string) {
		time.Sleep(20 * time.Second)
		synctest.Wait()
		w.host.Close()
		time.Sleep(6 * time.Second)
		w.says(rflinkPress + "\r\n")
		expect(t, "told", told(), "0s false <nil>", "9s true <nil>", "20s false the RFLink at /dev/rflink is gone; is it plugged in?", "26s true <nil>")
	})
}
