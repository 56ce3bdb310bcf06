package store

import (
	"strings"
	"testing"
)

// bbolt lets go of its map of the file before it makes a larger one, which a disk that
// has turned read-only refuses. And a card is not given more than is needed.
func TestAFileThatGrowsIsNotMappedAnew(t *testing.T) {
	t.Parallel()
	dir, last := household(t, 1)
	s := open(t, dir)
	defer closeNow(t, s)
	before := s.db.Info().Data
	for round := range uint64(10) {
		last.Entries = nil
		for n := range uint64(100) {
			e := entry(100*round + n + 1)
			e.Text += strings.Repeat(" long ago", 1200)
			last.Entries = append(last.Entries, e)
		}
		commit(t, s, last)
	}
	file := read(t, dir, DatabaseFile)
	if len(file) < 10<<20 || s.db.Info().Data != before {
		t.Errorf("with %d bytes it was mapped anew: %v", len(file), s.db.Info().Data != before)
	}
	if spare := len(file) - used(file); spare > growth+growth/4 {
		t.Errorf("%d of %d bytes were never used", spare, len(file))
	}
}
