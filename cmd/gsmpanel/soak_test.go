package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/store"
	"github.com/gsmpanel/gsmpanel/zones"
)

// soak is a panel whose modem has one fault after another, with its database on the
// disk, in virtual time. Unlike a stack it keeps no record of what came out.
type soak struct {
	t     *testing.T
	rnd   *mathrand.Rand
	dir   string
	clock *bubbleClock
	sim   *simulator.Modem
	panel *panel.Panel
	line  *gsmLine
	alone bool // the heap is no other test's

	mu    sync.Mutex
	told  map[string]int // texts of the alarm that runs, by number
	came  []string       // texts of this round
	texts int            // all that came
	fault map[string]int // that were made
}

// soakFaults are those that end by themselves, with what they last at most.
var soakFaults = []simulator.Fault{
	{Name: "error", Command: "+CM", Times: 3}, {Name: "error", Command: "+CMGS", Times: 2, Code: 38}, {Name: "error", Command: "+C", Times: 2, Code: 14},
	{Name: "no-answer"}, {Name: "no-answer", Command: "+CMGS"}, {Name: "no-answer", Command: "+CMGL"},
	{Name: "reboot"}, {Name: "reboot", Command: "+CMGS"}, {Name: "reboot", Command: "+CMGS", Code: 1}, {Name: "reboot", Command: "D"},
	{Name: "network-lost", For: 2 * time.Minute}, {Name: "late"}, {Name: "late", Command: "+CSQ", For: 20 * time.Second}, {Name: "lost-after-accept"},
	{Name: "garbage"}, {Name: "garbage", Command: "+CMGS"}, {Name: "unplug", For: time.Minute}, {Name: "unplug", Command: "+CMGS", Code: 1, For: 10 * time.Second},
	{Name: "jamming", For: time.Minute}, {Name: "under-voltage", For: time.Minute},
	{Name: "silence", For: time.Minute}, {Name: "silence", Command: "+CMGS", For: 2 * time.Minute}, {Name: "silence", Code: 1}, {Name: "network-stuck"}, {Name: "network-stuck", Code: 2},
	{Name: "bare-error", Times: 3}, {Name: "brown-out"}, {Name: "sim-out", For: time.Minute}, {Name: "storage-full"}, {Name: "echo"}, {Name: "slow-line"},
	{Name: "drop"}, {Name: "drop", Count: 200}, {Name: "add", Count: 20},
}

// soakAlarm is a zone that is an alarm at any time, and who is told of it.
const soakAlarm = "ev1527:0000C0"

var soakTold = []string{annaPhone, tomPhone, benPhone, cleoPhone, doraPhone}

// TestSoak lets a household live with a bad modem for half an hour, or for
// GSMPANEL_SOAK hours: nobody may stay untold, and nothing may pile up.
func TestSoak(t *testing.T) {
	t.Parallel()
	hours, seed := 0.5, uint64(1)
	if n, err := strconv.ParseFloat(os.Getenv("GSMPANEL_SOAK"), 64); err == nil {
		hours, seed = n, uint64(time.Now().UnixNano())
	}
	if n, err := strconv.ParseUint(os.Getenv("GSMPANEL_SOAK_SEED"), 10, 64); err == nil {
		seed = n
	}
	t.Logf("GSMPANEL_SOAK_SEED=%d", seed)
	dir := filepath.Join(t.TempDir(), "data")
	st, err := store.Open(dir, store.Options{Cost: fastCost})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	c, _, err := st.Load()
	if err != nil {
		t.Fatal(err)
	}
	furnished(t, stackOptions{}, st, c, seeded(seed), st.Key())
	synctest.Test(t, func(t *testing.T) {
		k := newSoak(t, seed, dir, st)
		k.alone = os.Getenv("GSMPANEL_SOAK") != ""
		ctx, stop := context.WithCancel(t.Context())
		var edges sync.WaitGroup
		ready := make(chan struct{})
		edges.Go(func() {
			if err := k.panel.Run(ctx, func() { edges.Go(func() { _ = k.line.run(ctx) }); close(ready) }); err != nil { // the line ends with ctx
				t.Error(err)
			}
		})
		defer func() {
			stop()
			edges.Wait()
			k.sim.Close()
		}()
		<-ready
		k.live(time.Duration(hours * float64(time.Hour)))
	})
}

