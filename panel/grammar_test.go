package panel

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

const grammarTranscript = "testdata/grammar.txt"

func init() {
	// Whichever test file of the package comes first defines the flag.
	if flag.Lookup("update") == nil {
		flag.Bool("update", false, "rewrite the transcripts in testdata")
	}
}

// TestGrammarTranscript holds every line of testdata/grammar.txt: a text (quoted), what it is read as.
func TestGrammarTranscript(t *testing.T) {
	content, err := os.ReadFile(grammarTranscript)
	if err != nil {
		t.Fatal(err)
	}
	var rewritten strings.Builder
	section, seen := "", 0
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSuffix(line, "\n")
		if title, ok := strings.CutPrefix(line, "# "); ok {
			section = title
		}
		if !strings.HasPrefix(line, `"`) {
			rewritten.WriteString(line + "\n")
			continue
		}
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil {
			t.Fatalf("%s: %s: %v", grammarTranscript, line, err)
		}
		text, err := strconv.Unquote(quoted)
		if err != nil {
			t.Fatalf("%s: %s: %v", grammarTranscript, line, err)
		}
		want := strings.TrimSpace(strings.TrimPrefix(line, quoted))
		got := rendered(Parse(text))
		fmt.Fprintf(&rewritten, "%-46s %s\n", quoted, got)
		seen++
		if got != want && flag.Lookup("update").Value.String() != "true" {
			t.Errorf("%s: %s\n got %s\nwant %s", section, quoted, got, want)
		}
	}
	if seen < 150 {
		t.Errorf("only %d texts in %s", seen, grammarTranscript)
	}
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(grammarTranscript, []byte(rewritten.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// rendered shows a parsed text with only the length of its code: "‹6› BYPASS 3 4".
func rendered(p Parsed) string {
	var parts []string
	if p.Attempt {
		parts = append(parts, fmt.Sprintf("‹%d›", len(p.code)))
	}
	switch c := p.Command; {
	case p.Understood:
		parts = append(parts, string(c.Verb))
		if c.Force {
			parts = append(parts, "FORCE")
		}
		parts = append(parts, c.Zones...)
		if c.Count != 0 {
			parts = append(parts, strconv.Itoa(c.Count))
		}
		if c.Token != "" {
			parts = append(parts, c.Token)
		}
	case p.Attempt:
		parts = append(parts, "not understood")
	default:
		parts = append(parts, "nothing")
	}
	return strings.Join(parts, " ")
}

func TestCodeIsTheOneWritten(t *testing.T) {
	for text, code := range map[string]string{
		"482913 disarm":                    "482913",
		"disarm 482913":                    "482913",
		"482 913 disarm":                   "482913",
		"48 29 13 disarm":                  "482913",
		"٤٨٢٩١٣ disarm":                    "482913",
		"４８２９１３ＤＩＳＡＲＭ":                     "482913",
		"482913 disarm 771204":             "482913",
		"3 bypass 482913":                  "482913",
		"482913 OK 4711":                   "482913",
		"12345678901 disarm 482913":        "482913",
		"4829 13 disarm":                   "4829",
		"OK 4711":                          "",
		"OK 482913 disarm":                 "",
		"12345678901":                      "",
		strings.Repeat(" ", 1999) + "4829": "",
	} {
		if got := Parse(text).code; got != code {
			t.Errorf("%q: the code is %q, want %q", text, got, code)
		}
	}
}

// Digits within a text are read, so that one who is forced is heard, and ask for
// nothing.
func TestBuriedCode(t *testing.T) {
	for text, code := range map[string]string{
		"sunshine 482913 disarm":             "482913",
		"disarm 482913 please":               "482913",
		"disarm 482 913":                     "482913",
		"at 9 please disarm, 482913, thanks": "482913",
		"12345678901 sunshine 482913 off":    "482913",
		"4711 x 482913":                      "4711", // that is an attempt
		"sunshine 482 disarm":                "",
		"OK sunshine 482913 disarm":          "",
	} {
		p := Parse(text)
		if p.code != code || p.Understood != (p.Command.Verb == VerbOK) || p.Attempt != (code == "4711") {
			t.Errorf("%q: the code is %q, attempt %v, understood %v", text, p.code, p.Attempt, p.Understood)
		}
	}
}

func TestWholeWordsOfAText(t *testing.T) {
	got := Parse("482913 Disarm, it’s SUNSHINE482913, Ｋüche Tuli\u0301p й!").words
	if want := []string{"disarm", "its", "sunshine", "kuche", "tulip", "и"}; !slices.Equal(got, want) {
		t.Errorf("words %q, want %q", got, want)
	}
	if got := Parse("482913 disarm sunshine").Command; got.Verb != VerbDisarm {
		t.Errorf("a word behind the command made it %+v", got)
	}
}

func TestReservedWords(t *testing.T) {
	for _, word := range []string{"Disarm", "OFF", "armhome", "ok", "please", "don’t", "later", "force", "stop", "and", "at",
		"armforce", "two words", "", "12", "pir2"} {
		if !Reserved(word) {
			t.Errorf("%q is not reserved", word)
		}
	}
	for word, plain := range map[string]bool{"Disarm": true, "ＯＦＦ": true, "force": true, "sunshine": false, "sunshine\ufdfa": false, "482913": false, "": false} {
		if Plain(word) != plain {
			t.Errorf("%q is plain: %v", word, !plain)
		}
	}
	for _, word := range []string{"sunshine", "Küche", "onion"} {
		if Reserved(word) {
			t.Errorf("%q is reserved", word)
		}
		for form, want := range commandForms {
			got := Parse("482913 " + form + " " + word).Command
			got.Zones = slices.DeleteFunc(got.Zones, func(zone string) bool { return strings.EqualFold(zone, word) })
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s with %q behind it is read as %v", form, word, got)
			}
		}
	}
}

func TestSelectZones(t *testing.T) {
	names := map[int]string{1: "Front door", 2: "Kitchen", 3: "Kitchen window", 4: "Kids' room", 5: "PIR2",
		6: "Bread and butter", 7: "Shed", 8: "shed", 9: "Ｈａｌｌ", 10: "…"}
	for _, test := range []struct {
		text              string
		selected, missing []int
	}{
		{"482913 bypass 3 4", []int{3, 4}, nil},
		{"482913 bypass 2,3 and 5", []int{2, 3, 5}, nil},
		{"482913 bypass kitchen window", []int{3}, nil},
		{"482913 bypass window kitchen", []int{2}, nil},
		{"482913 bypass kitchen, front door", []int{2, 1}, nil},
		{"482913 BYPASS the KIDS’ ROOM please", []int{4}, nil},
		{"482913 bypass bread and butter", []int{6}, nil},
		{"482913 bypass pir2", []int{5}, nil},
		{"482913 bypass pir3", nil, nil},
		{"482913 bypass shed", nil, nil},
		{"482913 bypass 7", []int{7}, nil},
		{"482913 bypass hall hall 9", []int{9}, nil},
		{"482913 bypass 3 sunshine", []int{3}, nil},
		{"482913 bypass 3 44 44", []int{3}, []int{44}},
		{"482913 unbypass 003", []int{3}, nil},
	} {
		selected, missing := Parse(test.text).Command.SelectZones(names)
		if !slices.Equal(selected, test.selected) || !slices.Equal(missing, test.missing) {
			t.Errorf("%q selects %v, missing %v; want %v, %v", test.text, selected, missing, test.selected, test.missing)
		}
	}
}

// TestDecimalDigits holds what digitValue leans on: the digits of every script come in whole tens.
func TestDecimalDigits(t *testing.T) {
	for _, in := range unicode.Nd.R16 {
		if (in.Hi-in.Lo+1)%10 != 0 || in.Stride != 1 {
			t.Errorf("digits %U–%U are not whole tens", in.Lo, in.Hi)
		}
	}
	for _, in := range unicode.Nd.R32 {
		if (in.Hi-in.Lo+1)%10 != 0 || in.Stride != 1 {
			t.Errorf("digits %U–%U are not whole tens", in.Lo, in.Hi)
		}
	}
	for _, ten := range []string{"0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "০১২৩৪৫৬৭৮৯", "๐๑๒๓๔๕๖๗๘๙",
		"０１２３４５６７８９", "𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡", "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿", "𑁦𑁧𑁨𑁩𑁪𑁫𑁬𑁭𑁮𑁯"} {
		if got := foldText(ten); got != "0123456789" {
			t.Errorf("%q is folded to %q", ten, got)
		}
	}
}

func TestParsedPrintsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringMatching(`[1-9]{6,10}`).Draw(t, "code")
		p := Parse(code + " disarm sunshine")
		if p.code != code {
			t.Fatalf("the code is %q, want %q", p.code, code)
		}
		var out bytes.Buffer
		timeless := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey { // its digits may be the code's by chance
				return slog.Attr{}
			}
			return a
		}}
		for _, value := range []any{p, &p, []Parsed{p}, map[string]Parsed{"p": p}, struct{ P Parsed }{p}} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%t", "%c", "%U", "%e", "%!"} {
				fmt.Fprintf(&out, verb+"\n", value)
			}
			encoded, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			out.Write(encoded)
			slog.New(slog.NewJSONHandler(&out, timeless)).Info("text", "parsed", value)
			slog.New(slog.NewTextHandler(&out, timeless)).Info("text", "parsed", value)
		}
		for _, secret := range []string{code, fmt.Sprintf("%x", code), fmt.Sprintf("%X", code), "sunshine", "DISARM"} {
			if strings.Contains(out.String(), secret) {
				t.Errorf("%q is printed", secret)
			}
		}
		if p.String() != "" || p.GoString() != "" {
			t.Error("something is printed")
		}
	})
}

