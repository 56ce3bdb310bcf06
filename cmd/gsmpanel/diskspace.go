package main

import (
	"context"
	"fmt"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
)

const (
	enoughDisk = 32 << 20 // bytes; the database of years has a third of it
	roomAgain  = 40 << 20 // or what a log file takes and gives back would be a trouble each time
	lookAtDisk = time.Minute
)

// watchDisk tells when the disk is nearly full, and when there is room again. A disk
// that cannot be asked is for those to tell who write on it.
func watchDisk(ctx context.Context, free func() (uint64, error), post func(panel.Event)) {
	for full := false; ctx.Err() == nil; {
		bytes, err := free()
		if now := bytes < enoughDisk || full && bytes < roomAgain; err == nil && now != full {
			full = now
			post(panel.Fault{Name: panel.FullTrouble, On: full, Why: fmt.Sprintf("%d MB are free", bytes>>20)})
		}
		select {
		case <-ctx.Done():
		case <-time.After(lookAtDisk):
		}
	}
}
