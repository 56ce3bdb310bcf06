package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/control"
	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/store"
)

const maxLearnSeconds = 3600

func (p *program) learnCommand() *cli.Command {
	return &cli.Command{
		Name: "learn", Usage: "hear sensors and fobs, and say what to type for them", Category: "The household", Action: p.learn,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "seconds", Value: "30", Usage: "how long, `SECONDS`, 1 to 3600"},
			radioFlag("where to listen while no panel runs, `SRC`, as of run"),
			jsonFlag(),
		},
	}
}

func (p *program) learn(c *cli.Context) error {
	if _, err := wants(c); err != nil {
		return err
	}
	seconds, err := strconv.Atoi(c.String("seconds"))
	if err != nil || seconds < 1 || seconds > maxLearnSeconds {
		return usage("", "--seconds cannot be %q; 1 to %d are allowed, for example --seconds 60", c.String("seconds"), maxLearnSeconds)
	}
	sources := radioSources(c.StringSlice("radio"))
	if err := checkRadio(sources); err != nil {
		return err
	}
	l := &lesson{program: p, dir: c.String("data"), json: c.Bool("json")}
	if err := l.open(c.Context); err != nil {
		return err
	}
	if l.daemon != nil && len(c.StringSlice("radio")) > 0 && os.Getenv("GSMPANEL_RADIO") == "" {
		p.tell("note: the panel runs and listens; --radio is for where none runs, and is left aside")
	}
	if l.daemon == nil && !slices.ContainsFunc(sources, func(s string) bool { return s != "none" }) {
		return noReceiver()
	}
	p.tell("Listening for %d s. Press each button of a fob by itself; open and close the door; open the sensor's cover; walk past the motion sensor. Ctrl-C ends it.", seconds)
	if err := l.listen(c.Context, seconds, sources); err != nil {
		return err
	}
	return l.end(context.WithoutCancel(c.Context))
}

// lesson is one run of learn.
type lesson struct {
	*program
	dir    string
	json   bool
	daemon *control.Client // nil where none runs
	public panel.Public    // what is enrolled; empty where there is no panel yet
	found  []radio.Finding
	down   []string // receivers that do not run
}

