package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// How a check came out.
const (
	fine  = "ok"
	worry = "warning" // alarms get through, but less surely
	fault = "fault"   // while it stands nobody can be alerted
)

// check is one line of the doctor's.
type check struct {
	Name  string `json:"name"`
	State string `json:"state"` // fine, worry or fault
	Text  string `json:"text"`
	Mend  string `json:"mend,omitempty"`
}

func good(name, format string, args ...any) check {
	return check{Name: name, State: fine, Text: fmt.Sprintf(format, args...)}
}

func bad(name, state, mend, format string, args ...any) check {
	return check{Name: name, State: state, Text: fmt.Sprintf(format, args...), Mend: mend}
}

func (p *program) doctorCommand() *cli.Command {
	return &cli.Command{
		Name: "doctor", Usage: "what is wrong and how to mend it; could the panel alert right now?", Category: "What is",
		Flags: []cli.Flag{jsonFlag()}, Action: p.doctor,
	}
}

func (p *program) doctor(c *cli.Context) error {
	if _, err := wants(c); err != nil {
		return err
	}
	return p.atDesk(c, func(ctx context.Context, d desk) error {
		o, err := d.Outward(ctx)
		if err != nil {
			return err
		}
		public, err := d.Public(ctx)
		if err != nil {
			return err
		}
		checks := examine(c.String("data"), d.daemon != nil, o, public, time.Now())
		if c.Bool("json") {
			return printJSON(p.out, struct {
				CouldAlert bool    `json:"could_alert"`
				Checks     []check `json:"checks"`
			}{couldAlert(checks), checks})
		}
		return p.printChecks(checks)
	})
}

// examine makes every check. Nothing in it depends on codes but that some exist.
func examine(dir string, running bool, o panel.Outward, public panel.Public, now time.Time) []check {
	checks := []check{checkRunning(running)}
	if running {
		checks = append(checks, checkLine(o)...)
		checks = append(checks, checkReceivers(o, public))
		checks = append(checks, checkAir(o.Radio)...)
		checks = append(checks, checkGestures(o.Radio, public)...)
		checks = append(checks, checkPower(o), checkSiren(o))
	}
	checks = append(checks, checkCodes(public))
	checks = append(checks, checkContacts(public)...)
	checks = append(checks, checkPersons(public)...)
	checks = append(checks, checkDrill(o, now, siteTime(public.Site)), checkSignOfLife(public))
	checks = append(checks, checkBalance(o, public, now)...)
	checks = append(checks, checkZones(public))
	if running {
		checks = append(checks, checkLoops(o, public)...)
	}
	checks = append(checks, checkRemotes(public)...)
	checks = append(checks, checkRolling(public)...)
	checks = append(checks, checkClock(o, now, running, (&wallClock{}).set()))
	checks = append(checks, checkFiles(dir), checkDisk(dir), checkBackup(dir, now))
	checks = withTroubles(checks, o.Troubles, siteTime(public.Site))
	for _, w := range o.Warnings {
		if !strings.Contains(w, "`gsmpanel ") { // those without a command stand in lines of their own above
			checks = append(checks, bad("settings", worry, "see gsmpanel settings list", "%s", w))
		}
	}
	return checks
}

func couldAlert(checks []check) bool {
	for _, c := range checks {
		if c.State == fault {
			return false
		}
	}
	return true
}

func (p *program) printChecks(checks []check) error {
	if err := p.printRows(checks); err != nil {
		return err
	}
	sum := "no"
	if couldAlert(checks) {
		sum = "yes"
	}
	return p.say("could I alert right now: %s", sum)
}

func (p *program) printRows(checks []check) error {
	var rows [][]string
	for _, c := range checks {
		text := c.Text
		if c.Mend != "" {
			text += "; " + c.Mend
		}
		rows = append(rows, []string{c.State, c.Name, text})
	}
	return table(p.out, "", nil, rows)
}

func checkRunning(running bool) check {
	if !running {
		return bad("panel", fault, "start it with gsmpanel run --modem DEV", "the panel is not running")
	}
	return good("panel", "it is running and answers")
}

// checkReceivers tells a deaf panel: without a receiver no zone and no fob is heard.
func checkReceivers(o panel.Outward, public panel.Public) check {
	look := mendTrouble[panel.RadioTrouble]
	r, words := o.Radio, o.Radio.String()
	switch {
	case r.Receivers == 0 && r.Known && byRadio(public):
		return bad("radio", worry, "start it with --radio rtl_433", "--radio is none, so no zone and no fob is heard")
	case r.Known && r.Up == r.Receivers:
		return good("radio", "%s", words)
	case !r.Known:
		return bad("radio", worry, "wait a minute", "%s", words)
	case r.Up == 0:
		return bad("radio", fault, look, "%s, so no zone and no fob is heard", words)
	}
	return bad("radio", worry, look, "%s", words)
}

// checkAir says whether jamming would be noticed.
func checkAir(r panel.Radio) []check {
	if !r.Known || r.Up == 0 {
		return nil
	}
	var mute, usual []string
	for n := range r.Receivers {
		if n >= len(r.Noise) || r.Noise[n] == 0 {
			mute = append(mute, fmt.Sprint(n+1))
			continue
		}
		usual = append(usual, fmt.Sprintf("%.0f dB", r.Noise[n]))
	}
	if len(mute) > 0 {
		return []check{bad("air", worry, "wait a minute; a command of your own has to print the noise as well, see the README",
			"receiver %s does not say how loud the air is, so jamming is not noticed", strings.Join(mute, ", "))}
	}
	return []check{good("air", "jamming would be noticed; the noise is usually %s", strings.Join(usual, ", "))}
}

