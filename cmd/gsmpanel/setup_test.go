package main

import (
	"fmt"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// mistake is an answer that is refused, and how that begins.
type mistake struct{ typed, refused string }

// asked gives answers to a question, of which all but the last are mistakes: each is
// refused by a sentence and a hint, and the question comes again.
func (k *keyboard) asked(question, answer string, mistakes ...mistake) {
	k.t.Helper()
	for _, m := range mistakes {
		k.reads(question + `.*: $`)
		k.types(m.typed + "\r")
		k.reads("gsmpanel: " + m.refused + `.*\r\nhint: .*\r\n`)
	}
	k.reads(question + `.*: $`)
	k.types(answer + "\r")
}

// choice is the four lines of a choice that is typed unseen.
func (k *keyboard) choice(name string, lines ...string) {
	k.t.Helper()
	for n, prompt := range []string{`Enter alone is none\)`, "Present code of " + name, "New code of " + name, "The new code once more"} {
		k.reads(prompt + ": $")
		k.types(lines[n] + "\r")
	}
}

// hears lets a sensor or buttons speak until each was heard.
func (k *keyboard) hears(h *house, codes ...int) {
	k.t.Helper()
	k.reads("Listening")
	for _, code := range codes {
		found := regexp.MustCompile(fmt.Sprintf("(?m)^ev1527:%06X  ", code))
		for end := time.Now().Add(mostWait); !found.MatchString(k.unread()); time.Sleep(20 * time.Millisecond) {
			if _, err := h.air.WriteString(twice(code, 25) + "\n"); err != nil || time.Now().After(end) {
				k.t.Fatalf("%06X was not heard (%v):\n%s", code, err, k.all())
			}
		}
	}
	k.types("\r")
}

const tooLong = "The name of a thing that is far too long"

// TestSetup makes a house by the guided run at a terminal, with a mistake at each
// question. It is interrupted where a code is typed, and killed while it listens; each
// time the next run goes on from there.
func TestSetup(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var screens strings.Builder
	for _, session := range []func(*keyboard){h.setUpPeople, h.setUpCodes, h.setUpRest} {
		k := sitDown(t, h.path("data"), "setup")
		session(k)
		screens.WriteString(k.all())
	}
	for _, code := range []string{houseCode, houseOther, "123456", "482916"} {
		if strings.Contains(screens.String(), code) {
			t.Errorf("%s stands on the screen", code)
		}
	}
	for _, line := range picture(readDoc(t, "README.md")) {
		if !strings.Contains(screens.String(), line) {
			t.Errorf("the README shows %q, and no screen does", line)
		}
	}
	for args, want := range map[string]string{
		"contact list --json": `"name":"Anna","number":"+447700900001","classes":["life","alarm","trouble","report"],"control":true,"at_site":true,`,
		"contact list":        `(?m)^2 +Ben +\+447700900002 +life, alarm, report +elsewhere$`,
		"zone list":           `(?m)^1 +Front door +entry +ev1527:5A3C9E +ev1527:5A3C97 +ev1527:5A3C9B`,
		"remote list":         `Anna's panic button +Anna +ev1527:73CDC0 +panic`,
		"code list":           `Anna`,
	} {
		got := h.cli("", strings.Fields(args)...)
		if strings.HasSuffix(args, "--json") {
			got = strings.Join(strings.Fields(got), "")
			want = regexp.QuoteMeta(want)
		}
		if !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("gsmpanel %s has no %s:\n%s", args, want, got)
		}
	}
}

// picture are the lines that the README shows of a guided run.
func picture(readme string) (lines []string) {
	_, after, _ := strings.Cut(readme, "Let `gsmpanel setup` ask you")
	for _, line := range strings.Split(strings.Split(after, "```")[1], "\n") {
		if line != "[...]" {
			lines = append(lines, line)
		}
	}
	return lines
}

