package duress

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
)

// legalSet is a panel's codes, taken one by one by the rules.
type legalSet struct {
	config Config
	codes  map[string]bool // and whether each is a duress code
}

// randomSet makes one of 1 to 6 persons, now and then of as many as there may be,
// with codes of 4 to 10 digits. Some that are asked for lie close to those in use.
func randomSet(t *testing.T, r *rand.Rand) legalSet {
	c := emptyPanel(t, byte(r.Uint32()))
	c.Length = MinLength + r.IntN(MaxLength-MinLength+1)
	s := legalSet{c, map[string]bool{}}
	persons, most := 1+r.IntN(6), 1+r.IntN(3)
	if r.IntN(100) == 0 {
		persons, most = MaxPersons, 4
	}
	for p := range persons {
		name := fmt.Sprint("P", p)
		kind := []Kind{User, User, Master, Guest}[r.IntN(4)]
		present := s.take(r, AddRequest{Name: name, Kind: kind})
		for n := r.IntN(most); present != "" && n > 0; n-- {
			s.take(r, AddRequest{Name: name, Kind: Duress, Present: present})
		}
	}
	return s
}

// take asks for codes until one is taken.
func (s *legalSet) take(r *rand.Rand, ask AddRequest) string {
	var near []string
	for code := range s.codes {
		near = append(near, slips(code)...)
	}
	near = slices.DeleteFunc(near, func(c string) bool { return len(c) != s.config.Length })
	slices.Sort(near) // a map has no order
	for range 50 {
		ask.New = digits(r, s.config.Length)
		if len(near) > 0 && r.IntN(5) == 0 {
			ask.New = near[r.IntN(len(near))]
		}
		if next, err := s.config.Add(deviceKey, chance(byte(r.Uint32())), ask, nil); err == nil {
			s.config, s.codes[ask.New] = next, ask.Kind == Duress
			return ask.New
		}
	}
	return ""
}

func digits(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = '0' + byte(r.IntN(10))
	}
	return string(b)
}

// slips are all that one wrong key makes of a code: another digit, two neighbours
// exchanged, one digit less, one more.
func slips(code string) (out []string) {
	for i := range len(code) {
		out = append(out, code[:i]+code[i+1:])
		if i > 0 {
			out = append(out, code[:i-1]+code[i:i+1]+code[i-1:i]+code[i+1:])
		}
	}
	for d := '0'; d <= '9'; d++ {
		for i := range len(code) + 1 {
			out = append(out, code[:i]+string(d)+code[i:])
			if i < len(code) {
				out = append(out, code[:i]+string(d)+code[i+1:])
			}
		}
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == code })
}

// sets is how many: 300, or GSMPANEL_SETS.
func sets() int {
	if n, err := strconv.Atoi(os.Getenv("GSMPANEL_SETS")); err == nil {
		return n
	}
	if raceEnabled {
		return 100
	}
	return 300
}

// TestOneSlipNeverHitsAnotherCode makes every slip with every code of a thousand
// sets. Each is a code of nobody: a slip turns no ordinary code into a duress
// code, nor the reverse, nor one person's into another's.
func TestOneSlipNeverHitsAnotherCode(t *testing.T) {
	quickHash(t)
	codes, tried, forced := 0, 0, 0
	for n := range sets() {
		r := rand.New(rand.NewPCG(uint64(n), 5))
		s := randomSet(t, r)
		held := map[[hashSize]byte]bool{}
		for _, h := range s.config.hashes(deviceKey) {
			held[h] = true
		}
		for code, duress := range s.codes {
			if v := s.config.Judge(deviceKey, code); !v.Valid || v.isForced() != duress {
				t.Fatalf("set %d: %s is valid %v, duress %v", n, code, v.Valid, v.isForced())
			}
			all := slips(code)
			for _, slip := range all {
				if held[s.config.hash(deviceKey, slip)] {
					t.Fatalf("set %d: a slip makes %s of %s", n, slip, code)
				}
			}
			if s.config.Judge(deviceKey, all[r.IntN(len(all))]).Valid {
				t.Fatalf("set %d: a slip of %s is taken", n, code)
			}
			codes, tried = codes+1, tried+len(all)
			if duress {
				forced++
			}
		}
	}
	t.Logf("%d sets, %d codes of which %d under duress, %d slips", sets(), codes, forced, tried)
	if sets() >= 100 && (codes < 3*sets() || forced < sets()) {
		t.Error("the sets are too small to prove anything")
	}
}

// What a slip is, told another way: one edit of a key.
func TestSlips(t *testing.T) {
	all := slips("1223")
	for _, want := range []string{"223", "123", "122", "2123", "1232", "0223", "1229", "01223", "12293", "12239"} {
		if !slices.Contains(all, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if slices.Contains(all, "1223") || len(all) < 4+2+36+40 {
		t.Errorf("%d slips", len(all))
	}
}
