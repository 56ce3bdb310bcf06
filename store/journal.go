package store

import (
	"encoding/binary"
	"fmt"
	"slices"

	bolt "go.etcd.io/bbolt"

	"github.com/gsmpanel/gsmpanel/panel"
)

// JournalSize is how many numbers the journal reaches back, the last included.
const JournalSize = 5000

// fullPages is how full the journal's pages are made: nothing comes between its
// rows, and half of each, as bbolt leaves it, would be free for ever.
const fullPages = 0.95

type entryRow struct {
	number uint64
	row    []byte
}

func encodeEntries(entries []panel.Entry) ([]entryRow, error) {
	out := make([]entryRow, 0, len(entries))
	for _, e := range entries {
		row, err := encodeRecord(e)
		if err != nil {
			return nil, fmt.Errorf("journal entry %d: %w", e.Number, err)
		}
		out = append(out, entryRow{e.Number, row})
	}
	return out, nil
}

// writeEntries puts entries under their numbers, so that committing one again
// does not double it, and trims the journal.
func writeEntries(tx *bolt.Tx, entries []entryRow) error {
	b, err := bucketOf(tx, bucketJournal)
	if err != nil {
		return err
	}
	b.FillPercent = fullPages
	for _, e := range entries {
		if err := b.Put(numberKey(e.number), e.row); err != nil {
			return err
		}
	}
	return trimJournal(b)
}

func trimJournal(b *bolt.Bucket) error {
	last, _ := b.Cursor().Last()
	if number(last) <= JournalSize {
		return nil
	}
	first := number(last) - JournalSize + 1
	for k, _ := b.Cursor().First(); k != nil && number(k) < first; k, _ = b.Cursor().First() {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

// Entries reads the last n entries of the journal, oldest first; all of them if
// n is 0 or less. Damaged entries are left out and told of by the error; those
// that are readable are returned with it.
func (s *Store) Entries(n int) ([]panel.Entry, error) {
	var out []panel.Entry
	var damage error
	err := s.view(func(tx *bolt.Tx) error {
		b, err := bucketOf(tx, bucketJournal)
		if err != nil {
			return err
		}
		c := b.Cursor()
		for k, row := c.Last(); k != nil && (n <= 0 || len(out) < n); k, row = c.Prev() {
			var e panel.Entry
			if err := decodeRecord(fmt.Sprintf("journal entry %d", number(k)), row, &e); err != nil {
				damage = err
				continue
			}
			out = append(out, e)
		}
		return nil
	})
	if err == nil {
		err = damage
	}
	if err != nil {
		err = fmt.Errorf("reading the journal in %s: %w", s.path(), err)
	}
	slices.Reverse(out)
	return out, err
}

func numberKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// number reads a journal key; 0 for what is none.
func number(key []byte) uint64 {
	if len(key) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(key)
}
