package alert

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Amount is a sum of money as an operator tells it, in thousandths, and with how
// many decimals it was told. In which currency is not known.
type Amount struct {
	Milli    int64 `json:"milli"`
	Decimals int   `json:"decimals,omitempty"`
}

// String writes the amount with a point, as it was told otherwise.
func (a Amount) String() string {
	whole, part, sign := a.Milli/1000, a.Milli%1000, ""
	if a.Milli < 0 {
		whole, part, sign = -whole, -part, "-"
	}
	if a.Decimals == 0 && part == 0 {
		return fmt.Sprintf("%s%d", sign, whole)
	}
	return fmt.Sprintf("%s%d.%s", sign, whole, fmt.Sprintf("%03d", part)[:max(a.Decimals, 1)])
}

const maxAmount = 1_000_000_000 // so that a telephone number is none

// ParseAmount reads a sum as people write it: 12.34, 12,34, 1.234,56 or 1 250.
// A single point or comma before three digits stands for thousands, but not
// behind a nought.
func ParseAmount(s string) (Amount, bool) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "'", "").Replace(s)
	minus := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	whole, part := s, ""
	if at := strings.LastIndexAny(s, ".,"); at >= 0 && decimal(s, at) {
		whole, part = s[:at], s[at+1:]
	}
	whole = strings.NewReplacer(".", "", ",", "").Replace(whole)
	n, err := strconv.ParseInt(whole+(part + "000")[:3], 10, 64)
	if whole == "" || err != nil || n < 0 || n/1000 >= maxAmount || len(part) > 3 {
		return Amount{}, false
	}
	if minus {
		n = -n
	}
	return Amount{n, len(part)}, true
}

// decimal tells whether the sign at that place divides decimals from the rest.
func decimal(s string, at int) bool {
	behind := len(s) - at - 1
	switch sign := s[at : at+1]; {
	case strings.Count(s, sign) > 1:
		return false
	case strings.ContainsAny(s[:at], ".,"):
		return true // both are there, and the last is the one
	}
	return behind < 3 || behind == 3 && strings.HasPrefix(s, "0")
}

// PatternAuto is the pattern that tries what operators usually say.
const PatternAuto = "auto"

// Pieces of what operators usually say.
const (
	sayBalance  = `(?:balance|credit|remaining|available|saldo|solde|cr[eé]dit[oe]?|guthaben|kontostand|tegoed|egyenleg|zůstatek|bakiye|pulsa|stan konta|баланс|остаток|залишок)`
	sayCurrency = `(?:[€£$¥₽₴₺₹]|\b(?:eur|euros?|gbp|usd|chf|sek|nok|dkk|pln|czk|huf|ron|lei|rub|uah|try|tl|inr|rs|aud|cad|nzd|zar|kes|ksh|ngn|idr|rp)\b\.?|zł|kč|\bft\b|р\.|руб)`
	sayNumber   = `(-?[0-9]{1,3}(?:[ .,'][0-9]{3})+(?:[.,][0-9]{1,2})?|-?[0-9]+(?:[.,][0-9]{1,3})?)`
)

// usual are the patterns of PatternAuto, the surest first: a date must not be
// taken for the balance, nor the price of what is advertised. They are compiled where
// they are asked for: few programs do, and it is a tenth of the time of a command.
func usual() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`(?i)` + sayBalance + `[^0-9€£$¥₽₴₺₹-]{0,40}` + sayCurrency + ` ?` + sayNumber),
		regexp.MustCompile(`(?i)` + sayBalance + `[^0-9-]{0,40}` + sayNumber + ` ?` + sayCurrency),
		regexp.MustCompile(`(?i)` + sayCurrency + ` ?` + sayNumber),
		regexp.MustCompile(`(?i)` + sayNumber + ` ?` + sayCurrency),
		regexp.MustCompile(`(?i)` + sayBalance + `[^0-9-]{0,40}` + sayNumber + `(?:[^0-9./-]|[./-]?(?:[^0-9]|$))`),
		regexp.MustCompile(`(?:^|[^0-9.,/-])(-?[0-9]+[.,][0-9]{2})(?:[^0-9.,/]|[.,](?:[^0-9]|$)|$)`),
	}
}

const maxPattern = 200

// BalancePattern compiles a balance-pattern: one with a single group, the amount.
func BalancePattern(s string) ([]*regexp.Regexp, error) {
	if strings.EqualFold(s, PatternAuto) {
		return usual(), nil
	}
	if s == "" || len(s) > maxPattern {
		return nil, fmt.Errorf("it has %d letters, and 1 to %d are allowed", len(s), maxPattern)
	}
	p, err := regexp.Compile(s)
	if err != nil {
		return nil, fmt.Errorf("it is no regular expression (%w)", err)
	}
	if n := p.NumSubexp(); n != 1 {
		return nil, fmt.Errorf("it has %d groups in brackets, and one is allowed, which is the amount", n)
	}
	return []*regexp.Regexp{p}, nil
}

// Balance finds the amount in an operator's answer.
func (c Config) Balance(answer string) (Amount, bool) {
	patterns, err := BalancePattern(cmp.Or(c.BalancePattern, PatternAuto)) // a configuration from before it has none
	if err != nil {
		return Amount{}, false
	}
	for _, p := range patterns {
		if found := p.FindStringSubmatch(answer); found != nil {
			return ParseAmount(found[1])
		}
	}
	return Amount{}, false
}
