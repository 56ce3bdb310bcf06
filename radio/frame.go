// Package radio turns the lines of a radio receiver into presses of buttons and
// trips of sensors: a line becomes a [Frame]; frames of one code become one press
// by the rule of two equal frames in [Step]; what devices say that report by
// themselves becomes news in [Statements]; and [Counter] tells the codes of a
// KeeLoq remote from copies. For somebody who learns devices, frames become
// findings in [Learning], and those [Devices].
//
// It is pure: no process, clock, file or log. Running receivers is the business
// of package receiver, and what a press means that of zones and duress. It never
// keeps a line or any part of one but a device's own code and strength, and of
// devices that can't be used yet nothing but the family: other people's keypads
// send their PINs in clear on the same band.
package radio

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// MaxLine is the longest line that [Parse] looks at, in bytes without its line end.
const MaxLine = 4096

// FamilyEV1527 is the family of the fixed 24-bit codes of EV1527, HS1527,
// PT2262 and SC2262 encoders.
const FamilyEV1527 = "ev1527"

// frameBits is the length of such a frame on the air: 24 bits of code and the
// short pulse of the sync that follows, which is always a 0.
const frameBits = 25

// Frame is one repeat of a transmission, as a receiver heard it.
type Frame struct {
	Family string  // FamilyEV1527, FamilyDSC, … also of a device that can't be used: "yale"
	ID     string  // as learn prints it: "ev1527:13CDC0", "dsc:24BDC8"; "" where the device can't be used
	Says   Says    // of a device that reports by itself; 0 of a code or a button
	Count  int     // of the device's events, where it counts them: another one is another event
	Hop    uint32  // of a KeeLoq remote: the encrypted half of its code
	Alone  bool    // it counts by itself, where others need an equal one: a check came with it, or its receiver gives one frame a press
	RSSI   float64 // strength in dB of the receiver's full scale, -200..20; 0 where it is not known
	SNR    float64 // strength in dB above the noise, -200..200; 0 where it is not known
	Sent   int64   // unix ms when the receiver says that it began, or the package that it came in; 0 where it does not say
}

// key is what equal frames have in common.
func (f Frame) key() string {
	if f.Count == 0 && f.Hop == 0 {
		return f.ID
	}
	return fmt.Sprintf("%s %d %08X", f.ID, f.Count, f.Hop)
}

// Parse reads one line of a receiver: a JSON object as rtl_433 prints it for a
// model that readers knows. Of an alarm device that can't be used it returns the
// family and nothing else, not even the strength: the line may hold a PIN.
//
// It is not ok for a line of any other model, garbage, and a line above [MaxLine].
func Parse(text []byte) (Frame, bool) {
	if len(text) > MaxLine {
		return Frame{}, false
	}
	var l struct {
		Model string          `json:"model"`
		RSSI  json.RawMessage `json:"rssi"`
		SNR   json.RawMessage `json:"snr"`
		Time  json.RawMessage `json:"time"`
	}
	if json.Unmarshal(text, &l) != nil {
		return Frame{}, false
	}
	read, known := readers[l.Model]
	if !known {
		family, ok := foreign[l.Model]
		return Frame{Family: family}, ok
	}
	f, ok := read(text)
	if !ok {
		return Frame{}, false
	}
	if f.ID != "" {
		f.Family, _, _ = strings.Cut(f.ID, ":")
		f.RSSI, f.SNR, f.Sent = decibel(l.RSSI, 20), decibel(l.SNR, 200), sent(l.Time)
	}
	return f, true
}

// line is what is read of a line of rtl_433 with the flex decoder n=EV1527.
type line struct {
	Code json.RawMessage `json:"code"`
	Data *string         `json:"data"`
	Len  *int            `json:"len"`
}

// readEV1527 reads the whole code as "code" (a number, or 6 hexadecimal digits) or
// as the first 6 digits of "data". It refuses the codes 000000 and FFFFFF (an idle
// line and a carrier decode to these), and a frame that is visibly shifted: "len"
// other than 25, a 25th bit that is not 0, "code" and "data" that disagree.
func readEV1527(text []byte) (Frame, bool) {
	var l line
	if json.Unmarshal(text, &l) != nil {
		return Frame{}, false
	}
	if l.Len != nil && *l.Len != frameBits {
		return Frame{}, false
	}
	code, ok := l.code()
	if !ok || code == 0 || code == 0xFFFFFF {
		return Frame{}, false
	}
	return Frame{ID: ev1527ID(code)}, true
}

func ev1527ID(code uint32) string { return fmt.Sprintf("%s:%06X", FamilyEV1527, code) }

// code is the 24-bit code that "code" and "data" give, if they give one.
func (l line) code() (uint32, bool) {
	var fromData uint32
	if l.Data != nil {
		var ok bool
		if fromData, ok = row(*l.Data); !ok {
			return 0, false
		}
	}
	if len(l.Code) == 0 || string(l.Code) == "null" {
		return fromData, l.Data != nil
	}
	code, ok := number(l.Code)
	return code, ok && (l.Data == nil || code == fromData)
}

// number reads "code": a JSON number, or a string of hexadecimal digits.
func number(raw json.RawMessage) (uint32, bool) {
	if raw[0] != '"' {
		n, err := strconv.ParseUint(string(raw), 10, 24)
		return uint32(n), err == nil
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return 0, false
	}
	if len(s) == 7 {
		return row(s)
	}
	return hex24(s)
}

// row reads a row of 25 bits as rtl_433 prints it: 7 hexadecimal digits, the
// 25th bit and the padding in the last.
func row(s string) (uint32, bool) {
	if len(s) != 7 || s[6] != '0' {
		return 0, false
	}
	return hex24(s[:6])
}

func hex24(s string) (uint32, bool) {
	if len(s) != 6 {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 16, 24)
	return uint32(n), err == nil
}

// decibel is lenient: a strength that can't be read must not lose the frame.
func decibel(raw json.RawMessage, most float64) float64 {
	db, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || math.IsNaN(db) || db < -200 || db > most {
		return 0
	}
	return db
}

// sentForm is the time in a line of rtl_433 with report_meta time:usec:utc. One
// without fractions is useless here.
const sentForm = "2006-01-02 15:04:05.000000"

// sent is lenient too.
func sent(raw json.RawMessage) int64 {
	var text string
	if json.Unmarshal(raw, &text) != nil || len(text) != len(sentForm) {
		return 0
	}
	at, err := time.Parse(sentForm, text)
	if err != nil {
		return 0
	}
	return at.UnixMilli()
}
