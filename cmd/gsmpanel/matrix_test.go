package main

import (
	"fmt"
	"hash/fnv"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
)

// The fault matrix: every fault of the simulated modem at every step of an evening
// that has every dialogue with it. The steps are read off an evening without a
// fault: each command that the modem got, and each line that it said of itself.

// cell is one fault at one step.
type cell struct {
	step  string
	fault simulator.Fault
}

func (c cell) String() string {
	f := c.fault
	out := f.Name + " at " + c.step
	for _, part := range []struct {
		says string
		not  bool
	}{{"after", !f.After}, {fmt.Sprintf("line %d", f.Line), f.Line == 0}, {fmt.Sprintf("byte %d", f.Byte), f.Byte == 0},
		{fmt.Sprintf("%d times", f.Times), f.Times == 0}, {f.For.String(), f.For == 0}, {fmt.Sprintf("%d bytes", f.Count), f.Count == 0},
		{fmt.Sprintf("code %d", f.Code), f.Code == 0}, {f.Text, f.Text == ""}} {
		if !part.not {
			out += ", " + part.says
		}
	}
	return out
}

// Times of the evening. The panel has ten minutes after the longest fault.
const (
	eveningOver  = 1060
	longestFault = 180 // as network-lost, and until somebody sees to a modem that hangs
	lastAsked    = eveningOver + longestFault + 600
)

// matrixEvening has Tom ring the panel, arms, opens two sensors, has Ben take the alarm by the telephone,
// and disarms; now and then Tom asks something.
func matrixEvening(s *stack) {
	s.sim.SetPhone(annaPhone, simulator.Behaviour{Rejects: true})
	s.sim.SetPhone(tomPhone, simulator.Behaviour{Off: true, Voicemail: true})
	s.sim.SetPhone(benPhone, simulator.Behaviour{AnswerAfter: 4 * time.Second, Digits: "1"})
	s.until(odd(8)) // before any code: after it callers hear busy
	if err := s.sim.Call(tomPhone); err != nil {
		s.t.Fatal(err)
	}
	s.until(odd(16))
	_ = s.sim.Hangup(tomPhone) // where there is a call still
	s.until(odd(20))
	s.types(tomDigits + "\n")
	s.until(odd(24))
	if o, err := s.panel.Outward(s.t.Context()); err == nil && o.State == "disarmed" {
		s.types(tomDigits + "\n") // refused, as while the supply is low: the same again forces
	}
	s.until(odd(30))
	s.text(tomPhone, tomDigits+" STATUS")
	s.until(odd(100))
	s.trip(kitchenWindow)
	s.until(odd(137))
	s.trip(hallDoor)
	s.sim.SetPhone(tomPhone, simulator.Behaviour{})
	s.until(odd(240))
	s.text(tomPhone, tomDigits+" BALANCE")
	s.until(odd(900))
	s.text(tomPhone, tomDigits+" DISARM")
	s.until(odd(1000))
	s.text(tomPhone, tomDigits+" LOG")
	s.until(odd(lastAsked))
	s.text(tomPhone, tomDigits+" STATUS")
	s.until(odd(lastAsked + 60))
}

// evening is what came of one.
type evening struct {
	*stack
	planned map[plannedText]alert.Job // every text that the panel ever queued
}

type plannedText struct {
	book int
	job  uint64
}

// playEvening plays it with a fault, or without.
func playEvening(t *testing.T, house *memoryStore, fault *simulator.Fault) *evening {
	e := &evening{planned: map[plannedText]alert.Job{}}
	o := stackOptions{unseen: true, house: house, watch: e.watch}
	if fault != nil {
		o.world = func(m *simulator.Modem) {
			if err := m.Fault(*fault); err != nil {
				t.Fatal(err)
			}
		}
	}
	e.stack = inBubble(t, o, matrixEvening)
	return e
}

func (e *evening) watch(s panel.Snapshot) {
	for sealed, book := range []alert.Book{s.State.Open.Book, s.State.Sealed.Book} {
		for _, j := range book.Jobs {
			if !j.Call && !j.Again {
				e.planned[plannedText{sealed, j.ID}] = j
			}
		}
	}
}

var (
	ofMoment  = regexp.MustCompile(`\b[0-9]{4}\b\.?|[0-9]{2}:[0-9]{2}|-[0-9]+ dBm`)
	ofCommand = regexp.MustCompile(`^AT([+&*][A-Z]+|[A-Z])`)
)

