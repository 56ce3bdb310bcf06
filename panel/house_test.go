package panel

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// The household of the stories. Anna and Tom live there; Ben, Cleo and Dora do
// not. Eve only gets reports.
const (
	anna, tom, ben  = "+447700900001", "+447700900002", "+447700900003"
	cleo, dora, eve = "+447700900004", "+447700900005", "+447700900006"
	fay             = "+447700900007" // comes onto the list later
	stranger        = "+447700900099"

	annaCode, annaDuress = "482913", "730586"
	annaWord, otherWord  = "tulip", "daisy" // no word of anybody's
	tomCode, guestCode   = "915740", "264079"
	masterCode           = "573820"

	hall, kitchen, lounge, cellar = "ev1527:000001", "ev1527:000002", "ev1527:000003", "ev1527:000004"
	hallClosed                    = "ev1527:000011"
	hallBattery                   = "ev1527:000012"
	window, windowClosed          = "ev1527:000021", "ev1527:000022" // where there is one
	study, studyClosed            = "ev1527:000051", "ev1527:000052" // likewise

	fobArm, fobHome, fobDisarm, fobStatus = "ev1527:0000F8", "ev1527:0000F4", "ev1527:0000F1", "ev1527:0000F2"
	spareArm, spareDisarm, spareTest      = "ev1527:0000E8", "ev1527:0000E1", "ev1527:0000E2"
)

var (
	cheap    = duress.Cost{Time: 1, MemoryKiB: 8}
	testKey  = duress.Key{1, 2, 3}
	evening  = time.Date(2026, 11, 22, 21, 0, 0, 0, time.UTC)
	names    = map[string]string{anna: "Anna", tom: "Tom", ben: "Ben", cleo: "Cleo", dora: "Dora", eve: "Eve", fay: "Fay", stranger: "stranger"}
	template = household(annaWord)
	deaf     = household(otherWord) // but for Anna's word the same
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

// household makes the configuration once; codes cost time to make. word is Anna's
// duress word.
func household(word Secret) Config {
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
		AddZone{Zone: zones.Zone{Name: "Hall", Type: zones.Entry, Sensor: hall, Close: hallClosed, LowBattery: hallBattery}},
		AddZone{Zone: zones.Zone{Name: "Kitchen", Type: zones.Perimeter, Sensor: kitchen}},
		AddZone{Zone: zones.Zone{Name: "Lounge", Type: zones.Interior, Sensor: lounge}},
		AddZone{Zone: zones.Zone{Name: "Cellar", Type: zones.Always, Sensor: cellar}},
		AddRemote{Remote: radio.Remote{Name: "Blue fob", Contact: "anna", Buttons: []radio.Button{
			{ID: fobArm, Action: "arm"}, {ID: fobHome, Action: "Home"}, {ID: fobDisarm, Action: "disarm"}, {ID: fobStatus, Action: "status"}}}},
		AddRemote{Remote: radio.Remote{Name: "Spare", Buttons: []radio.Button{{ID: spareArm, Action: "arm"}, {ID: spareDisarm, Action: "disarm"}, {ID: spareTest, Action: "test"}}}},
	} {
		c = must(c.Apply(e))
	}
	for _, r := range []CodeRequest{
		{Do: "add", Name: "Anna", Kind: duress.User, New: annaCode},
		{Do: "add", Name: "Anna", Kind: duress.Duress, Present: annaCode, New: annaDuress},
		{Do: "add", Name: "Anna", Kind: duress.Duress, Word: true, Present: annaCode, New: word},
		{Do: "add", Name: "Tom", Kind: duress.Master, New: masterCode},
		{Do: "add", Name: "Carer", Kind: duress.Guest, New: guestCode},
	} {
		c = must(c.Apply(must(changeCodes(c, testKey, random, r, nil))))
	}
	return c
}

// happening is one thing that somebody could perceive, or that was journalled.
type happening struct {
	at     int64
	kind   string // journal, siren, text, call, hangup, board
	number string // of the phone, for text, call and hangup
	what   string
	result alert.Result // of a text
	reply  bool
	sealed bool // only to check who is told; no observer sees it
}

// phones is how the pretended network and the people behind it behave.
type phones struct {
	answer map[string]time.Duration // phones that pick up, and after how long
	press  map[string]string        // digits they press then
	refuse map[string][]refusal     // results of the next texts to a number
	send   time.Duration            // how long a text takes
	report map[string]time.Duration // phones of which the network reports that they have a text, and after how long

	onlySealed bool // nobody takes an alarm that anybody may see
}

