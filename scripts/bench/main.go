// Command bench measures gsmpanel beside gammu-smsd, smstools and a minimal program
// on the library that gsmpanel uses, on one kind of simulated modem over a
// pseudo-terminal, and prints the tables of docs/performance.md:
//
//	go run ./scripts/bench
//
// It needs gammu-smsd and smsd, and a machine that does nothing else. What it
// configures them with is in conf.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/gsmpanel/gsmpanel/store"
)

// plan is how often each thing is done.
type plan struct {
	quick   int // texts in, and events, of programs that answer at once
	polled  int // of those that look every second
	slow    int // of those that look every 10 or 30 s
	tens    int // bursts of ten texts
	breaks  int // bursts that are broken by a kill, and as many by a reboot
	idle    time.Duration
	sending time.Duration // that the modem takes for a text
	baud    int           // of its line
	folder  string        // where databases and spools are
}

func main() {
	store.RunCheckIfAsked()
	p := plan{}
	flag.IntVar(&p.quick, "quick", 30, "texts and events of programs that answer at once")
	flag.IntVar(&p.polled, "polled", 30, "texts and events of programs that look every second")
	flag.IntVar(&p.slow, "slow", 3, "texts and events of programs that look every 10 or 30 s")
	flag.IntVar(&p.tens, "tens", 5, "bursts of ten texts")
	flag.IntVar(&p.breaks, "breaks", 3, "bursts that a kill breaks, and that a reboot breaks")
	flag.DurationVar(&p.idle, "idle", 30*time.Second, "how long programs are watched that have nothing to do")
	flag.DurationVar(&p.sending, "send-time", 200*time.Millisecond, "how long the modem takes for a text")
	flag.IntVar(&p.baud, "baud", 115200, "rate of the modem's line; 0: a byte takes no time")
	flag.StringVar(&p.folder, "dir", "", "folder for the databases and spools, on the disk that counts; default: the system's for temporary files")
	only := flag.String("only", "", "names of programs, separated by commas; default: all")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, p, *only); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, p plan, only string) error {
	dir, err := os.MkdirTemp(p.folder, "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p.folder = dir
	if err := build(ctx, dir); err != nil {
		return err
	}
	runs := contestants(dir)
	if only != "" {
		runs = slices.DeleteFunc(runs, func(c *contestant) bool { return !slices.Contains(strings.Split(only, ","), c.name) })
	}
	began := time.Now()
	results, err := measure(ctx, p, runs)
	fmt.Print(tables(p, results, time.Since(began)))
	return err
}

// build makes the programs of this repository.
func build(ctx context.Context, dir string) error {
	for _, name := range []string{"cmd/gsmpanel", "scripts/bench/minimal"} {
		c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", filepath.Join(dir, filepath.Base(name)), "github.com/gsmpanel/gsmpanel/"+name)
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", name, err, out)
		}
	}
	for _, name := range []string{"gammu-smsd", "gammu-smsd-inject", "smsd"} {
		if _, err := find(name); err != nil {
			return fmt.Errorf("%w; install it with: apt-get install gammu-smsd smstools", err)
		}
	}
	return nil
}

// find looks where Debian puts daemons, too.
func find(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/" + name)
	}
	return path, err
}