func newSoak(t *testing.T, seed uint64, dir string, st *store.Store) *soak {
	c, s, err := st.Load()
	if err != nil {
		t.Fatal(err)
	}
	k := &soak{t: t, rnd: mathrand.New(mathrand.NewPCG(seed, 2)), dir: dir, clock: &bubbleClock{began: time.Now()}, told: map[string]int{}, fault: map[string]int{}}
	k.sim = simulator.New(simulator.Options{Now: k.clock.network, Seed: seed, Event: k.happened})
	k.sim.SetPhone(benPhone, simulator.Behaviour{AnswerAfter: 7 * time.Second, Digits: "1"})
	k.sim.SetPhone(cleoPhone, simulator.Behaviour{Voicemail: true})
	log := slog.New(slog.DiscardHandler)
	k.line = newLine(modem.New(modem.Options{Open: func() (io.ReadWriteCloser, error) { return k.sim.Line(), nil }, Log: log}), &wallClock{})
	k.panel = panel.New(c, s, panel.Shell{Store: st, Key: st.Key(), Random: seeded(seed + 1), Line: k.line, Siren: func(string) {},
		Clock: k.clock.now, BootID: "one", Log: log})
	k.line.post, k.line.text, k.line.shown = k.panel.Post, k.panel.Receive, k.panel.InHouse
	return k
}

