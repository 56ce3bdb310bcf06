package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// PINFile remembers which PINs were tried on which SIM cards. It has a file of its own,
// since a try must be on the disk before it is made, whatever else waits for it, and
// is no part of a backup: that is for another board.
const PINFile = "sim-pin.json"

// PINMark is a PIN that was tried on a card.
type PINMark struct {
	// Key is a keyed hash of both, in hexadecimal: of a PIN of four digits alone any
	// hash is soon reversed.
	Key  string `json:"key"`
	Left int    `json:"left"` // tries that the card allowed before
	Bad  bool   `json:"bad,omitempty"`
}

// PINMarks reads what was tried.
func (s *Store) PINMarks() ([]PINMark, error) {
	text, err := os.ReadFile(filepath.Join(s.dir, PINFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var marks []PINMark
	if err == nil {
		err = json.Unmarshal(text, &marks)
	}
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read; remove it if the SIM card still has its three tries: %w", PINFile, err)
	}
	return marks, nil
}

// SavePINMarks returns when they are on the disk.
func (s *Store) SavePINMarks(marks []PINMark) error {
	text, err := json.Marshal(marks)
	if err != nil {
		return err
	}
	return writeFile(s.dir, PINFile, append(text, '\n'))
}
