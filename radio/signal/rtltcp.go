package signal

import (
	"encoding/binary"
	"io"
	"net"
	"slices"
	"time"
)

const (
	// tick is how often samples are sent. A dongle sends 16 KiB, 33 ms, at once.
	tick = 20 * time.Millisecond
	// patience is how long a client may read nothing, with its buffers full.
	patience = 2 * time.Second
	// maxLag is how far the samples may be behind the clock; beyond, as after a
	// suspend, what is missing is left out.
	maxLag = time.Second
)

// accept serves one client after the other.
func (a *Air) accept() {
	for {
		conn, err := a.listener.Accept()
		if err != nil {
			select {
			case <-a.done:
				return
			case <-time.After(tick): // out of descriptors, or the client was gone at once
				continue
			}
		}
		a.serve(conn)
	}
}

// header is what a server says first: its name, the tuner (5 is the R820T) and
// how many gains that has.
func header() []byte {
	h := binary.BigEndian.AppendUint32([]byte("RTL0"), 5)
	return binary.BigEndian.AppendUint32(h, 29)
}

// serve has the client's commands until it goes; its samples come from play.
func (a *Air) serve(conn net.Conn) {
	_ = conn.SetWriteDeadline(time.Now().Add(patience))
	if _, err := conn.Write(header()); err != nil {
		conn.Close()
		return
	}
	c := &client{conn: conn}
	a.mu.Lock()
	select {
	case <-a.done:
		conn.Close()
	default:
		a.client = c
	}
	a.mu.Unlock()
	var command [5]byte
	for {
		if _, err := io.ReadFull(conn, command[:]); err != nil {
			break
		}
		a.obey(c, command[0], binary.BigEndian.Uint32(command[1:]))
	}
	a.mu.Lock()
	a.drop(c)
	a.mu.Unlock()
}

// The commands that matter here; gains and corrections change nothing.
const (
	setFrequency = 1
	setRate      = 2
)

func (a *Air) obey(c *client, command byte, value uint32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch command {
	case setFrequency:
		c.hertz = value
	case setRate:
		c.rate = value
	}
	a.tell()
}

// play makes the samples that are due and hands them to the client, until Close.
func (a *Air) play() {
	t := time.NewTicker(tick)
	defer t.Stop()
	began, buf := time.Now(), make([]byte, 2*at(maxLag))
	for {
		select {
		case <-t.C:
			a.playUntil(at(time.Since(began)), buf)
		case <-a.done:
			a.mu.Lock()
			defer a.mu.Unlock()
			for _, s := range a.sending {
				close(s.over)
			}
			return
		}
	}
}

// playUntil plays up to so many samples since Listen.
func (a *Air) playUntil(clock int64, buf []byte) {
	a.mu.Lock()
	a.skipped = max(a.skipped, clock-a.pos-at(maxLag))
	n, c := a.due(buf, clock-a.skipped)
	a.mu.Unlock()
	if c != nil {
		a.hand(c, buf[:2*n])
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.finish(time.Now())
}

// due renders the samples up to a time for the client who is to have them, if
// any, and moves on; with mu held.
func (a *Air) due(buf []byte, to int64) (n int64, c *client) {
	n, from := to-a.pos, a.pos
	a.pos = to
	if a.client == nil || a.stalled || n == 0 {
		a.band.forget(to)
		return 0, nil
	}
	for i := int64(0); i < n; i += blockSamples {
		a.band.render(buf[2*i:2*min(i+blockSamples, n)], from+i)
	}
	return n, a.client
}

// hand writes samples to the client. One that does not read is dropped: left in
// half, its I and Q would change places.
func (a *Air) hand(c *client, samples []byte) {
	_ = c.conn.SetWriteDeadline(time.Now().Add(patience))
	_, err := c.conn.Write(samples)
	a.mu.Lock()
	defer a.mu.Unlock()
	if err != nil {
		a.drop(c)
		return
	}
	before := c.heard >= settled
	if c.heard += len(samples) / 2; !before && c.heard >= settled {
		a.tell()
	}
}

// finish tells of every Send whose last sample has been played; with mu held.
func (a *Air) finish(now time.Time) {
	a.sending = slices.DeleteFunc(a.sending, func(s sending) bool {
		if s.end > a.pos {
			return false
		}
		s.over <- now
		close(s.over)
		return true
	})
}
