package main

import (
	"cmp"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The daemon is killed once in each story: in the odd ones during a burglary,
// in the even ones during what follows a disarm under duress.
const (
	killHouses  = 3  // at once; each waits for its modem most of the time. Or GSMPANEL_KILLS
	killStories = 6  // of each house, one after another
	killDoors   = 12 // a door may trip again after 10 s
)

// killNumbers are the phones: Anna's is in the house.
var killNumbers = []string{"+447700900011", "+447700900012", "+447700900013", "+447700900014"}

var killNames = []string{"Anna", "Ben", "Cleo", "Dora"}

// moment is when the daemon is killed: the nth event of a kind, and so long
// after it. A commit's event is a write to the database's file.
type moment struct {
	event string
	nth   int
	after time.Duration
}

const writing = "a write of the database"

func (m moment) String() string { return fmt.Sprintf("%s after %s no. %d", m.after, m.event, m.nth) }

// inside tells whether the moment lies between a text's AT+CMGS and its OK, or
// within a commit.
func (m moment) inside() bool {
	return m.event == writing || strings.HasPrefix(m.event, "cmgs-") && m.event != "cmgs-ok"
}

// pick chooses a moment of a phase in which texts are sent. Of ten, five lie in
// the sending of a text, two in a commit.
func pick(rnd *mathrand.Rand, n, texts, writes int, other string) moment {
	nth := 1 + rnd.IntN(texts)
	switch n % 10 {
	case 0, 1:
		return moment{"cmgs-prompt", nth, 0}
	case 2, 3:
		return moment{"cmgs-accepted", nth, 0}
	case 4:
		return moment{"cmgs-prompt", nth, time.Duration(rnd.IntN(25)) * time.Millisecond}
	case 5, 6:
		return moment{writing, 1 + rnd.IntN(writes), time.Duration(rnd.IntN(2)*rnd.IntN(300)) * time.Microsecond}
	case 7:
		return moment{"cmgs-ok", nth, time.Duration(rnd.IntN(5000)) * time.Microsecond}
	case 8: // an answered call, whose digit is on its way
		kinds := []string{"dialled", "ringing", "answered", "digits", "ended"}
		return moment{kinds[rnd.IntN(len(kinds))], 1, time.Duration(rnd.IntN(2)*rnd.IntN(20)) * time.Millisecond}
	}
	return moment{other, 1, time.Duration(rnd.IntN(40)) * time.Millisecond}
}

// TestKillNine kills the panel with SIGKILL, starts it again, and lets the story
// go on. What counts is what the phones show: everyone was told who must be, no
// text came more than once too often, no reply twice.
func TestKillNine(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the panel some forty times")
	}
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	if given, err := strconv.ParseUint(os.Getenv("GSMPANEL_KILL_SEED"), 10, 64); err == nil {
		seed = given
	}
	t.Logf("GSMPANEL_KILL_SEED=%d", seed)
	like := furnishKilled(t)
	var mu sync.Mutex
	var moments []moment
	var starts []startTime
	var slow []slowStory
	var all sync.WaitGroup
	houses, err := strconv.Atoi(os.Getenv("GSMPANEL_KILLS"))
	if err != nil {
		houses = killHouses
	}
	for n := range houses {
		all.Go(func() {
			k, err := newKilled(t, fmt.Sprintf("house %d", n), like, mathrand.New(mathrand.NewPCG(seed, uint64(n))))
			if err != nil {
				t.Error(err)
				return
			}
			defer k.close()
			struck, err := k.stories(n)
			if err == nil {
				err = k.journalIsWhole()
			}
			if err != nil {
				t.Errorf("seed %d, %s: %v", seed, k.name, err)
			}
			mu.Lock()
			defer mu.Unlock()
			moments, starts, slow = append(moments, struck...), append(starts, k.starts...), append(slow, k.slowest)
		})
	}
	all.Wait()
	reportKills(t, moments, starts)
	t.Logf("the longest story of each house: %v", slow)
}

