package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
)

// A story runs twice: the first time the digits that Anna texts are her ordinary
// code, the second time they are her duress code, or a word beside them is her
// duress word. So every byte that she sends is
// the same, and everything that comes out must be: what phones show that are not
// eligible, the siren, the status, the metrics, the journal, standard error, the trace, the
// commits and the modem's wire, to the nanosecond, with nothing masked.

// odd times keep what a story does apart from what the panel does a number of
// seconds after it, so that the order at one instant is never a matter of chance.
func odd(seconds int) time.Duration {
	return time.Duration(seconds)*time.Second + time.Duration(100+seconds*37%61*11)*time.Millisecond + 457*time.Microsecond
}

// twiceStory is an evening with one command under threat.
type twiceStory struct {
	name     string
	more     func(*stack)
	forced   time.Duration // when the command comes
	body     string        // what follows the code: words of a text, or a key of the keypad
	place    []string      // who gets a text because of it, in order, of those not eligible
	eligible []string      // told of the duress, in order
	calm     bool          // nobody texts while the duress run rings somebody
	word     bool          // it is a word of it that says so
}

func annas(word string) string { return annaFirst + " " + word }

// intrusion arms by text and opens the front door at ten past nine.
func intrusion(s *stack) {
	s.until(odd(60))
	s.text(tomPhone, tomDigits+" ARM")
	s.until(odd(600))
	s.trip(hallDoor)
}

var twiceStories = []twiceStory{
	{"in the entry delay", intrusion, odd(617), "DISARM", []string{annaPhone, tomPhone, evePhone}, []string{benPhone, cleoPhone}, false, false},
	{"in the abort window", intrusion, odd(645), "DISARM", []string{annaPhone, tomPhone, evePhone}, []string{benPhone, cleoPhone}, false, false},
	{"while the burglary is texted", intrusion, odd(668), "DISARM", []string{annaPhone, tomPhone, evePhone}, []string{benPhone, cleoPhone}, false, false},
	{"while the burglary is called", intrusion, odd(690), "DISARM", []string{annaPhone, tomPhone, evePhone}, []string{benPhone, cleoPhone, doraPhone}, false, false},
	{"at the keypad, in the entry delay", intrusion, odd(617), "\n", []string{tomPhone, evePhone}, []string{benPhone, cleoPhone}, false, false},
	{"at the keypad, while the burglary is called", intrusion, odd(690), "\n", []string{annaPhone, tomPhone, evePhone}, []string{benPhone, cleoPhone, doraPhone}, false, false},
	{"nothing has happened", func(*stack) {}, odd(615), "STATUS", []string{annaPhone}, []string{benPhone, cleoPhone}, false, false},
	{"with a duress word", intrusion, odd(617), "Disarm, MARIGOLD", []string{annaPhone, tomPhone, evePhone}, []string{benPhone, cleoPhone}, false, true},
}

// play runs a story, with commands of everyday life after the forced one: one
// while the duress run rings somebody, the others between its repeats.
func play(t *testing.T, y twiceStory, o stackOptions) *stack {
	t.Helper()
	o.disk, o.word = 2345678*time.Nanosecond, y.word
	return inBubble(t, o, func(s *stack) {
		s.sim.SetPhone(tomPhone, simulator.Behaviour{Rejects: true})
		s.sim.SetPhone(cleoPhone, simulator.Behaviour{AnswerAfter: 4 * time.Second})
		s.sim.SetPhone(doraPhone, simulator.Behaviour{Voicemail: true})
		y.more(s)
		s.until(y.forced)
		if typedKey(y.body) {
			s.types(annaFirst + y.body)
		} else {
			s.text(annaPhone, annas(y.body))
		}
		if !y.calm {
			s.until(whileCalling)
			s.text(annaPhone, annas("STATUS"))
		}
		for n, word := range []string{"STATUS", "LOG 3", "ARM", "DISARM"} {
			s.until(odd(1920 + 20*n))
			s.text(annaPhone, annas(word))
		}
		s.until(odd(2400))
	})
}

// typedKey tells whether a story's command is typed at the keypad.
func typedKey(body string) bool { return strings.Contains("\n*/", body) }

// whileCalling is when a text comes while the duress run rings somebody: its
// reply may be late by the hanging up, as by a text in flight.
var whileCalling = odd(730)

const (
	lateWindow = 10 * time.Second
	oneText    = 3 * time.Second
)

