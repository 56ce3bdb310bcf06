package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/metrics"
	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/zones"
)

// The household of the stories. Anna and Tom live there; Ben, Cleo and Dora do
// not. Eve only gets reports.
const (
	annaPhone, tomPhone, benPhone  = "+447700900001", "+447700900002", "+447700900003"
	cleoPhone, doraPhone, evePhone = "+447700900004", "+447700900005", "+447700900006"
	strangerPhone                  = "+447700900099"

	annaFirst, annaSecond = "482913", "730586" // which of them is the duress code, a story decides
	annaWord, otherWord   = "marigold", "daffodil"
	tomDigits             = "915740"

	hallDoor, kitchenWindow = "ev1527:000001", "ev1527:000002"
)

var firstEvening = time.Date(2026, 11, 22, 21, 0, 0, 0, time.UTC)

// stackOptions say how a stack differs from the usual one.
type stackOptions struct {
	swapped bool                                // annaFirst is the duress code, not the ordinary one
	word    bool                                // annaFirst is the ordinary code; swapped, annaWord is the duress word, not another
	wrap    func(*stack, panel.Line) panel.Line // put around the modem's line
	disk    time.Duration                       // that a commit takes
	siren   time.Duration                       // that the siren holds up the loop when it sounds
	world   func(*simulator.Modem)              // done to the modem before the panel starts
	kind    string                              // of the modem; a SIM800 if empty
	baud    int                                 // of its line; bytes take no time if 0
	prepaid bool                                // the card's balance is read, and the prices are known
	noPIN   bool                                // nobody has given the SIM card's
	unseen  bool                                // nobody asks for the status or follows the journal
	rings   bool                                // who may command may call too
	house   *memoryStore                        // that of an earlier one
	up      time.Duration                       // for how long the machine has run: that of an earlier one goes on
	watch   func(panel.Snapshot)                // sees every commit, in place of the record of them
}

// stack is the whole panel in one bubble of virtual time: the simulated SIM800
// and its phones, the modem's room, the line, the loop, and a store in memory.
type stack struct {
	t      *testing.T
	sim    *simulator.Modem
	line   *gsmLine
	panel  *panel.Panel
	store  *memoryStore
	clock  *bubbleClock
	record *recording
	began  time.Time
	log    *slog.Logger
	polls  time.Duration // between two looks at what is shown
	unseen bool
}

// bubbleClock is the machine's: the time since its start and a wall clock that
// can be set.
type bubbleClock struct {
	began time.Time

	mu    sync.Mutex
	jump  time.Duration
	vague bool // nobody has set the wall clock
}

func (c *bubbleClock) now() (up time.Duration, wall time.Time, sure bool) {
	up = time.Since(c.began)
	c.mu.Lock()
	defer c.mu.Unlock()
	return up, firstEvening.Add(up + c.jump), !c.vague
}

// set moves the wall clock, and says whether it is believed.
func (c *bubbleClock) set(jump time.Duration, sure bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.jump, c.vague = jump, !sure
}

// network is the time that the network tells, which never jumps.
func (c *bubbleClock) network() time.Time { return firstEvening.Add(time.Since(c.began)) }

// recording is everything that came out of a stack, with its virtual time.
type recording struct {
	mu   sync.Mutex
	list []recorded
}

type recorded struct {
	at   time.Duration // since the stack's start
	kind string        // wire, phone, siren, shown, polled, examined, scraped, followed, log, trace
	who  string        // the phone's number
	what string
}

func (r recorded) String() string {
	return fmt.Sprintf("%16s %-8s %-14s %q", r.at, r.kind, r.who, r.what)
}

func (r *recording) add(at time.Duration, kind, who, what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, recorded{at, kind, who, what})
}

func (r *recording) all() []recorded {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.list)
}

// only are the records of some kinds.
func only(list []recorded, kinds ...string) []recorded {
	return slices.DeleteFunc(slices.Clone(list), func(r recorded) bool { return !slices.Contains(kinds, r.kind) })
}

// writer records what is written, a write at a time.
type writer struct{ write func(string) }

func (w writer) Write(p []byte) (int, error) { w.write(string(p)); return len(p), nil }

