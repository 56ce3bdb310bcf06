package main

import (
	"fmt"
	"math/bits"
	"strings"
	"testing"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio/signal"
)

// hcsLine is what rtl_433 prints of one frame of the recorded KeeLoq fob by the
// daemon's decoder list: button 2 (S1) or 4 (S2), and its counter.
func hcsLine(button uint32, counter uint16) string {
	const serial, key = 0x0ABCDE1, 0x2D22FEF7FD31E9FC // which normal learning makes of makerKey
	hop := signal.KeeLoqWord(key, serial, byte(button), counter)
	air := uint64(hop) | serial<<32 | uint64(button>>1&1)<<62 | uint64(button>>2&1)<<63
	return fmt.Sprintf(`{"time":"2026-11-22 21:00:00","model":"HCS","count":1,"num_rows":1,"len":66,"data":"%016x0","mod":"ASK","freq":433.92,"rssi":-6.4,"snr":23.6,"noise":-30.0}`, bits.Reverse64(air))
}

// The daemon is killed when it has accepted a press and is about to answer it: what
// the press did holds, and no copy of it does it again. Then each way in which a
// counter can go on.
func TestRollingCodesAcrossAKill(t *testing.T) {
	t.Parallel()
	like := furnishAir(t, append(markerRemotes(9),
		[]string{"remote", "add", "Rolling", "--contact", "Anna", "--button", "hcs:0ABCDE1:2=arm", "--button", "hcs:0ABCDE1:4=disarm", "--maker-key"})...)
	h := newAirHouse(t, like)
	source, pipe := h.obedient()
	killer := h.write("killer.sh", `[ "$*" = "on chirp" ] && kill -KILL "$(cat "`+h.path("pid")+`")"; exit 0`+"\n", 0o700)
	h.start("--radio", source, "--siren", "exec:sh '"+killer+"'")
	h.write("pid", fmt.Sprint(h.panel.pid()), 0o600)
	h.send(pipe, hcsLine(2, 0x10), hcsLine(2, 0x11)) // the first only says where the counter is
	<-h.panel.gone
	h = h.again("--radio", source)
	h.shows("armed_away")
	from := 0
	for range 2 {
		from = h.untilEntry(from, "a start", func(e panel.Entry) bool { return e.Event == "restart" }) + 1
	}
	for n, c := range []struct {
		name          string
		button, count int
		want          string
	}{
		{"replayed after the kill", 2, 0x11, "code_refused"},
		{"an older counter", 2, 0x10, ""}, // of refusals only the first, the tenth … is journalled
		{"the next one", 4, 0x12, "disarmed"},
		{"a copy of that", 4, 0x12, ""}, // a second and a half later: a press of its own
		{"a jump of 8", 2, 0x1A, "armed"},
		{"a jump of 40", 4, 0x42, ""},
		{"followed by 41", 4, 0x43, "disarmed"},
		{"a jump of 40,000", 2, 0x43 + 40_000, ""},
		{"followed by its successor", 2, 0x44 + 40_000, ""},
	} {
		if strings.HasPrefix(c.name, "a copy") {
			h.send(pipe, "!sleep 1.6")
		}
		h.send(pipe, hcsLine(uint32(c.button), uint16(c.count)), pressLine(firstMarker+uint32(n)))
		to := h.untilEntry(from, "the marker", func(e panel.Entry) bool { return e.Event == "status" })
		entries, _ := h.journal(from)
		var got []string
		for _, e := range entries[:to-from] {
			got = append(got, e.Event)
		}
		if all := strings.Join(got, ", "); all != c.want {
			t.Errorf("%d, %s: %q, want %q\n%s", n, c.name, all, c.want, journalText(entries))
		}
		from = to + 1
	}
	h.stop()
}