// open looks at what is enrolled. A panel's database is not held while listening,
// and none is made for it.
func (l *lesson) open(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(l.dir, store.DatabaseFile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	d, err := l.openDesk(l.dir)
	if err != nil {
		return err
	}
	l.daemon = d.daemon
	l.public, err = d.Public(ctx)
	return errors.Join(err, d.close())
}

// listen listens by the panel's receivers, or by its own.
func (l *lesson) listen(ctx context.Context, seconds int, sources []string) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	take := func(heard control.Learnt) error {
		err := l.take(heard)
		if err != nil {
			stop(err) // whoever read it has gone
		}
		return err
	}
	var err error
	if l.daemon != nil {
		err = l.daemon.Learn(ctx, seconds, func(heard control.Learnt) { _ = take(heard) }) // stop has the error
	} else {
		err = listenAlone(ctx, time.Duration(seconds)*time.Second, sources, enrolled(l.public), take)
	}
	if cause := context.Cause(ctx); err == nil && cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// take prints one thing that was heard.
func (l *lesson) take(heard control.Learnt) error {
	if heard.Finding == nil {
		l.down = heard.Down
		for _, why := range heard.Down {
			l.tell("warning: the radio receiver does not run: %s", oneLine(why))
		}
		if len(heard.Down) == 0 {
			l.tell("The radio receiver runs again.")
		}
		return nil
	}
	f := *heard.Finding
	l.found = append(l.found, f)
	if l.json {
		return json.NewEncoder(l.out).Encode(l.listed(f))
	}
	return l.say("%s", l.words(f))
}

// learntListed is a finding in a listing.
type learntListed struct {
	radio.Finding
	Strength string `json:"strength,omitempty"` // strong, good or weak
	Usable   bool   `json:"usable"`
	Zone     string `json:"zone,omitempty"`   // whose code it is already
	Remote   string `json:"remote,omitempty"` // the same
	Means    string `json:"means,omitempty"`  // what it does there: open, close, tamper, low battery, or the button's action
}

func (l *lesson) listed(f radio.Finding) learntListed {
	out := learntListed{Finding: f, Strength: f.Strength(), Usable: f.ID != ""}
	if z, means, ok := zoneOf(l.public, f.ID); ok {
		out.Zone, out.Means = z.Name, string(means)
	}
	if r, b, ok := remoteOf(l.public, f.ID); ok {
		out.Remote, out.Means = r.Name, b.Action
	}
	return out
}

// words says in one line what a finding is.
func (l *lesson) words(f radio.Finding) string {
	if f.ID == "" {
		return foreign(f.Family) + ": this version can't use it"
	}
	what := kind(f)
	if f.Like != "" {
		what = "looks like " + l.related(f)
	}
	if z, means, ok := zoneOf(l.public, f.ID); ok {
		what = fmt.Sprintf("belongs already to zone %d %s (%s)", z.Number, z.Name, means)
	}
	if r, b, ok := remoteOf(l.public, f.ID); ok {
		what = fmt.Sprintf("is already the button %s of %s", b.Action, r.Name)
	}
	return f.ID + "  " + what + strength(f)
}

// kind says what a finding is where nothing more is known of it.
func kind(f radio.Finding) string {
	switch {
	case f.Says != 0:
		return maker(f.Family) + " sensor that reports by itself: " + strings.Join(f.Says.Words(), ", ")
	case f.Family == radio.FamilyHCS:
		return "a button of a KeeLoq remote with rolling codes"
	case f.Family != radio.FamilyEV1527:
		return "a button of " + maker(f.Family) + " remote"
	}
	return "a fixed code of 24 bits: a fob's button, a door contact or a motion sensor"
}

// maker names whose family it is.
func maker(name string) string {
	named, known := map[string]string{
		radio.FamilyDSC: "a DSC", radio.FamilyHoneywell: "a Honeywell or 2GIG", radio.FamilyInterlogix: "a GE or Interlogix",
		radio.FamilySimpliSafe: "a SimpliSafe", radio.FamilySkylink: "a Skylink", radio.FamilyVisonic: "a Visonic",
	}[name]
	if !known {
		return "a " + name
	}
	return named
}

// related says what a code looks like beside another one.
func (l *lesson) related(f radio.Finding) string {
	of := f.Like
	if z, _, ok := zoneOf(l.public, f.Like); ok {
		of += fmt.Sprintf(" of zone %d %s", z.Number, z.Name)
	}
	if r, _, ok := remoteOf(l.public, f.Like); ok {
		of += " of " + r.Name
	}
	if f.Part == "" || f.Part == radio.PartOther {
		return string(radio.PartOther) + " as " + of
	}
	return fmt.Sprintf("the same device as %s: its %s", of, f.Part)
}

// strength says how well a device was heard.
func strength(f radio.Finding) string {
	switch {
	case f.SNR != 0:
		return fmt.Sprintf(" (%s, %.0f dB above the noise)", f.Strength(), math.Round(f.SNR))
	case f.RSSI != 0:
		return fmt.Sprintf(" (%.1f dB of the receiver's full scale)", f.RSSI)
	}
	return " (strength unknown)"
}

// foreign names what cannot be used.
func foreign(family string) string {
	name, known := map[string]string{
		radio.FamilySimpliSafe: "a SimpliSafe device of the third generation, whose words are encrypted, or a keypad",
		radio.FamilyHCS:        "a KeeLoq remote, by a decoder of rtl_433 that may garble its number: use the decoder list of RTL_433_CONF",
		radio.FamilyDSC:        "a DSC fob, whose buttons nobody has published",
		"yale":                 "a Yale device",
	}[family]
	if !known {
		return "a device of the family " + family
	}
	return name
}

// end prints what to type, or says why nothing was heard.
func (l *lesson) end(ctx context.Context) error {
	if len(l.found) == 0 {
		return l.nothing(ctx)
	}
	if l.json {
		return nil
	}
	devices := radio.Devices(l.found)
	lines := advice(l.public, commandFor(l.dir), devices)
	if len(lines) == 0 && len(devices) > 0 {
		lines = []string{"# Everything that was heard is in use already."}
	}
	for _, line := range append([]string{""}, lines...) {
		if err := l.say("%s", line); err != nil {
			return err
		}
	}
	return nil
}

// commandFor is how the commands of a panel begin.
func commandFor(dir string) string {
	if dir == defaultData || dir == os.Getenv("GSMPANEL_DATA") {
		return "gsmpanel"
	}
	return "gsmpanel --data " + quoted(dir)
}

func (l *lesson) nothing(ctx context.Context) error {
	const check = "check the device's battery, hold it within a few metres, check the receiver's antenna, and that the receiver is of the device's band (433.92 MHz, unless you set it otherwise)"
	why := l.down
	if len(why) == 0 && l.daemon != nil {
		why = l.troubles(ctx)
	}
	if len(why) == 0 {
		return broken(check, "nothing was heard")
	}
	return broken("mend the receiver first, then run gsmpanel learn again", "nothing was heard, and this may be why: %s", strings.Join(why, "; "))
}

// troubles are the panel's own that keep it from hearing.
func (l *lesson) troubles(ctx context.Context) (out []string) {
	o, err := l.daemon.Outward(ctx)
	if err != nil {
		return []string{err.Error()}
	}
	for _, t := range o.Troubles {
		if t.Name == string(panel.RadioTrouble) || t.Name == string(panel.JamTrouble) {
			out = append(out, t.Text)
		}
	}
	return out
}
