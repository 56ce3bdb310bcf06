package simulator

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// asked is a modem whose line is written to by ask, which returns what is said within
// 10 s.
func asked(t *testing.T, f func(m *Modem, line *memoryLine, ask func(string) string)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var heard strings.Builder
		m := New(Options{Wire: func(_ time.Time, fromModem bool, b []byte) {
			if fromModem {
				heard.Write(b)
			}
		}})
		defer m.Close()
		line := m.Line().(*memoryLine)
		f(m, line, func(what string) string {
			synctest.Wait()
			heard.Reset()
			_, _ = line.Write([]byte(what + "\r"))
			time.Sleep(10 * time.Second)
			synctest.Wait()
			return heard.String()
		})
	})
}

// A modem that hangs is back after what its fault says, and not before.
func TestWhatBringsAModemBack(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault Fault
		mends func(m *Modem, line *memoryLine, ask func(string) string)
	}{
		{"its supply", Fault{Name: "silence"}, func(m *Modem, _ *memoryLine, _ func(string) string) { m.Supply(false); m.Supply(true) }},
		{"its key, twice", Fault{Name: "silence"}, func(m *Modem, _ *memoryLine, _ func(string) string) { m.PressKey(); m.PressKey() }},
		{"a reset", Fault{Name: "silence", Code: 1}, func(_ *Modem, _ *memoryLine, ask func(string) string) { ask("AT+CFUN=1,1") }},
		{"time", Fault{Name: "silence", For: time.Minute}, func(*Modem, *memoryLine, func(string) string) { time.Sleep(time.Minute) }},
		{"the right rate", Fault{Name: "baud", Code: 9600}, func(_ *Modem, line *memoryLine, ask func(string) string) {
			_ = line.SetBaud(9600)
			ask("AT+IPR=115200")
			_ = line.SetBaud(115200)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked(t, func(m *Modem, line *memoryLine, ask func(string) string) {
				_ = line.SetBaud(115200)
				if err := m.Fault(c.fault); err != nil {
					t.Fatal(err)
				}
				if said := ask("AT"); strings.Contains(said, "OK") {
					t.Errorf("it hangs, and says %q", said)
				}
				c.mends(m, line, ask)
				time.Sleep(10 * time.Second)
				if said := ask("AT+CREG?"); !strings.Contains(said, "+CREG: 0,1") {
					t.Errorf("mended, it says %q", said)
				}
			})
		})
	}
}

func TestWhatBringsANetworkBack(t *testing.T) {
	steps := []string{"AT+COPS=0", "AT+CFUN=4\rAT+CFUN=1", "AT+CFUN=1,1"}
	for code := range steps {
		asked(t, func(m *Modem, _ *memoryLine, ask func(string) string) {
			_ = m.Fault(Fault{Name: "network-stuck", Code: code})
			for n, step := range steps {
				ask(step)
				if back := strings.Contains(ask("AT+CREG?"), ",1\r"); back != (n >= code) {
					t.Errorf("of code %d: after %s it is back: %v", code, step, back)
				}
			}
		})
	}
}

// A card is seen when the module starts, and is another one when it was swapped.
func TestACardThatGoesAndComes(t *testing.T) {
	asked(t, func(m *Modem, _ *memoryLine, ask func(string) string) {
		ask("AT+CMEE=1;&W")
		first := ask("AT+CCID")
		_ = m.Fault(Fault{Name: "sim-out", For: time.Minute})
		for range 10 {
			if said := ask("AT+CPIN?"); !strings.Contains(said, "+CME ERROR: 10") {
				t.Errorf("it is out, or was, and +CPIN? says %q", said)
			}
		}
		ask("AT+CFUN=1,1")
		if said := ask("AT+CCID"); said != first {
			t.Errorf("it was %q and is %q", first, said)
		}
		_ = m.Fault(Fault{Name: "sim-swap"})
		time.Sleep(10 * time.Second)
		if said := ask("AT+CCID"); said == first || !strings.Contains(said, "\r\n8944") {
			t.Errorf("another card is %q", said)
		}
		_ = m.Fault(Fault{Name: "sim-puk"})
		time.Sleep(10 * time.Second)
		if said := ask("AT+CPIN?"); !strings.Contains(said, "+CPIN: SIM PUK") {
			t.Errorf("a blocked card says %q", said)
		}
	})
}
