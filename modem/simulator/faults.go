package simulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Fault is something that goes wrong on purpose, at a step that can be chosen.
//
// With a Command it waits for the next command whose name begins with it (+CMG
// is any of +CMGS, +CMGL...), lets Skip of them pass, and strikes: before the
// command has had an effect, or with After once it has had it and before it is
// answered. A text (+CMGS) has its effect when the network takes it, half-way
// through the time that sending takes; "error" strikes after Ctrl-Z.
//
// With Byte, Line or Said it strikes at what the modem says: at the byte or the
// line with that number, counted from the command, or from now without one; or
// at the next line that begins with Said, of which Skip may pass. With After
// that line still gets out. The prompt for a text is a line too.
//
// Without any of these a fault that needs no command strikes now, the others
// wait for any command; "late" and "lost-after-accept" wait for +CMGS.
type Fault struct {
	Name    string
	Command string        // prefix of the command's name, such as +CMGS; "" any
	Skip    int           // so many commands, or lines of Said, pass first
	After   bool          // strikes after the step, not before it
	Byte    int           // the number of a byte that the modem says, from 1
	Line    int           // the number of a line that the modem says, from 1
	Said    string        // prefix of a line that the modem says, such as +CMTI
	Times   int           // how often; 0 is once
	For     time.Duration // how long; 0 is the fault's own default
	Code    int           // of "error"; 0 is 500 for texts, 100 for others
	Count   int           // how many bytes are dropped or added; 0 is 1
	Text    string        // the line of "inject"; "" is one of the network's time
}

// kind is what a fault of a name does.
type kind struct {
	does string
	act  func(*Modem, Fault) // what happens at once; nil where it needs a command
	cuts bool                // what was running then is never answered
	wire bool                // it happens to what the modem says
	ways []Fault             // in which a test of everything tries it; nil: as it is
	last bool                // no program can end it
}

// kinds are all faults.
var kinds map[string]kind

func init() {
	times := func(n int) []Fault { return []Fault{{}, {Times: n}} }
	after := []Fault{{}, {After: true}}
	kinds = map[string]kind{
		"error":             {does: "the command fails with code", ways: times(5)},
		"bare-error":        {does: "the command fails with ERROR alone", ways: times(5)},
		"no-answer":         {does: "the command is swallowed", ways: times(3)},
		"late":              {does: "done at once, answered 70 s, or for, later", ways: []Fault{{}, {For: 5 * time.Second}, {For: 20 * time.Second}}},
		"lost-after-accept": {does: "done, and never answered"},
		"reboot":            {does: "the modem restarts", act: func(m *Modem, _ Fault) { m.reboot() }, cuts: true, ways: after},
		"brown-out":         {does: "the modem says that its supply is too low, and restarts", act: func(m *Modem, _ Fault) { m.brownOut() }, cuts: true, ways: after},
		"silence": {does: "the modem does nothing until its power was off, or until for is over; with code 1 until AT+CFUN=1,1",
			act: func(m *Modem, f Fault) { m.hang(f.For, f.Code == 1) }, cuts: true, ways: []Fault{{}, {After: true}, {Code: 1}, {For: time.Minute}}},
		"baud": {does: "the line runs at code baud and at no other, until AT+IPR changes it",
			act: func(m *Modem, f Fault) { m.rate = f.Code }, ways: []Fault{{Code: 9600}}},
		"sim-pin":       {does: "the modem restarts with a SIM that asks for the PIN code (four digits)", act: func(m *Modem, f Fault) { m.lockSIM(f.Code) }, cuts: true, ways: []Fault{{Code: 1234}}},
		"sim-puk":       {does: "the modem restarts with a SIM that asks for its PUK", act: func(m *Modem, _ Fault) { m.blockSIM() }, cuts: true, last: true},
		"sim-out":       {does: "no SIM; after for it is put back, which the modem sees at its next start", act: func(m *Modem, f Fault) { m.removeSIM(f.For) }, ways: []Fault{{For: time.Minute}, {For: time.Minute, After: true}}},
		"sim-swap":      {does: "the modem restarts with another SIM, that of number code", act: func(m *Modem, f Fault) { m.swapSIM(f.Code) }, cuts: true, last: true},
		"sim-no-centre": {does: "the SIM has no number of a service centre", act: func(m *Modem, _ Fault) { m.flash.centre = "" }, last: true},
		"unplug":        {does: "the line ends, until for is over or it is opened anew", act: func(m *Modem, f Fault) { m.unplug(f.For) }, cuts: true, ways: []Fault{{}, {After: true}, {For: time.Minute}}},
		"network-lost":  {does: "no network for 30 s, or for", act: func(m *Modem, f Fault) { m.loseNetwork(f.For) }, ways: []Fault{{}, {After: true}, {For: 3 * time.Minute}}},
		"network-stuck": {does: "no network until AT+COPS=0; with code 1 until AT+CFUN=4 and 1, with 2 until a restart",
			act: func(m *Modem, f Fault) { m.strand(f.Code) }, ways: []Fault{{}, {Code: 1}, {Code: 2}}},
		"jamming":       {does: "+SJDR sees a jammer and the network is lost for 30 s, or for", act: func(m *Modem, f Fault) { m.jam(f.For) }},
		"storage-full":  {does: "messages that another program left fill the SIM", act: func(m *Modem, _ Fault) { m.fill() }},
		"under-voltage": {does: "the supply is low for 30 s, or for", act: func(m *Modem, f Fault) { m.sag(f.For) }},
		"echo":          {does: "the modem returns what is typed", act: func(m *Modem, _ Fault) { m.set.echo = true }},
		"slow-line":     {does: "the line carries 1200 bit/s for 60 s, or for", act: func(m *Modem, f Fault) { m.slow(f.For) }},
		"garbage":       {does: "random bytes on the line", act: func(m *Modem, _ Fault) { m.send(m.noise(8 + m.rnd.IntN(64))) }, ways: []Fault{{}, {Line: 1}, {Line: 2}}},
		"drop":          {does: "a byte, or count, of what the modem says is lost", wire: true, ways: []Fault{{}, {Line: 2, Count: 3}, {Count: 200}}},
		"add":           {does: "a random byte, or count, comes into what the modem says", wire: true, ways: []Fault{{}, {Line: 2, Count: 3}, {Byte: 5, Count: 20}}},
		"inject": {does: "the modem says a line of itself, or body, before another", wire: true,
			ways: []Fault{{}, {Line: 2}, {Line: 3}, {Text: "+CREG: 1"}, {Line: 2, Text: "OVER-VOLTAGE WARNNING"}}},
	}
	for name, c := range classes {
		kinds[name] = kind{does: c.does, ways: times(3)}
	}
}

