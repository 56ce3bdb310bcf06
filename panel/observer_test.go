package panel

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
)

// The observer sits in the house with every phone that is there, reads LOG and
// STATUS, the socket and the open part of the database, and knows to the
// millisecond when what came. A household's evening is run twice, with Anna's
// code and with her duress code in its place; or with the very same texts in a
// house where their last word is her duress word and in one where another is; or
// with a button of hers that disarms and one that does so under threat; or with a
// silent press and with none. The observer must not be able to tell which it was.

// act is one thing that happens in a household.
type act struct {
	wait   time.Duration // before it
	says   string        // for the failure's report
	from   string        // of Anna's commands: a number, or the keypad
	forced bool          // Anna's code or button, ordinary or not
	lead   func(*house)  // up to where a press counts; nil for none
	silent bool          // it calls in silence, or may
	press  string        // instead of a code: "button" or "silent press"
	opens  bool          // not too old to open anything
	trait  string        // "modem fault" or "edit or restart"
	do     func(h *house, annas string)
	// before, where there is one, brings it to 1 ms before its code is judged, and
	// tells whether it comes to that.
	before func(h *house, annas string) bool
}

// play is what an act does, all of it.
func (a act) play(h *house, annas string) {
	if a.lead != nil {
		a.lead(h)
	}
	if a.before == nil || a.before(h, annas) {
		a.do(h, annas)
	}
}

// plot is a household's story and the phones in it.
type plot struct {
	acts   []act
	phones phones
	config Config
	other  *Config // that of the ordinary run, where it is another by what nobody can see
	word   bool    // the texts are the same in both runs, and the word in them is Anna's in one

	signOfLife time.Duration // when the next is due, 0 for not that evening
	credit     int64         // of the account, in hundredths; 0 where nothing is charged
}

// house is a plot's house, and Anna's code in it.
func (p plot) house(annas string) (*house, string) {
	config := p.config
	if p.other != nil && annas == annaCode {
		config = *p.other
	}
	if p.word {
		annas = annaCode
	}
	h := houseOf(config)
	if p.signOfLife != 0 {
		h.s.SignOfLife = SignOfLife{At: h.now.Tick + (p.signOfLife - 6*24*time.Hour - 12*time.Hour).Milliseconds()}
	}
	h.phones = p.phones.clone()
	if p.credit != 0 {
		h.deposit(p.credit)
	}
	return h, annas
}

// watched is a run of a plot as the observer could note it.
type watched struct {
	*house
	word     bool            // the texts are the same in both runs
	first    int64           // tick of the first forced command
	settled  int64           // when the place had all that the first forced command sends it
	eligible map[string]bool // numbers that are told of a duress, as section 1 says
	opened   map[string]bool // those of the first forced command
	opens    bool            // it is young enough to open an incident
	calling  bool            // a call was in progress then
	keyed    bool            // it was keyed in a call

	disturbed bool // the modem or the network fails in it
	heldUp    bool // for so long that the place does not get all before the first duress text
	faces     []look
	faults    []int64 // when the line was lost
}

type look struct {
	at      int64
	shown   Outward
	kept    [2]string // the second without who was told of what and reported it
	config  string    // as it is stored in the open
	resting bool      // no open text or call waits or runs, and no report of one
}

// plotRest is how long the house is watched after the last thing that happens;
// not just to the end of an alarm's texts, which may be late by one in flight.
const plotRest = 20*time.Minute + 47*time.Second

// runPlot plays an evening with that code of Anna's.
func runPlot(p plot, annas string) *watched { return spoiltPlot(p, annas, nil) }

// spoiltPlot runs an evening in which spoil may change the state after each step.
func spoiltPlot(p plot, annas string, spoil func(*watched, Event)) *watched {
	h, code := p.house(annas)
	w := &watched{house: h, word: p.word, disturbed: p.disturbed(), eligible: map[string]bool{}}
	w.after = func(e Event, _ Result) {
		switch e.(type) {
		case LineDown, LineUp, Booted:
			w.faults = append(w.faults, w.now.Tick)
		}
		if w.now.Tick < w.first {
			return
		}
		held := p.disturbed() && w.now.Tick >= w.first+20_000 // a failed send holds it up no longer
		if w.first != 0 && w.settled == 0 && (held || !w.placeWaits()) {
			w.settled, w.heldUp = w.now.Tick, w.placeWaits()
			if held {
				w.settled = w.first + 20_000
			}
		}
		if spoil != nil && w.first != 0 {
			spoil(w, e)
		}
	}
	for _, a := range p.acts {
		w.wait(a.wait)
		if a.lead != nil {
			a.lead(w.house)
		}
		judged := w.now.Tick
		if a.before != nil {
			if !a.before(w.house, code) {
				w.takeLook()
				continue
			}
			judged = w.now.Tick + 1
		}
		if a.forced && w.first == 0 {
			w.first = judged
			w.takeOnlySealed()
			w.calling, w.keyed = w.last.Call, a.before != nil
			w.opened, w.opens = eligibleNow(w.house, a.from), a.opens
		}
		if a.from != "" || a.forced || a.silent {
			maps.Copy(w.eligible, eligibleNow(w.house, a.from))
		}
		a.do(w.house, code)
		w.takeLook()
	}
	w.wait(plotRest)
	w.takeLook()
	return w
}

