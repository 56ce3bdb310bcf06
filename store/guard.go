package store

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sys/unix"
)

// fault is a panic of bbolt or a page of the file that the disk did not give.
// Either would otherwise end the process, and the alarm with it.
type fault struct{ cause any }

func (f fault) Error() string {
	why := fmt.Sprint(f.cause)
	if _, ok := f.cause.(interface{ Addr() uintptr }); ok { // runtime/debug.SetPanicOnFault
		why = "a part of the file cannot be read"
	}
	return "the database or its disk is damaged (" + why + "); restart the panel; if it does not start, put back a copy of the data directory"
}

// guard runs f and turns a panic, or a memory fault in the mapped file, into an
// error. It covers the calling goroutine only.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if cause := recover(); cause != nil {
			err = fault{cause}
		}
	}()
	return f()
}

// within runs f but waits for it no longer than limit. What f returns after
// that is handed to late, so that nothing stays open that nobody has.
func within[T any](limit time.Duration, f func() (T, error), late func(T)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done, given := make(chan result, 1), time.NewTimer(limit)
	defer given.Stop()
	go func() {
		v, err := f()
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-given.C:
	}
	go func() {
		if r := <-done; r.err == nil {
			late(r.value)
		}
	}()
	var none T
	return none, fmt.Errorf("the disk did not answer within %v: %w", limit, os.ErrDeadlineExceeded)
}

// update runs one read-write transaction; s.mu is held.
func (s *Store) update(f func(*bolt.Tx) error) error {
	if err := s.usable(); err != nil {
		return err
	}
	if err := s.inPlace(); err != nil {
		return err
	}
	return s.noteFault(s.whyNot(guard(func() error { return s.db.Update(f) })))
}

// whyNot adds to an error that the disk can only be read: bbolt's words for a file that
// cannot grow drop what the system said.
func (s *Store) whyNot(err error) error {
	var disk unix.Statfs_t
	if err != nil && !errors.Is(err, unix.EROFS) && unix.Fstatfs(int(s.file.Fd()), &disk) == nil && disk.Flags&unix.ST_RDONLY != 0 {
		return fmt.Errorf("%w (%w)", err, unix.EROFS)
	}
	return err
}

// view runs one read-only transaction. It does not wait for a commit.
func (s *Store) view(f func(*bolt.Tx) error) error {
	return guard(func() error { return s.db.View(f) })
}

func (s *Store) usable() error {
	if s.closed {
		return os.ErrClosed
	}
	return s.broken
}

// noteFault remembers a fault: bbolt's own state is unknown from then on.
func (s *Store) noteFault(err error) error {
	if f := (fault{}); errors.As(err, &f) {
		s.broken = err
	}
	return err
}

// inPlace refuses to commit to a file that no longer has its name, whose
// contents nobody would ever read again.
func (s *Store) inPlace() error {
	now, err := os.Stat(s.path())
	if err != nil {
		return fmt.Errorf("the file was removed while the panel runs, and what happens now is not kept; stop the panel and restore a backup: %w", err)
	}
	ours, err := s.file.Stat()
	if err != nil {
		return err
	}
	if !os.SameFile(now, ours) {
		return errors.New("the file was replaced while the panel runs, and what happens now is not kept; restart the panel")
	}
	return nil
}
