package main

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// modemPlants are the defects of the AT library and of the serial one that the
// modem's room and the tty's absorb, planted by taking away what absorbs them; and
// what such a room is easily built wrong in.
var modemPlants = []struct {
	name    string
	changes []plant
}{
	{"a line that came of itself stays in the answer", []plant{{"modem/splitter.go", "	s.urc(u)\n}\n", "	s.urc(u)\n	s.answer(line)\n}\n"}}},
	{"lines are dealt with in any order", []plant{{"modem/session.go", "s.split.urc = s.unsolicited\n", "s.split.urc = func(u urc) { go s.unsolicited(u) }\n"}}},
	{"a header takes whatever comes next for its PDU", []plant{{"modem/splitter.go", "if whole(line, pduLength(h.rest)) {", "if true {"}}},
	{"a late answer is that of the next command", []plant{{"modem/session.go", "		s.split.turn(toNobody, \"\")\n		s.unsynced = true\n		return written, errLate\n", "		return written, errLate\n"}}},
	{"a probe is content with what stands beside its answer", []plant{{"modem/synchronise.go", "!got || beside {", "!got || false && beside {"}}},
	{"a prompt is left by Ctrl-Z", []plant{{"modem/synchronise.go", `s.raw("\x1b", "ESC")`, `s.raw("\x1a", "ESC")`}}},
	{"a command has the library's time", []plant{{"modem/session.go", "s.at.Command(command, at.WithTimeout(limit))", "s.at.Command(command)"}}},
	{"a text has the library's time", []plant{{"modem/session.go", "sub.pdu, at.WithTimeout(cmgsLimit))", "sub.pdu)"}}},
	{"a prompt that does not come is waited for", []plant{{"modem/session.go", "func() { s.split.abort(true) }", "func() {}"}}},
	{"a text whose answer is lost was not sent", []plant{{"modem/session.go", "	case broke(err) && written:\n		return 0, ErrUnknown\n", "	case broke(err) && written:\n		return 0, ErrDown\n"}}},
	{"a text that may have gone is sent again", []plant{{"modem/session.go", "	case broke(err) && written:\n		return 0, ErrUnknown\n", "	case broke(err) && written:\n		return s.submit(t, sub)\n"}}},
	{"requests are carried out beside one another", []plant{{"modem/serve.go", "			j.done <- j.do(s)\n", "			go func() { j.done <- j.do(s) }()\n"}}},
	{"a text that was taken without a reference has the reference -1", []plant{{"modem/session.go", "	if ref < 0 {\n		return 0, ErrUnknown\n	}\n", ""}}},
	{"an answer that nobody asked for is overheard", []plant{{"modem/splitter.go", "	if to == toNobody && end {\n", "	if false {\n"}}},
	{"a line without an end fills the memory", []plant{{"modem/lines.go", "	case len(l.buf) == maxLine:\n", "	case false:\n"}}},
	{"the end of the last call is that of the next", []plant{{"modem/call.go", "	case c == nil || !c.started: // of the call before\n", "	case c == nil:\n"}}},
	{"a port that is silent for a while has ended", []plant{{"tty/tty.go", "		if n > 0 || err != nil && !errors.Is(err, unix.EAGAIN) {\n", "		if true {\n"}}},
	{"a restart of the modem is not noticed", []plant{{"modem/restart.go", "	s.reset = s.reset || reset\n", ""}}},
	{"a restart does not end what is in flight", []plant{{"modem/restart.go", "	if reset {\n		s.split.abort(false)\n	}\n", ""}}},
	{"texts come directly and are not stored", []plant{{"modem/profile.go", `[]string{"2,1,0,1,0", "1,1,0,1,0", "2,1,0,0,0", "1,1,0,0,0"},`, `[]string{"2,2,0,1,0"},`}}},
	{"a text is deleted before it is dealt with", []plant{{"modem/inbox.go", "	m.told, m.toldEpoch = now, epoch\n	s.m.emit(r)\n", "	m.told, m.toldEpoch = now, epoch\n	s.m.emit(r)\n	s.remove(m)\n"}}},
	{"what lies on the SIM is not listed", []plant{{"modem/supervise.go", "	s.due = due{}\n", "	s.due = due{sweep: time.Now().Add(24 * time.Hour)}\n"}}},
	{"what cannot be read is deleted at once", []plant{{"modem/inbox.go", "sightings = 2\n", "sightings = 1\n"}}},
	{"OK to ATD is an answer", []plant{{"modem/dial.go", "	case err == nil:\n		c.started = true\n", "	case err == nil:\n		c.started = true\n		m.connects()\n"}}},
	{"NO CARRIER does not answer ATA", []plant{{"modem/splitter.go", `if end && command == "A" && callResults[line] {`, `if end && false {`}}},
	{"NO DIAL TONE is not known", []plant{{"modem/splitter.go", `	if line == "NO DIAL TONE" {`, `	if false {`}}},
	{"an echo is an answer", []plant{{"modem/splitter.go", `	if line == "" || s.echo(line) {`, `	if line == "" {`}}},
	{"echo is left on", []plant{{"modem/initialise.go", `s.must("E0")`, `s.must("E1")`}}},
	{"errors come in words", []plant{{"modem/initialise.go", `s.must("+CMEE=1")`, `s.must("+CMEE=2")`}}},
	{"a NUL before OK spoils it", []plant{{"modem/lines.go", "	case b < ' ' || b > '~':\n", "	case b > '~':\n"}}},
	{"an empty text is encoded", []plant{{"modem/submit.go", "	if t.Body == \"\" {\n		return submission{}, ErrEmpty\n	}\n", ""}}},
	{"every number is taken for an international one", []plant{{"modem/submit.go", "`^\\+[1-9][0-9]{6,14}$`", "`^\\+?[0-9]{1,15}$`"}}},
	{"a write that is not taken waits for ever", []plant{{"modem/guard.go", "time.NewTimer(writeLimit)", "time.NewTimer(1000 * time.Hour)"}}},
	{"a port is written to after it was closed", []plant{{"tty/tty.go", "	l.closed = true\n", ""}}},
	{"a port stays open in children", []plant{{"tty/tty.go", "		unix.CloseOnExec(fd)\n", ""}}},
}

var redTest = regexp.MustCompile(`--- FAIL: (Test\w+)`)

// TestModemSeesPlantedDefects wants the tests of the modem's room, or of the tty's,
// to see each.
func TestModemSeesPlantedDefects(t *testing.T) {
	for _, l := range modemPlants {
		t.Run(l.name, func(t *testing.T) {
			room, _, _ := strings.Cut(l.changes[0].file, "/")
			out, err := exec.Command("go", "test", "-count=1", "-timeout", "100s", "-overlay", planted(t, l.changes), "../../"+room).CombinedOutput()
			var red []string
			for _, m := range redTest.FindAllStringSubmatch(string(out), -1) {
				red = append(red, m[1])
			}
			if err == nil || red == nil && !strings.Contains(string(out), "panic:") {
				t.Fatalf("nobody saw it (%v):\n%.2500s", err, out)
			}
			t.Logf("seen by %v", slices.Compact(red))
		})
	}
}
