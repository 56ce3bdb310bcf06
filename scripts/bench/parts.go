package main

import (
	"errors"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/store"
)

// unhashed is a gsmpanel whose hash costs next to nothing: what else it does in the
// same time is measured so. Beside the hash alone, since what that leaves behind in
// memory costs too.
func unhashed(c *contestant) *contestant {
	light := *c
	light.furnish = func(h *house) error {
		st, err := store.Open(h.path("data"), store.Options{Cost: duress.Cost{Time: 1, MemoryKiB: 64}})
		if err != nil {
			return err
		}
		return errors.Join(st.Close(), c.furnish(h))
	}
	return &light
}

// parts measures what gsmpanel does besides, on its own data: the hash of a code,
// and the commit of a state.
func parts(dir string, count int) (hash, commit []time.Duration, err error) {
	st, err := store.Open(dir, store.Options{})
	if err != nil {
		return nil, nil, err
	}
	defer st.Close()
	c, s, err := st.Load()
	if err != nil {
		return nil, nil, err
	}
	entries, err := st.Entries(1)
	if err != nil {
		return nil, nil, err
	}
	for range count {
		at := time.Now()
		c.Duress.Judge(st.Key(), "640251")
		hash = append(hash, time.Since(at))
		s.Tick++
		for n := range entries {
			entries[n].Number++
		}
		at = time.Now()
		if err := st.Commit(panel.Snapshot{Config: c, State: s, Entries: entries}); err != nil {
			return nil, nil, err
		}
		commit = append(commit, time.Since(at))
		time.Sleep(restBetween) // as cold as between two events
	}
	return hash, commit, nil
}
