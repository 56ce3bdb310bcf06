package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// line is a command line taken apart. The library takes a flag behind an
// argument for an argument, without a word; so the flags are put first.
type line struct {
	path   []string // the command and its own command
	global []string // flags of the program, as --name=value
	flags  []string // flags of the command
	args   []string
}

// arguments are in an order that the library cannot misread.
func (l line) arguments() []string {
	out := slices.Concat(l.global, l.path, l.flags)
	if len(l.args) > 0 {
		out = append(append(out, "--"), l.args...)
	}
	return out
}

// arrange takes the arguments apart and refuses what is no command or no flag of
// it. Flags may stand on either side of arguments, the program's own anywhere.
func arrange(app *cli.App, args []string) (line, error) {
	var l line
	a := arranger{line: &l, app: app, commands: app.Commands}
	for rest := spelled(args); len(rest) > 0; {
		if rest[0] == "--" {
			l.args = append(l.args, rest[1:]...)
			break
		}
		n, err := a.take(rest)
		if err != nil {
			return l, err
		}
		rest = rest[n:]
	}
	return l, a.complete()
}

// spelled turns `help zone add` and `--version` into what they are short for.
func spelled(args []string) []string {
	switch {
	case len(args) > 0 && args[0] == "help":
		return append(slices.Clone(args[1:]), "--help")
	case len(args) > 0 && args[0] == "--version":
		return append([]string{"version"}, args[1:]...)
	}
	return args
}

type arranger struct {
	*line
	app      *cli.App
	command  *cli.Command   // the last of path
	commands []*cli.Command // that may follow
	help     bool
}

var negative = regexp.MustCompile(`^-[0-9]`)

// take takes the next argument, or a flag with its value, and returns how many
// it took.
func (a *arranger) take(rest []string) (int, error) {
	word := rest[0]
	if strings.HasPrefix(word, "-") && word != "-" && !negative.MatchString(word) {
		return a.flag(rest)
	}
	if len(a.commands) == 0 {
		a.args = append(a.args, word)
		return 1, nil
	}
	i := slices.IndexFunc(a.commands, func(c *cli.Command) bool { return c.HasName(word) })
	if i < 0 {
		return 0, a.unknown(word)
	}
	a.command, a.commands = a.commands[i], a.commands[i].Subcommands
	a.path = append(a.path, word)
	return 1, nil
}

func (a *arranger) unknown(word string) error {
	tried := strings.Join(append(slices.Clone(a.path), word), " ")
	hint := "gsmpanel --help shows all commands"
	if near := nearest(word, a.names()); near != "" {
		hint = "try " + strings.Join(append(slices.Clone(a.path), near), " ")
	} else if len(a.path) > 0 {
		hint = a.choices()
	}
	return usage(hint, "no command %q", tried)
}

func (a *arranger) names() []string { return namesOf(a.commands) }

func (a *arranger) choices() string {
	return fmt.Sprintf("there are gsmpanel %s %s", strings.Join(a.path, " "), strings.Join(a.names(), ", "))
}

// flag takes a flag and its value.
func (a *arranger) flag(rest []string) (int, error) {
	name, value, given := strings.Cut(strings.TrimLeft(rest[0], "-"), "=")
	if name == "help" || name == "h" {
		a.flags, a.help = append(a.flags, "--help"), true
		return 1, nil
	}
	to, f := &a.global, find(a.app.Flags, name)
	if f == nil && a.command != nil {
		to, f = &a.flags, find(a.command.Flags, name)
	}
	if f == nil {
		return 0, a.noFlag(name)
	}
	took := 1
	if !given && takesValue(f) {
		if len(rest) < 2 {
			return 0, usage("", "--%s needs a value behind it", name)
		}
		value, given, took = rest[1], true, 2
	}
	text := "--" + name
	if given {
		text += "=" + value
	}
	*to = append(*to, text)
	return took, nil
}

func find(flags []cli.Flag, name string) cli.Flag {
	i := slices.IndexFunc(flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), name) })
	if i < 0 {
		return nil
	}
	return flags[i]
}

func takesValue(f cli.Flag) bool {
	d, ok := f.(cli.DocGenerationFlag)
	return ok && d.TakesValue()
}

func (a *arranger) noFlag(name string) error {
	flags, where := a.app.Flags, "gsmpanel"
	if a.command != nil {
		flags, where = slices.Concat(flags, a.command.Flags), strings.Join(a.path, " ")
	}
	var names []string
	for _, f := range flags {
		names = append(names, f.Names()...)
	}
	hint := ""
	if near := nearest(name, names); near != "" {
		hint = "try --" + near
	}
	return usage(hint, "%s has no flag --%s", where, name)
}

// complete refuses a line that ends before its command does.
func (a *arranger) complete() error {
	switch {
	case a.help || len(a.commands) == 0:
		return nil
	case len(a.path) == 0:
		return usage("gsmpanel --help shows all commands, gsmpanel demo shows how it works", "no command is given")
	}
	return usage(a.choices(), "%s needs a command of its own", strings.Join(a.path, " "))
}

// nearest is the word that is at most two typing mistakes (of insert, leave out
// and replace; one for short words) away, or "".
func nearest(word string, words []string) string {
	best, found := min(2, len(word)/2)+1, ""
	for _, w := range words {
		if d := mistakes(strings.ToLower(word), w); d < best {
			best, found = d, w
		}
	}
	return found
}

// mistakes is the Levenshtein distance.
func mistakes(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
