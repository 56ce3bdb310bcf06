// Package store keeps a panel's configuration, state and journal in one bbolt
// file, so that a power cut at any moment loses nothing that was acknowledged.
//
// A data directory holds three files, each readable by its owner only:
//
//   - gsmpanel.db: the database.
//   - device.key: 32 random bytes in hexadecimal, which no backup contains.
//   - gsmpanel.db.id: which database belongs here. It stands outside the
//     database so that one that was emptied or lost is not mistaken for a new
//     panel, which would be a disarmed one.
//
// The room does not decide what is stored, does not act on it, and never mends,
// empties or overwrites a file that it cannot read. It does not know codes or
// received texts: nothing that it is handed contains one.
package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	bolt "go.etcd.io/bbolt"

	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
)

// Names of the files in a data directory.
const (
	DatabaseFile = "gsmpanel.db"
	KeyFile      = "device.key"
	MarkerFile   = "gsmpanel.db.id"
)

// ErrInUse is returned by [Open] when another process, as a rule the daemon,
// has the data directory.
var ErrInUse = errors.New("it is in use by another gsmpanel; give the command to the running one, or stop that first")

// Store is an open data directory. Its methods may be called from several
// goroutines; commits then wait for each other.
type Store struct {
	dir    string
	lock   *os.File // the directory, locked
	file   *os.File // the database, as bbolt has it
	db     *bolt.DB
	key    duress.Key
	random io.Reader
	fresh  bool
	aside  string

	mu      sync.Mutex
	version uint64 // of the stored configuration
	broken  error  // why the database can't be used any more
	closed  bool
}

var _ panel.Store = (*Store)(nil)

// Key is the device key.
func (s *Store) Key() duress.Key { return s.key }

// Fresh tells whether Open has made the database, and where the one is kept that
// could not be used ([Options].Anew), "" where there was none.
func (s *Store) Fresh() (fresh bool, aside string) { return s.fresh, s.aside }

// Load reads the configuration and the state of the last commit; of a new
// panel, those that it starts with.
func (s *Store) Load() (panel.Config, panel.State, error) {
	var c panel.Config
	var st panel.State
	err := s.view(func(tx *bolt.Tx) error {
		var err error
		if c, err = readConfig(tx); err != nil {
			return err
		}
		st, err = readState(tx, s.key, &c)
		return err
	})
	if err != nil {
		return panel.Config{}, panel.State{}, fmt.Errorf("loading %s: %w", s.path(), err)
	}
	return c, st, nil
}

// Commit makes a snapshot durable in one transaction and returns when it is on
// the disk; after an error it is there wholly or not at all, and may be
// committed again. The configuration is written only if its version changed,
// the sealed part always, in a box of its own size class, so that the file
// shows nothing of it. Commit waits for the disk as long as the disk takes.
func (s *Store) Commit(snap panel.Snapshot) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows, err := s.encode(snap)
	if err != nil {
		return fmt.Errorf("this change cannot be stored: %w", err)
	}
	if err := s.update(rows.write); err != nil {
		return fmt.Errorf("storing in %s: %w", s.path(), err)
	}
	s.version = snap.Config.Version
	return nil
}

// Close lets go of the database and the data directory. It waits for a commit
// that is under way.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	err := s.closeDatabase()
	if unlock := s.lock.Close(); err == nil {
		err = unlock
	}
	if err != nil {
		return fmt.Errorf("closing %s: %w", s.path(), err)
	}
	return nil
}

// closeDatabase leaves bbolt alone after a fault: it may hold its own locks for
// good. The file is unlocked and closed all the same; closing alone would not
// do, because what bbolt has mapped of it holds the lock.
func (s *Store) closeDatabase() error {
	if s.broken == nil {
		return guard(s.db.Close)
	}
	err := syscall.Flock(int(s.file.Fd()), syscall.LOCK_UN)
	if closing := s.file.Close(); err == nil {
		err = closing
	}
	return err
}

func (s *Store) path() string { return filepath.Join(s.dir, DatabaseFile) }
