package main

import (
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// wallClock tells the panel's instants: the time since the machine's start, sleep
// included, and the wall clock, with whether anybody has set that.
type wallClock struct {
	mu   sync.Mutex
	good bool // the network's time agreed with ours
}

// networkSlack is how far the network's time and ours may be apart.
const networkSlack = 5 * time.Minute

// firstYear is that of the first release: an earlier wall clock is not set.
const firstYear = 2026

func (c *wallClock) now() (up time.Duration, wall time.Time, sure bool) {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts); err == nil {
		up = time.Duration(ts.Nano())
	}
	wall = time.Now()
	return up, wall, wall.Year() >= firstYear && c.set()
}

// set tells whether the kernel says that the clock is synchronised, a clock chip
// set it, or the network agrees with it.
func (c *wallClock) set() bool {
	var t unix.Timex
	if state, err := unix.Adjtimex(&t); err == nil && state != unix.TIME_ERROR {
		return true
	}
	if b, err := os.ReadFile("/sys/class/rtc/rtc0/hctosys"); err == nil && strings.TrimSpace(string(b)) == "1" {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.good
}

// network compares the network's time with ours.
func (c *wallClock) network(t time.Time) {
	d := time.Since(t)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.good = d < networkSlack && d > -networkSlack
}

// bootID names this start of the machine (random(4), proc/sys/kernel/random).
func bootID() string {
	b, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