// commandForms are ways to write a command, with what they mean.
var commandForms = map[string]Command{
	"arm": {Verb: VerbArm}, "away": {Verb: VerbArm}, "set": {Verb: VerbArm}, "on": {Verb: VerbArm},
	"arm force": {Verb: VerbArm, Force: true}, "force home": {Verb: VerbHome, Force: true},
	"home": {Verb: VerbHome}, "stay": {Verb: VerbHome}, "arm home": {Verb: VerbHome}, "night": {Verb: VerbNight},
	"arm night": {Verb: VerbNight}, "disarm": {Verb: VerbDisarm}, "off": {Verb: VerbDisarm}, "unset": {Verb: VerbDisarm},
	"status": {Verb: VerbStatus}, "?": {Verb: VerbStatus}, "log": {Verb: VerbLog}, "log # 12 .": {Verb: VerbLog, Count: 12},
	"bypass # 3 , 14 .": {Verb: VerbBypass, Zones: []string{"3", "14"}}, "unbypass hall": {Verb: VerbUnbypass, Zones: []string{"hall"}},
	"panic": {Verb: VerbPanic}, "silent": {Verb: VerbSilent}, "contacts": {Verb: VerbContacts},
	"balance": {Verb: VerbBalance}, "test": {Verb: VerbTest}, "help": {Verb: VerbHelp},
}

