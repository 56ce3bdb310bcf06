package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// plant is one change of a source file.
type plant struct{ file, old, new string }

// plants are leaks in the source, as somebody might write them. The reports are
// kept before the duress texts by two rules: only without both is there a leak.
var plants = []struct {
	name, seen string
	changes    []plant
}{
	{"late reply", "phone", []plant{{"panel/told.go", "alert.Job{Rank: alert.RankReply, To: e.From,",
		"alert.Job{NotBefore: func() int64 { _, forced := t.p.Record.Open(); return map[bool]int64{true: t.now.Tick + 10}[forced] }(), Rank: alert.RankReply, To: e.From,"}}},
	{"extra log line", "log", []plant{{"panel/run.go", "	p.seen.Store(f.face)\n",
		"	p.seen.Store(f.face)\n	if f.face.state.Sealed.Line.Sealed {\n		p.shell.Log.Info(\"line busy\")\n	}\n"}}},
	{"report behind duress texts", "phone", []plant{
		{"panel/report.go", "alert.Job{Rank: alert.RankPlace, To: number,", "alert.Job{Rank: alert.RankReport, To: number,"},
		{"alert/line.go", "func (k Books) placeWaits(sealed *Job, tick int64) bool {\n", "func (k Books) placeWaits(sealed *Job, tick int64) bool {\n	if sealed != nil {\n		return false\n	}\n"}}},
	{"a number that skips", "followed", []plant{{"panel/journal.go", "	j.Entries++\n", "	j.Entries++\n	t.s.Entries++\n"}}},
	{"STATUS waits during a duress call", "phone", []plant{{"alert/line.go", "func (l *Line) mustYield(k Books, call *Job, tick int64) bool {\n",
		"func (l *Line) mustYield(k Books, call *Job, tick int64) bool {\n	if l.Sealed {\n		return false\n	}\n"}}},
}

// TestTwiceSeesPlantedSource builds the panel with each plant in place of the
// files, and wants TestTwice red.
func TestTwiceSeesPlantedSource(t *testing.T) {
	for _, p := range plants {
		t.Run(p.name, func(t *testing.T) {
			out, err := exec.Command("go", "test", "-count=1", "-overlay", overlay(t, p.changes), "-run", "^TestTwice$", ".").CombinedOutput()
			if err == nil || !strings.Contains(string(out), "the two runs differ in their "+p.seen) {
				t.Errorf("it was not seen in the %s (%v):\n%s", p.seen, err, out)
			}
			t.Logf("%.2500s", out)
		})
	}
}

// overlay is a file for the option of that name of go test.
func overlay(t *testing.T, changes []plant) string {
	t.Helper()
	dir, replace := t.TempDir(), map[string]string{}
	for n, c := range changes {
		file, err := filepath.Abs(filepath.Join("../..", c.file))
		if err != nil {
			t.Fatal(err)
		}
		source, err := os.ReadFile(file)
		if err != nil || strings.Count(string(source), c.old) != 1 {
			t.Fatalf("%s has not one place for the plant (%v)", c.file, err)
		}
		replace[file] = filepath.Join(dir, fmt.Sprintf("planted%d.go", n))
		if err := os.WriteFile(replace[file], []byte(strings.Replace(string(source), c.old, c.new, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(path, []byte(asJSON(t, map[string]any{"Replace": replace})), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