func reportKills(t *testing.T, moments []moment, starts []startTime) {
	inside, kinds := 0, map[string]int{}
	for _, m := range moments {
		kinds[m.event]++
		if m.inside() {
			inside++
		}
	}
	t.Logf("%d kills, %d of them in the sending of a text or in a commit: %v", len(moments), inside, kinds)
	if !t.Failed() && (len(moments) < killHouses*killStories*9/10 || 2*inside < len(moments)) {
		t.Errorf("only %d kills, %d of them in the sending of a text or in a commit", len(moments), inside)
	}
	if len(starts) > 0 {
		slices.SortFunc(starts, func(a, b startTime) int { return cmp.Compare(a.ready, b.ready) })
		t.Logf("start of the panel, median of %d: %s until it speaks to the modem, %s until it is ready", len(starts),
			starts[len(starts)/2].speaks.Round(time.Millisecond), starts[len(starts)/2].ready.Round(time.Millisecond))
	}
}

// stories plays them until one goes wrong, and returns when the panel was killed.
func (k *killed) stories(house int) (struck []moment, err error) {
	if err := errors.Join(k.start(), k.tellTime()); err != nil {
		return nil, err
	}
	for n := range killStories {
		s := &story{killed: k, door: n%killDoors + 1, had: map[string]int{}}
		for _, number := range killNumbers {
			s.had[number] = len(k.texts(number))
		}
		kind, began := 3*house+n/2, time.Now()
		if n%2 == 0 {
			s.planned = pick(k.rnd, kind, 8, 30, "ended")
			err = s.burglary()
		} else {
			s.planned = pick(k.rnd, kind, 13, 50, "text-stored")
			err = s.duress()
		}
		if took := time.Since(began); took > k.slowest.took {
			k.slowest = slowStory{took, s.struck}
		}
		k.quiet()
		if err = errors.Join(err, s.verify()); err != nil {
			return struck, fmt.Errorf("story %d, killed %s (%v):\n%w\n%s", n, s.planned, s.over, err, s.show())
		}
		struck = append(struck, s.struck)
	}
	return struck, nil
}

func (k *killed) texts(number string) []string { return textsOf(k.sim, number) }

func (k *killed) calls(number string) int { return len(phoneOf(k.sim, number).Calls) }

// story is one burglary, and one kill of the panel.
type story struct {
	*killed
	door    int
	had     map[string]int // texts of each phone before
	planned moment         // of the kill
	struck  moment         // when it was
	over    bool           // it has been
	silent  bool           // the panel had not answered to DISARM by then
}

const afterwards = "the end of the story"

func (s *story) got(number string) []string { return s.texts(number)[s.had[number]:] }

// until waits for texts with part to all the numbers. It starts the panel again
// when that has been killed.
func (s *story) until(part string, numbers ...string) error {
	late := time.After(mostWait)
	for {
		select {
		case m := <-s.killed.struck:
			if err := s.restart(m); err != nil {
				return err
			}
		case <-late:
			return fmt.Errorf("not all of %v have a text with %q", numbers, part)
		case <-time.After(4 * time.Millisecond):
		}
		if !slices.ContainsFunc(numbers, func(n string) bool { return countOf(s.got(n), part) == 0 }) {
			return nil
		}
	}
}

func (s *story) restart(m moment) error {
	s.struck, s.over = m, true
	answered := countOf(s.got(killNumbers[0]), "Disarmed.") > 0
	for _, number := range killNumbers {
		answered = answered || countOf(s.got(number), "CANCEL") > 0 || countOf(s.got(number), "DURESS") > 0
	}
	s.silent = !answered
	if err := s.start(); err != nil {
		return err
	}
	if m.event == writing && countOf(s.got(killNumbers[0]), "BURGLARY") == 0 {
		return openDoor(s.air, s.door) // killed before the first commit, the panel has never heard of it
	}
	return nil
}

// ends sees to it that the panel has been killed once.
func (s *story) ends() error {
	if s.over {
		return nil
	}
	if s.disarm() {
		s.mu.Lock()
		daemon := s.daemon
		s.mu.Unlock()
		daemon.kill()
		return s.restart(moment{event: afterwards})
	}
	return s.restart(<-s.killed.struck)
}

