package alert

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// What is clipped is the longest beginning that fits, whatever letters it has.
func TestClip(t *testing.T) {
	for _, c := range []struct {
		name, s string
		n       int
		want    string
	}{
		{"it fits", "Hall", 4, "Hall"},
		{"one too many", "Halls", 4, "Hall"},
		{"two septets for one letter", "{{{", 5, "{{"},
		{"letters of two bytes", "Küche", 3, "Küc"},
		{"no such letter", "Hall Ж door", 40, "Hall "},
		{"no such letter behind what fits", "Hall Ж", 4, "Hall"},
		{"no room", "Hall", 0, ""},
		{"less than none", "Hall", -3, ""},
		{"very long", strings.Repeat("é", 100_000), 160, strings.Repeat("é", 160)},
	} {
		if got := Clip(c.s, c.n); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestClipIsTheLongestThatFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("ab é{€Ж"))).Draw(t, "s")
		n := rapid.IntRange(-1, 12).Draw(t, "n")
		got := Clip(s, n)
		longer, next := s[len(got):], 0
		if longer != "" {
			_, next = utf8.DecodeRuneInString(longer)
		}
		if k, ok := Septets(got); !strings.HasPrefix(s, got) || !ok || k > max(n, 0) {
			t.Fatalf("Clip(%q, %d) = %q", s, n, got)
		}
		if k, ok := Septets(got + longer[:next]); next > 0 && ok && k <= n {
			t.Fatalf("Clip(%q, %d) = %q, and one letter more fits", s, n, got)
		}
	})
}
