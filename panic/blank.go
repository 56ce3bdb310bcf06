package duress

import "fmt"

// What fmt would otherwise take apart field by field prints as its name and
// nothing else, whatever the verb: a verdict, a key, a code that was asked for,
// a slot or a record must not come into a log by a stray %+v.

func (Verdict) Format(f fmt.State, _ rune)    { blank(f, "verdict") }
func (Key) Format(f fmt.State, _ rune)        { blank(f, "device key") }
func (AddRequest) Format(f fmt.State, _ rune) { blank(f, "request to add a code") }
func (Slot) Format(f fmt.State, _ rune)       { blank(f, "slot") }
func (Record) Format(f fmt.State, _ rune)     { blank(f, "record") }

func blank(f fmt.State, name string) { _, _ = f.Write([]byte(name)) }

// String is the same for every verdict.
func (Verdict) String() string { return "verdict" }

// GoString is the same for every verdict.
func (Verdict) GoString() string { return "verdict" }

// MarshalJSON is the same for every verdict: one that went through JSON and
// came back would have lost what only memory may hold, so it comes back as a
// code that was not accepted.
func (Verdict) MarshalJSON() ([]byte, error) { return []byte("{}"), nil }

// MarshalJSON keeps the key out of whatever is stored or listed as JSON.
func (Key) MarshalJSON() ([]byte, error) { return []byte(`"device key"`), nil }

// MarshalJSON keeps codes out of whatever is stored or listed as JSON.
func (AddRequest) MarshalJSON() ([]byte, error) { return []byte("{}"), nil }
