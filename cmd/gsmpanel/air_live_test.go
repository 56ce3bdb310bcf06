package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio/signal"
)

// liveHouse is a household whose daemon starts rtl_433 by --radio rtl_433, which
// finds made air in place of a dongle.
type liveHouse struct {
	*airHouse
	air     *signal.Air
	printed chan printedLine // by rtl_433, as it was read by the test
}

type printedLine struct {
	at   time.Time
	text string
}

// newLiveHouse puts a program rtl_433 first in the daemon's path, which runs the
// real one with the daemon's arguments and more.
func newLiveHouse(t *testing.T, like string, more string) *liveHouse {
	t.Helper()
	real := needRTL433(t)
	air, err := signal.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &liveHouse{airHouse: newAirHouse(t, like), air: air, printed: make(chan printedLine, 1024)}
	t.Cleanup(func() { air.Close() })
	copies := h.fifo("printed")
	if err := os.Mkdir(h.path("bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	h.write("bin/rtl_433", fmt.Sprintf("#!/bin/sh\nexec '%s' \"$@\" -d 'rtl_tcp:%s' -F 'json:%s' %s\n", real, air.Addr(), copies.Name(), more), 0o700)
	h.env = []string{"PATH=" + h.path("bin") + ":" + os.Getenv("PATH")}
	go func() { // until the pipe is closed
		for lines := bufio.NewScanner(copies); lines.Scan(); {
			select {
			case h.printed <- printedLine{time.Now(), lines.Text()}:
			default: // nobody measures
			}
		}
	}()
	return h
}

func (h *liveHouse) listening() {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), mostWait)
	defer cancel()
	if err := h.air.WaitListening(ctx); err != nil {
		h.Fatalf("%v%s", err, h.said())
	}
}

// transmit puts a press on the air and returns when it is over.
func (h *liveHouse) transmit(p signal.Press) time.Time {
	h.Helper()
	over, err := h.air.Send(p)
	if err != nil {
		h.Fatal(err)
	}
	return <-over
}

// pressed sends a press and waits for the alarm.
func (h *liveHouse) pressed(code uint32, zone string) {
	h.Helper()
	h.listening()
	from := h.entriesSoFar()
	h.transmit(signal.Press{Code: code})
	h.untilAlarm(from, zone)
}

// liveFault befalls rtl_433 or its dongle.
type liveFault struct {
	name   string
	do     func(*liveHouse)
	reason string
	long   bool
}

var liveFaults = []liveFault{
	{"rtl_433 is killed", func(h *liveHouse) { h.killReceiver() }, "signal 9 (killed)", false},
	{"rtl_433 is ended", func(h *liveHouse) { _ = syscall.Kill(h.receiver(), syscall.SIGTERM) }, "ended", false},
	{"the dongle is pulled out", func(h *liveHouse) { h.air.Unplug() }, "ended", false},
	// rtl_433 lives on without samples, deaf, and even SIGTERM does not end it.
	{"the dongle stops", func(h *liveHouse) { h.air.Stall(true) }, "said nothing for 30s and was reset", true},
}

// takesLong skips where nobody asked for the long tests.
func takesLong(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("GSMPANEL_AIR") == "" {
		t.Skip(why + "; set GSMPANEL_AIR=1")
	}
}

// A daemon that is killed leaves no rtl_433 behind that would keep the dongle.
func TestLiveReceiverEndsWithThePanel(t *testing.T) {
	t.Parallel()
	needRTL433(t)
	like := furnishAir(t)
	for name, end := range map[string]func(*liveHouse){
		"SIGKILL": func(h *liveHouse) { h.panel.kill() },
		"SIGTERM": func(h *liveHouse) { h.stop() },
	} {
		t.Run(name, func(t *testing.T) {
			h := newLiveHouse(t, like, "")
			h.start("--radio", "rtl_433")
			h.listening()
			group := h.receiver()
			end(h)
			h.until("the receiver's processes are gone", func() bool { return syscall.Kill(-group, 0) == syscall.ESRCH })
		})
	}
}

// TestLiveReceiverFaults does to the real rtl_433 what befalls it.
func TestLiveReceiverFaults(t *testing.T) {
	t.Parallel()
	needRTL433(t)
	like := faultyHousehold(t)
	sideBySide(t, liveFaults, func(f liveFault) string { return f.name }, func(t *testing.T, f liveFault) {
		if f.long {
			takesLong(t, "takes the 30 s of silence that a receiver is granted")
		}
		h := newLiveHouse(t, like, "")
		h.start("--radio", "rtl_433")
		h.pressed(beforeCode, "Before")
		from := h.entriesSoFar()
		f.do(h)
		h.untilLost(from)
		h.air.Stall(false)
		h.pressed(afterCode, "After")
		h.until("the trouble is over", func() bool { return len(h.status().Troubles) == 0 })
		h.toldOfLoss(from, f.reason)
		h.stop()
		if strings.Contains(h.said(), "EV1527") {
			t.Errorf("the log has a line of the receiver's%s", h.said())
		}
	})
}

