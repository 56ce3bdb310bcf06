package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/gsmpanel/gsmpanel/store"
)

// A backup a day, at a time that tells nothing: whatever happens in the house, it is
// made when the house's day turns, or ten minutes after a start where that day has
// none. How large it is tells nothing either (store.Backup).
const (
	dayTurns   = 3*time.Hour + 30*time.Minute // after midnight, when least goes on
	lookForDay = 10 * time.Minute
	tryDay     = time.Hour      // again, where it failed
	unsureDay  = 24 * time.Hour // after the start, while nobody has set the clock
)

// daily makes the backups of the running panel.
type daily struct {
	now  func() (wall time.Time, sure bool) // in the house's zone
	free func() (uint64, error)
	make func(day string) error // returns at once where the day has one
	log  *slog.Logger
}

func (d *daemon) backups(st *store.Store, clock *wallClock) daily {
	return daily{
		now: func() (time.Time, bool) {
			_, wall, sure := clock.now()
			public, err := d.panel.Public(context.Background())
			return wall.In(siteTime(public.Site)), sure && err == nil
		},
		free: func() (uint64, error) { return store.FreeOn(d.options.Data) },
		make: st.BackupOfDay, log: d.log,
	}
}

// run goes on until ctx ends, also where the disk hangs in the middle of a backup.
func (d daily) run(ctx context.Context) {
	began, wait, said := time.Now(), lookForDay, ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = lookForDay
		wall, sure := d.now()
		if !sure && time.Since(began) < unsureDay || !d.room() {
			continue
		}
		done := make(chan error, 1)
		go func() { done <- d.make(wall.Add(-dayTurns).Format(time.DateOnly)) }()
		select {
		case <-ctx.Done():
			return
		case err := <-done:
			if err == nil {
				said = ""
			} else if wait = tryDay; said != err.Error() {
				said = err.Error()
				d.log.Warn("there is no backup of today", "error", err)
			}
		}
	}
}

// room tells whether a backup may be made: the alarm's own writing goes before it.
func (d daily) room() bool {
	free, err := d.free()
	return err == nil && free >= enoughDisk
}
