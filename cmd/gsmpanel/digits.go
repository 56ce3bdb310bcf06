package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"github.com/gsmpanel/gsmpanel/panel"
)

// maxTyped is the longest line that is read from a person, in bytes.
const maxTyped = 1024

// terminal returns the file descriptor of standard input where a person types.
func (p *program) terminal() (int, bool) {
	f, ok := p.in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	return int(f.Fd()), true
}

// unseen reads a line that is not to be seen: at a terminal by a prompt without
// echo, otherwise the next line of standard input.
func (p *program) unseen(ctx context.Context, prompt string) (string, error) {
	fd, person := p.terminal()
	if !person {
		return p.nextLine(prompt)
	}
	typed, err := p.readUnseen(ctx, fd, prompt)
	p.tell("")
	return typed, err
}

// secret reads digits.
func (p *program) secret(ctx context.Context, prompt string) (panel.Secret, error) {
	s, err := p.unseen(ctx, prompt)
	if err == nil && s == "" {
		err = notTyped(prompt)
	}
	return panel.Secret(s), err
}

func notTyped(prompt string) error { return broken("", "nothing was typed for %q", prompt) }

func (p *program) nextLine(what string) (string, error) {
	text, err := p.lines.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", broken("", "the line on standard input is longer than %d bytes; this should stand there: %s", maxTyped, what)
	}
	if err != nil && (len(text) == 0 || !errors.Is(err, io.EOF)) {
		// err is not wrapped: what was typed is nobody's business.
		return "", broken("type it at a terminal, or give it on standard input, a line each", "standard input ends where this should stand: %s", what)
	}
	return strings.TrimSpace(string(text)), nil
}

// readUnseen reads a line from the terminal without echo, which is off before the
// prompt stands there. When ctx ends it gives up and leaves the terminal as it was:
// what still reads then must not touch the echo again.
func (p *program) readUnseen(ctx context.Context, fd int, prompt string) (text string, err error) {
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("cannot read from the terminal: %w", err)
	}
	defer func() { err = errors.Join(err, term.Restore(fd, before)) }()
	if err := echoOff(fd); err != nil {
		return "", fmt.Errorf("cannot keep the terminal from showing what is typed: %w", err)
	}
	_, _ = fmt.Fprint(p.err, prompt+": ") // a prompt that cannot be seen keeps nobody from typing
	return p.typed(ctx, prompt)
}

// typed is the line that a person types next. When ctx ends it gives up, and what still
// reads then goes on.
func (p *program) typed(ctx context.Context, prompt string) (string, error) {
	type line struct {
		text string
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := p.nextLine(prompt)
		read <- line{text, err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case l := <-read:
		if l.err != nil {
			return "", broken("", "nothing was typed: %w", l.err)
		}
		return l.text, nil
	}
}

func echoOff(fd int) error {
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	t.Lflag = t.Lflag&^unix.ECHO | unix.ICANON | unix.ISIG
	t.Iflag |= unix.ICRNL
	return unix.IoctlSetTermios(fd, unix.TCSETS, t)
}
