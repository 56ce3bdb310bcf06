package duress

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// AddRequest asks for one more code.
type AddRequest struct {
	Name     string
	Kind     Kind     // user, master, guest or duress
	Rights   Rights   // what a guest may; its Kind is not read; empty for duress
	Contacts []string // entries of the notification list that are this person's phones
	Present  string   // a code of this person, where there is one
	New      string
	Word     bool     // New is a duress word, as texts are folded
	Tails    []string // numbers on the notification list, E.164
}

// Refused is the error of a change of codes that was not made. It never holds a digit of a
// code, nor whose or of which kind another code is.
type Refused struct {
	Why string // one sentence, and what to do
	// Near is true where the code was refused as close to another: the caller
	// allows five of these a day, so that codes cannot be searched for in this way.
	Near bool
}

func (r Refused) Error() string { return r.Why }

var (
	// ErrPresent: the caller counts it as a wrong code.
	ErrPresent = errors.New("the present code is wrong or missing: give the present code of this person first, then the new one")
	// ErrKey: restored onto another board, or the key file was lost.
	ErrKey = errors.New("the device key is not the one these codes were made with: bring back device.key from where the codes were made, or begin anew with new codes")
)

// One sentence for all: which of them it was would tell about a code in use.
var errNear = Refused{Near: true, Why: "this code is too close to the present one or to another in use: take digits drawn by lot that differ from the present code in at least 3 places"}

var errTrivial = Refused{Why: "this code is too easy to guess: no repeats, sequences, lines on the keypad, years, well-known PINs or ends of listed numbers; take digits drawn by lot, for example with dice"}

func refuse(format string, args ...any) error { return Refused{Why: fmt.Sprintf(format, args...)} }

// Add gives a person a code: the ordinary one, or a duress code or duress word
// besides, which has the name and rights of its twin. c is not changed. The search for close
// codes costs up to 115 hashes and tells how far it is, if tell is not nil.
// Errors are [Refused],
// [ErrPresent], [ErrKey] or a lack of randomness.
//
// A person who has a code must give one, ordinary or duress; the outcome is the
// same with either. Add says nothing of threat: the caller judges r.Present
// itself and keeps the [Note] of it, whatever Add answers.
func (c Config) Add(key Key, random io.Reader, r AddRequest, tell func(done, total int)) (Config, error) {
	e, err := c.admit(r)
	if err != nil {
		return c, err
	}
	if !c.KeyFits(key) {
		return c, ErrKey
	}
	all, present := c.entries(key), ""
	if r.Kind == Duress {
		present = r.Present
		if e, err = c.twin(key, all, r); err != nil {
			return c, err
		}
	}
	if r.Word {
		e.hash, err = c.acceptWord(key, e.person, r.New, tell)
	} else {
		e.hash, err = c.accept(key, present, r.New, r.Tails, tell)
	}
	if err != nil {
		return c, err
	}
	next, err := c.with(key, random, append(all, e))
	if err != nil {
		return c, err
	}
	next.Persons = c.personsWith(e.person, r.Contacts)
	return next, nil
}

// admit checks all of a request that is no secret.
func (c Config) admit(r AddRequest) (entry, error) {
	if err := CheckName(r.Name); err != nil {
		return entry{}, err
	}
	switch r.Kind {
	case User, Master, Guest:
		if r.Word {
			return entry{}, refuse("a word is of kind duress, beside the person's ordinary code: use --kind duress with --word")
		}
		return c.admitOrdinary(r)
	case Duress:
		r.Rights.Kind = ""
		if r.Rights != (Rights{}) {
			return entry{}, refuse("a duress code takes no dates, days, hours or arm-only: it has those of the ordinary code of %s; leave them out", r.Name)
		}
		if !c.Named(r.Name) {
			return entry{}, refuse("%s has no code yet: add the ordinary one first, such as gsmpanel code add %q --kind user", r.Name, r.Name)
		}
		return entry{}, nil
	default:
		return entry{}, refuse("kind %q: use user, master, guest or duress, such as --kind guest", string(r.Kind))
	}
}

func (c Config) admitOrdinary(r AddRequest) (entry, error) {
	if c.Named(r.Name) {
		return entry{}, refuse("%s has a code already: change it with gsmpanel code change %q", r.Name, r.Name)
	}
	if len(c.Persons) >= MaxPersons {
		return entry{}, refuse("%d persons have codes and there is no room for %s: remove one first, such as gsmpanel code remove %q", MaxPersons, r.Name, c.Persons[0].Name)
	}
	rights, err := r.Rights.checked(r.Kind)
	if err != nil {
		return entry{}, refuse("%v", err)
	}
	return entry{person: r.Name, rights: rights}, nil
}

// twin is the duress entry that goes with the person's ordinary code.
func (c Config) twin(key Key, all []entry, r AddRequest) (entry, error) {
	if _, err := c.present(key, r.Name, r.Present); err != nil {
		return entry{}, err
	}
	var e entry
	held := 0
	for _, other := range all {
		if other.duress {
			held++
		} else if strings.EqualFold(other.person, r.Name) {
			e = other
		}
	}
	if held >= MaxDuress {
		return entry{}, refuse("there is no room for another code of this kind: the panel holds %d; remove a person's codes and add them again with fewer", MaxDuress)
	}
	e.duress = true
	return e, nil
}

