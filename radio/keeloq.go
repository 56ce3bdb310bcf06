package radio

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// FamilyHCS is that of the KeeLoq encoders HCS200, HCS300 and HCS301.
const FamilyHCS = "hcs"

// hcsBits is the least and the most that their frames have: 32 of encrypted code,
// 28 of serial number, 4 buttons, two flags, and up to 3 of what follows (data
// sheets DS40138, DS21137, DS21143).
const hcsLeast, hcsMost = 66, 69

// readHCS reads a KeeLoq frame of our flex decoder: bits in the order on the air,
// each number with its lowest bit first, the buttons as S3 S0 S1 S2.
func readHCS(text []byte) (Frame, bool) {
	var l struct {
		Data string `json:"data"`
		Len  int    `json:"len"`
	}
	if json.Unmarshal(text, &l) != nil || l.Len < hcsLeast || l.Len > hcsMost || len(l.Data) != (l.Len+3)/4 {
		return Frame{}, false
	}
	half, err := strconv.ParseUint(l.Data[:16], 16, 64)
	if err != nil {
		return Frame{}, false
	}
	air := bits.Reverse64(half) // the first bit is the lowest
	serial, s := uint32(air>>32)&0xFFFFFFF, uint8(air>>60)
	button := s>>1&1 | s>>2&1<<1 | s>>3&1<<2 | s&1<<3 // S3 S2 S1 S0, as rtl_433 has it
	id := hcsID(serial, button)
	return Frame{ID: id, Hop: uint32(air)}, serial != 0 && serial != 0xFFFFFFF && button != 0
}

func hcsID(serial uint32, button uint8) string {
	return fmt.Sprintf("%s:%07X:%X", FamilyHCS, serial, button)
}

// hcsParts are the serial number and the buttons of an ID.
func hcsParts(id string) (serial uint32, button uint8, ok bool) {
	rest, found := strings.CutPrefix(id, FamilyHCS+":")
	number, which, both := strings.Cut(rest, ":")
	if !found || !both || len(number) != 7 || len(which) != 1 {
		return 0, 0, false
	}
	n, err := strconv.ParseUint(number, 16, 28)
	b, err2 := strconv.ParseUint(which, 16, 4)
	return uint32(n), uint8(b), err == nil && err2 == nil && n != 0 && n != 0xFFFFFFF && b != 0
}

// RollingSerial is the remote of a button with a rolling code: "hcs:0ABCDE1" of
// "hcs:0ABCDE1:2".
func RollingSerial(id string) (serial string, ok bool) {
	if _, _, ok := hcsParts(id); !ok {
		return "", false
	}
	return remoteID(id), true
}

// MakerKey is the secret of a maker of KeeLoq remotes, 64 bits, from which the key
// of each remote is made. Nothing prints it.
type MakerKey uint64

// ParseMakerKey reads 16 hexadecimal digits, blanks between them allowed. Its
// error does not hold them.
func ParseMakerKey(text string) (MakerKey, error) {
	text = strings.Join(strings.Fields(text), "")
	n, err := strconv.ParseUint(text, 16, 64)
	if err != nil || len(text) != 16 || n == 0 {
		return 0, fmt.Errorf("what was given is no maker's key: it must be 16 hexadecimal digits (64 bits), not all 0")
	}
	return MakerKey(n), nil
}

// String gives nothing.
func (MakerKey) String() string { return "•" }

// GoString gives nothing.
func (MakerKey) GoString() string { return "•" }

// Format gives nothing, whatever the verb.
func (MakerKey) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("•")) }

// Decrypt is KeeLoq's: 32 bits by a key of 64, 528 rounds of a feedback shift
// register with a nonlinear function of five bits (Microchip AN642).
func Decrypt(block uint32, key uint64) uint32 {
	const nlf = 0x3A5C742E
	for r := range 528 {
		n := block&1 | block>>8&1<<1 | block>>19&1<<2 | block>>25&1<<3 | block>>30&1<<4
		bit := block>>31 ^ block>>15 ^ uint32(key>>((15-r)&63)) ^ nlf>>n
		block = block<<1 | bit&1
	}
	return block
}

// Ways in which makers derive a remote's key from theirs (AN744): simple takes it
// as it is, normal decrypts the serial number by it.
const (
	waySimple = "simple"
	wayNormal = "normal"
)

func (k MakerKey) device(way string, serial uint32) uint64 {
	if way == waySimple {
		return uint64(k)
	}
	low := Decrypt(0x2000_0000|serial, uint64(k))
	return uint64(Decrypt(0x6000_0000|serial, uint64(k)))<<32 | uint64(low)
}

// opened is what an encrypted half holds where it is of that remote and button:
// the function bits S2 S1 S0 S3 above, then two overflow bits, 10 that are those
// of the serial number, and the counter (DS21143 2.0).
func opened(hop uint32, key uint64, serial uint32, button uint8) (counter uint16, ok bool) {
	plain := Decrypt(hop, key)
	function := button&7<<1 | button>>3
	return uint16(plain), plain>>28 == uint32(function) && plain>>16&0x3FF == serial&0x3FF
}
