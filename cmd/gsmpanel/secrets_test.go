package main

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"github.com/warthog618/sms"
	"github.com/warthog618/sms/encoding/gsm7"
)

// needle is one form in which a secret could lie about. Where mask is not nil,
// only its bits count: a packed text begins and ends within an octet.
type needle struct {
	what  string
	bytes []byte
	mask  []byte
	alone bool // no digit may stand beside it
}

// codeNeedles are all forms of a code.
func codeNeedles(code string) []needle {
	out := []needle{{what: "code " + code + " in clear", bytes: []byte(code), alone: true}}
	out = append(out, wideNeedles("code "+code, code)...)
	out = append(out, packedNeedles("code "+code, code)...)
	return append(out, digestNeedles("code "+code, code)...)
}

// sentNeedles are the digests of a text that held a code, from which the code
// would be had in a second.
func sentNeedles(body string) []needle { return digestNeedles("text "+strconv.Quote(body), body) }

// wordNeedles are the forms of words that nobody at the place may read.
func wordNeedles(words string) []needle {
	what := strconv.Quote(words)
	out := []needle{{what: what + " in clear", bytes: []byte(words)}}
	out = append(out, wideNeedles(what, words)...)
	out = append(out, packedNeedles(what, words)...)
	return append(out, digestNeedles(what, words)...)
}

// wideNeedles are UCS-2 of both byte orders.
func wideNeedles(what, s string) []needle {
	var big, little []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		big, little = binary.BigEndian.AppendUint16(big, unit), binary.LittleEndian.AppendUint16(little, unit)
	}
	return []needle{{what: what + " in UCS-2", bytes: big}, {what: what + " in UCS-2, low byte first", bytes: little}}
}

// packedNeedles are the septets of s (3GPP TS 23.038 6.1.2.1.1) at each place
// that its first bit can have within an octet. Fewer than six characters are not
// looked for: among what is sealed, four lie there by chance once in some 50 runs.
func packedNeedles(what, s string) []needle {
	septets, err := gsm7.Encode([]byte(s))
	if err != nil || len(septets) < 6 {
		return nil // err: no text of the alphabet holds it
	}
	var out []needle
	for shift := range 8 {
		n := needle{what: fmt.Sprintf("%s in septets, %d bits off", what, shift)}
		size := (shift + 7*len(septets) + 7) / 8
		n.bytes, n.mask = make([]byte, size), make([]byte, size)
		for i, septet := range septets {
			for bit := range 7 {
				at := shift + 7*i + bit
				n.bytes[at/8] |= septet >> bit & 1 << (at % 8)
				n.mask[at/8] |= 1 << (at % 8)
			}
		}
		out = append(out, n)
	}
	return out
}

// digestPart is how much of a digest is looked for: one that was cut short is a
// digest as well.
const digestPart = 8

func digestNeedles(what, s string) []needle {
	one, two, three := md5.Sum([]byte(s)), sha1.Sum([]byte(s)), sha256.Sum256([]byte(s))
	return []needle{
		{what: "MD5 of " + what, bytes: one[:digestPart]},
		{what: "SHA-1 of " + what, bytes: two[:digestPart]},
		{what: "SHA-256 of " + what, bytes: three[:digestPart]},
	}
}

// in tells whether the needle lies in b.
func (n needle) in(b []byte) bool {
	first, last := 0, len(n.bytes)
	if n.mask != nil { // look for the octets that are whole
		for first < last && n.mask[first] != 0xff {
			first++
		}
		for last > first && n.mask[last-1] != 0xff {
			last--
		}
	}
	whole := n.bytes[first:last]
	for from := 0; ; {
		at := bytes.Index(b[from:], whole)
		if at < 0 {
			return false
		}
		at += from
		if n.at(b, at-first) {
			return true
		}
		from = at + 1
	}
}

