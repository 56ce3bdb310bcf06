package main

import (
	"context"
	"net"
	"strconv"
	"time"
)

// supervisor is the service manager that has started the daemon (sd_notify(3)). The
// zero value is none: nothing is said then.
//
// It is told when the daemon is ready, stops, and lives; never in words (STATUS=),
// which whoever asks systemctl would read.
type supervisor struct {
	socket string
	every  time.Duration // between two feedings of its watchdog; 0: it has none
}

// feedings are how often the watchdog is fed in the time that it waits.
const feedings = 4

func supervisorOf(env func(string) string, pid int) supervisor {
	s := supervisor{socket: env("NOTIFY_SOCKET")}
	if of := env("WATCHDOG_PID"); of != "" && of != strconv.Itoa(pid) {
		return s // it is another program's (sd_watchdog_enabled(3))
	}
	if limit, err := strconv.ParseInt(env("WATCHDOG_USEC"), 10, 64); err == nil && limit > 0 {
		s.every = time.Duration(limit) * time.Microsecond / feedings
	}
	return s
}

// say tells it a state. That nobody hears it is no trouble of the panel's.
func (s supervisor) say(state string) {
	if s.socket == "" {
		return
	}
	if c, err := net.Dial("unixgram", s.socket); err == nil {
		_ = c.SetWriteDeadline(time.Now().Add(time.Second)) // nothing here waits for one that hangs
		_, _ = c.Write([]byte(state))
		c.Close()
	}
}

// stopping says that the daemon stops, as soon as ctx ends. What it returns waits until
// that was said: the daemon may be at its end before.
func (s supervisor) stopping(ctx context.Context) (said func()) {
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		s.say("STOPPING=1")
	})
	return func() {
		if !stop() {
			<-done
		}
	}
}

// feed feeds the watchdog until ctx ends, while alive says so.
func (s supervisor) feed(ctx context.Context, alive func() bool) {
	if s.every <= 0 {
		return
	}
	tick := time.NewTicker(s.every)
	defer tick.Stop()
	for {
		if alive() {
			s.say("WATCHDOG=1")
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// alive tells whether a new start could do no better: the loop goes round and has
// given the writer what is to be kept, and the owner of the modem's line is at work.
// A modem that is absent or does not answer, and a disk that hangs, are no reason: the
// line's owner tries on, the alarm goes on without the disk, and what the disk has not
// taken would be lost.
//
// Nothing is logged when it is not. What of the panel is stuck could tell what it had
// to do.
func (d *daemon) alive() bool { return d.panel.Alive() && d.modem.Alive() }
