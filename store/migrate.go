package store

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

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
		return newer{found: found, knows: newest}
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

// newer refuses a schema that this gsmpanel does not know.
type newer struct {
	found, knows int
	back         string // a backup that leads back, "" where there is none
}

func (n newer) Error() string {
	way := "restore an older backup: gsmpanel restore FILE"
	if n.back != "" {
		way = "go back to what was stored before that: gsmpanel restore " + n.back
	}
	return fmt.Sprintf("it was written by a newer gsmpanel (schema %d, this one knows up to %d); install that version again, or %s", n.found, n.knows, way)
}

// bringUpToDate migrates the panel's database, after a backup of what it was.
func (o opening) bringUpToDate(s *Store) error {
	found, err := schemaOf(s.db)
	if err != nil {
		return err
	}
	if found <= len(o.steps) {
		if err := o.backupOfSchema(s, found); err != nil {
			return fmt.Errorf("this gsmpanel changes how it is stored (schema %d to %d) and makes a backup first, which failed; nothing was changed; make room on the disk, or install the version again that was there before: %w", found, 1+len(o.steps), err)
		}
	}
	err = migrate(s.db, o.steps)
	if n := (newer{}); errors.As(err, &n) {
		n.back, _, _ = LastBackup(o.dir)
		return n
	}
	return err
}

// backupOfSchema keeps the database as it is before its schema changes. An earlier
// one of this schema is dropped, so that there are never more than schemas.
func (o opening) backupOfSchema(s *Store, schema int) error {
	list, err := automatics(o.dir)
	if err != nil {
		return err
	}
	suffix := fmt.Sprintf("-schema-%d", schema)
	asItIs := o
	asItIs.steps = o.steps[:schema-1]
	err = keepBackup(o.dir, next(list, time.Now().Format(time.DateOnly), suffix), s.Backup, func(path string) error {
		_, err := asItIs.readBackup(path)
		return err
	})
	if err != nil {
		return err
	}
	return drop(slices.DeleteFunc(list, func(b automatic) bool { return b.schema != suffix }))
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
