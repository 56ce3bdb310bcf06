package alert

import (
	"strings"
	"testing"
)

// TestWhoIsRefusedIsToldToTheOthers only where these get texts: what nobody gets says
// nothing of a number.
func TestWhoIsRefusedIsToldToTheOthers(t *testing.T) {
	for _, c := range []struct {
		name     string
		cleoGets bool
		want     bool
	}{{"Cleo has hers", true, true}, {"nobody has", false, false}} {
		b := &Book{Seed: 1}
		b.Open(1000, Incident{Kind: Burglary, What: "Hall", Recipients: []Recipient{{Name: "Ben", Number: "b"}, {Name: "Cleo", Number: "c"}}})
		for n := range b.Jobs {
			b.Jobs[n].Handed = !b.Jobs[n].Call
		}
		for _, j := range b.Clone().Jobs {
			o := Outcome{Result: Transient, Refused: true}
			if j.To == "c" && c.cleoGets {
				o = Outcome{Result: SentOK}
			}
			if !j.Call {
				b.Done(j.ID, o, 2000)
			}
		}
		b.Advance(1000 + stillRefused - 1)
		told := func() (is bool) {
			for _, j := range b.Jobs {
				is = is || strings.Contains(j.Body, "could not be reached")
			}
			return is
		}
		if told() {
			t.Errorf("%s: it is told before its time", c.name)
		}
		if b.Advance(1000 + stillRefused); told() != c.want {
			t.Errorf("%s: told %v, want %v", c.name, told(), c.want)
		}
	}
}
