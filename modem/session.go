package modem

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/warthog618/modem/at"
)

// Deadlines, from a command's first byte on (AT, "Max Response Time").
const (
	quick       = 5 * time.Second
	cmgsLimit   = 60 * time.Second
	promptLimit = 10 * time.Second
	cmglLimit   = 20 * time.Second
	callLimit   = 20 * time.Second
	cfunLimit   = 10 * time.Second
	copsLimit   = 120 * time.Second
)

// Why a dialogue broke off. After each of them the fate of what was handed
// over is unknown.
var (
	errLate  = errors.New("the modem did not answer in time")
	errReset = errors.New("the modem has reset itself; a weak supply is the usual cause")
	errLow   = errors.New("the modem has switched itself off: its supply was too low; use one that gives 2 A for moments")
	errHigh  = errors.New("the modem has switched itself off: its supply was too high; 4.4 V is the most")
	errOff   = errors.New("the modem has switched itself off; check its supply")
)

// refused is a bare ERROR.
var errRefused = errors.New("the modem refused the command")

// session is the line from its opening to its loss. Its methods are called by
// the owner of the line only, those of faults by anyone.
type session struct {
	m       *Modem
	ctx     context.Context
	guard   *guard
	profile *profile
	split   *splitter
	at      *at.AT
	faults
	unsynced   bool // a command was not answered, or an answer had no command
	due        due
	unlocked   bool            // the SIM's PIN was entered
	listed     bool            // the SIM was listed in this epoch
	changed    bool            // a setting that AT&W keeps was made
	letsIn     bool            // AT+GSMBUSY=0
	gauged     bool            // a signal was read
	deaf       map[string]bool // queries for a lost setting that this modem does not know
	undone     int             // resets in a row that only such a query has found
	jamming    bool            // the modem looks for jammers
	millivolts []int           // the last readings of the supply
	refused    []refusal       // settings that are said again
}

// faults are what the reading goroutine has to tell the owner.
type faults struct {
	mu       sync.Mutex
	lost     error // the line is gone
	reset    bool  // the modem started anew
	asked    bool  // because we told it to
	cardGone bool  // the SIM card was taken out
	stray    bool  // an answer without a command
	boot     boot
	fresh    map[int]bool // indexes that +CMTI has named: what lies there came while we were here
	warnedAt time.Time    // of its supply
	wishes
	inquiry inquiry // who gets the next +CUSD
	dead    chan struct{}
	wake    chan struct{} // capacity 1: something was noted
}

// connect opens the line and puts the dialogue above it.
func (m *Modem) connect(ctx context.Context) (*session, error) {
	line, err := m.options.Open()
	if err != nil {
		return nil, noLine{err}
	}
	s := &session{m: m, ctx: ctx, guard: newGuard(line), profile: &profiles[0], deaf: map[string]bool{}}
	if p := profileOf(m.options.Kind); p != nil {
		s.profile = p
	}
	s.faults = faults{fresh: map[int]bool{}, dead: make(chan struct{}), wake: make(chan struct{}, 1)}
	s.split = newSplitter(s.guard, m.trace)
	s.split.urc = s.unsolicited
	s.split.stray = s.strayed
	s.split.over = s.lose
	s.split.noise = func(n int) { m.log.Debug("noise on the modem's line", "dropped", n) }
	s.at = at.New(s.split, at.WithEscTime(escapeTime))
	go s.split.run()
	return s, nil
}

// close closes the line and waits for the goroutines above it.
func (s *session) close() {
	s.guard.Close()
	patience := time.NewTimer(2 * time.Second)
	defer patience.Stop()
	select {
	case <-s.at.Closed():
	case <-patience.C:
		s.m.log.Warn("the modem's port did not close in time")
	}
}

// lose marks the line as gone.
func (f *faults) lose(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lost == nil {
		f.lost = noLine{fmt.Errorf("the line to the modem is lost; check its cable and supply: %w", err)}
		close(f.dead)
	}
}

// strayed marks the line as out of step: an answer came that nothing asked.
func (s *session) strayed() {
	s.mu.Lock()
	s.stray = true
	s.mu.Unlock()
	signal(s.wake)
}

// fault is why nothing more can be said in this state, nil if it can.
func (f *faults) fault() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.lost != nil:
		return f.lost
	case f.reset && f.asked:
		return errRestarted
	case f.reset:
		return errReset
	case f.cardGone:
		return errCardGone
	}
	return nil
}

