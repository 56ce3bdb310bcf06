package modem

import (
	"encoding/hex"
	"strconv"
	"strings"
)

// urc is an unsolicited result code: a line that answers no command.
type urc struct {
	name string // as "+CMTI", "RING", "NO CARRIER"
	rest string // what follows the colon, trimmed
	pdu  string // the line after it, of +CMT, +CDS and +CBM
	line string
}

// words are whole lines that no command of ours is answered with.
var words = map[string]bool{
	"RDY": true, "Call Ready": true, "SMS Ready": true, "SMS DONE": true, "PB DONE": true, "START": true,
	"RING": true, "MO RING": true, "MO CONNECTED": true, "CHARGE-ONLY MODE": true, "+SMS FULL": true,
	"OPL UPDATING": true, "PNN UPDATING": true,
}

// warnings are the beginnings of lines whose spelling differs between
// documents (UNDER-VOLTAGE WARNNING, POWER DOWN, POWER OFF).
var warnings = []string{"UNDER-VOLTAGE", "OVER-VOLTAGE", "NORMAL POWER", "POWERED DOWN"}

// headers come only of themselves.
var headers = map[string]bool{
	"+CRING": true, "+CMTI": true, "+CDSI": true, "+DTMF": true, "+RXDTMF": true, "+CUSD": true,
	"*PSUTTZ": true, "*PSNWID": true, "DST": true, "+CTZV": true, "+CTZE": true, "+CMTE": true,
	"+CIEV": true, "+CCWA": true, "+CSSI": true, "+CSSU": true,
	"VOICE CALL": true, "MISSED_CALL": true, "+QIND": true, "+QUSIM": true, "+STIN": true, "+NITZ": true, "+CTZEU": true,
}

// withPDU are headers that a PDU follows on a line of its own.
var withPDU = map[string]bool{"+CMT": true, "+CDS": true, "+CBM": true}

// either come of themselves or as an answer, told apart by unsolicited.
var either = map[string]bool{
	"+CREG": true, "+CGREG": true, "+CEREG": true, "+CPIN": true, "+CFUN": true, "+CLCC": true,
	"+CLIP": true, "+CSMINS": true, "+SJDR": true, "+QTONEDET": true,
}

// callResults end a call; while ATD or ATA waits they are its answer.
var callResults = map[string]bool{
	"NO CARRIER": true, "BUSY": true, "NO ANSWER": true, "NO DIALTONE": true, "NO DIAL TONE": true,
}

// parse reads a line as an unsolicited one, given the command that waits for
// an answer (without AT; empty for none).
func parse(line, command string) (urc, bool) {
	u := urc{name: line, line: line}
	if words[line] {
		return u, true
	}
	if callResults[line] {
		return u, !dials(command)
	}
	for _, w := range warnings {
		if strings.HasPrefix(line, w) {
			u.name = w
			return u, true
		}
	}
	name, rest, ok := strings.Cut(line, ":")
	if !ok {
		return u, false
	}
	u.name, u.rest = name, strings.TrimSpace(rest)
	if headers[name] || withPDU[name] || either[name] && unsolicited(u, command) {
		return spoken(u), true
	}
	return u, false
}

// spoken is what a line of another family of modems says, in the words that the
// SIM800 has for it.
func spoken(u urc) urc {
	switch u.name {
	case "+RXDTMF": // SIM7600
		u.name = "+DTMF"
	case "+QTONEDET": // Quectel; the key's code in ASCII
		if code := number(u.rest, 0); code > ' ' && code <= '~' {
			u.name, u.rest = "+DTMF", string(rune(code))
		}
	case "+QIND": // Quectel
		return indicated(u)
	}
	return u
}

// indicated is spoken for +QIND, whose first field says what it is about.
func indicated(u urc) urc {
	f := fields(u.rest)
	switch strings.Trim(f[0], `"`) {
	case "SMS DONE", "PB DONE":
		u.name, u.rest = f[0], ""
	case "smsfull":
		u.name, u.rest = "+SMS FULL", ""
	case "ccinfo": // as +CLCC, with -1 for a call that is over
		if len(f) > 3 && f[3] == "-1" {
			f[3] = strconv.Itoa(clccDisconnected)
		}
		u.name, u.rest = "+CLCC", strings.Join(f[1:], ",")
	}
	return u
}

func dials(command string) bool { return strings.HasPrefix(command, "D") || command == "A" }

// unsolicited tells a line of either from an answer to the command.
func unsolicited(u urc, command string) bool {
	if !asks(command, u.name) {
		return true
	}
	f := fields(u.rest)
	switch u.name {
	case "+CREG", "+CGREG", "+CEREG":
		// Answer: <n>,<stat>[,"lac","ci"]. URC: <stat>[,"lac","ci"] (27.007 7.2).
		return len(f) < 2 || strings.HasPrefix(f[1], `"`)
	case "+CLIP":
		return strings.HasPrefix(u.rest, `"`) || strings.HasPrefix(u.rest, ",")
	case "+SJDR":
		return !startsWithDigit(u.rest)
	}
	return false
}

// asks says whether the command is one that is answered with lines of name.
func asks(command, name string) bool {
	rest, ok := strings.CutPrefix(command, name)
	return ok && (rest == "" || rest[0] == '?' || rest[0] == '=')
}

// final says whether a line ends the answer to a command.
func final(line, command string) bool {
	return line == "OK" || strings.HasPrefix(line, "ERROR") ||
		strings.HasPrefix(line, "+CME ERROR:") || strings.HasPrefix(line, "+CMS ERROR:") ||
		dials(command) && callResults[line]
}

// fields splits at commas outside of quotes; quotes stay.
func fields(s string) []string {
	var f []string
	quoted, start := false, 0
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ',' && !quoted:
			f = append(f, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	return append(f, strings.TrimSpace(s[start:]))
}

// field returns the nth field, without quotes; empty where there is none.
func field(s string, n int) string {
	f := fields(s)
	if n >= len(f) {
		return ""
	}
	return strings.Trim(f[n], `"`)
}

// number returns the nth field as a number, or -1.
func number(s string, n int) int {
	v, err := strconv.Atoi(field(s, n))
	if err != nil || v < 0 {
		return -1
	}
	return v
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// whole says whether a line is all of the PDU whose header gave the length of
// the TPDU in octets; before it stands the service centre's address, whose
// first octet is its length (27.005 3.1).
func whole(line string, length int) bool {
	b, err := hex.DecodeString(line)
	return err == nil && len(b) > 0 && len(b) == 1+int(b[0])+length
}

// pduLength is the TPDU's length by the header of +CMT, +CDS, +CBM: the last
// field (`[alpha],<length>` or `<length>`).
func pduLength(rest string) int {
	f := fields(rest)
	return number(f[len(f)-1], 0)
}
