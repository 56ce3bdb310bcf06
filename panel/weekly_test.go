package panel

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestSignOfLifeComesOnce lets weeks pass in which the panel is off at times, knows
// of that or not, and its clock is wrong by some days and set right again. By the
// panel's own time none comes within half a period of another unless the clock
// jumps, and none comes later than a day after its time.
func TestSignOfLifeComesOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newHouse()
		days := rapid.SampledFrom([]int{1, 2, 7, 30}).Draw(t, "every")
		every := time.Duration(days) * 24 * time.Hour
		mustDo(h.edit(Set{"test-every", strconv.Itoa(days)}))
		last, jumped := h.now.Tick, false
		sent := func() {
			for _, body := range h.texts[eve] {
				if !strings.Contains(body, "test ") {
					continue
				}
				since := time.Duration(h.now.Tick-last) * time.Millisecond
				if since < every-13*time.Hour && !jumped {
					t.Fatalf("%v after the last: %s", since, body)
				}
				last, jumped = h.now.Tick, false
			}
			h.texts[eve] = nil
			if since := time.Duration(h.now.Tick-last) * time.Millisecond; since > every+26*time.Hour {
				t.Fatalf("none for %v", since)
			}
		}
		for range rapid.IntRange(20, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				h.restart()
			case 1: // a power cut of which the panel does not know how long it was
				h.now.Wall = h.now.Wall.Add(time.Duration(rapid.IntRange(1, 900).Draw(t, "hours off")) * time.Hour)
				jumped = true
				h.restart()
			case 2:
				h.now.Wall = h.now.Wall.Add(time.Duration(rapid.IntRange(-200, 200).Draw(t, "jump")) * time.Hour)
				jumped = true
				h.do(Knock{})
			case 3:
				h.now.Sure = rapid.Bool().Draw(t, "sure")
				h.do(Knock{})
			}
			h.wait(10 * time.Second)
			sent()
			for range rapid.IntRange(1, 24).Draw(t, "hours") {
				h.wait(time.Hour)
				sent()
			}
		}
	})
}