func (p phones) clone() phones {
	q := phones{maps.Clone(p.answer), maps.Clone(p.press), map[string][]refusal{}, p.send, maps.Clone(p.report), p.onlySealed}
	for number, results := range p.refuse {
		q.refuse[number] = slices.Clone(results)
	}
	return q
}

func quietPhones() phones {
	return phones{map[string]time.Duration{}, map[string]string{}, map[string][]refusal{}, 4 * time.Second, map[string]time.Duration{}, false}
}

// refusal is what becomes of a text to a number that is queued from a tick on.
type refusal struct {
	result  alert.Result
	since   int64
	replies bool // of replies only
}

func (h *house) refuses(to string, result alert.Result) {
	h.refuse[to] = append(h.refuse[to], refusal{result, h.now.Tick, false})
}

// refusesReplies: the network takes no reply to a phone, so many times.
func (h *house) refusesReplies(to string, times int) {
	for range times {
		h.refuse[to] = append(h.refuse[to], refusal{alert.Transient, h.now.Tick, true})
	}
}

// strikes tells whether the text of an order is the first to its phone that was
// queued since a tick: which one goes first may hang on what is sealed.
func (h *house) strikes(o alert.Order, since int64) bool {
	book := h.s.Book
	if o.Sealed {
		book = h.s.Sealed.Book
	}
	first := slices.IndexFunc(book.Jobs, func(j alert.Job) bool { return !j.Call && j.To == o.To && j.Queued >= since })
	return first >= 0 && book.Jobs[first].ID == h.s.Sealed.Line.Job
}

// house steps a panel in virtual time with a pretended network behind the line.
type house struct {
	c    Config
	s    State
	now  Now
	late []scheduled // events to come
	seq  int
	mr   int // message reference of the modem: +1 with each text that it hands over

	phones
	account account
	seen    []happening
	texts   map[string][]string // what each phone got
	last    alert.Order         // what the shell is doing
	calls   uint64              // from outside, so far
	keys    string              // that the caller who rings will press
	gone    bool                // and then hang up
	half    keyed               // what the caller has pressed and not ended
	toCome  bool                // a code that will be keyed
	siren   string
	steps   int
	starts  int         // of the daemon, but for the first
	begun   int         // which of them the press in progress began in
	pairs   radio.State // of the receiver
	held    radio.Holds
	after   func(e Event, r Result) // called after each step, before the world hears of it
	typed   typing                  // at the keypad
	board   string                  // the answer to the last command at the board
	saved   Config                  // what a backup held

	cut    int  // the power fails after that step
	acted  bool // the world heard of it
	unsaid bool // it failed in a call before all that was keyed had come
}

type scheduled struct {
	at    int64
	seq   int
	event Event
}

func newHouse() *house { return houseOf(template) }

func houseOf(c Config) *house {
	h := &house{c: c, s: NewState(42, 43), now: Now{Tick: 1, Wall: evening, Sure: true}, phones: quietPhones(), texts: map[string][]string{}}
	h.do(Booted{OffKnown: true})
	h.do(LineUp{Epoch: 1})
	h.do(Heard{Registered: true, Operator: "Vodafone", DBm: -71})
	h.seen = nil
	return h
}

// text is what a phone sends to the panel, through the real door.
func (h *house) text(from, body string) { h.receive(Text{From: from, Body: body, Parts: 1}) }

func (h *house) receive(in Text) {
	h.seq++
	in.ID = uint64(h.seq)
	if in.Stamp.IsZero() {
		in.Stamp = h.now.Wall
	}
	h.do(judge(h.c, testKey, in))
}

// atBoard is a command typed at the board.
func (h *house) atBoard(digits string, verb Verb) {
	r := h.do(judgeRequest(h.c, testKey, CommandRequest{Verb: verb, Digits: Secret(digits)}))
	h.board = r.Answer.Text
	h.happens("board", "", r.Answer.Text)
}

// types is what somebody types at the keypad, with E for Enter, B for Backspace and
// X for Esc.
func (h *house) types(keys string) {
	for _, k := range []byte(strings.NewReplacer("E", "\n", "B", "\b", "X", "\x1b").Replace(keys)) {
		if digits, verb, done := h.typed.key(k); done {
			h.do(judgeTyped(h.c, testKey, digits, verb))
		}
	}
}

// rings is somebody who rings the panel and, once answered, presses keys, five a
// second; hangs tells to hang up behind them. The door judges what is whole.
func (h *house) rings(from, keys string, hangs bool) {
	if !h.s.callsTaken(h.c) || h.last.Call && h.last.Serial != 0 {
		h.happens("busy", from, "")
		return
	}
	h.calls++
	h.keys, h.gone = keys, hangs
	h.toCome = strings.Contains(keys, "#")
	h.do(Rang{h.calls, from})
	h.toCome = h.toCome && h.s.Sealed.Line.In
}

