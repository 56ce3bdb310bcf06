package control

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// maxPath is the longest path of a socket, in bytes: sun_path of unix(7), less
// its final zero and the suffix under which the socket is made.
const maxPath = 107 - len(newSuffix)

const newSuffix = ".new"

// Listen opens the socket with mode 0660. A socket file that a killed daemon
// left behind is replaced; one on which somebody answers, or a file that is no
// socket, is an error. Close removes the file.
//
// Two daemons that start at once are kept apart by the database's lock, not here.
func Listen(path string) (net.Listener, error) {
	if len(path) > maxPath {
		return nil, fmt.Errorf("the path of the socket %q has %d bytes and a socket's may have %d; choose a shorter data directory, for example --data /var/lib/gsmpanel", path, len(path), maxPath)
	}
	if err := makeRoom(path); err != nil {
		return nil, err
	}
	return listen(path)
}

// makeRoom removes a stale socket file.
func makeRoom(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot look at the socket: %w", err)
	}
	if info.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("%s is in the way of the panel's socket and is no socket; move it elsewhere", path)
	}
	conn, err := net.DialTimeout("unix", path, time.Second)
	if err == nil {
		_ = conn.Close() // it was opened only to see whether somebody answers
		return fmt.Errorf("a panel is running already and answers on %s; stop it first", path)
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("cannot tell whether a panel is running: %w", err)
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("cannot remove the socket that a panel left behind: %w", err)
	}
	return nil
}

// listen makes the socket under another name, so that nobody can open it before
// it has its mode.
func listen(path string) (net.Listener, error) {
	made := path + newSuffix
	_ = os.Remove(made) // of a start that was cut short; if it stays, Listen says so
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: made, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("cannot open the panel's socket: %w", err)
	}
	l.SetUnlinkOnClose(false)
	if err = os.Chmod(made, 0o660); err == nil {
		err = os.Rename(made, path)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cannot put the panel's socket in its place: %w", err), l.Close(), os.Remove(made))
	}
	return &listener{UnixListener: l, path: path}, nil
}

type listener struct {
	*net.UnixListener
	path string
	once sync.Once
	err  error
}

func (l *listener) Close() error {
	l.once.Do(func() { l.err = errors.Join(os.Remove(l.path), l.UnixListener.Close()) })
	return l.err
}
