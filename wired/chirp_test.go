package wired

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// Each command takes 10 ms here, so that a pulse goes on at 0, off at 110 ms, and
// the next on at 370 ms.
func TestChirps(t *testing.T) {
	for name, c := range map[string]struct {
		story   func(*bench)
		record  []string
		reports []string
	}{
		"armed": {
			story:  func(b *bench) { b.setter.Chirp(1) },
			record: []string{"0s on chirp", "110ms off chirp"},
		},
		"disarmed": {
			story:  func(b *bench) { b.setter.Chirp(2) },
			record: []string{"0s on chirp", "110ms off chirp", "370ms on chirp", "480ms off chirp"},
		},
		"refused": {
			story: func(b *bench) { b.setter.Chirp(4) },
			record: []string{"0s on chirp", "110ms off chirp", "370ms on chirp", "480ms off chirp",
				"740ms on chirp", "850ms off chirp", "1.11s on chirp", "1.22s off chirp"},
		},
		"other numbers are none": {
			story: func(b *bench) { b.setter.Chirp(0); b.setter.Chirp(5); b.setter.Chirp(-1) },
		},
		"off after a chirp is not carried out again": {
			story:  func(b *bench) { b.setter.Chirp(1); time.Sleep(time.Minute); b.set(false, ""); b.set(false, "steady") },
			record: []string{"0s on chirp", "110ms off chirp"},
		},
		"off again while it chirps ends nothing": {
			story: func(b *bench) {
				b.set(false, "")
				time.Sleep(time.Minute)
				b.setter.Chirp(2)
				time.Sleep(50 * time.Millisecond)
				b.set(false, "")
			},
			record: []string{"0s off steady", "1m0s on chirp", "1m0.11s off chirp", "1m0.37s on chirp", "1m0.48s off chirp"},
		},
		"right after off it comes after the off, with a pause": {
			story: func(b *bench) {
				b.set(true, "temporal-3")
				time.Sleep(time.Minute)
				b.set(false, "")
				b.setter.Chirp(2)
			},
			record: []string{"0s on temporal-3", "1m0s off temporal-3", "1m1.01s on chirp", "1m1.12s off chirp", "1m1.38s on chirp", "1m1.49s off chirp"},
		},
		"while the siren sounds it is dropped": {
			story: func(b *bench) {
				b.set(true, "steady")
				b.setter.Chirp(2) // before the command has ended, too
				time.Sleep(time.Minute)
				b.setter.Chirp(2)
				b.set(false, "")
			},
			record: []string{"0s on steady", "1m0s off steady"},
		},
		"an alarm cuts a pulse short, and no more come": {
			story: func(b *bench) {
				b.setter.Chirp(4)
				time.Sleep(50 * time.Millisecond)
				b.set(true, "steady")
				time.Sleep(time.Minute)
				b.set(false, "")
			},
			record: []string{"0s on chirp", "50ms on steady", "1m0.05s off steady"},
		},
		"an alarm between two pulses": {
			story: func(b *bench) {
				b.setter.Chirp(4)
				time.Sleep(200 * time.Millisecond)
				b.set(true, "steady")
			},
			record: []string{"0s on chirp", "110ms off chirp", "200ms on steady"},
		},
		"an alarm while a pulse's command runs": {
			story: func(b *bench) {
				b.takes = time.Second
				b.setter.Chirp(1)
				time.Sleep(300 * time.Millisecond)
				b.set(true, "steady")
			},
			record: []string{"0s on chirp", "300ms on steady"},
		},
		"an alarm that is over at once while a pulse's command runs": {
			story: func(b *bench) {
				b.takes = time.Second
				b.setter.Chirp(3)
				time.Sleep(300 * time.Millisecond)
				b.set(true, "steady")
				b.set(false, "")
			},
			record: []string{"0s on chirp", "300ms off chirp"},
		},
		"an alarm that sounds as a chirp does": {
			story: func(b *bench) {
				b.set(true, "chirp")
				time.Sleep(time.Minute)
				b.set(false, "")
			},
			record: []string{"0s on chirp", "1m0s off chirp"},
		},
		"a newer one replaces what is left, after a pause": {
			story: func(b *bench) {
				b.setter.Chirp(4)
				time.Sleep(50 * time.Millisecond)
				b.setter.Chirp(2)
			},
			record: []string{"0s on chirp", "110ms off chirp", "1.12s on chirp", "1.23s off chirp", "1.49s on chirp", "1.6s off chirp"},
		},
		"one soon after the end of another has the pause too": {
			story: func(b *bench) {
				b.setter.Chirp(1)
				time.Sleep(300 * time.Millisecond)
				b.setter.Chirp(1)
			},
			record: []string{"0s on chirp", "110ms off chirp", "1.12s on chirp", "1.23s off chirp"},
		},
		"a pulse that fails is not repeated, and the off is ensured": {
			story: func(b *bench) {
				b.fails.Store(true)
				b.setter.Chirp(4)
				time.Sleep(5 * time.Millisecond)
				synctest.Wait()
				time.Sleep(10 * time.Millisecond)
				b.fails.Store(false)
			},
			record:  []string{"0s on chirp", "10ms off chirp"},
			reports: []string{"relay stuck", "<nil>"},
		},
		"an off that fails is repeated with back-off, and nothing chirps meanwhile": {
			story: func(b *bench) {
				b.setter.Chirp(2)
				time.Sleep(50 * time.Millisecond)
				b.fails.Store(true)
				time.Sleep(2 * time.Second)
				b.setter.Chirp(1)
				time.Sleep(6 * time.Second)
				b.fails.Store(false)
			},
			record:  []string{"0s on chirp", "110ms off chirp", "1.12s off chirp", "3.13s off chirp", "8.14s off chirp"},
			reports: []string{"relay stuck", "relay stuck", "relay stuck", "<nil>"},
		},
		"an alarm does not wait for the back-off of an off": {
			story: func(b *bench) {
				b.setter.Chirp(1)
				time.Sleep(50 * time.Millisecond)
				b.fails.Store(true)
				time.Sleep(4 * time.Second)
				b.fails.Store(false)
				b.set(true, "steady")
			},
			record:  []string{"0s on chirp", "110ms off chirp", "1.12s off chirp", "3.13s off chirp", "4.05s on steady"},
			reports: []string{"relay stuck", "relay stuck", "relay stuck", "<nil>"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, 10*time.Millisecond)
				c.story(b)
				b.after(time.Hour, c.record...)
				if !slices.Equal(b.reports, c.reports) {
					t.Errorf("reports %q, want %q", b.reports, c.reports)
				}
				if err := b.setter.Close(); err != nil {
					t.Error(err)
				}
				b.setter.Chirp(1)
				b.after(time.Hour, c.record...)
			})
		})
	}
}

