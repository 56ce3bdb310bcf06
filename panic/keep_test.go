package duress

import (
	"errors"
	"testing"
)

// Keep costs what a new code costs, as far as that does not depend on its digits, and
// no code is another one after it.
func TestKeep(t *testing.T) {
	c, counted := household(t), countHashes(t)
	kept, last, total := c, 0, 0
	for seed := range byte(20) {
		next, err := kept.Keep(deviceKey, chance(seed), "anna", func(n, of int) { last, total = n, of })
		if err != nil || next.Generation != kept.Generation+1 || next.Check() != nil {
			t.Fatalf("%v, generation %d", err, next.Generation)
		}
		fewest, most := 60, 80 // the neighbours of codes of six digits
		if last != total || total < fewest || total > most || *counted != total {
			t.Errorf("%d hashes, %d of %d told", *counted, last, total)
		}
		kept, *counted = next, 0
	}
	for code, forced := range map[string]bool{annaCode: false, annaForced: true, benCode: false, caraCode: false} {
		if v := kept.Judge(deviceKey, code); !v.Valid || v.isForced() != forced {
			t.Errorf("one of the codes is not what it was")
		}
	}
	var refused Refused
	if _, err := c.Keep(deviceKey, chance(1), "Eve", nil); !errors.As(err, &refused) {
		t.Errorf("nobody's codes: %v", err)
	}
	if _, err := c.Keep(Key{1}, chance(1), "Anna", nil); !errors.Is(err, ErrKey) {
		t.Errorf("by another key: %v", err)
	}
	if _, err := c.Keep(deviceKey, empty{}, "Anna", nil); err == nil {
		t.Error("without randomness")
	}
}
