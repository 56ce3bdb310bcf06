package duress

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// Two worlds that an onlooker must not be able to tell apart: in one of them
// Anna's second thing is nothing, or another person's code; in the other it is
// a duress code.

func slotSizes(c Config) (sizes []int) {
	for _, s := range c.Slots {
		sizes = append(sizes, len(s.Hash), len(s.Record))
	}
	return sizes
}

func TestARefusalIsTheSameWhateverTheOtherCodeIs(t *testing.T) {
	quickHash(t)
	base := add(t, emptyPanel(t, 1), AddRequest{Name: "Anna", Kind: User, New: annaCode})
	base = add(t, base, AddRequest{Name: "Ben", Kind: User, New: benCode})
	base = add(t, base, AddRequest{Name: "Cara", Kind: User, New: "350724"})
	worlds := map[string]Config{
		"user":   add(t, base, AddRequest{Name: "Dora", Kind: User, New: annaForced}),
		"master": add(t, base, AddRequest{Name: "Dora", Kind: Master, New: annaForced}),
		"guest":  add(t, base, AddRequest{Name: "Dora", Kind: Guest, New: annaForced}),
		"duress": add(t, base, AddRequest{Name: "Anna", Kind: Duress, Present: annaCode, New: annaForced}),
	}
	all := neighbours(annaForced)
	for i := 0; i < len(all); i += 3 {
		ask := all[i]
		said, cost := map[string]bool{}, map[int]bool{}
		for _, kind := range []Kind{User, Master, Guest, Duress} {
			for _, c := range worlds {
				r := AddRequest{Name: "Eve", Kind: kind, New: ask}
				if kind == Duress {
					r.Name, r.Present = "Ben", benCode
				}
				hashes := countHashes(t)
				_, err := c.Add(deviceKey, chance(9), r, nil)
				if kind == Duress {
					*hashes-- // the present code
				}
				said[fmt.Sprintf("%#v", why(t, err))] = true
				cost[*hashes] = true
			}
		}
		if len(said) != 1 || len(cost) != 1 {
			t.Fatalf("%s: answers %v, hashes %v", ask, said, cost)
		}
	}
}

// All ways of being near are told in the same words.
func TestNearnessHasOneAnswer(t *testing.T) {
	quickHash(t)
	c := household(t)
	said := map[string]bool{}
	for _, code := range []string{annaCode, annaForced, benCode} {
		for _, ask := range neighbours(code) {
			if trivial(ask, nil) {
				continue
			}
			_, err := c.Add(deviceKey, chance(9), AddRequest{Name: "Dora", Kind: User, New: ask}, nil)
			said[why(t, err).Why] = true
			_, err = c.Change(deviceKey, chance(9), "Cara", caraCode, ask, nil, nil)
			said[why(t, err).Why] = true
		}
	}
	if len(said) != 1 {
		t.Errorf("%v", said)
	}
}

// What is asked with the duress code as the present one is answered as with
// its twin, at the same cost and with the same to be seen afterwards.
func TestThePresentCodeMayBeTheDuressCode(t *testing.T) {
	quickHash(t)
	c := household(t)
	rapid.Check(t, func(t *rapid.T) {
		next := drawCode(t, "next", 6)
		switch rapid.IntRange(0, 2).Draw(t, "close") {
		case 1:
			next = rapid.SampledFrom(neighbours(benCode)).Draw(t, "neighbour")
		case 2:
			next = rapid.SampledFrom([]string{"60517", "123123", "605172", ""}).Draw(t, "odd")
		}
		change := rapid.Bool().Draw(t, "change")
		if differing(next, annaCode) < 3 || differing(next, annaForced) < 3 {
			t.Skip("near the present code, which differs")
		}
		ask := func(present string) (Config, int, error) {
			hashes, real := 0, idKey
			idKey = func(password, salt []byte, time, memory uint32, threads uint8, size uint32) []byte {
				hashes++
				return real(password, salt, time, memory, threads, size)
			}
			defer func() { idKey = real }()
			if change {
				got, err := c.Change(deviceKey, chance(9), "Anna", present, next, nil, nil)
				return got, hashes, err
			}
			got, err := c.Add(deviceKey, chance(9), AddRequest{Name: "Anna", Kind: Duress, Present: present, New: next}, nil)
			return got, hashes, err
		}
		a, costA, errA := ask(annaCode)
		b, costB, errB := ask(annaForced)
		if !reflect.DeepEqual(errA, errB) || costA != costB {
			t.Fatalf("ordinary %v for %d hashes, duress %v for %d", errA, costA, errB, costB)
		}
		if !reflect.DeepEqual(a.Persons, b.Persons) || a.Generation != b.Generation || !reflect.DeepEqual(slotSizes(a), slotSizes(b)) {
			t.Fatal("what is stored differs to the eye")
		}
	})
}

