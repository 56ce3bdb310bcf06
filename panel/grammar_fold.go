package panel

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// lex parts folded text into letters, digits and question marks. An apostrophe within a word is
// left out of it: "don't" is one word however it is typed.
func lex(folded string) []lexeme {
	var lexemes []lexeme
	var current, before strings.Builder
	kind := ' ' // of current: 'a' letters, '0' digits, ' ' none
	flush := func() {
		if kind != ' ' {
			lexemes = append(lexemes, lexeme{text: current.String(), digits: kind == '0', before: before.String()})
			current.Reset()
			before.Reset()
		}
	}
	runes := []rune(folded)
	for i, r := range runes {
		next := kindOf(r)
		switch {
		case next == 'm' && kind == 'a':
			next = 'a'
		case next == 'm', r == '\'' && kind == 'a' && i+1 < len(runes) && kindOf(runes[i+1]) == 'a':
			continue
		}
		if next != kind || next == '?' {
			flush()
			kind = next
		}
		if next == ' ' {
			before.WriteRune(r)
			continue
		}
		current.WriteRune(r)
	}
	flush()
	return lexemes
}

// kindOf sorts a rune: 'a' letter, '0' digit, 'm' a mark on the rune before, '?', or ' '.
func kindOf(r rune) rune {
	switch {
	case r >= '0' && r <= '9':
		return '0'
	case unicode.IsLetter(r):
		return 'a'
	case unicode.IsMark(r):
		return 'm'
	case r == '?':
		return '?'
	}
	return ' '
}

// foldText makes alike what phones write differently: at most longestText runes, in compatibility
// form (NFKC), lower case, with ASCII digits and quotes, without invisible characters.
func foldText(text string) string {
	runes := 0
	for at := range text {
		if runes++; runes > longestText {
			text = text[:at]
			break
		}
	}
	// Before NFKC, which makes a space and a mark of some of them.
	text = norm.NFKC.String(strings.Map(foldSign, text))
	// And after: some letters with a mark exist in lower case only.
	return norm.NFC.String(strings.Map(foldRune, text))
}

func foldSign(r rune) rune {
	switch r {
	case '‘', '’', '‚', '‛', 'ʼ', 'ʹ', '′', '´', '`', '＇':
		return '\''
	case '؟', '՞', '፧', '⁇':
		return '?'
	}
	return r
}

// dotAbove stays behind where the dotted capital I is written in two.
const dotAbove = '\u0307'

func foldRune(r rune) rune {
	switch {
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Me, r), unicode.Is(unicode.Variation_Selector, r), r == dotAbove:
		return -1
	case unicode.IsDigit(r):
		return '0' + digitValue(r)
	}
	// By way of upper case, so that the dotless and the dotted I of Turkish keyboards are an i.
	return unicode.ToLower(unicode.ToUpper(r))
}

// digitValue gives the value of a Unicode decimal digit (category Nd): every script has its ten in
// order from zero, and what adjoins them is another whole ten.
func digitValue(r rune) rune {
	var n rune
	for unicode.IsDigit(r - 1 - n) {
		n++
	}
	return n % 10
}

// foldWord takes the accents off a word of folded text: a phone that is set to plain letters sends
// none, and a duress word must be heard from it too.
func foldWord(word string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if r >= '\u0300' && r <= '\u036f' {
			return -1
		}
		return r
	}, norm.NFD.String(word)))
}
