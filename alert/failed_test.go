package alert

import "testing"

// TestFailedPlaceText: a text to the place that failed holds up sealed texts for
// 20 s and no longer, but never waits behind a sealed call.
func TestFailedPlaceText(t *testing.T) {
	k := queue(t, "sealed life text Ben", "sealed life call Ben", "open alarm text Anna")
	l := Line{Up: true}
	l.Pick(k, 2000)
	if o := l.Order(k); o.To != "Anna" {
		t.Fatalf("%s goes before the place", o.Body)
	}
	l.Done(k, l.Serial, Outcome{Result: Transient}, 4000, 0) // again in 2 s
	for _, step := range []struct {
		tick int64
		to   string
		is   Result
	}{
		{6000, "Anna", Transient}, {11_000, "Anna", Transient}, // backs off to 21 s
		{21_000, "Anna", Transient}, // and to 51 s
	} {
		l.Pick(k, step.tick)
		if o := l.Order(k); o.To != step.to {
			t.Fatalf("at %d %q", step.tick, o.Body)
		}
		l.Done(k, l.Serial, Outcome{Result: step.is}, step.tick, 0)
	}
	l.Pick(k, 23_999)
	if o := l.Order(k); o.Serial != 0 {
		t.Fatalf("%q goes before 20 s are over", o.Body)
	}
	l.Pick(k, 24_000)
	if o := l.Order(k); !o.Sealed || o.Call {
		t.Fatalf("after 20 s %q", o.Body)
	}
	l.Done(k, l.Serial, Outcome{Result: SentOK}, 28_000, 0)
	l.Pick(k, 28_000)
	call := l.Order(k)
	if !call.Call || call.HangUp {
		t.Fatalf("then %+v", call)
	}
	l.Pick(k, 51_000)
	if o := l.Order(k); !o.HangUp {
		t.Fatal("the place waits behind a sealed call")
	}
	l.Done(k, call.Serial, Outcome{Result: Broken}, 51_500, 0)
	l.Pick(k, 51_500)
	if o := l.Order(k); o.To != "Anna" {
		t.Errorf("then %q", o.Body)
	}
}
