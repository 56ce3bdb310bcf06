package modem

import (
	"fmt"
	"strings"
	"sync"
	"unicode"
)

// tracer writes the dialogue for people, without what nobody may read later:
// PDUs, keyed digits, the digits of texts, and all of a sealed dialogue.
// Status reports are left out altogether: the modem can not tell for all of
// them whether their text was sealed.
type tracer struct {
	out func(string)

	mu     sync.Mutex
	sealed bool // the dialogue that goes on
	text   Text // that is being submitted
}

// begin says whether the dialogue that now begins is sealed. It stays so for
// late answers and the probes after them, until the next begins.
func (t *tracer) begin(sealed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sealed, t.text = sealed, Text{}
}

// submits names the text whose PDU will go by.
func (t *tracer) submits(text Text) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sealed, t.text = text.Sealed, text
}

func (t *tracer) line(format string, args ...any) {
	if t.out != nil && !t.sealed {
		t.out(fmt.Sprintf(format, args...))
	}
}

// command shows a command that goes out.
func (t *tracer) command(command string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.line("> AT%s", command)
}

// raw shows a byte of control by its name.
func (t *tracer) raw(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.line("> %s", name)
}

// submission shows the text whose PDU goes out.
func (t *tracer) submission(string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.line("> text to %s: %q", t.text.To, masked(t.text.Body))
}

// received shows a text that was listed.
func (t *tracer) received(r Received) {
	t.mu.Lock()
	defer t.mu.Unlock()
	from := r.From
	if r.Alphanumeric {
		from = masked(from)
	}
	t.line("< text from %s: %q", from, masked(r.Body))
}

// plain are commands whose answers have no prefix and may be shown.
var plain = map[string]bool{"+CGMM": true, "+GMM": true, "+GMR": true, "+CGMR": true}

// answer shows a line of the dialogue; late, one that nobody waited for.
func (t *tracer) answer(line, command string, late bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	name, _, _ := strings.Cut(line, ":")
	switch {
	case final(line, command) || line == ">":
	case strings.HasPrefix(command, "+CMGL"):
		return // headers and PDUs; received shows the texts
	case !late && (plain[command] || name != line && asks(command, name)):
	case strings.HasPrefix(command, "+CMGS") && strings.HasPrefix(line, "+CMGS:"):
	default:
		line = opaque(line)
	}
	t.line("< %s", line)
}

// unsolicited shows a line that came of itself. sealed: it belongs to a call
// that is.
func (t *tracer) unsolicited(u urc, sealed bool) {
	if sealed || withPDU[u.name] || u.name == "+DTMF" || u.name == "+RXDTMF" || u.name == "+CDSI" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.out != nil { // its own seal decides, not that of the dialogue it falls into
		t.out("< " + u.line)
	}
}

// masked puts a dot for every digit.
func masked(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return '•'
		}
		return r
	}, s)
}

// opaque is a line that may hold anything: a piece of a PDU, or a key.
func opaque(line string) string {
	if len(line) >= 24 && !strings.Contains(line, " ") {
		return "(data)"
	}
	return masked(line)
}
