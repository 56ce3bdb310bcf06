package signal

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Air is a place with radio in it and a dongle: a server of the rtl_tcp protocol
// (rtl_tcp.c of rtl-sdr) for one client at a time, `rtl_433 -d rtl_tcp:HOST:PORT`.
// Time passes on it whether somebody listens or not: what is sent while nobody
// does, or while it is stalled, is lost, as on the real air.
type Air struct {
	listener net.Listener
	done     chan struct{} // closed by Close
	running  sync.WaitGroup

	mu      sync.Mutex    // held only to look or to change, never while writing
	changed chan struct{} // closed and made anew when Listening may have changed
	band    band
	pos     int64 // first sample that is not played yet
	skipped int64 // samples that were left out because we came too late
	sending []sending
	client  *client
	stalled bool
}

// sending is a Send that is not over.
type sending struct {
	end  int64
	over chan<- time.Time
}

// client is one connection.
type client struct {
	conn  net.Conn
	rate  uint32 // as it has set them; 0 before
	hertz uint32
	heard int // samples written to it
}

// airSeed is of the noise on the air: the same in every life.
const airSeed = 433_920

// settled is how many samples a client has before it is taken as listening:
// rtl_433 settles on the noise in the first 1024.
const settled = Rate / 10

// Listen opens the server at an address, for example "127.0.0.1:0" for a free port.
func Listen(addr string) (*Air, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("the made radio cannot be served at %s, use for example 127.0.0.1:0: %w", addr, err)
	}
	a := &Air{listener: l, done: make(chan struct{}), changed: make(chan struct{})}
	a.band.noise = noiseOf(0, airSeed)
	a.running.Go(a.accept)
	a.running.Go(a.play)
	return a, nil
}

// Addr is where the server is, for example "127.0.0.1:40123"; rtl_433 takes it
// behind "rtl_tcp:".
func (a *Air) Addr() string { return a.listener.Addr().String() }

// Send puts presses on the air now, together; they mix with what is there. It
// returns at once. over gives once the moment when the last sample of the last
// pulse was handed to the client, or had gone by unheard; it is closed without
// one when the air is closed first. What follows within the silence of the last
// sync runs into the press, as on the real air: leave 30 ms or more, by Delay.
func (a *Air) Send(presses ...Press) (over <-chan time.Time, err error) {
	var bursts []Burst
	for _, p := range presses {
		b, err := p.Burst()
		if err != nil {
			return nil, err
		}
		bursts = append(bursts, b)
	}
	return a.Emit(bursts...)
}

// Emit is Send for any on-off keyed transmission.
func (a *Air) Emit(bursts ...Burst) (over <-chan time.Time, err error) {
	for _, b := range bursts {
		if err := b.check(); err != nil {
			return nil, err
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	c := make(chan time.Time, 1)
	select {
	case <-a.done:
		return nil, errors.New("nothing can be sent: the made radio is closed")
	default:
	}
	s := sending{end: a.pos, over: c}
	for _, b := range bursts {
		t := newTrain(b, a.pos)
		a.band.trains = append(a.band.trains, t)
		s.end = max(s.end, t.end)
	}
	a.sending = append(a.sending, s)
	return c, nil
}

// Noise sets the noise from now on, as the standard deviation of I and Q in
// parts of full scale: 0 is [DefaultNoise], negative none.
func (a *Air) Noise(level float64) {
	n := noiseOf(level, airSeed)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.band.noise = n
}

// Jam switches a strong carrier on or off that drowns everything else.
func (a *Air) Jam(on bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.band.jam = nil; on {
		a.band.jam = &train{spans: []span{{a.pos, 1 << 62}}, level: jamLevel * fullScale, radian: 0.01}
	}
}

// jamLevel is beyond full scale: the samples of a receiver that is driven into
// its limits carry nothing else.
const jamLevel = 3

// Stall stops the samples while the connection stays open, as a dongle that
// hangs does, and lets them go on.
func (a *Air) Stall(on bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stalled = on
	a.tell()
}

// Unplug drops the connection. The next client is accepted again.
func (a *Air) Unplug() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.client != nil {
		a.drop(a.client)
	}
}

// Tuned gives the frequency in Hz and the samples a second that the client asked
// for, 0 where it has not or there is none.
func (a *Air) Tuned() (hertz, rate uint32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.client == nil {
		return 0, 0
	}
	return a.client.hertz, a.client.rate
}

// Listening says whether what is sent now will be heard: a client is there, has
// set the sample rate to [Rate], has had 0.1 s of samples, and gets more.
func (a *Air) Listening() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.listening()
}

func (a *Air) listening() bool {
	return a.client != nil && !a.stalled && a.client.rate == Rate && a.client.heard >= settled
}

// WaitListening returns when somebody listens, or with the error of ctx.
func (a *Air) WaitListening(ctx context.Context) error {
	for {
		a.mu.Lock()
		now, changed := a.listening(), a.changed
		a.mu.Unlock()
		if now {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("nobody listens to the made radio: %w", context.Cause(ctx))
		}
	}
}

// Close ends the server and drops the client.
func (a *Air) Close() error {
	a.mu.Lock()
	select {
	case <-a.done:
		a.mu.Unlock()
		return nil
	default:
	}
	close(a.done)
	err := a.listener.Close()
	if a.client != nil {
		a.drop(a.client)
	}
	a.mu.Unlock()
	a.running.Wait()
	return err
}

// tell wakes who waits; with mu held.
func (a *Air) tell() {
	close(a.changed)
	a.changed = make(chan struct{})
}

// drop ends a connection; with mu held.
func (a *Air) drop(c *client) {
	c.conn.Close()
	if a.client == c {
		a.client = nil
		a.tell()
	}
}
