package panel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// imagine makes up a household's evening around a command of Anna's.
func imagine(r *rand.Rand) plot {
	p := plot{phones: imaginePhones(r), config: withButtons["disarm"]}
	first, buttons := p.imagineForced(r)
	if r.IntN(4) == 0 {
		p.edit(Set{"any-number", "true"})
	}
	if r.IntN(10) == 0 { // where it is day
		zone := "America/New_York"
		p.edit(SetSite{Zone: &zone})
		p.signOfLife = time.Second + someTime(r) + someTime(r)
	}
	if r.IntN(8) == 0 {
		p.ownPhone("Ben")
	}
	if r.IntN(6) == 0 {
		return imagineDrill(r, p, first, buttons)
	}
	if buttons && r.IntN(3) == 0 {
		p.edit(Set{"fob-disarm", []string{FobNever, FobAlways}[r.IntN(2)]})
	}
	if r.IntN(4) == 0 { // a window that may stand open, and be in the way of arming
		p.edit(AddZone{Zone: zones.Zone{Name: "Window", Type: zones.Perimeter, Sensor: window, Close: windowClosed}})
		p.acts = append(p.acts, tripOf(0, []string{window, windowClosed}[r.IntN(2)]))
	}
	if r.IntN(4) == 0 { // a door indoors that is left out if it is open at the end of the exit delay
		p.edit(AddZone{Zone: zones.Zone{Name: "Study", Type: zones.Interior, Sensor: study, Close: studyClosed}})
		p.acts = append(p.acts, tripOf(0, study))
	}
	verbs := armingVerbs
	if r.IntN(5) == 0 { // the siren by text, and no burglary besides: that has the line to itself
		verbs = audibleVerbs
	} else {
		p.acts = append(p.acts, prelude(r)...)
	}
	if r.IntN(4) == 0 {
		p.acts = append(p.acts, accident(r, alert.Transient, alert.Unknown))
	}
	if r.IntN(6) == 0 {
		p.acts = append(p.acts, locking(r))
	}
	p.acts = append(p.acts, first(r, verbs))
	for range r.IntN(5) {
		p.acts = append(p.acts, anything(r, verbs, p.word))
	}
	if r.IntN(6) == 0 { // a zone that is soon left out, and two that must agree
		p.edit(Set{"swinger-trips", "1"})
		if partner := "Lounge"; r.IntN(2) == 0 {
			p.edit(EditZone{Zone: "Kitchen", Cross: &partner})
		}
	}
	return p
}

// imagineDrill is an evening with a drill that Anna's code begins, or runs in, or
// that Tom begins later.
func imagineDrill(r *rand.Rand, p plot, first func(*rand.Rand, []string) act, buttons bool) plot {
	drill := texts(someTime(r), []string{anna, tom}[r.IntN(2)], masterCode+" TEST")
	if r.IntN(3) == 0 {
		drill = tripOf(someTime(r), spareTest)
	}
	switch n := r.IntN(4); {
	case n == 0:
		p.acts = append(p.acts, first(r, quietVerbs), drill)
	case n == 1 || buttons:
		p.acts = append(p.acts, drill, first(r, quietVerbs))
	default:
		p.acts = append(p.acts, first(r, []string{"TEST"}))
	}
	for range r.IntN(6) {
		a := drillAnswer(r)
		switch r.IntN(4) {
		case 0:
			a = anything(r, quietVerbs, p.word)
		case 1:
			a = reaction(r)
		}
		p.acts = append(p.acts, a)
	}
	return p
}

// edit changes the houses of both runs.
func (p *plot) edit(e Edit) {
	p.config = must(p.config.Apply(e))
	if p.other != nil {
		other := must(p.other.Apply(e))
		p.other = &other
	}
}

// ownPhone makes a contact a second phone of Anna's, in the houses of both runs.
func (p *plot) ownPhone(contact string) {
	for _, c := range []*Config{&p.config, p.other} {
		if c == nil {
			continue
		}
		c.Duress.Persons = slices.Clone(c.Duress.Persons)
		for n := range c.Duress.Persons {
			if who := &c.Duress.Persons[n]; who.Name == "Anna" {
				who.Contacts = append(slices.Clone(who.Contacts), contact)
			}
		}
	}
}

