package duress

import (
	"fmt"
	"testing"
)

// realHousehold is the household at the cost that panels have.
func realHousehold(b *testing.B) Config {
	b.Helper()
	c, err := NewConfig(chance(5), DefaultCost)
	if err != nil {
		b.Fatal(err)
	}
	for _, r := range []AddRequest{
		{Name: "Anna", Kind: User, New: annaCode},
		{Name: "Anna", Kind: Duress, Present: annaCode, New: annaForced},
		{Name: "Anna", Kind: Duress, Word: true, Present: annaCode, New: annaWord},
	} {
		if c, err = c.Add(deviceKey, chance(6), r, nil); err != nil {
			b.Fatal(err)
		}
	}
	return c
}

// BenchmarkJudge is what any text costs; the figures of all rows are one.
func BenchmarkJudge(b *testing.B) {
	c := realHousehold(b)
	for _, row := range []struct {
		name, digits string
		words        []string
	}{
		{"ordinary", annaCode, []string{"disarm"}},
		{"duress", annaForced, []string{"disarm"}},
		{"word", annaCode, []string{"disarm", annaWord}},
		{"wrong", "605172", []string{"disarm"}},
		{"nothing", "", nil},
	} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Judge(deviceKey, row.digits, row.words...)
			}
		})
	}
}

// BenchmarkWords is the part of it that looks for a duress word.
func BenchmarkWords(b *testing.B) {
	c := household(b)
	held := c.hashes(deviceKey)
	for b.Loop() {
		hears(deviceKey, held, "Anna", []string{annaWord})
	}
}

// BenchmarkSearch is the comparing of a new code with those in use: some hashes of
// one code after another.
func BenchmarkSearch(b *testing.B) {
	c := realHousehold(b)
	for _, code := range []string{"6051", "605172", "6051728394"} {
		b.Run(fmt.Sprintf("%d-digits-%d-hashes", len(code), len(neighbours(code))), func(b *testing.B) {
			for b.Loop() {
				c.search(deviceKey, code, nil)
			}
		})
	}
}
