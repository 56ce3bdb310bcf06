package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// usage is what a program and all that it started cost while they have nothing to
// do.
type usage struct {
	processes int
	rss, pss  int     // KiB
	cpu       float64 // part of a core
}

// idles is the measure (d), of a program that has answered and sent texts before.
func (r *result) idles(ctx context.Context, p plan) error {
	return inHouse(ctx, r.contestant, p, 2, func(h *house) error {
		for n := range 3 {
			if _, _, err := h.alarmed(ctx, n, h.numbers); err != nil {
				return err
			}
		}
		if err := pause(ctx, 5*time.Second); err != nil {
			return err
		}
		before := spent(h.program.Process.Pid)
		if err := pause(ctx, p.idle); err != nil {
			return err
		}
		used := spent(h.program.Process.Pid) - before
		r.idle = weigh(h.program.Process.Pid)
		r.idle.cpu = float64(used) / float64(p.idle)
		return nil
	})
}

// family are the members of a process group, of which the program is the first.
func family(group int) (members []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		b, _ := os.ReadFile(path) // one that has ended meanwhile is empty
		// "pid (name) state parent group …"; the name may hold anything.
		fields := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
		if len(fields) > 2 && fields[2] == strconv.Itoa(group) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			members = append(members, pid)
		}
	}
	return members
}

// spent is the processors' time of a family, by /proc/PID/task/TID/schedstat, which
// counts nanoseconds.
func spent(group int) (sum time.Duration) {
	for _, member := range family(group) {
		tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", member))
		for _, path := range tasks {
			b, err := os.ReadFile(path)
			if fields := strings.Fields(string(b)); err == nil && len(fields) > 0 {
				n, _ := strconv.ParseInt(fields[0], 10, 64)
				sum += time.Duration(n)
			}
		}
	}
	return sum
}

// weigh sums up the memory of a family (proc(5), smaps_rollup).
func weigh(group int) (u usage) {
	for _, member := range family(group) {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", member))
		if err != nil {
			continue
		}
		u.processes++
		for line := range strings.Lines(string(b)) {
			fields := strings.Fields(line)
			if len(fields) < 2 {
				continue
			}
			n, _ := strconv.Atoi(fields[1])
			switch fields[0] {
			case "Rss:":
				u.rss += n
			case "Pss:":
				u.pss += n
			}
		}
	}
	return u
}
