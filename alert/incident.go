package alert

import (
	"fmt"
	"slices"
	"strings"
)

// Kind says what an incident is.
type Kind string

// The kinds of section 1.
const (
	Burglary     Kind = "burglary"
	Duress       Kind = "duress"
	Panic        Kind = "panic"
	Fire         Kind = "fire"
	Medical      Kind = "medical"
	TamperKind   Kind = "tamper"
	TroubleAlarm Kind = "trouble"
	Test         Kind = "test" // a drill
)

// Class is the class of contacts that a kind is told to.
func (k Kind) Class() Class {
	switch k {
	case Duress, Panic, Fire, Medical:
		return Life
	case TroubleAlarm:
		return Trouble
	}
	return Alarm
}

// Incident is one alarm from its first event until it is closed. It keeps its
// own copy of who is told and of every word it needs, so that no later edit of
// the configuration shortens it.
type Incident struct {
	ID     uint64 `json:"id"`
	Kind   Kind   `json:"kind"`
	Silent bool   `json:"silent,omitempty"`
	Who    string `json:"who,omitempty"`  // the person forced, or who pressed
	What   string `json:"what,omitempty"` // zones, in words
	Where  string `json:"where,omitempty"`
	Police string `json:"police,omitempty"`
	Clock  string `json:"clock"`          // local time of opening, "21:04"
	Note   string `json:"note,omitempty"` // "just armed", "exit error"
	Words  Words  `json:"words,omitempty"`

	Opened     int64    `json:"opened"`
	Wall       int64    `json:"wall"`                 // unix ms of the opening, for words
	ClosesAt   int64    `json:"closes_at"`            // 24 h after the opening, later while somebody is untold
	Entry      uint64   `json:"entry,omitempty"`      // number of the journal entry of its opening
	Known      []string `json:"known,omitempty"`      // numbers that may yet be included: on the list at the opening, and not in the house
	HoldUntil  int64    `json:"hold_until,omitempty"` // end of the abort window
	Token      string   `json:"token"`
	CloseToken string   `json:"close_token"`

	Recipients []Recipient `json:"recipients"`
	RingTime   int64       `json:"ring_time"`
	CallRounds int         `json:"call_rounds"`

	Begun     int64 `json:"begun,omitempty"` // tick of the first texts, 0 while held
	Repeats   int   `json:"repeats,omitempty"`
	Calling   bool  `json:"calling,omitempty"`
	CallRound int   `json:"call_round,omitempty"`
	CallAt    int   `json:"call_at,omitempty"`
	CallEnd   int   `json:"call_end,omitempty"` // the round after which calling rests

	TakenBy string   `json:"taken_by,omitempty"`
	TakenAt int64    `json:"taken_at,omitempty"`
	Noted   []string `json:"noted,omitempty"` // at-site and later acknowledgements
	Asked   int64    `json:"asked,omitempty"` // tick of “police called?”
	Yes     bool     `json:"yes,omitempty"`

	From   string `json:"from,omitempty"`   // in a drill: the number that asked for it
	First  int64  `json:"first,omitempty"`  // in a drill: when its first text was handed over
	Scored string `json:"scored,omitempty"` // in a drill: its score in words, once it is over

	Silenced bool     `json:"silenced,omitempty"` // a code has silenced its siren, and the others know
	Closers  []string `json:"closers,omitempty"`
	Closed   int64    `json:"closed,omitempty"`
	Ended    bool     `json:"ended,omitempty"` // the schedule is over: nobody answered
	RevealAt int64    `json:"reveal_at,omitempty"`

	Again     []string `json:"again,omitempty"` // further commands under duress, "21:06 ARM"
	Moves     []string `json:"moves,omitempty"` // what moved afterwards, "21:09 Hall"
	Named     []string `json:"named,omitempty"` // what was told besides What
	ToldAgain int      `json:"told_again,omitempty"`
	AgainAt   int64    `json:"again_at,omitempty"`
	Unsaid    bool     `json:"unsaid,omitempty"`  // Again or Moves has news
	Ordered   bool     `json:"ordered,omitempty"` // and there is a command in it
}

