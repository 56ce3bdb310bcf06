package panel

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	duress "github.com/gsmpanel/gsmpanel/panic"
)

// somebodys is a code in use in every world; whose it is and of which kind, the
// world decides.
const somebodys = annaDuress

// codeWorlds are households that differ in what somebodys is, and in nothing else
// that may be seen but who has a code.
func codeWorlds() map[string]Config {
	bare := template
	for _, name := range []string{"Anna", "Tom", "Carer"} {
		bare = changed(bare, CodeRequest{Do: "remove", Name: name})
	}
	bare = changed(bare, CodeRequest{Do: "add", Name: "Anna", Kind: duress.User, New: annaCode})
	bare = changed(bare, CodeRequest{Do: "add", Name: "Tom", Kind: duress.Master, New: masterCode})
	forAnna := CodeRequest{Do: "add", Name: "Anna", Kind: duress.Duress, Present: annaCode, New: somebodys}
	another, word := forAnna, forAnna
	another.New, word.Word, word.New = "605172", true, annaWord
	return map[string]Config{
		"an ordinary code":      changed(bare, CodeRequest{Do: "add", Name: "Carer", Kind: duress.User, New: somebodys}),
		"a master's":            changed(bare, CodeRequest{Do: "add", Name: "Carer", Kind: duress.Master, New: somebodys}),
		"a guest's":             changed(bare, CodeRequest{Do: "add", Name: "Carer", Kind: duress.Guest, New: somebodys}),
		"her own duress code":   changed(bare, forAnna),
		"her own second":        changed(changed(bare, another), forAnna),
		"hers, beside a word":   changed(changed(bare, forAnna), word),
		"another's duress code": changed(bare, CodeRequest{Do: "add", Name: "Tom", Kind: duress.Duress, Present: masterCode, New: somebodys}),
	}
}

func changed(c Config, r CodeRequest) Config {
	return must(c.Apply(must(changeCodes(c, testKey, seeded(5), r, nil))))
}

// answered asks a world's desk several times for a code, and returns all that the
// asker, or who reads the disk, could see of it.
func answered(c Config, r CodeRequest, times int) string {
	store := &disk{}
	o := NewOffline(c, NewState(42, 43), store, testKey, seeded(6), func() time.Time { return evening })
	var out []string
	for range times {
		steps := 0
		err := o.Codes(context.Background(), r, func(done, total int) { steps++ })
		out = append(out, fmt.Sprintf("%v, %d steps, %d commits", err, steps, store.commits))
	}
	sealed := o.s.Sealed
	for n := range sealed.Pending {
		sealed.Pending[n].Record = duress.Record{} // encrypted, and of one size
	}
	return strings.Join(append(out, string(must(json.Marshal(o.s.Open))), string(must(json.Marshal(sealed))),
		string(must(json.Marshal(store.entries))), fmt.Sprint(len(must(json.Marshal(o.c.Duress.Slots))), o.c.Version-c.Version)), "\n")
}

