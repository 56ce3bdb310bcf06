package panel

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
)

// sealedBlock is the size of the box of what is sealed (store.SealedBlock). While
// all of it fits one, its size tells nothing.
const sealedBlock = 128 << 10

// TestWhatIsSealedFitsItsBox fills the sealed part on the worst day that a big
// household is likely to have: words of another language in each incident, twelve
// people who are told, two persons under duress, a day of commands.
func TestWhatIsSealedFitsItsBox(t *testing.T) {
	t.Parallel()
	c := must(template.Apply(SetWords{string(must(os.ReadFile("testdata/words/german.txt")))}))
	for n := range 9 {
		name := fmt.Sprintf("Großonkel Benjamin %d", n)
		c = must(c.Apply(AddContact{Contact: alert.Contact{Name: name, Number: fmt.Sprintf("+44770090010%d", n), OffSite: true}, Quiet: true}))
	}
	h := houseOf(c)
	most := 0
	h.after = func(Event, Result) { most = max(most, len(must(json.Marshal(h.s.Sealed)))) }
	rounds := 40
	if raceEnabled {
		rounds = 8
	}
	for range rounds {
		h.text(anna, annaDuress+" STATUS")
		h.text(tom, masterCode+" SILENT")
		h.wait(7 * time.Second)
		h.trip(lounge)
		h.wait(8 * time.Minute)
	}
	h.wait(5 * time.Hour)
	t.Logf("%d of %d bytes at most", most, sealedBlock)
	if most > sealedBlock {
		t.Errorf("%d bytes: the box grows, and tells that something is sealed", most)
	}
}
