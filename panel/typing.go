package panel

import (
	"fmt"
	"time"
)

// typingRests is how long half-typed digits are kept without a further key.
const typingRests = 10 * time.Second

// keyVerbs are what the keys behind a code mean; Step reads VerbEnter off the
// state.
var keyVerbs = map[byte]Verb{'\n': VerbEnter, '*': VerbHome, '/': VerbStatus}

// typing is what stands on a keypad that has no display: the digits since the last
// command. It lies in the door's memory only, and nothing prints it.
type typing struct {
	digits [longestCode]byte
	n      int
	over   bool // more digits were typed than a code can have; then none is kept
}

// Format prints nothing, whatever the verb.
func (typing) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("•")) }

// key takes a key, and gives what was typed where that completes a command: the
// digits, empty where there were too many of them.
func (p *typing) key(k byte) (digits Secret, verb Verb, done bool) {
	switch verb, ends := keyVerbs[k]; {
	case ends:
		digits, done = Secret(p.digits[:p.n]), p.n > 0 || p.over
		p.drop()
		return digits, verb, done
	case k >= '0' && k <= '9':
		p.digit(k)
	case k == '\b' && p.n > 0:
		p.n--
		p.digits[p.n] = 0
	case k == 0x1b:
		p.drop()
	}
	return "", "", false
}

func (p *typing) digit(k byte) {
	if p.n == longestCode {
		p.drop()
		p.over = true
	}
	if !p.over {
		p.digits[p.n] = k
		p.n++
	}
}

// drop forgets all.
func (p *typing) drop() { *p = typing{} }
