package store

import (
	"bytes"
	"fmt"
	"io"

	bolt "go.etcd.io/bbolt"
)

// Backup writes a consistent copy of the database to w while the panel runs. It
// is copied to memory first, a few megabytes: a slow w would otherwise hold old
// pages, and in the end a commit.
func (s *Store) Backup(w io.Writer) error {
	var copied bytes.Buffer
	err := s.view(func(tx *bolt.Tx) error {
		copied.Grow(int(tx.Size()))
		_, err := tx.WriteTo(&copied)
		return err
	})
	if err != nil {
		return fmt.Errorf("copying %s: %w", s.path(), err)
	}
	if _, err := w.Write(copied.Bytes()); err != nil {
		return fmt.Errorf("writing the backup: %w", err)
	}
	return nil
}
