package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

const defaultData = "/var/lib/gsmpanel"

const description = `A session:
   gsmpanel demo                                       see it work, without a modem
   gsmpanel setup                                      asks for all that follows, or:
   gsmpanel site set --name Home --address "12 Mill Lane, Hexton" --country GB
   gsmpanel contact add Anna 07700900123 --control     told first, and may command
   gsmpanel contact add Ben 07700900456 --off-site
   gsmpanel code add Anna                              asks for the digits
   gsmpanel learn                                      hears sensors and fobs; says what to type for them
   gsmpanel zone add "Front door" --type entry --sensor ev1527:5A3C9E --close ev1527:5A3C97
   gsmpanel remote add Anna --button ev1527:13CDC0=arm --button ev1527:13CD0C=disarm
   gsmpanel run --modem /dev/ttyUSB0 --radio rtl_433
   gsmpanel arm

Commands that look after the household work with a running panel and without one.`

// app is the table of commands. The library's own ways of ending the program and
// of guessing are turned off: arrange has looked at the line before.
func (p *program) app() *cli.App {
	app := &cli.App{
		Name:        "gsmpanel",
		Usage:       "a burglar and personal-attack alarm that texts and calls people you trust",
		UsageText:   "gsmpanel [--data DIR] COMMAND",
		Description: description,
		Reader:      p.in, Writer: p.out, ErrWriter: p.err,
		HideVersion: true, HideHelpCommand: true, DisableSliceFlagSeparator: true,
		ExitErrHandler: func(*cli.Context, error) {}, // or it would end the program with a status of its own
		OnUsageError:   func(_ *cli.Context, err error, _ bool) error { return usageError(err) },
		Flags: []cli.Flag{&cli.StringFlag{
			Name: "data", Value: defaultData, EnvVars: []string{"GSMPANEL_DATA"}, Usage: "the `DIR` that holds database, key and socket",
		}},
		Commands: []*cli.Command{
			p.runCommand(), p.demoCommand(), p.simulateCommand(),
			p.setupCommand(), p.siteCommand(), p.contactCommand(), p.codeCommand(), p.zoneCommand(), p.remoteCommand(), p.learnCommand(),
			p.handCommand(arm), p.handCommand(home), p.handCommand(night), p.handCommand(disarm), p.handCommand(bypass), p.handCommand(unbypass), p.handCommand(drill),
			p.statusCommand(), p.logCommand(), p.incidentsCommand(), p.settingsCommand(), p.doctorCommand(), p.backupCommand(), p.restoreCommand(), p.exportCommand(), p.importCommand(), p.versionCommand(),
			p.manualCommand(), p.completionCommand(),
		},
	}
	tame(app.Commands)
	return app
}

// tame gives every command the program's way with errors.
func tame(commands []*cli.Command) {
	for _, c := range commands {
		c.HideHelpCommand = true
		for _, f := range c.Flags {
			if b, ok := f.(*cli.BoolFlag); ok {
				b.DisableDefaultText = true // a flag that is not given is false: no need to say it
			}
		}
		c.OnUsageError = func(_ *cli.Context, err error, _ bool) error { return usageError(err) }
		tame(c.Subcommands)
	}
}

// usageError is a flag whose value the library cannot read.
func usageError(err error) error {
	if known := usageOf(err); known != err {
		return known
	}
	return &failure{sentence: err.Error(), status: wrongUsage, cause: err}
}

// wants refuses a line that has not the arguments that names says; a last name
// in dots may come more than once.
func wants(c *cli.Context, names ...string) ([]string, error) {
	args := c.Args().Slice()
	many := len(names) > 0 && strings.HasSuffix(names[len(names)-1], "...")
	switch {
	case len(args) < len(names):
		return nil, usage("", "%s is missing; it takes %s", strings.TrimSuffix(names[len(args)], "..."), strings.Join(names, " "))
	case len(args) > len(names) && !many && len(names) == 0:
		return nil, usage("", "%q is too much; it takes no arguments", args[0])
	case len(args) > len(names) && !many:
		return nil, usage(`put quotation marks around a name of several words, for example "Uncle Ben"`,
			"%q is too much; it takes %s", args[len(names)], strings.Join(names, " "))
	}
	return args, nil
}
