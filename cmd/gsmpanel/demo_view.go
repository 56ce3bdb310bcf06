package main

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// The smallest screen that the demo is drawn on.
const (
	leastWidth  = 80
	leastHeight = 24
)

// Where the screen is so wide the friends stand side by side.
const threeColumns = 126

// below is how many lines stand under the phones: a rule, two of the hint, the
// input, two of the keys. One stands above.
const (
	above = 1
	below = 6
)

// Styles mean nothing that the words do not say too.
func bold(s string) string    { return "\x1b[1m" + s + "\x1b[22m" }
func reverse(s string) string { return "\x1b[7m" + s + "\x1b[27m" }
func dim(s string) string     { return "\x1b[2m" + s + "\x1b[22m" }

// fit cuts or fills s to a width in columns.
func fit(s string, width int) string {
	if over := ansi.StringWidth(s) - width; over > 0 {
		return ansi.Truncate(s, width, "…")
	}
	return s + strings.Repeat(" ", width-ansi.StringWidth(s))
}

// wrapped breaks s into lines of a width; all but the first are indented.
func wrapped(s string, width int) []string {
	lines := strings.Split(ansi.Wrap(s, width-2, ""), "\n")
	for n := 1; n < len(lines); n++ {
		lines[n] = "  " + strings.TrimLeft(lines[n], " ")
	}
	return lines
}

// block makes lines exactly height long.
func block(lines []string, height int) []string {
	for len(lines) < height {
		lines = append(lines, "")
	}
	return lines[:height]
}

// rule is a line across with a label at each end, the right one where there is
// room.
func rule(left, right string, width int) string {
	if left != "" {
		left = "── " + left + " "
	}
	if right != "" {
		right = " " + right + " ──"
	}
	n := width - ansi.StringWidth(left) - ansi.StringWidth(right)
	if n < 0 {
		right, n = "", max(0, width-ansi.StringWidth(left))
	}
	return left + strings.Repeat("─", n) + right
}

// lines is the screen: height lines, none wider than width.
func (m demoScreen) lines() []string {
	switch {
	case m.width < leastWidth || m.height < leastHeight:
		return m.tooSmall()
	case m.help:
		return m.helpPage()
	}
	out := m.upper()
	out = append(out, rule(m.radio, "gsmpanel demo", m.width))
	out = append(out, block(m.hintLines(), 2)...)
	out = append(out, m.inputLine())
	out = append(out, m.keyLines()...)
	for n := range out {
		out[n] = ansi.Truncate(out[n], m.width, "…")
	}
	return out
}

func (m demoScreen) tooSmall() []string {
	text := "The demo needs a terminal of 80 columns and 24 lines. Make this one larger, or press q and use gsmpanel demo --script."
	if m.width <= 0 || m.height <= 0 {
		return nil
	}
	return block(strings.Split(ansi.Wrap(text, m.width, ""), "\n"), m.height)
}

// columns are the widths of the house and of the friends' columns.
func (m demoScreen) columns() (house int, friends []int) {
	if m.width < threeColumns {
		house = (m.width - 1) / 2
		return house, []int{m.width - 1 - house}
	}
	third := (m.width - 2) / 3
	return third, []int{third, m.width - 2 - 2*third}
}

func (m demoScreen) bodyHeight() int { return m.height - above - below }

// phoneSize is the room of a phone: columns, and lines with its title.
func (m demoScreen) phoneSize(n int) (width, height int) {
	house, friends := m.columns()
	if n == 0 {
		return house - 1, m.bodyHeight() - len(m.face(house-1))
	}
	if len(friends) > 1 {
		return friends[(n-1)%len(friends)] - 1, m.bodyHeight()
	}
	each := m.bodyHeight() / (len(m.people) - 1)
	if n == len(m.people)-1 {
		each = m.bodyHeight() - each*(len(m.people)-2)
	}
	return friends[0] - 1, each
}

// upper is the house on the left and the friends on the right.
func (m demoScreen) upper() []string {
	house, friends := m.columns()
	columns := [][]string{append(m.face(house-1), m.phonePane(0)...)}
	widths := append([]int{house}, friends...)
	for range friends {
		columns = append(columns, nil)
	}
	for n := 1; n < len(m.people); n++ {
		c := 1 + (n-1)%len(friends)
		columns[c] = append(columns[c], m.phonePane(n)...)
	}
	out := []string{m.heading(house)}
	for row := range m.bodyHeight() {
		var cells []string
		for c, lines := range columns {
			cells = append(cells, " "+fit(block(lines, m.bodyHeight())[row], widths[c]-1))
		}
		out = append(out, strings.Join(cells, "│"))
	}
	return out
}

func (m demoScreen) heading(house int) string {
	return reverse(bold(fit(" IN THE HOUSE", house) + "│" + fit(" NOT VISIBLE IN THE HOUSE", m.width-house-1)))
}

func (m demoScreen) inputLine() string {
	name := m.people[m.who].name
	switch {
	case m.typing != nowhere:
		return m.inputLabel() + m.typedShown()
	case m.note != "":
		return " " + m.note
	case m.inCall():
		return dim(" " + name + " is in a call: digits are pressed in it; t types a text.")
	case m.people[m.who].control:
		return dim(" You have " + name + "'s phone. Type a code and a command, or press t for any text.")
	}
	return dim(" You have " + name + "'s phone. Type OK or CLOSE and the number; t for any text.")
}

func (m demoScreen) inputLabel() string {
	if m.typing == atKeypad {
		return " Keypad: "
	}
	return " " + m.people[m.who].name + " texts: "
}

// typedShown is the end of what is typed, as far as there is room.
func (m demoScreen) typedShown() string {
	room := m.width - ansi.StringWidth(m.inputLabel()) - 1
	if over := ansi.StringWidth(m.typed) - room; over > 0 {
		return ansi.TruncateLeft(m.typed, over+1, "…")
	}
	return m.typed
}

// cursor is where the cursor stands on the input line; not ok where nothing is
// typed.
func (m demoScreen) cursor() (x, y int, ok bool) {
	if m.typing == nowhere || m.help || m.width < leastWidth || m.height < leastHeight {
		return 0, 0, false
	}
	return min(m.width-1, ansi.StringWidth(m.inputLabel()+m.typedShown())), m.height - 3, true
}

// keyed writes "a arm" with the key standing out.
func keyed(pairs ...string) string {
	var out []string
	for _, p := range pairs {
		key, word, _ := strings.Cut(p, " ")
		out = append(out, bold(key)+" "+word)
	}
	return strings.Join(out, "  ")
}

func (m demoScreen) keyLines() []string {
	switch m.typing {
	case atKeypad:
		return []string{" " + keyed("Enter disarms, or arms", "* home", "/ asks", "Backspace one digit", "Esc leaves it"),
			dim(" Digits of a code first. Chirps answer: 1 armed, 2 disarmed, 4 refused.")}
	case onPhone:
		return []string{" " + keyed("Enter sends", "Esc drops it", "Tab another phone", "Backspace one letter", "Ctrl-U all"),
			dim(" For the panel this is a text over the mobile network.")}
	}
	return []string{
		" HOUSE " + keyed("o door", "w window", "m motion", "k keypad", "b/B panic button", "? help", "q quit"),
		" FOB " + keyed("a arm", "h home", "d/D disarm") + "  PHONE " + keyed("Tab next", "t text", "c call", "p pick up", "x end"),
	}
}