// setUpPeople is the first session: the place, the modem, the people, and an end where
// the first code is typed.
func (h *house) setUpPeople(k *keyboard) {
	h.Helper()
	k.asked("Name of the place", "Mill Lane", mistake{tooLong, "the name .* does not fit a text"})
	k.asked("Address, such as", "12 Mill Lane, Hexton", mistake{"", `nothing was typed for "Address`}, mistake{tooLong + tooLong, "the address .* does not fit a text"})
	k.asked("Country in two letters", "GB", mistake{"England", `country "ENGLAND" is unknown`})
	k.asked("Time zone", "Europe/London", mistake{"Hexton", `time zone "Hexton" is unknown`})
	k.asked("Emergency number there", "999", mistake{"police", `police number "police" is not a number`})
	k.reads("> gsmpanel site show\r\nname +Mill Lane\r\n")
	k.reads("The panel does not run")
	k.asked("Look again", "perhaps")
	k.reads(`gsmpanel: "perhaps" is neither yes nor no`)
	k.reads("Look again.*: $")
	h.start()
	for looked := false; !looked; {
		k.types("\r")
		k.reads("(?s)Look again[^\n]*: $|Your own name[^\n]*: $")
		looked = strings.Contains(k.all(), "Your own name")
	}
	k.types(tooLong + "\r")
	k.reads("the name .* does not fit a text")
	k.asked("Your own name", "Anna", mistake{"", "nothing was typed for"})
	k.asked("Mobile number of Anna", "07700 900001", mistake{"999", "999 is an emergency or short number"}, mistake{"Anna", `"Anna" is not a phone number`})
	k.asked("Does Anna live there or elsewhere", "there", mistake{"here", `"here" is not one of them`})
	k.asked("May Anna arm and disarm", "y", mistake{"sure", `"sure" is neither yes nor no`})
	k.reads(`> gsmpanel contact add Anna "07700 900001" --at-site --control\r\nAnna, \+447700900001, is at place 1`)
	k.asked("Name, such as", "Ben", mistake{"anna", "a contact called Anna is on the list already"})
	k.asked("Mobile number of Ben", "+447700900002", mistake{annaNumber, `\+447700900001 is Anna's number already`})
	k.asked("Does Ben live there or elsewhere", "", mistake{"away", `"away" is not one of them`})
	k.asked("Text Ben weekly", "", mistake{"8", `"8" is neither yes nor no`})
	k.asked("Name, such as", "done")
	k.reads("warning: of those who live elsewhere only Ben is told")
	k.asked("Whose code", "back")
	k.asked("Name, such as", "Cleo")
	k.asked("Mobile number of Cleo", "07700 900003", mistake{"112", "112 is an emergency or short number"})
	k.asked("Does Cleo live there or elsewhere", "")
	k.asked("Text Cleo weekly", "y")
	k.asked("Name, such as", "")
	k.asked("Whose code", "", mistake{"Eve", `no contact is called "Eve"`})
	k.reads("> gsmpanel code add Anna --kind user\r\nNew code of Anna: $")
	k.types("4829\x03")
	k.reads("gsmpanel: interrupted\r\nhint: what you have answered is stored; gsmpanel setup goes on from there")
	if status := k.leaves(); status != failed {
		h.Errorf("it ended with %d", status)
	}
}