// furnished is a store with the household's configuration, made as the command
// line makes it.
func furnished(t testing.TB, o stackOptions, st panel.Store, c panel.Config, random io.Reader, key duress.Key) {
	t.Helper()
	wall := func() time.Time { return firstEvening.Add(-time.Hour) }
	desk := panel.NewOffline(c, panel.NewState(42, 43), st, key, random, wall)
	name, address, zone := "Mill Lane", "12 Mill Lane", "Europe/London"
	edits := []panel.Edit{panel.SetSite{Name: &name, Address: &address, Zone: &zone}}
	for _, k := range []alert.Contact{
		{Name: "Anna", Number: annaPhone, Control: true},
		{Name: "Tom", Number: tomPhone, Control: true},
		{Name: "Ben", Number: benPhone, OffSite: true, Classes: []alert.Class{alert.Life, alert.Alarm, alert.Report}},
		{Name: "Cleo", Number: cleoPhone, OffSite: true},
		{Name: "Dora", Number: doraPhone, OffSite: true, Classes: []alert.Class{alert.Alarm}},
		{Name: "Eve", Number: evePhone, OffSite: true, Classes: []alert.Class{alert.Report, alert.Trouble}},
	} {
		edits = append(edits, panel.AddContact{Contact: k, Quiet: true})
	}
	edits = append(edits,
		panel.AddZone{Zone: zones.Zone{Name: "Hall", Type: zones.Entry, Sensor: hallDoor}},
		panel.AddZone{Zone: zones.Zone{Name: "Kitchen", Type: zones.Perimeter, Sensor: kitchenWindow}})
	if o.rings {
		edits = append(edits, panel.Set{Name: "call-keypad", Value: "true"})
	}
	ctx := context.Background()
	for _, e := range edits {
		if err := desk.Edit(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	ordinary, forced := panel.Secret(annaFirst), panel.Secret(annaSecond)
	switch {
	case o.word && o.swapped:
		forced = annaWord
	case o.word:
		forced = otherWord
	case o.swapped:
		ordinary, forced = forced, ordinary
	}
	for _, r := range []panel.CodeRequest{
		{Do: "add", Name: "Tom", Kind: duress.User, New: tomDigits},
		{Do: "add", Name: "Anna", Kind: duress.User, New: ordinary},
		{Do: "add", Name: "Anna", Kind: duress.Duress, Word: o.word, Present: ordinary, New: forced},
	} {
		if err := desk.Codes(ctx, r, nil); err != nil {
			t.Fatal(err)
		}
	}
}

// chance is a seeded source of bytes.
type chance struct{ *rand.Rand }

func (c chance) Read(p []byte) (int, error) {
	for n := range p {
		p[n] = byte(c.Uint32())
	}
	return len(p), nil
}

func seeded(seed uint64) chance { return chance{rand.New(rand.NewPCG(seed, 1))} }

// inBubble runs a story on a new stack in a bubble of its own, and returns all
// that came out of it.
func inBubble(t *testing.T, o stackOptions, story func(*stack)) (s *stack) {
	t.Helper()
	random := seeded(7)
	st := &memoryStore{}
	if o.house == nil {
		o.house = moved(t, o, random)
	}
	st.last, st.takes, st.watch = o.house.last, o.disk, o.watch
	synctest.Test(t, func(t *testing.T) {
		s = newStack(t, o, st, houseKey, random)
		if o.world != nil {
			o.world(s.sim)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.run(ctx) }()
		defer func() { // also after Fatal, so that the bubble ends
			stop()
			if err := <-ended; err != nil {
				t.Errorf("the panel ended with %v", err)
			}
			if err := s.sim.Close(); err != nil {
				t.Error(err)
			}
		}()
		story(s)
	})
	return s
}

var houseKey = duress.Key{1, 2, 3}

// moved is the store of a household that has moved in.
func moved(t *testing.T, o stackOptions, random io.Reader) *memoryStore {
	codes, err := duress.NewConfig(random, fastCost)
	if err != nil {
		t.Fatal(err)
	}
	st := &memoryStore{}
	furnished(t, o, st, panel.DefaultConfig(codes), random, houseKey)
	st.last.State.Sealed.HushUntil = 0 // the codes were made long ago
	if o.prepaid {
		deposit(&st.last)
	}
	return st
}

// newStack wires the edges as newDaemon does.
func newStack(t *testing.T, o stackOptions, st *memoryStore, key duress.Key, random io.Reader) *stack {
	s := &stack{t: t, store: st, began: time.Now(), record: &recording{}, polls: time.Second, unseen: o.unseen}
	s.clock = &bubbleClock{began: s.began.Add(-o.up)}
	say := func(kind string) func(string) { return func(what string) { s.record.add(s.passed(), kind, "", what) } }
	s.sim = simulator.New(simulator.Options{Kind: o.kind, Baud: o.baud, Now: s.clock.network, Event: s.happened, SetupTime: 1713 * time.Millisecond,
		Wire: func(at time.Time, fromModem bool, b []byte) {
			direction := "> "
			if fromModem {
				direction = "< "
			}
			s.record.add(at.Sub(firstEvening), "wire", "", direction+string(b))
		}})
	s.log = slog.New(slog.NewTextHandler(writer{say("log")}, nil))
	var listens time.Duration // how often the modem looks by itself; 0 is as ever
	if o.prepaid {            // it goes on for a whole night
		s.polls, listens = 20*time.Second, 5*time.Minute
	}
	options := modem.Options{Open: s.open, Baud: stackBaud, Trace: say("trace"), Log: s.log, Sweep: listens, Poll: listens,
		Power:  modem.Power{Set: func(_ context.Context, on bool) error { s.sim.Supply(on); return nil }},
		Unlock: func(_ string, _ int, enter func(string) error) error { return enter(cardPIN) },
		Shown:  func(number string) bool { return s.panel.Overheard(number) }, Plain: panel.Plain}
	if o.noPIN {
		options.Unlock = nil
	}
	m := modem.New(options)
	s.line = newLine(m, &wallClock{})
	line := panel.Line(orderWatch{s.line, s})
	if o.wrap != nil {
		line = o.wrap(s, line)
	}
	siren, shown := "", ""
	s.panel = panel.New(st.last.Config, st.last.State, panel.Shell{Store: st, Key: key, Random: random, Line: line,
		Clock: s.clock.now, BootID: "one", Log: s.log,
		Chirp: func(n int) { say("chirps")(strconv.Itoa(n)) },
		Siren: func(pattern string) { // called with every release, just after what is shown
			if pattern != siren {
				siren = pattern
				say("siren")(pattern)
				time.Sleep(o.siren)
			}
			if s.unseen {
				return
			}
			if now := s.shown(false); now != shown {
				shown = now
				say("shown")(now)
			}
		}})
	s.line.post, s.line.text, s.line.shown = s.panel.Post, s.panel.Receive, s.panel.InHouse
	return s
}

const (
	stackBaud = 115200
	cardPIN   = "1234" // of a SIM card that asks for it
)

func (s *stack) open() (io.ReadWriteCloser, error) {
	line := s.sim.Line()
	return line, line.(interface{ SetBaud(int) error }).SetBaud(stackBaud)
}

// orderWatch notes when the line is told to do something sealed.
type orderWatch struct {
	panel.Line
	s *stack
}

func (w orderWatch) Send(ctx context.Context, o alert.Order) alert.Outcome {
	if o.Sealed {
		w.s.record.add(w.s.passed(), "sealed", o.To, o.Body)
	}
	out := w.Line.Send(ctx, o)
	if out.Result == alert.Unknown {
		w.s.record.add(w.s.passed(), "unknown", o.To, o.Body)
	}
	return out
}

// run starts the edges once the panel has taken up its state, as daemon.run does.
func (s *stack) run(ctx context.Context) error {
	var edges sync.WaitGroup
	err := s.panel.Run(ctx, func() {
		edges.Go(func() { _ = s.line.run(ctx) }) // ends with ctx
		if s.unseen {
			return
		}
		edges.Go(func() {
			s.panel.Follow(ctx, func(e panel.Entry) { s.record.add(s.passed(), "followed", "", asJSON(s.t, e)) })
		})
		edges.Go(func() { s.poll(ctx) })
		edges.Go(func() { s.scrape(ctx) })
	})
	edges.Wait()
	return err
}

// poll is somebody who asks for the status every second, a little off what
// happens on the second.
func (s *stack) poll(ctx context.Context) {
	time.Sleep(337123 * time.Microsecond)
	tick := time.NewTicker(s.polls)
	defer tick.Stop()
	for n := 0; ; n++ {
		s.record.add(s.passed(), "polled", "", s.shown(true))
		if n%examineEvery == 0 {
			s.record.add(s.passed(), "examined", "", s.examined())
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// scrape is a Prometheus that asks every 15 polls for the metrics, a little off too.
// What is recorded of a page is what is new in it, and what has gone.
func (s *stack) scrape(ctx context.Context) {
	time.Sleep(211457 * time.Microsecond)
	page, tick := metricsPage(s.panel), time.NewTicker(15*s.polls)
	defer tick.Stop()
	for before := ""; ; {
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, metrics.Path, nil)
		r.Host = "127.0.0.1:9464"
		page.ServeHTTP(w, r)
		now := w.Body.String()
		s.record.add(s.passed(), "scraped", "", "now "+linesOnlyIn(now, before)+"gone "+linesOnlyIn(before, now))
		before = now
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// linesOnlyIn are the lines of a that are not in b.
func linesOnlyIn(a, b string) string {
	out := ""
	for line := range strings.Lines(a) {
		if !strings.Contains(b, line) {
			out += line
		}
	}
	return out
}

// examineEvery is how many polls there are to one of the doctor's.
const examineEvery = 30

// examined is what the doctor says.
func (s *stack) examined() string {
	o, err := s.panel.Outward(context.Background())
	if err != nil {
		s.t.Error(err)
	}
	public, err := s.panel.Public(context.Background())
	if err != nil {
		s.t.Error(err)
	}
	return asJSON(s.t, examine("/nowhere", true, o, public, o.Time))
}

// shown is what the socket answers. Without whole it lacks the time of asking.
func (s *stack) shown(whole bool) string {
	o, err := s.panel.Outward(context.Background())
	if err != nil {
		s.t.Error(err)
	}
	if !whole {
		o.Time = time.Time{}
	}
	return asJSON(s.t, o)
}

func asJSON(t testing.TB, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Error(err)
	}
	return string(b)
}

// happened is what a phone notices, and what the network does for it.
func (s *stack) happened(e simulator.Event) {
	switch e.Kind {
	case "delivered", "ringing", "answered", "digits", "tones", "ended", "text":
		s.record.add(s.passed(), "phone", e.Number, strings.TrimSpace(e.Kind+" "+e.Body))
	case "fault":
		s.record.add(s.passed(), "fault", "", e.Body)
	case "text-stored", "cmgd":
		s.record.add(s.passed(), "sim", "", e.Kind)
	}
}

func (s *stack) passed() time.Duration { return time.Since(s.began) }

// until lets virtual time come to an instant since the stack's start.
func (s *stack) until(at time.Duration) { time.Sleep(at - s.passed()) }

func (s *stack) text(from, body string) {
	s.t.Helper()
	if err := s.sim.Text(from, body); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stack) types(keys string) {
	for _, k := range []byte(keys) {
		s.panel.Typed(k)
	}
}

func (s *stack) trip(id string) { s.panel.Post(panel.Pressed{ID: id}) }

// got are the texts that a phone has got, with their times.
func got(list []recorded, number string) []recorded {
	var out []recorded
	for _, r := range list {
		if body, ok := strings.CutPrefix(r.what, "delivered "); ok && r.kind == "phone" && r.who == number {
			r.what = body
			out = append(out, r)
		}
	}
	return out
}

// stories is how many random stories a test plays: usual, or GSMPANEL_STORIES.
func stories(usual int) int {
	if n, err := strconv.Atoi(os.Getenv("GSMPANEL_STORIES")); err == nil {
		return n
	}
	return usual
}

// firstText is the first text to a phone that begins so, from an instant on.
func firstText(list []recorded, number, begins string, from time.Duration) (recorded, bool) {
	for _, r := range got(list, number) {
		if r.at >= from && strings.HasPrefix(r.what, begins) {
			return r, true
		}
	}
	return recorded{}, false
}
