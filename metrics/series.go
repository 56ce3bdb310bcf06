package metrics

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/gsmpanel/gsmpanel/panel"
)

// series is what has a name of its own, in the base units of Prometheus.
type series struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
}

func gauge(name, help string, labels ...string) *series {
	return &series{prometheus.NewDesc("gsmpanel_"+name, help, labels, nil), prometheus.GaugeValue}
}

func counter(name, help string) *series {
	s := gauge(name, help)
	s.kind = prometheus.CounterValue
	return s
}

var (
	buildInfo = gauge("build_info", "Which program this is; always 1.", "version", "revision", "goversion")

	state     = gauge("state", "1 for the state that the panel is in, 0 for the others.", "state")
	mode      = gauge("mode", "1 for the mode that is set, 0 for the others.", "mode")
	siren     = gauge("siren_on", "1 while the siren sounds.")
	incidents = gauge("incidents_open", "Alarms and drills that are open, by kind.", "kind")
	troubles  = gauge("troubles", "What fails and has been told, by the names of status --json; of zones and receivers there may be several.", "trouble")
	entries   = counter("journal_entries_total", "Number of the last entry of the log.")
	moved     = gauge("loop_timestamp_seconds", "Unix time by the panel's clock; it stands still while the panel's loop does.")
	clockSet  = gauge("clock_set", "1 while the panel's clock is known to be right.")
	drilled   = gauge("last_drill_timestamp_seconds", "Unix time of the last drill that ran to its end.")

	zoneOpen     = gauge("zone_open", "1 while the zone is open.", "zone", "name")
	zoneBypassed = gauge("zone_bypassed", "1 while the zone is left out.", "zone", "name")
	zoneTampered = gauge("zone_tampered", "1 while the cover of the zone's sensor is open.", "zone", "name")
	zoneBattery  = gauge("zone_battery_low", "1 while it is a trouble that the battery of the zone's sensor is low.", "zone", "name")
	zoneSeen     = gauge("zone_last_seen_timestamp_seconds", "Unix time at which the zone's sensor was last heard.", "zone", "name")

	signal      = gauge("signal_dbm", "Signal of the mobile network, as it was at the last quarter of an hour.")
	receivers   = gauge("radio_receivers", "Receivers of sensors and fobs.")
	receiversUp = gauge("radio_receivers_up", "Receivers that work.")
	mains       = gauge("mains_present", "1 while the mains are there; absent where nobody watches them.")
	balance     = gauge("balance_amount", "Balance of the prepaid card as BALANCE tells it, in the card's currency.")
	balanceDay  = gauge("balance_read_timestamp_seconds", "Unix time of the beginning, in UTC, of the day that the balance is of.")
	rounds      = gauge("balance_rounds", "Rounds of texts and calls to all that the balance pays.")
)

// sample is a value of a series.
type sample struct {
	series *series
	value  float64
	labels []string
}

func one(s *series, value float64, labels ...string) sample { return sample{s, value, labels} }

// The words for which there is always a series, so that one can wait for its change.
var (
	states = []string{"disarmed", "arming", "armed_home", "armed_away", "armed_night", "pending", "triggered"}
	modes  = []string{"disarmed", "home", "away", "night"}
	kinds  = []string{"burglary", "fire", "medical", "panic", "tamper", "test"}
)

// samples are all that is told of the panel but for its signal.
func samples(o panel.Outward) []sample {
	out := []sample{
		one(siren, truth(o.Siren != "")), one(entries, float64(o.Entries)), one(moved, seconds(o.Time)), one(clockSet, truth(o.ClockSet)),
		one(receivers, float64(o.Radio.Receivers)), one(receiversUp, float64(o.Radio.Up)),
	}
	out = append(out, counted(state, states, o.State)...)
	out = append(out, counted(mode, modes, string(o.Mode))...)
	out = append(out, counted(incidents, kinds, openKinds(o)...)...)
	out = append(out, counted(troubles, panel.TroubleNames(), troubleNames(o)...)...)
	for _, z := range o.Zones {
		out = append(out, ofZone(o, z)...)
	}
	if o.LastDrill != nil {
		out = append(out, one(drilled, seconds(*o.LastDrill)))
	}
	if o.Power == string(panel.OnMains) || o.Power == string(panel.OnBattery) {
		out = append(out, one(mains, truth(o.Power == string(panel.OnMains))))
	}
	return append(out, ofBalance(o.Balance)...)
}

// counted says how often each word is found among found: of words that are always
// shown, and of what else there is.
func counted(s *series, always []string, found ...string) []sample {
	count := map[string]float64{}
	for _, w := range always {
		count[w] = 0
	}
	for _, w := range found {
		count[w]++
	}
	var out []sample
	for w, n := range count {
		out = append(out, one(s, n, w))
	}
	return out
}

func openKinds(o panel.Outward) []string {
	var out []string
	for _, i := range o.Incidents {
		if i.Closed == nil {
			out = append(out, string(i.Kind))
		}
	}
	return out
}

func troubleNames(o panel.Outward) []string {
	var out []string
	for _, t := range o.Troubles {
		out = append(out, t.Name)
	}
	return out
}

// fails tells whether one of these troubles has been told and lasts.
func fails(o panel.Outward, names ...panel.TroubleName) bool {
	return slices.ContainsFunc(o.Troubles, func(t panel.OutwardTrouble) bool { return slices.Contains(names, panel.TroubleName(t.Name)) })
}

func ofZone(o panel.Outward, z panel.OutwardZone) []sample {
	labels := []string{strconv.Itoa(z.Number), strings.ToValidUTF8(z.Name, "?")}
	low := slices.ContainsFunc(o.Troubles, func(t panel.OutwardTrouble) bool {
		return t.Name == string(panel.BatteryTrouble) && t.Zone == z.Number
	})
	out := []sample{
		{zoneOpen, truth(z.Open), labels}, {zoneBypassed, truth(z.Bypassed), labels},
		{zoneTampered, truth(z.Tampered), labels}, {zoneBattery, truth(low), labels},
	}
	if z.LastSeen != nil {
		out = append(out, sample{zoneSeen, seconds(*z.LastSeen), labels})
	}
	return out
}

func ofBalance(b *panel.OutwardBalance) []sample {
	if b == nil {
		return nil
	}
	var out []sample
	if amount, err := strconv.ParseFloat(b.Amount, 64); err == nil {
		out = append(out, one(balance, amount))
	}
	if day, err := time.Parse(time.DateOnly, b.Day); err == nil {
		out = append(out, one(balanceDay, seconds(day)))
	}
	if b.Rounds != nil {
		out = append(out, one(rounds, float64(*b.Rounds)))
	}
	return out
}

// seconds are whole ones: a look at the page tells no instant more closely.
func seconds(t time.Time) float64 { return float64(t.Unix()) }

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
