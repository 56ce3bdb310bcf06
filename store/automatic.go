package store

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// BackupDir is where, in a data directory, the panel's own backups lie: one of
// each day, 0007-2026-11-28.db, and one from before each change of the schema,
// 0008-2026-11-28-schema-1.db. They are numbered, so that a clock which was set
// wrongly for a while does not make an old one the newest.
const BackupDir = "backups"

// keptBackups are the days that are kept. Of each schema the newest is kept.
const keptBackups = 7

var automaticName = regexp.MustCompile(`^(\d{4,})-(\d{4}-\d\d-\d\d)(-schema-\d+)?\.db$`)

// automatic is a backup that the panel made by itself.
type automatic struct {
	number int
	day    string
	schema string // "" for one of a day
	path   string
}

// automatics lists them, oldest first.
func automatics(dir string) ([]automatic, error) {
	files, err := os.ReadDir(filepath.Join(dir, BackupDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var out []automatic
	for _, f := range files {
		if m := automaticName.FindStringSubmatch(f.Name()); m != nil {
			n, _ := strconv.Atoi(m[1]) // too large a number is no name of ours, and sorts last
			out = append(out, automatic{n, m[2], m[3], filepath.Join(dir, BackupDir, f.Name())})
		}
	}
	slices.SortFunc(out, func(a, b automatic) int { return cmp.Compare(a.number, b.number) })
	return out, nil
}

// LastBackup is the newest of the panel's own backups in the data directory dir
// that can be restored by this gsmpanel, and when it was made. The process must
// have called [RunCheckIfAsked] before.
func LastBackup(dir string) (path string, made time.Time, ok bool) {
	list, _ := automatics(dir) // what cannot be listed is not there for anybody
	for _, b := range slices.Backward(list) {
		info, err := os.Stat(b.path)
		if err != nil {
			continue
		}
		if _, err := ReadBackup(b.path); err == nil {
			return b.path, info.ModTime(), true
		}
	}
	return "", time.Time{}, false
}

// BackupOfDay makes the backup of a day (2026-11-28), unless the newest one is of
// that day, and drops what is older than a week of them. None is dropped before
// the new one was read back from the disk. It may take as long as the disk takes,
// and holds up no commit meanwhile.
func (s *Store) BackupOfDay(day string) error {
	list, err := automatics(s.dir)
	if err != nil {
		return fmt.Errorf("looking for the backups: %w", err)
	}
	days := slices.DeleteFunc(slices.Clone(list), func(b automatic) bool { return b.schema != "" })
	if len(days) > 0 && days[len(days)-1].day == day {
		return nil
	}
	if err := keepBackup(s.dir, next(list, day, ""), s.Backup, readable); err != nil {
		return err
	}
	return drop(days[:max(0, len(days)+1-keptBackups)])
}

// next is the name of the backup that follows those there are.
func next(list []automatic, day, schema string) string {
	n := 1
	if len(list) > 0 {
		n = list[len(list)-1].number + 1
	}
	return fmt.Sprintf("%04d-%s%s.db", n, day, schema)
}

func drop(list []automatic) error {
	for _, b := range list {
		if err := os.Remove(b.path); err != nil {
			return fmt.Errorf("dropping an old backup: %w", err)
		}
	}
	return nil
}

func readable(path string) error {
	_, err := ReadBackup(path)
	return err
}

// keepBackup has a file written into the directory of backups. It has its name
// only when it is on the disk and was read back from there.
func keepBackup(dir, name string, write func(io.Writer) error, readable func(path string) error) error {
	path := filepath.Join(dir, BackupDir, name)
	if err := makeBackupDir(dir); err != nil {
		return err
	}
	if err := dropUnfinished(dir); err != nil {
		return err
	}
	err := writeSynced(path+unfinished, write)
	if err == nil {
		err = readable(path + unfinished)
	}
	if err == nil {
		err = finish(path)
	}
	if err != nil {
		_ = os.Remove(path + unfinished) // err is the reason that counts
		return fmt.Errorf("making the backup %s: %w", path, err)
	}
	return nil
}

// makeBackupDir makes the directory, and gives it to the owner of the one that it
// is in.
func makeBackupDir(dir string) error {
	path := filepath.Join(dir, BackupDir)
	if err := os.Mkdir(path, 0o700); errors.Is(err, fs.ErrExist) {
		return nil
	} else if err != nil {
		return err
	}
	if err := chownLike(path, dir); err != nil {
		return err
	}
	return syncPath(dir)
}

// dropUnfinished removes what a power cut has left.
func dropUnfinished(dir string) error {
	left, err := filepath.Glob(filepath.Join(dir, BackupDir, "*.db"+unfinished))
	if err != nil {
		return err
	}
	for _, path := range left {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

// writeSynced has a file written and put on the disk, and lets the kernel forget
// it: who reads it then reads the disk.
func writeSynced(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err = write(f); err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}
