package panel

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	duress "github.com/gsmpanel/gsmpanel/panic"
)

// A word that could stand in a text by chance is refused.
func TestDuressWordsThatAreRefused(t *testing.T) {
	for _, word := range []string{"disarm", "OFF", "status", "Ｓｔａｔｕｓ", "disàrm", "armforce", "please", "Thanks", "hello", "grüße", "Grüsse", "goodbye",
		"okay", "tomorrow", "force", "don’t", "alarm", "house", "Kitchen", "hall", "Anna", "carer", "Mill", "lane", "blue",
		"fig", "chrysanthemum", "red fox", "tulip1", "482913", "", "…", annaDuress} {
		_, err := addCode(template, testKey, seeded(1), CodeRequest{Do: "add", Name: "Anna", Kind: duress.Duress, Word: true, Present: annaCode, New: Secret(word)}, nil)
		var refused duress.Refused
		if !errors.As(err, &refused) || refused.Near || strings.Contains(refused.Why, annaDuress) {
			t.Errorf("%q: %v", word, err)
		}
	}
	for word, want := range map[string]string{"Snowdrop": "snowdrop", "ＳＮＯＷＤＲＯＰ": "snowdrop", "Édelweiß": "edelweiß", "“snowdrop”": "snowdrop", "Лилия": "лилия"} {
		if got, err := template.duressWord(word); got != want || err != nil {
			t.Errorf("%q became %q: %v", word, got, err)
		}
	}
}

// Whatever the case, the signs around it and the place in the text, the word is
// heard; part of it, another person's, and the word alone are not.
func TestWhereADuressWordIsHeard(t *testing.T) {
	for text, forced := range map[string]bool{
		annaCode + " disarm tulip":            true,
		annaCode + " DISARM TULIP":            true,
		annaCode + " disarm, Tulip!":          true,
		annaCode + " ｄｉｓａｒｍ ｔｕｌｉｐ":            true,
		annaCode + " disarm túlip":            true,
		annaCode + "disarm tulip":             true,
		"disarm tulip " + annaCode:            true,
		"tulip disarm " + annaCode:            true,
		"tulip" + annaCode:                    true,
		"tulip " + annaCode + " disarm":       true,
		annaCode + " tulip disarm":            true,
		annaCode + " tulip":                   true,
		annaCode + " disarm 3 tulip":          true,
		annaCode + " bypass 2 tulip":          true,
		annaCode + " silent tulip":            true,
		"482 913 disarm tulip":                true,
		annaDuress + " disarm":                true,
		annaCode + " disarm":                  false,
		annaCode + " disarm tulips":           false,
		annaCode + " disarm tu lip":           false,
		masterCode + " disarm tulip":          false,
		"482914 disarm tulip":                 false,
		"disarm tulip":                        false,
		"tulip":                               false,
		masterCode + " disarm " + annaCode:    false,
		masterCode + " tulip off " + annaCode: false,
	} {
		told := judge(template, testKey, Text{From: anna, Body: text, Parts: 1})
		_, got := duress.Note(told.Verdict, false, duress.Fact{Person: "Anna"}).Open()
		if got != forced {
			t.Errorf("%q: under duress is %v", text, got)
		}
		if said := fmt.Sprintf("%v %+v %#v", told, told, told); strings.Contains(strings.ToLower(said), "tulip") && !strings.Contains(text, "bypass") {
			t.Errorf("%q leaves its word behind: %s", text, said)
		}
	}
}

// A word that is taken is heard behind every command, in front and in capitals,
// and changes the reading of none.
func FuzzDuressWord(f *testing.F) {
	for _, word := range []string{"snowdrop", "Édelweiß", "Лилия", "ＳＮＯＷＤＲＯＰ", "नमस्ते", "dont", "armforce", "İstanbul", "ﬁrefly", "ﷺ", "e\u0301\u0327clat", "tu\u200dlip"} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		word, err := template.duressWord(typed)
		if err != nil {
			return
		}
		for form, want := range commandForms {
			for _, said := range []string{typed, word, strings.ToUpper(word)} {
				p := Parse("482913 " + form + " " + said)
				if !slices.Contains(p.words, word) {
					t.Errorf("%q is not heard in %q: %q", word, said, p.words)
				}
				if p.Command.Verb != want.Verb || p.Command.Force != want.Force || p.Command.Count != want.Count {
					t.Errorf("%s with %q behind it is read as %v", form, said, p.Command)
				}
			}
		}
	})
}
