package wired

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/warthog618/go-gpiosim"
)

// TestKernel holds what [board] pretends to the kernel itself, where that can make a
// chip: a loop, a button and a siren, and the chip that goes away under them.
func TestKernel(t *testing.T) {
	sim, err := gpiosim.NewSimpleton(4)
	if err != nil {
		t.Skipf("this machine makes no GPIO chip, for which it needs the module gpio-sim and root: %v", err)
	}
	defer sim.Close()
	said := make(chan string, 100)
	w := NewLoops(Hears{
		Stands:  func(_ string, open, first bool) { said <- fmt.Sprintf("open %v, first %v", open, first) },
		Pressed: func(_ string, first bool, _, lasted time.Duration) { said <- fmt.Sprintf("pressed %v", first) },
		Failing: func(why string) { said <- "failing: " + why },
	})
	ctx, end := context.WithCancel(t.Context())
	defer end()
	go w.Run(ctx)
	expect := func(do error, want string) {
		t.Helper()
		select {
		case got := <-said:
			if do != nil || !strings.HasPrefix(got, want) {
				t.Fatalf("said %q, want %q (%v)", got, want, do)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("it is silent instead of %q (%v)", want, do)
		}
	}
	w.Want([]Loop{{ID: fmt.Sprintf("gpio:%s:1", sim.ChipName())}})
	expect(nil, "open true, first true") // the pull-up of an empty line
	expect(sim.Pulldown(1), "open false, first false")
	for range 4 { // bounces are nothing
		if err := sim.Toggle(1); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	expect(sim.Pullup(1), "open true, first false")
	w.Want([]Loop{{ID: fmt.Sprintf("gpio:%s:2:no", sim.ChipName()), Button: true}})
	time.Sleep(200 * time.Millisecond) // it is taken, and rests
	expect(sim.Pulldown(2), "pressed true")
	time.Sleep(100 * time.Millisecond)
	expect(sim.Pullup(2), "pressed false")

	s, err := OpenSiren(fmt.Sprintf("gpio:%s:3", sim.ChipName()), func(err error) { said <- fmt.Sprint(err) })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Set(true, "steady"); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		if level, err := sim.Level(3); err == nil && level == 1 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the siren is silent")
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	sim.Close()
	expect(nil, "failing: gpio:")
}
