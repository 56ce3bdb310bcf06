package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// The manual page and the completion of bash, made of the commands and flags as they
// are. The package takes them from here when it is built; for nobody else are they
// commands, so --help does not show them.

func (p *program) manualCommand() *cli.Command {
	return &cli.Command{Name: "manual-page", Usage: "print the manual page", Hidden: true, Action: func(c *cli.Context) error {
		return p.generate(c, writeManual)
	}}
}

func (p *program) completionCommand() *cli.Command {
	return &cli.Command{Name: "completion", Usage: "print the completion of bash", Hidden: true, Action: func(c *cli.Context) error {
		return p.generate(c, writeCompletion)
	}}
}

func (p *program) generate(c *cli.Context, write func(io.Writer, *cli.App)) error {
	if _, err := wants(c); err != nil {
		return err
	}
	w := bufio.NewWriter(p.out)
	write(w, c.App)
	return w.Flush()
}

// walk visits every command that is shown, each with the words that call it.
func walk(commands []*cli.Command, above []string, visit func(path []string, c *cli.Command)) {
	for _, c := range commands {
		if c.Hidden {
			continue
		}
		path := append(slices.Clone(above), c.Name)
		visit(path, c)
		walk(c.Subcommands, path, visit)
	}
}

const manualEnd = `.SH FILES
.TP
.I /etc/default/gsmpanel
what the service is connected to, as variables
.TP
.I /var/lib/gsmpanel/gsmpanel.db
configuration, state and log
.TP
.I /var/lib/gsmpanel/device.key
the key to codes and to what is sealed; keep a copy in another place
.TP
.I /var/lib/gsmpanel/gsmpanel.sock
by which commands reach a running panel; root and the group gsmpanel may
.SH EXIT STATUS
0 done, 1 failed or refused by the panel, 2 wrong command line
.SH SEE ALSO
/usr/share/doc/gsmpanel/README.md, rtl_433(1), systemctl(1)
`

// writeManual writes the page in man(7).
func writeManual(w io.Writer, app *cli.App) {
	fmt.Fprintf(w, ".TH GSMPANEL 1 \"\" \"gsmpanel\" \"User Commands\"\n.SH NAME\ngsmpanel \\- %s\n", roff(app.Usage))
	fmt.Fprintf(w, ".SH SYNOPSIS\n.B %s\n.SH DESCRIPTION\n.nf\n%s\n.fi\n", roff(app.UsageText), roff(app.Description))
	fmt.Fprint(w, ".SH OPTIONS\nFlags may stand before and after arguments.\n")
	manualFlags(w, app.Flags)
	fmt.Fprint(w, ".SH COMMANDS\n")
	category := ""
	walk(app.Commands, nil, func(path []string, c *cli.Command) {
		if c.Category != "" && c.Category != category {
			category = c.Category
			fmt.Fprintf(w, ".SS %s\n", roff(category))
		}
		if len(c.Subcommands) > 0 {
			return
		}
		fmt.Fprintf(w, ".TP\n\\fBgsmpanel %s\\fR %s\n%s.\n", roff(strings.Join(path, " ")), roff(c.ArgsUsage), roff(c.Usage))
		if c.Description != "" {
			fmt.Fprintf(w, ".RS\n.nf\n%s\n.fi\n.RE\n", roff(c.Description))
		}
		if len(c.Flags) > 0 {
			fmt.Fprint(w, ".RS\n")
			manualFlags(w, c.Flags)
			fmt.Fprint(w, ".RE\n")
		}
	})
	fmt.Fprint(w, manualEnd)
}

func manualFlags(w io.Writer, flags []cli.Flag) {
	for _, f := range flags {
		d, ok := f.(cli.DocGenerationFlag)
		if !ok {
			continue
		}
		value, usage := placeholder(d)
		fmt.Fprintf(w, ".TP\n\\fB%s\\fR", roff(spelt(f)))
		if value != "" {
			fmt.Fprintf(w, " \\fI%s\\fR", roff(value))
		}
		if env := d.GetEnvVars(); len(env) > 0 {
			usage += " (" + strings.Join(env, ", ") + ")"
		}
		fmt.Fprintf(w, "\n%s\n", roff(usage))
	}
}

// spelt is a flag as one types it.
func spelt(f cli.Flag) string {
	if name := f.Names()[0]; len(name) > 1 {
		return "--" + name
	}
	return "-" + f.Names()[0]
}

// placeholder is what stands for a flag's value: the word in backquotes in its usage.
func placeholder(d cli.DocGenerationFlag) (value, usage string) {
	before, rest, found := strings.Cut(d.GetUsage(), "`")
	word, after, closed := strings.Cut(rest, "`")
	switch {
	case found && closed && d.TakesValue():
		return word, before + word + after
	case d.TakesValue():
		return "VALUE", d.GetUsage()
	}
	return "", d.GetUsage()
}

// roff is text as it stands in a page: no line of it is taken for a request, and a
// hyphen can be copied.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for n, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[n] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}

// completionScript offers commands until one is whole, its flags behind a hyphen, and
// files else. Flags may stand on either side of what they belong to, so the command
// is what is left of the line without them and their values.
const completionScript = `# bash completion of gsmpanel
_gsmpanel() {
	local word path= skip= cur=${COMP_WORDS[COMP_CWORD]}
	local -A words=(
%s	)
	local -A flags=(
%s	)
	local values=' %s '
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		if [ -n "$skip" ]; then
			skip=
			[ "$word" = = ] && skip=1
		elif [ "$word" = = ]; then
			skip=1
		elif [[ $word == -* ]]; then
			[[ $values == *" $word "* ]] && skip=1
		elif [ -n "${words[$path/]+x}" ] && [[ " ${words[$path/]} " == *" $word "* ]]; then
			path=$path/$word
		fi
	done
	COMPREPLY=()
	if [ -n "$skip" ]; then
		return
	elif [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "${flags[/]} ${flags[$path/]-}" -- "$cur")
	elif [ -n "${words[$path/]-}" ]; then
		mapfile -t COMPREPLY < <(compgen -W "${words[$path/]}" -- "$cur")
	fi
}
complete -o default -F _gsmpanel gsmpanel
`

// writeCompletion writes what bash completes with.
func writeCompletion(w io.Writer, app *cli.App) {
	var words, flags strings.Builder
	var values []string
	add := func(path []string, commands []*cli.Command, own []cli.Flag) {
		key := strings.Join(append([]string{""}, path...), "/") + "/"
		if names := namesOf(commands); len(names) > 0 {
			fmt.Fprintf(&words, "\t\t[%s]='%s'\n", key, strings.Join(names, " "))
		}
		var long []string
		for _, f := range own {
			name := spelt(f)
			long = append(long, name)
			if d, ok := f.(cli.DocGenerationFlag); ok && d.TakesValue() && !slices.Contains(values, name) {
				values = append(values, name)
			}
		}
		if len(long) > 0 {
			fmt.Fprintf(&flags, "\t\t[%s]='%s'\n", key, strings.Join(long, " "))
		}
	}
	add(nil, app.Commands, app.Flags)
	walk(app.Commands, nil, func(path []string, c *cli.Command) { add(path, c.Subcommands, c.Flags) })
	fmt.Fprintf(w, completionScript, words.String(), flags.String(), strings.Join(values, " "))
}

// namesOf are the commands that are shown.
func namesOf(commands []*cli.Command) (names []string) {
	for _, c := range commands {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	return names
}
