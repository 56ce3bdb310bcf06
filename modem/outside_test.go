package modem_test

import (
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

func TestTheNetworkIsTold(t *testing.T) {
	offset := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC).Sub(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
	now := func() time.Time { return time.Now().Add(offset) }
	storyWith(t, simulator.Options{Now: now}, func(*simulator.Modem) {}, func(b *bench) {
		b.until("network registered=true")
		_ = b.sim.Fault(simulator.Fault{Name: "network-lost", For: time.Minute})
		b.until("network registered=false")
		b.forget()
		b.until("network registered=true")
		b.until("modem.NetworkTime")
		for _, e := range b.told() {
			if n, ok := e.(modem.NetworkTime); ok {
				if d := n.Time.Sub(now()); d < -10*time.Minute || d > 10*time.Minute {
					t.Errorf("the time told is off by %v", d)
				}
			}
		}
	})
}

func TestACallThatRingsIsRejectedAndToldOnce(t *testing.T) {
	var line *tap
	tapped(t, &line, func(b *bench) {
		b.until("network")
		for range 3 {
			line.inject("\r\nRING\r\n\r\n+CLIP: \"" + anna + "\",145,\"\",0,\"\",0\r\n")
			time.Sleep(5 * time.Second)
		}
		b.want(idle, "rejected "+anna)
		if n := strings.Count(b.sent(), "ATH\r"); n < 2 { // one is of the start
			t.Errorf("ATH was sent %d times:\n%s", n, b.sent())
		}
		if strings.Contains(b.dialogue(), "< RING") {
			t.Errorf("the trace has it before anybody knows whose call it is:\n%s", b.dialogue())
		}
	})
}

func TestATextThatIsNotStoredIsTold(t *testing.T) {
	var line *tap
	tapped(t, &line, func(b *bench) {
		b.until("network")
		pdu := deliver(t, anna, "flash 4711")[0]
		line.inject(fmt.Sprintf("\r\n+CMT: ,%d\r\n00%s\r\n", len(pdu), strings.ToUpper(hex.EncodeToString(pdu))))
		b.until("text from")
		time.Sleep(time.Minute)
		b.want(idle, "text from "+anna+` "flash 4711" parts=1 found=false`)
		if strings.Contains(b.dialogue(), "4711") {
			t.Error("the trace has its digits")
		}
	})
}

// mangler spoils the first listing that holds a text, as noise does.
type mangler struct {
	io.ReadWriteCloser
	spoil func(string) string
}

func (m *mangler) Read(p []byte) (int, error) {
	n, err := m.ReadWriteCloser.Read(p)
	if m.spoil != nil && strings.Contains(string(p[:n]), "+CMGL: ") {
		n = copy(p, m.spoil(string(p[:n])))
		m.spoil = nil
	}
	return n, err
}

// A text that was mangled on the line, once, is not lost.
func TestALineThatManglesATextCostsNothing(t *testing.T) {
	pdu := regexp.MustCompile(`(\+CMGL: [0-9]+,)([0-9])(,"",[0-9]+\r\n)(07[0-9A-F]{14})(..)([0-9A-F]+)`)
	for name, spoilt := range map[string]string{
		"a digit is lost":          "$1$2$3$4$6",
		"not a text that came":     "$1${2}$3${4}01$6",
		"no message":               "$1${2}$3${4}03$6",
		"stored to be sent":        "${1}3$3$4$5$6",
		"a reserved alphabet":      "$1$2$3$4${5}0C91447700091010" + "00A0" + "00101000000000" + "05E8329BFD06",
		"a place that is no place": "+CMGL: x,$2$3$4$5$6",
	} {
		t.Run(name, func(t *testing.T) {
			wrap = func(l io.ReadWriteCloser) io.ReadWriteCloser {
				return &mangler{l, func(s string) string {
					after := pdu.ReplaceAllString(s, spoilt)
					if after == s {
						t.Errorf("%q was not spoilt", s)
					}
					return after
				}}
			}
			defer func() { wrap = nil }()
			story(t, func(b *bench) {
				b.until("network")
				_ = b.sim.Text(anna, "hello")
				b.until("text from " + anna + ` "hello"`)
			})
		})
	}
}

// What was discarded is deleted later where it could not be at once, and not
// told again.
func TestADeletionThatFailsIsTriedAgain(t *testing.T) {
	story(t, func(b *bench) {
		b.until("network")
		_ = b.sim.Fault(simulator.Fault{Name: "error", Command: "+CMGD", Times: 5})
		_ = b.sim.Text(anna, strings.Repeat("long ", 60))
		b.until("text from")
		b.forget()
		time.Sleep(5 * time.Minute)
		b.want(idle)
		if !strings.Contains(b.sent(), "AT+CMGD=") {
			t.Error("it was not tried again")
		}
		b.forget()
		time.Sleep(5 * time.Minute)
		if strings.Contains(b.sent(), "AT+CMGD=") {
			t.Error("it is tried for ever")
		}
		_ = b.sim.Text(anna, "next")
		b.until(`text from ` + anna + ` "next"`)
	})
}
