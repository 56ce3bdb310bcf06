package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// question is one that is asked until its answer is taken.
type question struct {
	prompt string             // "Address, such as 12 Mill Lane, Hexton"
	keep   string             // what Enter alone takes
	none   string             // in the brackets, where Enter takes nothing: "done"
	more   string             // what ? says
	take   func(string) error // checks or stores the answer
}

// ask asks. What a person is to see of an error is printed here, and asked again.
func (s *setup) ask(ctx context.Context, q question) error {
	for {
		answer, err := s.answer(ctx, q)
		if err == nil {
			err = q.take(answer)
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil, isOneOf(err, errBack, errSkip, errQuit, errDone, errNoMore):
			return err
		}
		s.fail(err)
		s.path = "setup" // or the next hint would be that of a command before
	}
}

func isOneOf(err error, those ...error) bool {
	return slices.ContainsFunc(those, func(e error) bool { return errors.Is(err, e) })
}

// errDone ends what is repeated.
var errDone = errors.New("done")

// repeat asks for one thing after the other until somebody is done. What has failed is
// shown and asked for anew.
func (s *setup) repeat(ctx context.Context, one func(context.Context) error) error {
	for {
		err := one(ctx)
		switch {
		case errors.Is(err, errDone):
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case isOneOf(err, errBack, errQuit, errNoMore):
			return err
		case err != nil && !errors.Is(err, errSkip):
			s.fail(err)
			s.path = "setup"
		}
	}
}

// skipEnds is for the first question of what is repeated.
func skipEnds(err error) error {
	if errors.Is(err, errSkip) {
		return errDone
	}
	return err
}

// errNoMore is the end of what is typed: nothing more can be asked.
var errNoMore = errors.New("nothing more can be asked")

// noMore is what becomes of an error of reading.
func noMore(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &failure{sentence: err.Error(), hint: goesOn, status: failed, cause: errNoMore}
}

// answer reads one answer.
func (s *setup) answer(ctx context.Context, q question) (string, error) {
	prompt := q.prompt
	if in := q.keep + q.none; in != "" {
		prompt += " [" + in + "]"
	}
	_, _ = fmt.Fprint(s.err, prompt+": ") // a prompt that cannot be seen keeps nobody from typing
	typed, err := s.typed(ctx, q.prompt)
	switch answer := oneLine(typed); {
	case err != nil:
		return "", noMore(ctx, err)
	case answer == "?":
		return s.again(ctx, q)
	case answer == "" && q.keep == "" && q.none == "":
		return "", notTyped(q.prompt)
	case answer == "":
		return q.keep, nil
	default:
		return answer, aside(answer)
	}
}

// again explains a question, and asks it once more.
func (s *setup) again(ctx context.Context, q question) (string, error) {
	more := q.more
	if more == "" {
		more = "Type an answer and Enter."
	}
	if err := s.say("%s\nBesides: back goes back, skip leaves it out, quit ends; what is stored stays.", more); err != nil {
		return "", err
	}
	return s.answer(ctx, q)
}

// aside is what is typed in place of an answer.
func aside(answer string) error {
	switch strings.ToLower(answer) {
	case "back":
		return errBack
	case "skip":
		return errSkip
	case "quit", "exit":
		return errQuit
	}
	return nil
}

const seeMore = "? explains the question"

// agree asks for yes or no.
func (s *setup) agree(ctx context.Context, prompt string, keep bool, more string) (yes bool, err error) {
	err = s.ask(ctx, question{prompt: prompt + " yes or no", keep: map[bool]string{true: "yes", false: "no"}[keep], more: more, take: func(answer string) (err error) {
		yes, err = truly(answer)
		return err
	}})
	return yes, err
}

// truly reads yes or no as people type it.
func truly(answer string) (bool, error) {
	switch strings.ToLower(strings.TrimRight(answer, ".!")) {
	case "y", "yes", "yeah", "yep", "ok", "j", "ja", "true", "1":
		return true, nil
	case "n", "no", "nope", "nein", "false", "0":
		return false, nil
	}
	return false, broken(seeMore, "%q is neither yes nor no; both are allowed, for example y", answer)
}

// choose asks for one of some words, or the beginning of one.
func (s *setup) choose(ctx context.Context, prompt string, words []string, keep, more string) (chosen string, err error) {
	err = s.ask(ctx, question{prompt: prompt, keep: keep, more: more, take: func(answer string) error {
		n := slices.IndexFunc(words, func(word string) bool { return strings.HasPrefix(word, strings.ToLower(answer)) })
		if n < 0 {
			return broken(seeMore, "%q is not one of them; %s are allowed, for example %s", answer, strings.Join(words, " and "), words[0])
		}
		chosen = words[n]
		return nil
	}})
	return chosen, err
}

// inOrder asks one question after the other; back asks the one before.
func inOrder(ctx context.Context, questions ...func(context.Context) error) error {
	for n := 0; n < len(questions); {
		err := questions[n](ctx)
		switch {
		case err == nil:
			n++
		case errors.Is(err, errBack) && n > 0:
			n--
		default:
			return err
		}
	}
	return nil
}