// takeOnlySealed: from now on nobody takes an alarm that anybody may see.
func (h *house) takeOnlySealed() {
	h.onlySealed = true
	h.late = slices.DeleteFunc(h.late, func(e scheduled) bool { k, pressed := e.event.(Key); return pressed && k.Key == '1' })
}

// placeWaits tells whether a text to a phone that is not eligible, of the first
// forced command or an alarm's from before, is queued or under way; so is a call
// to the panel. What waits for the end of a call hangs on that.
func (w *watched) placeWaits() bool {
	if w.s.Sealed.Line.In {
		return true
	}
	return slices.ContainsFunc(w.s.Book.Jobs, func(j alert.Job) bool {
		before := j.Queued < w.first && j.Rank <= alert.RankAlarm
		return !j.Call && !j.Kept && !w.eligible[j.To] && (before || j.Queued == w.first)
	})
}

func (w *watched) takeLook() {
	w.do(Knock{}) // the tick of the last step is stored too
	kept := [2]string{0: string(must(json.Marshal(w.s.Open)))}
	bare := w.s.clone()
	for n := range bare.Book.Incidents {
		for k := range bare.Book.Incidents[n].Recipients {
			r := &bare.Book.Incidents[n].Recipients[k]
			r.Told, r.Maybe, r.Reached = false, false, false
		}
	}
	bare.Book.Reporters = nil
	kept[1] = string(must(json.Marshal(bare.Open)))
	w.faces = append(w.faces, look{w.now.Tick, *outward(w.c, w.s.Open, w.now), kept, w.configShown(), len(w.s.Book.Jobs) == 0 && !w.reportComes()})
}

// configShown is the configuration as it is stored in the open. That a word is a
// duress word lies in a slot of the codes, which look like chance.
func (w *watched) configShown() string {
	c := w.c
	if w.word {
		c.Duress.Slots = nil
	}
	return string(must(json.Marshal(c))) + string(must(json.Marshal(w.c.Public()))) // of which listings and exports are made
}

// reportComes tells whether a delivery report is on its way.
func (w *watched) reportComes() bool {
	return slices.ContainsFunc(w.late, func(e scheduled) bool { _, report := e.event.(Reported); return report })
}

// eligibleNow works out from the list and from what the phones got, as section 1
// has it, who would be told of a duress of Anna's from that number.
func eligibleNow(h *house, from string) map[string]bool {
	out := map[string]bool{}
	who, _ := h.c.Duress.Person("Anna")
	for _, c := range h.c.Alert.Contacts {
		switch {
		case c.Number == from, c.Number == anna, slices.Contains(who.Contacts, c.Name), c.AtSite, c.Control && !c.OffSite, c.NoCall && c.NoText:
		case c.Gets(alert.Life), toldOfBurglary(h, c.Number):
			out[c.Number] = true
		}
	}
	return out
}

func toldOfBurglary(h *house, number string) bool {
	opened := int64(0)
	for _, i := range h.s.Book.Incidents {
		if i.Kind == alert.Burglary && i.Open() {
			opened = i.Opened
		}
	}
	return opened != 0 && slices.ContainsFunc(h.seen, func(e happening) bool {
		reached := e.kind == "text" && strings.HasPrefix(e.what, "BURGLARY") && (e.result == alert.SentOK || e.result == alert.Unknown)
		return e.number == number && e.at >= opened && reached
	})
}

// atPlace is what the observer sees, in order.
func (w *watched) atPlace(eligible map[string]bool) []happening {
	var out []happening
	for _, e := range w.seen {
		if e.number == "" || !eligible[e.number] {
			out = append(out, e)
		}
	}
	return out
}

func (e happening) String() string {
	who := cmp.Or(names[e.number], e.number)
	return strings.TrimRight(fmt.Sprintf("%9.3f %-7s %-8s %s", float64(e.at)/1000, e.kind, who, e.what), " ")
}

func told(list []happening, from int64) string {
	var out []string
	for _, e := range list {
		if e.at >= from {
			out = append(out, e.String())
		}
	}
	return strings.Join(out, "\n")
}

// stories is how many evenings are run.
func stories() int {
	if n, err := strconv.Atoi(os.Getenv("GSMPANEL_STORIES")); err == nil {
		return n
	}
	if raceEnabled {
		return 200
	}
	return 350
}

