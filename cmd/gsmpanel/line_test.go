package main

import (
	"io"
	"testing"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/modem"
	"github.com/gsmpanel/gsmpanel/panel"
)

// What becomes of a text: only a number that is none is given up, and only a network
// that is there refuses.
func TestOutcomeOfAText(t *testing.T) {
	for err, want := range map[error]alert.Outcome{
		nil:                        {Result: alert.SentOK, Ref: 9},
		modem.ErrUnknown:           {Result: alert.Unknown},
		&modem.CMSError{Code: 1}:   {Result: alert.Permanent},
		modem.ErrNumber:            {Result: alert.Permanent},
		&modem.CMSError{Code: 21}:  {Result: alert.Transient, Refused: true},
		&modem.CMSError{Code: 41}:  {Result: alert.Transient, Refused: true},
		&modem.CMSError{Code: 331}: {Result: alert.Transient},
		modem.ErrDown:              {Result: alert.Transient},
		io.EOF:                     {Result: alert.Transient, Refused: true},
	} {
		if got := outcome(9, err); got != want {
			t.Errorf("%v: %+v, want %+v", err, got, want)
		}
	}
}

func TestStatusSaysASignalThatHasFallen(t *testing.T) {
	for want, o := range map[string]panel.Outward{
		"no network":                   {Network: "no network"},
		"Simnet, -80 dBm":              {Network: "Simnet", SignalDBm: -80},
		"Simnet, -95 dBm, usually -80": {Network: "Simnet", SignalDBm: -95, Usual: -80},
	} {
		if got := network(o); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
