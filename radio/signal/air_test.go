package signal_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/radio/signal"
)

// patient is how long anything may take on a loaded machine.
const patient = 60 * time.Second

func listen(t *testing.T) *signal.Air {
	t.Helper()
	air, err := signal.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = air.Close() })
	return air
}

// dongle is a client as a receiving program is one.
type dongle struct {
	t    *testing.T
	conn net.Conn
}

func connect(t *testing.T, air *signal.Air) *dongle {
	t.Helper()
	conn, err := net.Dial("tcp", air.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patient))
	d := &dongle{t, conn}
	if h := d.read(12); string(h[:4]) != "RTL0" || binary.BigEndian.Uint32(h[4:]) == 0 {
		t.Fatalf("header %q", h)
	}
	return d
}

func (d *dongle) tune() *dongle {
	d.command(2, signal.Rate)
	d.command(1, signal.Frequency)
	d.command(0x0d, 29) // something that does not matter
	return d
}

func (d *dongle) command(number byte, value uint32) {
	d.t.Helper()
	if _, err := d.conn.Write(binary.BigEndian.AppendUint32([]byte{number}, value)); err != nil {
		d.t.Fatal(err)
	}
}

func (d *dongle) read(n int) []byte {
	d.t.Helper()
	b := make([]byte, n)
	if _, err := io.ReadFull(d.conn, b); err != nil {
		d.t.Fatal(err)
	}
	return b
}

// reads reads on until the samples fulfil it.
func (d *dongle) reads(what string, done func(loudest float64) bool) {
	d.t.Helper()
	for end := time.Now().Add(patient); time.Now().Before(end); {
		b := d.read(2 * signal.Rate / 50)
		loudest := 0.0
		for i := range len(b) / 2 {
			loudest = max(loudest, amplitude(b, i))
		}
		if done(loudest) {
			return
		}
	}
	d.t.Fatalf("in %v of samples there was no %s", patient, what)
}

func loud(l float64) bool  { return l > 0.4 }
func quiet(l float64) bool { return l < 0.2 }

func waitListening(t *testing.T, air *signal.Air) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	if err := air.WaitListening(ctx); err != nil {
		t.Fatal(err)
	}
}

// drain reads all that comes until the connection ends.
func (d *dongle) drain() { go func() { _, _ = io.Copy(io.Discard, d.conn) }() }

func TestAirSends(t *testing.T) {
	t.Parallel()
	air := listen(t)
	if hertz, rate := air.Tuned(); hertz != 0 || rate != 0 || air.Listening() {
		t.Errorf("before anybody came: %d Hz, %d/s, listening %v", hertz, rate, air.Listening())
	}
	d := connect(t, air).tune()
	d.reads("quiet", quiet)
	over, err := air.Send(signal.Press{Code: 0x5A3C91, Frames: 3})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	d.reads("press", loud)
	end, ok := <-over
	if length := 3 * 128 * 350 * us; !ok || end.Sub(began) > patient || end.Before(began.Add(length/2)) {
		t.Errorf("over %v after it was sent, %v", end.Sub(began), ok)
	}
	if _, ok := <-over; ok {
		t.Error("over twice")
	}
	d.reads("quiet", quiet)
	d.drain()
	waitListening(t, air)
	if hertz, rate := air.Tuned(); hertz != signal.Frequency || rate != signal.Rate {
		t.Errorf("tuned to %d Hz, %d/s", hertz, rate)
	}
}

// The samples come at their rate: not faster, and no slower over a while.
func TestAirKeepsTime(t *testing.T) {
	t.Parallel()
	began := time.Now() // a reader that is late finds more, but never what is yet to come
	d := connect(t, listen(t)).tune()
	d.read(2 * signal.Rate / 2)
	if took := time.Since(began); took < 400*time.Millisecond || took > 5*time.Second {
		t.Errorf("half a second of samples came in %v", took)
	}
}