// class is a class of errors (manual 19): the code of a command for texts, and that
// of another.
type class struct {
	message, equipment int
	does               string
}

var classes = map[string]class{
	"error-number":  {28, 3, "the command fails: not with this number"},
	"error-account": {21, 32, "the command fails: not with this account"},
	"error-sim":     {313, 13, "the command fails: the SIM is bad"},
	"error-centre":  {330, 100, "the command fails: the service centre's number is unknown"},
	"error-network": {42, 30, "the command fails: the network is busy or gone"},
	"error-busy":    {521, 14, "the command fails: texts, or the SIM, are not ready"},
	"error-storage": {322, 20, "the command fails: the store is full"},
	"error-sent":    {197, 100, "the text is taken, but the answer says that it was there already"},
}

const (
	lateBy      = 70 * time.Second
	slowRate    = 1200
	slowFor     = time.Minute
	firstLetter = 3 // byte of an answer, behind its line end
	injected    = "*PSUTTZ: 2026,3,1,21,4,5,\"+00\",0"
)

// armed is a fault that waits for its step.
type armed struct {
	Fault
	left  int // strikes
	bytes int // said so far
	lines int
}

// FaultNames says for every fault what it does.
func FaultNames() map[string]string {
	names := map[string]string{}
	for name, k := range kinds {
		names[name] = k.does
	}
	return names
}

// Faults are the faults that a program can live through, in all ways in which a test
// of everything tries them, in order of their names. They lack the step at which they
// strike.
func Faults() []Fault {
	var all []Fault
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		k := kinds[name]
		if k.last {
			continue
		}
		if k.ways == nil {
			k.ways = []Fault{{}}
		}
		for _, f := range k.ways {
			f.Name = name
			all = append(all, f)
		}
	}
	return all
}

// Fault arms a fault. An unknown name is an error that lists the known ones.
func (m *Modem) Fault(f Fault) error {
	k, known := kinds[f.Name]
	if !known {
		return fmt.Errorf("there is no fault %q; it is one of %s", f.Name, strings.Join(slices.Sorted(maps.Keys(kinds)), ", "))
	}
	if min(f.Times, f.Code, f.Skip, f.Byte, f.Line, f.Count) < 0 || f.For < 0 {
		return fmt.Errorf("fault %s: its numbers can't be negative", f.Name)
	}
	if f.positioned() && k.act == nil && !k.wire {
		return fmt.Errorf("fault %s strikes a command, not what the modem says; leave byte, line and said out", f.Name)
	}
	return m.try(func() error {
		m.arm(f, k)
		return nil
	})
}

func (m *Modem) arm(f Fault, k kind) {
	f.Command = strings.TrimPrefix(strings.ToUpper(f.Command), "AT")
	if k.wire && !f.positioned() {
		f.Byte = firstLetter
		if f.Name == "inject" {
			f.Byte, f.Line = 0, 1
		}
	}
	a := &armed{Fault: f, left: max(f.Times, 1)}
	switch {
	case f.Command == "" && f.positioned():
		m.listening = append(m.listening, a)
		return
	case f.Command == "" && k.act != nil:
		m.emit("fault", "", f.Name)
		k.act(m, f)
		return
	case f.Command == "" && (f.Name == "late" || f.Name == "lost-after-accept"):
		a.Command = "+CMGS"
	}
	m.faults = append(m.faults, a)
}

func (f *Fault) positioned() bool { return f.Byte > 0 || f.Line > 0 || f.Said != "" }

func (f *Fault) cuts() bool { return kinds[f.Name].cuts }

// now lets happen what needs no command.
func (m *Modem) now(f *Fault) {
	if act := kinds[f.Name].act; act != nil {
		act(m, *f)
	}
}

// noise is what a loose wire makes.
func (m *Modem) noise(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(m.rnd.IntN(256))
	}
	return string(b)
}

// sag lowers the supply.
func (m *Modem) sag(d time.Duration) {
	if d <= 0 {
		d = defaultLoss
	}
	m.lowMV = lowMV
	if m.flash.batchk == 1 {
		m.urc("UNDER-VOLTAGE WARNNING") // spelt so by the module
	}
	m.after(d, func() { m.lowMV = 0 })
}
