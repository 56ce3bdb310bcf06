package modem_test

import (
	"bytes"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

var hexRun = regexp.MustCompile(`[0-9A-F]{24}`)

func TestTraceHidesWhatNobodyMayRead(t *testing.T) {
	story(t, func(b *bench) {
		b.until("network")
		_, _ = b.m.Send(b.ctx, modem.Text{To: anna, Body: "Code 90210 taken ٣", Report: true})
		_ = b.sim.Text(anna, "482913 disarm")
		_ = b.sim.Text(anna, "482913 DISARM, Tulip!")
		b.sim.SetPhone(bob, simulator.Behaviour{AnswerAfter: time.Second, Digits: "735#"})
		_, _ = b.m.Dial(b.ctx, bob, false)
		b.until("digit #")
		_ = b.m.HangUp(b.ctx)
		time.Sleep(time.Minute)
		all := b.dialogue()
		for _, secret := range []string{"90210", "482913", "DTMF", "+CDS", "٣", "Tulip", "lip"} {
			if strings.Contains(all, secret) {
				t.Errorf("the trace has %q:\n%s", secret, all)
			}
		}
		if pdu := hexRun.FindString(all); pdu != "" {
			t.Errorf("the trace has a PDU: %s", pdu)
		}
		for _, shown := range []string{`> text to ` + anna + `: "Code ••••• taken •"`, `< text from ` + anna + `: "•••••• disarm"`, `: "•••••• DISARM, …!"`, "> ATD" + bob} {
			if !strings.Contains(all, shown) {
				t.Errorf("the trace lacks %q", shown)
			}
		}
	})
}

func TestASealedDialogueLeavesNoTrace(t *testing.T) {
	faults := []string{"", "late", "lost-after-accept", "no-answer"}
	for _, fault := range faults {
		t.Run("fault "+fault, func(t *testing.T) {
			story(t, func(b *bench) {
				b.until("network")
				b.forget()
				if fault != "" {
					_ = b.sim.Fault(simulator.Fault{Name: fault, Command: "+CMGS"})
				}
				_, _ = b.m.Send(b.ctx, modem.Text{To: bob, Body: "DURESS", Report: true, Sealed: true})
				b.sim.SetPhone(bob, simulator.Behaviour{AnswerAfter: 3 * time.Second, Digits: "1"})
				if _, err := b.m.Dial(b.ctx, bob, true); err != nil {
					t.Fatal(err)
				}
				b.until("answered")
				_ = b.m.Tones(b.ctx, "159")
				b.until("digit 1")
				_ = b.sim.Hangup(bob)
				b.until("ended")
				time.Sleep(time.Minute)
				all := b.dialogue()
				for _, s := range []string{bob[1:], "CMGS", "text to", "DURESS", "ATD", "CLCC", "MO ", "CARRIER", "VTS", "DTMF", "CDS", "CEER", "ESC", "GSN"} {
					if strings.Contains(all, s) {
						t.Errorf("the trace has %q:\n%s", s, all)
					}
				}
			})
		})
	}
}

// That the line was out of step is logged, but where what went unanswered was sealed.
func TestTheLogDoesNotTellOfASealedText(t *testing.T) {
	for _, sealed := range []bool{false, true} {
		var log bytes.Buffer
		storyWith(t, simulator.Options{}, func(*simulator.Modem) {}, func(b *bench) {
			b.until("network")
			synctest.Wait()
			log.Reset()
			_ = b.sim.Fault(simulator.Fault{Name: "lost-after-accept", Command: "+CMGS"})
			_, _ = b.m.Send(b.ctx, modem.Text{To: bob, Body: "DURESS", Sealed: sealed})
			time.Sleep(2 * time.Minute)
			synctest.Wait()
			if got := log.String(); sealed && got != "" || !sealed && !strings.Contains(got, "out of step") {
				t.Errorf("sealed %v: the log has %q", sealed, got)
			}
		}, func(_ *bench, o *modem.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	}
}
