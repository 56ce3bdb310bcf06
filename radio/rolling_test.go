package radio_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/radio/signal"
)

// The maker's key of AN642's sample, the key that normal learning makes of it for
// serial number 0ABCDE1, and button S1 of that fob.
const (
	maker     = 0x0123456789ABCDEF
	normalKey = 0x2D22FEF7FD31E9FC
	fobID     = "hcs:0ABCDE1:2"
)

// hop is the encrypted half of a press of that fob: S1, the low bits of its serial
// number, and the counter.
func hop(key uint64, counter uint16) uint32 { return signal.KeeLoqWord(key, 0x0ABCDE1, 2, counter) }

// transcript plays codes at a fob's counter: "16" is a press with that counter,
// "+1s" lets time pass, "again" is the last code once more, "rest" what a receiver
// goes on hearing of its press, "there" the same by another receiver.
func transcript(key radio.MakerKey, with uint64, acts string) string {
	var c radio.Counter
	code := radio.Code{ID: fobID, Tick: 1_000_000}
	var out []string
	for _, act := range strings.Fields(acts) {
		if wait, ok := strings.CutPrefix(act, "+"); ok {
			var ms int64
			fmt.Sscan(wait, &ms)
			code.Tick += ms
			continue
		}
		code.Source = 0
		if act != "rest" {
			code.Began = code.Tick
		}
		switch act {
		case "again", "rest":
		case "there":
			code.Source = 1
		default:
			var n uint16
			fmt.Sscan(act, &n)
			code.Hop = hop(with, n)
		}
		before := c
		var v radio.Verdict
		c, v = c.Step(key, code)
		if _, again := before.Step(key, code); again != v {
			return "a step changed what it was given"
		}
		out = append(out, act+" "+[]string{"refused", "waits", "taken", "goes on"}[v])
	}
	return strings.Join(out, ", ")
}

func TestCounter(t *testing.T) {
	for _, c := range []struct{ name, acts, want string }{
		{"the first only waits for its successor", "16 +5000 17", "16 waits, 17 taken"},
		{"the first two are not in a row", "16 +5000 18 +5000 19", "16 waits, 18 waits, 19 taken"},
		{"replayed a second later, and an hour", "1 2 +1000 again +3600000 again", "1 waits, 2 taken, again refused, again refused"},
		{"the rest of the press", "1 2 +100 rest +100 rest", "1 waits, 2 taken, rest goes on, rest goes on"},
		{"another receiver hears it later", "1 2 +600 there +100 rest", "1 waits, 2 taken, there goes on, rest goes on"},
		{"another receiver hears a copy, too late", "1 2 +5000 there", "1 waits, 2 taken, there refused"},
		{"an older counter", "9 10 +5000 9 +5000 2", "9 waits, 10 taken, 9 refused, 2 refused"},
		{"a jump of 8, and of 16", "9 10 +5000 18 +5000 34", "9 waits, 10 taken, 18 taken, 34 taken"},
		{"a jump of 17 waits", "9 10 +5000 27 +5000 28", "9 waits, 10 taken, 27 waits, 28 taken"},
		{"a jump of 40, then 41", "9 10 +5000 50 +5000 51 +5000 50", "9 waits, 10 taken, 50 waits, 51 taken, 50 refused"},
		{"a jump of 40, then 42", "9 10 +5000 50 +5000 52 +5000 53", "9 waits, 10 taken, 50 waits, 52 waits, 53 taken"},
		{"a jump of 40, then the next in the window", "9 10 +5000 50 +5000 11 +5000 51", "9 waits, 10 taken, 50 waits, 11 taken, 51 waits"},
		{"a jump of 40 twice the same", "9 10 +5000 50 +5000 again", "9 waits, 10 taken, 50 waits, again waits"},
		{"32767 ahead, and 32768", "9 10 +5000 32777 +5000 32778 +5000 10", "9 waits, 10 taken, 32777 waits, 32778 taken, 10 refused"},
		{"a jump of 40,000", "9 10 +5000 40010 +5000 40011", "9 waits, 10 taken, 40010 refused, 40011 refused"},
		{"the counter goes round", "65534 65535 +5000 0 +5000 1 +5000 65535", "65534 waits, 65535 taken, 0 taken, 1 taken, 65535 refused"},
	} {
		if got := transcript(maker, normalKey, c.acts); got != c.want {
			t.Errorf("%s, normal learning: %s\nwant %s", c.name, got, c.want)
		}
		if got := transcript(maker, maker, c.acts); got != c.want {
			t.Errorf("%s, simple learning: %s\nwant %s", c.name, got, c.want)
		}
	}
}

