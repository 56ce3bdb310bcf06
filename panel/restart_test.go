package panel

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/zones"
)

// TestRestartOfTheDaemon takes the time off from the machine's own clock while
// the machine has not been started anew, whatever the wall clock says.
func TestRestartOfTheDaemon(t *testing.T) {
	const entry = 30_000
	for _, tc := range []struct {
		name   string
		boot   string
		off    time.Duration
		state  string
		passed int64 // ticks from the last step
	}{
		{"a second later", "boot 1", time.Second, "pending", 1000},
		{"after the delay would have ended", "boot 1", time.Minute, "triggered", 60_000},
		{"another start of the machine, clock not set", "boot 2", time.Second, "triggered", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := NewState(1, 2)
			s.Tick, s.BootID, s.Up = 1_000_000, "boot 1", 5_000_000
			s.Zones.Mode, s.Zones.PendingUntil, s.Zones.PendingZone = zones.Away, s.Tick+entry, 1
			up := time.Duration(s.Up)*time.Millisecond + tc.off
			p := New(template, s, Shell{BootID: tc.boot, Siren: func(string) {},
				Clock: func() (time.Duration, time.Time, bool) { return up, evening.AddDate(-56, 0, 0), false }})
			l := &loop{p: p, c: template, s: s}
			l.start()
			if got := l.s.Zones.Shown(); got != tc.state {
				t.Errorf("the panel is %s, want %s", got, tc.state)
			}
			if got := l.s.Tick - s.Tick; got != tc.passed {
				t.Errorf("%d ms have passed, want %d", got, tc.passed)
			}
		})
	}
}

func TestCodesCanAlwaysBeTakenAway(t *testing.T) {
	s := NewState(1, 2)
	for range nearADay {
		s.Nearness.add(s.Tick)
	}
	if tooNear(s, CodeRequest{Do: "add"}) == nil || tooNear(s, CodeRequest{Do: "change"}) == nil {
		t.Error("a sixth try at a near code is allowed")
	}
	if err := tooNear(s, CodeRequest{Do: "remove"}); err != nil {
		t.Error(err)
	}
}

// Who pulls the plug after a command and looks when sensors were last heard, or
// are missed, learns nothing of what else was committed.
func TestPowerCutTellsNothingOfCommits(t *testing.T) {
	supervise := time.Hour
	c := must(template.Apply(EditZone{Zone: "Lounge", Supervise: &supervise}))
	type seen struct {
		zones  []OutwardZone
		missed int64
	}
	after := map[string]seen{}
	for _, code := range []string{annaCode, annaDuress} {
		h := houseOf(c)
		disk, last := stored(h.s), h.s
		h.after = func(_ Event, r Result) {
			if !same(last, r.State) || quarter(last.Tick) != quarter(r.State.Tick) {
				disk = stored(r.State)
			}
			last = r.State
		}
		h.wait(20 * time.Minute)
		h.trip(lounge)
		h.wait(time.Minute)
		h.text(anna, code+" STATUS")
		h.wait(5 * time.Second)
		h.trip(lounge)
		h.wait(100 * time.Second)
		h.s, h.late = disk, nil
		h.wait(time.Minute)
		h.do(Booted{OffKnown: true, NewBoot: true})
		now := seen{zones: outward(h.c, h.s.Open, h.now).Zones}
		h.seen = nil
		h.wait(3 * time.Hour)
		for _, e := range h.seen {
			if strings.Contains(e.what, "Lounge sensor not heard") && now.missed == 0 {
				now.missed = e.at
			}
		}
		after[code] = now
	}
	if a, b := after[annaCode], after[annaDuress]; !reflect.DeepEqual(a, b) || a.missed == 0 || a.zones[2].LastSeen == nil {
		t.Errorf("ordinary %+v, missed at %d\nduress   %+v, missed at %d", a.zones, a.missed, b.zones, b.missed)
	}
}

// How loud the air usually is stays known while receivers come and go. A new start
// of the panel is told anew: there may be other receivers.
func TestUsualNoise(t *testing.T) {
	h := newHouse()
	h.do(Receivers{Up: 2, Of: 2})
	h.do(Noise{Unit: 2, Of: 2, Usual: -31})
	before := h.s
	h.do(Noise{Unit: 1, Of: 2, Usual: -28})
	h.do(Receivers{Up: 1, Of: 2})
	if got := outward(h.c, h.s.Open, h.now).Radio.Noise; !slices.Equal(got, []float64{-28, -31}) || before.Radio.Noise[0] != 0 {
		t.Errorf("%v dB are usual, %v before", got, before.Radio.Noise)
	}
	h.restart()
	if got := h.s.Radio.Noise; got != nil {
		t.Errorf("%v dB are usual after a restart", got)
	}
}
