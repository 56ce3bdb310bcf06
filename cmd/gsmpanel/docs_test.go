package main

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	namedTest   = regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9_]*)`")
	namedScript = regexp.MustCompile("script `([a-z-]+)`")
	namedStory  = regexp.MustCompile(`\*([^*]+)\*`)
	testFunc    = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z][A-Za-z0-9_]*)\(`)
)

// TestThreatModelNamesWhatThereIs holds the page to its word: each test, script and
// story that it gives as the answer to a threat exists. A story may be named by the
// beginning of its heading; where the file is left out it is that of the one before.
func TestThreatModelNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	page := readDoc(t, "docs/threat-model.md")
	tests, stories := testNames(t), storyHeadings(t)
	for n, line := range strings.Split(page, "\n") {
		for _, name := range namedTest.FindAllStringSubmatch(line, -1) {
			if !tests[name[1]] {
				t.Errorf("line %d: there is no %s", n+1, name[1])
			}
		}
		for _, name := range namedScript.FindAllStringSubmatch(line, -1) {
			if _, err := os.Stat(filepath.Join("testdata", "script", name[1]+".txtar")); err != nil {
				t.Errorf("line %d: there is no script %s", n+1, name[1])
			}
		}
		for _, cell := range strings.Split(line, " | ") {
			for _, story := range storiesOf(cell) {
				if !stories.tell(story) {
					t.Errorf("line %d: there is no story %q", n+1, story)
				}
			}
		}
	}
}

// storiesOf are the stories, "file: heading", that a cell names behind TestStories.
func storiesOf(cell string) (named []string) {
	_, cell, found := strings.Cut(cell, "`TestStories`")
	if !found || !strings.Contains(cell, "*") {
		return nil
	}
	file := ""
	for _, m := range namedStory.FindAllStringSubmatch(cell, -1) {
		if before, heading, whole := strings.Cut(m[1], ": "); whole && !strings.Contains(before, " ") {
			file = before
			named = append(named, file+": "+heading)
		} else if strings.Contains(m[1], " ") || m[1] != strings.ToLower(m[1]) {
			named = append(named, file+": "+m[1])
		} else {
			file = m[1]
			named = append(named, file+": ")
		}
	}
	return named
}

type headings []string

func (h headings) tell(story string) bool {
	for _, have := range h {
		if strings.HasPrefix(have, story) {
			return true
		}
	}
	return false
}

// storyHeadings are all stories as "file: heading"; those of zones have no headings.
func storyHeadings(t *testing.T) (found headings) {
	t.Helper()
	for _, where := range []string{"panel/testdata/stories/*.txt", "zones/testdata/*.story"} {
		files, err := filepath.Glob(filepath.Join(root(t), filepath.FromSlash(where)))
		if err != nil || len(files) == 0 {
			t.Fatalf("there are no stories in %s: %v", where, err)
		}
		for _, path := range files {
			name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)) + ": "
			found = append(found, name)
			for _, line := range strings.Split(readFile(t, path), "\n") {
				if heading, ok := strings.CutPrefix(line, "= "); ok {
					found = append(found, name+heading)
				}
			}
		}
	}
	return found
}

func testNames(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	eachTest(t, func(source string) {
		for _, m := range testFunc.FindAllStringSubmatch(source, -1) {
			found[m[1]] = true
		}
	})
	return found
}

// eachTest calls on with the source of each file of tests.
func eachTest(t *testing.T, on func(source string)) {
	t.Helper()
	err := filepath.WalkDir(root(t), func(path string, _ os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") {
			on(readFile(t, path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func readDoc(t *testing.T, name string) string {
	t.Helper()
	return readFile(t, filepath.Join(root(t), filepath.FromSlash(name)))
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var variable = regexp.MustCompile("GSMPANEL_[A-Z_]+")

// TestContributingNamesEachVariable holds that the table of variables is that of the
// tests: each that a test asks for is in it, and no other. Those of the store are set by
// tests themselves.
func TestContributingNamesEachVariable(t *testing.T) {
	t.Parallel()
	asked, asks := map[string]bool{}, regexp.MustCompile(`os\.(?:Getenv|LookupEnv)\("(GSMPANEL_[A-Z_]+)"\)`)
	eachTest(t, func(source string) {
		for _, m := range asks.FindAllStringSubmatch(source, -1) {
			asked[m[1]] = !strings.HasPrefix(m[1], "GSMPANEL_STORE_")
		}
	})
	_, table, _ := strings.Cut(readDoc(t, "CONTRIBUTING.md"), "### Environment\n")
	table, _, _ = strings.Cut(table, "\n## ")
	for _, name := range variable.FindAllString(table, -1) {
		if !asked[name] {
			t.Errorf("no test asks for %s", name)
		}
		delete(asked, name)
	}
	for name, missing := range asked {
		if missing {
			t.Errorf("%s is not in the table", name)
		}
	}
}

// TestContributingMapsTheHouse holds the table of rooms to mayImport, and the files that
// it names to what there is.
func TestContributingMapsTheHouse(t *testing.T) {
	t.Parallel()
	row, file := regexp.MustCompile("(?m)^\\| `([a-z/]+)`[^|]* \\| (.*) \\| ([^|]*) \\|$"), regexp.MustCompile("`([a-z_*]+\\.go)`")
	_, house, _ := strings.Cut(readDoc(t, "CONTRIBUTING.md"), "## How the house is built\n")
	house, _, _ = strings.Cut(house, "\n## ")
	mapped := map[string]bool{"scripts/bench/minimal": true} // a program to compare with
	for _, m := range row.FindAllStringSubmatch(house, -1) {
		room := m[1]
		mapped[room] = true
		may := strings.Join(mayImport[room], ", ")
		if room == "cmd/gsmpanel" {
			may = "all"
		}
		if m[3] != cmp.Or(may, "-") {
			t.Errorf("%s may import %q, the table says %q", room, may, m[3])
		}
		for _, f := range file.FindAllStringSubmatch(m[2], -1) {
			if found, _ := filepath.Glob(filepath.Join(root(t), room, f[1])); len(found) == 0 {
				t.Errorf("there is no %s in %s", f[1], room)
			}
		}
	}
	for room := range mayImport {
		if !mapped[room] {
			t.Errorf("%s is not in the table", room)
		}
	}
}
