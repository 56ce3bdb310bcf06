package panel

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// said are the entries of the journal and Anna's texts, without place and time.
func (h *house) said() (out []string) {
	for _, s := range h.seen {
		switch {
		case s.kind == "journal":
			_, what, _ := strings.Cut(s.what, " ") // its number
			out = append(out, what)
		case s.kind == "text" && s.number == anna:
			_, what, _ := strings.Cut(s.what, ": ")
			out = append(out, "text "+what)
		}
	}
	h.seen = nil
	return out
}

// What is told of a modem that fails, of its card, and of what is done about it.
func TestAModemAndItsCard(t *testing.T) {
	const minute = time.Minute
	down := func(h *house) { h.do(LineDown{Epoch: 1, Why: "no answer"}) }
	noCard := func(h *house) { h.do(LineDown{Epoch: 1, Why: "no SIM card", SIM: true}) }
	up := func(s SIM) func(*house) { return func(h *house) { h.do(LineUp{Epoch: 2, SIM: s}) } }
	step := func(what string) func(*house) { return func(h *house) { h.do(Recovery{what}) } }
	wait := func(d time.Duration) func(*house) { return func(h *house) { h.wait(d) } }
	for _, c := range []struct {
		name string
		acts []func(*house)
		want []string
	}{
		{"it fails for half a minute, and nothing is said", []func(*house){down, step("one"), wait(minute / 2), up(SIM{}), wait(minute * 5), step("two")},
			[]string{"recovery 6350 modem: two"}},
		{"it fails for long, and every step is journalled", []func(*house){down, step("one"), step("two"), wait(2 * minute), step("three"), up(SIM{}), wait(2 * minute)},
			[]string{"trouble 1350 modem does not answer (no answer)", "recovery 6350 modem: one", "recovery 6350 modem: two", "recovery 6350 modem: three",
				"text Trouble: modem does not answer (no answer).", "trouble_end 3350 over: modem does not answer (no answer)", "text Over: modem does not answer."}},
		{"its card is taken out: of the network nothing is said", []func(*house){func(h *house) { h.do(Heard{}) }, noCard, wait(10 * minute), up(SIM{Ready: true}), func(h *house) { h.do(Heard{Registered: true}) }, wait(2 * minute)},
			[]string{"trouble 1353 SIM card is not ready (no SIM card)", "text Trouble: SIM card is not ready (no SIM card).", "trouble_end 3353 over: SIM card is not ready (no SIM card)", "text Over: SIM card is not ready."}},
		{"a modem without a card that then does not answer", []func(*house){noCard, wait(minute / 2), down, wait(5 * minute)},
			[]string{"trouble 1350 modem does not answer (no answer)"}},
		{"another card", []func(*house){up(SIM{Card: "89441", Ready: true}), up(SIM{Card: "89441", Ready: true}), up(SIM{Ready: true}), up(SIM{Card: "89442", Ready: true}), wait(2 * minute)},
			[]string{"sim_swapped 6353 another SIM card is in the modem: number 89442, before 89441"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse()
			for _, act := range c.acts {
				act(h)
			}
			if got := h.said(); !slices.Equal(got, c.want) {
				t.Errorf("said was\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestACardThatIsMissingIsShown(t *testing.T) {
	h := newHouse()
	h.do(LineDown{Epoch: 1, Why: "the SIM card asks for its PIN", SIM: true, PIN: true})
	o := outward(h.c, h.s.Open, h.now)
	if o.Network != "SIM not ready" || o.SIM.Ready || !o.SIM.PIN || o.SIM.Why == "" {
		t.Errorf("shown is %q, %+v", o.Network, o.SIM)
	}
	h.do(LineUp{Epoch: 2, SIM: SIM{Ready: true, Unlocked: true}})
	if o := outward(h.c, h.s.Open, h.now); o.SIM != (SIM{Ready: true, Unlocked: true}) {
		t.Errorf("shown is %+v", o.SIM)
	}
	h.do(Heard{Registered: true, Operator: "Vodafone", DBm: -71})
	if o := outward(h.c, h.s.Open, h.now); o.Network != "Vodafone" {
		t.Errorf("with its network it shows %q", o.Network)
	}
}

func TestRoamingIsShown(t *testing.T) {
	h := newHouse()
	h.do(Heard{Registered: true, Roaming: true, Operator: "Orange F", DBm: -71})
	if o := outward(h.c, h.s.Open, h.now); o.Network != "Orange F, roaming" {
		t.Errorf("shown is %q", o.Network)
	}
}
