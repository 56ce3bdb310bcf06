package panel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/alert"
	"github.com/gsmpanel/gsmpanel/zones"
)

// TroubleName names something that fails.
type TroubleName string

// The troubles known so far.
const (
	ModemTrouble   TroubleName = "modem"
	NetworkTrouble TroubleName = "network"
	GSMJamTrouble  TroubleName = "network-jammed"
	SupplyTrouble  TroubleName = "modem-supply"      // low
	OverTrouble    TroubleName = "modem-supply-high" // it may burn
	StorageTrouble TroubleName = "sim-storage"       // is filling
	CentreTrouble  TroubleName = "service-centre"    // the SIM names none
	SIMTrouble     TroubleName = "sim"
	RadioTrouble   TroubleName = "radio"
	JamTrouble     TroubleName = "jammed" // of a receiver's band
	ScanTrouble    TroubleName = "scan"   // somebody tries codes on the air
	DiskTrouble    TroubleName = "disk"
	SirenTrouble   TroubleName = "siren"
	KeypadTrouble  TroubleName = "keypad"
	MainsTrouble   TroubleName = "mains"
	InputTrouble   TroubleName = "mains-input" // it says nothing of the mains
	WireTrouble    TroubleName = "wires"
	ClockTrouble   TroubleName = "clock"
	FullTrouble    TroubleName = "disk-full"
	SensorTrouble  TroubleName = "sensor"  // of a zone: not heard for its supervision time
	BatteryTrouble TroubleName = "battery" // of a zone's sensor
	SwingerTrouble TroubleName = "swinger" // of a zone: left out after too many alarms
	CreditTrouble  TroubleName = "balance" // the prepaid balance is low
	ReadingTrouble TroubleName = "balance-reading"
)

// troubleKind is what there is to say of a trouble.
type troubleKind struct {
	words  string
	code   string        // Contact ID event
	causes []TroubleName // while these last, this one is their consequence
}

var troubleKinds = map[TroubleName]troubleKind{
	ModemTrouble:   {"modem does not answer", "350", nil},
	NetworkTrouble: {"no mobile network", "354", []TroubleName{ModemTrouble, SIMTrouble, GSMJamTrouble}},
	GSMJamTrouble:  {"mobile network seems jammed", "353", nil}, // 353 is the long-range radio; 344 is a jammed receiver
	SupplyTrouble:  {"modem supply is low", "302", nil},
	OverTrouble:    {"modem supply is too high", "300", nil},
	StorageTrouble: {"SIM memory for texts is filling", "330", nil},
	CentreTrouble:  {"SIM has no service centre, no text goes out", "350", nil},
	SIMTrouble:     {"SIM card is not ready", "353", []TroubleName{ModemTrouble}}, // 353 is trouble of a radio transmitter
	RadioTrouble:   {"radio receiver is gone", "333", nil},
	JamTrouble:     {"433 MHz radio is jammed", "344", nil},
	ScanTrouble:    {"codes are tried out by radio", "461", nil}, // wrong code entry, as of wrong codes by text and at the keypad: 383 is of one sensor
	DiskTrouble:    {"disk does not take the log", "303", nil},
	SirenTrouble:   {"siren does not obey", "321", nil},
	KeypadTrouble:  {"keypad does not work", "330", nil}, // 330 is trouble of a peripheral
	MainsTrouble:   {"mains power is lost", "301", nil},
	InputTrouble:   {"mains input cannot be read", "330", nil},
	WireTrouble:    {"wired loop cannot be read", "370", nil}, // 370 is trouble of a protection loop
	ClockTrouble:   {"clock is not set", "626", nil},          // 626 is an inaccurate time or date
	FullTrouble:    {"disk is nearly full", "623", nil},       // 623 is an event log that is 90 % full
	SensorTrouble:  {"sensor not heard", "381", deafening},
	BatteryTrouble: {"battery low", "384", nil},
	SwingerTrouble: {"left out after repeated alarms", "575", nil},
	CreditTrouble:  {"prepaid balance is low", "350", nil}, // 350 is communication trouble
	ReadingTrouble: {"balance cannot be read", "350", []TroubleName{ModemTrouble, SIMTrouble, NetworkTrouble}},
}

// TroubleNames are the names of all troubles.
func TroubleNames() []string {
	var names []string
	for name := range troubleKinds {
		names = append(names, string(name))
	}
	slices.Sort(names)
	return names
}

// deafening is what keeps a receiver from hearing.
var deafening = []TroubleName{RadioTrouble, JamTrouble}

