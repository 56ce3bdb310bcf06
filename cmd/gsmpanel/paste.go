package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gsmpanel/gsmpanel/panel"
	duress "github.com/gsmpanel/gsmpanel/panic"
	"github.com/gsmpanel/gsmpanel/radio"
	"github.com/gsmpanel/gsmpanel/zones"
)

// slot is what a code of a zone means, by the flag that sets it.
type slot string

const (
	slotOpen       slot = "open"
	slotClose      slot = "close"
	slotTamper     slot = "tamper"
	slotLowBattery slot = "low battery"
)

// flags of slots, in the order of the command line.
var slotFlags = []struct {
	slot slot
	flag string
}{{slotOpen, "sensor"}, {slotClose, "close"}, {slotTamper, "tamper"}, {slotLowBattery, "low-battery"}}

// slotOf is where a part of a device belongs.
var slotOf = map[radio.Part]slot{
	radio.PartOpen: slotOpen, radio.PartMotion: slotOpen, radio.PartTrip: slotOpen,
	radio.PartClose: slotClose, radio.PartTamper: slotTamper, radio.PartLowBattery: slotLowBattery,
}

func slotsOf(z zones.Zone) map[slot]string {
	return map[slot]string{slotOpen: z.Sensor, slotClose: z.Close, slotTamper: z.Tamper, slotLowBattery: z.LowBattery}
}

// zoneOf is the zone that has an ID, and what the ID means there.
func zoneOf(public panel.Public, id string) (zones.Zone, slot, bool) {
	for _, z := range public.Zones {
		for s, has := range slotsOf(z) {
			if has == id && id != "" {
				return z, s, true
			}
		}
	}
	return zones.Zone{}, "", false
}

func remoteOf(public panel.Public, id string) (radio.Remote, radio.Button, bool) {
	return radio.Config{Remotes: public.Remotes}.Button(id)
}

// advice says for each device that is not wholly in use what to type. All lines
// may be pasted into a shell together or one by one; of the lines for one device
// under an "if" only one is to be.
func advice(public panel.Public, command string, devices []radio.Device) []string {
	a := newAdviser(public, command)
	for _, d := range devices {
		a.device(d)
	}
	return a.lines
}

type adviser struct {
	public  panel.Public
	command string
	taken   map[string]bool // names, in small letters
	lines   []string
}

func newAdviser(public panel.Public, command string) *adviser {
	a := &adviser{public: public, command: command, taken: map[string]bool{}}
	for _, z := range public.Zones {
		a.taken[strings.ToLower(z.Name)] = true
	}
	for _, r := range public.Remotes {
		a.taken[strings.ToLower(r.Name)] = true
	}
	return a
}

// device advises on one device.
func (a *adviser) device(d radio.Device) {
	var fresh []radio.Finding
	ids := []string{d.Like}
	for _, f := range d.Codes {
		ids = append(ids, f.ID)
		if !a.inUse(f.ID) {
			fresh = append(fresh, f)
		}
	}
	if len(fresh) == 0 {
		return
	}
	for _, id := range ids {
		if z, _, ok := zoneOf(a.public, id); ok {
			a.zoneMore(z, fresh)
			return
		}
		if r, _, ok := remoteOf(a.public, id); ok {
			a.remoteMore(r, fresh)
			return
		}
	}
	a.unknown(fresh)
}

func (a *adviser) inUse(id string) bool {
	_, _, zone := zoneOf(a.public, id)
	_, _, remote := remoteOf(a.public, id)
	return zone || remote
}

// zoneMore is for codes that look like those of a zone.
func (a *adviser) zoneMore(z zones.Zone, fresh []radio.Finding) {
	sure, rest := sorted(fresh)
	has := slotsOf(z)
	if id := sure[slotOpen]; id != "" { // what was taken for its opening may be another of its codes
		_, part := radio.Related(z.Sensor, ids(fresh))
		if s := slotOf[part]; s != slotOpen && s != "" && sure[s] == "" && has[s] == "" {
			sure[s] = z.Sensor
		}
	}
	if len(sure) > 0 {
		a.comment("More of zone %d, %s%s:", z.Number, z.Name, instead(sure, has))
		a.paste("zone edit", quoted(z.Name), flagsOf(sure))
	}
	for _, f := range rest {
		for _, s := range []slot{slotClose, slotTamper, slotLowBattery} {
			if has[s] == "" && sure[s] == "" {
				a.comment("If %s is %s of zone %d, %s:", f.ID, meanings[s], z.Number, z.Name)
				a.paste("zone edit", quoted(z.Name), flagsOf(map[slot]string{s: f.ID}))
			}
		}
	}
}

