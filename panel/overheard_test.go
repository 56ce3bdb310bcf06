package panel

import (
	"testing"
	"time"
)

// Whose texts are traced: those of phones in the house, but not the answer of a
// friend who was told of a duress and is then said to live there.
func TestWhoseTextsAreTraced(t *testing.T) {
	yes := true
	for _, code := range []string{annaCode, annaDuress} {
		h := newHouse()
		h.text(anna, code+" DISARM")
		h.wait(40 * time.Second)
		if err := h.edit(EditContact{Contact: "Ben", AtSite: &yes}); err != nil {
			t.Fatal(err)
		}
		p := New(h.c, h.s, Shell{})
		for number, want := range map[string]bool{anna: true, tom: true, ben: code == annaCode, cleo: false, stranger: false, "": false} {
			if p.Overheard(number) != want {
				t.Errorf("%s: what %s texts is traced: %v", code, names[number], !want)
			}
		}
		if !p.InHouse(ben) {
			t.Error("what is sent to Ben is not traced as to anybody in the house")
		}
	}
}
