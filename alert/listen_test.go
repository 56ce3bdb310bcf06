package alert

import (
	"strings"
	"testing"
)

// hearing is a line on which Ben listens since tick 20,000 after his 1 at 10,000,
// in a call of the book that is named.
func hearing(t *testing.T, where string) (*Line, Books, uint64) {
	t.Helper()
	k := queue(t, where+" life call Ben")
	if where == "open" {
		k = queue(t, "open alarm call Ben")
	}
	l := &Line{Up: true}
	l.Pick(k, 2000)
	serial := l.Order(k).Serial
	l.Progress(serial, Talking, 5000)
	i, number, sealed := l.Current(k, serial)
	k.of(sealed).Acknowledge(i, number, 10_000)
	l.Taken(k, 10_000)
	l.Pick(k, 10_000)
	if o := l.Order(k); o.HangUp || o.Tone != ToneTaken || o.Tones != 1 || o.Listen {
		t.Fatalf("after 1: %+v", o)
	}
	l.Listen(k, 20_000)
	if o := l.Order(k); !o.Listen || o.HangUp || o.Tones != 1 {
		t.Fatalf("after 7: %+v", o)
	}
	return l, k, serial
}

// TestListeningEnds: for what it is ended, and for what not.
func TestListeningEnds(t *testing.T) {
	for name, test := range map[string]struct {
		call, then string
		ends       bool
	}{
		"sealed: a reply":                       {"sealed", "open reply text Anna", true},
		"sealed: a text to the place":           {"sealed", "open place text Anna", true},
		"sealed: an alarm of the place":         {"sealed", "open alarm text Anna", true},
		"sealed: news of it":                    {"sealed", "sealed life text Cleo", true},
		"sealed: another danger to life":        {"sealed", "open life text Cleo", true},
		"sealed: a call of another danger":      {"sealed", "open life call Cleo", true},
		"sealed: an alarm to who is told of it": {"sealed", "open alarm text Cleo", true},
		"sealed: a report to who is told of it": {"sealed", "open report text Cleo", false},
		"open: a further zone":                  {"open", "open alarm text Dora", true},
		"open: what is sealed":                  {"open", "sealed life text Cleo", true},
		"open: a trouble":                       {"open", "open trouble text Anna", false},
		"open: a call of another alarm":         {"open", "open alarm call Dora", false},
	} {
		t.Run(name, func(t *testing.T) {
			l, k, _ := hearing(t, test.call)
			l.Pick(k, 30_000)
			if l.HangUp != "" {
				t.Fatal("ended by what the acknowledgement has to say")
			}
			w := strings.Fields(test.then)
			add := queue(t, test.then)
			b, from := k.of(w[0] == "sealed"), add.of(w[0] == "sealed")
			if len(b.Incidents) == 0 {
				b.Incidents = from.Incidents
			}
			j := from.Jobs[0]
			if j.Call {
				b.Incidents = append(b.Incidents, Incident{ID: 2, Kind: Fire, Begun: 1, Calling: true, ClosesAt: 1 << 40, Recipients: people("Cleo", "Dora")})
				j.Incident = 2
			}
			b.Queue(60_000, j)
			l.Pick(k, 60_000)
			if got := l.Order(k).HangUp; got != test.ends {
				t.Errorf("ended: %v", got)
			}
		})
	}
}

// It ends after 5 minutes, 9 s where no 7 comes, and neither is taken for a job
// that is stuck: the hang-up has its own time.
func TestListeningHasAnEnd(t *testing.T) {
	l, k, serial := hearing(t, "sealed")
	for tick, ends := range map[int64]bool{20_000 + hearTime - 1: false, 20_000 + hearTime: true} {
		l := *l
		l.Due(k, tick)
		if got := l.Order(k); got.HangUp != ends || got.Serial != serial {
			t.Errorf("at %d: %+v", tick, got)
		}
	}
	end := 20_000 + int64(hearTime)
	l.Due(k, end)
	l.Due(k, end+stuckAfter-1)
	if !l.Busy {
		t.Error("the line was taken from a call that is being hung up")
	}
	l.Due(k, end+stuckAfter)
	if l.Busy {
		t.Error("a call that never ends has the line for ever")
	}
	k = queue(t, "sealed life call Ben")
	l = &Line{Up: true}
	l.Pick(k, 2000)
	l.Progress(1, Talking, 5000)
	i, number, _ := l.Current(k, 1)
	k.Sealed.Acknowledge(i, number, 10_000)
	l.Taken(k, 10_000)
	if l.Due(k, 10_000+keepTime-1); l.HangUp != "" {
		t.Error("ended before there was time for 7")
	}
	if l.Due(k, 10_000+keepTime); l.HangUp != Acknowledged {
		t.Errorf("%q without 7", l.HangUp)
	}
	if l.Listen(k, 10_000+keepTime); l.Order(k).Listen {
		t.Error("7 comes too late, and is heard")
	}
}

