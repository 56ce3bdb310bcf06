package panel

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
)

// disk is a store in memory that may be slow, hang or fail.
type disk struct {
	mu      sync.Mutex
	slow    time.Duration
	hangs   time.Time // until then a commit does not return
	fails   bool
	commits int
	last    Snapshot
	entries []Entry
}

func (d *disk) Commit(s Snapshot) error {
	d.mu.Lock()
	wait := max(d.slow, time.Until(d.hangs))
	d.mu.Unlock()
	time.Sleep(wait)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fails {
		return &fs.PathError{Op: "write", Path: "gsmpanel.db", Err: syscall.ENOSPC}
	}
	d.commits++
	d.last = s
	d.entries = append(d.entries, s.Entries...)
	return nil
}

func (d *disk) Entries(int) ([]Entry, error) { return nil, nil }

func (d *disk) Backup(io.Writer) error { return nil }

func (d *disk) Recover(s Saved) (Config, bool) { return s.Config, true }

func (d *disk) set(change func(*disk)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(d)
}

func (d *disk) committed() Snapshot {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last
}

func (d *disk) says(text string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.ContainsFunc(d.entries, func(e Entry) bool { return strings.Contains(e.Text, text) })
}

// modem is a line in memory. It notes when each job was begun and ended.
type modem struct {
	t    *testing.T
	disk *disk

	mu        sync.Mutex
	jobs      []lineJob
	discarded map[uint64]time.Time
}

type lineJob struct {
	alert.Order
	began, ended time.Time
}

func (m *modem) begin(o alert.Order) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.jobs = append(m.jobs, lineJob{Order: o, began: time.Now()})
	return len(m.jobs) - 1
}

func (m *modem) end(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.jobs[n].ended = time.Now()
}

func (m *modem) Send(_ context.Context, o alert.Order) alert.Outcome {
	n := m.begin(o)
	time.Sleep(3 * time.Second)
	m.end(n)
	return alert.Outcome{Result: alert.SentOK, Ref: n}
}

func (m *modem) TakeCalls(bool) {}

func (m *modem) Reject(uint64) {}

func (m *modem) Call(ctx context.Context, o alert.Order, _ <-chan alert.Order, on CallEvents) alert.Outcome {
	n := m.begin(o)
	defer m.end(n)
	on.Ringing()
	select {
	case <-ctx.Done():
		return alert.Outcome{Result: alert.Broken}
	case <-time.After(time.Minute):
		return alert.Outcome{Result: alert.NoAnswer}
	}
}

func (m *modem) Discard(_ context.Context, id uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.discarded[id] = time.Now()
}

func (m *modem) Ask(context.Context, string) string { return "" }

func (m *modem) list() []lineJob {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.jobs)
}

func (m *modem) first(t *testing.T, begins string) lineJob {
	t.Helper()
	for _, j := range m.list() {
		if strings.HasPrefix(j.Body, begins) {
			return j
		}
	}
	t.Fatalf("no text begins with %q", begins)
	return lineJob{}
}

func (m *modem) gone(id uint64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return !m.discarded[id].IsZero()
}

// daemon is a running panel in a bubble of virtual time.
type daemon struct {
	*Panel
	disk  *disk
	modem *modem
	siren func() // nil: nothing
	stop  context.CancelFunc
	ended chan error
	texts uint64
	log   writable
}

// writable is a log that is written while it is read.
type writable struct {
	mu  sync.Mutex
	all strings.Builder
}

func (w *writable) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.all.Write(b)
}

func (w *writable) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.all.String()
}

func started(t *testing.T) *daemon {
	d := &daemon{disk: &disk{}, ended: make(chan error, 1)}
	d.modem = &modem{t: t, disk: d.disk, discarded: map[uint64]time.Time{}}
	boot := time.Now()
	d.Panel = New(template, NewState(42, 43), Shell{
		Store: d.disk, Key: testKey, Random: seeded(1), Line: d.modem, Siren: d.sound, BootID: "boot",
		Clock: func() (time.Duration, time.Time, bool) { return time.Since(boot), time.Now(), true },
		Log:   slog.New(slog.NewTextHandler(&d.log, nil)),
	})
	ctx, stop := context.WithCancel(t.Context())
	d.stop = stop
	ready := make(chan struct{})
	go func() { d.ended <- d.Run(ctx, func() { close(ready) }) }()
	<-ready
	d.Post(LineUp{Epoch: 1})
	d.Post(Heard{Registered: true})
	return d
}

func (d *daemon) sound(pattern string) {
	if pattern != "" && d.siren != nil {
		d.siren()
	}
}

func (d *daemon) end(t *testing.T) {
	t.Helper()
	d.stop()
	if err := <-d.ended; err != nil {
		t.Error(err)
	}
}

func (d *daemon) text(from, body string) uint64 {
	d.texts++
	d.Receive(Text{ID: d.texts, From: from, Body: body, Stamp: time.Now(), Parts: 1})
	return d.texts
}

func (d *daemon) armed() {
	d.text(anna, annaCode+" ARM")
	time.Sleep(5 * time.Minute)
}

func TestAlarmGoesOnWhileTheDiskHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.armed()
		d.disk.set(func(k *disk) { k.hangs = time.Now().Add(20 * time.Minute) })
		tripped := time.Now()
		d.Post(Pressed{ID: kitchen})
		time.Sleep(2 * time.Minute)
		id := d.text(anna, annaCode+" STATUS")
		time.Sleep(time.Minute)
		due := tripped.Add(30 * time.Second) // the abort window
		if j := d.modem.first(t, "BURGLARY"); j.began.Before(due) || j.began.Sub(due) > 5*time.Second {
			t.Errorf("the first text went %v after its time", j.began.Sub(due))
		}
		if d.modem.gone(id) {
			t.Error("a text was deleted from the SIM before it was safe")
		}
		time.Sleep(20 * time.Minute)
		if !d.disk.says("disk does not take the log") || !d.disk.says("burglary: Kitchen") {
			t.Error("the journal lacks the trouble or the alarm")
		}
		if !d.modem.gone(id) {
			t.Error("the text is still on the SIM")
		}
		d.end(t)
	})
}

func TestStoreThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		time.Sleep(time.Minute)
		d.disk.set(func(k *disk) { k.fails = true })
		told := time.Now()
		id := d.text(anna, annaCode+" ARM")
		time.Sleep(2 * time.Minute)
		if j := d.modem.first(t, "Arming away"); j.began.Sub(told) > 4*time.Second {
			t.Errorf("the reply went after %v", j.began.Sub(told))
		}
		if d.modem.gone(id) {
			t.Error("a text was deleted from the SIM although it is not safe")
		}
		if o, err := d.Outward(t.Context()); err != nil || len(o.Troubles) != 1 || o.Troubles[0].Text != "disk does not take the log (it is full)" {
			t.Errorf("shown are %+v, %v", o.Troubles, err)
		}
		d.disk.set(func(k *disk) { k.fails = false })
		time.Sleep(2 * time.Minute)
		if log := d.log.String(); strings.Count(log, "cannot write the database") != 1 || !strings.Contains(log, "the database is written again") {
			t.Errorf("the log of a disk that may be full is\n%s", log)
		}
		if !d.disk.says("arming away by Anna") || !d.modem.gone(id) {
			t.Error("what was held back is not there")
		}
		d.end(t)
	})
}

func TestCommitBeforeAct(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.disk.set(func(k *disk) { k.slow = time.Second })
		told := time.Now()
		id := d.text(anna, annaCode+" ARM")
		time.Sleep(900 * time.Millisecond)
		if n := len(d.modem.list()); n != 0 || d.modem.gone(id) {
			t.Errorf("%d jobs began before their commit", n)
		}
		time.Sleep(3 * time.Second)
		if j := d.modem.first(t, "Arming away"); j.began.Sub(told) < time.Second || d.disk.committed().State.Sealed.Line.Serial < j.Serial {
			t.Errorf("the reply went after %v", j.began.Sub(told))
		} else if !d.modem.discarded[id].After(j.began) {
			t.Error("the text was not deleted after the reply, but at once or never")
		}
		d.end(t)
	})
}

func TestEachJobIsStartedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.armed()
		d.Post(Pressed{ID: kitchen})
		time.Sleep(time.Minute) // the texts, then Anna's phone rings
		disarmed := time.Now()
		d.text(anna, annaCode+" DISARM")
		time.Sleep(5 * time.Minute)
		begun := map[uint64]int{}
		for _, j := range d.modem.list() {
			if begun[j.Serial]++; begun[j.Serial] > 1 {
				t.Errorf("job %d was started twice", j.Serial)
			}
			if j.Call && (j.ended.Before(disarmed) || j.ended.Sub(disarmed) > time.Second) {
				t.Errorf("the call ended %v after the disarm", j.ended.Sub(disarmed))
			}
		}
		if n := len(begun); n < 8 {
			t.Errorf("only %d jobs", n)
		}
		d.end(t)
	})
}

func TestJobHungUpBeforeItWasStarted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &modem{t: t, discarded: map[uint64]time.Time{}}
		done := make(chan Done, 4)
		w := newLineWork(m, func(e Event) {
			if e, ok := e.(Done); ok {
				done <- e
			}
		})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { w.run(ctx); close(ended) }()
		w.want(alert.Order{Serial: 1, To: anna, Body: "text"})
		time.Sleep(time.Second)
		w.want(alert.Order{Serial: 2, Call: true, To: anna})
		w.want(alert.Order{Serial: 2, Call: true, To: anna, HangUp: true})
		if e := <-done; e.Serial != 1 {
			t.Errorf("job %d ended first", e.Serial)
		}
		since := time.Now()
		if e := <-done; e.Serial != 2 || e.Outcome.Result != alert.Broken || time.Since(since) > time.Second {
			t.Errorf("%+v after %v", e, time.Since(since))
		}
		stop()
		<-ended
	})
}

func TestShutdownCommits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.disk.set(func(k *disk) { k.slow = time.Second })
		d.Post(Pressed{ID: cellar})
		d.Post(Edited{Set{"siren-time", "60"}})
		time.Sleep(10 * time.Millisecond)
		d.end(t)
		last := d.disk.committed()
		if !d.disk.says("burglary: Cellar") || last.Config.Zones.SirenTime != 60_000 || len(last.State.Book.Incidents) != 1 {
			t.Error("the last events are not on disk")
		}
	})
}

func TestFloodDelaysNoAlarm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.armed()
		go func() {
			for range floodTexts(10_000) {
				d.text(stranger, "111222 DISARM")
				time.Sleep(time.Millisecond)
			}
		}()
		time.Sleep(time.Second)
		tripped := time.Now()
		d.Post(Pressed{ID: kitchen})
		time.Sleep(time.Minute)
		due := tripped.Add(30 * time.Second)
		if j := d.modem.first(t, "BURGLARY"); j.began.Before(due) || j.began.Sub(due) > 2*time.Second {
			t.Errorf("the first text went %v after its time", j.began.Sub(due))
		}
		if o, err := d.Outward(t.Context()); err != nil || o.State != "triggered" {
			t.Errorf("shown is %q, %v", o.State, err)
		}
		d.end(t)
	})
}
