package control

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/gsmpanel/gsmpanel/radio"
)

// maxLearn is how long one request may listen.
const maxLearn = time.Hour

// Learnt is one thing to tell of what is on the air.
type Learnt struct {
	Finding *radio.Finding `json:"finding,omitempty"` // a device, once
	// Down are the receivers that do not run, each with the reason, in words. It is
	// told when learning begins and with every change; nil with a finding.
	Down []string `json:"down,omitempty"`
}

// Learn hands on what is heard until ctx ends, which is no error, or each gives
// one, which it returns. What each takes long over must hold up no receiver.
type Learn func(ctx context.Context, each func(Learnt) error) error

// learnt sends what is heard until the seconds are over or the client hangs up.
// It alone writes; a client that does not read is dropped by the deadline of a
// write, and what it misses meanwhile it would have heard again.
func (s *server) learnt(ctx context.Context, conn net.Conn, seconds int) error {
	if seconds < 1 || seconds > int(maxLearn/time.Second) {
		return send(conn, reply{Error: fmt.Sprintf("the panel cannot listen for %d seconds; 1 to %d are allowed", seconds, int(maxLearn/time.Second))})
	}
	s.note("learn", conn)
	ctx, cancel := context.WithTimeout(ctx, time.Duration(seconds)*time.Second)
	defer cancel()
	go hungUp(conn, cancel)
	var gone error
	err := s.learn(ctx, func(l Learnt) error {
		gone = send(conn, reply{Learnt: &l})
		return gone
	})
	switch {
	case gone != nil:
		return gone
	case errors.Is(ctx.Err(), context.Canceled):
		return nil // it has hung up, or the panel stops: it did not listen to the end
	}
	return send(conn, ended(reply{}, err))
}

// Learn hands on what the panel's receivers hear for some seconds, 1 to 3600, or
// until ctx ends, which is no error.
func (c *Client) Learn(ctx context.Context, seconds int, each func(Learnt)) error {
	_, err := c.ask(ctx, request{Do: doLearn, Seconds: seconds}, func(line reply) {
		if line.Learnt != nil {
			each(*line.Learnt)
		}
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}
