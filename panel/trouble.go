package panel

import (
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/alert"
)

// TroubleName names something that fails.
type TroubleName string

// The troubles known so far.
const (
	ModemTrouble   TroubleName = "modem"
	NetworkTrouble TroubleName = "network"
	RadioTrouble   TroubleName = "radio"
	DiskTrouble    TroubleName = "disk"
	SirenTrouble   TroubleName = "siren"
)

// troubleKind is what there is to say of a trouble.
type troubleKind struct {
	words string
	code  string      // Contact ID event
	cause TroubleName // while that lasts, this one is its consequence
}

var troubleKinds = map[TroubleName]troubleKind{
	ModemTrouble:   {"modem does not answer", "350", ""},
	NetworkTrouble: {"no mobile network", "354", ModemTrouble},
	RadioTrouble:   {"radio receiver is gone", "333", ""},
	DiskTrouble:    {"disk does not take the log", "303", ""},
	SirenTrouble:   {"siren does not obey", "321", ""},
}

// Trouble is something that fails, or that has just been mended. It is held back
// to let flapping settle, and told once when it starts and once when it ends.
type Trouble struct {
	Name  TroubleName `json:"name"`
	Why   string      `json:"why,omitempty"`
	On    bool        `json:"on"`    // fails now
	Shown bool        `json:"shown"` // has been told
	Since int64       `json:"since"` // of On's last change
}

func (k Trouble) text() string {
	if k.Why == "" || strings.Contains(troubleKinds[k.Name].words, k.Why) {
		return troubleKinds[k.Name].words
	}
	return troubleKinds[k.Name].words + " (" + k.Why + ")"
}

func (k Trouble) next(c Config) int64 {
	if k.On == k.Shown {
		return 0
	}
	return k.Since + k.delay(c)
}

func (k Trouble) delay(c Config) int64 {
	if k.Name == NetworkTrouble && k.On {
		return c.Alert.NetworkDelay
	}
	return c.Alert.TroubleDelay
}

// fault notes that something fails, or works again.
func (t *turn) fault(e Fault) {
	n := slices.IndexFunc(t.s.Troubles, func(k Trouble) bool { return k.Name == e.Name })
	if n < 0 {
		if e.On {
			t.s.Troubles = append(t.s.Troubles, Trouble{Name: e.Name, Why: e.Why, On: true, Since: t.now.Tick})
		}
		return
	}
	k := &t.s.Troubles[n]
	if k.On == e.On {
		return
	}
	k.On, k.Since = e.On, t.now.Tick
	if e.On {
		k.Why = e.Why
	}
	if !k.On && !k.Shown {
		t.s.Troubles = slices.Delete(t.s.Troubles, n, n+1)
	}
}

// troublesDue tells of what has lasted, and of what is over.
func (t *turn) troublesDue() {
	for n := 0; n < len(t.s.Troubles); n++ {
		k := &t.s.Troubles[n]
		at := k.next(t.c)
		if at == 0 || at > t.now.Tick {
			continue
		}
		if !k.On {
			t.journal("trouble_end", "3"+troubleKinds[k.Name].code, "over: "+k.text(), 0, Who{})
			t.tellTrouble("Over: " + k.text())
			t.s.Troubles = slices.Delete(t.s.Troubles, n, n+1)
			n--
			continue
		}
		if t.hasCause(k.Name) {
			k.Since = t.now.Tick // its cause speaks for it
			continue
		}
		k.Shown = true
		t.journal("trouble", "1"+troubleKinds[k.Name].code, k.text(), 0, Who{})
		t.tellTrouble("Trouble: " + k.text())
	}
}

func (t *turn) hasCause(name TroubleName) bool {
	cause := troubleKinds[name].cause
	return cause != "" && slices.ContainsFunc(t.s.Troubles, func(k Trouble) bool { return k.Name == cause && k.On })
}

// tellTrouble texts contacts of class trouble, those who may be in the house
// first, so that nobody's absence moves another's text.
func (t *turn) tellTrouble(body string) {
	for _, inHouse := range []bool{true, false} {
		for _, c := range t.c.Alert.Contacts {
			if c.InHouse() == inHouse && c.Gets(alert.Trouble) && !c.NoText && t.budget() {
				t.s.Book.Queue(t.now.Tick, alert.Job{Rank: alert.RankTrouble, To: c.Number, Name: c.Name, Reason: "trouble",
					Body: clip(t.siteName() + " " + t.clock() + ": " + body + ".")})
			}
		}
	}
}

func (t *turn) troubleWords() string {
	var out []string
	for _, k := range t.s.Troubles {
		if k.Shown {
			out = append(out, k.text())
		}
	}
	return strings.Join(out, ", ")
}
