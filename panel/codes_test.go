package panel

import (
	"fmt"
	"strings"
	"testing"
	"time"

	duress "github.com/gsmpanel/gsmpanel/panic"
)

// Tom's code is a master's; this is what he gives when somebody stands beside him.
const masterDuress = "618407"

// sealedHouse is one in which Anna was forced, and Ben and Cleo have closed it.
func sealedHouse(t *testing.T) *house {
	t.Helper()
	h := houseOf(changed(template, CodeRequest{Do: "add", Name: "Tom", Kind: duress.Duress, Present: masterCode, New: masterDuress}))
	h.text(anna, annaDuress+" DISARM")
	h.wait(time.Minute)
	h.text(ben, "OK "+h.token(ben, "OK"))
	h.wait(time.Minute)
	h.text(ben, "CLOSE "+h.token(ben, "CLOSE"))
	h.wait(time.Minute)
	h.text(cleo, "CLOSE "+h.token(cleo, "CLOSE"))
	h.wait(time.Minute)
	if i := h.s.Sealed.Book.Incidents; len(i) != 1 || i[0].Open() {
		t.Fatal("it is not closed")
	}
	return h
}

// asksSealed is log --sealed with a code: what is shown, or why not.
func (h *house) asksSealed(digits string) string {
	r := h.do(SealedAsked{h.c.Duress.Judge(testKey, digits)})
	if r.Err != nil {
		return r.Err.Error()
	}
	var out []string
	for _, e := range r.Revealed {
		out = append(out, e.Text)
	}
	return strings.Join(out, "; ")
}

// From 12 h after its closing what was sealed is shown to a master's ordinary
// code. Before, and to a master's duress code, there is nothing, and any other
// code is refused as its twin.
func TestWhoMayReadWhatWasSealed(t *testing.T) {
	for _, row := range []struct {
		name, digits string
		after        time.Duration
		says         string
	}{
		{"a master, too early", masterCode, 12*time.Hour - 10*time.Minute, ""},
		{"a master, in time", masterCode, 12*time.Hour + time.Minute, "duress: Anna DISARM"},
		{"a master who is forced", masterDuress, 12*time.Hour + time.Minute, ""},
		{"somebody else", annaCode, 12*time.Hour + time.Minute, "this code does not allow the sealed log"},
		{"somebody else who is forced", annaDuress, 12*time.Hour + time.Minute, "this code does not allow the sealed log"},
		{"a guest", guestCode, 12*time.Hour + time.Minute, "this code does not allow the sealed log"},
		{"a wrong code", "111222", 12*time.Hour + time.Minute, "the code was not accepted"},
	} {
		t.Run(row.name, func(t *testing.T) {
			h := sealedHouse(t)
			h.wait(row.after)
			h.seen = nil
			got := h.asksSealed(row.digits)
			if !strings.HasPrefix(got, row.says) || row.says == "" && got != "" {
				t.Errorf("it says %q", got)
			}
			forced := strings.Contains(row.name, "forced")
			h.wait(3 * time.Minute)
			if told := len(only(h.seen, func(e happening) bool { return e.sealed })) > 0; told != forced {
				t.Errorf("somebody is told: %v", told)
			}
			if forced && row.digits == masterDuress {
				h.wait(48 * time.Hour)
				if late := h.asksSealed(masterCode); !strings.Contains(late, "duress: Tom LOG SEALED") {
					t.Errorf("two days later: %q", late)
				}
			}
		})
	}
}

// The present code asked for at the board: the duress code does what its twin
// does, and is heard.
func TestThePresentCodeIsHeard(t *testing.T) {
	show := func(digits string) (*house, string) {
		h := newHouse()
		r := h.do(CodeShown{h.c.Duress.Judge(testKey, digits), "code change"})
		h.wait(time.Minute)
		return h, fmt.Sprint(r.Err, atHome(h))
	}
	ordinary, said := show(annaCode)
	forced, saidForced := show(annaDuress)
	if said != saidForced || tellsDuress(ordinary.texts[ben]) || !tellsDuress(forced.texts[ben]) {
		t.Errorf("ordinary %s\nforced %s\nBen %q", said, saidForced, forced.texts[ben])
	}
}

// A text is obeyed once, however many others come after it.
func TestAFloodForgetsNoCommand(t *testing.T) {
	t.Parallel()
	h := newHouse()
	arm := Text{From: anna, Body: annaCode + " ARM", Parts: 1, Stamp: h.now.Wall}
	h.receive(arm)
	h.wait(10 * time.Second)
	h.text(tom, masterCode+" DISARM")
	for n := range 2 * seenMost {
		h.text(anna, fmt.Sprintf("hello %d", n))
	}
	h.receive(arm)
	if shown := h.s.Zones.Shown(); shown != "disarmed" {
		t.Errorf("an old text was obeyed once more: %s", shown)
	}
	if n := len(h.s.Sealed.Seen); n != seenMost {
		t.Errorf("%d texts are remembered", n)
	}
	for n := range 2 * seenMost { // and it stays bounded where all have a right one
		h.text(anna, fmt.Sprintf("%s STATUS %c%d", annaCode, 'a'+n%26, n))
		h.wait(time.Second)
	}
	if n := len(h.s.Sealed.Seen); n != seenMost {
		t.Errorf("%d texts are remembered", n)
	}
}
