package main

import (
	"encoding/binary"
	"math/bits"
	"path/filepath"
	"strings"
)

// keyCodes are those that a USB keypad gives (linux/input-event-codes.h).
var keyCodes = map[rune]uint16{'1': 79, '2': 80, '3': 81, '4': 75, '5': 76, '6': 77, '7': 71, '8': 72, '9': 73, '0': 82, '\n': 96, '*': 55, '/': 98}

// keystrokes are what Linux gives of keys that are pressed and let go: a struct
// input_event for each, and one that says that it is whole.
func keystrokes(keys string) (out []byte) {
	event := func(kind, code uint16, value int32) {
		out = append(out, make([]byte, 2*bits.UintSize/8)...) // the time
		out = binary.NativeEndian.AppendUint16(binary.NativeEndian.AppendUint16(out, kind), code)
		out = binary.NativeEndian.AppendUint32(out, uint32(value))
	}
	for _, k := range keys {
		for _, value := range []int32{1, 0} {
			event(1, keyCodes[k], value)
			event(0, 0, 0)
		}
	}
	return out
}

func (d *demo) keypadPath() string { return filepath.Join(d.dir, "keypad") }

// hangKeypad puts the keypad on the wall: a pipe with what a real one would give.
func (d *demo) hangKeypad() (err error) {
	d.keypad, err = openPipe(d.keypadPath())
	return err
}

func (d *demo) typeAtKeypad(keys string) (string, error) {
	_, err := d.keypad.Write(keystrokes(keys))
	return "Typed at the keypad. It has no display: listen to the siren.", err
}

// keypadKey is a key while somebody stands at the keypad. What is typed goes to
// the panel with the key that ends it.
func (m demoScreen) keypadKey(k string) (demoScreen, []demoAct) {
	switch {
	case k == "esc":
		m.leave()
	case k == "backspace", k == "ctrl+h":
		m.typed = dropLast(m.typed)
	case k == "enter", k == "*", k == "/":
		typed := m.typed + strings.ReplaceAll(k, "enter", "\n")
		m.leave()
		if len(typed) > 1 {
			return m, []demoAct{{verb: actKeypad, text: typed}}
		}
	case beginsWithDigit(k) && len(m.typed) < mostTyped:
		m.typed += k
	}
	return m, nil
}

// mostTyped are the digits that are shown; a code has ten at most.
const mostTyped = 12
