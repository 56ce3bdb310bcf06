package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
)

// Whatever a panel remembers comes back as it was, after a restart too.
func TestSnapshotComesBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	first, _ := load(t, s)
	var last panel.Snapshot
	rapid.Check(t, func(rt *rapid.T) {
		var snap panel.Snapshot
		fill(rt, reflect.ValueOf(&snap.Config), 0)
		fill(rt, reflect.ValueOf(&snap.State.Open), 0)
		fill(rt, reflect.ValueOf(&snap.State.Sealed), 0)
		snap.Config.Duress = first.Duress
		snap.Config.Version = last.Config.Version + 1
		commit(t, s, snap)
		c, st := load(t, s)
		if !reflect.DeepEqual(c, snap.Config) || !reflect.DeepEqual(st, snap.State) {
			rt.Fatalf("got  %+v\n%+v\nwant %+v\n%+v", c, st, snap.Config, snap.State)
		}
		last = snap
	})
	closeNow(t, s)
	c, st := load(t, open(t, dir))
	equal(t, "configuration after a restart", c, last.Config)
	equal(t, "state after a restart", st, last.State)
}

// fill sets every field of a value to something drawn; slices are nil or hold
// something, because JSON does not tell nil from empty.
func fill(t *rapid.T, v reflect.Value, depth int) {
	if _, ok := v.Interface().(time.Time); ok {
		v.Set(reflect.ValueOf(time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "time")).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		fill(t, v.Elem(), depth)
	case reflect.Struct:
		for _, f := range v.Fields() {
			fill(t, f, depth)
		}
	case reflect.Slice:
		if depth > 2 {
			return
		}
		if n := rapid.IntRange(0, 2).Draw(t, "length"); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			fillItems(t, v, depth+1)
		}
	case reflect.Array:
		fillItems(t, v, depth+1)
	case reflect.Map:
		if rapid.Bool().Draw(t, "filled") {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(t, key, depth+1)
			fill(t, value, depth+1)
			v.Set(reflect.MakeMap(v.Type()))
			v.SetMapIndex(key, value)
		}
	case reflect.String:
		v.SetString(rapid.StringN(0, 12, -1).Draw(t, "string"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(float64(rapid.IntRange(-2000, 2000).Draw(t, "sixteenths")) / 16)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(rapid.Int64().Draw(t, "int") >> (64 - v.Type().Bits()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(rapid.Uint64().Draw(t, "uint") >> (64 - v.Type().Bits()))
	default:
		t.Fatalf("a %v in the state: teach the store's test to fill it", v.Type())
	}
}

func fillItems(t *rapid.T, v reflect.Value, depth int) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		for i, b := range rapid.SliceOfN(rapid.Byte(), v.Len(), v.Len()).Draw(t, "bytes") {
			v.Index(i).SetUint(uint64(b))
		}
		return
	}
	for i := range v.Len() {
		fill(t, v.Index(i), depth)
	}
}

// No field can get lost because JSON does not see it.
func TestEveryFieldIsStored(t *testing.T) {
	for _, root := range []any{panel.Config{}, panel.Open{}, panel.Sealed{}, panel.Entry{}} {
		visible(t, reflect.TypeOf(root), reflect.TypeOf(root).String())
	}
}

func visible(t *testing.T, typ reflect.Type, path string) {
	switch typ.Kind() {
	case reflect.Slice, reflect.Array, reflect.Pointer, reflect.Map:
		visible(t, typ.Elem(), path+"[]")
	case reflect.Struct:
		if typ == reflect.TypeFor[time.Time]() {
			return
		}
		for _, f := range reflect.VisibleFields(typ) {
			sealed := f.Type == reflect.TypeFor[panel.Hidden]() || f.Type == reflect.TypeFor[panel.Keys]() // stored beside the state; TestSnapshotComesBack
			if !f.IsExported() || f.Tag.Get("json") == "-" && !sealed {
				t.Errorf("%s.%s would not be stored", path, f.Name)
			}
			visible(t, f.Type, path+"."+f.Name)
		}
	}
}

func TestConfigurationIsWrittenByVersion(t *testing.T) {
	s := open(t, t.TempDir())
	c, st := load(t, s)
	c.Version, c.Site.Name = 1, "Home"
	commit(t, s, panel.Snapshot{Config: c, State: st})
	row := func() (b []byte) {
		_ = s.view(func(tx *bolt.Tx) error {
			b = bytes.Clone(get(tx, bucketConfig, keyCurrent))
			return nil
		})
		return b
	}
	before := row()
	c.Site.Name = "changed without a version"
	commit(t, s, panel.Snapshot{Config: c, State: st})
	if !bytes.Equal(before, row()) {
		t.Error("the configuration was written though its version is the same")
	}
	c.Version++
	commit(t, s, panel.Snapshot{Config: c, State: st})
	got, _ := load(t, s)
	equal(t, "name", got.Site.Name, c.Site.Name)
}

// After a commit that failed, the next one brings the configuration too.
func TestFailedCommitIsMadeGoodByTheNext(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	c, st := load(t, s)
	c.Version, c.Site.Name = 1, "Home"
	path := filepath.Join(dir, DatabaseFile)
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	err := s.Commit(step(c, st, 1))
	if err == nil || !strings.Contains(err.Error(), "removed while the panel runs") {
		t.Fatalf("commit to a removed file: %v", err)
	}
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	commit(t, s, step(c, st, 1))
	got, gotState := load(t, s)
	equal(t, "name", got.Site.Name, "Home")
	equal(t, "tick", gotState.Open.Tick, int64(1000))
}

func TestWhatCannotBeEncodedChangesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	c, st := load(t, s)
	snap := step(c, st, 1)
	snap.Entries[0].Time = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC) // RFC 3339 ends with the year 9999
	if err := s.Commit(snap); err == nil || !strings.Contains(err.Error(), "journal entry 1") {
		t.Fatalf("got %v", err)
	}
	_, after := load(t, s)
	equal(t, "state", after, st)
}

