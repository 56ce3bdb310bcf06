package main

import (
	"bytes"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio"
)

// Codes of the household of the faults. A zone may be tripped again after 10 s.
const (
	beforeCode = 0x100001 // of zone Before, pressed while all is well
	afterCode  = 0x100002 // of zone After, pressed when all should be well again
	againCode  = 0x100003 // of the button Again of a fob, for as often as one likes
	laterCode  = 0x100004 // of zone Later
	doorCode   = 0x100005 // of zone Door, an entry
	armCode    = 0x100006 // of the button that arms
	floodCode  = 0x200001 // of the first of floodZones
)

const floodZones = 12 // as many are tripped in a flood, and as many get a single frame

func faultyHousehold(t *testing.T) string {
	t.Helper()
	return furnishAir(t,
		[]string{"settings", "set", "entry-delay", "240"},
		[]string{"remote", "add", "Again", "--button", id(againCode) + "=status", "--button", id(armCode) + "=arm"},
		[]string{"zone", "add", "Before", "--type", "24h", "--sensor", id(beforeCode)},
		[]string{"zone", "add", "After", "--type", "24h", "--sensor", id(afterCode)},
		[]string{"zone", "add", "Later", "--type", "24h", "--sensor", id(laterCode)},
		[]string{"zone", "add", "Door", "--type", "entry", "--sensor", id(doorCode)})
}

// mostGrowth is how much the daemon's memory may grow by what a receiver prints.
const mostGrowth = 64 << 20

// airFault is something that befalls a receiver.
type airFault struct {
	name   string
	do     func(h *airHouse, pipe *os.File)
	reason string // that the journal must give for the loss; "" where nothing may be lost
}

var airFaults = []airFault{
	{"killed by SIGKILL", func(h *airHouse, _ *os.File) { h.killReceiver() }, "signal 9 (killed)"},
	{"ends with status 0", inItsShell("exit 0"), "ended (status 0)"},
	{"ends with status 2", inItsShell("exit 2"), "status 2"},
	{"ends with status 3", inItsShell("exit 3"), "status 3"},
	{"closes its output and lives", inItsShell("exec 1>&-"), "closed its standard output"},
	{"prints noise", inItsShell("head -c 2000000 /dev/urandom; echo"), ""},
	{"prints an endless line", inItsShell(`head -c 200000000 /dev/zero | tr '\0' '{'; echo`), ""},
	{"prints what is nearly right", func(h *airHouse, pipe *os.File) { h.send(pipe, nearlyRight()...) }, ""},
	{"prints to its standard error only", inItsShell("head -c 2000000 /dev/urandom >&2"), ""},
}

// inItsShell is a fault that the obedient receiver's own shell does.
func inItsShell(command string) func(*airHouse, *os.File) {
	return func(h *airHouse, pipe *os.File) { h.send(pipe, "!"+command) }
}

// nearlyRight are lines that must not count as frames of zone After.
func nearlyRight() (lines []string) {
	right := frame(afterCode)
	for _, wrong := range []string{
		strings.Replace(right, "EV1527", "EV1528", 1),
		strings.Replace(right, `"len":25`, `"len":24`, 1),
		strings.Replace(right, fmt.Sprint(afterCode), "1e400", 1),
		strings.Replace(right, fmt.Sprint(afterCode), "-1", 1),
		strings.Replace(right, fmt.Sprint(afterCode), fmt.Sprint(1<<24|afterCode), 1),
		strings.Replace(right, `0","code"`, `8","code"`, 1),
		right[:len(right)-1],
		right + "}",
		right + right,
		"\x00" + right,
		"null", "[]", "{}", `""`, "0", "\xff\xfe{", `{"model":null}`, `{"model":["EV1527"]}`,
		strings.Repeat("[", 4000),
		strings.Repeat(" ", 5000) + right,
	} {
		lines = append(lines, wrong, wrong, wrong)
	}
	return lines
}

