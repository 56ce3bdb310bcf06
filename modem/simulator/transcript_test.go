package simulator

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var update = flag.Bool("update", false, "rewrite what the modem says in testdata/*.txt")

// A transcript has lines of the host and of the world, and what follows each:
//
//	> AT+CSQ          the host types this and a carriage return
//	! "\x1b"          the host sends these bytes
//	@ {"do":"phones"} the world does this (the requests of the control socket)
//	@ 3s              time passes
//	< OK              the modem says this (in a file named exact*, quoted bytes)
//	* 1.5s answered   this happens in the network, so long after the beginning
//	= {...}           the control socket's answer, where it is more than ok
type player struct {
	t     *testing.T
	modem *Modem
	begin time.Time
	exact bool

	mu   sync.Mutex // the modem tells from goroutines of its own
	said bytes.Buffer
	out  bytes.Buffer
}

func (p *player) write(format string, a ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(&p.out, format, a...)
}

// later than the build of any program that checks for it
func networkTime() time.Time { return time.Now().AddDate(26, 2, 0) }

func (p *player) wire(_ time.Time, fromModem bool, b []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if fromModem {
		p.said.Write(b)
	}
}

func (p *player) event(e Event) {
	p.tell()
	if !slices.Contains(eventKinds, e.Kind) {
		p.t.Errorf("event %q is not in the list", e.Kind)
	}
	line := fmt.Sprintf("* %v %s %s", e.Time.Sub(p.begin), e.Kind, e.Number)
	if e.Body != "" {
		line += " " + strconv.Quote(e.Body)
	}
	p.write("%s\n", strings.TrimRight(line, " "))
}

// tell writes down what the modem has said since.
func (p *player) tell() {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.said.String()
	p.said.Reset()
	if s == "" {
		return
	}
	if p.exact {
		fmt.Fprintf(&p.out, "< %q\n", s)
		return
	}
	for l := range strings.SplitSeq(s, "\r\n") {
		if l != "" {
			fmt.Fprintf(&p.out, "< %s\n", l)
		}
	}
}

func (p *player) step(line string, send func(string)) {
	p.write("%s\n", line)
	kind, rest, _ := strings.Cut(line, " ")
	switch kind {
	case ">":
		send(rest + "\r")
	case "!":
		s, err := strconv.Unquote(rest)
		if err != nil {
			p.t.Fatalf("%s: %v", line, err)
		}
		send(s)
	case "@":
		p.world(rest)
	}
	synctest.Wait()
	p.tell()
}

func (p *player) world(what string) {
	if d, err := time.ParseDuration(what); err == nil {
		time.Sleep(d)
		return
	}
	r := p.modem.control(context.Background(), []byte(what))
	switch {
	case r.Error != "":
		p.write("= %s\n", r.Error)
	case r.Phones != nil:
		for _, ph := range *r.Phones {
			p.write("= %s\n", ph.Number)
			for _, t := range ph.Texts {
				p.write("=   text %s parts=%d %q\n", t.Direction, t.Parts, t.Body)
			}
			for _, c := range ph.Calls {
				p.write("=   call %s %s digits=%q tones=%q\n", c.Direction, c.Result, c.Digits, c.Tones)
				for _, h := range c.Heard {
					p.write("=     %s heard %q\n", p.since(h.Time), h.Tones)
				}
				for _, m := range c.Microphone {
					p.write("=     %s microphone open=%v\n", p.since(m.Time), m.Open)
				}
			}
		}
	}
}

func (p *player) since(at string) time.Duration {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		p.t.Error(err)
	}
	return t.Sub(p.begin)
}

func play(t *testing.T, script, kind string, exact bool) string {
	p := &player{t: t, exact: exact}
	p.begin = networkTime()
	p.modem = New(Options{Kind: kind, Now: networkTime, Wire: p.wire, Event: p.event})
	defer p.modem.Close()
	line := p.modem.Line()
	send := func(s string) {
		if _, err := line.Write([]byte(s)); err != nil {
			line = p.modem.Line()
			if _, err = line.Write([]byte(s)); err != nil {
				p.write("= the line has ended\n")
			}
		}
	}
	for l := range strings.SplitSeq(strings.TrimRight(script, "\n"), "\n") {
		if l == "" || strings.HasPrefix(l, "#") {
			p.write("%s\n", l)
			continue
		}
		if strings.HasPrefix(l, "<") || strings.HasPrefix(l, "*") || strings.HasPrefix(l, "=") {
			continue
		}
		p.step(l, send)
	}
	return p.out.String()
}

func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			script, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var got string
			synctest.Test(t, func(t *testing.T) { got = play(t, string(script), kindOf(name), strings.HasPrefix(name, "exact")) })
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(script) {
				t.Errorf("%s has changed:\n%s", file, difference(string(script), got))
			}
		})
	}
}

// kindOf is the kind of modem that a transcript is of: kind_ec25.txt.
func kindOf(name string) string {
	kind, _ := strings.CutPrefix(name, "kind_")
	if !slices.Contains(Kinds(), kind) {
		return ""
	}
	return kind
}

// difference shows the first lines that are not alike.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, a, b)
		}
	}
	return ""
}
