package duress

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
)

// cheap is what the tests' codes cost; TestRealCost alone pays the real price.
var cheap = Cost{Time: 1, MemoryKiB: 8}

var deviceKey = Key{1, 2, 3, 4, 5, 6, 7, 8, 9}

// chance is a stream that is the same in each run.
func chance(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

func emptyPanel(t testing.TB, seed byte) Config {
	t.Helper()
	c, err := NewConfig(chance(seed), cheap)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// add gives a code and fails the test where it is refused.
func add(t testing.TB, c Config, r AddRequest) Config {
	t.Helper()
	next, err := c.Add(deviceKey, chance(byte(c.Generation)+100), r, nil)
	if err != nil {
		t.Fatalf("add %s %s: %v", r.Name, r.Kind, err)
	}
	return next
}

const (
	annaCode   = "482913"
	annaForced = "730564"
	benCode    = "916850"
	caraCode   = "258471"
)

// household: Anna has an ordinary and a duress code, Ben a master code, Cara
// cleans on weekday mornings.
func household(t testing.TB) Config {
	t.Helper()
	c := emptyPanel(t, 1)
	c = add(t, c, AddRequest{Name: "Anna", Kind: User, New: annaCode, Contacts: []string{"Anna"}})
	c = add(t, c, AddRequest{Name: "Anna", Kind: Duress, Present: annaCode, New: annaForced})
	c = add(t, c, AddRequest{Name: "Ben", Kind: Master, New: benCode})
	return add(t, c, AddRequest{Name: "Cara", Kind: Guest, New: caraCode, Rights: Rights{Days: "Mon-Fri", Hours: "8-12", From: "2026-07-01", Until: "2026-07-31"}})
}

// countHashes counts what idKey is asked for until the test ends.
func countHashes(t testing.TB) *int {
	n, real := 0, idKey
	idKey = func(password, salt []byte, time, memory uint32, threads uint8, size uint32) []byte {
		n++
		return real(password, salt, time, memory, threads, size)
	}
	t.Cleanup(func() { idKey = real })
	return &n
}

// quickHash stands in for argon2id where a test asks for tens of thousands of
// hashes and none of them is the point.
func quickHash(t testing.TB) {
	real := idKey
	idKey = func(password, salt []byte, _, _ uint32, _ uint8, _ uint32) []byte {
		sum := sha256.Sum256(append(bytes.Clone(salt), password...))
		return sum[:]
	}
	t.Cleanup(func() { idKey = real })
}

// empty has no randomness to give.
type empty struct{}

func (empty) Read([]byte) (int, error) { return 0, errors.New("the well is dry") }

func why(t testing.TB, err error) Refused {
	t.Helper()
	var r Refused
	if !errors.As(err, &r) {
		t.Fatalf("got %v, want a refusal", err)
	}
	return r
}
