package panel

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/zones"
)

// The household of the stories. Anna and Tom live there; Ben, Cleo and Dora do
// not. Eve only gets reports.
const (
	anna, tom, ben  = "+447700900001", "+447700900002", "+447700900003"
	cleo, dora, eve = "+447700900004", "+447700900005", "+447700900006"
	stranger        = "+447700900099"

	annaCode, annaDuress = "482913", "730586"
	tomCode, guestCode   = "915740", "264079"
	masterCode           = "573820"

	hall, kitchen, lounge, cellar = "ev1527:000001", "ev1527:000002", "ev1527:000003", "ev1527:000004"
	hallClosed                    = "ev1527:000011"
)

var (
	cheap    = duress.Cost{Time: 1, MemoryKiB: 8}
	testKey  = duress.Key{1, 2, 3}
	noon     = time.Date(2026, 11, 22, 21, 0, 0, 0, time.UTC)
	names    = map[string]string{anna: "Anna", tom: "Tom", ben: "Ben", cleo: "Cleo", dora: "Dora", eve: "Eve", stranger: "stranger"}
	template = household()
)

// chance is a seeded source of bytes.
type chance struct{ *rand.Rand }

func (c chance) Read(p []byte) (int, error) {
	for n := range p {
		p[n] = byte(c.Uint32())
	}
	return len(p), nil
}

func seeded(seed uint64) chance { return chance{rand.New(rand.NewPCG(seed, 1))} }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// household makes the configuration once; codes cost time to make.
func household() Config {
	random := seeded(7)
	c := DefaultConfig(must(duress.NewConfig(random, cheap)))
	name, address, zone := "Mill Lane", "12 Mill Lane", "Europe/London"
	for _, e := range []Edit{
		SetSite{Name: &name, Address: &address, Zone: &zone},
		AddContact{Contact: alert.Contact{Name: "Anna", Number: anna, Control: true}},
		AddContact{Contact: alert.Contact{Name: "Tom", Number: tom, Control: true}},
		AddContact{Contact: alert.Contact{Name: "Ben", Number: ben, OffSite: true, Classes: []alert.Class{alert.Life, alert.Alarm, alert.Report}}},
		AddContact{Contact: alert.Contact{Name: "Cleo", Number: cleo, OffSite: true}},
		AddContact{Contact: alert.Contact{Name: "Dora", Number: dora, OffSite: true, Classes: []alert.Class{alert.Alarm}}},
		AddContact{Contact: alert.Contact{Name: "Eve", Number: eve, OffSite: true, Classes: []alert.Class{alert.Report}}},
		AddZone{zones.Zone{Name: "Hall", Type: zones.Entry, Sensor: hall, Close: hallClosed}},
		AddZone{zones.Zone{Name: "Kitchen", Type: zones.Perimeter, Sensor: kitchen}},
		AddZone{zones.Zone{Name: "Lounge", Type: zones.Interior, Sensor: lounge}},
		AddZone{zones.Zone{Name: "Cellar", Type: zones.Always, Sensor: cellar}},
	} {
		c = must(c.Apply(e))
	}
	for _, r := range []CodeRequest{
		{Do: "add", Name: "Anna", Kind: duress.User, New: annaCode},
		{Do: "add", Name: "Anna", Kind: duress.Duress, Present: annaCode, New: annaDuress},
		{Do: "add", Name: "Tom", Kind: duress.Master, New: masterCode},
		{Do: "add", Name: "Carer", Kind: duress.Guest, New: guestCode},
	} {
		c = must(c.Apply(must(changeCodes(c, testKey, random, r, nil))))
	}
	return c
}

// house steps a panel in virtual time with a pretended network behind the line.
// What reaches the place and what reaches the rest are told apart: out is what a
// person in the house could read or hear, sealed the rest.
type house struct {
	c    Config
	s    State
	now  Now
	late []scheduled // events to come
	seq  int

	out    []string // at the place: journal, siren, texts and calls to phones not eligible
	away   []string // texts and calls to the others
	texts  map[string][]string
	calls  map[string]int
	answer map[string]time.Duration // phones that pick up, and after how long
	press  map[string]string        // digits they press
	refuse map[string][]alert.Result // results of the next texts to a number
	order  alert.Order
	siren  string
	cut    func(h *house) // called after each step, before the world hears of it
	steps  int
}

type scheduled struct {
	at    int64
	seq   int
	event Event
}

func newHouse() *house {
	h := &house{c: template, s: NewState(42), now: Now{Tick: 1, Wall: noon, Sure: true},
		texts: map[string][]string{}, calls: map[string]int{}, answer: map[string]time.Duration{}, press: map[string]string{}, refuse: map[string][]alert.Result{}}
	h.do(Booted{OffKnown: true})
	h.do(LineUp{Epoch: 1})
	h.do(Heard{Registered: true, Operator: "Vodafone", DBm: -71})
	h.out, h.away = nil, nil
	return h
}

// text is what a phone sends to the panel, through the real door.
func (h *house) text(from, body string) {
	h.seq++
	h.do(judge(h.c, testKey, Text{ID: uint64(h.seq), From: from, Body: body, Stamp: h.now.Wall, Parts: 1}))
}

func (h *house) trip(id string) { h.do(Pressed{id}) }