var meanings = map[slot]string{slotClose: "the closing", slotTamper: "the opened cover", slotLowBattery: "the low battery"}

// instead says which codes would be given up.
func instead(sure, has map[slot]string) string {
	var old []string
	for _, f := range slotFlags {
		if sure[f.slot] != "" && has[f.slot] != "" {
			old = append(old, fmt.Sprintf("%s was %s so far", f.slot, has[f.slot]))
		}
	}
	if len(old) == 0 {
		return ""
	}
	return " (" + strings.Join(old, ", ") + ")"
}

func ids(findings []radio.Finding) (out []string) {
	for _, f := range findings {
		out = append(out, f.ID)
	}
	return out
}

// sorted puts codes in the slots that their parts say; rest are those of which
// that is not known.
func sorted(findings []radio.Finding) (sure map[slot]string, rest []radio.Finding) {
	sure = map[slot]string{}
	for _, f := range findings {
		if s, known := slotOf[f.Part]; known && sure[s] == "" {
			sure[s] = f.ID
		} else {
			rest = append(rest, f)
		}
	}
	return sure, rest
}

func flagsOf(slots map[slot]string) string {
	var out []string
	for _, f := range slotFlags {
		if id := slots[f.slot]; id != "" {
			out = append(out, "--"+f.flag+" "+id)
		}
	}
	return strings.Join(out, " ")
}

// remoteMore is for further buttons of a fob that is in use.
func (a *adviser) remoteMore(r radio.Remote, fresh []radio.Finding) {
	given, actions := []string{}, []string{}
	for _, b := range r.Buttons {
		given, actions = append(given, "--button "+quotedButton(b.ID, b.Action)), append(actions, b.Action)
	}
	for _, f := range fresh {
		action := nextAction(actions)
		given, actions = append(given, "--button "+quotedButton(f.ID, action)), append(actions, action)
	}
	if len(given) > radio.MaxButtons {
		a.comment("%s has no room for another button.", r.Name)
		return
	}
	contact := ""
	if r.Contact != "" {
		contact = "--contact " + quoted(r.Contact)
	}
	a.comment("More buttons of %s; it is taken out and in again. Check what each of them is to do: that is yours to choose, and a listing does not say all of it:", r.Name)
	a.lines = append(a.lines, oneLine(fmt.Sprintf("%s remote remove %s && %s remote add %s %s %s",
		a.command, quoted(r.Name), a.command, quoted(r.Name), contact, strings.Join(given, " "))))
}

// nextAction is what a further button is likely to be for.
func nextAction(taken []string) string {
	for _, action := range []duress.Action{duress.DoArm, duress.DoDisarm, duress.DoHome, duress.DoStatus} {
		if !slices.Contains(taken, string(action)) {
			return string(action)
		}
	}
	return string(duress.DoNone)
}

// unknown is for a device of which nothing is in use.
func (a *adviser) unknown(fresh []radio.Finding) {
	switch {
	case fresh[0].Says != 0:
		a.reporting(fresh[0])
		return
	case fresh[0].Family != radio.FamilyEV1527:
		a.comment("If %s a fob or a panic button (what they do is yours to choose):", isAre(fresh))
		a.fob(fresh)
		return
	}
	sure, rest := sorted(fresh)
	if sure[slotOpen] != "" {
		a.sensor(sure, fresh)
		if len(rest) > 0 {
			a.comment("%s may be of it too, and can be added by gsmpanel zone edit.", strings.Join(ids(rest), ", "))
		}
		return
	}
	if len(sure) > 0 && len(rest) == 0 {
		a.comment("If %s is a door contact, it was not heard to open: let gsmpanel learn hear it open and close.", strings.Join(ids(fresh), ", "))
	}
	a.comment("If %s a fob (what they do is yours to choose):", isAre(fresh))
	a.fob(fresh)
	if len(sure) > 0 && len(rest) == 0 {
		return
	}
	if len(fresh) == 1 {
		door, motion := a.name("New door"), a.name("New motion")
		a.comment("If it is a door contact:")
		a.paste("zone add", quoted(door), "--type entry --sensor "+fresh[0].ID)
		a.comment("If it is a motion sensor:")
		a.paste("zone add", quoted(motion), "--type interior --sensor "+fresh[0].ID)
		return
	}
	a.comment("If %s is the opening and %s the closing of a door contact:", fresh[0].ID, fresh[1].ID)
	a.paste("zone add", quoted(a.name("New door")), "--type entry "+flagsOf(map[slot]string{slotOpen: fresh[0].ID, slotClose: fresh[1].ID}))
}

