package modem

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/warthog618/sms/encoding/gsm7"
	"github.com/warthog618/sms/encoding/ucs2"
)

const (
	ussdLimit = 30 * time.Second // for the network's answer, which takes up to 10 s (AT CUSD)
	// ussdRest keeps the answer to an inquiry that was given up from being taken
	// for that of the next: +CUSD does not say which code it answers.
	ussdRest = 5 * time.Minute
	// printTime is how long a modem may take to print one +CUSD of several lines.
	printTime = time.Second
	ussdMost  = 1000 // bytes of it; an answer has 182 characters (22.090)
)

var (
	// ErrCode: what was asked is no service code; nothing was sent.
	ErrCode = errors.New("a service code is digits, * and #, for example *100#")
	// ErrYielded: something else needed the line, which goes first; ask again later.
	ErrYielded = errors.New("the inquiry gave way to a text or a call")
	// ErrNoAnswer: the network has not answered.
	ErrNoAnswer = errors.New("the network did not answer the service code")
)

// USSDError is a refusal of a service code, by its <m> of +CUSD (27.007 7.15).
type USSDError struct{ Code int }

func (e *USSDError) Error() string {
	switch e.Code {
	case 2:
		return "the network ended the inquiry without an answer"
	case 4:
		return "the network does not know that service code"
	case 5:
		return "the network took too long to answer the service code"
	}
	return fmt.Sprintf("the service code was refused (+CUSD: %d)", e.Code)
}

var serviceCode = regexp.MustCompile(`^[*#0-9]{2,40}$`)

// inquiry waits for the network's answer to a service code.
type inquiry chan reaction // capacity 1

// reaction is a +CUSD.
type reaction struct {
	n    int // 0 done, 1 a menu, 2 ended by the network, 4 not known, 5 time-out
	text string
}

// USSD asks the network a service code such as *100# and returns its answer,
// 30 s at most from its turn on. A menu is closed. It is the last of all that the
// line does: it does not begin while anything else waits or a call goes on, and is
// given up for whatever comes (ErrYielded). The trace shows nothing of it: when it
// goes tells what else does.
//
// ErrCode, ErrDown: nothing was asked. ErrYielded, ErrNoAnswer, ErrUnknown,
// *USSDError, *CMEError: there is no answer.
func (m *Modem) USSD(ctx context.Context, code string) (string, error) {
	if !serviceCode.MatchString(code) {
		return "", fmt.Errorf("%q: %w", code, ErrCode)
	}
	answer := make(chan string, 1)
	err := m.run(ctx, false, func(s *session) error {
		text, err := s.inquire(ctx, code)
		answer <- text
		return err
	})
	if err != nil {
		return "", err
	}
	return <-answer, nil
}

// inquire asks and waits for the answer.
func (s *session) inquire(ctx context.Context, code string) (string, error) {
	m := s.m
	if m.calling() || m.jobs.any() || time.Now().Before(m.ussdAfter) {
		return "", ErrYielded
	}
	// Another program may have left a set in which the code reads otherwise.
	if _, err := s.quietly(true, `+CSCS="GSM"`, quick); broke(err) {
		return "", ErrDown
	}
	q := make(inquiry, 1)
	s.expect(q)
	defer s.expect(nil)
	_, err := s.quietly(true, `+CUSD=1,"`+code+`",15`, callLimit)
	if err := requested(err); err != nil {
		if errors.Is(err, ErrUnknown) {
			m.ussdAfter = time.Now().Add(ussdRest)
		}
		return "", err
	}
	r, err := s.react(ctx, q)
	if err != nil || r.n != 0 {
		m.ussdAfter = time.Now().Add(ussdRest)
	}
	if err != nil && s.fault() == nil || r.n == 1 {
		_, _ = s.quietly(true, "+CUSD=2", quick) // gives the network's channel back
	}
	switch {
	case err != nil:
		return "", err
	case r.n == 0 || r.text != "": // what ends it may bear the answer
		return r.text, nil
	}
	return "", &USSDError{r.n}
}

// expect says who gets the next +CUSD; nil: nobody.
func (s *session) expect(q inquiry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inquiry = q
}

// reacted takes a +CUSD, on the reading goroutine.
func (s *session) reacted(u urc) {
	r := reaction{n: number(u.rest, 0), text: serviceText(u.rest)}
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.inquiry <- r:
	default: // nobody asked, or it is the second to one question
	}
}