// What a refusal says, takes, counts and leaves behind is the same whatever the
// code is that is in the way, for a new code of every kind, and so is what is
// taken.
func TestARefusalLooksAlikeInAllWorlds(t *testing.T) {
	worlds := codeWorlds()
	asks := map[string]CodeRequest{
		"equal, for Eve":          {Do: "add", Name: "Eve", Kind: duress.User, New: somebodys},
		"one digit off, for Eve":  {Do: "add", Name: "Eve", Kind: duress.Guest, New: "730587"},
		"two exchanged, for Eve":  {Do: "add", Name: "Eve", Kind: duress.Master, New: "730856"},
		"backwards, for Anna":     {Do: "add", Name: "Anna", Kind: duress.Duress, Present: annaCode, New: "685037"},
		"rotated, for Tom":        {Do: "add", Name: "Tom", Kind: duress.Duress, Present: masterCode, New: "305867"},
		"near, Anna changes":      {Do: "change", Name: "Anna", Present: annaCode, New: "730585"},
		"near, Tom changes":       {Do: "change", Name: "Tom", Present: masterCode, New: "731586"},
		"near her present":        {Do: "change", Name: "Anna", Present: annaCode, New: "482914"},
		"a wrong present code":    {Do: "change", Name: "Anna", Present: "111222", New: "730585"},
		"somebody else's present": {Do: "change", Name: "Anna", Present: masterCode, New: "730585"},
		"trivial":                 {Do: "add", Name: "Eve", Kind: duress.User, New: "123456"},
		"free":                    {Do: "add", Name: "Eve", Kind: duress.User, New: "164920"},
		"free, under duress":      {Do: "add", Name: "Tom", Kind: duress.Duress, Present: masterCode, New: "164920"},
		"a word":                  {Do: "add", Name: "Anna", Kind: duress.Duress, Word: true, Present: annaCode, New: "snowdrop"},
		"her word again":          {Do: "add", Name: "Anna", Kind: duress.Duress, Word: true, Present: annaCode, New: annaWord},
		"Tom takes her word":      {Do: "add", Name: "Tom", Kind: duress.Duress, Word: true, Present: masterCode, New: annaWord},
		"no word":                 {Do: "add", Name: "Anna", Kind: duress.Duress, Word: true, Present: annaCode, New: "please"},
	}
	for name, ask := range asks {
		t.Run(name, func(t *testing.T) {
			first, of := "", ""
			for world, c := range worlds {
				switch got := answered(c, ask, 7); {
				case first == "":
					first, of = got, world
				case got != first:
					t.Errorf("%s:\n%s\n%s:\n%s", of, first, world, got)
				}
			}
			near := strings.Contains(first, "too close to the present")
			if strings.HasPrefix(name, "free") { // taken, and then in its own way
				near = !strings.HasPrefix(first, "<nil>")
			}
			if wantNear := strings.Contains(name, ", ") && !strings.Contains(name, "free") || name == "near her present"; near != wantNear {
				t.Errorf("near %v:\n%s", near, first)
			}
			if tells := []string{somebodys, string(ask.New), string(ask.Present)}; ask.New != "" && containsAny(first, tells) {
				t.Errorf("digits or a word are told:\n%s", first)
			}
			if near && strings.Count(first, "too close to the present") != nearADay {
				t.Errorf("not five a day:\n%s", first)
			}
		})
	}
}

// Who declines a code by "keep" leaves what one leaves who makes a duress code or changes
// the ordinary one, and waits for as many steps: all but the digits' own number.
func TestADeclinedCodeLooksLikeOneThatIsMade(t *testing.T) {
	c := codeWorlds()["a guest's"]
	asks := map[string]CodeRequest{
		"made":     {Do: "add", Name: "Anna", Kind: duress.Duress, Present: annaCode, New: "164920"},
		"changed":  {Do: "change", Name: "Anna", Present: annaCode, New: "164920"},
		"declined": {Do: "keep", Name: "Anna", Present: annaCode},
	}
	first := answered(c, asks["made"], 1)
	if !strings.HasPrefix(first, "<nil>") || !strings.Contains(first, "codes of Anna changed") {
		t.Fatalf("not made:\n%s", first)
	}
	steps := regexp.MustCompile(`\d+ steps`) // of a code depend on the code alone, duress.TestKeep
	for name, ask := range asks {
		if got := answered(c, ask, 1); steps.ReplaceAllString(got, "") != steps.ReplaceAllString(first, "") {
			t.Errorf("%s:\n%s\nmade:\n%s", name, got, first)
		}
	}
	h := NewOffline(c, NewState(42, 43), &disk{}, testKey, seeded(6), func() time.Time { return evening })
	for n := range nearADay + 1 {
		err := h.Codes(context.Background(), CodeRequest{Do: "change", Name: "Anna", Present: annaCode, New: "482914"}, nil)
		if last := n == nearADay; err == nil || last != strings.Contains(err.Error(), "try again tomorrow") {
			t.Errorf("change %d: %v", n, err)
		}
	}
	ask := asks["declined"]
	if err := h.Codes(context.Background(), ask, nil); err != nil {
		t.Errorf("nothing can be declined any more: %v", err)
	}
	ask.Present = "111222"
	if got := answered(c, ask, 1); !strings.HasPrefix(got, "the code was not accepted") {
		t.Errorf("a wrong present code: %s", got)
	}
}

func containsAny(s string, parts []string) bool {
	for _, p := range parts {
		if p != "" && strings.Contains(s, p) {
			return true
		}
	}
	return false
}