// reporting is for a sensor that reports by itself.
func (a *adviser) reporting(f radio.Finding) {
	closes := f.Says&(radio.Open|radio.Closed) != 0
	if f.Family != radio.FamilySkylink {
		a.comment("If %s is a door contact (--type perimeter for a window):", f.ID)
		a.paste("zone add", quoted(a.name("New door")), "--type entry --sensor "+f.ID)
	}
	if !closes {
		a.comment("If %s is a motion sensor (--type fire for smoke, 24h for water):", f.ID)
		a.paste("zone add", quoted(a.name("New motion")), "--type interior --sensor "+f.ID)
	}
}

// isAre says that codes are buttons of something.
func isAre(fresh []radio.Finding) string {
	if len(fresh) == 1 {
		return fresh[0].ID + " is a button of"
	}
	return strings.Join(ids(fresh), ", ") + " are buttons of"
}

// sensor is for a device that is surely one.
func (a *adviser) sensor(sure map[slot]string, fresh []radio.Finding) {
	name, kind := "New sensor", likelyType(sure, fresh)
	switch kind {
	case zones.Entry:
		name = "New door"
		a.comment("A new door contact (--type perimeter for a window):")
	case zones.Interior:
		name = "New motion"
		a.comment("A new motion sensor:")
	default:
		a.comment("A new sensor (--type 24h for water, fire for smoke, entry for a door):")
	}
	a.paste("zone add", quoted(a.name(name)), fmt.Sprintf("--type %s %s", kind, flagsOf(sure)))
}

// likelyType is the type of a zone whose opening looks like that.
func likelyType(sure map[slot]string, fresh []radio.Finding) zones.Type {
	for _, f := range fresh {
		switch {
		case f.ID != sure[slotOpen]:
		case f.Part == radio.PartOpen:
			return zones.Entry
		case f.Part == radio.PartMotion:
			return zones.Interior
		}
	}
	return zones.Always
}

func (a *adviser) fob(fresh []radio.Finding) {
	var given, actions []string
	for _, f := range fresh[:min(len(fresh), radio.MaxButtons)] {
		action := nextAction(actions)
		given, actions = append(given, "--button "+quotedButton(f.ID, action)), append(actions, action)
	}
	a.paste("remote add", quoted(a.name("New fob")), strings.Join(given, " "))
}

// name is a name that nothing has yet.
func (a *adviser) name(wanted string) string {
	name := wanted
	for n := 2; a.taken[strings.ToLower(name)]; n++ {
		name = fmt.Sprintf("%s %d", wanted, n)
	}
	a.taken[strings.ToLower(name)] = true
	return name
}

func (a *adviser) comment(format string, args ...any) {
	a.lines = append(a.lines, "# "+oneLine(fmt.Sprintf(format, args...)))
}

func (a *adviser) paste(command, name, flags string) {
	a.lines = append(a.lines, fmt.Sprintf("%s %s %s %s", a.command, command, name, flags))
}

func quotedButton(id, action string) string {
	if strings.Trim(action, "abcdefghijklmnopqrstuvwxyz=,-") == "" {
		return id + "=" + action
	}
	return quoted(id + "=" + action)
}

// quoted is a word for a POSIX shell (XCU 2.2), and one in which bash replaces
// no "!".
func quoted(word string) string {
	if strings.ContainsAny(word, "$`\"\\!") {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return `"` + word + `"`
}
