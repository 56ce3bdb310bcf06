package store

import (
	"errors"
	"strings"
	"testing"

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

	for range 2 { // the second time there is nothing to do
		s, err := openWith(dir, rename(first, "second"), rename("second", "third"))
		if err != nil {
			t.Fatal(err)
		}
		c, _ = load(t, s)
		equal(t, "address", c.Site.Address, "third")
		closeNow(t, s)
	}

	_, err = Open(dir, Options{})
	if err == nil || !strings.Contains(err.Error(), "newer gsmpanel (schema 3, this one knows up to 1)") {
		t.Errorf("an older gsmpanel on schema 3: %v", err)
	}
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
