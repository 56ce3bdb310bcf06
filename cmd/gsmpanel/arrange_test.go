package main

import (
	"bytes"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
	"pgregory.net/rapid"
)

// read is what a command gets to see of a line.
type read struct {
	command string
	args    []string
	flags   map[string]string
}

// watched is the program with commands that only note what they are given.
func watched(seen *read) *cli.App {
	app := newProgram(strings.NewReader(""), io.Discard, io.Discard).app()
	app.Writer, app.ErrWriter = io.Discard, io.Discard
	for _, c := range leaves(nil, app.Commands) {
		c.command.Action = func(ctx *cli.Context) error {
			*seen = read{strings.Join(c.path, " "), ctx.Args().Slice(), map[string]string{}}
			for _, f := range append(slices.Clone(app.Flags), c.command.Flags...) {
				seen.flags[f.Names()[0]] = ctx.Generic(f.Names()[0]).(interface{ String() string }).String()
			}
			return nil
		}
	}
	return app
}

type leaf struct {
	path    []string
	command *cli.Command
}

func leaves(path []string, commands []*cli.Command) (out []leaf) {
	for _, c := range commands {
		at := append(slices.Clone(path), c.Name)
		if len(c.Subcommands) > 0 {
			out = append(out, leaves(at, c.Subcommands)...)
		} else {
			out = append(out, leaf{at, c})
		}
	}
	return out
}

func (l leaf) name() string { return strings.Join(l.path, " ") }

// Every flag of every command may stand before, between and after the arguments,
// the program's own before the command too.
func TestFlagsStandAnywhere(t *testing.T) {
	app := newProgram(nil, io.Discard, io.Discard).app()
	all := leaves(nil, app.Commands)
	if len(all) < 30 {
		t.Fatalf("only %d commands were found", len(all))
	}
	for _, l := range all {
		t.Run(l.name(), func(t *testing.T) {
			args := []string{"first", "-5", "third word"}
			flags := [][]string{{"--data", "/elsewhere"}}
			for _, f := range l.command.Flags {
				flags = append(flags, given(f))
			}
			want := parsed(t, slices.Concat(l.path, slices.Concat(flags...), args))
			if want.command != l.name() || !slices.Equal(want.args, args) || want.flags["data"] != "/elsewhere" {
				t.Fatalf("read as %+v", want)
			}
			for name, line := range map[string][]string{
				"after":         slices.Concat(l.path, args, slices.Concat(flags...)),
				"data first":    slices.Concat(flags[0], l.path, args, slices.Concat(flags[1:]...)),
				"between":       slices.Concat(l.path, args[:1], slices.Concat(flags...), args[1:]),
				"with equals":   slices.Concat(l.path, args, equals(flags)),
				"one dash":      slices.Concat(l.path, args, oneDash(flags)),
				"other order":   slices.Concat(l.path, args, slices.Concat(backwards(flags)...)),
				"before a stop": slices.Concat(l.path, slices.Concat(flags...), []string{"--"}, args),
			} {
				if got := parsed(t, line); !reflect.DeepEqual(got, want) {
					t.Errorf("%s: %q is read as %+v instead of %+v", name, line, got, want)
				}
			}
		})
	}
}

// given is a flag with a value that starts like a flag where it can.
func given(f cli.Flag) []string {
	name := "--" + f.Names()[0]
	switch f.(type) {
	case *cli.BoolFlag:
		return []string{name}
	case *cli.IntFlag:
		return []string{name, "-7"}
	case *cli.DurationFlag:
		return []string{name, "90m"}
	}
	return []string{name, "--a,b=c d"}
}

func equals(flags [][]string) (out []string) {
	for _, f := range flags {
		out = append(out, strings.Join(f, "="))
	}
	return out
}

func oneDash(flags [][]string) (out []string) {
	for _, f := range flags {
		out = append(out, append([]string{f[0][1:]}, f[1:]...)...)
	}
	return out
}

func backwards(flags [][]string) [][]string {
	out := slices.Clone(flags)
	slices.Reverse(out)
	return out
}

func parsed(t *testing.T, args []string) read {
	t.Helper()
	var seen read
	app := watched(&seen)
	l, err := arrange(app, args)
	if err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	if err := app.Run(append([]string{"gsmpanel"}, l.arguments()...)); err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return seen
}

// What stands behind -- is an argument, whatever it looks like.
func TestStop(t *testing.T) {
	got := parsed(t, []string{"zone", "add", "--type", "entry", "--", "--sensor", "--", "help"})
	if !slices.Equal(got.args, []string{"--sensor", "--", "help"}) || got.flags["sensor"] != "" {
		t.Errorf("read as %+v", got)
	}
}

// A line made of a command's words, flags and arguments in any order is read
// alike however it is mixed.
func TestMixedLines(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		pieces := [][]string{{"--kind", "guest"}, {"--arm-only"}, {"--contact", "Ben"}, {"--contact=Uncle Bob"}, {"--days", "mon-fri"}, {"--data", "x"}}
		args := [][]string{{"Anna"}, {"Ben"}, {"-1"}}
		mixed := slices.Clone(args)
		for _, p := range pieces {
			mixed = slices.Insert(mixed, rapid.IntRange(0, len(mixed)).Draw(r, "place"), p)
		}
		line := append([]string{"code", "add"}, slices.Concat(mixed...)...)
		got := parsed(t, line)
		if !slices.Equal(got.args, slices.Concat(args...)) || got.flags["kind"] != "guest" || got.flags["arm-only"] != "true" ||
			got.flags["days"] != "mon-fri" || got.flags["data"] != "x" || !strings.Contains(got.flags["contact"], "Uncle Bob") {
			r.Fatalf("%q is read as %+v", line, got)
		}
	})
}

func TestNearest(t *testing.T) {
	words := []string{"status", "site", "arm", "home", "log"}
	for word, want := range map[string]string{
		"statsu": "status", "stat": "status", "STATUS": "status", "sitee": "site", "arn": "arm", "aarm": "arm", "lgo": "", "x": "", "": "", "doctor": "",
	} {
		if got := nearest(word, words); got != want {
			t.Errorf("nearest to %q is %q, not %q", word, got, want)
		}
	}
}

// Whatever is typed, arrange does not fall over, and what it has arranged it
// would arrange the same way again.
func FuzzArrange(f *testing.F) {
	for _, line := range []string{"", "statsu", "zone add Hall --type entry", "--data", "help help help", "-- -- --", "contact add -5 --class=", "---", "-", "log -n=-3", "zone --help add", "code add \xff --\x00"} {
		f.Add(line)
	}
	app := newProgram(nil, io.Discard, io.Discard).app()
	f.Fuzz(func(t *testing.T, line string) {
		l, err := arrange(app, strings.Fields(line))
		if err != nil {
			var said bytes.Buffer
			p := newProgram(nil, io.Discard, &said)
			if status := p.fail(err); status != wrongUsage || strings.Count(said.String(), "\n") != 2 {
				t.Errorf("%q: status %d, %q", line, status, said.String())
			}
			return
		}
		if again, err := arrange(app, l.arguments()); err != nil || !reflect.DeepEqual(again.arguments(), l.arguments()) {
			t.Errorf("%q becomes %q and then %q, %v", line, l.arguments(), again.arguments(), err)
		}
	})
}
