package signal_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/radio/receiver"
	"github.com/gsmpanel/gsmpanel/radio/signal"
)

// house is a receiver as a panel runs it, on made air.
type house struct {
	t   *testing.T
	air *signal.Air
	pid string // file with the number of the rtl_433 that runs
	mu  sync.Mutex
	ear ear
	at  []event
}

type event struct {
	what string
	when time.Time // that its line came
}

func live(t *testing.T) *house { return tuned(t, "") }

// tuned is live on another frequency, with a second dongle's flags for rtl_433.
func tuned(t *testing.T, flags string) *house {
	t.Helper()
	needRTL433(t)
	t.Parallel()
	h := &house{t: t, air: listen(t), pid: filepath.Join(t.TempDir(), "pid")}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	began := time.Now()
	go func() {
		ended <- receiver.Run(ctx, receiver.Options{
			Command: `echo $$ >"$PID"; exec rtl_433 -c "$RTL_433_CONF" -d "rtl_tcp:$AIR" ` + flags,
			Env:     []string{"PID=" + h.pid, "RTL_433_CONF=" + decoderList(t), "AIR=" + h.air.Addr()},
			Frames: func(f radio.Frame, heard time.Time) {
				h.mu.Lock()
				defer h.mu.Unlock()
				if what := h.ear.hear(f, heard.Sub(began).Milliseconds()); what != "" {
					h.at = append(h.at, event{what, heard})
				}
			},
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	waitListening(t, h.air)
	return h
}

// send puts presses on the air.
func (h *house) send(presses ...signal.Press) (over <-chan time.Time) {
	h.t.Helper()
	over, err := h.air.Send(presses...)
	if err != nil {
		h.t.Fatal(err)
	}
	return over
}

// presses are the IDs of codes that were pressed.
func (h *house) presses() (ids []string, last time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.at {
		ids, last = append(ids, strings.TrimSuffix(e.what, " pressed")), e.when
	}
	return ids, last
}

// press presses until it is heard, as a person would: each time another button,
// and says how often it was nothing.
func (h *house) press(te time.Duration) (wasted int) {
	h.t.Helper()
	for end := time.Now().Add(patient); time.Now().Before(end); wasted++ {
		code := uint32(0x5A3C90 + wasted%15 + 1)
		before, _ := h.presses()
		<-h.send(signal.Press{Code: code, TE: te, Frames: 6, Offset: 9e3})
		for wait := time.Now().Add(time.Second); time.Now().Before(wait); time.Sleep(5 * time.Millisecond) {
			if ids, _ := h.presses(); slices.Contains(ids[len(before):], id(code)) {
				return wasted
			}
		}
	}
	h.t.Fatalf("no press was heard in %v", patient)
	return wasted
}

// The dongle stops sending and begins again: after 3 s rtl_433 has given up.
func TestLiveStalled(t *testing.T) {
	h := live(t)
	h.press(350 * us)
	h.air.Stall(true)
	time.Sleep(3500 * time.Millisecond) // real time: rtl_433's own alarm
	<-h.send(signal.Press{Code: doorbell})
	h.air.Stall(false)
	t.Logf("%d presses were not heard", h.press(350*us))
	if ids, _ := h.presses(); slices.Contains(ids, id(doorbell)) {
		t.Error("a press in the stall was heard")
	}
}

// heardSoon waits until so many presses have been heard, and gives the last.
func (h *house) heardSoon(n int) (when time.Time) {
	h.t.Helper()
	when, heard := h.heardWithin(patient, n)
	if !heard {
		h.t.Fatalf("there was no press number %d in %v", n, patient)
	}
	return when
}

func (h *house) heardWithin(d time.Duration, n int) (when time.Time, heard bool) {
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ids, last := h.presses(); len(ids) >= n {
			return last, true
		}
	}
	return when, false
}

// emitted sends an event until it is heard, and says how soon that was: rtl_433 drops
// samples where it gets no processor for long, and some events have one frame only.
func (h *house) emitted(b signal.Burst, n int) time.Duration {
	h.t.Helper()
	for end := time.Now().Add(patient); time.Now().Before(end); {
		began := time.Now()
		over, err := h.air.Emit(b)
		if err != nil {
			h.t.Fatal(err)
		}
		when, heard := h.heardWithin(5*time.Second, n)
		<-over
		if heard {
			return when.Sub(began)
		}
		h.t.Logf("event number %d was not heard", n)
	}
	h.t.Fatalf("there was no event number %d in %v", n, patient)
	return 0
}

// Presses come through the whole chain, each once; nothing comes through a
// carrier that drowns everything, and afterwards all is as before.
func TestLive(t *testing.T) {
	h := live(t)
	if hertz, rate := h.air.Tuned(); hertz != signal.Frequency || rate != signal.Rate {
		t.Errorf("rtl_433 tuned to %d Hz at %d/s", hertz, rate)
	}
	want := []string{}
	for i, te := range []time.Duration{220 * us, 350 * us, 620 * us} {
		code := uint32(0x5A3C01 + i)
		want = append(want, id(code))
		over := h.send(signal.Press{Code: code, TE: te, Frames: 4, Offset: 9e3})
		heard := h.heardSoon(i + 1)
		t.Logf("TE %v: the press counted %v after its last sample was sent", te, heard.Sub(<-over).Round(time.Millisecond))
	}
	<-h.send( // two fobs whose frames fall between one another
		signal.Press{Code: fob, TE: 300 * us, Frames: 3, Gap: 130 * time.Millisecond, Delay: 50 * time.Millisecond, Offset: 9e3},
		signal.Press{Code: other, TE: 450 * us, Frames: 3, Gap: 110 * time.Millisecond, Delay: 130 * time.Millisecond, Offset: -9e3})
	h.heardSoon(5)
	want = append(want, id(fob), id(other))
	h.air.Jam(true)
	<-h.send(signal.Press{Code: doorbell})
	h.air.Jam(false)
	h.press(350 * us)
	if ids, _ := h.presses(); !slices.Equal(ids[:len(ids)-1], want) {
		t.Errorf("presses %v, want %v and one after the carrier", ids, want)
	}
}

// A second dongle is tuned by -f, with the same decoder list: with a frequency in
// that too, rtl_433 would begin there and then go to and fro. Events of several
// families count once, and soon.
func TestLiveOnAnotherBand(t *testing.T) {
	h := tuned(t, "-f 319.5M")
	if hertz, rate := h.air.Tuned(); hertz != 319_500_000 || rate != signal.Rate {
		t.Errorf("rtl_433 tuned to %d Hz at %d/s", hertz, rate)
	}
	var want []string
	for _, s := range everyFamily() {
		if !slices.Contains([]string{"DSC: door opened", "Interlogix: heartbeat of a motion sensor", "Visonic: door opened", "Skylink: motion"}, s.event) {
			continue
		}
		want = append(want, strings.TrimSuffix(s.counts, " pressed"))
		soon := h.emitted(s.burst, len(want))
		t.Logf("%s: counted %v after it began, and took %v to send", s.event, soon.Round(time.Millisecond), s.burst.Length().Round(time.Millisecond))
	}
	time.Sleep(300 * time.Millisecond) // for lines that must not count
	if got, _ := h.presses(); !slices.Equal(got, want) {
		t.Errorf("events %q, want %q", got, want)
	}
}

// kill -9 of rtl_433.
func TestLiveKilled(t *testing.T) {
	h := live(t)
	h.press(350 * us)
	text, err := os.ReadFile(h.pid)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d presses were not heard", h.press(350*us))
}

// The dongle is pulled out and put in again.
func TestLiveUnplugged(t *testing.T) {
	h := live(t)
	h.press(350 * us)
	h.air.Unplug()
	t.Logf("%d presses were not heard", h.press(350*us))
}
