package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// strace sees every write of a program and every sync, which no hook in bbolt would:
// also whether those are made that must be.

// tracedCalls are all by which a program may change a file, so that one which the
// forgetful disk does not know is noticed.
const tracedCalls = "openat,openat2,open,creat,write,writev,pwrite64,pwritev,pwritev2,ftruncate,truncate,fallocate,fsync,fdatasync,sync_file_range,msync," +
	"rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,copy_file_range,sendfile,splice"

// traced is a command that runs under strace, which writes to the file trace.
func traced(trace string, command ...string) []string {
	return append([]string{"strace", "-f", "-qq", "-y", "-xx", "-s", "100000000", "--seccomp-bpf", "-e", "signal=none", "-e", "trace=" + tracedCalls,
		"-e", "inject=copy_file_range,sendfile,splice:error=ENOSYS", // they show no data; Go then writes it
		"-o", trace}, command...)
}

// needsStrace skips where programs may not be traced.
func needsStrace(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("strace is missing")
		}
		t.Skip("without strace it is not seen what is written (Debian's package strace)")
	}
	if out, err := exec.Command("strace", "-f", "--seccomp-bpf", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("programs may not be traced here: %v: %s", err, out)
	}
}

// call is a call to the kernel. Its words are paths, decoded strings and the rest as
// it stands, by their place.
type call struct {
	name   string
	words  []string
	failed bool
}

func (c *call) word(n int) string {
	if n < len(c.words) {
		return c.words[n]
	}
	return ""
}

// moment of a trace: a call begins or ends.
type traceMoment struct {
	call *call
	ends bool
}

// readTrace reads what strace wrote, once the program has ended.
func readTrace(path string) ([]traceMoment, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var out []traceMoment
	waiting := map[string]*call{} // by thread
	for line := range bytes.Lines(text) {
		thread, rest, _ := strings.Cut(strings.TrimRight(string(line), "\n"), " ")
		rest = strings.TrimLeft(rest, " ")
		if strings.HasPrefix(rest, "+++") || strings.HasPrefix(rest, "---") {
			continue
		}
		if after, ok := strings.CutPrefix(rest, "<... "); ok {
			c := waiting[thread]
			if c == nil {
				return nil, fmt.Errorf("an end without a beginning: %.200s", line)
			}
			_, result, _ := strings.Cut(after, " resumed>")
			c.failed = strings.Contains(result, ") = -1 ")
			out = append(out, traceMoment{c, true})
			delete(waiting, thread)
			continue
		}
		c, whole, err := readCall(rest)
		if err != nil {
			return nil, err
		}
		out = append(out, traceMoment{c, false})
		if whole {
			out = append(out, traceMoment{c, true})
		} else {
			waiting[thread] = c
		}
	}
	return out, nil
}

// readCall reads a line such as fsync(8<\x2f…>) = 0.
func readCall(line string) (c *call, whole bool, err error) {
	name, rest, ok := strings.Cut(line, "(")
	if !ok {
		return nil, false, fmt.Errorf("not a call: %.200s", line)
	}
	c = &call{name: name}
	for {
		rest = strings.TrimLeft(rest, ", ")
		switch {
		case strings.HasPrefix(rest, ")"):
			c.failed = strings.Contains(rest, " = -1 ")
			return c, true, nil
		case strings.HasPrefix(rest, "<unfinished"), rest == "":
			return c, false, nil
		case rest[0] == '"':
			text, after, _ := strings.Cut(rest[1:], `"`)
			plain, err := unhex(text)
			if err != nil {
				return nil, false, err
			}
			c.words, rest = append(c.words, plain), after
		default:
			n := strings.IndexAny(rest, ",<) ")
			if n < 0 {
				n = len(rest)
			}
			word := rest[:n]
			if n < len(rest) && rest[n] == '<' && !strings.HasPrefix(rest[n:], "<unfinished") { // a descriptor's path
				path, after, _ := strings.Cut(rest[n+1:], ">")
				plain, err := unhex(path)
				if err != nil {
					return nil, false, err
				}
				word, rest = plain, after
			} else {
				rest = rest[n:]
			}
			c.words = append(c.words, word)
		}
	}
}

// unhex reads \x41\x42; what is not written so stands for itself.
func unhex(s string) (string, error) {
	if !strings.HasPrefix(s, `\x`) {
		return s, nil
	}
	b, err := hex.DecodeString(strings.ReplaceAll(s, `\x`, ""))
	return string(b), err
}

// apply does to the disk what a moment of the trace did. A change may be on the disk
// as soon as its call has begun; a sync, and what must have worked to be anything,
// counts when it has ended. begun is how far the syncs reach that have begun.
func (d *forgetfulDisk) apply(m traceMoment, begun map[*call]int) (err error) {
	c := m.call
	path := c.target()
	if !d.concerns(m) {
		return nil
	}
	kind := c.name
	if m.ends {
		kind += " ends"
	}
	number := func(n int) (i int64) {
		if err == nil {
			i, err = strconv.ParseInt(c.word(n), 10, 64)
		}
		return i
	}
	switch kind {
	case "write":
		d.change(path, change{d.now(path).size(), []byte(c.word(1))})
	case "pwrite64":
		d.change(path, change{number(3), []byte(c.word(1))})
	case "ftruncate":
		d.change(path, change{number(1), nil})
	case "renameat":
		d.rename(path, c.path(2))
	case "fsync", "fdatasync":
		begun[c] = d.begun(path)
	case "fsync ends", "fdatasync ends":
		d.synced(path, begun[c])
	case "openat ends":
		if flags := c.word(2); strings.Contains(flags, "O_CREAT") || strings.Contains(flags, "O_TRUNC") {
			d.open(path, strings.Contains(flags, "O_TRUNC"))
		}
	case "unlinkat ends":
		d.name(path, nil)
	case "mkdirat ends":
		d.name(path, &forgetfulFile{directory: true})
	case "write ends", "pwrite64 ends", "ftruncate ends", "renameat ends", "openat", "unlinkat", "mkdirat":
	default:
		return fmt.Errorf("%s of %s: the forgetful disk does not know it", c.name, path)
	}
	return err
}

// concerns tells whether a moment is one of this disk's, which has a data directory
// and what is in it.
func (d *forgetfulDisk) concerns(m traceMoment) bool {
	path, data := m.call.target(), filepath.Join(d.root, "data")
	return !m.call.failed && (path == d.root || path == data || strings.HasPrefix(path, data+"/"))
}

// target is what a call is about.
func (c *call) target() string {
	switch c.name {
	case "openat", "openat2", "renameat", "renameat2", "linkat", "symlinkat", "unlinkat", "mkdirat": // a directory and a name
		return c.path(0)
	}
	return c.word(0)
}

// path is that of a name below a directory's descriptor.
func (c *call) path(n int) string {
	if name := c.word(n + 1); filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.word(n), c.word(n+1))
}
