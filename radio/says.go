package radio

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Says is what a device that reports by itself says, all at once.
type Says uint16

// What a device may say. Open is a state, as it is reported from time to time;
// Trips is news.
const (
	Trips Says = 1 << iota // it has opened, moved, or sensed what it is for
	Open
	Closed
	CoverOpen
	CoverShut
	BatteryLow
	BatteryGood
	Alive // nothing but that it is there
)

// saysWords are what each of them is called, in the order of the bits.
var saysWords = []string{"tripped", "open", "closed", "cover open", "cover shut", "battery low", "battery good", "alive"}

// Words are all that is said, one word each.
func (s Says) Words() (words []string) {
	for n, word := range saysWords {
		if s>>n&1 != 0 {
			words = append(words, word)
		}
	}
	return words
}

// MarshalJSON gives the words.
func (s Says) MarshalJSON() ([]byte, error) { return json.Marshal(s.Words()) }

// UnmarshalJSON reads what MarshalJSON gave.
func (s *Says) UnmarshalJSON(text []byte) error {
	var words []string
	if err := json.Unmarshal(text, &words); err != nil {
		return err
	}
	*s = 0
	for _, word := range words {
		n := slices.Index(saysWords, word)
		if n < 0 {
			return fmt.Errorf("%q is nothing that a device says", word)
		}
		*s |= 1 << n
	}
	return nil
}

// when is what where a condition holds, or else the other.
func when(holds bool, what, other Says) Says {
	if holds {
		return what
	}
	return other
}
