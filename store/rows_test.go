package store

import (
	"testing"

	bolt "go.etcd.io/bbolt"

	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
)

// A configuration that was stored before there was a setting has its default;
// one that has it keeps what it has, also where that is nothing.
func TestANewerSettingHasItsDefault(t *testing.T) {
	dir, last := household(t, 1)
	s := open(t, dir)
	last.Config.Version++
	last.Config.Access.AnyNumber, last.Config.Access.Chirp, last.Config.Zones.EntryDelay = true, false, 0
	commit(t, s, last)
	closeNow(t, s)
	s, err := openWith(dir, func(tx *bolt.Tx) error {
		var c map[string]any
		if err := decodeRecord("configuration", get(tx, bucketConfig, keyCurrent), &c); err != nil {
			return err
		}
		delete(c["access"].(map[string]any), "fob_disarm")
		delete(c["zones"].(map[string]any), "siren_time")
		delete(c, "radio")
		row, err := encodeRecord(c)
		if err != nil {
			return err
		}
		return put(tx, bucketConfig, keyCurrent, row)
	})
	if err != nil {
		t.Fatal(err)
	}
	got, _ := load(t, s)
	closeNow(t, s)
	fresh := panel.DefaultConfig(duress.Config{})
	want := last.Config
	want.Access.FobDisarm, want.Zones.SirenTime = fresh.Access.FobDisarm, fresh.Zones.SirenTime
	if want.Access.FobDisarm == "" || want.Zones.SirenTime == 0 {
		t.Fatal("the test is blind: these have no default")
	}
	equal(t, "configuration", got, want)
}
