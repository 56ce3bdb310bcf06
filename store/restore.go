package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"

	"github.com/gsmpanel/gsmpanel/panel"
)

// maxBackup is more than any panel's backup has, in bytes.
const maxBackup = 64 << 20

// ReadBackup reads a file that Backup wrote. It looks it through as Open does a
// database, on a copy: the file itself is never opened for writing. The process
// must have called [RunCheckIfAsked] before.
func ReadBackup(path string) (panel.Saved, error) {
	return newOpening("", Options{}).readBackup(path)
}

func (o opening) readBackup(path string) (panel.Saved, error) {
	var saved panel.Saved
	err := inTemporary(func(dir string) error {
		if err := copyBackup(path, filepath.Join(dir, DatabaseFile)); err != nil {
			return err
		}
		o.dir = dir
		if err := o.check(); errors.Is(err, errDamaged) {
			return fmt.Errorf("%s is damaged, or of another program, and nothing was changed; take another backup", path)
		} else if errors.Is(err, errDoubtful) {
			return fmt.Errorf("looking through %s did not come to an end, and nothing was changed; try again, or take another backup", path)
		} else if err != nil {
			return fmt.Errorf("%s cannot be looked through: %w", path, err)
		}
		var err error
		saved, err = o.readSaved()
		return err
	})
	if errors.Is(err, errDamaged) {
		err = fmt.Errorf("%s is damaged, and nothing was changed; take another backup", path)
	}
	return saved, err
}

// copyBackup refuses what is no bbolt file at all before anything else looks at it.
func copyBackup(path, to string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var head [20]byte
	if _, err := io.ReadFull(f, head[:]); !info.Mode().IsRegular() || err != nil || binary.NativeEndian.Uint32(head[16:]) != boltMagic {
		return fmt.Errorf("%s is not a backup of gsmpanel; give a file that `gsmpanel backup FILE` wrote", path)
	}
	if info.Size() > maxBackup {
		return fmt.Errorf("%s has %d bytes, and no backup of gsmpanel has more than %d; give a file that `gsmpanel backup FILE` wrote", path, info.Size(), maxBackup)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, io.LimitReader(f, maxBackup))
	if closing := out.Close(); err == nil {
		err = closing
	}
	return err
}

// boltMagic stands behind the header of the first page (bbolt, page.go: 16 bytes).
const boltMagic = 0xED0CDAED

// readSaved reads a copy that was checked, and brings it up to date first.
func (o opening) readSaved() (panel.Saved, error) {
	var saved panel.Saved
	err := guard(func() error {
		db, err := bolt.Open(filepath.Join(o.dir, DatabaseFile), 0o600, &bolt.Options{Timeout: o.Wait, NoSync: true})
		if err != nil {
			return err
		}
		if err = migrate(db, o.steps); err == nil {
			err = db.View(func(tx *bolt.Tx) error {
				saved.Config, err = readConfig(tx)
				saved.Box = append([]byte(nil), get(tx, bucketSealed, keyCurrent)...)
				return err
			})
		}
		if closing := db.Close(); err == nil {
			err = closing
		}
		return err
	})
	return saved, err
}

// Recover opens what a backup holds with this panel's device key.
func (s *Store) Recover(saved panel.Saved) (c panel.Config, whole bool) {
	part, err := unsealState(s.key, saved.Box)
	c = saved.Config
	c.Hidden, c.Keys = part.Hidden, part.Keys
	return c, err == nil && c.Duress.KeyFits(s.key)
}
