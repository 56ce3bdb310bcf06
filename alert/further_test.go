package alert

import (
	"strings"
	"testing"
)

func sealedIncident(t *testing.T) (*Book, *Incident) {
	t.Helper()
	b := &Book{Sealed: true}
	i := b.Open(1, Incident{Kind: Duress, Silent: true, Who: "Anna", What: "forced to disarm", Clock: "21:04", Where: "12 Mill Lane",
		Known: []string{"+447700900003", "+447700900005"}, RingTime: 25_000, CallRounds: 3,
		Recipients: []Recipient{{Name: "Ben", Number: "+447700900003"}}})
	return b, i
}

func bodies(b *Book, number string) string {
	var out []string
	for _, j := range b.Jobs {
		if j.To == number && !j.Call {
			out = append(out, j.Body)
		}
	}
	return strings.Join(out, "\n")
}

// Whoever is told of a burglary meanwhile is eligible from then on, also where
// somebody has taken the duress already; a number that an edit brought never is.
func TestIncludeTellsAllThereIsToKnow(t *testing.T) {
	for _, taken := range []bool{false, true} {
		b, i := sealedIncident(t)
		if taken {
			b.Acknowledge(i, "+447700900003", 1000)
		}
		b.Include(i, 2000, []Recipient{{Name: "Dora", Number: "+447700900005"}, {Name: "Crook", Number: "+447700900666"}})
		got := bodies(b, "+447700900005")
		if !strings.Contains(got, "DURESS Anna") || !strings.Contains(got, "Do NOT call or text Anna") {
			t.Errorf("taken %v: Dora gets %q", taken, got)
		}
		if strings.Contains(got, "Ben has taken it") != taken {
			t.Errorf("taken %v: Dora gets %q", taken, got)
		}
		if got := bodies(b, "+447700900666"); got != "" {
			t.Errorf("a number that was not on the list gets %q", got)
		}
	}
}

func TestRetryLetsWaitingTextsGo(t *testing.T) {
	b, i := sealedIncident(t)
	b.Jobs[0].Handed = true
	b.Done(b.Jobs[0].ID, Outcome{Result: Transient}, 5000)
	if b.Jobs[0].ready(5001) {
		t.Fatal("a refused text does not wait")
	}
	b.Retry(5001)
	if !b.Jobs[0].ready(5001) {
		t.Error("it waits though the network is back")
	}
	if !i.Open() {
		t.Error("the incident is closed")
	}
}

// A line that breaks at every try leaves nobody untold: the first text is kept
// as long as its incident is open, with growing pauses.
func TestFirstTextIsNeverGivenUp(t *testing.T) {
	b, i := sealedIncident(t)
	tick := int64(1000)
	for range 10 {
		b.Jobs[0].Handed = true
		b.Done(b.Jobs[0].ID, Outcome{Result: Unknown}, tick)
		tick += 20 * minute
		if len(b.Jobs) == 0 || !b.Jobs[0].ready(tick) {
			t.Fatal("the text is gone, or waits for ever")
		}
	}
	if i.Recipients[0].Told {
		t.Error("who perhaps had a text counts as told")
	}
	if got := b.told(i); len(got) != 1 {
		t.Errorf("who perhaps had a text would not hear of the end: %v", got)
	}
}

// A call that never comes to be must not keep the others from being rung.
func TestCallsGoOnToTheNext(t *testing.T) {
	for _, r := range []Result{Transient, Unknown, Broken} {
		b := &Book{Sealed: true}
		b.Open(1, Incident{Kind: Duress, Silent: true, Who: "Anna", Clock: "21:04", CallRounds: 3, Recipients: []Recipient{
			{Name: "Ben", Number: "+447700900003", NoText: true}, {Name: "Cleo", Number: "+447700900004", NoText: true}}})
		rung := map[string]int{}
		for tick := int64(1); tick < 40*minute && rung["Cleo"] == 0; tick += minute {
			b.Advance(tick)
			for n := range b.Jobs {
				if j := &b.Jobs[n]; j.Call && j.ready(tick) {
					rung[j.Name]++
					j.Handed = true
					b.Done(j.ID, Outcome{Result: r}, tick)
					break
				}
			}
		}
		if rung["Ben"] > maxBroken || rung["Cleo"] == 0 {
			t.Errorf("%s: %v", r, rung)
		}
	}
}
