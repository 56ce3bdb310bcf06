package alert

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A words file has a line for each entry, "name = words", in UTF-8. A line that
// begins with # is a comment. What is left out is English.

// maxWordsFile bounds it, in bytes: a request over the socket holds it whole.
const maxWordsFile = 32 << 10

// ParseWords reads a words file, and says in which line each entry stands. Its
// error is one sentence that names the line.
func ParseWords(file string) (words Words, lines map[string]int, err error) {
	if len(file) > maxWordsFile {
		return nil, nil, fmt.Errorf("the words file has %d bytes; %d are allowed: it needs a line for each text and no more", len(file), maxWordsFile)
	}
	words, lines = Words{}, map[string]int{}
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(file, "\ufeff")) {
		n++
		name, text, err := parseLine(line)
		if err == nil && name != "" && lines[name] != 0 {
			err = fmt.Errorf("%s stands in line %d already; leave one of them out", name, lines[name])
		}
		if err != nil {
			return nil, nil, fmt.Errorf("line %d: %w", n, err)
		}
		if name == "" {
			continue
		}
		lines[name] = n
		if e, _ := entryOf(name); text != e.english {
			words[name] = text
		}
	}
	return words, lines, nil
}

// parseLine returns an empty name for a line that says nothing.
func parseLine(line string) (name, text string, err error) {
	line = strings.TrimSpace(line)
	if line == "" || line[0] == '#' {
		return "", "", nil
	}
	if !utf8.ValidString(line) {
		return "", "", fmt.Errorf("it is not UTF-8; save the file as UTF-8")
	}
	name, text, found := strings.Cut(line, "=")
	if !found {
		return "", "", fmt.Errorf("%q is no line of a words file; write a name, = and the words, for example %s", shortened(line), exampleOf("burglary.act"))
	}
	return checkWords(name, text)
}

// checkWords brings the words of an entry to their stored form.
func checkWords(name, text string) (string, string, error) {
	name, text = strings.TrimSpace(name), strings.ReplaceAll(strings.Join(strings.Fields(text), " "), " |", "|")
	e, known := entryOf(name)
	if !known {
		return "", "", fmt.Errorf("nothing is called %q; `gsmpanel site words` prints all names, for example %s", shortened(name), exampleOf("burglary.act"))
	}
	return name, text, e.check(text)
}

// With has other words for an entry; those of English are as good as none.
func (w Words) With(name, text string) (Words, error) {
	name, text, err := checkWords(name, text)
	if err != nil {
		return w, err
	}
	w = maps.Clone(w)
	if w == nil {
		w = Words{}
	}
	w[name] = text
	if e, _ := entryOf(name); text == e.english {
		delete(w, name)
	}
	return w, nil
}

func exampleOf(name string) string {
	e, _ := entryOf(name)
	return e.name + " = " + e.english
}

func shortened(s string) string { return strings.ToValidUTF8(s[:min(len(s), 40)], "") }

// typed are the words that contacts type, which no language changes; with a token
// behind them where there is one.
var typed = regexp.MustCompile(`\b(OK|YES|CLOSE)\b( \{token\})?`)

// check tells whether text can take the place of the English of an entry.
func (e wording) check(text string) error {
	if text == "" {
		return fmt.Errorf("%s has no words; for example %s", e.name, exampleOf(e.name))
	}
	for _, r := range text {
		if _, ok := Septets(string(r)); !ok {
			return fmt.Errorf("%q in %s is not in the GSM alphabet of text messages; write it otherwise, for example %s", r, e.name, exampleOf(e.name))
		}
	}
	want, got := placeholder.FindAllString(e.english, -1), placeholder.FindAllString(text, -1)
	for _, p := range got {
		if !slices.Contains(want, p) {
			return fmt.Errorf("%s cannot say %s; %s, for example %s", e.name, shortened(p), mayHold(want), exampleOf(e.name))
		}
	}
	for _, p := range append(typed.FindAllString(e.english, -1), want...) {
		if !strings.Contains(text, p) {
			return fmt.Errorf("%s must have %s in it, which is filled in or typed as it stands; for example %s", e.name, p, exampleOf(e.name))
		}
	}
	return e.checkParts(text)
}

func mayHold(placeholders []string) string {
	if len(placeholders) == 0 {
		return "nothing is filled in there"
	}
	slices.Sort(placeholders)
	return "what is filled in there is " + strings.Join(slices.Compact(placeholders), ", ")
}

// checkParts looks at braces that are none of ours, and at where a text is parted.
func (e wording) checkParts(text string) error {
	if strings.ContainsAny(placeholder.ReplaceAllString(text, ""), "{}") {
		return fmt.Errorf("%s has a { or } that stands alone; for example %s", e.name, exampleOf(e.name))
	}
	if !strings.Contains(text, "|") {
		return nil
	}
	first, second, _ := strings.Cut(text, "|")
	lost := strings.Contains(text, "{token}") && !strings.Contains(first, "{token}")
	if !strings.Contains(e.english, "|") || lost || strings.Contains(second, "|") || strings.TrimSpace(first) == "" || strings.TrimSpace(second) == "" {
		return fmt.Errorf("%s cannot be parted by | there; its first half must say what to do and have the token, for example %s", e.name, exampleOf(e.name))
	}
	return nil
}

// File writes the words as a file to edit: all entries, with those that are not
// there in English.
func (w Words) File() string {
	var out strings.Builder
	out.WriteString("# The fixed words of texts to contacts: change what stands after =, then run\n" +
		"# gsmpanel site words FILE. What stands in {} is filled in; each must be kept.\n" +
		"# OK, YES, CLOSE and {token} are typed by people and stay as they are.\n" +
		"# A text that would be too long is parted at | where there is one.\n" +
		"# {by} a contact, or who disarmed; {who} the person in need; {what} zones;\n" +
		"# {where} the address; {title} kind, name and time, such as DURESS Anna 21:04.\n")
	for _, e := range wordings {
		if e.english == "" {
			out.WriteString("\n# " + e.name + "\n")
			continue
		}
		out.WriteString(e.name + " = " + w.get(e.name) + "\n")
	}
	return out.String()
}
