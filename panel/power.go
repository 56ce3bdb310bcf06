package panel

import "slices"

// powered notes by what the panel lives. That the mains are gone is journalled at
// once and told after a while; in away it may be somebody at the fuse box. An input
// that says nothing says nothing of that.
func (t *turn) powered(e Powered) {
	t.s.Power = e.Power
	switch e.Power {
	case OnMains:
		if t.noteFault(Fault{Name: MainsTrouble}) {
			t.journal("mains_back", "3301", "mains power is back", 0, Who{})
		}
	case OnBattery:
		if t.noteFault(Fault{Name: MainsTrouble, On: true}) {
			t.journal("mains_lost", "1301", "mains power lost", 0, Who{})
			t.attacked()
		}
	case "":
		t.s.Troubles = slices.DeleteFunc(t.s.Troubles, func(k Trouble) bool { return k.Name == MainsTrouble })
	}
}
