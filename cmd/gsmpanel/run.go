package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gsmpanel/gsmpanel/control"
	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio/receiver"
	"github.com/gsmpanel/gsmpanel/store"
	"github.com/gsmpanel/gsmpanel/wired"
)

// confFile is the decoder list that the daemon writes for rtl_433.
const confFile = "rtl_433.conf"

// runPanel is the daemon: it wires the edges to the panel and runs until ctx
// ends. It prints `ready` on stderr once the socket answers.
func runPanel(ctx context.Context, o runOptions, stderr io.Writer) (err error) {
	log := slog.New(slog.NewTextHandler(stderr, nil))
	st, err := openForGood(o.Data)
	if err != nil {
		return notStarted{err}
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	d, err := newDaemon(o, st, log)
	if err != nil {
		return notStarted{err}
	}
	return d.run(ctx, stderr)
}

// notStarted is why a panel could not even start.
type notStarted struct{ error }

func (e notStarted) Unwrap() error { return e.error }

// failedStartRests is how long a panel that could not start stays, where a service manager would
// start it again at once, and for ever: what is the matter with its files or its disk
// seldom mends itself, and each start reads all of them and writes a log.
const failedStartRests = 30 * time.Second

func rest(ctx context.Context, err error) {
	if why := (notStarted{}); !errors.As(err, &why) || supervisorOf(os.Getenv, os.Getpid()).socket == "" {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(failedStartRests):
	}
}

// commandsEnd is how long a start waits for a command that has the database open.
const commandsEnd = 10 * time.Second

// openForGood opens the database of a panel that starts. A daemon that has it
// already answers on its socket; anything else soon lets go.
func openForGood(dir string) (*store.Store, error) {
	var o store.Options
	if _, err := control.Dial(filepath.Join(dir, socketName)); err != nil {
		o.Wait = commandsEnd
	}
	st, err := store.Open(dir, o)
	return st, started(dir, err)
}

// daemon is the panel and its edges.
type daemon struct {
	options runOptions
	log     *slog.Logger
	panel   *panel.Panel
	modem   *modem.Modem
	line    *gsmLine
	siren   wired.Siren
	keypad  *wired.Keypad // nil where there is none
	loops   *wired.Loops
	mains   *wired.Mains  // nil where nobody watches them
	power   *wired.Output // of the modem, nil where nothing switches it
	ether   *ether
	daily   daily
	trace   *trace
	listen  net.Listener
	systemd supervisor
}

func newDaemon(o runOptions, st *store.Store, log *slog.Logger) (*daemon, error) {
	c, s, err := st.Load()
	if err != nil {
		return nil, started(o.Data, err)
	}
	d := &daemon{options: o, log: log, systemd: supervisorOf(os.Getenv, os.Getpid())}
	if d.trace, err = openTrace(os.Getenv("GSMPANEL_TRACE")); err != nil {
		return nil, err
	}
	if d.siren, err = wired.OpenSiren(o.Siren, d.fault(panel.SirenTrouble)); err != nil {
		return nil, err
	}
	if o.Mains != "" {
		if d.mains, err = wired.OpenMains(o.Mains); err != nil {
			return nil, err
		}
	}
	d.loops = wired.NewLoops(hears(func(e panel.Event) { d.panel.Post(e) }, log))
	if o.Keypad != "" {
		if d.keypad, err = wired.OpenKeypad(o.Keypad); err != nil {
			return nil, err
		}
	}
	if err := writeConf(filepath.Join(o.Data, confFile)); err != nil {
		log.Error("cannot write the receiver's decoder list", "error", err) // an old one may be there
	}
	clock := &wallClock{}
	options := modem.Options{Open: modem.Serial(o.Modem, o.Baud), Baud: o.Baud, Kind: o.ModemKind, Trace: d.trace.line(), Log: log,
		Shown: func(number string) bool { return d.panel.Overheard(number) }, Plain: panel.Plain}
	if err := d.switches(&options, st); err != nil {
		return nil, err
	}
	d.modem = modem.New(options)
	d.line = newLine(d.modem, clock)
	d.panel = panel.New(c, s, panel.Shell{Store: st, Key: st.Key(), Random: rand.Reader, Line: d.line,
		Siren: d.sound, Chirp: d.siren.Chirp, NoSiren: o.noSiren(), Wires: d.wires, Taken: o.taken(), Clock: clock.now, BootID: bootID(), Log: log})
	d.ether = newEther(o.Radio, filepath.Join(o.Data, confFile), log)
	d.ether.knows, d.ether.post, d.ether.known = d.panel.Knows, d.panel.Post, d.enrolled
	d.ether.remember(s.Radio.Noise)
	d.line.post, d.line.text, d.line.shown = d.panel.Post, d.panel.Receive, d.panel.InHouse
	d.daily = d.backups(st, clock)
	d.listen, err = control.Listen(filepath.Join(o.Data, socketName))
	return d, started(o.Data, err)
}

// writeConf puts the decoder list in the place of another one, whole or not at all: a
// disk that is full must not leave the receiver deaf.
func writeConf(path string) error {
	if old, err := os.ReadFile(path); err == nil && string(old) == receiver.Conf {
		return nil
	}
	made := path + ".new"
	if err := os.WriteFile(made, []byte(receiver.Conf), 0o644); err != nil {
		return errors.Join(err, os.Remove(made))
	}
	return os.Rename(made, path)
}

func (d *daemon) sound(pattern string) {
	if err := d.siren.Set(pattern != "", pattern); err != nil {
		d.log.Error("cannot set the siren", "error", err)
	}
}

// readKeypad hands on what is typed. What it says in the log has no key in it.
func (d *daemon) readKeypad(ctx context.Context) error {
	fails := d.fault(panel.KeypadTrouble)
	d.keypad.Run(ctx, func(k wired.Key) { d.panel.Typed(byte(k)) }, func(err error) {
		if err != nil {
			d.log.Warn("the keypad does not work", "device", d.options.Keypad, "error", err)
		}
		fails(err)
	})
	return nil
}

// enrolled are the IDs that learning compares new ones to.
func (d *daemon) enrolled() []string {
	public, err := d.panel.Public(context.Background())
	if err != nil {
		d.log.Error("cannot tell what is enrolled", "error", err)
	}
	return enrolled(public)
}

// run starts the edges once the panel has taken up its state, and ends when the
// panel does.
func (d *daemon) run(ctx context.Context, stderr io.Writer) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	defer d.systemd.stopping(ctx)()
	var edges sync.WaitGroup
	edge := func(name string, run func(context.Context) error) {
		edges.Go(func() {
			if err := run(ctx); err != nil && ctx.Err() == nil {
				stop(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	err := d.panel.Run(ctx, func() {
		edge("modem", func(ctx context.Context) error { return d.line.run(ctx) })
		edge("socket", func(ctx context.Context) error {
			return control.Serve(ctx, d.listen, d.panel, d.panel.Follow, d.ether.learn, d.log)
		})
		if d.keypad != nil {
			edge("keypad", d.readKeypad)
		}
		edge("loops", func(ctx context.Context) error { d.loops.Run(ctx); return nil })
		edge("mains", d.watchMains)
		edge("disk", func(ctx context.Context) error {
			watchDisk(ctx, func() (uint64, error) { return store.FreeOn(d.options.Data) }, d.panel.Post)
			return nil
		})
		edge("backups", func(ctx context.Context) error { d.daily.run(ctx); return nil })
		if len(d.ether.sources) == 0 {
			edge("radio", func(context.Context) error { d.panel.Post(panel.Receivers{}); return nil })
		}
		edge("radio", d.ether.watchScan)
		for source := range d.ether.sources {
			edge("radio", func(ctx context.Context) error { return d.ether.run(ctx, source) })
		}
		edge("watchdog", func(ctx context.Context) error { d.systemd.feed(ctx, d.alive); return nil })
		if d.options.Metrics != "" {
			edge("metrics", d.showMetrics)
		}
		edge("ready", func(ctx context.Context) error { return d.sayReady(ctx, stderr) })
	})
	stop(nil)
	edges.Wait()
	d.siren.Close()
	if d.power != nil {
		d.power.Close()
	}
	d.trace.close()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// modemPatience is how long the word `ready` waits for the modem: a panel
// without one still arms, sounds and keeps its log.
const modemPatience = 20 * time.Second

func (d *daemon) sayReady(ctx context.Context, stderr io.Writer) error {
	select {
	case <-ctx.Done():
		return nil
	case <-d.line.up:
	case <-time.After(modemPatience):
	}
	if o, err := d.panel.Outward(ctx); err == nil {
		for _, w := range o.Warnings {
			d.log.Warn(w)
		}
	}
	d.systemd.say("READY=1")
	_, err := fmt.Fprintln(stderr, "ready")
	return err
}
