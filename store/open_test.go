package store

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/zones"
)

func TestFirstStart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var", "gsmpanel")
	cheap := duress.Cost{Time: 1, MemoryKiB: 8}
	s, err := Open(dir, Options{Cost: cheap})
	if err != nil {
		t.Fatal(err)
	}
	defer closeNow(t, s)
	for name, mode := range map[string]fs.FileMode{"": 0o700 | fs.ModeDir, DatabaseFile: 0o600, KeyFile: 0o600, MarkerFile: 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "mode of "+name, info.Mode(), mode)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*"+unfinished)); left != nil {
		t.Errorf("left over: %v", left)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(read(t, dir, KeyFile))))
	if err != nil || duress.Key(key) != s.Key() || s.Key() == (duress.Key{}) {
		t.Errorf("device.key is not Key(): %v", err)
	}
	c, st := load(t, s)
	equal(t, "cost", c.Duress.Cost, cheap)
	equal(t, "configuration", c, panel.DefaultConfig(c.Duress))
	equal(t, "mode", st.Open.Zones.Mode, zones.Disarmed)
	if st.Open.Book.Seed == 0 {
		t.Error("the state has no seed")
	}
}

func TestDefaultCost(t *testing.T) {
	c, _ := load(t, open(t, t.TempDir()))
	equal(t, "cost", c.Duress.Cost, duress.DefaultCost)
}

// The power fails between any two files of a first start; the next start goes
// on with the key that is there.
func TestInterruptedFirstStart(t *testing.T) {
	for _, tc := range []struct {
		name  string
		keeps []string
	}{
		{"nothing but the marker", nil},
		{"the key, no database", []string{KeyFile}},
		{"all but the id in the marker", []string{KeyFile, DatabaseFile}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			whole, dir := t.TempDir(), t.TempDir()
			closeNow(t, open(t, whole))
			write(t, dir, MarkerFile, []byte(starting+"\n"))
			write(t, dir, DatabaseFile+unfinished, []byte("half a database"))
			write(t, dir, KeyFile+unfinished, []byte("12"))
			for _, name := range tc.keeps {
				write(t, dir, name, read(t, whole, name))
			}
			s := open(t, dir)
			load(t, s)
			if len(tc.keeps) > 0 {
				equal(t, "key", read(t, dir, KeyFile), read(t, whole, KeyFile))
			}
			if line, _ := readMarker(dir); !isID(line) {
				t.Errorf("the marker says %q", line)
			}
		})
	}
}

// What an owner, a card or a wrong copy can do to the files: a sentence, and no
// file is changed.
func TestRefused(t *testing.T) {
	t.Parallel()
	other := t.TempDir()
	closeNow(t, open(t, other))
	for _, tc := range []struct {
		name string
		do   func(t *testing.T, dir string)
		want string
	}{
		{"database emptied", func(t *testing.T, dir string) { write(t, dir, DatabaseFile, nil) }, "gsmpanel.db is empty, and nothing was changed"},
		{"database removed", func(t *testing.T, dir string) { remove(t, dir, DatabaseFile) }, "gsmpanel.db is gone, though this panel had one; only to begin anew"},
		{"database and marker removed", func(t *testing.T, dir string) { remove(t, dir, DatabaseFile); remove(t, dir, MarkerFile) }, "gsmpanel.db is gone, though this panel had one"},
		{"database and key removed", func(t *testing.T, dir string) { remove(t, dir, DatabaseFile); remove(t, dir, KeyFile) }, "gsmpanel.db is gone, though this panel had one"},
		{"database gone and marker emptied", func(t *testing.T, dir string) { remove(t, dir, DatabaseFile); write(t, dir, MarkerFile, nil) }, "gsmpanel.db is gone, though this panel had one"},
		{"database is something else", func(t *testing.T, dir string) { write(t, dir, DatabaseFile, bytes.Repeat([]byte("text "), 9000)) }, `its check says "invalid database": it is damaged, and nothing was changed`},
		{"database is a directory", func(t *testing.T, dir string) {
			remove(t, dir, DatabaseFile)
			if err := os.Mkdir(filepath.Join(dir, DatabaseFile), 0o700); err != nil {
				t.Fatal(err)
			}
		}, "is a directory instead of a file"},
		{"key removed", func(t *testing.T, dir string) { remove(t, dir, KeyFile) }, "device.key is gone, and without it codes and sealed entries cannot be read; put its copy back"},
		{"key cut short", func(t *testing.T, dir string) { write(t, dir, KeyFile, []byte("0123456789abcdef\n")) }, "device.key is damaged: it must be 64 hexadecimal digits"},
		{"key of another panel", func(t *testing.T, dir string) { write(t, dir, KeyFile, read(t, other, KeyFile)) }, "device.key does not belong to this database; put its copy back"},
		{"database of another panel", func(t *testing.T, dir string) { write(t, dir, DatabaseFile, read(t, other, DatabaseFile)) }, "device.key does not belong to this database"},
		{"database and key of another panel", func(t *testing.T, dir string) {
			write(t, dir, DatabaseFile, read(t, other, DatabaseFile))
			write(t, dir, KeyFile, read(t, other, KeyFile))
		}, "it belongs to another panel"},
		{"written by a newer gsmpanel", func(t *testing.T, dir string) {
			edit(t, dir, func(tx *bolt.Tx) error { return putSchema(tx, 2+len(migrations)) })
		}, "it was written by a newer gsmpanel (schema 2, this one knows up to 1); install that version again"},
		{"schema unreadable", func(t *testing.T, dir string) {
			edit(t, dir, func(tx *bolt.Tx) error { return put(tx, bucketMeta, keySchema, []byte("one")) })
		}, `its schema number is "one"`},
		{"id gone", func(t *testing.T, dir string) {
			edit(t, dir, func(tx *bolt.Tx) error { return tx.Bucket(bucketMeta).Delete(keyOwner) })
		}, "its id is missing"},
		{"part gone", func(t *testing.T, dir string) {
			edit(t, dir, func(tx *bolt.Tx) error { return tx.DeleteBucket(bucketJournal) })
		}, "is missing"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir, _ := household(t, 1)
			tc.do(t, dir)
			before := files(t, dir)
			_, err := Open(dir, Options{})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("got  %v\nwant %s", err, tc.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than a sentence: %v", err)
			}
			equal(t, "files afterwards", files(t, dir), before)
		})
	}
}

