package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/gsmpanel/gsmpanel/"

// mayImport is which room may open which door.
var mayImport = map[string][]string{
	"zones":                 {},
	"panic":                 {},
	"alert":                 {},
	"radio":                 {},
	"radio/receiver":        {"radio", "tty"},
	"radio/signal":          {"radio"},
	"modem":                 {"tty"},
	"modem/simulator":       {},
	"tty":                   {},
	"wired":                 {},
	"panel":                 {"zones", "panic", "alert", "radio"},
	"control":               {"panel", "radio"},
	"metrics":               {"panel"},
	"store":                 {"panel", "panic"},
	"scripts/bench":         {"modem/simulator", "panel", "panic", "store"},
	"scripts/bench/minimal": {},
	"cmd/gsmpanel":          {"zones", "panic", "alert", "radio", "radio/receiver", "radio/signal", "modem", "modem/simulator", "wired", "panel", "control", "store", "metrics"},
}

// rooms lists our packages and what they import of ours.
func rooms(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	found := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		fields := strings.Fields(line)
		room := strings.TrimPrefix(fields[0], module)
		found[room] = nil
		for _, path := range fields[1:] {
			if ours, ok := strings.CutPrefix(path, module); ok {
				found[room] = append(found[room], ours)
			}
		}
	}
	return found
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	found := rooms(t)
	for room, imports := range found {
		allowed, known := mayImport[room]
		if !known {
			t.Errorf("room %s is new: say in mayImport what it may import", room)
		}
		for _, path := range imports {
			if !slices.Contains(allowed, path) {
				t.Errorf("%s imports %s, and may not", room, path)
			}
		}
	}
	for room := range mayImport {
		if _, ok := found[room]; !ok {
			t.Errorf("there is no room %s", room)
		}
	}
}

// Pure rooms take time and chance as arguments. panel's door and loop are its
// shell, offline.go and daemon.go answer those who look after it, and location.go
// reads the time zones.
var (
	pureRooms = []string{"zones", "panic", "alert", "radio", "panel"}
	shell     = []string{"panel/door.go", "panel/run.go", "panel/linework.go", "panel/daemon.go", "panel/offline.go", "panel/shell.go", "panel/location.go"}
	impure    = []string{"os", "net", "log", "math/rand", "math/rand/v2", "crypto/rand", "log/slog", "os/exec", "sync", "sync/atomic"}
	clocks    = []string{"Now", "Since", "Until", "After", "AfterFunc", "Sleep", "NewTimer", "NewTicker", "Tick"}
)

func TestPureRoomsOweNothingToTheWorld(t *testing.T) {
	for _, room := range pureRooms {
		files, err := filepath.Glob(filepath.Join(root(t), room, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in %s: %v", room, err)
		}
		for _, file := range files {
			name := room + "/" + filepath.Base(file)
			if strings.HasSuffix(name, "_test.go") || slices.Contains(shell, name) {
				continue
			}
			for _, complaint := range impurities(t, file) {
				t.Errorf("%s %s", name, complaint)
			}
		}
	}
}

// impurities finds imports of the outside world, calls of the clock, and
// goroutines.
func impurities(t *testing.T, file string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, i := range f.Imports {
		if path, _ := strconv.Unquote(i.Path.Value); slices.Contains(impure, path) {
			out = append(out, "imports "+path)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			out = append(out, "starts a goroutine")
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clocks, n.Sel.Name) {
				out = append(out, "uses time."+n.Sel.Name)
			}
		}
		return true
	})
	return out
}

func TestImpuritiesAreFound(t *testing.T) {
	file := filepath.Join(t.TempDir(), "impure.go")
	source := "package p\nimport (\n\"os\"\n\"time\"\n)\nfunc f() { go os.Exit(0); _ = time.Now() }\n"
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	want := []string{"imports os", "starts a goroutine", "uses time.Now"}
	if got := impurities(t, file); !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

// Every room says what it is for.
func TestEveryRoomHasAPackageComment(t *testing.T) {
	for room := range mayImport {
		files, _ := filepath.Glob(filepath.Join(root(t), room, "*.go"))
		comments := 0
		for _, file := range files {
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				t.Fatal(err)
			}
			if f.Doc != nil && len(f.Doc.Text()) > 100 {
				comments++
			}
		}
		if comments != 1 {
			t.Errorf("%s has %d package comments, want one", room, comments)
		}
	}
}