// TestLiveJammer jams the air of the real rtl_433: one trouble and one end, and no
// zone is heard meanwhile.
func TestLiveJammer(t *testing.T) {
	takesLong(t, "takes the 15 s after which the air is taken for jammed, and as many to its end")
	t.Parallel()
	h := newLiveHouse(t, faultyHousehold(t), "")
	h.start("--radio", "rtl_433")
	h.pressed(beforeCode, "Before")
	from := h.entriesSoFar()
	h.air.Jam(true)
	h.untilEntry(from, "the jam", func(e panel.Entry) bool { return e.Event == "trouble" && e.ContactID == "1344" })
	if troubles := h.status().Troubles; !slices.ContainsFunc(troubles, func(o panel.OutwardTrouble) bool { return o.Name == string(panel.JamTrouble) }) {
		t.Errorf("the status has the troubles %+v", troubles)
	}
	h.transmit(signal.Press{Code: laterCode})
	h.air.Jam(false)
	h.untilEntry(from, "its end", func(e panel.Entry) bool { return e.Event == "trouble_end" && e.ContactID == "3344" })
	h.pressed(afterCode, "After")
	h.toldOnce(from, "433 MHz radio is jammed")
	for _, e := range h.listedJournal() {
		if e.Event == "alarm" && strings.HasSuffix(e.Text, "Later") {
			t.Error("a zone was heard through the jammer; this test proves nothing")
		}
	}
	h.stop()
}

// toldOnce makes sure that a trouble and its end stand once in the journal and
// once each on Anna's phone.
func (h *airHouse) toldOnce(from int, words string) {
	h.Helper()
	h.until("Anna has been told", func() bool { return len(h.texts("Over: "+words)) > 0 })
	begun, ended := 0, 0
	for _, e := range h.listedJournal()[from:] {
		switch {
		case !strings.Contains(e.Text, words):
		case e.Event == "trouble":
			begun++
		case e.Event == "trouble_end":
			ended++
		}
	}
	if n, m := len(h.texts("Trouble: "+words)), len(h.texts("Over: "+words)); n != 1 || m != 1 || begun != 1 || ended != 1 {
		h.Errorf("of %q Anna was told %d times and %d ends, the journal has %d and %d", words, n, m, begun, ended)
	}
}

// TestScanIsTold plays sixty codes of nobody's: one trouble. With GSMPANEL_AIR its
// end is awaited too.
func TestScanIsTold(t *testing.T) {
	t.Parallel()
	h := newAirHouse(t, faultyHousehold(t))
	radio, pipe := h.obedient()
	h.start("--radio", radio)
	h.press(pipe, beforeCode, "Before")
	from := h.entriesSoFar()
	for n := range uint32(60) {
		h.send(pipe, pressLine(0x300000+n<<4))
	}
	h.untilEntry(from, "the scan", func(e panel.Entry) bool { return e.Event == "trouble" && e.ContactID == "1461" })
	h.press(pipe, afterCode, "After")
	h.until("Anna is told", func() bool { return len(h.texts("Trouble: codes are tried out by radio")) == 1 })
	if os.Getenv("GSMPANEL_AIR") != "" {
		h.untilEntry(from, "its end", func(e panel.Entry) bool { return e.Event == "trouble_end" && e.ContactID == "3461" })
		h.toldOnce(from, "codes are tried out by radio")
	}
	h.stop()
}

// TestTwoReceiversFallSilent: each that had a heartbeat is killed when it has none
// for 30 s, and each is a trouble of its own, with its number.
func TestTwoReceiversFallSilent(t *testing.T) {
	takesLong(t, "takes the 30 s of silence that a receiver is granted")
	t.Parallel()
	h := newAirHouse(t, faultyHousehold(t))
	north, northPipe := h.obedientCalled("north")
	south, southPipe := h.obedientCalled("south")
	h.start("--radio", north, "--radio", south)
	from := h.entriesSoFar()
	h.send(northPipe, `{"enabled":9,"stats":[]}`, frame(knockCode))
	h.send(southPipe, `{"enabled":9,"stats":[]}`, frame(knockCode))
	for unit := 1; unit <= 2; unit++ {
		h.untilEntry(from, fmt.Sprintf("the loss of receiver %d", unit), func(e panel.Entry) bool {
			return e.Event == "receiver_lost" && strings.Contains(e.Text, fmt.Sprintf("receiver %d of 2, exec: the radio receiver said nothing for 30s", unit))
		})
	}
	h.until("two troubles", func() bool { return len(h.texts("Trouble: radio receiver is gone (receiver ")) == 2 })
	h.send(northPipe, frame(knockCode)) // a stranger shows that it is up
	h.send(southPipe, frame(knockCode))
	h.until("their ends", func() bool { return len(h.texts("Over: radio receiver is gone (")) == 2 })
	h.stop()
}

// TestUsualNoiseSurvives: what noise is usual need not be learnt again by the next
// life of the panel, so that a jammer that is there by then is noticed.
func TestUsualNoiseSurvives(t *testing.T) {
	takesLong(t, "takes the minute in which it is learnt what is usual")
	t.Parallel()
	h := newAirHouse(t, faultyHousehold(t))
	radio, pipe := h.obedient()
	level := func(db, times int) {
		h.send(pipe, fmt.Sprintf("!for n in $(seq %d); do echo 'Current noise level %d.0 dB, estimated noise -29.9 dB' >&2; sleep 1; done", times, db))
	}
	h.start("--radio", radio)
	level(-31, 70)
	h.until("the level is learnt", func() bool { return slices.Equal(h.status().Radio.Noise, []float64{-31}) })
	h.stop()
	h = h.again("--radio", radio)
	level(-18, 30)
	h.untilEntry(0, "the jam", func(e panel.Entry) bool {
		return e.Event == "jammed" && strings.HasSuffix(e.Text, ": 13 dB louder than usual")
	})
	h.stop()
}
