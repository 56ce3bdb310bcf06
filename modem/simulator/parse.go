package simulator

import (
	"errors"
	"strconv"
	"strings"
)

// operation is what a command asks for (V.250 5.4).
type operation byte

const (
	opExecute operation = iota // AT+CSQ
	opSet                      // AT+CMGF=0
	opRead                     // AT+CMGF?
	opTest                     // AT+CMGF=?
)

// command is one command of a line: the name in capitals ("+CMGS", "&W", "D",
// "S3"), and what follows it. For D the argument is the dial string with its
// semicolon.
type command struct {
	name string
	op   operation
	arg  string
}

var errSyntax = errors.New("not an AT command line")

// parseLine splits what stands between "AT" and the carriage return (V.250 5.2
// to 5.4): basic commands follow each other directly, extended ones are ended
// by a semicolon. Blanks outside quotes mean nothing.
func parseLine(s string) ([]command, error) {
	s = squeeze(s)
	var cs []command
	for s != "" {
		if s[0] == ';' {
			s = s[1:]
			continue
		}
		c, rest, err := parseCommand(s)
		if err != nil {
			return nil, err
		}
		cs, s = append(cs, c), rest
	}
	return cs, nil
}

func parseCommand(s string) (command, string, error) {
	switch c := upper(s[0]); {
	case strings.IndexByte("+*^$%#", c) >= 0:
		return parseExtended(s)
	case c == 'D':
		return parseDial(s)
	case c == 'S' || c == '&' || c >= 'A' && c <= 'Z':
		return parseBasic(s)
	}
	return command{}, "", errSyntax
}

func parseExtended(s string) (command, string, error) {
	n := 1
	for n < len(s) && nameByte(upper(s[n])) {
		n++
	}
	if n == 1 {
		return command{}, "", errSyntax
	}
	c := command{name: strings.ToUpper(s[:n])}
	return parseOperation(c, s[n:])
}

func nameByte(b byte) bool {
	return b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("!%-./:_", b) >= 0
}

// parseOperation reads =?, ?, =value or nothing, up to the next semicolon.
func parseOperation(c command, s string) (command, string, error) {
	end := unquotedIndex(s, ';')
	body, rest := s, ""
	if end >= 0 {
		body, rest = s[:end], s[end+1:]
	}
	switch {
	case body == "":
		c.op = opExecute
	case body == "?":
		c.op = opRead
	case body == "=?":
		c.op = opTest
	case body[0] == '=':
		c.op, c.arg = opSet, body[1:]
	default:
		return command{}, "", errSyntax
	}
	return c, rest, nil
}

func parseDial(s string) (command, string, error) {
	end := unquotedIndex(s, ';')
	if end < 0 {
		return command{name: "D", arg: s[1:]}, "", nil
	}
	return command{name: "D", arg: s[1 : end+1]}, s[end+1:], nil
}

func parseBasic(s string) (command, string, error) {
	n := 1
	if s[0] == '&' {
		if len(s) < 2 || upper(s[1]) < 'A' || upper(s[1]) > 'Z' {
			return command{}, "", errSyntax
		}
		n = 2
	}
	digits := n
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	c := command{name: strings.ToUpper(s[:n])}
	if c.name == "S" {
		c.name = "S" + s[n:digits]
		return parseRegister(c, s[digits:])
	}
	c.arg = s[n:digits]
	if digits < len(s) && s[digits] == '?' {
		c.op = opRead
		digits++
	}
	return c, s[digits:], nil
}

func parseRegister(c command, s string) (command, string, error) {
	if strings.HasPrefix(s, "?") {
		c.op = opRead
		return c, s[1:], nil
	}
	if !strings.HasPrefix(s, "=") {
		return command{}, "", errSyntax
	}
	n := 1
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	c.op, c.arg = opSet, s[1:n]
	return c, s[n:], nil
}

// squeeze drops blanks and control characters outside quotes.
func squeeze(s string) string {
	var b strings.Builder
	quoted := false
	for i := range len(s) {
		if s[i] == '"' {
			quoted = !quoted
		}
		if s[i] > ' ' && s[i] != 0x7f || quoted {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func unquotedIndex(s string, c byte) int {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == c && !quoted:
			return i
		}
	}
	return -1
}

func upper(b byte) byte {
	if b >= 'a' && b <= 'z' {
		return b - 'a' + 'A'
	}
	return b
}

// arguments are the comma-separated values after "=".
type arguments []string

func (c command) args() arguments {
	var as arguments
	s := c.arg
	for {
		i := unquotedIndex(s, ',')
		if i < 0 {
			return append(as, s)
		}
		as, s = append(as, s[:i]), s[i+1:]
	}
}

// text is the i-th value without its quotes, "" where there is none.
func (as arguments) text(i int) string {
	if i >= len(as) {
		return ""
	}
	return strings.Trim(as[i], `"`)
}

// number is the i-th value as a number from lo to hi; def where it was left out.
func (as arguments) number(i, def, lo, hi int) (int, bool) {
	s := as.text(i)
	if s == "" {
		return def, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= lo && n <= hi
}
