package simulator

import (
	"fmt"
	"sort"
	"strings"
	"time"
)

// Fault is something that goes wrong on purpose.
//
// Without a Command, "reboot", "network-lost", "garbage", "unplug", "jamming",
// "under-voltage", "silence", "baud", "network-stuck" and those that begin with "sim-" happen now; the others, and those with a Command, wait for
// the next command whose name begins with it ("+CMG" is any of +CMGS, +CMGL...)
// and strike it. "late" and "lost-after-accept" wait for +CMGS where no Command
// is given.
//
// On a text that is being sent (+CMGS) "error" strikes after Ctrl-Z, and
// "reboot" and "unplug" strike half-way: before the network has taken the text
// where Code is 0, after it otherwise.
type Fault struct {
	Name    string
	Command string        // prefix of the command's name, such as +CMGS; "" any
	Times   int           // how often; 0 is once
	For     time.Duration // how long; 0 is the fault's own default
	Code    int           // of "error"; 0 is 500 for texts, 100 for others
}

// code is the +CMS ERROR of an "error" on a text.
func (f *Fault) code() int {
	if f.Code == 0 {
		return 500
	}
	return f.Code
}

// armed is a fault that waits for its command.
type armed struct {
	Fault
	left int
}

// faultNames says what every fault does.
var faultNames = map[string]string{
	"error":             "the command fails with Code",
	"no-answer":         "the command is swallowed",
	"reboot":            "the modem restarts",
	"network-lost":      "no network for For (30 s)",
	"late":              "done at once, answered For (70 s) later",
	"lost-after-accept": "done, and never answered",
	"garbage":           "random bytes on the line",
	"unplug":            "the line ends, for For or until it is opened anew",
	"jamming":           "+SJDR sees a jammer and the network is lost for For (30 s)",
	"under-voltage":     "the supply is low for For (30 s)",
	"sim-pin":           "the modem restarts with a SIM that asks for the PIN Code (four digits)",
	"sim-puk":           "the modem restarts with a SIM that asks for its PUK",
	"sim-out":           "no SIM; with For it is put back then, which the modem sees at its next start",
	"sim-swap":          "the modem restarts with another SIM, that of number Code",
	"sim-no-centre":     "the SIM has no number of a service centre",
	"silence":           "the modem does nothing until its power was off, or for For; with Code 1 until AT+CFUN=1,1",
	"baud":              "the line runs at Code baud and at no other, until AT+IPR changes it",
	"network-stuck":     "no network until AT+COPS=0; with Code 1 until AT+CFUN=4 and 1, with 2 until a restart",
}

const lateBy = 70 * time.Second

// Fault arms a fault. An unknown name is an error that lists the known ones.
func (m *Modem) Fault(f Fault) error {
	if _, known := faultNames[f.Name]; !known {
		names := make([]string, 0, len(faultNames))
		for n := range faultNames {
			names = append(names, n)
		}
		sort.Strings(names)
		return fmt.Errorf("there is no fault %q; it is one of %s", f.Name, strings.Join(names, ", "))
	}
	if f.Times < 0 || f.For < 0 || f.Code < 0 {
		return fmt.Errorf("fault %s: times, for and code can't be negative", f.Name)
	}
	f.Command = strings.TrimPrefix(strings.ToUpper(f.Command), "AT")
	return m.try(func() error {
		if f.Command == "" && f.immediate() {
			m.emit("fault", "", f.Name)
			m.now(f)
			return nil
		}
		if f.Command == "" && (f.Name == "late" || f.Name == "lost-after-accept") {
			f.Command = "+CMGS"
		}
		m.faults = append(m.faults, &armed{Fault: f, left: max(f.Times, 1)})
		return nil
	})
}

// immediate tells whether a fault needs no command to strike.
func (f *Fault) immediate() bool {
	switch f.Name {
	case "error", "no-answer", "late", "lost-after-accept":
		return false
	}
	return true
}

// now lets an immediate fault happen.
func (m *Modem) now(f Fault) {
	switch f.Name {
	case "reboot":
		m.reboot()
	case "network-lost":
		m.loseNetwork(f.For)
	case "garbage":
		m.garbage()
	case "unplug":
		m.unplug(f.For)
	case "jamming":
		m.jam(f.For)
	case "under-voltage":
		m.sag(f.For)
	case "sim-pin":
		m.lockSIM(f.Code)
	case "sim-puk":
		m.blockSIM()
	case "sim-out":
		m.removeSIM(f.For)
	case "sim-swap":
		m.swapSIM(f.Code)
	case "sim-no-centre":
		m.flash.centre = ""
	case "silence":
		m.hang(f.For, f.Code == 1)
	case "baud":
		m.rate = f.Code
	case "network-stuck":
		m.strand(f.Code)
	}
}

// triggered takes the first fault that waits for a command.
func (m *Modem) triggered(c command) *Fault {
	for i, f := range m.faults {
		if !strings.HasPrefix(c.name, f.Command) {
			continue
		}
		f.left--
		if f.left == 0 {
			m.faults = append(m.faults[:i:i], m.faults[i+1:]...)
		}
		m.emit("fault", "", f.Name)
		return &f.Fault
	}
	return nil
}

// faulty runs a command with its fault; held means that nothing more is to be
// said now.
func (m *Modem) faulty(f *Fault, c command) (a answer, held bool) {
	if f.Name == "no-answer" {
		m.term.queue = nil
		return ok, true
	}
	if (c.name == "+CMGS" || c.name == "+CMSS") && c.op == opSet {
		m.sendFault = f
		a = m.dispatch(c)
		if !a.later {
			m.sendFault = nil
		}
		return a, false
	}
	switch f.Name {
	case "error":
		return m.errorOf(f, c), false
	case "reboot", "unplug", "sim-pin", "sim-puk", "sim-swap", "silence":
		m.term.queue = nil
		m.now(*f)
		return ok, true
	case "late", "lost-after-accept":
		return m.spoiled(f, c)
	}
	m.now(*f)
	return m.dispatch(c), false
}

func (m *Modem) errorOf(f *Fault, c command) answer {
	if messageCommand(c.name) {
		return messageError(f.code())
	}
	if f.Code == 0 {
		return m.equipmentError(100)
	}
	return m.equipmentError(f.Code)
}

// spoiled runs a command whose result comes late or never.
func (m *Modem) spoiled(f *Fault, c command) (answer, bool) {
	a := m.dispatch(c)
	if a.later {
		if m.term.running != nil {
			m.term.running.spoil(f)
		}
		return a, true
	}
	r := m.start(nil, nil)
	r.spoil(f)
	m.complete(r, a)
	return later, true
}

func (r *running) spoil(f *Fault) {
	switch {
	case f == nil:
	case f.Name == "late":
		r.delay = f.For
		if r.delay == 0 {
			r.delay = lateBy
		}
	case f.Name == "lost-after-accept":
		r.muted = true
	}
}

// garbage puts 8 to 71 random bytes on the line, as a loose wire does.
func (m *Modem) garbage() {
	b := make([]byte, 8+m.rnd.IntN(64))
	for i := range b {
		b[i] = byte(m.rnd.IntN(256))
	}
	m.send(string(b))
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
