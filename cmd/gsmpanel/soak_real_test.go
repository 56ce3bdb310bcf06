package main

import (
	"bytes"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// passing is how many goroutines and descriptors may be on their way at any moment; what
// leaks is more, soon.
const passing = 3

// TestSoakReal loads a daemon by a pseudo-terminal for a moment, or for so long as
// GSMPANEL_SOAK_REAL says (30m): texts, lines of a receiver, calls, alarms, reboots
// of the modem and its plug pulled. What it holds after that, at rest, it must have
// held before.
func TestSoakReal(t *testing.T) {
	if testing.Short() {
		t.Skip("two starts of the panel")
	}
	t.Parallel()
	long, err := time.ParseDuration(os.Getenv("GSMPANEL_SOAK_REAL"))
	if err != nil {
		long = 0
	}
	k, err := newKilled(t, "soak", furnishKilled(t), mathrand.New(mathrand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	defer k.close()
	before := restedAndDumped(t, k, func() {})
	var first, last held
	after := restedAndDumped(t, k, func() { first, last = k.load(t, long) })
	t.Logf("goroutines: %d before, %d after %s of load", before.goroutines, after.goroutines, long)
	t.Logf("at rest before: %s; after: %s", before, after)
	if long > 0 {
		t.Logf("under load, at first: %s; at last: %s", first, last)
	}
	if after.goroutines > before.goroutines+passing || after.descriptors > before.descriptors+passing {
		t.Errorf("at rest there are %d goroutines and %d descriptors, after %d and %d", after.goroutines, after.descriptors, before.goroutines, before.descriptors)
	}
}

// held is what a process has.
type held struct{ goroutines, descriptors, threads, memory int }

func (h held) String() string {
	return fmt.Sprintf("%d descriptors, %d threads, %d KiB of memory", h.descriptors, h.threads, h.memory)
}

// holding reads what a process has, but for its goroutines (proc(5)).
func holding(t *testing.T, pid int) (h held) {
	t.Helper()
	fds, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	status, also := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err := errors.Join(err, also); err != nil {
		t.Fatal(err)
	}
	h.descriptors = len(fds)
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		n, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
		switch name {
		case "Threads":
			h.threads = n
		case "RssAnon": // without the pages of the database, which are the kernel's to take
			h.memory = n
		}
	}
	return h
}

// restedAndDumped starts the panel, does something, lets it come to rest, and ends it
// by SIGQUIT, which prints all its goroutines.
func restedAndDumped(t *testing.T, k *killed, do func()) held {
	t.Helper()
	if err := k.start(); err != nil {
		t.Fatal(err)
	}
	do()
	k.quiet()
	h := k.rested(t)
	k.mu.Lock()
	daemon, log := k.daemon, k.log
	k.mu.Unlock()
	if err := daemon.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	<-daemon.gone
	said, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	h.goroutines = strings.Count(string(said), "\ngoroutine ")
	for _, edge := range []string{".watchDisk(", ".daily.run("} { // what else has no other test in the daemon
		if !bytes.Contains(said, []byte(edge)) {
			t.Errorf("%s) does not run", edge)
		}
	}
	if t.Failed() || h.goroutines == 0 {
		t.Errorf("%s", said)
	}
	return h
}

// rested waits until descriptors come and go no more: commands of the siren and the
// like hold some.
func (k *killed) rested(t *testing.T) held {
	t.Helper()
	k.mu.Lock()
	pid := k.daemon.pid()
	k.mu.Unlock()
	h := holding(t, pid)
	for still := 0; still < 10; time.Sleep(20 * time.Millisecond) {
		now := holding(t, pid)
		if still++; now.descriptors != h.descriptors {
			still = 0
		}
		h = now
	}
	return h
}

// load is a busy house for a while, sampled each minute.
func (k *killed) load(t *testing.T, long time.Duration) (first, last held) {
	began := time.Now()
	var table strings.Builder
	var hours, memory []float64
	answered := 0
	for n := 0; n == 0 || time.Since(began) < long; n++ {
		if err := k.busyRound(n); err != nil {
			t.Fatal(err)
		}
		if n%6 != 0 {
			continue
		}
		before := answered
		if answered = len(k.texts(killNumbers[0])); answered == before {
			t.Fatalf("nothing is answered any more:\n%s", table.String())
		}
		k.mu.Lock()
		last = holding(t, k.daemon.pid())
		k.mu.Unlock()
		if n == 6 || n == 0 { // after a round of all
			first = last
		}
		hours, memory = append(hours, time.Since(began).Hours()), append(memory, float64(last.memory))
		fmt.Fprintf(&table, "%8s %s\n", time.Since(began).Round(time.Second), last)
	}
	if long > 0 {
		t.Logf("\n%s", table.String())
		file, err := os.Stat(filepath.Join(k.dir, "data", "gsmpanel.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d KiB of database; from its middle on %+.0f KiB of memory an hour", file.Size()>>10, slope(hours[len(hours)/2:], memory[len(hours)/2:]))
	}
	return first, last
}

// slope is that of the line through points which has the least squares.
func slope(x, y []float64) float64 {
	var n, sx, sy, sxx, sxy float64
	for i := range x {
		n, sx, sy, sxx, sxy = n+1, sx+x[i], sy+y[i], sxx+x[i]*x[i], sxy+x[i]*y[i]
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

// busyRound is about ten seconds of it: a text, a stranger's, neighbours on the air, a
// call, and now and then an alarm, a reboot of the modem or its plug.
func (k *killed) busyRound(n int) error {
	anna, door := killNumbers[0], n/6%killDoors+1
	if err := errors.Join(k.sim.Text(anna, fmt.Sprintf("%s STATUS x%c%c", houseCode, 'a'+n/26%26, 'a'+n%26)), k.sim.Text("+447700900099", "You have won")); err != nil {
		return err
	}
	for range 20 {
		if _, err := k.air.WriteString(frame(0x2A51E3) + "\n" + keypadLine("1NGBR", 1, "Disarm Pin: 0000") + "\ngarbage\n"); err != nil {
			return err
		}
	}
	_ = k.sim.Call("+447700900099") // in vain while the modem starts
	if n == 0 {
		for end := time.Now().Add(30 * time.Second); len(k.texts(anna)) == 0; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				return errors.New("a text is not answered")
			}
		}
		return nil
	}
	time.Sleep(2 * time.Second)
	var err error
	switch n % 6 {
	case 1:
		err = k.sim.Text(anna, houseCode+" ARM")
	case 2:
		err = openDoor(k.air, door)
	case 3:
		err = k.sim.Text(anna, []string{houseCode, houseOther}[n/6%2]+" DISARM")
	case 4:
		err = k.sim.Fault(simulator.Fault{Name: "reboot"})
	case 5:
		err = k.sim.Fault(simulator.Fault{Name: "unplug", For: 2 * time.Second})
	}
	time.Sleep(8 * time.Second)
	return err
}
