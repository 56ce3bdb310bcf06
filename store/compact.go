package store

import (
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sys/unix"
)

// bbolt uses free pages again but never gives one back: a file that was large once
// stays so. That of a panel has one to two megabytes with a full journal.
const compactFrom = 4 << 20 // bytes up to the last page that was ever used

// compacted writes a large file anew of which more than half is free, row by row,
// and opens that. The old one goes only when the new one is on the disk and sound;
// where anything is in the way it stays as it is, since nothing hangs on its size.
// What is sealed decides nothing here: it has one size.
func (o opening) compacted(s *Store) (*Store, error) {
	path := s.path()
	if !s.sparse() || !roomFor(o.dir, path) {
		return s, nil
	}
	if o.writeAnew(s) != nil {
		_ = os.Remove(path + unfinished) // the next that is written removes it too
		return s, nil
	}
	if err := s.closeDatabase(); err != nil {
		return nil, err
	}
	_ = finish(path) // either file is whole
	again := &Store{dir: s.dir, key: s.key, random: s.random, fresh: s.fresh}
	return again, o.openDatabase(again)
}

// sparse tells whether the file is large and more than half of it is free.
func (s *Store) sparse() bool {
	size, used := int64(0), int64(0)
	err := s.view(func(tx *bolt.Tx) error {
		size = tx.Size()
		return tx.ForEach(func(_ []byte, b *bolt.Bucket) error {
			u := b.Stats()
			used += int64(u.BranchAlloc + u.LeafAlloc)
			return nil
		})
	})
	return err == nil && size >= compactFrom && used < size/2
}

// roomFor tells whether the disk has twice what the file takes.
func roomFor(dir, path string) bool {
	info, err := os.Stat(path)
	free, also := FreeOn(dir)
	return err == nil && also == nil && free > 2*uint64(info.Size())
}

// FreeOn is how many bytes whoever runs this may still write where dir lies.
func FreeOn(dir string) (uint64, error) {
	var disk unix.Statfs_t
	if err := unix.Statfs(dir, &disk); err != nil {
		return 0, err
	}
	return disk.Bavail * uint64(disk.Bsize), nil
}

// writeAnew leaves a sound copy beside the database, on the disk.
func (o opening) writeAnew(s *Store) error {
	path := filepath.Join(o.dir, DatabaseFile+unfinished)
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	var rows []copiedRow
	err := s.view(func(tx *bolt.Tx) error {
		var err error
		rows, err = copyRows(tx)
		return err
	})
	if err == nil {
		err = putCopy(path, rows, func(*bolt.DB) error { return nil })
	}
	if err == nil {
		err = syncPath(path)
	}
	if err == nil {
		err = o.checkFile(path)
	}
	return err
}
