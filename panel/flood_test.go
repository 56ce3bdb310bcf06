package panel

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// flood is many texts with wrong codes, and in their midst Anna's duress code, or
// her ordinary one.
type flood struct {
	anyNumber string
	from      func(n int) string
	pace      time.Duration
	texts     int
}

// floodTexts is how many: usual, fewer where each costs more, or GSMPANEL_FLOOD.
func floodTexts(usual int) int {
	if n, err := strconv.Atoi(os.Getenv("GSMPANEL_FLOOD")); err == nil {
		return n
	}
	if raceEnabled {
		return max(500, usual/10)
	}
	return usual
}

// run sends them all. What the door makes of a text is kept in door, for another
// run with the same codes.
func (f flood) run(annas string, door map[int]Told) *house {
	h := newHouse()
	mustDo(h.edit(Set{"test-every", "0"})) // weeks pass
	mustDo(h.edit(Set{"any-number", f.anyNumber}))
	h.text(tom, masterCode+" ARM FORCE")
	h.wait(2 * time.Minute)
	h.seen = nil
	r := rand.New(rand.NewPCG(4, 2))
	valid := []string{annaCode, annaDuress, masterCode, guestCode}
	for n := range f.texts {
		code := fmt.Sprintf("%06d", r.IntN(1_000_000))
		if n == f.texts*2/3 {
			h.text(anna, annas+" STATUS")
			h.wait(3 * time.Minute)
		}
		if _, known := door[n]; !known && !slices.Contains(valid, code) {
			body := code + " " + []string{"DISARM", "OFF", "STATUS", "DISARM tulip"}[n%4]
			door[n] = judge(h.c, testKey, Text{From: f.from(n), Body: body, Stamp: h.now.Wall, Parts: 1})
		}
		if wrong, ok := door[n]; ok {
			h.do(wrong)
		}
		h.wait(f.pace)
	}
	h.wait(30 * time.Minute)
	return h
}

// The acceptance of section 2: whoever sends how many wrong codes, and how fast,
// nothing is disarmed, 12 texts at most are answered, three contacts at most are
// texted, the log stays readable, and a duress code in their midst is heard and
// answered as its twin.
func TestFloodOfWrongCodes(t *testing.T) {
	t.Parallel()
	family := func(n int) string { return []string{anna, tom}[n%2] }
	forged := func(n int) string { return fmt.Sprintf("+44770091%04d", n%7000) }
	both := func(n int) string { return []string{anna, tom, forged(n), ben, stranger}[n%5] }
	for name, f := range map[string]flood{
		"from Anna's number at once":                 {"false", func(int) string { return anna }, 0, 500},
		"from both that may command, at once":        {"false", family, 0, 10_000},
		"from both, all day":                         {"false", family, 172 * time.Second, 500},
		"from both, a week long":                     {"false", family, 20 * time.Minute, 500},
		"from strangers":                             {"false", forged, time.Second, 500},
		"from strangers, where any number may, once": {"true", forged, 0, 500},
		"from strangers, where any number may, long": {"true", forged, 20 * time.Second, 500},
		"from everybody, where any number may":       {"true", both, 15 * time.Second, 3000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			usual := f.texts
			f.texts = floodTexts(usual)
			f.pace = f.pace * time.Duration(usual) / time.Duration(f.texts) // as long
			door := map[int]Told{}
			plain, forced := f.run(annaCode, door), f.run(annaDuress, door)
			days := 2 + int(f.pace*time.Duration(f.texts)/(24*time.Hour))
			replies, others, entries := 0, 0, 0
			for _, e := range plain.seen {
				switch {
				case e.kind == "journal" && strings.Contains(e.what, "disarmed"):
					t.Error(e)
				case e.kind == "journal":
					entries++
				case e.kind == "text" && e.reply && !strings.Contains(e.what, "Power:"):
					replies++
				case e.kind == "text" && !e.reply:
					others++
				}
			}
			t.Logf("%d replies, %d texts to contacts, %d log entries in %d days", replies, others, entries, days)
			if plain.s.Zones.Shown() != "armed_away" || replies > 12 || others > 3 || entries > 30*days {
				t.Error("that is too much")
			}
			if !tellsDuress(forced.texts[ben]) || !tellsDuress(forced.texts[cleo]) || tellsDuress(plain.texts[ben]) {
				t.Errorf("the duress code was not heard:\n%s", told(forced.seen, 0))
			}
			if a, b := atHome(plain), atHome(forced); a != b {
				t.Errorf("ordinary\n%s\nduress\n%s", a, b)
			}
		})
	}
}

