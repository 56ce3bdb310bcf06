package store

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"
)

// Backup writes a consistent copy of the database to w while the panel runs. The
// copy is made anew, row by row: a copy of the pages would have with them what
// was overwritten, how often that was, and with that more than a row tells.
func (s *Store) Backup(w io.Writer) error {
	var rows []copiedRow
	err := s.view(func(tx *bolt.Tx) error {
		var err error
		rows, err = copyRows(tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("copying %s: %w", s.path(), err)
	}
	return inTemporary(func(dir string) error { return writeCopy(filepath.Join(dir, DatabaseFile), rows, w) })
}

// inTemporary runs f with a directory of its own that is gone afterwards.
func inTemporary(f func(dir string) error) error {
	dir, err := os.MkdirTemp("", "gsmpanel-")
	if err != nil {
		return fmt.Errorf("no place for the copy: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // 0700, and what is in it belongs to nobody else
	return f(dir)
}

type copiedRow struct{ bucket, key, value []byte }

// copyRows takes a few megabytes to memory: a slow w would otherwise hold old
// pages, and in the end a commit.
func copyRows(tx *bolt.Tx) ([]copiedRow, error) {
	var rows []copiedRow
	for _, name := range buckets {
		b, err := bucketOf(tx, name)
		if err != nil {
			return nil, err
		}
		err = b.ForEach(func(k, v []byte) error {
			rows = append(rows, copiedRow{name, bytes.Clone(k), bytes.Clone(v)})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func writeCopy(path string, rows []copiedRow, w io.Writer) error {
	err := putCopy(path, rows, func(db *bolt.DB) error {
		return db.View(func(tx *bolt.Tx) error { _, err := tx.WriteTo(w); return err })
	})
	if err != nil {
		return fmt.Errorf("writing the backup: %w", err)
	}
	return nil
}

// putCopy makes a database of rows, which is not yet on the disk, and shows it to
// done.
func putCopy(path string, rows []copiedRow, done func(*bolt.DB) error) error {
	db, err := bolt.Open(path, 0o600, &bolt.Options{NoSync: true})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error { return putRows(tx, rows) })
	if err == nil {
		err = done(db)
	}
	if closing := db.Close(); err == nil {
		err = closing
	}
	return err
}

func putRows(tx *bolt.Tx, rows []copiedRow) error {
	for _, name := range buckets {
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	tx.Bucket(bucketJournal).FillPercent = fullPages
	for _, r := range rows {
		if err := put(tx, r.bucket, r.key, r.value); err != nil {
			return err
		}
	}
	return nil
}