// happened counts texts. The simulator's phones keep all of them, which is the
// test's memory and not the panel's.
func (k *soak) happened(e simulator.Event) {
	if e.Kind != "delivered" {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.texts++
	k.came = append(k.came, fmt.Sprintf("%s %s: %s", time.Since(k.clock.began), e.Number, e.Body))
	if strings.HasPrefix(e.Body, "BURGLARY Cellar") {
		k.told[e.Number]++
	}
}

// live plays rounds of an alarm with its faults until the time is over.
func (k *soak) live(long time.Duration) {
	if err := k.panel.Edit(k.t.Context(), panel.AddZone{Zone: zones.Zone{Name: "Cellar", Type: zones.Always, Sensor: soakAlarm}}); err != nil {
		k.t.Fatal(err)
	}
	time.Sleep(time.Minute)
	rounds, began := 0, time.Now()
	first := k.quiet()
	k.t.Logf("at first: %s", first)
	for ; time.Since(began) < long && !k.t.Failed(); rounds++ {
		k.round(rounds)
	}
	last := k.quiet()
	k.t.Logf("after %s, %d alarms, %d texts, faults %v: %s", time.Since(began).Round(time.Minute), rounds, k.texts, k.fault, last)
	if last.goroutines != first.goroutines {
		buf := make([]byte, 1<<20)
		k.t.Errorf("there are %d goroutines after %d at first:\n%s", last.goroutines, first.goroutines, buf[:runtime.Stack(buf, true)])
	}
	if k.alone && last.heap > first.heap+4<<20 {
		k.t.Errorf("the heap has %d bytes after %d at first", last.heap, first.heap)
	}
	// The journal holds 5,000 entries; each has its row. The rest has one size.
	if most := 4*first.file + 1<<20 + 5000*1024; last.file > most {
		k.t.Errorf("the database has %d bytes after %d at first", last.file, first.file)
	}
}

// round is one alarm amid faults, of which everybody must have heard within ten
// minutes after the last.
func (k *soak) round(n int) {
	k.chores()
	k.disarm(n) // so that this is an alarm of its own, not a further zone of another
	k.mu.Lock()
	clear(k.told)
	k.came = nil
	k.mu.Unlock()
	for range 1 + k.rnd.IntN(3) {
		k.breaks()
	}
	k.panel.Post(panel.Pressed{ID: soakAlarm})
	for range k.rnd.IntN(3) {
		time.Sleep(time.Duration(k.rnd.IntN(40)) * time.Second)
		k.breaks()
	}
	time.Sleep(3*time.Minute + 10*time.Minute)
	k.mu.Lock()
	for _, number := range soakTold {
		if k.told[number] == 0 {
			k.t.Errorf("round %d: %s was not told, others were: %v; faults so far %v", n, number, k.told, k.fault)
		}
	}
	if k.t.Failed() {
		k.t.Logf("%s\n%s", strings.Join(k.came, "\n"), k.journal())
	}
	k.mu.Unlock()
	k.disarm(n)
}

// disarm texts until that was understood.
func (k *soak) disarm(n int) {
	for try := 0; k.state() != "disarmed"; try++ {
		if try == 10 {
			k.t.Fatalf("round %d: the panel is %s, whatever Anna texts\n%s", n, k.state(), k.journal())
		}
		k.text(annaPhone, annaFirst+" DISARM")
		time.Sleep(2 * time.Minute)
	}
}

// breaks makes a fault.
func (k *soak) breaks() {
	f := soakFaults[k.rnd.IntN(len(soakFaults))]
	if err := k.sim.Fault(f); err != nil {
		k.t.Fatal(err)
	}
	k.mu.Lock()
	k.fault[f.Name]++
	k.mu.Unlock()
}

// chores are what else goes on in a house.
func (k *soak) chores() {
	for range k.rnd.IntN(6) {
		switch k.rnd.IntN(8) {
		case 0:
			k.text(annaPhone, annaFirst+" ARM")
			time.Sleep(2 * time.Minute)
			k.panel.Post(panel.Pressed{ID: hallDoor})
		case 1:
			k.text(tomPhone, tomDigits+" STATUS")
		case 2:
			k.text(strangerPhone, "You have won")
		case 3:
			k.text(annaPhone, "640251 STATUS")
		case 4:
			k.text(annaPhone, annaSecond+" DISARM") // duress
		case 5:
			_ = k.sim.Call(strangerPhone) // in vain where the network is lost
		case 6:
			k.text(tomPhone, tomDigits+" LOG 9 "+strings.Repeat("and a long text ", 20))
		case 7:
			for range 100 { // what a receiver hears of the neighbours
				k.panel.Post(panel.Pressed{ID: kitchenWindow})
			}
		}
		time.Sleep(time.Duration(k.rnd.IntN(240)) * time.Second)
	}
}

func (k *soak) text(from, body string) {
	if err := k.sim.Text(from, body); err != nil {
		k.t.Fatal(err)
	}
}

func (k *soak) state() string {
	o, err := k.panel.Outward(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	return o.State
}

// journal is its end.
func (k *soak) journal() string {
	entries, err := k.panel.Log(k.t.Context(), 60)
	if err != nil {
		k.t.Error(err)
	}
	var b strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&b, "%s %s: %s\n", e.Time.Format(time.TimeOnly), e.Event, e.Text)
	}
	return b.String()
}

// weight is what may not grow.
type weight struct {
	goroutines int
	heap       uint64
	file       int64
}

func (w weight) String() string {
	return fmt.Sprintf("%d goroutines, %d KiB of heap with the simulator's, %d KiB of database", w.goroutines, w.heap>>10, w.file>>10)
}

// quiet weighs what is there once everything waits.
func (k *soak) quiet() (w weight) {
	synctest.Wait()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	info, err := os.Stat(filepath.Join(k.dir, store.DatabaseFile))
	if err != nil {
		k.t.Fatal(err)
	}
	return weight{bubbled(), m.HeapAlloc, info.Size()}
}

// bubbled counts the goroutines of this bubble: those of other tests run beside it.
func bubbled() int {
	buf := make([]byte, 4<<20)
	all := string(buf[:runtime.Stack(buf, true)])
	mine, _, _ := strings.Cut(all, "\n")
	_, bubble, _ := strings.Cut(mine, "synctest bubble ")
	bubble, _, _ = strings.Cut(bubble, "]")
	return strings.Count(all, "synctest bubble "+bubble+"]")
}
