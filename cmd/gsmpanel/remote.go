package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
)

func (p *program) remoteCommand() *cli.Command {
	return &cli.Command{
		Name: "remote", Usage: "key fobs, panic buttons and what their buttons do", Category: "The household",
		Subcommands: []*cli.Command{
			{Name: "add", Usage: "take a fob or a panic button in; `gsmpanel learn` shows its buttons", ArgsUsage: "NAME", Action: p.remoteAdd,
				Description: remoteHelp,
				Flags: []cli.Flag{
					&cli.StringSliceFlag{Name: "button", Usage: "`ID=ACTION`, once for each button"},
					&cli.StringFlag{Name: "contact", Usage: "whose it is; without it the contact of the fob's own `NAME`"},
					&cli.BoolFlag{Name: "maker-key", Usage: "have rolling codes (hcs) checked by the maker's key, 16 hexadecimal digits by prompt or on standard input"},
				}},
			{Name: "list", Usage: "print the fobs and their buttons", Flags: []cli.Flag{jsonFlag()}, Action: p.remoteList},
			{Name: "remove", Usage: "take a fob out: lost, stolen or sold", ArgsUsage: "NAME", Action: p.remoteRemove},
		},
	}
}

const remoteHelp = `ACTION is one of
  arm, home, night, disarm   as the commands do
  status                     the siren answers: 1 chirp armed, 2 disarmed, 4 an alarm in memory
  silent                     calls for help; nothing at the place shows it
  audible                    siren, and calls for help
  fire, medical              the siren of an evacuation, and calls for the fire brigade; calls for an ambulance
  test                       starts a drill
  panic                      as single=none,double=silent,hold=audible: for a panic button
  duress-disarm              disarms as disarm does, and tells friends that it was under threat; listed as disarm
  none
or one for each way of pressing: single, double (two presses that begin within 2 s) and hold (2 s or
more), for example single=none,double=silent,hold=fire. duress-disarm stands alone, or as
single=disarm,hold=duress-disarm; most shells keep no line that begins with a blank.
What is bound to single alone acts at once, at a touch in a pocket too; with a double it waits 2 s for
the second press, with a hold until the button is let go.`

func (p *program) remoteAdd(c *cli.Context) error {
	args, err := wants(c, "NAME")
	if err != nil {
		return err
	}
	r := radio.Remote{Name: args[0], Contact: c.String("contact")}
	if r.Buttons, err = buttons(args[0], c.StringSlice("button")); err != nil {
		return err
	}
	add := panel.AddRemote{Remote: r}
	if c.Bool("maker-key") {
		if add.MakerKey, err = p.makerKey(c.Context); err != nil {
			return err
		}
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		if err := d.Edit(ctx, add); err != nil {
			return err
		}
		return p.sayRemote(ctx, d, r.Name)
	})
}

// makerKey reads a maker's key, unseen.
func (p *program) makerKey(ctx context.Context) (radio.MakerKey, error) {
	typed, err := p.unseen(ctx, "Maker's key, 16 hexadecimal digits")
	if err != nil {
		return 0, err
	}
	return radio.ParseMakerKey(typed)
}

// buttons reads the values of --button. Whether ID and action are known is the
// panel's to say.
func buttons(name string, given []string) ([]radio.Button, error) {
	const example = "for example --button ev1527:13CDC0=arm"
	if len(given) == 0 {
		return nil, usage("`gsmpanel learn` shows the ID of each button that you press", "remote %q needs --button, once for each of its buttons, %s", name, example)
	}
	out := make([]radio.Button, 0, len(given))
	for _, text := range given {
		id, action, found := strings.Cut(text, "=")
		if id, action = strings.TrimSpace(id), strings.TrimSpace(action); !found || id == "" || action == "" {
			return nil, usage("", "--button cannot be %q; it takes an ID as learn shows it, = and an action, %s", text, example)
		}
		out = append(out, radio.Button{ID: id, Action: action})
	}
	return out, nil
}

