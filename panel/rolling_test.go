package panel

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/radio/signal"
)

// A KeeLoq fob of Anna's: button S1 with the maker's key of AN642's sample, and
// the key that normal learning makes of it.
const (
	rollingID  = "hcs:0ABCDE1:2"
	rollingKey = 0x2D22FEF7FD31E9FC
	makersKey  = radio.MakerKey(0x0123456789ABCDEF)
)

func rolling(t *testing.T, action string, key radio.MakerKey) *house {
	t.Helper()
	h := newHouse()
	e := AddRemote{Remote: radio.Remote{Name: "Rolling", Contact: "Anna", Buttons: []radio.Button{{ID: rollingID, Action: action}}}, MakerKey: key}
	if err := h.edit(e); err != nil {
		t.Fatal(err)
	}
	h.seen = nil
	return h
}

// rolls is a press of the fob, of which two frames are heard.
func (h *house) rolls(counter uint16) {
	h.do(Pressed{ID: rollingID, Hop: signal.KeeLoqWord(rollingKey, 0x0ABCDE1, 2, counter)})
}

// A rolling code does its button's action when it is new, and nothing when it was
// heard before: a second, an hour and a restart later.
func TestRollingCodes(t *testing.T) {
	for _, c := range []struct{ name, acts, want string }{
		{"in order", "1 2 3", "status, status"},
		{"replayed a second later", "1 2 1s 2", "status, code_refused"},
		{"replayed an hour later", "1 2 1h 2", "status, code_refused"},
		{"replayed after a restart", "1 2 10s restart 2", "status, code_refused"},
		{"an older counter", "1 2 10s 1", "status, code_refused"},
		{"a jump of 8", "1 2 10s 10", "status, status"},
		{"a jump of 40, then 41", "1 2 10s 42 10s 43", "status, status"},
		{"a jump of 40, then 41 after a restart", "1 2 10s 42 10s restart 43", "status, status"},
		{"a jump of 40,000", "1 2 10s 40002 10s 40003", "status, code_refused"},
	} {
		h := rolling(t, "status", makersKey)
		for _, act := range strings.Fields(c.acts) {
			if d, err := time.ParseDuration(act); err == nil {
				h.wait(d)
			} else if act == "restart" {
				h.restart()
			} else {
				h.rolls(uint16(atoi(t, act)))
			}
		}
		if got := h.did(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func atoi(t *testing.T, s string) (n int) {
	t.Helper()
	for _, c := range s {
		n = 10*n + int(c-'0')
	}
	return n
}

// What a code did and the counter after it are in one state, so that no kill can
// part them.
func TestCounterAndActionAreOneState(t *testing.T) {
	h := rolling(t, "arm", makersKey)
	h.rolls(1)
	before := h.s
	h.rolls(2)
	if before.Sealed.Counters[0].Last == 2 || before.Zones.ArmingUntil != 0 || h.s.Sealed.Counters[0].Last != 2 || h.s.Zones.ArmingUntil == 0 {
		t.Errorf("before %+v, after %+v", before.Sealed.Counters, h.s.Sealed.Counters)
	}
	if same(before, h.s) {
		t.Error("the counter would not be committed")
	}
}

// Of a fob whose codes are proven a disarm is no disarm by a copy: it is neither
// refused nor reported as one. Without the maker's key it is as of a fixed code.
func TestProvenFobsAreNoCopies(t *testing.T) {
	for _, c := range []struct {
		name   string
		key    radio.MakerKey
		policy string
		want   string
		told   bool
	}{
		{"proven, fob-disarm never", makersKey, FobNever, "disarmed", false},
		{"proven, fob-disarm report", makersKey, FobReport, "disarmed", false},
		{"without the key, fob-disarm never", 0, FobNever, "disarm_refused", false},
		{"without the key, fob-disarm report", 0, FobReport, "disarmed", true},
	} {
		h := rolling(t, "disarm", c.key)
		mustDo(h.edit(Set{"fob-disarm", c.policy}))
		mustDo(h.edit(Set{"report-default", "none"}))
		mustDo(h.edit(Set{"exit-delay", "0"}))
		h.rolls(1)
		h.text(anna, annaCode+" ARM")
		h.wait(time.Minute)
		h.seen = nil
		h.rolls(2)
		h.wait(time.Minute)
		if got := h.did(); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		told := false
		for _, e := range h.seen {
			told = told || strings.Contains(e.what, "by key fob")
		}
		if told != c.told {
			t.Errorf("%s: told of as by key fob: %v", c.name, told)
		}
	}
}

// A copy of a press that follows it soon makes no double press and no hold of it.
func TestAReplayIsNoGesture(t *testing.T) {
	h := rolling(t, "single=none,double=silent,hold=audible", 0)
	hop := signal.KeeLoqWord(rollingKey, 0x0ABCDE1, 2, 0)
	press := func(source int, fresh bool, ago int64) {
		h.do(Pressing{ID: rollingID, Hop: hop, Source: source, New: fresh, Ago: ago, Lasted: ago, Counts: fresh})
	}
	press(0, true, 100)
	h.wait(100 * time.Millisecond)
	press(0, false, 200)
	press(1, true, 200) // another receiver
	h.wait(time.Second)
	press(0, true, 100) // a copy
	h.wait(10 * time.Second)
	if got := h.did(); got != "code_refused" {
		t.Errorf("a copy: %s", got)
	}
	hop++ // a second press
	press(0, true, 100)
	h.wait(time.Second)
	hop++
	press(0, true, 100)
	h.wait(10 * time.Second)
	if got := h.did(); got != "code_refused, sealed panic" {
		t.Errorf("pressed twice: %s", got)
	}
}

// A maker's key is only for rolling codes, and goes with its remote.
func TestMakersKeys(t *testing.T) {
	h := rolling(t, "arm", makersKey)
	if got := h.c.Public().Proven; len(got) != 1 || got[0] != "hcs:0ABCDE1" {
		t.Errorf("proven are %v", got)
	}
	mustDo(h.edit(RemoveRemote{"Rolling"}))
	if len(h.c.Keys) != 0 {
		t.Error("the key stays without its remote")
	}
	err := h.edit(AddRemote{Remote: radio.Remote{Name: "Plain", Buttons: []radio.Button{{ID: "ev1527:0000D1", Action: "arm"}}}, MakerKey: makersKey})
	if err == nil || !strings.Contains(err.Error(), "no button with a rolling code") {
		t.Errorf("a key for a fixed code: %v", err)
	}
	for _, action := range []string{"panic", "single=disarm,hold=duress-disarm", "single=arm,double=home"} {
		err := h.edit(AddRemote{Remote: radio.Remote{Name: "Chain", Contact: "Anna", Buttons: []radio.Button{{ID: "simplisafe:1M38R:off", Action: action}}}})
		if err == nil || !strings.Contains(err.Error(), "how long or how often") {
			t.Errorf("%s of a key chain: %v", action, err)
		}
	}
	mustDo(h.edit(AddRemote{Remote: radio.Remote{Name: "Chain", Contact: "Anna", Buttons: []radio.Button{{ID: "simplisafe:1M38R:off", Action: "duress-disarm"}}}}))
}

// What a press leaves in the part of the state that anybody may read is the same
// whether a silent panic button with rolling codes was pressed or nothing.
func TestARollingPanicButtonShowsNothing(t *testing.T) {
	var open [2][]byte
	for n, pressed := range []bool{false, true} {
		h := rolling(t, "silent", makersKey)
		h.rolls(1)
		h.wait(time.Minute)
		if pressed {
			h.rolls(2)
		} else {
			h.do(Knock{})
		}
		h.wait(time.Second)
		open[n] = must(json.Marshal(h.s.Open))
		if sealed := strings.Contains(h.did(), "sealed panic"); sealed != pressed {
			t.Errorf("pressed %v: %s", pressed, h.did())
		}
	}
	if !bytes.Equal(open[0], open[1]) {
		t.Errorf("nothing was pressed: %s\npressed: %s", open[0], open[1])
	}
}