// command sends one command, given without "AT", and returns the lines of its
// answer. Errors: *CMEError, *CMSError, errRefused, at.ConnectError, or that
// the dialogue broke off: errLate, errReset, or that the line is lost.
func (s *session) command(command string, limit time.Duration) ([]string, error) {
	s.m.trace.begin(false)
	return s.dialogue(command, limit)
}

// quietly is command, sealed or not.
func (s *session) quietly(sealed bool, command string, limit time.Duration) ([]string, error) {
	s.m.trace.begin(sealed)
	return s.dialogue(command, limit)
}

func (s *session) dialogue(command string, limit time.Duration) ([]string, error) {
	s.m.lives()
	if err := s.ready(); err != nil {
		return nil, err
	}
	info, err := s.at.Command(command, at.WithTimeout(limit))
	_, err = s.outcome(err)
	return info, err
}

// ready brings the line into step where it is not.
func (s *session) ready() error {
	if err := s.fault(); err != nil {
		return err
	}
	s.mu.Lock()
	s.unsynced = s.unsynced || s.stray
	s.mu.Unlock()
	if !s.unsynced {
		return nil
	}
	s.due.poll = time.Time{} // it also finds out whether the modem was reset
	return s.synchronise()
}

// outcome ends a dialogue: what the library's error means, and whether a PDU
// had gone out.
func (s *session) outcome(err error) (written bool, _ error) {
	written, aborted := s.split.settle()
	if f := s.fault(); f != nil && err != nil {
		return written, f
	}
	var cme at.CMEError
	var cms at.CMSError
	switch {
	case err == nil:
		return written, nil
	case errors.As(err, &cme):
		return written, &CMEError{code(string(cme), cmeUnknown)}
	case errors.As(err, &cms):
		return written, &CMSError{code(string(cms), cmsUnknown)}
	case errors.Is(err, at.ErrError) && !aborted:
		return written, errRefused
	case errors.As(err, new(at.ConnectError)):
		return written, err
	case errors.Is(err, at.ErrDeadlineExceeded), aborted:
		s.split.turn(toNobody, "")
		s.unsynced = true
		return written, errLate
	}
	// The library is closed, or its write failed: so is the line lost.
	s.lose(err)
	return written, s.fault()
}

// code reads the number of an error; the modem was told to give numbers
// (CMEE=1), so words mean that it has forgotten.
func code(s string, unknown int) int {
	if n := number(s, 0); n >= 0 {
		return n
	}
	return unknown
}

// broke says whether the dialogue broke off, so that the fate of what was
// asked is unknown.
func broke(err error) bool {
	var cme *CMEError
	var cms *CMSError
	var connect at.ConnectError
	return err != nil && !errors.As(err, &cme) && !errors.As(err, &cms) && !errors.As(err, &connect) && !errors.Is(err, errRefused)
}

// submit hands one text over.
func (s *session) submit(t Text, sub submission) (int, error) {
	s.m.trace.submits(t)
	if err := s.ready(); err != nil {
		return 0, ErrDown
	}
	s.m.trace.submits(t)
	s.m.sends(true)
	defer s.m.sends(false)
	// Without a prompt nothing has been sent, and there is no use in waiting.
	prompt := time.AfterFunc(promptLimit, func() { s.split.abort(true) })
	defer prompt.Stop()
	info, err := s.at.SMSCommand(fmt.Sprintf("+CMGS=%d", sub.length), sub.pdu, at.WithTimeout(cmgsLimit))
	written, err := s.outcome(err)
	switch {
	case broke(err) && written:
		return 0, ErrUnknown
	case broke(err):
		return 0, ErrDown
	case errors.Is(err, errRefused):
		return 0, &CMSError{cmsUnknown}
	case refusedWith(err, cmsDuplicate):
		return unknownRef, nil
	case err != nil:
		return 0, err
	}
	ref := number(one(info, "+CMGS"), 0)
	if ref < 0 {
		return 0, ErrUnknown
	}
	return ref, nil
}

// one returns what follows the prefix in the first line that has it.
func one(info []string, prefix string) string {
	for _, line := range info {
		if rest, ok := strings.CutPrefix(line, prefix+":"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// pause waits, less long where the line is lost or the modem stops.
func (s *session) pause(d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return s.fault()
	case <-s.dead:
		return s.fault()
	case <-s.ctx.Done():
		return context.Cause(s.ctx)
	}
}
