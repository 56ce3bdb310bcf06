package panel

import "testing"

// TestHush: whatever has to do with a code that was accepted, or with a button,
// keeps callers busy, and nothing else does.
func TestHush(t *testing.T) {
	for name, test := range map[string]struct {
		do   func(h *house)
		hush bool
	}{
		"an ordinary code":                  {func(h *house) { h.text(anna, annaCode+" STATUS") }, true},
		"a duress code":                     {func(h *house) { h.text(anna, annaDuress+" STATUS") }, true},
		"a code in a text that is too long": {func(h *house) { h.receive(Text{From: anna, Body: annaCode + " ARM", Parts: 2}) }, true},
		"a code from a stranger's phone":    {func(h *house) { h.text(stranger, annaCode+" ARM") }, true},
		"a code at the board":               {func(h *house) { h.atBoard(annaCode, VerbStatus) }, true},
		"a code that is asked for by code":  {func(h *house) { h.do(CodeShown{h.c.Duress.Judge(testKey, annaCode), "code change"}) }, true},
		"a button":                          {func(h *house) { h.trip(fobDisarm) }, true},
		"a button that changes nothing":     {func(h *house) { h.trip(fobStatus) }, true},
		"a wrong code":                      {func(h *house) { h.text(anna, "111222 ARM") }, false},
		"small talk":                        {func(h *house) { h.text(ben, "hello") }, false},
		"arming at the board without codes": {func(h *house) { h.atBoard("", VerbArm) }, false},
		"a sensor":                          {func(h *house) { h.trip(kitchen) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse()
			test.do(h)
			if got := h.s.Sealed.HushUntil != 0; got != test.hush {
				t.Errorf("callers hear busy: %v", got)
			}
			if until := h.s.Sealed.HushUntil; test.hush && until != h.now.Tick+hushFor {
				t.Errorf("until %d", until)
			}
		})
	}
}