// setUpCodes is the second: the codes and a sensor. It is killed while it listens.
func (h *house) setUpCodes(k *keyboard) {
	h.Helper()
	k.reads(`Step 1 of 8, the place: Mill Lane, 12 Mill Lane, Hexton\.\r\n\r\nStep 2 of 8, the modem and its SIM card: they work\.`)
	k.asked(`On the list: Anna, Ben, Cleo\. Elsewhere: Ben, Cleo\.\r\nName, such as`, "")
	for _, m := range []struct{ first, second, refused string }{
		{"123456", "123456", "this code is too easy to guess"},
		{"482913", "482916", "the new code was not typed alike twice; nothing was changed"},
		{houseCode, houseCode, ""},
	} {
		k.asked("Whose code", "")
		k.asked("New code of Anna", m.first)
		k.asked("once more", m.second)
		if m.refused != "" {
			k.reads("gsmpanel: " + m.refused + `.*\r\nhint: .*\r\n`)
		}
	}
	k.reads("The new code of Anna holds.\r\n\r\nNow the duress code. Everybody is asked this")
	for _, m := range []struct{ lines, refused string }{
		{"yes " + houseCode + " " + houseOther + " " + houseOther, "what was typed on the first line is no choice"},
		{" " + houseCode + " " + houseOther + " " + houseOther, "nothing was chosen on the first line"},
		{"duress 111222 " + houseOther + " " + houseOther, "the code was not accepted"},
		{"duress " + houseCode + " " + houseOther + " ", `nothing was typed for "The new code once more"`},
		{"duress " + houseCode + " " + houseOther + " 482916", "the new code was not typed alike twice"},
		{"duress " + houseCode + " 482916 482916", "this code is too close to the present one or to another in use"},
		{"duress " + houseCode + " " + houseOther + " " + houseOther, ""},
	} {
		k.choice("Anna", strings.Split(m.lines, " ")...)
		if m.refused != "" {
			k.reads("gsmpanel: " + m.refused + `.*\r\nhint: .*\r\n`)
		}
	}
	k.reads("What Anna chose holds.")
	k.asked("Whose code", "")
	k.asked("Take in a sensor", "", mistake{"front door", `"front door" is neither yes nor no`})
	k.hears(h, 0x2A0001, 0x5A3C9E, 0x5A3C9B, 0x5A3C97) // the tamper not last, or it might be heard as the zone's
	k.asked("Which of them is it", "ev1527:5A3C9E", mistake{"2", `"2" was not heard`})
	k.asked("What is it", "", mistake{"door", `zone type "door" is not allowed`})
	k.asked("Its name", "", mistake{tooLong, `.*` + tooLong})
	k.reads(`> gsmpanel zone add "Front door" --type entry --sensor ev1527:5A3C9E --close ev1527:5A3C97 --tamper ev1527:5A3C9B\r\nZone 1, Front door, is of type entry`)
	k.asked(`There is Front door\. Another sensor`, "yes")
	k.reads("Listening")
	if err := k.cmd.Process.Kill(); err != nil {
		h.Fatal(err)
	}
	k.leaves()
}

// setUpRest is the third: a button, the doctor and a drill.
func (h *house) setUpRest(k *keyboard) {
	h.Helper()
	k.reads(`Step 3 of 8, the people: Anna, Ben, Cleo\.\r\n\r\nStep 4 of 8, the codes: Anna\.\r\n`)
	k.asked(`There is Front door\. Another sensor`, "")
	k.hears(h, 0x5A3C96)
	k.reads(`gsmpanel zone edit "Front door" --low-battery ev1527:5A3C96\r\n`)
	k.asked("Listen again", "no", mistake{"later", `"later" is neither yes nor no`})
	k.asked(`There is Front door\. Another sensor`, "n")
	k.asked("Take in a fob", "", mistake{"panic", `"panic" is neither yes nor no`})
	k.hears(h, 0x73CDC0)
	k.asked("Whose is it", "", mistake{"Eve", `no contact is called "Eve"`})
	k.asked("What does button 1 do", "", mistake{"help", `there is no action "help"`}, mistake{"hold=duress-disarm", `"hold=duress-disarm" is not possible`})
	k.asked("Its name", "", mistake{tooLong, "the name .* does not fit a text"})
	k.reads(`> gsmpanel remote add "Anna's panic button" --contact Anna --button ev1527:73CDC0=panic`)
	k.reads("pressed twice within 2 s calls for help, and nothing at the place shows it")
	k.asked("Another one", "no")
	k.reads("could I alert right now: yes")
	k.asked("Run a drill now", "yes", mistake{"later", `"later" is neither yes nor no`})
	k.asked("Code", "111222")
	k.reads("gsmpanel: Code not accepted")
	k.asked("Run a drill now", "yes")
	k.asked("Code", houseCode)
	k.reads("Drill begins in 20 s: a text that begins TEST to 3 people")
	h.cli(houseCode+"\n", "disarm")
	k.reads("(?s)WHO +TEXTED.*That is all")
	if status := k.leaves(); status != 0 {
		h.Errorf("it ended with %d", status)
	}
}

