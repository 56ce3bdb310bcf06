package panel

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Verb is the canonical word of a command; "" is none.
type Verb string

// The verbs of texts. OK, YES and CLOSE come from contacts and need no code, all others need one.
const (
	VerbArm      Verb = "ARM" // away
	VerbHome     Verb = "HOME"
	VerbNight    Verb = "NIGHT"
	VerbDisarm   Verb = "DISARM"
	VerbStatus   Verb = "STATUS"
	VerbBypass   Verb = "BYPASS"
	VerbUnbypass Verb = "UNBYPASS"
	VerbLog      Verb = "LOG"
	VerbPanic    Verb = "PANIC"
	VerbSilent   Verb = "SILENT"
	VerbContacts Verb = "CONTACTS"
	VerbBalance  Verb = "BALANCE"
	VerbTest     Verb = "TEST"
	VerbHelp     Verb = "HELP"
	VerbOK       Verb = "OK"
	VerbYes      Verb = "YES"
	VerbClose    Verb = "CLOSE"
)

const (
	longestText  = 2000 // runes; what stands behind them is cut off
	shortestCode = 4    // digits
	longestCode  = 10   // digits
	tokenDigits  = 4
)

// Command is what a text asks for, without any digit of a code: no run of four digits or more
// stands in it but the Token of OK, YES and CLOSE, which are read only where no code is.
type Command struct {
	Verb  Verb
	Force bool // ARM, HOME and NIGHT only
	// Zones are the arguments of BYPASS and UNBYPASS in lower case, one word or number (1–3 digits)
	// each, at least one. A zone's name may take several of them: SelectZones offers both readings.
	Zones []string
	Count int    // of LOG: 0–999; 0 is the default
	Token string // of OK, YES and CLOSE: 4 digits, or "" where none was given
}

// Parsed is a text taken apart at the door. It is made to be used at once, never kept: no way of
// printing or encoding it gives anything, the rest of the text neither, since a duress word may
// stand there.
type Parsed struct {
	// Command is the zero Command unless Understood. Without a code only OK, YES and CLOSE are ever
	// understood, so a door that forgets the code has nothing to obey.
	Command Command
	// Attempt says that the text begins or ends with 4–10 digits and is no OK, YES or CLOSE with a
	// token: an attempt at a code, whether or not a command is understood.
	Attempt    bool
	Understood bool

	code  string   // 4–10 ASCII digits; without Attempt those within a text, which are not obeyed
	words []string // every whole word of the text, in order, as foldWord gives it
}

// Format prints nothing, whatever the verb.
func (Parsed) Format(fmt.State, rune) {}

// String is empty.
func (Parsed) String() string { return "" }

// GoString is empty.
func (Parsed) GoString() string { return "" }

// MarshalJSON gives an empty object.
func (Parsed) MarshalJSON() ([]byte, error) { return []byte("{}"), nil }

// Parse takes a text apart; it accepts any string and has no errors. Upper and lower case, kinds of
// white space, of quotes and of decimal digits, full-width letters and invisible characters make no
// difference; all other signs only part words, but for "?", which is STATUS where nothing but it
// stands for a command.
//
// The code is the first thing that is neither space nor sign, if that is digits. A code may be
// written in groups of at most three digits with spaces between ("482 913 disarm"), there only: at
// the end of a text such groups may be arguments. Where the text begins with no 4–10 digits, the
// code is the last thing in it. A text with such digits at both ends has the first as its code; the
// others are dropped. A longer run of digits is never one. Digits within a text are no attempt.
//
// The command follows at once (a "please" or FORCE may stand before it), so a duress word belongs
// behind it: anywhere else it is heard, but the text is not obeyed. What follows a complete command is ignored unless it could change the meaning: a
// negation ("not", "don't"), a condition or another time ("if", "tomorrow", "at 18:30"), a number
// that the command does not take ("disarm 3"), a contrary command ("arm off", "arm leaving home").
// Then nothing is understood, since a text answered with help is cheaper than a house disarmed by
// mistake. PANIC and SILENT are obeyed whatever follows ("panic, this is not a drill"), but for a
// disarm or arm right behind them.
//
// OK, YES and CLOSE stand first, with the token right behind; where a negation follows ("CLOSE 8305
// not safe") the token is left out, so that it is asked for again. With a code before them ("482913
// OK 4711") or other digits at the end ("OK 482913") the text is an attempt and not understood: so
// a code is read, and a duress code heard, but no answer to an alarm is taken from an unclear text.
func Parse(text string) Parsed {
	lexemes := lex(foldText(text))
	p := Parsed{words: letterWords(lexemes)}
	if command, ok := contactCommand(lexemes); ok {
		p.Command, p.Understood = command, true
		return p
	}
	code, rest := takeCode(lexemes)
	if code == "" {
		p.code = buriedCode(lexemes)
		return p
	}
	p.code, p.Attempt = code, true
	if command, ok := codedCommand(rest); ok {
		p.Command, p.Understood = command, true
	}
	return p
}

