package radio

// When somebody tries codes on the air. EV1527 encoders send one of a million
// codes of 20 bits for each button, and PT2262 fewer: who tries 5 a second finds
// one of the house in days, and one beside a code that they have heard in seconds.
const (
	// scanCodes is how many codes that nobody has heard before, within scanSpan ms,
	// are a scan. Each must count as a press does, so noise makes none. What else is
	// on 433 MHz, weather stations above all, has other frames or says the same code
	// again, which is new once: a street has some ten such devices that speak in the
	// same minute, and the first minute of the panel is no other. A scan of 5 codes a
	// second is noticed within 6 s, and one of which only a tenth is heard in a minute.
	scanCodes = 30
	scanSpan  = 60_000
	// scanOver is how many or fewer within scanSpan end it.
	scanOver = 10
	// scanAkin is for how many a code counts that looks like one of the house: there
	// are few of those to try.
	scanAkin = 3
	// scanKnown is for how long, in ms, a code that was heard is no new one.
	scanKnown = 3600_000
)

// Scan counts codes of FamilyEV1527 that nobody enrolled. It takes 13 kB, however
// many there are. The zero value is ready.
type Scan struct {
	heard [512]stranger // at the place that a code's hash gives; the newest stays
	news  [scanCodes]int64
	next  int // place in news of the oldest
	on    bool
}

// stranger is a code that nobody enrolled.
type stranger struct {
	code    uint32
	counted bool
	last    int64 // tick of its last frame
}

// Step takes a frame of a code that is not enrolled, and says whether a scan
// goes on. akin tells whether the code looks like one that is; it is asked once for
// each new code.
func (s *Scan) Step(tick int64, f Frame, akin func(id string) bool) bool {
	code, ok := codeOf(f.ID)
	if !ok {
		return s.Now(tick)
	}
	h := &s.heard[code*2654435769>>23] // Knuth's multiplicative hash, of 9 bits
	gap := tick - h.last
	fresh := h.code != code || gap < 0 || gap > scanKnown || !h.counted && gap > PairWindow
	if fresh {
		*h = stranger{code: code}
	}
	if !h.counted && (!fresh || f.Alone) {
		h.counted = true
		s.add(tick, akin(f.ID))
	}
	h.last = tick
	return s.Now(tick)
}

func (s *Scan) add(tick int64, akin bool) {
	times := 1
	if akin {
		times = scanAkin
	}
	for range times {
		s.news[s.next] = tick
		s.next = (s.next + 1) % len(s.news)
	}
}

// Now says whether a scan goes on at a tick, also where nothing more was heard.
func (s *Scan) Now(tick int64) bool {
	lately := 0
	for _, at := range s.news {
		if at != 0 && tick-at < scanSpan {
			lately++
		}
	}
	s.on = lately >= scanCodes || s.on && lately > scanOver
	return s.on
}
