package metrics

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/zones"
)

var update = flag.Bool("update", false, "rewrite the pages")

var (
	evening = time.Date(2026, 11, 22, 21, 3, 7, 600_000_000, time.UTC)
	built   = Build{Version: "0.1.0", Revision: "7358f05", Go: "go1.26"}
)

// house is a panel of which there is much to say.
func house() panel.Outward {
	seen, closed, left := evening.Add(-time.Minute), evening, 7
	return panel.Outward{
		State: "triggered", Mode: zones.Away, Siren: "steady", Time: evening, ClockSet: true, Entries: 4711, SignalDBm: -72, Power: "battery",
		Zones: []panel.OutwardZone{
			{Number: 1, Name: "Front door", Type: zones.Entry, Open: true, LastSeen: &seen},
			{Number: 3, Name: `Kate's "den"`, Type: zones.Perimeter, Bypassed: true, Tampered: true},
		},
		Troubles: []panel.OutwardTrouble{
			{Name: "battery", Zone: 3, Text: "battery low: Kate's"}, {Name: "battery", Zone: 9}, {Name: "mains"}, {Name: "not-yet-known"},
		},
		Incidents: []panel.OutwardIncident{{Kind: "burglary"}, {Kind: "burglary", Closed: &closed}, {Kind: "fire"}},
		Radio:     panel.Radio{Known: true, Receivers: 2, Up: 1, Noise: []float64{-31, -28}},
		LastDrill: &seen,
		Balance:   &panel.OutwardBalance{Amount: "12.30", Day: "2026-11-22", Rounds: &left},
	}
}

func pageOf(o *panel.Outward) *Page { return NewPage(built, func() panel.Outward { return *o }) }

func shown(t *testing.T, p *Page) string {
	t.Helper()
	text, err := p.text()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestPages(t *testing.T) {
	broken := house()
	broken.Zones[0].Name = "Caf\xe9"
	for name, o := range map[string]panel.Outward{"house": house(), "empty": {State: "disarmed", Mode: zones.Disarmed, Time: evening, Power: "mains not watched"}, "broken": broken} {
		t.Run(name, func(t *testing.T) {
			p := pageOf(&o)
			p.signal.at = 1 // looked at long ago
			got, file := shown(t, p), "testdata/"+name+".txt"
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil || got != string(want) {
				t.Errorf("%v; -update writes what is shown now:\n%s", err, got)
			}
		})
	}
}

// The names are as Prometheus wants them.
func TestNames(t *testing.T) {
	o := house()
	found, err := testutil.CollectAndLint(pageOf(&o))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("%s: %s", f.Metric, f.Text)
	}
}

// Every state and mode there is has its series, so that one can wait for it.
func TestAllStates(t *testing.T) {
	for _, m := range []zones.Mode{zones.Disarmed, zones.Home, zones.Away, zones.Night} {
		if s := (zones.State{Mode: m}).Shown(); !slices.Contains(states, s) || !slices.Contains(modes, string(m)) {
			t.Errorf("%s, %s is not always shown", m, s)
		}
	}
	for _, s := range []zones.State{{Alarmed: true}, {PendingUntil: 1}, {ArmingUntil: 1}} {
		if !slices.Contains(states, s.Shown()) {
			t.Errorf("%s is not always shown", s.Shown())
		}
	}
}

// A signal is read between what the modem sends, so when it moves tells who had the
// line. It moves at the quarters of an hour, or not at all.
func TestTheSignalStandsStill(t *testing.T) {
	o := house()
	p := pageOf(&o)
	at := func(minute, second, dBm int) {
		o.Time, o.SignalDBm = time.Date(2026, 11, 22, 21, minute, second, 0, time.UTC), dBm
	}
	for n, look := range []struct {
		minute, second, dBm int
		trouble             string
		want                string
	}{
		{3, 0, -72, "", ""}, // when the first was read is not told either
		{14, 59, -72, "", ""},
		{15, 0, -72, "", "-72"},
		{15, 30, -80, "", "-72"},
		{29, 59, 0, "", "-72"},
		{30, 0, 0, "", "-72"}, // not known just then, and that is not told
		{30, 30, -80, "", "-72"},
		{45, 1, -80, "", "-80"},
		{46, 0, -80, "modem", ""}, // it has been told that there is none
		{47, 0, -80, "network-jammed", "-80"},
	} {
		at(look.minute, look.second, look.dBm)
		o.Troubles = nil
		if look.trouble != "" {
			o.Troubles = []panel.OutwardTrouble{{Name: look.trouble}}
		}
		_, after, _ := strings.Cut(shown(t, p), "\ngsmpanel_signal_dbm ")
		if got, _, _ := strings.Cut(after, "\n"); got != look.want {
			t.Errorf("look %d at 21:%02d:%02d: %q, want %q", n, look.minute, look.second, got, look.want)
		}
	}
}

