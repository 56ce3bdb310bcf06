package panel

import (
	"context"
	"io"

	"github.com/gsmpanel/gsmpanel/alert"
)

// Snapshot is what one commit makes durable, in one transaction.
type Snapshot struct {
	Config  Config
	State   State
	Entries []Entry // journal since the last commit
}

// Store keeps snapshots. Commit returns when the snapshot is safe on disk.
type Store interface {
	Commit(Snapshot) error
	// Entries returns the last n of the journal, oldest first; all where n <= 0.
	Entries(n int) ([]Entry, error)
	// Backup writes a copy of what was last committed.
	Backup(w io.Writer) error
	// Recover opens what a backup holds; whole is false where its codes were made
	// with another device key.
	Recover(s Saved) (c Config, whole bool)
}

// Line is the modem as the panel needs it. Every call blocks until its outcome
// is known; progress of a call comes by on, in order, from one goroutine.
type Line interface {
	// Send hands one text to the network.
	Send(ctx context.Context, o alert.Order) alert.Outcome
	// Call rings a number and plays the tone pattern when it is answered, or
	// answers the call from outside that o names. It follows what more says: tones
	// to be heard, the microphone. It returns when the call is over. Cancelling ctx
	// hangs up.
	Call(ctx context.Context, o alert.Order, more <-chan alert.Order, on CallEvents) alert.Outcome
	// TakeCalls says whether who rings is told as Rang, or hears busy. It does not
	// block, and neither does Reject, which ends a call that is not answered.
	TakeCalls(yes bool)
	Reject(caller uint64)
	// Ask puts a service code to the network and returns its answer, "" for none. It
	// gives way to everything else.
	Ask(ctx context.Context, code string) string
	// Discard deletes a received text that was committed.
	Discard(ctx context.Context, id uint64)
}

// CallEvents is told what happens in a call.
type CallEvents struct {
	Ringing, Answered func()
	Key               func(byte)
}

// Answer is what a command by the local channel gets back.
type Answer struct {
	Text string `json:"text"`
	Done bool   `json:"done"` // false: refused
}
