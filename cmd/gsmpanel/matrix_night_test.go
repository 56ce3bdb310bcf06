package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// nightSays is what BALANCE is answered after a night with a reading.
const nightSays = "Balance 50.00, read 23.11.2026."

// playNight is a night in which the network is asked for the balance, which it
// answers with a menu, and a text comes while it is asked; in the morning Anna asks
// the panel for what was read.
func playNight(t *testing.T, fault *simulator.Fault) *stack {
	o := stackOptions{prepaid: true, unseen: true, world: func(m *simulator.Modem) {
		m.SetAccount(simulator.Account{Credit: 5000})
		service := simulator.Service{Reply: "Balance {balance} GBP\n1 Top up", Code: 1, Form: "packed", After: 8 * time.Second}
		if err := m.Serve("*100#", service); err != nil {
			t.Fatal(err)
		}
		if fault == nil {
			return
		}
		if err := m.Fault(*fault); err != nil {
			t.Fatal(err)
		}
	}}
	return inBubble(t, o, func(s *stack) {
		s.until(odd(5*3600 + 600)) // ten past seven
		s.text(annaPhone, annas("BALANCE"))
		s.until(odd(5*3600 + 660))
	})
}

// nightSteps are those of the inquiry: the alphabet that it is in, the question, the
// answer, and the end of the menu.
func nightSteps(s *stack) (steps []cell) {
	sets, asked, answers := 0, 0, 0
	for _, r := range only(s.record.all(), "wire") {
		switch {
		case strings.HasPrefix(r.what, "> AT+CSCS"):
			sets++
		case strings.HasPrefix(r.what, "> AT+CUSD="):
			if asked == 0 {
				steps = append(steps, cell{"+CSCS before it", simulator.Fault{Command: "+CSCS", Skip: sets - 1}})
			}
			asked++
			steps = append(steps, cell{fmt.Sprintf("+CUSD no. %d", asked), simulator.Fault{Command: "+CUSD", Skip: asked - 1}})
		case strings.Contains(r.what, "\n+CUSD:"):
			answers++
			steps = append(steps, cell{fmt.Sprintf("the network's answer no. %d", answers), simulator.Fault{Said: "+CUSD", Skip: answers - 1}})
		}
	}
	return steps
}

// TestMatrixOfANight plays a sample of every fault at every step of an inquiry of the
// network, or what GSMPANEL_MATRIX says. In the morning the night's reading is told,
// once, and nothing is left undone.
func TestMatrixOfANight(t *testing.T) {
	t.Parallel()
	calm := playNight(t, nil)
	if why := spoiltNight(calm); why != "" {
		t.Fatalf("without a fault: %s", why)
	}
	steps := nightSteps(calm)
	cells := chosen(matrix(steps), 60)
	t.Logf("%d steps, %d cells", len(steps), len(cells))
	if len(steps) != 4 {
		t.Errorf("the inquiry has the steps %v", steps)
	}
	t.Run("cells", func(t *testing.T) {
		for _, c := range cells {
			t.Run(c.String(), func(t *testing.T) {
				t.Parallel()
				s := playNight(t, &c.fault)
				if why := spoiltNight(s); why != "" {
					t.Error(why)
				}
				if len(only(s.record.all(), "fault")) == 0 {
					t.Error("the fault did not strike")
				}
			})
		}
	})
}

// spoiltNight says what is wrong with a night, "" for nothing.
func spoiltNight(s *stack) string {
	answers := 0
	var all []string
	for _, r := range got(s.record.all(), annaPhone) {
		all = append(all, r.what)
		if strings.HasPrefix(r.what, nightSays) {
			answers++
		}
	}
	switch {
	case answers != 1:
		return fmt.Sprintf("BALANCE was answered %d times with %q; she got %q", answers, nightSays, all)
	case len(s.store.last.State.Open.Book.Jobs) > 0:
		return "texts or calls are still queued"
	}
	return ""
}
