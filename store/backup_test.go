package store

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
)

func backupOf(t *testing.T, s *Store) []byte {
	t.Helper()
	var copied bytes.Buffer
	if err := s.Backup(&copied); err != nil {
		t.Fatal(err)
	}
	return copied.Bytes()
}

// A backup has no more in it than what is stored now: neither how often that was
// changed nor what stood there before, and one size whatever is sealed.
func TestBackupShowsNothing(t *testing.T) {
	sizes := map[int]bool{}
	for _, commits := range []int{1, 40} {
		for _, incident := range []bool{false, true} {
			s := open(t, t.TempDir())
			c, st := load(t, s)
			for n := range commits {
				c.Version, c.Site.Name = uint64(n+1), "gone-tomorrow"
				if n == commits-1 {
					c.Version, c.Site.Name = 99, "Home"
				}
				if incident {
					st.Sealed.Journal = []panel.Entry{{Number: 1, Text: strings.Repeat("secret ", 500)}}
				}
				commit(t, s, panel.Snapshot{Config: c, State: st})
			}
			copied := backupOf(t, s)
			sizes[len(copied)] = true
			if bytes.Contains(copied, []byte("gone-tomorrow")) || bytes.Contains(copied, []byte("secret")) {
				t.Error("it holds what was")
			}
		}
	}
	if len(sizes) != 1 {
		t.Errorf("sizes differ: %v", sizes)
	}
}

func TestReadBackup(t *testing.T) {
	dir, last := household(t, 20)
	s := open(t, dir)
	good := backupOf(t, s)
	path := filepath.Join(t.TempDir(), "good.db")
	write(t, filepath.Dir(path), "good.db", good)
	saved, err := ReadBackup(path)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "configuration", saved.Config, last.Config)
	if got, whole := s.Recover(saved); !whole || got.Site.Name != last.Config.Site.Name {
		t.Errorf("with its own key %v, whole %v", got.Site, whole)
	}
	if _, whole := open(t, t.TempDir()).Recover(saved); whole {
		t.Error("with another key it is whole")
	}
	if now := read(t, filepath.Dir(path), "good.db"); !bytes.Equal(now, good) {
		t.Error("reading it has changed the file")
	}
}

// What buttons hide is in the box of a backup, and comes out with the key only.
func TestBackupCarriesWhatButtonsHide(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	c, st := load(t, s)
	c.Version, c.Hidden = 1, panel.Hidden{"ev1527:13CDC0": duress.HidesHold}
	commit(t, s, panel.Snapshot{Config: c, State: st})
	path := t.TempDir()
	write(t, path, "b.db", backupOf(t, s))
	saved, err := ReadBackup(filepath.Join(path, "b.db"))
	if err != nil || saved.Config.Hidden != nil {
		t.Fatalf("without a key %v, %v", saved.Config.Hidden, err)
	}
	if back, whole := s.Recover(saved); !whole || back.Hidden["ev1527:13CDC0"] != duress.HidesHold {
		t.Errorf("with its key %v, whole %v", back.Hidden, whole)
	}
	if back, whole := open(t, t.TempDir()).Recover(saved); whole || back.Hidden != nil {
		t.Errorf("with another key %v, whole %v", back.Hidden, whole)
	}
}

func TestReadBackupRefuses(t *testing.T) {
	dir, _ := household(t, 20)
	good := backupOf(t, open(t, dir))
	for name, tc := range map[string]struct {
		file []byte
		says string
	}{
		"empty":           {nil, "is not a backup of gsmpanel; give a file that `gsmpanel backup FILE` wrote"},
		"a text":          {bytes.Repeat([]byte("text "), 9000), "is not a backup of gsmpanel"},
		"cut off":         {good[:len(good)/2], "is damaged, or of another program, and nothing was changed; take another backup"},
		"a turned digit":  {bytes.Replace(good, []byte(`"name":"`), []byte(`"name":"x`), 1)[:len(good)], "is damaged"},
		"a newer schema":  {schema(t, good, "99"), "written by a newer gsmpanel (schema 99"},
		"another program": {otherProgram(t), "is damaged, or of another program"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file.db")
			write(t, filepath.Dir(path), "file.db", tc.file)
			if _, err := ReadBackup(path); err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%v", err)
			}
			if now := read(t, filepath.Dir(path), "file.db"); !slices.Equal(now, tc.file) {
				t.Error("the file was changed")
			}
		})
	}
	if _, err := ReadBackup(t.TempDir()); err == nil || !strings.Contains(err.Error(), "is not a backup") {
		t.Errorf("a directory: %v", err)
	}
}

