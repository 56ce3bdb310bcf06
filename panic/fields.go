package duress

import "unicode/utf8"

// A packer lays texts of fixed room one after the other: a length byte, then
// the text, then zeros. What does not fit is cut at the border of a rune, so
// the size of the whole never depends on what it holds.
type packer struct{ to []byte }

// text stores s in 1+room bytes; room is at most 255.
func (p *packer) text(s string, room int) {
	s = fit(s, room)
	p.to[0] = byte(len(s))
	copy(p.to[1:1+room], s)
	p.to = p.to[1+room:]
}

func (p *packer) flag(b bool) { p.to[0] = flagByte(b); p.to = p.to[1:] }

// An unpacker reads what a packer laid, in the same order with the same rooms.
type unpacker struct{ from []byte }

func (u *unpacker) text(room int) string {
	n := min(int(u.from[0]), room)
	s := string(u.from[1 : 1+n])
	u.from = u.from[1+room:]
	return s
}

func (u *unpacker) flag() bool {
	b := u.from[0] == 1
	u.from = u.from[1:]
	return b
}

func flagByte(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func fit(s string, room int) string {
	if len(s) <= room {
		return s
	}
	for room > 0 && !utf8.RuneStart(s[room]) {
		room--
	}
	return s[:room]
}