// However it ends, the others hear who has taken it: at once.
func TestAfterListeningAllAreTold(t *testing.T) {
	for name, end := range map[string]func(l *Line, k Books, serial uint64){
		"he hangs up":      func(l *Line, k Books, serial uint64) { l.Done(k, serial, Outcome{Result: Answered}, 40_000, 0) },
		"the line is lost": func(l *Line, k Books, _ uint64) { l.Lost(k, 40_000); l.Up = true },
		"the panel ends it": func(l *Line, k Books, serial uint64) {
			l.EndCall(Acknowledged, 39_000)
			l.Done(k, serial, Outcome{Result: Broken}, 40_000, 0)
		},
	} {
		t.Run(name, func(t *testing.T) {
			l, k, serial := hearing(t, "sealed")
			end(l, k, serial)
			if l.Busy {
				t.Fatal("the line is not free")
			}
			l.Pick(k, 40_001)
			if o := l.Order(k); o.To != "Ben" || !strings.Contains(o.Body, "You have it") {
				t.Errorf("first %+v", o)
			}
			l.Done(k, l.Serial, Outcome{Result: SentOK}, 41_000, 0)
			l.Pick(k, 41_001)
			if o := l.Order(k); o.To != "Cleo" || !strings.Contains(o.Body, "Ben has taken it") {
				t.Errorf("then %+v", o)
			}
		})
	}
}

// What is sealed ends the listening to a burglary, but what that has to say to the
// place comes no sooner for it; only what would have ended it anyway lets it go.
func TestListeningThatIsCutShort(t *testing.T) {
	cut := func(t *testing.T) (*Line, Books) {
		l, k, serial := hearing(t, "open")
		add := queue(t, "sealed life text Cleo")
		k.Sealed.Incidents = add.Sealed.Incidents
		k.Sealed.Queue(60_000, add.Sealed.Jobs[0])
		l.Pick(k, 60_000)
		l.Done(k, serial, Outcome{Result: Broken}, 60_500, 0)
		l.Pick(k, 60_501)
		if o := l.Order(k); !o.Sealed || k.Open.job(callJobs+1) == nil {
			t.Fatalf("after the cut %+v, and of the call %+v", o, k.Open.Jobs)
		}
		l.Done(k, l.Serial, Outcome{Result: SentOK}, 61_000, 0)
		if l.Pick(k, 61_001); l.Busy {
			t.Fatalf("too soon: %+v", l.Order(k))
		}
		return l, k
	}
	told := func(l *Line, k Books) bool { o := l.Order(k); return strings.Contains(o.Body, "You have it") }
	t.Run("nothing else happens", func(t *testing.T) {
		l, k := cut(t)
		const at = 20_000 + hearTime
		if l.LeftUntil != at {
			t.Errorf("goes on at %d", l.LeftUntil)
		}
		l.Due(k, at)
		l.Pick(k, at)
		if !told(l, k) || k.Open.job(callJobs+1) != nil {
			t.Errorf("then %+v, %+v", l.Order(k), k.Open.Jobs)
		}
	})
	t.Run("a reply would have ended it", func(t *testing.T) {
		l, k := cut(t)
		k.Open.Queue(70_000, Job{Rank: RankReply, To: "Anna", Body: "Disarmed.", Reason: "reply"})
		l.Pick(k, 70_000)
		l.Done(k, l.Serial, Outcome{Result: SentOK}, 74_000, 0)
		if l.Pick(k, 74_001); !told(l, k) {
			t.Errorf("then %+v", l.Order(k))
		}
	})
	t.Run("the line is lost", func(t *testing.T) {
		l, k := cut(t)
		l.Lost(k, 70_000)
		l.Up = true
		if l.Pick(k, 70_001); !told(l, k) || k.Open.job(callJobs+1) != nil {
			t.Errorf("then %+v", l.Order(k))
		}
	})
	t.Run("before 7 nothing is cut", func(t *testing.T) {
		k := queue(t, "open alarm call Ben")
		l := &Line{Up: true}
		l.Pick(k, 2000)
		l.Progress(1, Talking, 5000)
		i, number, _ := l.Current(k, 1)
		k.Open.Acknowledge(i, number, 10_000)
		l.Taken(k, 10_000)
		add := queue(t, "sealed life text Cleo")
		k.Sealed.Incidents = add.Sealed.Incidents
		k.Sealed.Queue(12_000, add.Sealed.Jobs[0])
		if l.Pick(k, 12_000); l.HangUp != "" {
			t.Error("cut, though nobody knows whether he would have listened")
		}
	})
}

// A phone that may be in the house does not listen, and while others are still to
// be called nobody does.
func TestWhoDoesNotListen(t *testing.T) {
	k := queue(t, "open alarm call Ben")
	k.Open.Incidents[0].Recipients[1].InHouse = true
	l := &Line{Up: true}
	l.Pick(k, 2000)
	l.Progress(1, Talking, 5000)
	i, number, _ := l.Current(k, 1)
	k.Open.Acknowledge(i, number, 10_000)
	for _, calling := range []bool{true, false} {
		l := *l
		i.Calling = calling
		if l.Taken(k, 10_000); l.HangUp != Acknowledged || l.Order(k).Tones != 0 {
			t.Errorf("%+v", l.Order(k))
		}
	}
}

// An incident's phones ring as long as was set when it opened.
func TestRingTimeIsTheIncidents(t *testing.T) {
	for _, ring := range []int64{10_000, 40_000} {
		k := queue(t, "sealed life call Ben")
		k.Sealed.Incidents[0].RingTime = ring
		l := &Line{Up: true}
		l.Pick(k, 2000)
		l.Progress(1, Ringing, 5000)
		if l.Due(k, 5000+ring-1); l.HangUp != "" {
			t.Errorf("%d: too soon", ring)
		}
		if l.Due(k, 5000+ring); l.HangUp != NoAnswer {
			t.Errorf("%d: %q", ring, l.HangUp)
		}
	}
}
