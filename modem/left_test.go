package modem_test

import (
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// A text that an earlier program had typed and not sent stays unsent: ESC leaves its
// prompt, Ctrl-Z would send it.
func TestAPromptThatWasLeftSendsNothing(t *testing.T) {
	typed := func(m *simulator.Modem) {
		line := m.Line()
		for _, s := range []string{"AT+CMGF=0\r", "AT+CMGS=20\r", "0031000C9144770009103200002F06C834888E2E03"} {
			_, _ = line.Write([]byte(s))
			time.Sleep(time.Second)
		}
	}
	storyWith(t, simulator.Options{}, typed, func(b *bench) {
		b.until("up 1")
		time.Sleep(time.Minute)
		if got := b.texts("+447700900123"); len(got) != 0 {
			t.Errorf("it has sent %q", got)
		}
	})
}
