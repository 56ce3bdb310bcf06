package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/control"
	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/store"
)

// socketName is the control socket within the data directory.
const socketName = "gsmpanel.sock"

// desk is the panel, running or not.
type desk struct {
	panel.Desk
	daemon *control.Client // nil where none runs
	close  func() error

	fresh bool   // its database was made for what is restored
	aside string // where the one is kept that could not be used
}

// atDesk opens the desk for what work does with it.
func (p *program) atDesk(c *cli.Context, work func(ctx context.Context, d desk) error) error {
	d, err := p.openDesk(c.String("data"))
	if err != nil {
		return err
	}
	err = work(c.Context, d)
	if d.daemon == nil {
		err = unkept(c.String("data"), err)
	}
	return errors.Join(err, d.close())
}

// unkept adds to what a disk refuses how that is mended, where nobody has yet.
func unkept(dir string, err error) error {
	if known := (*failure)(nil); errors.As(err, &known) {
		return err
	}
	return mended(dir, err)
}

// openDesk asks the daemon, and opens the database where none answers.
func (p *program) openDesk(dir string) (desk, error) {
	client, err := control.Dial(filepath.Join(dir, socketName))
	switch {
	case err == nil:
		return desk{Desk: onDisk{patient{client, p}, p}, daemon: client, close: func() error { return nil }}, nil
	case errors.Is(err, fs.ErrPermission):
		return desk{}, denied(dir, err, false)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOTDIR):
		return p.openStored(dir)
	}
	return desk{}, err
}

func (p *program) openStored(dir string) (desk, error) {
	wait := p.waitFor(openingStored)
	s, err := store.Open(dir, store.Options{Cost: p.cost, Anew: p.anew})
	wait.over()
	if err != nil {
		return desk{}, mended(dir, err)
	}
	config, state, err := s.Load()
	if err != nil {
		return desk{}, errors.Join(mended(dir, err), s.Close())
	}
	d := desk{Desk: patient{panel.NewOffline(config, state, s, s.Key(), rand.Reader, time.Now), p}, close: s.Close}
	d.fresh, d.aside = s.Fresh()
	return d, nil
}