// wait lets d pass, with all that falls due.
func (h *house) wait(d time.Duration) {
	until := h.now.Tick + d.Milliseconds()
	for {
		at, event := until, Event(nil)
		if n := h.s.Next(h.c); n != 0 && n <= at {
			at, event = max(n, h.now.Tick), Knock{}
		}
		if len(h.late) > 0 && h.late[0].at <= at {
			at, event = h.late[0].at, h.late[0].event
			h.late = h.late[1:]
		}
		h.move(at)
		if event == nil {
			return
		}
		h.do(event)
	}
}

func (h *house) move(tick int64) {
	h.now.Wall = h.now.Wall.Add(time.Duration(tick-h.now.Tick) * time.Millisecond)
	h.now.Tick = tick
}

func (h *house) later(d time.Duration, e Event) {
	h.seq++
	h.late = append(h.late, scheduled{h.now.Tick + d.Milliseconds(), h.seq, e})
	slices.SortStableFunc(h.late, func(a, b scheduled) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.seq, b.seq)) })
}

// do takes one step and shows the world what came of it.
func (h *house) do(e Event) Result {
	r := Step(h.c, h.s, h.now, e)
	h.c, h.s = r.Config, r.State
	h.steps++
	if h.cut != nil {
		h.cut(h)
	}
	h.world(r)
	return r
}

func (h *house) at() string { return fmt.Sprintf("%8.3f", float64(h.now.Tick)/1000) }

func (h *house) world(r Result) {
	for _, e := range r.Entries {
		h.out = append(h.out, fmt.Sprintf("%s journal %d %s %s %s %s", h.at(), e.Number, e.Event, e.ContactID, e.Text, e.Person))
	}
	if now := siren(h.s.Open, h.now.Tick); now != h.siren {
		h.siren = now
		h.out = append(h.out, h.at()+" siren "+cmp.Or(now, "off"))
	}
	h.line()
}

// place tells whether a phone is one that a duress of Anna's is not told to.
func place(number string) bool { return number != ben && number != cleo }

func (h *house) note(number, what string) {
	line := fmt.Sprintf("%s %s %s", h.at(), names[number], what)
	if place(number) {
		h.out = append(h.out, line)
	} else {
		h.away = append(h.away, line)
	}
}

const sendTime = 4 * time.Second

// line starts the job that the state wants, once, and lets its outcome come.
func (h *house) line() {
	o := h.s.Sealed.Line.Order(h.s.books())
	started := h.order
	h.order = o
	switch {
	case o.Serial == 0 || o.Serial == started.Serial && o.HangUp == started.HangUp:
	case o.HangUp:
		h.note(o.To, "call hung up")
		h.later(500*time.Millisecond, Done{o.Serial, alert.Outcome{Result: alert.Broken}})
	case o.Call:
		h.ring(o)
	default:
		h.send(o)
	}
}

func (h *house) send(o alert.Order) {
	result := alert.Outcome{Result: alert.SentOK, Ref: int(o.Serial % 256)}
	if list := h.refuse[o.To]; len(list) > 0 {
		result.Result, h.refuse[o.To] = list[0], list[1:]
	}
	h.note(o.To, "text "+o.Body+" ["+string(result.Result)+"]")
	if result.Result == alert.SentOK || result.Result == alert.Unknown {
		h.texts[o.To] = append(h.texts[o.To], o.Body)
	}
	h.later(sendTime, Done{o.Serial, result})
}

func (h *house) ring(o alert.Order) {
	h.note(o.To, "call")
	h.calls[o.To]++
	h.later(2*time.Second, Progress{o.Serial, alert.Ringing})
	if after, ok := h.answer[o.To]; ok {
		h.later(2*time.Second+after, Progress{o.Serial, alert.Talking})
		for _, d := range h.press[o.To] {
			h.later(5*time.Second+after, Key{o.Serial, byte(d)})
		}
	}
}

// last is the last text that a phone got.
func (h *house) last(number string) string {
	list := h.texts[number]
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

// token finds the digits behind a word in the texts of a phone.
func (h *house) token(number, word string) string {
	for n := len(h.texts[number]) - 1; n >= 0; n-- {
		if _, after, ok := strings.Cut(h.texts[number][n], word+" "); ok && len(after) >= 4 {
			return after[:4]
		}
	}
	return ""
}

func (h *house) story() string {
	all := append(slices.Clone(h.out), h.away...)
	slices.SortStableFunc(all, func(a, b string) int { return cmp.Compare(a[:8], b[:8]) })
	return strings.Join(all, "\n")
}

// face is everything that a surface can show now, and the size of what is stored.
func (h *house) face() string {
	o := must(json.Marshal(outward(h.c, h.s.Open, h.now)))
	return string(o) + string(must(json.Marshal(h.s.Recent)))
}

func seedOf(b []byte) uint64 { return binary.BigEndian.Uint64(append(make([]byte, 8), b...)[len(b):]) }

func TestHouseLearnsToWalk(t *testing.T) {
	h := newHouse()
	h.text(anna, annaCode+" ARM")
	h.wait(2 * time.Minute)
	h.trip(hall)
	h.wait(2 * time.Minute)
	h.text(anna, annaDuress+" disarm")
	h.wait(3 * time.Minute)
	t.Log("\n" + h.story())
}
