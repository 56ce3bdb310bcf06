package control

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
)

// patience is how long the panel may take for one line of an answer. A new code
// is compared with a hundred others on a slow board, but tells of each.
const patience = 60 * time.Second

// Client is the panel's desk seen through its socket. It may be used by many at
// once; each request has a connection of its own.
type Client struct{ path string }

var _ panel.Desk = (*Client)(nil)

// Dial looks whether a panel answers on the socket. Where none does the error is
// fs.ErrNotExist (no socket) or syscall.ECONNREFUSED (a socket left behind).
func Dial(path string) (*Client, error) {
	c := &Client{path: path}
	conn, err := c.open(context.Background())
	if err != nil {
		return nil, err
	}
	return c, conn.Close()
}

func (c *Client) open(ctx context.Context) (net.Conn, error) {
	d := net.Dialer{Timeout: 5 * time.Second}
	conn, err := d.DialContext(ctx, "unix", c.path)
	if err != nil {
		return nil, fmt.Errorf("no panel answers on %s: %w", c.path, err)
	}
	return conn, nil
}

// Outward is the panel as anybody may see it.
func (c *Client) Outward(ctx context.Context) (panel.Outward, error) {
	r, err := c.ask(ctx, request{Do: doOutward}, nil)
	if err != nil || r.Outward == nil {
		return panel.Outward{}, orEmpty(err)
	}
	return *r.Outward, nil
}

// Public is the configuration without codes.
func (c *Client) Public(ctx context.Context) (panel.Public, error) {
	r, err := c.ask(ctx, request{Do: doPublic}, nil)
	if err != nil || r.Public == nil {
		return panel.Public{}, orEmpty(err)
	}
	return *r.Public, nil
}

// Edit changes the configuration. An edit that panel.EncodeEdit does not know
// cannot be sent.
func (c *Client) Edit(ctx context.Context, e panel.Edit) error {
	op, args, err := panel.EncodeEdit(e)
	if err != nil {
		return err
	}
	_, err = c.ask(ctx, request{Do: doEdit, Edit: op, Args: args}, nil)
	return err
}

// Codes makes, changes or removes codes; progress may be nil.
func (c *Client) Codes(ctx context.Context, r panel.CodeRequest, progress func(done, total int)) error {
	_, err := c.ask(ctx, request{Do: doCodes, Codes: &r}, func(line reply) {
		if line.Progress != nil && progress != nil {
			progress(line.Progress.Done, line.Progress.Total)
		}
	})
	return err
}

// Command is a command by hand.
func (c *Client) Command(ctx context.Context, r panel.CommandRequest) (panel.Answer, error) {
	a, err := c.ask(ctx, request{Do: doCommand, Command: &r}, nil)
	if err != nil || a.Answer == nil {
		return panel.Answer{}, orEmpty(err)
	}
	return *a.Answer, nil
}

// Log returns the last n journal entries, oldest first.
func (c *Client) Log(ctx context.Context, n int) ([]panel.Entry, error) {
	return c.entries(ctx, request{Do: doLog, N: n})
}

// SealedLog answers a master code 12 h after closing; otherwise nothing.
func (c *Client) SealedLog(ctx context.Context, digits panel.Secret) ([]panel.Entry, error) {
	return c.entries(ctx, request{Do: doSealed, Digits: digits})
}

func (c *Client) entries(ctx context.Context, req request) ([]panel.Entry, error) {
	var entries []panel.Entry
	_, err := c.ask(ctx, req, func(line reply) {
		if line.Entry != nil {
			entries = append(entries, *line.Entry)
		}
	})
	if err != nil {
		return nil, err
	}
	return entries, nil
}

// Follow hands on the last n journal entries, oldest first, then each new one,
// until ctx ends, which is no error, or the panel does.
func (c *Client) Follow(ctx context.Context, n int, each func(panel.Entry)) error {
	_, err := c.ask(ctx, request{Do: doFollow, N: n}, func(line reply) {
		if line.Entry != nil {
			each(*line.Entry)
		}
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// ask sends one request, hands on the lines before the last one, and returns
// that. An answer of error is an *Error.
func (c *Client) ask(ctx context.Context, req request, each func(reply)) (reply, error) {
	conn, err := c.open(ctx)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = conn.Close() }() // the answer is complete or the error told
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	unread := put(conn, req)
	if unread != nil && !errors.Is(unread, syscall.EPIPE) {
		return reply{}, said(ctx, unread)
	}
	// A panel that has no place for this request says so and hangs up, perhaps
	// before it was written.
	lines := bufio.NewReaderSize(conn, 4096)
	for {
		if p := req.patience(); p > 0 {
			_ = conn.SetReadDeadline(time.Now().Add(p)) // of a closed connection; the read tells
		}
		r, err := next(lines)
		if err != nil {
			return r, said(ctx, cmp.Or(unread, err))
		}
		if r.Error != "" {
			return r, &Error{Sentence: r.Error, hint: r.Hint}
		}
		if r.last() && r.Unkept != "" {
			return r, panel.NotKept{Why: r.Unkept}
		}
		if r.last() {
			return r, nil
		}
		if each != nil {
			each(r)
		}
	}
}

func put(conn net.Conn, req request) error {
	line, err := json.Marshal(req)
	if err != nil {
		return errors.New("the request cannot be written as JSON") // err might quote it
	}
	if len(line) >= maxRequest {
		return fmt.Errorf("the request has %d bytes and the panel takes %d", len(line), maxRequest)
	}
	if err := conn.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return err
	}
	_, err = conn.Write(append(line, '\n'))
	return err
}

func next(lines *bufio.Reader) (reply, error) {
	var r reply
	line, err := readLine(lines, maxAnswer)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return r, fmt.Errorf("the panel's answer cannot be read: %w", err)
	}
	return r, nil
}

// Backup writes a consistent copy of the panel's database to w.
func (c *Client) Backup(ctx context.Context, w io.Writer) error {
	var unwritten error
	_, err := c.ask(ctx, request{Do: doBackup}, func(line reply) {
		if unwritten == nil {
			_, unwritten = w.Write(line.Piece)
		}
	})
	return cmp.Or(err, unwritten)
}

// Restore takes over the configuration of a backup, and says whether its codes
// could be read.
func (c *Client) Restore(ctx context.Context, s panel.Saved) (whole bool, err error) {
	r, err := c.ask(ctx, request{Do: doRestore, Saved: &s}, nil)
	return r.Whole, err
}

var errTooLong = errors.New("a line is too long")

// readLine reads up to a line feed, at most limit bytes; after an error, what came
// before it.
func readLine(from *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	for {
		piece, err := from.ReadSlice('\n')
		line = append(line, piece...)
		switch {
		case len(line) > limit:
			return nil, fmt.Errorf("%w: it has more than %d bytes", errTooLong, limit)
		case err == nil:
			return line, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		}
	}
}

// said puts in words what broke a connection.
func said(ctx context.Context, err error) error {
	var timeout net.Error
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("the panel took the request but has not answered for %s; whether it was done, `gsmpanel status` and `gsmpanel log` show: %w", patience, err)
	case errors.Is(err, io.EOF):
		return errors.New("the panel stopped before it had answered; `gsmpanel log` shows what was done")
	}
	return fmt.Errorf("lost the panel: %w", err)
}

func orEmpty(err error) error {
	if err != nil {
		return err
	}
	return errors.New("the panel's answer is empty; use the gsmpanel of the same version")
}