// TestEveryWayOfWriting: whatever the case, the digits, the spaces, the signs and the place of the code, a
// command is read as itself, with the code that was put in.
func TestEveryWayOfWriting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringMatching(`[0-9]{4,10}`).Draw(t, "code")
		form := rapid.SampledFrom(sortedForms()).Draw(t, "command")
		space := rapid.SampledFrom([]string{" ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u202f", "\u3000", " \u200b"})
		around := rapid.SampledFrom([]string{"", " ", "#", "*", " # ", "“", "'", ".", "\u200e", "(", "…"})
		between := rapid.SampledFrom([]string{"#", "*", ".", ",", ": ", " - ", "\u00a0", " ", "’ "}).Draw(t, "between")
		if !strings.HasPrefix(form, "?") && !strings.ContainsAny(form, "0123456789") && rapid.Bool().Draw(t, "touching") {
			between = ""
		}
		written := anyDigits(t, code)
		words := anyCase(t, strings.ReplaceAll(form, " ", space.Draw(t, "space")))
		text := written + between + words
		if rapid.Bool().Draw(t, "code last") {
			text = words + between + written
		}
		text = around.Draw(t, "front") + text + around.Draw(t, "end")
		p := Parse(text)
		if p.code != code || !p.Attempt || !p.Understood {
			t.Fatalf("%q: code %q, attempt %v, understood %v", text, p.code, p.Attempt, p.Understood)
		}
		if got, want := fmt.Sprintf("%+v", p.Command), fmt.Sprintf("%+v", commandForms[form]); got != want {
			t.Fatalf("%q is read as %s, want %s", text, got, want)
		}
	})
}

func sortedForms() []string {
	var forms []string
	for form := range commandForms {
		forms = append(forms, form)
	}
	slices.Sort(forms)
	return forms
}

func anyCase(t *rapid.T, text string) string {
	return strings.Map(func(r rune) rune {
		switch rapid.IntRange(0, 3).Draw(t, "case") {
		case 0:
			return unicode.ToUpper(r)
		case 1:
			if r >= 'a' && r <= 'z' {
				return r - 'a' + 'Ａ'
			}
		}
		return r
	}, text)
}