func TestJournal(t *testing.T) {
	s := open(t, t.TempDir())
	c, st := load(t, s)
	var all []panel.Entry
	for n := uint64(1); n <= JournalSize+10; n++ {
		all = append(all, entry(n))
	}
	commit(t, s, panel.Snapshot{Config: c, State: st, Entries: all[:JournalSize]})
	commit(t, s, panel.Snapshot{Config: c, State: st, Entries: all[JournalSize-5:]}) // five of them again
	mustView(t, s, func(tx *bolt.Tx) error {
		if size := tx.Bucket(bucketJournal).Stats().LeafAlloc; size > 1200<<10 {
			t.Errorf("a full journal takes %d bytes", size)
		}
		return nil
	})
	for _, tc := range []struct {
		name string
		n    int
		want []panel.Entry
	}{
		{"all that are kept", 0, all[10:]},
		{"a negative number is all", -1, all[10:]},
		{"the last one", 1, all[JournalSize+9:]},
		{"the last three, oldest first", 3, all[JournalSize+7:]},
		{"more than there are", 9000, all[10:]},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := s.Entries(tc.n)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "entries", got, tc.want)
		})
	}
}

func TestDamagedEntryIsToldAndLeftOut(t *testing.T) {
	s := open(t, t.TempDir())
	c, st := load(t, s)
	for n := uint64(1); n <= 3; n++ {
		commit(t, s, step(c, st, n))
	}
	alter(t, s, bucketJournal, numberKey(2), "trip 2", "trip 7")
	got, err := s.Entries(0)
	if err == nil || !strings.Contains(err.Error(), "journal entry 2 has a wrong checksum") {
		t.Errorf("got %v", err)
	}
	equal(t, "entries", got, []panel.Entry{entry(1), entry(3)})
}

// alter changes a stored value behind the store's back.
func alter(t *testing.T, s *Store, bucket, key []byte, from, to string) {
	t.Helper()
	err := s.db.Update(func(tx *bolt.Tx) error {
		row := get(tx, bucket, key)
		if !bytes.Contains(row, []byte(from)) {
			t.Fatalf("no %q in %q", from, row)
		}
		return put(tx, bucket, key, bytes.Replace(row, []byte(from), []byte(to), 1))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Two panels live the same days; in one of them a duress incident is open. The
// files do not differ in any size, and show none of its words.
func TestSealedPartShowsNothing(t *testing.T) {
	duressDir := t.TempDir()
	plain, hidden := openTwin(t, t.TempDir()), openTwin(t, duressDir)
	c, st := load(t, plain)
	sealed := underDuress(st.Sealed)
	for n := uint64(1); n <= 60; n++ {
		commit(t, plain, step(c, st, n))
		snap := step(c, st, n)
		snap.State.Sealed = sealed
		snap.State.Sealed.Journal = sealed.Journal[:n+40]
		commit(t, hidden, snap)
		if a, b := sizes(t, hidden), sizes(t, plain); !maps.Equal(a, b) {
			t.Fatalf("sizes:\n got %v\nwant %v", a, b)
		}
	}
	_, back := load(t, hidden)
	equal(t, "sealed entries that came back", len(back.Sealed.Journal), 100)
	if raw := read(t, duressDir, DatabaseFile); bytes.Contains(raw, []byte("held by a stranger")) {
		t.Error("the file shows the sealed text")
	}
}

// Two panels have a fob, whose buttons disarm; in one of them they do so under
// threat, or where they are held. All that can be read without the key is the same.
func TestHiddenButtonsShowNothing(t *testing.T) {
	plain, hidden := openTwin(t, t.TempDir()), openTwin(t, t.TempDir())
	var shown [2][]byte
	for n, s := range []*Store{plain, hidden} {
		c, st := load(t, s)
		c.Version, c.Hidden = 1, panel.Hidden{"ev1527:13CDC0": duress.HidesNothing, "ev1527:13CD0C": duress.HidesNothing}
		if s == hidden {
			c.Hidden = panel.Hidden{"ev1527:13CDC0": duress.HidesHold, "ev1527:13CD0C": duress.HidesPress}
		}
		c.Keys = panel.Keys{"hcs:0ABCDE1": 0xFEDCBA9876543210}
		commit(t, s, panel.Snapshot{Config: c, State: st})
		back, _ := load(t, s)
		equal(t, "what is hidden", back.Hidden, c.Hidden)
		equal(t, "the makers' keys", back.Keys, c.Keys)
		box, err := json.Marshal(sealedPart{st.Sealed, c.Hidden, c.Keys})
		if err != nil {
			t.Fatal(err)
		}
		shown[n] = fmt.Appendf(nil, "%d bytes in the box", len(box))
		mustView(t, s, func(tx *bolt.Tx) error { shown[n] = append(shown[n], get(tx, bucketConfig, keyCurrent)...); return nil })
	}
	equal(t, "what is shown", string(shown[1]), string(shown[0]))
	if a, b := sizes(t, hidden), sizes(t, plain); !maps.Equal(a, b) {
		t.Errorf("sizes:\n got %v\nwant %v", a, b)
	}
}

func mustView(t *testing.T, s *Store, f func(*bolt.Tx) error) {
	t.Helper()
	if err := s.view(f); err != nil {
		t.Fatal(err)
	}
}

// openTwin opens a new panel that is equal to every other of its kind.
func openTwin(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir, Options{Rand: rand.NewChaCha8([32]byte{7})})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeNow(t, s) })
	return s
}

