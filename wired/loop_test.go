package wired

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// reads makes a reader of loops whose words are written down.
func (b *board) reads(list ...Loop) *Loops {
	w := newLoops(b, Hears{
		Stands: func(id string, open, first bool) {
			b.notes(fmt.Sprintf("%s%s %s", map[bool]string{true: "found ", false: ""}[first], id[len("gpio:gpiochip"):], map[bool]string{true: "open", false: "closed"}[open]))
		},
		Pressed: func(_ string, first bool, ago, lasted time.Duration) {
			b.notes(fmt.Sprintf("%s%v ago for %v", map[bool]string{true: "pressed ", false: ""}[first], ago, lasted))
		},
		Failing: func(why string) { b.notes("failing: " + why) },
	})
	w.Want(list)
	ctx, end := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Run(ctx)
	}()
	b.t.Cleanup(func() {
		end()
		<-done
		if n := b.inUse(); n > 0 {
			b.t.Errorf("%d lines are not given back", n)
		}
	})
	return w
}

var (
	door   = Loop{ID: "gpio:gpiochip0:4"}
	window = Loop{ID: "gpio:gpiochip0:5:no"}
	help   = Loop{ID: "gpio:gpiochip0:6:no", Button: true}
)

// By the kernel or by us: a change counts once it has lasted for 300 ms.
func TestLoopSettles(t *testing.T) {
	for name, old := range map[string]bool{"by the kernel": false, "by us": true} {
		t.Run(name, func(t *testing.T) {
			onBoard(t, func(b *board) {
				b.old = old
				b.high[5] = true
				b.reads(door, window)
				time.Sleep(time.Second)
				if found := b.noted(); len(found) != 2 { // which of them first is nobody's business
					t.Errorf("found %q", found)
				}
				for range 20 { // it bounces, and then stands
					b.open(4)
					time.Sleep(10 * time.Millisecond)
					b.shut(4)
					time.Sleep(10 * time.Millisecond)
				}
				b.want()
				b.open(4)
				time.Sleep(299 * time.Millisecond)
				b.want()
				time.Sleep(time.Second)
				b.shut(4)
				time.Sleep(250 * time.Millisecond)
				b.open(4) // too short to be a closing
				time.Sleep(time.Second)
				b.shut(4)
				time.Sleep(time.Second)
				b.want("1.7s 0:4 open", "4.249s 0:4 closed")
				b.shut(5) // which is open at rest
				time.Sleep(time.Second)
				b.want("5.249s 0:5:no open")
			})
		})
	}
}

// A loop that was opened while nobody was looking is found so.
func TestLoopIsFoundOpen(t *testing.T) {
	onBoard(t, func(b *board) {
		b.high[4] = true
		b.reads(door)
		b.want("0s found 0:4 open")
	})
}

func TestLostEdgeIsMended(t *testing.T) {
	for _, old := range []bool{false, true} {
		onBoard(t, func(b *board) {
			b.old = old
			b.reads(door)
			b.want("0s found 0:4 closed")
			b.deaf = true
			time.Sleep(1200 * time.Millisecond)
			b.open(4)
			time.Sleep(2 * time.Second)
			settling := time.Duration(0)
			if old {
				settling = settleLoop
			}
			b.want(fmt.Sprint(2*time.Second+settling, " 0:4 open"))
		})
	}
}

func TestChipGoesAndComesBack(t *testing.T) {
	onBoard(t, func(b *board) {
		b.reads(door)
		time.Sleep(20*time.Second + 500*time.Millisecond)
		b.want("0s found 0:4 closed")
		b.unplug(true)
		time.Sleep(20 * time.Second)
		b.want("21s failing: gpio:gpiochip0:4: gpiochip0 is gone", "22s failing: gpio:gpiochip0:4: there is no gpiochip0 (`gpiodetect` shows the chips)")
		takes := b.takes
		b.open(4)
		b.unplug(false)
		time.Sleep(5 * time.Second)
		b.want("44s failing: ", "44s found 0:4 open")
		if b.takes != takes+1 {
			t.Errorf("taken %d times more", b.takes-takes)
		}
	})
}

