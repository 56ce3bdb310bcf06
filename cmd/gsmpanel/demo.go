package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/store"
)

// fastCost is for codes that guard nothing.
var fastCost = duress.Cost{Time: 1, MemoryKiB: 8}

// demo is a real panel on a simulated modem, in a temporary directory.
type demo struct {
	people   []demoPerson
	pace     demoPace
	rtl433   bool              // use it where it is installed
	faults   []simulator.Fault // of the modem, from the start
	patience time.Duration     // with each scene
	stirred  func()            // is told that something happened; may be nil

	dir     string
	modem   *simulator.Modem
	air     antenna
	keypad  *os.File
	stderr  lockedBuffer
	began   time.Time
	running bool
	ended   chan error

	mu   sync.Mutex
	line *simulator.PTY // nil while the modem is unplugged
	at   demoThings
}

// demoThings are the things of the house, as they are now.
type demoThings struct {
	open    bool // the front door
	back    bool // the back door is open
	flat    bool // the battery of its sensor
	dark    bool // the mains is cut
	jammed  bool // the air
	noModem bool // it is unplugged
	deaf    bool // the receiver is
}

// runDemo is live at a terminal, and plays the scenario elsewhere.
func runDemo(ctx context.Context, w io.Writer, script bool) error {
	out, ok := w.(*os.File)
	if ok && !script && term.IsTerminal(int(out.Fd())) && term.IsTerminal(int(os.Stdin.Fd())) && os.Getenv("TERM") != "dumb" {
		return liveDemo().show(ctx, os.Stdin, out)
	}
	return scriptedDemo().play(ctx, w)
}

func scriptedDemo() *demo {
	return &demo{people: demoPeople(), pace: scriptPace, patience: sceneTime}
}

// play plays the scenario. Every command is typed into a simulated phone, and
// every text that is printed went through the modem.
func (d *demo) play(ctx context.Context, w io.Writer) (err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer func() { err = errors.Join(err, d.close(stop)) }()
	if err := d.raise(ctx); err != nil {
		return err
	}
	story := d.scenario(ctx, w)
	d.printPhones(w)
	if story != nil {
		return fmt.Errorf("the demo did not go as it should: %w", story)
	}
	return nil
}

// raise builds the house and starts its panel.
func (d *demo) raise(ctx context.Context) error {
	d.began, d.ended = time.Now(), make(chan error, 1)
	if err := d.build(ctx); err != nil {
		return fmt.Errorf("cannot build the demo: %w", err)
	}
	for _, f := range d.faults {
		if err := d.modem.Fault(f); err != nil {
			return err
		}
	}
	if err := d.start(ctx); err != nil {
		return fmt.Errorf("cannot start the panel of the demo: %w", err)
	}
	return nil
}

func (d *demo) build(ctx context.Context) error {
	var err error
	if d.dir, err = os.MkdirTemp("", "gsmpanel-demo-"); err != nil {
		return err
	}
	d.modem = simulator.New(simulator.Options{SendTime: 400 * time.Millisecond, SetupTime: 400 * time.Millisecond, ClockRuns: true,
		Event: func(simulator.Event) {
			if d.stirred != nil {
				d.stirred()
			}
		}})
	for _, p := range d.people {
		d.modem.SetPhone(p.number, p.phone)
	}
	if err := d.plugModem(); err != nil {
		return err
	}
	if err := d.switchMains(true); err != nil {
		return err
	}
	if d.air, err = openAntenna(d.dir, d.rtl433); err != nil {
		return err
	}
	if err := d.hangKeypad(); err != nil {
		return err
	}
	st, err := store.Open(d.data(), store.Options{Cost: fastCost})
	if err != nil {
		return err
	}
	defer st.Close()
	c, s, err := st.Load()
	if err != nil {
		return err
	}
	if err := d.furnish(ctx, panel.NewOffline(c, s, st, st.Key(), rand.Reader, time.Now)); err != nil {
		return err
	}
	return asIfLongAgo(st)
}

