package control

import (
	"context"
	"io"
	"net"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
)

const (
	followRoom = 64              // entries that wait for a slow reader
	followLook = 2 * time.Second // how often the journal is looked at for missed ones
)

// tail sends the last n entries and then each new one until the client hangs up.
// Entries have numbers without gaps, so what a full channel or the moment before
// it was there lost is seen, and read from the journal.
func (s *server) tail(ctx context.Context, conn net.Conn, n int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go hungUp(conn, cancel)
	fresh := make(chan panel.Entry, followRoom)
	go s.follow(ctx, func(e panel.Entry) {
		select {
		case fresh <- e:
		default: // the look at the journal finds it
		}
	})
	t := tail{server: s, conn: conn}
	if err := t.begin(ctx, n); err != nil {
		return send(conn, ended(reply{}, err))
	}
	return t.run(ctx, fresh)
}

// hungUp cancels when the client's side ends. What it sends is not read.
func hungUp(conn net.Conn, cancel context.CancelFunc) {
	_ = conn.SetReadDeadline(time.Time{})
	_, _ = io.Copy(io.Discard, conn)
	cancel()
}

type tail struct {
	*server
	conn net.Conn
	sent uint64 // number of the last entry sent
}

// begin sends the past, or notes where it ends.
func (t *tail) begin(ctx context.Context, n int) error {
	entries, err := t.desk.Log(ctx, max(1, min(n, maxEntries)))
	if err != nil {
		return err
	}
	if n <= 0 && len(entries) > 0 {
		t.sent = entries[len(entries)-1].Number
	}
	return t.write(entries)
}

func (t *tail) run(ctx context.Context, fresh <-chan panel.Entry) error {
	look := time.NewTicker(followLook)
	defer look.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case e := <-fresh:
			err = t.upTo(ctx, e)
		case <-look.C:
			var newest []panel.Entry
			if newest, err = t.desk.Log(ctx, 1); err == nil && len(newest) > 0 {
				err = t.upTo(ctx, newest[0])
			}
		}
		if err != nil {
			return send(t.conn, ended(reply{}, err))
		}
	}
}

// upTo sends e, and before it what lies between the last one sent and e.
func (t *tail) upTo(ctx context.Context, e panel.Entry) error {
	if e.Number <= t.sent {
		return nil
	}
	if e.Number > t.sent+1 {
		missed, err := t.desk.Log(ctx, int(min(e.Number-t.sent, maxEntries)))
		if err != nil {
			return err
		}
		if err := t.write(missed); err != nil {
			return err
		}
	}
	return t.write([]panel.Entry{e})
}

func (t *tail) write(entries []panel.Entry) error {
	for _, e := range entries {
		if e.Number <= t.sent {
			continue
		}
		if err := send(t.conn, reply{Entry: &e}); err != nil {
			return err
		}
		t.sent = e.Number
	}
	return nil
}
