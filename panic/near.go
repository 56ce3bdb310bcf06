package duress

import (
	"fmt"
	"strconv"
	"strings"
)

// neighbours are the code itself and all codes of its length that a slip of the
// finger, a bad memory or a guess turns into it: one digit wrong, two
// neighbouring digits exchanged, a value higher or lower by 1 or 2, read
// backwards, or beginning elsewhere. Each stands once; how many there are
// depends on the code alone. Whoever is a neighbour of a has a as neighbour.
func neighbours(code string) []string {
	found := []string{code}
	found = append(found, oneWrong(code)...)
	found = append(found, exchanged(code)...)
	found = append(found, closeValues(code)...)
	found = append(found, reversed(code))
	for i := 1; i < len(code); i++ {
		found = append(found, code[i:]+code[:i])
	}
	return once(found)
}

func oneWrong(code string) (found []string) {
	for i := range len(code) {
		for d := '0'; d <= '9'; d++ {
			found = append(found, code[:i]+string(d)+code[i+1:])
		}
	}
	return found
}

func exchanged(code string) (found []string) {
	for i := 1; i < len(code); i++ {
		found = append(found, code[:i-1]+code[i:i+1]+code[i-1:i]+code[i+1:])
	}
	return found
}

// closeValues does not go round from 000000 to 999999.
func closeValues(code string) (found []string) {
	value, err := strconv.ParseInt(code, 10, 64)
	if err != nil {
		return nil
	}
	for _, by := range []int64{-2, -1, 1, 2} {
		text := fmt.Sprintf("%0*d", len(code), value+by)
		if value+by >= 0 && len(text) == len(code) {
			found = append(found, text)
		}
	}
	return found
}

func reversed(code string) string {
	var b strings.Builder
	for i := len(code) - 1; i >= 0; i-- {
		b.WriteByte(code[i])
	}
	return b.String()
}

func once(list []string) []string {
	seen := map[string]bool{}
	kept := list[:0]
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			kept = append(kept, s)
		}
	}
	return kept
}

// differing counts the places at which two codes of one length differ.
func differing(a, b string) int {
	n := 0
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}
