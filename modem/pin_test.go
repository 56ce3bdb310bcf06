package modem_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// locked is a SIM that asks for the PIN 4711, tried wrong so often already.
func locked(wrong int) func(*simulator.Modem) {
	return func(s *simulator.Modem) {
		_ = s.Fault(simulator.Fault{Name: "sim-pin", Code: 4711})
		time.Sleep(10 * time.Second)
		l := s.Line()
		for range wrong {
			_, _ = fmt.Fprintf(l, "AT+CPIN=0000\r")
		}
		time.Sleep(time.Second)
		_ = l.Close()
	}
}

// A PIN is tried where two tries are left at least, and whatever keeps it decides.
func TestThePINIsTriedOnce(t *testing.T) {
	cases := []struct {
		name   string
		before func(*simulator.Modem)
		pin    string // "": none is known
		want   string // the beginning of what is told
		calls  int
	}{
		{"right", locked(0), "4711", "up 1", 1},
		{"right, with two tries left", locked(1), "4711", "up 1", 1},
		{"wrong", locked(0), "4712", "down 0: PIN: the PIN is wrong", 1},
		{"wrong, with two tries left", locked(1), "4712", "down 0: PIN: the PIN is wrong", 1},
		{"one try left", locked(2), "4711", "down 0: the SIM card allows one more try of its PIN", 0},
		{"none left", locked(3), "4711", "down 0: the SIM card is locked and asks for its PUK", 0},
		{"not known", locked(0), "", "down 0: the SIM card asks for its PIN", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			calls := 0
			tried := false
			unlock := func(card string, left int, enter func(string) error) error {
				if tried {
					return errors.New("PIN: the PIN is wrong") // as remembered
				}
				if calls++; len(card) != 20 || left < 2 {
					t.Errorf("card %q, %d tries left", card, left)
				}
				if err := enter(c.pin); err != nil {
					tried = errors.Is(err, modem.ErrPIN)
					return fmt.Errorf("PIN: %w", err)
				}
				return nil
			}
			storyWith(t, simulator.Options{}, c.before, func(b *bench) {
				time.Sleep(10 * time.Minute)
				if got := b.seen("Step"); len(got) == 0 || !strings.HasPrefix(got[0], c.want) {
					t.Errorf("told was %q, want %q", got, c.want)
				}
				if calls != c.calls {
					t.Errorf("the PIN was asked for %d times, want %d", calls, c.calls)
				}
				if n := strings.Count(b.sent(), `AT+CPIN="`); n != c.calls {
					t.Errorf("it was sent %d times", n)
				}
				if c.pin != "" && strings.Contains(b.dialogue(), c.pin) {
					t.Error("the trace has it")
				}
			}, func(_ *bench, o *modem.Options) {
				if c.pin != "" {
					o.Unlock = unlock
				}
			})
		})
	}
}

// A modem that starts anew is unlocked anew.
func TestTheSIMIsUnlockedAfterEachReset(t *testing.T) {
	unlocks := 0
	storyWith(t, simulator.Options{}, locked(0), func(b *bench) {
		b.until("up 1")
		_ = b.sim.Fault(simulator.Fault{Name: "reboot"})
		b.until("up 2")
		if unlocks != 2 {
			t.Errorf("unlocked %d times", unlocks)
		}
		works(b)
	}, func(_ *bench, o *modem.Options) {
		o.Unlock = func(_ string, _ int, enter func(string) error) error { unlocks++; return enter("4711") }
	})
}

// What nobody knows the end of is said so to whoever keeps the PIN.
func TestAPINWhoseFateIsUnknown(t *testing.T) {
	for _, name := range []string{"lost-after-accept", "reboot", "unplug"} {
		t.Run(name, func(t *testing.T) {
			var outcomes []error
			storyWith(t, simulator.Options{}, func(s *simulator.Modem) {
				locked(0)(s)
				_ = s.Fault(simulator.Fault{Name: name, Command: "+CPIN"}) // the question
				_ = s.Fault(simulator.Fault{Name: name, Command: "+CPIN"})
			}, func(b *bench) { b.until("up 1") }, func(_ *bench, o *modem.Options) {
				o.Unlock = func(_ string, _ int, enter func(string) error) error {
					err := enter("4711")
					outcomes = append(outcomes, err)
					return err
				}
			})
			for n, err := range outcomes[:len(outcomes)-1] {
				if err == nil || errors.Is(err, modem.ErrPIN) {
					t.Errorf("try %d: %v", n, err)
				}
			}
			if err := outcomes[len(outcomes)-1]; err != nil {
				t.Errorf("the last: %v", err)
			}
		})
	}
}