// edit changes a closed database behind the store's back.
func edit(t *testing.T, dir string, f func(*bolt.Tx) error) {
	t.Helper()
	db, err := bolt.Open(filepath.Join(dir, DatabaseFile), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(f); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if f.IsDir() {
			out[f.Name()] = "directory"
			continue
		}
		out[f.Name()] = string(read(t, dir, f.Name()))
	}
	return out
}

func TestSealedPartThatDoesNotOpen(t *testing.T) {
	for _, tc := range []struct {
		name string
		do   func(tx *bolt.Tx) error
		want string
	}{
		{"missing", func(tx *bolt.Tx) error { return tx.Bucket(bucketSealed).Delete(keyCurrent) }, "the sealed part is missing"},
		{"one bit turned", func(tx *bolt.Tx) error {
			box := bytes.Clone(get(tx, bucketSealed, keyCurrent))
			box[len(box)/2] ^= 1
			return put(tx, bucketSealed, keyCurrent, box)
		}, "device.key does not belong to this database, or the database is damaged"},
		{"made with another key", func(tx *bolt.Tx) error {
			box, err := sealState(newOpening("", Options{}).Rand, duress.Key{9}, sealedPart{})
			if err != nil {
				return err
			}
			return put(tx, bucketSealed, keyCurrent, box)
		}, "device.key does not belong to this database, or the database is damaged"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir, _ := household(t, 1)
			edit(t, dir, tc.do)
			_, _, err := open(t, dir).Load()
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("got  %v\nwant %s", err, tc.want)
			}
			sentence(t, err)
		})
	}
}

func TestFilesCopiedByHand(t *testing.T) {
	dir, last := household(t, 3)
	remove(t, dir, MarkerFile)
	for _, name := range []string{KeyFile, DatabaseFile} {
		if err := os.Chmod(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	_, st := load(t, open(t, dir))
	equal(t, "state", st, last.State)
	for _, name := range []string{KeyFile, DatabaseFile, MarkerFile} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "mode of "+name, info.Mode(), fs.FileMode(0o600))
	}
}

func TestFilesBelongToTheDirectorysOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	dir := t.TempDir()
	if err := os.Chown(dir, 4711, 4712); err != nil {
		t.Fatal(err)
	}
	ofDay(t, open(t, dir), "2026-11-28")
	for _, name := range []string{DatabaseFile, KeyFile, MarkerFile, BackupDir, BackupDir + "/0001-2026-11-28.db"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		owner := info.Sys().(*syscall.Stat_t)
		equal(t, "owner of "+name, [2]uint32{owner.Uid, owner.Gid}, [2]uint32{4711, 4712})
	}
}

