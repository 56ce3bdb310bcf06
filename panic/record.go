package duress

import (
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
)

// RecordSize is the size in bytes of what every accepted command leaves.
const RecordSize = 512

// Record is what one command leaves: a fact to be sealed, or nothing, in the
// same number of bytes. It is plain: it goes to the disk only by [Key.Seal].
// In JSON it is a base64 string of one length.
type Record [RecordSize]byte

// Fact is what contacts are to be told about a code given under threat or a
// silent panic.
type Fact struct {
	Why     string `json:"why"`     // "duress" or "silent"
	Person  string `json:"person"`  // whose code or whose remote; 80 bytes at most
	From    string `json:"from"`    // number the command came from, or ""; 40 bytes at most
	Command string `json:"command"` // canonical, such as "DISARM" or "BYPASS 3"; 240 bytes at most
	Channel string `json:"channel"` // text, call, keypad, remote, …; 40 bytes at most
	Clock   string `json:"clock"`   // local time as told, such as "21:04"; 16 bytes at most
	Tick    int64  `json:"tick"`    // the panel's own time, ms
	Wall    int64  `json:"wall"`    // unix time, ms
}

// What a record holds stands in its first byte.
const (
	holdsNothing = 0
	holdsDuress  = 1
	holdsSilent  = 2
)

const (
	roomPerson  = 80 // 20 characters of up to 4 bytes
	roomFrom    = 40
	roomCommand = 240
	roomChannel = 40
	roomClock   = 16
)

// Note makes the record of one command, by the same steps and of the same size
// whether there is something to hide or not. It holds f when v was forced or
// the command is a silent panic; when both, it is duress. f.Why is not read.
func Note(v Verdict, silent bool, f Fact) Record {
	forced, quiet := int(flagByte(v.isForced())), int(flagByte(silent))
	packed := f.pack(byte(subtle.ConstantTimeSelect(forced, holdsDuress, holdsSilent)))
	var r Record
	subtle.ConstantTimeCopy(forced|quiet, r[:], packed[:])
	return r
}

func (f Fact) pack(why byte) Record {
	var r Record
	r[0] = why
	binary.BigEndian.PutUint64(r[1:], uint64(f.Tick))
	binary.BigEndian.PutUint64(r[9:], uint64(f.Wall))
	p := packer{r[17:]}
	p.text(f.Person, roomPerson)
	p.text(f.From, roomFrom)
	p.text(f.Command, roomCommand)
	p.text(f.Channel, roomChannel)
	p.text(f.Clock, roomClock)
	return r
}

// Open returns what the record holds, and false for one that holds nothing.
func (r Record) Open() (Fact, bool) {
	f := Fact{Tick: int64(binary.BigEndian.Uint64(r[1:])), Wall: int64(binary.BigEndian.Uint64(r[9:]))}
	u := unpacker{r[17:]}
	f.Person, f.From, f.Command = u.text(roomPerson), u.text(roomFrom), u.text(roomCommand)
	f.Channel, f.Clock = u.text(roomChannel), u.text(roomClock)
	switch r[0] {
	case holdsDuress:
		f.Why = "duress"
	case holdsSilent:
		f.Why = "silent"
	default:
		return Fact{}, false
	}
	return f, true
}

// MarshalJSON gives a base64 string whose length does not depend on the record.
func (r Record) MarshalJSON() ([]byte, error) {
	return json.Marshal(r[:])
}

// UnmarshalJSON takes only a record of the full size.
func (r *Record) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("a record is damaged: %w", err)
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return fmt.Errorf("a record is damaged: %w", err)
	}
	if len(raw) != RecordSize {
		return fmt.Errorf("a record is damaged: it has %d bytes instead of %d", len(raw), RecordSize)
	}
	copy(r[:], raw)
	return nil
}
