// Command gsmpanel is a burglar and personal-attack alarm for homes that watch
// themselves: it hears sensors, fobs and panic buttons, and tells the people on
// a list by text and call.
//
// This room holds the words on the screen and little else: one file for each
// command reads what a person typed, asks a [panel.Desk] (the running daemon
// over its socket, or the database where none runs) and prints the answer. It
// decides nothing about alarms, codes or contacts.
//
// # The rules of the terminal
//
// What was asked for goes to standard output, all else to standard error. An
// error is one sentence, then a hint. The exit status is 0 where it is done, 1
// where it failed or the panel refused, 2 where the command line was wrong.
// Listings are tables for people and, with --json, an array; log --follow --json
// writes one object a line. Digits are read from a terminal without echo, or
// from standard input, a line each; they are never arguments and never printed.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/store"
)

func main() {
	store.RunCheckIfAsked()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // a second signal ends a program that hangs
	os.Exit(newProgram(os.Stdin, os.Stdout, os.Stderr).run(ctx, os.Args[1:]))
}

// program is one run of the command line.
type program struct {
	in    io.Reader
	lines *bufio.Reader // of in
	out   io.Writer
	err   io.Writer
	cost  duress.Cost // of a new panel's codes; zero is duress.DefaultCost
	path  string      // the command as it was typed, for hints: "zone add"
	anew  bool        // a database that is lost or cannot be used may be made anew, for what is restored
}

func newProgram(in io.Reader, out, errs io.Writer) *program {
	return &program{in: in, lines: bufio.NewReaderSize(in, maxTyped), out: out, err: errs}
}

// run does what the arguments, without the program's name, say, and returns the
// exit status.
func (p *program) run(ctx context.Context, args []string) int {
	err := p.do(ctx, args)
	if err == nil {
		return 0
	}
	status := p.fail(err)
	rest(ctx, err)
	return status
}

func (p *program) do(ctx context.Context, args []string) error {
	app := p.app()
	l, err := arrange(app, args)
	p.path = strings.Join(l.path, " ")
	if err != nil {
		return err
	}
	return usageOf(app.RunContext(ctx, append([]string{app.Name}, l.arguments()...)))
}

// say prints what was done.
func (p *program) say(format string, args ...any) error {
	_, err := fmt.Fprintf(p.out, format+"\n", args...)
	return err
}

// tell prints a remark that is not what was asked for.
func (p *program) tell(format string, args ...any) {
	_, _ = fmt.Fprintf(p.err, format+"\n", args...) // where standard error is gone nothing can be said
}
