package store

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/zones"
)

func TestMain(m *testing.M) {
	RunCheckIfAsked()
	os.Setenv("GORACE", "atexit_sleep_ms=0") // for the checks: the race detector makes each process end a second late
	if dir, asked := os.LookupEnv(committerEnvironment); asked {
		commitForEver(dir)
	}
	os.Exit(m.Run())
}

// open opens dir and closes it when the test ends.
func open(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func closeNow(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func load(t testing.TB, s *Store) (panel.Config, panel.State) {
	t.Helper()
	c, st, err := s.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c, st
}

func commit(t testing.TB, s *Store, snap panel.Snapshot) {
	t.Helper()
	if err := s.Commit(snap); err != nil {
		t.Fatal(err)
	}
}

func entry(number uint64) panel.Entry {
	return panel.Entry{
		Number: number, Time: time.Unix(1_800_000_000+int64(number), 0).UTC(),
		Event: "alarm", ContactID: "1130", Text: fmt.Sprintf("Zone 3 Hall, trip %d", number), Zone: 3,
	}
}

// step is the snapshot n of a panel that journals one entry each time.
func step(c panel.Config, st panel.State, n uint64) panel.Snapshot {
	st.Open.Tick = int64(n) * 1000
	st.Open.Entries = n
	st.Sealed.Entries = n
	st.Open.Zones.Mode = zones.Away
	return panel.Snapshot{Config: c, State: st, Entries: []panel.Entry{entry(n)}}
}

// household is a data directory with a site, a contact and a journal of n
// entries, closed.
func household(t testing.TB, n uint64) (dir string, last panel.Snapshot) {
	t.Helper()
	dir = t.TempDir()
	s := open(t, dir)
	c, st := load(t, s)
	c.Version, c.Site.Address = 1, "12 Mill Lane, Hexton"
	c.Alert.Contacts = []alert.Contact{{Name: "Ann", Number: "+447700900001"}}
	for i := uint64(1); i <= n; i++ {
		last = step(c, st, i)
		commit(t, s, last)
	}
	closeNow(t, s)
	return dir, last
}

func equal(t testing.TB, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func read(t testing.TB, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(t testing.TB, dir, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t testing.TB, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}