// buttons of Anna's that are pressed in the evenings.
const redDisarm, bedside = "ev1527:0000D2", "ev1527:0000D1"

// withButtons is the household with a fob that disarms, by what it hides, and a
// panic button; withWord the one that is deaf to Anna's word.
var (
	withButtons = map[string]Config{}
	withWord    = buttonsIn(deaf, "disarm")
)

func init() {
	for _, action := range []string{"disarm", "duress-disarm", "single=disarm,hold=duress-disarm"} {
		withButtons[action] = buttonsIn(template, action)
	}
}

func buttonsIn(c Config, action string) Config {
	for _, r := range []radio.Remote{
		{Name: "Red fob", Contact: "Anna", Buttons: []radio.Button{{ID: redDisarm, Action: action}}},
		{Name: "Bed", Contact: "Anna", Buttons: []radio.Button{{ID: bedside, Action: "panic"}}},
	} {
		c = must(c.Apply(AddRemote{Remote: r}))
	}
	return c
}

// imagineForced makes up by what Anna is forced first, and lays the houses of the two
// runs out for it. buttons tells whether it is by one.
func (p *plot) imagineForced(r *rand.Rand) (first func(*rand.Rand, []string) act, buttons bool) {
	plain := p.config
	switch r.IntN(22) {
	case 0, 1, 2, 3, 4, 5:
		other := withWord
		p.other, p.word = &other, true
	case 6, 7, 8:
		return func(r *rand.Rand, _ []string) act { return atKeypad(r, true) }, false
	case 9, 10:
		p.config, p.other = withButtons["duress-disarm"], &plain
		return fobPress, true
	case 11, 12:
		p.config, p.other = withButtons["single=disarm,hold=duress-disarm"], &plain
		return fobPress, true
	case 13:
		return silentPress, true
	case 14, 15, 16, 17: // by a call, once callers are let in
		p.edit(Set{"call-keypad", "true"})
		return keyedIn20, false
	}
	return func(r *rand.Rand, verbs []string) act { return command(r, verbs, p.word, true) }, false
}

// fobPress is a button of Anna's that disarms, held as one does under threat.
func fobPress(r *rand.Rand, _ []string) act {
	long := time.Duration(2100+r.IntN(2000)) * time.Millisecond
	return act{wait: time.Second + someTime(r), press: "button", forced: true, opens: true, says: fmt.Sprintf("Anna holds her fob's button for %v", long),
		lead: func(h *house) { h.begins(redDisarm) }, do: func(h *house, _ string) { h.goesOn(redDisarm, long) }}
}

const moment = 300 * time.Millisecond

// silentPress is a silent alarm in one run, and a single press in the other.
func silentPress(r *rand.Rand, _ []string) act {
	return act{wait: time.Second + someTime(r), press: "silent press", forced: true, opens: true, says: "Anna presses the button at her bed twice, or once",
		lead: nearlyTwice, do: func(h *house, annas string) {
			if annas == annaDuress {
				h.goesOn(bedside, moment)
			} else {
				h.wait(moment - 2*frameTime)
			}
		}}
}

// nearlyTwice is a press of the button at the bed, and a second one up to where it counts.
func nearlyTwice(h *house) {
	h.presses(bedside, moment)
	h.wait(400 * time.Millisecond)
	h.begins(bedside)
}

// panicPress is the button at the bed, pressed twice, by accident, or held, which
// sounds the siren.
func panicPress(r *rand.Rand, verbs []string) act {
	a := act{wait: someTime(r), silent: true, says: "the button at the bed, twice", lead: nearlyTwice, do: func(h *house, _ string) { h.goesOn(bedside, moment) }}
	switch n := r.IntN(4); {
	case n == 0:
		return act{wait: a.wait, silent: true, says: "the button at the bed, once", do: func(h *house, _ string) { h.presses(bedside, moment) }}
	case n == 1 && slices.Contains(verbs, "PANIC"):
		return act{wait: a.wait, says: "the button at the bed, held", do: func(h *house, _ string) { h.presses(bedside, 2400*time.Millisecond) }}
	}
	return a
}