// What is read follows what is wanted: a line is given back before it is taken anew.
func TestLoopsFollowWhatIsWanted(t *testing.T) {
	onBoard(t, func(b *board) {
		w := b.reads(door)
		b.want("0s found 0:4 closed")
		w.Want([]Loop{door, {ID: "gpio:gpiochip7:1"}})
		b.want("0s failing: gpio:gpiochip7:1: there is no gpiochip7 (`gpiodetect` shows the chips)")
		w.Want([]Loop{{ID: "gpio:gpiochip0:4:no"}})
		b.want("0s failing: ", "0s found 0:4:no open")
		w.Want(nil)
		b.want()
		time.Sleep(time.Second)
		b.open(4)
		time.Sleep(time.Minute)
		b.want()
		if b.inUse() != 0 {
			t.Error("the line is not given back")
		}
	})
}

// A line that the siren has is said to be in use.
func TestLineInUse(t *testing.T) {
	onBoard(t, func(b *board) {
		l, err := b.output(pin{chip: "gpiochip0", line: 4}, false)
		if err != nil {
			t.Fatal(err)
		}
		b.noted()
		w := b.reads(door)
		b.want("0s failing: gpio:gpiochip0:4: gpiochip0 line 4 is in use already (`gpioinfo` shows by whom)")
		l.close()
		time.Sleep(time.Second)
		b.want("1s failing: ", "1s found 0:4 closed")
		takes := b.takes
		w.Want([]Loop{{ID: door.ID, Taken: "--siren"}}) // which needs it more
		b.want("1s failing: gpio:gpiochip0:4: it is the line of --siren")
		if b.takes != takes {
			t.Error("it is taken all the same")
		}
	})
}

// Of a button each press is told while it lasts, quick ones too, and bounces are none.
func TestButton(t *testing.T) {
	for name, c := range map[string]struct {
		story func(b *board)
		want  []string
	}{
		"once": {
			func(b *board) { b.presses(100 * time.Millisecond) },
			[]string{"1.03s pressed 0s ago for 0s", "1.13s 100ms ago for 100ms"},
		},
		"twice": {
			func(b *board) {
				b.presses(80 * time.Millisecond)
				time.Sleep(70 * time.Millisecond)
				b.presses(80 * time.Millisecond)
			},
			[]string{"1.03s pressed 0s ago for 0s", "1.11s 80ms ago for 80ms", "1.18s pressed 0s ago for 0s", "1.26s 80ms ago for 80ms"},
		},
		"held": {
			func(b *board) { b.presses(610 * time.Millisecond) },
			[]string{"1.03s pressed 0s ago for 0s", "1.28s 250ms ago for 250ms", "1.53s 500ms ago for 500ms", "1.64s 610ms ago for 610ms"},
		},
		"bounces": {
			func(b *board) {
				for range 5 {
					b.presses(2 * time.Millisecond)
					time.Sleep(2 * time.Millisecond)
				}
			}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBoard(t, func(b *board) {
				b.high[6] = true
				b.reads(help)
				time.Sleep(time.Second)
				c.story(b)
				time.Sleep(time.Second)
				b.want(c.want...)
			})
		})
	}
}

// presses closes a button's contact for so long.
func (b *board) presses(long time.Duration) {
	b.shut(6)
	time.Sleep(long)
	b.open(6)
}

// A wire that was cut says nothing for ever, and one that is found so is no press.
func TestButtonThatIsStuck(t *testing.T) {
	onBoard(t, func(b *board) {
		b.reads(help)
		time.Sleep(time.Minute)
		b.want()
		b.open(6)
		time.Sleep(time.Second)
		b.want()
		b.shut(6)
		time.Sleep(time.Hour)
		if told := b.noted(); len(told) != 21 { // 5 s by quarters
			t.Errorf("told %d times: %q", len(told), told)
		}
		b.open(6)
		time.Sleep(time.Second)
		b.want()
	})
}
