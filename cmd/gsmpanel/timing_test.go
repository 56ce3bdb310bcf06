package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"math"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/store"
)

// Kinds of texts whose time must not tell what they were.
const (
	hit = iota
	forcedHit
	miss
	stranger
	locked
	kindsOfText
)

var kindNames = [kindsOfText]string{"hit", "duress", "miss", "stranger", "locked"}

// guessers is how many numbers guess: each may be wrong nine times before it is
// locked.
const (
	guessers     = 25
	wrongEach    = 9
	lockedPhone  = "+447700900500"
	wrongDigits  = "640251"
	patience     = 30 * time.Second
	commandAsked = " STATUS"
)

func guesser(n int) string { return fmt.Sprintf("+4477009006%02d", n%guessers) }

// watchedStore stamps each commit after which a further text was dealt with.
type watchedStore struct {
	*store.Store
	dealt chan time.Time

	mu       sync.Mutex
	seen     panel.Seen
	unwanted panel.DayCount
}

func (w *watchedStore) Commit(s panel.Snapshot) error {
	err := w.Store.Commit(s)
	now := time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	var last panel.Seen
	if n := len(s.State.Sealed.Seen); n > 0 {
		last = s.State.Sealed.Seen[n-1]
	}
	if err == nil && (last != w.seen || s.State.Unwanted != w.unwanted) {
		w.seen, w.unwanted = last, s.State.Unwanted
		w.dealt <- now
	}
	return err
}

// stopwatch is a panel in real time: a simulated modem on a pseudo-terminal, and the
// database on the disk.
type stopwatch struct {
	t      *testing.T
	sim    *simulator.Modem
	store  *watchedStore
	listed chan time.Time // when the last byte of a listing with a text was on the tty
	sent   int
	random *mathrand.Rand
	hash   uint64                // bytes that one hash allocates
	hashes [kindsOfText][]uint64 // that a text of each kind has cost
}

func newStopwatch(t *testing.T, cost duress.Cost) *stopwatch {
	w := &stopwatch{t: t, hash: uint64(cost.MemoryKiB) << 10, listed: make(chan time.Time, 1024), random: mathrand.New(mathrand.NewPCG(1, 1))}
	dir := t.TempDir()
	st, err := store.Open(filepath.Join(dir, "data"), store.Options{Cost: cost})
	if err != nil {
		t.Fatal(err)
	}
	w.store = &watchedStore{Store: st, dealt: make(chan time.Time, 1024)}
	c, s := w.household(st)
	w.sim = simulator.New(simulator.Options{SendTime: 10 * time.Millisecond, SetupTime: 10 * time.Millisecond,
		Wire: func(at time.Time, fromModem bool, b []byte) {
			if fromModem && strings.Contains(string(b), "+CMGL: ") {
				w.listed <- at
			}
		}})
	tty, err := w.sim.PTY(filepath.Join(dir, "modem"))
	if err != nil {
		t.Fatal(err)
	}
	line := newLine(modem.New(modem.Options{Open: modem.Serial(tty.Path(), 115200)}), &wallClock{})
	p := panel.New(c, s, panel.Shell{Store: w.store, Key: st.Key(), Random: rand.Reader, Line: line, Siren: func(string) {},
		Clock: line.clock.now, BootID: bootID(), Log: slog.New(slog.DiscardHandler)})
	line.post, line.text, line.shown = p.Post, p.Receive, p.InHouse
	w.start(p, line, st)
	return w
}

// start runs the panel until the test ends.
func (w *stopwatch) start(p *panel.Panel, line *gsmLine, st *store.Store) {
	ctx, stop := context.WithCancel(context.Background())
	var edges sync.WaitGroup
	ended := make(chan error, 1)
	go func() {
		ended <- p.Run(ctx, func() { edges.Go(func() { _ = line.run(ctx) }) }) // ends with ctx
	}()
	w.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
		edges.Wait()
		for _, closing := range []error{w.sim.Close(), st.Close()} {
			if closing != nil {
				w.t.Error(closing)
			}
		}
	})
	select {
	case <-line.up:
	case <-time.After(patience):
		w.t.Fatal("the modem did not come up")
	}
}