var (
	verbOf = map[string]Verb{
		"arm": VerbArm, "away": VerbArm, "set": VerbArm, "on": VerbArm, "armaway": VerbArm,
		"home": VerbHome, "stay": VerbHome, "armhome": VerbHome, "armstay": VerbHome,
		"night": VerbNight, "armnight": VerbNight,
		"disarm": VerbDisarm, "off": VerbDisarm, "unset": VerbDisarm,
		"status": VerbStatus, "bypass": VerbBypass, "unbypass": VerbUnbypass, "log": VerbLog,
		"panic": VerbPanic, "silent": VerbSilent, "contacts": VerbContacts,
		"balance": VerbBalance, "test": VerbTest, "help": VerbHelp,
	}
	contactVerbOf = map[string]Verb{"ok": VerbOK, "okay": VerbOK, "yes": VerbYes, "close": VerbClose}

	polite = wordSet("please pls plz")
	// zoneFillers stand between arguments of BYPASS without being any.
	zoneFillers = wordSet("and the zone zones number nr please pls plz now thanks thank you")
	negations   = wordSet("no not never nor dont doesnt didnt cant cannot couldnt wont wouldnt isnt " +
		"arent wasnt shouldnt mustnt neednt without except but nothing neither")
	// deferrals mean another time or a condition, and the panel keeps no appointments.
	deferrals = wordSet("later tomorrow when if unless until till after before")
	stops     = wordSet("stop cancel abort undo")
	ranges    = wordSet("to through thru till until bis")

	// connectors mean something next to a verb or a number.
	connectors = wordSet("force token last at in")

	// contraryTo names, for a verb, the words behind it that make it unclear which is meant.
	contraryTo = map[Verb]map[string]bool{
		VerbArm:      wordSet("disarm off unset bypass unbypass panic silent home stay night armhome armstay armnight"),
		VerbHome:     wordSet("disarm off unset bypass unbypass panic silent away night armaway armnight"),
		VerbNight:    wordSet("disarm off unset bypass unbypass panic silent away home stay armaway armhome armstay"),
		VerbDisarm:   wordSet("arm set on bypass unbypass silent armaway armhome armstay armnight"),
		VerbBypass:   wordSet("arm disarm unset unbypass"),
		VerbUnbypass: wordSet("arm disarm unset bypass"),
	}
	// contraryToQuery holds for the verbs that change nothing, and for TEST.
	contraryToQuery = wordSet("arm set disarm unset bypass unbypass panic silent")
	contraryToPanic = wordSet("arm set disarm off unset stop cancel abort undo")
)

// Reserved says that word has a meaning in a text, or may have one: a duress word must be none, or
// the text that it stands in would not be read as without it.
func Reserved(word string) bool {
	lexemes := lex(foldText(word))
	return len(lexemes) != 1 || lexemes[0].digits || meaningful(lexemes[0])
}

// Plain says that word is one of the grammar's own, and so nobody's secret.
func Plain(word string) bool {
	lexemes := lex(foldText(word))
	return len(lexemes) == 1 && !lexemes[0].digits && meaningful(lexemes[0])
}