func TestAirJamAndNoise(t *testing.T) {
	t.Parallel()
	air := listen(t)
	d := connect(t, air).tune()
	d.reads("quiet", quiet)
	air.Jam(true)
	d.reads("carrier", func(l float64) bool { return l > 1.2 })
	air.Jam(false)
	d.reads("quiet", quiet)
	air.Noise(0.2)
	d.reads("noise", loud)
	air.Noise(0)
	d.reads("quiet", quiet)
}

func TestAirStalls(t *testing.T) {
	t.Parallel()
	air := listen(t)
	d := connect(t, air).tune()
	d.read(2 * signal.Rate / 5)
	waitListening(t, air)
	air.Stall(true)
	if air.Listening() {
		t.Error("listening though stalled")
	}
	over, err := air.Send(signal.Press{Code: 1, Frames: 1})
	if err != nil {
		t.Fatal(err)
	}
	<-over // what nobody hears is over all the same
	_ = d.conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	n, err := io.Copy(io.Discard, d.conn) // what was on its way
	if ne, ok := err.(net.Error); !ok || !ne.Timeout() {
		t.Errorf("%d bytes, then %v, want silence with the connection open", n, err)
	}
	_ = d.conn.SetDeadline(time.Now().Add(patient))
	air.Stall(false)
	d.reads("quiet", quiet)
	waitListening(t, air)
}

func TestAirUnplugged(t *testing.T) {
	t.Parallel()
	air := listen(t)
	for range 3 {
		d := connect(t, air).tune()
		d.read(2 * signal.Rate / 5)
		waitListening(t, air)
		air.Unplug()
		if air.Listening() {
			t.Error("listening though unplugged")
		}
		if _, err := io.Copy(io.Discard, d.conn); errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after Unplug: %v", err)
		}
	}
	air.Unplug() // nobody there
}

// A client that goes by itself makes room for the next, also one that says
// nothing or half a command.
func TestAirClientsComeAndGo(t *testing.T) {
	t.Parallel()
	air := listen(t)
	for _, said := range [][]byte{nil, {2}, {1, 2, 3, 4, 5, 6}, bytes.Repeat([]byte{9}, 5000)} {
		d := connect(t, air)
		if _, err := d.conn.Write(said); err != nil {
			t.Fatal(err)
		}
		d.read(1000)
		d.conn.Close()
	}
	d := connect(t, air).tune()
	d.drain()
	waitListening(t, air)
}

func TestAirRefuses(t *testing.T) {
	t.Parallel()
	air := listen(t)
	if _, err := air.Send(signal.Press{Code: 1}, signal.Press{TE: time.Second}); err == nil {
		t.Error("an impossible press is sent")
	}
	if _, err := air.Emit(signal.Burst{}); err == nil {
		t.Error("a burst without a level is sent")
	}
	if _, err := signal.Listen(air.Addr()); err == nil {
		t.Error("two servers at one address")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := air.WaitListening(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("WaitListening: %v", err)
	}
}

// Anything from anywhere at once, and Close in the middle.
func TestAirConcurrently(t *testing.T) {
	t.Parallel()
	air := listen(t)
	d := connect(t, air).tune()
	d.drain()
	waitListening(t, air)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			over, err := air.Send(signal.Press{Code: uint32(i), Frames: 2})
			if err == nil {
				<-over
			}
			air.Noise(0.01 * float64(i))
			air.Jam(i%2 == 0)
			air.Stall(i%2 == 0)
			air.Listening()
		})
	}
	all.Wait()
	over, err := air.Send(signal.Press{Code: 1, Frames: 300})
	if err != nil {
		t.Fatal(err)
	}
	if err := air.Close(); err != nil {
		t.Error(err)
	}
	if _, ok := <-over; ok {
		t.Error("over though the air was closed before")
	}
	if _, err := air.Send(signal.Press{Code: 1}); err == nil {
		t.Error("sent after Close")
	}
	if err := air.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}
