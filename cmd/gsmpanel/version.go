package main

import (
	"cmp"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/metrics"
)

// version and commit are set by scripts/package. What is built without it has what Go
// knows of its source.
var version, commit string

func (p *program) versionCommand() *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "print version, commit and the version of Go", Category: "The program",
		Action: func(c *cli.Context) error {
			if _, err := wants(c); err != nil {
				return err
			}
			return printVersion(p.out)
		},
	}
}

func printVersion(w io.Writer) error {
	b := thisBuild()
	_, err := fmt.Fprintf(w, "gsmpanel %s, commit %s, %s\n", b.Version, b.Revision, b.Go)
	return err
}

func thisBuild() metrics.Build {
	b := metrics.Build{Version: version, Revision: commit, Go: runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		b.Version = cmp.Or(b.Version, info.Main.Version)
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				b.Revision = cmp.Or(b.Revision, s.Value)
			}
		}
	}
	b.Version, b.Revision = cmp.Or(b.Version, "unknown"), cmp.Or(b.Revision, "unknown")
	return b
}