// atHome is all that those who are not told of a duress see, without its times.
func atHome(h *house) string {
	var out []string
	for _, number := range []string{anna, tom, dora, eve, stranger} {
		out = append(out, fmt.Sprintf("%s %q", names[number], h.texts[number]))
	}
	for _, e := range h.seen {
		if e.number == "" {
			out = append(out, e.String())
		}
	}
	return strings.Join(out, "\n")
}

// Where any number may command, a lock must not tell a stranger that a code is a
// right one: it would be used when the lock is over.
func TestALockTellsAStrangerNothing(t *testing.T) {
	h := newHouse()
	mustDo(h.edit(Set{"test-every", "0"})) // weeks pass
	mustDo(h.edit(Set{"any-number", "true"}))
	for n := range 5 {
		h.text(stranger, fmt.Sprintf("11%03d2 DISARM", n))
	}
	h.wait(time.Minute)
	h.seen = nil
	for _, code := range []string{"111222", annaCode, annaDuress} {
		before := copied(h.s)
		h.text(stranger, code+" DISARM")
		h.wait(0)
		if len(h.texts[stranger]) != 0 || len(only(h.seen, func(e happening) bool { return e.number == stranger || e.kind == "journal" })) != 0 {
			t.Errorf("a locked stranger is told something:\n%s", told(h.seen, 0))
		}
		before.Locks.LockedAt = h.s.Locks.LockedAt
		if fmt.Sprint(before.Locks) != fmt.Sprint(h.s.Locks) {
			t.Errorf("a lock counts on:\n%v\n%v", before.Locks, h.s.Locks)
		}
	}
	if !tellsDuress(h.texts[ben]) {
		t.Error("the duress code was not heard")
	}
	h.wait(16 * time.Minute)
	h.text(stranger, annaCode+" STATUS")
	h.wait(time.Minute)
	if len(h.texts[stranger]) != 1 {
		t.Errorf("after the lock: %q", h.texts[stranger])
	}
}

// A house where codes are mistyped now and then is no flood: everybody is
// answered, and told of a lock again after a day without one.
func TestAnswersComeBackAfterAFlood(t *testing.T) {
	h := newHouse()
	mustDo(h.edit(Set{"test-every", "0"})) // weeks pass
	answers := func() (n int) {
		n, h.texts[anna] = len(h.texts[anna]), nil
		return n
	}
	for day := range 20 {
		h.text(anna, fmt.Sprintf("11%03d2 DISARM", day))
		h.wait(12 * time.Hour)
		h.text(anna, fmt.Sprintf("12%03d2 DISARM", day))
		h.wait(12 * time.Hour)
	}
	if n := answers(); n != 40 {
		t.Errorf("of 40 mistyped codes in 20 days %d were answered", n)
	}
	locks := func() {
		for n := range 8 {
			h.text(anna, fmt.Sprintf("11%03d3 DISARM", n))
			h.wait(time.Minute)
		}
	}
	locks()
	if n := answers(); n != 6 || len(h.texts[ben]) != 1 {
		t.Errorf("5 wrong codes and a lock: %d answers, Ben got %q", n, h.texts[ben])
	}
	h.wait(23 * time.Hour)
	locks()
	if len(h.texts[ben]) != 1 {
		t.Errorf("within a day Ben was told again: %q", h.texts[ben])
	}
	answers()
	h.wait(25 * time.Hour)
	locks()
	if n := answers(); n != 6 || len(h.texts[ben]) != 2 {
		t.Errorf("after a day without a lock: %d answers, Ben got %q", n, h.texts[ben])
	}
}

// Texts that are announced again and again hold up each sealed one once, for as long as
// a text takes to be read.
func TestAnnouncementsSilenceNothing(t *testing.T) {
	told := func(announced bool) (at int64) {
		h := newHouse()
		h.text(anna, annaDuress+" DISARM")
		for range 240 {
			if announced {
				h.do(Announced{})
			}
			h.wait(500 * time.Millisecond)
			if at == 0 && tellsDuress(h.texts[ben]) && tellsDuress(h.texts[cleo]) {
				at = h.now.Tick
			}
		}
		return at
	}
	calm, flooded := told(false), told(true)
	if late := flooded - calm; calm == 0 || flooded == 0 || late < 3_000 || late > 7_500 {
		t.Errorf("all are told at %d, and at %d where texts are announced", calm, flooded)
	}
}
