package main

import (
	"context"
	"time"
)

const aboutCheck = `What gsmpanel doctor says. A warning can wait; a fault keeps it from calling.`

func (s *setup) checkStep() step {
	return step{name: "could it call for help now?", about: aboutCheck, take: s.check}
}

// check is the doctor, until all is well or a person has had enough.
func (s *setup) check(ctx context.Context, again bool) error {
	var checks []check
	return s.until(ctx, again, func() bool { return s.running && couldAlert(checks) }, func() error {
		if err := s.show([]string{"doctor"}); err != nil {
			return err
		}
		checks = examine(s.dir, s.running, s.outward, s.public, time.Now())
		return s.printChecks(checks)
	})
}

const aboutTest = `It texts and calls everybody as an alarm does; each text begins TEST. Tell them
first that it comes: somebody elsewhere has to press 1 in the call, or to reply
OK and the number in the text. A code is asked for; give an ordinary one.`

func (s *setup) drillStep() step {
	now := step{name: "a drill", about: aboutTest, take: s.drill}
	if last := s.outward.LastDrill; last != nil {
		now.has = "the last one was at " + localTime(*last, siteTime(s.public.Site))
		now.whole = now.has
	}
	return now
}

// drill offers a drill until one has run.
func (s *setup) drill(ctx context.Context, again bool) error {
	if !s.running {
		if err := s.until(ctx, again, func() bool { return s.running }, func() error { return nil }); err != nil || !s.running {
			return err
		}
	}
	return s.ask(ctx, question{prompt: "Run a drill now? yes or no", keep: "no", more: "gsmpanel test runs one at any time. A disarm ends it.", take: func(answer string) error {
		yes, err := truly(answer)
		if err != nil || !yes {
			return err
		}
		return s.do(ctx, "test")
	}})
}

const whatNext = `
That is all. What comes next:
  read docs/for-the-family.md with those who live here, and agree a safe word;
  give docs/for-contacts.md to those who live elsewhere;
  arm it from your phone: your code and ARM, then your code and DISARM;
  gsmpanel test twice a year, gsmpanel status and gsmpanel doctor at any time;
  keep a copy of device.key and of a backup elsewhere: gsmpanel backup FILE.`

func (s *setup) end() error { return s.say("%s", whatNext) }