func imaginePhones(r *rand.Rand) phones {
	p := quietPhones()
	p.send = time.Duration(2+r.IntN(7)) * time.Second
	for _, number := range []string{anna, tom, ben, cleo, dora} {
		if r.IntN(3) == 0 {
			p.answer[number] = time.Duration(1+r.IntN(20)) * time.Second
			p.press[number] = []string{"", "", "5", "1", "17"}[r.IntN(5)]
		}
		if r.IntN(2) == 0 {
			p.report[number] = time.Duration(1+r.IntN(60)) * time.Second
		}
	}
	return p
}

func someTime(r *rand.Rand) time.Duration {
	most := []time.Duration{time.Second, 10 * time.Second, 90 * time.Second, 5 * time.Minute}[r.IntN(4)]
	return time.Duration(r.Int64N(int64(most))).Truncate(time.Millisecond)
}

func tripOf(wait time.Duration, id string) act {
	return act{wait: wait, says: "a sensor: " + id, do: func(h *house, _ string) { h.trip(id) }}
}

func texts(wait time.Duration, from, body string) act {
	return act{wait: wait, says: fmt.Sprintf("%s texts %q", names[from], body), do: func(h *house, _ string) { h.text(from, body) }}
}

// prelude brings the house to where the command finds it: disarmed, leaving,
// armed, coming in, in the abort window, or with a burglary being told.
func prelude(r *rand.Rand) []act {
	arm := texts(0, anna, annaCode+" "+[]string{"ARM", "HOME", "NIGHT", "ARM FORCE"}[r.IntN(4)])
	away := texts(0, anna, annaCode+" ARM")
	switch r.IntN(7) {
	case 0:
		return nil
	case 1:
		return []act{arm}
	case 2:
		return []act{arm, texts(70*time.Second, tom, masterCode+" STATUS")}
	case 3:
		return []act{away, tripOf(100*time.Second, hall)}
	case 4:
		return []act{away, tripOf(200*time.Second, kitchen)}
	case 5:
		return []act{away, tripOf(200*time.Second, kitchen), tripOf(10*time.Second, lounge), tripOf(20*time.Second+someTime(r), hall)}
	}
	return []act{away, tripOf(200*time.Second, kitchen), {wait: 30 * time.Second, says: "time passes", do: func(*house, string) {}}}
}

// locking is so many wrong codes from a phone that it may be locked.
func locking(r *rand.Rand) act {
	from, tries := []string{anna, tom}[r.IntN(2)], 4+r.IntN(3)
	return act{wait: someTime(r), says: fmt.Sprintf("%s texts %d wrong codes", names[from], tries), do: func(h *house, _ string) {
		for n := range tries {
			h.text(from, fmt.Sprintf("11%03d2 DISARM", n))
			h.wait(5 * time.Second)
		}
	}}
}

var (
	quietVerbs   = []string{"STATUS", "BYPASS 2", "UNBYPASS 2", "LOG", "LOG 9", "CONTACTS", "BALANCE", "HELP", "SILENT", "nonsense"}
	armingVerbs  = append([]string{"DISARM", "DISARM", "DISARM", "DISARM", "DISARM", "ARM", "HOME", "NIGHT", "ARM FORCE", "TEST", "TEST", "TEST"}, quietVerbs...)
	audibleVerbs = append([]string{"DISARM", "PANIC", "PANIC"}, quietVerbs...)
)

