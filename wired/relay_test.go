package wired

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// rings makes a siren at a line of the board.
func (b *board) rings(out string) *setter {
	b.t.Helper()
	d, err := sounderOf(out, b)
	if err != nil {
		b.t.Fatal(err)
	}
	return startSetter(d, func(err error) { b.notes(fmt.Sprint(err)) })
}

func (b *board) sets(s *setter, on bool, pattern string) {
	b.t.Helper()
	if err := s.Set(on, pattern); err != nil {
		b.t.Error(err)
	}
}

// Temporal-3 is made here: half a second on and off, three times, and a second more
// of silence (ISO 8201).
func TestPatternsOfARelay(t *testing.T) {
	for _, out := range []string{"gpio:gpiochip0:27", "gpio:gpiochip0:27:low"} {
		onBoard(t, func(b *board) {
			b.high[27] = true
			s := b.rings(out)
			b.sets(s, false, "")
			b.want("0s 27 off")
			time.Sleep(time.Minute)
			b.sets(s, true, "steady")
			time.Sleep(time.Minute)
			b.want("1m0s 27 on")
			b.sets(s, true, "temporal-3")
			time.Sleep(4600 * time.Millisecond)
			b.want("2m0.5s 27 off", "2m1s 27 on", "2m1.5s 27 off", "2m2s 27 on", "2m2.5s 27 off", "2m4s 27 on", "2m4.5s 27 off")
			b.sets(s, false, "")
			time.Sleep(time.Minute)
			b.want()
			s.Chirp(2)
			time.Sleep(time.Minute)
			b.want("3m4.6s 27 on", "3m4.7s 27 off", "3m4.95s 27 on", "3m5.05s 27 off")
			if high := b.high[27]; high != (out != "gpio:gpiochip0:27") {
				t.Errorf("%s: silent at level %v", out, high)
			}
			if err := s.Close(); err != nil || b.inUse() != 0 {
				t.Errorf("closed with %v; %d lines are not given back", err, b.inUse())
			}
		})
	}
}

// A siren whose chip is gone is told of, silent or not, and brought to its level when
// it is back.
func TestRelayThatGoes(t *testing.T) {
	for _, on := range []bool{false, true} {
		onBoard(t, func(b *board) {
			s := b.rings("gpio:gpiochip0:27")
			b.sets(s, on, "steady")
			b.want("0s 27 " + map[bool]string{true: "on", false: "off"}[on])
			b.unplug(true)
			time.Sleep(5 * time.Second)
			b.want("5s the siren can't be switched: gpiochip0 is gone")
			time.Sleep(500 * time.Millisecond)
			b.unplug(false)
			b.turn(27, !on) // by somebody else
			time.Sleep(time.Minute)
			b.want("6s 27 "+map[bool]string{true: "on", false: "off"}[on], "6s <nil>")
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Closed in a pause of its pattern, a siren for fire sounds on.
func TestCloseLeavesARelayAsItWas(t *testing.T) {
	onBoard(t, func(b *board) {
		s := b.rings("gpio:gpiochip0:27")
		b.sets(s, true, "temporal-3")
		time.Sleep(700 * time.Millisecond)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		b.want("0s 27 on", "500ms 27 off", "700ms 27 on")
	})
}

func TestRelayThatIsAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "brightness")
	reports := make(chan error, 10)
	s, err := OpenSiren(file, func(err error) { reports <- err })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Set(true, "steady"); err != nil {
		t.Fatal(err)
	}
	if err := <-reports; err == nil || err.Error() != "the siren can't be switched: "+file+": no such file or directory" {
		t.Errorf("without a file: %v", err)
	}
	if err := os.WriteFile(file, []byte("0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Set(true, "temporal-3"); err != nil { // which does not wait for the next try
		t.Fatal(err)
	}
	if err := <-reports; err != nil {
		t.Errorf("with it: %v", err)
	}
	for _, on := range []bool{true, false} {
		if err := s.Set(on, "steady"); err != nil {
			t.Fatal(err)
		}
		if !on {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "0\n" {
		t.Errorf("the file holds %q (%v)", b, err)
	}
	if err := writeDigit(t.TempDir(), true); err == nil {
		t.Error("a directory was written")
	}
}

// TestSounds holds the pattern at every tenth of a second of two rounds.
func TestSounds(t *testing.T) {
	for tenth := range 80 {
		n := tenth % 40
		want := n < 5 || n >= 10 && n < 15 || n >= 20 && n < 25
		on, left := sounds(level{true, "temporal-3"}, time.Duration(tenth)*100*time.Millisecond)
		if on != want || left <= 0 || left > 1500*time.Millisecond {
			t.Errorf("%d tenths: %v for %v, want %v", tenth, on, left, want)
		}
	}
}