// An alarm may be asked for between the decision to chirp and the attempt.
func TestAPulseDoesNotBeginInAnAlarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, 10*time.Millisecond)
		b.set(true, "steady")
		b.after(time.Second, "0s on steady")
		ctx, done := b.setter.interruptible()
		if ctx.Err() == nil || !done() {
			t.Error("the pulse may begin")
		}
		if err := b.setter.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestCloseFinishesChirps(t *testing.T) {
	for name, c := range map[string]struct {
		takes  time.Duration
		fails  bool // once the first pulse sounds
		took   time.Duration
		says   string
		record []string
	}{
		"all of them": {
			takes: 10 * time.Millisecond, took: 440 * time.Millisecond,
			record: []string{"0s on chirp", "110ms off chirp", "370ms on chirp", "480ms off chirp"},
		},
		"those that begin in 3 s": {
			takes: 2 * time.Second, took: 4050 * time.Millisecond,
			record: []string{"0s on chirp", "2.1s off chirp"},
		},
		"an off that fails is tried to the last": {
			takes: 10 * time.Millisecond, fails: true, took: 10 * time.Second, says: "may sound on",
			record: []string{"0s on chirp", "110ms off chirp", "1.12s off chirp", "3.13s off chirp", "8.14s off chirp"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, c.takes)
				b.setter.Chirp(2)
				time.Sleep(50 * time.Millisecond)
				b.fails.Store(c.fails)
				began := time.Now()
				err := b.setter.Close()
				if took := time.Since(began); took != c.took {
					t.Errorf("took %v, want %v", took, c.took)
				}
				if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
					t.Errorf("Close = %v, want %q", err, c.says)
				}
				b.after(time.Hour, c.record...)
			})
		})
	}
}

// Whatever is asked for in whatever order, and however often it fails: no pulse
// begins while an alarm is wanted, and in the end the device is at the level last
// asked for, which no chirp moves.
func TestChirpsNeverMoveTheLevel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		type ask struct {
			what  string
			fails bool
			pause int
		}
		asks := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) ask {
			return ask{rapid.SampledFrom([]string{"on", "off", "chirp", "chirp"}).Draw(t, "what"),
				rapid.IntRange(0, 3).Draw(t, "fails") == 0, rapid.IntRange(0, 1500).Draw(t, "pause")}
		}), 1, 20).Draw(rt, "asks")
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, 20*time.Millisecond)
			on := false
			for n, a := range asks {
				b.fails.Store(a.fails)
				before := len(b.runs())
				switch a.what {
				case "chirp":
					b.setter.Chirp(1 + n%4)
				default:
					on = a.what == "on"
					b.set(on, "steady")
				}
				time.Sleep(time.Duration(a.pause) * time.Millisecond)
				synctest.Wait()
				if on && slices.ContainsFunc(b.runs()[before:], func(r string) bool { return strings.HasSuffix(r, "on chirp") }) {
					t.Errorf("a pulse in an alarm: %v: %q", asks, b.runs())
				}
			}
			b.fails.Store(false)
			time.Sleep(time.Minute)
			synctest.Wait()
			want := fmt.Sprintf(" %s ", map[bool]string{true: "on", false: "off"}[on])
			if did := b.runs(); !strings.Contains(did[len(did)-1], want) {
				t.Errorf("asked for %v, did %q", asks, did)
			}
			if err := b.setter.Close(); err != nil {
				t.Error(err)
			}
		})
	})
}
