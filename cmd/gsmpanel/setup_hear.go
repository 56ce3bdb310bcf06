package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/gsmpanel/gsmpanel/radio"
)

// hear listens as gsmpanel learn does, until Enter is typed, and returns what of it is
// one device that is not in use.
func (s *setup) hear(ctx context.Context, doNow string, more string) (radio.Device, error) {
	for {
		found, err := s.listen(ctx, doNow)
		if err != nil {
			return radio.Device{}, err
		}
		device, err := s.pick(ctx, found)
		if err != nil || len(device.Codes) > 0 {
			return device, err
		}
		once, err := s.agree(ctx, "Listen again?", true, more)
		if err == nil && !once {
			err = errSkip
		}
		if err != nil {
			return radio.Device{}, err
		}
	}
}

// listen is one time of listening.
func (s *setup) listen(ctx context.Context, doNow string) (found []radio.Finding, err error) {
	l := &lesson{program: s.program, dir: s.dir}
	if err := l.open(ctx); err != nil {
		return nil, err
	}
	if l.daemon == nil && !slices.ContainsFunc(s.sources, func(source string) bool { return source != "none" }) {
		return nil, noReceiver()
	}
	if err := s.say("> %s learn\nListening. %s\nThen press Enter.", commandFor(s.dir), doNow); err != nil {
		return nil, err
	}
	listening, stop := context.WithCancel(ctx)
	defer stop()
	over := make(chan error, 1)
	go func() {
		err := l.listen(listening, maxLearnSeconds, s.sources)
		if err != nil {
			s.fail(err)
			s.tell("Press Enter.")
		}
		over <- err
	}()
	_, typed := s.typed(ctx, "Enter, when it was heard")
	stop()
	switch err := <-over; {
	case typed != nil:
		return nil, noMore(ctx, typed)
	case err != nil:
		return nil, nil // it was shown
	case len(l.found) == 0:
		s.fail(l.nothing(ctx))
	}
	return l.found, nil
}

// pick asks which of several devices it is, and leaves out what is in use.
func (s *setup) pick(ctx context.Context, found []radio.Finding) (radio.Device, error) {
	var fresh []radio.Device
	for _, d := range radio.Devices(found) {
		if a := newAdviser(s.public, ""); d.Like == "" && !slices.ContainsFunc(d.Codes, func(f radio.Finding) bool { return a.inUse(f.ID) }) {
			fresh = append(fresh, d)
			continue
		}
		for _, line := range advice(s.public, commandFor(s.dir), []radio.Device{d}) {
			if err := s.say("%s", line); err != nil {
				return radio.Device{}, err
			}
		}
	}
	switch {
	case len(fresh) > 1:
		return s.which(ctx, fresh)
	case len(fresh) == 1:
		return fresh[0], nil
	case len(found) > 0:
		s.tell("Nothing new was heard: what was is in use already, or can't be used.")
	}
	return radio.Device{}, nil
}

// which asks which device is meant: the neighbours' are heard too.
func (s *setup) which(ctx context.Context, devices []radio.Device) (radio.Device, error) {
	var ids []string
	for _, d := range devices {
		ids = append(ids, d.Codes[0].ID)
		if err := s.say("  %s, with %s%s", d.Codes[0].ID, plural(len(d.Codes), "code"), strength(d.Codes[0])); err != nil {
			return radio.Device{}, err
		}
	}
	var chosen radio.Device
	err := s.ask(ctx, question{prompt: "Which of them is it", keep: ids[0],
		more: "Those of neighbours are heard too. The nearest is the strongest; to be sure, listen\nonce more while all else rests.",
		take: func(answer string) error {
			n := slices.Index(ids, answer)
			if n < 0 {
				return broken("", "%q was not heard; one of those above is allowed, for example %s", answer, ids[0])
			}
			chosen = devices[n]
			return nil
		}})
	return chosen, err
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// another asks whether one more is to be taken in.
func (s *setup) another(ctx context.Context, prompt string, keep bool, more string) error {
	yes, err := s.agree(ctx, prompt, keep, more)
	if err == nil && !yes {
		return errDone
	}
	return skipEnds(err)
}

// unused is a name that no zone and no remote has.
func (s *setup) unused(wanted string) string { return newAdviser(s.public, "").name(wanted) }
