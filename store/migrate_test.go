package store

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/gsmpanel/gsmpanel/panel"
)

// openWith opens dir as a gsmpanel with these migrations would.
func openWith(dir string, steps ...migration) (*Store, error) {
	o := newOpening(dir, Options{})
	o.steps = steps
	return o.run()
}

func rename(from, to string) migration {
	return func(tx *bolt.Tx) error {
		var c panel.Config
		if err := decodeRecord("configuration", get(tx, bucketConfig, keyCurrent), &c); err != nil {
			return err
		}
		if c.Site.Address != from {
			return errors.New("out of order: " + c.Site.Address)
		}
		c.Site.Address = to
		row, err := encodeRecord(c)
		if err != nil {
			return err
		}
		return put(tx, bucketConfig, keyCurrent, row)
	}
}

func TestMigration(t *testing.T) {
	const first = "12 Mill Lane, Hexton"
	dir, _ := household(t, 2)
	fails := func(*bolt.Tx) error { return errors.New("a step failed") }

	_, err := openWith(dir, rename(first, "second"), rename("second", "third"), fails)
	if err == nil || !strings.Contains(err.Error(), "from schema 3 to 4, nothing was changed: a step failed") {
		t.Fatalf("got %v", err)
	}
	s := open(t, dir) // as before: schema 1
	c, _ := load(t, s)
	equal(t, "address after a failed migration", c.Site.Address, first)
	closeNow(t, s)
	today := time.Now().Format(time.DateOnly)
	equal(t, "backups", kept(t, dir), []string{"0001-" + today + "-schema-1.db"})

	for range 2 { // the second time there is nothing to do
		s, err := openWith(dir, rename(first, "second"), rename("second", "third"))
		if err != nil {
			t.Fatal(err)
		}
		c, _ = load(t, s)
		equal(t, "address", c.Site.Address, "third")
		closeNow(t, s)
	}

	equal(t, "backups", kept(t, dir), []string{"0002-" + today + "-schema-1.db"}) // the only one of its schema
	back := filepath.Join(dir, BackupDir, kept(t, dir)[0])
	_, err = Open(dir, Options{})
	if err == nil || !strings.HasSuffix(err.Error(), "newer gsmpanel (schema 3, this one knows up to 1); install that version again, or go back to what was stored before that: gsmpanel restore "+back) {
		t.Errorf("an older gsmpanel on schema 3: %v", err)
	}
	saved, err := ReadBackup(back)
	if err != nil || saved.Config.Site.Address != first {
		t.Errorf("its backup has %q, %v", saved.Config.Site.Address, err)
	}
}

// Where no backup can be made nothing is migrated.
func TestNoMigrationWithoutABackup(t *testing.T) {
	dir, _ := household(t, 2)
	write(t, dir, BackupDir, []byte("a file in place of the directory"))
	before := files(t, dir)
	_, err := openWith(dir, func(*bolt.Tx) error { t.Error("migrated"); return nil })
	if err == nil || !strings.Contains(err.Error(), "(schema 1 to 2) and makes a backup first, which failed; nothing was changed; make room on the disk, or install the version again") {
		t.Errorf("%v", err)
	}
	equal(t, "files afterwards", files(t, dir), before)
}

func TestNewPanelHasTheNewestSchema(t *testing.T) {
	steps := []migration{func(*bolt.Tx) error { return errors.New("nothing to migrate in a new panel") }}
	s, err := openWith(t.TempDir(), steps...)
	if err != nil {
		t.Fatal(err)
	}
	defer closeNow(t, s)
	n, err := schemaOf(s.db)
	if n != 2 || err != nil {
		t.Errorf("schema %d, %v", n, err)
	}
}