// Trouble is something that fails, or that has just been mended. It is held back
// to let flapping settle, and told once when it starts and once when it ends.
type Trouble struct {
	Name  TroubleName `json:"name"`
	Zone  int         `json:"zone,omitempty"` // of a sensor's trouble
	Unit  int         `json:"unit,omitempty"` // of a receiver's: its number
	Of    int         `json:"of,omitempty"`   // and how many receivers there are
	Why   string      `json:"why,omitempty"`
	On    bool        `json:"on"`    // fails now
	Shown bool        `json:"shown"` // has been told
	Since int64       `json:"since"` // of On's last change, or the last look while its cause stands
	From  int64       `json:"from"`  // since when it fails
}

// words name what fails. Of several receivers nobody knows the bands.
func (k Trouble) words() string {
	if k.Name == JamTrouble && k.Of > 1 {
		return "radio receiver is jammed"
	}
	return troubleKinds[k.Name].words
}

// text says what fails, and why.
func (k Trouble) text() string {
	words := k.words()
	if k.Zone != 0 || k.Why == "" || strings.Contains(words, k.Why) {
		return k.brief()
	}
	return words + " (" + k.Why + ")"
}

// brief leaves the reason out; of a zone, Why is its name.
func (k Trouble) brief() string {
	words := k.words()
	switch {
	case k.Zone != 0:
		return k.Why + " " + words
	case k.Of > 1:
		return fmt.Sprintf("%s (%d of %d)", words, k.Unit, k.Of)
	}
	return words
}

func (k Trouble) next(c Config) int64 {
	if k.On == k.Shown {
		return 0
	}
	return k.Since + k.delay(c)
}

func (k Trouble) delay(c Config) int64 {
	switch {
	case k.Name == NetworkTrouble && k.On:
		return c.Alert.NetworkDelay
	case k.Name == SwingerTrouble: // whose alarm is not told earlier
		return max(c.Alert.TroubleDelay, c.Alert.AbortWindow)
	case k.Name == MainsTrouble && k.On:
		return c.Alert.MainsDelay
	case k.Name == ClockTrouble && k.On:
		return max(c.Alert.TroubleDelay, clockWait)
	}
	return c.Alert.TroubleDelay
}

// clockWait is what a board takes to have its clock set after a start, by the
// internet or the mobile network, in ms.
const clockWait = 60_000

// fault notes that something fails, or works again.
func (t *turn) fault(e Fault) {
	words, deafens := deafness[e.Name]
	switch news := t.noteFault(e); {
	case news && deafens:
		t.hearing(e, words)
	case news && e.Name == WireTrouble:
		t.hears()
	}
}

// noteFault tells whether that is news.
func (t *turn) noteFault(e Fault) bool {
	n := slices.IndexFunc(t.s.Troubles, func(k Trouble) bool { return k.Name == e.Name && k.Zone == e.Zone && k.Unit == e.Unit })
	if n < 0 {
		if e.On {
			t.s.Troubles = append(t.s.Troubles, Trouble{Name: e.Name, Zone: e.Zone, Unit: e.Unit, Of: e.Of, Why: e.Why, On: true, Since: t.now.Tick, From: t.now.Tick})
		}
		return e.On
	}
	k := &t.s.Troubles[n]
	if k.On == e.On {
		if k.On && !k.Shown {
			k.Why = e.Why // the newest is told
		}
		return false
	}
	k.On, k.Since = e.On, t.now.Tick
	if e.On {
		k.Why, k.Of = e.Why, e.Of
	}
	if !k.On && !k.Shown {
		t.s.Troubles = slices.Delete(t.s.Troubles, n, n+1)
	}
	return true
}

// deafWords are how the journal tells that a receiver hears no more, and again.
type deafWords struct{ gone, back, what, fails, works string }

var deafness = map[TroubleName]deafWords{
	RadioTrouble: {"receiver_lost", "receiver_back", "radio receiver", "lost", "is back"},
	JamTrouble:   {"jammed", "jam_over", "433 MHz radio", "jammed", "is no longer jammed"},
}

// hearing journals each time that a receiver is lost or jammed and hears again,
// which may be too short to be a trouble. While somebody comes in the panel may be
// attacked by it.
func (t *turn) hearing(e Fault, w deafWords) {
	code, what := troubleKinds[e.Name].code, w.what
	t.hears()
	if e.Of > 1 {
		what = "radio receiver"
	}
	if e.On {
		t.journal(w.gone, "1"+code, strings.TrimSuffix(what+" "+w.fails+": "+e.Why, ": "), 0, Who{})
		t.attacked()
		return
	}
	if e.Of > 1 {
		what += fmt.Sprintf(" %d of %d", e.Unit, e.Of)
	}
	t.journal(w.back, "3"+code, what+" "+w.works, 0, Who{})
}