// Several start at once on a new directory: one has it, the others are told.
func TestFirstStartsMeet(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	opened := make(chan *Store, 8)
	for range cap(opened) {
		wg.Go(func() {
			s, err := Open(dir, Options{Wait: time.Millisecond})
			if err == nil {
				opened <- s
			} else if !errors.Is(err, ErrInUse) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	equal(t, "stores opened", len(opened), 1)
	closeNow(t, <-opened)
}

func TestWaitsForTheLock(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if _, err := Open(dir, Options{Wait: time.Millisecond}); !errors.Is(err, ErrInUse) {
		t.Errorf("got %v", err)
	}
	time.AfterFunc(30*time.Millisecond, func() { closeNow(t, s) })
	again, err := Open(dir, Options{Wait: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	closeNow(t, again)
}

// Another program, such as the bbolt tool, has the file itself.
func TestFileInUse(t *testing.T) {
	dir, _ := household(t, 1)
	db, err := bolt.Open(filepath.Join(dir, DatabaseFile), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("got %v", err)
	}
}

func TestClosed(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	c, st := load(t, s)
	closeNow(t, s)
	closeNow(t, s)
	if err := s.Commit(panel.Snapshot{Config: c, State: st}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Commit: %v", err)
	}
	if _, _, err := s.Load(); err == nil {
		t.Error("Load works on a closed store")
	}
	if err := s.Backup(new(bytes.Buffer)); err == nil {
		t.Error("Backup works on a closed store")
	}
	if _, err := s.Entries(1); err == nil {
		t.Error("Entries works on a closed store")
	}
}

// A disk that does not answer, here a pipe in place of a file, does not hold
// Open for ever; what it held is let go when the disk answers.
func TestOpenDoesNotWaitForADeadDisk(t *testing.T) {
	dir, _ := household(t, 1)
	key := read(t, dir, KeyFile)
	pipe := filepath.Join(dir, KeyFile)
	remove(t, dir, KeyFile)
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	o := newOpening(dir, Options{})
	o.openLimit = 50 * time.Millisecond
	if _, err := o.run(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	if err := os.WriteFile(pipe, key, 0); err != nil {
		t.Fatal(err)
	}
	remove(t, dir, KeyFile)
	write(t, dir, KeyFile, key)
	s, err := Open(dir, Options{Wait: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	closeNow(t, s)
}

func TestCheckDoesNotRunForEver(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, DatabaseFile), 0o600); err != nil {
		t.Fatal(err)
	}
	o := newOpening(dir, Options{})
	o.checkLimit = 50 * time.Millisecond
	err := o.check()
	if err == nil || !strings.Contains(err.Error(), "did not end in time") {
		t.Fatalf("got %v", err)
	}
	sentence(t, err)
}

func TestWithin(t *testing.T) {
	t.Run("in time", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			v, err := within(time.Second, func() (int, error) { return 7, nil }, func(int) { t.Error("late") })
			if v != 7 || err != nil {
				t.Errorf("got %d, %v", v, err)
			}
		})
	})
	t.Run("20 minutes late", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			begun, late := time.Now(), 0
			_, err := within(30*time.Second, func() (int, error) {
				time.Sleep(20 * time.Minute)
				return 7, nil
			}, func(v int) { late = v })
			if !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begun) != 30*time.Second {
				t.Errorf("got %v after %v", err, time.Since(begun))
			}
			time.Sleep(20 * time.Minute)
			synctest.Wait()
			equal(t, "handed to late", late, 7)
		})
	})
}

func TestOpenNeedsTheCheck(t *testing.T) {
	dir, _ := household(t, 1)
	canCheck.Store(false)
	defer canCheck.Store(true)
	if _, err := Open(dir, Options{}); err == nil || !strings.Contains(err.Error(), "store.RunCheckIfAsked") {
		t.Errorf("got %v", err)
	}
}

func TestNoRandomness(t *testing.T) {
	dir := t.TempDir()
	for _, bytesLeft := range []int{0, 31, 40, 100, 3000} {
		_, err := Open(dir, Options{Rand: bytes.NewReader(make([]byte, bytesLeft))})
		if err == nil || !strings.Contains(err.Error(), "randomness") {
			t.Errorf("with %d random bytes: %v", bytesLeft, err)
		}
	}
	load(t, open(t, dir)) // and later it starts all the same
}
