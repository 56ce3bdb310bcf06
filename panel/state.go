package panel

import (
	"fmt"
	"slices"
	"time"

	"github.com/gsmpanel/gsmpanel/alert"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// Now is the instant of an event, stamped by the loop when it takes it.
type Now struct {
	Tick int64     // ms of the panel's own time since its first start; never goes back
	Wall time.Time // for words, the journal and the calendar only
	Sure bool      // the wall clock was set by NTP, a clock chip or the network
}

// State is all that the panel remembers. Step never changes one in place.
type State struct {
	Open          // what may be seen
	Sealed Sealed `json:"-"` // what may not; stored encrypted, in a box of fixed size
}

// Open is the visible part of the state: the only part that Outward is built
// from.
type Open struct {
	Tick int64 `json:"tick"` // of the last step
	Wall int64 `json:"wall"` // unix ms at the last step
	Sure bool  `json:"sure"`

	BootID string `json:"boot_id"` // of the machine's start
	Up     int64  `json:"up"`      // ms since that start, at the last step

	Zones    zones.State `json:"zones"`
	Fire     bool        `json:"fire,omitempty"` // the siren that sounds is for fire
	Book     alert.Book  `json:"book"`
	Troubles []Trouble   `json:"troubles"`
	Network  Network     `json:"network"`
	Quality  Quality     `json:"quality"`
	SIM      SIM         `json:"sim"`
	Steps    []string    `json:"steps,omitempty"` // of recovery, until they are journalled
	Radio    Radio       `json:"radio"`
	Power    Power       `json:"power,omitempty"`
	Locks    Locks       `json:"locks"`
	CodeNews CodeNews    `json:"code_news"`

	Entries uint64  `json:"entries"` // number of the last journal entry
	Recent  []Entry `json:"recent"`  // the last of them, for LOG

	Budget      DayCount `json:"budget"`       // reports and troubles sent today
	Credit      Credit   `json:"credit"`       // of the prepaid account
	LastText    string   `json:"last_text"`    // day of the last text that may be seen: cards that send nothing expire
	Nearness    DayCount `json:"nearness"`     // new codes refused for nearness today
	Unwanted    DayCount `json:"unwanted"`     // texts and calls from strangers today
	Replayed    DayCount `json:"replayed"`     // rolling codes that were refused today
	StampOffset int      `json:"stamp_offset"` // of the operator's clock, in quarter hours
	ArmedBy     Who      `json:"armed_by"`     // who gave the last order to arm

	SignOfLife SignOfLife `json:"sign_of_life"`         // the last one
	DrilledAt  int64      `json:"drilled_at,omitempty"` // unix ms of the last drill that ran to its end

	Refusal Refusal    `json:"refusal"` // of a button's last press
	Fob     FobReports `json:"fob"`     // disarms by fob today
}

// Sealed is what no surface shows: incidents under duress or by a silent panic,
// with their own texts, calls, numbers and journal. The line is here because it
// names the job it is busy with.
type Sealed struct {
	Book    alert.Book `json:"book"`
	Line    alert.Line `json:"line"`
	Told    uint64     `json:"told"` // number of the last Pending
	Pending []Pending  `json:"pending"`
	Journal []Entry    `json:"journal"`
	Entries uint64     `json:"entries"`
	Seen    []Seen     `json:"seen"`

	HushUntil int64 `json:"hush_until,omitempty"` // until then callers hear busy

	Account Account `json:"account,omitzero"` // as the credit really stands

	Presses []duress.Press `json:"presses,omitempty"` // in progress, or that were just now

	// Counters are of rolling-code remotes: that one was pressed, and when, may be what
	// nobody is to know.
	Counters []radio.Counter `json:"counters,omitempty"`
}

// Pending is the sealed record of an accepted command, of one size whether it
// holds anything or not, until the place has got what it gets. Whom it would
// concern, and the words, are copied whether or not it holds anything, so that
// no edit in between changes them.
type Pending struct {
	Number     uint64            `json:"number"`
	Record     duress.Record     `json:"record"`
	At         int64             `json:"at"`
	Recipients []alert.Recipient `json:"recipients"`
	Known      []string          `json:"known"` // numbers that are not in the house
	Where      string            `json:"where"`
	Police     string            `json:"police"`
	RingTime   int64             `json:"ring_time"`
	CallRounds int               `json:"call_rounds"`
	Command    string            `json:"command"` // its word, and the local time of day
	Clock      string            `json:"clock"`
	Words      alert.Words       `json:"words,omitempty"`
	Button     string            `json:"button,omitempty"` // its ID, of a remote's
}

// Who is a person and the channel they came by.
type Who struct {
	Person  string `json:"person,omitempty"`
	Channel string `json:"channel,omitempty"`
	Remote  string `json:"remote,omitempty"` // whose button was pressed
}

// Seen is a text that was dealt with: a keyed hash of number, stamp and words.
type Seen struct {
	Key   string `json:"key"` // hexadecimal
	At    int64  `json:"at"`
	Right bool   `json:"right,omitempty"` // it had a right code
}

// Network is what the modem last said of the network.
type Network struct {
	Up         bool   `json:"up"`               // the modem works
	NoSIM      bool   `json:"no_sim,omitempty"` // it answers, and its card is not ready
	Registered bool   `json:"registered"`
	Roaming    bool   `json:"roaming,omitempty"`
	Denied     bool   `json:"denied,omitempty"`
	Operator   string `json:"operator,omitempty"`
	DBm        int    `json:"dbm,omitempty"`   // 0 unknown
	Usual      int    `json:"usual,omitempty"` // dBm, where DBm is well below it
	LostAt     int64  `json:"lost_at,omitempty"`
}

// Radio is how the radio receivers stand.
type Radio struct {
	Known     bool `json:"known"` // whether they have come up or failed since the start
	Receivers int  `json:"receivers"`
	Up        int  `json:"up"`
	// PressOnly are the numbers, from 1, of those that tell that a button is pressed,
	// and neither how long nor how often.
	PressOnly []int `json:"press_only,omitempty"`
	// Noise is how loud the air usually is at each receiver, in dB of its full scale,
	// 0 for one that does not say: there jamming is not noticed.
	Noise []float64 `json:"noise,omitempty"`
}

func (r *Radio) stand(e Receivers) {
	r.Known, r.Up, r.Receivers, r.PressOnly = true, e.Up, e.Of, e.PressOnly
}

// PressesAlone tells whether no receiver tells how a button is pressed.
func (r Radio) PressesAlone() bool {
	return r.Known && r.Receivers > 0 && len(r.PressOnly) == r.Receivers
}

func (r *Radio) learnt(e Noise) {
	usual := make([]float64, e.Of)
	copy(usual, r.Noise)
	usual[e.Unit-1] = e.Usual
	r.Noise = usual
}

// String says it in words.
func (r Radio) String() string {
	switch {
	case !r.Known:
		return "starting"
	case r.Receivers == 0:
		return "no receiver"
	case r.Receivers == 1 && r.Up == 1:
		return "its receiver works"
	case r.Receivers == 1:
		return "its receiver does not work"
	}
	return fmt.Sprintf("%d of %d receivers work", r.Up, r.Receivers)
}

// Power is by what the panel lives, in words. Where the mains are not watched it is
// "".
type Power string

// What is known of the mains.
const (
	OnMains      Power = "mains"
	OnBattery    Power = "battery"
	PowerUnknown Power = "not known"
)

// DayCount counts something within a calendar day of the panel's own time.
type DayCount struct {
	Day   int64 `json:"day"` // tick / 24 h
	Count int   `json:"count"`
}

const day = 24 * 3600_000

// add counts one more today and returns how many there are.
func (d *DayCount) add(tick int64) int {
	d.roll(tick)
	d.Count++
	return d.Count
}

func (d *DayCount) roll(tick int64) { d.rollTo(tick / day) }

func (d *DayCount) rollTo(today int64) {
	if d.Day != today {
		d.Day, d.Count = today, 0
	}
}

// Entry is one line of the journal.
type Entry struct {
	Number    uint64    `json:"number"`
	Time      time.Time `json:"time"`
	Event     string    `json:"event"`
	ContactID string    `json:"contact_id"` // SIA DC-05: qualifier and event, "1130"
	Text      string    `json:"text"`
	Zone      int       `json:"zone,omitempty"`
	Person    string    `json:"person,omitempty"`
	Channel   string    `json:"channel,omitempty"`
}

// NewState is a panel's state before its first event. Both seeds are chance; from
// the one nothing can be told of the other.
func NewState(seed, sealed uint64) State {
	s := State{}
	s.Tick = 1 // 0 means never
	s.Zones.Mode = zones.Disarmed
	s.Book.Seed = seed
	s.Sealed.Book.Seed = sealed
	s.Sealed.Book.Sealed = true
	return s
}

// clone copies the state so that a step shares nothing with the old one.
func (s State) clone() State {
	s.Book = s.Book.Clone()
	s.Sealed.Book = s.Sealed.Book.Clone()
	s.Sealed.Line.Sent = slices.Clone(s.Sealed.Line.Sent)
	s.Troubles = slices.Clone(s.Troubles)
	s.Locks = s.Locks.clone()
	s.Recent = slices.Clone(s.Recent)
	s.CodeNews.Left = slices.Clone(s.CodeNews.Left)
	s.Sealed.Counters = slices.Clone(s.Sealed.Counters)
	s.Sealed.Pending = slices.Clone(s.Sealed.Pending)
	s.Sealed.Journal = slices.Clone(s.Sealed.Journal)
	s.Sealed.Seen = slices.Clone(s.Sealed.Seen)
	s.Sealed.Presses = slices.Clone(s.Sealed.Presses)
	return s
}

// factsEvery is how often facts that nothing hangs on are committed, and how
// finely those are kept that tell when something was heard, in ms. What is stored
// must not tell by them how lately something else was committed: who pulls the
// plug could read it off the sensors.
const factsEvery = 15 * 60_000

// quarter is the last quarter of an hour of the panel's own time.
func quarter(tick int64) int64 { return tick - tick%factsEvery }

// kept is the state as it is stored.
func (s State) kept() State {
	s.Sealed.Line.Heeds, s.Sealed.Line.Heeded = 0, false // of moments
	s.Zones.Zones = slices.Clone(s.Zones.Zones)
	for n := range s.Zones.Zones {
		z := &s.Zones.Zones[n]
		for _, at := range []*int64{&z.HeardAt, &z.LowBatteryAt} {
			*at = max(min(*at, 1), quarter(*at))
		}
	}
	return s
}

func (s *State) books() alert.Books {
	return alert.Books{Open: &s.Book, Sealed: &s.Sealed.Book}
}
