package duress

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// played is a press as a receiver tells of it, 60 ms between two frames.
type played struct {
	source      int
	from, until int64
}

// atOnce is a press that is handed on in packages of 48 frames of 40 ms.
type atOnce struct{ from, until int64 }

// play tells of presses and gives which gestures they were, and when.
func play(b Binding, presses ...any) []string {
	type event struct {
		tick int64
		Hearing
	}
	var all []event
	for _, p := range presses {
		switch p := p.(type) {
		case played:
			for at := p.from + 60; at <= p.until; at += 60 {
				all = append(all, event{at, Hearing{p.source, at == p.from+60, p.from, at - p.from, false}})
			}
		case atOnce:
			for begin, first := p.from, true; begin < p.until; begin += 48 * 40 {
				end := min(begin+48*40, p.until)
				for n := range (end - begin) / 40 {
					all = append(all, event{end, Hearing{0, first && n == 0, p.from, end - p.from, n >= 45}})
				}
				first = false
			}
		}
	}
	slices.SortStableFunc(all, func(a, b event) int { return int(a.tick - b.tick) })
	var out []string
	var list []Press
	note := func(tick int64, g Gesture) {
		if g != "" && b.Of(g) != DoNone {
			out = append(out, fmt.Sprintf("%s %d", g, tick))
		}
	}
	due := func(until int64) {
		for len(list) > 0 && list[0].Next(b) <= until {
			at := list[0].Next(b)
			next, g, gone := list[0].Due(at, b)
			note(at, g)
			if list[0] = next; gone {
				list = nil
			}
		}
	}
	for _, e := range all {
		due(e.tick)
		if len(list) == 0 {
			list = []Press{Begin("a", e.tick, e.Hearing)}
		}
		next, g := list[0].Hear(e.tick, e.Hearing, b)
		list[0] = next
		note(e.tick, g)
	}
	due(1 << 40)
	if len(list) > 0 {
		out = append(out, "something is kept")
	}
	return out
}

func TestGestures(t *testing.T) {
	all := Binding{DoArm, DoSilent, DoAudible}
	doubles, holds := Binding{DoArm, DoSilent, DoNone}, Binding{DoArm, DoNone, DoAudible}
	for _, c := range []struct {
		name    string
		binding Binding
		presses []any
		want    string
	}{
		{"an accident", PanicButton, []any{played{0, 0, 300}}, ""},
		{"a single press waits for a second", all, []any{played{0, 0, 300}}, "single 2000"},
		{"a single press of a button with a hold, when it is over", holds, []any{played{0, 0, 300}}, "single 900"},
		{"a double press, at the second frames of the second", all, []any{played{0, 0, 300}, played{0, 800, 1100}}, "double 860"},
		{"the second begins at the last moment", all, []any{played{0, 0, 300}, played{0, 2000, 2300}}, "single 2000, double 2060"},
		{"and too late", all, []any{played{0, 0, 300}, played{0, 2001, 2300}}, "single 2000, single 4001"},
		{"a long first press, and a second", all, []any{played{0, 0, 1500}, played{0, 1900, 2100}}, "double 1960"},
		{"held, at 2 s", all, []any{played{0, 0, 5000}}, "hold 2040"},
		{"held not quite", all, []any{played{0, 0, 1980}}, "single 2580"},
		{"held without a hold", doubles, []any{played{0, 0, 5000}}, "single 2000"},
		{"a hold alone does not wait", holds, []any{played{0, 0, 5000}}, "hold 2040"},
		{"the second of a double is held: it is a double", all, []any{played{0, 0, 300}, played{0, 800, 4000}}, "double 860"},
		{"without a double the second may be a hold, and takes the first with it", holds, []any{played{0, 0, 300}, played{0, 800, 4000}}, "hold 2840"},
		{"pressed again and again", all, []any{played{0, 0, 300}, played{0, 600, 900}, played{0, 1200, 1500}, played{0, 1800, 2100}, played{0, 2400, 2700}}, "double 660"},
		{"a second double after stillness", all, []any{played{0, 0, 300}, played{0, 600, 900}, played{0, 2400, 2700}, played{0, 3000, 3300}}, "double 660, double 3060"},
		{"an accident, and a double soon after", PanicButton, []any{played{0, 0, 300}, played{0, 2100, 2400}, played{0, 2900, 3100}}, "double 2960"},
		{"a single that acted, and a double soon after", all, []any{played{0, 0, 1000}, played{0, 2100, 2400}, played{0, 2900, 3100}}, "single 2000, double 2960"},
		{"two singles too soon after one another are one", holds, []any{played{0, 0, 300}, played{0, 1000, 1300}, played{0, 2200, 2500}}, "single 900"},
		{"and after stillness two", holds, []any{played{0, 0, 300}, played{0, 1900, 2200}}, "single 900, single 2800"},
		{"two receivers hear one press", all, []any{played{0, 0, 300}, played{1, 10, 310}}, "single 2000"},
		{"the other is half a second behind", all, []any{played{0, 0, 300}, played{1, 500, 800}}, "single 2000"},
		{"the other hears the first half of a hold", holds, []any{played{0, 0, 4000}, played{1, 0, 800}}, "hold 2040"},
		{"two receivers hear a double", all, []any{played{0, 0, 300}, played{0, 800, 1100}, played{1, 5, 305}, played{1, 805, 1105}}, "double 860"},
		{"one of them misses half of it", all, []any{played{0, 0, 300}, played{1, 5, 305}, played{1, 805, 1105}}, "double 865"},
		{"one package", all, []any{atOnce{0, 800}}, "single 2000"},
		{"a package that ends after 2 s began is still one press", all, []any{atOnce{0, 400}, atOnce{1500, 3000}}, "single 2000, double 3000"},
		{"a hold in packages: the first could end it, but does not", all, []any{atOnce{0, 2520}}, "hold 2520"},
		{"a press that is one whole package", all, []any{atOnce{0, 1920}}, "single 4670"},
		{"a long hold in packages", holds, []any{atOnce{0, 9000}}, "hold 3840"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(play(c.binding, c.presses...), ", "); got != c.want {
				t.Errorf("%s: %q, want %q", c.binding, got, c.want)
			}
		})
	}
}

// However a single press is heard, by however many receivers, nothing comes of it
// but a single gesture; and a hold is one if it is long enough for any of them.
func TestOnePressIsOneGesture(t *testing.T) {
	b := Binding{DoArm, DoSilent, DoAudible}
	rapid.Check(t, func(t *rapid.T) {
		var presses []any
		longest := int64(0)
		begin := rapid.Int64Range(0, 1<<30).Draw(t, "begin")
		for source := range rapid.IntRange(1, 3).Draw(t, "receivers") {
			from := begin + rapid.Int64Range(0, 600).Draw(t, "late")
			long := rapid.Int64Range(120, 4000).Draw(t, "length")
			longest = max(longest, long/60*60)
			presses = append(presses, played{source, from, from + long})
		}
		want := "single"
		if longest >= HoldFor {
			want = "hold"
		}
		if got := play(b, presses...); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Fatalf("%+v: %q, want one %s", presses, got, want)
		}
	})
}

// A state is left as it was.
func TestHearChangesNothing(t *testing.T) {
	p, _ := Begin("a", 10, Hearing{Began: 10}).Hear(10, Hearing{New: true, Began: 10}, PanicButton)
	before := slices.Clone(p.Tracks)
	p.Hear(900, Hearing{New: true, Began: 900}, PanicButton)
	if !slices.Equal(before, p.Tracks) {
		t.Errorf("%+v was %+v", p.Tracks, before)
	}
}