func underDuress(s panel.Sealed) panel.Sealed {
	for n := uint64(1); n <= 100; n++ {
		e := entry(n)
		e.Text = "Ann is held by a stranger"
		s.Journal = append(s.Journal, e)
	}
	s.Book.Incidents = append(s.Book.Incidents, alert.Incident{ID: 1})
	s.Pending = []panel.Pending{{Record: duress.Record{1, 2, 3}, At: 7}}
	return s
}

// sizes is what can be measured of a database without the key. The size of the
// file itself is not compared: bbolt gives pages to buckets in the order of a
// Go map, so that it differs by chance between equal runs.
func sizes(t *testing.T, s *Store) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	err := s.view(func(tx *bolt.Tx) error {
		out["transactions"] = int64(tx.ID())
		return tx.ForEach(func(name []byte, b *bolt.Bucket) error {
			out["bytes of "+string(name)] = int64(b.Stats().LeafInuse + b.Stats().InlineBucketInuse)
			out["rows of "+string(name)] = int64(b.Stats().KeyN)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSealedPartIsPaddedToBlocks(t *testing.T) {
	key := duress.Key{1}
	for _, tc := range []struct {
		name    string
		journal int
		blocks  int
	}{
		{"nothing", 0, 1}, {"a hundred entries", 100, 1}, {"more than a block holds", 2000, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var s sealedPart
			for n := range tc.journal {
				s.Journal = append(s.Journal, entry(uint64(n)))
			}
			box, err := sealState(newOpening("", Options{}).Rand, key, s)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "bytes", len(box), tc.blocks*SealedBlock+duress.Overhead)
			back, err := unsealState(key, box)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "what comes back", back, s)
		})
	}
}

func TestBackupIsAWholeDatabase(t *testing.T) {
	dir, last := household(t, 20)
	s := open(t, dir)
	var copied bytes.Buffer
	if err := s.Backup(&copied); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(copied.Bytes(), read(t, dir, KeyFile)[:64]) {
		t.Error("the backup contains the device key")
	}
	elsewhere := t.TempDir()
	write(t, elsewhere, DatabaseFile, copied.Bytes())
	write(t, elsewhere, KeyFile, read(t, dir, KeyFile))
	restored := open(t, elsewhere)
	c, st := load(t, restored)
	equal(t, "configuration", c, last.Config)
	equal(t, "state", st, last.State)
	entries, err := restored.Entries(0)
	if err != nil || len(entries) != 20 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}

func BenchmarkCommit(b *testing.B) {
	for _, bc := range []struct {
		name    string
		configs bool
	}{{"state", false}, {"state and configuration", true}} {
		b.Run(bc.name, func(b *testing.B) {
			s := open(b, b.TempDir())
			c, st := load(b, s)
			n := uint64(0)
			for b.Loop() {
				n++
				if bc.configs {
					c.Version++
				}
				commit(b, s, step(c, st, n))
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	for _, entries := range []uint64{1, JournalSize} {
		b.Run(fmt.Sprintf("%d entries", entries), func(b *testing.B) {
			dir, last := household(b, 1)
			s := open(b, dir)
			for n := range entries {
				last.Entries = append(last.Entries, entry(n+1))
			}
			commit(b, s, last)
			closeNow(b, s)
			for b.Loop() {
				s, err := Open(dir, Options{})
				if err != nil {
					b.Fatal(err)
				}
				closeNow(b, s)
			}
		})
	}
}
