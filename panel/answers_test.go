package panel

import (
	"fmt"
	"testing"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/zones"
)

// A status that is too long leaves out whole sentences, or says how many; no word of
// it is cut off.
func TestStatusCutsNoWord(t *testing.T) {
	for _, test := range []struct {
		open, flat int
		last, want string
	}{
		{1, 0, "armed away by Anna", "Disarmed. Open: Long zone name 0. Power: not watched. Network: Simnet -71 dBm. Last: 21:00 armed away by Anna."},
		{1, 0, "arming away refused by Anna: Long zone name 0, Long zone name 1, Long zone name 2 open", "Disarmed. Open: Long zone name 0. Power: not watched. Network: Simnet -71 dBm."},
		{5, 1, "armed away by Anna", "Disarmed. Open: Long zone name 0 and 4 more. Battery low: Long zone name 0. Trouble: clock is not set and 1 more. Power: not watched. Network: Simnet -71 dBm."},
		{20, 20, "armed away by Anna", "Disarmed. Open: Long zone name 0 and 19 more. Battery low: Long zone name 0 and 19 more. Trouble: 2. Power: not watched. Network: Simnet -71 dBm."},
	} {
		s := NewState(1, 2)
		var c Config
		c.Site.Zone = "UTC"
		s.Network = Network{Up: true, Registered: true, Operator: "Simnet", DBm: -71}
		s.Recent = []Entry{{Time: evening, Text: test.last}, {Time: evening, Text: "status asked by Anna"}}
		for n := range max(test.open, test.flat) {
			c.Zones.Zones = append(c.Zones.Zones, zones.Zone{Number: n + 1, Name: fmt.Sprint("Long zone name ", n)})
			s.Zones.Zones = append(s.Zones.Zones, zones.ZoneState{Number: n + 1, Open: n < test.open, LowBattery: n < test.flat})
		}
		if test.flat > 0 {
			s.Troubles = []Trouble{{Name: ClockTrouble, Shown: true}, {Name: SIMTrouble, Shown: true}}
		}
		got := (&turn{c: c, s: s}).statusText()
		if got != test.want || !alert.Fits(got) {
			t.Errorf("got  %q\nwant %q", got, test.want)
		}
	}
}