// Without the maker's key only codes that were never heard are taken.
func TestCounterWithoutKey(t *testing.T) {
	const want = "16 taken, rest goes on, again refused, 17 taken, 16 refused, 60 taken, 20 taken, again refused"
	if got := transcript(0, normalKey, "16 +100 rest +5000 again +5000 17 +5000 16 +5000 60 +5000 20 +3600000 again"); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got := transcript(0x1111, normalKey, "16 17 18"); got != "16 refused, 17 refused, 18 refused" {
		t.Errorf("with the key of another maker: %s", got)
	}
	var c radio.Counter
	for n := range uint16(4) { // a key that is lost later
		c, _ = c.Step(maker, radio.Code{ID: fobID, Hop: hop(normalKey, n), Tick: int64(n) * 10_000, Began: int64(n) * 10_000})
	}
	if _, v := c.Step(0, radio.Code{ID: fobID, Hop: hop(normalKey, 2), Tick: 1 << 40, Began: 1 << 40}); v != radio.Refused {
		t.Errorf("an old code after the key was lost: %v", v)
	}
	c = radio.Counter{}
	for n := range uint32(radio.MaxCodes + 10) {
		c, _ = c.Step(0, radio.Code{ID: fobID, Hop: n + 1, Tick: int64(n+1) * 10_000, Began: int64(n+1) * 10_000})
	}
	_, oldest := c.Step(0, radio.Code{ID: fobID, Hop: 11, Tick: 1 << 40, Began: 1 << 40})
	_, gone := c.Step(0, radio.Code{ID: fobID, Hop: 10, Tick: 1 << 40, Began: 1 << 40})
	if len(c.Codes) != 4*radio.MaxCodes || oldest != radio.Refused || gone != radio.Taken {
		t.Errorf("%d bytes, %v, %v", len(c.Codes), oldest, gone)
	}
}

// Codes of another button, of another fob and by another key are refused, and no
// code is ever taken twice.
func TestCounterNeverTakesTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c radio.Counter
		taken := map[uint16]bool{}
		last, tick := uint16(0), int64(1)
		for range rapid.IntRange(1, 60).Draw(t, "presses") {
			tick += rapid.Int64Range(1, 10_000).Draw(t, "pause")
			n := last + rapid.SampledFrom([]uint16{0, 1, 2, 16, 17, 40, 0xFFFF, 0xFFF0, 32767, 32768, 40000}).Draw(t, "jump")
			if rapid.Bool().Draw(t, "next") {
				n = c.Ahead + 1
			}
			code := radio.Code{ID: fobID, Hop: hop(normalKey, n), Tick: tick, Began: tick}
			for _, other := range []string{"hcs:0ABCDE1:4", "hcs:0ABCDE2:2"} {
				code := code
				code.ID = other
				if _, v := c.Step(maker, code); v == radio.Taken {
					t.Fatalf("%s taken", other)
				}
			}
			var v radio.Verdict
			if c, v = c.Step(maker, code); v != radio.Taken {
				continue
			}
			behind := last - n
			if taken[n] && behind < 0x8000 {
				t.Fatalf("%d taken twice", n)
			}
			taken[n], last = true, n
		}
	})
}

// The vectors of KeeLoq that are public, and of both ways of learning.
func TestKeeLoq(t *testing.T) {
	for _, c := range []struct {
		key           uint64
		plain, cipher uint32
	}{
		{0x5CEC6701B79FD949, 0xF741E2DB, 0xE44F4CDF},
		{0x5CEC6701B79FD949, 0x0CA69B92, 0xA6AC0EA2},
		{normalKey, 0x41E10010, 0x11C80628},
		{normalKey, 0x41E10011, 0x2662ECD7},
		{normalKey, 0x41E1001A, 0x0CC4D524},
		{normalKey, 0x41E10041, 0x83AAE8DE},
		{0x1CDE558794C88A9E, 0x21E10200, 0x7D751027},
	} {
		if got := signal.KeeLoq(c.plain, c.key); got != c.cipher {
			t.Errorf("%08X by %016X is %08X, want %08X", c.plain, c.key, got, c.cipher)
		}
		if got := radio.Decrypt(c.cipher, c.key); got != c.plain {
			t.Errorf("%08X by %016X was %08X, want %08X", c.cipher, c.key, got, c.plain)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		plain, key := rapid.Uint32().Draw(t, "plain"), rapid.Uint64().Draw(t, "key")
		if radio.Decrypt(signal.KeeLoq(plain, key), key) != plain {
			t.Fatalf("%08X by %016X", plain, key)
		}
	})
}

func TestMakerKeyIsNeverPrinted(t *testing.T) {
	key, err := radio.ParseMakerKey(" 01234567 89ABCDEF\n")
	if err != nil || key != maker {
		t.Fatal("not read")
	}
	if got := fmt.Sprintf("%v %d %x %#v %s", key, key, key, key, key) + fmt.Sprint(struct{ K radio.MakerKey }{key}); strings.Trim(got, "• {}") != "" {
		t.Errorf("printed as %s", got)
	}
	for _, bad := range []string{"", "0123456789ABCDE", "0123456789ABCDEF0", "0123456789ABCDEG", "0000000000000000", "+123456789ABCDEF"} {
		if _, err := radio.ParseMakerKey(bad); err == nil || bad != "" && strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