// TestObserverTellsNothing runs GSMPANEL_STORIES evenings, or only the one of
// GSMPANEL_STORY.
func TestObserverTellsNothing(t *testing.T) {
	t.Parallel()
	first, last := 0, stories()
	if n, err := strconv.Atoi(os.Getenv("GSMPANEL_STORY")); err == nil {
		first, last = n, n+1
	}
	share := map[string]int{}
	for n := first; n < last; n++ {
		p := imaginedPlot(n)
		plain, forced := runPlot(p, annaCode), runPlot(p, annaDuress)
		why := compare(plain, forced)
		if why == "" {
			why = whoIsTold(p, forced)
		}
		if why != "" {
			t.Fatalf("story %d: %s\n%s\n=== ordinary\n%s\n=== duress\n%s", n, why, p, told(plain.seen, 0), told(forced.seen, 0))
		}
		for trait := range plain.traits(p) {
			share[trait]++
		}
		if p.credit != 0 && !plain.spends(forced) {
			share["balance"]++
		}
	}
	t.Logf("%d stories: %v", last-first, share)
	if last-first >= 100 && share["text held up"]*100 > 15*(last-first) {
		t.Errorf("%d of %d stories are not compared to their end", share["text held up"], last-first)
	}
	for trait, least := range map[string]int{"keyed in a call": 5, "place job after the duress": 30, "call in progress": 10, "modem fault": 10, "edit or restart": 10, "duress word": 20, "button": 15, "silent press": 2, "drill": 10, "balance": 6} {
		if last-first >= 100 && share[trait]*100 < least*(last-first) {
			t.Errorf("only %d of %d stories with a %s", share[trait], last-first, trait)
		}
	}
}

func imaginedPlot(n int) plot {
	p := imagine(rand.New(rand.NewPCG(uint64(n), 9)))
	if n%nightly == 0 {
		p.twoNights(n / nightly)
	}
	return p
}

// traits says what an evening has that makes it worth watching.
func (w *watched) traits(p plot) map[string]bool {
	out := map[string]bool{}
	if w.heldUp {
		out["text held up"] = true
	}
	if p.word {
		out["duress word"] = true
	}
	if w.calling {
		out["call in progress"] = true
	}
	if w.drilled() {
		out["drill"] = true
	}
	if w.keyed {
		out["keyed in a call"] = true
	}
	for _, a := range p.acts {
		for _, trait := range []string{a.trait, a.press} {
			if trait != "" {
				out[trait] = true
			}
		}
	}
	for _, e := range w.atPlace(w.eligible) {
		if e.kind == "text" && e.at > w.settled && w.settled != 0 {
			out["place job after the duress"] = true
		}
	}
	return out
}

// drilled tells whether a drill has texted anybody.
func (w *watched) drilled() bool {
	return slices.ContainsFunc(w.s.Book.Incidents, func(i alert.Incident) bool { return i.Kind == alert.Test && i.First != 0 })
}

// whoIsTold checks the other side of a duress: who is eligible gets the text, in
// the order of the list, then the calls; nobody else gets anything of it.
func whoIsTold(p plot, w *watched) string {
	first := map[string]int64{}
	var order []string
	for _, e := range w.seen {
		about := e.kind == "text" && (strings.Contains(e.what, "DURESS Anna") || strings.Contains(e.what, "PANIC Anna silent"))
		switch {
		case about && !w.eligible[e.number]:
			return "this is not for them: " + e.String()
		case about && first[e.number] == 0:
			first[e.number] = e.at
			order = append(order, e.number)
		case e.kind == "call" && e.sealed && first[e.number] == 0 && !p.disturbed():
			return "called before they were texted: " + e.String()
		}
	}
	if p.disturbed() || !w.opens {
		return ""
	}
	for number := range w.opened {
		if first[number] == 0 {
			return names[number] + " was not told"
		}
	}
	at := func(number string) int {
		return slices.IndexFunc(p.config.Alert.Contacts, func(c alert.Contact) bool { return c.Number == number })
	}
	order = slices.DeleteFunc(order, func(number string) bool { return !w.opened[number] })
	if w.drilled() { // what is left of a drill's texts has its own order
		return ""
	}
	if !slices.IsSortedFunc(order, func(a, b string) int { return cmp.Compare(at(a), at(b)) }) {
		return fmt.Sprintf("told in the order %v", order)
	}
	return ""
}

// disturbed tells whether the modem or the network fails in an evening.
func (p plot) disturbed() bool {
	return slices.ContainsFunc(p.acts, func(a act) bool { return a.trait != "" })
}

func (p plot) String() string {
	var out []string
	for _, a := range p.acts {
		out = append(out, fmt.Sprintf("%8s %s", "+"+a.wait.String(), a.says))
	}
	return strings.Join(out, "\n")
}
