package simulator

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A byte takes ten bits, either way; bytes come in their order also when the
// line becomes slow and fast again.
func TestLineTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHost(t, Options{Baud: 9600})
		byteTime := 10 * time.Second / 9600
		h.send("ATE0\r")
		answer := "ATE0\r\r\nOK\r\n"
		if got := h.pass(time.Duration(5+len(answer))*byteTime - time.Millisecond); strings.Contains(got, "OK") {
			t.Errorf("%q came too early", got)
		}
		if got := h.pass(2 * time.Millisecond); got != answer {
			t.Errorf("then %q, want %q", got, answer)
		}
		if err := h.modem.Fault(Fault{Name: "slow-line", For: time.Second}); err != nil {
			t.Fatal(err)
		}
		h.send("AT+GMR\r")
		if got := h.pass(200 * time.Millisecond); strings.Contains(got, "OK") {
			t.Errorf("%q came too early on a slow line", got)
		}
		h.send("AT" + strings.Repeat("+CSQ;", 10) + "\r") // the end comes when the line is fast again
		h.pass(700 * time.Millisecond)
		h.send("AT+GMI\r")
		if got := h.pass(3 * time.Second); !strings.HasSuffix(got, "+CSQ: 21,0\r\n\r\nOK\r\n\r\nSIMCOM_Ltd\r\n\r\nOK\r\n") {
			t.Errorf("out of order: %q", got)
		}
	})
}

// Each fault can be armed for any command, and then lets the modem be used again.
func TestEveryFaultEnds(t *testing.T) {
	for _, f := range Faults() {
		f.Command = "+CSQ"
		synctest.Test(t, func(t *testing.T) {
			h := newHost(t, Options{})
			if err := h.modem.Fault(f); err != nil {
				t.Fatal(err)
			}
			for range max(f.Times, 1) {
				h.ask("AT+CSQ")
			}
			h.settle()
			h.modem.Supply(false)
			h.modem.Supply(true)
			h.settle()
			if f.Name == "unplug" {
				h.open()
			}
			h.ask("ATE0") // what stands in the line is ended
			if got := h.ask("AT"); got != "\r\nOK\r\n" {
				t.Errorf("after %+v the modem answers %q", f, got)
			}
		})
	}
}