// steps does one thing after another while all goes well.
func steps(do ...func() error) error {
	for _, f := range do {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) says(number, body string) func() error {
	return func() error { return s.sim.Text(number, body) }
}

func (s *story) sees(part string, numbers ...string) func() error {
	return func() error { return s.until(part, numbers...) }
}

// closes texts CLOSE with the token in the text that has part.
func (s *story) closes(number, part string) func() error {
	return func() error { return s.sim.Text(number, "CLOSE "+digitsAfter(s.got(number), part, "CLOSE ")) }
}

func (s *story) breaksIn() error { return openDoor(s.air, s.door) }

// burglary is killed between the door and Ben's having taken it.
func (s *story) burglary() error {
	anna, ben, friends := killNumbers[0], killNumbers[1], killNumbers[1:]
	return steps(
		s.says(anna, houseCode+" ARM"), s.sees("Armed away.", anna), s.sent,
		func() error { s.arm(s.planned); return nil },
		s.breaksIn, s.sees("BURGLARY Door", killNumbers...),
		s.sees("You have it: BURGLARY", ben), s.sees("Ben has taken it: BURGLARY", anna, killNumbers[2], killNumbers[3]),
		s.ends,
		s.says(anna, houseCode+" DISARM"), s.sees("Disarmed.", anna), s.sees("CANCEL: disarmed by Anna", friends...),
	)
}

// duress is killed between a disarm under duress and its end.
func (s *story) duress() error {
	anna, ben, cleo, friends := killNumbers[0], killNumbers[1], killNumbers[2], killNumbers[1:]
	rung := 0
	return steps(
		s.says(anna, houseCode+" ARM"), s.sees("Armed away.", anna),
		s.breaksIn, s.sees("BURGLARY Door", killNumbers...),
		func() error { s.arm(s.planned); return nil },
		s.says(anna, houseOther+" DISARM"), s.sees("DURESS Anna forced to disarm", friends...),
		func() error { rung = s.calls(anna); return nil },
		s.sees("You have it. When police", ben), s.sees("Ben has taken it: DURESS", killNumbers[2:]...),
		s.closes(ben, "When police"), s.sees("Ben says it is over", killNumbers[2:]...),
		s.closes(cleo, "says it is over"), s.sees("Closed by Ben and Cleo", friends...),
		s.ends,
		func() error {
			if s.calls(anna) != rung {
				return errors.New("Anna's phone was rung after a disarm under duress")
			}
			return nil
		},
	)
}

// killTexts are all texts that there may be: to Anna, who may not be alone, and
// to the others.
var killTexts = [2][]string{
	{"Armed away.", "Disarmed.", "BURGLARY Door", "Ben has taken it: BURGLARY"},
	{"BURGLARY Door", "has taken it: ", "You have it", "CANCEL: disarmed by Anna", "DURESS Anna forced", "Ben says it is over", "Noted. One more", "Closed by Ben and Cleo"},
}

// verify counts what the phones show.
func (s *story) verify() error {
	var wrong []error
	again := 0
	for n, number := range killNumbers {
		copies := map[string]int{}
		for _, body := range s.got(number) {
			copies[body]++
			if !slices.ContainsFunc(killTexts[min(n, 1)], func(part string) bool { return strings.Contains(body, part) }) {
				wrong = append(wrong, fmt.Errorf("%s was texted %q", killNames[n], body))
			}
		}
		for body, count := range copies {
			again += count - 1
			if count > 2 {
				wrong = append(wrong, fmt.Errorf("%s was texted %d times: %q", killNames[n], count, body))
			}
		}
	}
	if again > 1 { // one line, so one text whose fate is unknown
		wrong = append(wrong, fmt.Errorf("%d texts were sent again after one kill", again))
	}
	return errors.Join(append(wrong, s.replied("Armed away.", false), s.replied("Disarmed.", s.silent))...)
}

// replied makes sure of one reply, or none where its fate may have been unknown.
func (s *story) replied(part string, mayLack bool) error {
	n := countOf(s.got(killNumbers[0]), part)
	if n == 1 || n == 0 && mayLack {
		return nil
	}
	return fmt.Errorf("Anna has the reply %q %d times", part, n)
}

// show is all that the phones got in this story, and what the panel said.
func (s *story) show() string {
	var b strings.Builder
	for n, number := range killNumbers {
		fmt.Fprintf(&b, "%s: %q\n", killNames[n], s.got(number))
	}
	said, err := os.ReadFile(s.log)
	fmt.Fprintf(&b, "%s: %s (%v)", s.log, said, err)
	return b.String()
}
