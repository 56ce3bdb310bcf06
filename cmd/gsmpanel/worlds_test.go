package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// What the command line says of new codes is the same in a house where the code
// that is in the way is somebody's ordinary one and where it is a duress code: in
// words, exit status, listings and log.
func TestRefusalsLookAlike(t *testing.T) {
	t.Parallel()
	const inTheWay, free = "730586", "164920"
	times := regexp.MustCompile(`\d{4}-\d\d-\d\dT[^"]*|\d+ MB`)
	said := func(carers string, more ...string) string {
		dir := t.TempDir()
		var all strings.Builder
		run := func(input string, args ...string) {
			status, out, errs := typed(t, input, append([]string{"--data", dir}, args...)...)
			fmt.Fprintf(&all, "%v: %d\n%s%s", args, status, out, errs)
		}
		run("", "contact", "add", "Ben", "+447700900456", "--off-site", "--quiet")
		run("482913\n", "code", "add", "Anna")
		run(carers+"\n", "code", "add", "Carer")
		for range 2 { // as many changes in every house
			input, word := "482913\n605172\n", []string(nil)
			if len(more) > 0 {
				input, more = "482913\n"+more[0]+"\n", more[1:]
			}
			if strings.Contains(input, "marigold") {
				word = []string{"--word"}
			}
			status, _, errs := typed(t, input, append([]string{"--data", dir, "code", "add", "Anna", "--kind", "duress"}, word...)...)
			if status != 0 && !strings.Contains(errs, "too close") {
				t.Fatalf("%s", errs)
			}
		}
		all.Reset()
		for _, digits := range []string{"123456", inTheWay, "730587", "685037"} {
			run(digits+"\n", "code", "add", "Eve", "--kind", "guest")
			run("482913\n"+digits+"\n", "code", "change", "Anna")
		}
		run("482913\nmarigold\n", "code", "add", "Anna", "--word")
		run("", "code", "list")
		run("", "doctor", "--json")
		run("", "status", "--json")
		run("", "log", "--json")
		if strings.Contains(all.String(), inTheWay) || strings.Contains(all.String(), "482913") {
			t.Errorf("digits are told:\n%s", all.String())
		}
		return times.ReplaceAllString(strings.ReplaceAll(all.String(), dir, "DIR"), "TIME")
	}
	ordinary := said(inTheWay, "905172", "371846")
	for name, other := range map[string]string{
		"a duress code":         said(free, inTheWay, "905172"),
		"with a duress word":    said(free, inTheWay, "marigold"),
		"a carer's, and a word": said(inTheWay, "marigold", "905172"),
	} {
		if other != ordinary {
			t.Errorf("somebody's own:\n%s\n%s:\n%s", ordinary, name, other)
		}
	}
	if strings.Count(ordinary, "too close") < 5 || !strings.Contains(ordinary, "refused today") {
		t.Errorf("nothing was refused:\n%s", ordinary)
	}
}
