package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
)

const aboutPlace = `The address goes into every alarm text, so that a friend abroad can tell the
police where to go.`

const aboutPolice = `The number that people in that town dial in danger. It ends the texts of burglary
and duress, so that nobody has to look it up. The panel never calls it: machines
may not, and a dispatcher cannot ask a machine anything. For friends abroad give
the full number of that police, with + and the country. No line for reports,
such as 101.`

// field is a question of gsmpanel site set.
type field struct {
	flag, prompt, now, keep, none, more string
}

func (s *setup) placeStep() step {
	site := s.public.Site
	now := step{name: "the place", about: aboutPlace, has: together(site.Name, site.Address), take: s.place}
	if site.Name != "" && site.Address != "" && site.Country != "" && site.Zone != utc && site.Police != "" {
		now.whole = now.has
	}
	return now
}

// utc is the zone of a panel that was told none.
const utc = "UTC"

func (s *setup) fields() []field {
	site, zone := s.public.Site, s.public.Site.Zone
	if zone == utc {
		zone = machineZone()
	}
	fields := []field{
		{flag: "name", prompt: "Name of the place", now: site.Name, keep: "Home", more: "What the panel reports begins with it: “Home 22:35: disarmed ...”."},
		{flag: "address", prompt: "Address, such as 12 Mill Lane, Hexton", now: site.Address, more: "As you would say it to the police: street, number, town."},
		{flag: "country", prompt: "Country in two letters, such as GB, DE or US", now: site.Country,
			more: "With it you can write telephone numbers here as you dial them at home."},
		{flag: "zone", prompt: "Time zone, such as Europe/London", now: strings.TrimPrefix(site.Zone, utc), keep: zone,
			more: "The times in texts are of it. timedatectl list-timezones prints all there are."},
		{flag: "police", prompt: "Emergency number there, such as 999 or 112", now: site.Police, none: "none", more: aboutPolice},
	}
	for n := range fields {
		if fields[n].now != "" {
			fields[n].keep, fields[n].none = fields[n].now, ""
		}
	}
	return fields
}

// machineZone is the time zone of this machine by its IANA name.
func machineZone() string {
	to, err := filepath.EvalSymlinks("/etc/localtime")
	if _, zone, found := strings.Cut(to, "/zoneinfo/"); err == nil && found {
		return zone
	}
	return utc
}

func (s *setup) place(ctx context.Context, again bool) error {
	var questions []func(context.Context) error
	for n, f := range s.fields() {
		if f.now == "" || again {
			questions = append(questions, func(ctx context.Context) error { return s.field(ctx, n) })
		}
	}
	if err := inOrder(ctx, questions...); err != nil {
		return err
	}
	return s.do(ctx, "site", "show")
}

// field asks for a part of the site, and stores it.
func (s *setup) field(ctx context.Context, n int) error {
	f := s.fields()[n]
	err := s.ask(ctx, question{prompt: f.prompt, keep: f.keep, none: f.none, more: f.more, take: func(answer string) error {
		if answer == "" {
			return nil
		}
		args := []string{"site", "set", "--" + f.flag, answer}
		if err := s.show(args); err != nil {
			return err
		}
		return s.aside(func() error { return s.unshown(ctx, args) }) // the table comes once, at the end
	}})
	if errors.Is(err, errSkip) {
		return nil
	}
	return err
}

const aboutModem = `The panel texts and calls by its own modem, with a SIM card of its own. This is
what gsmpanel doctor says of them.`

const howToStart = `The panel does not run. Start it in a second terminal, and come back here. If it
was installed as a package, say in /etc/default/gsmpanel where the modem is, then
  sudo systemctl start gsmpanel
or else, with the modem's serial port for DEV:
  gsmpanel run --modem DEV
`

func (s *setup) panelStep() step {
	now := step{name: "the modem and its SIM card", about: aboutModem, take: s.modem}
	if s.lineWorks() {
		now.whole = "they work"
	}
	return now
}

func (s *setup) lineWorks() bool { return s.running && couldAlert(checkLine(s.outward)) }

// modem looks at the modem and its card until they work or a person has had enough.
func (s *setup) modem(ctx context.Context, again bool) error {
	return s.until(ctx, again, s.lineWorks, func() error { return s.printRows(checkLine(s.outward)) })
}

// until shows how something stands, and asks to look again while it is not well; where
// somebody has come back to it, in any case. Where no panel runs it says how one is
// started.
func (s *setup) until(ctx context.Context, again bool, well func() bool, show func() error) error {
	for {
		err := s.look(ctx)
		switch {
		case err != nil:
		case s.running:
			err = show()
		default:
			err = s.say("%s%s", howToStart, ports())
		}
		if err != nil || well() && !again {
			return err
		}
		look, err := s.agree(ctx, "Look again?", !well(), "no goes on without; gsmpanel doctor looks at any time. A modem needs some\nseconds after a start, a network up to a minute.")
		if err != nil || !look {
			return err
		}
	}
}

// ports are the serial ports of this machine, of which one may be the modem's.
func ports() string {
	for _, pattern := range []string{"/dev/gsmpanel-modem", "/dev/serial/by-id/*", "/dev/ttyUSB*", "/dev/serial0"} {
		if found, err := filepath.Glob(pattern); err == nil && len(found) > 0 {
			return "Serial ports of this machine:\n  " + strings.Join(found, "\n  ")
		}
	}
	return "This machine has no USB serial port; is the modem plugged in?"
}
