package wired

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestOpenMainsRefuses(t *testing.T) {
	for _, in := range []string{"", "none", "exec:", "exec: ", "gpio:gpiochip0", "gpio:gpiochip0:22:no", "AC", "gpio:/dev/gpiochip0:22"} {
		if _, err := OpenMains(in); err == nil || !strings.Contains(err.Error(), strconv.Quote(in)) || !strings.Contains(err.Error(), "for example gpio:") {
			t.Errorf("OpenMains(%q): %v", in, err)
		}
	}
}

// watches runs a mains input whose words are written down.
func (b *board) watches(m *Mains) {
	ctx, end := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		m.Run(ctx, func(on bool) { b.notes(fmt.Sprint("mains ", on)) }, func(err error) { b.notes(fmt.Sprint("input ", err)) })
	}()
	b.t.Cleanup(func() { end(); <-done })
}

func TestMainsAtALine(t *testing.T) {
	onBoard(t, func(b *board) {
		m, err := OpenMains("gpio:gpiochip0:22:low")
		if err != nil {
			t.Fatal(err)
		}
		m.kernel = b
		b.watches(m)
		b.want("0s input <nil>", "0s mains true")
		time.Sleep(time.Minute)
		b.turn(22, true)
		time.Sleep(time.Minute)
		b.turn(22, false)
		time.Sleep(time.Minute)
		b.want("1m0.3s mains false", "2m0.3s mains true")
		b.unplug(true) // which says nothing of the mains
		time.Sleep(time.Minute)
		b.want("3m1s input gpiochip0 is gone", "3m2s input there is no gpiochip0 (`gpiodetect` shows the chips)")
		b.unplug(false)
		time.Sleep(5 * time.Second)
		b.want("4m4s input <nil>", "4m4s mains true")
	})
}

// An input that fails, or has nothing to say, says nothing of the mains.
func TestMainsThatAreAsked(t *testing.T) {
	onBoard(t, func(b *board) {
		answers := []struct {
			on  bool
			err error
		}{{true, nil}, {true, nil}, {false, nil}, {false, errors.New("torn out")}, {false, errors.New("torn out")}, {false, nil}, {true, errors.New("torn out")}, {true, nil}}
		n := -1
		b.watches(&Mains{every: time.Second, look: func(context.Context) (bool, error) {
			n = min(n+1, len(answers)-1)
			return answers[n].on, answers[n].err
		}})
		time.Sleep(time.Minute)
		b.want("0s input <nil>", "0s mains true", "2s mains false", "3s input torn out", "5s input <nil>", "5s mains false", "6s input torn out", "7s input <nil>", "7s mains true")
	})
}

func TestMainsFile(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		text string
		on   bool
		says string
	}{
		"on": {"1\n", true, ""}, "off": {"0\n", false, ""}, "programmable": {"2\n", true, ""},
		"empty": {"", false, `holds ""; 1 and 0 are allowed`}, "other": {"online", false, `holds "online"`}, "gone": {"-", false, "no such file"},
	} {
		path := filepath.Join(dir, name)
		if c.text != "-" {
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		on, err := readDigit(path)
		if on != c.on || (err == nil) != (c.says == "") || err != nil && (!strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), path)) {
			t.Errorf("%s: %v, %v", name, on, err)
		}
	}
	if _, err := readDigit(dir); err == nil || !strings.Contains(err.Error(), "no plain file") {
		t.Errorf("a directory: %v", err)
	}
}

// A command that says no is told from one that says nothing.
func TestMainsCommand(t *testing.T) {
	for name, c := range map[string]struct {
		command string
		on      bool
		says    string
	}{
		"there":           {"true", true, ""},
		"gone":            {"exit 3;", false, ""},
		"no such program": {"/nonexistent/upsc", false, "no such program"},
		"not executable":  {"/dev/null", false, "not executable"},
		"killed":          {"kill -9 $$;", false, "killed"},
		"hangs":           {"sleep 66;", false, "did not end in 200ms and was killed"},
	} {
		on, err := askCommand(t.Context(), 200*time.Millisecond, c.command)
		if on != c.on || (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, %v", name, on, err)
		}
	}
}
