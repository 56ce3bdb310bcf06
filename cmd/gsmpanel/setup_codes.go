package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
)

const aboutCodes = `A code arms and disarms: by text, at a keypad, at this board. Each person has one
of their own: %s digits drawn by lot, with dice for example. Repeats, sequences,
years, lines on the keypad and what is close to another code are refused. It is
not shown as you type; let nobody watch your fingers.`

// aboutDuress is said to everybody who has a code, and the screen after it is the same
// whatever they choose: the words, the lines, and the time that it takes.
const aboutDuress = `
Now the duress code. Everybody is asked this, and the screen stays the same
whatever you choose: nobody who reads it learns who has one. It is one more code.
It does just what the ordinary one does, with the same answers, and calls for
help unseen: your friends elsewhere hear that you are forced. Give it when
somebody makes you disarm. It is real each time, so never practise with it.
  duress   you get one                    (gsmpanel code add NAME)
  change   your code becomes another one  (gsmpanel code change NAME)
  none     neither; the new code may be anything then, or nothing
Four lines are asked for, whatever you choose, and none is shown.`

func (s *setup) codesStep() step {
	length, _ := s.public.Setting("code-length")
	return step{name: "the codes", about: fmt.Sprintf(aboutCodes, length.Value), has: together(s.public.Persons...),
		take: func(ctx context.Context, _ bool) error { return s.repeat(ctx, s.codesOfOne) }}
}

// codesOfOne asks whose code comes next, for the ordinary one if there is none, and then
// for one more.
func (s *setup) codesOfOne(ctx context.Context) error {
	if has := s.codesStep().has; has != "" {
		if err := s.say("With a code: %s. Who is named again is asked the last part again.", has); err != nil {
			return err
		}
	}
	name, err := s.askWhose(ctx)
	if err != nil {
		return err
	}
	if !hasCode(s.public, name) {
		if err := s.do(ctx, "code", "add", name, "--kind", string(duress.User)); err != nil {
			return err
		}
	}
	return s.oneMore(ctx, name)
}

// askWhose is about the next of those who may command and have no code.
func (s *setup) askWhose(ctx context.Context) (name string, err error) {
	q := question{prompt: "Whose code", more: "A person of the list. Who shall only be told of alarms needs no code.", none: "done"}
	next := slices.IndexFunc(s.public.Contacts, func(k alert.Contact) bool { return k.Control && !hasCode(s.public, k.Name) })
	if next >= 0 {
		q.prompt, q.none, q.keep = q.prompt+" (done for no more)", "", s.public.Contacts[next].Name
	}
	q.take = func(answer string) error {
		if answer == "" || strings.EqualFold(answer, "done") {
			return errDone
		}
		k, found := alert.Config{Contacts: s.public.Contacts}.Find(answer)
		if !found {
			return s.would("contact list", panel.EditContact{Contact: answer}) // its sentence of nobody by that name
		}
		name = k.Name
		return nil
	}
	err = skipEnds(s.ask(ctx, q))
	return name, err
}

// oneMore asks a person who has a code for a duress code, another one in its place, or
// neither.
func (s *setup) oneMore(ctx context.Context, name string) error {
	if eligible(s.public, name) == 0 {
		return s.say("A duress code waits until somebody who lives elsewhere is on the list: go back and\nadd them, or gsmpanel contact add NAME NUMBER --off-site.")
	}
	if err := s.say("%s", aboutDuress); err != nil {
		return err
	}
	s.warnOfUnsaid(s.public.Contacts)
	for {
		err := s.unseenChoice(ctx, name)
		if err == nil {
			return s.say("What %s chose holds.", name)
		}
		if ctx.Err() != nil || errors.Is(err, errNoMore) {
			return errors.Join(ctx.Err(), err)
		}
		s.fail(err)
	}
}

// unseenChoice reads the four lines, and does what was chosen. None goes the same way
// as the others: see panel.CodeRequest. What is refused may have been either of these.
func (s *setup) unseenChoice(ctx context.Context, name string) error {
	prompts := []string{"duress, change or none (not shown as you type; Enter alone is none)",
		"Present code of " + name, "New code of " + name, "The new code once more"}
	lines := make([]string, len(prompts))
	for n, prompt := range prompts {
		var err error
		if lines[n], err = s.unseen(ctx, prompt); err != nil {
			return noMore(ctx, err)
		}
	}
	r := panel.CodeRequest{Name: name, Present: panel.Secret(lines[1]), New: panel.Secret(lines[2])}
	switch strings.ToLower(lines[0]) {
	case "duress":
		r.Do, r.Kind = "add", duress.Duress
	case "change":
		r.Do = "change"
	case "none":
		return s.putChoice(ctx, panel.CodeRequest{Do: "keep", Name: name, Present: r.Present})
	case "":
		if lines[2]+lines[3] != "" {
			return broken("", "nothing was chosen on the first line, so the new code went nowhere; duress, change and none are allowed there")
		}
		return s.putChoice(ctx, panel.CodeRequest{Do: "keep", Name: name, Present: r.Present})
	default:
		return broken("", "what was typed on the first line is no choice; duress, change and none are allowed")
	}
	if n := slices.Index(lines, ""); n >= 0 {
		return notTyped(prompts[n])
	}
	if lines[2] != lines[3] {
		return notAlike("code")
	}
	return s.putChoice(ctx, r)
}

func (s *setup) putChoice(ctx context.Context, r panel.CodeRequest) error {
	d, err := s.openDesk(s.dir)
	if err != nil {
		return err
	}
	return errors.Join(s.putCode(ctx, d, r), d.close())
}