// react waits for the answer, does meanwhile what nobody asks for (a text that
// comes is read at once), and gives up for whatever somebody does.
func (s *session) react(ctx context.Context, q inquiry) (reaction, error) {
	over := time.NewTimer(ussdLimit)
	defer over.Stop()
	for {
		select {
		case r := <-q:
			return r, nil
		case <-over.C:
			return reaction{}, ErrNoAnswer
		case <-ctx.Done():
			return reaction{}, ErrYielded
		case <-s.ctx.Done():
			return reaction{}, ErrUnknown
		case <-s.dead:
			return reaction{}, ErrUnknown
		case <-s.m.jobs.ready:
		case <-s.wake:
		}
		if s.ready() != nil {
			return reaction{}, ErrUnknown
		}
		if s.m.jobs.any() {
			return reaction{}, ErrYielded
		}
		s.noted()
		for s.attendCall() {
		}
		if task := s.nextTask(); task != nil {
			s.chore(task)
		}
	}
}

// printed is a +CUSD whose text has line ends in it, while it is printed. Only the
// reading goroutine uses it.
type printed struct {
	line  string
	since time.Time
}

// take adds a line. It returns the whole of it and true where that is not, or no
// longer, one of several lines. A line that has a meaning of its own is never one
// of them: if the end was lost, nothing else is.
func (p *printed) take(line, command string, now time.Time) (string, bool) {
	_, own := parse(line, command)
	own = own || command != "" && final(line, command)
	switch {
	case p.line == "" && !opensText(line):
		return line, true
	case p.line == "":
		p.since = now
	case own || now.Sub(p.since) > printTime || len(p.line) > ussdMost:
		p.line = ""
		return line, true
	default:
		line = p.line + "\n" + line
	}
	if closedText.MatchString(line) {
		p.line = ""
		return line, true
	}
	p.line = line
	return "", false
}

// closedText has its last quote, and the alphabet behind it.
var closedText = regexp.MustCompile(`(?s)^\+CUSD:[^"]*".*"(, ?[0-9]{1,3})?$`)

func opensText(line string) bool {
	return strings.HasPrefix(line, "+CUSD:") && strings.Contains(line, `"`)
}

// serviceText reads the text of <m>,"<str>",<dcs>, which may have quotes in it.
func serviceText(rest string) string {
	begin, end := strings.IndexByte(rest, '"'), strings.LastIndexByte(rest, '"')
	if begin < 0 || end <= begin {
		return ""
	}
	text := rest[begin+1 : end]
	dcs := number(strings.TrimLeft(rest[end+1:], ", "), 0)
	return strings.TrimSpace(strings.ReplaceAll(decoded(text, dcs), "\r", "\n"))
}

// Alphabets of a broadcast or a service code (23.038 clause 5).
type alphabet int

const (
	sevenBit alphabet = iota
	eightBit
	sixteenBit
)

// alphabetOf reads a cell broadcast data coding scheme; language tells that two
// letters of one stand before the text.
func alphabetOf(dcs int) (a alphabet, language bool) {
	switch {
	case dcs < 0 || dcs > 255:
		return sevenBit, false
	case dcs == 0x10:
		return sevenBit, true
	case dcs == 0x11:
		return sixteenBit, true
	case dcs>>6 == 1 || dcs>>4 == 9: // general coding; with a header
		return [4]alphabet{sevenBit, eightBit, sixteenBit, sevenBit}[dcs>>2&3], false
	case dcs>>4 == 15 && dcs&4 != 0:
		return eightBit, false
	}
	return sevenBit, false
}

// decoded reads the text of an answer: modems give it plain or as hexadecimal,
// and do not say which.
func decoded(text string, dcs int) string {
	octets, err := hex.DecodeString(text)
	if err != nil || len(octets) < 4 {
		return text
	}
	a, language := alphabetOf(dcs)
	switch {
	case a == sixteenBit:
		if language {
			octets = octets[2:]
		}
		if runes, err := ucs2.Decode(octets); err == nil {
			return string(runes)
		}
	case strings.Trim(text, "0123456789") == "" && len(text) < 16: // a number
	case plain(octets): // eight bits for each character
		return string(octets)
	case a == sevenBit:
		if b, err := gsm7.Decode(gsm7.Unpack7BitUSSD(octets, 0)); err == nil && readable(string(b)) {
			return dropLanguage(string(b), language)
		}
	}
	return text
}

// dropLanguage takes off two letters and a carriage return.
func dropLanguage(s string, is bool) string {
	if is && len(s) > 3 && s[2] == '\r' {
		return s[3:]
	}
	return s
}

func plain(octets []byte) bool {
	for _, b := range octets {
		if (b < ' ' || b > '~') && b != '\n' && b != '\r' {
			return false
		}
	}
	return true
}

// readable tells text from a number that was taken for packed septets: those give
// Greek capitals and marks of other languages.
func readable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.Is(unicode.Greek, r) || strings.ContainsRune("\x1b¤§¡¿", r)
	})
}
