package radio

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"pgregory.net/rapid"
)

// street is what codes are heard by a panel with one fob, 13CDC0.
type street struct {
	Scan
	tick  int64
	on    bool
	began []int64 // of each scan, in ms
}

// hears gives a code's frames, 60 ms apart.
func (s *street) hears(code uint32, frames int) {
	for range frames {
		s.looks(s.Step(s.tick, Frame{Family: FamilyEV1527, ID: ev1527ID(code)}, func(id string) bool {
			like, _ := Related(id, []string{"ev1527:13CDC0"})
			return like != ""
		}))
		s.tick += 60
	}
}

func (s *street) passes(ms int64) {
	for end := s.tick + ms; s.tick < end; s.tick += min(10_000, end-s.tick) {
		s.looks(s.Now(s.tick))
	}
	s.looks(s.Now(s.tick))
}

func (s *street) looks(on bool) {
	if on && !s.on {
		s.began = append(s.began, s.tick)
	}
	s.on = on
}

// tries is somebody who tries so many codes, each after so many ms.
func (s *street) tries(from, step uint32, codes, frames int, every int64) {
	for n := range uint32(codes) {
		s.hears(from+n*step, frames)
		s.passes(max(0, every-60*int64(frames)))
	}
}

func TestScan(t *testing.T) {
	for _, c := range []struct {
		name  string
		do    func(*street)
		scans int
		on    bool
	}{
		{"five codes a second, for two minutes", func(s *street) { s.tries(0x200000, 16, 600, 3, 200) }, 1, true},
		{"one a second", func(s *street) { s.tries(0x200000, 1, 120, 3, 1000) }, 1, true},
		{"and its end after a minute of silence", func(s *street) { s.tries(0x200000, 16, 300, 3, 200); s.passes(61_000) }, 1, false},
		{"a pause of half a minute ends nothing", func(s *street) {
			s.tries(0x200000, 16, 300, 3, 200)
			s.passes(30_000)
			s.tries(0x300000, 16, 300, 3, 200)
		}, 1, true},
		{"twice, an hour apart", func(s *street) {
			s.tries(0x200000, 16, 300, 3, 200)
			s.passes(3600_000)
			s.tries(0x300000, 16, 300, 3, 200)
		}, 2, true},
		{"of five a second a tenth is heard", func(s *street) { s.tries(0x200000, 160, 60, 3, 2000) }, 1, true},
		{"single frames, as noise gives them", func(s *street) { s.tries(0x200000, 7, 6000, 1, 100) }, 0, false},
		{"each code twice, a second apart, as no encoder sends it", func(s *street) {
			for n := range uint32(300) {
				s.tries(0x200000+n, 0, 2, 1, 1000)
			}
		}, 0, false},
		{"once begun, one every four seconds keeps it going", func(s *street) {
			s.tries(0x200000, 16, 60, 3, 200)
			s.tries(0x300000, 16, 60, 3, 4000)
		}, 1, true},
		{"one code every three seconds", func(s *street) { s.tries(0x200000, 16, 600, 3, 3000) }, 0, false},
		{"a street of 29 devices that speak at once, again and again", func(s *street) {
			for range 30 {
				s.tries(0x200000, 0x1100, 29, 8, 500)
				s.passes(30_000)
			}
		}, 0, false},
		{"the other buttons of the fob, and of a neighbour's", func(s *street) {
			for range 10 {
				s.tries(0x13CDC1, 1, 4, 10, 1000)
				s.tries(0x14CDC1, 1, 4, 10, 1000)
			}
		}, 0, false},
		{"ten codes beside the fob's", func(s *street) { s.tries(0x13CDC1, 1, 10, 3, 200) }, 1, true},
		{"other families", func(s *street) {
			for range 1000 {
				s.looks(s.Step(s.tick, Frame{Family: "hcs", ID: "hcs:0ABCDE1:2"}, nil))
				s.tick += 10
			}
		}, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := street{tick: 1}
			c.do(&s)
			if len(s.began) != c.scans || s.on != c.on {
				t.Errorf("%d scans at %v, on %v; want %d, %v", len(s.began), s.began, s.on, c.scans, c.on)
			}
			if c.scans > 0 && s.began[0] > 60_000 {
				t.Errorf("noticed after %d ms", s.began[0])
			}
		})
	}
}

// However many codes and at whatever times: below 30 new ones a minute nothing is
// a scan, and it takes the same memory.
func TestFewCodesAreNoScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := street{tick: 1}
		for range rapid.IntRange(1, 8).Draw(t, "minutes") {
			for range rapid.IntRange(0, scanCodes/2-1).Draw(t, "codes") {
				s.hears(uint32(rapid.IntRange(0x200000, 0xFFFFFE).Draw(t, "code")), rapid.IntRange(1, 5).Draw(t, "frames"))
			}
			s.tick = (s.tick/scanSpan + 1) * scanSpan
		}
		if len(s.began) > 0 {
			t.Fatalf("a scan at %v", s.began)
		}
	})
	if size := unsafe.Sizeof(Scan{}); size > 16<<10 {
		t.Errorf("a scan takes %d bytes", size)
	}
}

// A receiver that gives one frame a press gives one for each code that is tried.
func TestAScanByOneFrameEach(t *testing.T) {
	for alone, want := range map[bool]bool{true: true, false: false} {
		s, on := Scan{}, false
		for n := range int64(scanCodes) {
			on = s.Step(1+n*1000, Frame{Family: FamilyEV1527, ID: ev1527ID(uint32(0x200000 + n)), Alone: alone}, func(string) bool { return false })
		}
		if on != want {
			t.Errorf("frames that count alone (%v): a scan %v", alone, on)
		}
	}
}

// FuzzScan gives any codes at any times, also backwards.
func FuzzScan(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7})
	f.Fuzz(func(t *testing.T, steps []byte) {
		var s Scan
		tick := int64(0)
		for _, b := range steps {
			tick += int64(int8(b)) * 100
			on := s.Step(tick, Frame{Family: FamilyEV1527, ID: ev1527ID(uint32(b)<<8 + 1)}, func(string) bool { return b&1 == 1 })
			if on != s.Now(tick) {
				t.Fatal("on and off at one tick")
			}
		}
	})
}

func BenchmarkScan(b *testing.B) {
	var s Scan
	r := rand.New(rand.NewPCG(1, 1527))
	for n := 0; b.Loop(); n++ {
		s.Step(int64(n), Frame{Family: FamilyEV1527, ID: ev1527ID(r.Uint32N(1 << 24))}, func(string) bool { return false })
	}
}
