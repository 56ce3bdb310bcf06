package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/zones"
)

var midday = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func calmSight() demoSight {
	return demoSight{at: midday, phones: make([]simulator.Phone, 3), public: panel.Outward{State: "disarmed", Site: "Mill Lane", Network: "Simnet UK", SignalDBm: -72,
		Zones: []panel.OutwardZone{{Number: 1, Name: "Front door", Type: zones.Entry}}}}
}

func screenOf(s demoSight) demoScreen {
	m := demoScreen{width: leastWidth, height: leastHeight, people: livePeople(), radio: pipe{}.says(), local: time.UTC}
	m, _ = m.step(s)
	return m
}

// plain is a screen without its styles.
func plain(lines []string) string { return ansi.Strip(strings.Join(lines, "\n")) }

func received(body ...string) simulator.Phone {
	var p simulator.Phone
	for n, b := range body {
		p.Texts = append(p.Texts, simulator.Message{Time: midday.Add(time.Duration(n) * time.Second), Body: b})
	}
	return p
}

func rung(result string) simulator.Phone {
	return simulator.Phone{Calls: []simulator.CallRecord{{Time: midday, Incoming: true, Result: result}}}
}

// keysOf types a line of keys; <x> is a key with a name.
func keysOf(line string) []string {
	var out []string
	for line != "" {
		if name, after, ok := strings.Cut(strings.TrimPrefix(line, "<"), ">"); ok && line[0] == '<' {
			out, line = append(out, name), after
			continue
		}
		key := string([]rune(line)[0])
		line = line[len(key):]
		if key == " " {
			key = "space"
		}
		out = append(out, key)
	}
	return out
}

