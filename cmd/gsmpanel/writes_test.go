package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/panel"
	"github.com/gsmpanel/gsmpanel/store"
)

// TestWrites says what a household costs a card: commits, each of which syncs twice,
// and bytes that are handed to the kernel. GSMPANEL_DAY=1 takes whole days, and is
// where docs/performance.md has its table from; an hour in which nothing happens is
// always looked at.
func TestWrites(t *testing.T) {
	for _, c := range []struct {
		name    string
		lasts   time.Duration
		most    int // commits
		happens func(s *stack)
	}{
		{"an hour of nothing", time.Hour, 8, func(*stack) {}},
		{"a day of nothing", 24 * time.Hour, 110, func(*stack) {}},
		{"a day of a family", 24 * time.Hour, 1500, func(s *stack) {
			for hour := range 24 {
				s.until(time.Duration(hour) * time.Hour)
				if hour == 9 || hour == 14 {
					s.text(tomPhone, tomDigits+" ARM")
				}
				if hour == 13 || hour == 18 {
					s.text(tomPhone, tomDigits+" DISARM")
				}
				for range 12 {
					s.until(s.passed() + 4*time.Minute)
					if hour >= 7 && hour < 9 || hour >= 18 && hour < 23 {
						s.trip(hallDoor)
					}
				}
			}
		}},
		{"an evening with a burglary that nobody takes", 5 * time.Hour, 1500, intrusion},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.lasts > time.Hour && os.Getenv("GSMPANEL_DAY") == "" {
				t.Skip("without GSMPANEL_DAY=1 only an hour is looked at")
			}
			commits, bytes := writes(t, c.lasts, c.happens)
			t.Logf("%d commits, %d syncs, %.1f MB written", commits, 2*commits, float64(bytes)/1e6)
			if commits > c.most {
				t.Errorf("%d commits, at most %d are expected", commits, c.most)
			}
		})
	}
}

func writes(t *testing.T, lasts time.Duration, happens func(*stack)) (commits int, bytes int64) {
	st, err := store.Open(t.TempDir(), store.Options{Cost: fastCost})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	inBubble(t, stackOptions{unseen: true, watch: func(snap panel.Snapshot) {
		before := handedToKernel(t)
		if err := st.Commit(snap); err != nil {
			t.Error(err)
		}
		commits, bytes = commits+1, bytes+handedToKernel(t)-before
	}}, func(s *stack) {
		happens(s)
		s.until(lasts)
	})
	return commits, bytes
}

// handedToKernel is what this process has written in all (proc(5): wchar), in bytes.
func handedToKernel(t *testing.T) (n int64) {
	t.Helper()
	text, err := os.ReadFile("/proc/self/io")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "wchar: ")
	if _, err := fmt.Sscan(after, &n); err != nil {
		t.Fatal(err)
	}
	return n
}
