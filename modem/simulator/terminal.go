package simulator

import (
	"fmt"
	"strings"
	"time"
)

const (
	maxLine   = 556 // characters of a command line, AT included (manual 1.4)
	maxEntry  = 700 // characters kept after a prompt
	ctrlZ     = 0x1a
	escape    = 0x1b
	backspace = 0x08
	del       = 0x7f
)

// terminal is what stands between the characters on the line and the commands.
type terminal struct {
	typed   []byte // of the command line so far, from "A"
	long    bool   // more than maxLine was typed
	last    string // for A/
	queue   []command
	running *running
	entry   *entry
}

// running is a command whose result comes later.
type running struct {
	abort *answer // what any character on the line makes of it; nil: nothing
	undo  func()
	done  bool
	delay time.Duration // the result comes so much later
	muted bool          // the result never comes
}

// entry is a "> " prompt.
type entry struct {
	body  []byte
	text  bool // text mode: a carriage return is part of the message
	first bool
	enter func(body []byte) answer
}

// answer is what a command says: lines and a final result code. The zero value
// is OK without lines.
type answer struct {
	lines []string
	final string // "" OK
	later bool   // no result yet: complete will be called
	tell  func() // called before the host sees the answer
}

func info(lines ...string) answer { return answer{lines: lines} }

func infof(format string, a ...any) answer { return info(fmt.Sprintf(format, a...)) }

var (
	ok       = answer{}
	plainErr = answer{final: "ERROR"}
	later    = answer{later: true}
)

// key takes one character from the host.
func (m *Modem) key(b byte) {
	switch {
	case m.hung.on:
		m.hearReset(b)
	case !m.power.on || m.cut || !m.atRate():
	case m.term.running != nil:
		m.interrupt()
	case m.term.entry != nil:
		m.entryKey(b)
	default:
		m.lineKey(b)
	}
}

func (m *Modem) echo(s string) {
	if m.set.echo {
		m.send(s)
	}
}

func (m *Modem) interrupt() {
	r := m.term.running
	if r.abort == nil {
		return
	}
	if r.undo != nil {
		r.undo()
	}
	m.complete(r, *r.abort)
}

// lineKey collects a command line. What comes before "AT" is skipped.
func (m *Modem) lineKey(b byte) {
	t := &m.term
	switch b {
	case '\n', 0, escape, ctrlZ:
		return
	case '\r':
		m.enterLine()
		return
	case backspace, del:
		if len(t.typed) > 0 {
			t.typed = t.typed[:len(t.typed)-1]
		}
		m.echo("\b \b")
		return
	}
	m.echo(string([]byte{b}))
	switch {
	case len(t.typed) == 0 && upper(b) != 'A':
	case len(t.typed) == 1 && upper(b) == 'A':
	case len(t.typed) == 1 && b == '/':
		t.typed = nil
		m.execute(t.last)
	case len(t.typed) == 1 && upper(b) != 'T':
		t.typed = nil
	case len(t.typed) >= maxLine:
		t.long = true
	default:
		t.typed = append(t.typed, b)
	}
}

func (m *Modem) enterLine() {
	t := &m.term
	line, long := string(t.typed), t.long
	t.typed, t.long = nil, false
	if len(line) < 2 {
		if line != "" {
			m.echo("\r")
		}
		return
	}
	m.echo("\r")
	if long {
		m.final(plainErr)
		return
	}
	t.last = line[2:]
	m.execute(t.last)
}

// execute runs the commands of a line one after another up to the first error.
func (m *Modem) execute(line string) {
	cs, err := parseLine(line)
	if err != nil {
		m.final(plainErr)
		return
	}
	if len(cs) == 0 {
		cs = []command{{}} // a bare AT, which a fault may strike too
	}
	m.term.queue = cs
	m.next()
}

func (m *Modem) next() {
	for len(m.term.queue) > 0 {
		c := m.term.queue[0]
		m.term.queue = m.term.queue[1:]
		a, held := m.perform(c)
		if held || a.later {
			return
		}
		if !m.say(a) {
			return
		}
	}
	m.final(ok)
}

// perform runs a command, with the fault that waits for it.
func (m *Modem) perform(c command) (a answer, held bool) {
	if f := m.triggered(c); f != nil {
		return m.faulty(f, c)
	}
	return m.dispatch(c), false
}

// say sends an answer's lines and, for an error, its result; it tells whether
// the line goes on.
func (m *Modem) say(a answer) bool {
	for _, l := range a.lines {
		m.send("\r\n" + l + "\r\n")
	}
	if a.final != "" {
		m.term.queue = nil
		m.final(a)
		return false
	}
	return true
}