func TestKeysOfTheLiveDemo(t *testing.T) {
	benRings, benTalks := calmSight(), calmSight()
	benRings.phones[1], benTalks.phones[1] = rung("ringing"), rung("answered")
	keysIn := calmSight()
	keysIn.phones[0] = simulator.Phone{Calls: []simulator.CallRecord{{Time: midday, Answered: midday.Add(time.Second), Result: "answered"}}}
	machine := calmSight()
	machine.phones[2] = rung("answered")
	machine.phones[2].Calls[0].Answered = midday.Add(20 * time.Second)
	for _, c := range []struct {
		name  string
		sight demoSight
		keys  string
		want  []demoAct
	}{
		{"a code is a text", calmSight(), "482913 arm<enter>", []demoAct{{actText, 0, "482913 arm"}}},
		{"capitals begin a text", calmSight(), "<tab>OK 4711<enter>", []demoAct{{actText, 1, "OK 4711"}}},
		{"t begins one of small letters", calmSight(), "<shift+tab>tok 4711<enter>", []demoAct{{actText, 2, "ok 4711"}}},
		{"any phone", calmSight(), "<tab><tab><tab>1<enter>", []demoAct{{actText, 0, "1"}}},
		{"the phone may be changed while typing", calmSight(), "482913 ARM<tab><enter>", []demoAct{{actText, 1, "482913 ARM"}}},
		{"correcting", calmSight(), "4829134<backspace> ARX<backspace>M now<ctrl+w><enter>", []demoAct{{actText, 0, "482913 ARM"}}},
		{"dropping it", calmSight(), "482913 ARM<esc>a", []demoAct{{actButton, 0, "arm"}}},
		{"dropping it fast", calmSight(), "482913 ARM<alt+a>", []demoAct{{actButton, 0, "arm"}}},
		{"all is deleted", calmSight(), "48<backspace><backspace>d", []demoAct{{actButton, 0, "disarm"}}},
		{"nothing typed is not sent", calmSight(), "t  <enter><enter><enter>", nil},
		{"capitals that hold a button", calmSight(), "DbB", []demoAct{{actButton, 0, "disarm, held"}, {actButton, 0, "panic"}, {actButton, 0, "panic, held"}}},
		{"but not within a text", calmSight(), "tDbB<enter>", []demoAct{{actText, 0, "DbB"}}},
		{"c rings the panel from the phone that is chosen", calmSight(), "c<tab>c", []demoAct{{actCall, 0, ""}, {actCall, 1, ""}}},
		{"digits in a call to the panel", keysIn, "482913#3x", []demoAct{{actKeys, 0, "4"}, {actKeys, 0, "8"}, {actKeys, 0, "2"}, {actKeys, 0, "9"}, {actKeys, 0, "1"}, {actKeys, 0, "3"}, {actKeys, 0, "#"}, {actKeys, 0, "3"}, {actHangUp, 0, ""}}},
		{"letters act", calmSight(), "ahdowmgr", []demoAct{{actButton, 0, "arm"}, {actButton, 0, "home"}, {actButton, 0, "disarm"}, {actDoor, 0, ""}, {actWindow, 0, ""}, {actMotion, 0, ""}, {actModem, 0, ""}, {actRadio, 0, ""}}},
		{"at the keypad", calmSight(), "k482913<enter>k730586*k482913/", []demoAct{{actKeypad, 0, "482913\n"}, {actKeypad, 0, "730586*"}, {actKeypad, 0, "482913/"}}},
		{"correcting at the keypad", calmSight(), "k4829<backspace><backspace>2913ox<space><enter>", []demoAct{{actKeypad, 0, "482913\n"}}},
		{"leaving the keypad", calmSight(), "k482<esc>ak<enter>k/a", []demoAct{{actButton, 0, "arm"}, {actButton, 0, "arm"}}},
		{"after the keypad digits are a text again", calmSight(), "k482913<enter>482913 ARM<enter>", []demoAct{{actKeypad, 0, "482913\n"}, {actText, 0, "482913 ARM"}}},
		{"letters in a text do not", calmSight(), "tahdowmgrqpx?<enter>", []demoAct{{actText, 0, "ahdowmgrqpx?"}}},
		{"unknown keys", calmSight(), "z-<f9><alt+z><insert><esc>", nil},
		{"p picks up whichever rings", benRings, "p", []demoAct{{actPickUp, 1, ""}}},
		{"x rejects", benRings, "x", []demoAct{{actHangUp, 1, ""}}},
		{"nothing rings", calmSight(), "px", nil},
		{"digits in a call are its keys", benTalks, "<tab>17*#", []demoAct{{actKeys, 1, "1"}, {actKeys, 1, "7"}, {actKeys, 1, "*"}, {actKeys, 1, "#"}}},
		{"but not those of another phone", benTalks, "1<enter>", []demoAct{{actText, 0, "1"}}},
		{"in a call a text needs t", benTalks, "<tab>t1<enter>", []demoAct{{actText, 1, "1"}}},
		{"x hangs up", benTalks, "x", []demoAct{{actHangUp, 1, ""}}},
		{"a voicemail presses nothing", machine, "<shift+tab>1<enter>", []demoAct{{actText, 2, "1"}}},
		{"help keeps keys from acting", calmSight(), "?a", nil},
		{"help and back", calmSight(), "?<space><pgdown><pgup>aa", []demoAct{{actButton, 0, "arm"}}},
		{"q leaves", calmSight(), "q", []demoAct{{verb: actQuit}}},
		{"control keys leave from anywhere", calmSight(), "?<ctrl+c>t<ctrl+q>", []demoAct{{verb: actQuit}, {verb: actQuit}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := screenOf(c.sight)
			var got []demoAct
			for _, k := range keysOf(c.keys) {
				var acts []demoAct
				m, acts = m.step(demoKey(k))
				got = append(got, acts...)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("did %v, want %v", got, c.want)
			}
		})
	}
}

