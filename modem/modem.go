// Package modem drives one GSM modem on a serial line: texts, calls, keyed
// digits, service codes and signal.
//
// It is the room that knows what AT commands are. It keeps the dialogue with
// the modem in order (one owner of the line, a deadline for every command, a
// probe after every silence), starts the modem anew when it has reset itself,
// and opens the line anew when it is gone. Above it there are only texts,
// calls, events and errors with a meaning.
//
// It will not decide whom to tell or whom to obey, will not repeat a text of
// its own accord, and stores nothing: a received text stays on the SIM until
// its reader calls Discard.
//
// Sources named in the comments: "AT p.N" is a page of the SIM800 Series AT
// Command Manual V1.12; clauses are those of 3GPP TS 27.005 (texts), 27.007
// (the rest), 23.040 (PDUs) and 23.038 (alphabets).
package modem

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/gsmpanel/gsmpanel/tty"
)

// Opener opens the line to the modem anew. The guard, the splitter and the AT
// dialogue are put above what it returns. Close must end a Read that waits.
type Opener func() (io.ReadWriteCloser, error)

// Serial opens a tty at a rate in baud; see [tty.Open].
func Serial(device string, baud int) Opener {
	return func() (io.ReadWriteCloser, error) { return tty.Open("the modem", device, baud) }
}

// Options say how a Modem is reached and what it tells of its dialogue.
type Options struct {
	// Open opens the line; Serial makes one for a tty. Required.
	Open Opener
	// Kind is one of Kinds; any other word: what the modem says of itself decides.
	Kind string
	// Baud is the line's speed. A modem that does not answer is then looked for at
	// others, where the line has them (SetBaud), and told to speak at this one. 0: it
	// is not.
	Baud int
	// Unlock, where not nil, gives the SIM card's PIN.
	Unlock Unlock
	// Power, where it has a Set, switches a modem that does not answer off and on.
	Power Power
	// Trace, where not nil, is given one line per line of the dialogue, "> "
	// before what was sent and "< " before what was received, one at a time.
	// It never holds a PDU or a keyed digit, shows texts decoded with every
	// digit as '•', and nothing of a sealed dialogue, nor of the listings and
	// polls that the room does by itself. It must not block.
	Trace func(line string)
	// Shown says whose received texts the trace may show; nil: nobody's.
	Shown func(from string) bool
	// Plain says which words of those it may show, such as those of commands;
	// any other is '…', whatever its length. nil: none.
	Plain func(word string) bool
	// Log is given counts of garbage and the steps of recovery; never a body
	// or a number. Default: nothing is logged.
	Log *slog.Logger
	// Sweep is the time between two listings of the SIM; default 30 s.
	Sweep time.Duration
	// Poll is the time between two readings of signal and registration;
	// default 30 s.
	Poll time.Duration
}

// Modem is one GSM modem. Its methods may be called from any goroutine; Run
// must be running for them to do anything.
type Modem struct {
	options Options
	log     *slog.Logger
	trace   *tracer
	events  queue[Event]
	jobs    *jobs
	inbox   *inbox // only the owner of the line touches it
	signal  trend  // as inbox
	ladder  ladder // likewise
	search  search // likewise

	ussdAfter time.Time // no service code is asked before; as inbox

	mu         sync.Mutex
	running    bool
	epoch      uint64
	up         bool
	reason     string // of the last Down, so that one that repeats is told once
	calls      uint64
	call       *call
	open       bool // calls are taken
	caller     caller
	lastSealed bool // the last call
	network    Network
	condition  Condition
	sending    bool
	sentAt     time.Time // a text, or a call's end
	texts      uint64
	saved      bool      // AT&W was sent by this process
	heard      time.Time // of the owner of the line, last; zero before Run
	unlocking  bool      // the owner waits for whoever keeps the PIN

	networkTold   bool // in this epoch
	conditionTold bool

	unknown sync.Once // its model was logged
}

// New makes a modem that is not running yet.
func New(o Options) *Modem {
	if o.Sweep <= 0 {
		o.Sweep = 30 * time.Second
	}
	if o.Poll <= 0 {
		o.Poll = 30 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Modem{
		options: o,
		log:     o.Log,
		trace:   &tracer{out: o.Trace, shown: o.Shown, plain: o.Plain},
		events:  newQueue[Event](),
		jobs:    newJobs(),
		inbox:   newInbox(),
		ladder:  ladder{power: o.Power.Set != nil},
	}
}

// Run opens the line, brings the modem up, and does so again for ever when
// either fails, until ctx is done; then it closes the line and returns the
// cause. It calls on with every event, in order, from this one goroutine; on
// must not block for long. Run may be called once.
func (m *Modem) Run(ctx context.Context, on func(Event)) error {
	m.mu.Lock()
	again := m.running
	m.running = true
	m.mu.Unlock()
	if again {
		return errors.New("modem: Run was called twice for one modem; make another with New")
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		m.supervise(ctx)
	}()
	defer func() { <-done }()
	for {
		for {
			e, ok := m.events.get()
			if !ok {
				break
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			on(e)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-m.events.ready:
		}
	}
}

func (m *Modem) emit(e Event) { m.events.put(e) }