func (w *stopwatch) household(st *store.Store) (panel.Config, panel.State) {
	c, s, err := st.Load()
	if err != nil {
		w.t.Fatal(err)
	}
	desk := panel.NewOffline(c, s, st, st.Key(), rand.Reader, time.Now)
	contacts := []alert.Contact{{Name: "Anna", Number: annaPhone, Control: true}, {Name: "Locked", Number: lockedPhone, Control: true},
		{Name: "Ben", Number: benPhone, OffSite: true}, {Name: "Cleo", Number: cleoPhone, OffSite: true}}
	for n := range guessers {
		contacts = append(contacts, alert.Contact{Name: fmt.Sprintf("Guesser %d", n), Number: guesser(n), Control: true})
	}
	ctx := w.t.Context()
	for _, k := range contacts {
		if err := desk.Edit(ctx, panel.AddContact{Contact: k, Quiet: true}); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := desk.Edit(ctx, panel.Set{Name: "wrong-codes", Value: fmt.Sprint(wrongEach + 1)}); err != nil {
		w.t.Fatal(err)
	}
	for _, r := range []panel.CodeRequest{
		{Do: "add", Name: "Anna", Kind: duress.User, New: annaFirst},
		{Do: "add", Name: "Anna", Kind: duress.Duress, Present: annaFirst, New: annaSecond},
	} {
		if err := desk.Codes(ctx, r, nil); err != nil {
			w.t.Fatal(err)
		}
	}
	if c, s, err = st.Load(); err != nil {
		w.t.Fatal(err)
	}
	return c, s
}

// text sends one text, and returns how long it took from its last byte on the
// tty until it was dealt with and that was safe on the disk.
func (w *stopwatch) text(from, digits string) time.Duration {
	w.t.Helper()
	w.sent++
	drain(w.listed)
	drain(w.store.dealt)
	letters := fmt.Sprintf("%c%c%c", 'a'+w.sent/676%26, 'a'+w.sent/26%26, 'a'+w.sent%26) // the same text twice is one
	if err := w.sim.Text(from, digits+commandAsked+" x"+letters); err != nil {
		w.t.Fatal(err)
	}
	return -w.instant(w.listed).Sub(w.instant(w.store.dealt))
}

func (w *stopwatch) instant(from chan time.Time) time.Time {
	w.t.Helper()
	select {
	case at := <-from:
		return at
	case <-time.After(patience):
		w.t.Fatalf("text %d was not dealt with", w.sent)
		return time.Time{}
	}
}

func drain(c chan time.Time) {
	for {
		select {
		case <-c:
		default:
			return
		}
	}
}

// rest waits until the phone has its answer, where there is one, and a little
// longer.
func (w *stopwatch) rest(phone string, answers int) {
	w.t.Helper()
	for end := time.Now().Add(patience); w.answers(phone) < answers; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("%s got %d answers, want %d", phone, w.answers(phone), answers)
		}
	}
	time.Sleep(20*time.Millisecond + time.Duration(w.random.Int64N(int64(20*time.Millisecond))))
}

func (w *stopwatch) answers(phone string) int { return len(textsOf(w.sim, phone)) }

// measure sends n texts of each kind in random order.
func (w *stopwatch) measure(n int) (took [kindsOfText][]time.Duration) {
	w.t.Helper()
	answered := map[string]int{}
	say := func(from, digits string, answer bool) time.Duration {
		d := w.text(from, digits)
		if answer {
			answered[from]++
		}
		w.rest(from, answered[from])
		return d
	}
	for k := range guessers { // who gave a valid code today is not locked by the wrong codes of others
		say(guesser(k), annaFirst, true)
	}
	for range wrongEach + 1 { // as many as are answered in a day
		say(lockedPhone, wrongDigits, true)
	}
	for k := range wrongEach + 1 { // the day's twentieth wrong code: all who gave no valid one are locked
		say(guesser(k), wrongDigits, false)
	}
	say(lockedPhone, annaFirst, true) // is told once that it is locked
	var order []int
	for range n {
		order = append(order, hit, forcedHit, miss, stranger, locked)
	}
	w.random.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
	var count [kindsOfText]int
	for _, kind := range order {
		from, digits := guesser(count[kind]), annaFirst
		switch kind {
		case forcedHit:
			digits = annaSecond
		case miss:
			digits = wrongDigits
		case stranger:
			from = strangerPhone
		case locked:
			from = lockedPhone
		}
		count[kind]++
		before := allocated()
		took[kind] = append(took[kind], say(from, digits, kind < miss))
		w.hashes[kind] = append(w.hashes[kind], (allocated()-before)/w.hash)
	}
	for number, want := range answered {
		if got := w.answers(number); got != want {
			w.t.Errorf("%s got %d answers, want %d", number, got, want)
		}
	}
	return took
}

