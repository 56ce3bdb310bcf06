package main

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/panel"
)

// wordsRead bounds what is read of a words file; the panel takes less.
const wordsRead = 48 << 10

func (p *program) siteWords() *cli.Command {
	return &cli.Command{
		Name: "words", Usage: "the fixed words of texts to contacts, to put them into another language", ArgsUsage: "[FILE]", Action: p.siteWordsRun,
		Description: "Without FILE it prints the present words as a file to edit:\n" +
			"   gsmpanel site words > words.txt\n" +
			"   gsmpanel site words words.txt\n" +
			"A line is NAME = WORDS, # begins a comment, what is left out is English.\n" +
			"All lines are checked with the names that are set, or nothing is changed.",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "print", Usage: "print the present words"}, &cli.BoolFlag{Name: "reset", Usage: "English again"}},
	}
}

func (p *program) siteWordsRun(c *cli.Context) error {
	args := c.Args().Slice()
	switch {
	case len(args) > 1:
		return usage(`put quotation marks around a file name with blanks`, "%q is too much; it takes one FILE", args[1])
	case len(args) == 1 && (c.Bool("print") || c.Bool("reset")), c.Bool("print") && c.Bool("reset"):
		return usage("gsmpanel site words prints the words, gsmpanel site words FILE replaces them", "FILE, --print and --reset do not go together; give one of them")
	case c.Bool("reset"):
		return p.putWords(c, "", "Texts to contacts are in English again.")
	case len(args) == 0:
		return p.listing(c, func(public panel.Public) error {
			_, err := io.WriteString(p.out, public.Words.File())
			return err
		})
	}
	file, err := readWords(args[0])
	if err != nil {
		return err
	}
	return p.putWords(c, file, "Texts to contacts use these words from now on; an alarm that is open keeps those it began with.")
}

func (p *program) putWords(c *cli.Context, file, done string) error {
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		if err := d.Edit(ctx, panel.SetWords{File: file}); err != nil {
			return err
		}
		return p.say("%s", done)
	})
}

func readWords(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", noFile(path, "read", err)
	}
	defer func() { _ = f.Close() }() // only read
	b, err := io.ReadAll(io.LimitReader(f, wordsRead))
	if err != nil {
		return "", noFile(path, "read", err)
	}
	return string(b), nil
}

// noFile says why a file that was named cannot be read or written.
func noFile(path, done string, err error) error {
	var cause *os.PathError
	if errors.As(err, &cause) {
		err = cause.Err
	}
	hint := "ls -l shows whether it is there and whose it is"
	switch {
	case errors.Is(err, syscall.ENOSPC):
		hint = "make room there, or give a file on another disk"
	case errors.Is(err, syscall.EROFS):
		hint = "give a file on another disk: this one may only be read"
	}
	return broken(hint, "%s cannot be %s: %w", path, done, err)
}