// answered is the call from outside from then on.
func (h *house) answered(o alert.Order) {
	h.happens("answered", o.To, "")
	h.later(500*time.Millisecond, Progress{o.Serial, alert.Talking})
	at, k := time.Second, keyed{}
	judged := func(a attempt, whole bool) {
		if whole {
			h.later(at, judgeKeys(h.c, testKey, keyedIn{a, o.To, o.Serial}))
		}
	}
	for _, key := range []byte(h.keys) {
		if key == ' ' {
			at += 2 * time.Second
			continue
		}
		judged(k.press(key))
		at += 200 * time.Millisecond
	}
	if h.gone {
		h.later(at, Done{o.Serial, alert.Outcome{Result: alert.Answered}})
		judged(k.over())
	}
	h.half = k
}

func (h *house) trip(id string) { h.do(Pressed{ID: id}) }

// presses is a button that is pressed for so long, as a receiver hears it. A start
// takes longer than that.
func (h *house) presses(id string, long time.Duration) {
	for starts := h.starts; long >= frameTime; long -= frameTime {
		h.wait(frameTime)
		if h.starts == starts {
			h.frame(id)
		}
	}
}

const frameTime = 60 * time.Millisecond

// begins is a press up to the frame at which it counts, and goesOn the rest. Who
// sees nothing come of it presses again.
func (h *house) begins(id string) {
	h.begun = h.starts
	h.wait(frameTime)
	h.frame(id)
	h.wait(frameTime)
}

func (h *house) goesOn(id string, long time.Duration) {
	if h.begun != h.starts {
		h.begins(id)
	}
	if h.frame(id); h.begun == h.starts {
		h.presses(id, long-2*frameTime)
	} else {
		h.wait(long - 2*frameTime)
	}
}

// frame is one of an encoder that has just ended, as cmd/gsmpanel hands it on.
func (h *house) frame(id string) {
	b, ok := h.c.button(id)
	var press, counts bool
	var sign radio.Sign
	f := radio.Frame{ID: id, Sent: h.now.Wall.Add(-frameTime).UnixMilli()}
	tick := h.now.Tick
	h.pairs, press = radio.Step(h.pairs, tick, 0, f)
	if ok && b.followed() {
		h.held, sign, counts = h.held.Step(tick, h.now.Wall.UnixMilli(), 0, f)
	}
	switch {
	case counts:
		h.do(Pressing{ID: id, New: sign.New, Ago: tick - sign.Began, Lasted: sign.Lasted, Whole: sign.Whole, Counts: press})
	case press:
		h.do(Pressed{ID: id})
	}
}

func (h *house) edit(e Edit) error { return h.do(Edited{e}).Err }

// wait lets d pass, with all that falls due.
func (h *house) wait(d time.Duration) { h.until(h.now.Tick + d.Milliseconds()) }