func meaningful(word lexeme) bool {
	for _, set := range []map[string]bool{polite, zoneFillers, negations, deferrals, stops, ranges, connectors} {
		if set[word.text] {
			return true
		}
	}
	verb, _ := leadingVerb([]lexeme{word})
	return verb != "" || contactVerbOf[word.text] != ""
}

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// lexeme is a run of letters, a run of digits, or a question mark.
type lexeme struct {
	text   string
	digits bool
	before string // the space and signs between it and the one before; "" where they touch
}

func (l lexeme) question() bool { return l.text == "?" }

// codeLike says that l may be a code.
func (l lexeme) codeLike() bool {
	return l.digits && len(l.text) >= shortestCode && len(l.text) <= longestCode
}

// contactCommand reads OK, YES and CLOSE. It refuses what is an attempt at a code.
func contactCommand(lexemes []lexeme) (Command, bool) {
	rest := dropPolite(withoutQuestions(lexemes))
	var c Command
	// The last of "ok close 8305" is the one that counts.
	for len(rest) > 0 && contactVerbOf[rest[0].text] != "" {
		c.Verb, rest = contactVerbOf[rest[0].text], rest[1:]
	}
	if c.Verb == "" {
		return Command{}, false
	}
	if len(rest) > 0 && rest[0].text == "token" {
		rest = rest[1:]
	}
	switch {
	case len(rest) == 0:
	case rest[0].digits && len(rest[0].text) == tokenDigits:
		if !anyWord(rest, negations) {
			c.Token = rest[0].text
		}
	case rest[len(rest)-1].codeLike():
		return Command{}, false
	}
	return c, true
}

// takeCode parts the code from the rest of a text; code is "" if there is none.
func takeCode(lexemes []lexeme) (code string, rest []lexeme) {
	first := slices.IndexFunc(lexemes, func(l lexeme) bool { return !l.question() })
	if first < 0 {
		return "", nil
	}
	if code, n := leadingCode(lexemes[first:]); n > 0 {
		return code, slices.Concat(lexemes[:first], lexemes[first+n:])
	}
	last := len(lexemes) - 1
	for lexemes[last].question() {
		last--
	}
	if lexemes[last].codeLike() {
		return lexemes[last].text, slices.Concat(lexemes[:last], lexemes[last+1:])
	}
	return "", nil
}

// leadingCode gives the code that lexemes begin with, and of how many of them it is made; 0 if none.
func leadingCode(lexemes []lexeme) (code string, n int) {
	if lexemes[0].codeLike() {
		return lexemes[0].text, 1
	}
	for n < len(lexemes) && lexemes[n].digits && (n == 0 || isSpace(lexemes[n].before)) {
		if len(lexemes[n].text) >= shortestCode {
			return "", 0
		}
		code += lexemes[n].text
		n++
	}
	if len(code) < shortestCode || len(code) > longestCode {
		return "", 0
	}
	return code, n
}

// buriedCode gives the first digits within a text that may be a code. They ask for nothing and are
// no attempt, but one who is forced is heard wherever the code or the word was put.
func buriedCode(lexemes []lexeme) string {
	for i := range lexemes {
		if code, n := leadingCode(lexemes[i:]); n > 0 {
			return code
		}
	}
	return ""
}

func isSpace(s string) bool { return s != "" && strings.TrimSpace(s) == "" }

// codedCommand reads what a text with a code asks for; lexemes are the text without the code.
func codedCommand(lexemes []lexeme) (Command, bool) {
	asks := len(lexemes) > 0 && lexemes[0].question()
	words := dropPolite(withoutQuestions(lexemes))
	force := len(words) > 0 && words[0].text == "force"
	if force {
		words = words[1:]
	}
	verb, glued := leadingVerb(words)
	switch {
	case verb == "" && asks && !force:
		return Command{Verb: VerbStatus}, true
	case verb == "":
		return Command{}, false
	}
	tail := words[1:]
	switch verb {
	case VerbArm, VerbHome, VerbNight:
		return armCommand(words[0].text, verb, tail, force || glued)
	case VerbDisarm:
		return Command{Verb: verb}, !unclear(verb, tail)
	case VerbBypass, VerbUnbypass:
		return bypassCommand(verb, tail)
	case VerbPanic, VerbSilent:
		return Command{Verb: verb}, len(tail) == 0 || !contraryToPanic[tail[0].text]
	case VerbTest:
		return Command{Verb: verb}, !anyWord(tail, contraryToQuery) && !hesitates(tail)
	}
	return Command{Verb: verb, Count: logCount(verb, tail)}, !anyWord(tail, contraryToQuery)
}

