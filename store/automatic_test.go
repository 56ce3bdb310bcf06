package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// kept are the names of the panel's own backups.
func kept(t *testing.T, dir string) []string {
	t.Helper()
	files, err := os.ReadDir(filepath.Join(dir, BackupDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var out []string
	for _, f := range files {
		out = append(out, f.Name())
	}
	return out
}

func ofDay(t *testing.T, s *Store, day string) {
	t.Helper()
	if err := s.BackupOfDay(day); err != nil {
		t.Fatal(err)
	}
}

// One backup of each day, a week of them, in the order in which they were made,
// whatever the clock said. What else lies there stays.
func TestBackupOfDay(t *testing.T) {
	dir, last := household(t, 3)
	s := open(t, dir)
	ofDay(t, s, "2099-01-01") // the clock was wrong
	write(t, dir, BackupDir+"/0007-2026-11-01-schema-1.db", backupOf(t, s))
	write(t, dir, BackupDir+"/mine.db", []byte("of the owner"))
	write(t, dir, BackupDir+"/0099-2026-11-01.db.new", []byte("a power cut has left this"))
	for day := 2; day <= 6; day++ {
		write(t, dir, fmt.Sprintf("%s/%04d-2026-11-%02d.db", BackupDir, day+6, day-1), nil)
	}
	for _, day := range []string{"06", "06", "07", "08"} {
		ofDay(t, s, "2026-11-"+day)
	}
	equal(t, "backups", kept(t, dir), []string{"0007-2026-11-01-schema-1.db", "0009-2026-11-02.db", "0010-2026-11-03.db", "0011-2026-11-04.db",
		"0012-2026-11-05.db", "0013-2026-11-06.db", "0014-2026-11-07.db", "0015-2026-11-08.db", "mine.db"})
	path, made, ok := LastBackup(dir)
	if filepath.Base(path) != "0015-2026-11-08.db" || !ok || time.Since(made) > time.Hour {
		t.Errorf("the last one is %s of %v, %v", path, made, ok)
	}
	saved, err := ReadBackup(path)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "configuration", saved.Config, last.Config)
	for name, mode := range map[string]fs.FileMode{"": 0o700 | fs.ModeDir, filepath.Base(path): 0o600} {
		if info, err := os.Stat(filepath.Join(dir, BackupDir, name)); err != nil || info.Mode() != mode {
			t.Errorf("%q: %v, %v", name, info.Mode(), err)
		}
	}
}

// No backup is dropped for one that was not read back, and none has its name then.
func TestABackupThatIsNotReadBackIsNone(t *testing.T) {
	dir, _ := household(t, 3)
	s := open(t, dir)
	ofDay(t, s, "2026-11-01")
	for day := 2; day <= keptBackups; day++ {
		write(t, dir, fmt.Sprintf("%s/%04d-2026-11-%02d.db", BackupDir, day, day), nil)
	}
	before := kept(t, dir)
	for name, write := range map[string]func(io.Writer) error{
		"the disk is full":        func(io.Writer) error { return errors.New("no space left on device") },
		"the card forgets":        func(w io.Writer) error { _, err := w.Write(backupOf(t, s)[:40<<10]); return err },
		"nothing reaches it":      func(io.Writer) error { return nil },
		"another program's bytes": func(w io.Writer) error { _, err := w.Write([]byte(strings.Repeat("text ", 9000))); return err },
	} {
		if err := keepBackup(dir, "0099-2026-11-30.db", write, readable); err == nil || !strings.Contains(err.Error(), "making the backup "+dir) {
			t.Errorf("%s: %v", name, err)
		}
	}
	equal(t, "backups", kept(t, dir), before)
	alter(t, s, bucketConfig, keyCurrent, "+447700900001", "+447700900009") // a digit has turned in the database itself
	if err := s.BackupOfDay("2026-11-30"); err == nil || !strings.Contains(err.Error(), "is damaged") {
		t.Errorf("of a damaged row: %v", err)
	}
	equal(t, "backups", kept(t, dir), before)
}

// The newest that can be read is the last one.
func TestLastBackupSkipsTheDamaged(t *testing.T) {
	dir, _ := household(t, 3)
	if path, _, ok := LastBackup(dir); ok {
		t.Errorf("of none there is %s", path)
	}
	s := open(t, dir)
	for day := range 3 {
		ofDay(t, s, fmt.Sprintf("2026-11-%02d", day+1))
	}
	write(t, dir, BackupDir+"/0003-2026-11-03.db", read(t, dir, BackupDir+"/0003-2026-11-03.db")[:20<<10])
	write(t, dir, BackupDir+"/0002-2026-11-02.db", schema(t, backupOf(t, s), "99"))
	if path, _, ok := LastBackup(dir); filepath.Base(path) != "0001-2026-11-01.db" || !ok {
		t.Errorf("%s, %v", path, ok)
	}
}

// Of two panels, one under duress, neither number nor size nor name of the backups
// differs.
func TestBackupsOfDaysShowNothing(t *testing.T) {
	var seen [2][]string
	for n := range seen {
		dir := t.TempDir()
		s := openTwin(t, dir)
		c, st := load(t, s)
		for day := range uint64(3) {
			snap := step(c, st, day+1)
			if n == 1 {
				snap.State.Sealed = underDuress(st.Sealed)
			}
			commit(t, s, snap)
			ofDay(t, s, fmt.Sprintf("2026-11-%02d", day+1))
		}
		for _, name := range kept(t, dir) {
			seen[n] = append(seen[n], fmt.Sprintf("%s, %d bytes", name, len(read(t, dir, BackupDir+"/"+name))))
		}
	}
	if !slices.Equal(seen[0], seen[1]) || len(seen[0]) != 3 {
		t.Errorf("got  %q\nwant %q", seen[1], seen[0])
	}
}
