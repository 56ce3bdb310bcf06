package main

import (
	"slices"
	"testing"
	"time"
)

// The first byte of a text is the first that is written after the line of AT+CMGS.
func TestFirstByteOfAText(t *testing.T) {
	for _, c := range []struct {
		name   string
		writes []string // one a second
		want   []int    // seconds at which texts begin
	}{
		{"in two writes", []string{"AT+CMGS=20\r", "0031010C91\x1a"}, []int{1}},
		{"with a line feed", []string{"AT+CMGS=20\r\n", "00310", "10C91\x1a"}, []int{1}},
		{"byte by byte", []string{"A", "T", "+CMGS=20", "\r", "0", "0\x1a"}, []int{4}},
		{"twice, after an escape", []string{"\x1b\r\nAT\r", "AT+CMGS=20\r", "00\x1a", "\x1bAT+CMGS=9\r", "00\x1a"}, []int{2, 4}},
		{"given up", []string{"AT+CMGS=20\r", "\x1b", "AT+CSQ\r"}, nil},
		{"none", []string{"AT+CMGF=0\r", "AT+CMGL=4\r", "AT+CMGD=1\r"}, nil},
	} {
		h, began := &house{}, time.Now()
		for n, w := range c.writes {
			h.wire(began.Add(time.Duration(n)*time.Second), false, []byte(w))
			h.wire(began.Add(time.Duration(n)*time.Second), true, []byte("\r\nOK\r\n> "))
		}
		var got []int
		for _, at := range h.sends {
			got = append(got, int(at.Sub(began).Seconds()))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: texts begin at %v, want %v", c.name, got, c.want)
		}
	}
}
