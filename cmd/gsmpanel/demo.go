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

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/modem/simulator"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/store"
	"github.com/gsmpanel/gsmpanel/zones"
)

// demoPerson is somebody in the demo, with a phone of their own.
type demoPerson struct {
	name, number string
	control      bool
	phone        simulator.Behaviour
}

// demoPeople is the household and its friends.
func demoPeople() []demoPerson {
	return []demoPerson{
		{name: "Anna", number: "+447700900001", control: true, phone: simulator.Behaviour{Rejects: true}},
		{name: "Ben", number: "+447700900002", phone: simulator.Behaviour{AnswerAfter: time.Second, Digits: "1"}},
		{name: "Cleo", number: "+447700900003", phone: simulator.Behaviour{Voicemail: true}},
	}
}

// Codes of the demo. They guard nothing.
const (
	demoCode   = "482913"
	demoDuress = "730586"
	demoDoor   = "ev1527:13CDC0"
)

// fastCost is for codes that guard nothing.
var fastCost = duress.Cost{Time: 1, MemoryKiB: 8}

// demo is a real panel on a simulated modem, in a temporary directory.
type demo struct {
	people   []demoPerson
	faults   []simulator.Fault // of the modem, from the start
	patience time.Duration     // with each scene
	modem    *simulator.Modem
	dir      string
	sensor   *os.File // the receiver's lines
	stderr   lockedBuffer
	began    time.Time
	ended    chan error
}

// runDemo plays the scenario. Every command is typed into a simulated phone, and
// every text that is printed went through the modem.
func runDemo(ctx context.Context, w io.Writer, _ bool) error {
	return (&demo{people: demoPeople(), patience: sceneTime}).play(ctx, w)
}

func (d *demo) play(ctx context.Context, w io.Writer) (err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	d.began, d.ended = time.Now(), make(chan error, 1)
	defer func() { err = errors.Join(err, d.close(stop)) }()
	if err := d.build(); err != nil {
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
	story := d.scenario(ctx, w)
	d.printPhones(w)
	if story != nil {
		return fmt.Errorf("the demo did not go as it should: %w", story)
	}
	return nil
}

// build makes the household's configuration as the command line would.
func (d *demo) build() error {
	var err error
	if d.dir, err = os.MkdirTemp("", "gsmpanel-demo-"); err != nil {
		return err
	}
	d.modem = simulator.New(simulator.Options{SendTime: 400 * time.Millisecond, SetupTime: 400 * time.Millisecond})
	for _, p := range d.people {
		d.modem.SetPhone(p.number, p.phone)
	}
	if _, err := d.modem.PTY(filepath.Join(d.dir, "modem")); err != nil {
		return err
	}
	st, err := store.Open(filepath.Join(d.dir, "data"), store.Options{Cost: fastCost})
	if err != nil {
		return err
	}
	defer st.Close()
	c, s, err := st.Load()
	if err != nil {
		return err
	}
	desk := panel.NewOffline(c, s, st, st.Key(), rand.Reader, time.Now)
	return d.furnish(context.Background(), desk)
}

func (d *demo) furnish(ctx context.Context, desk panel.Desk) error {
	name, address, zone, country := "Mill Lane", "12 Mill Lane, Hexton", "Europe/London", "GB"
	edits := []panel.Edit{panel.SetSite{Name: &name, Address: &address, Zone: &zone, Country: &country}}
	for _, p := range d.people {
		edits = append(edits, panel.AddContact{Quiet: true, Contact: alert.Contact{Name: p.name, Number: p.number, Control: p.control, OffSite: !p.control}})
	}
	edits = append(edits, panel.AddZone{Zone: zones.Zone{Name: "Front door", Type: zones.Entry, Sensor: demoDoor}},
		panel.Set{Name: "exit-delay", Value: "3"}, panel.Set{Name: "entry-delay", Value: "3"}, panel.Set{Name: "abort-window", Value: "3"})
	for _, e := range edits {
		if err := desk.Edit(ctx, e); err != nil {
			return err
		}
	}
	if err := desk.Codes(ctx, panel.CodeRequest{Do: "add", Name: "Anna", Kind: duress.User, New: demoCode}, nil); err != nil {
		return err
	}
	return desk.Codes(ctx, panel.CodeRequest{Do: "add", Name: "Anna", Kind: duress.Duress, Present: demoCode, New: demoDuress}, nil)
}

// start runs the panel as `gsmpanel run` does.
func (d *demo) start(ctx context.Context) error {
	air := filepath.Join(d.dir, "air")
	var err error
	if d.sensor, err = openPipe(air); err != nil {
		return err
	}
	o := runOptions{Data: filepath.Join(d.dir, "data"), Modem: filepath.Join(d.dir, "modem"), Baud: 115200,
		Radio: []string{"exec:exec cat '" + air + "'"}, Siren: "exec:'" + d.sirenScript() + "'"}
	go func() { d.ended <- runPanel(ctx, o, &d.stderr) }()
	return d.until(ctx, 20*time.Second, "the panel is ready", func() bool { return strings.Contains(d.stderr.String(), "ready") })
}

// sirenScript writes down what a siren would be told.
func (d *demo) sirenScript() string {
	path := filepath.Join(d.dir, "siren.sh")
	script := "#!/bin/sh\nprintf '%s %s\\n' \"$1\" \"$2\" >> '" + filepath.Join(d.dir, "siren.log") + "'\n"
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		return "true" // the siren then stays unheard, and the scenario says so
	}
	return path
}

func (d *demo) siren() string {
	b, err := os.ReadFile(filepath.Join(d.dir, "siren.log"))
	if err != nil {
		return ""
	}
	lines := strings.Fields(strings.TrimSpace(string(b)))
	if len(lines) < 2 {
		return ""
	}
	return lines[len(lines)-2]
}

func (d *demo) close(stop func()) error {
	stop()
	var err error
	if d.sensor != nil {
		err = <-d.ended
		err = errors.Join(err, d.sensor.Close())
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

// lockedBuffer is standard error of the panel in the demo.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