// allocated is how many bytes the program has allocated so far. A hash allocates
// all the memory that it costs, at once, and nothing else here as much: so the
// hashes are counted without a clock.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// TestTimingTellsNothing measures texts of all kinds through a tty, the real hash
// and the real database with GSMPANEL_TIMING=1: the time from the last byte to
// the commit must not tell a duress code from its twin. Without, it only sees to
// it that each is dealt with as it should be and costs one hash: on a busy
// machine a clock proves nothing.
func TestTimingTellsNothing(t *testing.T) {
	each, cost, full := 4, duress.Cost{Time: 1, MemoryKiB: 16 << 10}, os.Getenv("GSMPANEL_TIMING") != ""
	if full {
		each, cost = 200, duress.DefaultCost
	}
	w := newStopwatch(t, cost)
	took := w.measure(each)
	t.Logf("\n%s", timingTable(took))
	for kind, counted := range w.hashes {
		for _, n := range counted {
			if n != 1 && !full { // with hundreds of texts the phones' own memory counts too
				t.Errorf("%s: texts cost %d hashes, want one each", kindNames[kind], counted)
				break
			}
		}
	}
	if d, p := kolmogorovSmirnov(took[hit], took[forcedHit]); full && p < 0.001 {
		t.Errorf("hit and duress can be told apart: D = %.3f, p = %.5f", d, p)
	}
}

// timingTable shows the times and how alike each two kinds are.
func timingTable(took [kindsOfText][]time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-9s %5s %9s %9s %9s\n", "text", "n", "median", "p90", "p99")
	for kind, list := range took {
		fmt.Fprintf(&b, "%-9s %5d %9s %9s %9s\n", kindNames[kind], len(list), quantile(list, 0.5), quantile(list, 0.9), quantile(list, 0.99))
	}
	fmt.Fprintf(&b, "%-19s %6s %8s\n", "pair", "KS D", "p")
	for x := range took {
		for y := x + 1; y < len(took); y++ {
			d, p := kolmogorovSmirnov(took[x], took[y])
			fmt.Fprintf(&b, "%-9s %-9s %6.3f %8.5f\n", kindNames[x], kindNames[y], d, p)
		}
	}
	if len(took[hit]) >= 100 {
		fmt.Fprintf(&b, "a duress code that took %s longer would be seen\n", seenFrom(took[hit], took[forcedHit]))
	}
	return b.String()
}

// seenFrom is the least constant delay of b that the test would find.
func seenFrom(a, b []time.Duration) time.Duration {
	const step = 100 * time.Microsecond
	for shift := step; shift < time.Second; shift += step {
		later := slices.Clone(b)
		for n := range later {
			later[n] += shift
		}
		if _, p := kolmogorovSmirnov(a, later); p < 0.001 {
			return shift
		}
	}
	return time.Second
}

func quantile(list []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))].Round(10 * time.Microsecond)
}

// kolmogorovSmirnov is the two-sample test: the greatest distance between the
// two distributions, and how likely one as great is where they are the same
// (the asymptotic distribution, with Stephens' correction for small samples).
func kolmogorovSmirnov(a, b []time.Duration) (d, p float64) {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	for i, j := 0, 0; i < len(a) && j < len(b); {
		at := min(a[i], b[j])
		for i < len(a) && a[i] == at {
			i++
		}
		for j < len(b) && b[j] == at {
			j++
		}
		d = max(d, math.Abs(float64(i)/float64(len(a))-float64(j)/float64(len(b))))
	}
	n := math.Sqrt(float64(len(a)) * float64(len(b)) / float64(len(a)+len(b)))
	lambda := (n + 0.12 + 0.11/n) * d
	for k := 1.0; k <= 100; k++ {
		p += 2 * math.Pow(-1, k-1) * math.Exp(-2*k*k*lambda*lambda)
	}
	if lambda < 0.2 { // where the series does not converge the answer is 1
		p = 1
	}
	return d, min(max(p, 0), 1)
}

func TestKolmogorovSmirnov(t *testing.T) {
	random := mathrand.New(mathrand.NewPCG(3, 3))
	sample := func(shift float64) []time.Duration {
		out := make([]time.Duration, 200)
		for n := range out {
			out[n] = time.Duration((80 + 5*random.NormFloat64() + shift) * float64(time.Millisecond))
		}
		return out
	}
	for _, c := range []struct {
		name    string
		a, b    []time.Duration
		d       float64 // -1: not known beforehand
		atLeast float64
		atMost  float64
	}{
		{"the same sample", []time.Duration{1, 2, 3, 4}, []time.Duration{1, 2, 3, 4}, 0, 1, 1},
		{"nothing in common", []time.Duration{1, 2, 3, 4}, []time.Duration{5, 6, 7, 8}, 1, 0, 0.02},
		{"half of it later", []time.Duration{1, 2, 3, 4}, []time.Duration{3, 4, 5, 6}, 0.5, 0.3, 0.8},
		{"one distribution", sample(0), sample(0), -1, 0.01, 1},
		{"half a deviation later", sample(0), sample(2.5), -1, 0, 0.001},
	} {
		d, p := kolmogorovSmirnov(c.a, c.b)
		if c.d >= 0 && math.Abs(d-c.d) > 1e-9 || p < c.atLeast || p > c.atMost {
			t.Errorf("%s: D = %.3f, p = %.5f", c.name, d, p)
		}
	}
}
