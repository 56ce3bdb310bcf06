package duress

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"

	"golang.org/x/crypto/argon2"
)

// Verdict is what the door found out about the digits of one attempt. Only
// [Note] can tell one given under threat from its twin.
type Verdict struct {
	Valid      bool
	Person     string // name as it was added; "" when not valid
	Rights     Rights // those of the ordinary code of the person
	Generation uint64 // of the Config it was judged under

	// A pointer and never nil after Judge: where a verdict lies in an unexported
	// field fmt cannot call its methods and prints what it finds, which is then
	// an address.
	forced *bool
}

func (v Verdict) isForced() bool { return v.forced != nil && *v.forced }

// idKey is what an attempt costs; tests count it.
var idKey = argon2.IDKey

// Judge says whose code the digits are. The work is the same whatever stands
// there, at any length: one argon2id, 48 slots compared in constant time, one
// record opened, then as many words compared with all slots as a text may have.
// Digits are ASCII; the caller has folded others. Words are those that stand
// beside the digits, folded as the duress word was; a keypad has none.
func (c Config) Judge(key Key, digits string, words ...string) Verdict {
	held := c.hashes(key)
	e, valid := c.find(key, held, digits)
	heard := hears(key, held, e.person, words)
	v := Verdict{Valid: valid, Person: e.person, Rights: e.rights, Generation: c.Generation, forced: new(bool)}
	*v.forced = flagByte(e.duress)|byte(heard) == 1
	return v
}

// find returns the entry of a code, and false with an empty one when it is none.
func (c Config) find(key Key, held [Slots][hashSize]byte, digits string) (entry, bool) {
	hash := c.hash(key, digits)
	box := nobody(key, hash)
	for i, other := range held {
		same := subtle.ConstantTimeCompare(hash[:], other[:])
		var record [boxSize]byte
		if i < len(c.Slots) {
			copy(record[:], c.Slots[i].Record)
		}
		subtle.ConstantTimeCopy(same, box[:], record[:])
	}
	plain, err := key.unseal(purposeSlot, box[:], hash[:])
	e, filled := unpack(plain, hash)
	if err != nil || !filled {
		return entry{}, false
	}
	return e, true
}

// hash is the one costly step: argon2id over an HMAC with the device key, so
// that the digits cannot be searched for without it. The HMAC also makes ten
// digits and ten thousand cost the same.
func (c Config) hash(key Key, digits string) [hashSize]byte {
	mac := hmac.New(sha256.New, key.sub("code"))
	mac.Write([]byte(digits))
	passes := max(1, c.Cost.Time) // none at all would be a panic in argon2
	return [hashSize]byte(idKey(mac.Sum(nil), c.Salt[:], passes, c.Cost.MemoryKiB, 1, hashSize))
}

// nobody is the record that is opened where no slot matches: it opens as any
// other does and belongs to no one. It never leaves the memory.
func nobody(key Key, hash [hashSize]byte) [boxSize]byte {
	sealed, err := key.sealWith([nonceSize]byte(hash[:nonceSize]), purposeSlot, entry{}.pack(), hash[:])
	var box [boxSize]byte
	if err == nil {
		copy(box[:], sealed)
	}
	return box
}

func onlyDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
