package main

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed conf
var conf embed.FS

// pace is how a program learns of things.
type pace int

const (
	atOnce pace = iota
	everySecond
	seldom
)

// contestant is a program in one tuning.
type contestant struct {
	name, tuning string
	pace         pace
	kept         bool // its default: only how fast it is
	furnish      func(h *house) error
	command      func(h *house) []string
	says         string // in its output, when it is ready; empty: it answers a text
	alarm        func(h *house, n int, to []string) error
	calm         func(h *house) error // ends an alarm; nil: there is nothing to end
}

func contestants(bin string) []*contestant {
	gsmpanel, minimal := filepath.Join(bin, "gsmpanel"), filepath.Join(bin, "minimal")
	panel := &contestant{name: "gsmpanel", tuning: "as it comes", says: "ready\n", alarm: trip, calm: disarm}
	panel.furnish = func(h *house) error { return furnishPanel(h, gsmpanel) }
	panel.command = func(h *house) []string {
		return []string{gsmpanel, "run", "--data", h.path("data"), "--modem", h.path("modem"), "--radio", "exec:exec cat '" + h.path("air") + "'"}
	}
	least := &contestant{name: "minimal", tuning: "the library, nothing kept", says: "ready\n", alarm: sayLines}
	least.furnish = func(h *house) error { return h.pipe("told") }
	least.command = func(h *house) []string {
		return []string{"sh", "-c", "cat '" + h.path("told") + "' | exec '" + minimal + "' '" + h.path("modem") + "'"}
	}
	return []*contestant{panel, least,
		gammu("best", "CommTimeout 1, LoopSleep 1", everySecond), smstools("best", "delaytime 1, notifier", everySecond),
		gammu("default", "default: CommTimeout 30", seldom), smstools("default", "default: delaytime 10", seldom)}
}

func gammu(conf, tuning string, p pace) *contestant {
	return &contestant{name: "gammu-smsd", tuning: tuning, pace: p, kept: p == seldom, alarm: inject,
		furnish: func(h *house) error {
			return errors.Join(h.folders("inbox", "outbox", "sentsms", "errorsms"), h.configure("gammu-"+conf+".conf", "gammu.conf"), h.configure("gammu-reply.sh", "gammu-reply.sh"))
		},
		command: func(h *house) []string { return []string{"gammu-smsd", "-c", h.path("gammu.conf")} }}
}

// inject hands texts to gammu-smsd.
func inject(h *house, n int, to []string) error {
	for _, number := range to {
		out, err := exec.Command("gammu-smsd-inject", "-c", h.path("gammu.conf"), "TEXT", number, "-text", alarmText(n)).CombinedOutput()
		if err != nil {
			return fmt.Errorf("gammu-smsd-inject: %w\n%s", err, out)
		}
	}
	return nil
}

func smstools(conf, tuning string, p pace) *contestant {
	return &contestant{name: "smstools", tuning: tuning, pace: p, kept: p == seldom, alarm: spool,
		furnish: func(h *house) error {
			return errors.Join(h.folders("outgoing", "checked", "incoming", "failed", "sent"), h.configure("smstools-"+conf+".conf", "smsd.conf"), h.configure("smstools-reply.sh", "smstools-reply.sh"))
		},
		command: func(h *house) []string { return []string{"smsd", "-c" + h.path("smsd.conf"), "-t"} }}
}

// spool hands texts to smstools.
func spool(h *house, n int, to []string) error {
	for _, number := range to {
		name := fmt.Sprintf("alarm-%d-%s", n, number[1:])
		text := "To: " + number[1:] + "\n\n" + alarmText(n) + "\n"
		if err := errors.Join(os.WriteFile(h.path(name), []byte(text), 0o644), os.Rename(h.path(name), h.path("outgoing/"+name))); err != nil {
			return err
		}
	}
	return nil
}

func alarmText(n int) string {
	return fmt.Sprintf("BURGLARY Door %d 21:04, 12 Mill Lane. Call police. Reply OK 4711", n)
}

// sayLines tells the minimal program what to send.
func sayLines(h *house, n int, to []string) error {
	for _, number := range to {
		if _, err := io.WriteString(h.pipes["told"], number+" "+alarmText(n)+"\n"); err != nil {
			return err
		}
	}
	return nil
}

const (
	houseCode = "482913"
	doors     = 16 // a door may trip again after 10 s
)

// furnishPanel makes a household by the command line: Anna, who lives there, and
// the others, and doors that are an alarm at any time.
func furnishPanel(h *house, gsmpanel string) error {
	do := func(typed string, args ...string) error {
		c := exec.Command(gsmpanel, append([]string{"--data", h.path("data")}, args...)...)
		c.Stdin = strings.NewReader(typed)
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("gsmpanel %s: %w\n%s", strings.Join(args, " "), err, out)
		}
		return nil
	}
	all := []error{h.pipe("air"), do("", "site", "set", "--name", "Mill Lane", "--address", "12 Mill Lane", "--zone", "Europe/London", "--country", "GB")}
	for n, number := range h.numbers {
		if n == 0 {
			all = append(all, do("", "contact", "add", "Anna", number, "--control", "--quiet", "--no-call"))
			continue
		}
		all = append(all, do("", "contact", "add", fmt.Sprintf("Friend %d", n), number, "--off-site", "--quiet", "--no-call"))
	}
	all = append(all, do(houseCode+"\n", "code", "add", "Anna"))
	for n := range doors {
		all = append(all, do("", "zone", "add", fmt.Sprintf("Door %d", n+1), "--type", "24h", "--sensor", fmt.Sprintf("ev1527:%06X", n+1)))
	}
	return errors.Join(all...)
}

// trip is a door sensor's two equal frames, as rtl_433 prints them.
func trip(h *house, n int, _ []string) error {
	line := fmt.Sprintf(`{"model":"EV1527","code":%d}`+"\n", n%doors+1)
	_, err := io.WriteString(h.pipes["air"], line+line)
	return err
}

// disarm ends the alarm, which the others are told of.
func disarm(h *house) error { return h.sim.Text(h.numbers[0], houseCode+" DISARM") }
