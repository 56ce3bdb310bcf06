package modem

import (
	"io"
	"strings"
	"sync"
	"time"
)

// splitter stands between the guard and the AT library. It takes unsolicited
// lines out of the stream, in order and before the library sees them: the
// library hands them out in goroutines of their own, in any order, and leaves
// them in the answer to the running command as well.
//
// It knows which command is in flight, since it sees what is written, and
// lets only lines through that can belong to its answer. While the line is
// out of step it lets nothing through, so that no late answer can be taken
// for that of the next command.
type splitter struct {
	line  *guard
	urc   func(urc)   // called by the reading goroutine; must not block
	stray func()      // a final result came that no command waits for
	noise func(int)   // bytes or lines dropped
	show  *tracer     // the dialogue as it goes by
	over  func(error) // reading has ended; before the library is told

	mu      sync.Mutex
	to      sink
	command string // in flight, without AT
	waits   bool   // for the prompt
	written bool   // the PDU has gone out
	aborted bool   // its error is ours
	pdu     string // that it was, to know its echo
	ended   bool

	answers queue[string] // for the library
	replies queue[string] // for the probe
	header  urc           // of a PDU that is to come; only the reading goroutine uses it
	printed printed       // of a +CUSD of several lines; the same
	rest    []byte        // of a line; only the library's goroutine uses it
}

// sink is where lines go that are not unsolicited.
type sink int

const (
	toNobody sink = iota
	toLibrary
	toProbe
)

func newSplitter(line *guard, show *tracer) *splitter {
	return &splitter{line: line, show: show, answers: newQueue[string](), replies: newQueue[string]()}
}

// run reads the line until it ends.
func (s *splitter) run() {
	var l lines
	buf := make([]byte, 512)
	for {
		n, err := s.line.Read(buf)
		for _, b := range buf[:n] {
			if line, ok := l.next(b, s.prompting()); ok {
				s.take(line)
			}
		}
		if l.noise > 0 {
			s.noise(l.noise)
			l.noise = 0
		}
		if err != nil {
			s.end(err)
			return
		}
	}
}

func (s *splitter) end(err error) {
	s.over(err)
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	signal(s.answers.ready)
}

func (s *splitter) prompting() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.waits && s.to == toLibrary
}

// take routes one line.
func (s *splitter) take(line string) {
	if s.header.name != "" {
		h := s.header
		s.header = urc{}
		if whole(line, pduLength(h.rest)) {
			h.pdu = line
			s.urc(h)
			return
		}
		s.noise(1) // its PDU was lost; this line is something else
	}
	if !s.prompting() || line != ">" {
		line = strings.TrimLeft(line, "> ") // a prompt that nobody waits for
	}
	if line == "" || s.echo(line) {
		return
	}
	line, whole := s.printed.take(line, s.inFlight(), time.Now())
	if !whole {
		return
	}
	u, ok := parse(line, s.inFlight())
	if !ok {
		s.answer(line)
		return
	}
	if withPDU[u.name] {
		s.header = u
		return
	}
	s.urc(u)
}

func (s *splitter) inFlight() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.command
}

// echo says whether the line is what we wrote. After a reset the modem echoes
// until it is told not to.
func (s *splitter) echo(line string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return line == "AT" || s.command != "" && line == "AT"+s.command || s.pdu != "" && line == s.pdu
}

// answer hands a line on to whoever waits for one.
func (s *splitter) answer(line string) {
	s.mu.Lock()
	to, command := s.to, s.command
	end := final(line, command)
	switch {
	case to == toLibrary && command == "":
		to = toNobody
	case to == toLibrary && line == ">":
		s.waits = false
	case to == toLibrary && end:
		s.command, s.waits = "", false
	}
	s.show.answer(line, command, to == toNobody) // first: whoever gets the line may begin a dialogue that is sealed, or end one
	switch to {
	case toLibrary:
		if end && command == "A" && callResults[line] {
			line = "ERROR" // the library knows them after ATD only
		}
		s.answers.put(line)
	case toProbe:
		s.replies.put(line)
	}
	s.mu.Unlock()
	if to == toNobody && end {
		s.stray()
	}
}

// Read is the library's: lines of the dialogue, and the end of the line.
func (s *splitter) Read(p []byte) (int, error) {
	for len(s.rest) == 0 {
		if line, ok := s.answers.get(); ok {
			s.rest = []byte(spelt(line))
			break
		}
		s.mu.Lock()
		ended := s.ended
		s.mu.Unlock()
		if ended {
			return 0, io.EOF
		}
		<-s.answers.ready
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// spelt gives a line as the library knows it.
func spelt(line string) string {
	if line == "NO DIAL TONE" {
		line = "NO DIALTONE"
	}
	return line + "\r\n"
}

// Write is the library's: a command, a PDU with Ctrl-Z, or ESC.
func (s *splitter) Write(p []byte) (int, error) {
	text := string(p)
	s.mu.Lock()
	switch command, ok := strings.CutPrefix(strings.TrimRight(text, "\r\n"), "AT"); {
	case ok:
		s.command, s.pdu, s.written = command, "", false
		s.waits = strings.HasPrefix(command, "+CMGS=")
		s.show.command(command)
	case strings.HasSuffix(text, "\x1a"):
		s.pdu, s.written = strings.TrimSuffix(text, "\x1a"), true
		s.show.submission(s.pdu)
	}
	s.mu.Unlock()
	return s.line.Write(p)
}

// settle ends the dialogue of one command and says whether its PDU went out,
// and whether its error was ours.
func (s *splitter) settle() (written, aborted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	written, aborted = s.written, s.aborted
	s.command, s.waits, s.written, s.aborted, s.pdu = "", false, false, false, ""
	return written, aborted
}

// turn sends what is no unsolicited line elsewhere from now on. command is
// the probe's.
func (s *splitter) turn(to sink, command string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to, s.command, s.waits = to, command, false
	for ok := true; ok; {
		_, ok = s.replies.get()
	}
}

// abort ends the command in flight with an error, since its answer will not
// come any more. onlyPrompt: where it still waits for its prompt.
func (s *splitter) abort(onlyPrompt bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.to != toLibrary || s.command == "" || onlyPrompt && !s.waits {
		return
	}
	s.command, s.waits, s.aborted = "", false, true
	s.answers.put("ERROR")
}
