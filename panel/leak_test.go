package panel

import (
	"slices"
	"testing"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
)

// TestObserverSeesLeaks plants leaks into the duress run, one at a time: an
// observer that finds none of them would be no proof.
func TestObserverSeesLeaks(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*watched, Event){
		"a late reply":                          lateReply,
		"an extra log line":                     extraLine,
		"a report behind the duress texts":      reportBehind,
		"a number that skips":                   skippedNumber,
		"a reply that waits for a duress call":  deafCall,
		"a button that shows what it hides":     shownButton,
		"a silent press that leaves a trace":    tracedPress,
		"a beep of another kind":                otherBeep,
		"a call that ends sooner":               shortCall,
		"a drill that waits for what is sealed": heldDrill,
	} {
		t.Run(name, func(t *testing.T) {
			const evenings = 120
			caught, n := 0, 0
			for ; n < evenings && caught < 3; n++ {
				p := imaginedPlot(n)
				if compare(runPlot(p, annaCode), spoiltPlot(p, annaDuress, spoil)) != "" {
					caught++
				}
			}
			t.Logf("seen in %d of %d evenings", caught, n)
			if caught < 3 {
				t.Error("nobody would notice")
			}
		})
	}
}

// heldDrill puts a drill's calls off by a second while something is sealed.
func heldDrill(w *watched, _ Event) {
	i := w.s.Book.Drill()
	if i == nil || !slices.ContainsFunc(w.s.Sealed.Book.Incidents, alert.Incident.Open) {
		return
	}
	for n := range w.s.Book.Jobs {
		if j := &w.s.Book.Jobs[n]; j.Call && !j.Handed && j.NotBefore == j.Queued+20_000 {
			j.NotBefore += 1000
		}
	}
}

// lateReply takes the reply to a forced command back for a tenth of a second.
func lateReply(w *watched, e Event) {
	l := &w.s.Sealed.Line
	if _, told := e.(Told); !told || !l.Busy || l.Sealed || l.Call || w.now.Tick != w.first {
		return
	}
	for n := range w.s.Book.Jobs {
		if j := &w.s.Book.Jobs[n]; j.ID == l.Job && j.Rank == alert.RankReply {
			j.Handed, j.NotBefore = false, w.now.Tick+100
			l.Busy = false
		}
	}
}

// extraLine journals something when a sealed incident opens.
func extraLine(w *watched, _ Event) {
	if len(w.s.Sealed.Book.Incidents) == 1 && w.s.Sealed.Book.Incidents[0].Opened == w.now.Tick && w.s.Sealed.Book.Incidents[0].AgainAt == 0 {
		w.s.Sealed.Book.Incidents[0].AgainAt = w.now.Tick
		w.s.Entries++
		w.s.Recent = append(w.s.Recent, Entry{Number: w.s.Entries, Time: w.now.Wall, Event: "notification", ContactID: "6121", Text: "told"})
	}
}

// reportBehind lets a report of a forced command go after what is sealed.
func reportBehind(w *watched, _ Event) {
	for n := range w.s.Book.Jobs {
		if j := &w.s.Book.Jobs[n]; j.Rank == alert.RankPlace && !j.Handed {
			j.Rank, j.Failed = alert.RankReport, -1_000_000
		}
	}
}

// skippedNumber gives a visible number to a sealed incident.
func skippedNumber(w *watched, e Event) {
	if _, told := e.(Told); told && w.now.Tick == w.first {
		w.s.Entries++
	}
}

// otherBeep answers a forced command that was keyed as if it were refused, and one
// that was as if it were done.
func otherBeep(w *watched, e Event) {
	if in, told := e.(Told); told && in.Channel == ByCall && w.now.Tick == w.first {
		w.s.Sealed.Line.Tone = map[alert.Tone]alert.Tone{alert.ToneDone: alert.ToneRefused, alert.ToneRefused: alert.ToneDone}[w.s.Sealed.Line.Tone]
	}
}

// shortCall ends a call from outside at once, so that what is sealed goes sooner.
func shortCall(w *watched, e Event) {
	if in, told := e.(Told); told && in.Channel == ByCall && w.now.Tick == w.first {
		w.s.Sealed.Line.EndsAt = w.now.Tick + 1000
	}
}

// deafCall never ends a sealed call for what the place should get.
func deafCall(w *watched, _ Event) {
	if l := &w.s.Sealed.Line; l.Busy && l.Sealed && l.Call && l.HangUp == alert.Broken {
		l.HangUp = ""
	}
}

// shownButton stores in the open what a button hides.
func shownButton(w *watched, _ Event) {
	for n, r := range w.c.Radio.Remotes {
		for k, b := range r.Buttons {
			if w.c.Hidden[b.ID] != duress.HidesNothing {
				remotes := slices.Clone(w.c.Radio.Remotes)
				remotes[n].Buttons = slices.Clone(r.Buttons)
				remotes[n].Buttons[k].Action = string(duress.DuressDisarm)
				w.c.Radio.Remotes = remotes
				return
			}
		}
	}
}

// tracedPress lets a silent press forget, as one that is a command does, that
// another was refused.
func tracedPress(w *watched, e Event) {
	if p, ok := e.(Pressing); ok && p.ID == bedside && p.New {
		w.s.Refusal.At = w.now.Tick
	}
}