// schema is a backup of another schema.
func schema(t *testing.T, backup []byte, n string) []byte {
	t.Helper()
	return changed(t, backup, func(tx *bolt.Tx) error { return put(tx, bucketMeta, keySchema, []byte(n)) })
}

func otherProgram(t *testing.T) []byte {
	t.Helper()
	return changed(t, nil, func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("recipes")); return err })
}

func changed(t *testing.T, file []byte, change func(*bolt.Tx) error) []byte {
	t.Helper()
	dir := t.TempDir()
	if file != nil {
		write(t, dir, "x.db", file)
	}
	db, err := bolt.Open(filepath.Join(dir, "x.db"), 0o600, nil)
	if err == nil {
		err = db.Update(change)
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return read(t, dir, "x.db")
}

// Where the database is of no use the panel begins anew for what is restored, and
// keeps it; where it only cannot be used now it is left alone.
func TestAnewWhereTheDatabaseIsOfNoUse(t *testing.T) {
	for _, tc := range []struct {
		name string
		do   func(t *testing.T, dir string)
		word string // of the name under which it is kept
		says string // else
	}{
		{"cut off", func(t *testing.T, dir string) {
			write(t, dir, DatabaseFile, read(t, dir, DatabaseFile)[:50<<10])
		}, "damaged", ""},
		{"emptied", func(t *testing.T, dir string) { write(t, dir, DatabaseFile, nil) }, "damaged", ""},
		{"a digit has turned", func(t *testing.T, dir string) {
			write(t, dir, DatabaseFile, bytes.ReplaceAll(read(t, dir, DatabaseFile), []byte("+447700900001"), []byte("+447700900009")))
		}, "damaged", ""},
		{"the sealed part does not open", func(t *testing.T, dir string) {
			edit(t, dir, func(tx *bolt.Tx) error { return put(tx, bucketSealed, keyCurrent, []byte("?")) })
		}, "damaged", ""},
		{"of a newer gsmpanel", func(t *testing.T, dir string) {
			edit(t, dir, func(tx *bolt.Tx) error { return putSchema(tx, 99) })
		}, "newer", ""},
		{"sound", func(t *testing.T, dir string) {}, "", ""},
		{"of another key", func(t *testing.T, dir string) { write(t, dir, KeyFile, bytes.Repeat([]byte("0f"), 32)) }, "", "device.key does not belong to this database"},
		{"on a disk that is slow", func(t *testing.T, dir string) {}, "", "it may be damaged, or the machine has too much to do"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir, _ := household(t, 3)
			tc.do(t, dir)
			o := newOpening(dir, Options{Anew: true})
			if strings.Contains(tc.name, "disk") {
				o.checkLimit = 1 // ns
			} else if now := read(t, dir, DatabaseFile); tc.word != "" {
				defer func() { equal(t, "what is kept", read(t, dir, asides(t, dir)[0]), now) }()
			}
			s, err := o.run()
			if tc.says != "" {
				if err == nil || !strings.Contains(err.Error(), tc.says) || len(asides(t, dir)) > 0 {
					t.Errorf("%v; kept are %v", err, asides(t, dir))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer closeNow(t, s)
			fresh, aside := s.Fresh()
			if want := tc.word != ""; fresh != want || strings.Contains(aside, DatabaseFile+"."+tc.word+"-") != want {
				t.Errorf("fresh %v, kept as %q", fresh, aside)
			}
		})
	}
}

// asides are the names under which databases are kept that could not be used.
func asides(t *testing.T, dir string) (out []string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, DatabaseFile+".*-*"))
	for _, path := range found {
		out = append(out, filepath.Base(path))
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Where the database was lost a new one is made for what is restored, with the key
// that is there; never without being asked for it.
func TestAnewWhereTheDatabaseIsLost(t *testing.T) {
	dir, _ := household(t, 3)
	s := open(t, dir)
	saved := backupOf(t, s)
	closeNow(t, s)
	path := filepath.Join(t.TempDir(), "b.db")
	write(t, filepath.Dir(path), "b.db", saved)
	remove(t, dir, DatabaseFile)
	if _, err := Open(dir, Options{}); err == nil || !NeedsBackup(err) {
		t.Fatalf("without being asked: %v", err)
	}
	key := read(t, dir, KeyFile)
	again, err := Open(dir, Options{Anew: true})
	if err != nil {
		t.Fatal(err)
	}
	defer closeNow(t, again)
	if !bytes.Equal(read(t, dir, KeyFile), key) {
		t.Error("the key is another")
	}
	back, err := ReadBackup(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, whole := again.Recover(back); !whole {
		t.Error("the codes cannot be read with the key that they were made with")
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "gsmpanel-*", DatabaseFile)); err != nil || len(left) > 0 {
		t.Errorf("copies are left behind: %v, %v", left, err)
	}
}