var numericResults = map[string]string{
	"OK": "0", "CONNECT": "1", "RING": "2", "NO CARRIER": "3", "ERROR": "4",
	"NO DIALTONE": "6", "BUSY": "7", "NO ANSWER": "8",
}

// final sends a result code (V.250 5.7.1).
func (m *Modem) final(a answer) {
	s := a.final
	if s == "" {
		s = "OK"
	}
	if m.set.quiet {
		return
	}
	if n, is := numericResults[s]; is && !m.set.verbose {
		m.send(n + "\r")
		return
	}
	m.send("\r\n" + s + "\r\n")
}

// start marks a command as running; complete ends it.
func (m *Modem) start(abort *answer, undo func()) *running {
	r := &running{abort: abort, undo: undo}
	m.term.running = r
	return r
}

// complete gives a running command its result and goes on with the line. A
// command that was aborted or lost in a reset has had its end.
func (m *Modem) complete(r *running, a answer) {
	if r.done || m.term.running != r {
		return
	}
	if d := r.delay; d > 0 {
		r.delay = 0
		m.after(d, func() { m.complete(r, a) })
		return
	}
	r.done = true
	m.term.running = nil
	if m.sending == r {
		m.sending = nil
	}
	if r.muted {
		m.term.queue = nil
		return
	}
	if a.tell != nil {
		a.tell()
	}
	if m.say(a) {
		m.next()
	}
}

// completeAfter completes a command with what result says then.
func (m *Modem) completeAfter(d time.Duration, result func() answer) answer {
	r := m.start(nil, nil)
	m.after(d, func() {
		if !r.done && m.term.running == r {
			m.complete(r, result())
		}
	})
	return later
}

// prompt asks for a message.
func (m *Modem) prompt(text bool, enter func(body []byte) answer) answer {
	m.term.entry = &entry{text: text, first: true, enter: enter}
	m.send("\r\n> ")
	return later
}

func (m *Modem) entryKey(b byte) {
	e := m.term.entry
	first := e.first
	e.first = false
	switch {
	case b == escape:
		m.term.entry = nil
		m.term.queue = nil
		m.sendFault = nil
		m.final(ok)
	case b == ctrlZ:
		m.term.entry = nil
		if a := e.enter(e.body); !a.later && m.say(a) {
			m.next()
		}
	case b == backspace || b == del:
		if len(e.body) > 0 {
			e.body = e.body[:len(e.body)-1]
		}
	case b == '\n' && (first || !e.text) || b == '\r' && !e.text:
	case b == '\r':
		e.body = append(e.body, '\n')
		m.echo("\r")
		m.send("\r\n> ")
	case len(e.body) < maxEntry:
		e.body = append(e.body, b)
		m.echo(string([]byte{b}))
	}
}

// urc sends an unsolicited line.
func (m *Modem) urc(format string, a ...any) {
	if m.power.on {
		m.send("\r\n" + fmt.Sprintf(format, a...) + "\r\n")
	}
}

// equipmentErrors are texts of +CME ERROR for +CMEE=2 (manual 19.1).
var equipmentErrors = map[int]string{
	0: "phone failure", 3: "operation not allowed", 4: "operation not supported",
	10: "SIM not inserted", 11: "SIM PIN required", 12: "SIM PUK required",
	13: "SIM failure", 14: "SIM busy", 16: "incorrect password", 20: "memory full",
	21: "invalid index", 22: "not found", 30: "no network service", 32: "network not allowed - emergency call only",
	50: "Incorrect parameters", 100: "unknown", 771: "call setup in progress", 797: "CFUN state is 0 or 4",
}

// equipmentError is +CME ERROR as +CMEE asks for it.
func (m *Modem) equipmentError(code int) answer {
	switch m.set.cmee {
	case 0:
		return plainErr
	case 2:
		if s, is := equipmentErrors[code]; is {
			return answer{final: "+CME ERROR: " + s}
		}
	}
	return answer{final: fmt.Sprintf("+CME ERROR: %d", code)}
}

// messageError is +CMS ERROR (3GPP TS 27.005 3.2.5), always with its number.
func messageError(code int) answer { return answer{final: fmt.Sprintf("+CMS ERROR: %d", code)} }

// badValue answers a parameter that is out of range.
func (m *Modem) badValue() answer { return m.equipmentError(50) }

// messageCommand tells whether errors of a command are +CMS ERROR.
func messageCommand(name string) bool {
	switch strings.TrimPrefix(name, "+") {
	case "CMGS", "CMGW", "CMSS", "CMGL", "CMGR", "CMGD", "CMGDA", "CMGC", "CPMS", "CNMI", "CSMS", "CSCA", "CSMP", "CSDH", "CNMA":
		return true
	}
	return false
}
