package radio

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sentFrame is a frame that arrived at a tick; sent is when its package began, 0
// where the receiver does not say.
type sentFrame struct {
	tick, sent int64
	source     int
}

const testWall = 1_800_000_000_000 // of tick 0

// held gives each press of the frames as from-to, and how it was handed on.
func heldPresses(frames []sentFrame) string {
	var s Holds
	type press struct {
		from, lasted int64
		source       int
	}
	var all []press
	for _, f := range frames {
		sent := f.sent
		if sent != 0 {
			sent += testWall
		}
		var sign Sign
		var told bool
		if s, sign, told = s.Step(f.tick, testWall+f.tick, f.source, Frame{ID: fob, Sent: sent}); !told {
			continue
		}
		if sign.New {
			all = append(all, press{sign.Began, 0, f.source})
		}
		for n := range all {
			if all[n].source == f.source && all[n].from == sign.Began {
				all[n].lasted = sign.Lasted
			}
		}
	}
	var out []string
	for _, p := range all {
		out = append(out, fmt.Sprintf("%d+%d", p.from, p.lasted))
	}
	return strings.Join(out, " ")
}

// singly are frames that come one by one, each at the end of its block.
func singly(from, frame int64, n int, stamped bool) (all []sentFrame) {
	const block = 131
	for i := range int64(n) {
		f := sentFrame{tick: (from + (i+1)*frame + block - 1) / block * block}
		if stamped {
			f.sent = from + i*frame
		}
		all = append(all, f)
	}
	return all
}

// packed are frames that come in packages of 48.
func packed(from, frame int64, n int, stamped bool) (all []sentFrame) {
	const block = 131
	for n > 0 {
		now := min(n, 48)
		f := sentFrame{tick: (from + int64(now)*frame + block - 1) / block * block}
		if stamped {
			f.sent = from
		}
		for range now {
			all = append(all, f)
		}
		from, n = from+int64(now)*frame, n-now
	}
	return all
}

func joined(lists ...[]sentFrame) (all []sentFrame) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func TestHolds(t *testing.T) {
	for _, c := range []struct {
		name   string
		frames []sentFrame
		want   string
	}{
		{"one frame", []sentFrame{{1000, 950, 0}}, ""},
		{"two frames", []sentFrame{{1000, 950, 0}, {1131, 1000, 0}}, "950+116"},
		{"two frames too far apart", []sentFrame{{1000, 950, 0}, {1700, 1651, 0}}, ""},
		{"held for 2.5 s", singly(1000, 45, 56, true), "1000+2475"},
		{"held for 2.5 s, without times", singly(1000, 45, 56, false), "1048+2489"},
		{"0.8 s in one package", packed(1000, 26, 30, true), "1000+769"},
		{"1.9 s in one whole package", packed(1000, 40, 48, true), "1000+1948"},
		{"2.5 s in packages", packed(1000, 40, 62, true), "1000+2472"},
		{"6 s in packages", packed(1000, 26, 230, true), "1000+6009"},
		{"1.5 s in packages of the shortest frames", packed(1000, 22, 68, true), "1000+1555"},
		{"a double of two short packages", joined(packed(1000, 26, 10, true), packed(1600, 26, 10, true)), "1000+245 1600+300"},
		{"a double, the first a whole package", joined(packed(1000, 40, 48, true), packed(3300, 40, 8, true)), "1000+1948 3300+303"},
		{"a double whose pause is short", joined(singly(1000, 45, 6, true), singly(1600, 45, 6, true)), "1000+245 1600+300"},
		{"a pause so short that it is one press", joined(singly(1000, 45, 6, true), singly(1450, 45, 6, true)), "1000+769"},
		{"frames that are missed are no pause", joined(singly(1000, 75, 6, true), singly(1600, 75, 6, true)), "1000+1031"},
		{"0.8 s in one package, without times", packed(1000, 26, 30, false), "1834+900"},
		{"3 s in packages, without times", packed(1000, 41, 74, false), "3013+2220"},
		{"a double of short packages, without times", joined(packed(1000, 26, 10, false), packed(1600, 26, 10, false)), "1310+300 1965+300"},
		{"times of another clock are not believed", []sentFrame{{1000, 1200, 0}, {1060, 1260, 0}, {9000, 4000, 0}, {9060, 4060, 0}}, "1000+60 9000+60"},
		{"two receivers hear one press", []sentFrame{{1000, 950, 0}, {1005, 950, 1}, {1060, 1010, 0}, {1065, 1010, 1}}, "950+60 950+60"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := heldPresses(c.frames); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// Of any encoder and wherever it falls on the blocks of samples, a press is one
// press, and its length is right to a tenth of a second where the receiver says
// when frames began.
func TestAHoldIsAsLongAsItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		frame := rapid.Int64Range(22, 100).Draw(t, "frame")
		long := rapid.Int64Range(200, 8000).Draw(t, "length")
		from := rapid.Int64Range(1000, 1<<40).Draw(t, "from")
		n := int(max(long/frame, 2))
		frames := singly(from, frame, n, true)
		if frame <= 41 {
			frames = packed(from, frame, n, true)
		}
		var began, lasted int64
		if _, err := fmt.Sscanf(heldPresses(frames), "%d+%d", &began, &lasted); err != nil || began != from {
			t.Fatalf("%d frames of %d from %d: %s", n, frame, from, heldPresses(frames))
		}
		if off := lasted - int64(n)*frame; off < -90 || off > 90 {
			t.Fatalf("%d frames of %d: %d ms instead of %d", n, frame, lasted, int64(n)*frame)
		}
	})
}

// What is remembered stays bounded, and of what is past nothing is.
func TestHoldsAreBounded(t *testing.T) {
	var s Holds
	for n := range 4 * MaxHeard {
		s, _, _ = s.Step(1000, 0, 0, Frame{ID: fmt.Sprint(n)})
		if len(s.held) > MaxHeard {
			t.Fatalf("%d are remembered", len(s.held))
		}
	}
	if s, _, _ = s.Step(1000+HeldStillness, 0, 0, Frame{ID: fob}); len(s.held) != 1 {
		t.Errorf("%d are remembered", len(s.held))
	}
	if _, _, told := s.Step(1, 0, 0, Frame{}); told {
		t.Error("a frame without an ID counts")
	}
}
