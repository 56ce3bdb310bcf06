package panel

import (
	"testing"
	"testing/synctest"
	"time"
)

// Whoever asks whether the panel lives may end it, and what the disk has not taken
// with it: a disk that hangs or fails is no reason, a loop that is stuck is.
func TestOnlyAStuckLoopIsDead(t *testing.T) {
	for _, c := range []struct {
		name string
		hurt func(*daemon)
		dead bool
	}{
		{"nothing happens", func(*daemon) {}, false},
		{"the disk hangs", func(d *daemon) { d.disk.set(func(k *disk) { k.hangs = time.Now().Add(time.Hour) }) }, false},
		{"the disk fails", func(d *daemon) { d.disk.set(func(k *disk) { k.fails = true }) }, false},
		{"the loop is stuck", func(d *daemon) { d.siren = func() { time.Sleep(10 * time.Minute) } }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := started(t)
				d.armed()
				c.hurt(d)
				d.Post(Pressed{ID: kitchen})
				dead := false
				for range 9 * 60 {
					time.Sleep(time.Second)
					dead = dead || !d.Alive()
				}
				if dead != c.dead {
					t.Errorf("it was dead: %v, want %v", dead, c.dead)
				}
				d.disk.set(func(k *disk) { k.fails = false })
				time.Sleep(2 * time.Hour)
				d.end(t)
			})
		})
	}
}

// A loop that goes round without giving the writer what is to be kept is as good as
// stuck; one whose writer waits is not.
func TestALoopThatKeepsNothingIsDead(t *testing.T) {
	for _, c := range []struct {
		name string
		loop loop
		want bool
	}{
		{"all is safe", loop{seq: 7, safe: 7}, true},
		{"it is being written", loop{seq: 8, safe: 7, writing: true}, true},
		{"it is tried again soon", loop{seq: 8, safe: 7, retryAt: time.Now().Add(time.Hour)}, true},
		{"nobody writes", loop{seq: 8, safe: 7}, false},
	} {
		up := time.Hour
		c.loop.p = &Panel{shell: Shell{Clock: func() (time.Duration, time.Time, bool) { return up, time.Time{}, false }}}
		if c.loop.alive(); c.loop.p.Alive() != c.want {
			t.Errorf("%s: alive is %v", c.name, !c.want)
		}
	}
}