// hears says to the zones whether any receiver is gone or jammed, or a wire.
func (t *turn) hears() {
	bad := slices.ContainsFunc(t.s.Troubles, func(k Trouble) bool {
		return k.On && (slices.Contains(deafening, k.Name) || k.Name == WireTrouble)
	})
	t.zones(zones.Hearing{Well: !bad}, Who{})
}

// zoneFault is a trouble of a zone's sensor.
func (t *turn) zoneFault(name TroubleName, zone int, on bool) {
	t.fault(Fault{Name: name, Zone: zone, On: on, Why: t.zoneName(zone)})
}

// startsAnew are the troubles that are told anew after a start, where they last:
// there may be other receivers now, or none, and no clock was right yet.
var startsAnew = []TroubleName{RadioTrouble, JamTrouble, ScanTrouble, KeypadTrouble, SirenTrouble, InputTrouble, WireTrouble, ClockTrouble, DiskTrouble, FullTrouble}

// troublesAnew holds those for over until they are told.
func (t *turn) troublesAnew() {
	for _, k := range slices.Clone(t.s.Troubles) {
		if slices.Contains(startsAnew, k.Name) {
			t.noteFault(Fault{Name: k.Name, Zone: k.Zone, Unit: k.Unit})
		}
	}
}

// forgetZones drops troubles of zones that are no more.
func (t *turn) forgetZones() {
	t.s.Troubles = slices.DeleteFunc(t.s.Troubles, func(k Trouble) bool { return k.Zone != 0 && t.zoneName(k.Zone) == "" })
}

// troublesDue tells of what has lasted, and of what is over.
func (t *turn) troublesDue() {
	for n := 0; n < len(t.s.Troubles); n++ {
		k := &t.s.Troubles[n]
		at := k.next(t.c)
		if at == 0 || at > t.now.Tick {
			continue
		}
		if !k.On {
			t.journalTrouble("trouble_end", "3", "over: ", *k)
			t.tellTrouble("Over: "+k.brief(), k.Name)
			t.s.Troubles = slices.Delete(t.s.Troubles, n, n+1)
			n--
			continue
		}
		if t.hasCause(k.Name) {
			k.Since = t.now.Tick + causeWait // its cause speaks for it
			continue
		}
		k.Shown = true
		t.journalTrouble("trouble", "1", "", *k)
		if k.Name == ModemTrouble || k.Name == SIMTrouble {
			t.stepsTold()
		}
		t.tellTrouble("Trouble: "+k.text(), k.Name)
	}
}

// journalTrouble leaves out what was journalled when it came.
func (t *turn) journalTrouble(event, qualifier, prefix string, k Trouble) {
	if k.Name != BatteryTrouble && k.Name != SwingerTrouble {
		t.journal(event, qualifier+troubleKinds[k.Name].code, prefix+k.text(), k.Zone, Who{})
	}
}

// causeWait is between looks at a trouble whose cause stands.
const causeWait = 1000

func (t *turn) hasCause(name TroubleName) bool {
	causes := troubleKinds[name].causes
	return len(causes) > 0 && t.fails(causes...)
}

// fails tells whether something fails now by one of these troubles, told or not;
// of several receivers, whether all do.
func (t *turn) fails(names ...TroubleName) bool {
	var down []int
	of := 1
	for _, k := range t.s.Troubles {
		if slices.Contains(names, k.Name) && k.On {
			of = max(of, k.Of)
			if !slices.Contains(down, k.Unit) {
				down = append(down, k.Unit)
			}
		}
	}
	return len(down) >= of
}

// tellTrouble texts contacts of class trouble, those who may be in the house
// first, so that nobody's absence moves another's text. Of the credit they hear
// while some is left.
func (t *turn) tellTrouble(body string, name TroubleName) {
	if name != CreditTrouble && t.short() {
		return
	}
	for _, inHouse := range []bool{true, false} {
		for _, c := range t.c.Alert.Contacts {
			if c.InHouse() == inHouse && c.Gets(alert.Trouble) && !c.NoText && t.inBudget() {
				t.s.Book.Queue(t.now.Tick, alert.Job{Rank: alert.RankTrouble, To: c.Number, Name: c.Name, Reason: "trouble",
					Body: clip(t.siteName() + " " + t.clock() + ": " + body + ".")})
			}
		}
	}
}

// troubleWords leaves out what a status names besides: low batteries and zones that
// are left out.
func (t *turn) troubleWords() string { return strings.Join(t.troubleList(), ", ") }

func (t *turn) troubleList() (out []string) {
	for _, k := range t.s.Troubles {
		if words := k.brief(); k.Shown && k.Name != BatteryTrouble && k.Name != SwingerTrouble && !slices.Contains(out, words) {
			out = append(out, words)
		}
	}
	return out
}