func checkCodes(public panel.Public) check {
	if len(public.Persons) == 0 {
		return bad("codes", fault, "make one with gsmpanel code add NAME", "nobody has a code, so the panel cannot be armed")
	}
	return good("codes", "%s can command", together(public.Persons...))
}

func checkContacts(public panel.Public) []check {
	var told, unclear []string
	for _, k := range public.Contacts {
		if !k.Gets(alert.Life) || k.NoCall && k.NoText {
			continue
		}
		told = append(told, k.Name)
		if unsaid(k) {
			unclear = append(unclear, k.Name)
		}
	}
	if len(told) == 0 {
		return []check{bad("contacts", fault, "add a person with gsmpanel contact add NAME NUMBER", "nobody on the list is told of danger to life")}
	}
	checks := []check{good("contacts", "%s told of danger to life", together(told...))}
	if len(told) == 1 {
		checks[0] = bad("contacts", worry, "two people are advised", "only %s is told of danger to life", told[0])
	}
	if len(unclear) > 0 {
		checks = append(checks, bad("contacts", worry, "say it with gsmpanel contact edit NAME --at-site or --off-site",
			"it is not said whether these live there: %s", together(unclear...)))
	}
	return checks
}

// checkPersons says for each person who has a code how many would be told if
// they were forced: the same words for everyone, whatever codes they have.
func checkPersons(public panel.Public) []check {
	var checks []check
	for _, name := range public.Persons {
		n := eligible(public, name)
		const ask = "add people who live elsewhere, with gsmpanel contact add NAME NUMBER --off-site"
		switch n {
		case 0:
			checks = append(checks, bad("eligible", worry, ask, "if %s were forced, nobody could be told silently", name))
		case 1:
			checks = append(checks, bad("eligible", worry, ask, "if %s were forced, 1 contact would be told silently; 2 are advised", name))
		default:
			checks = append(checks, good("eligible", "if %s were forced, %d contacts would be told silently", name, n))
		}
	}
	return checks
}

func checkZones(public panel.Public) check {
	if len(public.Zones) == 0 {
		return bad("zones", worry, "add one with gsmpanel zone add NAME --type TYPE --sensor ID", "no door, window or room is watched")
	}
	return good("zones", "%d watched", len(public.Zones))
}

func disarms(b radio.Button) bool {
	binding, _, err := duress.ParseAction(b.Action)
	return err == nil && binding.Does(duress.DoDisarm)
}

// remotesWith names the remotes that have such a button.
func remotesWith(public panel.Public, such func(radio.Button) bool) (names []string) {
	for _, r := range public.Remotes {
		if slices.ContainsFunc(r.Buttons, such) {
			names = append(names, r.Name)
		}
	}
	return names
}

// checkGestures says which buttons are told apart by how they are pressed while no
// receiver tells that: they were there before the receivers changed.
func checkGestures(r panel.Radio, public panel.Public) []check {
	if !r.PressesAlone() {
		return nil
	}
	names := remotesWith(public, func(b radio.Button) bool {
		binding, _, err := duress.ParseAction(b.Action)
		return err == nil && !binding.Plain()
	})
	for _, z := range public.Zones {
		if z.Type == zones.Panic && radio.TellsHolds(z.Sensor) {
			names = append(names, z.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []check{bad("buttons", worry, "start the panel with --radio rtl_433 besides, or take the button in as a remote with one action",
		"of %s it matters how long or how often a button is pressed, and RFLink, the only receiver, does not tell it: such a press does nothing", together(names...))}
}

// checkRolling says which rolling codes are not checked by a maker's key.
func checkRolling(public panel.Public) []check {
	names := remotesWith(public, func(b radio.Button) bool {
		_, rolling := radio.RollingSerial(b.ID)
		return rolling && !proven(public, b)
	})
	if len(names) == 0 {
		return nil
	}
	return []check{bad("rolling codes", worry, "where you know the maker's key, take the remote in again with gsmpanel remote add --maker-key",
		"of %s any code that was never heard is taken, which is weaker than the check by the maker's key: a copy does nothing, but a made code does", together(names...))}
}

// checkRemotes says what a copied fob could do, and who would hear of it.
func checkRemotes(public panel.Public) []check {
	names := remotesWith(public, func(b radio.Button) bool { return disarms(b) && !proven(public, b) })
	if len(names) == 0 {
		return nil
	}
	watcher, watched := alert.Config{Contacts: public.Contacts}.Watcher()
	const copied = "a fixed code can be copied by anyone who hears it"
	const ask = "give somebody who lives elsewhere the class report with gsmpanel contact edit NAME --class life,alarm,report"
	policy, _ := public.Setting("fob-disarm")
	switch {
	case policy.Value == panel.FobNever:
		return []check{good("remotes", "fob-disarm is never: %s cannot disarm", together(names...))}
	case policy.Value == panel.FobAlways:
		return []check{bad("remotes", worry, "see gsmpanel settings get fob-disarm", "%s can disarm, and it is told as any other disarm; %s", together(names...), copied)}
	case watched && watcher.InHouse():
		return []check{bad("remotes", worry, ask, "%s can disarm, and of those who live elsewhere nobody is told; %s", together(names...), copied)}
	case !watched:
		return []check{bad("remotes", worry, ask, "%s can disarm and nobody is told, since nobody has the class report; %s", together(names...), copied)}
	}
	return []check{good("remotes", "%s can disarm; %s is told when it was armed away", together(names...), watcher.Name)}
}
