package control

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gsmpanel/gsmpanel/radio"
)

// air is a place where radios talk. Each learner hears what is said from when it
// came, a few things at a time, and waits for what it calls as a slow one may.
type air struct {
	mu     sync.Mutex
	ears   map[chan Learnt]bool
	refuse error
	missed int
}

func (a *air) learn(ctx context.Context, each func(Learnt) error) error {
	ear := make(chan Learnt, 8)
	a.mu.Lock()
	if a.refuse != nil {
		a.mu.Unlock()
		return a.refuse
	}
	if a.ears == nil {
		a.ears = map[chan Learnt]bool{}
	}
	a.ears[ear] = true
	a.mu.Unlock()
	defer func() { a.mu.Lock(); defer a.mu.Unlock(); delete(a.ears, ear) }()
	for {
		select {
		case <-ctx.Done():
			return nil
		case l := <-ear:
			if err := each(l); err != nil {
				return err
			}
		}
	}
}

func (a *air) say(l Learnt) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for ear := range a.ears {
		select {
		case ear <- l:
		default:
			a.missed++
		}
	}
}

func (a *air) learners() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.ears)
}

func code(n int) Learnt {
	return Learnt{Finding: &radio.Finding{Family: radio.FamilyEV1527, ID: fmt.Sprintf("ev1527:%06X", n), SNR: 21.5, Frames: 2, Like: "ev1527:5A3C9E", Part: radio.PartClose}}
}

func TestLearnComesThroughAsItIs(t *testing.T) {
	d := &fakeDesk{}
	c, _, log := serve(t, d)
	ctx, cancel := context.WithCancel(t.Context())
	got, ended := make(chan Learnt, 10), make(chan error, 1)
	go func() { ended <- c.Learn(ctx, 60, func(l Learnt) { got <- l }) }()
	wait(t, "the learner", func() bool { return d.air.learners() == 1 })
	for _, want := range []Learnt{
		{Down: []string{"receiver 2 of 2, exec: gone"}}, code(0x5A3C97), {Finding: &radio.Finding{Family: "simplisafe", Frames: 1}}, {},
	} {
		d.air.say(want)
		if l := <-got; !reflect.DeepEqual(l, want) {
			t.Errorf("got %+v instead of %+v", l, want)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Learn ended with %v", err)
	}
	wait(t, "the panel to see that the client has gone", func() bool { return d.air.learners() == 0 })
	if !strings.Contains(log.String(), "msg=learn uid=") {
		t.Errorf("the log does not say who learnt:\n%s", log)
	}
}

func TestWhatLearnRefuses(t *testing.T) {
	for seconds, want := range map[int]string{
		0: "cannot listen for 0 seconds; 1 to 3600 are allowed", -3: "cannot listen for -3 seconds",
		3601: "cannot listen for 3601 seconds", 30: "the list is full",
	} {
		c, _, _ := serve(t, &fakeDesk{air: air{refuse: errRefused}})
		var e *Error
		err := c.Learn(t.Context(), seconds, func(l Learnt) { t.Errorf("learnt %+v", l) })
		if !errors.As(err, &e) || !strings.Contains(e.Sentence, want) || seconds == 30 && e.Hint() != "ask Ben" {
			t.Errorf("%d seconds: %v", seconds, err)
		}
	}
}

// The seconds end it well, and no sooner; a client that has hung up ends it at once.
func TestLearnEndsInTime(t *testing.T) {
	for _, c := range []struct {
		name   string
		hangUp time.Duration // 0 never
		want   time.Duration
	}{
		{"by itself", 0, 3600 * time.Second},
		{"when the client hangs up", 5 * time.Second, 5 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, began := &fakeDesk{}, time.Now()
				client, ended := pipe(t, d)
				if c.hangUp > 0 {
					time.AfterFunc(c.hangUp, func() { _ = client.Close() })
				}
				ask(t, client, `{"do":"learn","seconds":3600}`)
				answer, _ := io.ReadAll(client) // of a pipe that was closed here it has an error
				<-ended
				if took := time.Since(began); took != c.want {
					t.Errorf("it took %s", took)
				}
				if wellEnded := string(answer) == `{"ok":true}`+"\n"; wellEnded != (c.hangUp == 0) {
					t.Errorf("it answered %q", answer)
				}
			})
		})
	}
}

func ask(t *testing.T, client net.Conn, line string) {
	t.Helper()
	if _, err := io.WriteString(client, line+"\n"); err != nil {
		t.Fatal(err)
	}
}

// A client that does not read holds up neither the air nor another, and is
// dropped.
func TestASlowLearnerIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &fakeDesk{}
		slow, slowEnded := pipe(t, d)
		quick, quickEnded := pipe(t, d)
		ask(t, slow, `{"do":"learn","seconds":3600}`)
		ask(t, quick, `{"do":"learn","seconds":60}`)
		lines := bufio.NewReader(quick)
		synctest.Wait()
		before := time.Now()
		for n := range 100 {
			d.air.say(code(n + 1))
			r, err := next(lines)
			if err != nil || r.Learnt == nil || !reflect.DeepEqual(*r.Learnt, code(n+1)) {
				t.Fatalf("the quick one got %+v, %v", r, err)
			}
		}
		if time.Now() != before {
			t.Error("the air waited for a client")
		}
		<-slowEnded
		if took := time.Since(before); took != writeTime {
			t.Errorf("it was dropped after %s", took)
		}
		if d.air.missed == 0 {
			t.Error("the test is blind: the slow one had room for everything")
		}
		if r, err := next(lines); err != nil || !r.OK {
			t.Errorf("the quick one's end is %+v, %v", r, err)
		}
		<-quickEnded
	})
}

// Learners come and go while much is said; each hears, in order, what it hears.
func TestManyLearners(t *testing.T) {
	d := &fakeDesk{}
	c, _, _ := serve(t, d)
	talk, quiet := context.WithCancel(t.Context())
	defer quiet()
	go func() {
		for n := 1; talk.Err() == nil; n++ {
			d.air.say(code(n))
			time.Sleep(100 * time.Microsecond)
		}
	}()
	var all sync.WaitGroup
	for range maxClients / 2 {
		all.Go(func() {
			for range 3 {
				last, heard := "", 0
				ctx, cancel := context.WithCancel(t.Context())
				err := c.Learn(ctx, 60, func(l Learnt) {
					if l.Finding.ID <= last {
						t.Errorf("%s was heard after %s", l.Finding.ID, last)
					}
					if last, heard = l.Finding.ID, heard+1; heard == 5 {
						cancel()
					}
				})
				if cancel(); err != nil || heard < 5 {
					t.Errorf("heard %d, %v", heard, err)
				}
			}
		})
	}
	all.Wait()
	wait(t, "all learners to have gone", func() bool { return d.air.learners() == 0 })
}

func TestLearnEndsWithThePanel(t *testing.T) {
	d := &fakeDesk{}
	path := filepath.Join(t.TempDir(), "s")
	l, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served, learnt := make(chan error, 1), make(chan error, 1)
	go func() { served <- Serve(ctx, l, d, d.follow, d.air.learn, quiet) }()
	c, err := Dial(path)
	if err != nil {
		t.Fatal(err)
	}
	go func() { learnt <- c.Learn(t.Context(), 3600, func(Learnt) {}) }()
	wait(t, "the learner", func() bool { return d.air.learners() == 1 })
	stop()
	if err := <-learnt; err == nil || !strings.Contains(err.Error(), "the panel stopped") {
		t.Errorf("Learn ended with %v", err)
	}
	if err := <-served; err != nil {
		t.Errorf("Serve ended with %v", err)
	}
}
