package alert

import "testing"

// TestFailedPlaceText: a text to the place that failed holds up sealed texts for
// 20 s and no longer, but never waits behind a sealed call.
func TestFailedPlaceText(t *testing.T) {
	k := queue(t, "sealed life text Ben", "sealed life call Ben", "open alarm text Anna")
	l := Line{Up: true, FreeAt: 2000}
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

// A text to the place that failed before the duress goes first too, where its next try
// comes within 20 s of it.
func TestPlaceTextThatFailedBefore(t *testing.T) {
	k := queue(t, "open alarm text Anna")
	l := Line{Up: true, FreeAt: 2000}
	for _, at := range []int64{2000, 4000, 9000, 19_000} { // backs off to 49 s
		l.Pick(k, at)
		l.Done(k, l.Serial, Outcome{Result: Transient}, at, 0)
	}
	for _, c := range []struct {
		name           string
		queued, at     int64
		sealed, nobody bool
	}{
		{"just before its try", 40_000, 48_999, false, true},
		{"its try", 40_000, 49_000, false, false},
		{"long before its try", 24_000, 44_000, true, false},
	} {
		kept, line := k.Open.Clone(), l
		both := Books{&kept, queue(t, "sealed life text Ben").Sealed}
		both.Sealed.Jobs[0].Queued = c.queued
		line.Pick(both, c.at)
		if line.Busy == c.nobody || line.Busy && line.Sealed != c.sealed {
			t.Errorf("%s: the line has %q", c.name, line.Order(both).Body)
		}
	}
}

// The first text of a burglary to a phone in the house comes after a quick disarm
// too: whether it failed before that or was on its way hangs on the line, which what
// is sealed shares.
func TestAFirstTextThatFailsAfterTheDisarm(t *testing.T) {
	for _, r := range []Result{Transient, Unknown} {
		var left [2]Book
		for n, disarmedFirst := range []bool{true, false} {
			b := &left[n]
			b.Open(1, Incident{Kind: Burglary, Who: "Hall", Clock: "21:04", Recipients: []Recipient{{Name: "Anna", Number: "+447700900001", InHouse: true}}})
			b.Advance(60_000)
			if len(b.Jobs) != 1 || b.Incidents[0].Begun == 0 {
				t.Fatalf("the incident has not begun: %+v", b.Incidents[0])
			}
			b.Jobs[0].Handed = true
			if disarmedFirst {
				b.Cancel(&b.Incidents[0], 61_000)
			}
			b.Done(b.Jobs[0].ID, Outcome{Result: r}, 62_000)
			if !disarmedFirst {
				b.Cancel(&b.Incidents[0], 63_000)
			}
			if len(b.Jobs) != 1 || b.Jobs[0].NotBefore < 62_000 {
				t.Errorf("%s, disarmed first %v: %+v", r, disarmedFirst, b.Jobs)
			}
		}
		if left[0].PlaceUntil != left[1].PlaceUntil {
			t.Errorf("%s: the book tells when it failed: %d and %d", r, left[0].PlaceUntil, left[1].PlaceUntil)
		}
	}
}