// A refusal for being near the present code is told in the words for any other.
func TestNearThePresentCode(t *testing.T) {
	c := household(t)
	_, ordinary := c.Change(deviceKey, chance(9), "Anna", annaCode, "481713", nil, nil)
	_, forced := c.Change(deviceKey, chance(9), "Anna", annaForced, "730142", nil, nil) // 3 away
	_, forcedNear := c.Change(deviceKey, chance(9), "Anna", annaForced, "731664", nil, nil)
	if forced != nil || !reflect.DeepEqual(ordinary, forcedNear) || ordinary == nil {
		t.Errorf("%v / %v / %v", ordinary, forced, forcedNear)
	}
}

// Whoever lays two backups side by side sees each slot changed by whatever was
// done, and nothing of one size more than the other.
func TestAChangeLeavesNoSlotAsItWas(t *testing.T) {
	c := household(t)
	after := map[string]Config{}
	after["duress"] = add(t, c, AddRequest{Name: "Anna", Kind: Duress, Present: annaCode, New: "605172"})
	after["change"], _ = c.Change(deviceKey, chance(9), "Anna", annaCode, "605172", nil, nil)
	after["keep"], _ = c.Keep(deviceKey, chance(9), "Anna", nil)
	after["remove"], _ = c.Remove(deviceKey, chance(9), "Ben")
	size := 0
	for name, next := range after {
		old, covers := c.covers(deviceKey), next.covers(deviceKey)
		for i := range next.Slots {
			for j := range c.Slots {
				if bytes.Equal(next.Slots[i].Hash, c.Slots[j].Hash) || bytes.Equal(next.Slots[i].Record[:24], c.Slots[j].Record[:24]) {
					t.Fatalf("%s: slot %d was slot %d", name, i, j)
				}
			}
		}
		for i := range covers {
			if covers[i] == old[i] {
				t.Fatalf("%s: slot %d is covered as before", name, i)
			}
		}
		if !reflect.DeepEqual(slotSizes(next), slotSizes(emptyPanel(t, 2))) || next.Check() != nil {
			t.Errorf("%s: sizes", name)
		}
		if name == "remove" {
			continue
		}
		data, _ := json.Marshal(next)
		if size != 0 && len(data) != size {
			t.Errorf("%s is stored in %d bytes, another change in %d", name, len(data), size)
		}
		size = len(data)
	}
}

// The place of a code says nothing about when it came.
func TestCodesLieInNoOrder(t *testing.T) {
	places := map[int]bool{}
	for seed := range byte(40) {
		c := emptyPanel(t, seed)
		c, err := c.Add(deviceKey, chance(seed+100), AddRequest{Name: "Anna", Kind: User, New: annaCode}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, h := range c.hashes(deviceKey) {
			if h == c.hash(deviceKey, annaCode) {
				places[i] = true
			}
		}
	}
	if len(places) < 15 {
		t.Errorf("40 panels hold their first code in %d places", len(places))
	}
}

func TestRecordsAreOfOneSize(t *testing.T) {
	c := household(t)
	sizes := map[int]bool{}
	for _, digits := range []string{annaCode, annaForced, "999999", ""} {
		for _, silent := range []bool{false, true} {
			r := Note(c.Judge(deviceKey, digits), silent, disarm)
			data, _ := json.Marshal(r)
			box, _ := deviceKey.Seal(chance(9), "record", r[:])
			sizes[len(data)], sizes[len(box)] = true, true
		}
	}
	if len(sizes) != 2 || !sizes[RecordSize+Overhead] {
		t.Errorf("%v", sizes)
	}
}
