package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/metrics"
	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/wired"
)

// runOptions is what `run` was asked to do.
type runOptions struct {
	Data      string // directory of database, key and socket
	Modem     string // tty
	ModemKind string // auto, or one of modem.Kinds
	Baud      int
	PinFile   string
	Power     string   // of the modem
	Radio     []string // at least one source
	Siren     string
	Keypad    string
	Mains     string
	Metrics   string
}

func (p *program) runCommand() *cli.Command {
	return &cli.Command{
		Name: "run", Usage: "the panel itself; ready when it prints ready on standard error", Category: "The program",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "modem", EnvVars: []string{"GSMPANEL_MODEM"}, Usage: "the tty `DEV` of the GSM modem, such as /dev/ttyUSB0"},
			&cli.StringFlag{Name: "modem-kind", Value: "auto", EnvVars: []string{"GSMPANEL_MODEM_KIND"}, Usage: "auto, which asks the modem, or sim800, sim7600 or ec25"},
			&cli.IntFlag{Name: "baud", Value: 115200, EnvVars: []string{"GSMPANEL_BAUD"}, Usage: "speed of the modem's line"},
			&cli.StringFlag{Name: "pin-file", EnvVars: []string{"GSMPANEL_PIN_FILE"}, Usage: "a `FILE` of mode 0600 with the PIN of the SIM card, which is tried once and never with less than two tries left"},
			&cli.StringFlag{Name: "modem-power", EnvVars: []string{"GSMPANEL_MODEM_POWER"}, Usage: "what switches the modem's supply, `OUT` as of --siren: it is switched off for 10 s when the modem answers no more; key:OUT is its power key, which is pressed"},
			radioFlag("where sensors and fobs are heard, `SRC`: rtl_433 (if none is given), exec:CMD, rflink:DEV or none; once for each band"),
			&cli.StringFlag{Name: "siren", EnvVars: []string{"GSMPANEL_SIREN"}, Usage: "what switches the siren, `OUT`: gpio:CHIP:LINE, with :low behind it where the low level is on, exec:CMD, run with on or off and the pattern as arguments, a file that gets 1 or 0, or none"},
			&cli.StringFlag{Name: "keypad", EnvVars: []string{"GSMPANEL_KEYPAD"}, Usage: "a numeric keypad, an input `DEV` such as /dev/input/by-id/usb-04d9_1203-event-kbd: CODE Enter disarms, or arms away when disarmed; CODE * is home, CODE / asks by chirps"},
			&cli.StringFlag{Name: "mains", EnvVars: []string{"GSMPANEL_MAINS"}, Usage: "what tells that mains power is there, `IN`: gpio:CHIP:LINE, with :low behind it where the low level says so, exec:CMD, by its exit status 0, or a file that has 1 or 0 in it such as /sys/class/power_supply/AC/online"},
			&cli.StringFlag{Name: "metrics", EnvVars: []string{"GSMPANEL_METRICS"}, Usage: "shows programs on this board, such as a Prometheus, how the panel stands, at `ADDR` on the loopback interface, such as 127.0.0.1:9464; off if not given"},
		},
		Action: p.startPanel,
	}
}

func (p *program) startPanel(c *cli.Context) error {
	if _, err := wants(c); err != nil {
		return err
	}
	o := runOptions{
		Data: c.String("data"), Modem: c.String("modem"), ModemKind: c.String("modem-kind"), Baud: c.Int("baud"), PinFile: c.String("pin-file"), Power: c.String("modem-power"),
		Radio: c.StringSlice("radio"), Siren: c.String("siren"), Keypad: c.String("keypad"), Mains: c.String("mains"), Metrics: c.String("metrics"),
	}
	o.fill()
	if err := o.check(); err != nil {
		return err
	}
	return runPanel(c.Context, o, p.err)
}

// fill puts defaults where nothing was given; an empty variable in the
// environment is nothing.
func (o *runOptions) fill() {
	o.Radio = radioSources(o.Radio)
	if o.ModemKind == "" {
		o.ModemKind = "auto"
	}
	if address, err := metrics.Address(o.Metrics); err == nil {
		o.Metrics = address
	}
}

