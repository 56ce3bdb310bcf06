package modem

import "strings"

// maxLine bounds a line in bytes. The longest that is known is AT+COPS=? with
// many networks; a PDU has 352 (27.005 3.1).
const maxLine = 4096

// lines cuts bytes into lines. CR and LF both end one, so that echoes and
// "\r\n" come out alike. Bytes that no modem sends in text (NUL, controls, all
// above 0x7E) are noise of the line and are dropped.
type lines struct {
	buf   []byte
	over  bool // the line is too long and is dropped up to its end
	noise int  // bytes and lines dropped since it was last read
}

// next takes one byte in. It returns a line and true where the byte ended one
// that is not empty. prompt says that "> " is waited for, which has no line
// end (27.005 3.5.1); it is returned as ">".
func (l *lines) next(b byte, prompt bool) (string, bool) {
	switch {
	case b == '\r' || b == '\n':
		return l.end()
	case b < ' ' || b > '~':
		l.noise++
	case b == '>' && prompt && len(l.buf) == 0 && !l.over:
		return ">", true
	case b == ' ' && len(l.buf) == 0:
		// what follows a prompt
	case len(l.buf) == maxLine:
		l.over = true
	default:
		l.buf = append(l.buf, b)
	}
	return "", false
}

func (l *lines) end() (string, bool) {
	line, over := strings.TrimRight(string(l.buf), " "), l.over
	l.buf, l.over = l.buf[:0], false
	if over {
		l.noise++
		return "", false
	}
	return line, line != ""
}
