package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
)

// SealedBlock is what the sealed part of the state is padded to a multiple of,
// in bytes of JSON. As long as it fits one block, its stored size is the same
// whatever it holds.
const SealedBlock = 128 << 10

const (
	purposeState = "sealed state"
	purposeOwner = "database id"
)

var errUnsealed = errors.New("the sealed part does not open: device.key does not belong to this database, or the database is damaged; put the right device.key back, or put back a copy of the data directory")

// sealedPart is what stands in the box: what is sealed of the state, and what no
// listing shows of the configuration.
type sealedPart struct {
	panel.Sealed
	Hidden panel.Hidden `json:"hidden,omitempty"`
	Keys   panel.Keys   `json:"keys,omitempty"`
}

// sealState makes the box of the sealed part. The padding is blanks, which JSON
// allows after a value, so that there is no length to store.
func sealState(random io.Reader, key duress.Key, s sealedPart) ([]byte, error) {
	plain, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	blocks := (len(plain) + SealedBlock - 1) / SealedBlock
	padding := bytes.Repeat([]byte{' '}, blocks*SealedBlock-len(plain))
	return key.Seal(random, purposeState, append(plain, padding...))
}

func unsealState(key duress.Key, box []byte) (sealedPart, error) {
	if len(box) == 0 {
		return sealedPart{}, fmt.Errorf("the sealed part is missing: %w", errDamaged)
	}
	plain, err := key.Unseal(purposeState, box)
	if err != nil {
		return sealedPart{}, fmt.Errorf("%w: %w", errUnsealed, err)
	}
	var s sealedPart
	if err := json.Unmarshal(plain, &s); err != nil {
		return sealedPart{}, fmt.Errorf("the sealed part is not readable: %w", errDamaged)
	}
	return s, nil
}
