package modem

import "testing"

func TestASignalThatFallsFarBelowItsUsualIsToldWithIt(t *testing.T) {
	for _, c := range []struct {
		name          string
		usual, now    int
		before, after int // readings
		want          int
	}{
		{"as ever", -70, -70, 2880, 20, 0},
		{"a little weaker", -70, -78, 2880, 100, 0},
		{"far weaker for a minute", -70, -90, 2880, 2, 0},
		{"far weaker", -70, -90, 2880, 30, -70},
		{"far weaker, and nobody knows yet what is usual", -60, -110, 60, 40, 0},
		{"stronger", -90, -70, 2880, 100, 0},
		{"after days that is usual", -70, -90, 2880, 4 * 2880, 0},
	} {
		var s trend
		var got int
		for range c.before {
			s.add(c.usual)
		}
		for range c.after {
			got = s.add(c.now)
		}
		if got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
