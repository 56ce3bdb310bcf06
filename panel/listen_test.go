package panel

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// Who listens to a burglary is cut short for a duress, and then listens to that.
// When the house is told that somebody has taken the burglary does not hang on how
// long.
func TestTwoWhoListenKeepApart(t *testing.T) {
	heard := func(code string) (out []int64) {
		h := newHouse()
		h.answer[ben], h.press[ben] = 3*time.Second, "17"
		h.text(anna, annaCode+" ARM")
		h.wait(200 * time.Second)
		h.trip(kitchen)
		h.wait(2 * time.Minute)
		if !h.last.Listen {
			t.Fatal("Ben does not listen")
		}
		h.types(code + "/")
		h.trip(hallBattery)
		h.wait(10 * time.Minute)
		for _, e := range h.seen {
			if e.kind == "text" && e.number == anna && strings.HasPrefix(e.what, "Ben has taken it") {
				out = append(out, e.at/1000) // a call takes half a second to end
			}
		}
		return out
	}
	if plain, forced := heard(annaCode), heard(annaDuress); !slices.Equal(plain, forced) || len(plain) != 1 {
		t.Errorf("ordinary %d, duress %d", plain, forced)
	}
}