// command is one of Anna's, by some phone; forced says which code it may be, or
// with a word that it has hers.
func command(r *rand.Rand, verbs []string, word, forced bool) act {
	verb, form := verbs[r.IntN(len(verbs))], "%s %s"
	if word && forced {
		form = []string{"%s %s tulip", "%s %s now Tulip", "%s %s, TULIP!", "%s tulip %s", "%[2]s tulip %[1]s", "tulip %s %s"}[max(0, r.IntN(10)-4)]
	} else if r.IntN(12) == 0 {
		form = "hi, %s %s"
	}
	from := []string{anna, anna, anna, anna, anna, anna, tom, stranger, ben}[r.IntN(9)]
	a := act{wait: time.Second + someTime(r), says: fmt.Sprintf("%s texts %q", names[from], fmt.Sprintf(form, "Anna's code", verb)), from: from, forced: forced}
	old := []time.Duration{0, 0, 0, 0, 0, 0, 20 * time.Minute, 30 * time.Hour}[r.IntN(8)]
	a.opens = old < forgotten
	parts := 1
	if r.IntN(10) == 0 {
		parts = 2
	}
	a.do = func(h *house, annas string) {
		if !forced {
			annas = annaCode
		}
		h.receive(Text{From: from, Body: fmt.Sprintf(form, annas, verb), Parts: parts, Stamp: h.now.Wall.Add(-old)})
	}
	return a
}

// atKeypad is a command of Anna's at the keypad, at times after ten wrong codes.
func atKeypad(r *rand.Rand, forced bool) act {
	key := []string{"E", "E", "E", "*", "/"}[r.IntN(5)]
	wrong := []int{0, 0, 0, 0, 1, 10}[r.IntN(6)]
	again := r.IntN(3) == 0 // within 15 s, which forces
	a := act{wait: time.Second + someTime(r), says: fmt.Sprintf("Anna's code and %s at the keypad, after %d wrong ones, again: %v", key, wrong, again),
		from: ByKeypad, forced: forced, opens: true}
	a.do = func(h *house, annas string) {
		if !forced {
			annas = annaCode
		}
		for range wrong {
			h.types("111111" + key)
		}
		h.types(annas + key)
		if again {
			h.wait(5 * time.Second)
			h.types(annaCode + key)
		}
	}
	return a
}

// keyedIn20 is a forced command of Anna's by a call, after what came before it has
// been quiet for so long that callers are let in.
func keyedIn20(r *rand.Rand, verbs []string) act {
	from := []string{anna, anna, anna, tom}[r.IntN(4)]
	tails := []string{"#3", "#3", "#0", "#9", "#"}
	if !slices.Contains(verbs, "PANIC") {
		tails = append(tails, "#1", "#2", "#4", "#3")
	}
	tail := tails[r.IntN(len(tails))]
	return keys(20*time.Minute+time.Second+someTime(r), from, tail, true)
}

// keys is a call to the panel in which Anna's code is keyed with a tail, or with
// none nothing. Whoever rings once the panel may be telling somebody, and callers
// are let in again, can notice that: this is known, and left out.
func keys(wait time.Duration, from, tail string, forced bool) act {
	a := act{wait: wait, says: fmt.Sprintf("%s rings the panel and keys Anna's code %q", names[from], tail), from: from, forced: forced && tail != "", opens: true}
	if tail == "" {
		a.from = ""
	}
	a.before = func(h *house, annas string) bool {
		if !forced {
			annas = annaCode
		}
		typed := annas + tail
		if tail == "" {
			typed = ""
		}
		if h.onlySealed && h.s.callsTaken(h.c) {
			return false
		}
		h.rings(from, typed, tail == "#")
		if !h.s.Sealed.Line.In || typed == "" {
			return false
		}
		h.wait(h.judgedIn() - time.Millisecond)
		return true
	}
	a.do = func(h *house, _ string) { h.wait(time.Millisecond) }
	return a
}

// judgedIn is when the next code that was keyed comes to the panel.
func (h *house) judgedIn() time.Duration {
	for _, e := range h.late {
		if in, told := e.event.(Told); told && in.Channel == ByCall {
			return time.Duration(e.at-h.now.Tick) * time.Millisecond
		}
	}
	return time.Millisecond
}

