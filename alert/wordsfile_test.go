package alert

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

var longNames = Names{
	Site: strings.Repeat("S", MaxName), Where: strings.Repeat("w", MaxAddress), Police: "+441234567890123",
	Who: []string{strings.Repeat("W", MaxName)}, By: []string{strings.Repeat("B", 2*MaxName+11)},
	Contacts: []string{strings.Repeat("C", MaxName)}, Zones: []string{strings.Repeat("Z", 16)},
}

// In English every name that is allowed fits into every text.
func TestEnglishFitsWithTheLongestNames(t *testing.T) {
	if err := Words(nil).Fit(longNames); err != nil {
		t.Error(err)
	}
}

func german(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("../panel/testdata/words/german.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheGermanFileIsComplete(t *testing.T) {
	words, lines, err := ParseWords(german(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range wordings {
		if e.english != "" && lines[e.name] == 0 {
			t.Errorf("%s is missing", e.name)
		}
	}
	if words["duress.kind"] != "BEDROHUNG" || len(words) < 60 {
		t.Errorf("%d entries", len(words))
	}
}

// What is printed is a file that says the same.
func TestWordsFileComesBack(t *testing.T) {
	words, _, err := ParseWords(german(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, w := range map[string]Words{"English": {}, "German": words} {
		back, lines, err := ParseWords(w.File())
		if err != nil || !maps.Equal(back, w) {
			t.Errorf("%s comes back as %v, %v", name, back, err)
		}
		for _, e := range wordings {
			if e.english != "" && lines[e.name] == 0 {
				t.Errorf("%s: %s is not printed", name, e.name)
			}
		}
	}
}

func TestWordsFileRefuses(t *testing.T) {
	for name, tc := range map[string]struct{ file, says string }{
		"no such name":           {"# a comment\n\nburgalry.act = Hilfe", `line 3: nothing is called "burgalry.act"; .*site words.*burglary.act = Call police.`},
		"no line of that kind":   {"hello", `line 1: "hello" is no line of a words file; write a name, = and the words, for example burglary.act`},
		"nothing said":           {"burglary.act =", `line 1: burglary.act has no words; for example burglary.act = Call police.`},
		"a placeholder lost":     {"duress.dont = NICHT anrufen", `line 1: duress.dont must have {who} in it.*for example duress.dont = Do NOT call or text {who}.`},
		"a placeholder of none":  {"duress.dont = {who} {zone}", `line 1: duress.dont cannot say {zone}; what is filled in there is {who}, for example`},
		"nothing to fill in":     {"fire.act = {who}", `line 1: fire.act cannot say {who}; nothing is filled in there`},
		"a stray brace":          {"fire.act = Hilfe }", `line 1: fire.act has a { or } that stands alone`},
		"the token lost":         {"reply = Antwort {token}", `line 1: reply must have OK {token} in it`},
		"another word typed":     {"half.noted = Vermerkt. ENDE {token} senden", `line 1: half.noted must have CLOSE {token} in it`},
		"yes translated":         {"ask.police = {title}: Polizei? JA {token}", `line 1: ask.police must have YES {token} in it`},
		"letters of no text":     {"fire.act = Вызовите пожарных", `line 1: 'В' in fire.act is not in the GSM alphabet`},
		"twice":                  {"fire.act = A\nfire.act = B", `line 2: fire.act stands in line 1 already`},
		"no UTF-8":               {"fire.act = \xff", `line 1: it is not UTF-8`},
		"parted where it cannot": {"taken = {by}| hat es: {title}", `line 1: taken cannot be parted by`},
		"token in the last half": {"yours.sealed = {who}| CLOSE {token}", `line 1: yours.sealed cannot be parted by`},
		"too much":               {strings.Repeat("#", maxWordsFile+1), `the words file has 32769 bytes; 32768 are allowed`},
	} {
		words, _, err := ParseWords(tc.file)
		if words != nil || err == nil || !matches(err.Error(), tc.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// matches takes the pieces between ".*" in their order.
func matches(s, pattern string) bool {
	for piece := range strings.SplitSeq(pattern, ".*") {
		_, after, found := strings.Cut(s, piece)
		if !found {
			return false
		}
		s = after
	}
	return true
}

// Each text that would be too long is found, whichever it is, and named.
func TestTooLongWordsAreFound(t *testing.T) {
	for _, e := range wordings {
		if e.english == "" || slices.Contains([]string{"again", "moved", "panic.again", "by.board", "by.fob", "tamper.cover", "trouble.kind"}, e.name) {
			continue // parts of texts that give way, or that only others hold
		}
		first, second, parted := strings.Cut(e.english, "|")
		long := first + strings.Repeat(" lang", 34) + map[bool]string{true: "|"}[parted] + second
		words, _, err := ParseWords(e.name + " = " + long)
		if err != nil {
			t.Fatal(err)
		}
		if err := words.Fit(longNames); err == nil {
			t.Errorf("%s = %s: nobody minds", e.name, long)
		}
	}
}

// What Fit lets through, no text loses a letter of, whoever it is about.
func TestWhatFitsIsSentWhole(t *testing.T) {
	words, _, err := ParseWords(german(t))
	if err != nil {
		t.Fatal(err)
	}
	names := Names{Site: "Mühle", Where: "Mühlenweg 12, Hexdorf", Police: "110", Who: []string{"Anna-Sophie"}, Contacts: []string{"Onkel Benjamin"}, Zones: []string{"Küchenfenster"}}
	if err := words.Fit(names); err != nil {
		t.Fatal(err)
	}
	for _, i := range words.samples(names.Where, names.Police, names.Who[0], names.Zones[0]) {
		i.Closers = []string{"Onkel Benjamin", "Onkel Benjamin"}
		texts := append(i.AlarmTexts(), i.youHaveIt()...)
		for _, name := range []string{"taken", "seen", "ask.take", "ask.taken", "ask.close", "ask.police", "noted.police", "unreached", "half.others", "half.noted", "closed.day", "nobody"} {
			texts = append(texts, i.say(name, "by", "Onkel Benjamin", "token", i.Token)...)
		}
		for _, text := range append(texts, i.closedText(), i.CancelText("Onkel Benjamin", "21:04"), i.SilencedText("Onkel Benjamin", "21:04"), i.alsoText(i.What, "21:04")) {
			if !Fits(text) || strings.ContainsAny(text, "{}|") {
				t.Errorf("%q", text)
			}
		}
		all := strings.Join(i.AlarmTexts(), " ")
		for _, part := range []string{i.own("kind"), i.name(), i.own("dont"), i.own("act"), i.Note, names.Where, i.police(), "OK 4711"} {
			if !strings.Contains(all, part) {
				t.Errorf("%s: %q is not in %q", i.wordKind(), part, all)
			}
		}
	}
}

func FuzzParseWords(f *testing.F) {
	f.Add(german(f))
	f.Add("reply = OK {token}\nyours.sealed = CLOSE {token} {who}|{who}\n# no\n")
	f.Add("\ufeffduress.dont={who}\r\n|{")
	f.Fuzz(func(t *testing.T, file string) {
		words, _, err := ParseWords(file)
		if err != nil {
			if words != nil || strings.Contains(err.Error(), "\n") {
				t.Errorf("half-read, or more than a sentence: %v, %q", words, err)
			}
			return
		}
		back, _, err := ParseWords(words.File())
		if err != nil || !maps.Equal(back, words) {
			t.Errorf("%v comes back as %v, %v", words, back, err)
		}
		if words.Fit(Names{Where: "12 Mill Lane", Who: []string{"Anna"}, Contacts: []string{"Ben"}, Zones: []string{"Hall"}}) == nil {
			for _, i := range words.samples("12 Mill Lane", "", "Anna", "Hall") {
				if got := i.AlarmTexts(); !strings.Contains(got[0], "OK 4711") || len(got) > 2 || !Fits(got[0]) || !Fits(got[len(got)-1]) {
					t.Errorf("%q", got)
				}
			}
		}
	})
}
