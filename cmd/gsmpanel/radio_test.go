package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gsmpanel/gsmpanel/control"
	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

const etherFob, etherGestures, etherDoor, etherRolling = "ev1527:13CDC0", "ev1527:13CD0C", "dsc:24BDC8", "hcs:0ABCDE1:2"

// posted is an ether whose panel knows two buttons and keeps what it is told.
type posted struct {
	*ether
	mu     sync.Mutex
	events []panel.Event
	stand  panel.Receivers // as last told
}

func newPosted(sources ...string) *posted {
	p := &posted{ether: newEther(sources, "", slog.New(slog.DiscardHandler))}
	p.knows = func(id string) panel.Known {
		return panel.Known{Enrolled: id == etherFob || id == etherGestures || id == etherDoor || id == etherRolling, Followed: id == etherGestures, Proven: id == etherRolling}
	}
	p.post = func(e panel.Event) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if r, ok := e.(panel.Receivers); ok {
			p.stand = r
			return
		}
		p.events = append(p.events, e)
	}
	return p
}

// at gives a frame to a receiver, ms after the ether began.
func (p *posted) at(ms, source int, id string) {
	p.hear(source, radio.Frame{Family: radio.FamilyEV1527, ID: id}, p.began.Add(time.Duration(ms)*time.Millisecond))
}

func (p *posted) expect(t *testing.T, want ...panel.Event) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if !reflect.DeepEqual(p.events, want) {
		t.Errorf("the panel was told %+v instead of %+v", p.events, want)
	}
}

func TestPressesOfSeveralReceivers(t *testing.T) {
	type heard struct {
		ms, source int
		id         string
	}
	press := panel.Pressed{ID: etherFob}
	for _, c := range []struct {
		name   string
		frames []heard
		want   []panel.Event
	}{
		{"two frames at one", []heard{{0, 0, etherFob}, {60, 0, etherFob}}, []panel.Event{press}},
		{"one stray frame at each", []heard{{0, 0, etherFob}, {5, 1, etherFob}}, nil},
		{"one press at both", []heard{{0, 0, etherFob}, {5, 1, etherFob}, {60, 0, etherFob}, {65, 1, etherFob}}, []panel.Event{press}},
		{"two presses", []heard{{0, 0, etherFob}, {60, 0, etherFob}, {2000, 1, etherFob}, {2060, 1, etherFob}}, []panel.Event{press, panel.Pressed{ID: etherFob, Source: 1}}},
		{"a stranger", []heard{{0, 0, "ev1527:123450"}, {60, 0, "ev1527:123450"}}, nil},
		{"devices that can't be used", []heard{{0, 0, ""}, {60, 0, ""}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPosted("rtl_433", "exec:b")
			for _, f := range c.frames {
				p.at(f.ms, f.source, f.id)
			}
			p.expect(t, c.want...)
		})
	}
}

// Of a button of which it matters how it is pressed, each frame of a press is told
// from the second on, by each receiver for itself; it counts once all the same.
func TestPressesThatAreFollowed(t *testing.T) {
	type heard struct{ ms, source int }
	press := func(source int, fresh bool, lasted int64, counts bool) panel.Event {
		return panel.Pressing{ID: etherGestures, Source: source, New: fresh, Ago: lasted, Lasted: lasted, Counts: counts}
	}
	for _, c := range []struct {
		name   string
		frames []heard
		want   []panel.Event
	}{
		{"one frame", []heard{{0, 0}}, nil},
		{"one stray frame at each", []heard{{0, 0}, {5, 1}}, nil},
		{"held", []heard{{0, 0}, {60, 0}, {120, 0}}, []panel.Event{press(0, true, 60, true), press(0, false, 120, false)}},
		{"one press at both", []heard{{0, 0}, {5, 1}, {60, 0}, {65, 1}}, []panel.Event{press(0, true, 60, true), press(1, true, 60, false)}},
		{"twice, soon after one another", []heard{{0, 0}, {60, 0}, {400, 0}, {460, 0}}, []panel.Event{press(0, true, 60, true), press(0, true, 60, false)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPosted("rtl_433", "exec:b")
			for _, f := range c.frames {
				p.at(f.ms, f.source, etherGestures)
			}
			p.expect(t, c.want...)
		})
	}
}