func anything(r *rand.Rand, verbs []string, word bool) act {
	switch r.IntN(29) {
	case 20:
		return atKeypad(r, !word)
	case 21:
		return atKeypad(r, !word && r.IntN(2) == 0)
	case 22:
		return panicPress(r, verbs)
	case 23:
		return act{wait: someTime(r), silent: true, says: "Anna presses her fob's button", do: func(h *house, _ string) { h.presses(redDisarm, 200*time.Millisecond) }}
	case 24:
		return texts(someTime(r), []string{anna, tom}[r.IntN(2)], masterCode+" TEST")
	case 25, 26:
		return drillAnswer(r)
	case 27:
		return keys(someTime(r), []string{anna, tom, ben, stranger}[r.IntN(4)], "", false)
	case 28:
		return keys(someTime(r), []string{anna, tom}[r.IntN(2)], []string{"#0", "#3"}[r.IntN(2)], !word && r.IntN(2) == 0)
	case 16:
		return tripOf(someTime(r), hallBattery)
	case 17, 18:
		return receiverAct(r)
	case 19: // a burglary that is disarmed while its texts go out
		id := []string{hall, kitchen, lounge, cellar}[r.IntN(4)]
		pause := time.Duration(r.Int64N(int64(20 * time.Second)))
		return act{wait: someTime(r), says: fmt.Sprintf("a sensor: %s, and a fob %v later", id, pause), do: func(h *house, _ string) {
			h.trip(id)
			h.wait(pause.Truncate(time.Millisecond))
			h.trip(fobDisarm)
		}}
	case 12, 13:
		return reaction(r)
	case 14, 15:
		buttons := []string{fobDisarm, fobDisarm, fobStatus, spareDisarm, fobArm, spareArm}
		if slices.Contains(verbs, "PANIC") {
			buttons = buttons[:4]
		}
		return tripOf(someTime(r), buttons[r.IntN(len(buttons))])
	case 0, 1, 2:
		return command(r, verbs, word, true)
	case 3:
		return command(r, verbs, word, false)
	case 4, 5:
		ids := []string{hall, kitchen, lounge, hallClosed, windowClosed, window, cellar}
		if slices.Contains(verbs, "PANIC") {
			ids = ids[:6]
		}
		return tripOf(someTime(r), ids[r.IntN(len(ids))])
	case 6:
		return texts(someTime(r), []string{anna, tom, stranger}[r.IntN(3)], []string{"111111 DISARM", "hello", "OK 1234", "264079 STATUS", "264079 LOG", masterCode + " DISARM"}[r.IntN(6)])
	case 7:
		return accident(r, alert.Transient, alert.Unknown)
	case 8:
		return change(r)
	case 9:
		return act{wait: someTime(r), trait: "edit or restart", says: "the daemon starts anew", do: func(h *house, _ string) { h.restart() }}
	case 10:
		return act{wait: someTime(r), says: "at the board", do: func(h *house, _ string) { h.atBoard(masterCode, VerbStatus) }}
	}
	return act{wait: someTime(r), says: "quiet", do: func(h *house, _ string) { h.do(Knock{}) }}
}

// receiverAct is a receiver that is lost, or jammed, or codes that are tried out by
// radio while the network is jammed and the SIM card fills, or the end of it.
func receiverAct(r *rand.Rand) act {
	e := Fault{Name: []TroubleName{RadioTrouble, RadioTrouble, JamTrouble, ScanTrouble}[r.IntN(4)], On: r.IntN(2) == 0, Why: "at the receiver"}
	if e.Name != ScanTrouble {
		e.Unit, e.Of = 1+r.IntN(2), 2
	}
	return act{wait: someTime(r), says: fmt.Sprintf("%s %d: %v", e.Name, e.Unit, e.On), do: func(h *house, _ string) {
		h.do(e)
		if e.Name == ScanTrouble { // and what the modem says of itself
			h.do(Condition{Filling: e.On, Jammed: e.On})
		}
	}}
}

// reaction is what somebody does who was told of a duress; of an ordinary command
// nobody was. Whatever it is, the place must not notice.
func reaction(r *rand.Rand) act {
	number := []string{ben, cleo, dora}[r.IntN(3)]
	word := []string{"OK", "OK", "CLOSE", "YES"}[r.IntN(4)]
	return act{wait: someTime(r), says: fmt.Sprintf("%s, if told of a duress, texts %s", names[number], word), do: func(h *house, _ string) {
		for _, body := range h.texts[number] {
			if _, after, ok := strings.Cut(body, word+" "); ok && strings.Contains(body, "Anna") && !strings.Contains(body, "PANIC") &&
				(strings.HasPrefix(body, "DURESS") || word != "OK" && strings.Contains(body, "SEEN")) {
				h.text(number, word+" "+after[:4])
				return
			}
		}
	}}
}

