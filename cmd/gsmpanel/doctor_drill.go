package main

import (
	"slices"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/panel"
)

// drillAfter is how long a drill says something of the phones and the SIM.
const drillAfter = 90 * 24 * time.Hour

// checkDrill reminds of a drill.
func checkDrill(o panel.Outward, now time.Time, at *time.Location) check {
	const mend = "try it with gsmpanel test, when your contacts know of it"
	switch {
	case o.LastDrill == nil:
		return bad("drill", worry, mend, "no drill has been run to its end")
	case now.Sub(*o.LastDrill) > drillAfter:
		return bad("drill", worry, mend, "the last drill was at %s", localTime(*o.LastDrill, at))
	}
	return good("drill", "the last one was at %s", localTime(*o.LastDrill, at))
}

// checkSignOfLife looks whether anybody would miss a panel that is dead.
func checkSignOfLife(public panel.Public) check {
	every, _ := public.Setting("test-every")
	switch {
	case every.Value == "0":
		return bad("sign of life", worry, "turn it on with gsmpanel settings set test-every 7d", "nobody is texted that the panel still lives, so nobody misses it when it is dead")
	case !slices.ContainsFunc(public.Contacts, alert.Contact.GetsReports):
		return bad("sign of life", worry, "give somebody the class report with gsmpanel contact edit NAME --class life,alarm,report",
			"nobody has the class report, so nobody is texted that the panel still lives")
	}
	return good("sign of life", "contacts of class report are texted every %s", every.Value)
}
