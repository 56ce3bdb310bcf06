package main

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/control"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

func (p *program) simulateCommand() *cli.Command {
	return &cli.Command{
		Name: "simulate", Usage: "a simulated modem with a network and phones, for other programs", Category: "The program",
		Description: "On the control socket one JSON object a line, each answered by one line:\n" +
			`   {"do":"text","from":"+447700900123","body":"482913 STATUS"}` + "\n" +
			"   and call, answer, digits, hangup, phones, power, fault:\n" +
			`   {"do":"fault","name":"reboot","command":"+CMGS","skip":1,"after":true}` + "\n" +
			"   The second text from now is taken, then the modem restarts. A fault strikes before a command,\n" +
			"   or after it was done; or at what the modem says: at a byte or a line with a number, or at the\n" +
			"   next line that begins with said. Without any of them it strikes now. Further keys: times, for\n" +
			"   (seconds), code, count, body. The faults:\n" +
			faultList(),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "link", Usage: "the `PATH` that becomes a link to the modem's terminal"},
			&cli.StringFlag{Name: "control", Usage: "the `SOCKET` on which phones and faults are commanded"},
			&cli.StringFlag{Name: "kind", Value: "sim800", Usage: "what the modem is: sim800, sim7600 or ec25"},
			&cli.DurationFlag{Name: "send-time", Value: 3 * time.Second, Usage: "how long the network takes for a text"},
			&cli.DurationFlag{Name: "setup-time", Value: 2 * time.Second, Usage: "how long a call takes until it rings"},
			&cli.IntFlag{Name: "baud", Value: 115200, Usage: "the line's `RATE` in bit/s; a byte takes ten bits"},
		},
		Action: p.simulate,
	}
}

func (p *program) simulate(c *cli.Context) (err error) {
	if _, err := wants(c); err != nil {
		return err
	}
	if c.String("link") == "" {
		return usage("", "--link is missing; give the path that becomes the modem, for example --link /tmp/modem")
	}
	for _, name := range []string{"send-time", "setup-time"} {
		if d := c.Duration(name); d <= 0 || d > time.Hour {
			return usage("", "--%s cannot be %s; more than 0 and up to 1h are allowed, for example --%s 500ms", name, d, name)
		}
	}
	if kind := c.String("kind"); !slices.Contains(simulator.Kinds(), kind) {
		return usage("", "--kind cannot be %q; sim800, sim7600 and ec25 are allowed, for example --kind ec25", kind)
	}
	if b := c.Int("baud"); b < 300 || b > 921600 {
		return usage("", "--baud cannot be %d; 300 to 921600 are allowed, for example --baud 115200", b)
	}
	m := simulator.New(simulator.Options{Kind: c.String("kind"), Baud: c.Int("baud"), SendTime: c.Duration("send-time"), SetupTime: c.Duration("setup-time"), ClockRuns: true})
	defer func() { err = errors.Join(err, m.Close()) }()
	line, err := m.PTY(c.String("link"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, line.Close()) }()
	commands, err := listenIfAsked(c.String("control"))
	if err != nil {
		return err
	}
	p.tell("ready")
	if commands != nil {
		return m.ServeControl(c.Context, commands)
	}
	<-c.Context.Done()
	return nil
}

// faultList is a line for each fault of the simulated modem.
func faultList() string {
	names, out := simulator.FaultNames(), ""
	for _, name := range slices.Sorted(maps.Keys(names)) {
		out += fmt.Sprintf("   %-17s  %s\n", name, names[name])
	}
	return strings.TrimSuffix(out, "\n")
}

func listenIfAsked(path string) (net.Listener, error) {
	if path == "" {
		return nil, nil
	}
	return control.Listen(path)
}
