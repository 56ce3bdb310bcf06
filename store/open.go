package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	duress "github.com/gsmpanel/gsmpanel/panic"
)

// Options says how to open a data directory. The zero value is right for a
// panel.
type Options struct {
	Cost duress.Cost   // of the codes of a new panel; zero: duress.DefaultCost
	Wait time.Duration // for another process to let go; zero: 200 ms
	Rand io.Reader     // randomness; nil: crypto/rand
	// Anew makes a new database where one was lost or cannot be used, for a backup
	// that is to be restored. What cannot be used is kept under another name; the
	// device key stays.
	Anew bool
}

const (
	defaultWait = 200 * time.Millisecond
	checkLimit  = 20 * time.Second // for looking through the file; a sound one takes milliseconds and the reading
	openLimit   = 30 * time.Second // for all of Open, beside Wait
)

// opening is one run of Open.
type opening struct {
	Options
	dir        string
	checkLimit time.Duration
	openLimit  time.Duration
	steps      []migration
}

// Open opens the data directory dir, and creates it for a new panel: the
// directory 0700, the files 0600. The process must have called
// [RunCheckIfAsked] before.
//
// It returns [ErrInUse] if another process has the directory, and an error that
// says what to do if a file is missing, empty, damaged, of another panel or of
// a newer gsmpanel; no file is changed then. It returns within 30 seconds and
// the wait, whatever the disk does.
func Open(dir string, o Options) (*Store, error) {
	return newOpening(dir, o).run()
}

func newOpening(dir string, o Options) opening {
	if o.Cost == (duress.Cost{}) {
		o.Cost = duress.DefaultCost
	}
	if o.Wait <= 0 {
		o.Wait = defaultWait
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	return opening{Options: o, dir: dir, checkLimit: checkLimit, openLimit: openLimit, steps: migrations}
}

func (o opening) run() (*Store, error) {
	s, err := within(o.openLimit+o.Wait, o.open, func(s *Store) { _ = s.Close() }) // late: nobody is left to tell
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("opening the data directory %s (use sudo, or run this as the user of the service): %w", o.dir, err)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the data directory %s: %w", o.dir, err)
	}
	return s, nil
}

// open holds a lock on the directory from first to last, so that neither a
// first start nor the check of the file meets another process.
func (o opening) open() (*Store, error) {
	if err := makeDirectory(o.dir); err != nil {
		return nil, err
	}
	lock, err := lockDirectory(o.dir, o.Wait)
	if err != nil {
		return nil, err
	}
	s, err := o.openLocked()
	if err != nil {
		_ = lock.Close() // nothing was written through it
		return nil, err
	}
	s.lock = lock
	return s, nil
}

func (o opening) openLocked() (*Store, error) {
	s, err := o.openFound()
	if !o.Anew || !beyondUse(err) {
		return s, err
	}
	aside, err := o.setAside(err)
	if err != nil {
		return nil, err
	}
	if s, err = o.openFound(); err == nil {
		s.aside = aside
	}
	return s, err
}

func (o opening) openFound() (*Store, error) {
	found, err := o.look()
	if err != nil {
		return nil, err
	}
	if found.firstStart() {
		if err := o.create(found); err != nil {
			return nil, err
		}
	}
	key, err := readKey(o.dir)
	if err != nil {
		return nil, err
	}
	if err := tighten(o.dir, DatabaseFile); err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", DatabaseFile, err)
	}
	s := &Store{dir: o.dir, key: key, random: o.Rand, fresh: found.firstStart()}
	if err := o.openDatabase(s); err != nil {
		return nil, fmt.Errorf("%s: %w", DatabaseFile, err)
	}
	if s, err = o.compacted(s); err != nil {
		return nil, fmt.Errorf("%s: %w", DatabaseFile, err)
	}
	if o.Anew { // then it must be of use
		if _, _, err := s.Load(); err != nil {
			_ = s.closeDatabase() // err is the reason that counts
			return nil, err
		}
	}
	return s, nil
}

const (
	// mapped is more than a database ever has. A bbolt that must map more of its file
	// lets go of what it has first: where a card has turned read-only just then, it has
	// nothing from then on, not even what is there, and does not come back.
	mapped = 64 << 20
	// growth is by how much the file grows when it must.
	growth = 256 << 10
)

// openDatabase fills in s from a file that was checked.
func (o opening) openDatabase(s *Store) error {
	err := guard(func() error {
		var err error
		s.db, err = bolt.Open(s.path(), 0o600, &bolt.Options{Timeout: o.Wait, OpenFile: s.keepFile, InitialMmapSize: mapped})
		if err == nil {
			s.db.AllocSize = growth
		}
		return err
	})
	if err == nil {
		err = s.noteFault(guard(func() error { return o.recognise(s) }))
	} else if f := (fault{}); errors.As(err, &f) {
		s.broken = err
	}
	if err == nil {
		return nil
	}
	if s.db != nil || s.broken != nil {
		_ = s.closeDatabase() // err is the reason that counts
	}
	if errors.Is(err, bolterrors.ErrTimeout) {
		return ErrInUse
	}
	return err
}

// keepFile opens the existing file for bbolt and remembers it: after a fault it
// is closed without bbolt.
func (s *Store) keepFile(path string, flag int, mode os.FileMode) (*os.File, error) {
	f, err := os.OpenFile(path, flag&^os.O_CREATE, mode)
	s.file = f
	return f, err
}

// recognise makes sure that the database and the key belong together and here,
// and brings the database up to date.
func (o opening) recognise(s *Store) error {
	if err := o.bringUpToDate(s); err != nil {
		return err
	}
	var id string
	err := s.db.View(func(tx *bolt.Tx) error {
		var err error
		if id, err = readOwner(tx, s.key); err != nil {
			return err
		}
		c, err := readConfig(tx)
		s.version = c.Version
		return err
	})
	if err != nil {
		return err
	}
	return confirmMarker(o.dir, id)
}

// readOwner returns the id of the database if key belongs to it.
func readOwner(tx *bolt.Tx, key duress.Key) (string, error) {
	id, box := get(tx, bucketMeta, keyID), get(tx, bucketMeta, keyOwner)
	if len(id) == 0 || len(box) == 0 {
		return "", fmt.Errorf("its id is missing: %w", errDamaged)
	}
	owner, err := key.Unseal(purposeOwner, box)
	if err != nil || string(owner) != string(id) {
		return "", fmt.Errorf("%s does not belong to this database; %w", KeyFile, ErrKey)
	}
	return string(id), nil
}

// tighten takes away what group and others may do with a secret file, such as
// one that was copied back by hand.
func tighten(dir, name string) error {
	path := filepath.Join(dir, name)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return fmt.Errorf("others may read %s, and that cannot be changed; run: chmod 600 %s: %w", name, path, err)
	}
	return nil
}
