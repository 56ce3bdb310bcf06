package duress

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"unicode"
	"unicode/utf8"
)

// A duress word is a code of the person that no sent message shows: their
// ordinary code, in a text that also has the word, is a duress code. It lies in
// a slot as any duress code does.

const (
	shortestWord = 4 // letters
	longestWord  = 12
	roomWord     = longestWord * utf8.UTFMax

	// wordsHeard is for how many words of a text the work is done, however many
	// it has: more than two texts hold, of the letters that a word needs.
	wordsHeard = 80
)

// IsWord says whether s, folded, may be a duress word as far as its letters go:
// there are 4 to 12.
func IsWord(s string) bool {
	n := utf8.RuneCountInString(s)
	if n < shortestWord || n > longestWord || len(s) > roomWord {
		return false
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			return false
		}
	}
	return true
}

// wordHash gives what the slot of a person's duress word holds. It is bound to the
// person: another's code beside the word means nothing. What goes in has one
// length.
func wordHash(key Key, person string) func(word string) [hashSize]byte {
	var who [1 + roomPerson]byte
	p := packer{who[:]}
	p.text(person, roomPerson)
	own := hmac.New(sha256.New, key.sub("word"))
	own.Write(who[:])
	mac := hmac.New(sha256.New, own.Sum(nil))
	return func(word string) (hash [hashSize]byte) {
		var said [1 + roomWord]byte
		p := packer{said[:]}
		p.text(word, roomWord)
		mac.Reset()
		mac.Write(said[:])
		mac.Sum(hash[:0])
		return hash
	}
}

// hears is 1 where one of the words is a duress word of the person. The work is
// the same for any words, as many as there may be, and for nobody.
func hears(key Key, held [Slots][hashSize]byte, person string, words []string) (heard int) {
	hash := wordHash(key, person)
	for _, word := range audible(words) {
		h := hash(word)
		for i := range held {
			heard |= subtle.ConstantTimeCompare(h[:], held[i][:])
		}
	}
	return heard
}

// audible are those of the words that may be duress words, filled up with empty
// ones, which are never one. Of too many those in the middle are left out.
func audible(words []string) [wordsHeard]string {
	var may []string
	for _, word := range words {
		if IsWord(word) {
			may = append(may, word)
		}
	}
	var out [wordsHeard]string
	if n := copy(out[:], may); n < len(may) {
		copy(out[wordsHeard/2:], may[len(may)-wordsHeard/2:])
	}
	return out
}

var errWord = Refused{Why: "a duress word has 4 to 12 letters and nothing else: take one that you would never text to the alarm by chance"}

// acceptWord returns the hash of a new duress word. It takes the time of a new
// code and tells of its progress in the same steps: that would show which of the
// two it is. A word that the person has already is taken once more, since a
// refusal would confirm it.
func (c Config) acceptWord(key Key, person, word string, tell func(done, total int)) ([hashSize]byte, error) {
	var none [hashSize]byte
	if !IsWord(word) {
		return none, errWord
	}
	hash := wordHash(key, person)(word)
	c.search(key, c.decoy(hash), tell)
	return hash, nil
}

// decoy is digits of a code's length that mean nothing.
func (c Config) decoy(hash [hashSize]byte) string {
	digits := make([]byte, c.Length)
	for i := range digits {
		digits[i] = '0' + hash[i]%10
	}
	return string(digits)
}
