package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// A damaged file can make bbolt panic, read where the file has ended, or run in
// a circle for ever, and part of its checking is done in goroutines where
// nothing can be recovered. So each file is looked through by a process of its
// own first. That is done at every opening, also after a clean end: a card
// wears out while nobody writes, and it costs hardly more than one more start
// of the program (BenchmarkOpen).

const (
	checkEnvironment = "GSMPANEL_STORE_CHECK" // path of the file to check
	sound            = "sound"
	exitDamaged      = 1
	exitInUse        = 3
)

var canCheck atomic.Bool

// RunCheckIfAsked must be the first call of every main, and of the TestMain of
// every package that opens a store: [Open] checks the database in a copy of the
// program itself, started with GSMPANEL_STORE_CHECK in its environment. In such
// a copy RunCheckIfAsked does the check and ends the process; otherwise it
// returns at once. [Open] refuses to work where it was not called.
func RunCheckIfAsked() {
	path, asked := os.LookupEnv(checkEnvironment)
	if !asked {
		canCheck.Store(true)
		return
	}
	time.AfterFunc(2*checkLimit, func() { os.Exit(exitDamaged) }) // whoever asked is gone
	err := guard(func() error { return inspect(path) })
	switch {
	case err == nil:
		fmt.Println(sound)
		os.Exit(0)
	case errors.Is(err, bolterrors.ErrTimeout):
		os.Exit(exitInUse)
	}
	fmt.Println(oneLine(err))
	os.Exit(exitDamaged)
}

// inspect reads every page and every value of a database. It leaves it open:
// the process ends anyway, and closing could hang.
func inspect(path string) error {
	db, err := bolt.Open(path, 0, &bolt.Options{ReadOnly: true, Timeout: defaultWait, PreLoadFreelist: true})
	if err != nil {
		return err
	}
	return db.View(func(tx *bolt.Tx) error {
		for err := range tx.Check() {
			return err // the first; the process ends, and the rest of the check with it
		}
		for _, name := range buckets {
			if tx.Bucket(name) == nil {
				return fmt.Errorf("part %q is missing", name)
			}
		}
		return tx.ForEach(func(_ []byte, b *bolt.Bucket) error {
			return b.ForEach(func(_, value []byte) error {
				_, err := io.Discard.Write(append([]byte(nil), value...)) // reads all of it
				return err
			})
		})
	})
}

// check asks a copy of this program whether the database is sound.
func (o opening) check() error { return o.checkFile(filepath.Join(o.dir, DatabaseFile)) }

func (o opening) checkFile(path string) error {
	if !canCheck.Load() {
		return errors.New("this program does not call store.RunCheckIfAsked first, which checking the database needs")
	}
	ctx, cancel := context.WithTimeout(context.Background(), o.checkLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/proc/self/exe") // also when the program's file was replaced meanwhile
	cmd.Args = []string{os.Args[0], "(checks the database)"}
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	if err := mayWrite(path); err != nil {
		return err
	}
	cmd.Env = append(os.Environ(), checkEnvironment+"="+path, "GOTRACEBACK=none")
	cmd.WaitDelay = time.Second
	said, err := cmd.Output()
	return verdict(cmd.ProcessState, strings.TrimSpace(string(said)), err, ctx.Err())
}

// mayWrite tells what is nothing that the file could be blamed for: whose it is, or a
// disk that may only be read.
func mayWrite(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

func verdict(p *os.ProcessState, said string, err, late error) error {
	switch {
	case err == nil && said == sound:
		return nil
	case late != nil:
		return fmt.Errorf("checking it did not end in time: %w", errDoubtful)
	case p == nil:
		return fmt.Errorf("it could not be checked: %w", err)
	case p.ExitCode() == exitInUse:
		return ErrInUse
	case p.ExitCode() == exitDamaged && said != "":
		return fmt.Errorf("its check says %q: %w", said, errDamaged)
	}
	if status, ok := p.Sys().(syscall.WaitStatus); ok && status.Signal() == syscall.SIGKILL { // such as for want of memory
		return fmt.Errorf("its check was ended: %w", errDoubtful)
	}
	return fmt.Errorf("its check broke off (%v): %w", p, errDamaged)
}

func oneLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
