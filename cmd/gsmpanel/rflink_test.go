package main

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/radio/signal"
)

// plugged is an RFLink that is plugged in.
func plugged(t *testing.T, rate int) (board *signal.RFLink, source string) {
	t.Helper()
	port := filepath.Join(t.TempDir(), "rflink")
	board, err := signal.PlugInRFLink(port, rate)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(board.Unplug)
	return board, "rflink:" + port
}

// until waits until the panel was told all of these since it was asked last.
func (p *posted) until(t *testing.T, what string, want ...panel.Event) {
	t.Helper()
	for end := time.Now().Add(mostWait); ; time.Sleep(5 * time.Millisecond) {
		p.mu.Lock()
		if len(p.events) >= len(want) || time.Now().After(end) {
			if !reflect.DeepEqual(p.events, want) {
				t.Errorf("%s: the panel was told %+v instead of %+v", what, p.events, want)
			}
			p.events = nil
			p.mu.Unlock()
			return
		}
		p.mu.Unlock()
	}
}

// untilUp lets a board hear a stranger until so many receivers are up.
func (p *posted) untilUp(board *signal.RFLink, up int) {
	for end := time.Now().Add(mostWait); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		p.mu.Lock()
		enough := p.stand.Up == up
		p.mu.Unlock()
		if enough {
			return
		}
		board.Says("20;48;EV1527;ID=065432;SWITCH=01;CMD=ON;")
	}
}

