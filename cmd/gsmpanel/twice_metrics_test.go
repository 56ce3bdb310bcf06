package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
)

// stubborn is a network that refuses every second text of a duress.
type stubborn struct {
	panel.Line
	tried *int
}

func (l stubborn) Send(ctx context.Context, o alert.Order) alert.Outcome {
	if strings.HasPrefix(o.Body, "DURESS") {
		if *l.tried++; *l.tried%2 == 1 {
			time.Sleep(3 * time.Second)
			return alert.Outcome{Result: alert.Transient, Refused: true}
		}
	}
	return l.Line.Send(ctx, o)
}

// The metrics of an evening whose sealed texts fail, and in which the panel starts anew
// while they are due, are those of an evening without any. A day that ends on a
// prepaid card is in TestTwiceBalance.
func TestTwiceMetrics(t *testing.T) {
	t.Parallel()
	evening := func(swapped bool) (runs [2]*stack, tried [2]int) {
		o := stackOptions{swapped: swapped}
		o.wrap = func(_ *stack, line panel.Line) panel.Line { return stubborn{line, &tried[0]} }
		runs[0] = inBubble(t, o, func(s *stack) {
			intrusion(s)
			s.until(odd(690))
			s.text(annaPhone, annas("DISARM"))
			s.until(odd(760))
		})
		o.house, o.up = runs[0].store, 20*time.Minute
		o.wrap = func(_ *stack, line panel.Line) panel.Line { return stubborn{line, &tried[1]} }
		runs[1] = inBubble(t, o, func(s *stack) {
			s.until(odd(600))
			s.text(annaPhone, annas("ARM"))
			s.until(odd(2400))
		})
		return runs, tried
	}
	plain, none := evening(false)
	forced, some := evening(true)
	if none != [2]int{} || min(some[0], some[1]) < 3 {
		t.Errorf("%v and %v texts of a duress were tried", none, some)
	}
	for n := range plain {
		a, b := only(plain[n].record.all(), "scraped"), only(forced[n].record.all(), "scraped")
		if d := firstDifference(a, b); d != "" || len(a) < 50 {
			t.Errorf("run %d, %d pages: %s", n, len(a), d)
		}
	}
}
