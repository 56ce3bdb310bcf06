package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/store"
	"github.com/gsmpanel/gsmpanel/zones"
)

// killed is a household whose panel is killed again and again.
type killed struct {
	name   string
	dir    string
	rnd    *mathrand.Rand
	sim    *simulator.Modem
	air    *os.File
	starts []startTime

	slowest slowStory

	mu     sync.Mutex
	daemon *process
	armed  *moment
	struck chan moment // the daemon has been killed
	log    string      // of the daemon that was started last
	spoke  time.Time   // first octet that it sent to the modem
	busy   time.Time   // when the sending of a text last came further
	inMid  bool        // of sending one
}

// slowStory is how long a story took in which the panel was killed then.
type slowStory struct {
	took   time.Duration
	killed moment
}

// startTime is how long a daemon needs until it speaks to the modem, and until
// it is ready.
type startTime struct{ speaks, ready time.Duration }

// furnishKilled makes the data directory that every household begins with.
func furnishKilled(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	st, err := store.Open(dir, store.Options{Cost: duress.Cost{Time: 1, MemoryKiB: 256}})
	if err != nil {
		t.Fatal(err)
	}
	c, s, err := st.Load()
	if err != nil {
		t.Fatal(err)
	}
	name, address, zone, country := "Mill Lane", "12 Mill Lane, Hexton", "Europe/London", "GB"
	edits := []panel.Edit{panel.SetSite{Name: &name, Address: &address, Zone: &zone, Country: &country}}
	for n, number := range killNumbers {
		edits = append(edits, panel.AddContact{Quiet: true, Contact: alert.Contact{Name: killNames[n], Number: number, Control: n == 0, OffSite: n > 0}})
	}
	for n := range killDoors {
		edits = append(edits, panel.AddZone{Zone: zones.Zone{Name: fmt.Sprintf("Door %d", n+1), Type: zones.Entry, Sensor: fmt.Sprintf("ev1527:%06X", n+1)}})
	}
	for _, setting := range []string{"exit-delay", "entry-delay", "abort-window"} {
		edits = append(edits, panel.Set{Name: setting, Value: "0"})
	}
	desk := panel.NewOffline(c, s, st, st.Key(), rand.Reader, time.Now)
	for _, e := range edits {
		if err := desk.Edit(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range []panel.CodeRequest{
		{Do: "add", Name: "Anna", Kind: duress.User, New: houseCode},
		{Do: "add", Name: "Anna", Kind: duress.Duress, Present: houseCode, New: houseOther},
	} {
		if err := desk.Codes(context.Background(), r, func(int, int) {}); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func newKilled(t *testing.T, name, like string, rnd *mathrand.Rand) (*killed, error) {
	k := &killed{name: name, dir: t.TempDir(), rnd: rnd, struck: make(chan moment, 1)}
	if err := os.CopyFS(k.path("data"), os.DirFS(like)); err != nil {
		return nil, err
	}
	for _, f := range []struct {
		name string
		mode os.FileMode
	}{{"data", 0o700}, {"data/" + store.KeyFile, 0o600}, {"data/" + store.DatabaseFile, 0o600}} {
		if err := os.Chmod(k.path(f.name), f.mode); err != nil {
			return nil, err
		}
	}
	k.sim = simulator.New(simulator.Options{SendTime: 30 * time.Millisecond, SetupTime: 10 * time.Millisecond, Event: k.event, Wire: k.wire})
	// Quick phones: nobody lets one ring.
	k.sim.SetPhone(killNumbers[0], simulator.Behaviour{Busy: true})
	for _, number := range killNumbers[1:] {
		k.sim.SetPhone(number, simulator.Behaviour{AnswerAfter: 10 * time.Millisecond})
	}
	if _, err := k.sim.PTY(k.path("modem")); err != nil {
		return nil, err
	}
	var err error
	if k.air, err = openPipe(k.path("air")); err != nil {
		return nil, err
	}
	return k, k.watchDatabase(t)
}

func (k *killed) path(name string) string { return filepath.Join(k.dir, name) }

func (k *killed) close() {
	k.disarm()
	k.mu.Lock()
	daemon := k.daemon
	k.mu.Unlock()
	if daemon != nil {
		daemon.kill()
	}
	k.sim.Close()
	k.air.Close()
}

// start starts the panel, waits until it is ready and notes how long it took.
// The story goes on meanwhile.
func (k *killed) start() error {
	began := time.Now()
	k.mu.Lock()
	k.log, k.spoke = k.path(fmt.Sprintf("panel-%d.log", len(k.starts))), time.Time{}
	var err error
	k.daemon, err = startProcess(k.log, nil, "gsmpanel", "run", "--data", k.path("data"), "--modem", k.path("modem"), "--radio", "exec:exec cat '"+k.path("air")+"'")
	k.mu.Unlock()
	if err != nil {
		return err
	}
	if err := untilReady(k.log); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.starts = append(k.starts, startTime{k.spoke.Sub(began), time.Since(began)})
	return nil
}

// journalIsWhole kills the panel once more and looks at what it has on the disk: each
// story's alarm once, and no number missing.
func (k *killed) journalIsWhole() error {
	k.daemon.kill()
	s, err := store.Open(k.path("data"), store.Options{})
	if err != nil {
		return err
	}
	entries, err := s.Entries(0)
	alarms := 0
	for n, e := range entries {
		if e.Number != uint64(n+1) {
			err = errors.Join(err, fmt.Errorf("entry %d stands where %d must", e.Number, n+1))
		}
		if e.Event == "alarm" {
			alarms++
		}
	}
	if alarms != killStories {
		err = errors.Join(err, fmt.Errorf("the journal has %d alarms of %d stories", alarms, killStories))
	}
	return errors.Join(err, s.Close())
}

// tellTime lets the modem learn the network's time, as it does when it finds a
// network: a text that is found on the SIM at a start can then be seen to be new.
func (k *killed) tellTime() error {
	if err := k.sim.Fault(simulator.Fault{Name: "network-lost", For: time.Millisecond}); err != nil {
		return err
	}
	time.Sleep(300 * time.Millisecond)
	return nil
}

// event is told by the simulator before the panel can see what follows from it.
func (k *killed) event(e simulator.Event) {
	if strings.HasPrefix(e.Kind, "cmgs-") {
		k.mu.Lock()
		k.busy, k.inMid = time.Now(), e.Kind != "cmgs-ok"
		k.mu.Unlock()
	}
	k.strike(e.Kind)
	if e.Kind == "answered" && e.Number == killNumbers[1] {
		_ = k.sim.Digits(e.Number, "1") // in vain where the call is over
	}
}

// sent waits until the text that is on its way is sent.
func (k *killed) sent() error {
	for sending := true; sending; time.Sleep(time.Millisecond) {
		k.mu.Lock()
		sending = k.inMid
		k.mu.Unlock()
	}
	return nil
}

// quiet waits until no text is being sent any more, so that one that is sent
// again counts in the story that it belongs to.
func (k *killed) quiet() {
	for calm := false; !calm; time.Sleep(10 * time.Millisecond) {
		k.mu.Lock()
		calm = time.Since(k.busy) > 100*time.Millisecond
		k.mu.Unlock()
	}
}

func (k *killed) wire(at time.Time, fromModem bool, b []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !fromModem && k.spoke.IsZero() {
		k.spoke = at
	}
}

// strike kills the panel if this is the moment.
func (k *killed) strike(event string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	m := k.armed
	if m == nil || m.event != event {
		return
	}
	if m.nth--; m.nth > 0 {
		return
	}
	k.armed = nil
	daemon := k.daemon
	if m.after == 0 {
		daemon.kill()
		k.struck <- *m
		return
	}
	time.AfterFunc(m.after, func() {
		daemon.kill()
		k.struck <- *m
	})
}

// arm sets the moment of the next kill.
func (k *killed) arm(m moment) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.armed = &m
}

// disarm takes the moment back, and tells whether it had not come yet.
func (k *killed) disarm() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	waited := k.armed != nil
	k.armed = nil
	return waited
}

// watchDatabase tells of every write to the database's file.
func (k *killed) watchDatabase(t *testing.T) error {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return err
	}
	watch := os.NewFile(uintptr(fd), "inotify")
	t.Cleanup(func() { watch.Close() })
	if _, err := unix.InotifyAddWatch(fd, k.path("data/"+store.DatabaseFile), unix.IN_MODIFY); err != nil {
		return err
	}
	go func() {
		for b := make([]byte, 4096); ; {
			n, err := watch.Read(b)
			if err != nil {
				return
			}
			for range n / unix.SizeofInotifyEvent { // a watch of a file has no names
				k.strike(writing)
			}
		}
	}()
	return nil
}