// asIfLongAgo forgets that codes were given when the house was furnished, because
// of which callers would hear busy.
func asIfLongAgo(st *store.Store) error {
	c, s, err := st.Load()
	if err != nil {
		return err
	}
	s.Sealed.HushUntil = 0
	return st.Commit(panel.Snapshot{Config: c, State: s})
}

func (d *demo) data() string { return filepath.Join(d.dir, "data") }

// startsWithin is what a slow board needs to start the panel, or a receiver.
const startsWithin = time.Minute

// start runs the panel as `gsmpanel run` does, and waits until it hears and sends.
func (d *demo) start(ctx context.Context) error {
	siren, err := d.sirenScript()
	if err != nil {
		return err
	}
	o := runOptions{Data: d.data(), Modem: filepath.Join(d.dir, "modem"), Baud: 115200,
		Radio: []string{"exec:" + dongle{d.dir}.around(d.air.command())}, Siren: "exec:'" + siren + "'", Keypad: d.keypadPath(), Mains: d.mainsFile()}
	o.fill()
	d.running = true
	go func() { d.ended <- runPanel(ctx, o, &d.stderr) }()
	if err := d.until(ctx, startsWithin, "the panel is ready", func() bool { return strings.Contains(d.stderr.String(), "ready") }); err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, startsWithin)
	defer stop()
	if err := d.air.ready(ctx); err != nil {
		return broken("gsmpanel demo --script needs no rtl_433", "rtl_433 is installed, but does not listen to the simulated antenna: %w", err)
	}
	return nil
}

// mainsFile is what tells the panel whether there is mains power, 1 or 0.
func (d *demo) mainsFile() string { return filepath.Join(d.dir, "mains") }

func (d *demo) switchMains(on bool) error {
	text := "0\n"
	if on {
		text = "1\n"
	}
	return os.WriteFile(d.mainsFile(), []byte(text), 0o600)
}

// sirenScript writes down what a siren would be told.
func (d *demo) sirenScript() (string, error) {
	path := filepath.Join(d.dir, "siren.sh")
	script := "#!/bin/sh\nprintf '%s %s\\n' \"$1\" \"$2\" >> '" + d.sirenLog() + "'\n"
	return path, os.WriteFile(path, []byte(script), 0o700)
}

func (d *demo) sirenLog() string { return filepath.Join(d.dir, "siren.log") }

// sirenHeard is what the siren was told.
type sirenHeard struct {
	pattern string // how it sounds; "" when it does not
	chirps  int    // so far
}

func (d *demo) siren() sirenHeard {
	b, err := os.ReadFile(d.sirenLog())
	if err != nil {
		return sirenHeard{} // it has not been told anything yet
	}
	return hearSiren(string(b))
}

const chirp = "chirp"

// hearSiren reads the lines of a siren's script: on or off, and the pattern.
func hearSiren(log string) (h sirenHeard) {
	for line := range strings.Lines(log) {
		word, pattern, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case pattern == chirp && word == "on":
			h.chirps++
		case pattern == chirp:
		case word == "on":
			h.pattern = pattern
		default:
			h.pattern = ""
		}
	}
	return h
}

func (d *demo) close(stop func()) error {
	stop()
	var err error
	if d.running {
		err = <-d.ended
	}
	if d.air != nil {
		err = errors.Join(err, d.air.Close())
	}
	if d.keypad != nil {
		err = errors.Join(err, d.keypad.Close())
	}
	if d.modem != nil {
		err = errors.Join(err, d.modem.Close())
	}
	return errors.Join(err, os.RemoveAll(d.dir))
}

// until waits for something that should come to pass.
func (d *demo) until(ctx context.Context, limit time.Duration, what string, done func() bool) error {
	deadline := time.After(limit)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		case err := <-d.ended:
			d.ended <- err
			return fmt.Errorf("the panel ended before %s: %w", what, err)
		case <-deadline:
			return fmt.Errorf("waited %s in vain until %s", limit, what)
		}
	}
	return nil
}

// lockedBuffer is standard error of the panel in the demo: the newest of it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

const keptMessages = 64 << 10

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.b.Write(p)
	if over := l.b.Len() - keptMessages; over > 0 {
		l.b.Next(over)
	}
	return n, err
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