func TestAddress(t *testing.T) {
	for value, want := range map[string]string{
		"127.0.0.1:9464": "127.0.0.1:9464", "127.8.8.8:1": "127.8.8.8:1", "[::1]:9464": "[::1]:9464", "localhost:9464": "127.0.0.1:9464",
		"[::ffff:127.0.0.1]:9464": "[::ffff:127.0.0.1]:9464",
		"":                        "", ":9464": "", "0.0.0.0:9464": "", "[::]:9464": "", "192.168.1.5:9464": "", "[::ffff:192.168.1.5]:9464": "", "127.0.0.1": "", "127.0.0.1:0": "",
		"127.0.0.1:70000": "", "9464": "", "alarm.local:9464": "", "localhost": "", "localhost:": "", "127.0.0.1:http": "",
	} {
		got, err := Address(value)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q gives %q, %v; want %q", value, got, err, want)
		}
		if err != nil && !strings.Contains(err.Error(), fmt.Sprintf("cannot be %q; ", value)) {
			t.Errorf("%q: %v", value, err)
		}
	}
}

// What is asked for, and by what name, decides the answer, and nothing how long it takes.
func TestRequests(t *testing.T) {
	for _, r := range []struct {
		method, host, target string
		want                 int
		has                  string
	}{
		{"GET", "127.0.0.1:9464", "/metrics", 200, "\ngsmpanel_state{state=\"triggered\"} 1\n"},
		{"GET", "localhost", "/metrics?name=up", 200, "gsmpanel_zone_open"},
		{"HEAD", "[::1]:9464", "/metrics", 200, ""},
		{"GET", "[::1]", "/metrics", 200, ""},
		{"GET", "alarm.example:9464", "/metrics", 403, "this board only"},
		{"GET", "127.0.0.1.alarm.example", "/metrics", 403, "this board only"},
		{"GET", "192.168.1.5:9464", "/metrics", 403, "this board only"},
		{"GET", "", "/metrics", 403, "this board only"},
		{"GET", "127.0.0.1:9464", "/", 404, "the metrics are at /metrics"},
		{"GET", "127.0.0.1:9464", "/metrics/", 404, ""},
		{"GET", "127.0.0.1:9464", "/debug/vars", 404, ""},
		{"GET", "127.0.0.1:9464", "/debug/pprof/", 404, ""},
		{"POST", "127.0.0.1:9464", "/metrics", 405, "and nothing else"},
	} {
		t.Run(r.method+" "+r.host+" "+r.target, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o, began := house(), time.Now()
				request := httptest.NewRequest(r.method, r.target, nil)
				request.Host = r.host
				w := httptest.NewRecorder()
				pageOf(&o).ServeHTTP(w, request)
				if w.Code != r.want || !strings.Contains(w.Body.String(), r.has) || time.Since(began) != pace {
					t.Errorf("after %s: %d %s", time.Since(began), w.Code, w.Body)
				}
			})
		})
	}
}

// A page that takes long to be made is not answered later.
func TestAnswersKeepTheirPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPage(built, func() panel.Outward { time.Sleep(pace - 1); return house() })
		request, began := httptest.NewRequest("GET", Path, nil), time.Now()
		request.Host = "127.0.0.1"
		p.ServeHTTP(httptest.NewRecorder(), request)
		if passed := time.Since(began); passed != pace {
			t.Errorf("it was answered after %s", passed)
		}
	})
}

// said is a log whose lines can be waited for.
type said chan string

func (s said) Write(b []byte) (int, error) { s <- string(b); return len(b), nil }

func TestServe(t *testing.T) {
	o := house()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, l, pageOf(&o)) }()
	answer, err := http.Get("http://" + l.Addr().String() + Path)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil || !strings.Contains(string(body), "gsmpanel_journal_entries_total 4711") || answer.Header.Get("Content-Type") != "text/plain; version=0.0.4; charset=utf-8" {
		t.Errorf("%v %v %s", err, answer.Header, body)
	}
	_ = answer.Body.Close()

	// A panel whose address is taken goes on, and says so once.
	serving(t, l.Addr().String(), func(log said) {
		time.Sleep(5*again + again/2)
		if first := <-log; !strings.Contains(first, "another program listens there; the panel goes on without them") || len(log) != 0 {
			t.Errorf("the log has %q and %d lines more", first, len(log))
		}
	})
	stop()
	if err := <-ended; err != http.ErrServerClosed {
		t.Error(err)
	}
}

// An address that comes free is taken.
func TestServeAgain(t *testing.T) {
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving(t, other.Addr().String(), func(log said) {
		<-log
		_ = other.Close()
		if again := <-log; !strings.Contains(again, "metrics at http://127.0.0.1:") {
			t.Errorf("the log has %q", again)
		}
	})
}

// serving has the page of a house served in a bubble of virtual time.
func serving(t *testing.T, address string, during func(log said)) {
	o := house()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		log, served := make(said, 8), make(chan bool)
		go func() {
			Serve(ctx, address, pageOf(&o), slog.New(slog.NewTextHandler(log, nil)))
			close(served)
		}()
		during(log)
		stop()
		<-served
	})
}
