package main

import (
	"encoding/json"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/store"
)

// memoryStore is a disk that takes its time.
type memoryStore struct {
	mu      sync.Mutex
	takes   time.Duration
	hangs   time.Time // until then nothing returns
	last    panel.Snapshot
	entries []panel.Entry
	commits []commitSeen
	watch   func(panel.Snapshot)
}

// commitSeen is what somebody could learn of a commit by looking at the disk.
type commitSeen struct {
	called, done time.Time
	open         string // the part that is not sealed, as JSON
	entries      string
	sealed       int // size of the sealed part as stored
	config       uint64
}

func (m *memoryStore) Commit(s panel.Snapshot) error {
	if m.watch != nil {
		m.watch(s)
		m.mu.Lock()
		defer m.mu.Unlock()
		m.last = s
		return nil
	}
	c := commitSeen{called: time.Now(), config: s.Config.Version}
	open, err := json.Marshal(s.State.Open)
	if err != nil {
		return err
	}
	sealed, err := json.Marshal(s.State.Sealed)
	if err != nil {
		return err
	}
	entries, err := json.Marshal(s.Entries)
	if err != nil {
		return err
	}
	c.open, c.entries = string(open), string(entries)
	c.sealed = (len(sealed) + store.SealedBlock - 1) / store.SealedBlock * store.SealedBlock
	m.mu.Lock()
	wait := max(m.takes, time.Until(m.hangs))
	m.mu.Unlock()
	time.Sleep(wait)
	m.mu.Lock()
	defer m.mu.Unlock()
	c.done = time.Now()
	m.last = s
	m.entries = append(m.entries, s.Entries...)
	m.commits = append(m.commits, c)
	return nil
}

func (m *memoryStore) Entries(n int) ([]panel.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n <= 0 {
		n = len(m.entries)
	}
	return slices.Clone(m.entries[max(0, len(m.entries)-n):]), nil
}

func (m *memoryStore) Backup(io.Writer) error { return nil }

func (m *memoryStore) Recover(s panel.Saved) (panel.Config, bool) { return s.Config, true }

func (m *memoryStore) hang(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hangs = time.Now().Add(d)
}

func (m *memoryStore) seen() []commitSeen {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.commits)
}