func (n needle) at(b []byte, start int) bool {
	end := start + len(n.bytes)
	if start < 0 || end > len(b) {
		return false
	}
	for i, m := range n.mask {
		if (b[start+i]^n.bytes[i])&m != 0 {
			return false
		}
	}
	if n.alone && (start > 0 && isDigit(b[start-1]) || end < len(b) && isDigit(b[end])) {
		return false // of a time or a number
	}
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

var (
	hexRun    = regexp.MustCompile(`[0-9A-Fa-f]{8,}`)
	base64Run = regexp.MustCompile(`[0-9A-Za-z+/_-]{8,}`)
	listRun   = regexp.MustCompile(`\d{1,3}(?:[\s,]+\d{1,3}){3,}`)
)

// views are the bytes themselves and what they say as hexadecimal, base64 or a
// list of numbers, which is how JSON and fmt write an array of octets.
func views(b []byte) [][]byte {
	out := [][]byte{b}
	for _, run := range hexRun.FindAll(b, -1) {
		for _, r := range [][]byte{run, run[1:]} {
			decoded := make([]byte, len(r)/2)
			if _, err := hex.Decode(decoded, r[:len(r)&^1]); err == nil {
				out = append(out, decoded)
			}
		}
	}
	for _, run := range base64Run.FindAll(b, -1) {
		text := strings.NewReplacer("-", "+", "_", "/").Replace(string(run))
		for skip := range 4 {
			if decoded, err := base64.RawStdEncoding.DecodeString(text[skip : skip+(len(text)-skip)&^3]); err == nil {
				out = append(out, decoded)
			}
			if rest := text[skip:]; len(rest)%4 > 1 { // the last group is short
				if decoded, err := base64.RawStdEncoding.DecodeString(rest); err == nil {
					out = append(out, decoded)
				}
			}
		}
	}
	for _, run := range listRun.FindAllString(string(b), -1) {
		var decoded []byte
		for _, number := range strings.FieldsFunc(run, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
			n, _ := strconv.Atoi(number) // three digits at most
			decoded = append(decoded, byte(n))
		}
		out = append(out, decoded)
	}
	return out
}

// found names the needles that lie in b in any view.
func found(b []byte, needles []needle) []string {
	var out []string
	all := views(b)
	for _, n := range needles {
		if slices.ContainsFunc(all, n.in) {
			out = append(out, n.what)
		}
	}
	return out
}

// TestSearcherFindsWhatIsPlanted: whoever looks for secrets and finds none must
// have been able to find them.
func TestSearcherFindsWhatIsPlanted(t *testing.T) {
	const code, words = "482913", "DURESS Anna forced to disarm"
	needles := slices.Concat(codeNeedles(code), sentNeedles(code+" DISARM"), wordNeedles(words))
	forms := map[string][]byte{
		"in clear":    []byte(code),
		"words":       []byte(words),
		"words, wide": wide(words, binary.BigEndian),
		"UCS-2":       wide(code, binary.BigEndian), "UCS-2, low byte first": wide(code, binary.LittleEndian),
		"MD5": sum(md5.Sum([]byte(code))), "SHA-1": sum20(sha1.Sum([]byte(code))), "SHA-256": sum32(sha256.Sum256([]byte(code))),
		"MD5 of a text": sum(md5.Sum([]byte(code + " DISARM"))), "SHA-1 of a text": sum20(sha1.Sum([]byte(code + " DISARM"))),
		"SHA-256 of a text": sum32(sha256.Sum256([]byte(code + " DISARM"))),
		"half a SHA-256":    sum32(sha256.Sum256([]byte(code)))[:16],
	}
	for before := range 9 {
		forms[fmt.Sprintf("a PDU with %d characters before it", before)] = pduOf(t, strings.Repeat("x", before)+code+" off")
		forms[fmt.Sprintf("a PDU with %d characters before the words", before)] = pduOf(t, strings.Repeat("x", before)+words)
	}
	wrappings := map[string]func([]byte) []byte{
		"raw":                 bytes.Clone,
		"upper case":          func(b []byte) []byte { return []byte(strings.ToUpper(hex.EncodeToString(b))) },
		"lower case":          func(b []byte) []byte { return []byte(hex.EncodeToString(b)) },
		"after half an octet": func(b []byte) []byte { return []byte("7" + hex.EncodeToString(b)) },
		"base64":              func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(b)) },
		"base64, later":       func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(append([]byte{9}, b...))) },
		"base64, URL":         func(b []byte) []byte { return []byte(base64.RawURLEncoding.EncodeToString(append([]byte{9, 8}, b...))) },
		"numbers":             asNumbers,
		"numbers of fmt":      func(b []byte) []byte { return []byte(fmt.Sprint(b)) },
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for form, secret := range forms {
		for wrapping, wrap := range wrappings {
			planted := slices.Concat(noise(rnd), []byte(" "), wrap(secret), []byte(" "), noise(rnd))
			if len(found(planted, needles)) == 0 {
				t.Errorf("%s, %s, is not found", form, wrapping)
			}
		}
	}
	for range 20 {
		clean := slices.Concat(noise(rnd), []byte(hex.EncodeToString(noise(rnd))), []byte(" 7482913 4829135 2026-11-22T19:00:00.482913771Z "), asNumbers(noise(rnd)))
		if what := found(clean, needles); what != nil {
			t.Errorf("found %q where nothing is", what)
		}
	}
}

// noise is random, and holds no text by chance.
func noise(rnd *rand.Rand) []byte {
	b := make([]byte, 2000)
	for i := range b {
		b[i] = byte(rnd.Uint32())
	}
	return b
}

// asNumbers is how encoding/json writes an array of octets.
func asNumbers(b []byte) []byte {
	list := make([]int, len(b))
	for i := range b {
		list[i] = int(b[i])
	}
	out, _ := json.Marshal(list) // integers can be written
	return out
}

func wide(s string, order binary.AppendByteOrder) (out []byte) {
	for _, unit := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, unit)
	}
	return out
}

// pduOf is an SMS-SUBMIT as the library writes it.
func pduOf(t *testing.T, body string) []byte {
	t.Helper()
	pdus, err := sms.Encode([]byte(body), sms.To("+447700900123"))
	if err != nil || len(pdus) != 1 {
		t.Fatalf("%q can't be one PDU: %v", body, err)
	}
	b, err := pdus[0].MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func sum(b [16]byte) []byte   { return b[:] }
func sum20(b [20]byte) []byte { return b[:] }
func sum32(b [32]byte) []byte { return b[:] }