func anyDigits(t *rapid.T, digits string) string {
	zero := rapid.SampledFrom([]rune{'0', '０', '٠', '۰', '०', '𝟶'}).Draw(t, "zero")
	return strings.Map(func(r rune) rune { return r - '0' + zero }, digits)
}

// TestNegationNeverInverts: no text with a negation in it arms, disarms or bypasses.
func TestNegationNeverInverts(t *testing.T) {
	for _, negation := range []string{"not", "do not", "don't", "don’t", "DON`T", "dont", "never", "no", "can´t", "wouldn't"} {
		for _, form := range sortedForms() {
			switch commandForms[form].Verb {
			case VerbArm, VerbHome, VerbNight, VerbDisarm, VerbBypass, VerbUnbypass, VerbTest:
			default:
				continue
			}
			for _, text := range []string{
				"482913 " + negation + " " + form, negation + " " + form + " 482913", "482913 please " + negation + " " + form,
				"482913 " + form + " " + negation, "482913 " + form + ", please " + negation + " yet", form + " " + negation + " # 482913",
			} {
				if p := Parse(text); p.Understood || !p.Attempt {
					t.Errorf("%q is read as %s", text, rendered(p))
				}
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	content, err := os.ReadFile(grammarTranscript)
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(content)) {
		if quoted, err := strconv.QuotedPrefix(line); err == nil && quoted[0] == '"' {
			text, err := strconv.Unquote(quoted)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	f.Add("\xff\xfe482913\x80disarm")
	f.Add(strings.Repeat("\u0301", 5000))
	f.Add(strings.Repeat("4", 5000))
	f.Fuzz(func(t *testing.T, text string) { checkParsed(t, text) })
}

func TestParseOfAnyText(t *testing.T) {
	pieces := rapid.SampledFrom([]string{"482913", "4711", "12", "3", "arm", "disarm", "off", "home", "force", "bypass",
		"log", "ok", "close", "yes", "?", "not", "don’t", " ", " ", " ", "-", "#", "’", "é", "\u0301", "\u200d", "\xff", "zone", "all", "panic"})
	rapid.Check(t, func(t *rapid.T) {
		if rapid.Bool().Draw(t, "free") {
			checkParsed(t, rapid.String().Draw(t, "text"))
			return
		}
		checkParsed(t, strings.Join(rapid.SliceOfN(pieces, 0, 12).Draw(t, "pieces"), ""))
	})
}

// checkParsed holds what is true of every text.
func checkParsed(t interface{ Errorf(string, ...any) }, text string) {
	p := Parse(text)
	if p.Attempt && p.code == "" || !p.Attempt && p.code != "" && p.Understood || p.Understood != (p.Command.Verb != "") {
		t.Errorf("%q: attempt %v, understood %v, but %+v", text, p.Attempt, p.Understood, p.Command)
	}
	if n := len(p.code); p.code != "" && (n < 4 || n > 10 || strings.Trim(p.code, "0123456789") != "") {
		t.Errorf("%q: %q is no code", text, p.code)
	}
	fromContact := slices.Contains([]Verb{VerbOK, VerbYes, VerbClose}, p.Command.Verb)
	if p.Understood && fromContact == p.Attempt {
		t.Errorf("%q: %s, attempt %v", text, p.Command.Verb, p.Attempt)
	}
	without := p.Command
	without.Token = ""
	encoded, err := json.Marshal(without)
	if err != nil || longDigits(string(encoded)) || longDigits(fmt.Sprintf("%v", without)) {
		t.Errorf("%q: digits of a code may stand in %s (%v)", text, encoded, err)
	}
	if p.Command.Token != "" && (len(p.Command.Token) != 4 || p.code != "") {
		t.Errorf("%q: token %q", text, p.Command.Token)
	}
	for _, spelling := range []string{asciiCase(text, 'a', 'z', 'A'), asciiCase(text, 'A', 'Z', 'a'), strings.ReplaceAll(text, " ", "\u00a0")} {
		if q := Parse(spelling); rendered(q) != rendered(p) || q.code != p.code {
			t.Errorf("%q is %s, but %q is %s", text, rendered(p), spelling, rendered(q))
		}
	}
}

func asciiCase(text string, from, to, into rune) string {
	return strings.Map(func(r rune) rune {
		if r >= from && r <= to {
			return r - from + into
		}
		return r
	}, text)
}
