package modem

import (
	"fmt"
	"io"
	"testing"
)

// TestClassify has every code that a SIM800 is known to give (AT p.330-335).
func TestClassify(t *testing.T) {
	codes := func(list ...int) []int { return list }
	for _, c := range []struct {
		want  Class
		codes []int
	}{
		{OfNumber, codes(1)},
		{OfService, codes(8, 10, 29, 30, 50, 69, 81, 95, 96, 97, 98, 99, 111, 195, 196)},
		{OfAccount, codes(21, 28)},
		{OfSetup, codes(302, 303, 304, 305, 310, 311, 312, 313, 315, 316, 317, 318, 330)},
		{Passing, codes(27, 38, 41, 42, 47, 192, 194, 224, 225, 226, 314, 500, 520, 521, 525, 528, 530, 532)},
		{Absent, codes(331, 332)},
		{OfStorage, codes(208, 209, 211, 322, 515, 531)},
		{Passing, codes(0, 2, 127, 255, 301, 512, 999)}, // nobody knows them
	} {
		for _, code := range c.codes {
			if got := Classify(fmt.Errorf("wrapped: %w", &CMSError{code})); got != c.want {
				t.Errorf("+CMS ERROR: %d is %d, want %d", code, got, c.want)
			}
		}
	}
	for code, want := range map[int]Class{10: OfSetup, 11: OfSetup, 12: OfSetup, 13: OfSetup, 14: Passing, 15: OfSetup, 16: OfSetup,
		30: Absent, 31: Absent, 100: Passing, 771: Passing, 797: Absent, 5: Passing} {
		if got := Classify(&CMEError{code}); got != want {
			t.Errorf("+CME ERROR: %d is %d, want %d", code, got, want)
		}
	}
	for err, want := range map[error]Class{ErrDown: Absent, ErrNumber: OfNumber, ErrTooLong: OfNumber, ErrEmpty: OfNumber, ErrCall: Passing, io.EOF: Passing} {
		if got := Classify(err); got != want {
			t.Errorf("%v is %d, want %d", err, got, want)
		}
	}
}

func TestTransient(t *testing.T) {
	for err, want := range map[error]bool{&CMEError{30}: true, &CMEError{771}: true, &CMEError{10}: false, &CMEError{5}: false,
		ErrDown: true, ErrCall: true, ErrUnknown: false, ErrNumber: false, io.EOF: false} {
		if Transient(err) != want {
			t.Errorf("%v: %v", err, !want)
		}
	}
}
