package duress

import (
	"slices"
	"strings"
)

// trivial says whether a code is among the first that a stranger tries: a
// repeat, a sequence, lines on the keypad, a year, a well-known PIN, or the end
// of a listed number. It looks at nothing that is secret.
func trivial(code string, numbers []string) bool {
	return repeats(code) || sequence(code) || keypadLines(code, 0) || dated(code) ||
		slices.Contains(wellKnown, code) || tail(code, numbers)
}

// repeats: fewer than three different digits, all digits in groups (112233), or
// a block over and over (121212, 123123, 1231231).
func repeats(code string) bool {
	different := map[rune]bool{}
	for _, d := range code {
		different[d] = true
	}
	if len(different) < 3 || grouped(code) {
		return true
	}
	for period := 1; period <= len(code)/2; period++ {
		if code[period:] == code[:len(code)-period] {
			return true
		}
	}
	return false
}

func grouped(code string) bool {
	for i := range len(code) {
		before := i > 0 && code[i-1] == code[i]
		after := i < len(code)-1 && code[i+1] == code[i]
		if !before && !after {
			return false
		}
	}
	return true
}

// sequence: each digit is the same step from the one before, over the ten
// digits in a circle: 456789, 987654, 890123, 246802, 147036.
func sequence(code string) bool {
	step := (int(code[1]) - int(code[0]) + 10) % 10
	for i := 2; i < len(code); i++ {
		if (int(code[i])-int(code[i-1])+10)%10 != step {
			return false
		}
	}
	return true
}

// strokes are the straight lines of three or four keys, each way.
var strokes = []string{
	"123", "456", "789", "321", "654", "987",
	"147", "258", "369", "741", "852", "963",
	"159", "951", "357", "753", "580", "085", "2580", "0852",
}

// keypadLines: nothing but strokes; the last may be only begun, by two keys or,
// where six are covered, by one. done is how many keys are.
func keypadLines(rest string, done int) bool {
	if rest == "" {
		return true
	}
	for _, s := range strokes {
		if after, found := strings.CutPrefix(rest, s); found && keypadLines(after, done+len(s)) {
			return true
		}
		begun := done > 0 && len(rest) > 1 || done >= 6
		if begun && strings.HasPrefix(s, rest) {
			return true
		}
	}
	return false
}

// dated: a year of 1900–2099, alone or with nothing beside it but numbers that
// can be a day or a month (00–31) and, where the count is odd, one digit.
func dated(code string) bool { return datedFrom(code, false, len(code)%2 == 1) }

func datedFrom(rest string, year, single bool) bool {
	if rest == "" {
		return year
	}
	if len(rest) >= 4 && (rest[:2] == "19" || rest[:2] == "20") && datedFrom(rest[4:], true, single) {
		return true
	}
	if len(rest) >= 2 && rest[:2] <= "31" && datedFrom(rest[2:], year, single) {
		return true
	}
	return single && datedFrom(rest[1:], year, false)
}

// tail: the last digits of a number on the notification list.
func tail(code string, numbers []string) bool {
	for _, n := range numbers {
		if strings.HasSuffix(digitsOf(n), code) {
			return true
		}
	}
	return false
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// wellKnown are PINs that lists of leaked ones have near the top and that no
// other rule here refuses, and some that are remembered because of a song, a
// film, a number in nature or a word on the keys.
var wellKnown = []string{
	"1004", "1230", "1233", "1235", "1236", "1245", "1342", "1397", "1478", "1590", "2486", "2684", "3141", "3690",
	"4200", "5150", "5683", "7410", "8520", "8675", "1379", "3971", "7931",
	"12321", "12344", "31415", "38317", "90210", "12354", "10203", "14753",
	"292513", "142536", "246810", "135790", "314159", "271828", "124578", "235689", "123455", "123457", "123450", "123400", "654322", "147896",
	"112358", "100200", "134679", "142857", "161803",
	"8675309", "1314520", "3141592", "2718281", "1122334", "1346790",
	"31415926", "27182818", "12344321", "10203040", "14789632", "12345679", "13572468", "24681357",
	"123456780", "314159265", "271828182", "112233445", "123454321", "135792468", "147896325",
	"3141592653", "3141592654", "2718281828", "1357924680", "2468013579", "1029384756", "1234554321", "5432112345", "1020304050",
}
