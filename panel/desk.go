package panel

import (
	"context"
	"errors"
	"fmt"
	"io"

	duress "github.com/gsmpanel/gsmpanel/panic"
)

// Desk is the panel for those who look after it: the daemon over its socket, or
// the database where none runs. The same either way.
type Desk interface {
	// Outward is the panel as anybody may see it.
	Outward(ctx context.Context) (Outward, error)
	// Public is the configuration without codes.
	Public(ctx context.Context) (Public, error)
	// Edit changes the configuration.
	Edit(ctx context.Context, e Edit) error
	// Codes makes, changes or removes codes. It may take seconds; progress is
	// called with the part done of total.
	Codes(ctx context.Context, r CodeRequest, progress func(done, total int)) error
	// Command is a command by hand; ErrNotRunning where no daemon runs.
	Command(ctx context.Context, r CommandRequest) (Answer, error)
	// Log returns the last n journal entries, oldest first.
	Log(ctx context.Context, n int) ([]Entry, error)
	// SealedLog answers a master code 12 h after closing; otherwise nothing,
	// whatever the reason.
	SealedLog(ctx context.Context, digits Secret) ([]Entry, error)
	// Backup writes a consistent copy of the database to w.
	Backup(ctx context.Context, w io.Writer) error
	// Restore takes over the configuration of a backup; whole is false where its
	// codes were made with another device key, and those of the panel stay.
	Restore(ctx context.Context, s Saved) (whole bool, err error)
}

// ErrNotRunning says that a command needs the daemon.
var ErrNotRunning = errors.New("the panel is not running, so nobody would act on it; start it with `gsmpanel run --modem DEV`")

// Secret is digits, or a duress word, on their way to the door. Nothing prints it.
type Secret string

// String gives nothing.
func (Secret) String() string { return "•" }

// GoString gives nothing.
func (Secret) GoString() string { return "•" }

// Format gives nothing, whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("•")) }

// CodeRequest is a change of somebody's codes.
type CodeRequest struct {
	Do       string        `json:"do"` // "add", "change", "remove", or "keep": no code changes, and nobody can tell
	Name     string        `json:"name"`
	Kind     duress.Kind   `json:"kind,omitempty"`
	Rights   duress.Rights `json:"rights"`
	Contacts []string      `json:"contacts,omitempty"` // nil: the contact of that name
	Present  Secret        `json:"present,omitempty"`
	New      Secret        `json:"new,omitempty"`
	Word     bool          `json:"word,omitempty"` // New is a duress word
}

// CommandRequest is a command typed at the board. Digits may be empty only
// where no code is asked for: arming from disarmed.
type CommandRequest struct {
	Verb   Verb     `json:"verb"`
	Force  bool     `json:"force,omitempty"`
	Zones  []string `json:"zones,omitempty"`
	Digits Secret   `json:"digits,omitempty"`
}
