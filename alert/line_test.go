package alert

import (
	"strings"
	"testing"
)

// queue makes books out of jobs that are written "open reply text Anna" or
// "sealed life call Ben"; a sealed incident, where there is a sealed job, is told
// to Ben and Cleo.
func queue(t *testing.T, jobs ...string) Books {
	t.Helper()
	k := Books{&Book{Seed: 1}, &Book{Seed: 2, Sealed: true}}
	ranks := map[string]Rank{"reply": RankReply, "place": RankPlace, "life": RankLife, "alarm": RankAlarm, "trouble": RankTrouble, "report": RankReport}
	k.Open.Incidents = []Incident{{ID: 1, Kind: Burglary, Begun: 1, Calling: true, Opened: 1, ClosesAt: 1 << 40, Recipients: people("Anna", "Ben", "Dora")}}
	for _, text := range jobs {
		w := strings.Fields(text)
		b := k.of(w[0] == "sealed")
		if w[0] == "sealed" && len(b.Incidents) == 0 {
			b.Incidents = []Incident{{ID: 1, Kind: Duress, Silent: true, Begun: 1, Calling: true, Opened: 1, ClosesAt: 1 << 40, Recipients: people("Ben", "Cleo")}}
		}
		b.Queue(1000, Job{Call: w[2] == "call", Rank: ranks[w[1]], To: w[3], Name: w[3], Incident: 1, Body: text, Reason: "test"})
	}
	return k
}

func people(names ...string) []Recipient {
	var out []Recipient
	for _, name := range names {
		out = append(out, Recipient{Name: name, Number: name})
	}
	return out
}

func TestOrderOfTheLine(t *testing.T) {
	for name, test := range map[string]struct {
		jobs  []string
		order string
	}{
		"rank":               {[]string{"open report text Dora", "open trouble text Dora", "open alarm text Dora", "open life text Dora", "open place text Dora", "open reply text Anna"}, "reply life place alarm trouble report"},
		"texts before calls": {[]string{"open alarm call Anna", "open alarm text Anna", "open alarm text Dora"}, "alarm/Anna alarm/Dora call/Anna"},
		"a burglary's texts before a panic's calls":                  {[]string{"open life call Anna", "open alarm text Dora", "open trouble text Dora"}, "alarm/Dora call/Anna trouble/Dora"},
		"the order of the list":                                      {[]string{"open alarm text Dora", "open alarm text Anna"}, "alarm/Dora alarm/Anna"},
		"life before alarm":                                          {[]string{"open alarm text Ben", "open life text Ben"}, "life alarm"},
		"the place's texts before what is sealed":                    {[]string{"sealed life text Ben", "open place text Anna", "open alarm text Dora"}, "place/Anna alarm/Dora life/Ben"},
		"what is sealed before the open alarm of those who are told": {[]string{"open alarm text Ben", "sealed life text Ben", "sealed life text Cleo"}, "life/Ben life/Cleo alarm/Ben"},
		"what is sealed before open calls":                           {[]string{"open alarm call Ben", "sealed life text Ben"}, "life/Ben call/Ben"},
	} {
		t.Run(name, func(t *testing.T) {
			k := queue(t, test.jobs...)
			l := Line{Up: true}
			var got []string
			for tick := int64(2000); len(got) < len(test.jobs); tick += 4000 {
				l.Pick(k, tick)
				o := l.Order(k)
				if o.Serial == 0 {
					break
				}
				got = append(got, o.Body+"/"+o.To)
				if o.Call {
					k.of(o.Sealed).remove(l.Job)
					l.free(tick)
					continue
				}
				l.Done(k, o.Serial, Outcome{Result: SentOK}, tick, 0)
			}
			want := strings.Fields(test.order)
			if len(got) != len(want) {
				t.Fatalf("%v, want %v", got, want)
			}
			for n := range want {
				kind, to, named := strings.Cut(want[n], "/")
				if !strings.Contains(got[n], " "+kind+" ") || named && !strings.HasSuffix(got[n], "/"+to) {
					t.Errorf("%v, want %v", got, want)
				}
			}
		})
	}
}

