package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
)

const aboutButtons = `Key fobs and panic buttons, one by one. A button that is taken in already acts
when you press it: press only new ones. Of a thousand single presses 999 are
accidents: let a single press call nobody.`

const aboutActions = `arm, home, night, disarm   as the commands do
status     the siren answers: 1 chirp armed, 2 disarmed, 4 an alarm in memory
panic      twice silent, held loud, once nothing: for a panic button
or by the way it is pressed: single=none,double=silent,hold=audible. Further:
silent, audible, fire, medical, test, none. What you type here stays on the
screen. All that a button can do stands in the README under Key fobs.`

func (s *setup) buttonsStep() step {
	has := named(s.public.Remotes, func(r radio.Remote) string { return r.Name })
	return step{name: "the fobs and panic buttons", about: aboutButtons, has: has, take: func(ctx context.Context, _ bool) error { return s.repeat(ctx, s.newRemote) }}
}

func (s *setup) newRemote(ctx context.Context) error {
	prompt := "Take in a fob or a panic button?"
	if len(s.public.Remotes) > 0 {
		prompt = "There is " + s.buttonsStep().has + ". Another one?"
	}
	if err := s.another(ctx, prompt, true, "no goes on. More can be taken in at any time, with gsmpanel learn and remote add."); err != nil {
		return err
	}
	d, err := s.hear(ctx, "Press each button by itself: arm, disarm, home, status.",
		"Hold it within a few metres of the antenna, press for a second, and look at its\nbattery.")
	if err != nil {
		return err
	}
	codes := d.Codes[:min(len(d.Codes), radio.MaxButtons)]
	r := &radio.Remote{Buttons: make([]radio.Button, len(codes))}
	questions := []func(context.Context) error{func(ctx context.Context) error { return s.askOwner(ctx, r) }}
	for n, f := range codes {
		r.Buttons[n] = radio.Button{ID: f.ID, Action: string(duress.DoNone)}
		questions = append(questions, func(ctx context.Context) error { return s.askAction(ctx, r, n) })
	}
	questions = append(questions, func(ctx context.Context) error { return s.askRemote(ctx, *r) })
	return inOrder(ctx, questions...)
}

func (s *setup) askOwner(ctx context.Context, r *radio.Remote) error {
	q := question{prompt: "Whose is it", none: "nobody's", more: "The texts name that person, and of a silent alarm that person's phone is not told.\nA refusal to arm is texted to it."}
	if len(s.public.Contacts) > 0 {
		q.none, q.keep = "", s.public.Contacts[0].Name
		q.prompt += " (none for nobody's)"
	}
	q.take = func(answer string) error {
		if answer == "" || strings.EqualFold(answer, "none") {
			r.Contact = ""
			return nil
		}
		if err := s.would("remote add", panel.AddRemote{Remote: radio.Remote{Name: s.unused("New fob"), Contact: answer, Buttons: r.Buttons[:1]}}); err != nil {
			return err
		}
		k, _ := alert.Config{Contacts: s.public.Contacts}.Find(answer)
		r.Contact = k.Name
		return nil
	}
	return s.ask(ctx, q)
}

// askAction asks what a button does.
func (s *setup) askAction(ctx context.Context, r *radio.Remote, n int) error {
	if n == 0 {
		if err := s.say("%s", aboutActions); err != nil {
			return err
		}
	}
	keep := "panic"
	if len(r.Buttons) > 1 {
		keep = nextAction(actions(r.Buttons[:n]))
	}
	return s.ask(ctx, question{prompt: fmt.Sprintf("What does button %d do, %s", n+1, r.Buttons[n].ID), keep: keep, more: aboutActions, take: func(answer string) error {
		b := radio.Button{ID: r.Buttons[n].ID, Action: answer}
		if err := s.would("remote add", panel.AddRemote{Remote: radio.Remote{Name: s.unused("New fob"), Contact: r.Contact, Buttons: []radio.Button{b}}}); err != nil {
			return err
		}
		r.Buttons[n] = b
		return nil
	}})
}

func actions(buttons []radio.Button) (out []string) {
	for _, b := range buttons {
		out = append(out, b.Action)
	}
	return out
}

// askRemote asks for the name, and adds the remote.
func (s *setup) askRemote(ctx context.Context, r radio.Remote) error {
	usual := "Panic button"
	if len(r.Buttons) > 1 {
		usual = "Fob"
	}
	if r.Contact != "" {
		usual = strings.ToLower(usual[:1]) + usual[1:]
		usual = r.Contact + "'s " + usual
	}
	return s.ask(ctx, question{prompt: "Its name", keep: s.unused(usual), more: "It stands in the texts, such as Blue fob or Bedside.", take: func(answer string) error {
		args := []string{"remote", "add", answer}
		if r.Contact != "" {
			args = append(args, "--contact", r.Contact)
		}
		shown := slices.Clone(args)
		for _, b := range r.Buttons {
			_, listed, err := duress.ParseAction(b.Action)
			if err != nil {
				return err
			}
			args = append(args, "--button", b.ID+"="+b.Action)
			shown = append(shown, "--button", b.ID+"="+listed) // as every listing has it
		}
		if err := s.show(shown); err != nil {
			return err
		}
		return s.unshown(ctx, args)
	}})
}