// Change replaces the code that is given as the present one, which keeps its
// kind and rights. c is not changed. Errors and the caller's duty about present
// are as for [Config.Add].
func (c Config) Change(key Key, random io.Reader, name, present, next string, tails []string, tell func(done, total int)) (Config, error) {
	if !c.Named(name) {
		return c, c.nobodyNamed(name)
	}
	if !c.KeyFits(key) {
		return c, ErrKey
	}
	old, err := c.present(key, name, present)
	if err != nil {
		return c, err
	}
	hash, err := c.accept(key, present, next, tails, tell)
	if err != nil {
		return c, err
	}
	all := c.entries(key)
	for i := range all {
		if all[i].hash == old.hash {
			all[i].hash = hash
		}
	}
	changed, err := c.with(key, random, all)
	if err != nil {
		return c, err
	}
	changed.Persons = c.clonePersons()
	return changed, nil
}

// Keep changes no code. It takes as long as Add, draws all slots anew as that does, and
// makes the same of c outwardly: for who declines a code, so that neither a watch nor
// the file nor the journal tells it from one that was made.
func (c Config) Keep(key Key, random io.Reader, name string, tell func(done, total int)) (Config, error) {
	if !c.Named(name) {
		return c, c.nobodyNamed(name)
	}
	if !c.KeyFits(key) {
		return c, ErrKey
	}
	code, err := drawn(random, c.Length)
	if err != nil {
		return c, err
	}
	c.search(key, code, tell)
	next, err := c.with(key, random, c.entries(key))
	if err != nil {
		return c, err
	}
	next.Persons = c.clonePersons()
	return next, nil
}

// drawn are digits drawn by lot, which nobody will learn.
func drawn(random io.Reader, digits int) (string, error) {
	code := make([]byte, digits)
	if _, err := io.ReadFull(random, code); err != nil {
		return "", err
	}
	for i, b := range code {
		code[i] = '0' + b%10
	}
	return string(code), nil
}

// Remove takes all codes of a person away. c is not changed.
func (c Config) Remove(key Key, random io.Reader, name string) (Config, error) {
	if !c.Named(name) {
		return c, c.nobodyNamed(name)
	}
	if !c.KeyFits(key) {
		return c, ErrKey
	}
	rest := slices.DeleteFunc(c.entries(key), func(e entry) bool { return strings.EqualFold(e.person, name) })
	next, err := c.with(key, random, rest)
	if err != nil {
		return c, err
	}
	next.Persons = slices.DeleteFunc(c.clonePersons(), func(p Person) bool { return strings.EqualFold(p.Name, name) })
	return next, nil
}

func (c Config) nobodyNamed(name string) error {
	return refuse("%q has no code: see gsmpanel code list for the names", fit(name, roomPerson))
}

// present finds the code that a person gives as theirs.
func (c Config) present(key Key, name, digits string) (entry, error) {
	e, valid := c.find(key, c.hashes(key), digits)
	if !valid || !strings.EqualFold(e.person, name) {
		return entry{}, ErrPresent
	}
	return e, nil
}

// accept applies the rules for a new code, which are the same for every kind,
// and returns its hash. present is "" for a person's first.
func (c Config) accept(key Key, present, code string, numbers []string, tell func(done, total int)) ([hashSize]byte, error) {
	var none [hashSize]byte
	if len(code) != c.Length || !onlyDigits(code) {
		return none, refuse("a code of this panel has exactly %d digits and nothing else: take %d digits drawn by lot, for example with dice", c.Length, c.Length)
	}
	if trivial(code, numbers) {
		return none, errTrivial
	}
	if present != "" && differing(present, code) < 3 {
		return none, errNear
	}
	hash, near := c.search(key, code, tell)
	if near {
		return none, errNear
	}
	return hash, nil
}

// search hashes all neighbours of a code and compares each with all slots. It
// never ends early: how long it takes tells nothing.
func (c Config) search(key Key, code string, tell func(done, total int)) (hash [hashSize]byte, near bool) {
	held := c.hashes(key)
	all := neighbours(code)
	hits := 0
	for i, n := range all {
		h := c.hash(key, n)
		if i == 0 {
			hash = h // the code itself is its first neighbour
		}
		for j := range held {
			hits |= subtle.ConstantTimeCompare(h[:], held[j][:])
		}
		if tell != nil {
			tell(i+1, len(all))
		}
	}
	return hash, hits != 0
}

// personsWith lists the person, with these contacts besides those known.
func (c Config) personsWith(name string, contacts []string) []Person {
	persons := c.clonePersons()
	at := slices.IndexFunc(persons, func(p Person) bool { return strings.EqualFold(p.Name, name) })
	if at < 0 {
		at = len(persons)
		persons = append(persons, Person{Name: name})
	}
	p := &persons[at]
	for _, contact := range contacts {
		if !slices.ContainsFunc(p.Contacts, func(known string) bool { return strings.EqualFold(known, contact) }) {
			p.Contacts = append(p.Contacts, contact)
		}
	}
	return persons
}

// nameSigns are the letters, digits and marks that a text carries in one unit
// each (GSM 7-bit default alphabet, 3GPP TS 23.038 section 6.2.1).
const nameSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -'." +
	"ÄÖÑÜäöñüàèéùìòÇØøÅåÆæßÉΔΦΓΛΩΠΨΣΘΞ"

// CheckName tells whether a person with a code may be called so.
func CheckName(name string) error {
	n := utf8.RuneCountInString(name)
	bad := strings.IndexFunc(name, func(r rune) bool { return !strings.ContainsRune(nameSigns, r) })
	if n < 1 || n > 20 || bad >= 0 || strings.Trim(name, " -'.") == "" || strings.Join(strings.Fields(name), " ") != name {
		return refuse("name %q: use 1 to 20 letters, digits, single spaces, - ' or . that any phone shows, such as Anna or Uncle Ben", fit(name, roomPerson))
	}
	return nil
}
