package main

import (
	"errors"
	"strings"
	"testing"
)

// wrongFiles are refused, each with a sentence that names the place.
var wrongFiles = []struct{ name, text, says, hint string }{
	{"nothing", "", "nothing stands in the file; it needs version: 1", "gsmpanel export"},
	{"a comment", "# nothing\n", "nothing stands in the file", "gsmpanel export"},
	{"a word", "house", "line 1, column 1: the file consists of lines KEY: VALUE, for example version: 1", ""},
	{"no version", "site:\n  name: Home\n", "line 1, column 1: the file needs version: 1", ""},
	{"a later version", "version: 2\nrooms: []\n", "the file is of version \"2\", and this gsmpanel reads version: 1", "gsmpanel version"},
	{"a version in words", "version: one\n", `line 1, column 10: version cannot be "one"; a whole number is allowed, for example version: 1`, ""},
	{"a part", "version: 1\nremote: []\n", `line 2, column 1: the file has no key "remote"; allowed are version, site, contacts, persons, zones, remotes, settings, words`, "try remotes"},
	{"a key", "version: 1\ncontacts:\n  - name: Anna\n    numbr: 07700\n", `line 4, column 5: a contact has no key "numbr"; allowed are name, number, classes, `, "try number"},
	{"a setting", "version: 1\nsettings:\n  exit-dely: 45s\n", `line 3, column 3: settings has no key "exit-dely"; gsmpanel settings list shows all`, "try exit-delay"},
	{"a code", "version: 1\npersons:\n  - name: Anna\n    code: 482913\n", `line 4, column 5: a person has no key "code"; allowed are name, phones`, "no code, kind or key stands in a file"},
	{"a code as a key", "version: 1\n482913: Anna\n", `line 2, column 1: the file has no key "••••"`, ""},
	{"a code as a truth", "version: 1\ncontacts: [{control: 482913}]\n", `line 2, column 22: control cannot be "••••"; true and false are allowed`, ""},
	{"a key twice", "version: 1\nsite: {}\nsite: {}\n", `line 3, column 1: "site" stands in line 2 already; leave one of them out`, ""},
	{"no value", "version: 1\nsite:\n  police:\n", `line 3, column 11: police needs one value, and "" where there is none, for example police: "101"`, ""},
	{"no list", "version: 1\nzones:\n", "zones is a list, each entry with - before it and [] where there is none, for example - name: Hall", ""},
	{"no name", "version: 1\nzones:\n  - number: 1\n    type: entry\n", "line 3, column 5: a zone needs name, for example name: Hall", ""},
	{"no buttons", "version: 1\nremotes:\n  - name: Fob\n", "line 3, column 5: a remote needs buttons", ""},
	{"a number in words", "version: 1\nzones: [{number: two}]\n", `line 2, column 18: number cannot be "two"; a whole number is allowed`, ""},
	{"a huge number", "version: 1\nzones: [{number: 99999999999999999999}]\n", `number cannot be "••••"; a whole number`, ""},
	{"a time", "version: 1\nzones: [{supervise: long}]\n", `supervise cannot be "long"; a time is allowed, for example supervise: 12h`, ""},
	{"an anchor", "version: 1\nsite: &a\n  name: Home\n", "line 2, column 7: anchors, aliases, tags and directives", "quotation marks"},
	{"an alias", "version: 1\nsite: *a\n", "line 2, column 7: anchors, aliases, tags and directives", "quotation marks"},
	{"a bomb", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\nversion: 1\n", "line 1, column 4: anchors, aliases", ""},
	{"a merge", "version: 1\nsite:\n  <<: {name: Home}\n", "anchors, aliases, tags and directives", ""},
	{"a tag", "version: 1\nsite: !!map\n  name: Home\n", "anchors, aliases, tags and directives", ""},
	{"two files", "version: 1\n---\nversion: 1\n", "the file holds 2 documents, and one is allowed", ""},
	{"a tab", "version: 1\nsite:\n\tname: Home\n", "line 3, column 1: the file is no YAML from here on", "gsmpanel export"},
	{"an open bracket", "version: 1\nzones: [", "line 2, column 8: the file is no YAML from here on", "gsmpanel export"},
	{"an open quotation", "version: 1\nsite: {name: \"482913", "the file is no YAML from here on", ""},
	{"brackets in brackets", "version: 1\nzones: " + strings.Repeat("[", 1000), "line 2, column 24: more than 16 brackets are open there", ""},
	{"keys without end", strings.Repeat("a:\n", 6000), "line 5001, column 2: that is more than 5000 keys", ""},
	{"no UTF-8", "version: 1\nsite: {name: \xff}\n", "line 2, column 1: the file is not text in UTF-8", ""},
	{"what is not seen", "version: 1\nsite: {name: a\x00}\n", "line 2, column 15: a sign stands there that cannot be seen", ""},
	{"a long line", "version: 1\n#" + strings.Repeat("x", maxLine), "line 2, column 1: the line is longer than 4000 bytes", ""},
	{"a long file", "version: 1\n" + strings.Repeat("# x\n", maxFile/4), "the file is longer than 256 KiB", ""},
}

func TestImportRefuses(t *testing.T) {
	for _, test := range wrongFiles {
		_, err := readExported([]byte(test.text))
		var hinted interface{ Hint() string }
		switch {
		case err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "482913") || strings.Contains(err.Error(), "\n"):
			t.Errorf("%s: %v, want %s", test.name, err, test.says)
		case errors.As(err, &hinted) && !strings.Contains(hinted.Hint(), test.hint):
			t.Errorf("%s: the hint is %q, want %s", test.name, hinted.Hint(), test.hint)
		}
	}
}
