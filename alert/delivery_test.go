package alert

import "testing"

// TestReportsAreJoined by reference and number: a reference comes again after 256
// texts, and a report may come before the modem's answer, twice, or to nothing.
func TestReportsAreJoined(t *testing.T) {
	const ben, cleo = "Ben", "Cleo"
	report := func(ref int, to string) Delivery { return Delivery{Ref: ref, To: to, Delivered: true} }
	for _, c := range []struct {
		name   string
		before []Delivery // the modem's answer to the text to Ben, which is 7
		after  []Delivery
		older  []Sent
		joined int // of the reports after it
		left   int // texts that still wait for one
	}{
		{"its own", nil, []Delivery{report(7, ben)}, nil, 1, 0},
		{"another reference", nil, []Delivery{report(8, ben)}, nil, 0, 1},
		{"another number", nil, []Delivery{report(7, cleo)}, nil, 0, 1},
		{"twice", nil, []Delivery{report(7, ben), report(7, ben)}, nil, 1, 0},
		{"still trying, then done", nil, []Delivery{{Ref: 7, To: ben}, report(7, ben)}, nil, 2, 0},
		{"failed", nil, []Delivery{{Ref: 7, To: ben, Failed: true}}, nil, 1, 0},
		{"before the answer", []Delivery{report(7, ben)}, nil, nil, 0, 0},
		{"before the answer, of another", []Delivery{report(9, ben), report(7, cleo)}, nil, nil, 0, 1},
		{"the reference has come round: the newer one's", nil, []Delivery{report(7, ben)}, []Sent{{Ref: 7, To: ben, At: 1}}, 1, 1},
		{"and then the older one's", nil, []Delivery{report(7, ben), report(7, ben)}, []Sent{{Ref: 7, To: ben, At: 1}}, 2, 0},
	} {
		k := queue(t, "open life text Ben")
		l := Line{Up: true, Sent: c.older}
		l.Pick(k, 2000)
		for _, d := range c.before {
			l.Delivered(k, d, 3000)
		}
		l.Done(k, l.Serial, Outcome{Result: SentOK, Ref: 7}, 4000, 0)
		joined := 0
		for _, d := range c.after {
			if _, found := l.Delivered(k, d, 5000); found {
				joined++
			}
		}
		if joined != c.joined || len(l.Sent) != c.left || len(l.Early) != 0 {
			t.Errorf("%s: %d joined, want %d; %d wait, want %d; early %v", c.name, joined, c.joined, len(l.Sent), c.left, l.Early)
		}
	}
}

// A report that came early is of no text that failed.
func TestAnEarlyReportOfATextThatFailed(t *testing.T) {
	k := queue(t, "open life text Ben")
	l := Line{Up: true}
	l.Pick(k, 2000)
	l.Delivered(k, Delivery{Ref: 0, To: "Ben", Delivered: true}, 3000)
	l.Done(k, l.Serial, Outcome{Result: Unknown}, 4000, 0)
	if len(k.Open.Reporters) != 0 || len(l.Early) != 0 {
		t.Errorf("reporters %v, early %v", k.Open.Reporters, l.Early)
	}
}