// A device that reports by itself says each thing once, all that it says at once,
// and a rolling code that proves itself counts by its first frame.
func TestDevicesThatReport(t *testing.T) {
	p := newPosted("rtl_433", "exec:b")
	hear := func(ms, source int, f radio.Frame) {
		p.hear(source, f, p.began.Add(time.Duration(ms)*time.Millisecond))
	}
	opened := radio.Frame{ID: etherDoor, Says: radio.Trips | radio.CoverOpen | radio.BatteryLow, Alone: true}
	hear(0, 0, opened)
	hear(40, 0, opened)
	hear(50, 1, opened)
	hear(500, 0, radio.Frame{ID: etherDoor, Says: radio.Open | radio.CoverShut | radio.BatteryGood | radio.Alive, Alone: true})
	hear(700, 0, radio.Frame{ID: etherDoor, Says: radio.Closed, Alone: true})
	hear(700, 0, radio.Frame{ID: "dsc:24BDC9", Says: radio.Trips, Alone: true})
	hear(1000, 1, radio.Frame{ID: etherRolling, Hop: 0x11C80628})
	hear(1100, 1, radio.Frame{ID: etherRolling, Hop: 0x11C80628})
	hear(1200, 1, radio.Frame{ID: etherRolling, Hop: 0x2662ECD7})
	p.expect(t,
		panel.Sensed{ID: etherDoor, What: []zones.What{zones.Tripped, zones.Tampered, zones.BatteryLow}},
		panel.Sensed{ID: etherDoor, What: []zones.What{zones.StandsOpen, zones.TamperCleared, zones.BatteryOK, zones.CheckIn}},
		panel.Sensed{ID: etherDoor, What: []zones.What{zones.Closed}},
		panel.Pressed{ID: etherRolling, Source: 1, Hop: 0x11C80628}, panel.Pressed{ID: etherRolling, Source: 1, Hop: 0x2662ECD7})
}

// However many strangers are on the air between two frames of a fob, it is heard.
func TestAFloodPushesNoFobOut(t *testing.T) {
	p := newPosted("rtl_433")
	p.at(0, 0, etherFob)
	for n := range 4 * radio.MaxHeard {
		for range 2 {
			p.at(100, 0, fmt.Sprintf("ev1527:%06X", 0x200000+n))
		}
	}
	p.at(200, 0, etherFob)
	p.expect(t, panel.Fault{Name: panel.ScanTrouble, On: true}, panel.Pressed{ID: etherFob})
}

func TestHealthOfSeveralReceivers(t *testing.T) {
	type stands struct {
		source int
		down   error
	}
	gone, dead := errors.New("gone"), errors.New("dead")
	tells := func(unit, of int, why string) panel.Event {
		return panel.Fault{Name: panel.RadioTrouble, Unit: unit, Of: of, On: why != "", Why: why}
	}
	two := []string{"rtl_433", "exec:receive --password 1234"}
	for _, c := range []struct {
		name    string
		sources []string
		told    []stands
		want    []panel.Event
		up, of  int
	}{
		{"one that is well", []string{"rtl_433"}, []stands{{0, nil}, {0, nil}}, []panel.Event{tells(1, 1, "")}, 1, 1},
		{"one that fails", []string{"rtl_433"}, []stands{{0, gone}, {0, gone}, {0, nil}, {0, dead}}, []panel.Event{tells(1, 1, "gone"), tells(1, 1, ""), tells(1, 1, "dead")}, 0, 1},
		{"one that fails for another reason", []string{"rtl_433"}, []stands{{0, gone}, {0, dead}}, []panel.Event{tells(1, 1, "gone")}, 0, 1},
		{"none among them is no receiver", []string{"none", "rtl_433"}, []stands{{0, gone}}, []panel.Event{tells(1, 1, "gone")}, 0, 1},
		{"both well", two, []stands{{1, nil}, {0, nil}}, []panel.Event{tells(2, 2, ""), tells(1, 2, "")}, 2, 2},
		{"one of two fails, and its command is not told", two, []stands{{0, nil}, {1, gone}, {1, nil}}, []panel.Event{tells(1, 2, ""), tells(2, 2, "receiver 2 of 2, exec: gone"), tells(2, 2, "")}, 2, 2},
		{"the second fails while the first is down", two, []stands{{0, gone}, {1, dead}, {0, nil}, {1, nil}}, []panel.Event{
			tells(1, 2, "receiver 1 of 2, rtl_433: gone"), tells(2, 2, "receiver 2 of 2, exec: dead"), tells(1, 2, ""), tells(2, 2, "")}, 2, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPosted(c.sources...)
			for _, s := range c.told {
				p.stands(s.source, s.down)
			}
			p.expect(t, c.want...)
			if want := (panel.Receivers{Up: c.up, Of: c.of}); !reflect.DeepEqual(p.stand, want) {
				t.Errorf("told that %+v, want %+v", p.stand, want)
			}
		})
	}
}

// attend learns until its context ends, and keeps what it is told.
func attend(ctx context.Context, e *ether) (told func() []control.Learnt) {
	var mu sync.Mutex
	var all []control.Learnt
	go func() {
		_ = e.learn(ctx, func(l control.Learnt) error {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, l)
			return nil
		})
	}()
	return func() []control.Learnt { mu.Lock(); defer mu.Unlock(); return slices.Clone(all) }
}

func wasFound(f radio.Finding) control.Learnt { return control.Learnt{Finding: &f} }

