package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// nextSchema is a gsmpanel of some later day: it stores the site's name in another way.
var nextSchema = []plant{{"store/migrate.go", "var migrations []migration\n", `var migrations = []migration{func(tx *bolt.Tx) error {
	c, err := readConfig(tx)
	if err != nil {
		return err
	}
	c.Site.Name += ", moved"
	row, err := encodeRecord(c)
	if err != nil {
		return err
	}
	return put(tx, bucketConfig, keyCurrent, row)
}}
`}}

// The program is upgraded and changes its database, after a backup; the old one
// refuses that with the way back in its words, and goes back.
func TestUpgradeAndBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	later := filepath.Join(dir, "gsmpanel-later")
	if out, err := exec.Command("go", "build", "-overlay", planted(t, nextSchema), "-o", later, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	data := filepath.Join(dir, "data")
	say := func(program string, args ...string) string {
		out, _ := exec.Command(program, append([]string{"--data", data}, args...)...).CombinedOutput()
		return string(out)
	}
	say(shipped, "site", "set", "--name", "Home", "--country", "GB", "--address", "12 Mill Lane, Hexton")
	say(shipped, "contact", "add", "Ben", "07700900456", "--off-site", "--quiet")
	for _, step := range []struct {
		program string
		args    []string
		says    string
	}{
		{shipped, []string{"site", "show"}, `name +Home\n`},
		{later, []string{"site", "show"}, `name +Home, moved\n`},
		{later, []string{"contact", "list"}, `Ben`},
		{shipped, []string{"site", "show"}, `written by a newer gsmpanel \(schema 2, this one knows up to 1\); install that version again, or go back to what was stored before that: gsmpanel restore \S+-schema-1\.db\n`},
		{later, []string{"site", "show"}, `name +Home, moved\n`}, // the refusal has changed nothing
	} {
		if out := say(step.program, step.args...); !regexp.MustCompile(step.says).MatchString(out) {
			t.Fatalf("%s %v says %q, want %q", filepath.Base(step.program), step.args, out, step.says)
		}
	}
	refusal := say(shipped, "status")
	_, command, _ := strings.Cut(refusal, ": gsmpanel ")
	line, _, _ := strings.Cut(command, "\n")
	if out := say(shipped, strings.Fields(line)...); !strings.Contains(out, "gsmpanel.db.newer-") || !strings.Contains(out, "1 contact") {
		t.Errorf("%s says %q", line, out)
	}
	if out := say(shipped, "site", "show"); !strings.Contains(out, "Home\n") {
		t.Errorf("after it the site is %q", out)
	}
	if left, err := os.ReadDir(filepath.Join(data, "backups")); err != nil || len(left) != 1 {
		t.Errorf("backups: %v, %v", left, err)
	}
}