func TestMessagesBecomeEvents(t *testing.T) {
	for _, c := range []struct {
		msg  tea.Msg
		want any
	}{
		{tea.KeyPressMsg{Code: 'a', Text: "a"}, demoKey("a")},
		{tea.KeyPressMsg{Code: 'o', Text: "O", Mod: tea.ModShift}, demoKey("O")},
		{tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}, demoKey("space")},
		{tea.KeyPressMsg{Code: tea.KeyKp4}, demoKey("4")},
		{tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}, demoKey("shift+tab")},
		{tea.KeyPressMsg{Code: tea.KeyPgUp}, demoKey("pgup")},
		{tea.KeyPressMsg{Code: tea.KeyBackspace}, demoKey("backspace")},
		{tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl}, demoKey("ctrl+c")},
		{tea.KeyPressMsg{Code: tea.KeyExtended, Text: "süß"}, demoPaste("süß")},
		{tea.PasteMsg{Content: "482913 ARM"}, demoPaste("482913 ARM")},
		{tea.WindowSizeMsg{Width: 80, Height: 24}, demoSize{80, 24}},
	} {
		if got := event(c.msg); got != c.want {
			t.Errorf("%#v is %#v, want %#v", c.msg, got, c.want)
		}
	}
}

// Who acts faster than the house can is told so, and nothing waits.
func TestActsInAHurry(t *testing.T) {
	acts := make(chan demoAct, 1)
	var m tea.Model = terminal{screenOf(calmSight()), acts}
	for range 3 {
		m, _ = m.Update(tea.KeyPressMsg{Code: 'o', Text: "o"})
	}
	if len(acts) != 1 || !strings.Contains(m.View().Content, "One thing after another") {
		t.Errorf("%d acts wait, and the screen is\n%s", len(acts), m.View().Content)
	}
}

func TestPastedText(t *testing.T) {
	m := screenOf(calmSight())
	m, _ = m.step(demoPaste("482913\tARM\x1b[2J\n"))
	_, acts := m.step(demoKey("enter"))
	if want := []demoAct{{actText, 0, "482913 ARM[2J"}}; !slices.Equal(acts, want) {
		t.Errorf("did %v, want %v", acts, want)
	}
	m, _ = m.step(demoPaste(strings.Repeat("ä", 2*maxText)))
	if n := len([]rune(m.typed)); n != maxText {
		t.Errorf("%d letters can be typed", n)
	}
}

func TestACodeFromAFriendIsExplained(t *testing.T) {
	m := screenOf(calmSight())
	for _, k := range keysOf("<tab>482913 ARM<enter>") {
		m, _ = m.step(demoKey(k))
	}
	if !strings.Contains(plain(m.lines()), "Ben's phone may not command") {
		t.Errorf("nothing says why there will be no answer:\n%s", plain(m.lines()))
	}
}

