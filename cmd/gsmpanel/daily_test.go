package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gsmpanel/gsmpanel/store"
)

// A backup a day, at a time that depends on clock and start alone. The bubble's
// clock begins at midnight.
func TestDailyBackup(t *testing.T) {
	full := errors.New("full")
	for _, c := range []struct {
		name   string
		starts time.Duration // after midnight of 1 January
		runs   time.Duration // how long
		sure   func(since time.Duration) bool
		free   uint64
		fails  error
		made   []string // when, and the day that it is of
		warns  int
	}{
		{name: "when the day turns", starts: 12 * time.Hour, runs: 40 * time.Hour, free: enoughDisk,
			made: []string{"01 12:10 of 01", "02 03:30 of 02", "03 03:30 of 03"}},
		{name: "before the day turns it is still yesterday", starts: 3 * time.Hour, runs: time.Hour, free: enoughDisk,
			made: []string{"01 03:10 of 31", "01 03:30 of 01"}},
		{name: "the clock is not set", starts: 12 * time.Hour, runs: 30 * time.Hour, free: enoughDisk, sure: func(time.Duration) bool { return false },
			made: []string{"02 12:00 of 02"}},
		{name: "the clock is set after two hours", starts: 12 * time.Hour, runs: 4 * time.Hour, free: enoughDisk, sure: func(d time.Duration) bool { return d >= 2*time.Hour },
			made: []string{"01 14:00 of 01"}},
		{name: "the disk is nearly full", starts: 12 * time.Hour, runs: 40 * time.Hour, free: enoughDisk - 1},
		{name: "it fails", starts: 12 * time.Hour, runs: 4 * time.Hour, free: enoughDisk, fails: full, warns: 1,
			made: []string{"01 12:10 of 01", "01 13:10 of 01", "01 14:10 of 01", "01 15:10 of 01"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var made []string
			var log bytes.Buffer
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(c.starts)
				began, last := time.Now(), ""
				ctx, stop := context.WithTimeout(t.Context(), c.runs)
				defer stop()
				daily{log: slog.New(slog.NewTextHandler(&log, nil)),
					now:  func() (time.Time, bool) { return time.Now().UTC(), c.sure == nil || c.sure(time.Since(began)) },
					free: func() (uint64, error) { return c.free, nil },
					make: func(day string) error {
						if day != last {
							made = append(made, fmt.Sprintf("%s of %s", time.Now().UTC().Format("02 15:04"), day[8:]))
						}
						if c.fails == nil {
							last = day
						}
						return c.fails
					}}.run(ctx)
			})
			if !slices.Equal(made, c.made) {
				t.Errorf("got  %q\nwant %q", made, c.made)
			}
			if n := strings.Count(log.String(), "there is no backup of today"); n != c.warns {
				t.Errorf("%d warnings, want %d:\n%s", n, c.warns, &log)
			}
		})
	}
}

// A disk that hangs in the middle of a backup does not hold up the panel's end.
func TestDailyBackupDoesNotWaitForADeadDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		hung := make(chan struct{})
		time.AfterFunc(time.Hour, stop)
		began := time.Now()
		daily{log: slog.New(slog.DiscardHandler), now: func() (time.Time, bool) { return time.Now(), true },
			free: func() (uint64, error) { return enoughDisk, nil }, make: func(string) error { <-hung; return nil }}.run(ctx)
		if time.Since(began) != time.Hour {
			t.Errorf("it ended after %v", time.Since(began))
		}
		close(hung)
	})
}

// The doctor tells of backups that are not made any more, or cannot be read.
func TestDoctorOfBackups(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	st, err := store.Open(dir, store.Options{Cost: fastCost})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	want := func(state, says string, at time.Time) {
		t.Helper()
		if c := checkBackup(dir, at); c.State != state || !strings.Contains(c.Text, says) {
			t.Errorf("%v, want %s %q", c, state, says)
		}
	}
	want(fine, "none yet; one is made each night", now.Add(50*time.Hour))
	want(worry, "the panel has made none", now.Add(70*time.Hour))
	if err := st.BackupOfDay("2026-11-28"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, store.BackupDir, "0001-2026-11-28.db")
	want(fine, path+" can be read", now.Add(50*time.Hour))
	want(worry, "the last one that can be read is of "+now.Format(time.DateOnly), now.Add(70*time.Hour))
	if err := os.Truncate(path, 20<<10); err != nil {
		t.Fatal(err)
	}
	want(worry, "the panel has made none", now.Add(70*time.Hour))
}