// difference is how somebody who sees the place could tell two runs of a story
// apart; "" if not at all.
func difference(y twiceStory, plain, forced *stack) string {
	a, b := plain.record.all(), forced.record.all()
	settled := firstSealed(b)
	for _, kind := range []string{"phone", "siren", "chirps", "shown", "polled", "examined", "scraped", "followed", "log", "trace", "wire"} {
		x, z := atPlace(a, kind, y, settled), atPlace(b, kind, y, settled)
		if d := firstDifference(x, z); d != "" {
			return kind + ":\n" + d
		}
	}
	if d := commitDifference(plain.store.seen(), forced.store.seen(), plain.began, forced.began, settled); d != "" {
		return "commits:\n" + d
	}
	if x, z := plain.kept(), forced.kept(); x != z {
		return "open part at the end:\n" + x + "\n--\n" + z
	}
	if x, z := exported(plain.store.last.Config.Public()), exported(forced.store.last.Config.Public()); string(x) != string(z) {
		return fmt.Sprintf("export:\n%s\n--\n%s", x, z)
	}
	return ""
}

// kept is what is stored in the open at the end, but for the time of the last
// step.
func (s *stack) kept() string {
	open := s.store.last.State.Open
	open.Tick, open.Up, open.Wall = 0, 0, 0
	return asJSON(s.t, open)
}

// firstSealed is when the duress run turned to what its twin does not: all that
// the place gets of the command is over.
func firstSealed(list []recorded) time.Duration {
	for _, r := range only(list, "sealed") {
		return r.at
	}
	return 0
}

// atPlace is what somebody there could see of a kind; the wire, which nobody
// there sees, as far as the two runs do the same.
func atPlace(list []recorded, kind string, y twiceStory, settled time.Duration) []recorded {
	return slices.DeleteFunc(only(list, kind), func(r recorded) bool {
		return slices.Contains(y.eligible, r.who) || kind == "wire" && r.at >= settled
	})
}

func firstDifference(a, b []recorded) string {
	for n := range max(len(a), len(b)) {
		if n < len(a) && n < len(b) && alike(a[n], b[n]) {
			continue
		}
		return fmt.Sprintf("%s--\n%s", lines(a, n), lines(b, n))
	}
	return ""
}

func alike(a, b recorded) bool {
	late := b.at - a.at
	if a.at >= whileCalling && a.at < whileCalling+lateWindow && late > 0 && late <= oneText {
		a.at = b.at
	}
	return a == b
}

func lines(list []recorded, n int) string {
	out := ""
	for _, r := range list[min(len(list), max(0, n-2)):min(len(list), n+4)] {
		out += r.String() + "\n"
	}
	return out
}

// commitDifference compares all commits of the command itself, and counts those
// after it in nothing: what is sealed must be safe on the disk too.
func commitDifference(a, b []commitSeen, began, otherBegan time.Time, settled time.Duration) string {
	for n := range a {
		if a[n].called.Sub(began) >= settled {
			break
		}
		x, z := a[n].seen(began), ""
		if n < len(b) {
			z = b[n].seen(otherBegan)
		}
		if x != z {
			return x + "\n--\n" + z
		}
	}
	return ""
}

func (c commitSeen) seen(began time.Time) string {
	return fmt.Sprintf("%s to %s config %d sealed %d bytes, open %d bytes: %s %s", c.called.Sub(began), c.done.Sub(began), c.config, c.sealed, len(c.open), c.open, c.entries)
}

func TestTwice(t *testing.T) {
	t.Parallel()
	for _, y := range twiceStories {
		t.Run(y.name, func(t *testing.T) {
			plain, forced := play(t, y, stackOptions{}), play(t, y, stackOptions{swapped: true})
			if d := difference(y, plain, forced); d != "" {
				t.Errorf("the two runs differ in their %s", d)
			}
			settled := firstSealed(forced.record.all())
			checkPlace(t, y, plain, settled)
			checkTold(t, y, forced.record.all(), settled)
			if said := asJSON(t, plain.sim.Phones()); strings.Contains(said, "DURESS") {
				t.Errorf("the ordinary run told of a duress: %s", said)
			}
		})
	}
}

// TestTwiceAnyTime takes random commands at random times: in an intrusion a
// disarm, since another command would leave the burglary's own calls running,
// which make way for the duress. A drill is left to the evenings in panel: what it
// sends to those who are told of a duress takes the place of the duress's own.
// GSMPANEL_STORIES=n plays more of them.
func TestTwiceAnyTime(t *testing.T) {
	t.Parallel()
	words := []string{"ARM", "HOME", "NIGHT", "ARM FORCE", "DISARM", "STATUS", "LOG", "LOG 20", "BYPASS 2", "UNBYPASS 2", "CONTACTS", "BALANCE", "HELP", "HELLO", "\n", "*", "/"}
	for seed := range stories(5) {
		random := rand.New(rand.NewPCG(uint64(seed), 8))
		y := twiceStory{more: intrusion, calm: true, body: "DISARM", forced: odd(601+random.IntN(110)) + time.Duration(random.Int64N(int64(time.Second)))}
		if random.IntN(3) == 0 {
			y.body = "\n"
		}
		if random.IntN(2) == 0 {
			y.more, y.body = func(*stack) {}, words[random.IntN(len(words))]
		}
		if !typedKey(y.body) && random.IntN(3) == 0 {
			y.word, y.body = true, y.body+" "+annaWord
		}
		t.Run(fmt.Sprintf("seed %d %s at %s", seed, y.body, y.forced), func(t *testing.T) {
			plain, forced := play(t, y, stackOptions{}), play(t, y, stackOptions{swapped: true})
			for _, phone := range []string{benPhone, cleoPhone, doraPhone} {
				if _, ok := firstText(forced.record.all(), phone, "DURESS", y.forced); ok {
					y.eligible = append(y.eligible, phone)
				}
			}
			if d := difference(y, plain, forced); d != "" {
				t.Errorf("the two runs differ in their %s", d)
			}
			checkTold(t, y, forced.record.all(), firstSealed(forced.record.all()))
		})
	}
}