// Whatever somebody chooses who is offered a duress code, the screen, the log and what is stored
// for all to see are the same, byte for byte; and so is what is said of each mistake.
func TestSetupTellsNobodyWhatWasChosen(t *testing.T) {
	t.Parallel()
	dir := household(t)
	said := func(stdin, line string) string {
		cmd := exec.Command("gsmpanel", append([]string{"--data", dir}, strings.Fields(line)...)...)
		cmd.Stdin = strings.NewReader(stdin)
		out, _ := cmd.CombinedOutput() // some are to fail
		return string(out)
	}
	said("", "site set --name Home")
	k := sitDown(t, dir, "setup")
	k.asked("Look again", "no")
	now, other, never := houseCode, "905172", "371846"
	part := func(lines ...string) string {
		k.asked("Whose code", "Anna")
		k.reads("none is shown.\r\n")
		before := k.looked
		k.choice("Anna", lines...)
		k.reads("What Anna chose holds.\r\n|hint: .*\r\n")
		return k.lasting()[before:k.looked]
	}
	for _, m := range []struct{ name, present, first, second string }{
		{"a wrong present code", "111222", other, other},
		{"no present code", "", other, other},
		{"not alike", now, other, "905173"},
		{"too short", now, "9051", "9051"},
		{"too easy", now, "123456", "123456"},
		{"too close", now, "482916", "482916"},
	} {
		screens := map[string]bool{}
		for _, choice := range []string{"duress", "change"} {
			screens[part(choice, m.present, m.first, m.second)] = true
			k.choice("Anna", "", "", "", "")
			k.reads("What Anna chose holds.\r\n")
		}
		if len(screens) != 1 {
			t.Errorf("%s: the screens differ: %q", m.name, slices.Collect(maps.Keys(screens)))
		}
	}
	first := part("", "", "", "")
	if !strings.HasSuffix(first, "The new code once more: \r\nWhat Anna chose holds.\r\n") {
		t.Errorf("the screen is %q", first)
	}
	log := said("", "log -n 1 --json")
	entries := strings.Count(said("", "log -n 100 --json"), `"number"`)
	for n, lines := range [][]string{
		{"none", "", "", ""}, {"none", now, never, "anything"}, {"NONE", now, "", ""},
		{"duress", now, houseOther, houseOther}, {"change", now, other, other},
	} {
		if got := part(lines...); got != first {
			t.Errorf("%s: the screen is %q, and was %q", lines[0], got, first)
		}
		if got := said("", "log -n 1 --json"); entryOf(got) != entryOf(log) {
			t.Errorf("%s is logged as %s, and nothing as %s", lines[0], got, log)
		}
		if got := strings.Count(said("", "log -n 100 --json"), `"number"`); got != entries+n+1 {
			t.Errorf("%s makes %d entries of %d", lines[0], got, entries+n)
		}
	}
	k.asked("Whose code", "quit")
	k.reads("Until later: what you have answered is stored")
	if status := k.leaves(); status != 0 {
		t.Errorf("it ended with %d", status)
	}
	for code, is := range map[string]bool{now: false, other: true, houseOther: true, never: false} {
		if strings.Contains(k.all(), code) {
			t.Errorf("%s stands on the screen", code)
		}
		if got := said(code+"\n123456\n", "code change Anna"); strings.Contains(got, "too easy to guess") != is {
			t.Errorf("%s is a code of hers: %v, and then: %s", code, !is, got)
		}
	}
}

// entryOf is a journal entry without its number and time.
func entryOf(json string) string {
	return regexp.MustCompile(`"(number|time)": .*`).ReplaceAllString(json, "")
}
