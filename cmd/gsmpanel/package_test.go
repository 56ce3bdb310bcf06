package main

import (
	"compress/gzip"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// Every flag of `run` can be set where the service takes its variables from, and
// nothing stands there that no flag has.
func TestTheServicesVariablesAreThoseOfRun(t *testing.T) {
	app := newProgram(strings.NewReader(""), io.Discard, io.Discard).app()
	want := []string{"GSMPANEL_TRACE"}
	for _, flags := range [][]cli.Flag{app.Flags, app.Command("run").Flags} {
		for _, f := range flags {
			if d, ok := f.(cli.DocGenerationFlag); ok {
				want = append(want, d.GetEnvVars()...)
			}
		}
	}
	var got []string
	for _, m := range regexp.MustCompile(`(?m)^#?(GSMPANEL_[A-Z_]+)=`).FindAllStringSubmatch(readDoc(t, "scripts/deb/gsmpanel.default"), -1) {
		got = append(got, m[1])
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("/etc/default/gsmpanel has %q, and run takes %q", got, want)
	}
}

// Beside each line of the unit stands what it is for.
func TestEachLineOfTheUnitIsExplained(t *testing.T) {
	explained := false
	for n, line := range strings.Split(readDoc(t, "scripts/deb/gsmpanel.service"), "\n") {
		switch key, _, set := strings.Cut(line, "="); {
		case strings.HasPrefix(line, "#"):
			explained = true
		case set && !explained && !slices.Contains([]string{"Description", "Documentation", "WantedBy"}, key):
			t.Errorf("line %d: %s is not explained", n+1, line)
		default:
			explained = false
		}
	}
}

// What a shell completes: flags on either side of arguments, and the command by what
// is left without them.
func TestCompletion(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "completion")
	var b strings.Builder
	if status := newProgram(strings.NewReader(""), &b, io.Discard).run(t.Context(), []string{"completion"}); status != 0 {
		t.Fatal("it ended with", status)
	}
	if err := os.WriteFile(script, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ typed, want string }{
		{"gsmpanel con", "contact"},
		{"gsmpanel --data /x zo", "zone"},
		{"gsmpanel --data = contact log --f", "--follow"}, // bash takes = for a word
		{"gsmpanel contact ", "add list edit remove"},
		{"gsmpanel contact add Anna 07700900123 --con", "--control"},
		{"gsmpanel zone --type entry add Hall --sup", "--supervise"},
		{"gsmpanel zone add Hall --type ", ""},
		{"gsmpanel log -", "-n --follow --sealed --json --data --help"},
		{"gsmpanel manu", ""},
	} {
		words := strings.Split(c.typed, " ")
		cmd := exec.Command("bash", append([]string{"-c", `. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gsmpanel; echo "${COMPREPLY[*]}"`, script}, words...)...)
		out, err := cmd.CombinedOutput()
		got, want := strings.Fields(string(out)), strings.Fields(c.want)
		slices.Sort(got)
		slices.Sort(want)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q is completed by %q, want %q (%v)", c.typed, got, want, err)
		}
	}
}

// The page has every command and flag that --help has.
func TestManualPage(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	p := newProgram(strings.NewReader(""), &b, io.Discard)
	if status := p.run(t.Context(), []string{"manual-page"}); status != 0 {
		t.Fatal("it ended with", status)
	}
	page := strings.ReplaceAll(b.String(), `\-`, "-")
	walk(p.app().Commands, nil, func(path []string, c *cli.Command) {
		if name := strings.Join(path, " "); len(c.Subcommands) == 0 && !strings.Contains(page, `\fBgsmpanel `+name+`\fR`) {
			t.Errorf("%s is missing", name)
		}
		for _, f := range c.Flags {
			if !strings.Contains(page, `\fB`+spelt(f)+`\fR`) {
				t.Errorf("%s of %s is missing", spelt(f), c.Name)
			}
		}
	})
	if _, err := exec.LookPath("man"); err != nil {
		t.Skip("no man(1) here to look at its form")
	}
	cmd := exec.Command("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", "-")
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANROFFSEQ=")
	var warned strings.Builder
	cmd.Stdin, cmd.Stderr = strings.NewReader(b.String()), &warned
	if out, err := cmd.Output(); err != nil || len(out) == 0 || warned.Len() > 0 {
		t.Errorf("man shows it badly: %v\n%s", err, warned.String())
	}
}

// What scripts/package has made, for each architecture.
func TestPackages(t *testing.T) {
	dir := os.Getenv("GSMPANEL_PACKAGES")
	if dir == "" {
		t.Skip("GSMPANEL_PACKAGES names no directory with packages; scripts/package makes them")
	}
	for arch, machine := range map[string]string{"amd64": "\x3e\x00", "arm64": "\xb7\x00", "armhf": "\x28\x00"} { // e_machine of elf(5)
		t.Run(arch, func(t *testing.T) {
			debs, err := filepath.Glob(filepath.Join(dir, "gsmpanel_*_"+arch+".deb"))
			if err != nil || len(debs) != 1 {
				t.Fatalf("there are %q instead of one package", debs)
			}
			tree := t.TempDir()
			dpkg(t, "--raw-extract", debs[0], tree)
			if got := dpkg(t, "--field", debs[0], "Architecture"); strings.TrimSpace(got) != arch {
				t.Errorf("it says that it is for %s", got)
			}
			checkTree(t, tree)
			program, err := os.ReadFile(filepath.Join(tree, "usr/bin/gsmpanel"))
			if err != nil || string(program[18:20]) != machine {
				t.Errorf("the program is for another machine, %x (%v)", program[18:20], err)
			}
		})
	}
}

func dpkg(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("dpkg-deb", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("dpkg-deb %q: %v\n%s", args, err, out)
	}
	return string(out)
}

func checkTree(t *testing.T, tree string) {
	t.Helper()
	for path, mode := range map[string]os.FileMode{
		"usr/bin/gsmpanel": 0o755, "usr/lib/systemd/system/gsmpanel.service": 0o644, "usr/lib/udev/rules.d/70-gsmpanel.rules": 0o644,
		"etc/default/gsmpanel": 0o644, "usr/share/bash-completion/completions/gsmpanel": 0o644, "usr/share/man/man1/gsmpanel.1.gz": 0o644,
		"usr/share/doc/gsmpanel/copyright": 0o644, "usr/share/doc/gsmpanel/changelog.gz": 0o644, "usr/share/doc/gsmpanel/changelog.Debian.gz": 0o644,
		"DEBIAN/postinst": 0o755, "DEBIAN/prerm": 0o755, "DEBIAN/postrm": 0o755,
	} {
		info, err := os.Stat(filepath.Join(tree, path))
		if err != nil || info.Mode() != mode || info.Size() == 0 {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
	if got := readFile(t, filepath.Join(tree, "DEBIAN/conffiles")); strings.TrimSpace(got) != "/etc/default/gsmpanel" {
		t.Errorf("what dpkg keeps when it was changed is %q", got)
	}
	f, err := os.Open(filepath.Join(tree, "usr/share/man/man1/gsmpanel.1.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil || !z.ModTime.IsZero() || z.Name != "" {
		t.Errorf("the manual was packed at %v, %v", z, err)
	}
}
