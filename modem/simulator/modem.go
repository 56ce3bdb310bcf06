package simulator

import (
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// Options say what kind of modem and network there is. The zero value is usable.
type Options struct {
	// Kind is one of Kinds; any other word is a sim800.
	Kind string
	// Number is the panel's own number in E.164 form; default +447700900000.
	Number string
	// Now is the network's time, used for stamps and +CCLK; default time.Now.
	Now func() time.Time
	// SendTime is how long +CMGS takes from Ctrl-Z to its result; default 3 s.
	// The network accepts the text half-way.
	SendTime time.Duration
	// SetupTime passes from ATD until the far end rings; default 2 s.
	SetupTime time.Duration
	// Baud is the line's rate: a byte takes ten bits of it, either way. 0: no time at all.
	Baud int
	// ClockRuns says that the module's clock has run on since the network once set it
	// (its VRTC has a battery); otherwise it begins in 2004.
	ClockRuns bool
	// Seed feeds all chance (garbage on the line).
	Seed uint64
	// Wire is told of every run of bytes on the line, in order. Wire and Event
	// are called one at a time, from goroutines of the modem's or the caller's.
	Wire func(at time.Time, fromModem bool, b []byte)
	// Event is told of every network event, before the host can see a byte of
	// what follows from it. It may call any method of the Modem and may close
	// the line.
	Event func(Event)
}

const ownNumber = "+447700900000"

func (o Options) withDefaults() Options {
	if families[o.Kind] == nil {
		o.Kind = "sim800"
	}
	if o.Number == "" {
		o.Number = ownNumber
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.SendTime <= 0 {
		o.SendTime = 3 * time.Second
	}
	if o.SetupTime <= 0 {
		o.SetupTime = 2 * time.Second
	}
	return o
}

// Modem is the simulated module, its SIM, its network and the phones in it.
// All methods may be called from any goroutine.
type Modem struct {
	opt    Options
	family *family

	mu       sync.Mutex // guards everything below
	closed   bool
	rnd      *rand.Rand
	tasks    taskHeap
	taskSeq  uint64
	timer    *time.Timer
	effects  []func()
	draining bool
	out      []byte

	port        port
	pace        int       // bit/s; 0: bytes take no time
	outFree     time.Time // when the line to the host has carried all so far
	inFree      time.Time
	absent      bool      // the plug is out
	absentUntil time.Time // zero: until a line is opened

	term   terminal
	power  power
	saved  profile // AT&W
	set    profile // in force
	ses    session // lost at every boot
	flash  flash   // written at once
	clock  clock
	lock   lock
	card   card
	lost   bool // no network
	stuck  int  // no network until so much has been done about it
	hung   hang // says and does nothing
	rate   int  // of the line, in baud; 0: whatever the host's is
	jammed bool
	cell   Cell
	// deafened: jamming detection was switched on before there was a network.
	deafened bool
	lowMV    int

	sim       [simSlots]*stored
	centre    []waiting // texts at the service centre for this SIM
	mr        byte
	sending   *running // a text on its way: callers hear busy
	sendFault *Fault   // for the text that is being typed
	ref       int
	call      *call
	cause     int // of the last call's end, 3GPP TS 24.008 table 10.5.123
	phones    map[string]*phone
	ussd      map[string]Service
	inquiry   *inquiry // nil while nothing was asked
	account   Account
	faults    []*armed // that wait for a command
	listening []*armed // that wait for what the modem says
	losing    int      // so many bytes of it are still to be lost
	cut       bool     // nothing more is said until a fault has struck
	counts    map[tally]int
	waiters   []*waiter
}

// ErrClosed is returned by what needs a modem after Close.
var ErrClosed = errors.New("the simulated modem is closed")

// New returns a modem that is switched on and registered in its home network.
func New(o Options) *Modem {
	o = o.withDefaults()
	m := &Modem{
		opt:    o,
		family: families[o.Kind],
		rnd:    rand.New(rand.NewPCG(o.Seed, 0x51800)),
		saved:  factoryProfile(),
		set:    factoryProfile(),
		ses:    freshSession(),
		flash:  factoryFlash(),
		phones: map[string]*phone{},
		ussd:   map[string]Service{"*100#": {Reply: "Your balance is 12.34 GBP"}},
		counts: map[tally]int{},
		cause:  16,
		power:  power{on: true, simReady: true, smsReady: true},
	}
	m.pace = m.opt.Baud
	m.clock = m.startedClock()
	return m
}

// Close switches the modem off and ends its line. Calling it again does nothing.
func (m *Modem) Close() error {
	m.do(func() {
		if m.closed {
			return
		}
		m.detach()
		m.closed = true
		m.tasks = nil
		if m.timer != nil {
			m.timer.Stop()
		}
		for _, w := range m.waiters {
			close(w.done)
		}
		m.waiters = nil
	})
	return nil
}

// do runs f under the lock and then lets its effects out in order.
func (m *Modem) do(f func()) {
	m.mu.Lock()
	if !m.closed {
		f()
	}
	m.flush()
	m.mu.Unlock()
	m.drain()
}

// drain runs effects outside the lock, one goroutine at a time, so that what a
// callback causes comes after it and never within it.
func (m *Modem) drain() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.draining {
		return
	}
	m.draining = true
	for len(m.effects) > 0 {
		f := m.effects[0]
		m.effects = m.effects[1:]
		m.mu.Unlock()
		f()
		m.mu.Lock()
	}
	m.draining = false
}

// flush lets go what send has put on the line.
func (m *Modem) flush() {
	p, b := m.port, m.out
	m.out = nil
	if p != nil && len(b) > 0 {
		m.carry(p, b)
	}
}