// leadingVerb gives the verb of the first word, and whether FORCE is written on to it ("ARMFORCE").
func leadingVerb(words []lexeme) (verb Verb, force bool) {
	if len(words) == 0 {
		return "", false
	}
	if verb := verbOf[words[0].text]; verb != "" {
		return verb, false
	}
	stem, force := strings.CutSuffix(words[0].text, "force")
	switch verb := verbOf[stem]; verb {
	case VerbArm, VerbHome, VerbNight:
		return verb, force
	}
	return "", false
}

// armCommand reads the three ways of arming. A mode right behind ARM, SET or ON is the one that is
// meant: away-armed sensors would raise the alarm on people who asked for ARM HOME.
func armCommand(word string, verb Verb, tail []lexeme, force bool) (Command, bool) {
	if unclearNumber(tail) {
		return Command{}, false
	}
	said := len(tail)
	tail = slices.DeleteFunc(slices.Clone(tail), func(l lexeme) bool { return l.text == "force" })
	force = force || len(tail) < said
	if len(tail) > 0 && verb == VerbArm && word != "away" && word != "armaway" {
		if mode := verbOf[tail[0].text]; mode == VerbHome || mode == VerbNight {
			verb, tail = mode, tail[1:]
		}
	}
	return Command{Verb: verb, Force: force}, !unclear(verb, tail) && !anyWord(tail, stops)
}

// unclear says that what follows verb may turn or put off its meaning.
func unclear(verb Verb, tail []lexeme) bool {
	return anyWord(tail, contraryTo[verb]) || hesitates(tail) || unclearNumber(tail)
}

// unclearNumber finds a number that verb would have to mind: right behind it, or a time ("at 5").
func unclearNumber(tail []lexeme) bool {
	for i, l := range tail {
		if l.digits && (i == 0 && len(l.text) < shortestCode || i > 0 && (tail[i-1].text == "at" || tail[i-1].text == "in")) {
			return true
		}
	}
	return false
}

func hesitates(tail []lexeme) bool { return anyWord(tail, negations) || anyWord(tail, deferrals) }

// logCount gives the n of "LOG n" and "LOG last n"; 0 if there is none.
func logCount(verb Verb, tail []lexeme) int {
	if verb != VerbLog {
		return 0
	}
	if len(tail) > 0 && tail[0].text == "last" {
		tail = tail[1:]
	}
	if len(tail) == 0 || !tail[0].digits {
		return 0
	}
	n, err := strconv.Atoi(tail[0].text)
	if err != nil || len(tail[0].text) >= shortestCode { // no count of lines, perhaps a code
		return 0
	}
	return n
}

func anyWord(lexemes []lexeme, set map[string]bool) bool {
	return slices.ContainsFunc(lexemes, func(l lexeme) bool { return set[l.text] })
}

func withoutQuestions(lexemes []lexeme) []lexeme {
	return slices.DeleteFunc(slices.Clone(lexemes), lexeme.question)
}

func dropPolite(lexemes []lexeme) []lexeme {
	for len(lexemes) > 0 && polite[lexemes[0].text] {
		lexemes = lexemes[1:]
	}
	return lexemes
}

// letterWords gives the whole words of a text, for the door to look for a duress word in.
func letterWords(lexemes []lexeme) []string {
	var words []string
	for _, l := range lexemes {
		if !l.digits && !l.question() {
			words = append(words, foldWord(l.text))
		}
	}
	return words
}
