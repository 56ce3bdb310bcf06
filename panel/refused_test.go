package panel

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
)

// However often the network refuses the reply to a later command, it is late by one
// text in flight and no more, with the half second that a call takes to end: what
// each try waits does not add up, and no try waits for a call of the sealed plan.
func TestRefusalsDoNotAddUp(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(*house){
		"disarmed": func(*house) {},
		"a burglary is being told": func(h *house) {
			h.text(anna, annaCode+" ARM")
			h.wait(2 * time.Minute)
			h.trip(kitchen)
			h.wait(time.Minute)
		},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(60) {
				r := rand.New(rand.NewPCG(seed, 1))
				refusals, send, pause := r.IntN(9), time.Duration(2000+r.IntN(7000))*time.Millisecond, time.Duration(r.IntN(90_000))*time.Millisecond
				answered := r.IntN(2) == 0
				at := func(code string) (at int64) {
					h := houseOf(template)
					h.phones.send = send
					if answered {
						h.answer[ben], h.answer[cleo] = 5*time.Second, 3*time.Second
					}
					before(h)
					h.text(anna, code+" STATUS")
					h.wait(time.Minute)
					h.text(anna, code+" DISARM")
					h.wait(pause)
					h.refusesReplies(anna, refusals)
					h.text(anna, annaCode+" STATUS")
					h.wait(20 * time.Minute)
					for _, e := range h.seen {
						if e.kind == "text" && e.number == anna && e.result == alert.SentOK && e.reply {
							at = e.at
						}
					}
					return at
				}
				if late := at(annaDuress) - at(annaCode); max(late, -late) > send.Milliseconds()+500 {
					t.Errorf("%d refusals, a text takes %v, %v after the duress, answered %v: the reply comes %d ms later", refusals, send, pause, answered, late)
				}
			}
		})
	}
}
