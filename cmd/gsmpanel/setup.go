package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/panel"
)

const aboutSetup = `It asks for the place, the people, the codes, sensors and fobs, and ends with a drill. What is answered
is stored at once: leave it when you like, and start it again to go on. Each answer is a plain command
too, and it shows which.`

func (p *program) setupCommand() *cli.Command {
	return &cli.Command{
		Name: "setup", Usage: "the guided first run: asks for all that the panel must know", Category: "The household",
		Description: aboutSetup, Action: p.setup,
		Flags: []cli.Flag{radioFlag("where to listen while no panel runs, `SRC`, as of run")},
	}
}

func (p *program) setup(c *cli.Context) error {
	if _, err := wants(c); err != nil {
		return err
	}
	sources := radioSources(c.StringSlice("radio"))
	if err := checkRadio(sources); err != nil {
		return err
	}
	if _, person := p.terminal(); !person {
		return broken("the plain commands work without one: gsmpanel site set, contact add, code add, zone add, remote add; gsmpanel --help shows them all",
			"setup asks its questions at a terminal, and standard input is none")
	}
	s := &setup{program: p, dir: c.String("data"), sources: sources}
	err := s.run(c.Context)
	if isOneOf(err, context.Canceled, errNoMore) {
		p.tell("") // the prompt's line
	}
	if errors.Is(err, context.Canceled) {
		return &failure{sentence: "interrupted", hint: goesOn, status: failed, cause: err}
	}
	return err
}

const goesOn = "what you have answered is stored; gsmpanel setup goes on from there"

// setup is one guided run. It keeps nothing of its own: where to go on it sees by what
// the panel holds.
type setup struct {
	*program
	dir     string
	sources []string
	public  panel.Public // and outward: as they were at the last look
	outward panel.Outward
	running bool
}

// What a person may type in place of any answer that is shown.
var (
	errBack = errors.New("back")
	errSkip = errors.New("skip")
	errQuit = errors.New("quit")
)

const welcome = `This asks for what the panel must know, in eight steps. Take half an hour, your
phone, the sensors and the fobs. Each answer is stored at once: Ctrl-C ends it
at any moment, and the next gsmpanel setup goes on from there.

At a question Enter takes what stands in [brackets]. ? explains more, back goes
back, skip leaves it out, quit ends it. What an answer does is a plain command
too: it stands behind > as you would type it some other day.`

// step is a part of the setup.
type step struct {
	name  string
	about string
	has   string // what of it is stored, in a line; "" for nothing
	whole string // the same, where there is nothing left to ask
	take  func(ctx context.Context, again bool) error
}

func (s *setup) steps() []step {
	return []step{
		s.placeStep(), s.panelStep(), s.peopleStep(), s.codesStep(), s.sensorsStep(), s.buttonsStep(), s.checkStep(), s.drillStep(),
	}
}

func (s *setup) run(ctx context.Context) error {
	if err := s.look(ctx); err != nil {
		return err
	}
	if err := s.say("%s", welcome); err != nil {
		return err
	}
	for n, again := 0, false; n < len(s.steps()); {
		err := s.step(ctx, n, again)
		again = errors.Is(err, errBack)
		switch {
		case again:
			n = max(0, n-1)
		case err == nil, errors.Is(err, errSkip):
			n++
		case errors.Is(err, errQuit):
			return s.say("\nUntil later: %s.", goesOn)
		default:
			return err
		}
	}
	return s.end()
}

// step takes one step, or says why there is nothing to ask: all of it is known, or a
// later step was begun.
func (s *setup) step(ctx context.Context, n int, again bool) error {
	all := s.steps()
	now := all[n]
	begun := slices.ContainsFunc(all[n+1:], func(later step) bool { return later.has != "" })
	head := fmt.Sprintf("\nStep %d of %d, %s", n+1, len(all), now.name)
	if begun {
		now.whole = cmp.Or(now.whole, now.has)
	}
	if now.whole != "" && !again {
		return s.say("%s: %s.", head, now.whole)
	}
	if err := s.say("%s\n%s", head, now.about); err != nil {
		return err
	}
	return now.take(ctx, again)
}

// named are the names of what is stored, in a line.
func named[T any](list []T, name func(T) string) string {
	names := make([]string, len(list))
	for n, one := range list {
		names[n] = name(one)
	}
	return together(names...)
}

// look looks how the panel stands now. Between two looks nothing is held, so that it may
// be started meanwhile.
func (s *setup) look(ctx context.Context) error {
	d, err := s.openDesk(s.dir)
	if err != nil {
		return err
	}
	s.path, s.running = "setup", d.daemon != nil
	if s.public, err = d.Public(ctx); err == nil {
		s.outward, err = d.Outward(ctx)
	}
	return errors.Join(err, d.close())
}

// do is a plain command, shown as it would be typed. Its checks, its words and its
// errors are that command's.
func (s *setup) do(ctx context.Context, args ...string) error {
	if err := s.show(args); err != nil {
		return err
	}
	return s.unshown(ctx, args)
}

// aside keeps what a command says off the screen.
func (s *setup) aside(do func() error) error {
	out := s.out
	defer func() { s.out = out }()
	s.out = io.Discard
	return do()
}

func (s *setup) show(args []string) error {
	words := make([]string, len(args))
	for n, word := range args {
		words[n] = word
		if strings.Trim(word, unquoted) != "" || word == "" {
			words[n] = quoted(word)
		}
	}
	return s.say("> %s %s", commandFor(s.dir), strings.Join(words, " "))
}

func (s *setup) unshown(ctx context.Context, args []string) error {
	if err := s.program.do(ctx, append([]string{"--data", s.dir}, args...)); err != nil {
		return err // s.path is the command's now, as the hint of it wants
	}
	return s.look(ctx)
}

// unquoted are the letters of a word that a shell takes as it is.
const unquoted = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+,./:=@_"

// would asks the panel's own rules whether a command's edit would be taken, and does
// nothing: an answer is refused when it is given, not when the last of its command is.
func (s *setup) would(command string, e panel.Edit) error {
	c := panel.Config{Site: s.public.Site}
	c.Alert.Contacts, c.Alert.Words = s.public.Contacts, s.public.Words
	c.Zones.Zones, c.Radio.Remotes = s.public.Zones, s.public.Remotes
	_, err := c.Apply(e)
	if err != nil {
		s.path = command
	}
	return err
}
