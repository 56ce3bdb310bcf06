package duress

import (
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"io"
)

// An entry is one code as only the holder of the device key sees it.
type entry struct {
	hash   [hashSize]byte
	person string
	rights Rights
	duress bool
}

const (
	roomKind  = 8
	roomDate  = 10
	roomDays  = 32
	roomHours = 12
	// plainSize is the sum of the rooms with their length bytes and three flags, rounded up.
	plainSize = 192
	boxSize   = plainSize + Overhead
)

func (e entry) pack() []byte {
	plain := make([]byte, plainSize)
	p := packer{plain}
	p.flag(e.person != "")
	p.flag(e.duress)
	p.flag(e.rights.ArmOnly)
	p.text(e.person, roomPerson)
	p.text(string(e.rights.Kind), roomKind)
	p.text(e.rights.From, roomDate)
	p.text(e.rights.Until, roomDate)
	p.text(e.rights.Days, roomDays)
	p.text(e.rights.Hours, roomHours)
	return plain
}

// unpack returns false for a record that belongs to nobody.
func unpack(plain []byte, hash [hashSize]byte) (entry, bool) {
	if len(plain) != plainSize {
		return entry{}, false
	}
	e := entry{hash: hash}
	u := unpacker{plain}
	filled := u.flag()
	e.duress = u.flag()
	e.rights.ArmOnly = u.flag()
	e.person = u.text(roomPerson)
	e.rights.Kind = Kind(u.text(roomKind))
	e.rights.From, e.rights.Until = u.text(roomDate), u.text(roomDate)
	e.rights.Days, e.rights.Hours = u.text(roomDays), u.text(roomHours)
	return e, filled
}

// The record is bound to its hash: exchanged between two slots, neither opens.
const purposeSlot = "slot"

// covers are what the hashes in the slots are covered with: with a new nonce
// all of them change, and not only those of the codes that did.
func (c Config) covers(key Key) [Slots][hashSize]byte {
	var covers [Slots][hashSize]byte
	stream, err := hkdf.Expand(sha256.New, key.sub("cover"), string(c.Nonce), Slots*hashSize)
	if err != nil { // only for lengths above 255 hashes
		return covers
	}
	for i := range covers {
		copy(covers[i][:], stream[i*hashSize:])
	}
	return covers
}

// hashes uncovers all slots. A slot of a wrong size gives a hash that no code has.
func (c Config) hashes(key Key) [Slots][hashSize]byte {
	hashes := c.covers(key)
	for i := range min(Slots, len(c.Slots)) {
		if len(c.Slots[i].Hash) == hashSize {
			subtle.XORBytes(hashes[i][:], hashes[i][:], c.Slots[i].Hash)
		}
	}
	return hashes
}

// entries opens all slots; those that do not open are empty.
func (c Config) entries(key Key) []entry {
	var found []entry
	for i, hash := range c.hashes(key) {
		if i >= len(c.Slots) {
			break
		}
		plain, err := key.unseal(purposeSlot, c.Slots[i].Record, hash[:])
		if err != nil {
			continue
		}
		if e, filled := unpack(plain, hash); filled {
			found = append(found, e)
		}
	}
	return found
}

// KeyFits says whether the device key is the one that the codes were made with:
// as many ordinary codes open as there are persons. Without codes any key fits.
func (c Config) KeyFits(key Key) bool {
	ordinary := 0
	for _, e := range c.entries(key) {
		if !e.duress {
			ordinary++
		}
	}
	return ordinary == len(c.Persons)
}

// refill makes all slots new and random, and draws a new nonce.
func (c *Config) refill(random io.Reader) error {
	noise := make([]byte, nonceSize+Slots*(hashSize+boxSize))
	if _, err := io.ReadFull(random, noise); err != nil {
		return fmt.Errorf("no randomness for the codes: %w", err)
	}
	cut := func(n int) []byte {
		piece := noise[:n:n]
		noise = noise[n:]
		return piece
	}
	c.Nonce = cut(nonceSize)
	c.Slots = make([]Slot, Slots)
	for i := range c.Slots {
		c.Slots[i] = Slot{Hash: cut(hashSize), Record: cut(boxSize)}
	}
	return nil
}

// with is c holding these entries and no others, each in a slot drawn by lot.
func (c Config) with(key Key, random io.Reader, entries []entry) (Config, error) {
	if err := c.refill(random); err != nil {
		return Config{}, err
	}
	places, err := lots(random)
	if err != nil {
		return Config{}, err
	}
	covers := c.covers(key)
	for i, e := range entries {
		at := places[i]
		subtle.XORBytes(c.Slots[at].Hash, covers[at][:], e.hash[:])
		if c.Slots[at].Record, err = key.seal(random, purposeSlot, e.pack(), e.hash[:]); err != nil {
			return Config{}, err
		}
	}
	c.Generation++
	return c, nil
}

// lots are the numbers of the slots in a random order.
func lots(random io.Reader) ([Slots]int, error) {
	var places [Slots]int
	for i := range places {
		places[i] = i
	}
	var draw [8 * Slots]byte
	if _, err := io.ReadFull(random, draw[:]); err != nil {
		return places, fmt.Errorf("no randomness for the codes: %w", err)
	}
	for i := Slots - 1; i > 0; i-- {
		j := int(binary.BigEndian.Uint64(draw[8*i:]) % uint64(i+1))
		places[i], places[j] = places[j], places[i]
	}
	return places, nil
}