func (o runOptions) check() error {
	switch {
	case o.Modem == "":
		return usage("", "--modem is missing; give the modem's tty, for example --modem /dev/ttyUSB0")
	case o.ModemKind != "auto" && !slices.Contains(modem.Kinds(), o.ModemKind):
		return usage("", "--modem-kind cannot be %q; auto, sim800, sim7600 and ec25 are allowed, for example --modem-kind sim7600", o.ModemKind)
	case o.Baud < 1200 || o.Baud > 4_000_000:
		return usage("", "--baud cannot be %d; 1200 to 4000000 are allowed, for example --baud 115200", o.Baud)
	}
	if err := o.checkWires(); err != nil {
		return err
	}
	if err := checkRadio(o.Radio); err != nil {
		return err
	}
	if o.Metrics != "" {
		if _, err := metrics.Address(o.Metrics); err != nil {
			return usage("a Prometheus elsewhere can ask through ssh -L 9464:127.0.0.1:9464", "--metrics %v", err)
		}
	}
	if o.PinFile == "" {
		return nil
	}
	if _, err := readPIN(o.PinFile); err != nil {
		return usage("", "%v", err)
	}
	return nil
}

func (o runOptions) checkWires() error {
	if err := wired.CheckSiren(o.Siren); err != nil {
		return usage("", "--siren %v", err)
	}
	if o.Mains != "" {
		if _, err := wired.OpenMains(o.Mains); err != nil {
			return usage("", "--mains %v", err)
		}
	}
	if _, err := wired.OpenOutput(o.Power); err != nil {
		return usage("", "--modem-power %v", err)
	}
	siren, mains, power := wired.LineID(o.Siren), wired.LineID(o.Mains), o.powerLine()
	switch {
	case mains != "" && mains == siren:
		return usage("", "--mains cannot be %s: that is the line of --siren already; give each a line of its own, for example --mains gpio:gpiochip0:22:low", o.Mains)
	case power != "" && power == siren:
		return usage("", "--modem-power cannot be %s: that is the line of --siren already; give each a line of its own, for example --modem-power gpio:gpiochip0:17", o.Power)
	case power != "" && power == mains:
		return usage("", "--modem-power cannot be %s: that is the line of --mains already; give each a line of its own, for example --modem-power gpio:gpiochip0:17", o.Power)
	}
	return nil
}

// powerLine is the line that switches the modem, or "".
func (o runOptions) powerLine() string { return wired.LineID(strings.TrimPrefix(o.Power, "key:")) }

// noSiren says that an alarm makes no sound.
func (o runOptions) noSiren() bool { return o.Siren == "" || o.Siren == "none" }

func radioFlag(usage string) cli.Flag {
	return &cli.StringSliceFlag{Name: "radio", EnvVars: []string{"GSMPANEL_RADIO"}, Usage: usage}
}

// radioSources are the values of --radio, or its default.
func radioSources(given []string) []string {
	var sources []string
	for _, one := range given { // a variable of the environment has one source a line
		for source := range strings.Lines(one) {
			if source = strings.TrimSpace(source); source != "" {
				sources = append(sources, source)
			}
		}
	}
	if len(sources) == 0 {
		return []string{"rtl_433"}
	}
	return sources
}

// withRate is a device with a speed behind it.
var withRate = regexp.MustCompile(`:[0-9]+$`)

func checkRadio(sources []string) error {
	for _, source := range sources {
		kind, what, _ := strings.Cut(source, ":")
		switch {
		case source == "none", source == "rtl_433", kind == "exec" && strings.TrimSpace(what) != "":
		case kind == "rflink" && withRate.MatchString(what):
			return usage("", "--radio cannot be %q; an RFLink's speed is found by itself, so leave it out: --radio %s", source, withRate.ReplaceAllString(source, ""))
		case kind == "rflink" && strings.HasPrefix(what, "/"):
		default:
			return usage("", "--radio cannot be %q; rtl_433, exec:CMD, rflink:DEV and none are allowed, for example --radio rtl_433 or --radio rflink:/dev/ttyUSB1", source)
		}
	}
	return nil
}

func (p *program) demoCommand() *cli.Command {
	return &cli.Command{
		Name: "demo", Usage: "see it work in this terminal, without a modem", Category: "The program",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "script", Usage: "play a scenario and print what each phone shows"}},
		Action: func(c *cli.Context) error {
			if _, err := wants(c); err != nil {
				return err
			}
			return runDemo(c.Context, p.out, c.Bool("script"))
		},
	}
}