// sayRemote says back what each button does, and what is to be known of it.
func (p *program) sayRemote(ctx context.Context, d desk, name string) error {
	public, err := d.Public(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(public.Remotes, func(r radio.Remote) bool { return strings.EqualFold(r.Name, oneLine(name)) })
	if i < 0 {
		return p.say("It is done; somebody else has changed the remotes since.")
	}
	r := public.Remotes[i]
	bindings := make([]duress.Binding, len(r.Buttons))
	for n, b := range r.Buttons {
		if bindings[n], _, err = duress.ParseAction(b.Action); err != nil {
			return err
		}
	}
	costs := "Its buttons:"
	if !slices.ContainsFunc(bindings, func(b duress.Binding) bool { return !b.Plain() }) {
		costs = "Its buttons act at once, when pressed by accident too:"
	}
	if err := p.say("%s is taken in; it is %s. %s", r.Name, owner(r), costs); err != nil {
		return err
	}
	for n, b := range r.Buttons {
		if err := p.say("  %s %s.", b.ID, doesAll(bindings[n])); err != nil {
			return err
		}
	}
	for n, b := range r.Buttons {
		if cost := costOf(bindings[n]); cost != "" {
			p.tell("note: %s", b.ID+cost)
		}
	}
	if slices.ContainsFunc(bindings, func(b duress.Binding) bool { return !b.Plain() }) {
		if err := p.sayWhoTells(ctx, d); err != nil {
			return err
		}
	}
	p.sayRolling(public, r)
	copyable := slices.ContainsFunc(r.Buttons, func(b radio.Button) bool { return !proven(public, b) })
	if copyable && slices.ContainsFunc(bindings, duress.Binding.Helps) {
		p.tell("note: anyone who has recorded a button's fixed code on the air can send a copy of it, and so call for help falsely")
	}
	if copyable && slices.ContainsFunc(bindings, func(b duress.Binding) bool { return b.Does(duress.DoDisarm) }) {
		p.tell("note: %s", copied(public))
	}
	return nil
}

// sayWhoTells says which receivers tell how a button is pressed.
func (p *program) sayWhoTells(ctx context.Context, d desk) error {
	o, err := d.Outward(ctx)
	var tell, only []string
	for n := 1; n <= o.Radio.Receivers; n++ {
		if slices.Contains(o.Radio.PressOnly, n) {
			only = append(only, fmt.Sprint(n))
		} else {
			tell = append(tell, fmt.Sprint(n))
		}
	}
	switch {
	case d.daemon == nil || !o.Radio.Known:
		p.tell("note: how long or how often a button is pressed is told by rtl_433, and not by an RFLink")
	case len(only) > 0:
		p.tell("note: how long or how often a button is pressed is told by receiver %s alone: have it near enough to that one; receiver %s is an RFLink, which says only that it was pressed", together(tell...), together(only...))
	}
	return err
}

// sayRolling says how the rolling codes of a remote are checked.
func (p *program) sayRolling(public panel.Public, r radio.Remote) {
	for _, b := range r.Buttons {
		_, rolling := radio.RollingSerial(b.ID)
		switch {
		case !rolling:
			continue
		case proven(public, b):
			p.tell("note: its rolling codes are checked by the maker's key; press a button of it twice now, some seconds apart: the first press only tells where its codes are")
		default:
			p.tell("note: without the maker's key any code of %s that was never heard is taken: a copy does nothing, but whoever can make codes gets in; --maker-key has them checked", r.Name)
		}
		return
	}
}

// proven tells whether a button's codes are checked by a maker's key.
func proven(public panel.Public, b radio.Button) bool {
	serial, rolling := radio.RollingSerial(b.ID)
	return rolling && slices.Contains(public.Proven, serial)
}

// doesAll says what a button does by each way of pressing it.
func doesAll(b duress.Binding) string {
	if b.Plain() {
		return does(b.Single)
	}
	words := "pressed once " + does(b.Single)
	if b.Double != duress.DoNone {
		words += "; pressed twice within 2 s " + does(b.Double)
	}
	if b.Hold != duress.DoNone {
		words += "; held for 2 s " + does(b.Hold)
	}
	return words
}

// costOf is what is to be known of how a button is pressed, "" for nothing.
func costOf(b duress.Binding) string {
	switch {
	case b.Single.Helps():
		return " calls for help at a single press, and of a thousand single presses 999 are accidents; double=... or hold=... is safer"
	case b.Single == duress.DoNone:
		return ""
	case b.Double != duress.DoNone:
		return " waits 2 s after a single press, since a second one may follow"
	case b.Hold != duress.DoNone:
		return " acts on a single press when it is let go, since it may be held"
	}
	return ""
}

func owner(r radio.Remote) string {
	if r.Contact == "" {
		return "nobody's, so nobody is texted when the panel refuses to arm by it"
	}
	return r.Contact + "'s"
}

// does says what an action does.
func does(action duress.Action) string {
	words, known := map[duress.Action]string{
		duress.DoArm:     "arms away",
		duress.DoHome:    "arms home",
		duress.DoNight:   "arms for the night",
		duress.DoDisarm:  "disarms, silences the siren and forgets the alarm",
		duress.DoStatus:  "is answered by the siren: 1 chirp armed, 2 disarmed, 4 an alarm in memory",
		duress.DoSilent:  "calls for help, and nothing at the place shows it",
		duress.DoAudible: "sounds the siren and calls for help",
		duress.DoFire:    "sounds the siren of an evacuation and calls for the fire brigade",
		duress.DoMedical: "calls for an ambulance",
		duress.DoTest:    "starts a drill",
		duress.DoNone:    "does nothing",
	}[action]
	if !known {
		return "does " + string(action)
	}
	return words
}

// copied says what a fixed code that disarms costs, and how fob-disarm stands.
func copied(public panel.Public) string {
	stands := map[string]string{
		panel.FobReport: "allowed, and reported to somebody on the list when everybody was away (`gsmpanel settings set fob-disarm never` refuses it)",
		panel.FobAlways: "allowed and not reported (`gsmpanel settings set fob-disarm report` has it reported)",
		panel.FobNever:  "refused (`gsmpanel settings set fob-disarm report` allows and reports it)",
	}
	policy, _ := public.Setting("fob-disarm")
	return fmt.Sprintf("anyone who has recorded a fob's fixed code on the air can send a copy of it and disarm; fob-disarm is %s: disarming by fob is %s", policy.Value, stands[policy.Value])
}

// remoteListed is a remote in a listing.
type remoteListed struct {
	Name    string         `json:"name"`
	Contact string         `json:"contact"` // "" is nobody's
	Buttons []radio.Button `json:"buttons"`
}

func (p *program) remoteList(c *cli.Context) error {
	return p.listing(c, func(public panel.Public) error {
		out, rows := []remoteListed{}, [][]string{}
		for _, r := range public.Remotes {
			out = append(out, remoteListed{r.Name, r.Contact, listed(r.Buttons)})
			for _, b := range r.Buttons {
				rows = append(rows, []string{r.Name, r.Contact, b.ID, b.Action})
			}
		}
		if c.Bool("json") {
			return printJSON(p.out, out)
		}
		return table(p.out, "There is no remote; add one with `gsmpanel remote add NAME --button ID=ACTION`.",
			[]string{"NAME", "CONTACT", "BUTTON", "DOES"}, rows)
	})
}

func (p *program) remoteRemove(c *cli.Context) error {
	args, err := wants(c, "NAME")
	if err != nil {
		return err
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		if err := d.Edit(ctx, panel.RemoveRemote{Name: args[0]}); err != nil {
			return err
		}
		return p.say("%s is taken out: its buttons do nothing any more.", oneLine(args[0]))
	})
}
