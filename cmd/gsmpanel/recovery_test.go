package main

import (
	"strings"
	"testing"
	"time"

	"github.com/gsmpanel/gsmpanel/modem/simulator"
)

// A modem that hangs in a burglary is brought back, everybody is told within 10
// minutes, and the log has each step of what has become a trouble.
func TestAModemThatHangsInABurglary(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		fault simulator.Fault
		steps []string
	}{
		{"until it is restarted", simulator.Fault{Name: "silence", Code: 1}, nil}, // too soon to be a trouble
		{"until its supply is cut", simulator.Fault{Name: "silence"}, []string{"modem: it is restarted (AT+CFUN=1,1)", "modem: its supply is cut for 10 s"}},
		{"in the middle of a text", simulator.Fault{Name: "silence", Command: "+CMGS"}, []string{"modem: it is restarted (AT+CFUN=1,1)", "modem: its supply is cut for 10 s"}},
		{"with its card out for a while", simulator.Fault{Name: "sim-out", For: 3 * time.Minute}, []string{"SIM card is not ready", "modem: it is restarted (AT+CFUN=1,1)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := inBubble(t, stackOptions{}, func(s *stack) {
				intrusion(s)
				s.until(odd(635))
				if err := s.sim.Fault(c.fault); err != nil {
					t.Error(err)
				}
				s.until(odd(640) + 13*time.Minute)
			})
			for _, number := range []string{annaPhone, tomPhone, benPhone, cleoPhone} {
				alarms := 0
				for _, r := range got(s.record.all(), number) {
					if strings.HasPrefix(r.what, "BURGLARY") {
						alarms++
					}
				}
				if alarms == 0 {
					t.Errorf("%s was not told", number)
				}
			}
			log := ""
			for _, r := range only(s.record.all(), "followed") {
				log += r.what + "\n"
			}
			at := 0
			for _, step := range c.steps {
				n := strings.Index(log[at:], step)
				if n < 0 {
					t.Fatalf("the log lacks %q:\n%s", step, log)
				}
				at += n
			}
		})
	}
}
