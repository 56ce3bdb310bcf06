package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gsmpanel/gsmpanel/store"
)

// nobody is a user who owns nothing; where the tests do not run as root, whoever runs
// them has lost the permission instead.
const nobody = 65534

// wholeHouse makes a data directory once; each case breaks a copy of it.
func wholeHouse(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, args := range []string{"site set --name Home --country GB --zone Europe/London", "contact add Ben 07700900456 --off-site --quiet"} {
		if out := ran(dir, 0, strings.Fields(args)...); out.status != 0 {
			t.Fatalf("%s: %+v", args, out)
		}
	}
	return dir
}

// heard is what a person sees of a command.
type heard struct {
	out, err string
	status   int
}

// as is the program as it is shipped, on a data directory and as that user; 0 is
// whoever runs the test.
func as(uid uint32, dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe", append([]string{"--data", dir}, args...)...)
	cmd.Args[0] = shipped
	cmd.Env = append(os.Environ(), "TZ=UTC")
	if uid != 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	}
	return cmd
}

func ran(dir string, uid uint32, args ...string) heard {
	cmd := as(uid, dir, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return heard{err: err.Error(), status: -1}
	}
	return heard{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// cloned is a copy of a data directory that others may look into.
func cloned(t *testing.T, from string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "d")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	for at := dir; at != "/" && at != os.TempDir(); at = filepath.Dir(at) {
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// damage writes over pages that are in use.
func damage(dir string) error {
	f, err := os.OpenFile(filepath.Join(dir, store.DatabaseFile), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(bytes.Repeat([]byte{0xAA}, 20*4096), 0)
	return errors.Join(err, f.Close())
}

// keptBackup is one of the panel's own, of a known time.
func keptBackup(dir string) error {
	path := filepath.Join(dir, store.BackupDir, "0007-2026-11-27.db")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if out := ran(dir, 0, "backup", path); out.status != 0 {
		return fmt.Errorf("%+v", out)
	}
	at := time.Date(2026, 11, 27, 3, 20, 0, 0, time.UTC)
	return os.Chtimes(path, at, at)
}

func fileIn(dir, name, text string) error {
	return os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)
}

func without(names ...string) func(string) error {
	return func(dir string) (err error) {
		for _, name := range names {
			err = errors.Join(err, os.Remove(filepath.Join(dir, name)))
		}
		return err
	}
}

func both(do ...func(string) error) func(string) error {
	return func(dir string) (err error) {
		for _, f := range do {
			err = errors.Join(err, f(dir))
		}
		return err
	}
}

const (
	noBackup = "hint: DIR/backups has no backup that can be used; put back a copy of the data directory, or restore a backup that you keep elsewhere: sudo gsmpanel --data DIR restore FILE"
	aBackup  = "hint: the newest good backup is of 27 Nov 2026 03:20: sudo gsmpanel --data DIR restore DIR/backups/0007-2026-11-27.db; it keeps what is damaged under another name"
	aKey     = "hint: sudo install -m 600 -o $(stat -c %U DIR) COPY DIR/device.key; without a copy, the README says how all but the codes comes back (a lost key)"
	opening  = "gsmpanel: opening the data directory DIR: "
	theCheck = `gsmpanel.db: its check says "invalid database": it is damaged, and nothing was changed`
	goneDB   = "gsmpanel.db is gone, though this panel had one; only to begin anew without its contacts and codes, remove device.key and gsmpanel.db.id as well"
)

// brokenHouses are what is wrong, and what is said of it, sentence and hint. Where it is a command
// that says so by itself, it has helped with the words of that.
var brokenHouses = []struct {
	name     string
	do       func(dir string) error
	sentence string
	hint     string
}{
	{"damaged", damage, opening + theCheck, noBackup},
	{"damaged, with a backup", both(keptBackup, damage), opening + theCheck, aBackup},
	{"damaged, and the newest backup too", both(keptBackup, damage, func(dir string) error {
		return fileIn(dir, "backups/0008-2026-11-28.db", "half a backup")
	}), opening + theCheck, aBackup},
	{"cut short", func(dir string) error { return os.Truncate(filepath.Join(dir, store.DatabaseFile), 4096) },
		opening + `gsmpanel.db: its check says "file size too small 4096": it is damaged, and nothing was changed`, noBackup},
	{"empty", func(dir string) error { return fileIn(dir, store.DatabaseFile, "") },
		opening + "gsmpanel.db is empty, and nothing was changed; only for a panel that never ran, remove the empty file", noBackup},
	{"lost", without(store.DatabaseFile), opening + goneDB, noBackup},
	{"lost, with a backup", both(keptBackup, without(store.DatabaseFile)), opening + goneDB, aBackup},
	{"without its key", without(store.KeyFile), opening + "device.key is gone, and without it codes and sealed entries cannot be read; put its copy back, or a copy of the whole data directory", aKey},
	{"with half a key", func(dir string) error { return fileIn(dir, store.KeyFile, "0123456789abcdef\n") },
		opening + "device.key is damaged: it must be 64 hexadecimal digits; put its copy back, or a copy of the whole data directory", aKey},
	{"with another panel's key", func(dir string) error { return fileIn(dir, store.KeyFile, strings.Repeat("ab", 32)+"\n") },
		opening + "gsmpanel.db: device.key does not belong to this database; put its copy back, or a copy of the whole data directory", aKey},
}

// TestBrokenHouses: a house that is broken says the same, word for word, whatever is
// asked of it, with status 1, and no file is changed.
func TestBrokenHouses(t *testing.T) {
	t.Parallel()
	whole := wholeHouse(t)
	for n, c := range brokenHouses {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := cloned(t, whole)
			if err := c.do(dir); err != nil {
				t.Fatal(err)
			}
			before := lying(t, dir)
			commands := []string{"status"}
			if n == 0 {
				commands = append(commands, "run --modem /dev/null --radio none", "doctor", "log", "incidents", "contact list", "code list", "code add Ben", "settings set chirp false", "backup "+dir+"-b.db")
			}
			for _, command := range commands {
				says(t, dir, ran(dir, 0, strings.Fields(command)...), c.sentence, c.hint, command)
			}
			if after := lying(t, dir); after != before {
				t.Errorf("the files were\n%sand are\n%s", before, after)
			}
		})
	}
}

// says wants exactly a sentence and a hint, in which DIR is the data directory; the hint
// of a command that has none is where to read on.
func says(t *testing.T, dir string, got heard, sentence, hint, command string) {
	t.Helper()
	if hint == "" {
		words := strings.Fields(command)
		hint = "hint: gsmpanel " + words[0] + " --help shows how it is used"
	}
	want := strings.ReplaceAll(sentence+"\n"+hint+"\n", "DIR", dir)
	if got.err != want || got.out != "" || got.status != failed {
		t.Errorf("gsmpanel %s ended with %d and said\n%s%swant\n%s", command, got.status, got.out, got.err, want)
	}
}

// lying is what lies in a directory, without what is in it.
func lying(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		fmt.Fprintf(&out, "%s %x\n", path, sha256.Sum256(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestDamagedAndRestored: what the hint says to type is typed, and the panel is there again,
// with the damaged file beside it.
func TestDamagedAndRestored(t *testing.T) {
	t.Parallel()
	dir := cloned(t, wholeHouse(t))
	if err := both(keptBackup, damage)(dir); err != nil {
		t.Fatal(err)
	}
	_, typed, _ := strings.Cut(ran(dir, 0, "status").err, ": sudo gsmpanel --data "+dir+" ")
	typed, _, _ = strings.Cut(typed, ";")
	if got := ran(dir, 0, strings.Fields(typed)...); got.status != 0 {
		t.Fatalf("%s: %+v", typed, got)
	}
	if got := ran(dir, 0, "contact", "list"); !strings.Contains(got.out, "Ben") {
		t.Errorf("%+v", got)
	}
	if kept, err := filepath.Glob(filepath.Join(dir, store.DatabaseFile+".damaged-*")); err != nil || len(kept) != 1 {
		t.Errorf("the damaged file is kept as %v (%v)", kept, err)
	}
}

// TestWrongOwners: whoever may not use the files is told who may, and what to type.
func TestWrongOwners(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can be somebody else")
	}
	whole := wholeHouse(t)
	for _, c := range []struct {
		name     string
		theirs   []string // the files that are nobody's; "." is the directory
		mode     fs.FileMode
		sentence string
		hint     string // of a command
		starting string // of run
	}{
		{"all of root's", nil, 0o700, "gsmpanel: user NOBODY may not use DIR: permission denied",
			"hint: it belongs to root; use sudo", "hint: it belongs to root; if the panel is to run as NOBODY: sudo chown -R NOBODY: DIR"},
		{"the key of root's", []string{".", store.DatabaseFile, store.MarkerFile}, 0o700, "gsmpanel: user NOBODY may not use DIR/device.key: permission denied",
			"hint: sudo chown -R NOBODY: DIR", "hint: sudo chown -R NOBODY: DIR"},
		{"the database of root's", []string{".", store.KeyFile, store.MarkerFile}, 0o700, "gsmpanel: user NOBODY may not use DIR/gsmpanel.db: permission denied",
			"hint: sudo chown -R NOBODY: DIR", "hint: sudo chown -R NOBODY: DIR"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := cloned(t, whole)
			for _, name := range c.theirs {
				if err := os.Chown(filepath.Join(dir, name), nobody, nobody); err != nil {
					t.Fatal(err)
				}
			}
			if err := errors.Join(os.Chmod(filepath.Join(dir, store.DatabaseFile), 0o600), os.Chmod(filepath.Join(dir, store.KeyFile), 0o600), os.Chmod(dir, c.mode)); err != nil {
				t.Fatal(err)
			}
			named := strings.NewReplacer("NOBODY", userName(nobody))
			for command, hint := range map[string]string{"status": c.hint, "run --modem /dev/null --radio none": c.starting} {
				says(t, dir, ran(dir, nobody, strings.Fields(command)...), named.Replace(c.sentence), named.Replace(hint), command)
			}
		})
	}
}

// TestOpenSecrets: files that others may read are shut at the next start.
func TestOpenSecrets(t *testing.T) {
	t.Parallel()
	dir := cloned(t, wholeHouse(t))
	for _, name := range []string{store.KeyFile, store.DatabaseFile} {
		if err := os.Chmod(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := ran(dir, 0, "status"); got.status != 0 {
		t.Errorf("%+v", got)
	}
	for _, name := range []string{store.KeyFile, store.DatabaseFile} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %v (%v)", name, info.Mode(), err)
		}
	}
}

// TestALostKey: without the key all but the codes comes back, into a directory of its own.
func TestALostKey(t *testing.T) {
	t.Parallel()
	old, anew := cloned(t, wholeHouse(t)), t.TempDir()
	if err := both(keptBackup, without(store.KeyFile))(old); err != nil {
		t.Fatal(err)
	}
	list, err := filepath.Glob(filepath.Join(old, store.BackupDir, "*.db"))
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	got := ran(anew, 0, "restore", list[0])
	want := "warning: the codes in " + list[0] + " were made with another device.key and cannot be read here\nwarning: nobody has a code now; make new ones with gsmpanel code add NAME\n"
	if !strings.HasSuffix(got.err, want) || got.status != 0 {
		t.Errorf("%+v", got)
	}
	if got := ran(anew, 0, "contact", "list"); !strings.Contains(got.out, "Ben") {
		t.Errorf("%+v", got)
	}
}

// TestAFailedStartRests: a service manager that starts the panel again and again does not wear out a card
// that fails.
func TestAFailedStartRests(t *testing.T) {
	dir := cloned(t, wholeHouse(t))
	if err := without(store.KeyFile)(dir); err != nil {
		t.Fatal(err)
	}
	start := func(socket string, args ...string) (d time.Duration) {
		t.Setenv("NOTIFY_SOCKET", socket)
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			if status := newProgram(strings.NewReader(""), io.Discard, io.Discard).run(t.Context(), append([]string{"--data", dir}, args...)); status == 0 {
				t.Error("it has started")
			}
			d = time.Since(began)
		})
		return d
	}
	if d := start("/run/systemd/notify", "run", "--modem", "/dev/null", "--radio", "none"); d != failedStartRests {
		t.Errorf("the service ended after %s", d)
	}
	for _, c := range []struct {
		socket, command string
	}{
		{"", "run --modem /dev/null"}, {"/run/systemd/notify", "status"}, {"/run/systemd/notify", "run"},
	} {
		if d := start(c.socket, strings.Fields(c.command)...); d != 0 {
			t.Errorf("%s with %q ended after %s", c.command, c.socket, d)
		}
	}
}
