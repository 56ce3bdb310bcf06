package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/control"
	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/store"
)

// A status says first what somebody may have to do something about, and how long ago
// it began; a colour says nothing that the words do not.
func TestStatusAtAGlance(t *testing.T) {
	now := time.Date(2026, 11, 28, 14, 20, 30, 0, time.UTC)
	before := func(d time.Duration) *time.Time { at := now.Add(-d); return &at }
	o := panel.Outward{Site: "Home", State: "triggered", Time: now, Network: "Simnet", SignalDBm: -71, Power: "battery", LastEvent: "burglary: Hall",
		Zones:     []panel.OutwardZone{{Number: 1, Name: "Hall", Open: true, LastSeen: before(3 * time.Minute)}, {Number: 2, Name: "Kitchen", Open: true, Bypassed: true}},
		Incidents: []panel.OutwardIncident{{ID: 2, Kind: alert.Fire, Closed: &now}, {ID: 3, Kind: alert.Burglary, What: "Hall", Opened: *before(4 * time.Minute)}},
		Troubles:  []panel.OutwardTrouble{{Text: "mains lost", Since: *before(26 * time.Hour)}, {Text: "clock is not set", Since: now.Add(time.Minute)}},
		Warnings:  []string{"a delay below 30 s makes false alarms more likely"}}
	want := `Home: triggered
Incident 3 since 14:16 (4 min ago): burglary, Hall
Trouble since 2026-11-27 12:20 (26 h ago): mains lost
Trouble since 14:21: clock is not set
Open: Hall, Kitchen
Bypassed: Kitchen
Warning: a delay below 30 s makes false alarms more likely
Network: Simnet, -71 dBm
Radio: ` + o.Radio.String() + `
Power: battery
Last event: burglary: Hall`
	if got := strings.Join(statusLines(screen{}, o, time.UTC), "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	narrow, bright := strings.Join(statusLines(screen{width: 40}, o, time.UTC), "\n"), strings.Join(statusLines(screen{40, true}, o, time.UTC), "\n")
	for line := range strings.Lines(narrow) {
		if utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) > 40 {
			t.Errorf("%q is too wide", line)
		}
	}
	if strings.Join(strings.Fields(narrow), " ") != strings.Join(strings.Fields(want), " ") || plain(strings.Split(bright, "\n")) != narrow || bright == narrow {
		t.Errorf("narrow:\n%s\nbright:\n%q", narrow, bright)
	}
}

// The day stands once above its entries, and a long entry goes on below its text.
func TestLogAtAGlance(t *testing.T) {
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 4, 5, 0, time.UTC) }
	entries := []panel.Entry{{Number: 8, Time: at(27, 23), Text: "armed away", Person: "Anna", Channel: "text"}, {Number: 9, Time: at(28, 1), ContactID: "1130", Text: "burglary: Hall, Kitchen, Back door"},
		{Number: 10, Time: at(28, 2), Text: "disarmed", Person: "Anna"}}
	show := func(s screen) string {
		var lines []string
		for page, n := (page{screen: s, at: time.UTC}), 0; n < len(entries); n++ {
			lines = append(lines, page.entry(entries[n]))
		}
		return strings.Join(lines, "\n")
	}
	want := `Friday 27 November 2026
     8  23:04:05  armed away (Anna, text)
Saturday 28 November 2026
     9  01:04:05  burglary: Hall, Kitchen,
                  Back door
    10  02:04:05  disarmed (Anna)`
	if got := show(screen{width: 42}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := show(screen{42, true}); !strings.Contains(got, "\x1b[1;31m     9") || plain(strings.Split(got, "\n")) != want {
		t.Errorf("got\n%q", got)
	}
	if got := show(screen{}); !strings.HasPrefix(got, "     8  2026-11-27 23:04:05  armed away (Anna, text)\n     9  2026-11-28 01:04:05") {
		t.Errorf("in a pipe\n%s", got)
	}
}

// NO_COLOR (no-color.org) is asked for by a test of the terminal; here it is none.
func TestNoScreenIsPlain(t *testing.T) {
	if got := newProgram(nil, io.Discard, io.Discard).screen(); got != (screen{}) {
		t.Errorf("%+v", got)
	}
}

// said is what a program prints while it runs.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func newSaid() *said { return &said{more: make(chan struct{}, 1)} }

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.more <- struct{}{}:
	default:
	}
	return s.text.Write(p)
}

func (s *said) until(t *testing.T, want string) {
	t.Helper()
	for late := time.After(mostWait); ; {
		s.mu.Lock()
		now := s.text.String()
		s.mu.Unlock()
		if strings.Contains(now, want) {
			return
		}
		select {
		case <-s.more:
		case <-late:
			t.Fatalf("it never said %q, but\n%s", want, now)
		}
	}
}

// TestLogGoesOnAfterARestart: who follows the log sees what came when the panel was
// away, once, and that it was.
func TestLogGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	serve := func(names ...string) (stop func()) {
		s, err := store.Open(dir, store.Options{Cost: fastCost})
		if err != nil {
			t.Fatal(err)
		}
		c, state, err := s.Load()
		if err != nil {
			t.Fatal(err)
		}
		d := panel.NewOffline(c, state, s, s.Key(), seeded(1), time.Now)
		for _, name := range names {
			if err := d.Edit(t.Context(), panel.SetSite{Name: &name}); err != nil {
				t.Fatal(err)
			}
		}
		l, err := control.Listen(filepath.Join(dir, socketName))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		quiet := func(ctx context.Context, _ func(panel.Entry)) { <-ctx.Done() }
		go func() { ended <- control.Serve(ctx, l, d, quiet, nil, slog.New(slog.DiscardHandler)) }()
		return func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	stop := serve("One", "Two")
	out, errs := newSaid(), newSaid()
	ctx, cancel := context.WithCancel(t.Context())
	status := make(chan int, 1)
	go func() {
		status <- newProgram(strings.NewReader(""), out, errs).run(ctx, []string{"--data", dir, "log", "--follow"})
	}()
	out.until(t, "     2  ")
	stop()
	errs.until(t, "The panel has stopped; the log goes on when it runs again.\n")
	stop = serve("Three")
	errs.until(t, "The panel runs again.\n")
	out.until(t, "     3  ")
	cancel()
	if got := <-status; got != 0 || strings.Count(out.text.String(), "site changed") != 3 {
		t.Errorf("status %d\n%s%s", got, &out.text, &errs.text)
	}
	stop()
}
