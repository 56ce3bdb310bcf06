package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/term"
)

// screen is what is printed on. Of a file or a pipe nothing is known, and what goes
// there is neither folded nor coloured.
type screen struct {
	width  int // columns; 0 where it is no terminal
	colour bool
}

// screen looks at standard output.
func (p *program) screen() screen {
	f, ok := p.out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return screen{}
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width < 1 {
		width = 80
	}
	return screen{width, os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// Colours, by SGR (ECMA-48 8.3.117). None says anything that the words do not.
const (
	inBold   = "1"
	inRed    = "1;31"
	inYellow = "33"
)

func (s screen) paint(colour, text string) string {
	if !s.colour || colour == "" || text == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// leastText is what a folded line has beside its indent.
const leastText = 16

// fold breaks a line between words, where it would be too wide behind an indent, and
// sets in what follows.
func (s screen) fold(text string, indent int) string {
	if s.width == 0 {
		return text
	}
	indent = min(indent, max(0, s.width-leastText))
	return strings.ReplaceAll(ansi.Wrap(text, s.width-indent, ""), "\n", "\n"+strings.Repeat(" ", indent))
}

// when is a time as one reads it: the time of today, or the day and the time, and
// how long ago that is.
func when(t, now time.Time, at *time.Location) string {
	t, now = t.In(at), now.In(at)
	clock := t.Format("15:04")
	if t.Format(time.DateOnly) != now.Format(time.DateOnly) {
		clock = t.Format("2006-01-02 15:04")
	}
	if past := ago(now.Sub(t)); past != "" {
		return clock + " (" + past + ")"
	}
	return clock
}

// ago says how long ago, "" for what is to come: a clock was set.
func ago(d time.Duration) string {
	switch {
	case d < 0:
		return ""
	case d < time.Minute:
		return "just now"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min ago", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", d/time.Hour)
	}
	return fmt.Sprintf("%d days ago", d/oneDay)
}
