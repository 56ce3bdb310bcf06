package panel

import (
	"cmp"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/zones"
)

// Outward is the panel as anybody may see it: the only thing that the socket,
// status, web and MQTT get. It is built from Open, which has no sealed field.
type Outward struct {
	State     string            `json:"state"`
	Mode      zones.Mode        `json:"mode"`
	Site      string            `json:"site"`
	Zones     []OutwardZone     `json:"zones"`
	Troubles  []OutwardTrouble  `json:"troubles"`
	Network   string            `json:"network"`
	SignalDBm int               `json:"signal_dbm"`
	Usual     int               `json:"signal_usual_dbm,omitempty"` // where SignalDBm is well below it
	Modem     OutwardModem      `json:"modem"`
	SIM       SIM               `json:"sim"`
	Radio     Radio             `json:"radio"`
	Power     string            `json:"power"`
	Incidents []OutwardIncident `json:"incidents"`
	Siren     string            `json:"siren"` // pattern, "" when silent
	NoSiren   bool              `json:"no_siren,omitempty"`
	LastEvent string            `json:"last_event"`
	Entries   uint64            `json:"entries"` // number of the last in the log
	Time      time.Time         `json:"time"`
	ClockSet  bool              `json:"clock_set"`
	LastDrill *time.Time        `json:"last_drill,omitempty"`
	Balance   *OutwardBalance   `json:"balance,omitempty"`   // where it is read
	LastText  string            `json:"last_text,omitempty"` // day of the last that may be seen, as 2026-11-23
	Warnings  []string          `json:"warnings"`

	Tick int64 `json:"-"` // of the step it was built at, so that a stuck loop is seen
}

// OutwardModem is how the modem and its SIM card stand, as far as it is known.
type OutwardModem struct {
	Supply   string `json:"supply"`      // ok, low, high or unread
	Storage  string `json:"sim_storage"` // ok or filling
	NoCentre bool   `json:"no_service_centre"`
	Jammed   bool   `json:"jammed"` // the mobile network seems to be
}

func outwardModem(s Open) OutwardModem {
	q := s.Quality
	o := OutwardModem{Supply: cmp.Or(string(q.Supply), "ok"), Storage: "ok", NoCentre: q.NoCentre, Jammed: q.JamFrom != 0 && s.nextJam() == 0}
	if q.Filling {
		o.Storage = "filling"
	}
	return o
}

// OutwardZone is a zone as listings show it.
type OutwardZone struct {
	Number   int        `json:"number"`
	Name     string     `json:"name"`
	Type     zones.Type `json:"type"`
	Open     bool       `json:"open"`
	Bypassed bool       `json:"bypassed"`
	Tampered bool       `json:"tampered"`
	LastSeen *time.Time `json:"last_seen"`
}

// OutwardTrouble is a trouble that lasts.
type OutwardTrouble struct {
	Name  string    `json:"name"`
	Text  string    `json:"text"`
	Zone  int       `json:"zone,omitempty"` // of a sensor's
	Since time.Time `json:"since"`
}

// OutwardIncident is an incident that is not sealed.
type OutwardIncident struct {
	ID      uint64     `json:"id"`
	Kind    alert.Kind `json:"kind"`
	What    string     `json:"what"`
	Opened  time.Time  `json:"opened"`
	TakenBy string     `json:"taken_by"`
	Closed  *time.Time `json:"closed"`
	Told    []string   `json:"told"`

	Score  string         `json:"score,omitempty"`  // of a drill, in words
	People []OutwardScore `json:"people,omitempty"` // and for each person
}

func outward(c Config, s Open, now Now) *Outward {
	o := &Outward{
		State: s.Zones.Shown(), Mode: s.Zones.Mode, Site: c.Site.Name,
		Zones: []OutwardZone{}, Troubles: []OutwardTrouble{}, Incidents: []OutwardIncident{}, Warnings: []string{},
		Network: s.Network.String(), SignalDBm: s.Network.DBm, Usual: s.Network.Usual, Modem: outwardModem(s), SIM: s.SIM, Radio: s.Radio, Power: cmp.Or(string(s.Power), "mains not watched"),
		Siren: siren(s, now.Tick), Entries: s.Entries, Time: now.Wall, ClockSet: s.Sure, Tick: now.Tick,
	}
	at := func(tick int64) time.Time { // to the second: less would move a little from step to step
		return now.Wall.Add(time.Duration(tick-now.Tick) * time.Millisecond).Truncate(time.Second)
	}
	if s.DrilledAt != 0 {
		last := time.UnixMilli(s.DrilledAt).Truncate(time.Second)
		o.LastDrill = &last
	}
	o.Balance, o.LastText = outwardBalance(c, s.Credit), s.LastText
	for _, z := range c.Zones.Zones {
		o.Zones = append(o.Zones, outwardZone(z, s.Zones.Zone(z.Number), at))
	}
	for _, t := range s.Troubles {
		if t.Shown {
			o.Troubles = append(o.Troubles, OutwardTrouble{string(t.Name), t.text(), t.Zone, at(t.From)})
		}
	}
	for _, i := range s.Book.Incidents {
		o.Incidents = append(o.Incidents, outwardIncident(i))
	}
	if n := len(s.Recent); n > 0 {
		o.LastEvent = s.Recent[n-1].Text
	}
	o.Warnings = append(o.Warnings, c.Warnings()...)
	o.Warnings = append(o.Warnings, c.missing()...)
	return o
}

func outwardZone(z zones.Zone, s zones.ZoneState, at func(int64) time.Time) OutwardZone {
	o := OutwardZone{Number: z.Number, Name: z.Name, Type: z.Type, Open: s.Open, Bypassed: s.Bypassed || s.AutoBypassed, Tampered: s.Tampered}
	if s.HeardAt != 0 {
		t := at(s.HeardAt)
		o.LastSeen = &t
	}
	return o
}

func outwardIncident(i alert.Incident) OutwardIncident {
	opened := time.UnixMilli(i.Wall).Truncate(time.Second)
	o := OutwardIncident{ID: i.ID, Kind: i.Kind, What: i.What, Opened: opened, TakenBy: i.TakenBy, Told: []string{}}
	if i.What == "" {
		o.What = i.Who
	}
	if i.Closed != 0 {
		t := opened.Add(tickDuration(i.Closed - i.Opened).Truncate(time.Second))
		o.Closed = &t
	}
	for _, r := range i.Recipients {
		if r.Told {
			o.Told = append(o.Told, r.Name)
		}
	}
	if i.Kind == alert.Test {
		o.Score, o.People = cmp.Or(i.Scored, drillScore(i)), outwardScores(i)
	}
	return o
}

// String says in words how the panel stands with the network.
func (n Network) String() string {
	switch {
	case n.NoSIM:
		return "SIM not ready"
	case !n.Up:
		return "no modem"
	case n.Denied:
		return "refused by the network"
	case !n.Registered:
		return "no network"
	case n.Operator == "":
		return "registered"
	case n.Roaming:
		return n.Operator + ", roaming"
	}
	return n.Operator
}

// missing says what keeps the panel from being armed.
func (c Config) missing() []string {
	var out []string
	if !c.Duress.HasCodes() {
		out = append(out, "no code exists; make one with `gsmpanel code add NAME`")
	}
	if len(c.Alert.Contacts) == 0 {
		out = append(out, "nobody is on the notification list; add a contact with `gsmpanel contact add NAME NUMBER`")
	}
	return out
}