// Learners hear what nobody enrolled and what can't be used, each by itself and
// each device once; a single frame they do not.
func TestLearnersHearEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPosted("rtl_433")
		p.known = func() []string { return []string{"ev1527:5A3C9E"} }
		ctx, cancel := context.WithCancel(t.Context())
		early := attend(ctx, p.ether)
		synctest.Wait()
		p.at(0, 0, "ev1527:77ABCD")
		for n := range 4 {
			p.at(100+60*n, 0, "ev1527:5A3C97")
			p.at(100+60*n, 0, etherFob)
		}
		late := attend(ctx, p.ether)
		synctest.Wait()
		p.hear(0, radio.Frame{Family: "yale"}, p.began.Add(time.Second))
		synctest.Wait()
		cancel()
		synctest.Wait()
		foreign := wasFound(radio.Finding{Family: "yale", Frames: 1})
		want := []control.Learnt{
			wasFound(radio.Finding{ID: "ev1527:5A3C97", Family: "ev1527", Frames: 2, Like: "ev1527:5A3C9E", Part: radio.PartClose}),
			wasFound(radio.Finding{ID: etherFob, Family: "ev1527", Frames: 2}), foreign,
		}
		if got := early(); !reflect.DeepEqual(got, want) {
			t.Errorf("the first learnt %+v instead of %+v", got, want)
		}
		if got := late(); !reflect.DeepEqual(got, []control.Learnt{foreign}) {
			t.Errorf("the second learnt %+v", got)
		}
		p.expect(t, panel.Pressed{ID: etherFob})
		if len(p.learners) != 0 {
			t.Error("a learner has stayed")
		}
	})
}

// A learner is told at once what is down and then of changes, not that a receiver
// has come up for the first time.
func TestLearnersAreToldOfReceivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPosted("rtl_433", "exec:b")
		ctx, cancel := context.WithCancel(t.Context())
		first := attend(ctx, p.ether)
		synctest.Wait()
		step := func(source int, down error) { p.stands(source, down); synctest.Wait() }
		step(0, nil)
		step(1, errors.New("gone"))
		second := attend(ctx, p.ether)
		synctest.Wait()
		step(1, nil)
		cancel()
		synctest.Wait()
		want := []control.Learnt{{Down: []string{"receiver 2 of 2, exec: gone"}}, {}}
		for _, got := range [][]control.Learnt{first(), second()} {
			if !reflect.DeepEqual(got, want) && !(len(got) == 2 && reflect.DeepEqual(got[0], want[0]) && len(got[1].Down) == 0) {
				t.Errorf("told %+v instead of %+v", got, want)
			}
		}
	})
}

// A learner that takes long over what it is told holds up no receiver, and no
// other learner.
func TestASlowLearnerHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPosted("rtl_433", "exec:b")
		ctx, cancel := context.WithCancel(t.Context())
		stuck := make(chan struct{})
		go func() {
			_ = p.learn(ctx, func(control.Learnt) error { <-stuck; return nil })
		}()
		quick := attend(ctx, p.ether)
		synctest.Wait()
		const devices = 100
		for n := range devices {
			for range 10 {
				p.at(n*60, 0, fmt.Sprintf("ev1527:%06X", 0x200000+n<<8))
			}
			p.stands(1, fmt.Errorf("failed %d times", n))
			synctest.Wait()
		}
		p.at(10_000, 0, etherFob)
		p.at(10_060, 0, etherFob)
		findings := 0
		for _, l := range quick() {
			if l.Finding != nil {
				findings++
			}
		}
		if findings != devices {
			t.Errorf("the quick one found %d of %d", findings, devices)
		}
		p.expect(t, panel.Fault{Name: panel.RadioTrouble, Unit: 2, Of: 2, On: true, Why: "receiver 2 of 2, exec: failed 0 times"},
			panel.Fault{Name: panel.ScanTrouble, On: true}, panel.Pressed{ID: etherFob})
		close(stuck)
		cancel()
	})
}

func TestHowManyMayLearn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPosted("rtl_433")
		ctx, cancel := context.WithCancel(t.Context())
		for range maxLearners {
			attend(ctx, p.ether)
		}
		synctest.Wait()
		if err := p.learn(ctx, nil); err == nil || err.Error() != "8 programs learn devices already, and the panel takes no more at once" {
			t.Errorf("one more: %v", err)
		}
		cancel()
		synctest.Wait()
		if err := p.learn(ctx, nil); err != nil {
			t.Errorf("when all have gone: %v", err)
		}
	})
	if err := newPosted("none").learn(t.Context(), nil); err == nil || err.Error() != "there is no receiver to listen with: --radio is none" {
		t.Errorf("without a receiver: %v", err)
	}
}

// What a learner cannot take ends its learning.
func TestLearnEndsWithItsReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, full, ended := newPosted("rtl_433"), errors.New("no room"), make(chan error, 1)
		go func() { ended <- p.learn(t.Context(), func(control.Learnt) error { return full }) }()
		synctest.Wait()
		p.hear(0, radio.Frame{Family: "yale"}, p.began)
		if err := <-ended; !errors.Is(err, full) {
			t.Errorf("it ended with %v", err)
		}
	})
}
