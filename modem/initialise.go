package modem

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// setting is one that the modem keeps over its resets (with AT&W, or at once),
// so it is asked for first and written only where it differs.
type setting struct {
	query, name string
	want        []string // accepted answers, without spaces
	set         string
	must        bool // the modem is of no use without it
	auto        bool // kept at once, without AT&W
}

const (
	startLimit = 40 * time.Second // for the SIM and its texts to become ready
	startPause = time.Second
)

// initialise brings a modem of which nothing is known to where texts and
// calls work, and returns what it is.
func (s *session) initialise() (Up, error) {
	s.mu.Lock()
	s.boot.phase = settingUp
	s.mu.Unlock()
	for range 5 {
		up, err := s.setUp()
		s.mu.Lock()
		again := s.reset && s.lost == nil
		s.reset = false
		s.mu.Unlock()
		if !again || s.ctx.Err() != nil {
			return up, err
		}
		s.m.log.Info("the modem reset itself while it was being set up")
	}
	return Up{}, errReset
}

func (s *session) setUp() (Up, error) {
	var up Up
	s.listed, s.jamming, s.unlocked, s.refused = false, false, false, nil
	s.m.change(func(c *Condition) { c.Jammed = false }) // nobody looks any more
	s.m.trace.begin(false)
	if err := s.synchronise(); err != nil {
		return up, err
	}
	steps := []func() error{
		func() error { return s.must("E0") },
		func() error { return s.must("+CMEE=1") },
		func() error { return s.keep(letters) },
		func() error { return s.identify(&up) },
		func() error { return s.keep(s.profile.radio) },
		func() error { err := s.sim(); up.Unlocked = s.unlocked; return err },
		func() (err error) { up.Card, err = s.cardNumber(); return err },
		func() error { return s.may(s.profile.hang) }, // a call that outlived the line
		func() error { return s.keep(s.profile.kept) },
		s.storage,
		s.route,
		func() error { return s.keep(s.profile.later) },
		func() error { return s.keep(s.profile.silent) },
		func() error { s.letsIn = false; return s.sayAll(s.profile.volatile) },
		s.operator,
		s.centre,
		s.save,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return up, err
		}
	}
	return up, nil
}

// must says a command that has to be obeyed, again while the modem starts.
func (s *session) must(command string) error {
	limit := quick
	if strings.HasPrefix(command, "+CFUN") {
		limit = cfunLimit
	}
	for end := time.Now().Add(startLimit); ; {
		_, err := s.command(command, limit)
		if err == nil || broke(err) && !errors.Is(err, errLate) {
			return err
		}
		if !time.Now().Before(end) {
			return fmt.Errorf("AT%s: %w", command, err)
		}
		if err := s.pause(startPause); err != nil {
			return err
		}
	}
}

// may says a command that need not be obeyed.
func (s *session) may(command string) error {
	_, err := s.command(command, quick)
	if err != nil && !broke(err) {
		s.m.log.Info("the modem does not know a setting", "command", "AT"+command, "error", err)
		return nil
	}
	return err
}

// should is may, and says the command again later where it was refused: a modem
// that is busy, or whose SIM is not quite ready, refuses what it knows.
func (s *session) should(command string) error {
	_, err := s.command(command, quick)
	if err != nil && !broke(err) {
		s.m.log.Info("the modem does not take a setting now", "command", "AT"+command, "error", err)
		s.refused = append(s.refused, refusal{command, insistence})
		return nil
	}
	return err
}

// refusal is a setting that was refused, and how often it is still said.
type refusal struct {
	command string
	left    int
}

// insistence is how many polls say a refused setting again.
const insistence = 5

// insist says the refused settings again.
func (s *session) insist() {
	refused := s.refused
	s.refused = nil
	for _, r := range refused {
		if s.letsIn && r.command == s.profile.busy+"=1" {
			continue // what was wanted then
		}
		if _, err := s.command(r.command, quick); err != nil && r.left > 1 {
			s.refused = append(s.refused, refusal{r.command, r.left - 1})
		}
	}
}

func (s *session) sayAll(commands []string) error {
	for _, c := range commands {
		if err := s.should(c); err != nil {
			return err
		}
	}
	return nil
}

// ask returns the first line of an answer without a prefix; empty where there
// is none.
func (s *session) ask(command string) string {
	info, err := s.command(command, quick)
	if err != nil || len(info) == 0 {
		return ""
	}
	return strings.TrimSpace(info[0])
}

// keep makes settings where they differ.
func (s *session) keep(settings []setting) error {
	for _, k := range settings {
		info, err := s.command(k.query, quick)
		if broke(err) {
			return err
		}
		if err == nil && k.accepts(one(info, k.name)) {
			continue
		}
		if k.must {
			err = s.must(k.set)
		} else {
			err = s.should(k.set)
		}
		if err != nil {
			return err
		}
		s.changed = s.changed || !k.auto
	}
	return nil
}

// accepts says whether the first field of an answer is what is wanted. What
// follows it (the registration, a list of numbers) does no harm.
func (k setting) accepts(answer string) bool {
	for _, w := range k.want {
		if field(answer, 0) == w {
			return true
		}
	}
	return false
}

// storage has texts stored on the SIM, and notes how many it holds.
func (s *session) storage() error {
	for end := time.Now().Add(startLimit); ; {
		info, err := s.command(`+CPMS="SM","SM","SM"`, quick)
		if err == nil {
			s.m.inbox.capacity = number(one(info, "+CPMS"), 1)
			return nil
		}
		if broke(err) {
			return err
		}
		if !time.Now().Before(end) {
			return fmt.Errorf("the SIM card's memory for texts can not be used: %w", err)
		}
		if err := s.pause(startPause); err != nil {
			return err
		}
	}
}

// route tries the list of routes and keeps the first that is taken: store and
// announce, never straight to us (27.005 3.4.1).
func (s *session) route() error {
	info, err := s.command("+CNMI?", quick)
	if broke(err) {
		return err
	}
	now := strings.ReplaceAll(one(info, "+CNMI"), " ", "")
	routes := s.profile.routes
	if now == routes[0] {
		return nil
	}
	for _, r := range routes {
		switch _, err = s.command("+CNMI="+r, quick); {
		case err == nil:
			s.m.log.Info("texts are announced", "CNMI", r)
			s.changed = s.changed || r != now
			return nil
		case broke(err):
			return err
		}
	}
	return fmt.Errorf("the modem announces no texts: %w", err)
}

// operator leaves the choice of the network to the modem, where another
// program or an owner long ago has fixed it and it is out of reach (survives a
// reset, AT+COPS).
func (s *session) operator() error {
	info, err := s.command("+COPS?", quick)
	if err != nil {
		return brokeOnly(err)
	}
	if mode := number(one(info, "+COPS"), 0); mode <= 0 {
		return nil
	}
	stat, err := s.standing()
	if err != nil || registered(stat) {
		return brokeOnly(err)
	}
	_, err = s.command("+COPS=0", copsLimit)
	return brokeOnly(err)
}

// save writes the settings to the modem's flash where one differed, once in
// the life of this process: the flash wears out.
func (s *session) save() error {
	if !s.changed || s.m.saved {
		return nil
	}
	s.m.saved = true
	return s.may("&W")
}

// brokeOnly drops a mere refusal.
func brokeOnly(err error) error {
	if broke(err) {
		return err
	}
	return nil
}
