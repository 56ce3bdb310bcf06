package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/panel"
)

func jsonFlag() cli.Flag {
	return &cli.BoolFlag{Name: "json", Usage: "print JSON for programs"}
}

// listing is a command that lists something of the configuration.
func (p *program) listing(c *cli.Context, show func(panel.Public) error) error {
	if _, err := wants(c); err != nil {
		return err
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		public, err := d.Public(ctx)
		if err != nil {
			return err
		}
		return show(public)
	})
}

// printJSON writes a value indented, HTML unescaped.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// table prints rows in columns, under a head unless that is nil; the words of
// empty where there is no row.
func table(w io.Writer, empty string, head []string, rows [][]string) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(w, empty)
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if head != nil {
		rows = append([][]string{head}, rows...)
	}
	for _, row := range rows {
		for i := range row {
			row[i] = oneLine(row[i])
		}
		if _, err := fmt.Fprintln(t, strings.TrimRight(strings.Join(row, "\t"), "\t")); err != nil {
			return err
		}
	}
	return t.Flush()
}

// listed makes an empty list of none, which JSON writes as [].
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// siteTime is the clock of the place, which need not be the machine's.
func siteTime(s panel.Site) *time.Location {
	return panel.Config{Site: s}.Location()
}

func localTime(t time.Time, at *time.Location) string { return t.In(at).Format("2006-01-02 15:04:05") }

func yes(b bool, word string) string {
	if b {
		return word
	}
	return ""
}

// together joins the words that are there.
func together(words ...string) string {
	var out []string
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	return strings.Join(out, ", ")
}