// TestCallGivesWay: for what a call in progress is broken off.
func TestCallGivesWay(t *testing.T) {
	const rings, talks5, talks25 = 0, 5_000, 25_000
	for name, test := range map[string]struct {
		call, then string
		talked     int64
		ends       bool
		tries      int // of the text before
	}{
		"a reply":                           {"open alarm call Anna", "open reply text Anna", talks5, true, 0},
		"a place text":                      {"open life call Anna", "open place text Anna", talks5, true, 0},
		"a report":                          {"open alarm call Anna", "open report text Dora", rings, false, 0},
		"an alarm text":                     {"open alarm call Anna", "open alarm text Dora", talks5, true, 0},
		"a life text, while it rings":       {"open life call Ben", "open life text Ben", rings, true, 0},
		"a life text, answered just now":    {"open life call Ben", "open life text Ben", talks5, false, 0},
		"a life text, answered long ago":    {"open life call Ben", "open life text Ben", talks25, true, 0},
		"an alarm text, a life call rings":  {"open life call Anna", "open alarm text Dora", rings, true, 0},
		"an alarm text, a life call talks":  {"open life call Anna", "open alarm text Dora", talks5, false, 0},
		"a trouble":                         {"open life call Anna", "open trouble text Dora", rings, false, 0},
		"what is sealed":                    {"open alarm call Ben", "sealed life text Ben", rings, true, 0},
		"sealed: a text to the place":       {"sealed life call Ben", "open alarm text Anna", talks5, true, 0},
		"sealed: a trouble to the place":    {"sealed life call Ben", "open trouble text Anna", talks5, true, 0},
		"sealed: a report to who is told":   {"sealed life call Ben", "open report text Cleo", talks5, false, 0},
		"sealed: another sealed call waits": {"sealed life call Ben", "sealed life call Cleo", rings, false, 0},
		"a reply that did not go":           {"open life call Anna", "open reply text Anna", talks5, true, 1},
		"a reply that never goes":           {"open life call Anna", "open reply text Anna", talks5, true, 5},
		"an alarm text that did not go":     {"open alarm call Anna", "open alarm text Dora", rings, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			k := queue(t, test.call)
			l := Line{Up: true}
			l.Pick(k, 2000)
			o := l.Order(k)
			if !o.Call {
				t.Fatalf("%+v is no call", o)
			}
			now := int64(4000)
			if test.talked > 0 {
				l.Progress(o.Serial, Talking, now)
				now += test.talked
			}
			w := strings.Fields(test.then)
			add := queue(t, test.then)
			b, from := k.of(w[0] == "sealed"), add.of(w[0] == "sealed")
			if w[0] == "sealed" && len(b.Incidents) == 0 {
				b.Incidents = from.Incidents
			}
			j := from.Jobs[0]
			j.Tries = test.tries
			if j.Call {
				j.Incident = 2
			}
			b.Queue(now, j)
			l.Pick(k, now)
			if got := l.Order(k).HangUp; got != test.ends {
				t.Errorf("hung up %v, want %v", got, test.ends)
			}
		})
	}
}

// The modem fails while a text waits for it: that it never had the text is told
// just after, and then also a reply is sent when the line is back.
func TestATextThatTheModemNeverHadIsSentWhenItIsBack(t *testing.T) {
	k := queue(t, "open reply text Dora")
	l := Line{Up: true}
	l.Pick(k, 2000)
	o := l.Order(k)
	l.Down(k, 3000)
	l.Pick(k, 3000)
	if l.Order(k).Serial != o.Serial {
		t.Fatalf("its outcome has no text: %+v", l)
	}
	l.Done(k, o.Serial, Outcome{Result: Transient}, 3000, 0)
	l.Lost(k, 9000)
	l.Up = true
	l.Pick(k, 9000)
	if again := l.Order(k); again.Body != o.Body || again.Serial == o.Serial {
		t.Errorf("sent when it is back: %+v", again)
	}
}

func TestLostLineMakesUnknownOnce(t *testing.T) {
	k := queue(t, "open alarm text Anna", "open reply text Dora")
	l := Line{Up: true}
	l.Pick(k, 2000)
	reply := l.Order(k)
	l.Lost(k, 3000)
	l.Lost(k, 3001)
	if l.Order(k).Serial != 0 || len(k.Open.Jobs) != 1 {
		t.Fatalf("%+v, %d jobs: a reply of unknown fate is not sent again", l, len(k.Open.Jobs))
	}
	l.Done(k, reply.Serial, Outcome{Result: SentOK}, 4000, 0)
	l.Up = true
	l.Pick(k, 5000)
	first := l.Order(k)
	l.Lost(k, 6000)
	if len(k.Open.Jobs) != 1 || k.Open.Jobs[0].Unknowns != 1 || k.Open.Jobs[0].Handed {
		t.Errorf("an alarm of unknown fate: %+v", k.Open.Jobs)
	}
	l.Up = true
	l.Pick(k, 7000)
	if o := l.Order(k); o.Serial == first.Serial || o.Body != first.Body {
		t.Errorf("sent again: %+v", o)
	}
}