// checkPlace sees to it that there was something to compare: what the ordinary
// run's place gets of the command came before the duress run's first sealed text.
func checkPlace(t *testing.T, y twiceStory, plain *stack, settled time.Duration) {
	t.Helper()
	if settled <= y.forced {
		t.Fatalf("the first sealed text went at %s, the command came at %s", settled, y.forced)
	}
	var place []string
	for _, r := range only(plain.record.all(), "phone") {
		if r.at >= y.forced && r.at < whileCalling && strings.HasPrefix(r.what, "delivered") && !slices.Contains(y.eligible, r.who) {
			place = append(place, r.who)
			if r.at >= settled {
				t.Errorf("the place got this after the first sealed text: %s", r)
			}
		}
	}
	if !slices.Equal(place, y.place) {
		t.Errorf("the command sent texts to %v, want %v", place, y.place)
	}
}

// checkTold compares what the eligible got with what section 5 promises them,
// and looks for it on all other phones.
func checkTold(t *testing.T, y twiceStory, list []recorded, settled time.Duration) {
	t.Helper()
	var texts, calls []string
	for _, r := range only(list, "phone") {
		sealed := strings.Contains(r.what, "DURESS") || r.what == "ringing" && r.at > settled
		switch {
		case sealed && !slices.Contains(y.eligible, r.who):
			t.Errorf("not eligible: %s", r)
		case sealed && r.what == "ringing" && r.at < odd(900) && !slices.Contains(calls, r.who):
			calls = append(calls, r.who)
		case sealed && r.what != "ringing" && r.at < odd(900):
			texts = append(texts, r.who)
			if len(calls) > 0 {
				t.Errorf("a text after the first call: %s", r)
			}
		}
	}
	if !slices.Equal(texts, y.eligible) || !slices.Equal(calls, y.eligible) {
		t.Errorf("texts went to %v and calls to %v, want both to %v in this order", texts, calls, y.eligible)
	}
}

// leaky is a line that does something of its own in the duress run.
type leaky struct {
	panel.Line
	send func(alert.Order)
	call func(context.Context) context.Context
}

func (l leaky) Send(ctx context.Context, o alert.Order) alert.Outcome {
	if l.send != nil {
		l.send(o)
	}
	return l.Line.Send(ctx, o)
}

func (l leaky) Call(ctx context.Context, o alert.Order, more <-chan alert.Order, on panel.CallEvents) alert.Outcome {
	if l.call != nil {
		ctx = l.call(ctx)
	}
	return l.Line.Call(ctx, o, more, on)
}

// TestTwiceSeesLeaks plants what can be planted from outside; the rest is planted
// in the source by TestTwiceSeesPlantedSource.
func TestTwiceSeesLeaks(t *testing.T) {
	t.Parallel()
	y := twiceStories[0]
	plain := play(t, y, stackOptions{})
	for _, leak := range []struct {
		name, seen string
		wrap       func(*stack, panel.Line) panel.Line
	}{
		{"a reply that is a hundredth of a second late", "phone", func(s *stack, line panel.Line) panel.Line {
			return leaky{Line: line, send: func(o alert.Order) {
				if !o.Report {
					time.Sleep(10 * time.Millisecond)
				}
			}}
		}},
		{"a line more on standard error", "log", func(s *stack, line panel.Line) panel.Line {
			return leaky{Line: line, send: func(o alert.Order) {
				if o.Sealed {
					s.log.Info("text sent")
				}
			}}
		}},
		{"STATUS waits for a duress call", "phone", func(s *stack, line panel.Line) panel.Line {
			return leaky{Line: line, call: func(ctx context.Context) context.Context {
				late, hangUp := context.WithCancel(context.WithoutCancel(ctx))
				context.AfterFunc(ctx, func() { time.Sleep(5 * time.Second); hangUp() })
				return late
			}}
		}},
	} {
		t.Run(leak.name, func(t *testing.T) {
			d := difference(y, plain, play(t, y, stackOptions{swapped: true, wrap: leak.wrap}))
			if !strings.HasPrefix(d, leak.seen+":") {
				t.Errorf("it was not seen in the %s: %q", leak.seen, d)
			}
			t.Log(d)
		})
	}
}
