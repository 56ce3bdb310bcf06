package simulator

import (
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warthog618/sms"
)

const bob = "+447700900123"

// host is a program that talks to the modem over the in-memory line.
type host struct {
	t     *testing.T
	modem *Modem
	line  io.ReadWriteCloser

	mu    sync.Mutex
	heard strings.Builder
	ended error
}

func newHost(t *testing.T, o Options) *host {
	h := &host{t: t, modem: New(o)}
	t.Cleanup(func() { h.modem.Close() })
	h.open()
	return h
}

// open opens the line anew.
func (h *host) open() {
	l := h.modem.Line()
	h.line = l
	go func() {
		buf := make([]byte, 64)
		for {
			n, err := l.Read(buf)
			h.mu.Lock()
			h.heard.Write(buf[:n])
			if err != nil {
				h.ended = err
			}
			h.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
}

func (h *host) send(s string) {
	if _, err := io.WriteString(h.line, s); err != nil {
		h.t.Errorf("write %q: %v", s, err)
	}
	synctest.Wait()
}

// settle waits until everything that was begun is over.
func (h *host) settle() {
	time.Sleep(10 * time.Minute)
	synctest.Wait()
}

// take returns what the modem has said since the last time.
func (h *host) take() string {
	synctest.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.heard.String()
	h.heard.Reset()
	return s
}

// ask types a command and returns what the modem says to it at once.
func (h *host) ask(command string) string {
	h.take()
	h.send(command + "\r")
	return h.take()
}

func (h *host) pass(d time.Duration) string {
	time.Sleep(d)
	return h.take()
}

func (h *host) phone(number string) Phone {
	for _, p := range h.modem.Phones() {
		if p.Number == number {
			return p
		}
	}
	return Phone{}
}

// submitPDUs are the TPDUs of a text, with their lengths for +CMGS.
func submitPDUs(t *testing.T, to, body string) (lengths []int, pdus []string) {
	parts, err := sms.Encode([]byte(body), sms.To(to))
	if err != nil {
		t.Fatal(err)
	}
	for i := range parts {
		raw, err := parts[i].MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		lengths = append(lengths, len(raw))
		pdus = append(pdus, "00"+hex.EncodeToString(raw))
	}
	return lengths, pdus
}

func TestPartsAreJoinedAtThePhone(t *testing.T) {
	for name, body := range map[string]string{
		"GSM alphabet": strings.Repeat("Alarm at 12 Mill Lane. ", 20),
		"UCS-2":        strings.Repeat("Тревога в доме. ", 20),
		"emoji":        strings.Repeat("🔥", 100),
	} {
		for order, reverse := range map[string]bool{"in order": false, "backwards": true} {
			t.Run(name+" "+order, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					h := newHost(t, Options{})
					h.ask("ATE0+CMGF=0")
					lengths, pdus := submitPDUs(t, bob, body)
					for i := range pdus {
						if reverse {
							i = len(pdus) - 1 - i
						}
						h.ask(fmt.Sprintf("AT+CMGS=%d", lengths[i]))
						h.send(pdus[i] + "\x1a")
						if got := h.pass(3 * time.Second); !strings.Contains(got, "+CMGS: ") {
							t.Fatalf("part %d: %q", i, got)
						}
					}
					texts := h.phone(bob).Texts
					if len(texts) != 1 || texts[0].Body != body || texts[0].Parts != len(pdus) || len(pdus) < 3 {
						t.Errorf("the phone has %+v", texts)
					}
				})
			})
		}
	}
}

// TestKilledBetweenAcceptedAndOK is what a test does that kills the host at a
// named moment: it closes the line within the event.
func TestKilledBetweenAcceptedAndOK(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h *host
		h = newHost(t, Options{Event: func(e Event) {
			if e.Kind == "cmgs-accepted" {
				h.line.Close()
				if err := h.modem.Text(bob, "a callback may use the modem"); err != nil {
					t.Error(err)
				}
			}
		}})
		h.ask("ATE0+CMGF=1")
		h.ask(`AT+CMGS="` + bob + `"`)
		h.send("hello\x1a")
		if got := h.pass(time.Minute); got != "" {
			t.Errorf("a dead host has heard %q", got)
		}
		if n := len(h.phone(bob).Texts); n != 2 {
			t.Errorf("%d texts at the phone, want the panel's and its own", n)
		}
		h.open()
		if got := h.ask("AT+CPMS?"); !strings.Contains(got, `"SM",1,20`) {
			t.Errorf("after the host came back: %q", got)
		}
	})
}

