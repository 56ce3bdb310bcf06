package control

import (
	"encoding/json"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
)

const (
	maxRequest = 1 << 20 // bytes of a request's line; a backup's configuration is the longest
	maxAnswer  = 1 << 20 // bytes of an answer's line
	maxEntries = 10_000  // of the journal, in one answer
)

// What a request may ask for.
const (
	doOutward = "outward"
	doPublic  = "public"
	doEdit    = "edit"
	doCodes   = "codes"
	doCommand = "command"
	doLog     = "log"
	doSealed  = "sealed-log"
	doFollow  = "follow"
	doLearn   = "learn"
	doBackup  = "backup"
	doRestore = "restore"
)

// request is the one line of a client.
type request struct {
	Do      string                `json:"do"`
	Edit    string                `json:"edit,omitempty"` // name, as panel.EncodeEdit gives it
	Args    json.RawMessage       `json:"args,omitempty"` // of the edit
	N       int                   `json:"n,omitempty"`    // entries of log and follow
	Codes   *panel.CodeRequest    `json:"codes,omitempty"`
	Command *panel.CommandRequest `json:"command,omitempty"`
	Digits  panel.Secret          `json:"digits,omitempty"`  // of sealed-log
	Seconds int                   `json:"seconds,omitempty"` // of learn
	Saved   *panel.Saved          `json:"saved,omitempty"`   // of restore
}

// reply is one line of an answer; the last has OK or Error.
type reply struct {
	OK       bool           `json:"ok,omitempty"`
	Error    string         `json:"error,omitempty"`
	Unkept   string         `json:"unkept,omitempty"` // why what is OK is not on the disk
	Hint     string         `json:"hint,omitempty"`
	Progress *step          `json:"progress,omitempty"`
	Entry    *panel.Entry   `json:"entry,omitempty"`
	Learnt   *Learnt        `json:"learnt,omitempty"`
	Outward  *panel.Outward `json:"outward,omitempty"`
	Public   *panel.Public  `json:"public,omitempty"`
	Answer   *panel.Answer  `json:"answer,omitempty"`
	Piece    []byte         `json:"piece,omitempty"` // of a backup
	Whole    bool           `json:"whole,omitempty"` // of a restored one: its codes too
}

// patience is how long the panel may take for the next line of the answer; 0 is
// for ever.
func (r request) patience() time.Duration {
	switch r.Do {
	case doFollow:
		return 0
	case doLearn:
		return patience + time.Duration(r.Seconds)*time.Second
	}
	return patience
}

func (r reply) last() bool { return r.OK || r.Error != "" }

// step is how far a change of codes is.
type step struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

// Error is what the panel answered instead of doing what was asked.
type Error struct {
	Sentence string
	hint     string
}

func (e *Error) Error() string { return e.Sentence }

// Hint says what to try, or "".
func (e *Error) Hint() string { return e.hint }