// drillAnswer is what somebody texts who was told of a drill, or of something else
// in its place: the same in both runs.
func drillAnswer(r *rand.Rand) act {
	number := []string{anna, tom, ben, cleo, dora}[r.IntN(5)]
	bare := r.IntN(4) == 0
	return act{wait: someTime(r), says: fmt.Sprintf("%s answers a drill, bare: %v", names[number], bare), do: func(h *house, _ string) {
		for _, i := range h.s.Book.Incidents {
			told := func(body string) bool { return strings.Contains(body, "OK "+i.Token) }
			switch {
			case i.Kind != alert.Test || !slices.ContainsFunc(h.texts[number], told):
			case bare:
				h.text(number, "OK")
			default:
				h.text(number, "OK "+i.Token)
			}
		}
	}}
}

// accident is a fault of the modem or of the network.
func accident(r *rand.Rand, results ...alert.Result) act {
	wait := someTime(r)
	switch r.IntN(4) {
	case 0:
		return act{wait: wait, trait: "modem fault", says: "the modem fails", do: func(h *house, _ string) { h.do(LineDown{Epoch: 1, Why: "no answer"}) }}
	case 1:
		return act{wait: wait, trait: "modem fault", says: "the modem comes back", do: func(h *house, _ string) { h.do(LineUp{Epoch: 2}) }}
	}
	number := []string{anna, tom, ben, cleo, eve}[r.IntN(5)]
	if r.IntN(3) == 0 {
		number = "sealed " + []string{ben, cleo, dora}[r.IntN(3)]
		results = append(results, alert.Permanent)
	}
	result := results[r.IntN(len(results))]
	if times := 2 + r.IntN(8); r.IntN(3) == 0 {
		number = []string{anna, tom}[r.IntN(2)]
		return act{wait: wait, trait: "modem fault", says: fmt.Sprintf("replies to %s are refused %d times", names[number], times), do: func(h *house, _ string) {
			h.refusesReplies(number, times)
		}}
	}
	return act{wait: wait, trait: "modem fault", says: fmt.Sprintf("a text to %s is %s", names[number], result), do: func(h *house, _ string) {
		h.refuses(number, result)
	}}
}

// oldTemplate is a backup from before some of the household came.
var oldTemplate = must(must(template.Apply(RemoveContact{"Cleo"})).Apply(RemoveZone{"Lounge"}))

func change(r *rand.Rand) act {
	if r.IntN(4) == 0 { // whoever may administer the panel needs no code to take it over
		do, name := "remove", []string{"Anna", "Anna", "Tom", "Carer"}[r.IntN(4)]
		if r.IntN(3) == 0 {
			do, name = "add", "Mallory"
		}
		return act{wait: someTime(r), trait: "edit or restart", says: "at the board: code " + do + " " + name, do: func(h *house, _ string) {
			_ = h.codes(do, name) // where it was done before, nothing is
		}}
	}
	edits := []Edit{RemoveContact{"Ben"}, RemoveContact{"Cleo"}, RemoveContact{"Eve"}, Set{"entry-delay", "60"}, Set{"report-default", "all"},
		AddContact{Contact: alert.Contact{Name: "Fay", Number: "+447700900007", OffSite: true}, Quiet: true}, RemoveZone{"Kitchen"},
		Restore{oldTemplate, true}, Restore{oldTemplate, false},
		SetWords{"taken = {by} kümmert sich: {title}.\ncancel = ENTWARNUNG von {by} {clock}: {title}"}}
	e := edits[r.IntN(len(edits))]
	return act{wait: someTime(r), trait: "edit or restart", says: e.says(), do: func(h *house, _ string) { h.edit(e) }}
}
