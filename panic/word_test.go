package duress

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const annaWord = "marigold"

// withWord is the household in which Anna has a duress word besides.
func withWord(t testing.TB, word string) Config {
	t.Helper()
	return add(t, household(t), AddRequest{Name: "anna", Kind: Duress, Word: true, Present: annaCode, New: word})
}

func TestDuressWord(t *testing.T) {
	c := withWord(t, annaWord)
	many := strings.Fields(strings.Repeat("lorem ipsum dolor ", 30))
	for _, row := range []struct {
		name, digits string
		words        []string
		person       string
		forced       bool
	}{
		{"with her ordinary code", annaCode, []string{"disarm", annaWord}, "Anna", true},
		{"in front of it", annaCode, []string{annaWord, "disarm"}, "Anna", true},
		{"her ordinary code alone", annaCode, []string{"disarm"}, "Anna", false},
		{"no words", annaCode, nil, "Anna", false},
		{"her duress code, with the word", annaForced, []string{annaWord}, "Anna", true},
		{"somebody else's code", benCode, []string{"disarm", annaWord}, "Ben", false},
		{"a wrong code", "482914", []string{"disarm", annaWord}, "", false},
		{"no code", "", []string{annaWord}, "", false},
		{"the word for a code", annaWord, nil, "", false},
		{"another word", annaCode, []string{"disarm", "daffodil"}, "Anna", false},
		{"part of a longer word", annaCode, []string{annaWord + "s"}, "Anna", false},
		{"its beginning", annaCode, []string{annaWord[:4]}, "Anna", false},
		{"behind a hundred words", annaCode, append(many, annaWord), "Anna", true},
		{"before a hundred words", annaCode, append([]string{annaWord}, many...), "Anna", true},
		{"among words that cannot be one", annaCode, append(strings.Fields(strings.Repeat("a bc def thirteenletters ", 200)), annaWord), "Anna", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			hashes := countHashes(t)
			v := c.Judge(deviceKey, row.digits, row.words...)
			if v.Person != row.person || v.Valid != (row.person != "") || v.isForced() != row.forced || *hashes != 1 {
				t.Errorf("%q, valid %v, forced %v, %d hashes", v.Person, v.Valid, v.isForced(), *hashes)
			}
			if without := c.Judge(deviceKey, row.digits); v.Rights != without.Rights || v.Generation != without.Generation || v.Person != without.Person {
				t.Error("the words change what is no secret")
			}
		})
	}
	if v := household(t).Judge(deviceKey, annaCode, annaWord); v.isForced() {
		t.Error("a word that nobody has set")
	}
	if c.Judge(Key{7}, annaCode, annaWord).isForced() {
		t.Error("under another device key")
	}
}

// However many words there are, as many are compared.
func TestWordsCostTheSame(t *testing.T) {
	for name, words := range map[string][]string{
		"none": nil, "one": {annaWord}, "short ones": {"a", "of", "the"}, "a thousand": strings.Fields(strings.Repeat("word ", 1000)),
	} {
		if n := len(audible(words)); n != wordsHeard {
			t.Errorf("%s: %d", name, n)
		}
	}
	if got := audible([]string{"on", annaWord, "thirteenletters", "pin4", "نرگس"}); got[0] != annaWord || got[1] != "نرگس" || got[2] != "" {
		t.Errorf("%q", got)
	}
}

