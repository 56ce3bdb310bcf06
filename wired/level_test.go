package wired

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// bench is a device that takes time and fails when told to, with a record of what
// was done to it.
type bench struct {
	t       testing.TB
	began   time.Time
	takes   time.Duration
	fails   atomic.Bool
	hangs   atomic.Bool // until the context ends
	busy    atomic.Bool
	mu      sync.Mutex
	record  []string // under mu while it runs
	reports []string
	setter  *setter
}

func (b *bench) runs() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.record)
}

// newBench must be called inside a synctest bubble, which makes its record safe
// to read after synctest.Wait.
func newBench(t testing.TB, takes time.Duration) *bench {
	b := &bench{t: t, began: time.Now(), takes: takes}
	b.setter = startSetter(&sounder{apply: b.apply}, b.report)
	return b
}

func (b *bench) apply(ctx context.Context, l level) error {
	if b.busy.Swap(true) {
		b.t.Error("two runs overlap")
	}
	defer b.busy.Store(false)
	word := "off"
	if l.on {
		word = "on"
	}
	b.mu.Lock()
	b.record = append(b.record, fmt.Sprintf("%v %s %s", time.Since(b.began), word, l.pattern))
	b.mu.Unlock()
	if b.hangs.Load() {
		<-ctx.Done()
		return ctx.Err()
	}
	select {
	case <-time.After(b.takes):
	case <-ctx.Done():
		return ctx.Err()
	}
	if b.fails.Load() {
		return errors.New("relay stuck")
	}
	return nil
}

func (b *bench) report(err error) { b.reports = append(b.reports, fmt.Sprint(err)) }

func (b *bench) set(on bool, pattern string) {
	b.t.Helper()
	if err := b.setter.Set(on, pattern); err != nil {
		b.t.Error(err)
	}
}

func (b *bench) after(d time.Duration, want ...string) {
	b.t.Helper()
	time.Sleep(d)
	synctest.Wait()
	if !slices.Equal(b.record, want) {
		b.t.Errorf("after %v: %q, want %q", time.Since(b.began), b.record, want)
	}
}