func TestLineOpenedAnewEndsTheEarlier(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHost(t, Options{})
		h.ask("AT+CMGF=1")
		h.ask(`AT+CMGS="` + bob + `"`)
		first := h.line
		h.open()
		synctest.Wait()
		if h.ended != io.EOF {
			t.Errorf("the earlier line ended with %v, want io.EOF", h.ended)
		}
		if _, err := first.Write([]byte("AT\r")); err == nil {
			t.Error("the earlier line can be written to")
		}
		// The prompt is where the earlier host left it: only ESC ends it.
		if got := h.ask("AT"); strings.Contains(got, "OK") {
			t.Errorf("a stuck prompt answers %q", got)
		}
		h.send("\x1b")
		if got := h.take(); !strings.Contains(got, "OK") {
			t.Errorf("ESC answers %q", got)
		}
		h.modem.Close()
		if err := h.modem.Text(bob, "x"); err != ErrClosed {
			t.Errorf("Text after Close: %v", err)
		}
		if _, err := h.modem.Line().Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("Read after Close: %v", err)
		}
	})
}

func TestUnplugEndsTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHost(t, Options{})
		if err := h.modem.Fault(Fault{Name: "unplug", For: 10 * time.Second}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if h.ended != io.EOF {
			t.Errorf("the line ended with %v, want io.EOF", h.ended)
		}
		if _, err := h.modem.Line().Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("while the plug is out Read gives %v", err)
		}
		time.Sleep(10 * time.Second)
		h.open()
		if got := h.ask("AT"); !strings.Contains(got, "OK") {
			t.Errorf("plugged in again: %q", got)
		}
	})
}

func TestGarbageIsTheSameForTheSameSeed(t *testing.T) {
	noise := func(seed uint64) (s string) {
		synctest.Test(t, func(t *testing.T) {
			h := newHost(t, Options{Seed: seed})
			if err := h.modem.Fault(Fault{Name: "garbage"}); err != nil {
				t.Fatal(err)
			}
			s = h.take()
		})
		return s
	}
	if a, b, c := noise(1), noise(1), noise(2); a != b || a == c || len(a) < 8 {
		t.Errorf("seed 1 gave %q and %q, seed 2 %q", a, b, c)
	}
}

func TestReferenceWraps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHost(t, Options{SendTime: time.Second})
		h.ask("ATE0+CMGF=1")
		for i := 1; i <= 257; i++ {
			h.ask(`AT+CMGS="` + bob + `"`)
			h.send("x\x1a")
			want := fmt.Sprintf("\r\n+CMGS: %d\r\n\r\nOK\r\n", i%256)
			if got := h.pass(time.Second); !strings.HasSuffix(got, want) {
				t.Fatalf("text %d: %q", i, got)
			}
		}
	})
}

// TestWireIsInOrder holds the tap against what the host has sent and heard.
func TestWireIsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var to, from strings.Builder
		h := newHost(t, Options{Wire: func(_ time.Time, fromModem bool, b []byte) {
			if fromModem {
				from.Write(b)
				return
			}
			to.Write(b)
		}})
		got := h.ask("AT+CSQ") + h.ask("ATE0")
		synctest.Wait()
		if to.String() != "AT+CSQ\rATE0\r" || from.String() != got {
			t.Errorf("to the modem %q, from it %q; the host heard %q", to.String(), from.String(), got)
		}
	})
}

func TestStampIsAsGiven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHost(t, Options{})
		for _, zone := range []int{0, 3600, 20700, -12600} {
			stamp := time.Date(2026, 3, 1, 21, 4, 5, 0, time.FixedZone("", zone))
			if err := h.modem.TextAt(bob, "x", stamp); err != nil {
				t.Fatal(err)
			}
			h.modem.mu.Lock()
			raw := h.modem.sim[0].raw
			h.modem.sim[0] = nil
			h.modem.mu.Unlock()
			pdu, err := sms.Unmarshal(raw)
			if err != nil || !pdu.SCTS.Equal(stamp) {
				t.Errorf("zone %d: %v, %v", zone, pdu, err)
			}
		}
	})
}

func TestLongLineIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHost(t, Options{})
		h.ask("ATE0")
		fits := "AT" + strings.Repeat("E0", (maxLine-2)/2)
		if got := h.ask(fits); got != "\r\nOK\r\n" {
			t.Errorf("%d characters: %q", len(fits), got)
		}
		if got := h.ask(fits + "E"); got != "\r\nERROR\r\n" {
			t.Errorf("%d characters: %q", len(fits)+1, got)
		}
		if got := h.ask("AT"); got != "\r\nOK\r\n" {
			t.Errorf("the next line: %q", got)
		}
	})
}