func TestWordsThatAreRefused(t *testing.T) {
	c := household(t)
	ask := AddRequest{Name: "Anna", Kind: Duress, Word: true, Present: annaCode, New: annaWord}
	for name, change := range map[string]func(*AddRequest){
		"three letters":          func(r *AddRequest) { r.New = "fig" },
		"thirteen letters":       func(r *AddRequest) { r.New = "chrysanthemum" },
		"digits":                 func(r *AddRequest) { r.New = "482913" },
		"two words":              func(r *AddRequest) { r.New = "red fox" },
		"nothing":                func(r *AddRequest) { r.New = "" },
		"an ordinary code's":     func(r *AddRequest) { r.Kind = User },
		"a guest's":              func(r *AddRequest) { r.Kind = Guest },
		"with rights":            func(r *AddRequest) { r.Rights = Rights{ArmOnly: true} },
		"of one without a code":  func(r *AddRequest) { r.Name = "Dora" },
		"of nobody who is named": func(r *AddRequest) { r.Name = "" },
	} {
		r := ask
		change(&r)
		got, err := c.Add(deviceKey, chance(9), r, nil)
		if refused := why(t, err); refused.Near || !reflect.DeepEqual(got, c) || len(r.New) > 2 && strings.Contains(refused.Why, r.New) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, present := range map[string]string{"none": "", "wrong": "605179", "another person's": benCode, "the word": annaWord} {
		r := ask
		r.Present = present
		if _, err := c.Add(deviceKey, chance(9), r, nil); err != ErrPresent {
			t.Errorf("present code %s: %v", name, err)
		}
	}
}

func TestAWordGoesWithThePerson(t *testing.T) {
	c := withWord(t, annaWord)
	changed, err := c.Change(deviceKey, chance(9), "Anna", annaCode, "605172", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !changed.Judge(deviceKey, "605172", annaWord).isForced() || changed.Judge(deviceKey, "605172").isForced() {
		t.Error("with the new ordinary code the word does not work")
	}
	if !changed.Judge(deviceKey, annaForced).isForced() || !changed.KeyFits(deviceKey) {
		t.Error("the duress code was lost")
	}
	removed, err := c.Remove(deviceKey, chance(9), "Anna")
	if err != nil {
		t.Fatal(err)
	}
	again := add(t, removed, AddRequest{Name: "Anna", Kind: User, New: annaCode})
	if again.Judge(deviceKey, annaCode, annaWord).isForced() || len(removed.entries(deviceKey)) != 2 {
		t.Error("the word outlives its person's codes")
	}
}

// Anna's word confirms nothing of Ben's, nor her own, and counts among the 32.
func TestAWordIsTakenTwice(t *testing.T) {
	quickHash(t)
	c := add(t, withWord(t, annaWord), AddRequest{Name: "Ben", Kind: Duress, Word: true, Present: benCode, New: annaWord})
	if !c.Judge(deviceKey, benCode, annaWord).isForced() || !c.Judge(deviceKey, annaCode, annaWord).isForced() {
		t.Error("two persons cannot have one word")
	}
	for n := 3; n < MaxDuress; n++ {
		c = add(t, c, AddRequest{Name: "Anna", Kind: Duress, Word: true, Present: annaCode, New: annaWord})
	}
	for _, word := range []string{annaWord, "hollyhock"} {
		_, err := c.Add(deviceKey, chance(9), AddRequest{Name: "Anna", Kind: Duress, Word: true, Present: annaCode, New: word}, nil)
		if !strings.Contains(why(t, err).Why, "32") {
			t.Errorf("one too many: %v", err)
		}
	}
	if c.Check() != nil || !c.KeyFits(deviceKey) || !c.Judge(deviceKey, annaCode, annaWord).isForced() {
		t.Error("a full panel")
	}
}

// Who looks on, or lays backups side by side, cannot tell a word from a code.
func TestAWordLooksLikeACode(t *testing.T) {
	quickHash(t)
	make := func(r AddRequest) (stored, seen string) {
		c, steps := household(t), 0
		hashes := countHashes(t)
		next, err := c.Add(deviceKey, chance(9), r, func(done, total int) {
			if steps++; done != steps || total < 60 || total > 70 {
				t.Errorf("step %d of %d", done, total)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if *hashes != steps+1 || steps < 60 || next.Check() != nil {
			t.Errorf("%d hashes, %d steps", *hashes, steps)
		}
		data, _ := json.Marshal(next)
		for _, secret := range []string{annaWord, annaCode, annaForced} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%q is stored in clear", secret)
			}
		}
		return fmt.Sprint(len(data), slotSizes(next)), fmt.Sprint(next.Persons, next.Generation)
	}
	code, after := make(AddRequest{Name: "Anna", Kind: Duress, Present: annaCode, New: "605172"})
	word, afterWord := make(AddRequest{Name: "Anna", Kind: Duress, Word: true, Present: annaCode, New: annaWord})
	if code != word || after != afterWord {
		t.Errorf("a code: %s, %s\na word: %s, %s", code, after, word, afterWord)
	}
}
