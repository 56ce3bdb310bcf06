package radio

import (
	"bytes"
	"regexp"
	"strings"
)

// RFLink is a firmware for boards with a 433 MHz receiver (Arduino Mega; RFLink32 on
// an ESP32). It prints 20;49;EV1527;ID=000373;SWITCH=0a;CMD=ON; with a counter of two
// hexadecimal digits behind the 20. Read in the source of RFLink32 of 2024-08
// (Plugin_061.c, Plugin_062.c, Plugin_003.cpp, 2_Signal.cpp):
//   - It prints the first frame that it decodes, confirmed by no other, and then no
//     equal one before the code was still for 450 ms. So a line stands for a whole
//     press, no second one ever comes to confirm it, and how long it lasted is not
//     said.
//   - EV1527 is our code: ID its first 20 bits, SWITCH the last 4.
//   - Chuango, for wide pulses, has all 24 bits in ID, but a long pulse is a 0 there
//     and a 1 in EV1527 and here.
//   - PT2262, TriState, Kaku and others are folded into letters and numbers from which
//     the code can't be had back.

// The line has no check of its own. So each digit must be there, and the end: a byte
// that was lost on the way must not make another code.
var (
	rflinkLine  = regexp.MustCompile(`^20;[0-9A-Fa-f]{2};[^;]+;(.*;)?$`)
	rflinkCode  = regexp.MustCompile(`^20;[0-9A-Fa-f]{2};(EV1527|Chuango);ID=([0-9A-Fa-f]{6});SWITCH=0([0-9A-Fa-f]);CMD=ON;([A-Z_]+=[^;]*;)*$`)
	rflinkOther = regexp.MustCompile(`^20;[0-9A-Fa-f]{2};([A-Za-z][A-Za-z0-9 _/-]{0,19});ID=[0-9A-Za-z]+;SWITCH=[0-9A-Za-z]+;CMD=[A-Z]+;([A-Z_]+=[^;]*;)*$`)
)

// RFLinkPing asks RFLink for the line 20;00;PONG;.
const RFLinkPing = "10;PING;\r\n"

// IsRFLink tells whether a line is one of RFLink's, whatever it says.
func IsRFLink(text []byte) bool {
	return len(text) <= MaxLine && rflinkLine.Match(bytes.TrimRight(text, "\r\n"))
}

// ParseRFLink reads a line of RFLink as [Parse] does one of rtl_433. Its frames count
// alone. Of a switch or sensor whose code it does not give, only the family comes out.
func ParseRFLink(text []byte) (Frame, bool) {
	if len(text) > MaxLine {
		return Frame{}, false
	}
	text = bytes.TrimRight(text, "\r\n")
	if m := rflinkCode.FindSubmatch(text); m != nil {
		code, ok := rflink24(string(m[1]), string(m[2]), string(m[3]))
		if !ok || code == 0 || code == 0xFFFFFF {
			return Frame{}, false
		}
		return Frame{Family: FamilyEV1527, ID: ev1527ID(code), Alone: true}, true
	}
	m := rflinkOther.FindSubmatch(text)
	if m == nil || string(m[1]) == "EV1527" || string(m[1]) == "Chuango" {
		return Frame{}, false
	}
	return Frame{Family: strings.ToLower(string(m[1]))}, true
}

// rflink24 is the code of 24 bits that RFLink means.
func rflink24(plugin, id, button string) (uint32, bool) {
	if plugin == "Chuango" {
		code, ok := hex24(id)
		return code ^ 0xFFFFFF, ok && button == "2"
	}
	if id[0] != '0' {
		return 0, false // more than 20 bits
	}
	return hex24(id[1:] + button)
}