// steps are the commands and the lines of itself of an evening, each with how many
// like it came before. A poll between the same two commands as an earlier one is no
// new step.
func (e *evening) steps() (all []cell) {
	seen, asked := map[string]int{}, ""
	polls, before, last := map[string]bool{}, "", ""
	for _, r := range only(e.record.all(), "wire") {
		if r.at > odd(eveningOver) {
			break
		}
		if what, host := strings.CutPrefix(r.what, "> "); host {
			if m := ofCommand.FindStringSubmatch(what); m != nil {
				poll := before + m[1]
				before, asked = last+m[1], m[1]
				last = m[1]
				if polls[poll] && slices.Contains(polled, asked) {
					seen["> "+asked]++
					continue
				}
				polls[poll] = true
				all = append(all, cell{step: fmt.Sprintf("%s no. %d", asked, seen["> "+asked]+1), fault: simulator.Fault{Command: asked, Skip: seen["> "+asked]}})
				seen["> "+asked]++
			}
			continue
		}
		for line := range strings.SplitSeq(strings.TrimPrefix(r.what, "< "), "\r\n") {
			name, _, _ := strings.Cut(line, ":")
			if name == "" || strings.Trim(name, "0123456789ABCDEF") == "" || name == "> " || strings.HasPrefix(name, "AT") {
				continue
			}
			if !strings.HasPrefix(name, "+CM") && name != "OK" && name != "ERROR" && name != asked || name == "+CMTI" {
				all = append(all, cell{step: fmt.Sprintf("%q no. %d", name, seen[name]+1), fault: simulator.Fault{Said: name, Skip: seen[name]}})
			}
			seen[name]++
			if name == "OK" || name == "ERROR" {
				asked = ""
			}
		}
	}
	return all
}

// polled are the commands that are said every few seconds while nothing happens.
var polled = []string{"+CMGL", "+CCLK", "+GSMBUSY", "+DDET", "+CREG", "+CSQ", "+CBC", "+CPMS", "+CLCC", "+SJDR", "+COPS"}

// matrix is every fault at every step.
func matrix(steps []cell) (all []cell) {
	probe := simulator.New(simulator.Options{})
	defer probe.Close()
	for _, f := range simulator.Faults() {
		for _, s := range steps {
			f := f
			f.Command, f.Skip, f.Said = s.fault.Command, s.fault.Skip, s.fault.Said
			if f.Said != "" && (f.Byte > 0 || f.Line > 0) || probe.Fault(f) != nil {
				continue // it strikes commands only
			}
			all = append(all, cell{s.step, f})
		}
	}
	return all
}

// broken says which laws do not hold of an evening with a fault, given one without.
func (e *evening) broken(calm *evening) (laws []string) {
	wrong := func(format string, a ...any) { laws = append(laws, fmt.Sprintf(format, a...)) }
	told, unknown := e.texts("phone", "delivered "), e.texts("unknown", "")
	for who := range calm.texts("phone", "delivered ") {
		rank := calm.rank(who)
		once := unknown[who] > 0 && rank != alert.RankAlarm
		late := strings.HasPrefix(who.body, "ALSO") && told[addressed{who.phone, "Ben has taken it: BURGLARY Kitchen *."}] > 0
		if rank != alert.RankReply && told[who] == 0 && !once && !late {
			wrong("%s was never told %q", who.phone, who.body)
		}
	}
	laws = append(laws, e.late(calm)...)
	most := map[addressed]int{}
	for _, j := range e.planned {
		n := 2
		if j.Rank == alert.RankReply {
			n = 1
		}
		who := addressed{j.To, timeless(j.Body)}
		most[who] += n
		if j.Rank == alert.RankReply && told[who] == 0 && unknown[who] == 0 { // what it says hangs on when it was asked
			wrong("%s was not answered %q", who.phone, who.body)
		}
	}
	for who, n := range told {
		if n > most[who] {
			wrong("%s got %d times %q, planned for at most %d", who.phone, n, who.body, most[who])
		}
	}
	if a, b := calm.ends(), e.ends(); a != b {
		wrong("it ends as\n%s\nnot as\n%s", b, a)
	}
	if n := len(e.store.last.State.Open.Book.Jobs); n > 0 {
		wrong("%d texts or calls are still queued", n)
	}
	answers := 0
	for _, r := range got(e.record.all(), tomPhone) {
		if r.at > odd(lastAsked) && strings.HasPrefix(r.what, "Disarmed.") {
			answers++
		}
	}
	if answers != 1 {
		wrong("STATUS at the end was answered %d times", answers)
	}
	return laws
}