// TestReceiverFaults does to a receiver of the daemon's what befalls receivers.
// Whatever it is, a press is heard afterwards, and the journal and Anna's phone
// tell of a loss exactly once when it begins and once when it ends.
func TestReceiverFaults(t *testing.T) {
	t.Parallel()
	like := faultyHousehold(t)
	faults := append([]airFault{{name: "fails again and again"}, {name: "a flood"}}, airFaults...)
	sideBySide(t, faults, func(f airFault) string { return f.name }, func(t *testing.T, f airFault) {
		h := newAirHouse(t, like)
		radio, pipe := h.obedient()
		h.start("--radio", radio)
		h.press(pipe, beforeCode, "Before")
		switch f.name {
		case "fails again and again":
			h.failsAgain(pipe)
		case "a flood":
			h.flood(pipe)
		default:
			h.befalls(f, pipe)
		}
		h.stop()
	})
}

// befalls has the receiver suffer a fault, and a press heard afterwards.
func (h *airHouse) befalls(f airFault, pipe *os.File) {
	from, before := h.entriesSoFar(), h.resident()
	most := h.mostResident(func() {
		f.do(h, pipe)
		if f.reason != "" {
			h.untilLost(from)
		}
		h.press(pipe, afterCode, "After")
	})
	if most-before > mostGrowth {
		h.Errorf("the daemon grew from %d to %d KiB", before>>10, most>>10)
	}
	if f.reason != "" {
		h.until("the trouble is over", func() bool { return len(h.status().Troubles) == 0 })
	}
	h.toldOfLoss(from, f.reason)
}

// press has a 24h zone tripped by a receiver's own lines, and waits for the alarm.
func (h *airHouse) press(pipe *os.File, code uint32, zone string) {
	h.Helper()
	from := h.entriesSoFar()
	h.send(pipe, pressLine(code))
	h.untilAlarm(from, zone)
}

func (h *airHouse) untilAlarm(from int, zone string) {
	h.Helper()
	h.untilEntry(from, "an alarm of "+zone, func(e panel.Entry) bool {
		return e.Event == "alarm" && strings.HasSuffix(e.Text, ": "+zone)
	})
}

// untilLost waits until the trouble has been told.
func (h *airHouse) untilLost(from int) {
	h.Helper()
	h.untilEntry(from, "the loss of the receiver", func(e panel.Entry) bool { return e.Event == "trouble" })
	if troubles := h.status().Troubles; len(troubles) != 1 || troubles[0].Name != "radio" {
		h.Errorf("the status has the troubles %+v", troubles)
	}
}

// toldOfLoss makes sure of one loss with its reason, or of none, in the journal
// and on Anna's phone.
func (h *airHouse) toldOfLoss(from int, reason string) {
	h.Helper()
	want := 0
	if reason != "" {
		want = 1
	}
	entries := h.listedJournal()[from:]
	for _, event := range []string{"receiver_lost", "trouble", "receiver_back", "trouble_end"} {
		n := 0
		for _, e := range entries {
			if e.Event == event {
				n++
				if strings.HasSuffix(event, "lost") && !strings.Contains(e.Text, reason) {
					h.Errorf("the reason is %q, must have %q", e.Text, reason)
				}
			}
		}
		if n != want {
			h.Errorf("%d entries %s, must be %d:\n%s", n, event, want, journalText(entries))
		}
	}
	h.until("Anna has been told", func() bool { return len(h.texts("Trouble: ")) >= want && len(h.texts("Over: ")) >= want })
	if n, m := len(h.texts("Trouble: ")), len(h.texts("Over: ")); n != want || m != want {
		h.Errorf("Anna was told of %d troubles and %d ends, must be %d", n, m, want)
	}
	if want > 0 {
		h.Logf("the journal:\n%s", journalText(entries))
	}
}

// receiver is the program that --radio named: the leader of its process group,
// and a child of the daemon's.
func (h *airHouse) receiver() int {
	h.Helper()
	for _, pid := range family(h.panel.pid())[1:] {
		line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if group, err2 := syscall.Getpgid(pid); err == nil && err2 == nil && group == pid && (bytes.Contains(line, []byte("radio.sh")) || bytes.Contains(line, []byte("rtl_433"))) {
			return pid
		}
	}
	h.Fatal("no receiver is seen among the processes")
	return 0
}

func (h *airHouse) killReceiver() {
	h.Helper()
	if err := syscall.Kill(h.receiver(), syscall.SIGKILL); err != nil {
		h.Fatal(err)
	}
}

