package store

import (
	"fmt"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

// migration turns a database of one schema into the next. It changes rows only
// through its transaction.
type migration func(*bolt.Tx) error

// migrations[i] leads from schema i+1 to i+2. None is ever changed or removed.
var migrations []migration

// migrate brings a database to the schema that these steps lead to, all in one
// transaction: a failed step leaves everything as it was. A newer schema is
// refused.
func migrate(db *bolt.DB, steps []migration) error {
	newest := 1 + len(steps)
	found, err := schemaOf(db)
	if err != nil {
		return err
	}
	if found > newest {
		return fmt.Errorf("it was written by a newer gsmpanel (schema %d, this one knows up to %d); install that version again, or restore an older backup: gsmpanel restore FILE", found, newest)
	}
	if found == newest {
		return nil
	}
	return db.Update(func(tx *bolt.Tx) error {
		for i := found; i < newest; i++ {
			if err := steps[i-1](tx); err != nil {
				return fmt.Errorf("bringing it from schema %d to %d, nothing was changed: %w", i, i+1, err)
			}
		}
		return putSchema(tx, newest)
	})
}

func schemaOf(db *bolt.DB) (int, error) {
	var n int
	err := db.View(func(tx *bolt.Tx) error {
		text := get(tx, bucketMeta, keySchema)
		var err error
		if n, err = strconv.Atoi(string(text)); err != nil || n < 1 {
			return fmt.Errorf("its schema number is %q: %w", text, errDamaged)
		}
		return nil
	})
	return n, err
}

func putSchema(tx *bolt.Tx, n int) error {
	return put(tx, bucketMeta, keySchema, strconv.AppendInt(nil, int64(n), 10))
}
