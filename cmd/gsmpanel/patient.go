package main

import (
	"context"
	"io"

	"github.com/gsmpanel/gsmpanel/panel"
)

// What a person at a terminal reads where an answer takes over a second.
const (
	askingPanel   = "waiting for the panel"
	openingStored = "opening the database"
	writingBackup = "writing the backup"
	readingBackup = "looking through the backup"
)

// patient is a desk that shows when it is waited for. What takes a code shows it by
// itself.
type patient struct {
	panel.Desk
	p *program
}

func (d patient) Outward(ctx context.Context) (panel.Outward, error) {
	defer d.p.waitFor(askingPanel).over()
	return d.Desk.Outward(ctx)
}

func (d patient) Public(ctx context.Context) (panel.Public, error) {
	defer d.p.waitFor(askingPanel).over()
	return d.Desk.Public(ctx)
}

func (d patient) Edit(ctx context.Context, e panel.Edit) error {
	defer d.p.waitFor(askingPanel).over()
	return d.Desk.Edit(ctx, e)
}

func (d patient) Log(ctx context.Context, n int) ([]panel.Entry, error) {
	defer d.p.waitFor(askingPanel).over()
	return d.Desk.Log(ctx, n)
}

func (d patient) Backup(ctx context.Context, w io.Writer) error {
	defer d.p.waitFor(writingBackup).over()
	return d.Desk.Backup(ctx, w)
}

func (d patient) Restore(ctx context.Context, s panel.Saved) (whole bool, err error) {
	defer d.p.waitFor(askingPanel).over()
	return d.Desk.Restore(ctx, s)
}
