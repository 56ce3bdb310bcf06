package store

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	duress "github.com/gsmpanel/gsmpanel/panic"
)

// unfinished is how a file is named until it is whole and on the disk.
const unfinished = ".new"

// found is what a data directory holds.
type found struct {
	database bool
	key      bool
	marker   bool
	started  bool // the marker says that a first start began and did not end
}

// starting is the marker's first line while a new panel's files are made. They
// hold nothing yet, so a missing database is no loss then.
const starting = "first start"

// look says what is there, and refuses a database that was emptied or lost.
func (o opening) look() (found, error) {
	var f found
	dir := o.dir
	size, err := sizeOf(filepath.Join(dir, DatabaseFile))
	if err != nil {
		return f, err
	}
	if size == 0 {
		return f, errEmpty
	}
	keySize, err := sizeOf(filepath.Join(dir, KeyFile))
	if err != nil {
		return f, err
	}
	mark, err := readMarker(dir)
	if err != nil {
		return f, err
	}
	f = found{database: size > 0, key: keySize >= 0, marker: mark != "", started: mark == starting}
	if !f.database && !f.started && !o.Anew && (f.key || f.marker) {
		return f, errGone
	}
	return f, nil
}

func (f found) firstStart() bool { return !f.database }

// makeDirectory makes a missing data directory last.
func makeDirectory(dir string) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return syncPath(filepath.Dir(filepath.Clean(dir)))
}

// sizeOf is a file's size in bytes, or -1 if there is none.
func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return -1, nil
	}
	if err != nil {
		return 0, err
	}
	if info.IsDir() {
		return 0, fmt.Errorf("%s is a directory instead of a file; move it away and put the file back", path)
	}
	return info.Size(), nil
}

// readMarker returns the marker's first line, or "" without one.
func readMarker(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, MarkerFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if line == "" {
		line = "?" // it is there, and tells of a database
	}
	return line, nil
}

func writeMarker(dir, line string) error {
	return writeFile(dir, MarkerFile, []byte(line+`
This names the database that belongs here, so that a lost or emptied
gsmpanel.db is not taken for a new panel. Keep it with gsmpanel.db.
`))
}

// confirmMarker compares the marker with the database's id. It writes one where
// there is none to compare, such as after the files were copied by hand.
func confirmMarker(dir, id string) error {
	line, err := readMarker(dir)
	if err != nil || line == id {
		return err
	}
	if isID(line) {
		return fmt.Errorf("it belongs to another panel (%.8s) than the data directory (%.8s); put the right one back, or remove %s if this one is meant to go on here", id, line, MarkerFile)
	}
	return writeMarker(dir, id)
}

func isID(line string) bool {
	raw, err := hex.DecodeString(line)
	return err == nil && len(raw) == idSize
}

const idSize = 16

// readKey reads the device key.
func readKey(dir string) (duress.Key, error) {
	text, err := os.ReadFile(filepath.Join(dir, KeyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return duress.Key{}, fmt.Errorf("%s is gone, and without it codes and sealed entries cannot be read; %w", KeyFile, ErrKey)
	}
	if err != nil {
		return duress.Key{}, err
	}
	raw, err := hex.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(raw) != len(duress.Key{}) {
		return duress.Key{}, fmt.Errorf("%s is damaged: it must be 64 hexadecimal digits; %w", KeyFile, ErrKey) // the cause would quote the key
	}
	return duress.Key(raw), tighten(dir, KeyFile)
}

// writeFile makes a file of mode 0600 that is there wholly or not at all,
// whenever the power fails.
func writeFile(dir, name string, data []byte) error {
	path := filepath.Join(dir, name)
	// Root may write here, in a directory of the panel's: a link that lay there would be
	// followed to a file of somebody else's.
	if err := syscall.Unlink(path + unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(path+unfinished, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return finish(path)
}

// finish gives a written file its owner and its name, and makes both last.
func finish(path string) error {
	if err := giveToOwner(path); err != nil {
		return err
	}
	if err := syncPath(path + unfinished); err != nil {
		return err
	}
	if err := os.Rename(path+unfinished, path); err != nil {
		return err
	}
	return syncPath(filepath.Dir(path))
}

// giveToOwner gives a file that root makes to the owner of its directory: what
// an administrator sets up, the service must be able to open.
func giveToOwner(path string) error { return chownLike(path+unfinished, filepath.Dir(path)) }

func chownLike(path, dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	return os.Lchown(path, int(owner.Uid), int(owner.Gid))
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = f.Sync()
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// lockDirectory takes the lock on a data directory, which lasts until the file
// is closed or the process ends.
func lockDirectory(dir string, wait time.Duration) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	deadline := time.Now().Add(wait)
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			break
		}
		if time.Now().After(deadline) {
			err = ErrInUse
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err != nil {
		_ = f.Close() // err is the reason that counts
		return nil, err
	}
	return f, nil
}