func (h *house) until(tick int64) {
	for {
		at, event := tick, Event(nil)
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
	switch e.(type) {
	case Told:
		h.toCome = false
	case LineDown, LineUp, Booted: // the modem forgets what it was at; the network does not
		h.late = slices.DeleteFunc(h.late, func(e scheduled) bool { _, report := e.event.(Reported); return !report })
		if _, down := e.(LineDown); down && h.last.Serial != 0 && !h.last.Call {
			defer h.do(Done{h.last.Serial, alert.Outcome{Result: alert.Unknown}})
			break
		}
		h.last = alert.Order{}
	}
	talked := h.s.Sealed.Line.TalkedAt
	r := Step(h.c, h.s, h.now, e)
	h.c, h.s = r.Config, r.State
	h.pay(talked)
	h.steps++
	if h.after != nil {
		h.after(e, r)
	}
	if h.steps == h.cut {
		if h.acted {
			h.world(r)
		}
		h.restart()
		return r
	}
	h.world(r)
	return r
}

// restart is the daemon's own, with what was committed as JSON.
func (h *house) restart() {
	h.s = stored(h.s)
	h.typed.drop()
	h.pairs, h.held = radio.State{}, radio.Holds{}
	h.starts++
	h.unsaid = h.unsaid || h.toCome
	h.do(Booted{OffKnown: true})
	h.do(LineUp{Epoch: h.s.Sealed.Line.Epoch + 1})
	h.do(Heard{Registered: true, Operator: "Vodafone", DBm: -71})
}

// stored is a state as it comes back from the disk.
func stored(s State) State { return copied(s.kept()) }

// copied is a state that has gone through JSON.
func copied(s State) State {
	var back State
	mustDo(json.Unmarshal(must(json.Marshal(s.Open)), &back.Open))
	mustDo(json.Unmarshal(must(json.Marshal(s.Sealed)), &back.Sealed))
	return back
}

func mustDo(err error) {
	if err != nil {
		panic(err)
	}
}

func (h *house) happens(kind, number, what string) {
	h.seen = append(h.seen, happening{at: h.now.Tick, kind: kind, number: number, what: what})
}

func (h *house) world(r Result) {
	for _, e := range r.Entries {
		h.happens("journal", "", fmt.Sprintf("%d %s %s %s", e.Number, e.Event, e.ContactID, e.Text))
	}
	if now := siren(h.s.Open, h.now.Tick); now != h.siren {
		h.siren = now
		h.happens("siren", "", cmp.Or(now, "off"))
	}
	if r.Reject != 0 {
		h.happens("rejected", "", "")
	}
	if r.Chirps > 0 {
		h.happens("chirps", "", strings.TrimSpace(strings.Repeat(" chirp", r.Chirps)))
	}
	h.line()
	h.inquire()
}

// line starts the job that the state wants, once, and lets its outcome come.
func (h *house) line() {
	o, started := h.s.Sealed.Line.Order(h.s.books()), h.last
	h.last = o
	switch {
	case o.Serial != 0 && o.Serial == started.Serial && !o.HangUp && o.Tones != started.Tones:
		h.happens("tones", o.To, string(o.Tone))
	case o.Serial != 0 && o.Serial == started.Serial && !o.HangUp && o.Listen && !started.Listen:
		h.happens("hears", o.To, "")
	case o.Serial == 0 || o.Serial == started.Serial && o.HangUp == started.HangUp:
	case o.In && !o.HangUp:
		h.answered(o)
	case o.HangUp:
		h.happens("hangup", o.To, "")
		h.later(500*time.Millisecond, Done{o.Serial, alert.Outcome{Result: alert.Broken}})
		h.late = slices.DeleteFunc(h.late, func(e scheduled) bool { in, keyed := e.event.(Told); return keyed && in.Call == o.Serial })
		if o.In && h.half.coded {
			a, _ := h.half.over()
			h.later(600*time.Millisecond, judgeKeys(h.c, testKey, keyedIn{a, o.To, o.Serial}))
		}
	case o.Call:
		h.ring(o)
	default:
		h.send(o)
	}
}

func (h *house) send(o alert.Order) {
	h.mr++
	out := alert.Outcome{Result: alert.SentOK, Ref: h.mr % 256}
	to := o.To
	if o.Sealed {
		to = "sealed " + to
	}
	if list := h.refuse[to]; len(list) > 0 && (!list[0].replies || !o.Report) && h.strikes(o, list[0].since) {
		out.Result, h.refuse[to] = list[0].result, list[1:]
		if out.Result == "refused" { // by a network that is there
			out.Result, out.Refused = alert.Transient, true
		}
	}
	h.happens("text", o.To, o.Body)
	e := &h.seen[len(h.seen)-1]
	e.result, e.reply, e.sealed = out.Result, !o.Report, o.Sealed
	if out.Result == alert.SentOK || out.Result == alert.Unknown {
		h.texts[o.To] = append(h.texts[o.To], o.Body)
		h.account.credit -= h.account.text
	}
	h.later(h.phones.send, Done{o.Serial, out})
	if after, ok := h.report[o.To]; ok && o.Report && out.Result == alert.SentOK {
		h.later(h.phones.send+after, Reported{alert.Delivery{Ref: out.Ref, To: o.To, Delivered: true}})
	}
}

// drilling tells whether a drill runs: its calls are all that the line rings then.
func (h *house) drilling() bool { return h.s.Book.Drill() != nil }

func (h *house) ring(o alert.Order) {
	h.happens("call", o.To, "")
	h.seen[len(h.seen)-1].sealed = o.Sealed
	h.later(2*time.Second, Progress{o.Serial, alert.Ringing})
	if after, ok := h.answer[o.To]; ok {
		h.later(2*time.Second+after, Progress{o.Serial, alert.Talking})
		for n, d := range h.press[o.To] {
			if d == '1' && h.onlySealed && !o.Sealed && !h.drilling() {
				continue
			}
			h.later(time.Duration(5+2*n)*time.Second+after, Key{o.Serial, byte(d)})
		}
	}
}

// token finds the digits behind a word in the newest text of a phone that has it.
func (h *house) token(number, word string) string {
	for _, body := range slices.Backward(h.texts[number]) {
		if _, after, ok := strings.Cut(body, word+" "); ok && len(after) >= 4 && strings.Trim(after[:4], "0123456789") == "" {
			return after[:4]
		}
	}
	return ""
}