func TestLevels(t *testing.T) {
	for name, story := range map[string]func(*bench){
		"on and off": func(b *bench) {
			b.set(true, "steady")
			b.after(time.Second, "0s on steady")
			b.set(false, "steady")
			b.after(time.Hour, "0s on steady", "1s off steady")
		},
		"the first off is carried out, the second is not": func(b *bench) {
			b.set(false, "")
			b.after(time.Second, "0s off steady")
			b.set(false, "steady")
			b.after(time.Hour, "0s off steady")
		},
		"off names the pattern that sounded": func(b *bench) {
			b.set(true, "temporal-3")
			b.after(time.Second, "0s on temporal-3")
			b.set(false, "")
			b.after(time.Hour, "0s on temporal-3", "1s off temporal-3")
		},
		"the same level again does nothing": func(b *bench) {
			b.set(true, "steady")
			b.after(time.Second, "0s on steady")
			b.set(true, "steady")
			b.after(time.Hour, "0s on steady")
		},
		"fire takes over from burglary": func(b *bench) {
			b.set(true, "steady")
			b.after(time.Second, "0s on steady")
			b.set(true, "temporal-3")
			b.after(time.Hour, "0s on steady", "1s on temporal-3")
		},
		"off while on runs": func(b *bench) {
			b.set(true, "steady")
			b.after(50*time.Millisecond, "0s on steady")
			b.set(false, "steady")
			b.after(time.Hour, "0s on steady", "100ms off steady")
		},
		"on, off, on while on runs": func(b *bench) {
			b.set(true, "steady")
			b.after(50*time.Millisecond, "0s on steady")
			b.set(false, "steady")
			b.set(true, "steady")
			b.after(time.Hour, "0s on steady")
		},
		"only the newest of many": func(b *bench) {
			b.set(true, "steady")
			b.after(50*time.Millisecond, "0s on steady")
			for range 100 {
				b.set(false, "steady")
				b.set(true, "temporal-3")
			}
			b.after(time.Hour, "0s on steady", "100ms on temporal-3")
		},
		"a failure is repeated with back-off": func(b *bench) {
			b.takes = 0
			b.fails.Store(true)
			b.set(true, "steady")
			b.after(79*time.Second, "0s on steady", "1s on steady", "3s on steady", "8s on steady", "18s on steady", "48s on steady", "1m18s on steady")
			b.set(true, "steady") // no news: goes on waiting
			b.fails.Store(false)
			b.after(time.Hour, "0s on steady", "1s on steady", "3s on steady", "8s on steady", "18s on steady", "48s on steady", "1m18s on steady", "1m48s on steady")
			if want := strings.Repeat("relay stuck,", 7) + "<nil>"; strings.Join(b.reports, ",") != want {
				b.t.Errorf("reports %q, want %q", b.reports, want)
			}
		},
		"a new level does not wait for the back-off of the old": func(b *bench) {
			b.takes = 0
			b.fails.Store(true)
			b.set(true, "steady")
			b.after(20*time.Second, "0s on steady", "1s on steady", "3s on steady", "8s on steady", "18s on steady")
			b.set(false, "steady")
			b.after(1500*time.Millisecond, "0s on steady", "1s on steady", "3s on steady", "8s on steady", "18s on steady", "20s off steady", "21s off steady")
		},
		"after a failed on, off is carried out even where it was off": func(b *bench) {
			b.takes = 0
			b.set(false, "steady")
			b.after(time.Second, "0s off steady")
			b.fails.Store(true)
			b.set(true, "steady")
			synctest.Wait()
			b.fails.Store(false)
			b.set(false, "steady")
			b.after(time.Hour, "0s off steady", "1s on steady", "1s off steady")
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, 100*time.Millisecond)
				story(b)
				if err := b.setter.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestClose(t *testing.T) {
	for name, c := range map[string]struct {
		story func(*bench)
		took  time.Duration
		says  string
	}{
		"before anything":                {func(*bench) {}, 0, ""},
		"finishes what was asked for":    {func(b *bench) { b.set(true, "steady"); b.set(false, "steady") }, 100 * time.Millisecond, ""},
		"tries a failed level once more": {func(b *bench) { b.fails.Store(true); b.set(true, "steady"); time.Sleep(500 * time.Millisecond) }, 100 * time.Millisecond, ""},
		"kills what hangs":               {func(b *bench) { b.hangs.Store(true); b.set(true, "steady"); synctest.Wait() }, 10 * time.Second, "did not end in 10 s"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, 100*time.Millisecond)
				c.story(b)
				began := time.Now()
				err := b.setter.Close()
				if took := time.Since(began); took != c.took {
					t.Errorf("took %v, want %v", took, c.took)
				}
				if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
					t.Errorf("Close = %v, want %q", err, c.says)
				}
				runs := len(b.record)
				if err := b.setter.Set(true, "steady"); err == nil {
					t.Error("Set after Close: no error")
				}
				if time.Sleep(time.Hour); len(b.record) != runs {
					t.Error("runs after Close")
				}
				if err := b.setter.Close(); err != nil {
					t.Errorf("second Close = %v", err)
				}
			})
		})
	}
}

// Whatever is asked for, and however often it fails: runs never overlap, and in
// the end the device is at the newest level.
func TestTheNewestLevelWins(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		type ask struct {
			on      bool
			pattern string
			fails   bool
			pause   int
		}
		asks := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) ask {
			return ask{
				rapid.Bool().Draw(t, "on"), rapid.SampledFrom([]string{"steady", "temporal-3"}).Draw(t, "pattern"),
				rapid.Bool().Draw(t, "fails"), rapid.IntRange(0, 400).Draw(t, "pause"),
			}
		}), 1, 20).Draw(rt, "asks")
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, 100*time.Millisecond)
			for _, a := range asks {
				b.fails.Store(a.fails)
				b.set(a.on, a.pattern)
				time.Sleep(time.Duration(a.pause) * time.Millisecond)
			}
			b.fails.Store(false)
			time.Sleep(time.Minute)
			synctest.Wait()
			last := asks[len(asks)-1]
			want := "off "
			if last.on {
				want = "on " + last.pattern
			}
			if got := b.record[len(b.record)-1]; !strings.Contains(got, " "+want) {
				t.Errorf("asked for %v, did %q", asks, b.record)
			}
			if err := b.setter.Close(); err != nil {
				t.Error(err)
			}
		})
	})
}
