package radio

import (
	"cmp"
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
		if s, press = Step(s, f.tick, f.source, Frame{Family: FamilyEV1527, ID: f.id}); press {
			at = append(at, i)
		}
	}
	return at
}

type heardAt struct {
	tick   int64
	source int
	id     string
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
		{"held, in packages of 48 frames as rtl_433 cuts them", packages(1843, 48, 48, 48, 48), []int{1}},
		{"held, the first frame of a package damaged", packages(1980, 47, 46, 48, 20), []int{1}},
		{"a package of 45, and pressed again after 1.6 s", packages(1600, 45, 10), []int{1, 46}},
		{"held, then pressed again after 2.25 s", packages(2250, 48, 12), []int{1, 49}},
		{"held, then pressed again too soon, and again", packages(2249, 48, 12, 12), []int{1, 61}},
		{"held, and its last package is short", packages(1900, 48, 48, 20, 12), []int{1, 117}},
		{"packages of a hold that stops and begins again", packages(2100, 48, 47, 48), []int{1}},
		{"held with frames of 50 ms, and again after 1.5 s", append(ticksEvery(50, 60), 59*50+1500, 59*50+1550), []int{1, 61}},
		{"begins at tick 0 and far on", []int64{1 << 50, 1<<50 + 1}, []int{1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var frames []heardAt
			for _, tick := range c.ticks {
				frames = append(frames, heardAt{tick, 0, fob})
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

// packages are so many frames each, that come together, so many ms apart.
func packages(apart int64, sizes ...int) (ticks []int64) {
	for i, n := range sizes {
		ticks = append(ticks, slices.Repeat([]int64{int64(i) * apart}, n)...)
	}
	return ticks
}

func TestTwoDevicesAtOnce(t *testing.T) {
	got := presses([]heardAt{{0, 0, fob}, {10, 0, "ev1527:5A3C9E"}, {60, 0, fob}, {70, 0, "ev1527:5A3C9E"}, {120, 0, fob}, {130, 0, "ev1527:5A3C9E"}})
	if !slices.Equal(got, []int{2, 3}) {
		t.Errorf("counted at frames %v, want each device once", got)
	}
}

// Two receivers in the house hear much of the same.
func TestTwoReceivers(t *testing.T) {
	for _, c := range []struct {
		name   string
		frames []heardAt
		want   []int // which frames count
	}{
		{"one stray frame each", []heardAt{{0, 0, fob}, {10, 1, fob}}, nil},
		{"strays for ever, never two of one receiver in time", []heardAt{{0, 0, fob}, {400, 1, fob}, {800, 0, fob}, {1200, 1, fob}, {1600, 0, fob}}, nil},
		{"both hear the press", []heardAt{{0, 0, fob}, {5, 1, fob}, {60, 0, fob}, {65, 1, fob}, {120, 0, fob}, {125, 1, fob}}, []int{2}},
		{"the second is half a second behind", []heardAt{{0, 0, fob}, {60, 0, fob}, {560, 1, fob}, {620, 1, fob}}, []int{1}},
		{"a stray at one, a press at the other", []heardAt{{0, 1, fob}, {10, 0, fob}, {70, 0, fob}}, []int{2}},
		{"still on one, held on the other", []heardAt{{0, 0, fob}, {60, 0, fob}, {700, 1, fob}, {1400, 1, fob}, {2100, 0, fob}, {2160, 0, fob}}, []int{1}},
		{"still on both", []heardAt{{0, 0, fob}, {60, 0, fob}, {700, 1, fob}, {2200, 0, fob}, {2260, 0, fob}}, []int{1, 4}},
		{"a repeat at the other after stillness", []heardAt{{0, 0, fob}, {60, 0, fob}, {1560, 1, fob}, {1600, 0, fob}}, []int{1}},
		{"their ticks are out of order", []heardAt{{100, 0, fob}, {160, 0, fob}, {99, 1, fob}, {159, 1, fob}, {220, 0, fob}}, []int{1}},
		{"out of order, and still from the later of the two", []heardAt{{100, 0, fob}, {160, 0, fob}, {99, 1, fob}, {1659, 0, fob}, {1700, 0, fob}}, []int{1}},
		{"out of order before it counts", []heardAt{{100, 0, fob}, {40, 1, fob}, {100, 1, fob}, {160, 0, fob}}, []int{2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := presses(c.frames); !slices.Equal(got, c.want) {
				t.Errorf("counted at frames %v, want %v", got, c.want)
			}
		})
	}
}

// Frames of devices that can't be used yet have no ID; nothing is kept of them.
func TestNoID(t *testing.T) {
	s, _ := Step(State{}, 0, 0, Frame{Family: "dsc"})
	if s, press := Step(s, 60, 0, Frame{Family: "dsc"}); press || len(s.Heard) != 0 {
		t.Errorf("%+v, %v", s, press)
	}
}

// Any number of receivers that hear each frame of a press or miss it, each late
// by a delay of its own, make at most one press of it, and one if any of them has
// two frames in time.
func TestReceiversMakeOnePress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start, heard, counts := rapid.Int64Range(0, 1<<52).Draw(t, "start"), []heardAt{}, false
		frames := rapid.IntRange(1, 20).Draw(t, "frames")
		spacing := rapid.Int64Range(0, 120).Draw(t, "spacing")
		for source := range rapid.IntRange(1, 4).Draw(t, "receivers") {
			delay, last := rapid.Int64Range(0, 600).Draw(t, "delay"), int64(-1)
			for i := range int64(frames) {
				if rapid.IntRange(0, 2).Draw(t, "missed") == 0 {
					continue
				}
				counts = counts || last >= 0 && (i-last)*spacing <= PairWindow
				last = i
				heard = append(heard, heardAt{start + i*spacing + delay, source, fob})
			}
		}
		slices.SortStableFunc(heard, func(a, b heardAt) int { return cmp.Compare(a.tick, b.tick) })
		for i := range heard[:max(0, len(heard)-1)] {
			if heard[i+1].tick-heard[i].tick >= Stillness {
				t.Skip("a pause as long as between two presses")
			}
		}
		if got := presses(heard); len(got) > 1 || (len(got) == 1) != counts {
			t.Fatalf("%v: counted at %v, should count: %v", heard, got, counts)
		}
	})
}

// A state of a later tick (a restored copy, a panel whose time began anew) must
// not make the panel deaf.
func TestTickBeforeTheState(t *testing.T) {
	s, _ := Step(State{}, 1_000_000, 0, Frame{ID: fob})
	s, _ = Step(s, 1_000_060, 0, Frame{ID: fob})
	s, _ = Step(s, 5, 0, Frame{ID: fob})
	if _, press := Step(s, 65, 0, Frame{ID: fob}); !press {
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
			frames = append(frames, heardAt{tick, 0, fmt.Sprintf("ev1527:%06X", i+1)})
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
				frames = append(frames, heardAt{tick, 0, fob})
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
			source := rapid.IntRange(0, 2).Draw(t, "source")
			before := State{Heard: slices.Clone(all.Heard)}
			next, press := Step(all, tick, source, f)
			if !slices.Equal(before.Heard, all.Heard) {
				t.Fatal("the old state was changed")
			}
			one, want := Step(alone[f.ID], tick, source, f)
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
		s, _ = Step(s, 100, 0, Frame{ID: fmt.Sprintf("ev1527:%06X", i+1)})
		if len(s.Heard) != min(i+1, MaxHeard) {
			t.Fatalf("%d remembered after %d", len(s.Heard), i+1)
		}
	}
	if _, press := Step(s, 100, 0, Frame{ID: fmt.Sprintf("ev1527:%06X", 1000-MaxHeard)}); press {
		t.Error("one more than the oldest is remembered")
	}
	if _, press := Step(s, 100, 0, Frame{ID: fmt.Sprintf("ev1527:%06X", 1000-MaxHeard+1)}); !press {
		t.Error("the oldest of the remembered was forgotten")
	}
	long := State{Heard: slices.Repeat([]Heard{{ID: "x", Last: 100}}, 5*MaxHeard)}
	if s, _ := Step(long, 100, 0, Frame{ID: fob}); len(s.Heard) != MaxHeard {
		t.Errorf("%d remembered", len(s.Heard))
	}
}

// After a flood has gone by, nothing of it is kept.
func TestNothingIsKeptOfThePast(t *testing.T) {
	var s State
	for i := range 200 {
		s, _ = Step(s, 0, 0, Frame{ID: fmt.Sprintf("ev1527:%06X", i+1)})
	}
	if s, _ = Step(s, 701, 0, Frame{ID: fob}); len(s.Heard) != 1 {
		t.Errorf("%d codes remembered, want 1", len(s.Heard))
	}
}
