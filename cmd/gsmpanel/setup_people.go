package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
)

const aboutPeople = `Whom the panel tells, in this order: first yourself, then who lives with you,
then friends, of whom at least two live elsewhere. A phone that may lie in the
house is never told of duress or of a silent panic, since an intruder may look
at it. Each person is texted what to expect, once the panel runs.`

func (s *setup) peopleStep() step {
	has := named(s.public.Contacts, func(k alert.Contact) string { return k.Name })
	return step{name: "the people", about: aboutPeople, has: has, take: s.people}
}

// people asks for one person after the other.
func (s *setup) people(ctx context.Context, _ bool) error {
	err := s.repeat(ctx, s.newPerson)
	if err == nil {
		s.warnOfFew()
	}
	return err
}

// elsewhere are those who would be told of everything.
func (s *setup) elsewhere() (names []string) {
	for _, r := range alert.Eligible(alert.Config{Contacts: s.public.Contacts}, "", nil, nil) {
		names = append(names, r.Name)
	}
	return names
}

func (s *setup) warnOfFew() {
	const mend = "add people with gsmpanel contact add NAME NUMBER --off-site"
	switch names := s.elsewhere(); len(names) {
	case 0:
		s.tell("warning: nobody on the list lives elsewhere, so nobody could be told silently that somebody is forced; %s", mend)
	case 1:
		s.tell("warning: of those who live elsewhere only %s is told of danger to life; two are advised: %s", names[0], mend)
	}
}

// newPerson asks for one person.
func (s *setup) newPerson(ctx context.Context) error {
	if len(s.public.Contacts) > 0 {
		if err := s.say("On the list: %s. Elsewhere: %s.", s.peopleStep().has, cmp.Or(together(s.elsewhere()...), "nobody yet")); err != nil {
			return err
		}
	}
	k := &alert.Contact{}
	return inOrder(ctx,
		func(ctx context.Context) error { return s.askName(ctx, k) },
		func(ctx context.Context) error { return s.askNumber(ctx, k) },
		func(ctx context.Context) error { return s.askWhere(ctx, k) },
		func(ctx context.Context) error { return s.askRole(ctx, k) },
	)
}

// nobodys is a number of no country, with which a name can be tried.
const nobodys = "+99900000000"

func (s *setup) askName(ctx context.Context, k *alert.Contact) error {
	q := question{prompt: "Name, such as Anna", none: "done", more: "A first name will do. It stands in the texts. The order is that of the list, and\ngsmpanel contact edit NAME --place 1 puts somebody first."}
	if len(s.public.Contacts) == 0 {
		q.prompt, q.none = "Your own name, such as Anna", ""
	}
	q.take = func(answer string) error {
		if answer == "" || strings.EqualFold(answer, "done") {
			return errDone
		}
		k.Name = answer
		return s.would("contact add", panel.AddContact{Contact: alert.Contact{Name: answer, Number: nobodys}})
	}
	return skipEnds(s.ask(ctx, q))
}

func (s *setup) askNumber(ctx context.Context, k *alert.Contact) error {
	return s.ask(ctx, question{
		prompt: "Mobile number of " + k.Name + ", such as " + example(s.public.Site.Country), keep: k.Number,
		more: "The number that is texted and called. Emergency numbers are refused: people call\nthose, and can answer questions.",
		take: func(answer string) error {
			k.Number = answer
			return s.would("contact add", panel.AddContact{Contact: alert.Contact{Name: k.Name, Number: answer}})
		}})
}

// example is how a number is written.
func example(country string) string {
	if country == "GB" {
		return "07700 900123"
	}
	return "+447700900123"
}

const (
	there   = "there"
	outside = "elsewhere"
)

func (s *setup) askWhere(ctx context.Context, k *alert.Contact) error {
	keep := outside
	if len(s.public.Contacts) == 0 {
		keep = there
	}
	where, err := s.choose(ctx, "Does "+k.Name+" live there or elsewhere", []string{there, outside}, keep,
		"there: the phone may lie in the house. elsewhere: it never does, or hardly ever;\nonly such phones are told silently when somebody is forced.")
	k.AtSite, k.OffSite = where == there, where == outside
	return err
}

// askRole asks what the person may, or hears, and puts them on the list.
func (s *setup) askRole(ctx context.Context, k *alert.Contact) error {
	args := []string{"contact", "add", k.Name, k.Number}
	if k.AtSite {
		may, err := s.agree(ctx, "May "+k.Name+" arm and disarm by text, with a code?", true,
			"Who may not is told of alarms all the same. A code is made in the next step.")
		if err != nil {
			return err
		}
		return s.add(ctx, append(args, "--at-site"), may, "--control")
	}
	hears := slices.ContainsFunc(s.public.Contacts, func(k alert.Contact) bool { return k.GetsReports() && !k.InHouse() })
	weekly, err := s.agree(ctx, "Text "+k.Name+" weekly that all is well, and of disarms by fob?", !hears,
		"One person elsewhere should: a panel that is dead cannot say so, it is missed when\nits text does not come. And a fob can be copied.")
	if err != nil {
		return err
	}
	return s.add(ctx, append(args, "--off-site"), weekly, "--class", "life,alarm,report")
}

// add runs the command, with more flags where they are wanted.
func (s *setup) add(ctx context.Context, args []string, wanted bool, flags ...string) error {
	if wanted {
		args = append(args, flags...)
	}
	return s.do(ctx, args...)
}
