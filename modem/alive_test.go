package modem_test

import (
	"errors"
	"io"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// Whoever asks whether the owner of the line lives may end the panel: only an owner
// that is stuck is dead, not one whose modem is.
func TestOnlyAStuckOwnerIsDead(t *testing.T) {
	const hour = time.Hour
	cases := []struct {
		name string
		fit  func(*bench, *modem.Options)
		hurt string        // the fault that begins after a minute
		dead time.Duration // that it is in the hour
	}{
		{"all is well", nil, "", 0},
		{"the modem is unplugged", nil, "unplug", 0},
		{"it does not answer", nil, "silence", 0},
		{"it has no port", func(_ *bench, o *modem.Options) {
			o.Open = func() (io.ReadWriteCloser, error) { return nil, errors.New("no such device") }
		}, "", 0},
		{"its port hangs when it is opened", func(_ *bench, o *modem.Options) {
			o.Open = func() (io.ReadWriteCloser, error) { time.Sleep(2 * hour); return nil, errors.New("no such device") }
		}, "", hour - 5*time.Minute},
		{"a PIN waits for the disk", func(_ *bench, o *modem.Options) {
			o.Unlock = func(string, int, func(string) error) error { time.Sleep(2 * hour); return errors.New("the disk hangs") }
		}, "", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fit := func(b *bench, o *modem.Options) {
				o.Unlock = func(_ string, _ int, enter func(string) error) error { return enter("4711") }
				if c.fit != nil {
					c.fit(b, o)
				}
			}
			storyWith(t, simulator.Options{}, locked(0), func(b *bench) {
				if c.hurt != "" {
					time.Sleep(time.Minute)
					b.must(b.sim.Fault(simulator.Fault{Name: c.hurt, For: 2 * hour}))
				}
				dead := time.Duration(0)
				for began := time.Now(); time.Since(began) < hour; time.Sleep(10 * time.Second) {
					if !b.m.Alive() {
						dead += 10 * time.Second
					}
				}
				if off := dead - c.dead; off < -time.Minute || off > time.Minute {
					t.Errorf("in an hour it was dead for %s, want about %s", dead, c.dead)
				}
				time.Sleep(2 * hour) // so that what sleeps has ended
			}, fit)
		})
	}
}
