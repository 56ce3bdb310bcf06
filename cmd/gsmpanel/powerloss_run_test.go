package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// promise is what a program has said to the world, which nothing may take back.
type promise interface {
	hear(m traceMoment) bool // whether this says something
	kept(dir string) error   // what of it a data directory lacks
}

// tracedRun is what a program did, on a disk that was so before, and what it promised.
type tracedRun struct {
	moments []traceMoment
	disk    func() *forgetfulDisk
	promise func() promise
}

// loseOften lets the power fail so many times, and nothing may be lost. Then it leaves
// out one kind of sync after the other, and wants to see what that costs.
func (run tracedRun) loseOften(t *testing.T, cuts int) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	t.Logf("%d power failures in a run of %d calls and their ends, seed %d", cuts, len(run.moments), seed)
	for n := range cuts {
		if err := run.loseOnce(t, rand.New(rand.NewPCG(seed, uint64(n)))); err != nil {
			t.Errorf("failure %d of seed %d: %v", n, seed, err)
		}
	}
	for _, u := range unsynced {
		t.Run(u.name, func(t *testing.T) {
			forgotten := run
			forgotten.moments = unheard(run.moments, u.is)
			if len(forgotten.moments) == len(run.moments) {
				t.Skip("there is no such sync in this run")
			}
			for n := range uint64(300) {
				if err := forgotten.loseOnce(t, rand.New(rand.NewPCG(seed, n))); err != nil {
					t.Logf("seen in failure %d: %v", n+1, err)
					return
				}
			}
			t.Error("nobody would notice")
		})
	}
}

// loseOnce plays a run up to a moment that concerns the disk or promises something,
// and looks what a power failure there leaves.
func (run tracedRun) loseOnce(t *testing.T, r *rand.Rand) error {
	t.Helper()
	disk, begun, promise := run.disk(), map[*call]int{}, run.promise()
	last := run.worthLosing(r)
	for _, m := range run.moments[:last+1] {
		if err := disk.apply(m, begun); err != nil {
			t.Fatal(err)
		}
		promise.hear(m)
	}
	how, left := loss(r.IntN(int(losses))), t.TempDir()
	err := disk.fail(r, how, left)
	if err != nil {
		t.Fatal(err)
	}
	if err = promise.kept(filepath.Join(left, "data")); err != nil {
		err = fmt.Errorf("power lost after moment %d of %d (%s), loss %d: %w", last, len(run.moments), run.moments[last].call.name, how, err)
	}
	if err := os.RemoveAll(left); err != nil {
		t.Fatal(err)
	}
	return err
}

// worthLosing draws a moment; every other one is at the writing of a head, where most
// hangs on the order.
func (run tracedRun) worthLosing(r *rand.Rand) int {
	var some, heads []int
	disk, promise := run.disk(), run.promise()
	for n, m := range run.moments {
		if promise.hear(m) || disk.concerns(m) {
			some = append(some, n)
		}
		if disk.concerns(m) && m.call.writesHead() {
			heads = append(heads, n)
		}
	}
	if r.IntN(2) == 0 {
		some = heads
	}
	return some[r.IntN(len(some))]
}

// writesHead tells whether a call writes one of the first two pages of a file, which
// are bbolt's heads.
func (c *call) writesHead() bool {
	return c.name == "pwrite64" && (c.word(3) == "0" || c.word(3) == strconv.Itoa(os.Getpagesize()))
}

// unsynced are the syncs of which none must be missing.
var unsynced = []struct {
	name string
	is   func(c *call, head bool) bool
}{
	{"nothing is synced", func(*call, bool) bool { return true }},
	{"a commit's pages are not synced before its head", func(c *call, head bool) bool { return c.name == "fdatasync" && !head }},
	{"a commit's head is not synced before it is acknowledged", func(c *call, head bool) bool { return c.name == "fdatasync" && head }},
	{"a file is not synced before it has its name", func(c *call, _ bool) bool {
		return c.name == "fsync" && strings.HasSuffix(c.word(0), ".new")
	}},
	{"a name is not synced", func(c *call, _ bool) bool { return c.name == "fsync" && filepath.Ext(c.word(0)) == "" }},
}

// unheard leaves out syncs; head says that one follows the writing of a head.
func unheard(moments []traceMoment, is func(c *call, head bool) bool) (out []traceMoment) {
	head, gone := false, map[*call]bool{}
	for _, m := range moments {
		switch {
		case m.ends:
		case m.call.name == "pwrite64":
			head = m.call.writesHead()
		case m.call.name == "fsync" || m.call.name == "fdatasync":
			gone[m.call] = is(m.call, head)
		}
		if !gone[m.call] {
			out = append(out, m)
		}
	}
	return out
}
