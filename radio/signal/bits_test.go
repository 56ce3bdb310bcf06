package signal

import (
	"strings"
	"testing"
)

func (b bits) String() string {
	var s strings.Builder
	for _, one := range b {
		if one {
			s.WriteByte('1')
		} else {
			s.WriteByte('0')
		}
	}
	return s.String()
}

// Bits that are published of real devices, as they were on the air.
func TestPublishedBits(t *testing.T) {
	for _, c := range []struct{ source, want, got string }{
		{"DSC, rtl_433 issue 645; silence behind the last 1", "1111 10100001 1 00100000 1 11010001 1 10001100 1 10",
			dscBits(0x20D18C, 0xA1).String()[:42]},
		{"DSC, OpenMQTTGateway issue 2118: a32fed1f88", "1111 10100011 1 00101111 1 11101101 1 00011111 1 10001000",
			dscBits(0x2FED1F, 0xA3).String()},
		{"Visonic, visonic_powercode.c: near, case open", "1 01101111 01000111 01110000 10001100 1001", visonicBits(0x6F4770, 0x8C).String()},
		{"away, case open", "1 01101111 01000111 01110000 11001100 1101", visonicBits(0x6F4770, 0xCC).String()},
		{"near, case closed", "1 01101111 01000111 01110000 00001100 0001", visonicBits(0x6F4770, 0x0C).String()},
		{"away, case closed", "1 01101111 01000111 01110000 01001100 0101", visonicBits(0x6F4770, 0x4C).String()},
		{"KeeLoq: 89994062c6ba90040", "1000 1001 1001 1001 0100 0000 0110 0010 1100 0110 1011 1010 1001 0000 0000 0100 00",
			hcsBits(0x46029991, 0x0095D63, 1, false, false).String()},
		{"KeeLoq, repeated: e045e3bac6ba90044", "1110 0000 0100 0101 1110 0011 1011 1010 1100 0110 1011 1010 1001 0000 0000 0100 01",
			hcsBits(0x5DC7A207, 0x0095D63, 1, false, true).String()},
	} {
		if want := strings.ReplaceAll(c.want, " ", ""); c.got != want {
			t.Errorf("%s:\n%s, want\n%s", c.source, c.got, want)
		}
	}
}