func TestKnowledge(t *testing.T) {
	burglary, duress := "BURGLARY Front door 12:00, 12 Mill Lane. Reply OK 4711", "DURESS Anna forced to disarm 12:01, 12 Mill Lane. Reply OK 4712"
	cancel := "CANCEL: disarmed by Anna 12:01. It was: BURGLARY Front door 12:00."
	silent := "You have it. When police or you have SEEN Anna safe, text CLOSE 1162."
	for _, c := range []struct {
		name  string
		texts []string
		want  string
	}{
		{"nothing", nil, "knows of nothing"},
		{"a report", []string{"Mill Lane 12:00: Trouble: modem does not answer."}, "knows of nothing"},
		{"a burglary", []string{burglary}, "knows of BURGLARY"},
		{"taken", []string{burglary, "You have it: BURGLARY Front door 12:00. When it is over, text CLOSE 5148."}, "has taken BURGLARY"},
		{"cancelled", []string{burglary, cancel}, "knows of nothing"},
		{"duress is graver", []string{burglary, duress}, "knows of DURESS"},
		{"duress outlasts the burglary", []string{duress, burglary, cancel}, "knows of DURESS"},
		{"duress taken", []string{duress, silent}, "has taken DURESS"},
		{"taken by another", []string{duress, "Ben has taken it: DURESS Anna 12:01."}, "knows of DURESS"},
		{"closed", []string{duress, silent, "Closed by Ben and Cleo: DURESS Anna 12:01. Tell police if you called them."}, "knows of nothing"},
		{"a second one is not taken", []string{duress, silent, duress}, "knows of DURESS"},
	} {
		if got := knows(received(c.texts...)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTheSirenIsHeard(t *testing.T) {
	for _, c := range []struct {
		log  string
		want sirenHeard
	}{
		{"", sirenHeard{}},
		{"off \n", sirenHeard{}},
		{"on chirp\noff chirp\non chirp\noff chirp\n", sirenHeard{"", 2}},
		{"on steady\n", sirenHeard{"steady", 0}},
		{"on steady\noff steady\non chirp\n", sirenHeard{"", 1}},
		{"on temporal-3\noff steady\non temporal-3\n", sirenHeard{"temporal-3", 0}},
	} {
		if got := hearSiren(c.log); got != c.want {
			t.Errorf("%q is %v, want %v", c.log, got, c.want)
		}
	}
}

// Chirps come one by one; what they mean stands there when no more come.
func TestChirpsAreCounted(t *testing.T) {
	s := calmSight()
	m := screenOf(s)
	at := func(after time.Duration, chirps int) string {
		s.at, s.siren.chirps = midday.Add(after), chirps
		m, _ = m.step(s)
		return ansi.Strip(m.sirenShown())
	}
	for _, c := range []struct {
		after  time.Duration
		chirps int
		want   string
	}{
		{0, 0, "quiet"}, {time.Second, 1, "chirp"}, {1300 * time.Millisecond, 2, "chirp chirp"}, {4 * time.Second, 2, "chirp chirp (disarmed)"},
		{20 * time.Second, 2, "quiet"}, {21 * time.Second, 3, "chirp"}, {23 * time.Second, 3, "chirp (armed)"}, {25 * time.Second, 7, "chirp chirp chirp chirp"}, {27 * time.Second, 7, "chirp chirp chirp chirp (refused)"},
	} {
		if got := at(c.after, c.chirps); got != c.want {
			t.Errorf("%s: %q, want %q", c.after, got, c.want)
		}
	}
}

func TestCountdown(t *testing.T) {
	s := calmSight()
	m := screenOf(s)
	for _, c := range []struct {
		state string
		after time.Duration
		want  string
	}{
		{"disarmed", 0, ""}, {"arming", time.Second, " 10 s to leave"}, {"arming", 8 * time.Second, " 3 s to leave"}, {"arming", 30 * time.Second, ""},
		{"armed_away", 31 * time.Second, ""}, {"pending", 40 * time.Second, " 10 s to disarm"}, {"pending", 41 * time.Second, " 9 s to disarm"}, {"triggered", 50 * time.Second, ""},
	} {
		s.at, s.public.State = midday.Add(c.after), c.state
		if m, _ = m.step(s); m.countdown() != c.want {
			t.Errorf("%s at %s: %q, want %q", c.state, c.after, m.countdown(), c.want)
		}
	}
}

func TestScrolling(t *testing.T) {
	s := calmSight()
	var bodies []string
	for n := range 40 {
		bodies = append(bodies, fmt.Sprintf("text %02d", n))
	}
	s.phones[0] = received(bodies...)
	m := screenOf(s)
	press := func(k string, times int) string {
		for range times {
			m, _ = m.step(demoKey(k))
		}
		return plain(m.lines())
	}
	if now := press("?", 0); !strings.Contains(now, "text 39") || strings.Contains(now, "text 00") {
		t.Errorf("the newest is not shown:\n%s", now)
	}
	if now := press("pgup", 20); !strings.Contains(now, "text 00") || strings.Contains(now, "text 39") || !strings.Contains(now, "PgDn: newer") {
		t.Errorf("the oldest is not reached:\n%s", now)
	}
	if now := press("down", 1); strings.Contains(now, "text 00") {
		t.Errorf("a line down does nothing:\n%s", now)
	}
	if now := press("pgdown", 20); !strings.Contains(now, "text 39") {
		t.Errorf("the newest is not reached again:\n%s", now)
	}
}

func TestTooSmall(t *testing.T) {
	m := screenOf(calmSight())
	for _, size := range []demoSize{{79, 24}, {80, 23}, {20, 10}, {1, 1}, {0, 0}} {
		m, _ = m.step(size)
		lines := m.lines()
		if len(lines) != size.height || strings.Contains(plain(lines), "IN THE HOUSE") {
			t.Errorf("%v:\n%s", size, plain(lines))
		}
		for _, l := range lines {
			if ansi.StringWidth(l) > size.width {
				t.Errorf("%v: too wide: %q", size, l)
			}
		}
		if size.width == 79 && !strings.Contains(plain(lines), "80 columns and 24 lines") {
			t.Errorf("it is not said what is needed:\n%s", plain(lines))
		}
	}
	if _, acts := m.step(demoKey("q")); len(acts) != 1 {
		t.Error("q does not leave")
	}
}

// anySight draws a world.
func anySight(t *rapid.T) demoSight {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("abc XYZ 012 .,é€漢👍")), 0, 200, -1)
	s := demoSight{at: midday, phones: make([]simulator.Phone, 3), siren: sirenHeard{rapid.SampledFrom([]string{"", "steady"}).Draw(t, "siren"), rapid.IntRange(0, 5).Draw(t, "chirps")},
		things: demoThings{open: rapid.Bool().Draw(t, "open"), noModem: rapid.Bool().Draw(t, "modem"), deaf: rapid.Bool().Draw(t, "radio"),
			jammed: rapid.Bool().Draw(t, "jammed"), dark: rapid.Bool().Draw(t, "dark")}}
	s.public = panel.Outward{State: rapid.SampledFrom([]string{"disarmed", "arming", "armed_home", "armed_away", "pending", "triggered"}).Draw(t, "state"),
		Mode: rapid.SampledFrom([]zones.Mode{zones.Away, zones.Home}).Draw(t, "mode"), Site: text.Draw(t, "site"), Network: text.Draw(t, "network")}
	for range rapid.IntRange(0, 9).Draw(t, "troubles") {
		s.public.Troubles = append(s.public.Troubles, panel.OutwardTrouble{Text: text.Draw(t, "trouble")})
		s.public.Zones = append(s.public.Zones, panel.OutwardZone{Name: text.Draw(t, "zone"), Open: true, Bypassed: true})
		s.public.Incidents = append(s.public.Incidents, panel.OutwardIncident{Kind: alert.Burglary, What: text.Draw(t, "what"), Told: []string{"Ben"}})
		s.log = append(s.log, panel.Entry{Text: text.Draw(t, "entry")})
		s.messages = append(s.messages, text.Draw(t, "message"))
	}
	for n := range s.phones {
		s.phones[n] = received(rapid.SliceOfN(text, 0, 5).Draw(t, "texts")...)
		s.phones[n].Calls = rung(rapid.SampledFrom([]string{"ringing", "answered", "ended", "busy"}).Draw(t, "call")).Calls
		anyCall(t, &s.phones[n].Calls[0])
	}
	return s
}

// anyCall makes a call one to the panel or by it, and draws what was pressed and
// heard in it.
func anyCall(t *rapid.T, c *simulator.CallRecord) {
	c.Incoming = rapid.Bool().Draw(t, "incoming")
	c.Digits = rapid.SampledFrom([]string{"", "1", "17", "482913#3"}).Draw(t, "digits")
	c.Tones = rapid.SampledFrom([]string{"", "59595", "AD", "DADADADA", "A"}).Draw(t, "tones")
	c.Mic = []simulator.MicChange{{Time: midday, Open: rapid.Bool().Draw(t, "microphone")}}
	if rapid.Bool().Draw(t, "answered") {
		c.Answered = midday
	}
	if rapid.Bool().Draw(t, "over") {
		c.Ended = midday
	}
}

// Whatever there is to show, no line is too long and there is none too many, the
// two halves stay apart, and the keys stand at the bottom.
func TestTheScreenFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := demoScreen{people: livePeople(), radio: rapid.SampledFrom([]string{pipe{}.says(), madeAir{}.says()}).Draw(t, "hears"), local: time.UTC}
		m.width, m.height = rapid.IntRange(leastWidth, 200).Draw(t, "width"), rapid.IntRange(leastHeight, 70).Draw(t, "height")
		m, _ = m.step(anySight(t))
		for range rapid.IntRange(0, 12).Draw(t, "keys") {
			k := rapid.SampledFrom([]string{"tab", "t", "k", "4", "漢", "space", "?", "pgup", "pgdown", "up", "esc", "p", "z"}).Draw(t, "key")
			m, _ = m.step(demoKey(k))
		}
		lines := m.lines()
		if len(lines) != m.height {
			t.Fatalf("%d lines of %d:\n%s", len(lines), m.height, plain(lines))
		}
		for _, l := range lines {
			if ansi.StringWidth(l) > m.width {
				t.Fatalf("wider than %d: %q", m.width, l)
			}
		}
		if x, y, ok := m.cursor(); ok && (x >= m.width || y >= m.height) {
			t.Fatalf("the cursor is at %d, %d of %d, %d", x, y, m.width, m.height)
		}
		if m.help {
			return
		}
		house, _ := m.columns()
		for _, l := range lines[:m.height-below] {
			if cut := ansi.Strip(ansi.Cut(l, house, house+1)); cut != "│" {
				t.Fatalf("%q stands where the halves part:\n%s", cut, plain(lines))
			}
		}
	})
}

