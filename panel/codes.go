package panel

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
)

const nearADay = 5 // new codes refused for nearness

// changeCodes works out what codes there would be after a request. It is slow
// (a hash for each near code) and changes nothing.
func changeCodes(c Config, key duress.Key, random io.Reader, r CodeRequest, progress func(done, total int)) (PutCodes, error) {
	var next duress.Config
	var err error
	switch r.Do {
	case "add":
		next, err = addCode(c, key, random, r, progress)
	case "change":
		next, err = c.Duress.Change(key, random, r.Name, string(r.Present), string(r.New), c.numbers(), progress)
	case "keep":
		next, err = c.Duress.Keep(key, random, r.Name, progress)
	case "remove":
		next, err = c.Duress.Remove(key, random, r.Name)
	default:
		err = fmt.Errorf("codes can be added, changed, kept and removed, not %q", r.Do)
	}
	return PutCodes{Codes: next, Says: "codes of " + r.Name + " changed"}, err
}

func addCode(c Config, key duress.Key, random io.Reader, r CodeRequest, progress func(done, total int)) (duress.Config, error) {
	contacts := r.Contacts
	if known, ok := c.personNamed(r.Name); ok && contacts == nil {
		contacts = c.listed(known.Contacts)
	}
	if k, ok := c.Alert.Find(r.Name); ok && contacts == nil {
		contacts = []string{k.Name}
	}
	for n, name := range contacts {
		k, ok := c.Alert.Find(name)
		if !ok {
			return duress.Config{}, fmt.Errorf("no contact is called %q; add it first with `gsmpanel contact add %q NUMBER`", name, name)
		}
		contacts[n] = k.Name
	}
	if r.Kind == duress.Duress && len(alert.Eligible(c.Alert, "", contacts, nil)) == 0 {
		return duress.Config{}, fmt.Errorf("a duress code of %s would reach nobody; first add a contact of class life who does not live there, with `gsmpanel contact add NAME NUMBER --off-site`", r.Name)
	}
	ask := duress.AddRequest{Name: r.Name, Kind: r.Kind, Rights: r.Rights, Contacts: contacts,
		Present: string(r.Present), New: string(r.New), Word: r.Word, Tails: c.numbers()}
	if r.Word {
		word, err := c.duressWord(ask.New)
		if err != nil {
			return duress.Config{}, err
		}
		ask.New = word
	}
	return c.Duress.Add(key, random, ask, progress)
}

// listed are those of some names that are on the notification list; nil for none.
func (c Config) listed(names []string) (out []string) {
	for _, name := range names {
		if k, ok := c.Alert.Find(name); ok {
			out = append(out, k.Name)
		}
	}
	return out
}

func (c Config) numbers() []string {
	var out []string
	for _, k := range c.Alert.Contacts {
		out = append(out, k.Number)
	}
	return out
}

// CodeShown says that a code was given as a person's present one: a duress code
// given under threat is heard there too.
type CodeShown struct {
	Verdict duress.Verdict
	For     string // “code change”
}

func (CodeShown) event() {}

func (t *turn) codeShown(e CodeShown) {
	told := Told{Channel: ByLocal, Attempt: true, Parts: 1, Verdict: e.Verdict, Command: Command{Verb: Verb(e.For)}}
	v := t.vetted(told)
	if t.locked(told) {
		t.answerLocked(told)
		t.err = errors.New(t.answer.Text)
	}
	if v.Valid {
		t.p = t.remember(told, v)
		t.hold()
		return
	}
	if t.err == nil {
		t.wrongCode(told)
		t.err = errors.New("the code was not accepted; type the code that the person has now")
	}
}

// SealedAsked asks for the sealed journal.
type SealedAsked struct{ Verdict duress.Verdict }

func (SealedAsked) event() {}

// sealedAsked answers a master code; a master's duress code sees an empty log.
func (t *turn) sealedAsked(e SealedAsked) {
	t.codeShown(CodeShown{e.Verdict, "LOG SEALED"})
	switch {
	case t.err != nil:
		return
	case e.Verdict.Rights.Kind != duress.Master:
		t.err = errors.New("this code does not allow the sealed log; a master code does")
		return
	}
	if _, forced := t.p.Record.Open(); !forced {
		t.revealed = t.reveal()
	}
}

// reveal is what may be read of the sealed journal now: nothing from the opening
// of an incident until 12 h after its closing. It goes by numbers, since a clock
// can be set.
func (t *turn) reveal() []Entry {
	journal := t.s.Sealed.Journal
	for _, i := range t.s.Sealed.Book.Incidents {
		if i.RevealAt == 0 || i.RevealAt > t.now.Tick {
			journal = journal[:min(len(journal), entriesBefore(journal, i.Entry))]
		}
	}
	return journal
}

func entriesBefore(journal []Entry, number uint64) int {
	n := slices.IndexFunc(journal, func(e Entry) bool { return e.Number >= number })
	if n < 0 {
		return len(journal)
	}
	return n
}
