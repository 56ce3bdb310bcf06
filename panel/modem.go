package panel

// SIM is what the modem last said of its card.
type SIM struct {
	Card     string `json:"card,omitempty"`     // its number (ICCID), the last that was known
	Ready    bool   `json:"ready"`              // it is, now
	Why      string `json:"why,omitempty"`      // it is not
	PIN      bool   `json:"pin,omitempty"`      // that is because of its PIN
	Unlocked bool   `json:"unlocked,omitempty"` // by the PIN that the owner gave
}

// lineUp says that the modem works, and what card is in it.
func (t *turn) lineUp(e LineUp) {
	l := &t.s.Sealed.Line
	l.Lost(t.s.books(), t.now.Tick)
	l.Up, l.Epoch = true, e.Epoch
	t.s.Network.Up, t.s.Network.NoSIM = true, false
	t.s.Steps = nil
	t.card(e.SIM)
	t.fault(Fault{Name: ModemTrouble})
	t.fault(Fault{Name: SIMTrouble})
}

// card journals that another card is in the modem than the one before.
func (t *turn) card(now SIM) {
	before := t.s.SIM.Card
	if now.Card == "" {
		now.Card = before
	}
	if now.Card != before && before != "" {
		t.journal("sim_swapped", "6"+troubleKinds[SIMTrouble].code, "another SIM card is in the modem: number "+now.Card+", before "+before, 0, Who{})
	}
	t.s.SIM = now
}

// lineDown says that the modem does not work, or that it has no SIM card to work with.
// Of a modem that does not answer nobody knows how its card is.
func (t *turn) lineDown(e LineDown) {
	t.s.Sealed.Line.Down(t.s.books(), t.now.Tick)
	t.lineGone()
	t.s.Network.NoSIM = e.SIM
	if e.SIM {
		t.s.SIM = SIM{Card: t.s.SIM.Card, Why: e.Why, PIN: e.PIN}
		t.fault(Fault{Name: SIMTrouble, On: true, Why: e.Why})
	} else {
		t.s.SIM.Ready = false
	}
	t.fault(Fault{Name: ModemTrouble, On: !e.SIM, Why: e.Why})
}

// mostSteps are kept until they are journalled.
const mostSteps = 8

// recovery journals a step by which the modem is brought back. What settles before it
// is a trouble is not told: the modem may fail because of what it was sending.
func (t *turn) recovery(e Recovery) {
	for _, k := range t.s.Troubles {
		if (k.Name == ModemTrouble || k.Name == SIMTrouble) && k.On && !k.Shown {
			t.s.Steps = append(t.s.Steps[:len(t.s.Steps):len(t.s.Steps)], e.What)
			t.s.Steps = t.s.Steps[max(0, len(t.s.Steps)-mostSteps):]
			return
		}
	}
	t.journalStep(e.What)
}

func (t *turn) journalStep(what string) {
	t.journal("recovery", "6"+troubleKinds[ModemTrouble].code, "modem: "+what, 0, Who{})
}

// stepsTold journals the steps so far, now that what they are for is told.
func (t *turn) stepsTold() {
	for _, what := range t.s.Steps {
		t.journalStep(what)
	}
	t.s.Steps = nil
}