// What only the contacts know stands on the right only.
func TestTheHouseShowsNothingSealed(t *testing.T) {
	s := calmSight()
	for n := 1; n < 3; n++ {
		s.phones[n] = received("DURESS Anna forced to disarm 12:01", "PANIC Anna silent alarm")
	}
	for _, width := range []int{80, 140} {
		m := screenOf(s)
		m, _ = m.step(demoSize{width, 30})
		house, _ := m.columns()
		for _, l := range m.upper() {
			if left := ansi.Strip(ansi.Cut(l, 0, house)); strings.Contains(left, "DURESS") || strings.Contains(left, "PANIC") {
				t.Errorf("in the house stands %q", left)
			}
		}
		if right := plain(m.upper()); strings.Count(right, "DURESS Anna") != 2 {
			t.Errorf("the friends' phones do not show it:\n%s", right)
		}
	}
}

// What is said of keys and phones is read whole on the smallest screen.
func TestRemarksFit(t *testing.T) {
	talks := calmSight()
	talks.phones[0], talks.things.open = rung("answered"), true
	for _, s := range []demoSight{calmSight(), talks} {
		for _, keys := range []string{"", "k", "k482913", "<tab>", "<tab><tab>", "z", "p", "t", "<tab>482913 ARM<enter>", "<tab><tab>1<enter>"} {
			m := screenOf(s)
			for _, k := range keysOf(keys) {
				m, _ = m.step(demoKey(k))
			}
			if now := plain(m.lines()); strings.Contains(now, "…") {
				t.Errorf("after %q something is cut:\n%s", keys, now)
			}
		}
	}
}

