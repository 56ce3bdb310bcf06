package radio

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

const fob = "ev1527:13CDC0"

// presses plays frames and returns at which of them a press counted.
func presses(frames []heardAt) []int {
	var s State
	var at []int
	for i, f := range frames {
		var press bool
		if s, press = Step(s, f.tick, Frame{Family: FamilyEV1527, ID: f.id}); press {
			at = append(at, i)
		}
	}
	return at
}

type heardAt struct {
	tick int64
	id   string
}

func TestPresses(t *testing.T) {
	for _, c := range []struct {
		name  string
		ticks []int64
		want  []int // which frames count
	}{
		{"a single frame", []int64{0}, nil},
		{"two equal frames", []int64{0, 60}, []int{1}},
		{"a burst in one package, all at one time", []int64{60, 60, 60, 60, 60}, []int{1}},
		{"a burst of the Chuango sensor", []int64{305, 377, 449, 521, 593, 665, 737, 810, 882, 954, 1026, 1099, 1433}, []int{1}},
		{"second frame at the last moment", []int64{0, 700}, []int{1}},
		{"second frame a moment too late", []int64{0, 701}, nil},
		{"too late, but the third is in time for the second", []int64{0, 701, 1401}, []int{2}},
		{"single frames for ever", []int64{0, 701, 1402, 2103, 2804}, nil},
		{"held for a minute", ticksEvery(60, 1000), []int{1}},
		{"repeats nearly as slow as stillness", []int64{0, 100, 1599, 3098}, []int{1}},
		{"pressed again after 1.5 s", []int64{0, 60, 1560, 1620}, []int{1, 3}},
		{"pressed again too soon", []int64{0, 60, 1559, 1619}, []int{1}},
		{"one stray repeat after stillness", []int64{0, 60, 1560}, []int{1}},
		{"begins at tick 0 and far on", []int64{1 << 50, 1<<50 + 1}, []int{1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var frames []heardAt
			for _, tick := range c.ticks {
				frames = append(frames, heardAt{tick, fob})
			}
			if got := presses(frames); !slices.Equal(got, c.want) {
				t.Errorf("counted at frames %v, want %v", got, c.want)
			}
		})
	}
}

func ticksEvery(ms int64, n int) (ticks []int64) {
	for i := range n {
		ticks = append(ticks, int64(i)*ms)
	}
	return ticks
}

func TestTwoDevicesAtOnce(t *testing.T) {
	got := presses([]heardAt{{0, fob}, {10, "ev1527:5A3C9E"}, {60, fob}, {70, "ev1527:5A3C9E"}, {120, fob}, {130, "ev1527:5A3C9E"}})
	if !slices.Equal(got, []int{2, 3}) {
		t.Errorf("counted at frames %v, want each device once", got)
	}
}

// A state of a later tick (a restored copy, a panel whose time began anew) must
// not make the panel deaf.
func TestTickBeforeTheState(t *testing.T) {
	s, _ := Step(State{}, 1_000_000, Frame{ID: fob})
	s, _ = Step(s, 1_000_060, Frame{ID: fob})
	s, _ = Step(s, 5, Frame{ID: fob})
	if _, press := Step(s, 65, Frame{ID: fob}); !press {
		t.Error("the press did not count")
	}
}

// A frame that came once, and the shifted and damaged copies of a real one, never
// count, whatever else is on the air.
func TestStrayFramesNeverCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var frames []heardAt
		tick := int64(0)
		for i := range rapid.IntRange(1, 300).Draw(t, "n") {
			tick += rapid.Int64Range(0, 300).Draw(t, "gap")
			frames = append(frames, heardAt{tick, fmt.Sprintf("ev1527:%06X", i+1)})
		}
		if got := presses(frames); got != nil {
			t.Fatalf("counted at %v", got)
		}
	})
}

// A press counts once and at its second frame, at any spacing below 0.7 s and
// however long it is held; after stillness it counts again.
func TestAPressCountsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tick := rapid.Int64Range(0, 1<<52).Draw(t, "start")
		var frames []heardAt
		var want []int
		for range rapid.IntRange(1, 4).Draw(t, "presses") {
			want = append(want, len(frames)+1)
			for i := range rapid.IntRange(2, 40).Draw(t, "frames") {
				if i > 0 {
					tick += rapid.Int64Range(0, 699).Draw(t, "spacing")
				}
				frames = append(frames, heardAt{tick, fob})
			}
			tick += rapid.Int64Range(Stillness, 10*Stillness).Draw(t, "still")
		}
		if got := presses(frames); !slices.Equal(got, want) {
			t.Fatalf("counted at %v, want %v", got, want)
		}
	})
}

// Devices do not disturb each other, the state stays bounded, the old one is not
// touched, and a stored one goes on as if nothing had happened.
func TestManyDevices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all State
		alone := map[string]State{}
		tick := int64(0)
		for range rapid.IntRange(1, 120).Draw(t, "frames") {
			tick += rapid.OneOf(rapid.Int64Range(0, 80), rapid.Int64Range(650, 750), rapid.Int64Range(1400, 1600)).Draw(t, "gap")
			f := Frame{ID: fmt.Sprintf("ev1527:%06X", rapid.IntRange(1, 4).Draw(t, "device"))}
			before := State{Heard: slices.Clone(all.Heard)}
			next, press := Step(all, tick, f)
			if !slices.Equal(before.Heard, all.Heard) {
				t.Fatal("the old state was changed")
			}
			one, want := Step(alone[f.ID], tick, f)
			if alone[f.ID] = one; press != want {
				t.Fatalf("%s at %d: press %v, alone %v", f.ID, tick, press, want)
			}
			all = stored(t, next)
		}
	})
}

func stored(t *rapid.T, s State) State {
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back State
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(s, back) {
		t.Fatalf("%s: %v", text, err)
	}
	return back
}

// A flood of codes makes the oldest forgotten, not the newest, and a state from
// elsewhere that is too long is cut.
func TestFloodIsBounded(t *testing.T) {
	var s State
	for i := range 1000 {
		s, _ = Step(s, 100, Frame{ID: fmt.Sprintf("ev1527:%06X", i+1)})
		if len(s.Heard) != min(i+1, MaxHeard) {
			t.Fatalf("%d remembered after %d", len(s.Heard), i+1)
		}
	}
	if _, press := Step(s, 100, Frame{ID: fmt.Sprintf("ev1527:%06X", 1000-MaxHeard)}); press {
		t.Error("one more than the oldest is remembered")
	}
	if _, press := Step(s, 100, Frame{ID: fmt.Sprintf("ev1527:%06X", 1000-MaxHeard+1)}); !press {
		t.Error("the oldest of the remembered was forgotten")
	}
	long := State{Heard: slices.Repeat([]Heard{{ID: "x", Last: 100, Frames: 1}}, 5*MaxHeard)}
	if s, _ := Step(long, 100, Frame{ID: fob}); len(s.Heard) != MaxHeard {
		t.Errorf("%d remembered", len(s.Heard))
	}
}

// After a flood has gone by, nothing of it is kept.
func TestNothingIsKeptOfThePast(t *testing.T) {
	var s State
	for i := range 200 {
		s, _ = Step(s, 0, Frame{ID: fmt.Sprintf("ev1527:%06X", i+1)})
	}
	if s, _ = Step(s, 701, Frame{ID: fob}); len(s.Heard) != 1 {
		t.Errorf("%d codes remembered, want 1", len(s.Heard))
	}
}
