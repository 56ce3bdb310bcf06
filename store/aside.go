package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

var (
	errEmpty = errors.New(DatabaseFile + " is empty, and nothing was changed; only for a panel that never ran, remove the empty file")
	errGone  = errors.New(DatabaseFile + " is gone, though this panel had one; only to begin anew without its contacts and codes, remove " + KeyFile + " and " + MarkerFile + " as well")
)

// ErrKey ends the sentence of a device key that is not the right one.
var ErrKey = errors.New("put its copy back, or a copy of the whole data directory")

// NeedsBackup tells whether [Open] has refused a database that is lost or damaged, so that
// a backup, or a copy of the whole data directory, is the way on.
func NeedsBackup(err error) bool {
	for _, why := range []error{errDamaged, errEmpty, errGone, errUnsealed} {
		if errors.Is(err, why) {
			return true
		}
	}
	return false
}

// beyondUse tells whether a database is one that this gsmpanel will never open: not
// one that is in use, whose key is another, or whose disk did not answer.
func beyondUse(err error) bool {
	n := newer{}
	return errors.Is(err, errDamaged) || errors.Is(err, errEmpty) || errors.Is(err, errUnsealed) || errors.As(err, &n)
}

// setAside gives a database that is beyond use another name, which says why. It is
// never removed: what is open in it, somebody may still want to read.
func (o opening) setAside(why error) (aside string, err error) {
	word := "damaged"
	if n := (newer{}); errors.As(why, &n) {
		word = "newer"
	}
	path := filepath.Join(o.dir, DatabaseFile)
	aside = fmt.Sprintf("%s.%s-%s", path, word, time.Now().UTC().Format("20060102-150405"))
	if _, err := os.Lstat(aside); !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s is there already; try again in a second", aside)
	}
	if err := os.Rename(path, aside); err != nil {
		return "", err
	}
	return aside, syncPath(o.dir)
}
