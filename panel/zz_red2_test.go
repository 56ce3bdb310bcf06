package panel

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
)

func TestRedBox(t *testing.T) {
	for _, result := range []alert.Result{alert.Permanent, alert.Transient, alert.Unknown} {
		c := must(template.Apply(SetWords{string(must(os.ReadFile("testdata/words/german.txt")))}))
		for n := range 26 {
			name := fmt.Sprintf("Großonkel Benja %d", n)
			c = must(c.Apply(AddContact{Contact: alert.Contact{Name: name, Number: fmt.Sprintf("+447700902%03d", n), OffSite: true}, Quiet: true}))
		}
		h := houseOf(c)
		most, at, jobs := 0, int64(0), 0
		h.after = func(Event, Result) {
			if n := len(must(json.Marshal(h.s.Sealed))); n > most {
				most, at, jobs = n, h.now.Tick, len(h.s.Sealed.Book.Jobs)
			}
		}
		for n := range 26 {
			for range 40 {
				h.refuses(fmt.Sprintf("sealed +447700902%03d", n), result)
			}
		}
		h.text(anna, annaDuress+" STATUS")
		for range 20 {
			h.text(anna, annaDuress+" STATUS")
			h.wait(3 * time.Minute)
		}
		h.wait(5 * time.Hour)
		t.Logf("%s: %d at %d s of %d, %d jobs", result, most, at/1000, sealedBlock, jobs)
	}
}