// Three receivers of three kinds, as for three bands: what two of them hear is one
// press; when one ends or is unplugged that is a trouble of its own, with its number,
// and the others go on. The program rtl_433 is a stand-in.
func TestReceiversOfThreeKinds(t *testing.T) {
	dir := t.TempDir()
	pipe := func(name string) *os.File {
		f, err := openPipe(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	rtl, other := pipe("rtl"), pipe("other")
	script := "#!/bin/sh\ncase \"$*\" in *-V) exit;; esac\necho beat >&2\nexec cat '" + rtl.Name() + "'\n"
	if err := os.WriteFile(filepath.Join(dir, "rtl_433"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	board, rflink := plugged(t, 57600)
	p := newPosted("rtl_433", "exec:if [ -e '"+dir+"/over' ]; then exec sleep 100; fi; while read -r line && [ \"$line\" != end ]; do echo \"$line\"; done < '"+other.Name()+"'; touch '"+dir+"/over'; exit 4", rflink)
	p.knows = func(id string) panel.Known {
		return panel.Known{Enrolled: strings.HasPrefix(id, "ev1527:13"), Followed: id == etherGestures}
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	for source := range p.sources {
		running.Go(func() {
			if err := p.run(ctx, source); err != nil {
				t.Error(err)
			}
		})
	}
	defer running.Wait()
	defer stop()

	say := func(f *os.File, code string) {
		line := `{"model":"EV1527","code":"` + code + `"}` + "\n"
		if _, err := f.WriteString(line + line); err != nil {
			t.Fatal(err)
		}
	}
	works := func(unit int) panel.Event {
		return panel.Fault{Name: panel.RadioTrouble, Unit: unit, Of: 3}
	}
	fails := func(unit int, why string) panel.Event {
		return panel.Fault{Name: panel.RadioTrouble, Unit: unit, Of: 3, On: true, Why: why}
	}
	say(rtl, "123456")
	p.until(t, "rtl_433 hears a stranger", works(1))
	say(other, "123456")
	p.until(t, "the command hears a stranger", works(2))
	p.untilUp(board, 3)
	p.until(t, "RFLink hears a stranger", works(3))

	board.Says("20;49;EV1527;ID=013111;SWITCH=01;CMD=ON;")
	p.until(t, "RFLink hears a press", panel.Pressed{ID: "ev1527:131111", Source: 2})
	say(rtl, "131111")
	say(other, "131111")
	board.Says("20;4A;EV1527;ID=013cd0;SWITCH=0c;CMD=ON;")
	p.until(t, "and two others the same, and RFLink of a button with gestures no more than a press", panel.Pressed{ID: etherGestures, Source: 2})

	if _, err := other.WriteString("end\n"); err != nil {
		t.Fatal(err)
	}
	p.until(t, "the command ends", fails(2, "receiver 2 of 3, exec: the radio command ended with status 4"))
	board.Unplug()
	p.until(t, "RFLink is gone", fails(3, "receiver 3 of 3, rflink: the RFLink at "+strings.TrimPrefix(rflink, "rflink:")+" is gone; is it plugged in?"))
	say(rtl, "132222")
	p.until(t, "rtl_433 goes on", panel.Pressed{ID: "ev1527:132222"})
	if want := (panel.Receivers{Up: 1, Of: 3, PressOnly: []int{3}}); !reflect.DeepEqual(p.stand, want) {
		t.Errorf("told that %+v, want %+v", p.stand, want)
	}
}

// Two lines of an RFLink may be two presses, or one that it heard with a gap: nothing
// is said of how long that was, or that it was two.
func TestRFLinkSaysNoLength(t *testing.T) {
	p := newPosted("rtl_433", "rflink:/dev/ttyUSB1")
	for ms := 0; ms <= 1200; ms += 600 {
		p.hear(1, radio.Frame{Family: radio.FamilyEV1527, ID: etherGestures, Alone: true}, p.began.Add(time.Duration(ms)*time.Millisecond))
	}
	p.expect(t, panel.Pressed{ID: etherGestures, Source: 1})
}

// Learning by an RFLink: one line is a device, and how strong it is nobody knows.
func TestLearnByRFLink(t *testing.T) {
	t.Parallel()
	board, source := plugged(t, 57600)
	done := make(chan struct{})
	defer close(done)
	go func() {
		for each := time.NewTicker(100 * time.Millisecond); ; {
			select {
			case <-done:
				each.Stop()
				return
			case <-each.C:
				board.Says("20;49;EV1527;ID=000373;SWITCH=0a;CMD=ON;")
				board.Says("20;4A;PT2262;ID=755D5;SWITCH=01;CMD=ON;")
			}
		}
	}()
	classroom{t, t.TempDir()}.until([]string{
		"ev1527:00373A  a fixed code of 24 bits: a fob's button, a door contact or a motion sensor (strength unknown)", "a device of the family pt2262: this version can't use it",
	}, nil, "learn", "--seconds", "3600", "--radio", source)
}

// A running panel whose only receiver is an RFLink refuses a button with gestures;
// with another one beside it says which of them must hear it; and without a panel
// that nobody knows.
func TestGesturesAtAnRFLink(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		beside []string // an RFLink
		status int
		says   string
	}{
		{"alone", nil, failed, "gsmpanel: of ev1527:73CDC0 it can't be told how long or how often it is pressed"},
		{"beside another", []string{"exec:exec sleep 1000"}, 0, "note: how long or how often a button is pressed is told by receiver 1 alone: have it near enough to that one; receiver 2 is an RFLink, which says only that it was pressed"},
		{"no panel", nil, 0, "note: how long or how often a button is pressed is told by rtl_433, and not by an RFLink"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := classroom{t, t.TempDir()}
			if c.name == "no panel" {
				k.settle()
			} else {
				board, source := plugged(t, 57600)
				k = school(t, append(c.beside, source)...)
				k.knowsReceivers(board)
			}
			_, errs, status := k.run("remote", "add", "Bed", "--button", "ev1527:73CDC0=single=none,hold=audible")
			if status != c.status || !strings.Contains(errs, c.says) {
				t.Errorf("it ended with %d: %s", status, errs)
			}
		})
	}
}

// knowsReceivers waits until the panel knows how its receivers stand.
func (c classroom) knowsReceivers(board *signal.RFLink) {
	c.Helper()
	for end, pause := time.Now().Add(mostWait), 50*time.Millisecond; strings.Contains(c.do("status"), "Radio: starting"); pause = rarer(pause) {
		time.Sleep(pause)
		if time.Now().After(end) {
			c.Fatal("it does not know its receivers")
		}
		board.Says("20;48;EV1527;ID=065432;SWITCH=01;CMD=ON;")
	}
}
