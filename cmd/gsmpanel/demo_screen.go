package main

import (
	"strings"
	"time"
	"unicode"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// demoScreen is what a person at the live demo sees and types. It knows the
// world by the sights that it is given and acts by the acts that step returns.
type demoScreen struct {
	width, height int
	people        []demoPerson
	radio         string         // what hears, in words
	local         *time.Location // where the house is

	sight demoSight
	since time.Time // when the panel's state was first seen as it is

	chirps    int // of the last run of them
	chirpedAt time.Time

	who    int    // whose phone is typed on
	typing place  // where letters and digits go; otherwise keys act
	typed  string // there
	note   string // on the last act
	back   int    // how many lines the chosen phone is scrolled back
	help   bool
	page   int    // first line of the help that is shown
	ended  string // why the panel has ended, "" while it runs
}

// place is where somebody types.
type place int

const (
	nowhere  place = iota
	onPhone        // a text
	atKeypad       // on the wall
)

// What comes to the screen besides keys and sights.
type (
	demoKey   string // as bubbletea spells it: "a", "tab", "ctrl+c"
	demoPaste string
	demoSize  struct{ width, height int }
	demoSaid  string // what came of an act
	demoEnded string // the panel has ended, and why
)

const maxText = 480 // of what can be typed, in letters: three SMS

// step takes what happened and returns the screen after it and what is to be done.
func (m demoScreen) step(event any) (demoScreen, []demoAct) {
	switch e := event.(type) {
	case demoSize:
		m.width, m.height = e.width, e.height
	case demoSight:
		return m.see(e), nil
	case demoSaid:
		m.note = string(e)
	case demoEnded:
		m.ended = string(e)
	case demoPaste:
		if !m.help && m.typing != atKeypad {
			m.typing = onPhone
			m.typed = clipTyped(m.typed + string(e))
		}
	case demoKey:
		return m.key(string(e))
	}
	return m, nil
}

func (m demoScreen) see(s demoSight) demoScreen {
	if s.public.State != m.sight.public.State || m.since.IsZero() {
		m.since = s.at
	}
	if more := s.siren.chirps - m.sight.siren.chirps; more > 0 {
		if s.at.Sub(m.chirpedAt) > chirpRun {
			m.chirps = 0
		}
		m.chirps += more
		m.chirpedAt = s.at
	}
	m.sight = s
	return m
}

// Chirps less than chirpRun apart are one answer; it is shown for chirpShown.
const (
	chirpRun   = 1500 * time.Millisecond
	chirpShown = 8 * time.Second
)

func (m demoScreen) phone(n int) simulator.Phone {
	if n < len(m.sight.phones) {
		return m.sight.phones[n]
	}
	return simulator.Phone{}
}

func (m demoScreen) key(k string) (demoScreen, []demoAct) {
	if after, ok := strings.CutPrefix(k, "alt+"); ok { // Esc and a key soon after it look so
		m, _ = m.key("esc")
		k = after
	}
	switch k {
	case "ctrl+c", "ctrl+q", "ctrl+d":
		return m, []demoAct{{verb: actQuit}}
	}
	switch {
	case m.help:
		return m.helpKey(k)
	case m.typing == onPhone:
		return m.typingKey(k)
	case m.typing == atKeypad:
		return m.keypadKey(k)
	}
	return m.actingKey(k)
}

func (m demoScreen) helpKey(k string) (demoScreen, []demoAct) {
	switch k {
	case "pgdown", "down", "space", "j":
		m.page = min(m.page+m.helpStep(k), m.lastHelpLine())
	case "pgup", "up", "k":
		m.page = max(m.page-m.helpStep(k), 0)
	default:
		m.help, m.page = false, 0
	}
	return m, nil
}

func (m demoScreen) helpStep(k string) int {
	if strings.HasPrefix(k, "pg") || k == "space" {
		return max(1, m.height-3)
	}
	return 1
}

func (m demoScreen) typingKey(k string) (demoScreen, []demoAct) {
	switch k {
	case "enter":
		return m.send()
	case "esc":
		m.leave()
	case "tab", "shift+tab":
		return m.choose(k), nil
	case "backspace", "ctrl+h":
		if m.typed = dropLast(m.typed); m.typed == "" {
			m.leave()
		}
	case "ctrl+u":
		m.typed = ""
	case "ctrl+w":
		m.typed = m.typed[:strings.LastIndex(strings.TrimRight(m.typed, " "), " ")+1]
	case "pgup", "pgdown", "up", "down":
		m = m.scroll(k)
	case "space":
		m.typed = clipTyped(m.typed + " ")
	default:
		if letter(k) {
			m.typed = clipTyped(m.typed + k)
		}
	}
	return m, nil
}

// leave ends typing.
func (m *demoScreen) leave() { m.typing, m.typed = nowhere, "" }

func (m demoScreen) send() (demoScreen, []demoAct) {
	body := strings.TrimSpace(m.typed)
	m.leave()
	m.back, m.note = 0, ""
	if body == "" {
		return m, nil
	}
	if !m.people[m.who].control && beginsWithDigit(body) {
		m.note = m.people[m.who].name + "'s phone may not command: a code from it is never answered. Tab to Anna."
	}
	return m, []demoAct{{actText, m.who, body}}
}

// actingKey is a key while nothing is typed. Small letters act, and B and D, which
// hold a button. Digits and other capitals begin a text, as codes and the contacts'
// words do; in a call digits are keys of the phone.
func (m demoScreen) actingKey(k string) (demoScreen, []demoAct) {
	m.note = ""
	switch k {
	case "?", "f1":
		m.help = true
		return m, nil
	case "q":
		return m, []demoAct{{verb: actQuit}}
	case "tab", "shift+tab", "left", "right":
		return m.choose(k), nil
	case "pgup", "pgdown", "up", "down":
		return m.scroll(k), nil
	case "enter", "t":
		m.typing = onPhone
		return m, nil
	case "k":
		m.typing = atKeypad
		return m, nil
	case "c", "p", "x":
		return m.callKey(k)
	}
	if a, ok := houseKeys[k]; ok {
		return m, []demoAct{a}
	}
	return m.otherKey(k)
}

// houseKeys are what happens in the house, whoever's phone is chosen.
var houseKeys = map[string]demoAct{
	"a": {verb: actButton, text: "arm"}, "h": {verb: actButton, text: "home"}, "d": {verb: actButton, text: "disarm"},
	"D": {verb: actButton, text: "disarm, held"}, "b": {verb: actButton, text: "panic"}, "B": {verb: actButton, text: "panic, held"},
	"o": {verb: actDoor}, "w": {verb: actWindow}, "m": {verb: actMotion},
	"g": {verb: actModem}, "r": {verb: actRadio}, "e": {verb: actMains}, "j": {verb: actJam},
	"v": {verb: actBack}, "f": {verb: actFlat},
}

// callKey picks up the phone that rings, whichever it is, or ends the call; or it
// rings the panel from the phone that is chosen.
func (m demoScreen) callKey(k string) (demoScreen, []demoAct) {
	if k == "c" {
		return m, []demoAct{{verb: actCall, who: m.who}}
	}
	for n := range m.people {
		switch p := m.phone(n); {
		case k == "p" && ringing(p):
			m.who, m.back = n, 0
			return m, []demoAct{{verb: actPickUp, who: n}}
		case k == "x" && (ringing(p) || talking(p) || calling(p) || keying(p)):
			return m, []demoAct{{verb: actHangUp, who: n}}
		}
	}
	m.note = "No phone rings now."
	return m, nil
}

func (m demoScreen) otherKey(k string) (demoScreen, []demoAct) {
	switch {
	case m.inCall() && len(k) == 1 && strings.Contains("0123456789*#", k):
		return m, []demoAct{{actKeys, m.who, k}}
	case letter(k) && !unicode.IsLower([]rune(k)[0]):
		m.typing, m.typed = onPhone, k
	case letter(k):
		m.note = "The key " + k + " does nothing here; press t to type a text, ? for help."
	}
	return m, nil
}

// inCall tells whether the chosen person talks with the panel.
func (m demoScreen) inCall() bool {
	p := m.phone(m.who)
	c, _ := callOf(p)
	return keying(p) || talking(p) && !byMachine(m.people[m.who].phone, c)
}

func (m demoScreen) choose(k string) demoScreen {
	step := 1
	if k == "shift+tab" || k == "left" {
		step = len(m.people) - 1
	}
	m.who, m.back = (m.who+step)%len(m.people), 0
	return m
}

func (m demoScreen) scroll(k string) demoScreen {
	step := 1
	if strings.HasPrefix(k, "pg") {
		step = max(1, m.phoneRows(m.who)-1)
	}
	if strings.HasSuffix(k, "down") {
		step = -step
	}
	m.back = min(max(0, m.back+step), m.farthestBack(m.who))
	return m
}

// letter tells whether a key is one character that can stand in a text.
func letter(k string) bool {
	r := []rune(k)
	return len(r) == 1 && unicode.IsPrint(r[0])
}

func beginsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

func dropLast(s string) string {
	r := []rune(s)
	return string(r[:max(0, len(r)-1)])
}

// clipTyped keeps what can be sent as a text of one line.
func clipTyped(s string) string {
	var out []rune
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			out = append(out, ' ')
		case unicode.IsPrint(r):
			out = append(out, r)
		}
	}
	return string(out[:min(len(out), maxText)])
}
