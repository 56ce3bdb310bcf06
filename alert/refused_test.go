package alert

import (
	"strings"
	"testing"
)

// TestWhoIsRefusedIsToldToTheOthers only where these get texts: what nobody gets says
// nothing of a number.
func TestWhoIsRefusedIsToldToTheOthers(t *testing.T) {
	for _, c := range []struct {
		name     string
		cleoGets bool
		want     bool
	}{{"Cleo has hers", true, true}, {"nobody has", false, false}} {
		b := &Book{Seed: 1}
		b.Open(1000, Incident{Kind: Burglary, What: "Hall", Recipients: []Recipient{{Name: "Ben", Number: "b"}, {Name: "Cleo", Number: "c"}}})
		for n := range b.Jobs {
			b.Jobs[n].Handed = !b.Jobs[n].Call
		}
		for _, j := range b.Clone().Jobs {
			o := Outcome{Result: Transient, Refused: true}
			if j.To == "c" && c.cleoGets {
				o = Outcome{Result: SentOK}
			}
			if !j.Call {
				b.Done(j.ID, o, 2000)
			}
		}
		b.Advance(1000 + stillRefused - 1)
		told := func() (is bool) {
			for _, j := range b.Jobs {
				is = is || strings.Contains(j.Body, "could not be reached")
			}
			return is
		}
		if told() {
			t.Errorf("%s: it is told before its time", c.name)
		}
		if b.Advance(1000 + stillRefused); told() != c.want {
			t.Errorf("%s: told %v, want %v", c.name, told(), c.want)
		}
	}
}

// A text that the network refuses backs off from when that was known, and where it got
// the line late by something sealed, from when that would have been: what each try
// waits would add up. One to the place that was refused often is tried once a minute,
// since its tries end calls.
func TestBackOff(t *testing.T) {
	for name, c := range map[string]struct {
		rank   Rank
		sealed int64 // so long a sealed text is on its way when each try is due
		want   []int64
	}{
		"a reply":                       {RankReply, 0, []int64{2_000, 5_000, 10_000, 30_000, 60_000, 60_000}},
		"a trouble":                     {RankTrouble, 0, []int64{2_000, 5_000, 10_000, 30_000, 30_000, 30_000}},
		"beside sealed texts":           {RankReply, 1_500, []int64{500, 3_500, 8_500, 28_500, 58_500}},
		"beside a sealed one that hung": {RankReply, 170_000, []int64{0, 0, 0, 10_000, 40_000}},
	} {
		k := Books{&Book{}, &Book{Sealed: true}}
		l := Line{Up: true}
		k.Open.Queue(1000, Job{Rank: c.rank, To: "a", Body: "x"})
		l.Lost(k, 1000)
		l.Up = true
		job := func() Job { return k.Open.Jobs[0] }
		for n, tick := range c.want {
			due := max(job().Queued, job().NotBefore)
			if c.sealed > 0 { // it got the line just before
				l.Busy, l.Sealed = true, true
				l.free(due + c.sealed)
			}
			l.Pick(k, due+c.sealed)
			end := due + c.sealed + 3_000
			l.Done(k, l.Serial, Outcome{Result: Transient}, end, 0)
			if got := max(0, job().NotBefore-end); got != tick {
				t.Errorf("%s: try %d is %d ms later, want %d", name, n+2, got, tick)
			}
		}
	}
}
