package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"

	bolt "go.etcd.io/bbolt"

	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
)

// Buckets, each with its keys:
//
//	meta     schema: decimal; id: the panel's, hexadecimal; owner: the id,
//	         sealed, by which the device key is recognised
//	config   current: record of panel.Config
//	state    current: record of panel.Open
//	sealed   current: panel.Sealed, panel.Hidden and panel.Keys as JSON, padded and sealed
//	journal  number, 8 bytes big-endian: record of panel.Entry
var (
	bucketMeta    = []byte("meta")
	bucketConfig  = []byte("config")
	bucketState   = []byte("state")
	bucketSealed  = []byte("sealed")
	bucketJournal = []byte("journal")

	buckets = [][]byte{bucketMeta, bucketConfig, bucketState, bucketSealed, bucketJournal}

	keyCurrent = []byte("current")
	keySchema  = []byte("schema")
	keyID      = []byte("id")
	keyOwner   = []byte("owner")
)

// record is how a JSON value is stored. bbolt has no checksums of its own for
// data: one digit of a telephone number could turn on a worn card unnoticed.
type record struct {
	V     int             `json:"v"`     // form of the record: 1
	Sum   string          `json:"sum"`   // CRC-32C of value, 8 hexadecimal digits
	Value json.RawMessage `json:"value"` // compact JSON
}

const recordForm = 1

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func sum(value []byte) string {
	return fmt.Sprintf("%08x", crc32.Checksum(value, castagnoli))
}

// encodeRecord makes the record of a value.
func encodeRecord(value any) ([]byte, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return json.Marshal(record{V: recordForm, Sum: sum(raw), Value: raw})
}

// errDamaged ends the sentence of every row that cannot be believed.
var errDamaged = errors.New("it is damaged, and nothing was changed")

// errDoubtful is for what may be damaged or may not: its check did not come to an
// end. A database that is only slow is not one to put another in the place of.
var errDoubtful = errors.New("it may be damaged, or the machine has too much to do; nothing was changed; start the machine anew; if that does not help, put back a copy of the data directory, or move gsmpanel.db away and run `gsmpanel restore FILE`")

// decodeRecord reads a record; what names it in the error.
func decodeRecord(what string, row []byte, value any) error {
	if row == nil {
		return fmt.Errorf("the %s is missing: %w", what, errDamaged)
	}
	var r record
	if err := json.Unmarshal(row, &r); err != nil {
		return fmt.Errorf("the %s is not readable (%v): %w", what, err, errDamaged)
	}
	if r.V != recordForm || r.Sum != sum(r.Value) {
		return fmt.Errorf("the %s has a wrong checksum: %w", what, errDamaged)
	}
	if err := json.Unmarshal(r.Value, value); err != nil {
		return fmt.Errorf("the %s is not readable (%v): %w", what, err, errDamaged)
	}
	return nil
}

// get reads one key. Its result dies with the transaction; nil if there is
// none.
func get(tx *bolt.Tx, bucket, key []byte) []byte {
	b := tx.Bucket(bucket)
	if b == nil {
		return nil
	}
	return b.Get(key)
}

// bucketOf is a bucket that every database has.
func bucketOf(tx *bolt.Tx, name []byte) (*bolt.Bucket, error) {
	b := tx.Bucket(name)
	if b == nil {
		return nil, fmt.Errorf("the part %q is missing: %w", name, errDamaged)
	}
	return b, nil
}

func put(tx *bolt.Tx, bucket, key, value []byte) error {
	b, err := bucketOf(tx, bucket)
	if err != nil {
		return err
	}
	return b.Put(key, value)
}

// rows is a snapshot ready to be written. It is made before the transaction, so
// that what cannot be encoded never begins one.
type rows struct {
	config  []byte // nil: unchanged
	state   []byte
	sealed  []byte
	entries []entryRow
}

func (s *Store) encode(snap panel.Snapshot) (rows, error) {
	var r rows
	var err error
	if snap.Config.Version != s.version {
		if r.config, err = encodeRecord(snap.Config); err != nil {
			return rows{}, err
		}
	}
	if r.state, err = encodeRecord(snap.State.Open); err != nil {
		return rows{}, err
	}
	if r.sealed, err = sealState(s.random, s.key, sealedPart{snap.State.Sealed, snap.Config.Hidden, snap.Config.Keys}); err != nil {
		return rows{}, err
	}
	r.entries, err = encodeEntries(snap.Entries)
	return r, err
}

func (r rows) write(tx *bolt.Tx) error {
	if r.config != nil {
		if err := put(tx, bucketConfig, keyCurrent, r.config); err != nil {
			return err
		}
	}
	if err := put(tx, bucketState, keyCurrent, r.state); err != nil {
		return err
	}
	if err := put(tx, bucketSealed, keyCurrent, r.sealed); err != nil {
		return err
	}
	return writeEntries(tx, r.entries)
}

func readConfig(tx *bolt.Tx) (panel.Config, error) {
	c := panel.DefaultConfig(duress.Config{}) // for settings that came after it was stored
	if err := decodeRecord("configuration", get(tx, bucketConfig, keyCurrent), &c); err != nil {
		return panel.Config{}, err
	}
	if err := c.Duress.Check(); err != nil {
		return panel.Config{}, fmt.Errorf("the configuration is not whole: %w", err)
	}
	return c, nil
}

// readState reads the state, and into c what is sealed of the configuration.
func readState(tx *bolt.Tx, key duress.Key, c *panel.Config) (panel.State, error) {
	var s panel.State
	if err := decodeRecord("state", get(tx, bucketState, keyCurrent), &s.Open); err != nil {
		return panel.State{}, err
	}
	part, err := unsealState(key, bytes.Clone(get(tx, bucketSealed, keyCurrent)))
	s.Sealed, c.Hidden, c.Keys = part.Sealed, part.Hidden, part.Keys
	return s, err
}
