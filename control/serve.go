package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gsmpanel/gsmpanel/panel"
)

const (
	maxClients = 64
	readTime   = 10 * time.Second // for the one line of a request
	writeTime  = 5 * time.Second  // for a line of an answer
	acceptRest = 100 * time.Millisecond
)

// Follow hands on each new journal entry until ctx ends. It never waits for what
// it calls.
type Follow func(ctx context.Context, each func(panel.Entry))

type server struct {
	desk   panel.Desk
	follow Follow
	learn  Learn
	log    *slog.Logger
}

// Serve answers clients from the desk until ctx ends, then closes the listener,
// lets answers under way end and returns nil. An error is the listener's.
func Serve(ctx context.Context, l net.Listener, desk panel.Desk, follow Follow, learn Learn, log *slog.Logger) error {
	s := &server{desk: desk, follow: follow, learn: learn, log: log}
	var clients sync.WaitGroup
	defer clients.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	closed := context.AfterFunc(ctx, func() { _ = l.Close() }) // Accept says whether it is closed
	defer closed()
	places := make(chan struct{}, maxClients)
	for {
		conn, err := l.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("cannot take requests any more: %w", err)
		}
		if err != nil {
			log.Warn("cannot take a request", "err", err)
			rest(ctx, acceptRest)
			continue
		}
		clients.Go(func() { s.welcome(ctx, conn, places) })
	}
}

func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// welcome serves one connection if there is a place for it.
func (s *server) welcome(ctx context.Context, conn net.Conn, places chan struct{}) {
	defer func() { _ = conn.Close() }() // everything that mattered has been written
	select {
	case places <- struct{}{}:
		defer func() { <-places }()
	default:
		_ = send(conn, reply{Error: fmt.Sprintf("%d programs talk to the panel already, and it takes no more at once", maxClients), Hint: "close some of them"})
		return
	}
	// A request that has not come when the panel stops will not be waited for.
	hurry := context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Now()) })
	defer hurry()
	_ = conn.SetReadDeadline(time.Now().Add(readTime))
	req, err := read(conn)
	if err == io.EOF {
		return // only looked whether somebody answers
	}
	if err != nil {
		_ = send(conn, reply{Error: err.Error()}) // the client may have gone
		return
	}
	if err := s.answer(ctx, conn, req); err != nil {
		s.log.Debug("an answer was not read", "err", err)
	}
}

// read takes the request's line. Its errors quote nothing: digits may stand there.
func read(conn net.Conn) (request, error) {
	var req request
	line, err := readLine(bufio.NewReaderSize(conn, 4096), maxRequest)
	switch {
	case errors.Is(err, errTooLong):
		return req, fmt.Errorf("the request is longer than %d bytes; a request is one JSON object on one line", maxRequest)
	case err != nil && len(line) == 0:
		return req, io.EOF
	case err != nil:
		return req, errors.New("the request was not ended by a line feed in time")
	}
	if json.Unmarshal(line, &req) != nil {
		return req, errors.New("the request is not one JSON object that this panel knows; use the gsmpanel of the same version")
	}
	return req, nil
}

// answer does what a request asks for; the error is the connection's.
func (s *server) answer(ctx context.Context, conn net.Conn, req request) error {
	switch req.Do {
	case doFollow:
		return s.tail(ctx, conn, req.N)
	case doLearn:
		return s.learnt(ctx, conn, req.Seconds)
	case doCodes:
		return s.codes(ctx, conn, req)
	case doBackup:
		return s.backup(ctx, conn)
	case doLog, doSealed:
		entries, err := s.entries(ctx, req)
		for i := range entries {
			if err := send(conn, reply{Entry: &entries[i]}); err != nil {
				return err
			}
		}
		return send(conn, ended(reply{}, err))
	}
	return send(conn, ended(s.once(ctx, conn, req)))
}

// once does what has an answer of one line.
func (s *server) once(ctx context.Context, conn net.Conn, req request) (reply, error) {
	switch {
	case req.Do == doOutward:
		o, err := s.desk.Outward(ctx)
		return reply{Outward: &o}, err
	case req.Do == doPublic:
		p, err := s.desk.Public(ctx)
		return reply{Public: &p}, err
	case req.Do == doEdit:
		return reply{}, s.edit(ctx, conn, req)
	case req.Do == doRestore && req.Saved != nil:
		s.note("restore", conn)
		whole, err := s.desk.Restore(ctx, *req.Saved)
		return reply{Whole: whole}, err
	case req.Do == doCommand && req.Command != nil:
		a, err := s.desk.Command(ctx, *req.Command)
		return reply{Answer: &a}, err
	}
	return reply{}, errors.New("the panel does not know this request; use the gsmpanel of the same version")
}

func (s *server) edit(ctx context.Context, conn net.Conn, req request) error {
	e, err := panel.DecodeEdit(req.Edit, req.Args)
	if err != nil {
		return err
	}
	s.note("edit", conn, "edit", req.Edit)
	return s.desk.Edit(ctx, e)
}

func (s *server) entries(ctx context.Context, req request) ([]panel.Entry, error) {
	if req.Do == doSealed {
		return s.desk.SealedLog(ctx, req.Digits)
	}
	if req.N < 1 || req.N > maxEntries {
		return nil, fmt.Errorf("the journal cannot give %d entries at once; 1 to %d are allowed", req.N, maxEntries)
	}
	return s.desk.Log(ctx, req.N)
}

// codes changes codes and tells how far it is. A client that does not read it
// misses steps and delays nothing.
func (s *server) codes(ctx context.Context, conn net.Conn, req request) error {
	if req.Codes == nil {
		return send(conn, reply{Error: "the request holds no change of codes"})
	}
	s.note("codes", conn)
	steps, done := make(chan step, 1), make(chan error, 1)
	go func() {
		done <- s.desk.Codes(ctx, *req.Codes, func(n, total int) {
			select {
			case <-steps: // an older one that nobody has read
			default:
			}
			steps <- step{Done: n, Total: total}
		})
	}()
	for {
		select {
		case at := <-steps:
			_ = send(conn, reply{Progress: &at}) // the change goes on, whoever reads
		case err := <-done:
			return send(conn, ended(reply{}, err))
		}
	}
}

// note logs who changed something, by the kernel's word.
func (s *server) note(what string, conn net.Conn, attrs ...any) {
	if uid, pid, err := peer(conn); err != nil {
		s.log.Warn("cannot tell who changes something", "err", err)
	} else {
		attrs = append(attrs, "uid", uid, "pid", pid)
	}
	s.log.Info(what, attrs...)
}

// peer is the user and process that opened the connection (SO_PEERCRED, unix(7)).
func peer(conn net.Conn) (uid uint32, pid int32, err error) {
	c, ok := conn.(*net.UnixConn)
	if !ok {
		return 0, 0, fmt.Errorf("a connection of type %T has no credentials", conn)
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, 0, err
	}
	var cred *unix.Ucred
	if e := raw.Control(func(fd uintptr) { cred, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) }); e != nil {
		return 0, 0, e
	}
	if err != nil {
		return 0, 0, err
	}
	return cred.Uid, cred.Pid, nil
}

// ended is the last line of an answer.
func ended(r reply, err error) reply {
	if n := (panel.NotKept{}); err == nil || errors.As(err, &n) {
		r.OK, r.Unkept = true, n.Why
		return r
	}
	r = reply{Error: err.Error()}
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		r.Hint = h.Hint()
	}
	return r
}

func send(conn net.Conn, r reply) error {
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("cannot write an answer: %w", err)
	}
	if err := conn.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return err
	}
	_, err = conn.Write(append(line, '\n'))
	return err
}