// Every hint is read whole on the smallest screen.
func TestHintsFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := screenOf(anySight(t))
		if lines := m.hintLines(); len(lines) > 2 {
			t.Fatalf("too long: %q", lines)
		}
	})
	hidden := calmSight()
	hidden.phones[1] = received("DURESS Anna forced")
	half := calmSight()
	half.phones[2] = received("DURESS Anna forced", "You have it. When police", "Ben says it is over.")
	rings := calmSight()
	rings.phones[2] = received("DURESS Anna forced")
	rings.phones[2].Calls = rung("ringing").Calls
	for _, s := range []demoSight{calmSight(), hidden, half, rings} {
		if lines := screenOf(s).hintLines(); len(lines) > 2 {
			t.Errorf("too long: %q", lines)
		}
	}
}

func TestHelpIsReadWhole(t *testing.T) {
	m := screenOf(calmSight())
	m, _ = m.step(demoKey("?"))
	var read []string
	for range 20 {
		read = append(read, plain(m.lines()))
		m, _ = m.step(demoKey("space"))
	}
	all := strings.Join(read, "\n")
	for _, want := range []string{demoCode, demoDuress, "Ctrl-C   leave", "STANDARD ERROR"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not on the help pages", want)
		}
	}
	if strings.Contains(all, "…") {
		t.Errorf("something is cut:\n%s", all)
	}
}
