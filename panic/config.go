package duress

import (
	"fmt"
	"io"
	"strings"
)

const (
	Slots      = 48 // codes of a panel, of whatever kind
	MaxPersons = 16 // persons, each with one ordinary code
	MaxDuress  = 32 // duress codes of all persons together

	MinLength     = 4  // shortest code-length; below 6 the caller warns
	MaxLength     = 10 // longest code-length
	DefaultLength = 6
)

// Cost is what one attempt costs in argon2id with one lane (RFC 9106).
type Cost struct {
	Time      uint32 `json:"time"`       // passes, 1–16
	MemoryKiB uint32 `json:"memory_kib"` // 8–262144
}

// DefaultCost is the least that OWASP's Password Storage Cheat Sheet names for
// argon2id.
var DefaultCost = Cost{Time: 2, MemoryKiB: 19 * 1024}

// Config is the codes of a panel as they are stored. Whoever reads it without
// the device key sees the persons, and 48 slots that look alike, filled or not;
// and every slot differs after each change, so that two backups laid side by
// side show no more than one.
type Config struct {
	Cost       Cost     `json:"cost"`
	Salt       [16]byte `json:"salt"`   // for argon2id; one for the panel, so that one hash serves all slots
	Nonce      []byte   `json:"nonce"`  // 24 bytes, new with each change: what the slots' hashes are covered with
	Length     int      `json:"length"` // digits of every code, 4–10
	Slots      []Slot   `json:"slots"`  // always 48, in no order
	Persons    []Person `json:"persons"`
	Generation uint64   `json:"generation"` // +1 with each change of codes
}

// Slot is one code, or random bytes.
type Slot struct {
	Hash   []byte `json:"hash"`   // 32 bytes, covered under the device key
	Record []byte `json:"record"` // person, rights and kind, sealed
}

// Person is one who has codes. Nothing here tells how many or of which kind.
type Person struct {
	Name     string   `json:"name"`
	Contacts []string `json:"contacts,omitempty"` // entries of the notification list that are this person's phones
}

const (
	hashSize  = 32
	nonceSize = 24
)

// NewConfig is a panel without codes, of the default length.
func NewConfig(random io.Reader, cost Cost) (Config, error) {
	c := Config{Cost: cost, Length: DefaultLength}
	if _, err := io.ReadFull(random, c.Salt[:]); err != nil {
		return Config{}, fmt.Errorf("no randomness for new codes: %w", err)
	}
	if err := c.refill(random); err != nil {
		return Config{}, err
	}
	return c, c.Check()
}

// WithLength sets how many digits the codes have, 4–10. It is refused while
// there are codes, because they would stop being codes.
func (c Config) WithLength(digits int) (Config, error) {
	if digits < MinLength || digits > MaxLength {
		return c, fmt.Errorf("code-length %d: use %d to %d digits, such as %d", digits, MinLength, MaxLength, DefaultLength)
	}
	if digits != c.Length && c.HasCodes() {
		return c, fmt.Errorf("code-length %d: the codes in use have %d digits; remove everybody's codes first, then set it and add them again", digits, c.Length)
	}
	c.Length = digits
	return c, nil
}

// HasCodes says whether anyone has a code.
func (c Config) HasCodes() bool { return len(c.Persons) > 0 }

// Named says whether a person of that name has a code, in whatever case it is
// written.
func (c Config) Named(name string) bool {
	_, found := c.Person(name)
	return found
}

// Person finds a person by name, in whatever case it is written.
func (c Config) Person(name string) (Person, bool) {
	for _, p := range c.Persons {
		if strings.EqualFold(p.Name, name) {
			return p.clone(), true
		}
	}
	return Person{}, false
}

func (p Person) clone() Person {
	p.Contacts = append([]string(nil), p.Contacts...)
	return p
}

// clonePersons shares nothing with c.
func (c Config) clonePersons() []Person {
	persons := make([]Person, 0, len(c.Persons)+1)
	for _, p := range c.Persons {
		persons = append(persons, p.clone())
	}
	return persons
}

// Check says whether a stored configuration is whole. What it refuses was
// damaged: no command makes it.
func (c Config) Check() error {
	if c.Cost.Time < 1 || c.Cost.Time > 16 || c.Cost.MemoryKiB < 8 || c.Cost.MemoryKiB > 256*1024 {
		return fmt.Errorf("the stored codes are damaged: cost %d passes, %d KiB; restore a backup", c.Cost.Time, c.Cost.MemoryKiB)
	}
	if c.Length < MinLength || c.Length > MaxLength {
		return fmt.Errorf("the stored codes are damaged: code-length %d; restore a backup", c.Length)
	}
	if len(c.Slots) != Slots || len(c.Nonce) != nonceSize || len(c.Persons) > MaxPersons {
		return fmt.Errorf("the stored codes are damaged: %d slots, %d persons; restore a backup", len(c.Slots), len(c.Persons))
	}
	for i, s := range c.Slots {
		if len(s.Hash) != hashSize || len(s.Record) != boxSize {
			return fmt.Errorf("the stored codes are damaged: slot %d has a wrong size; restore a backup", i)
		}
	}
	return nil
}
