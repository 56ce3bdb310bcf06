package panel

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// SelectZones reads the arguments of BYPASS and UNBYPASS against the zones' names by number, both
// ways: from each word on, the longest row of words that is a zone's name is that zone; else a
// number is a zone's number. Case and signs in names make no difference, and neither do "the", "and"
// and the like. Words that are neither mean nothing and are passed over ("bypass 3 thanks"); a name
// that two zones share selects none. It gives numbers of zones in the order of the text, each once,
// and the numbers that are no zone's.
func (c Command) SelectZones(names map[int]string) (selected, missing []int) {
	byName, longest := zonesByName(names)
	for at := 0; at < len(c.Zones); {
		number, taken := zoneAt(c.Zones[at:], byName, longest)
		at += taken
		_, exists := names[number]
		switch {
		case number < 0:
		case !exists && !slices.Contains(missing, number):
			missing = append(missing, number)
		case exists && !slices.Contains(selected, number):
			selected = append(selected, number)
		}
	}
	return selected, missing
}

// zoneAt gives the number of the zone that words begin with, -1 if none, and how many words it took.
func zoneAt(words []string, byName map[string]int, longest int) (number, taken int) {
	for n := min(longest, len(words)); n > 0; n-- {
		if number, ok := byName[strings.Join(words[:n], " ")]; ok {
			return number, n
		}
	}
	if number, err := strconv.Atoi(words[0]); err == nil {
		return number, 1
	}
	return -1, 1
}

// zonesByName folds names as arguments are folded; longest is the most words in one.
func zonesByName(names map[int]string) (byName map[string]int, longest int) {
	byName = map[string]int{}
	for _, number := range slices.Sorted(maps.Keys(names)) {
		words := zoneWords(lex(foldText(names[number])))
		if len(words) == 0 {
			continue
		}
		name := strings.Join(words, " ")
		if _, twice := byName[name]; twice {
			number = -1
		}
		byName[name] = number
		longest = max(longest, len(words))
	}
	return byName, longest
}

// bypassCommand reads the zones that are named. A row such as 2-5 is not understood: as 2 and 5 it
// would leave 3 and 4 watched without a word.
func bypassCommand(verb Verb, tail []lexeme) (Command, bool) {
	tail = slices.Clone(tail)
	for i := len(tail) - 2; i >= 0; i-- {
		if tail[i].text == "no" && tail[i+1].digits { // "no. 3"
			tail = slices.Delete(tail, i, i+1)
		}
	}
	if anyWord(tail, contraryTo[verb]) || hesitates(tail) || hasRange(tail) {
		return Command{}, false
	}
	zones := zoneWords(tail)
	c := Command{Verb: verb}
	for _, zone := range zones {
		switch {
		case !longDigits(zone):
			c.Zones = append(c.Zones, zone)
		case strings.Trim(zone, "0123456789") != "": // may be a name, may be a code run into a word
			return Command{}, false
		}
	}
	return c, len(c.Zones) > 0
}

func hasRange(tail []lexeme) bool {
	for i := 1; i < len(tail); i++ {
		dash := strings.ContainsAny(tail[i].before, "-‐‑‒–—−~")
		between := i > 1 && ranges[tail[i-1].text] && tail[i-2].digits
		if tail[i].digits && (dash && tail[i-1].digits || between) {
			return true
		}
	}
	return false
}

// zoneWords puts letters and digits that touch together again ("pir2" is no zone 2) and leaves out
// what only joins words.
func zoneWords(lexemes []lexeme) []string {
	var words []string
	for i, l := range withoutQuestions(lexemes) {
		if i > 0 && l.before == "" {
			words[len(words)-1] += l.text
			continue
		}
		words = append(words, l.text)
	}
	return slices.DeleteFunc(words, func(w string) bool { return zoneFillers[w] })
}

// longDigits says that word holds a run of digits that could be a code.
func longDigits(word string) bool {
	run := 0
	for _, r := range word {
		if run++; r < '0' || r > '9' {
			run = 0
		}
		if run >= shortestCode {
			return true
		}
	}
	return false
}
