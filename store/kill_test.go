package store

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

const committerEnvironment = "GSMPANEL_STORE_TEST_COMMITTER"

// commitForEver goes on from what is stored, and prints the number of each
// commit once it was acknowledged.
func commitForEver(dir string) {
	s, err := Open(dir, Options{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	c, st, err := s.Load()
	for n := st.Open.Entries + 1; err == nil; n++ {
		c.Version = n
		if err = s.Commit(step(c, st, n)); err == nil {
			fmt.Println(n)
		}
	}
	fmt.Println(err)
	os.Exit(1)
}

// startCommitter runs commitForEver in a process of its own.
func startCommitter(t *testing.T, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), committerEnvironment+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// killAfter ends the committer at a random moment after its first commit and
// returns the last number that it acknowledged.
func killAfter(t *testing.T, cmd *exec.Cmd, lines *bufio.Scanner, limit time.Duration) (acknowledged uint64) {
	t.Helper()
	killed := false
	for lines.Scan() {
		n, err := strconv.ParseUint(lines.Text(), 10, 64)
		if err != nil {
			t.Fatalf("the committer says %q", lines.Text())
		}
		acknowledged = n
		if !killed {
			killed = true
			time.AfterFunc(rand.N(limit), func() { _ = cmd.Process.Kill() }) // Wait reports it
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("the committer was not killed: %v", cmd.ProcessState)
	}
	return acknowledged
}

// kill -9 in the middle of commits, thirty times on one file: every commit that
// was acknowledged is there, and what is there is whole.
func TestKilledDuringCommits(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 30 {
		cmd, lines := startCommitter(t, dir)
		acknowledged := killAfter(t, cmd, lines, 30*time.Millisecond)
		s := open(t, dir)
		c, st := load(t, s)
		n := st.Open.Entries
		if n != acknowledged && n != acknowledged+1 {
			t.Fatalf("acknowledged %d, stored %d", acknowledged, n)
		}
		if c.Version != n || st.Sealed.Entries != n || st.Open.Tick != int64(n)*1000 {
			t.Fatalf("commit %d is torn: configuration %d, sealed %d, tick %d", n, c.Version, st.Sealed.Entries, st.Open.Tick)
		}
		entries, err := s.Entries(0)
		if err != nil || uint64(len(entries)) != min(n, JournalSize) || entries[len(entries)-1].Number != n {
			t.Fatalf("commit %d: %d entries, %v", n, len(entries), err)
		}
		closeNow(t, s)
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	cmd, lines := startCommitter(t, dir)
	if !lines.Scan() {
		t.Fatal("the committer does not commit")
	}
	begun := time.Now()
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("opening what another process has: %v", err)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("refused only after %v", took)
	}
	killAfter(t, cmd, lines, time.Millisecond)
	open(t, dir)
}
