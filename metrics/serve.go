package metrics

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/common/expfmt"
	"golang.org/x/net/netutil"
)

// Path is where the page is; there is nothing else.
const Path = "/metrics"

const (
	// pace is how long each answer takes. Prometheus keeps how long it waited, and a
	// board that is busy just then would answer a little later.
	pace = 100 * time.Millisecond

	requestTime = 5 * time.Second // to send a request, and to take its answer
	idleTime    = 2 * time.Minute // between requests on one connection
	maxHeader   = 4 << 10         // bytes
	maxClients  = 8               // each is an open file of the panel's
	again       = time.Minute     // between tries to listen
)

// Address reads an address of the loopback interface and a port, as a person writes it.
func Address(value string) (string, error) {
	refused := fmt.Errorf("cannot be %q; an address of this board alone is allowed, with a port from 1 to 65535, for example 127.0.0.1:9464", value)
	if port, ok := strings.CutPrefix(value, "localhost:"); ok {
		value = "127.0.0.1:" + port
	}
	a, err := netip.ParseAddrPort(value)
	if err != nil || a.Port() == 0 || !a.Addr().Unmap().IsLoopback() {
		return "", refused
	}
	return a.String(), nil
}

// Serve shows the page at an address until ctx ends. Where it cannot, it says so once
// and tries again every minute: the alarm does not hang on it.
func Serve(ctx context.Context, address string, page *Page, said *slog.Logger) {
	for told := ""; ; {
		l, err := listen(address)
		if err == nil {
			told = ""
			said.Info("metrics at http://" + address + Path)
			err = serve(ctx, l, page)
		}
		if ctx.Err() != nil {
			return
		}
		if err.Error() != told {
			told = err.Error()
			said.Error(fmt.Sprintf("the metrics cannot be shown at %s: %s; the panel goes on without them and tries again every minute", address, told))
		}
		select {
		case <-ctx.Done():
		case <-time.After(again):
		}
	}
}

func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, errors.New("another program listens there")
	case err != nil:
		return nil, err
	}
	return netutil.LimitListener(l, maxClients), nil
}

// serve answers until ctx ends or the listener fails.
func serve(ctx context.Context, l net.Listener, page *Page) error {
	s := &http.Server{
		Handler:           page,
		ReadHeaderTimeout: requestTime, ReadTimeout: requestTime, WriteTimeout: requestTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHeader,
		ErrorLog:       log.New(io.Discard, "", 0), // what a client did wrong; nobody is to fill the panel's log
	}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() }) // Serve says what became of it
	defer stop()
	return s.Serve(l)
}

// ServeHTTP answers a request, after the same time whatever the answer is.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	due := time.NewTimer(pace)
	defer due.Stop()
	status, body := p.answer(r)
	select {
	case <-due.C:
	case <-r.Context().Done():
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	switch status {
	case http.StatusOK:
		h.Set("Content-Type", string(expfmt.NewFormat(expfmt.TypeTextPlain)))
	case http.StatusMethodNotAllowed:
		h.Set("Allow", "GET, HEAD")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // who asked may have gone
}

func (p *Page) answer(r *http.Request) (status int, body []byte) {
	switch {
	case !local(r.Host):
		return http.StatusForbidden, []byte("the metrics are shown to programs on this board only, by an address such as 127.0.0.1\n")
	case r.URL.Path != Path:
		return http.StatusNotFound, []byte("the metrics are at " + Path + "\n")
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return http.StatusMethodNotAllowed, []byte("the metrics can be read, by GET or HEAD, and nothing else\n")
	}
	text, err := p.text()
	if err != nil {
		return http.StatusInternalServerError, []byte("the metrics cannot be made: " + err.Error() + "\n")
	}
	return http.StatusOK, text
}

// local tells whether a Host header names this board. A page in a browser on it can have
// its own name resolve to 127.0.0.1 and so reach this, but not without that name (DNS
// rebinding).
func local(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	if strings.EqualFold(name, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(name)
	return err == nil && a.Unmap().IsLoopback()
}