// Recipient is the incident's own copy of a contact, and how far telling went.
type Recipient struct {
	Name    string `json:"name"`
	Number  string `json:"number"`
	InHouse bool   `json:"in_house,omitempty"`
	NoCall  bool   `json:"no_call,omitempty"`
	NoText  bool   `json:"no_text,omitempty"`

	Told    bool `json:"told,omitempty"` // a text went out, may have gone out, or a call was answered
	GivenUp bool `json:"given_up,omitempty"`
	Maybe   bool `json:"maybe,omitempty"` // a text of unknown fate: it may have come
	// Unreached: the others have been told, once, that no text gets there.
	Unreached bool `json:"unreached,omitempty"`
	Reached   bool `json:"reached,omitempty"` // a delivery report says so

	Score Score `json:"score,omitzero"` // of a drill
}

// OffSite lists the numbers of those who do not live there.
func OffSite(c Config) []string {
	var out []string
	for _, k := range c.Contacts {
		if !k.InHouse() {
			out = append(out, k.Number)
		}
	}
	return out
}

// Recipients copies those contacts of the list that want class k.
func Recipients(c Config, k Class) []Recipient {
	return recipients(c, func(k2 Contact) bool { return k2.Gets(k) })
}

// Eligible copies the contacts that a sealed incident is told to: those with
// life, and any who were told of a burglary now running (told), except the
// number the command came from, the numbers of the person whose code it is, and
// phones that may be in the house.
func Eligible(c Config, from string, own []string, told []string) []Recipient {
	return recipients(c, func(k Contact) bool {
		mine := slices.ContainsFunc(own, func(name string) bool { return strings.EqualFold(name, k.Name) })
		if k.InHouse() || from != "" && k.Number == from || mine {
			return false
		}
		return k.Gets(Life) || slices.Contains(told, k.Number)
	})
}

func recipients(c Config, want func(Contact) bool) []Recipient {
	var out []Recipient
	for _, k := range c.Contacts {
		if want(k) && !(k.NoCall && k.NoText) {
			out = append(out, Recipient{Name: k.Name, Number: k.Number, InHouse: k.InHouse(), NoCall: k.NoCall, NoText: k.NoText})
		}
	}
	return out
}

// Open tells whether the incident is still anybody's business.
func (i Incident) Open() bool { return i.Closed == 0 }

// Includes tells whether number is among the incident's recipients.
func (i Incident) Includes(number string) bool { return i.recipient(number) >= 0 }

// NameOf is the name of the recipient with that number, "" for none.
func (i Incident) NameOf(number string) string {
	if n := i.recipient(number); n >= 0 {
		return i.Recipients[n].Name
	}
	return ""
}

func (i Incident) recipient(number string) int {
	return slices.IndexFunc(i.Recipients, func(r Recipient) bool { return r.Number == number })
}

// untold tells whether somebody who gets texts has had none yet of a danger to
// life. A burglary's plan goes by the clock: its steps are in the open journal,
// and must not tell who had the line.
func (i Incident) untold() bool {
	return i.Kind.Class() == Life && slices.ContainsFunc(i.Recipients, func(r Recipient) bool { return !r.Told && !r.NoText && !r.GivenUp })
}

func (i Incident) clone() Incident {
	i.Known = slices.Clone(i.Known)
	i.Recipients = slices.Clone(i.Recipients)
	i.Noted = slices.Clone(i.Noted)
	i.Closers = slices.Clone(i.Closers)
	i.Again = slices.Clone(i.Again)
	i.Moves = slices.Clone(i.Moves)
	i.Named = slices.Clone(i.Named)
	return i
}

// token draws four digits that no open incident of the book uses.
func (b *Book) token() string {
	for {
		t := fmt.Sprintf("%04d", b.draw()%10000)
		if !b.usesToken(t) {
			return t
		}
	}
}

func (b *Book) usesToken(t string) bool {
	return slices.ContainsFunc(b.Incidents, func(i Incident) bool { return i.Token == t || i.CloseToken == t })
}

// draw is SplitMix64: a seed in the state, so that a story can be told twice.
func (b *Book) draw() uint64 {
	b.Seed += 0x9e3779b97f4a7c15
	z := b.Seed
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