type addressed struct{ phone, body string }

// timeless is a text without what may differ from evening to evening.
func timeless(body string) string { return strings.TrimSpace(ofMoment.ReplaceAllString(body, "*")) }

// texts are those of records of a kind that begin so, and how often.
func (e *evening) texts(kind, begins string) map[addressed]int {
	n := map[addressed]int{}
	for _, r := range only(e.record.all(), kind) {
		if body, ok := strings.CutPrefix(r.what, begins); ok {
			n[addressed{r.who, timeless(body)}]++
		}
	}
	return n
}

// late are the texts that came more than ten minutes after the fault, or after they
// would have come without it.
func (e *evening) late(calm *evening) (laws []string) {
	struck := only(e.record.all(), "fault")
	if len(struck) == 0 {
		return nil
	}
	usual := calm.first()
	for who, at := range e.first() {
		if by := max(usual[who], struck[len(struck)-1].at) + (longestFault+600)*time.Second; usual[who] > 0 && at > by {
			laws = append(laws, fmt.Sprintf("%s got %q at %s, not by %s", who.phone, who.body, at, by))
		}
	}
	return laws
}

// first is when each text came first.
func (e *evening) first() map[addressed]time.Duration {
	at := map[addressed]time.Duration{}
	for _, r := range only(e.record.all(), "phone") {
		body, ok := strings.CutPrefix(r.what, "delivered ")
		if who := (addressed{r.who, timeless(body)}); ok && at[who] == 0 {
			at[who] = r.at
		}
	}
	return at
}

// rank is that of a text.
func (e *evening) rank(who addressed) alert.Rank {
	for _, j := range e.planned {
		if j.To == who.phone && timeless(j.Body) == who.body {
			return j.Rank
		}
	}
	return alert.RankReport
}

// ends is the state of the panel at the end, as far as it must not differ.
func (e *evening) ends() string {
	o := e.store.last.State.Open
	var incidents []string
	for _, i := range o.Book.Incidents {
		incidents = append(incidents, fmt.Sprintf("%s %s taken by %q open %v", i.Kind, i.What, i.TakenBy, i.Open()))
	}
	var troubles []string
	for _, k := range o.Troubles {
		troubles = append(troubles, fmt.Sprintf("%s on %v", k.Name, k.On))
	}
	return fmt.Sprintf("%s %s network %s incidents %q troubles %q line busy %v", o.Zones.Shown(), o.Zones.Mode, o.Network, incidents, troubles, e.store.last.State.Sealed.Line.Busy)
}

// TestMatrix plays a sample of the matrix; with GSMPANEL_MATRIX=n one cell in n, so
// all with 1; with other words the cells that have them in their name.
func TestMatrix(t *testing.T) {
	t.Parallel()
	house := moved(t, stackOptions{rings: true}, seeded(7))
	calm := playEvening(t, house, nil)
	if laws := calm.broken(calm); len(laws) > 0 {
		t.Fatalf("without a fault: %s", strings.Join(laws, "\n"))
	}
	cells := chosen(matrix(calm.steps()), 400)
	t.Logf("%d steps, %d cells", len(calm.steps()), len(cells))
	t.Run("cells", func(t *testing.T) {
		for _, c := range cells {
			t.Run(c.String(), func(t *testing.T) {
				t.Parallel()
				e := playEvening(t, house, &c.fault)
				if laws := e.broken(calm); len(laws) > 0 {
					t.Error(strings.Join(laws, "\n"))
				}
				if len(only(e.record.all(), "fault")) == 0 {
					t.Error("the fault did not strike")
				}
			})
		}
	})
}

// chosen are the cells that are played: where nothing is asked for, one in every.
func chosen(cells []cell, every int) []cell {
	asked := os.Getenv("GSMPANEL_MATRIX")
	n, err := strconv.Atoi(asked)
	switch {
	case err == nil && n > 0:
		every = n
	case asked != "":
		return slices.DeleteFunc(cells, func(c cell) bool { return !strings.Contains(c.String(), asked) })
	}
	return slices.DeleteFunc(cells, func(c cell) bool {
		h := fnv.New32()
		h.Write([]byte(c.String()))
		return h.Sum32()%uint32(every) != 0 // so a cell that comes leaves the others as they are
	})
}
