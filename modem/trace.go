package modem

import (
	"fmt"
	"strings"
	"sync"
	"unicode"
)

// tracer writes the dialogue for people, without what nobody may read later:
// PDUs, keyed digits, the digits of texts, words that may be anybody's secret,
// and all of a sealed dialogue.
// Status reports are left out altogether: the modem can not tell for all of
// them whether their text was sealed.
type tracer struct {
	out func(string)

	// shown says whose texts may be seen; nil: nobody's. What comes from others
	// may belong to a sealed dialogue, which the modem cannot know.
	shown func(from string) bool
	plain func(word string) bool // which words of them

	mu     sync.Mutex
	chores bool // the panel's own listings and polls go on: when they come tells who has the line
	sealed bool // the dialogue that goes on
	text   Text // that is being submitted
}

// chore begins or ends what nobody asked for.
func (t *tracer) chore(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.chores = on
}

// begin says whether the dialogue that now begins is sealed. It stays so for
// late answers and the probes after them, until the next begins.
func (t *tracer) begin(sealed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sealed, t.text = sealed || t.chores, Text{}
}

// hides says whether the dialogue is sealed.
func (t *tracer) hides() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.sealed
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
	if strings.HasPrefix(command, "+CPIN=") {
		command = "+CPIN=…" // not even its length
	}
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

// shows says whether what comes from a number may be shown.
func (t *tracer) shows(from string) bool { return t.shown != nil && t.shown(from) }

// received shows a text that was listed.
func (t *tracer) received(r Received) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.out != nil && !r.Alphanumeric && t.shows(r.From) {
		t.out(fmt.Sprintf("< text from %s: %q", r.From, masked(t.worded(r.Body))))
	}
}

// worded leaves only the plain words of a text.
func (t *tracer) worded(body string) string {
	var out, word strings.Builder
	flush := func() {
		switch {
		case word.Len() == 0:
		case t.plain != nil && t.plain(word.String()):
			out.WriteString(word.String())
		default:
			out.WriteString("…")
		}
		word.Reset()
	}
	for _, r := range body {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.Is(unicode.Cf, r) {
			word.WriteRune(r)
			continue
		}
		flush()
		out.WriteRune(r)
	}
	flush()
	return out.String()
}

// openAnswers are commands whose answers have no prefix and may be shown.
var openAnswers = map[string]bool{"+CGMM": true, "+GMM": true, "+GMR": true, "+CGMR": true}

// answer shows a line of the dialogue; late, one that nobody waited for.
func (t *tracer) answer(line, command string, late bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	name, _, _ := strings.Cut(line, ":")
	switch {
	case final(line, command) || line == ">":
	case strings.HasPrefix(command, "+CMGL"):
		return // headers and PDUs; received shows the texts
	case strings.HasPrefix(command, "+CMGS") && strings.HasPrefix(line, "+CMGS:"):
		line = "+CMGS: •" // the references skip those of sealed texts
	case !late && (openAnswers[command] || name != line && asks(command, name)):
	default:
		line = opaque(line)
	}
	t.line("< %s", line)
}

// untraced hold keyed digits or texts, or come with the tasks of the room; what is
// sent makes the supply sag and the modem warm.
var untraced = map[string]bool{
	"+DTMF":         true,
	"+CDSI":         true,
	"+CMTI":         true,
	"+CUSD":         true,
	"UNDER-VOLTAGE": true,
	"OVER-VOLTAGE":  true,
	"+CMTE":         true,
	"+SJDR":         true,
}

// unsolicited shows a line that came of itself. sealed: it belongs to a call
// that is.
func (t *tracer) unsolicited(u urc, sealed bool) {
	if sealed || withPDU[u.name] || untraced[u.name] {
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