// TestTwoReceivers: what both hear counts once, what each hears once not at all,
// and while one is down the other hears.
func TestTwoReceivers(t *testing.T) {
	t.Parallel()
	h := newAirHouse(t, faultyHousehold(t))
	north, northPipe := h.obedientCalled("north")
	south, southPipe := h.obedientCalled("south")
	h.start("--radio", north, "--radio", south)
	h.send(northPipe, frame(beforeCode)) // one at each is none
	h.send(southPipe, frame(beforeCode))
	from, began := h.entriesSoFar(), time.Now()
	h.send(northPipe, pressLine(againCode))
	h.send(southPipe, pressLine(againCode))
	h.press(southPipe, laterCode, "Later") // by now that has been heard
	if still := time.Since(began); still > radio.Stillness*time.Millisecond {
		t.Skipf("%s between what two receivers heard may be two presses", still)
	}
	h.untilEntry(from, "the press", func(e panel.Entry) bool { return e.Event == "status" })
	h.send(southPipe, "!exit 2")
	h.untilLost(from)
	h.press(northPipe, afterCode, "After") // it need not wait
	h.send(southPipe, frame(knockCode))    // a stranger shows that it is up
	h.untilEntry(from, "the return", func(e panel.Entry) bool { return e.Event == "trouble_end" })
	presses := 0
	for _, e := range h.listedJournal() {
		if e.Event == "status" {
			presses++
		}
		if e.Event == "alarm" && strings.HasSuffix(e.Text, "Before") {
			t.Error("one frame at each of two receivers counted")
		}
	}
	if presses != 1 {
		t.Errorf("a press that two receivers heard counted %d times", presses)
	}
	h.toldOfLoss(from, "receiver 2 of 2, exec: the radio command ended with status 2")
	h.stop()
}

// TestReceiverSmashed: a receiver that is lost while the entry delay runs in away
// may have been smashed, and the alarm goes out at once; its return ends nothing.
func TestReceiverSmashed(t *testing.T) {
	t.Parallel()
	h := newAirHouse(t, faultyHousehold(t))
	radio, pipe := h.obedient()
	h.start("--radio", radio)
	h.send(pipe, pressLine(armCode), pressLine(doorCode))
	from := h.untilEntry(0, "the entry delay", func(e panel.Entry) bool { return e.Event == "entry" })
	if state := h.status().State; state != "pending" {
		t.Errorf("the panel shows %s during the entry delay", state)
	}
	h.killReceiver()
	h.untilAlarm(from, "Door")
	h.until("Anna is told", func() bool { return len(h.texts("BURGLARY Door")) == 1 })
	h.press(pipe, afterCode, "After")
	if state := h.status().State; state != "triggered" {
		t.Errorf("the panel shows %s afterwards", state)
	}
	h.stop()
}

// failsAgain: a receiver that fails again and again is a trouble that stays, not
// one that comes and goes; what it hears in between counts all the same.
func (h *airHouse) failsAgain(pipe *os.File) {
	const fails = 3 // it is started again after 1, 2 and 5 s
	for n := range fails {
		from := h.entriesSoFar()
		h.send(pipe, "!exit 3", pressLine(againCode))
		h.untilEntry(from, fmt.Sprintf("the press after failure %d", n+1), func(e panel.Entry) bool { return e.Event == "status" })
	}
	counts, entries := map[string]int{}, h.listedJournal()
	for _, e := range entries {
		counts[e.Event]++
	}
	if lost, back := counts["receiver_lost"], counts["receiver_back"]; counts["status"] != fails || lost < 1 || lost > 2 || back > lost {
		h.Errorf("of %d failures and presses the journal has %d presses, %d losses, %d returns:\n%s", fails, counts["status"], lost, back, journalText(entries))
	}
}

const (
	floodLines  = 100_000
	floodChunks = 50 // one every 0.1 s
)

