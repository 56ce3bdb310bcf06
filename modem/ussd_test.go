package modem_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

func TestUSSDReadsWhatANetworkAnswers(t *testing.T) {
	const sentence = "Your balance is 12.34, valid until 03.11.2027"
	cases := []struct {
		name    string
		service simulator.Service
		want    string
	}{
		{"plain", simulator.Service{Reply: sentence}, sentence},
		{"of several lines", simulator.Service{Reply: "Balance:\r\n12.34 GBP\r\n\r\nOK\r\nBuy \"more\" now"}, "Balance:\n12.34 GBP\nOK\nBuy \"more\" now"},
		{"packed septets", simulator.Service{Reply: sentence, Form: "packed"}, sentence},
		{"packed, with a sign of the extension table", simulator.Service{Reply: "Saldo: 8,15 € [A]", Form: "packed"}, "Saldo: 8,15 € [A]"},
		{"UCS-2", simulator.Service{Reply: "Баланс: 250,5 р.", Form: "ucs2"}, "Баланс: 250,5 р."},
		{"a number of digits is no hexadecimal", simulator.Service{Reply: "45464748"}, "45464748"},
		{"a menu", simulator.Service{Reply: "Credit 3.10\n1 Top up", Code: 1}, "Credit 3.10\n1 Top up"},
		{"a text that the network ends with", simulator.Service{Reply: sentence, Code: 2}, sentence},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			story(t, func(b *bench) {
				b.until("network")
				if err := b.sim.Serve("*100#", c.service); err != nil {
					t.Fatal(err)
				}
				b.forget()
				got, err := b.m.USSD(b.ctx, "*100#")
				if err != nil || got != c.want {
					t.Errorf("got %q and %v, want %q", got, err, c.want)
				}
				if closed := strings.Contains(b.sent(), "AT+CUSD=2\r"); closed != (c.service.Code == 1) {
					t.Errorf("the menu was closed: %v", closed)
				}
				if got := b.dialogue(); got != "" {
					t.Errorf("the trace has %q", got)
				}
				works(b)
			})
		})
	}
}

func TestUSSDThatFails(t *testing.T) {
	service := func(s simulator.Service) func(*bench) { return func(b *bench) { _ = b.sim.Serve("*100#", s) } }
	cases := []struct {
		name   string
		before func(*bench)
		want   error
		text   string
		within time.Duration
	}{
		{"ended by the network", service(simulator.Service{Code: 2}), nil, "ended the inquiry", 5 * time.Second},
		{"not supported", service(simulator.Service{Code: 4}), nil, "does not know", 5 * time.Second},
		{"the network's own time-out", service(simulator.Service{Code: 5, After: 20 * time.Second}), nil, "too long", 25 * time.Second},
		{"silence", service(simulator.Service{Silent: true}), modem.ErrNoAnswer, "", 35 * time.Second},
		{"no network", func(b *bench) { _ = b.sim.Fault(simulator.Fault{Name: "network-lost"}) }, nil, "no network", 5 * time.Second},
		{"the modem restarts", func(b *bench) {
			service(simulator.Service{Silent: true})(b)
			time.AfterFunc(3*time.Second, func() { _ = b.sim.Fault(simulator.Fault{Name: "reboot"}) })
		}, modem.ErrUnknown, "", 10 * time.Second},
		{"the line is lost", func(b *bench) {
			service(simulator.Service{Silent: true})(b)
			time.AfterFunc(3*time.Second, func() { _ = b.sim.Fault(simulator.Fault{Name: "unplug", For: time.Second}) })
		}, modem.ErrUnknown, "", 10 * time.Second},
		{"a text to send", func(b *bench) {
			service(simulator.Service{Silent: true})(b)
			b.beside.Go(func() {
				time.Sleep(3 * time.Second)
				_, _ = b.m.Send(b.ctx, modem.Text{To: anna, Body: "first"})
			})
		}, modem.ErrYielded, "", 4 * time.Second},
		{"a call that goes on", func(b *bench) {
			b.sim.SetPhone(bob, simulator.Behaviour{AnswerAfter: time.Second})
			_, _ = b.m.Dial(b.ctx, bob, false)
		}, modem.ErrYielded, "", time.Second},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			story(t, func(b *bench) {
				b.until("network")
				c.before(b)
				began := time.Now()
				got, err := b.m.USSD(b.ctx, "*100#")
				if took := time.Since(began); took > c.within {
					t.Errorf("it took %v", took)
				}
				if got != "" || err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
					t.Errorf("got %q and %v", got, err)
				}
				_ = b.m.HangUp(b.ctx)
				time.Sleep(time.Minute)
				works(b)
			})
		})
	}
}

// A text that comes while the network thinks is read at once, and the answer is
// not lost by it.
func TestUSSDHoldsUpNoText(t *testing.T) {
	story(t, func(b *bench) {
		b.until("network")
		b.keeps()
		_ = b.sim.Serve("*100#", simulator.Service{Reply: "Credit 1.00", After: 20 * time.Second})
		b.beside.Go(func() {
			time.Sleep(5 * time.Second)
			_ = b.sim.Text(anna, "482913 disarm")
		})
		b.beside.Go(func() {
			time.Sleep(7 * time.Second)
			if got := strings.Join(b.seen(idle...), "\n"); !strings.Contains(got, "482913 disarm") {
				t.Errorf("2 s after the text this was told:\n%s", got)
			}
		})
		if got, err := b.m.USSD(b.ctx, "*100#"); err != nil || got != "Credit 1.00" {
			t.Errorf("got %q and %v", got, err)
		}
	})
}

// +CUSD does not say which question it answers.
func TestALateAnswerIsNotTheNext(t *testing.T) {
	var line *tap
	tapped(t, &line, func(b *bench) {
		b.until("network")
		_ = b.sim.Serve("*100#", simulator.Service{Silent: true})
		if _, err := b.m.USSD(b.ctx, "*100#"); !errors.Is(err, modem.ErrNoAnswer) {
			t.Fatal(err)
		}
		_ = b.sim.Serve("*101#", simulator.Service{Reply: "the second", After: 3 * time.Second})
		b.beside.Go(func() {
			time.Sleep(time.Second)
			line.inject("\r\n+CUSD: 0,\"the first\",15\r\n")
		})
		if got, err := b.m.USSD(b.ctx, "*101#"); got == "the first" || err == nil {
			t.Errorf("got %q and %v", got, err)
		}
		time.Sleep(6 * time.Minute)
		if got, err := b.m.USSD(b.ctx, "*101#"); err != nil || got != "the second" {
			t.Errorf("got %q and %v", got, err)
		}
	})
}

func TestAnAnswerWithoutItsEndIsForgotten(t *testing.T) {
	var line *tap
	tapped(t, &line, func(b *bench) {
		b.until("network")
		for range 3 {
			line.inject("\r\n+CUSD: 0,\"half of\r\n")
			time.Sleep(2 * time.Second)
			works(b)
		}
	})
}

func TestOnlyServiceCodesAreAsked(t *testing.T) {
	story(t, func(b *bench) {
		b.until("network")
		for _, code := range []string{"", "*", "100\",15\r", "BAL", "*100#;", strings.Repeat("1", 41)} {
			if _, err := b.m.USSD(context.Background(), code); !errors.Is(err, modem.ErrCode) {
				t.Errorf("%q: %v", code, err)
			}
		}
	})
}
