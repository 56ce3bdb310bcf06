package store

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"

	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
)

// create makes the files of a new panel. The marker goes first and says so, and
// gets the id last (confirmMarker): wherever the power fails between, the next
// start goes on from there, and it never takes a lost database for a new one.
func (o opening) create(f found) error {
	if !f.marker || o.Anew {
		if err := writeMarker(o.dir, starting); err != nil {
			return err
		}
	}
	if !f.key {
		if err := o.createKey(); err != nil {
			return fmt.Errorf("making %s: %w", KeyFile, err)
		}
	}
	key, err := readKey(o.dir)
	if err != nil {
		return err
	}
	if err := o.createDatabase(key); err != nil {
		return fmt.Errorf("making %s: %w", DatabaseFile, err)
	}
	return nil
}

func (o opening) createKey() error {
	var key duress.Key
	if _, err := io.ReadFull(o.Rand, key[:]); err != nil {
		return fmt.Errorf("no randomness: %w", err)
	}
	return writeFile(o.dir, KeyFile, []byte(hex.EncodeToString(key[:])+"\n"))
}

func (o opening) createDatabase(key duress.Key) error {
	path := filepath.Join(o.dir, DatabaseFile)
	if err := os.Remove(path + unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	db, err := bolt.Open(path+unfinished, 0o600, &bolt.Options{Timeout: o.Wait})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error { return o.fill(tx, key) })
	if closing := db.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return finish(path)
}

// fill writes everything that a database has, so that a missing row is damage
// from then on.
func (o opening) fill(tx *bolt.Tx, key duress.Key) error {
	for _, name := range buckets {
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	if err := putSchema(tx, 1+len(o.steps)); err != nil {
		return err
	}
	if err := o.fillOwner(tx, key); err != nil {
		return err
	}
	first, err := o.firstRows(key)
	if err != nil {
		return err
	}
	return first.write(tx)
}

func (o opening) fillOwner(tx *bolt.Tx, key duress.Key) error {
	raw := make([]byte, idSize)
	if _, err := io.ReadFull(o.Rand, raw); err != nil {
		return fmt.Errorf("no randomness: %w", err)
	}
	id := []byte(hex.EncodeToString(raw))
	box, err := key.Seal(o.Rand, purposeOwner, id)
	if err != nil {
		return err
	}
	if err := put(tx, bucketMeta, keyID, id); err != nil {
		return err
	}
	return put(tx, bucketMeta, keyOwner, box)
}

// firstRows is the snapshot of a new panel.
func (o opening) firstRows(key duress.Key) (rows, error) {
	codes, err := duress.NewConfig(o.Rand, o.Cost)
	if err != nil {
		return rows{}, err
	}
	var seed [16]byte
	if _, err := io.ReadFull(o.Rand, seed[:]); err != nil {
		return rows{}, fmt.Errorf("no randomness: %w", err)
	}
	c, s := panel.DefaultConfig(codes), panel.NewState(binary.BigEndian.Uint64(seed[:8]), binary.BigEndian.Uint64(seed[8:]))
	maker := Store{key: key, random: o.Rand, version: c.Version + 1} // any other, so that it is written
	return maker.encode(panel.Snapshot{Config: c, State: s})
}