// flood has 20,000 frames of strangers a second on the air for 5 s. Every press
// among them counts once, no single frame does, and the daemon does not grow.
func (h *airHouse) flood(pipe *os.File) {
	for n := range uint32(2 * floodZones) { // the daemon knows what is added while it runs
		h.cli("", "zone", "add", fmt.Sprintf("Flood %d", n), "--type", "24h", "--sensor", id(floodCode+n))
	}
	h.writeFlood()
	learnt := h.learns(pipe)
	before, began := h.resident(), time.Now()
	h.send(pipe, "!for f in '"+h.dir+"'/flood/*; do cat \"$f\"; sleep 0.09; done", pressLine(againCode))
	most := h.mostResident(func() {
		h.untilEntry(0, "the end of the flood", func(e panel.Entry) bool { return e.Event == "status" })
	})
	took := time.Since(began)
	h.press(pipe, afterCode, "After")
	if most-before > mostGrowth {
		h.Errorf("the daemon grew from %d to %d KiB", before>>10, most>>10)
	}
	h.Logf("%d lines in %s; the daemon had %d KiB before and %d KiB at most", floodLines, took.Round(time.Millisecond), before>>10, most>>10)
	h.floodCounted()
	for _, f := range learnt() {
		if !slices.Contains(append(floodPresses(), id(knockCode), id(againCode), id(afterCode)), f.ID) {
			h.Errorf("learn found %s, of which there was one frame", f.ID)
		}
	}
}

// floodPresses are the codes of which there are two frames in the flood.
func floodPresses() (ids []string) {
	for n := range uint32(floodZones) {
		ids = append(ids, id(floodCode+n))
	}
	return ids
}

// writeFlood writes frames of strangers, none twice, among which each zone of the
// first half is tripped once, with more strangers between its two frames than are
// remembered of devices, and each of the second half gets one single frame.
func (h *airHouse) writeFlood() {
	h.Helper()
	if err := os.Mkdir(h.path("flood"), 0o700); err != nil {
		h.Fatal(err)
	}
	lines, random := make([]string, floodLines), mathrand.New(mathrand.NewPCG(1, 1527))
	for n, code := range random.Perm(0xC00000)[:floodLines] {
		lines[n] = frame(0x300000 + uint32(code))
	}
	for n := range floodZones {
		at := (4*n+1)*floodLines/floodChunks + 500 // all within a chunk
		lines[at], lines[at+radio.MaxHeard+100] = frame(floodCode+uint32(n)), frame(floodCode+uint32(n))
		lines[at+100] = frame(floodCode + floodZones + uint32(n))
	}
	n := 0
	for part := range slices.Chunk(lines, floodLines/floodChunks) {
		h.write(filepath.Join("flood", fmt.Sprintf("%03d", n)), strings.Join(part, "\n")+"\n", 0o600)
		n++
	}
}

// floodCounted looks at what the journal has of the flood.
func (h *airHouse) floodCounted() {
	h.Helper()
	alarms := map[string]int{}
	for _, e := range h.listedJournal() {
		if _, zone, ok := strings.Cut(e.Text, ": "); ok && e.Event == "alarm" {
			alarms[zone]++
		}
		if strings.HasPrefix(e.Event, "receiver") || strings.HasPrefix(e.Event, "trouble") {
			h.Errorf("the flood gave %s: %s", e.Event, e.Text)
		}
	}
	for n := range 2 * floodZones {
		want := 0
		if n < floodZones {
			want = 1
		}
		if zone := fmt.Sprintf("Flood %d", n); alarms[zone] != want {
			h.Errorf("%s has %d alarms, must have %d", zone, alarms[zone], want)
		}
	}
}

// mostResident is how much memory the daemon had at most during something.
func (h *airHouse) mostResident(during func()) (most int64) {
	over, looked := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(looked)
		for tick := time.NewTicker(20 * time.Millisecond); ; <-tick.C {
			most = max(most, h.resident())
			select {
			case <-over:
				tick.Stop()
				return
			default:
			}
		}
	}()
	func() {
		defer func() { close(over); <-looked }() // also where it fails
		during()
	}()
	return most
}

// resident is how much memory the daemon has, in bytes.
func (h *airHouse) resident() int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", h.panel.pid()))
	if err != nil {
		return 0 // it has ended, which the journal's reader finds out
	}
	_, after, _ := strings.Cut(string(b), "VmRSS:")
	kib, _ := strconv.ParseInt(strings.Fields(after + " 0")[0], 10, 64)
	return kib << 10
}
